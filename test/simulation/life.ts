/**
 * The life of an object between its start and its eviction. When it ends, what the object was waiting for never comes, and
 * whoever waits for the object hears an error: as in the real runtime, where only rows and alarms outlive it.
 */
import type { VirtualClock } from './clock.ts';

export class Life {
  #isOver = false;
  readonly #mourners = new Set<() => void>();

  get isOver(): boolean {
    return this.#isOver;
  }

  end(): void {
    this.#isOver = true;
    for (const mourner of this.#mourners) mourner();
    this.#mourners.clear();
  }

  /** The promise as this object experiences it: after its end nothing comes any more. */
  hears<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      promise.then(
        (value) => this.#isOver || resolve(value),
        (error: unknown) => this.#isOver || reject(error as Error),
      );
    });
  }

  /** The object's answer as its caller experiences it: an error when the object ends first. */
  answers<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const mourn = () => reject(new Error('the object was reset'));
      // Lost while it was being asked.
      if (this.#isOver) return mourn();
      this.#mourners.add(mourn);
      const settle = () => this.#mourners.delete(mourn);
      work.then(
        (value) => settle() && resolve(value),
        (error: unknown) => settle() && reject(error as Error),
      );
    });
  }

  /** A timer that ends with the object. */
  timer(clock: VirtualClock, at: number, callBack: () => unknown): () => void {
    return clock.at(at, () => this.#isOver || callBack());
  }
}

/** Starts an object when it is first needed, and again after each eviction. */
export class Home<T> {
  readonly #start: (life: Life) => T;
  #current: { life: Life; object: T } | undefined;

  constructor(start: (life: Life) => T) {
    this.#start = start;
  }

  get current(): { life: Life; object: T } {
    if (!this.#current) {
      const life = new Life();
      this.#current = { life, object: this.#start(life) };
    }
    return this.#current;
  }

  get isUp(): boolean {
    return this.#current !== undefined;
  }

  evict(): void {
    this.#current?.life.end();
    this.#current = undefined;
  }

  /** Asks the object, starting it if need be. */
  ask<R>(question: (object: T) => R | Promise<R>): Promise<R> {
    const { life, object } = this.current;
    return life.answers(
      new Promise<R>((resolve) => {
        resolve(question(object));
      }),
    );
  }
}
