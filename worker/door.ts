/**
 * Who may come in, in this order: method, origin, size → address throttle → ticket → ticket throttle → schema. Every station
 * is a function that throws a `Problem`; nothing behind the door is touched before all have been passed.
 */
import { BODY_BYTES, THROTTLE_SECONDS, TICKET_SECONDS } from '../shared/limits.ts';
import type { LeadRequest } from '../shared/protocol.ts';
import { LeadRequestSchema } from '../shared/schemas.ts';
import { addressOf, throttleKey } from './address.ts';
import { settingsOf } from './config/settings.ts';
import type { Env } from './env.ts';
import { Problem } from './problem.ts';
import { type TicketContent, TicketOffice } from './ticket.ts';

/**
 * The origin on whose behalf a browser writes; only allowed ones.
 * @throws Problem `origin_not_allowed`
 */
export function writingOrigin(request: Request, env: Env): string {
  const origin = request.headers.get('origin');
  if (origin === null || !isAllowed(origin, request, env)) throw new Problem('origin_not_allowed');
  return origin;
}

/**
 * The origin on whose behalf a browser reads: a page of the Worker's own sends none and says `same-origin`; anything else
 * without an origin is no browser page and gets public data only.
 */
export function readingOrigin(request: Request, env: Env): string | undefined {
  const origin = request.headers.get('origin');
  if (origin !== null) {
    if (!isAllowed(origin, request, env)) throw new Problem('origin_not_allowed');
    return origin;
  }
  return request.headers.get('sec-fetch-site') === 'same-origin' ? new URL(request.url).origin : undefined;
}

export function isAllowed(origin: string, request: Request, env: Env): boolean {
  return settingsOf(env).origins.has(origin) || origin === new URL(request.url).origin;
}

/** @throws Problem `throttled` */
export async function throttleAddress(request: Request, env: Env): Promise<void> {
  const address = addressOf(request);
  if (address) await throttle(env.ADDRESS_THROTTLE, throttleKey(address));
}

async function throttle(limit: RateLimit, key: string): Promise<void> {
  const { success } = await limit.limit({ key });
  if (!success) throw new Problem('throttled', { retryAfterSeconds: THROTTLE_SECONDS });
}

/**
 * The body as JSON, with a hard limit on what is read.
 * @throws Problem `unsupported_media_type`, `body_too_large`, `invalid_request`
 */
export async function readBody(request: Request): Promise<Record<string, unknown>> {
  const [mediaType] = (request.headers.get('content-type') ?? '').split(';');
  if (mediaType?.trim().toLowerCase() !== 'application/json') throw new Problem('unsupported_media_type');
  if (Number(request.headers.get('content-length') ?? 0) > BODY_BYTES) throw new Problem('body_too_large');
  const text = await readText(request);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text, refuseHostileKeys);
  } catch {
    // The parser's message quotes the body: it is not kept.
    throw new Problem('invalid_request');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw new Problem('invalid_request');
  return parsed as Record<string, unknown>;
}

async function readText(request: Request): Promise<string> {
  if (!request.body) return '';
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
  let text = '';
  let bytes = 0;
  try {
    for await (const chunk of request.body as ReadableStream<Uint8Array>) {
      bytes += chunk.byteLength;
      if (bytes > BODY_BYTES) throw new Problem('body_too_large');
      text += decoder.decode(chunk, { stream: true });
    }
    return text + decoder.decode();
  } catch (cause) {
    throw cause instanceof Problem ? cause : new Problem('invalid_request', { cause });
  }
}

function refuseHostileKeys(key: string, value: unknown): unknown {
  if (key === '__proto__' || key === 'constructor' || key === 'prototype') throw new Error('hostile key');
  return value;
}

const offices = new Map<string, TicketOffice>();

/** @throws Error with a sentence for the owner when `SIGNING_KEYS` is missing or wrong. */
export function ticketOffice(env: Env): TicketOffice {
  const setting = env.SIGNING_KEYS ?? '';
  let office = offices.get(setting);
  if (!office) {
    office = new TicketOffice(setting);
    offices.set(setting, office);
  }
  return office;
}

/**
 * Checks the ticket before any object or bucket is touched.
 * @throws Problem `ticket_invalid`, `ticket_expired`
 */
export async function checkTicket(
  body: Record<string, unknown>,
  event: string,
  origin: string,
  env: Env,
): Promise<TicketContent> {
  const { ticket } = body;
  if (typeof ticket !== 'string') throw new Problem('ticket_invalid');
  const nowSeconds = Math.floor(Date.now() / 1_000);
  const content = await ticketOffice(env).verify(ticket, { purpose: 'visit', event, origin, nowSeconds });
  if (content === 'invalid') throw new Problem('ticket_invalid');
  if (content === 'expired') throw new Problem('ticket_expired');
  return content;
}

export function throttleTicket(ticket: TicketContent, env: Env): Promise<void> {
  return throttle(env.TICKET_THROTTLE, ticket.leadId);
}

/** @throws Problem `invalid_request` */
export function checkSchema(body: Record<string, unknown>): LeadRequest {
  const result = LeadRequestSchema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Problem('invalid_request', { cause: new Error(`${String(issue?.path[0])}: ${issue?.code}`) });
}

export function issueTicket(env: Env, facts: Pick<TicketContent, 'event' | 'origin' | 'leadId'>): Promise<string> {
  const issuedAt = Math.floor(Date.now() / 1_000);
  return ticketOffice(env).issue({ purpose: 'visit', issuedAt, expiresAt: issuedAt + TICKET_SECONDS, ...facts });
}
