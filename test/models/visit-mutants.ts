/**
 * Widgets with one rule dropped, by wrapping what they are given: the controls of the model. Each names the rule that its loss must be
 * caught by.
 */
import type { VisitRule } from './visit-book.ts';
import type { VisitMutation } from './visit-run.ts';

export interface VisitMutant extends VisitMutation {
  name: string;
  breaks: VisitRule;
}

export const visitMutants: readonly VisitMutant[] = [
  {
    name: 'is deaf to what is typed while something is on its way',
    breaks: 'typed stays',
    actions: (action, { goal }) => (action.type === 'typed' && goal ? [] : [action]),
  },
  {
    name: 'books when a time is picked',
    breaks: 'booked by a press',
    actions: (action) => (action.type === 'pick' ? [action, { type: 'confirm' }] : [action]),
  },
  {
    name: 'books an hour later',
    breaks: 'booked as shown',
    request: (request) => (request.step === 'book' ? { ...request, startsAt: later(request.startsAt) } : request),
  },
  {
    name: 'never corrects a contact',
    breaks: 'booked as shown',
    request: (request) => {
      if (request.step !== 'contact') return request;
      return { ...request, contact: { ...request.contact, email: 'ann@example.com' } };
    },
  },
  {
    name: 'leaves out an answer',
    breaks: 'booked as shown',
    request: (request) => {
      if (request.step !== 'answers') return request;
      const { mobile: _, ...answers } = request.answers;
      return { ...request, answers };
    },
  },
  {
    name: 'stores nothing for a reload',
    breaks: 'typed stays',
    session: (session) => ({ ...session, write: (key, remembered) => session.write(key, remembered) }),
  },
  {
    name: 'keeps nothing for a copy',
    breaks: 'typed stays',
    session: (session) => ({ ...session, read: () => undefined }),
  },
  {
    name: 'is told of answers that nobody has taken',
    breaks: 'understood',
    reply: (reply, { step }) => {
      if (step !== 'answers' || !reply.ok) return reply;
      return { ...reply, status: 200, state: { v: 1, attempt: reply.state.attempt, stage: 'answers' } };
    },
  },
  {
    name: 'never pauses',
    breaks: 'no loop',
    pauseMs: () => 0,
  },
  {
    name: 'begins another attempt when the page is loaded anew',
    breaks: 'one call',
    session: (session) => ({
      ...session,
      write: (key, remembered, stored) =>
        session.write(key, remembered, stored && { ...stored, attempt: 'another', ticket: undefined, seq: {} }),
    }),
  },
  {
    name: 'takes a refused time for a booked one',
    breaks: 'told as it is',
    reply: (reply, request) => {
      if (reply.ok || request.step !== 'book') return reply;
      const { attempt, startsAt, timeZone } = request;
      return { ok: true, status: 201, state: { v: 1, attempt, stage: 'booked', booking: { startsAt, timeZone } } };
    },
  },
  {
    name: 'is never let on to the times',
    breaks: 'goes on',
    reply: (reply, { step }) => (step === 'answers' ? { ok: false, code: 'step_out_of_order' } : reply),
  },
];

function later(startsAt: string): string {
  return `${new Date(Date.parse(startsAt) + 3_600_000).toISOString().slice(0, 16)}Z`;
}
