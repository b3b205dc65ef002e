/**
 * The account's limit as iClosed names it: in the body of a 429, or in the header fields that came with any answer
 * (`RateLimit-Policy: 20;w=10`, `RateLimit-Limit: 20, 20;w=10`; reference, section 2: whether any come is not known). Points
 * without a window are no limit: 20 a second and 20 in ten seconds are both documented.
 */
import { asId, asRecord } from './envelope.ts';

/** Calls per endpoint within a window. */
export interface NamedLimit {
  points: number;
  windowSeconds: number;
}

const HEADERS = ['ratelimit-policy', 'ratelimit-limit', 'x-ratelimit-policy', 'x-ratelimit-limit'] as const;

export function limitOfBody(body: unknown): NamedLimit | undefined {
  const limit = asRecord(asRecord(body)?.limit);
  const points = asId(limit?.points);
  const windowSeconds = asId(limit?.windowSec);
  return points && windowSeconds ? { points, windowSeconds } : undefined;
}

/** The strictest of those that name a window; both spellings of the drafts: `20;w=10` and `"burst";q=20;w=10`. */
export function limitOfHeaders(headers: Headers): NamedLimit | undefined {
  const named = HEADERS.flatMap((name) => (headers.get(name) ?? '').split(',')).flatMap((item): NamedLimit[] => {
    const points = Number(/(?:^\s*|;\s*q=)(\d+)/.exec(item)?.[1]);
    const windowSeconds = Number(/;\s*w=(\d+)/.exec(item)?.[1]);
    return points > 0 && windowSeconds > 0 ? [{ points, windowSeconds }] : [];
  });
  return named.sort((a, b) => a.points / a.windowSeconds - b.points / b.windowSeconds)[0];
}

export function isStricter(limit: NamedLimit, than: NamedLimit): boolean {
  return limit.points / limit.windowSeconds < than.points / than.windowSeconds;
}
