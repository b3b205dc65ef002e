/**
 * What survives: where the page is loaded anew, one sessionStorage entry for all elements, by event: the attempt, its newest ticket,
 * how far the counters are, what the questions were answered, the zone and the hours. Nothing of the contact, no guests,
 * and nothing before the visitor has acted. Where only the element is made anew (an A/B tool, a framework), the page's memory, with all
 * that stands on the screen. Everything works without storage, except that a reload begins anew.
 */
import type { State } from './state.ts';

const ENTRY = 'iclosed-booking';

/** What the state begins with: `timeZone` only where the visitor chose it; after a reload `values` without contact and guests, no `pick`. */
export type SavedState = Pick<State, 'attempt' | 'seq'> &
  Partial<Pick<State, 'ticket' | 'stepUp' | 'timeZone' | 'hourCycle' | 'values' | 'step' | 'pick'>>;

/** In the browser's storage. */
export interface Stored extends SavedState {
  /** How often each event was fired in this attempt. */
  fired: Record<string, number>;
}

/** In the page's memory. */
export interface Remembered extends Stored {
  /** Whole, as long as the visitor can act; what was sent is read anew. */
  state?: State;
}

/** Storage may be missing, full, or throw at the first touch (blocked cookies, sandboxed frames). */
export type Storage = () => Pick<globalThis.Storage, 'getItem' | 'setItem' | 'removeItem'>;

export interface Session {
  /**
   * The event's key, another one while an element on the page holds that; give it back with `release`.
   * @param onFree One before was given back, and in this one, the newest, nothing is: it can have that key, with what was left there.
   */
  claim(event: string, onFree: () => unknown): string;
  release(key: string): void;
  /** False when no element on the page holds it. */
  isHeld(key: string): boolean;
  read(key: string): Remembered | undefined;
  /**
   * Without a value nothing of it is left, and with the last one no entry.
   * @param stored for a reload, less than what the page itself remembers.
   */
  write(key: string, remembered?: Remembered, stored?: Stored): void;
}

export function createSession(storage: Storage): Session {
  const claimed = new Map<string, () => unknown>();
  const memory: Record<string, Remembered | undefined> = {};

  function all(): Record<string, Stored> {
    try {
      return (JSON.parse(storage().getItem(ENTRY) ?? '{}') as Record<string, Stored> | null) ?? {};
    } catch {
      return {};
    }
  }

  const read = (key: string) => memory[key] ?? all()[key];

  return {
    claim(event, onFree) {
      let key = event;
      while (claimed.has(key)) key += ' ';
      claimed.set(key, onFree);
      return key;
    },
    release(key) {
      claimed.delete(key);
      const newest = [...claimed.keys()].findLast((other) => other.startsWith(`${key} `));
      if (newest && !read(newest)) claimed.get(newest)?.();
    },
    isHeld: (key) => claimed.has(key),
    read,
    write(key, remembered, stored) {
      memory[key] = remembered;
      const entry = JSON.stringify({ ...all(), [key]: stored });
      try {
        if (entry === '{}') storage().removeItem(ENTRY);
        else storage().setItem(ENTRY, entry);
      } catch {
        // A private window: the booking goes on, a reload begins anew.
      }
    },
  };
}
