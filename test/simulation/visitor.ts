/**
 * One visitor with one attempt, as the widget plays it: contact → answers → times → pick → book. The same request is repeated
 * where the network or the Worker asks for it, a pending step is read again, a lost answer too. Writes down what the visitor
 * was told and when; whether that was true, the judge decides.
 */
import { PENDING_POLL_MS } from '../../shared/limits.ts';
import { PROBLEMS, type ProblemCode } from '../../shared/problems.ts';
import type { ContactFields, LeadState, SlotPage } from '../../shared/protocol.ts';
import type { Habits } from './habits.ts';
import { answerTo, firstTimes, type Heard, isSilent, Line, type LineWorld, PAUSES_MS } from './line.ts';

export type EndOfVisit =
  | 'booked'
  /** "We have your request", or "your details are safe". */
  | 'safe'
  | 'left'
  | 'withdrew'
  /** Of the same contact, by the other tab. */
  | 'already_booked'
  | 'no_times'
  /** The last word was this code. */
  | { refused: string };

/** All that the visitor saw, for the judge. */
export interface Visit {
  attempt: string;
  leadId: string;
  habits: Habits;
  beganAt: number;
  /** The Worker has taken the contact; the address may have been corrected later. */
  toldSafe: { at: number; afterMs: number; contact: ContactFields }[];
  /** Times that were pressed. */
  pressed: { startsAt: number; at: number }[];
  /** What was said of a pressed time. */
  told: { startsAt: number; at: number; what: 'pending' | 'booked' | 'failed' | 'handed over'; code?: string }[];
  /** Answers that a person would call a failure. */
  failures: { at: number; code: string; step: string }[];
  withdrewAt?: number;
  end?: EndOfVisit;
  endedAt?: number;
}

export interface VisitorWorld extends LineWorld {
  /** The ids of the event's questions; undefined where the page shows only the fallback link. */
  open(event: string): Promise<string[] | undefined>;
  /** How long a visitor watches a step that is pending. */
  watchesMs: number;
}

const PICKS_AT_MOST = 6;

export class Visitor {
  readonly visit: Visit;
  readonly #world: VisitorWorld;
  readonly #line: Line;
  readonly #seqs = new Map<string, number>();

  constructor(world: VisitorWorld, habits: Habits, attempt: string) {
    this.#world = world;
    this.visit = {
      attempt,
      leadId: `lead-${attempt}`,
      habits,
      beganAt: world.clock.now(),
      toldSafe: [],
      pressed: [],
      told: [],
      failures: [],
    };
    this.#line = new Line(world, this.visit);
  }

  /** The whole visit. */
  async run(): Promise<Visit> {
    this.visit.beganAt = this.#now();
    const end = await this.#go();
    this.visit.end = end;
    this.visit.endedAt = this.#now();
    return this.visit;
  }

  async #go(): Promise<EndOfVisit> {
    const { habits } = this.visit;
    const { leavesAt, correctsAddress } = habits;
    const questions = await this.#open();
    if (!questions) return { refused: 'event' };
    const contact = correctsAddress ? mistyped(habits.contact) : habits.contact;
    const first = await this.#contact(contact);
    if (!first.ok) return this.#refused(first, 'contact');
    await this.#think();
    if (correctsAddress === 'before answers') await this.#contact(habits.contact);
    if (leavesAt === 'answers') return 'left';
    if (habits.reloads) await this.#line.ask({ step: 'read', seq: 1 });
    let answered = await this.#answers(questions);
    if (correctsAddress === 'after answers' && answered.ok) {
      await this.#contact(habits.contact);
      answered = await this.#line.ask({ step: 'read', seq: 1 });
    }
    if (!answered.ok) return this.#refused(answered, 'answers');
    let state = answered.state;
    if (state.pending?.step === 'answers') state = await this.#watch(state, (each) => each.stage === 'times');
    if (habits.withdraws && state.stage === 'safe') return this.#withdraw();
    if (state.stage === 'safe') return 'safe';
    if (state.stage !== 'times') return { refused: `stage ${state.stage}` };
    if (leavesAt === 'times') return 'left';
    return this.#pickAndBook();
  }

  async #pickAndBook(): Promise<EndOfVisit> {
    let page = await this.#times();
    let nearest: string[] = [];
    for (let picks = 1; picks <= PICKS_AT_MOST; picks += 1) {
      if (!('v' in page)) return this.#refused(page, 'slots');
      const offered = nearest.length > 0 ? nearest : page.slots;
      const startsAt = this.#choice(offered);
      if (startsAt === undefined) return 'no_times';
      await this.#think();
      const heard = await this.#book(startsAt);
      if (heard === 'left') return 'left';
      if (heard === 'withdrew') return 'withdrew';
      if (heard.ok) {
        const { stage } = heard.state;
        if (stage === 'booked' || stage === 'safe') return stage;
        if (stage !== 'times') return { refused: `stage ${stage}` };
        page = await this.#times();
        nearest = [];
        continue;
      }
      if (heard.code === 'already_booked') return 'already_booked';
      if (heard.code !== 'slot_taken' && heard.code !== 'slot_not_offered') return this.#refused(heard, 'book');
      nearest = 'nearest' in heard ? (heard.nearest ?? []) : [];
      page = 'slots' in heard && heard.slots ? heard.slots : await this.#times();
    }
    return { refused: 'every time was taken' };
  }

  #choice(offered: readonly string[]): string | undefined {
    const { taste, wants } = this.visit.habits;
    if (wants === undefined) return offered[Math.floor(taste * offered.length)];
    const distance = (startsAt: string) => Math.abs(Date.parse(startsAt) - wants);
    return [...offered].sort((one, other) => distance(one) - distance(other))[0];
  }

  // --- steps ---

  /** The page is opened again where nothing came. */
  async #open(): Promise<string[] | undefined> {
    const { clock, open } = this.#world;
    for (const pause of PAUSES_MS) {
      const questions = await open(this.visit.habits.event).catch(() => undefined);
      if (questions) return questions;
      await clock.sleep(pause);
    }
    return undefined;
  }

  async #contact(contact: ContactFields): Promise<Heard> {
    const seq = this.#next('contact');
    const began = this.#now();
    const heard = await this.#line.ask({ step: 'contact', seq, contact, page: { timeZone: 'Europe/Berlin' } });
    if (heard.ok) this.visit.toldSafe.push({ at: this.#now(), afterMs: this.#now() - began, contact });
    return heard;
  }

  #answers(questions: string[]): Promise<Heard> {
    const asked = Object.entries(this.visit.habits.answers).filter(([id]) => questions.includes(id));
    return this.#line.ask({ step: 'answers', seq: this.#next('answers'), answers: Object.fromEntries(asked) });
  }

  /** The first month with times. */
  #times(): Promise<SlotPage | Extract<Heard, { ok: false }>> {
    const { taste, wants } = this.visit.habits;
    const from = new Date(wants ?? this.#now() + taste * 45 * 86_400_000);
    return firstTimes((fields) => this.#line.ask(fields), from.toISOString().slice(0, 7));
  }

  async #book(startsAt: string): Promise<Heard | 'left' | 'withdrew'> {
    const { habits, pressed, told } = this.visit;
    const instant = Date.parse(startsAt);
    const seq = this.#next('book');
    pressed.push({ startsAt: instant, at: this.#now() });
    const send = () => this.#line.ask({ step: 'book', seq, startsAt, timeZone: 'Europe/Berlin' });
    if (habits.leavesAt === 'book') {
      void send();
      return 'left';
    }
    let heard = await answerTo(send, habits.pressesTwice);
    const tell = (what: Visit['told'][number]['what'], code?: string) =>
      told.push({ startsAt: instant, at: this.#now(), what, ...(code ? { code } : {}) });
    if (heard.ok && heard.state.pending?.step === 'book') {
      tell('pending');
      if (habits.leavesAt === 'pending') return 'left';
      heard = { ok: true, status: 200, state: await this.#watch(heard.state, () => false) };
    }
    if (heard.ok) {
      const { stage } = heard.state;
      if (stage === 'booked') tell('booked');
      else if (stage === 'safe') tell('handed over');
      else if (stage === 'times') tell('failed', 'read: times');
      return heard;
    }
    if (habits.withdraws && (heard.code === 'busy' || heard.code === 'unavailable')) return this.#withdraw();
    // Silence says nothing.
    if (!isSilent(heard) && PROBLEMS[heard.code as ProblemCode]?.retryable !== true) tell('failed', heard.code);
    return heard;
  }

  /** Reads a pending step again until it is over, `isEnough` holds or the visitor stops watching. */
  async #watch(state: LeadState, isEnough: (state: LeadState) => boolean): Promise<LeadState> {
    const until = this.#now() + this.#world.watchesMs;
    let latest = state;
    while (latest.pending && !isEnough(latest) && this.#now() < until) {
      await this.#world.clock.sleep(Math.max(latest.pending.retryAfterSeconds * 1_000, PENDING_POLL_MS));
      const heard = await this.#line.ask({ step: 'read', seq: 1 });
      if (heard.ok) latest = heard.state;
    }
    return latest;
  }

  async #withdraw(): Promise<'withdrew'> {
    const heard = await this.#line.ask({ step: 'withdraw', seq: 1 });
    if (heard.ok) this.visit.withdrewAt = this.#now();
    return 'withdrew';
  }

  #refused(heard: Extract<Heard, { ok: false }>, step: string): EndOfVisit {
    return { refused: `${step}: ${heard.code}` };
  }

  #think(): Promise<void> {
    return this.#world.clock.sleep(this.visit.habits.thinksMs * (0.5 + this.#world.random()));
  }

  #next(step: string): number {
    const seq = (this.#seqs.get(step) ?? 0) + 1;
    this.#seqs.set(step, seq);
    return seq;
  }

  #now(): number {
    return this.#world.clock.now();
  }
}

/** As typed before it was corrected. */
function mistyped(contact: ContactFields): ContactFields {
  return { ...contact, email: contact.email?.replace('@', '.typo@') ?? '' };
}
