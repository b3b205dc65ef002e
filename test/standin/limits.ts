/**
 * The rate limit: a sliding window per endpoint (path and verb) for the whole account. `RateLimits` refuses while serving;
 * `busiestWindow` is for the ledger, which judges afterwards from the times of all calls.
 */
import { Refusal } from './refusal.ts';
import type { Settings } from './settings.ts';

export class RateLimits {
  readonly #arrivals = new Map<string, number[]>();

  /** Counts one call; the 429 when the window is full, else undefined. */
  take(endpoint: string, at: number, { limit }: Settings): Refusal | undefined {
    const windowMs = limit.windowSeconds * 1000;
    let arrivals = this.#arrivals.get(endpoint);
    if (!arrivals) {
      arrivals = [];
      this.#arrivals.set(endpoint, arrivals);
    }
    let passed = 0;
    while (passed < arrivals.length && (arrivals[passed] ?? 0) <= at - windowMs) passed++;
    if (passed > 0) arrivals.splice(0, passed);
    const isFull = limit.enforced && arrivals.length >= limit.points;
    if (!isFull || limit.countsRefused) arrivals.push(at);
    if (!isFull) return undefined;
    const oldest = arrivals[arrivals.length - limit.points] ?? at;
    return tooManyRequests(Math.max(1, Math.ceil((oldest + windowMs - at) / 1000)), limit, limit.retryAfter);
  }

  /** Points left right now, for `RateLimit-Remaining`. */
  remaining(endpoint: string, { limit }: Settings): number {
    return Math.max(0, limit.points - (this.#arrivals.get(endpoint)?.length ?? 0));
  }
}

/** A 429 as documented, with its hints in body, headers, both or nowhere. */
export function tooManyRequests(
  retryAfterSeconds: number,
  limit: Settings['limit'],
  hints: Settings['limit']['retryAfter'],
): Refusal {
  const inBody = hints === 'body' || hints === 'both';
  const inHeader = hints === 'header' || hints === 'both';
  return new Refusal(429, 'Too many requests', {
    body: {
      code: 'RATE_LIMIT_EXCEEDED',
      message: 'Rate limit exceeded',
      ...(inBody && { retryAfter: retryAfterSeconds }),
      limit: { points: limit.points, windowSec: limit.windowSeconds },
    },
    headers: inHeader ? { 'retry-after': String(retryAfterSeconds) } : {},
  });
}

/** The most calls in any window of that length, open at its start: two calls exactly one window apart do not share one. */
export function busiestWindow(times: readonly number[], windowMs: number): number {
  let most = 0;
  let first = 0;
  for (let last = 0; last < times.length; last++) {
    while ((times[first] ?? 0) <= (times[last] ?? 0) - windowMs) first++;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
