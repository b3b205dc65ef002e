/**
 * A breaker: closed while calls succeed, open for a while after several faults in a row, then half open for one trial at a
 * time. Pure. Pauses double up to a limit that keeps the first success within seconds of iClosed's return.
 */
export interface BreakerPolicy {
  /** Faults in a row that open it. */
  faults: number;
  firstPauseMs: number;
  longestPauseMs: number;
}

export type BreakerState = 'closed' | 'open' | 'half_open' | 'trying';

export class Breaker {
  readonly #policy: BreakerPolicy;
  #faultsInARow = 0;
  #opened = 0;
  #openUntil = 0;
  #tryingUntil = 0;
  #triedAt = 0;

  constructor(policy: BreakerPolicy) {
    this.#policy = policy;
  }

  state(now: number): BreakerState {
    if (this.#opened === 0) return 'closed';
    if (now < this.#openUntil) return 'open';
    return now < this.#tryingUntil ? 'trying' : 'half_open';
  }

  /** When the next trial may be made; undefined while closed. */
  get nextTrialAt(): number | undefined {
    return this.#opened === 0 ? undefined : Math.max(this.#openUntil, this.#tryingUntil);
  }

  /** When the last trial began; 0 before the first. */
  get triedAt(): number {
    return this.#triedAt;
  }

  /** Moves the next trial, while it is open; one that is under way goes on. */
  tryAt(at: number): void {
    if (this.#opened > 0) this.#openUntil = at;
  }

  /** True while a success is worth telling. */
  get isWatched(): boolean {
    return this.#faultsInARow > 0 || this.#opened > 0;
  }

  /** Someone makes the one trial; until it is told or this time has passed nobody else does. */
  beginTrial(now: number, withinMs: number): void {
    this.#triedAt = now;
    this.#tryingUntil = now + withinMs;
  }

  succeeded(): void {
    this.#faultsInARow = 0;
    this.#opened = 0;
    this.#openUntil = 0;
    this.#tryingUntil = 0;
  }

  /** @param isDecisive opens it at once, such as a refused key. */
  failed(now: number, isDecisive = false): void {
    this.#faultsInARow += 1;
    if (this.#opened === 0 && !isDecisive && this.#faultsInARow < this.#policy.faults) return;
    // Calls that were under way when it opened say nothing new.
    if (this.#opened > 0 && now < this.#openUntil) return;
    this.#opened += 1;
    // A trial that hung until its time-out has used up part of the pause.
    const from = now < this.#tryingUntil ? this.#triedAt : now;
    const pause = Math.min(this.#policy.firstPauseMs * 2 ** (this.#opened - 1), this.#policy.longestPauseMs);
    this.#openUntil = Math.max(now, from + pause);
    this.#tryingUntil = 0;
  }
}
