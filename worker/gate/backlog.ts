/**
 * The outbox index: which leads wait for a lane with something undelivered, oldest first. Objects cannot be listed, so without
 * it nobody could count the outbox or wake it when iClosed is back. Pure; the object keeps the entries as rows. No personal
 * data: a lead is its object's id.
 */
import type { Endpoint } from '../iclosed/request.ts';
import type { PermitClass } from './lane.ts';

export interface Parked {
  leadId: string;
  endpoint: Endpoint;
  class: PermitClass;
  since: number;
}

/** A lead that was woken and has not come yet is woken again after this time. */
const WAKE_AGAIN_MS = 60_000;

export class Backlog {
  readonly #parked = new Map<string, Parked & { wokenAt: number }>();

  constructor(entries: readonly Parked[]) {
    for (const each of entries) this.#parked.set(each.leadId, { ...each, wokenAt: 0 });
  }

  get size(): number {
    return this.#parked.size;
  }

  get oldestSince(): number | undefined {
    let oldest: number | undefined;
    for (const { since } of this.#parked.values()) if (oldest === undefined || since < oldest) oldest = since;
    return oldest;
  }

  /** @returns the entry to store, or undefined when nothing about it is new. */
  park(entry: Parked): Parked | undefined {
    const known = this.#parked.get(entry.leadId);
    if (known?.endpoint === entry.endpoint && known.class === entry.class) return undefined;
    const kept = { ...entry, since: known?.since ?? entry.since };
    this.#parked.set(entry.leadId, { ...kept, wokenAt: known?.wokenAt ?? 0 });
    return kept;
  }

  unpark(leadId: string): boolean {
    return this.#parked.delete(leadId);
  }

  has(endpoint: Endpoint, now: number): boolean {
    return this.#next(endpoint, now) !== undefined;
  }

  /** The lead whose turn it is on this lane, marked as woken. */
  wake(endpoint: Endpoint, now: number): string | undefined {
    const next = this.#next(endpoint, now);
    if (!next) return undefined;
    next.wokenAt = now;
    return next.leadId;
  }

  endpoints(): Set<Endpoint> {
    return new Set([...this.#parked.values()].map(({ endpoint }) => endpoint));
  }

  #next(endpoint: Endpoint, now: number) {
    let best: (Parked & { wokenAt: number }) | undefined;
    for (const each of this.#parked.values()) {
      if (each.endpoint !== endpoint || (each.wokenAt > 0 && now - each.wokenAt < WAKE_AGAIN_MS)) continue;
      const isBefore =
        best === undefined || each.class < best.class || (each.class === best.class && each.since < best.since);
      if (isBefore) best = each;
    }
    return best;
  }
}
