/**
 * One lane of the gate: who may call one endpoint of iClosed, and when. Pure: knows no clock, no timer and no object; the
 * caller passes the time and asks `release` what is due. For N calls in any window of W seconds, burst b and jitter J between
 * permit and arrival, (N − b) / (W + J) permits a second keep every sliding window at or under N.
 */
import type { Rate } from '../config/settings.ts';

/** 1 a visitor waits · 2 recovery · 3 outbox · 4 refresh · 5 prefetch. */
export type PermitClass = 1 | 2 | 3 | 4 | 5;

export interface Waiter {
  id: number;
  class: PermitClass;
  since: number;
  /** Not granted after this time. */
  deadline: number;
}

export interface Release {
  granted: number[];
  expired: number[];
}

export interface Pace {
  burst: number;
  /** Milliseconds between permits in the long run. */
  intervalMs: number;
}

export function paceOf(rate: Rate, burst: number, jitterSeconds: number): Pace {
  const b = Math.max(1, Math.min(burst, rate.points - 1));
  return { burst: b, intervalMs: ((rate.windowSeconds + jitterSeconds) * 1_000) / (rate.points - b) };
}

/** Whether this pace never brings more than the limit into one of its windows. */
export function isKept(limit: Rate, { burst, intervalMs }: Pace, jitterSeconds: number): boolean {
  const most = burst + ((limit.windowSeconds + jitterSeconds) * 1_000) / intervalMs;
  return most <= limit.points + 1e-9;
}

/** Of five permits, one is kept for recovery and outbox while any of those wait. */
const RESERVED_ONE_IN = 5;

const TURNED_AWAY_FADES_MS = 30_000;
const ASK_AGAIN_PART = 10;
const ASK_AGAIN_AT_MOST_MS = 60_000;

export class Lane {
  #pace: Pace;
  #waiting: Waiter[] = [];
  /** When the bucket was or will be full; each permit moves it on by one interval. */
  #fullAt: number;
  #pausedUntil = 0;
  #sinceReserved = 0;
  /** How many were turned away lately, fading. */
  #turnedAway = 0;
  #turnedAwayAt = 0;

  /** @param startsEmpty true where permits of a predecessor may still be on their way. */
  constructor(pace: Pace, now: number, startsEmpty: boolean) {
    this.#pace = pace;
    this.#fullAt = startsEmpty ? now + pace.burst * pace.intervalMs : now;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Milliseconds between permits in the long run. */
  get intervalMs(): number {
    return this.#pace.intervalMs;
  }

  /** The next permit is kept for recovery and outbox, and none of those is here. */
  get owesReserved(): boolean {
    return this.#sinceReserved >= RESERVED_ONE_IN - 1 && !this.#waiting.some(isReserved);
  }

  /**
   * Queues the waiter, or says after how many milliseconds it is worth asking again: a queue that cannot be served before
   * the deadline refuses at the door.
   */
  join(waiter: Waiter, now: number): { refusedForMs: number } | undefined {
    const before = this.#waiting.filter((each) => each.class <= waiter.class).length;
    // Recovery and outbox are sure of every fifth permit, however many visitors wait.
    const untilReserved = Math.max(0, RESERVED_ONE_IN - 1 - this.#sinceReserved);
    const sure = untilReserved + RESERVED_ONE_IN * this.#waiting.filter(isReserved).length;
    const ahead = isReserved(waiter) ? Math.min(before, sure) : before;
    const share = waiter.class === 1 && this.#waiting.some(isReserved) ? RESERVED_ONE_IN / (RESERVED_ONE_IN - 1) : 1;
    const turnAt = this.#nextAt(now) + ahead * share * this.#pace.intervalMs;
    if (turnAt > waiter.deadline) {
      const refusedForMs = turnAt - waiter.deadline + this.#pace.intervalMs;
      return { refusedForMs: Math.max(refusedForMs, this.#turnAway(now)) };
    }
    this.#waiting.push(waiter);
    return undefined;
  }

  /** A visitor has joined work that was queued for nobody. */
  lift(id: number, to: PermitClass): void {
    for (const each of this.#waiting) if (each.id === id && each.class > to) each.class = to;
  }

  /** iClosed told its limit; what was granted so far counts as if it had always been so. */
  repace(pace: Pace, now: number): void {
    const missing = Math.max(0, this.#fullAt - now) / this.#pace.intervalMs;
    this.#pace = pace;
    this.#fullAt = now + Math.min(missing, pace.burst) * pace.intervalMs;
  }

  /** When a permit could be granted to somebody who came now. */
  freeAt(now: number): number {
    return this.#nextAt(now);
  }

  leave(id: number): void {
    this.#waiting = this.#waiting.filter((each) => each.id !== id);
  }

  /** Sends everybody away. */
  drain(): number[] {
    const ids = this.#waiting.map((each) => each.id);
    this.#waiting = [];
    return ids;
  }

  /** Grants what is due now, `atMost` so many, and gives up what has waited too long. */
  release(now: number, atMost = Number.POSITIVE_INFINITY): Release {
    const release: Release = { granted: [], expired: [] };
    for (const each of this.#waiting) if (now > each.deadline) release.expired.push(each.id);
    this.#waiting = this.#waiting.filter((each) => now <= each.deadline);
    while (this.#waiting.length > 0 && release.granted.length < atMost && this.#nextAt(now) <= now) {
      const next = this.#pick();
      this.leave(next.id);
      release.granted.push(next.id);
      this.#fullAt = Math.max(this.#fullAt, now) + this.#pace.intervalMs;
    }
    return release;
  }

  /**
   * When `release` may have something to say; undefined while nobody waits.
   * @param notBefore nothing is granted before then.
   */
  wakeAt(now: number, notBefore = now): number | undefined {
    if (this.#waiting.length === 0) return undefined;
    const firstDeadline = Math.min(...this.#waiting.map((each) => each.deadline)) + 1;
    return Math.min(Math.max(this.#nextAt(now), notBefore), firstDeadline);
  }

  /** iClosed said 429 all the same: nothing for that long, and an empty bucket after it. */
  pause(untilMs: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, untilMs);
    this.#fullAt = Math.max(this.#fullAt, this.#pausedUntil + (this.#pace.burst - 1) * this.#pace.intervalMs);
  }

  #nextAt(now: number): number {
    const bucketAt = this.#fullAt - (this.#pace.burst - 1) * this.#pace.intervalMs;
    return Math.max(bucketAt, this.#pausedUntil, now);
  }

  /**
   * After how long one of a crowd should ask again: the more were turned away lately, the later, so that a crowd does not come
   * back all at once, and soon enough that enough of them come to keep the lane busy.
   */
  #turnAway(now: number): number {
    this.#turnedAway = this.#turnedAway * Math.exp((this.#turnedAwayAt - now) / TURNED_AWAY_FADES_MS) + 1;
    this.#turnedAwayAt = now;
    return Math.min((this.#turnedAway * this.#pace.intervalMs) / ASK_AGAIN_PART, ASK_AGAIN_AT_MOST_MS);
  }

  #pick(): Waiter {
    const reserved = this.#waiting.filter(isReserved);
    const takesReserved = reserved.length > 0 && this.#sinceReserved >= RESERVED_ONE_IN - 1;
    const from = takesReserved ? reserved : this.#waiting;
    const next = from.reduce((best, each) =>
      takesReserved ? (each.since < best.since ? each : best) : each.class < best.class ? each : best,
    );
    this.#sinceReserved = isReserved(next) ? 0 : this.#sinceReserved + 1;
    return next;
  }
}

function isReserved(waiter: Waiter): boolean {
  return waiter.class === 2 || waiter.class === 3;
}
