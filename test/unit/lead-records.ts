/** Records, requests and descriptions for the tests of the Lead's parts: one visitor, good values, what differs is said. */
import type { LeadRequest, PublicEvent, Question } from '../../shared/protocol.ts';
import type { EventDescription } from '../../worker/event/describe.ts';
import type { AnswersRow, BookingRow, ContactRow, LeadRecord } from '../../worker/lead/record.ts';
import { newDelivery } from '../../worker/lead/record.ts';
import type { LeadInput } from '../../worker/lead/steps.ts';

export const NOW = Date.parse('2026-11-23T19:00:00Z');
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** A time that is far enough away for everything. */
export const AT = NOW + 2 * DAY;
export const ATTEMPT = '6f1c2a52-3c4e-4b8e-9a55-0f9a4f1a2b3c';
export const EVENT = 'acme/discovery-call';

const size: Question = {
  id: 'size',
  type: 'single',
  label: 'Team size',
  required: true,
  options: [{ value: '1' }, { value: '2+' }],
};
const mobile: Question = { id: 'mobile', type: 'phone', label: 'Mobile', required: false };

export const description: EventDescription = {
  public: {
    id: EVENT,
    name: 'Discovery',
    link: `https://app.iclosed.io/e/${EVENT}`,
    mode: 'book',
    flow: 'form-first',
    openSlots: true,
    contact: [
      { type: 'name', required: true },
      { type: 'email', required: true },
    ],
    questions: [size, mobile],
  } satisfies PublicEvent,
  primary: ['name', 'email'],
  addresses: { size: { identifier: 'size' }, mobile: { customFieldId: 9 } },
  questionSource: 'configuration',
  faults: [],
};

type Payload<T> = T extends unknown ? Omit<T, 'v' | 'event' | 'ticket' | 'attempt' | 'seq'> : never;

export function inputOf(payload: Payload<LeadRequest>, seq = 1, more: Partial<LeadInput> = {}): LeadInput {
  const request = { v: 1, event: EVENT, ticket: 'A'.repeat(100), attempt: ATTEMPT, seq, ...payload } as LeadRequest;
  return { request, leadId: 'lead-one', event: EVENT, description, ...more };
}

export const contactStep = (email = 'ann@example.com', seq = 1, more: Partial<LeadInput> = {}) =>
  inputOf({ step: 'contact', contact: { name: 'Ann Lee', email } }, seq, more);
export const answersStep = (value = '1', seq = 1) => inputOf({ step: 'answers', answers: { size: [value] } }, seq);
export const bookStep = (startsAt = AT, seq = 1, timeZone = 'Europe/Berlin') =>
  inputOf({ step: 'book', startsAt: `${new Date(startsAt).toISOString().slice(0, 16)}Z`, timeZone }, seq);

export function contactRow(more: Partial<ContactRow> = {}): ContactRow {
  const given = { name: 'Ann Lee', email: 'ann@example.com' };
  return { seq: 1, given, deliveredSeq: 1, id: 7, isMinimal: false, delivery: newDelivery(NOW), ...more };
}

export function answersRow(more: Partial<AnswersRow> = {}): AnswersRow {
  return {
    seq: 1,
    given: { size: ['1'] },
    primary: ['name', 'email'],
    secondary: [{ identifier: 'size', answer: ['1'] }],
    settledSeq: 1,
    rung: 0,
    unclearSends: 0,
    outcome: { isDisqualified: false, hosts: '3,4', at: NOW },
    corrections: 0,
    delivery: newDelivery(NOW),
    ...more,
  };
}

export const disqualifiedRow = (more: Partial<AnswersRow> = {}): AnswersRow =>
  answersRow({
    outcome: { isDisqualified: true, hosts: '', at: NOW, disqualification: { mayCorrect: false } },
    ...more,
  });

export function bookingRow(more: Partial<BookingRow> = {}): BookingRow {
  return {
    seq: 1,
    startsAt: AT,
    timeZone: 'Europe/Berlin',
    askedAt: NOW,
    state: 'WANTED',
    sends: 0,
    isSettled: false,
    delivery: newDelivery(NOW),
    ...more,
  };
}

/** Contact delivered, nothing else. */
export function leadRecord(more: Partial<LeadRecord> = {}): LeadRecord {
  return {
    schema: 1,
    attempt: ATTEMPT,
    leadId: 'lead-one',
    event: EVENT,
    createdAt: NOW,
    page: { tracking: {} },
    contact: contactRow(),
    notes: [],
    ...more,
  };
}

/** Answers accepted: times may be seen. */
export const qualified = (more: Partial<LeadRecord> = {}): LeadRecord => leadRecord({ answers: answersRow(), ...more });
