/**
 * Commits that take effect after their caller has given up: kept in order of their due time and applied when the clock has
 * passed it. No timer: the model asks at every call, the ledger before it judges.
 */

interface LateCommit {
  dueAt: number;
  apply: (at: number) => void;
}

export class LateCommits {
  readonly #waiting: LateCommit[] = [];

  add(dueAt: number, apply: (at: number) => void): void {
    const after = this.#waiting.findIndex((commit) => commit.dueAt > dueAt);
    this.#waiting.splice(after < 0 ? this.#waiting.length : after, 0, { dueAt, apply });
  }

  /** Applies everything due by `now`, each as of its own due time. */
  applyDue(now: number): void {
    for (let next = this.#waiting[0]; next && next.dueAt <= now; next = this.#waiting[0]) {
      this.#waiting.shift();
      next.apply(next.dueAt);
    }
  }

  /** How many are still to come. */
  get count(): number {
    return this.#waiting.length;
  }
}
