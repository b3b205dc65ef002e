/**
 * What survives a reload: one sessionStorage entry for all elements of the page, by event: the attempt, its newest ticket, how
 * far the counters are, what the questions were answered, the zone and the hours. Nothing of the contact, no guests. Everything works
 * without storage, except that a reload begins anew.
 */
import type { State } from './state.ts';

const ENTRY = 'iclosed-booking';

/** What the state begins with after a reload: `timeZone` only where the visitor chose it, `values` without contact and guests. */
export type SavedState = Pick<State, 'attempt' | 'seq'> &
  Partial<Pick<State, 'ticket' | 'stepUp' | 'timeZone' | 'hourCycle' | 'values' | 'step'>>;

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
  read(key: string): Saved | undefined;
  /** Without a value nothing of it is left, and with the last one no entry. */
  write(key: string, saved?: Saved): void;
}

export function createSession(storage: Storage): Session {
  const claimed = new Set<string>();

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
    read: (key) => all()[key],
    write(key, saved) {
      const entry = JSON.stringify({ ...all(), [key]: saved });
      try {
        if (entry === '{}') storage().removeItem(ENTRY);
        else storage().setItem(ENTRY, entry);
      } catch {
        // A private window: the booking goes on, a reload begins anew.
      }
    },
  };
}
