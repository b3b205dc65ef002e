/**
 * What survives a reload: one sessionStorage entry for all elements of the page, by event: the attempt, its newest ticket, how
 * far the counters are, the zone and the hours. No personal data. Everything works without storage, except that a reload begins anew.
 */
import type { Step, StepUp } from '../shared/protocol.ts';

const ENTRY = 'iclosed-booking';

export interface Saved {
  attempt: string;
  ticket?: string | undefined;
  stepUp?: StepUp | undefined;
  /** The last `seq` of each step. */
  seq: Partial<Record<Step, number>>;
  /** How often each event was fired in this attempt. */
  fired: Record<string, number>;
  /** The zone that the visitor chose. */
  timeZone?: string | undefined;
  /** 12 or 24 hours, as the visitor chose. */
  hourCycle?: 'h12' | 'h23' | undefined;
}

/** Storage may be missing, full, or throw at the first touch (blocked cookies, sandboxed frames). */
export type Storage = () => Pick<globalThis.Storage, 'getItem' | 'setItem' | 'removeItem'>;

export interface Session {
  /** The event's key, unless another element on the page holds it; give it back with `release`. */
  claim(event: string): string | undefined;
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
      if (claimed.has(event)) return undefined;
      claimed.add(event);
      return event;
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
