/**
 * What the holder of a manage ticket may do with a booked call, and what is answered. Pure; beside `steps.ts`, which takes what a
 * visit's ticket may do. The ticket names the Lead, so the page's own attempt need not be the one that booked.
 */
import { LOOK_FRESH_MS } from '../../shared/limits.ts';
import type { LeadState, RescheduleRequest } from '../../shared/protocol.ts';
import { instantText } from '../instant.ts';
import { isChangeOver, mayCancel, mayMove } from './change.ts';
import { type BookingRow, type ChangeRow, type LeadRecord, newDelivery } from './record.ts';
import { type CalendarFacts, type LeadInput, type LeadReply, refuse, refuseTime, type Taken } from './reply.ts';

const NOW = () => true;
const SOON = { retryAfterSeconds: 2 };

export function takeManaged(record: LeadRecord | undefined, input: LeadInput, now: number): Taken {
  const { request } = input;
  const { booking } = record ?? {};
  if (!record || booking?.state !== 'CONFIRMED') return refuse('attempt_unknown');
  // Of a void ticket the answer is how the call stands, whatever was asked.
  if (isVoid(booking, input)) return lookFirst(record, booking, now);
  switch (request.step) {
    case 'read':
      return lookFirst(record, booking, now);
    case 'calendar':
      return { ok: true, isDone: NOW };
    case 'slots':
      return mayMove(booking, now) ? { ok: true, isDone: NOW } : refuse('booking_fixed');
    case 'reschedule':
      return takeMove(record, booking, input, request, now);
    case 'cancel':
      return takeChange(record, booking, { kind: 'cancel', attempt: request.attempt, seq: request.seq }, now);
    default:
      return refuse('ticket_invalid');
  }
}

/** Issued before the call was moved here. The very request that moved it is still answered, also when it comes again. */
export function isVoid({ manageFromSeconds = 0, change }: BookingRow, { manage, request }: LeadInput): boolean {
  const { step, attempt, seq } = request;
  const isMover = step === 'reschedule' && isSameKey(change, { kind: 'move', attempt, seq });
  return (manage?.issuedAt ?? 0) < manageFromSeconds && !isMover;
}

function lookFirst(record: LeadRecord, booking: BookingRow, now: number): Taken {
  const isDone = (each: LeadRecord) => each.booking?.look === undefined;
  const isRunning = booking.change !== undefined && !isChangeOver(booking.change);
  if (isRunning || booking.look || now - (booking.verifiedAt ?? 0) <= LOOK_FRESH_MS) return { ok: true, isDone };
  return { ok: true, record: { ...record, booking: { ...booking, look: newDelivery(now) } }, isDone };
}

function takeMove(
  record: LeadRecord,
  booking: BookingRow,
  { description }: LeadInput,
  { attempt, seq, startsAt, timeZone }: RescheduleRequest,
  now: number,
): Taken {
  const faulty = refuseTime(startsAt, timeZone);
  if (faulty) return faulty;
  const wanted = { kind: 'move' as const, attempt, seq, to: { startsAt: Date.parse(startsAt), timeZone } };
  const isNew = !isSameKey(booking.change, wanted);
  if (isNew && description.public.mode !== 'book') return refuse('event_unavailable');
  return takeChange(record, booking, wanted, now);
}

type Wanted = Pick<ChangeRow, 'kind' | 'attempt' | 'seq' | 'to'>;

function takeChange(record: LeadRecord, booking: BookingRow, wanted: Wanted, now: number): Taken {
  const { call, change: known } = booking;
  const isDone = ({ booking: row }: LeadRecord) =>
    !row?.change || row.change.state === 'AMBIGUOUS' || isChangeOver(row.change);
  if (known && isSameKey(known, wanted)) {
    if (JSON.stringify(known.to) !== JSON.stringify(wanted.to))
      return isChangeOver(known) ? refuse('attempt_settled') : refuse('attempt_conflict', SOON);
    // Only the moment was wrong.
    const isAgain = known.state === 'REJECTED' && known.problem?.retryAfterSeconds !== undefined;
    if (!isAgain) return { ok: true, isDone };
  } else if (known && !isChangeOver(known)) return refuse('attempt_conflict', SOON);
  if (!call || !(wanted.kind === 'move' ? mayMove : mayCancel)(booking, now))
    return refuse(booking.isCancelled ? 'booking_changed' : 'booking_fixed');
  const change: ChangeRow = {
    ...wanted,
    from: call.startsAt,
    askedAt: now,
    state: 'WANTED',
    sends: 0,
    isSettled: false,
    delivery: newDelivery(now),
  };
  return { ok: true, record: { ...record, booking: { ...booking, change } }, isDone };
}

function isSameKey(change: ChangeRow | undefined, { kind, attempt, seq }: Wanted): boolean {
  return change?.kind === kind && change.attempt === attempt && change.seq === seq;
}

/** What is answered once the wait is over; what may be managed further, the caller adds. */
export function replyManaged(record: LeadRecord, input: LeadInput, state: LeadState): LeadReply {
  const { booking } = record;
  const { request } = input;
  if (!booking) return refuse('attempt_unknown');
  if (isVoid(booking, input)) return refuse('booking_changed');
  const { change } = booking;
  if ((request.step !== 'reschedule' && request.step !== 'cancel') || !change) return { ok: true, status: 200, state };
  switch (change.state) {
    case 'DONE':
    case 'HANDED_OVER':
      return { ok: true, status: 200, state };
    case 'REJECTED': {
      const { code = 'unavailable', ...more } = change.problem ?? {};
      return refuse(code, more);
    }
    case 'WANTED':
      if (change.sends === 0) return refuse('busy', SOON);
      return { ok: true, status: 202, state };
    default:
      return { ok: true, status: 202, state };
  }
}

/** Where iClosed did not say when the call ends, the event's duration counts. */
export function calendarFacts({ booking, attempt }: LeadRecord, { booking: shown }: LeadState, input: LeadInput) {
  const { name, durationMinutes = 30, place, host } = input.description.public;
  const { call, moves = 0, isCancelled = false } = booking ?? {};
  if (!call) return undefined;
  const endsAt = instantText(call.endsAt ?? call.startsAt + durationMinutes * 60_000);
  const who = [...new Set([shown?.host, host])].filter((each) => each !== undefined);
  const facts: CalendarFacts = {
    id: call.bookingId ?? attempt,
    sequence: moves,
    isCancelled,
    startsAt: instantText(call.startsAt),
    endsAt,
    name,
    ...(who.length > 0 ? { host: who.join(', ') } : {}),
    ...(place ? { place } : {}),
    ...(shown?.joinLink ? { joinLink: shown.joinLink } : {}),
  };
  return facts;
}
