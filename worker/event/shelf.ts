/**
 * The slot sets that an Event holds: one per hosts and month, with what was offered from each and what is withheld. Pure;
 * the object persists `SlotSet`s. *Offered* means: in a set held for these hosts at some moment of the last 15 minutes.
 */
import { OFFERED_FOR_MS, SLOTS_STALE_AT_MOST_MS } from '../../shared/limits.ts';

export interface SlotSet {
  /** As routing returned them, empty for any host. */
  hosts: string;
  month: string;
  /** Instants that iClosed named at `asOf`. */
  instants: number[];
  asOf: number;
  /** Calls that it cost. */
  calls?: number;
  /** Instants that this set has lost or been replaced without, with the time until which they were held. */
  lost: [instant: number, heldUntil: number][];
}

export function keyOf(hosts: string, month: string): string {
  return `${month}|${hosts}`;
}

/** The next set in place of the one before it; remembers for a while what the new one no longer has. */
export function replaceSet(before: SlotSet | undefined, next: Omit<SlotSet, 'lost'>): SlotSet {
  const kept = new Set(next.instants);
  const lost = new Map<number, number>();
  if (before) {
    for (const [instant, heldUntil] of before.lost) {
      if (!kept.has(instant) && heldUntil > next.asOf - OFFERED_FOR_MS) lost.set(instant, heldUntil);
    }
    const heldUntil = Math.min(next.asOf, heldAtMost(before));
    for (const instant of before.instants) {
      if (!kept.has(instant) && heldUntil > next.asOf - OFFERED_FOR_MS) lost.set(instant, heldUntil);
    }
  }
  return { ...next, lost: [...lost] };
}

export function wasOffered(set: SlotSet | undefined, instant: number, now: number): boolean {
  if (!set) return false;
  const since = now - OFFERED_FOR_MS;
  if (set.instants.includes(instant) && heldAtMost(set) >= since) return true;
  return set.lost.some(([each, heldUntil]) => each === instant && heldUntil >= since);
}

/** A set counts as held until it is replaced, but no longer than it may be shown. */
function heldAtMost(set: SlotSet): number {
  return set.asOf + SLOTS_STALE_AT_MOST_MS;
}
