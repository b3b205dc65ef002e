/**
 * Copies of public answers in front of the objects: in the isolate's memory, and behind that in a store that isolates of one place
 * share. A crowd then costs an object one call in a while. Young copies are answered as they are, older ones while a new one is on
 * its way, and where the object cannot answer, such as when it is overloaded, the last copy stands in for it. A copy's age is
 * counted from when the object gave it, wherever it lay. Nothing of a person ever lies here.
 */
export interface CopyPolicy {
  /** Answered without asking. */
  freshMs: number;
  /** Answered while a new one is asked for. */
  renewedWithinMs: number;
  /** Answered when asking fails. */
  keptMs: number;
}

export interface Copy<T> {
  value: T;
  /** When the object gave it, in milliseconds since 1970. */
  at: number;
}

/** What isolates share; none of these ever throws. */
export interface SharedCopies<T> {
  find(key: string): Promise<Copy<T> | undefined>;
  keep(key: string, copy: Copy<T>, keptMs: number): Promise<void>;
  drop(key: string): Promise<void>;
}

type Wait = (work: Promise<unknown>) => void;

export class Copies<T> {
  readonly #policy: CopyPolicy;
  readonly #shared: SharedCopies<T> | undefined;
  readonly #copies = new Map<string, Copy<T>>();
  /** When the object last gave no answer: it is left alone for a while. */
  readonly #failedAt = new Map<string, number>();
  readonly #asking = new Map<string, Promise<Copy<T>>>();

  constructor(policy: CopyPolicy, shared?: SharedCopies<T>) {
    this.#policy = policy;
    this.#shared = shared;
  }

  /**
   * @param ask throws where there is no answer worth keeping.
   * @param wait keeps the Worker alive while a copy is renewed or shared after the answer.
   */
  async get(key: string, now: () => number, ask: () => Promise<T>, wait: Wait): Promise<{ value: T; ageMs: number }> {
    const { freshMs, renewedWithinMs, keptMs } = this.#policy;
    const answer = ({ value, at }: Copy<T>) => ({ value, ageMs: now() - at });
    let copy = this.#copies.get(key);
    if (!copy || now() - copy.at >= renewedWithinMs) copy = await this.#adopt(key);
    if (copy && now() - copy.at < freshMs) return answer(copy);
    const hasJustFailed = now() - (this.#failedAt.get(key) ?? Number.NEGATIVE_INFINITY) < freshMs;
    if (copy && hasJustFailed && now() - copy.at < keptMs) return answer(copy);
    const asked = this.#ask(key, now, ask, wait);
    if (copy && now() - copy.at < renewedWithinMs) {
      wait(asked.catch(() => undefined));
      return answer(copy);
    }
    try {
      return answer(await asked);
    } catch (error) {
      if (copy && now() - copy.at < keptMs) return answer(copy);
      throw error;
    }
  }

  /** What is remembered, without asking. */
  peek(key: string, now: number): { value: T; ageMs: number } | undefined {
    const copy = this.#copies.get(key);
    const ageMs = now - (copy?.at ?? Number.NEGATIVE_INFINITY);
    return copy && ageMs < this.#policy.keptMs ? { value: copy.value, ageMs } : undefined;
  }

  /** The object said something else than the copy: the next reader asks it. */
  async forget(key: string): Promise<void> {
    this.#copies.delete(key);
    await this.#shared?.drop(key);
  }

  /** One question at a time per key; another isolate's answer will do. */
  #ask(key: string, now: () => number, ask: () => Promise<T>, wait: Wait): Promise<Copy<T>> {
    let asked = this.#asking.get(key);
    if (!asked) {
      asked = this.#renew(key, now, ask, wait).finally(() => this.#asking.delete(key));
      this.#asking.set(key, asked);
    }
    return asked;
  }

  async #renew(key: string, now: () => number, ask: () => Promise<T>, wait: Wait): Promise<Copy<T>> {
    const shared = await this.#adopt(key);
    if (shared && now() - shared.at < this.#policy.freshMs) return shared;
    const copy = { value: await this.#heard(key, now, ask), at: now() };
    this.#copies.set(key, copy);
    if (this.#shared) wait(this.#shared.keep(key, copy, this.#policy.keptMs));
    return copy;
  }

  async #heard(key: string, now: () => number, ask: () => Promise<T>): Promise<T> {
    try {
      const value = await ask();
      this.#failedAt.delete(key);
      return value;
    } catch (error) {
      this.#failedAt.set(key, now());
      throw error;
    }
  }

  /** The younger of the own and the shared copy, which is the own one from now on. */
  async #adopt(key: string): Promise<Copy<T> | undefined> {
    const shared = await this.#shared?.find(key);
    const own = this.#copies.get(key);
    if (!shared || (own && own.at >= shared.at)) return own;
    this.#copies.set(key, shared);
    return shared;
  }
}
