/**
 * How long iClosed has said nothing to a lane. Outcomes are not told to the gate one by one; but where several permits went out
 * and no word came back, it asks for one, and grants no more while the first of them has waited for too long: an iClosed that
 * hangs then holds a handful of calls instead of all that a time-out's length can grant. Pure.
 */

/** As many calls may be on their way without a word before the next one's success is asked for. */
const UNHEARD_BEFORE_ASKING = 1;
/** As many, and no more while the oldest is older than iClosed usually takes. */
const UNHEARD_AT_MOST = 3;
const USUALLY_WITHIN_MS = 3_000;
/** Nobody waits for an answer any longer: its word was lost. */
const LOST_AFTER_MS = 15_000;

export class Silence {
  /** When the permits went out of which nothing was heard, oldest first. */
  #unheard: number[] = [];

  /** A success of the next permit is worth telling. */
  wantsWord(now: number): boolean {
    return this.#since(now).length >= UNHEARD_BEFORE_ASKING;
  }

  granted(now: number): void {
    this.#unheard = [...this.#since(now), now];
  }

  /** One call came to its end without success. */
  failed(): void {
    this.#unheard.shift();
  }

  succeeded(): void {
    this.#unheard = [];
  }

  /** Until then no permit should be granted; undefined while iClosed seems to answer. */
  holdsUntil(now: number): number | undefined {
    const unheard = this.#since(now);
    const [oldest] = unheard;
    if (oldest === undefined || unheard.length < UNHEARD_AT_MOST || now - oldest <= USUALLY_WITHIN_MS) return undefined;
    return oldest + LOST_AFTER_MS;
  }

  #since(now: number): number[] {
    return this.#unheard.filter((at) => now - at < LOST_AFTER_MS);
  }
}
