/**
 * The addresses of the Worker and what each does, read from top to bottom: the door's stations in order, then one call to an
 * object, then an answer built field by field. One `onError` speaks for everything that is thrown.
 */
import { type Context, Hono } from 'hono';
import { type EventAnswer, type LeadState, PATHS, type PublicEvent } from '../shared/protocol.ts';
import { SLOTS_ALONG_MS } from '../shared/limits.ts';
import { MonthSchema } from '../shared/schemas.ts';
import { addressOf } from './address.ts';
import { askObject } from './ask-object.ts';
import { calendarFile } from './calendar-file.ts';
import { findEvent, forgetEvent, openSlots, type Wait } from './catalogue.ts';
import { keyFault, settingsOf } from './config/settings.ts';
import {
  checkProof,
  checkSchema,
  checkTicket,
  isAllowed,
  isWithinAddress,
  manageTicket,
  newTicket,
  readBody,
  readForm,
  readingOrigin,
  renewTicket,
  writingOrigin,
} from './door.ts';
import type { Env } from './env.ts';
import { monthOf } from './event/windows.ts';
import type { LeadReply } from './lead/steps.ts';
import { log } from './log.ts';
import { leadStub, newLeadId } from './objects.ts';
import { admin } from './owner/admin.ts';
import { Problem, problemResponse, SetupError } from './problem.ts';

/** A ticket older than this is renewed with the next answer. */
const RENEW_AFTER_SECONDS = 300;

interface Variables {
  requestId: string;
  startedAt: number;
  /** For the log: an attempt is a random id. */
  attempt: string;
  step: string;
  /** Of the problem that was answered. */
  code: string;
}
type AppContext = Context<{ Bindings: Env; Variables: Variables }>;

export const app = new Hono<{ Bindings: Env; Variables: Variables }>();

app.use(async (context, next) => {
  context.set('requestId', crypto.randomUUID());
  context.set('startedAt', Date.now());
  await next();
  allowReading(context);
  const { method, path } = context.req;
  const milliseconds = Date.now() - context.get('startedAt');
  const { attempt, step, code } = context.var;
  log('request', { method, path, status: context.res.status, milliseconds, attempt, step, code });
});

app.get(PATHS.health, (context) => context.json({ ok: true }, 200, { 'cache-control': 'no-store' }));

app.get(PATHS.event, async (context) => {
  const { env, req } = context;
  const origin = readingOrigin(req.raw, env);
  const mayAsk = await isWithinAddress(req.raw, env, 'event');
  const { public: event } = await findEvent(env, queried(context, 'event'), waitOf(context), mayAsk);
  const slots = event.flow === 'times-first' ? await firstTimes(context, event, mayAsk) : undefined;
  const answer: EventAnswer = { v: 1, event, now: new Date().toISOString() };
  if (slots) answer.slots = slots;
  const country = countryOf(req.raw);
  if (country) answer.country = country;
  if (origin) Object.assign(answer, await newTicket(req.raw, env, { event: event.id, origin, leadId: newLeadId(env) }));
  return context.json(answer, 200, { 'cache-control': 'no-store' });
});

/** This month's times along with the event, which saves a slow phone the way there and back; without them the widget asks. */
function firstTimes(context: AppContext, { id, mode, openSlots: isOpen }: PublicEvent, mayAsk: boolean) {
  if (mode !== 'book' || !isOpen) return undefined;
  const month = monthOf(Date.now());
  const page = openSlots(context.env, id, month, waitOf(context), mayAsk).catch(() => undefined);
  waitOf(context)(page);
  return Promise.race([page, scheduler.wait(SLOTS_ALONG_MS).then(() => undefined)]);
}

app.get(PATHS.slots, async (context) => {
  const { env, req } = context;
  readingOrigin(req.raw, env);
  const mayAsk = await isWithinAddress(req.raw, env, 'slots');
  const { public: event } = await findEvent(env, queried(context, 'event'), waitOf(context), mayAsk);
  const month = MonthSchema.safeParse(req.query('month'));
  if (!month.success) throw new Problem('invalid_request');
  if (!event.openSlots) throw new Problem('step_out_of_order');
  if (event.mode !== 'book') throw new Problem('event_unavailable');
  return context.json(await openSlots(env, event.id, month.data, waitOf(context), mayAsk), 200, NO_STORE);
});

app.options(PATHS.lead, (context) => {
  writingOrigin(context.req.raw, context.env);
  return context.body(null, 204, {
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': 'content-type',
    'access-control-max-age': '7200',
  });
});

app.post(PATHS.lead, async (context) => {
  const origin = writingOrigin(context.req.raw, context.env);
  const { state, status } = await takeStep(context, origin, await readBody(context.req.raw));
  return context.json(state, status, NO_STORE);
});

/** The call as a file, asked for by a plain form: for browsers that do nothing with a file that a script has made. */
app.post(PATHS.calendar, async (context) => {
  // A page that hands out no referrer sends a form from the origin `null`; a manage ticket answers for itself.
  const isNamed = context.req.header('origin') !== 'null';
  const origin = isNamed ? writingOrigin(context.req.raw, context.env) : new URL(context.req.url).origin;
  const body = await readForm(context.req.raw);
  if (body.step !== 'calendar') throw new Problem('invalid_request');
  const { state } = await takeStep(context, origin, body);
  if (!state.calendar) throw new Problem('unavailable');
  return context.body(state.calendar.text, 200, {
    ...NO_STORE,
    'content-type': 'text/calendar; charset=utf-8',
    'content-disposition': 'inline; filename="call.ics"',
  });
});

/** @throws Problem of every kind. */
async function takeStep(context: AppContext, origin: string, body: Record<string, unknown>) {
  const { env, req } = context;
  if (typeof body.event !== 'string') throw new Problem('invalid_request');
  const ticket = await checkTicket(body, body.event, origin, req.raw, env);
  const request = checkSchema(body);
  context.set('attempt', request.attempt);
  context.set('step', request.step);
  if (request.step === 'contact' && request.website) return { state: decoy(request.attempt), status: 200 as const };
  const isUrgent = await checkProof(ticket, request, req.raw, env);
  const description = await findEvent(env, request.event, waitOf(context));
  const { event, leadId } = ticket;
  const from = { country: countryOf(req.raw), ip: addressOf(req.raw) };
  const manage = ticket.purpose === 'manage' ? { manage: { issuedAt: ticket.issuedAt } } : {};
  const urgency = isUrgent ? {} : { givesWay: true as const };
  const input = { request, leadId, event, description, ...from, ...urgency, ...manage };
  // A step may be asked twice: attempt, step and seq make it one.
  const reply = await askObject(async () => (await leadStub(env, leadId).step(input)) as LeadReply);
  const isOld = Date.now() / 1_000 - ticket.issuedAt > RENEW_AFTER_SECONDS || ticket.purpose === 'visit_unproven';
  const renewed = isOld && ticket.purpose !== 'manage' ? { ticket: await renewTicket(env, ticket) } : {};
  const managed = reply.manage && (await manageTicket(env, ticket, reply.manage));
  if (!reply.ok) {
    if (reply.code === 'event_unavailable') waitOf(context)(forgetEvent(env, event));
    if (reply.lead?.booking && managed) reply.lead.booking.manage = managed;
    throw problemOf(reply, renewed);
  }
  const { state, calendar } = reply;
  if (state.booking && managed) state.booking.manage = managed;
  if (calendar) {
    const link = `${new URL(req.url).origin}${PATHS.manage}#${event}/${managed ?? ''}`;
    state.calendar = { text: calendarFile(calendar, link, new Date()) };
  }
  return { state: { ...state, ...renewed }, status: reply.status };
}

const NO_STORE = { 'cache-control': 'no-store' };

app.route('/admin', admin);

for (const path of [PATHS.event, PATHS.slots, PATHS.lead, PATHS.calendar]) {
  app.all(path, () => {
    throw new Problem('method_not_allowed');
  });
}

app.notFound((context) => answerProblem(context as AppContext, new Problem('not_found')));

app.onError((error, context) => {
  if (error instanceof SetupError) log('setup_fault', { sentence: error.message });
  const code = error instanceof SetupError ? 'unavailable' : 'internal';
  const problem = error instanceof Problem ? error : new Problem(code, { cause: error });
  return answerProblem(context as AppContext, problem);
});

function answerProblem(context: AppContext, problem: Problem): Response {
  const requestId = context.get('requestId');
  context.set('code', problem.code);
  const { cause } = problem;
  if (cause instanceof Error)
    log('problem', { requestId, code: problem.code, cause: `${cause.name}: ${cause.message}` });
  return problemResponse(problem, requestId);
}

/** A refusal may be read by every page, so that a refused website learns in its console what to do about it. */
function allowReading(context: AppContext): void {
  const origin = context.req.header('origin');
  if (origin === undefined) return;
  const { headers } = context.res;
  headers.set('access-control-allow-origin', isSafelyAllowed(context, origin) ? origin : '*');
  headers.append('vary', 'Origin');
  headers.set('access-control-expose-headers', 'retry-after');
}

function isSafelyAllowed(context: AppContext, origin: string): boolean {
  try {
    return isAllowed(origin, context.req.raw, context.env);
  } catch {
    return false;
  }
}

/** A robot that filled the hidden field believes that it got through; nothing is stored. */
function decoy(attempt: string): LeadState {
  return { v: 1, attempt, stage: 'answers' };
}

/** A proof is given once: its new ticket comes with a problem too, such as a field that needs attention. */
function problemOf(reply: Extract<LeadReply, { ok: false }>, renewed: { ticket?: string }): Problem {
  const { code, fields, retryAfterSeconds, slots, nearest, lead } = reply;
  return new Problem(code, { fields, retryAfterSeconds, extra: { slots, nearest, lead, ...renewed } });
}

function waitOf(context: AppContext): Wait {
  return (work) => context.executionCtx.waitUntil(work);
}

function queried(context: AppContext, name: string): string {
  const value = context.req.query(name);
  if (!value || value.length > 500) throw new Problem('invalid_request');
  return value;
}

/** ISO 3166-1 alpha-2 as the edge saw it; `T1` and `XX` are no countries. */
function countryOf(request: Request): string | undefined {
  const country = request.headers.get('cf-ipcountry') ?? (request.cf?.country as string | undefined);
  return country && /^[A-Z]{2}$/.test(country) && country !== 'XX' ? country : undefined;
}

/** Said once per isolate, for the owner; visitors never read it. */
export function sayFaults(env: Env): void {
  const fault = keyFault(env.ICLOSED_API_KEY);
  if (fault) log('setup_fault', { sentence: fault });
  settingsOf(env);
}
