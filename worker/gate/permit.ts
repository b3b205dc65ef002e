/**
 * What Lead and Event say to the gate and hear from it. Plain data, because it crosses between objects.
 */
import type { Failure } from '../iclosed/failure.ts';
import type { NamedLimit } from '../iclosed/limit.ts';
import type { Endpoint } from '../iclosed/request.ts';
import type { PermitClass } from './lane.ts';

export interface PermitRequest {
  endpoint: Endpoint;
  class: PermitClass;
  /** How long the caller waits, in milliseconds: a duration, so that no two clocks are compared. */
  waitMs: number;
  /** Names queued work that somebody may join and lift. */
  token?: string;
}

/** Which of the two configured keys to use. */
export type KeySlot = 'current' | 'next';

export type Permit =
  | {
      granted: true;
      key: KeySlot;
      /** The account's breaker is open: `GET /v1/fields/contact-stage` is asked in place of the call, and its outcome told. */
      isProbe: boolean;
      /** A success is worth telling, because there were faults. */
      isWatched: boolean;
      /** The limit that the lane keeps to, so that a stricter one can be told. */
      limit: NamedLimit;
    }
  | Refused;

export interface Refused {
  granted: false;
  retryAfterSeconds: number;
  /** `busy` is our own pacing; `away` means that iClosed does not answer or takes no key. */
  reason: 'busy' | 'away';
}

/** Limits, refused keys and faults at once; a success only where the permit asked for it or names a stricter limit. */
export interface Report {
  endpoint: Endpoint;
  key: KeySlot;
  failure?: Pick<Failure, 'kind' | 'retryAfterSeconds' | 'limit'>;
  isProbe?: boolean;
  /** That an answer named, where it is stricter than the one that the lane keeps to. */
  limit?: NamedLimit;
}
