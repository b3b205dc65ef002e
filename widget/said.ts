/** What the visitor has said, as the Worker is told it, and whether the Worker has it. Pure; used by the conversation's state alone. */
import type { PublicEvent } from '../shared/protocol.ts';
import { answersOf, consentsOf, contactOf } from './fields.ts';
import type { State } from './state.ts';

export function contactSaid({ event, given = {} }: State) {
  return { contact: contactOf(event as PublicEvent, given), consents: consentsOf(event as PublicEvent, given) };
}

export function answersSaid(state: State) {
  return answersOf(state.event as PublicEvent, state.given ?? state.values);
}

export function hasContact(state: State): boolean {
  return Boolean(state.masked) || state.accepted.contact === JSON.stringify(contactSaid(state));
}

export function hasAnswers(state: State): boolean {
  return state.accepted.answers === JSON.stringify(answersSaid(state));
}

/** Nothing is left to be said before it: the booking itself is on its way, or what became of it is found out. */
export function isBooking(state: State): boolean {
  return state.goal === 'book' && hasContact(state) && hasAnswers(state);
}
