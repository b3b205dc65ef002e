/**
 * How long iClosed has said nothing to a lane. Outcomes are not told to the gate one by one; but where several permits went out
 * and no word came back, it asks for one, and grants no more while that word is overdue: an iClosed that
 * hangs then holds a handful of calls instead of all that a time-out's length can grant. Pure.
 */

/** As many calls may be on their way without a word before the next one's success is asked for. */
const UNHEARD_BEFORE_ASKING = 2;
/** A lane that was heard of lately is well; and a word that was asked for needs a moment. */
const WELL_FOR_MS = 2_000;
const WORD_TAKES_MS = 1_000;
/** As many, and no more while the word that was asked for takes longer than iClosed usually does. */
const UNHEARD_AT_MOST = 3;
const USUALLY_WITHIN_MS = 2_500;
/** Nobody waits for an answer any longer: its word was lost. */
const LOST_AFTER_MS = 15_000;

export class Silence {
  /** When the permits went out of which nothing was heard, oldest first. */
  #unheard: number[] = [];
  #heardAt = 0;
  #askedAt = 0;
  /** When the first word was asked for that has not come. */
  #waitsSince: number | undefined;

  /** A success of the next permit is worth telling. */
  wantsWord(now: number): boolean {
    const isDoubtful = now - this.#heardAt >= WELL_FOR_MS && now - this.#askedAt >= WORD_TAKES_MS;
    return isDoubtful && this.#since(now).length >= UNHEARD_BEFORE_ASKING;
  }

  /** @param isWatched its success will be told. */
  granted(now: number, isWatched: boolean): void {
    this.#unheard = [...this.#since(now), now];
    if (!isWatched) return;
    this.#askedAt = now;
    if (this.#waitsSince === undefined || now - this.#waitsSince >= LOST_AFTER_MS) this.#waitsSince = now;
  }

  /** One call came to its end without success. */
  failed(): void {
    this.#unheard.shift();
  }

  succeeded(now: number): void {
    this.#unheard = [];
    this.#heardAt = now;
    this.#waitsSince = undefined;
  }

  /** Until then no permit should be granted; undefined while iClosed seems to answer. */
  holdsUntil(now: number): number | undefined {
    // Silence means something only where a word was asked for.
    if (this.#waitsSince === undefined || now - this.#waitsSince <= USUALLY_WITHIN_MS) return undefined;
    const until = this.#waitsSince + LOST_AFTER_MS;
    return now < until && this.#since(now).length >= UNHEARD_AT_MOST ? until : undefined;
  }

  #since(now: number): number[] {
    return this.#unheard.filter((at) => now - at < LOST_AFTER_MS);
  }
}
