/**
 * A visitor over HTTP, as the Worker's tests play one: gets a ticket, sends steps with their idempotency keys, remembers every
 * answer. Says nothing about how the Worker works inside. Beside it the few waits and reads that all Worker tests share.
 */
import assert from 'node:assert/strict';
import { PROBLEMS, type ProblemCode } from '../../shared/problems.ts';
import {
  type ContactFields,
  type EventAnswer,
  type LeadState,
  type PageFacts,
  PATHS,
  type SlotPage,
  type LeadProblem,
  type Stage,
  type Step,
  type StepUp,
} from '../../shared/protocol.ts';
import { solve } from '../../widget/parts/work.ts';
import type { SettingsPatch } from '../standin/settings.ts';
import { type Stack, type StackOptions, startStack } from '../stack.ts';

export const DISCOVERY = 'acme/discovery-call';
export const STRATEGY = 'acme/strategy-session';
/** A pace that no test notices; what the pacing does is tried in `throttle.test.ts`. */
export const UNPACED = '5000/1s';

/** Answers to the discovery call that neither route nor disqualify. */
export const PLAIN_ANSWERS = { 'company-size': ['11-50'], 'monthly-revenue': ['$5k – $20k'] };
/** Answers that route to Zed and Mia. */
export const ROUTING_ANSWERS = { 'company-size': ['51-200'], 'monthly-revenue': ['$5k – $20k'] };
/** Answers for which iClosed's rule 9401 fires. */
export const DISQUALIFYING_ANSWERS = { 'company-size': ['11-50'], 'monthly-revenue': ['Under $5k'] };

/** What came back: the members of every answer, each there only in its own kind. */
export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  body: Partial<LeadState> & Partial<LeadProblem>;
  code: ProblemCode | undefined;
}

export interface VisitorOptions {
  event?: string;
  origin?: string;
  ip?: string;
  country?: string;
}

/** The running product with an iClosed that sets no pace. */
export function startUnpaced(options: StackOptions = {}): Promise<Stack> {
  const { standin, vars } = options;
  const settings: SettingsPatch = { ...standin?.settings };
  settings.limit = { enforced: false, ...settings.limit };
  return startStack({
    ...options,
    standin: { ...standin, settings },
    vars: { ICLOSED_RATE: UNPACED, ...vars },
  });
}

let visitors = 0;

/** An e-mail that nobody else in this run has. */
export function freshEmail(name = 'vera'): string {
  visitors += 1;
  return `${name}.${process.pid}.${visitors}@visitors.example`;
}

/** Fields for every contact question of the discovery call. */
export function person(more: ContactFields = {}): ContactFields {
  return { first_name: 'Vera', last_name: 'Visitor', email: freshEmail(), phone: phoneNumber(), ...more };
}

function phoneNumber(): string {
  visitors += 1;
  return `+1202555${String(1000 + visitors).slice(-4)}`;
}

export class Visitor {
  readonly stack: Stack;
  readonly event: string;
  readonly origin: string;
  readonly ip: string;
  readonly country: string;
  attempt: string = crypto.randomUUID();
  ticket = '';
  /** What the ticket asks for, and the proof that goes with each step. */
  stepUp: StepUp | undefined;
  proof: string | undefined;
  readonly #seqs = new Map<Step, number>();

  constructor(stack: Stack, options: VisitorOptions = {}) {
    visitors += 1;
    this.stack = stack;
    this.event = options.event ?? DISCOVERY;
    this.origin = options.origin ?? stack.site;
    this.ip = options.ip ?? `2001:db8:${visitors.toString(16)}:1::7`;
    this.country = options.country ?? 'US';
  }

  /** Opens the page: description and ticket. */
  async open(): Promise<EventAnswer> {
    const answer = await this.get(`${PATHS.event}?event=${encodeURIComponent(this.event)}`);
    assert.equal(answer.status, 200, answer.text);
    const described = JSON.parse(answer.text) as EventAnswer;
    assert.ok(described.ticket, 'an allowed page gets a ticket');
    this.ticket = described.ticket;
    this.stepUp = described.stepUp;
    return described;
  }

  /** A step with the next `seq` of its kind, unless the fields name one. */
  send(step: Step, fields: Record<string, unknown> = {}): Promise<Reply> {
    if (fields.seq === undefined) this.#seqs.set(step, (this.#seqs.get(step) ?? 0) + 1);
    const { event, ticket, attempt, proof } = this;
    const given = proof === undefined ? fields : { proof, ...fields };
    return this.post({ v: 1, event, ticket, attempt, seq: this.#seqs.get(step) ?? 1, step, ...given });
  }

  /** Works as the widget does. */
  async prove(bits = this.stepUp?.bits ?? 0): Promise<void> {
    const turns = { now: () => performance.now(), rest: () => new Promise((resolve) => setImmediate(resolve)) };
    this.proof = await solve(this.ticket, bits, turns, () => true);
  }

  /** The ticket that came with an answer needs no proof. */
  take({ body }: Reply): void {
    if (!body.ticket) return;
    this.ticket = body.ticket;
    this.proof = undefined;
  }

  contact(contact: ContactFields, page?: PageFacts): Promise<Reply> {
    return this.send('contact', { contact, ...(page ? { page } : {}) });
  }

  answers(answers: Record<string, string[]>, month?: string): Promise<Reply> {
    return this.send('answers', { answers, ...(month ? { month } : {}) });
  }

  slots(month: string): Promise<Reply> {
    return this.send('slots', { month });
  }

  book(startsAt: string, timeZone = 'Asia/Kolkata'): Promise<Reply> {
    return this.send('book', { startsAt, timeZone });
  }

  read(): Promise<Reply> {
    return this.send('read');
  }

  /** Sends the same step again until it is neither throttled nor busy, as the widget does. */
  async patiently(step: () => Promise<Reply>, withinMs = 50_000): Promise<Reply> {
    const until = Date.now() + withinMs;
    for (;;) {
      const reply = await step();
      if (reply.code !== 'busy' && reply.code !== 'throttled' && reply.code !== 'attempt_conflict') return reply;
      const seconds = Number(reply.headers.get('retry-after'));
      assert.ok(seconds > 0, `${reply.code} says when to come back`);
      assert.ok(Date.now() + seconds * 1_000 < until, `still ${reply.code} after ${withinMs} ms`);
      await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
    }
  }

  /** Reads, seldom enough for the ticket's budget, until the visitor is there. */
  reaches(stage: Stage, withinMs = 20_000): Promise<Reply> {
    const look = async () => {
      const reply = await this.read();
      return reply.body.stage === stage && reply;
    };
    return until(look, `${this.event} at ${stage}`, withinMs, 500);
  }

  /** Opens the page and goes as far as the calendar; every station must succeed. */
  async toTimes(contact = person(), answers: Record<string, string[]> = PLAIN_ANSWERS): Promise<string[]> {
    await this.open();
    const first = await this.contact(contact);
    assert.equal(first.status, 200, first.text);
    const second = await this.answers(answers);
    assert.equal(second.status, 200, second.text);
    assert.equal(second.body.stage, 'times', second.text);
    return this.times();
  }

  /** This visitor's own times, from tomorrow on, of the first two months that have any. */
  async times(): Promise<string[]> {
    const found: string[] = [];
    for (const month of [monthFromNow(0), monthFromNow(1)]) {
      const reply = await this.slots(month);
      assert.equal(reply.status, 200, reply.text);
      found.push(...(reply.body.slots?.slots ?? []));
    }
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    return [...new Set(found)].filter((each) => each > tomorrow).sort();
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Reply> {
    return ask(this.stack, path, { headers: { ...this.#sender(), ...headers } });
  }

  post(body: unknown, headers: Record<string, string> = {}): Promise<Reply> {
    return ask(this.stack, PATHS.lead, {
      method: 'POST',
      headers: { ...this.#sender(), 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  #sender(): Record<string, string> {
    return { origin: this.origin, 'cf-connecting-ip': this.ip, 'cf-ipcountry': this.country };
  }
}

/** Everything that any Worker said to anybody in this process. */
export const heard: Reply[] = [];

export async function ask(stack: Stack, path: string, init: RequestInit = {}): Promise<Reply> {
  const { response, text } = await connected(() => fetch(`${stack.worker}${path}`, { redirect: 'manual', ...init }));
  const reply: Reply = {
    status: response.status,
    headers: response.headers,
    text,
    body: parsed(text),
    code: undefined,
  };
  if (reply.headers.get('content-type') === 'application/problem+json') reply.code = reply.body.code;
  heard.push(reply);
  return reply;
}

/**
 * On a busy machine the local runtime closes a connection that was idle just when it is used again. That is nobody's answer:
 * the request is sent once more.
 */
async function connected(send: () => Promise<Response>): Promise<{ response: Response; text: string }> {
  const once = async () => {
    const response = await send();
    return { response, text: await response.text() };
  };
  const wasClosed = (error: unknown) =>
    ['UND_ERR_SOCKET', 'ECONNRESET'].includes((error as { cause?: { code?: string } }).cause?.code ?? '');
  try {
    return await once();
  } catch (error) {
    if (!wasClosed(error)) throw error;
    return once();
  }
}

function parsed(text: string): Reply['body'] {
  try {
    return JSON.parse(text) as Reply['body'];
  } catch {
    return {};
  }
}

/** Fails unless the answer is this problem, whole and as its list says. */
export function assertProblem(reply: Reply, code: ProblemCode, what = ''): void {
  const said = `${what} → ${reply.status} ${reply.text.slice(0, 300)}`;
  assert.equal(reply.code, code, said);
  const { status, title } = PROBLEMS[code];
  assert.equal(reply.status, status, said);
  assert.equal(reply.body.status, status, said);
  assert.equal(reply.body.title, title, said);
  assert.match(reply.body.requestId ?? '', /^[0-9a-f-]{36}$/, said);
  assert.ok(reply.body.type, said);
  assert.equal(reply.headers.get('cache-control'), 'no-store', said);
}

/** What is done within one window takes no longer than this on a busy machine. */
const WINDOW_NEEDS_MS = { 10: 8_500, 60: 15_000 };

/** Resolves when enough of a window of the local limiter is left, which is aligned to the clock. */
async function freshWindow(seconds: 10 | 60): Promise<void> {
  const leftMs = seconds * 1_000 - (Date.now() % (seconds * 1_000));
  if (leftMs < WINDOW_NEEDS_MS[seconds]) await new Promise((resolve) => setTimeout(resolve, leftMs + 20));
}

/** Runs within one window, again with another try's number where the machine was too busy for that. */
export async function inOneWindow(seconds: 10 | 60, run: (attempt: number) => Promise<void>): Promise<void> {
  const windowNow = () => Math.floor(Date.now() / (seconds * 1_000));
  for (let attempt = 1; ; attempt += 1) {
    await freshWindow(seconds);
    const window = windowNow();
    let failure: Error | undefined;
    await run(attempt).catch((error: unknown) => {
      failure = error as Error;
    });
    const isWithin = windowNow() === window;
    if (failure === undefined) return;
    if (isWithin || attempt === 3) throw failure;
  }
}

/**
 * A flood over few connections that are never idle: on a busy machine the local runtime closes idle ones while they are being
 * used again.
 */
export async function flood<T>(count: number, send: (at: number) => Promise<T>): Promise<T[]> {
  const answers: T[] = [];
  let next = 0;
  const one = async () => {
    while (next < count) {
      const at = next++;
      answers[at] = await send(at);
    }
  };
  await Promise.all(Array.from({ length: 16 }, one));
  return answers;
}

let picked = 0;

/** Another time than everybody before picked in this process. */
export function pick(times: readonly string[]): string {
  const time = times[picked % times.length];
  assert.ok(time, 'there are times');
  picked += 1;
  return time;
}

/** Polls until the value is there. */
export async function until<T>(
  find: () => T | Promise<T>,
  what: string,
  withinMs = 10_000,
  everyMs = 25,
): Promise<Exclude<T, undefined | null | false>> {
  const end = Date.now() + withinMs;
  for (;;) {
    const found = await find();
    if (found !== undefined && found !== null && found !== false) {
      return found as Exclude<T, undefined | null | false>;
    }
    assert.ok(Date.now() < end, `not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

/** `YYYY-MM`, so many months from now in UTC. */
export function monthFromNow(months: number): string {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months, 1)).toISOString().slice(0, 7);
}

/** Public times of an event. */
export async function openPage(visitor: Visitor, month: string): Promise<SlotPage> {
  const reply = await visitor.get(`${PATHS.slots}?event=${encodeURIComponent(visitor.event)}&month=${month}`);
  assert.equal(reply.status, 200, reply.text);
  return JSON.parse(reply.text) as SlotPage;
}

/** Bodies of all calls to one endpoint, in order of arrival. */
export function bodies(stack: Stack, endpoint: string): Record<string, unknown>[] {
  return stack.standin.ledger.requests(endpoint).map(({ body }) => body as Record<string, unknown>);
}

/** The one contact with that address in the account. */
export function contactOf(stack: Stack, email: string) {
  const found = stack.standin.ledger.contactsOf(email);
  assert.equal(found.length, 1, `contacts of ${email}`);
  const [contact] = found;
  assert.ok(contact);
  return contact;
}

/** A new isolate with the same objects behind it, as after a deploy. */
export function renewIsolate(stack: Stack): Promise<void> {
  return stack.update((options) => ({ ...options }));
}
