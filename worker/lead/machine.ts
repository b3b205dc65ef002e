/**
 * The life of a Lead as two pure functions: `plan` says what to do next, `after…` say what an outcome means. No clock, no
 * storage, no network; `driver.ts` runs it, the object and the tests pass the rest. Order: contact → answers → booking →
 * status → notes, each with its own due time, so that what a visitor waits for comes first.
 */
import {
  AMBIGUOUS_AFTER_SEND_MS,
  BOOKING_HARD_END_MS,
  DELAYED_BOOKING_NOTICE_MS,
  DELAYED_BOOKING_WITHIN_MS,
  KEEP_SETTLED_LEAD_MS,
  KEEP_TOMBSTONE_MS,
  OUTBOX_FORGET_AFTER_MS,
  SECOND_SEARCH_MS,
  SEND_LEAVES_WITHIN_MS,
  SENDS_AT_MOST,
  VERIFY_BOOKING_MS,
} from '../../shared/limits.ts';
import type { Parked } from '../gate/backlog.ts';
import type { SearchAnswer } from '../iclosed/call-search.ts';
import type { BookedCall } from '../iclosed/calls.ts';
import type { Endpoint } from '../iclosed/request.ts';
import { isChangeOver, mayMoveTo } from './change.ts';
import type { BookingRow, Delivery, LeadRecord } from './record.ts';

export type Action =
  | { kind: 'contact' }
  | { kind: 'answers' }
  | { kind: 'book' }
  | { kind: 'book_late' }
  | { kind: 'search' }
  | { kind: 'settle' }
  | { kind: 'verify' }
  | { kind: 'look' }
  | { kind: 'change' }
  | { kind: 'change_look' }
  | { kind: 'change_settle' }
  | { kind: 'status' }
  | { kind: 'note'; index: number };

/** What keeps its own times, whatever the gate's index says of the lead. */
const TIMED: ReadonlySet<Action['kind']> = new Set([
  'search',
  'book',
  'settle',
  'look',
  'change',
  'change_look',
  'change_settle',
]);

/** A visitor who still waits has asked again by then. */
const LATE_AFTER_ASKING_MS = 15_000;

/** Looks for an unclear booking this long after it was sent; finding it is proof at any time, not finding it only later. */
const EARLY_SEARCHES_MS = [3_000, 25_000] as const;

/** What is to be done now, or undefined. Call only while nothing is under way: `SENT` then means cut off. */
export function plan(record: LeadRecord, now: number): Action | undefined {
  const action = candidates(record).find(({ delivery }) => delivery.dueAt <= now)?.action;
  return action ?? ((nextVerify(record) ?? now + 1) <= now ? { kind: 'verify' } : undefined);
}

/** Undelivered things that wait for their next try are due at once; an unclear booking keeps its times. */
export function woken(record: LeadRecord, now: number): LeadRecord {
  const { contact, answers, status, notes, booking } = record;
  const soon = <T extends { delivery: Delivery }>(row: T): T =>
    row.delivery.dueAt > now ? { ...row, delivery: { ...row.delivery, dueAt: now } } : row;
  return {
    ...record,
    contact: soon(contact),
    ...(answers ? { answers: soon(answers) } : {}),
    ...(status ? { status: soon(status) } : {}),
    ...(booking?.isParked ? { booking: soon(booking) } : {}),
    notes: notes.map(soon),
  };
}

/**
 * What the owner's list should know of this lead: refused for good, a booking that a person must decide, or the first thing
 * that failed and waits for another try.
 */
export function undelivered(record: LeadRecord): Omit<Parked, 'leadId' | 'since'> | undefined {
  const { attempt, event, contact, booking, status } = record;
  const base = { attempt, event, class: 3 as const };
  const contactLane: Endpoint = contact.id === undefined ? 'POST /v1/contacts' : 'PUT /v1/contacts';
  if (contact.refused) return { ...base, state: 'refused', endpoint: contactLane };
  if (booking?.state === 'REFUSED' || booking?.state === 'HANDED_OVER') {
    return { ...base, state: 'unclear', endpoint: 'POST /v1/eventCalls' };
  }
  const failed = candidates(record).find(({ delivery }) => delivery.lastFault !== undefined);
  const waiting = { ...base, state: 'waiting' as const };
  switch (failed?.action.kind) {
    case 'contact':
      return { ...waiting, endpoint: contactLane };
    case 'answers':
      return { ...waiting, endpoint: 'POST /v1/fields/inviteeAnswers' };
    case 'status':
      return { ...waiting, endpoint: 'PUT /v1/contacts', class: status?.wanted === 'DISQUALIFIED' ? 2 : 3 };
    case 'note':
      return { ...waiting, endpoint: 'POST /v1/contacts/notes' };
    case 'book_late':
      return { ...waiting, endpoint: 'POST /v1/eventCalls', class: 2 };
    case 'search':
      return { ...waiting, endpoint: 'GET /v1/eventCalls', class: 2 };
    default:
      return undefined;
  }
}

/** The owner has mended the cause: what was refused is tried again in its full form. */
export function retried(record: LeadRecord, now: number): LeadRecord {
  const { refused: _, ...contact } = record.contact;
  return woken({ ...record, contact: { ...contact, isMinimal: false } }, now);
}

/** When `plan` should be asked again; undefined when everything is done. */
export function nextDue(record: LeadRecord): number | undefined {
  const due = candidates(record).map(({ delivery }) => delivery.dueAt);
  const parked = record.booking?.isParked ? record.booking.askedAt + BOOKING_HARD_END_MS : undefined;
  const all = parked === undefined ? due : [...due, parked];
  return all.length > 0 ? Math.min(...all) : undefined;
}

/**
 * The same for a lead in the gate's index: what only our own pacing or an absent iClosed holds back is woken by the gate, one
 * lead per permit, and does not ask by itself.
 */
export function nextDueUnwoken(record: LeadRecord): number | undefined {
  const timed = candidates(record).filter(({ action, delivery }) => {
    const isWoken = !TIMED.has(action.kind);
    return !isWoken || (delivery.lastFault !== 'busy' && delivery.lastFault !== 'away');
  });
  const parked = record.booking?.isParked ? record.booking.askedAt + BOOKING_HARD_END_MS : Number.POSITIVE_INFINITY;
  const at = Math.min(parked, ...timed.map(({ delivery }) => delivery.dueAt));
  return at === Number.POSITIVE_INFINITY ? undefined : at;
}

/** When a confirmed booking is looked up next; an hour of leeway, and none once it has begun. */
export function nextVerify({ booking }: LeadRecord): number | undefined {
  if (booking?.state !== 'CONFIRMED' || !booking.isSettled || !booking.call || booking.isGone) return undefined;
  const at = (booking.verifiedAt ?? booking.askedAt) + VERIFY_BOOKING_MS;
  return at < booking.call.startsAt ? at : undefined;
}

function candidates(record: LeadRecord): { action: Action; delivery: Delivery }[] {
  const { contact, answers, booking, status } = record;
  const list: { action: Action; delivery: Delivery }[] = [];
  if (contact.deliveredSeq < contact.seq && !contact.refused) {
    list.push({ action: { kind: 'contact' }, delivery: contact.delivery });
    return list;
  }
  if (contact.id === undefined) return list;
  if (answers && answers.settledSeq < answers.seq && !answers.isUndecided) {
    list.push({ action: { kind: 'answers' }, delivery: answers.delivery });
  }
  if (booking?.isParked && mayBookLate(record, booking.delivery.dueAt)) {
    list.push({ action: { kind: 'book_late' }, delivery: booking.delivery });
  }
  if (booking && !booking.isParked) {
    if (booking.state === 'WANTED') list.push({ action: { kind: 'book' }, delivery: booking.delivery });
    if (booking.state === 'SENT' || booking.state === 'AMBIGUOUS') {
      list.push({ action: { kind: 'search' }, delivery: booking.delivery });
    }
  }
  if (booking && isOver(booking) && !booking.isSettled) {
    list.push({ action: { kind: 'settle' }, delivery: booking.delivery });
  }
  const { change, look } = booking ?? {};
  if (change && !isChangeOver(change)) {
    const kind = change.state === 'WANTED' ? 'change' : 'change_look';
    list.push({ action: { kind }, delivery: change.delivery });
  }
  if (change && isChangeOver(change) && !change.isSettled) {
    list.push({ action: { kind: 'change_settle' }, delivery: change.delivery });
  }
  if (look) list.push({ action: { kind: 'look' }, delivery: look });
  // Nothing after the booking: while there may be a call, its own status stands.
  const mayHaveCall = booking && !booking.isParked && (booking.state === 'CONFIRMED' || !isOver(booking));
  if (status && !status.isDone && !mayHaveCall) list.push({ action: { kind: 'status' }, delivery: status.delivery });
  record.notes.forEach((note, index) => {
    if (!note.isDone) list.push({ action: { kind: 'note', index }, delivery: note.delivery });
  });
  return list;
}

/** True when nothing can change about this booking any more. */
export function isOver(booking: BookingRow): boolean {
  return booking.state !== 'WANTED' && booking.state !== 'SENT' && booking.state !== 'AMBIGUOUS';
}

// --- the booking ---

/** Written before the call leaves, together with the alarm. */
export function afterSending(booking: BookingRow, now: number): BookingRow {
  const delivery = { ...booking.delivery, dueAt: now + EARLY_SEARCHES_MS[0] };
  const { isAbsentOnce: _, aloneAt: __, ...rest } = booking;
  return { ...rest, state: 'SENT', sends: booking.sends + 1, sentAt: now, delivery };
}

export function afterBooked(booking: BookingRow, call: BookedCall, now: number): BookingRow {
  return { ...booking, state: 'CONFIRMED', call, delivery: due(booking, now) };
}

/** 401 and 429 prove that nothing was done; the send does not count. */
export function afterNothingDone(booking: BookingRow, delivery: Delivery): BookingRow {
  const { sentAt: _, ...rest } = booking;
  return { ...rest, state: 'WANTED', sends: Math.max(0, booking.sends - 1), delivery };
}

export function afterUnclear(booking: BookingRow, now: number): BookingRow {
  return { ...booking, state: 'AMBIGUOUS', delivery: { ...booking.delivery, dueAt: nextSearchAt(booking, now) } };
}

/** This time cannot be had; the visitor chooses another with a new request. */
export function afterRejected(booking: BookingRow, problem: BookingRow['problem'], now: number): BookingRow {
  const isTaken = problem?.code === 'slot_taken';
  return {
    ...booking,
    state: 'REJECTED',
    ...(problem ? { problem } : {}),
    ...(isTaken ? { isTaken } : {}),
    delivery: due(booking, now),
  };
}

/** iClosed refused although the time is free: once more in the smallest form, then a person decides. */
export function afterRefused(booking: BookingRow, now: number): BookingRow {
  if (!booking.isMinimal) return { ...afterNothingDone(booking, due(booking, now)), isMinimal: true };
  return { ...booking, state: 'REFUSED', delivery: due(booking, now) };
}

/** Between the two searches that prove absence, however late the first was. */
const SECOND_SEARCH_AT_LEAST_MS = 1_000;

/** A search that begins this long after the send was written down is late enough for iClosed to have committed. */
export const LATE_SEARCH_MS = SEND_LEAVES_WITHIN_MS + AMBIGUOUS_AFTER_SEND_MS;

/**
 * What a search says. Absence counts only after the time in which iClosed may still commit, and only twice in a row.
 * @param askedAt when the search began, which may be long before its answer.
 */
export function afterSearch(
  booking: BookingRow,
  answer: SearchAnswer | { kind: 'failed'; retryAfterMs: number },
  now: number,
  askedAt: number,
): BookingRow {
  if (answer.kind === 'found') return afterBooked(booking, answer.call, now);
  const sentAt = booking.sentAt ?? booking.askedAt;
  const isLate = askedAt - sentAt >= LATE_SEARCH_MS;
  if (answer.kind === 'absent' && isLate) {
    if (booking.isAbsentOnce) return afterAbsent(booking, answer.hasOther, now);
    // The two are apart because a search may lag behind; a first one that came late has left that time behind it.
    const secondAt = Math.max(sentAt + LATE_SEARCH_MS + SECOND_SEARCH_MS, now + SECOND_SEARCH_AT_LEAST_MS);
    return { ...booking, state: 'AMBIGUOUS', isAbsentOnce: true, delivery: due(booking, secondAt) };
  }
  if (now - booking.askedAt > BOOKING_HARD_END_MS) return handedOver({ ...booking, isUnclear: true }, now);
  // A search that failed says nothing, so it takes nothing back.
  if (answer.kind === 'failed') {
    return { ...booking, state: 'AMBIGUOUS', delivery: due(booking, now + answer.retryAfterMs) };
  }
  const { isAbsentOnce: _, ...rest } = booking;
  return { ...rest, state: 'AMBIGUOUS', delivery: due(booking, nextSearchAt(booking, now)) };
}

/** Proven not to be there: sent once more while that may still be, and only where it is still what the visitor wants. */
function afterAbsent(booking: BookingRow, hasOther: boolean, now: number): BookingRow {
  if (booking.sends >= SENDS_AT_MOST || hasOther || !isInTimeForLate(booking, now)) return handedOver(booking, now);
  // Parked, so that it goes the way of every late call: not after a withdrawal, not beside a call from another channel.
  return { ...booking, state: 'WANTED', isParked: true, aloneAt: now, delivery: due(booking, now) };
}

/** The proof that no other call stands is this young: the search need not be asked again. */
export function isKnownAlone({ aloneAt }: BookingRow, now: number): boolean {
  return aloneAt !== undefined && now - aloneAt <= SECOND_SEARCH_MS;
}

/** A person decides, with everything kept. */
export function handedOver(booking: BookingRow, now: number): BookingRow {
  const { isParked: _, ...rest } = booking;
  return { ...rest, state: 'HANDED_OVER', delivery: due(booking, now) };
}

/**
 * The visitor's own wait is over and it was not sent. The visitor may ask again at the delivery's time; a while after that,
 * where nobody has, it is tried late.
 */
export function parked(booking: BookingRow, delivery: Delivery): BookingRow {
  const lateAt = delivery.dueAt + LATE_AFTER_ASKING_MS;
  return { ...booking, isParked: true, askAgainAt: delivery.dueAt, delivery: { ...delivery, dueAt: lateAt } };
}

/**
 * Later than the visitor's own wait a call is only made within 15 minutes of the click, if it starts far enough ahead and the
 * visitor did not follow the fallback link. That no other call of this contact stands is asked before it is sent.
 */
export function mayBookLate({ booking, isWithdrawn }: LeadRecord, at: number): boolean {
  return booking?.state === 'WANTED' && !isWithdrawn && isInTimeForLate(booking, at);
}

function isInTimeForLate({ askedAt, startsAt }: BookingRow, at: number): boolean {
  return at - askedAt <= DELAYED_BOOKING_WITHIN_MS && startsAt - at >= DELAYED_BOOKING_NOTICE_MS;
}

export function unparked(booking: BookingRow, now: number): BookingRow {
  const { isParked: _, askAgainAt: __, ...rest } = booking;
  return { ...rest, delivery: due(booking, now) };
}

/** A parked booking that nobody came back for. */
export function isForgotten(booking: BookingRow | undefined, now: number): booking is BookingRow {
  return Boolean(booking?.isParked) && now - (booking?.askedAt ?? now) >= BOOKING_HARD_END_MS;
}

/** True while a claim of this instant may still become a call. */
export function mayBecomeCall(booking: BookingRow | undefined, startsAt: number): boolean {
  if (mayMoveTo(booking, startsAt)) return true;
  if (!booking || booking.startsAt !== startsAt) return false;
  return (
    booking.state === 'SENT' ||
    booking.state === 'AMBIGUOUS' ||
    booking.state === 'CONFIRMED' ||
    (booking.state === 'WANTED' && !booking.isParked)
  );
}

function nextSearchAt(booking: BookingRow, now: number): number {
  const sentAt = booking.sentAt ?? now;
  const early = EARLY_SEARCHES_MS.map((each) => sentAt + each).find((each) => each > now);
  if (early !== undefined) return early;
  return Math.max(sentAt + LATE_SEARCH_MS, now + SECOND_SEARCH_MS);
}

function due(booking: BookingRow, dueAt: number): Delivery {
  return { ...booking.delivery, dueAt };
}

// --- the end ---

/** When nothing of a person may be kept any more; undefined while something is undelivered. */
export function purgeAt(record: LeadRecord, lastChangeAt: number): { at: number; keepsTombstone: boolean } | undefined {
  if (nextDue(record) !== undefined) return undefined;
  const call = record.booking?.state === 'CONFIRMED' ? record.booking.call : undefined;
  // What iClosed refused for good only the owner can still save.
  const isLost = record.contact.refused !== undefined && record.contact.id === undefined;
  const personalUntil = isLost ? record.createdAt + OUTBOX_FORGET_AFTER_MS : lastChangeAt + KEEP_SETTLED_LEAD_MS;
  if (!call) return { at: personalUntil, keepsTombstone: false };
  const isBare = Object.keys(record.contact.given).length === 0;
  if (!isBare) return { at: personalUntil, keepsTombstone: true };
  return { at: (call.endsAt ?? call.startsAt) + KEEP_TOMBSTONE_MS, keepsTombstone: false };
}

/** What stays of a booked lead: ids, instant, zone and hosts. */
export function tombstone(record: LeadRecord): LeadRecord {
  const { answers, contact, wish: __, ...rest } = record;
  const { consents: _, ...bare } = contact;
  return {
    ...rest,
    page: { tracking: {} },
    contact: { ...bare, given: {} },
    ...(answers ? { answers: { ...answers, given: {}, secondary: [] } } : {}),
    notes: [],
  };
}
