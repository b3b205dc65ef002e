/**
 * What Lead and Event say to the gate and hear from it. Plain data, because it crosses between objects.
 */
import type { Failure } from '../iclosed/failure.ts';
import type { Endpoint } from '../iclosed/request.ts';
import type { PermitClass } from './lane.ts';

export interface PermitRequest {
  endpoint: Endpoint;
  class: PermitClass;
  /** How long the caller waits, in milliseconds: a duration, so that no two clocks are compared. */
  waitMs: number;
}

/** Which of the two configured keys to use. */
export type KeySlot = 'current' | 'next';

export type Permit = { granted: true; key: KeySlot } | { granted: false; retryAfterSeconds: number };

/** What the gate should hear at once: limits, refused keys and faults. */
export interface Report {
  endpoint: Endpoint;
  key: KeySlot;
  failure: Pick<Failure, 'kind' | 'retryAfterSeconds'>;
}
