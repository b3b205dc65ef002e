/**
 * Calls (reference 5.10, 5.11): book one, and search for what became of one. A booking is never sent blindly twice; that
 * rule is the Lead's, here are only payloads and what the answers say.
 */
import { UPSTREAM_CALL_TIMEOUT_MS, UPSTREAM_TIMEOUT_MS } from '../../shared/limits.ts';
import type { SecondaryAnswer } from './answers.ts';
import { asId, asInstant, asRecord, asRecords, asText, payload } from './envelope.ts';
import type { UpstreamCall } from './request.ts';

export interface CallOrder {
  event: string;
  contactId: number;
  /** Milliseconds since 1970. */
  startsAt: number;
  /** The visitor's zone. */
  timeZone: string;
  hosts: string;
  secondary: readonly SecondaryAnswer[];
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
    },
  };
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

const SEARCH_LIMIT = 50;

/** This contact's calls, newest first, made from `createdAfter` on. */
export function searchCalls(contactId: number, createdAfter: number): UpstreamCall {
  return {
    endpoint: 'GET /v1/eventCalls',
    timeoutMs: UPSTREAM_TIMEOUT_MS,
    query: {
      contactId: String(contactId),
      eventType: 'ALL',
      createdAtStart: new Date(createdAfter).toISOString(),
      orderColumn: 'createdAt',
      orderBy: 'desc',
      limit: String(SEARCH_LIMIT),
      page: '0',
    },
  };
}

export type SearchAnswer =
  | { kind: 'found'; call: BookedCall }
  /** The answer proves that it was filtered by this contact, and the call is not in it. */
  | { kind: 'absent' }
  /** The filter was ignored, the page was full, or the answer cannot be read: it proves nothing. */
  | { kind: 'unproven' };

/** One call by its number; cancelled ones are only found when asked for. */
export function searchCall(callId: number, isCancelled: boolean): UpstreamCall {
  return {
    endpoint: 'GET /v1/eventCalls',
    timeoutMs: UPSTREAM_TIMEOUT_MS,
    query: {
      ids: String(callId),
      eventType: 'ALL',
      limit: '20',
      page: '0',
      ...(isCancelled ? { types: 'cancelled_events' } : {}),
    },
  };
}

/** The call's instant; `absent` only where the answer proves that it was filtered by the number. */
export function readCallSearch(body: unknown, callId: number): number | 'absent' | 'unknown' {
  const found = payload(body, 'eventCalls', (each) => Array.isArray(each.eventCalls));
  if (!found) return 'unknown';
  const rows = asRecords(found.eventCalls);
  const row = rows.find((each) => (asId(each.id) ?? asId(each.callId)) === callId);
  if (row) return asInstant(row.dateTimeUTC) ?? 'unknown';
  return rows.length === 0 ? 'absent' : 'unknown';
}

/** This contact's coming calls, at whichever event. */
export function searchUpcoming(contactId: number): UpstreamCall {
  return {
    endpoint: 'GET /v1/eventCalls',
    timeoutMs: UPSTREAM_TIMEOUT_MS,
    query: { contactId: String(contactId), eventType: 'UPCOMING', limit: String(SEARCH_LIMIT), page: '0' },
  };
}

/** True only where the answer proves that this contact has no coming call at the event, from any channel. */
export function provesNoUpcoming(body: unknown, wanted: { contactId: number; event: string }, now: number): boolean {
  const found = payload(body, 'eventCalls', (each) => Array.isArray(each.eventCalls));
  if (!found) return false;
  const rows = asRecords(found.eventCalls);
  if (rows.length >= SEARCH_LIMIT) return false;
  return rows.every((row) => {
    const event = asText(row.linkPrefix) ?? asText(asRecord(row.event)?.linkPrefix);
    const isPast = (asInstant(row.dateTimeUTC) ?? now) < now;
    const isElsewhere = event !== undefined && event !== wanted.event;
    return asId(row.contactId) === wanted.contactId && (isPast || isElsewhere || Boolean(row.cancelledBy));
  });
}

/**
 * Looks for the call of this contact at this event and instant. Absence is believed only when every row belongs to the
 * contact and the page was not full.
 */
export function readSearch(
  body: unknown,
  wanted: { contactId: number; event: string; startsAt: number },
): SearchAnswer {
  const found = payload(body, 'eventCalls', (each) => Array.isArray(each.eventCalls));
  if (!found) return { kind: 'unproven' };
  const rows = asRecords(found.eventCalls);
  for (const row of rows) {
    const callId = asId(row.id) ?? asId(row.callId);
    const event = asText(row.linkPrefix) ?? asText(asRecord(row.event)?.linkPrefix);
    const startsAt = asInstant(row.dateTimeUTC);
    if (callId === undefined || asId(row.contactId) !== wanted.contactId) continue;
    if (startsAt !== wanted.startsAt || (event !== undefined && event !== wanted.event)) continue;
    if (row.cancelledBy || row.canceled === true) continue;
    return { kind: 'found', call: { callId, startsAt, ...endOf(row, startsAt) } };
  }
  const isFiltered = rows.every((row) => asId(row.contactId) === wanted.contactId);
  const isReadable = rows.every(
    (row) => asInstant(row.dateTimeUTC) !== undefined && asId(row.id ?? row.callId) !== undefined,
  );
  return isFiltered && isReadable && rows.length < SEARCH_LIMIT ? { kind: 'absent' } : { kind: 'unproven' };
}

function endOf(row: Record<string, unknown>, startsAt: number): { endsAt?: number } {
  const duration = asId(row.duration);
  if (duration === undefined) return {};
  return { endsAt: startsAt + duration * (row.durationUnit === 'HOURS' ? 3_600_000 : 60_000) };
}
