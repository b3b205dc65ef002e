/**
 * What a visitor's step does to the record, and what is answered. Pure. Attempt, step and `seq` are the idempotency key:
 * the same payload joins or replays, another one under the same key is refused, a higher `seq` is news.
 */
import { CORRECTION_WITHIN_MS, WISHES_AT_MOST } from '../../shared/limits.ts';
import type { FieldFault } from '../../shared/problems.ts';
import type {
  AnswersRequest,
  BookRequest,
  ContactRequest,
  LeadState,
  Tracking,
  WishRequest,
} from '../../shared/protocol.ts';
import type { SecondaryAnswer } from '../iclosed/answers.ts';
import { checkConsents, type GivenConsent } from './consents.ts';
import { checkAnswers, checkContact, toE164 } from './given.ts';
import { afterRejected, handedOver, isOver, unparked } from './machine.ts';
import { takeManaged } from './managed.ts';
import { wishNote, withNote } from './notes.ts';
import { type BookingRow, type LeadRecord, newDelivery } from './record.ts';
import { type LeadInput, type LeadReply, refuse, refuseTime, secondsUntil, type Taken } from './reply.ts';
import { stageOf } from './view.ts';

export type { LeadInput, LeadReply, ReplyExtras } from './reply.ts';

const NOW = () => true;

export function takeStep(record: LeadRecord | undefined, input: LeadInput, now: number): Taken {
  const { request } = input;
  if (input.manage) return takeManaged(record, input, now);
  if (request.step === 'contact') return takeContact(record, input, request, now);
  if (!record || record.attempt !== request.attempt) return refuse('attempt_unknown');
  switch (request.step) {
    case 'answers':
      return takeAnswers(record, input, request, now);
    case 'slots':
      return isClosed(input) ? refuse('event_unavailable') : takeSlots(record);
    case 'book':
      return isClosed(input) && request.seq > (record.booking?.seq ?? 0)
        ? refuse('event_unavailable')
        : takeBooking(record, request, now);
    case 'read':
      return { ok: true, isDone: NOW };
    case 'wish':
      return takeWish(record, request, now);
    case 'withdraw':
      return { ok: true, record: withdrawn(record, request.waiting, now), isDone: NOW };
    default:
      return refuse('ticket_invalid');
  }
}

function takeContact(record: LeadRecord | undefined, input: LeadInput, request: ContactRequest, now: number): Taken {
  // A ticket leads to one Lead, a Lead to one attempt: whoever starts anew gets a new ticket.
  if (record && record.attempt !== request.attempt) return refuse('ticket_expired');
  const { description, country } = input;
  const { contact, faults } = checkContact(description.public.contact, request.contact, country);
  const agreed = checkConsents(description.public, request.consents, record?.contact.consents, now);
  const fields = { ...faults, ...agreed.faults };
  if (Object.keys(fields).length > 0) return refuse('invalid_fields', { fields });
  const given = { given: contact, ...(agreed.consents.length > 0 ? { consents: agreed.consents } : {}) };
  const { seq } = request;
  if (!record) {
    const row = { seq, ...given, deliveredSeq: 0, isMinimal: false, delivery: newDelivery(now) };
    const { attempt } = request;
    const { leadId, event, givesWay } = input;
    return {
      ok: true,
      record: {
        schema: 1,
        attempt,
        leadId,
        event,
        createdAt: now,
        page: pageFacts(input, request),
        contact: row,
        notes: [],
        ...(givesWay ? { givesWay } : {}),
      },
      isDone: NOW,
    };
  }
  const known = record.contact;
  if (seq < known.seq) return { ok: true, isDone: NOW };
  if (seq === known.seq) {
    if (isSame(known.given, contact) && isSame(textsOf(known), textsOf(given))) return { ok: true, isDone: NOW };
    return refuse(known.deliveredSeq >= seq ? 'attempt_settled' : 'attempt_conflict');
  }
  if (hasCall(record)) return refuse('attempt_settled');
  const { refused: _, consents: __, ...rest } = known;
  const row = { ...rest, seq, ...given, isMinimal: false, delivery: newDelivery(now) };
  const { booking } = record;
  const isWaiting = booking && !isOver(booking);
  const corrected = { ...record, contact: row, ...(isWaiting ? { booking: calledOff(booking, now) } : {}) };
  return { ok: true, record: corrected, isDone: NOW };
}

/** Booked, on its way, or in a person's hands: nothing said before it can be changed. A time that was refused is none of these. */
function hasCall(record: LeadRecord): boolean {
  const { booking } = record;
  const stage = stageOf(record);
  return booking !== undefined && booking.state !== 'REJECTED' && stage !== 'times' && stage !== 'disqualified';
}

/** A note for whoever will write; while there is a call, or one is on its way, there is nothing to wish for. */
function takeWish(record: LeadRecord, { seq, text }: WishRequest, now: number): Taken {
  const known = record.wish;
  if (known && seq <= known.seq)
    return seq < known.seq || known.text === text ? { ok: true, isDone: NOW } : refuse('attempt_settled');
  const stage = stageOf(record);
  if (seq > WISHES_AT_MOST || stage === 'booked' || stage === 'booking') return refuse('attempt_settled');
  const notes = withNote(record, wishNote(text, record.page.timeZone), now);
  return { ok: true, record: { ...record, wish: { seq, text }, notes }, isDone: NOW };
}

function textsOf({ consents = [] }: { consents?: GivenConsent[] }): string[] {
  return consents.map(({ text }) => text);
}

function pageFacts(input: LeadInput, { page }: ContactRequest): LeadRecord['page'] {
  const { country, ip } = input;
  const tracking: Tracking = page?.tracking ?? {};
  return {
    tracking,
    ...(page?.variant ? { variant: page.variant } : {}),
    ...(page?.referrer || page?.url ? { referrer: page.referrer ?? page.url } : {}),
    ...(page?.timeZone ? { timeZone: page.timeZone } : {}),
    ...(country ? { country } : {}),
    ...(ip ? { ip } : {}),
  };
}

function takeAnswers(record: LeadRecord, input: LeadInput, request: AnswersRequest, now: number): Taken {
  const { description, country } = input;
  const { questions } = description.public;
  const { answers, missing, faults } = checkAnswers(questions, request.answers, country);
  if (Object.keys(faults).length > 0) return refuse('invalid_fields', { fields: { ...missing, ...faults } });
  if (Object.keys(missing).length > 0) return refuse('answers_incomplete', { fields: missing });
  const known = record.answers;
  const { seq } = request;
  const isDone = (each: LeadRecord) =>
    (each.answers?.settledSeq ?? 0) >= seq ||
    each.contact.refused !== undefined ||
    each.answers?.isUndecided === true ||
    stageOf(each) === 'safe';
  if (known && seq <= known.seq) {
    if (seq < known.seq || isSame(known.given, answers)) return { ok: true, isDone };
    return refuse(known.settledSeq >= seq ? 'attempt_settled' : 'attempt_conflict');
  }
  if (hasCall(record)) return refuse('attempt_settled');
  const wasDisqualified = known?.outcome?.isDisqualified === true;
  const isInTime = now - (known?.outcome?.at ?? now) <= CORRECTION_WITHIN_MS;
  if (wasDisqualified && (known.corrections > 0 || !isInTime)) return refuse('disqualified');
  const secondary = Object.entries(answers).flatMap(([id, values]): SecondaryAnswer[] => {
    const address = description.addresses[id];
    const question = questions.find((each) => each.id === id);
    if (!address) return [];
    const answer = question?.type === 'phone' ? values.map((value) => toE164(value, country) ?? value) : values;
    return [{ ...address, answer }];
  });
  const booking = record.booking && withoutOldTimes(record.booking, now);
  return {
    ok: true,
    record: {
      ...record,
      ...(booking ? { booking } : {}),
      answers: {
        seq,
        given: answers,
        primary: description.primary,
        secondary,
        settledSeq: known?.settledSeq ?? 0,
        rung: known?.rung ?? 0,
        unclearSends: 0,
        ...(known?.outcome ? { outcome: known.outcome } : {}),
        corrections: (known?.corrections ?? 0) + (wasDisqualified ? 1 : 0),
        delivery: newDelivery(now),
      },
    },
    isDone,
  };
}

/** Pressed before something was corrected or its visitor went back, and not sent yet: it goes only by another press. */
function calledOff(booking: BookingRow, now: number): BookingRow {
  return afterRejected(unparked(booking, now), { code: 'slot_not_offered' }, now);
}

/** Times that were chosen or named with other answers may be none of the hosts that the new ones lead to. */
function withoutOldTimes(booking: BookingRow, now: number): BookingRow {
  if (!isOver(booking)) return calledOff(booking, now);
  return booking.problem ? { ...booking, problem: { code: booking.problem.code } } : booking;
}

/**
 * What was not sent yet never is; what was sent goes on until the truth is known.
 * @param waiting Only the booking of that number, by a visitor who stays.
 */
function withdrawn(record: LeadRecord, waiting: number | undefined, now: number): LeadRecord {
  const { booking } = record;
  const isUnsent = booking?.state === 'WANTED';
  if (waiting !== undefined)
    return isUnsent && booking.seq === waiting ? { ...record, booking: calledOff(booking, now) } : record;
  return { ...record, isWithdrawn: true, ...(isUnsent ? { booking: handedOver(booking, now) } : {}) };
}

/** The owner or iClosed has switched the event off; what was begun still comes to its end. */
function isClosed({ description }: LeadInput): boolean {
  return description.public.mode !== 'book';
}

function takeSlots(record: LeadRecord): Taken {
  const stage = stageOf(record);
  if (stage === 'disqualified') return refuse('disqualified');
  if (stage === 'times') return { ok: true, isDone: NOW };
  return refuse(stage === 'booked' ? 'attempt_settled' : 'step_out_of_order');
}

function takeBooking(record: LeadRecord, request: BookRequest, now: number): Taken {
  const startsAt = Date.parse(request.startsAt);
  const { timeZone, seq } = request;
  const faulty = refuseTime(request.startsAt, timeZone);
  if (faulty) return faulty;
  const isDone = ({ booking }: LeadRecord) =>
    !booking || booking.isParked === true || booking.state === 'AMBIGUOUS' || isOver(booking);
  const known = record.booking;
  if (known && seq <= known.seq) {
    const isSamePayload = seq === known.seq && known.startsAt === startsAt && known.timeZone === timeZone;
    if (!isSamePayload)
      return refuse(isOver(known) ? 'attempt_settled' : 'attempt_conflict', isOver(known) ? {} : SOON);
    return { ok: true, isDone, ...(known.isParked ? { record: { ...record, booking: unparked(known, now) } } : {}) };
  }
  if (known && !known.isParked && !isOver(known)) return refuse('attempt_conflict', SOON);
  const stage = stageOf(record);
  if (stage === 'disqualified') return refuse('disqualified');
  if (stage === 'booked' || stage === 'safe') return refuse('attempt_settled');
  if (stage !== 'times') return refuse('step_out_of_order');
  if (record.contact.isBlocked) return refuse('slot_not_offered');
  // Whoever took the link and presses again, presses again.
  const { isWithdrawn: _, ...rest } = record;
  return {
    ok: true,
    record: {
      ...rest,
      booking: {
        seq,
        startsAt,
        timeZone,
        askedAt: now,
        state: 'WANTED',
        sends: 0,
        isSettled: false,
        delivery: newDelivery(now),
      },
    },
    isDone,
  };
}

const SOON = { retryAfterSeconds: 2 };

// --- what is answered once the wait is over ---

export function replyAfterAnswers(record: LeadRecord, state: LeadState, now: number): LeadReply {
  const { contact, answers } = record;
  if (contact.refused) return refuse('contact_refused', { fields: refusedFields(contact.refused, contact.given) });
  if (!answers || answers.settledSeq >= answers.seq || state.stage === 'safe') return { ok: true, status: 200, state };
  const row = contact.deliveredSeq < contact.seq ? contact : answers;
  if (row.delivery.lastFault !== 'busy') return { ok: true, status: 202, state };
  return refuse('busy', { retryAfterSeconds: secondsUntil(row.delivery.dueAt, now) });
}

/** The widget marks fields that it shows: a complaint about half a name is one about the name. */
function refusedFields(refused: Record<string, FieldFault>, given: object): Record<string, FieldFault> {
  const fields: Record<string, FieldFault> = {};
  for (const [field, fault] of Object.entries(refused))
    fields[field in given ? field : 'name' in given ? 'name' : field] = fault;
  return fields;
}

export function replyAfterBooking(record: LeadRecord, state: LeadState, now: number): LeadReply {
  const { booking } = record;
  if (!booking) return refuse('step_out_of_order');
  if (booking.isParked) {
    if (state.stage === 'safe') return { ok: true, status: 202, state };
    return refuse('busy', { retryAfterSeconds: secondsUntil(booking.askAgainAt ?? now, now) });
  }
  if (booking.state === 'CONFIRMED') return { ok: true, status: 201, state };
  if (booking.state === 'REJECTED' && booking.problem) {
    const { code, slots, nearest, fields } = booking.problem;
    return refuse(code, {
      ...(fields ? { fields } : {}),
      ...(slots ? { slots } : {}),
      ...(nearest ? { nearest } : {}),
    });
  }
  if (booking.state === 'WANTED')
    return refuse('busy', { retryAfterSeconds: secondsUntil(booking.delivery.dueAt, now) });
  return { ok: true, status: 202, state };
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
