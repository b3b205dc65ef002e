/**
 * What the Worker says and what becomes of the conversation: the event, a lead's state, times, and every problem of the closed
 * list. Pure; called by `state.ts` only. No problem ends in a dead end: it is repeated, corrected at the field, or told in a calm
 * sentence beside the link.
 */
import {
  CONFIRMING_AT_MOST_MS,
  CONFLICT_PAUSE_MS,
  PENDING_POLL_MS,
  QUARRELS_AT_MOST,
  SLOW_POLL_MS,
} from '../shared/limits.ts';
import type { EventAnswer, Flow, LeadProblem, LeadState, PublicEvent, SlotPage, Step } from '../shared/protocol.ts';
import { answersOf, type Faults, filled, formSteps, type Prefill, stepWith } from './fields.ts';
import { isUsable } from './happenings.ts';
import { isBooking } from './said.ts';
import type { Failure, State } from './state.ts';
import { isTimeZone } from './time.ts';

/** The Worker has kept the visitor waiting too long. */
export function overdue(state: State): State {
  return state.view === 'booking' ? confirming(state) : { ...state, view: 'stopped' };
}

/** A booking on its way, or one that takes too long to make anybody watch. */
function confirming(state: State): State {
  const bookingSince = state.bookingSince ?? state.at;
  const isLong = state.at - bookingSince >= CONFIRMING_AT_MOST_MS;
  return { ...state, goal: undefined, bookingSince, view: isLong ? 'unclear' : 'booking' };
}

/** The event is known; the first step is shown, or the attempt from before a reload is read. */
export function eventTold(state: State, answer: EventAnswer, wanted: Flow | undefined, prefill: Prefill): State {
  const { event, country } = answer;
  const pageTime = state.at - state.clockAheadMs;
  const at = Date.parse(answer.now) || pageTime;
  const ticket = state.ticket ?? answer.ticket;
  const timeZone = lockedZone(event) ?? state.timeZone;
  const stepUp = state.ticket ? state.stepUp : answer.stepUp;
  const values = filled(event, prefill, state.values);
  const known: State = { ...state, event, ticket, stepUp, clockAheadMs: at - pageTime, at, timeZone, values, country };
  const code =
    event.mode === 'link' && !state.isResuming ? 'event_unavailable' : ticket ? undefined : 'origin_not_allowed';
  if (code) return { ...known, view: 'stopped', code };
  if (isUsable(state.view)) return known;
  const flow = flowOf(event, wanted);
  if (state.isResuming) return reading({ ...known, flow }, 0);
  const view = flow === 'times-first' ? 'times' : 'form';
  const shown: State = { ...known, flow, view };
  return view === 'times' && answer.slots ? withPage(shown, answer.slots) : shown;
}

/** @param wanted By the page. */
export function flowOf({ openSlots, flow }: PublicEvent, wanted: Flow | undefined): Flow {
  return openSlots ? (wanted ?? flow) : 'form-first';
}

/** The owner's zone, if this platform knows it. */
export function lockedZone(event: PublicEvent | undefined): string | undefined {
  return event?.timeZone && isTimeZone(event.timeZone) ? event.timeZone : undefined;
}

/** Times of one month. */
export function withPage(state: State, page: SlotPage): State {
  return { ...state, pages: { ...state.pages, [page.month]: page } };
}

function reading(state: State, delayMs: number): State {
  return { ...state, reading: { delayMs }, readings: state.readings + 1 };
}

/** The visitor was long away: what is shown may be old, so the times are asked for again, or what became of the booking. */
export function returned(state: State): State {
  if (state.reading) return reading(state, 0);
  // What failed is looked for anew.
  const notice = state.notice?.kind === 'failed' ? undefined : state.notice;
  return state.goal ? state : { ...unsent(state, 'slots'), pages: {}, notice };
}

/** Where the lead stands, after any of its steps. */
export function leadTold(before: State, step: Step, body: LeadState): State {
  let state: State = { ...withTicket(before, body.ticket), reading: undefined, isResuming: false };
  if (before.isResuming) state = resumed(state, body);
  if (step === 'contact')
    state = { ...unsent(state, 'book'), accepted: { ...state.accepted, contact: state.sent.contact } };
  const isSettled = step === 'answers' || state.pending === 'answers';
  if (isSettled && (body.stage === 'times' || body.stage === 'disqualified')) state = answersTaken(state);
  if (body.slots) state = withPage(state, body.slots);
  return inStage({ ...state, pending: body.pending?.step }, before, step, body);
}

/** A ticket that comes with an answer needs no proof. */
function withTicket(state: State, ticket: string | undefined): State {
  return ticket ? { ...state, ticket, stepUp: undefined } : state;
}

/** After a reload: contact masked, answers back, and whatever the Worker has counts as taken. */
function resumed(state: State, body: LeadState): State {
  const values = { ...body.answers, ...state.values };
  // What was changed and not sent yet is not what the Worker has.
  const given = body.answers ?? values;
  const answers = JSON.stringify(answersOf(state.event as PublicEvent, given));
  const last = formSteps({ ...state, values }).length - 1;
  return {
    ...state,
    values,
    given,
    masked: body.stage === 'contact' ? undefined : body.contact,
    accepted: body.stage === 'times' ? { answers } : {},
    view: 'form',
    step: body.stage === 'answers' ? Math.min(state.step || 1, last) : 0,
  };
}

/** New answers may mean other people, so times that were known count no more, and whoever presses one again presses anew. */
function answersTaken(state: State): State {
  const { answers } = JSON.parse(state.sent.answers ?? '{}') as { answers?: object };
  const accepted = { ...state.accepted, answers: JSON.stringify(answers) };
  return { ...unsent(state, 'book'), accepted, pages: {}, hasPaged: false };
}

function inStage(state: State, before: State, step: Step, body: LeadState): State {
  const pollMs = Math.max(PENDING_POLL_MS, (body.pending?.retryAfterSeconds ?? 0) * 1_000);
  const given: State = { ...state, goal: undefined, booking: body.booking };
  switch (body.stage) {
    case 'contact':
      return { ...state, accepted: {} };
    case 'answers':
      if (state.pending && step !== 'contact') return reading({ ...state, goal: state.goal ?? 'answers' }, pollMs);
      return step === 'answers' ? state : { ...state, accepted: { ...state.accepted, answers: undefined } };
    case 'times': {
      const own: State = { ...state, hasOwnTimes: true };
      if (before.view === 'booking' || before.view === 'unclear') return unheard(own);
      // What was still tried for somebody who was told so.
      if (before.view === 'safe' && before.outcome === 'will_book') return slotGone(own, 'taken');
      return !state.goal && (before.isResuming || before.view === 'safe') ? { ...own, view: 'times' } : own;
    }
    case 'disqualified': {
      // By answers of before, which are corrected with it.
      if (step === 'contact') return state;
      const accepted = { ...state.accepted, answers: undefined };
      const disqualified = body.disqualified ?? { mayCorrect: false };
      return { ...given, view: 'disqualified', accepted, disqualified, hasOwnTimes: false };
    }
    case 'booking': {
      const now = confirming(given);
      return reading(now, now.view === 'unclear' ? SLOW_POLL_MS : pollMs);
    }
    case 'booked':
    case 'cancelled':
      return { ...given, view: 'booked' };
    default: {
      if (step === 'contact') return state;
      const view = body.outcome === 'unclear' ? 'unclear' : 'safe';
      const safe: State = { ...given, view, outcome: body.outcome };
      return body.pending ? reading(safe, SLOW_POLL_MS) : safe;
    }
  }
}

/** No booking is under way: it never came there, or it was refused and nobody heard of it. Sent again, it is answered. */
function unheard(state: State): State {
  // After a reload nothing is picked.
  if (!state.pick && state.booking) return slotGone(state, 'taken');
  const quarrels = state.quarrels + 1;
  const goal = state.pick ? 'book' : undefined;
  const again: State = { ...state, view: 'times', bookingSince: undefined, quarrels, goal };
  return goal && quarrels <= QUARRELS_AT_MOST ? again : failed(again, '', 'unreachable');
}

/** What a problem means at the step that met it. */
export function problemTold(before: State, step: string, code: Failure, problem: LeadProblem | undefined): State {
  const state = withTicket(before, problem?.ticket);
  if (problem?.lead) return leadTold(state, 'read', problem.lead);
  const isKnown = problem?.stepUp?.kind === 'work';
  if (isKnown && state.quarrels < QUARRELS_AT_MOST) {
    return { ...state, quarrels: state.quarrels + 1, stepUp: problem.stepUp };
  }
  const again = state.quarrels < QUARRELS_AT_MOST && repaired({ ...state, quarrels: state.quarrels + 1 }, step, code);
  if (again) return again;
  switch (code) {
    case 'answers_incomplete':
    case 'invalid_fields':
    case 'contact_refused':
      return refused(state, step, code, problem?.fields ?? {});
    case 'slot_taken':
    case 'slot_not_offered':
      return slotGone(problem?.slots ? withPage(state, problem.slots) : state, 'taken', problem?.nearest);
    case 'already_booked':
    case 'event_unknown':
    case 'event_unavailable':
    case 'origin_not_allowed':
    case 'proof_required':
      return { ...state, view: 'stopped', code, goal: undefined, reading: undefined };
    default:
      return failed(state, step, code);
  }
}

/** What can be put right without the visitor: the ticket renewed, the attempt told again, the lead read. */
function repaired(state: State, step: string, code: Failure): State | undefined {
  switch (code) {
    case 'ticket_expired':
    case 'ticket_invalid':
      return { ...state, ticket: undefined };
    case 'attempt_unknown':
      return forgotten(state);
    case 'attempt_conflict':
    case 'attempt_settled':
    case 'step_out_of_order':
    case 'disqualified':
      // A booking in conflict is on its way; anything else is said anew, under the next number.
      return reading(step === 'book' && code === 'attempt_conflict' ? state : unsent(state, step), CONFLICT_PAUSE_MS);
    default:
      return undefined;
  }
}

/** The Worker knows nothing of this attempt: said again from memory, or asked for once more after a reload. */
function forgotten(state: State): State {
  if (state.view === 'booking' || state.view === 'unclear') return { ...state, view: 'unclear', reading: undefined };
  const nothing = { ...state, accepted: {}, sent: {}, hasOwnTimes: false, reading: undefined };
  const isKept = !state.isResuming && !state.masked && state.given;
  if (isKept) return { ...nothing, goal: state.goal ?? 'answers' };
  const empty: State = { ...nothing, masked: undefined, isResuming: false, goal: undefined, view: 'form', step: 0 };
  return { ...empty, notice: { kind: 'confirm-again' } };
}

export function unsent(state: State, step: string): State {
  return { ...state, sent: { ...state.sent, [step]: undefined } };
}

/** Back to the fields, with what is wrong at each; what was typed stays. */
function refused(state: State, step: string, code: Failure, fields: Faults): State {
  const { event } = state;
  if (fields.startsAt || fields.timeZone) return slotGone(state, 'gone');
  const at = stepWith(state, fields);
  // Nothing that the visitor can see is wrong, such as a hidden answer that the page did not give.
  if (!event || at < 0) return failed(state, step, code);
  const isContact = step === 'contact' || event.contact.some(({ type }) => type in fields);
  const back: State = { ...state, view: 'form', step: at, faults: fields, goal: undefined };
  return isContact ? { ...back, masked: undefined, accepted: {} } : back;
}

/** The wanted time cannot be had: answers stay, the nearest are offered (by the part `hints`). */
export function slotGone(state: State, kind: 'taken' | 'gone', nearest?: string[]): State {
  const startsAt = state.pick ?? state.booking?.startsAt ?? '';
  const pages: Record<string, SlotPage> = {};
  for (const [month, page] of Object.entries(state.pages)) {
    pages[month] = { ...page, slots: page.slots.filter((slot) => slot !== startsAt) };
  }
  return {
    ...unsent(state, 'book'),
    view: 'times',
    pages,
    hasOwnTimes: true,
    goal: undefined,
    pick: undefined,
    booking: undefined,
    bookingSince: undefined,
    notice: { kind, code: 'slot_taken', startsAt, nearest },
  };
}

/** Tried as often as makes sense. A booking whose answer never came is unclear, not failed; the rest can be tried again by hand. */
function failed(state: State, step: string, code: Failure): State {
  if (!isUsable(state.view)) return { ...state, view: 'stopped', code };
  // A conflict at a booking says that there is one, so nobody is told that it did not work.
  // At a form or at times the visitor waits for it, and can ask again.
  const isWaiting = state.view === 'form' || state.view === 'times';
  if (state.reading && (isBooking(state) || !isWaiting))
    return reading(isBooking(state) ? confirming(state) : state, SLOW_POLL_MS);
  // `timeout`, `unreachable`, `unavailable`, `internal`.
  if (step === 'book' && /^(ti|un|int)/.test(code)) return reading(confirming(state), PENDING_POLL_MS);
  const stopped = { ...state, goal: undefined, reading: undefined };
  if (state.goal === 'contact') return stopped;
  return { ...stopped, notice: { kind: 'failed', code, goal: state.goal } };
}
