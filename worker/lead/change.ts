/**
 * The life of a change (move or cancel) of a booked call, pure, as `machine.ts` is for the booking. Written ahead, sent once, and
 * where nobody knows what became of it, the call is looked at: undone counts only after the time in which iClosed may still
 * commit, twice in a row; then it is sent again, three times in all at most.
 *
 *   WANTED → (looked at, claimed, permit) → SENT → DONE · REJECTED · AMBIGUOUS → DONE · WANTED once more · HANDED_OVER
 */
import {
  AMBIGUOUS_AFTER_SEND_MS,
  BOOKING_HARD_END_MS,
  DELAYED_BOOKING_NOTICE_MS,
  DELAYED_BOOKING_WITHIN_MS,
  MANAGE_TICKET_AFTER_CALL_MS,
  SECOND_SEARCH_MS,
  SENDS_AT_MOST,
} from '../../shared/limits.ts';
import type { ProblemCode } from '../../shared/problems.ts';
import type { Settlement } from '../event/desk.ts';
import type { SeenCall } from '../iclosed/call-search.ts';
import type { BookingRow, ChangeRow, Delivery, LeadRecord } from './record.ts';

/** Looks at an unclear change this long after it was sent. */
const EARLY_LOOKS_MS = [3_000, 25_000] as const;

export function isChangeOver({ state }: ChangeRow): boolean {
  return state === 'DONE' || state === 'REJECTED' || state === 'HANDED_OVER';
}

/** The call is as the visitor wants it. */
export function isAsWanted({ kind, to }: ChangeRow, seen: SeenCall): boolean {
  return kind === 'cancel' ? seen.isCancelled : !seen.isCancelled && seen.startsAt === to?.startsAt;
}

/** Somebody else has moved or cancelled it since the visitor saw it. */
export function isElsewhere(change: ChangeRow, seen: SeenCall): boolean {
  return !isAsWanted(change, seen) && (seen.isCancelled || seen.startsAt !== change.from);
}

/** Why nothing must be sent, judged by the call as it stands. */
export function obstacle(change: ChangeRow, seen: SeenCall, now: number): ProblemCode | undefined {
  if (isElsewhere(change, seen)) return 'booking_changed';
  if (seen.startsAt <= now || (change.kind === 'move' && seen.isFixed)) return 'booking_fixed';
  return undefined;
}

/** What iClosed says of the call, taken into the booking; the visitor's own wish stays what it was. */
export function withSeen(booking: BookingRow, seen: SeenCall, now: number): BookingRow {
  if (!booking.call) return booking;
  const { isFixed: _, ...call } = booking.call;
  const { isGone: __, isCancelled: ___, ...rest } = booking;
  const isNews = seen.startsAt !== call.startsAt || seen.isCancelled !== (booking.isCancelled ?? false);
  const { startsAt, endsAt = call.endsAt && call.endsAt + startsAt - call.startsAt, joinLink } = seen;
  return {
    ...rest,
    verifiedAt: now,
    call: {
      ...call,
      startsAt,
      ...(endsAt === undefined ? {} : { endsAt }),
      ...(joinLink ? { joinLink } : {}),
      ...(seen.isFixed ? { isFixed: true } : {}),
    },
    ...(isNews ? { moves: (booking.moves ?? 0) + 1 } : {}),
    ...(seen.isCancelled ? { isGone: true, isCancelled: true } : {}),
  };
}

// --- what an outcome means ---

/** Written before the change leaves, together with the alarm. */
export function afterChangeSending(change: ChangeRow, now: number): ChangeRow {
  // Sent with the other key after a refused one: the first send has done nothing.
  const sends = change.state === 'SENT' ? change.sends : change.sends + 1;
  const { isUndoneOnce: _, ...rest } = change;
  return { ...rest, state: 'SENT', sends, sentAt: now, delivery: due(change, now + EARLY_LOOKS_MS[0]) };
}

/** 401 and 429 prove that nothing was done; the send does not count. */
export function afterNothingChanged(change: ChangeRow, delivery: Delivery): ChangeRow {
  const { sentAt: _, ...rest } = change;
  const sends = change.state === 'SENT' ? change.sends - 1 : change.sends;
  return { ...rest, state: 'WANTED', sends, delivery };
}

export function afterChangeUnclear(change: ChangeRow, now: number): ChangeRow {
  return { ...change, state: 'AMBIGUOUS', delivery: due(change, nextLookAt(change, now)) };
}

export function afterChangeRejected(change: ChangeRow, problem: ChangeRow['problem'], now: number): ChangeRow {
  return { ...change, state: 'REJECTED', ...(problem ? { problem } : {}), delivery: due(change, now) };
}

/** Where the permit or a look could not be had: the visitor who waits is told, and one who was told to wait is not let down. */
export function afterChangeHindered(change: ChangeRow, problem: ChangeRow['problem'], delivery: Delivery, now: number) {
  if (change.sends === 0) return afterChangeRejected(change, problem, now);
  return isOverdue(change, now) ? afterChangeHandedOver(change, now) : { ...change, delivery };
}

export function afterChangeHandedOver(change: ChangeRow, now: number): ChangeRow {
  return { ...change, state: 'HANDED_OVER', delivery: due(change, now) };
}

/** It is done: the call is where it was wanted, or gone, and every older manage ticket is void after a move. */
export function afterChangeDone(booking: BookingRow, change: ChangeRow, startsAt: number, now: number): BookingRow {
  const done: ChangeRow = { ...change, state: 'DONE', delivery: due(change, now) };
  const { call } = booking;
  if (change.kind === 'cancel' || !change.to || !call) {
    return { ...booking, isGone: true, isCancelled: true, moves: (booking.moves ?? 0) + 1, change: done };
  }
  const { to } = change;
  const { isGone: _, isCancelled: __, ...rest } = booking;
  return {
    ...rest,
    ...to,
    call: {
      ...call,
      startsAt,
      ...(call.endsAt === undefined ? {} : { endsAt: startsAt + call.endsAt - call.startsAt }),
    },
    moves: (booking.moves ?? 0) + 1,
    manageFromSeconds: Math.floor(now / 1_000) + 1,
    change: done,
  };
}

/** What a look at the call says of a change that was sent; `undefined`: the look failed, which says nothing. */
export function afterChangeLook(
  booking: BookingRow,
  change: ChangeRow,
  seen: SeenCall | undefined,
  delivery: Delivery,
  now: number,
): BookingRow {
  const withChange = (next: ChangeRow): BookingRow => ({ ...booking, change: next });
  if (seen && isAsWanted(change, seen)) return afterChangeDone(booking, change, seen.startsAt, now);
  const isLate = now - (change.sentAt ?? change.askedAt) >= AMBIGUOUS_AFTER_SEND_MS;
  if (seen && isLate) {
    if (!change.isUndoneOnce)
      return withChange({
        ...change,
        state: 'AMBIGUOUS',
        isUndoneOnce: true,
        delivery: due(change, now + SECOND_SEARCH_MS),
      });
    const { isUndoneOnce: _, ...rest } = change;
    // The plan looks at it once more before it sends.
    if (maySendAgain(change, now)) return withChange({ ...rest, state: 'WANTED', delivery: due(change, now) });
    return withChange(afterChangeHandedOver({ ...rest, isUndone: true }, now));
  }
  if (isOverdue(change, now)) return withChange(afterChangeHandedOver(change, now));
  if (!seen) return withChange({ ...change, state: 'AMBIGUOUS', delivery });
  const { isUndoneOnce: _, ...rest } = change;
  return withChange(afterChangeUnclear(rest, now));
}

/** Later than the visitor waited, a change is sent only soon after the click, and a move only to a time far enough ahead. */
function maySendAgain({ sends, askedAt, from, to }: ChangeRow, now: number): boolean {
  const isInTime = to ? to.startsAt - now >= DELAYED_BOOKING_NOTICE_MS : from > now;
  return sends < SENDS_AT_MOST && now - askedAt <= DELAYED_BOOKING_WITHIN_MS && isInTime;
}

function isOverdue({ askedAt }: ChangeRow, now: number): boolean {
  return now - askedAt > BOOKING_HARD_END_MS;
}

function nextLookAt({ sentAt, askedAt }: ChangeRow, now: number): number {
  const since = sentAt ?? askedAt;
  const early = EARLY_LOOKS_MS.map((each) => since + each).find((each) => each > now);
  return early ?? Math.max(since + AMBIGUOUS_AFTER_SEND_MS, now + SECOND_SEARCH_MS);
}

function due({ delivery }: ChangeRow, dueAt: number): Delivery {
  return { ...delivery, dueAt };
}

// --- what others must know ---

/** True while this change may still put the call at that instant. */
export function mayMoveTo(booking: BookingRow | undefined, startsAt: number): boolean {
  const { change } = booking ?? {};
  return change?.to?.startsAt === startsAt && !isChangeOver(change);
}

/** What the Event is told of the end: the new instant first, then the old one. */
export function settlementsOf({ booking, contact, attempt }: LeadRecord): Settlement[] {
  const { change, call } = booking ?? {};
  if (!booking || !change || !call || contact.id === undefined) return [];
  const base = { contactId: contact.id, attempt };
  const released: Settlement = { ...base, startsAt: change.from, outcome: 'released', isTaken: false };
  if (change.state === 'DONE' && !change.to) return [released];
  if (!change.to) return [];
  const { startsAt } = change.to;
  if (change.state === 'DONE') {
    const { endsAt, callId } = call;
    const isShifted = call.startsAt !== startsAt;
    const booked = { outcome: 'booked' as const, isTaken: true, callId, isShifted };
    return [{ ...base, startsAt, ...booked, ...(endsAt === undefined ? {} : { endsAt }) }, released];
  }
  if (!change.isClaimed) return [];
  const outcome = change.state === 'HANDED_OVER' && !change.isUndone ? 'unclear' : 'free';
  return [{ ...base, startsAt, outcome, isTaken: change.problem?.code === 'slot_taken' }];
}

/** From when to when a manage ticket for this booking is good, in seconds; undefined where there is nothing to manage. */
export function manageSpan(
  { booking }: LeadRecord,
  now: number,
): { fromSeconds: number; untilSeconds: number } | undefined {
  const { call } = booking ?? {};
  if (booking?.state !== 'CONFIRMED' || !call) return undefined;
  const fromSeconds = Math.max(Math.floor(now / 1_000), booking.manageFromSeconds ?? 0);
  const untilSeconds = Math.ceil(((call.endsAt ?? call.startsAt) + MANAGE_TICKET_AFTER_CALL_MS) / 1_000);
  return untilSeconds > fromSeconds ? { fromSeconds, untilSeconds } : undefined;
}

export function mayMove(booking: BookingRow, now: number): boolean {
  return mayCancel(booking, now) && !booking.call?.isFixed;
}

export function mayCancel({ isCancelled, call }: BookingRow, now: number): boolean {
  return call !== undefined && !isCancelled && call.startsAt > now;
}
