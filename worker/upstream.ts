/**
 * The way from Lead and Event to iClosed: a permit of the gate, then one call. No permit is held while anything else is
 * awaited. A key that iClosed refuses proves that nothing was done, so the other key is tried once.
 */
import { settingsOf } from './config/settings.ts';
import type { Env } from './env.ts';
import type { PermitClass } from './gate/lane.ts';
import type { KeySlot, Permit } from './gate/permit.ts';
import type { Failure } from './iclosed/failure.ts';
import { callIclosed, type Upstream, type UpstreamCall } from './iclosed/request.ts';
import { gateStub } from './objects.ts';

/** The gate had no permit in time; nothing was sent. */
export interface Busy {
  ok: false;
  failure?: undefined;
  retryAfterSeconds: number;
}

export type Outcome<T> = { ok: true; value: T } | { ok: false; failure: Failure; retryAfterSeconds?: undefined } | Busy;

export interface Urgency {
  class: PermitClass;
  /** How long to wait for the permit, in milliseconds. */
  waitMs: number;
}

/**
 * @param beforeSend runs between permit and call: the place to write ahead. Where it throws, nothing is sent.
 */
export async function askIclosed(
  env: Env,
  call: UpstreamCall,
  urgency: Urgency,
  beforeSend?: () => void,
): Promise<Outcome<unknown>> {
  const first = await once(env, call, urgency, beforeSend);
  const isRefusedKey = !first.ok && first.failure?.kind === 'auth';
  return isRefusedKey && env.ICLOSED_API_KEY_NEXT ? once(env, call, urgency, beforeSend) : first;
}

async function once(
  env: Env,
  call: UpstreamCall,
  urgency: Urgency,
  beforeSend?: () => void,
): Promise<Outcome<unknown>> {
  const gate = gateStub(env);
  const { endpoint } = call;
  let permit: Permit;
  try {
    permit = await gate.acquire({ endpoint, ...urgency });
  } catch {
    // A gate that went away while we waited has granted nothing.
    return { ok: false, retryAfterSeconds: 2 };
  }
  if (!permit.granted) return { ok: false, retryAfterSeconds: permit.retryAfterSeconds };
  beforeSend?.();
  const result: Upstream<unknown> = await callIclosed(
    { apiUrl: settingsOf(env).apiUrl, key: keyOf(env, permit.key) },
    call,
  );
  if (!result.ok) {
    const { kind, retryAfterSeconds } = result.failure;
    if (kind !== 'validation' && kind !== 'not_found') {
      await gate.report({ endpoint, key: permit.key, failure: { kind, retryAfterSeconds } }).catch(() => undefined);
    }
  }
  return result;
}

function keyOf(env: Env, slot: KeySlot): string {
  return (slot === 'next' ? env.ICLOSED_API_KEY_NEXT : env.ICLOSED_API_KEY) ?? '';
}
