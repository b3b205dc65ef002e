/**
 * What survives: where the page is loaded anew, one sessionStorage entry for all elements, by event: the attempt, its newest ticket,
 * how far the counters are, what the questions were answered, the zone and the hours. Nothing of the contact, no guests,
 * and nothing before the visitor has acted. Where only the element is made anew (an A/B tool, a framework), the page's memory, with all
 * that was typed and the picked time. Everything works without storage, except that a reload begins anew.
 */
import type { State } from './state.ts';

const ENTRY = 'iclosed-booking';

/** What the state begins with: `timeZone` only where the visitor chose it; after a reload `values` without contact and guests, and no `pick`. */
export type SavedState = Pick<State, 'attempt' | 'seq'> &
  Partial<Pick<State, 'ticket' | 'stepUp' | 'timeZone' | 'hourCycle' | 'values' | 'step' | 'pick'>>;

export interface Saved extends SavedState {
  /** How often each event was fired in this attempt. */
  fired: Record<string, number>;
}

/** Storage may be missing, full, or throw at the first touch (blocked cookies, sandboxed frames). */
export type Storage = () => Pick<globalThis.Storage, 'getItem' | 'setItem' | 'removeItem'>;

export interface Session {
  /** The event's key, another one while an element on the page holds that; give it back with `release`. */
  claim(event: string): string;
  release(key: string): void;
  /** False when no element on the page holds it. */
  isHeld(key: string): boolean;
  read(key: string): Saved | undefined;
  /**
   * Without a value nothing of it is left, and with the last one no entry.
   * @param stored for a reload, less than what the page itself remembers.
   */
  write(key: string, remembered?: Saved, stored?: Saved): void;
}

export function createSession(storage: Storage): Session {
  const claimed = new Set<string>();
  const memory: Record<string, Saved | undefined> = {};

  function all(): Record<string, Saved> {
    try {
      return (JSON.parse(storage().getItem(ENTRY) ?? '{}') as Record<string, Saved> | null) ?? {};
    } catch {
      return {};
    }
  }

  return {
    claim(event) {
      let key = event;
      while (claimed.has(key)) key += ' ';
      claimed.add(key);
      return key;
    },
    release: (key) => void claimed.delete(key),
    isHeld: (key) => claimed.has(key),
    read: (key) => memory[key] ?? all()[key],
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
