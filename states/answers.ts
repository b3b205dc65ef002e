/**
 * What the scripted Worker of `/states` can say: the shapes of the protocol (`docs/contract.md`) with the facts of one made-up
 * event. A state's script names only the answers in which it differs from a booking that goes well.
 */
import { PROBLEMS, type ProblemCode } from '../shared/problems.ts';
import type {
  Booking,
  EventAnswer,
  LeadProblem,
  LeadRequest,
  LeadState,
  PublicEvent,
  SlotPage,
  Stage,
  Step,
} from '../shared/protocol.ts';
import { NOW } from './browser.ts';

/** `never`: the request hangs. */
export type Answer = { status: number; body: object } | 'never';

export interface Seen {
  /** As the element names it. */
  event: string;
  body: LeadRequest | undefined;
  month: string;
}

/** An answer by step; `event` and `open` are the two reads without a ticket. */
export type Script = Partial<Record<'event' | 'open' | Step, Answer | ((seen: Seen) => Answer)>>;

export const TIME_ZONE = 'America/New_York';
const THIS_MONTH = NOW.slice(0, 7);
const UNTIL = '2027-05-08T14:00Z';

export const EVENT = {
  name: 'Discovery call',
  mode: 'book',
  flow: 'form-first',
  openSlots: true,
  host: 'Acme Growth',
  durationMinutes: 30,
  place: 'Google Meet',
  description: 'You leave with a plan, whether we work together or not.',
  contact: [
    { type: 'first_name', required: true },
    { type: 'last_name', required: true },
    { type: 'email', required: true },
    { type: 'phone', required: false },
  ],
  questions: [
    {
      id: 'size',
      type: 'single',
      label: 'How big is your company?',
      required: true,
      options: [{ value: '1-10' }, { value: '11-50' }, { value: '51-200' }, { value: 'More than 200' }],
    },
    {
      id: 'revenue',
      type: 'select',
      label: 'What is your monthly revenue?',
      required: true,
      options: [{ value: 'Under $5k' }, { value: '$5k – $50k' }, { value: 'Over $50k' }],
    },
    { id: 'goal', type: 'long_text', label: 'What should we talk about?', required: false },
  ],
  steps: [['size', 'revenue', 'goal']],
} as const satisfies Partial<PublicEvent> & { questions: PublicEvent['questions']; steps: string[][] };

export function eventAnswer(event: Partial<PublicEvent> = {}, more: Partial<EventAnswer> = {}) {
  return ({ event: id }: Seen): Answer => {
    const whole = { ...EVENT, id, link: `https://app.iclosed.io/e/${id}`, ...event };
    return { status: 200, body: { v: 1, event: whole, ticket: 'ticket', now: NOW, ...more } };
  };
}

export function lead(stage: Stage, more: Partial<LeadState> = {}, status = 200) {
  return ({ body }: Pick<Seen, 'body'>): Answer => ({
    status,
    body: { v: 1, attempt: body?.attempt, stage, ticket: 'ticket', ...more },
  });
}

/** Own times of the month that was asked for, or of this one. */
export function ownTimes(slots?: string[]) {
  return (seen: Seen): Answer => lead('times', { slots: slotPage(seen.month || THIS_MONTH, slots) })(seen);
}

export function problem(code: ProblemCode, more: Partial<LeadProblem> = {}): Answer {
  const { status, title } = PROBLEMS[code];
  return { status, body: { type: 'about:blank', title, status, code, requestId: 'request', ...more } };
}

/** @param slots Without them half hours on working days, fewer as the weeks go by. */
export function slotPage(month: string, slots: string[] = freeTimes(month), more: Partial<SlotPage> = {}): SlotPage {
  return { v: 1, month, from: `${month}-01T00:00Z`, to: `${month}-31T00:00Z`, slots, asOf: NOW, until: UNTIL, ...more };
}

export function freeTimes(month: string): string[] {
  const found: string[] = [];
  for (let day = 1; day <= 30; day += 1) {
    const date = `${month}-${String(day).padStart(2, '0')}`;
    const weekday = new Date(`${date}T12:00Z`).getUTCDay();
    if (weekday === 0 || weekday === 6 || day % 5 === 0) continue;
    for (let half = 26; half < 42; half += 1 + ((day + half) % 3)) {
      found.push(`${date}T${String(Math.floor(half / 2)).padStart(2, '0')}:${half % 2 === 0 ? '00' : '30'}Z`);
    }
  }
  return found.filter((startsAt) => startsAt > NOW);
}

/** The call at the time that was asked for; it can be moved and cancelled. */
export function call({ body }: Seen, more: Partial<Booking> = {}): Booking {
  const startsAt = body && 'startsAt' in body ? body.startsAt : `${THIS_MONTH}-11T14:00Z`;
  const endsAt = new Date(Date.parse(startsAt) + 30 * 60_000).toISOString();
  const can = { manage: 'manage', mayMove: true, mayCancel: true };
  return { bookingId: 'call', startsAt, endsAt, timeZone: TIME_ZONE, host: 'Olivia Hart', ...can, ...more };
}

/** A booking that goes well. */
export const WELL: Script = {
  event: eventAnswer(),
  open: ({ month }) => ({ status: 200, body: slotPage(month) }),
  contact: lead('answers'),
  answers: ownTimes(),
  slots: ownTimes(),
  book: (seen) => lead('booked', { booking: call(seen) }, 201)(seen),
  withdraw: lead('answers'),
};
