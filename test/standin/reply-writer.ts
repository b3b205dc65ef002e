/**
 * Writes replies: status, headers, JSON text and how long the caller waits, as the settings say. The model decides what is
 * answered; here it becomes the bytes that a socket or a simulation hands over.
 */
import type { RateLimits } from './limits.ts';
import type { Random } from './random.ts';
import { type Refusal, refusalBody } from './refusal.ts';
import type { Reply } from './request.ts';
import type { Settings } from './settings.ts';
import type { Answer } from './world.ts';

const json = { 'content-type': 'application/json; charset=utf-8' };
const html = { 'content-type': 'text/html; charset=utf-8' };

/** A reply without an answer. */
export function silence(kind: 'reset' | 'hang'): Reply {
  return { status: 0, headers: {}, body: '', wire: { kind, delayMs: 0 } };
}

export class ReplyWriter {
  readonly #random: Random;
  readonly #limits: RateLimits;

  /** @param random draws the latency of each answer. */
  constructor(random: Random, limits: RateLimits) {
    this.#random = random;
    this.#limits = limits;
  }

  /** What a route answered. */
  answer(answer: Answer, endpoint: string, settings: Settings, delayMs = 0): Reply {
    const extraMs = delayMs + (answer.extraDelayMs ?? 0);
    return this.#reply(answer.status, json, writeJson(answer.body, settings), endpoint, settings, extraMs);
  }

  /** An error in iClosed's words. */
  refusal(refusal: Refusal, endpoint: string, settings: Settings): Reply {
    const body = writeJson(refusalBody(refusal, settings, endpoint), settings);
    return this.#reply(refusal.status, { ...json, ...refusal.details.headers }, body, endpoint, settings);
  }

  /** A page of an intermediary where JSON is expected. */
  page(status: number, endpoint: string, settings: Settings): Reply {
    const body = `<!DOCTYPE html>\n<html><head><title>Gateway</title></head><body><h1>Status ${status}</h1></body></html>\n`;
    return this.#reply(status, html, body, endpoint, settings);
  }

  #reply(
    status: number,
    headers: Record<string, string>,
    body: string,
    endpoint: string,
    settings: Settings,
    extraMs = 0,
  ): Reply {
    const { limit, latencyMs } = settings;
    const latency = latencyMs.max > 0 ? latencyMs.min + this.#random() * (latencyMs.max - latencyMs.min) : 0;
    const rateHeaders: Record<string, string> = limit.rateHeaders
      ? {
          'ratelimit-limit': String(limit.points),
          'ratelimit-remaining': String(this.#limits.remaining(endpoint, settings)),
          'ratelimit-reset': String(limit.windowSeconds),
        }
      : {};
    const wire = { kind: 'answer', delayMs: extraMs + latency } as const;
    return { status, headers: { ...headers, ...rateHeaders }, body, wire };
  }
}

function writeJson(body: unknown, settings: Settings): string {
  if (!settings.idsAsStrings) return JSON.stringify(body);
  return JSON.stringify(body, (key, value: unknown) =>
    typeof value === 'number' && /^id$|Id$/.test(key) ? String(value) : value,
  );
}
