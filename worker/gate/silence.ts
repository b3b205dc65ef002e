/**
 * How long iClosed has said nothing to a lane. Outcomes are not told to the gate one by one; but where several permits went out
 * and no word came back, it asks for one, and grants no more while that word is overdue: an iClosed that
 * hangs then holds a handful of calls instead of all that a time-out's length can grant. Pure.
 */
import {
  SILENCE_ASKED_EVERY_MS,
  SILENCE_LOST_AFTER_MS,
  SILENCE_OVERDUE_AFTER_MS,
  SILENCE_UNASKED_AT_MOST,
  SILENCE_UNHEARD_AT_MOST,
  SILENCE_WELL_FOR_MS,
} from '../../shared/limits.ts';

export class Silence {
  /** When the permits went out of which nothing was heard, oldest first. */
  #unheard: number[] = [];
  #heardAt = 0;
  #askedAt = 0;
  /** When the first word was asked for that has not come. */
  #waitsSince: number | undefined;

  /** A success of the next permit is worth telling. */
  wantsWord(now: number): boolean {
    const isDoubtful = now - this.#heardAt >= SILENCE_WELL_FOR_MS && now - this.#askedAt >= SILENCE_ASKED_EVERY_MS;
    return isDoubtful && this.#since(now).length >= SILENCE_UNASKED_AT_MOST;
  }

  /** @param isWatched its success will be told. */
  granted(now: number, isWatched: boolean): void {
    this.#unheard = [...this.#since(now), now];
    if (!isWatched) return;
    this.#askedAt = now;
    if (this.#waitsSince === undefined || now - this.#waitsSince >= SILENCE_LOST_AFTER_MS) this.#waitsSince = now;
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
    if (this.#waitsSince === undefined || now - this.#waitsSince <= SILENCE_OVERDUE_AFTER_MS) return undefined;
    const until = this.#waitsSince + SILENCE_LOST_AFTER_MS;
    return now < until && this.#since(now).length >= SILENCE_UNHEARD_AT_MOST ? until : undefined;
  }

  #since(now: number): number[] {
    return this.#unheard.filter((at) => now - at < SILENCE_LOST_AFTER_MS);
  }
}
