/**
 * One visitor at one page, in virtual time: the widget's own conversation and session, a network that loses and delays, and behind it
 * a Lead with everything that it has. The page is loaded anew, the element made anew, the visitor types and presses whatever stands
 * on the screen. A book compares what was meant with what is asked for.
 */
import type { EventAnswer, LeadRequest, PublicEvent, Step } from '../../shared/protocol.ts';
import { type ProblemCode, PROBLEMS } from '../../shared/problems.ts';
import { AWAY_MS } from '../../shared/limits.ts';
import type { World } from '../../widget/client.ts';
import { Conversation, type Listener, type Setting } from '../../widget/conversation.ts';
import { formSteps, type Values } from '../../widget/fields.ts';
import { createSession, type Session } from '../../widget/session.ts';
import type { Action, State } from '../../widget/state.ts';
import type { LeadReply } from '../../worker/lead/steps.ts';
import { EVENT } from '../unit/lead-records.ts';
import { asked, LeadRun } from './lead-run.ts';
import { takeNext } from './script.ts';
import { VisitBook } from './visit-book.ts';

const ENDPOINT = 'https://book.example.com';
/** From the browser to the edge, and back. */
const WAY_MS = 20;
/** Longer than the widget waits. */
const LATE_MS = 30_000;
const SLOW_MS = 4_000;

/** What the network does to a request. `deaf`: it arrives, and nobody hears the answer; `late`: it arrives when it was given up. */
export const TROUBLES = ['lost', 'deaf', 'late', 'slow', 'away', 'throttled'] as const;
export type Trouble = (typeof TROUBLES)[number];

export type PageSteps = Pick<PublicEvent, 'flow' | 'steps'>;

/** One rule of the widget dropped, by wrapping what it is given. */
export interface VisitMutation {
  /** What the visitor does, as the conversation hears it. */
  actions?(action: Action, state: State): Action[];
  /** What leaves the browser. */
  request?(request: LeadRequest): LeadRequest;
  /** What the widget hears. */
  reply?(reply: LeadReply, request: LeadRequest): LeadReply;
  session?(session: Session): Session;
  /** How long it pauses. */
  pauseMs?(milliseconds: number): number;
}

export class VisitRun {
  readonly worker = new LeadRun();
  readonly book = new VisitBook();
  /** What becomes of the next requests, or of the next ones of a step. */
  readonly troubles: { step: Step | undefined; trouble: Trouble }[] = [];
  /** Whoever has seen that he is booked and loads the page anew may book another call. */
  visits = 1;
  /** A booking has reached the Worker when it was given up. */
  cameLate = false;
  readonly #mutation: VisitMutation;
  readonly #event: PublicEvent;
  readonly #expired = new Set<string>();
  readonly #entries = new Map<string, string>();
  #session: Session;
  #conversation: Conversation | undefined;
  #other: Conversation | undefined;
  #attempts = 0;
  #tickets = 0;
  #isOnline = true;
  #whenOnline: (() => void)[] = [];

  constructor(shown: PageSteps, mutation: VisitMutation = {}) {
    this.#mutation = mutation;
    this.#event = { ...asked.public, ...shown };
    this.#session = this.#newSession();
    this.#begin();
  }

  get state(): State {
    return (this.#conversation as Conversation).state;
  }

  // --- the visitor, who can do what the screen shows ---

  /** @param values By field; those that are not on the screen are not typed. */
  type(values: Values): void {
    const fields = this.#fields();
    const typed = Object.fromEntries(Object.entries(values).filter(([field]) => fields.includes(field)));
    if (Object.keys(typed).length === 0) return;
    this.book.typed(typed);
    this.#act({ type: 'typed', values: typed });
  }

  submit(): void {
    if (this.state.view !== 'form') return;
    const { email } = this.state.values;
    const isWrong = this.state.step === 0 && !this.state.masked && email?.[0] && !email[0].includes('@');
    this.book.pressed(this.state.pick);
    this.#act({ type: 'submit', faults: isWrong ? { email: 'invalid' } : {} });
  }

  /** The contact's fields are complete and left, which owners may have sent ahead. */
  leaveContact(): void {
    const { view, step, masked, goal, values } = this.state;
    const isComplete = values.name?.[0] && values.email?.[0]?.includes('@');
    if (view === 'form' && step === 0 && !masked && !goal && isComplete) this.#act({ type: 'early' });
  }

  goBack(): void {
    const { view, step, flow, hasOwnTimes } = this.state;
    if (!(view === 'form' ? step > 0 || flow === 'times-first' : view === 'times' && hasOwnTimes)) return;
    this.#act({ type: 'back' });
    if (this.state.view !== view || this.state.step !== step) this.book.turned();
  }

  changeContact(): void {
    const { view, step, masked } = this.state;
    if (view !== 'form' || step > 0 || !masked) return;
    this.book.forgot('name', 'email');
    this.#act({ type: 'change' });
  }

  /** @param index Of the times that are free, as the page has them. */
  pick(index: number): void {
    const times = Object.values(this.state.pages)
      .flatMap(({ slots }) => slots)
      .filter((each) => Date.parse(each) > this.worker.now);
    const startsAt = times[index % Math.max(1, times.length)];
    if (this.state.view !== 'times' || !startsAt) return;
    const { pick } = this.state;
    this.#act({ type: 'pick', startsAt });
    if (this.state.pick !== pick) this.book.turned();
  }

  confirm(): void {
    const { view, pick } = this.state;
    if (view !== 'times' || !pick) return;
    this.book.pressed(pick);
    this.#act({ type: 'confirm' });
  }

  chooseZone(timeZone: string): void {
    if (this.state.view === 'times') this.#conversation?.chooseZone(timeZone);
  }

  correct(): void {
    const { view, disqualified } = this.state;
    if (view === 'disqualified' && disqualified?.mayCorrect) this.#act({ type: 'correct' });
  }

  retry(): void {
    const { view, notice } = this.state;
    if (view !== 'stopped' && notice?.kind !== 'failed') return;
    // Beside a form it sends what stands there, as its button does.
    if (view === 'form') return this.submit();
    if (view !== 'stopped') this.book.pressed(this.state.pick);
    this.#act({ type: 'retry' });
  }

  takeLink(): void {
    const { view, notice } = this.state;
    if (view === 'stopped' || view === 'safe' || notice?.kind === 'failed') this.#conversation?.withdraw();
  }

  // --- the page ---

  async leave(milliseconds: number): Promise<void> {
    await this.pass(milliseconds);
    if (milliseconds > AWAY_MS) this.#act({ type: 'returned' });
  }

  /** Loaded anew: the page's memory is gone, its storage is not. */
  reload(): void {
    if (this.book.hasSeenCall) this.visits += 1;
    this.#conversation?.close();
    this.#other?.close();
    this.#other = undefined;
    this.#session = this.#newSession();
    this.book.reloaded();
    this.#begin();
  }

  /** The element is replaced by a copy, as by an A/B tool or a framework. */
  remake(isCopyFirst: boolean): void {
    const before = this.#conversation;
    if (!isCopyFirst) before?.close();
    this.#begin();
    if (isCopyFirst) before?.close();
  }

  /** A second widget of the same event, which nobody touches. */
  standBeside(): void {
    if (!this.#other) this.#begin(true);
  }

  setOnline(isOnline: boolean): void {
    this.#isOnline = isOnline;
    if (!isOnline) return;
    for (const resume of this.#whenOnline) resume();
    this.#whenOnline = [];
  }

  /** A ticket lives for a day, and what becomes of a booking is known before: it expires on people who have not booked yet. */
  expireTickets(): void {
    if (this.record?.booking) return;
    for (let ticket = 1; ticket <= this.#tickets; ticket += 1) this.#expired.add(`lead-${ticket}`);
  }

  async pass(milliseconds: number): Promise<void> {
    await this.worker.pass(milliseconds);
    this.book.check();
  }

  // --- afterwards ---

  /** Everything works again. */
  async recover(): Promise<void> {
    this.troubles.length = 0;
    this.setOnline(true);
    this.worker.mend();
    await this.pass(2 * 60_000);
  }

  /** What the visitor does who wants a call and nothing else. */
  async goOn(): Promise<void> {
    const { view } = this.state;
    if (view === 'form') {
      while (this.state.values.size?.[0] === 'broke' && this.state.step > 0 && !this.#fields().includes('size'))
        this.goBack();
      const email = this.state.faults.email === 'refused' ? 'ann.lee@example.com' : 'ann@example.com';
      this.type({ name: ['Ann Lee'], email: [email], size: ['2+'] });
      this.submit();
    } else if (view === 'times') {
      if (!this.state.pick) this.pick(3);
      this.confirm();
    }
    this.correct();
    if (view !== 'form') this.retry();
    await this.pass(view === 'booking' || view === 'unclear' ? 10 * 60_000 : 20_000);
  }

  /** On the screen. */
  #fields(): string[] {
    const { view, step } = this.state;
    const { contact = [], questions = [] } = (view === 'form' && formSteps(this.state)[step]) || {};
    return [...contact.map(({ type }) => type), ...questions.map(({ id }) => id)];
  }

  #act(action: Action): void {
    const conversation = this.#conversation as Conversation;
    const heard = this.#mutation.actions?.(action, conversation.state) ?? [action];
    for (const each of heard) conversation.act(each);
    this.book.shown(conversation.state);
  }

  #newSession(): Session {
    const entries = this.#entries;
    const session = createSession(() => ({
      getItem: (key) => entries.get(key) ?? null,
      setItem: (key, value) => void entries.set(key, value),
      removeItem: (key) => void entries.delete(key),
    }));
    return this.#mutation.session?.(session) ?? session;
  }

  #begin(isOther = false): void {
    this.#attempts += 1;
    const attempt = `attempt-${this.#attempts}`;
    const setting: Setting = { endpoint: ENDPOINT, event: EVENT, attempt, page: () => ({}), prefill: {} };
    const session = this.#session;
    const listener: Listener = {
      learn: () => undefined,
      onFree: async () => {
        await settled();
        if (session.isHeld(EVENT)) return;
        conversation.close();
        if (session.read(EVENT)) this.#begin(isOther);
        else conversation.open();
      },
      onChange: (state, before, action) => {
        if (this.#conversation === conversation) this.book.changed(state, before, action, this.record);
      },
      onHappening: () => true,
    };
    const conversation: Conversation = new Conversation(
      setting,
      this.#world(() => conversation.state),
      session,
      listener,
    );
    if (isOther) this.#other = conversation;
    else this.#conversation = conversation;
    conversation.open();
  }

  // --- the world of the browser ---

  #world(stateOf: () => State): World {
    const { clock } = this.worker;
    return {
      fetch: (url, init) => this.#fetch(new URL(url), init, stateOf),
      load: () => Promise.reject(new Error('no part is needed')),
      now: clock.now,
      timeZone: () => 'UTC',
      rest: settled,
      random: () => 0.5,
      timeout: (milliseconds) => {
        const abort = new AbortController();
        clock.at(clock.now() + milliseconds, () => abort.abort());
        return abort.signal;
      },
      sleep: (milliseconds, signal) =>
        new Promise<void>((resolve) => {
          clock.at(clock.now() + (this.#mutation.pauseMs?.(milliseconds) ?? milliseconds), resolve);
          signal?.addEventListener('abort', () => resolve());
        }),
      isOnline: () => this.#isOnline,
      untilOnline: (signal) =>
        new Promise<void>((resolve) => {
          this.#whenOnline.push(resolve);
          signal.addEventListener('abort', () => resolve());
        }),
    };
  }

  /** What is given up on the way arrives all the same. */
  #fetch(url: URL, init: RequestInit, stateOf: () => State): Promise<Response> {
    if (init.signal?.aborted) return Promise.reject(new DOMException('aborted', 'AbortError'));
    const said = typeof init.body === 'string' ? (JSON.parse(init.body) as LeadRequest) : undefined;
    const request = said && (this.#mutation.request?.(said) ?? said);
    this.book.asked(request, stateOf(), this.#leadOf(request?.ticket)?.record, this.worker.now);
    return new Promise((resolve, reject) => {
      const fail = () => reject(new TypeError('Failed to fetch'));
      init.signal?.addEventListener('abort', fail);
      this.#travel(url, request).then(resolve, fail);
    });
  }

  async #travel(url: URL, request: LeadRequest | undefined): Promise<Response> {
    const { clock } = this.worker;
    const trouble = this.#isOnline ? this.#troubleOf(request?.step) : 'lost';
    const page = this.#session;
    await clock.sleep(WAY_MS);
    if (trouble === 'slow') await clock.sleep(SLOW_MS);
    if (trouble === 'late') await clock.sleep(LATE_MS);
    this.cameLate ||= trouble === 'late' && request?.step === 'book';
    // What has not left the browser when the page goes never does.
    if (trouble === 'lost' || page !== this.#session) throw new Error('lost');
    if (trouble === 'away') return responseOf(502, '<h1>Bad gateway</h1>');
    if (trouble === 'throttled') return problem('throttled', { retryAfterSeconds: 5 });
    const answer = await (request ? this.#step(request) : this.#read(url));
    await clock.sleep(WAY_MS);
    if (trouble === 'deaf') throw new Error('the answer was lost');
    return answer;
  }

  #troubleOf(step: Step | undefined): Trouble | undefined {
    return takeNext(this.troubles, (each) => !each.step || each.step === step)?.trouble;
  }

  async #read({ pathname, searchParams }: URL): Promise<Response> {
    if (pathname.endsWith('/event')) {
      const ticket = `lead-${(this.#tickets += 1)}`;
      const now = new Date(this.worker.now).toISOString();
      const answer: EventAnswer = { v: 1, event: this.#event, ticket, now };
      return json(200, answer);
    }
    const month = searchParams.get('month') as string;
    const slots = await this.worker.event.ask((desk) => desk.slots('', month, 1));
    return slots.ok ? json(200, slots.page) : problem(slots.code);
  }

  async #step(request: LeadRequest): Promise<Response> {
    const { ticket } = request;
    if (this.#expired.has(ticket)) return problem('ticket_expired');
    const reply = await this.worker.step(ticket, request);
    if (!reply) return problem('unavailable');
    const told = this.#mutation.reply?.(reply, request) ?? reply;
    if (told.ok) return json(told.status, told.state);
    const { ok: _, code, ...more } = told;
    return problem(code, more);
  }

  #leadOf(ticket: string | undefined) {
    return ticket ? this.worker.leads.get(ticket)?.stored : undefined;
  }

  /** What the Worker holds of this visit. */
  get record() {
    return this.#leadOf(this.state.ticket)?.record;
  }
}

function responseOf(status: number, text: string): Response {
  const response = new Response(text, { status });
  // Read in the same turn: nothing but the clock makes time pass.
  response.json = async () => JSON.parse(text) as unknown;
  return response;
}

function json(status: number, body: object): Response {
  return responseOf(status, JSON.stringify(body));
}

function problem(code: ProblemCode, more: object = {}): Response {
  return json(PROBLEMS[code].status, { code, ...more });
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await Promise.resolve();
}
