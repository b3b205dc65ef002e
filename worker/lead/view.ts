/**
 * A record as the browser may see it: built field by field, nothing of iClosed's ids, hosts or rules. Pure.
 */
import { PENDING_POLL_MS } from '../../shared/limits.ts';
import type { Booking, LeadState, Stage } from '../../shared/protocol.ts';
import type { EventConfig } from '../config/events.ts';
import { safeLink } from '../config/links.ts';
import { instantText } from '../instant.ts';
import { redirectOf } from '../redirect.ts';
import { isChangeOver, mayCancel, mayMove } from './change.ts';
import { mask } from './given.ts';
import { mayBookLate } from './machine.ts';
import type { BookingRow, LeadRecord } from './record.ts';
import { CORRECTION_WITHIN_MS } from '../../shared/limits.ts';

/** What the event's configuration says about a confirmation. */
export type ViewSettings = Pick<
  EventConfig,
  'redirect' | 'redirectMode' | 'redirectFields' | 'showHost' | 'showJoinLink' | 'confirmationMail'
>;

export function viewOf(record: LeadRecord, settings: ViewSettings, now: number): LeadState {
  const stage = stageOf(record);
  const { answers, booking } = record;
  const state: LeadState = { v: 1, attempt: record.attempt, stage, contact: mask(record.contact.given) };
  if (answers) state.answers = answers.given;
  // Behind a contact that iClosed has refused nothing is on its way.
  const isOnTheWay = answers && answers.settledSeq < answers.seq && !answers.isUndecided && !record.contact.refused;
  if (stage === 'answers' && isOnTheWay) state.pending = pending('answers');
  if (stage === 'booking') state.pending = pending('book');
  if (stage === 'safe') {
    const isLater = booking?.isParked === true && mayBookLate(record, now);
    state.outcome = isLater ? 'will_book' : booking?.isUnclear ? 'unclear' : 'will_contact';
    if (isLater) state.pending = pending('book');
    if (isOnTheWay) state.pending = pending('answers');
  }
  if (stage === 'disqualified' && answers?.outcome) {
    const mayCorrect = answers.corrections === 0 && now - answers.outcome.at <= CORRECTION_WITHIN_MS;
    state.disqualified = { ...answers.outcome.disqualification, mayCorrect };
  }
  const { change } = booking ?? {};
  if (stage === 'booked' && change && !isChangeOver(change))
    state.pending = pending(change.kind === 'move' ? 'reschedule' : 'cancel');
  if (change?.state === 'HANDED_OVER') state.outcome = 'will_contact';
  if (booking && (stage === 'booked' || stage === 'cancelled' || stage === 'booking' || stage === 'safe')) {
    state.booking = bookingView(record, booking, settings, now);
  }
  return state;
}

function pending(step: NonNullable<LeadState['pending']>['step']) {
  return { step, retryAfterSeconds: PENDING_POLL_MS / 1_000 };
}

/** Tries after which a visitor is told that the details are safe, while the delivery goes on. */
const TRIES_BEFORE_SAFE = 3;

export function stageOf(record: LeadRecord): Stage {
  const { contact, answers, booking } = record;
  if (booking) {
    if (booking.state === 'CONFIRMED') return booking.isCancelled ? 'cancelled' : 'booked';
    if (booking.state === 'HANDED_OVER' || booking.state === 'REFUSED') return 'safe';
    // It goes on by itself; whoever was told that is told so until it ends.
    if (booking.isParked && (booking.sends > 0 || booking.isMinimal)) return 'booking';
    if (booking.isParked && (booking.isToldPending || booking.delivery.lastFault !== 'busy')) return 'safe';
    if (booking.state !== 'REJECTED' && !booking.isParked) return 'booking';
  }
  if (!answers) return 'answers';
  if (answers.isUndecided) return 'safe';
  if (answers.settledSeq < answers.seq) {
    const row = contact.deliveredSeq < contact.seq ? contact : answers;
    const { lastFault, tries } = row.delivery;
    return lastFault === 'away' || (lastFault === 'fault' && tries >= TRIES_BEFORE_SAFE) ? 'safe' : 'answers';
  }
  return answers.outcome?.isDisqualified ? 'disqualified' : 'times';
}

function bookingView(record: LeadRecord, booking: BookingRow, settings: ViewSettings, now: number): Booking {
  const { call, timeZone } = booking;
  if (!call) return { startsAt: instantText(booking.startsAt), timeZone };
  const { bookingId, host } = call;
  const startsAt = instantText(call.startsAt);
  const arrival = { bookingId, startsAt, tracking: record.page.tracking, contact: record.contact.given };
  const redirect = redirectOf([settings.redirect, call.redirect], arrival, settings.redirectFields);
  const joinLink = settings.showJoinLink === false ? undefined : safeLink(call.joinLink);
  return {
    ...(bookingId ? { bookingId } : {}),
    startsAt,
    ...(call.endsAt === undefined ? {} : { endsAt: instantText(call.endsAt) }),
    ...(call.startsAt === booking.startsAt ? {} : { askedStartsAt: instantText(booking.startsAt) }),
    timeZone,
    ...(settings.showHost !== false && host ? { host } : {}),
    ...(redirect ? { redirect } : {}),
    ...(redirect && settings.redirectMode === 'automatic' ? { isRedirectAutomatic: true } : {}),
    ...(joinLink && !booking.isCancelled ? { joinLink } : {}),
    ...(settings.confirmationMail ? { isMailed: true } : {}),
    ...(booking.isCancelled ? { isCancelled: true } : {}),
    mayMove: mayMove(booking, now),
    mayCancel: mayCancel(booking, now),
  };
}
