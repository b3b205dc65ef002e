/**
 * Virtual time: a queue of timers that drives promises. After each timer every promise that can go on goes on, and only then
 * the clock moves to the next timer, so that a run of hours takes seconds and the same seed gives the same run.
 */

/** What visitors need of time, virtual or real. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls back at that time, or at once where it has passed; returns how to call it off. */
  at(instant: number, callBack: () => void): () => void;
  sleep(milliseconds: number): Promise<void>;
}

interface Timer {
  at: number;
  order: number;
  callBack: (() => void) | undefined;
}

export class VirtualClock implements Clock {
  #now: number;
  #order = 0;
  /** A binary heap by time, then by order of setting. */
  readonly #timers: Timer[] = [];

  /** @param startsAt milliseconds since 1970. */
  constructor(startsAt: number) {
    this.#now = startsAt;
  }

  /** Whole milliseconds since 1970, as `Date.now()`. */
  readonly now = (): number => this.#now;

  /** Calls back at that time, or at once where it has passed; returns how to call it off. */
  at(instant: number, callBack: () => void): () => void {
    const timer: Timer = { at: Math.max(Math.ceil(instant), this.#now), order: this.#order++, callBack };
    this.#push(timer);
    return () => {
      timer.callBack = undefined;
    };
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => void this.at(this.#now + milliseconds, resolve));
  }

  /** Lets the time pass until then, or until nothing is left to happen. */
  async runUntil(instant: number): Promise<void> {
    await quiet();
    for (let next = this.#timers[0]; next && next.at <= instant; next = this.#timers[0]) {
      this.#pop();
      if (!next.callBack) continue;
      this.#now = next.at;
      next.callBack();
      await quiet();
    }
    this.#now = Math.max(this.#now, instant);
  }

  /** Lets the time pass until the promise is settled; gives up, with an error, when that takes longer than `withinMs`. */
  async runThrough<T>(promise: Promise<T>, withinMs: number): Promise<T> {
    let isSettled = false;
    const settled = () => {
      isSettled = true;
    };
    promise.then(settled, settled);
    const end = this.#now + withinMs;
    await quiet();
    while (!isSettled) {
      const next = this.#timers[0];
      if (!next || next.at > end) throw new Error(`not settled within ${withinMs / 1_000} s of virtual time`);
      await this.runUntil(next.at);
    }
    return promise;
  }

  #push(timer: Timer): void {
    const heap = this.#timers;
    let index = heap.push(timer) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent] as Timer;
      if (!isBefore(timer, above)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = timer;
  }

  #pop(): void {
    const heap = this.#timers;
    const last = heap.pop() as Timer;
    if (heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Timer, heap[child] as Timer)) child += 1;
      const below = heap[child] as Timer;
      if (!isBefore(below, last)) break;
      heap[index] = below;
      index = child;
    }
    heap[index] = last;
  }
}

function isBefore(one: Timer, other: Timer): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}

/** Every promise that can go on without a timer has gone on: the microtask queue is empty before an immediate runs. */
function quiet(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
