/**
 * When an undelivered thing is tried again. Pure: randomness is an argument.
 */
import {
  OUTBOX_FAST_FOR_MS,
  OUTBOX_FIRST_PAUSE_MS,
  OUTBOX_LONGEST_PAUSE_MS,
  OUTBOX_SLOW_PAUSE_MS,
} from '../../shared/limits.ts';
import type { Outcome } from '../gate/through.ts';
import type { Delivery } from './record.ts';

/** Doubled pauses with full jitter; hourly after three days. What the gate or iClosed asks for is kept to. */
export function postponed(
  delivery: Delivery,
  outcome: Exclude<Outcome<unknown>, { ok: true }>,
  now: number,
  random: () => number,
): Delivery {
  const { failure } = outcome;
  const asked = failure ? failure.retryAfterSeconds : outcome.retryAfterSeconds;
  if (!failure) {
    const lastFault = outcome.isAway ? 'away' : 'busy';
    return { ...delivery, dueAt: now + (asked ?? 1) * 1_000, lastFault };
  }
  const tries = delivery.tries + 1;
  const longest = Math.min(OUTBOX_FIRST_PAUSE_MS * 2 ** Math.min(tries - 1, 20), OUTBOX_LONGEST_PAUSE_MS);
  const isSlow = now - delivery.firstAt > OUTBOX_FAST_FOR_MS;
  const pause = isSlow ? OUTBOX_SLOW_PAUSE_MS : Math.max(250, random() * longest);
  const dueAt = now + Math.max(pause, (asked ?? 0) * 1_000);
  return { ...delivery, tries, dueAt, lastFault: failure.kind === 'rate_limited' ? 'busy' : 'fault' };
}
