/**
 * Who may come in. A write: method, origin, size → ticket (none: the address's throttle, then the problem) → the ticket's own
 * throttle → schema → proof of work, where the ticket needs one. A read: origin → what memory holds, and within the
 * address's throttle what an object holds. Every station is a function that throws a `Problem`; nothing behind the door is
 * touched before all have been passed.
 */
import { BODY_BYTES, THROTTLE_SECONDS, TICKET_SECONDS, UNPROVEN_TICKET_SECONDS } from '../shared/limits.ts';
import type { EventAnswer, LeadRequest } from '../shared/protocol.ts';
import { LeadRequestSchema } from '../shared/schemas.ts';
import { addressOf, budgetKey, throttleKey } from './address.ts';
import { settingsOf } from './config/settings.ts';
import type { Env } from './env.ts';
import type { ReplyExtras } from './lead/steps.ts';
import { Problem } from './problem.ts';
import { admit, FIRST_STEP_UP, workOf } from './step-up.ts';
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

/** What an address is counted for; each by itself, so that a flood of one kind takes nothing from the others. */
type Kind = 'event' | 'slots' | 'stranger' | 'proven';

/** Counts the request and says whether its address is within the throttle. */
export function isWithinAddress(request: Request, env: Env, kind: Kind): Promise<boolean> {
  const address = addressOf(request);
  return address ? isWithin(env.ADDRESS_THROTTLE, `${kind} ${throttleKey(address)}`) : Promise.resolve(true);
}

async function isWithin(limit: RateLimit, key: string): Promise<boolean> {
  return (await limit.limit({ key })).success;
}

/** The same for what is counted by the minute. */
function isWithinBudget(limit: RateLimit, request: Request): Promise<boolean> {
  const address = addressOf(request);
  return address ? isWithin(limit, budgetKey(address)) : Promise.resolve(true);
}

function throttled(): Problem {
  return new Problem('throttled', { retryAfterSeconds: THROTTLE_SECONDS });
}

/**
 * The body as JSON, with a hard limit on what is read.
 * @throws Problem `unsupported_media_type`, `body_too_large`, `invalid_request`
 */
export async function readBody(request: Request): Promise<Record<string, unknown>> {
  return parse(await readText(request, 'application/json'));
}

/** The same from a form, in its one field `request`. */
export async function readForm(request: Request): Promise<Record<string, unknown>> {
  const form = new URLSearchParams(await readText(request, 'application/x-www-form-urlencoded'));
  return parse(form.get('request') ?? '');
}

function parse(text: string): Record<string, unknown> {
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

async function readText(request: Request, wanted: string): Promise<string> {
  const [mediaType] = (request.headers.get('content-type') ?? '').split(';');
  if (mediaType?.trim().toLowerCase() !== wanted) throw new Problem('unsupported_media_type');
  if (Number(request.headers.get('content-length') ?? 0) > BODY_BYTES) throw new Problem('body_too_large');
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
 * Checks the ticket before any object is touched. A good one answers to its own throttle and not to its address's; an old one
 * is told so at once, because its visitor only needs another.
 * @throws Problem `ticket_invalid`, `ticket_expired`, `throttled`
 */
export async function checkTicket(
  body: Record<string, unknown>,
  event: string,
  origin: string,
  request: Request,
  env: Env,
): Promise<TicketContent> {
  const { ticket } = body;
  const content = typeof ticket === 'string' ? await readTicket(ticket, body.step, event, origin, env) : 'invalid';
  if (content === 'expired') throw new Problem('ticket_expired');
  if (content === 'invalid') {
    if (!(await isWithinAddress(request, env, 'stranger'))) throw throttled();
    throw new Problem('ticket_invalid');
  }
  if (!(await isWithin(env.TICKET_THROTTLE, content.leadId))) throw throttled();
  return content;
}

/** A manage ticket is for steps of its own, and beside a visit's ticket for reading and times. It names no origin. */
async function readTicket(ticket: string, step: unknown, event: string, origin: string, env: Env) {
  const office = ticketOffice(env);
  const base = { event, nowSeconds: nowSeconds() };
  const isManaging = step === 'reschedule' || step === 'cancel' || step === 'calendar';
  const visits = isManaging ? [] : (['visit', 'visit_unproven'] as const);
  const visit = await office.verify(ticket, { ...base, purposes: visits, origin });
  if (visit !== 'invalid' || !(isManaging || step === 'read' || step === 'slots')) return visit;
  return office.verify(ticket, { ...base, purposes: ['manage'], origin: MANAGE_ORIGIN });
}

/**
 * Where the ticket needs proof of work, that it is there and enough.
 * @returns whether a lead that begins with this step is as urgent as any.
 * @throws Problem `proof_required`, `throttled`
 */
export async function checkProof(
  ticket: TicketContent,
  step: LeadRequest,
  request: Request,
  env: Env,
): Promise<boolean> {
  const isProven = ticket.purpose !== 'visit_unproven';
  const bits = isProven || step.proof === undefined ? 0 : await workOf(step.ticket, step.proof);
  const admission = await admit(
    { isProven, isContact: step.step === 'contact', bits },
    {
      ofTicket: () => isWithin(env.LEAD_THROTTLE, ticket.leadId),
      urgent: () => isWithinBudget(env.URGENT_LEADS, request),
      ofAddress: () => isWithinAddress(request, env, 'proven'),
    },
  );
  if (admission.ok) return admission.isUrgent;
  const { code } = admission;
  if (code === 'throttled') throw new Problem(code, { retryAfterSeconds: admission.retryAfterSeconds });
  throw new Problem(code, { extra: { stepUp: admission.stepUp } });
}

/** @throws Problem `invalid_request` */
export function checkSchema(body: Record<string, unknown>): LeadRequest {
  const result = LeadRequestSchema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Problem('invalid_request', { cause: new Error(`${String(issue?.path[0])}: ${issue?.code}`) });
}

/** In place of an origin: a manage ticket works on every page that may book, and on the Worker's own. */
const MANAGE_ORIGIN = 'manage';

/** For a booking; the Lead says from when to when it is good. */
export function manageTicket(
  env: Env,
  { event, leadId }: Pick<TicketContent, 'event' | 'leadId'>,
  { fromSeconds, untilSeconds }: NonNullable<ReplyExtras['manage']>,
): Promise<string> {
  const facts = { event, leadId, origin: MANAGE_ORIGIN };
  return ticketOffice(env).issue({ purpose: 'manage', issuedAt: fromSeconds, expiresAt: untilSeconds, ...facts });
}

type TicketFacts = Pick<TicketContent, 'event' | 'origin' | 'leadId'>;

/** For who has one already. */
export function renewTicket(env: Env, { event, origin, leadId }: TicketFacts): Promise<string> {
  return issue(env, { event, origin, leadId }, 'visit', TICKET_SECONDS);
}

/** For a new visitor; over the address's budget one that needs proof, with what it asks for. */
export async function newTicket(
  request: Request,
  env: Env,
  facts: TicketFacts,
): Promise<Required<Pick<EventAnswer, 'ticket'>> & Pick<EventAnswer, 'stepUp'>> {
  if (await isWithinBudget(env.FREE_TICKETS, request)) return { ticket: await renewTicket(env, facts) };
  return { ticket: await issue(env, facts, 'visit_unproven', UNPROVEN_TICKET_SECONDS), stepUp: FIRST_STEP_UP };
}

function issue(env: Env, facts: TicketFacts, purpose: TicketContent['purpose'], seconds: number): Promise<string> {
  const issuedAt = nowSeconds();
  return ticketOffice(env).issue({ purpose, issuedAt, expiresAt: issuedAt + seconds, ...facts });
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1_000);
}
