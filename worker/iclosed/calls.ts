/**
 * Booking a call (reference 5.10). A booking is never sent blindly twice; that rule is the Lead's, here are only the payload and
 * what the answer says. What became of one that was not answered: `call-search.ts`.
 */
import { UPSTREAM_CALL_TIMEOUT_MS } from '../../shared/limits.ts';
import type { SecondaryAnswer } from './answers.ts';
import { asId, asInstant, asRecord, asText, payload } from './envelope.ts';
import type { Failure } from './failure.ts';
import type { UpstreamCall } from './request.ts';

/** Somebody else whom the invitation goes to. */
export interface Guest {
  email: string;
  name: string;
}

export interface CallOrder {
  event: string;
  contactId: number;
  /** Milliseconds since 1970. */
  startsAt: number;
  /** The visitor's zone. */
  timeZone: string;
  hosts: string;
  secondary: readonly SecondaryAnswer[];
  guests: readonly Guest[];
}

export interface BookedCall {
  /** iClosed's public id, `call_…`. */
  bookingId?: string;
  /** Its number, for searching; never leaves the Worker. */
  callId: number;
  startsAt: number;
  endsAt?: number;
  host?: string;
  /** Address to go on to, as iClosed returned it: may lack a scheme, judged before use. */
  redirect?: string;
  /** The invitee's address of the call itself, judged before use. */
  joinLink?: string;
  /** iClosed does not let it be moved. */
  isFixed?: true;
}

export function bookCall(order: CallOrder): UpstreamCall {
  return {
    endpoint: 'POST /v1/eventCalls',
    timeoutMs: UPSTREAM_CALL_TIMEOUT_MS,
    body: {
      linkPrefix: order.event,
      contactId: order.contactId,
      dateTime: new Date(order.startsAt).toISOString(),
      timeZone: order.timeZone,
      ...(order.hosts ? { conditionalUsers: order.hosts } : {}),
      secondaryQuestionsAnswer: order.secondary,
      ...(order.guests.length > 0 ? { additionalGuests: order.guests } : {}),
    },
  };
}

/** Whether iClosed's complaint is about the guests. */
export function isAboutGuests(failure: Failure): boolean {
  return /guest/i.test([failure.code, failure.text, ...(failure.fields ?? [])].join(' '));
}

export type BookAnswer =
  | { kind: 'booked'; call: BookedCall }
  /** A 2xx whose inner status is an error: the guide's envelope around a refusal. */
  | { kind: 'refused'; text: string }
  /** A 2xx without a call: whether there is one, only a search can tell. */
  | { kind: 'unclear' };

export function readBookAnswer(body: unknown, askedStartsAt: number): BookAnswer {
  const envelope = asRecord(asRecord(asRecord(body)?.data)?.eventCall) ?? asRecord(asRecord(body)?.data);
  const innerStatus = asId(envelope?.status);
  if (innerStatus !== undefined && innerStatus >= 400)
    return { kind: 'refused', text: asText(envelope?.message) ?? '' };
  const found = payload(body, 'eventCall', (each) => asId(each.id) !== undefined);
  const callId = asId(found?.id);
  if (!found || callId === undefined) return { kind: 'unclear' };
  return { kind: 'booked', call: readCall(found, callId, askedStartsAt) };
}

function readCall(found: Record<string, unknown>, callId: number, askedStartsAt: number): BookedCall {
  const bookingId = asText(found.previewId);
  const endsAt = asInstant(found.endTime);
  const host = asText(found.closerName);
  const redirect = asText(found.redirectUrl) ?? asText(found.confirmationLink);
  return {
    callId,
    startsAt: asInstant(found.startTime) ?? askedStartsAt,
    ...(bookingId ? { bookingId } : {}),
    ...(endsAt === undefined ? {} : { endsAt }),
    ...(host ? { host } : {}),
    ...(redirect ? { redirect } : {}),
  };
}

// --- changing one (reference 5.12) ---

/** iClosed keeps the host where that one is free then. */
export function moveCall(callId: number, startsAt: number, timeZone: string): UpstreamCall {
  return {
    endpoint: 'PUT /v1/eventCalls/reschedule',
    timeoutMs: UPSTREAM_CALL_TIMEOUT_MS,
    body: { id: callId, dateTime: new Date(startsAt).toISOString(), timeZone },
  };
}

export function cancelCall(callId: number): UpstreamCall {
  return { endpoint: 'PUT /v1/eventCalls/cancel', timeoutMs: UPSTREAM_CALL_TIMEOUT_MS, body: { id: callId } };
}

/** Of a 2xx. `done` with the instant where the answer names one; a move without it is unclear. */
export type ChangeAnswer = { kind: 'done'; startsAt?: number } | { kind: 'refused' } | { kind: 'unclear' };

/** The newer shape is `{message, status, data}`, the older one `{data: {eventCall}}`; a cancel has a message alone. */
export function readChangeAnswer(body: unknown, kind: 'move' | 'cancel'): ChangeAnswer {
  const root = asRecord(body);
  const data = asRecord(root?.data);
  const inner = [root, data, asRecord(data?.eventCall)].map((each) => asId(each?.status));
  if (inner.some((status) => status !== undefined && status >= 400)) return { kind: 'refused' };
  if (kind === 'cancel') return { kind: 'done' };
  const found = payload(body, 'eventCall', (each) => asInstant(each.dateTimeUTC ?? each.startTime) !== undefined);
  const startsAt = asInstant(found?.dateTimeUTC ?? found?.startTime);
  return startsAt === undefined ? { kind: 'unclear' } : { kind: 'done', startsAt };
}
