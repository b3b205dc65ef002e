/**
 * What the counted Worker did, in the order in which it happened: requests, calls of objects, alarms, rows, and for how long an
 * object was held in memory. One tape per isolate; the bench's side route hands it out. Counts by Cloudflare's price list: each
 * call of a stub and each alarm is a request to an object, each key, alarm and row that is written or deleted is a row.
 */
export type Place = 'Browser' | 'Worker' | 'Lead' | 'Event' | 'Gate';

export type Entry =
  | { kind: 'request'; at: number; method: string; path: string; step?: string }
  | { kind: 'call'; at: number; from: Place; to: Place; method: string }
  | { kind: 'alarm'; at: number; to: Place }
  | { kind: 'row'; at: number; in: Place; what: string; rows: number }
  /** A call to iClosed: costs nothing at Cloudflare, but explains what the objects wait for. */
  | { kind: 'upstream'; at: number; from: Place; endpoint: string }
  /** One stretch of time in which an object could not be put to sleep. */
  | { kind: 'awake'; at: number; in: Place; ms: number };

const entries: Entry[] = [];

type Untimed<T> = T extends { at: number } ? Omit<T, 'at'> : never;

export function note(entry: Untimed<Entry>): void {
  entries.push({ ...entry, at: Date.now() } as Entry);
}

export function entriesFrom(number: number): Entry[] {
  return entries.slice(number);
}

/**
 * Whether an object must stay in memory: it handles a call, has work left in `waitUntil`, or has set a timer. Those stretches are
 * what Cloudflare bills as duration, however many calls share one.
 */
export class Wakefulness {
  readonly place: Place;
  #reasons = 0;
  #since = 0;

  constructor(place: Place) {
    this.place = place;
  }

  /** @returns ends this reason; further calls do nothing. */
  begin(): () => void {
    if (this.#reasons === 0) this.#since = Date.now();
    this.#reasons += 1;
    let hasEnded = false;
    return () => {
      if (hasEnded) return;
      hasEnded = true;
      this.#reasons -= 1;
      if (this.#reasons === 0) note({ kind: 'awake', in: this.place, ms: Date.now() - this.#since });
    };
  }

  async during<T>(work: () => T | Promise<T>): Promise<T> {
    const end = this.begin();
    try {
      return await work();
    } finally {
      end();
    }
  }
}
