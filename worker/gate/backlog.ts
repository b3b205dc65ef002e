/**
 * The outbox index: which leads wait for a lane with something undelivered, oldest first. Objects cannot be listed, so without
 * it nobody could count the outbox or wake it when iClosed is back. Pure; the object keeps the entries as rows. No personal
 * data: a lead is its object's id.
 */
import type { Endpoint } from '../iclosed/request.ts';
import type { PermitClass } from './lane.ts';

/** `waiting` is tried again · `refused` iClosed will not have it · `unclear` a person decides about a booking. */
export type ParkedState = 'waiting' | 'refused' | 'unclear';

export interface Parked {
  leadId: string;
  attempt: string;
  /** `account/event-name`. */
  event: string;
  state: ParkedState;
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

  /** Everything in it, oldest first. */
  list(): Parked[] {
    return [...this.#parked.values()].sort((a, b) => a.since - b.since);
  }

  /** How many still wait. */
  get size(): number {
    return this.#waiting().length;
  }

  get oldestSince(): number | undefined {
    let oldest: number | undefined;
    for (const { since } of this.#waiting()) if (oldest === undefined || since < oldest) oldest = since;
    return oldest;
  }

  find(attempt: string): Parked | undefined {
    return this.list().find((each) => each.attempt === attempt);
  }

  #waiting() {
    return [...this.#parked.values()].filter(({ state }) => state === 'waiting');
  }

  /** @returns the entry to store, or undefined when nothing about it is new. */
  park(entry: Parked): Parked | undefined {
    const known = this.#parked.get(entry.leadId);
    if (known?.endpoint === entry.endpoint && known.class === entry.class && known.state === entry.state)
      return undefined;
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
    return new Set(this.#waiting().map(({ endpoint }) => endpoint));
  }

  #next(endpoint: Endpoint, now: number) {
    let best: (Parked & { wokenAt: number }) | undefined;
    for (const each of this.#waiting()) {
      if (each.endpoint !== endpoint || (each.wokenAt > 0 && now - each.wokenAt < WAKE_AGAIN_MS)) continue;
      const isBefore =
        best === undefined || each.class < best.class || (each.class === best.class && each.since < best.since);
      if (isBefore) best = each;
    }
    return best;
  }
}
