/**
 * What must be true of any visit, judged by what the visitor typed and pressed, what left the browser and what the Worker held at
 * that moment. Knows the promises, not the state machine. Each rule throws with its name.
 */
import type { ContactFields, LeadRequest } from '../../shared/protocol.ts';
import { type Values } from '../../widget/fields.ts';
import type { Action, State } from '../../widget/state.ts';
import { mask } from '../../worker/lead/given.ts';
import type { LeadRecord } from '../../worker/lead/record.ts';

export type VisitRule =
  | 'booked as shown'
  | 'booked by a press'
  | 'typed stays'
  | 'on by a press'
  | 'judged by what was said'
  | 'understood'
  | 'no loop'
  | 'one call'
  | 'told as it is'
  | 'goes on';

export class BrokenVisitRule extends Error {
  constructor(rule: VisitRule, what: string) {
    super(`[${rule}] ${what}`);
  }
}

/** Requests in any five seconds in which nobody acts. */
const REQUESTS_AT_MOST = 15;
const WINDOW_MS = 5_000;

export class VisitBook {
  /** By field, as typed last, or as shown when it was not typed. */
  readonly #meant = new Map<string, string>();
  /** Typed since the page was loaded. */
  readonly #typed = new Set<string>();
  /** With what was meant then. */
  #pressed: { startsAt: string | undefined; meant: string } | undefined;
  /** The page was loaded anew, and what was sent before goes on. */
  #isResumed = false;
  #asks = { id: '', body: '' };
  #times: number[] = [];
  #broken: Error | undefined;
  /** Since the page was loaded. */
  hasSeenCall = false;
  #isOver = false;

  typed(values: Values): void {
    for (const [field, [value = '']] of Object.entries(values)) {
      if (this.#meant.get(field) !== value) this.#isResumed = false;
      this.#meant.set(field, value);
      this.#typed.add(field);
    }
    this.#times = [];
  }

  /** The contact is asked for anew. */
  forgot(...fields: string[]): void {
    for (const field of fields) {
      this.#meant.delete(field);
      this.#typed.delete(field);
    }
    this.#pressed = undefined;
  }

  /** Another time than before, or back to another step. */
  turned(): void {
    this.#pressed = undefined;
    this.#isResumed = false;
  }

  pressed(startsAt: string | undefined): void {
    this.#pressed = { startsAt, meant: this.#said };
    this.#isResumed = false;
    this.#times = [];
  }

  /** What is not of the contact comes back, unless the visit was over; nothing goes without another press. */
  reloaded(): void {
    this.hasSeenCall = false;
    this.forgot('name', 'email', 'mobile', ...(this.#isOver ? ['size'] : []));
    this.#isResumed = true;
    this.#times = [];
  }

  /** After whatever the visitor did. */
  shown(state: State): void {
    const { view, values, masked } = state;
    if (view !== 'loading' && view !== 'stopped') this.#isOver = view === 'booked' || view === 'disqualified';
    if (view !== 'form' && view !== 'times') return;
    for (const [field, [value = '']] of Object.entries(values)) {
      const isHidden = masked && (field === 'name' || field === 'email');
      if (isHidden) continue;
      const meant = this.#meant.get(field);
      if (this.#typed.has(field) && meant !== value)
        this.#break('typed stays', `${field} is ${value}, and ${meant} was typed`);
      this.#meant.set(field, value);
    }
    for (const field of this.#typed)
      if (this.#meant.get(field) && !values[field]) this.#break('typed stays', `${field} is empty now`);
  }

  changed(state: State, before: State, action: Action, record: LeadRecord | undefined): void {
    if (action.type === 'problem' && action.code === 'internal')
      this.#break('understood', `${action.ask.id} was asked again after its answer`);
    // A booking on its way cannot be taken back, so what becomes of it is told in any case.
    const isNext =
      state.view === 'form' ? state.step > before.step : state.view === 'times' || state.view === 'disqualified';
    const isOn = before.view === 'form' && before.ask?.step !== 'book' && isNext;
    if (isOn && !this.#isPressed && !this.#isResumed && action.type !== 'back')
      this.#break('on by a press', `to ${state.view} by ${action.type}`);
    const given = record?.answers?.given;
    const isJudged = state.view === 'disqualified' && before.view !== 'disqualified' && state.disqualified?.mayCorrect;
    if (isJudged && this.#isPressed && !this.#isAnswers(given))
      this.#break('judged by what was said', `by ${JSON.stringify(given)}`);
    if (state.ask?.id !== before.ask?.id) this.#asks = { id: '', body: '' };
    this.hasSeenCall ||= state.view === 'booked';
    this.shown(state);
  }

  /** This leaves the browser now. */
  asked(request: LeadRequest | undefined, state: State, record: LeadRecord | undefined, now: number): void {
    this.#times = [...this.#times.filter((each) => each > now - WINDOW_MS), now];
    if (this.#times.length > REQUESTS_AT_MOST) this.#break('no loop', `${this.#times.length} requests in a row`);
    if (request?.step !== 'book') return;
    const body = JSON.stringify([request.seq, request.startsAt]);
    const isAgain = this.#asks.id === state.ask?.id && this.#asks.body === body;
    this.#asks = { id: state.ask?.id ?? '', body };
    // Repeated because no answer came: it is on its way and cannot be taken back. A Worker that knows nothing books nothing.
    if (isAgain || !record) return;
    if (!this.#pressed || !this.#isPressed)
      return this.#break('booked by a press', `${request.startsAt} after a change`);
    const what = `at ${this.#pressed.startsAt} ${JSON.stringify([...this.#meant])}`;
    const { contact, answers } = record;
    const isSame =
      request.startsAt === this.#pressed.startsAt &&
      this.#isContact(contact.given, state) &&
      this.#isAnswers(answers?.given);
    if (!isSame) {
      const has = JSON.stringify([contact.given, answers?.given]);
      this.#break('booked as shown', `${request.startsAt} with ${has}; meant was ${what}`);
    }
  }

  get #said(): string {
    return JSON.stringify(['name', 'email', 'size', 'mobile'].map((field) => this.#meant.get(field) ?? ''));
  }

  /** What stands there was pressed as it is. */
  get #isPressed(): boolean {
    return this.#pressed?.meant === this.#said;
  }

  #isContact(given: ContactFields | undefined, { masked }: State): boolean {
    if (!given) return false;
    if (masked) return JSON.stringify(masked) === JSON.stringify(mask(given));
    return given.name === this.#meant.get('name') && given.email === this.#meant.get('email');
  }

  #isAnswers(given: Record<string, string[]> | undefined): boolean {
    const meant = (field: string) => this.#meant.get(field) || undefined;
    return given?.size?.join() === meant('size') && given?.mobile?.join() === meant('mobile');
  }

  #break(rule: VisitRule, what: string): void {
    this.#broken ??= new BrokenVisitRule(rule, what);
  }

  check(): void {
    if (this.#broken) throw this.#broken;
  }
}
