/**
 * How many permits a lane may grant at once after a pause. One month of times costs several calls for which a visitor waits,
 * so that lane trades some of its long-run rate for a quick first answer; the others pace evenly.
 */
import { PERMIT_BURST } from '../../shared/limits.ts';
import type { Endpoint } from '../iclosed/request.ts';

const SHARE_AT_ONCE: Partial<Record<Endpoint, number>> = { 'POST /v1/events/eventDates': 0.3 };

/** @param points calls that iClosed allows in one window. */
export function burstOf(endpoint: Endpoint, points: number): number {
  return Math.max(PERMIT_BURST, Math.floor((SHARE_AT_ONCE[endpoint] ?? 0) * points));
}
