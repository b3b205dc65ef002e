/**
 * How old copies of what is public may be, and how an old page says so. Pure.
 */
import {
  DESCRIPTION_COPY_FRESH_MS,
  DESCRIPTION_STALE_AT_MOST_MS,
  SLOTS_REVALIDATED_WITHIN_MS,
  SLOTS_STALE_AT_MOST_MS,
} from '../shared/limits.ts';
import type { SlotPage } from '../shared/protocol.ts';
import type { CopyPolicy } from './copies.ts';

export const DESCRIPTION_COPIES: CopyPolicy = {
  freshMs: DESCRIPTION_COPY_FRESH_MS,
  renewedWithinMs: 5 * 60_000,
  keptMs: DESCRIPTION_STALE_AT_MOST_MS,
};
/** Young beside what the Event itself calls fresh, so that the two ages do not add up to much. */
export const SLOT_COPIES: CopyPolicy = { freshMs: 3_000, renewedWithinMs: 10_000, keptMs: SLOTS_STALE_AT_MOST_MS };

/** A page that the Event could not renew says so. */
export function marked({ value, ageMs }: { value: SlotPage; ageMs: number }): SlotPage {
  return ageMs > SLOTS_REVALIDATED_WITHIN_MS ? { ...value, stale: true } : value;
}
