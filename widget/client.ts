/**
 * One request to the Worker: a typed answer or a problem code, never an exception. Repeats by itself what may be repeated, with
 * the very same body, waiting as long as the Worker says (with jitter) and until the network is back. The world comes in as
 * arguments, so that tests hold its clock.
 */
import {
  FIRST_PAUSE_MS,
  LONGEST_PAUSE_MS,
  PAUSE_JITTER_AT_MOST,
  TRIES_AT_MOST,
  TRIES_WHEN_BUSY_AT_MOST,
  TRIES_WHEN_SILENT_AT_MOST,
  WIDGET_REQUEST_LIMIT_MS,
} from '../shared/limits.ts';
import type { ProblemCode } from '../shared/problems.ts';
import type { LeadProblem } from '../shared/protocol.ts';
import type { Failure, Wait } from './state.ts';
import { visitorZone } from './time.ts';

export interface World {
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** A module from an absolute address. */
  load(url: string): Promise<unknown>;
  now(): number;
  /** The visitor's own zone. The first question to `Intl` takes a slow phone longer than everything else at the start. */
  timeZone(): string;
  /** Resolves in a task of its own, so that the page may react in between. */
  rest(): Promise<unknown>;
  /** 0 … 1. */
  random(): number;
  /** A signal that is aborted after that time. */
  timeout(milliseconds: number): AbortSignal;
  /** Resolves after that time, or at once when the signal is aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<unknown>;
  isOnline(): boolean;
  /** Resolves when the network is back, or the signal is aborted. */
  untilOnline(signal: AbortSignal): Promise<unknown>;
}

export type Result<T> = { ok: true; body: T } | { ok: false; code: Failure; problem?: LeadProblem };

/** Whether and when the same request may be sent again. */
type Attempt<T> = Result<T> & { mayRepeat?: boolean; retryAfterMs?: number };

/**
 * @param body JSON of a POST, or undefined for a GET that carries no header (so that a preload of the page is the same request).
 * @param onWait Hears of every pause worth telling, and of its end.
 */
export async function send<T>(
  world: World,
  url: string,
  body: string | undefined,
  signal: AbortSignal,
  onWait: (wait?: Wait) => void,
): Promise<Result<T>> {
  /** A try was not answered, so it may have arrived. */
  let isAstray: true | undefined;
  for (let tries = 1; ; tries++) {
    if (!world.isOnline()) {
      onWait({ code: 'offline', isAstray });
      await world.untilOnline(signal);
      onWait();
    }
    const result = await once<T>(world, url, body, signal);
    if (result.ok || signal.aborted || !result.mayRepeat) return result;
    if (!result.problem) isAstray = true;
    if (!world.isOnline()) {
      tries--;
      continue;
    }
    const isBusy = result.code === 'throttled' || result.code === 'busy';
    const silent = result.code === 'timeout' ? TRIES_WHEN_SILENT_AT_MOST : TRIES_AT_MOST;
    if (tries >= (isBusy ? TRIES_WHEN_BUSY_AT_MOST : silent)) return result;
    const grown = Math.min(FIRST_PAUSE_MS * 2 ** (tries - 1), LONGEST_PAUSE_MS);
    const pauseMs = (result.retryAfterMs || grown) * (1 + PAUSE_JITTER_AT_MOST * world.random());
    if (isBusy) onWait({ code: result.code as 'throttled' | 'busy', until: world.now() + pauseMs, isAstray });
    await world.sleep(pauseMs, signal);
    if (isBusy) onWait();
    if (signal.aborted) return result;
  }
}

async function once<T>(world: World, url: string, body: string | undefined, signal: AbortSignal): Promise<Attempt<T>> {
  const limit = world.timeout(WIDGET_REQUEST_LIMIT_MS);
  try {
    const response = await world.fetch(url, { ...post(body), signal: AbortSignal.any([signal, limit]) });
    const answer: unknown = await response.json();
    return response.ok ? { ok: true, body: answer as T } : problemOf(response, answer as Partial<LeadProblem> | null);
  } catch (error) {
    const code = limit.aborted ? 'timeout' : error instanceof SyntaxError ? 'unavailable' : 'unreachable';
    return { ok: false, code, mayRepeat: true };
  }
}

/** A read without a body carries no header at all. */
export function post(body: string | undefined): RequestInit {
  return body ? { method: 'POST', headers: { 'Content-Type': 'application/json' }, body } : {};
}

/**
 * The status says whether to try again, as it does in the list of problems: 429 and 5xx but 501. An answer without a code comes from
 * something in between.
 */
function problemOf({ status }: Response, answer: Partial<LeadProblem> | null): Attempt<never> {
  const code: ProblemCode = answer?.code ?? 'unavailable';
  const seconds = answer?.retryAfterSeconds;
  return {
    ok: false,
    code,
    problem: answer as LeadProblem,
    mayRepeat: !answer?.code || status === 429 || (status >= 500 && status !== 501),
    retryAfterMs: seconds && Math.max(seconds, 1) * 1_000,
  };
}

/** The browser's world. */
export function browserWorld(): World {
  return {
    fetch: (url, init) => fetch(url, init),
    load: (url) => import(/* @vite-ignore */ url),
    now: () => Date.now(),
    timeZone: visitorZone,
    rest: () => new Promise((resolve) => setTimeout(resolve)),
    random: () => Math.random(),
    timeout: (milliseconds) => AbortSignal.timeout(milliseconds),
    sleep: (milliseconds, signal) =>
      new Promise((resolve) => {
        setTimeout(resolve, milliseconds);
        signal?.addEventListener('abort', resolve);
      }),
    isOnline: () => navigator.onLine,
    untilOnline: (signal) =>
      new Promise((resolve) => {
        addEventListener('online', resolve, { once: true, signal });
        signal.addEventListener('abort', resolve);
      }),
  };
}
