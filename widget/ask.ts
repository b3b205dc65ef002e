/**
 * Which one request a state waits for, derived from what the visitor wants and what the Worker has: the whole order of the
 * sequence stands in `needed`. Pure. A payload that differs from the one sent last gets the next number, so the same press twice is
 * the same request, and a correction is a new one.
 */
import type { Step } from '../shared/protocol.ts';
import { isoText, monthOf } from './calendar.ts';
import { monthTimes, nextFree, shownMonth } from './months.ts';
import { answersSaid, contactSaid, hasAnswers, hasContact } from './said.ts';
import type { State } from './state.ts';
import { slotGone } from './told.ts';

/** `event` and `open` are reads without a ticket; the others are steps of the lead. */
export interface Ask {
  /** Two asks with the same id are the same request. */
  readonly id: string;
  readonly step: 'event' | 'open' | Step;
  readonly seq?: number;
  readonly month?: string;
  readonly delayMs?: number;
  /** JSON of what this step says, without ticket and attempt. */
  readonly payload?: string;
}

/** The state with its request, and the step's number raised if the payload is a new one. */
export function armed(state: State): State {
  const ask = needed(state);
  if (ask?.id === state.ask?.id) return state;
  // The pause was that of the request before; the next one tells its own, or ends this with its answer.
  const turned = { ...state, ask, wait: ask && state.wait };
  if (!ask?.payload || !ask.seq) return turned;
  return {
    ...turned,
    sent: { ...state.sent, [ask.step]: ask.payload },
    seq: { ...state.seq, [ask.step]: ask.seq },
    // What the Worker has from now on is not known until it answers.
    accepted: { ...state.accepted, [ask.step]: undefined },
  };
}

/** The state after its goal, once the Worker has all that the goal wants; unchanged while something is missing. */
export function reached(state: State): State {
  const { event, goal, pick } = state;
  if (!event || !goal || state.reading) return state;
  if (goal === 'contact') return hasContact(state) ? { ...state, goal: undefined } : state;
  if (!hasContact(state) || !state.hasOwnTimes || !hasAnswers(state)) return state;
  const page = pick && state.pages[monthOf(pick)];
  if (page && !page.slots.includes(pick)) return slotGone(state, 'gone');
  return goal === 'answers' ? { ...state, goal: undefined, view: 'times' } : state;
}

function needed(state: State): Ask | undefined {
  const { event, view, reading } = state;
  if (view === 'booked' || (view === 'stopped' && state.code)) return undefined;
  if (!event || (!state.ticket && (state.goal || reading || state.hasOwnTimes))) {
    return { id: 'event', step: 'event', delayMs: reading?.delayMs };
  }
  if (reading) return { ...lead(state, 'read', {}), id: `read.${state.readings}`, delayMs: reading.delayMs };

  if (state.goal) {
    if (!hasContact(state)) return lead(state, 'contact', contactSaid(state));
    if (state.goal !== 'contact' && !hasAnswers(state)) {
      return lead(state, 'answers', { answers: answersSaid(state), month: isoText(state.pick ?? state.at, 7) });
    }
    if (state.goal === 'book' && state.pick) {
      // Whatever becomes of the zone meanwhile: another one would be another request.
      if (state.ask?.step === 'book') return state.ask;
      const month = monthOf(state.pick);
      if (!state.pages[month]) return lead(state, 'slots', { month });
      return lead(state, 'book', { startsAt: state.pick, timeZone: state.timeZone });
    }
  }

  if (view !== 'times' || state.notice?.kind === 'failed') return undefined;
  const free = nextFree(state);
  const wanted = [shownMonth(state), free?.missing, state.peek];
  const month = wanted.find((each) => each && !monthTimes(state, each));
  if (!month) return undefined;
  return state.hasOwnTimes ? lead(state, 'slots', { month }) : { id: `open.${month}`, step: 'open', month };
}

function lead(state: State, step: Step, said: object): Ask {
  const payload = JSON.stringify(said);
  const last = state.seq[step] ?? 0;
  const seq = state.sent[step] === payload ? last : last + 1;
  return { id: `${step}.${seq}`, step, seq, payload };
}
