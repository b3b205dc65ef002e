/**
 * Copies of public answers in the isolate's memory, in front of the objects: a crowd then costs an object one call in a while.
 * Young copies are answered as they are, older ones while a new one is on its way, and where the object cannot answer, such as
 * when it is overloaded, the last copy stands in for it. Nothing of a person ever lies here.
 */
export interface CopyPolicy {
  /** Answered without asking. */
  freshMs: number;
  /** Answered while a new one is asked for. */
  renewedWithinMs: number;
  /** Answered when asking fails. */
  keptMs: number;
}

interface Copy<T> {
  value: T;
  at: number;
}

export class Copies<T> {
  readonly #policy: CopyPolicy;
  readonly #copies = new Map<string, Copy<T>>();
  readonly #asking = new Map<string, Promise<T>>();

  constructor(policy: CopyPolicy) {
    this.#policy = policy;
  }

  /**
   * @param ask throws where there is no answer worth keeping.
   * @param wait keeps the Worker alive while a copy is renewed after the answer.
   */
  async get(
    key: string,
    now: number,
    ask: () => Promise<T>,
    wait: (work: Promise<unknown>) => void,
  ): Promise<{ value: T; ageMs: number }> {
    const copy = this.#copies.get(key);
    const age = copy ? now - copy.at : Number.POSITIVE_INFINITY;
    if (copy && age < this.#policy.freshMs) return { value: copy.value, ageMs: age };
    const asked = this.#ask(key, now, ask);
    if (copy && age < this.#policy.renewedWithinMs) {
      wait(asked.catch(() => undefined));
      return { value: copy.value, ageMs: age };
    }
    try {
      return { value: await asked, ageMs: 0 };
    } catch (error) {
      if (copy && age < this.#policy.keptMs) return { value: copy.value, ageMs: age };
      throw error;
    }
  }

  /** What is remembered, without asking. */
  peek(key: string, now: number): { value: T; ageMs: number } | undefined {
    const copy = this.#copies.get(key);
    const ageMs = now - (copy?.at ?? Number.NEGATIVE_INFINITY);
    return copy && ageMs < this.#policy.keptMs ? { value: copy.value, ageMs } : undefined;
  }

  /** One question at a time per key. */
  #ask(key: string, now: number, ask: () => Promise<T>): Promise<T> {
    let asked = this.#asking.get(key);
    if (!asked) {
      asked = ask()
        .then((value) => {
          this.#copies.set(key, { value, at: now });
          return value;
        })
        .finally(() => this.#asking.delete(key));
      this.#asking.set(key, asked);
    }
    return asked;
  }
}
