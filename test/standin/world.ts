/**
 * The state behind the stand-in: settings, contacts, calls, computed hours. Routes get it as an argument together with the
 * call that they serve; nothing here knows http, faults or limits.
 */
import { CallBook } from './call-book.ts';
import { ContactBook } from './contact-book.ts';
import { type Random, seededRandom } from './random.ts';
import type { Settings } from './settings.ts';

export interface World {
  settings: Settings;
  seed: number;
  contacts: ContactBook;
  calls: CallBook;
  /** Drawn by reads that the settings make vary (order of times, failing searches). */
  random: Random;
  /** Which host is asked first by the next booking. */
  turn: number;
  /** Starts by host, step, duration and day; dropped when settings change. */
  startsOfDay: Map<string, readonly number[]>;
}

/** One API call as a route sees it: checked key, parsed body, and the instant at which it takes effect. */
export interface ApiCall {
  world: World;
  at: number;
  query: Record<string, string>;
  body: Record<string, unknown>;
}

/** What a route answers when it does not refuse. */
export interface Answer {
  status: number;
  body: unknown;
  /** Whether the account was changed. */
  isCommitted: boolean;
  /** The contact or call that it was about, for the ledger. */
  contactId?: number;
  callId?: number;
  /** Takes this much longer than usual. */
  extraDelayMs?: number;
}

export type Route = (call: ApiCall) => Answer;

/** An account without contacts and calls. */
export function emptyWorld(settings: Settings, seed: number): World {
  return {
    settings,
    seed,
    contacts: new ContactBook(seededRandom(seed ^ 0x5c0a7a)),
    calls: new CallBook(seededRandom(seed ^ 0xca115)),
    random: seededRandom(seed ^ 0x0a9e11),
    turn: 0,
    startsOfDay: new Map(),
  };
}
