/**
 * How long iClosed has said nothing to a lane. Outcomes are not told to the gate one by one; but where several permits went out
 * and no word came back, it asks for one, and grants no more while the first of them has waited for too long: an iClosed that
 * hangs then holds a handful of calls instead of all that a time-out's length can grant. Pure.
 */

/** As many calls may be on their way without a word before the next one's success is asked for. */
const UNHEARD_BEFORE_ASKING = 2;
/** A lane that was heard of lately is well; and a word that was asked for needs a moment. */
const WELL_FOR_MS = 2_000;
const WORD_TAKES_MS = 1_000;
/** As many, and no more while the oldest is older than iClosed usually takes. */
const UNHEARD_AT_MOST = 3;
const USUALLY_WITHIN_MS = 3_000;
/** Nobody waits for an answer any longer: its word was lost. */
const LOST_AFTER_MS = 15_000;

export class Silence {
  /** When the permits went out of which nothing was heard, oldest first. */
  #unheard: number[] = [];
  #heardAt = 0;
  #askedAt = 0;

  /** A success of the next permit is worth telling. */
  wantsWord(now: number): boolean {
    const isDoubtful = now - this.#heardAt >= WELL_FOR_MS && now - this.#askedAt >= WORD_TAKES_MS;
    return isDoubtful && this.#since(now).length >= UNHEARD_BEFORE_ASKING;
  }

  /** @param isWatched its success will be told. */
  granted(now: number, isWatched: boolean): void {
    this.#unheard = [...this.#since(now), now];
    if (isWatched) this.#askedAt = now;
  }

  /** One call came to its end without success. */
  failed(): void {
    this.#unheard.shift();
  }

  succeeded(now: number): void {
    this.#unheard = [];
    this.#heardAt = now;
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
