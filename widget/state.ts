/**
 * The conversation as a value, and what the visitor and the page do to it: `next(state, action, at) → state`. Pure: no DOM, no
 * clock, no network. What the Worker says is in `told.ts`; which request the state waits for is derived in `ask.ts`, so that
 * a double click, a reload or a moved element can never send a thing twice.
 */
import type { FieldFault, ProblemCode } from '../shared/problems.ts';
import type {
  Booking,
  ContactFields,
  Disqualification,
  EventAnswer,
  Flow,
  LeadProblem,
  LeadState,
  PublicEvent,
  SlotPage,
  Step,
  StepUp,
} from '../shared/protocol.ts';
import { type Ask, armed, reached } from './ask.ts';
import { monthOf } from './calendar.ts';
import { type Faults, type FormStep, formSteps, missingIn, type Prefill, type Values } from './fields.ts';
import { dayIn, monthTimes, settled, shownMonth, timesIn } from './months.ts';
import { contactSaid, isBooking } from './said.ts';
import type { SavedState } from './session.ts';
import { eventTold, leadTold, lockedZone, overdue, problemTold, returned, unsent, withPage } from './told.ts';

/** Which picture is shown. `stopped` is the calm sentence with the link; `unclear` follows a `booking` that took too long. */
export type View =
  | 'loading'
  | 'stopped'
  | 'form'
  | 'times'
  | 'booking'
  | 'unclear'
  | 'booked'
  | 'disqualified'
  | 'safe';

/** Why something did not work: the Worker's code, or the network's. */
export type Failure = ProblemCode | 'timeout' | 'unreachable';

export type Notice =
  /** `nearest`: where the Worker has named some. */
  | { kind: 'taken' | 'gone'; code: Failure; startsAt: string; nearest?: string[]; goal?: undefined }
  | { kind: 'confirm-again'; code?: undefined; goal?: undefined }
  /** `goal`: what had been asked for, and is by another try. */
  | { kind: 'failed'; code: Failure; goal?: State['goal'] };

/** A pause that the visitor may see: until when, in the page's time; offline has no end. `isAstray`: what waits may have arrived before. */
export type Wait = ({ code: 'throttled' | 'busy'; until: number } | { code: 'offline'; until?: undefined }) & {
  isAstray?: true | undefined;
};

export type HourCycle = 'h12' | 'h23';

export interface State {
  readonly view: View;
  /** The edge's time of the last action, in milliseconds. */
  readonly at: number;
  readonly clockAheadMs: number;
  readonly attempt: string;
  readonly ticket?: string;
  /** What each step must prove while this ticket is in use. */
  readonly stepUp?: StepUp;
  readonly event?: PublicEvent;
  /** Where the edge sees the visitor, ISO 3166-1 alpha-2. */
  readonly country?: string;
  readonly flow: Flow;
  /** Empty until something needs it. */
  readonly timeZone: string;
  /** The visitor's own choice of 12 or 24 hours. */
  readonly hourCycle?: HourCycle;
  /** The attempt comes from before a reload and is read before anything is shown. */
  readonly isResuming: boolean;

  /** Index into the form's steps. */
  readonly step: number;
  readonly values: Values;
  /** What was submitted last; edits after it wait for the next submit. */
  readonly given?: Values;
  readonly faults: Faults;
  /** The contact as the Worker knows it from before a reload. */
  readonly masked?: ContactFields;

  /** How far the visitor wants to get; requests are derived from it. */
  readonly goal?: 'contact' | 'answers' | 'book';
  readonly ask?: Ask;
  /** The payload last sent in each step, as JSON, and its number. */
  readonly sent: Partial<Record<Step, string>>;
  readonly seq: Partial<Record<Step, number>>;
  /** Those payloads that the Worker has taken. */
  readonly accepted: { contact?: string; answers?: string };
  /** The Worker's state is read next; `readings` counts them, so that each is a request of its own. */
  readonly reading?: { delayMs: number };
  readonly readings: number;
  /** The Worker goes on with this step in the background. */
  readonly pending?: NonNullable<LeadState['pending']>['step'];
  /** Conflicts and the like that were answered by another try; a limit stops a quarrel. */
  readonly quarrels: number;

  readonly pages: Readonly<Record<string, SlotPage>>;
  /** The pages are this visitor's own times, not the event's open ones. */
  readonly hasOwnTimes: boolean;
  readonly month?: string;
  /** The visitor has turned the pages; the month is not chosen for him any more. */
  readonly hasPaged: boolean;
  /** Another month that the visitor is about to turn to: asked for ahead, without a word. */
  readonly peek?: string;
  readonly day?: string;
  /** The day that the arrow keys have reached. */
  readonly cursor?: string;
  readonly pick?: string;

  readonly notice?: Notice;
  readonly wait?: Wait;
  /** In view `stopped`; without it the Worker is only late, and an answer is still welcome. */
  readonly code?: Failure;
  readonly bookingSince?: number;
  readonly booking?: Booking;
  readonly disqualified?: Disqualification;
  readonly outcome?: LeadState['outcome'];
}

export type Action =
  // the page
  | { type: 'zone'; timeZone: string }
  | { type: 'tick' }
  | { type: 'returned' }
  // the Worker
  | { type: 'event'; answer: EventAnswer; flow?: Flow; prefill: Prefill }
  | { type: 'slots'; page: SlotPage }
  | { type: 'lead'; step: Step; state: LeadState }
  | { type: 'problem'; ask: Ask; code: Failure; problem?: LeadProblem }
  | { type: 'wait'; wait?: Wait }
  // the visitor
  | { type: 'typed'; values: Values }
  | { type: 'submit'; faults: Record<string, FieldFault> }
  | { type: 'early' }
  | { type: 'back' }
  | { type: 'change' }
  | { type: 'month'; month: string }
  | { type: 'peek'; month: string }
  | { type: 'cursor'; day: string }
  | { type: 'day'; day: string }
  | { type: 'hours'; hourCycle: HourCycle }
  | { type: 'pick'; startsAt: string }
  | { type: 'confirm' }
  | { type: 'correct' }
  | { type: 'retry' };

/** The state before anything is known. `saved` is what an earlier load of the page, or an earlier element, left behind. */
export function initialState(
  start: { attempt: string; timeZone: string; at: number; values?: Values; flow?: Flow },
  saved: Partial<SavedState> = {},
): State {
  return {
    view: 'loading',
    at: start.at,
    clockAheadMs: 0,
    attempt: start.attempt,
    flow: start.flow ?? 'form-first',
    isResuming: Boolean(saved.seq?.contact),
    step: 0,
    faults: {},
    sent: {},
    seq: {},
    accepted: {},
    readings: 0,
    quarrels: 0,
    pages: {},
    hasOwnTimes: false,
    hasPaged: false,
    ask: { id: 'event', step: 'event' },
    ...saved,
    timeZone: saved.timeZone ?? start.timeZone,
    values: { ...saved.values, ...start.values },
  };
}

/** @param at The page's clock in milliseconds. */
export function next(state: State, action: Action, at: number): State {
  return armed(settled(reached(reduced({ ...state, at: at + state.clockAheadMs }, action))));
}

function reduced(state: State, action: Action): State {
  const answered = { ...state, wait: undefined, peek: undefined };
  const isAhead = state.goal ? state.goal === 'contact' && !state.step : state.peek && monthTimes(state);
  switch (action.type) {
    case 'event':
      return eventTold(answered, action.answer, action.flow, action.prefill);
    case 'slots':
      return withPage(answered, action.page);
    case 'lead':
      return unchanged(leadTold(answered, action.step, action.state));
    case 'problem':
      // What was only asked ahead is asked again once it is wanted.
      if (isAhead) return { ...answered, goal: undefined };
      return unchanged(problemTold(answered, action.ask.step, action.code, action.problem));
    case 'tick':
      return overdue(state);
    case 'returned':
      return returned(state);
    case 'wait':
      return isAhead && action.wait && action.wait.code !== 'offline' ? state : { ...state, wait: action.wait };
    case 'zone':
      return inZone(state, action.timeZone);
    case 'typed':
      return typed(state, action.values);
    case 'submit':
      return submitted(state, action.faults);
    case 'early':
      // The visitor has filled in the contact and is still at this step: sent ahead, without a word.
      return { ...state, given: state.values, goal: 'contact' };
    case 'back':
      return wentBack(state);
    case 'change':
      return stopped(state).goal ? state : { ...stopped(state), masked: undefined, step: 0 };
    case 'month':
      return { ...paged(state), month: action.month, cursor: undefined };
    case 'peek':
      return { ...state, peek: action.month };
    case 'cursor':
      return { ...paged(state), cursor: action.day, month: monthOf(action.day) };
    case 'day':
      return { ...paged(state), day: action.day, month: monthOf(action.day), cursor: action.day };
    case 'hours':
      return { ...state, hourCycle: action.hourCycle };
    case 'pick':
      return picked(state, action.startsAt);
    case 'confirm':
      return confirmed(state);
    case 'correct':
      return { ...state, view: 'form', step: lastStep(state) };
    case 'retry':
      return retried(state);
  }
}

/** The visitor looks elsewhere, so a month that could not be had is no matter any more. */
function paged(state: State): State {
  return { ...state, hasPaged: true, notice: state.notice?.kind === 'failed' ? undefined : state.notice };
}

/** The same times by another clock: the picked instant stays picked, on whatever day it now falls. */
function inZone(state: State, timeZone: string): State {
  if (timeZone === state.timeZone || lockedZone(state.event)) return state;
  const isShown = (instant: string | undefined) => instant && monthOf(dayIn(state, instant)) === shownMonth(state);
  const shown = [state.pick, state.day && timesIn(state, state.day)[0]].find(isShown);
  const day = shown && dayIn({ timeZone }, shown);
  return { ...state, timeZone, day, cursor: undefined, month: day ? monthOf(day) : state.month };
}

/** A field that is changed loses its fault. What is on its way and meant otherwise now is not sent, and nothing follows from it. */
function typed(state: State, values: Values): State {
  const isSame = ([id]: [string, FieldFault]) => values[id]?.join() === state.values[id]?.join();
  const faults = Object.fromEntries(Object.entries(state.faults).filter(isSame));
  const changed = { ...state, values: { ...state.values, ...values }, faults };
  const said = (given: Values | undefined) =>
    JSON.stringify(state.goal === 'contact' ? contactSaid({ ...state, given }) : given);
  return said(changed.values) === said(state.given) ? changed : stopped(changed);
}

/** A booking that may be there cannot be taken back; one that waits can, and the next press is a new one. What becomes of answers that were sent before says nothing about those now. */
function stopped(state: State): State {
  const isSent = state.reading || (state.ask?.step === 'book' && (!state.wait || state.wait.isAstray));
  if (isSent && isBooking(state)) return state;
  return { ...unsent(state, 'book'), goal: undefined, reading: undefined, pending: undefined };
}

/** A booking that turns out not to be there goes on by itself only if nothing was changed meanwhile. */
function unchanged(state: State): State {
  const isSame = JSON.stringify(state.given) === JSON.stringify(state.values);
  return state.goal === 'book' && !isSame ? { ...state, goal: undefined } : state;
}

function isUnderWay({ goal }: State): boolean {
  return goal === 'answers' || goal === 'book';
}

function submitted(state: State, faults: Record<string, FieldFault>): State {
  if (isUnderWay(state)) return state;
  const all = { ...missingIn(formSteps(state)[state.step] as FormStep, state.values), ...faults };
  if (Object.keys(all).length > 0) return { ...state, faults: all };
  const given = { ...state, faults: {}, notice: undefined, given: state.values, quarrels: 0 };
  if (state.step < lastStep(state)) return { ...given, step: state.step + 1, goal: 'contact' };
  return { ...given, goal: goalOf(state) };
}

function wentBack(state: State): State {
  const still = isUnderWay(state) ? stopped(state) : state;
  if (still.goal === 'book') return state;
  const back = { ...still, notice: undefined, faults: {} };
  if (state.view === 'form' && state.step > 0) return { ...back, step: state.step - 1 };
  return state.view === 'form' ? { ...back, view: 'times' } : { ...back, view: 'form', step: lastStep(state) };
}

function lastStep(state: State): number {
  return formSteps(state).length - 1;
}

function picked(state: State, startsAt: string): State {
  if (state.goal === 'book') return state;
  const day = dayIn(state, startsAt);
  return { ...paged(state), pick: startsAt, day, cursor: day, month: monthOf(day) };
}

/** Books; before what stands in the form is in, goes on to it with the pick in hand. */
function confirmed(state: State): State {
  if (!state.pick || isUnderWay(state)) return state;
  const booked: State = { ...state, notice: undefined, given: state.values, goal: 'book', quarrels: 0 };
  return state.hasOwnTimes && isBooking(booked) ? booked : { ...state, notice: undefined, view: 'form', step: 0 };
}

function retried(state: State): State {
  const again = { ...state, notice: undefined, quarrels: 0 };
  if (state.view === 'stopped') return { ...again, view: 'loading', code: undefined, event: undefined };
  return { ...again, goal: state.notice?.goal };
}

/** Times first: the pick is booked as soon as the answers are accepted. */
function goalOf({ flow, pick }: State): State['goal'] {
  return flow === 'times-first' && pick ? 'book' : 'answers';
}
