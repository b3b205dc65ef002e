/**
 * The way from Lead and Event to iClosed: a permit of the gate, then one call. No permit is held while anything else is
 * awaited. A key that iClosed refuses proves that nothing was done, so the other key is tried once. Pure: the ports are the
 * object's environment in the Worker and models of it in virtual time.
 */
import { UPSTREAM_TIMEOUT_MS } from '../../shared/limits.ts';
import type { Failure } from '../iclosed/failure.ts';
import { isStricter } from '../iclosed/limit.ts';
import type { Upstream, UpstreamCall } from '../iclosed/request.ts';
import type { PermitClass } from './lane.ts';
import type { KeySlot, Permit, PermitRequest, Report } from './permit.ts';

/** The gate had no permit in time; nothing was sent. */
export interface Busy {
  ok: false;
  failure?: undefined;
  retryAfterSeconds: number;
  /** iClosed does not answer or takes no key; otherwise it is our own pacing. */
  isAway: boolean;
}

export type Outcome<T> = { ok: true; value: T } | { ok: false; failure: Failure; retryAfterSeconds?: undefined } | Busy;

export interface Urgency {
  class: PermitClass;
  /** How long to wait for the permit, in milliseconds. */
  waitMs: number;
  /** Names the work, so that somebody who joins it can lift it. */
  token?: string;
}

/** What a call needs beside itself; the object's environment in the Worker, models of it in virtual time. */
export interface UpstreamPorts {
  acquire(request: PermitRequest): Promise<Permit>;
  report(report: Report): Promise<void>;
  send(call: UpstreamCall, key: KeySlot): Promise<Upstream<unknown>>;
  hasNextKey: boolean;
}

/**
 * @param beforeSend runs between permit and call: the place to write ahead. Where it throws, nothing is sent.
 */
export async function askThrough(
  ports: UpstreamPorts,
  call: UpstreamCall,
  urgency: Urgency,
  beforeSend?: () => void,
): Promise<Outcome<unknown>> {
  const first = await once(ports, call, urgency, beforeSend);
  const isRefusedKey = !first.ok && first.failure?.kind === 'auth';
  return isRefusedKey && ports.hasNextKey ? once(ports, call, urgency, beforeSend) : first;
}

async function once(
  ports: UpstreamPorts,
  call: UpstreamCall,
  urgency: Urgency,
  beforeSend: (() => void) | undefined,
): Promise<Outcome<unknown>> {
  const { endpoint } = call;
  let permit = await acquire(ports, { endpoint, ...urgency });
  if (permit.granted && permit.isProbe) {
    // iClosed was away: a call that changes nothing finds out whether it is back, then the real one queues again.
    const isBack = await probe(ports, permit.key);
    if (!isBack) return { ok: false, retryAfterSeconds: 2, isAway: true };
    permit = await acquire(ports, { endpoint, ...urgency });
  }
  if (!permit.granted) {
    return { ok: false, retryAfterSeconds: permit.retryAfterSeconds, isAway: permit.reason === 'away' };
  }
  const { key, isWatched } = permit;
  beforeSend?.();
  const result = await ports.send(call, key);
  const failure = result.ok ? undefined : result.failure;
  const isFault = failure !== undefined && failure.kind !== 'validation' && failure.kind !== 'not_found';
  const limit = result.ok && result.limit && isStricter(result.limit, permit.limit) ? result.limit : undefined;
  if (isFault || isWatched || limit) {
    await tell(ports, { endpoint, key, ...(failure ? { failure: wired(failure) } : {}), ...(limit ? { limit } : {}) });
  }
  return result.ok ? { ok: true, value: result.value } : result;
}

async function probe(ports: UpstreamPorts, key: KeySlot): Promise<boolean> {
  const endpoint = 'GET /v1/fields/contact-stage';
  const result = await ports.send({ endpoint, timeoutMs: UPSTREAM_TIMEOUT_MS }, key);
  const failure = result.ok ? undefined : result.failure;
  await tell(ports, { endpoint, key, isProbe: true, ...(failure ? { failure: wired(failure) } : {}) });
  return result.ok;
}

/** A gate that went away while we waited has granted nothing. */
async function acquire(ports: UpstreamPorts, request: PermitRequest): Promise<Permit> {
  try {
    return await ports.acquire(request);
  } catch {
    return { granted: false, retryAfterSeconds: 2, reason: 'busy' };
  }
}

/** What the gate does not hear it finds out by itself. */
async function tell(ports: UpstreamPorts, report: Report): Promise<void> {
  await ports.report(report).catch(() => undefined);
}

function wired({ kind, retryAfterSeconds, limit }: Failure): NonNullable<Report['failure']> {
  return { kind, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }), ...(limit ? { limit } : {}) };
}
