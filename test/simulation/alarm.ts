/**
 * An object's alarm: belongs to its storage, so it outlives the object. It rings at least once: where the object ends or fails
 * while it is being answered, it rings again.
 */
import type { VirtualClock } from './clock.ts';

const RING_AGAIN_MS = 2_000;

export class Alarm {
  readonly #clock: VirtualClock;
  readonly #ring: () => Promise<void>;
  #at: number | undefined;
  #isRinging = false;
  #callOff: () => void = () => undefined;

  constructor(clock: VirtualClock, ring: () => Promise<void>) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** As `getAlarm()`: undefined while none is set, also while it rings. */
  get at(): number | undefined {
    return this.#at;
  }

  /** Something will still happen: it is set, or it rings and would ring again. */
  get isArmed(): boolean {
    return this.#at !== undefined || this.#isRinging;
  }

  set(at: number): void {
    this.clear();
    this.#at = at;
    this.#callOff = this.#clock.at(at, () => {
      this.#at = undefined;
      this.#isRinging = true;
      this.#ring()
        .catch(() => {
          if (this.#at === undefined) this.set(this.#clock.now() + RING_AGAIN_MS);
        })
        .finally(() => {
          this.#isRinging = false;
        });
    });
  }

  clear(): void {
    this.#callOff();
    this.#at = undefined;
  }
}
