/**
 * The way to iClosed from inside the Worker: the gate's stub, the configured address, the key that the permit names.
 */
import { keyFault, settingsOf } from './config/settings.ts';
import type { Env } from './env.ts';
import type { KeySlot } from './gate/permit.ts';
import { askThrough, type Outcome, type UpstreamPorts, type Urgency } from './gate/through.ts';
import { callIclosed, type UpstreamCall } from './iclosed/request.ts';
import { gateStub } from './objects.ts';

/** @param beforeSend runs between permit and call: the place to write ahead. */
export async function askIclosed(
  env: Env,
  call: UpstreamCall,
  urgency: Urgency,
  beforeSend?: () => void,
): Promise<Outcome<unknown>> {
  if (keyFault(env.ICLOSED_API_KEY) !== undefined) return NO_KEY;
  const gate = gateStub(env);
  const { apiUrl } = settingsOf(env);
  const ports: UpstreamPorts = {
    acquire: (request) => gate.acquire(request),
    report: (report) => gate.report(report),
    send: (each, slot) => callIclosed({ apiUrl, key: keyOf(env, slot) }, each),
    hasNextKey: Boolean(env.ICLOSED_API_KEY_NEXT),
  };
  return askThrough(ports, call, urgency, beforeSend);
}

/** Nothing is sent without a key that iClosed could take. */
const NO_KEY: Outcome<unknown> = { ok: false, failure: { kind: 'auth', certain: true, text: '' } };

function keyOf(env: Env, slot: KeySlot): string {
  return (slot === 'next' ? env.ICLOSED_API_KEY_NEXT : env.ICLOSED_API_KEY) ?? '';
}
