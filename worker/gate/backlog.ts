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

type Entry = Parked & { wokenAt: number };

export class Backlog {
  readonly #parked = new Map<string, Entry>();
  /** Those that still wait, by lane, so that a crowd in the outbox costs a permit no more than a few looks. */
  readonly #waiting = new Map<Endpoint, Map<string, Entry>>();

  constructor(entries: readonly Parked[]) {
    for (const each of [...entries].sort((a, b) => a.since - b.since)) this.#put({ ...each, wokenAt: 0 });
  }

  /** Everything in it, oldest first. */
  list(): Parked[] {
    return [...this.#parked.values()].sort((a, b) => a.since - b.since);
  }

  /** How many still wait. */
  get size(): number {
    let size = 0;
    for (const lane of this.#waiting.values()) size += lane.size;
    return size;
  }

  get oldestSince(): number | undefined {
    let oldest: number | undefined;
    for (const lane of this.#waiting.values())
      for (const { since } of lane.values()) if (oldest === undefined || since < oldest) oldest = since;
    return oldest;
  }

  find(attempt: string): Parked | undefined {
    return this.list().find((each) => each.attempt === attempt);
  }

  /** @returns the entry to store, or undefined when nothing about it is new. */
  park(entry: Parked): Parked | undefined {
    const known = this.#parked.get(entry.leadId);
    if (known?.endpoint === entry.endpoint && known.class === entry.class && known.state === entry.state)
      return undefined;
    const kept = { ...entry, since: known?.since ?? entry.since };
    this.#drop(known);
    this.#put({ ...kept, wokenAt: known?.wokenAt ?? 0 });
    return kept;
  }

  unpark(leadId: string): boolean {
    this.#drop(this.#parked.get(leadId));
    return this.#parked.delete(leadId);
  }

  has(endpoint: Endpoint, now: number): boolean {
    for (const each of this.#waiting.get(endpoint)?.values() ?? []) if (mayBeWoken(each, now)) return true;
    return false;
  }

  /** The lead whose turn it is on this lane, marked as woken. */
  wake(endpoint: Endpoint, now: number): string | undefined {
    let next: Entry | undefined;
    for (const each of this.#waiting.get(endpoint)?.values() ?? []) {
      if (!mayBeWoken(each, now)) continue;
      const isBefore =
        next === undefined || each.class < next.class || (each.class === next.class && each.since < next.since);
      if (isBefore) next = each;
    }
    if (!next) return undefined;
    next.wokenAt = now;
    return next.leadId;
  }

  /** iClosed was not back after all: whoever was woken waits for another turn. */
  forgetWakes(): void {
    for (const lane of this.#waiting.values()) for (const each of lane.values()) each.wokenAt = 0;
  }

  /** Lanes for which somebody waits. */
  endpoints(): Set<Endpoint> {
    return new Set(this.#waiting.keys());
  }

  #put(entry: Entry): void {
    this.#parked.set(entry.leadId, entry);
    if (entry.state !== 'waiting') return;
    const lane = this.#waiting.get(entry.endpoint);
    if (lane) lane.set(entry.leadId, entry);
    else this.#waiting.set(entry.endpoint, new Map([[entry.leadId, entry]]));
  }

  #drop(entry: Entry | undefined): void {
    const lane = entry && this.#waiting.get(entry.endpoint);
    if (!entry || !lane) return;
    lane.delete(entry.leadId);
    if (lane.size === 0) this.#waiting.delete(entry.endpoint);
  }
}

function mayBeWoken({ wokenAt }: Entry, now: number): boolean {
  return wokenAt === 0 || now - wokenAt >= WAKE_AGAIN_MS;
}
