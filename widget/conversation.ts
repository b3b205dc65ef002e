/**
 * One element's conversation with the Worker: holds the state, runs the one request that the state asks for, keeps the session and
 * the timers. No DOM of its own; the element listens to `onChange`. A request is dropped only when the state asks for another.
 */
import { AWAY_MS, CONFIRMING_AT_MOST_MS, FALLBACK_AFTER_MS } from '../shared/limits.ts';
import {
  type EventAnswer,
  type EventName,
  type Flow,
  type LeadState,
  PATHS,
  PROTOCOL_VERSION,
  type PageFacts,
  type PublicEvent,
  type SlotPage,
  type Step,
} from '../shared/protocol.ts';
import type { Ask } from './ask.ts';
import { post, type Result, send, type World } from './client.ts';
import { filled, storable, type Values } from './fields.ts';
import { happenings, type Happening, ONCE } from './happenings.ts';
import { loadPart, type Parts } from './parts.ts';
import type { Remembered, Session } from './session.ts';
import { type Action, initialState, next, type State, type Wait } from './state.ts';
import { flowOf } from './told.ts';

export interface Setting {
  endpoint: string;
  /** Where the script came from. */
  scriptOrigin?: string;
  /** As the attribute names it; later requests use the id that the Worker answered. */
  event: string;
  flow?: Flow;
  /** In which times are shown first; without it the visitor's own. */
  timeZone?: string;
  attempt: string;
  /** Read when the contact is sent: the variant may come late. */
  page(): PageFacts;
  prefill: Readonly<Record<string, string>>;
  /** Typed before in this element, kept when it turns to another event. */
  values?: Values;
}

export interface Listener {
  /** Sees to the words of the first step; resolves when they are there or late. */
  learn(): Promise<unknown> | undefined;
  /** Another element of this event has gone, and left what was done in it; here nothing is done yet. */
  onFree(): Promise<void>;
  onChange(state: State, before: State, action: Action): void;
  /** False when the page cancelled it. `count` says how often this has happened in the attempt. */
  onHappening(happening: Happening, count: number): boolean;
}

export class Conversation {
  state: State;
  readonly #setting: Setting;
  readonly #world: World;
  readonly #session: Session;
  readonly #listener: Listener;
  #key: string | undefined;
  readonly #fired: Record<string, number>;
  #running?: { id: string; abort: AbortController };
  /** The request that was answered last: a state that asks for it again has not understood the answer. */
  #answered?: string;
  #timer?: AbortController;
  /** The part that proves work, wanted as soon as the visitor types. */
  #work?: Promise<Parts['work'] | undefined>;
  #isOpen = false;
  /** The visitor has typed or picked, now or before a reload. */
  #isTouched: boolean;
  #chosenZone: string | undefined;

  constructor(setting: Setting, world: World, session: Session, listener: Listener) {
    this.#setting = setting;
    this.#world = world;
    this.#session = session;
    this.#listener = listener;
    const left = session.read(this.#hold());
    const { fired = {}, state, ...saved }: Partial<Remembered> = left ?? {};
    this.#isTouched = left !== undefined;
    this.#fired = fired;
    this.#chosenZone = saved.timeZone;
    const start = { ...setting, timeZone: setting.timeZone ?? '', at: world.now() };
    this.state = state?.event
      ? { ...state, values: filled(state.event, setting.prefill, { ...state.values, ...setting.values }) }
      : initialState(start, saved);
  }

  #hold(): string {
    return (this.#key ??= this.#session.claim(this.#setting.event, this.#listener.onFree));
  }

  /** Starts, or goes on after `close` with the same request as before. */
  open(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#hold();
    const { at, clockAheadMs } = this.state;
    if (this.#world.now() + clockAheadMs - at > AWAY_MS) this.act({ type: 'returned' });
    this.#run();
    this.#watch();
  }

  /** Lets go of the network, the timers and the session's key; the state stays. */
  close(): void {
    this.#isOpen = false;
    this.#running?.abort.abort();
    this.#running = undefined;
    this.#timer?.abort();
    if (this.#key) this.#session.release(this.#key);
    this.#key = undefined;
  }

  /** The visitor's own choice of zone, which outlives a reload; the page's is told by a `zone` action alone. */
  chooseZone(timeZone: string): void {
    this.#chosenZone = timeZone;
    this.act({ type: 'zone', timeZone });
  }

  /** Nothing of the attempt survives a reload, also where its element is out of the page. */
  forget(): void {
    this.#session.write(this.#hold());
  }

  get chosenZone(): string | undefined {
    return this.#chosenZone;
  }

  act(action: Action): void {
    const before = this.state;
    const after = next(before, action, this.#world.now());
    this.state = after;
    this.#isTouched ||= action.type === 'typed' || action.type === 'pick';
    this.#keep(after);
    const hasWaited = before.wait?.code === 'busy' && before.ask?.step === 'book';
    if (hasWaited && after.ask?.step !== 'book') this.withdraw(after.seq.book);
    if (action.type === 'typed') void this.#prove();
    if (after.view !== before.view) this.#watch();
    this.#run();
    this.#listener.onChange(after, before, action);
    for (const happening of happenings(before, after, action)) this.happened(happening);
  }

  /** Counts and reports; what can happen only once is reported only once. */
  happened(happening: Happening): boolean {
    const name: EventName = happening.name;
    const count = (this.#fired[name] ?? 0) + 1;
    if (count > 1 && ONCE.has(name)) return true;
    this.#fired[name] = count;
    this.#keep(this.state);
    return this.#listener.onHappening(happening, count);
  }

  /**
   * The visitor leaves by the link: a call that is still waiting must not be booked later. Fire and forget.
   * @param waiting Number of the one booking that waits; its visitor has only gone back.
   */
  withdraw(waiting?: number): void {
    const { event, ticket, seq } = this.state;
    if (!event || !ticket || !seq.contact) return;
    const body = this.request(event, ticket, {
      id: '',
      step: 'withdraw',
      seq: 1,
      payload: JSON.stringify({ waiting }),
    });
    const url = this.#setting.endpoint + PATHS.lead;
    this.#world.fetch(url, { ...post(body), keepalive: true }).catch(() => {});
  }

  /** From the visitor's first act on; at the end nothing is stored, also of what a copy of this element has left. */
  #keep(state: State): void {
    const { view, seq, attempt, ticket, stepUp, hourCycle, event, values, step, pick } = state;
    const key = this.#key;
    if (!key || !event || !this.#isTouched) return;
    const session = this.#session;
    const stored = { attempt, ticket, stepUp, seq, hourCycle, step, fired: this.#fired, timeZone: this.#chosenZone };
    const isOver = view === 'booked' || view === 'disqualified';
    const isOpen = view === 'form' || view === 'times';
    const remembered = { ...stored, pick, values, state: isOpen ? state : undefined };
    session.write(key, remembered, isOver ? undefined : { ...stored, values: storable(event, values) });
    if (isOver && !session.isHeld(this.#setting.event)) session.write(this.#setting.event);
  }

  #watch(): void {
    this.#timer?.abort();
    const { view } = this.state;
    const limitMs = view === 'loading' ? FALLBACK_AFTER_MS : view === 'booking' && CONFIRMING_AT_MOST_MS;
    if (!limitMs || !this.#isOpen) return;
    const { signal } = (this.#timer = new AbortController());
    void this.#world.sleep(limitMs, signal).then(() => {
      if (!signal.aborted) this.act({ type: 'tick' });
    });
  }

  #run(): void {
    const { ask } = this.state;
    if (!this.#isOpen) return;
    const answered = this.#answered;
    this.#answered = undefined;
    if (ask?.id === this.#running?.id) return;
    this.#running?.abort.abort();
    this.#running = undefined;
    if (!ask) return;
    if (ask.id === answered) return this.act({ type: 'problem', ask, code: 'internal' });
    const abort = new AbortController();
    this.#running = { id: ask.id, abort };
    void this.#perform(ask, abort.signal).then((action) => {
      if (abort.signal.aborted) return;
      this.#running = undefined;
      if (action.type !== 'problem') this.#answered = ask.id;
      this.act(action);
    });
  }

  async #perform(ask: Ask, signal: AbortSignal): Promise<Action> {
    if (ask.delayMs) await this.#world.sleep(ask.delayMs, signal);
    if (ask.step !== 'event') await this.#knowZone();
    const words = this.state.view === 'loading' && this.#listener.learn();
    const asked = this.#ask(ask, signal);
    // The page says that times come first: the platform's tables are loaded while the answer is on its way.
    if (this.#setting.flow === 'times-first') await this.#knowZone();
    const result = await asked;
    await words;
    if (!result.ok) return { type: 'problem', ask, code: result.code, problem: result.problem };
    const { body } = result;
    if (body.type === 'event' && flowOf(body.answer.event, body.flow) === 'times-first') await this.#knowZone();
    return body;
  }

  /**
   * The form needs no zone, so it is found out when the form is on the screen, or before times are. The first object of `Intl` loads the
   * platform's tables: a collator about half of them, so that neither half keeps a slow phone from answering a finger.
   */
  async #knowZone(): Promise<void> {
    if (this.state.timeZone) return;
    await this.#world.rest();
    new Intl.Collator();
    await this.#world.rest();
    this.state = { ...this.state, timeZone: this.#world.timeZone() };
  }

  async #ask(ask: Ask, signal: AbortSignal): Promise<Result<Action>> {
    const { endpoint, flow, prefill } = this.#setting;
    const onWait = (wait?: Wait) => {
      if (!signal.aborted) this.act({ type: 'wait', wait });
    };
    const talk = <T>(path: string, body?: string) => send<T>(this.#world, endpoint + path, body, signal, onWait);
    const { event, ticket } = this.state;
    const name = encodeURIComponent(event?.id ?? this.#setting.event);
    if (ask.step === 'event') {
      return understood(await talk<EventAnswer>(`${PATHS.event}?event=${name}`), (answer) => {
        return answer.event && { type: 'event', answer, flow, prefill };
      });
    }
    if (ask.step === 'open') {
      const path = `${PATHS.slots}?event=${name}&month=${ask.month}`;
      return understood(await talk<SlotPage>(path), (page) => page.slots && { type: 'slots', page });
    }
    const { step } = ask;
    const proof = await this.#prove(onWait);
    if (signal.aborted) return { ok: false, code: 'timeout' };
    const body = this.request(event as PublicEvent, ticket as string, ask, proof);
    return understood(await talk<LeadState>(PATHS.lead, body), (state) => state.stage && { type: 'lead', step, state });
  }

  /** Undefined where nothing is asked for, or the part does not come: then the Worker decides. */
  async #prove(onWait?: (wait?: Wait) => void): Promise<string | undefined> {
    const { ticket = '', stepUp } = this.state;
    if (stepUp?.kind !== 'work') return undefined;
    const { endpoint, scriptOrigin } = this.#setting;
    this.#work ??= loadPart(this.#world, 'work', endpoint, scriptOrigin);
    const isWanted = () => this.#isOpen && this.state.stepUp === stepUp;
    const work = await this.#work;
    // It may come the next time.
    if (!work) this.#work = undefined;
    return work?.prove(ticket, stepUp.bits, this.#world, isWanted, onWait);
  }

  /** The body of a step, as JSON; also for those that only the part of the ends asks for. */
  request(event: PublicEvent, ticket: string, { step, seq, payload }: Ask, proof?: string): string {
    const { page } = this.#setting;
    const { attempt, values } = this.state;
    const said = JSON.parse(payload ?? '{}') as object;
    const base = { v: PROTOCOL_VERSION, step: step as Step, event: event.id, ticket, attempt, seq, proof, ...said };
    const facts = { ...page(), timeZone: this.#world.timeZone() };
    return JSON.stringify(
      step === 'contact' ? { ...base, page: facts, website: values['website-address']?.[0] || undefined } : base,
    );
  }
}

/** An answer of another shape comes from something in between, whatever its status says. */
function understood<T>(result: Result<T>, read: (body: T) => Action | '' | undefined): Result<Action> {
  if (!result.ok) return result;
  const action = result.body && read(result.body);
  return action ? { ok: true, body: action } : { ok: false, code: 'unavailable' };
}
