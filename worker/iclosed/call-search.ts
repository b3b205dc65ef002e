/**
 * What became of a call (reference 5.11): the search for one contact's calls, page by page, and what its answers prove. Finding
 * a call is proof at any time. Not finding it proves something in two cases only: every row is this contact's and the list is
 * at its end (the filter worked), or the rows are everybody's, newest first, and reach back to a call that is known to be older
 * than the send (the filter was ignored, the order was not). No date bound is asked for: it could only hide the call.
 */
import { UPSTREAM_SEARCH_TIMEOUT_MS } from '../../shared/limits.ts';
import type { BookedCall } from './calls.ts';
import { asId, asInstant, asRecord, asRecords, asText, type Json, payload } from './envelope.ts';
import type { UpstreamCall } from './request.ts';

/** iClosed's maximum. */
const PAGE_ROWS = 100;
/** More calls than these in the minutes since a booking was sent are not an account's that this product can serve. */
const PAGES_AT_MOST = 3;

export interface WantedCall {
  contactId: number;
  /** `account/event-name`. */
  event: string;
  startsAt: number;
  /** A call that stood in iClosed before the wanted one was sent; 0 where none did. */
  knownCallId?: number | undefined;
}

export type SearchAnswer =
  | { kind: 'found'; call: BookedCall }
  /**
   * It is proven not to be there. `hasOther`: another coming call of this contact at this event is; where the filter was
   * ignored, one that was made since the known call.
   */
  | { kind: 'absent'; hasOther: boolean }
  /** Filter and order were ignored, or the answer cannot be read: it proves nothing. */
  | { kind: 'unproven' };

interface Row {
  callId: number;
  contactId: number | undefined;
  event: string | undefined;
  startsAt: number;
  isCancelled: boolean;
}

/** One search; ask `next()`, give the answer to `take` until that says more than undefined. */
export class CallSearch {
  readonly #wanted: WantedCall;
  readonly #rows = new Map<number, Row>();
  /** Rows of all pages; what was booked between two of them comes twice. */
  #read = 0;
  #page = 0;

  constructor(wanted: WantedCall) {
    this.#wanted = wanted;
  }

  next(): UpstreamCall {
    return {
      endpoint: 'GET /v1/eventCalls',
      timeoutMs: UPSTREAM_SEARCH_TIMEOUT_MS,
      query: {
        contactId: String(this.#wanted.contactId),
        eventType: 'ALL',
        orderColumn: 'id',
        orderBy: 'desc',
        limit: String(PAGE_ROWS),
        page: String(this.#page),
      },
    };
  }

  /** @returns undefined where the next page is needed. */
  take(body: unknown, now: number): SearchAnswer | undefined {
    const found = payload(body, 'eventCalls', (each) => Array.isArray(each.eventCalls));
    if (!found) return { kind: 'unproven' };
    const list = asRecords(found.eventCalls);
    const rows = list.map(readRow);
    for (const [index, row] of rows.entries()) {
      if (row && this.#isWanted(row)) return { kind: 'found', call: foundCall(row, list[index]) };
    }
    if (!rows.every((row) => row !== undefined)) return { kind: 'unproven' };
    for (const row of rows) if (!this.#rows.has(row.callId)) this.#rows.set(row.callId, row);
    this.#read += rows.length;
    this.#page += 1;
    const isEnd = rows.length < PAGE_ROWS && this.#read >= (asId(found.count) ?? 0);
    return this.#verdict(isEnd, now);
  }

  #verdict(isEnd: boolean, now: number): SearchAnswer | undefined {
    const rows = [...this.#rows.values()];
    const { contactId, knownCallId } = this.#wanted;
    const isFiltered = rows.every((row) => row.contactId === contactId);
    const isNewestFirst = rows.every(({ callId }, index) => index === 0 || callId < (rows[index - 1]?.callId ?? 0));
    const reachesBack = rows.some(({ callId }) => callId === knownCallId) || (isEnd && knownCallId === 0);
    if (isFiltered ? isEnd : isNewestFirst && reachesBack) return { kind: 'absent', hasOther: this.#hasOther(now) };
    const isHopeless = isEnd || this.#page >= PAGES_AT_MOST || (!isFiltered && !isNewestFirst);
    return isHopeless ? { kind: 'unproven' } : undefined;
  }

  #isWanted(row: Row): boolean {
    return this.#isOfContact(row) && row.startsAt === this.#wanted.startsAt && !row.isCancelled;
  }

  #hasOther(now: number): boolean {
    return [...this.#rows.values()].some((row) => this.#isOfContact(row) && row.startsAt >= now && !row.isCancelled);
  }

  /** A row that names no event may be of this one. */
  #isOfContact({ contactId, event }: Row): boolean {
    return contactId === this.#wanted.contactId && (event === undefined || event === this.#wanted.event);
  }
}

function callIdOf(row: Json): number | undefined {
  return asId(row.id) ?? asId(row.callId);
}

function readRow(row: Json): Row | undefined {
  const callId = callIdOf(row);
  const startsAt = asInstant(row.dateTimeUTC);
  if (callId === undefined || startsAt === undefined) return undefined;
  const event = asText(row.linkPrefix) ?? asText(asRecord(row.event)?.linkPrefix);
  const isCancelled = Boolean(row.cancelledBy) || row.canceled === true;
  return { callId, contactId: asId(row.contactId), event, startsAt, isCancelled };
}

function foundCall({ callId, startsAt }: Row, row: Json | undefined): BookedCall {
  const duration = asId(row?.duration);
  if (duration === undefined) return { callId, startsAt };
  return { callId, startsAt, endsAt: startsAt + duration * (row?.durationUnit === 'HOURS' ? 3_600_000 : 60_000) };
}

// --- any call ---

/** The newest call of the account; any other call serves as well, where the order is ignored. */
export function searchNewest(): UpstreamCall {
  return {
    endpoint: 'GET /v1/eventCalls',
    timeoutMs: UPSTREAM_SEARCH_TIMEOUT_MS,
    query: { eventType: 'ALL', orderColumn: 'id', orderBy: 'desc', limit: '1', page: '0' },
  };
}

/** Its number, 0 where there is none, undefined where the answer cannot be read. */
export function readNewest(body: unknown): number | undefined {
  const found = payload(body, 'eventCalls', (each) => Array.isArray(each.eventCalls));
  const rows = found && asRecords(found.eventCalls).map(readRow);
  return rows?.length === 0 ? 0 : rows?.[0]?.callId;
}

// --- one call by its number ---

/** Cancelled ones are only found when asked for. Newest first and many, so that it is among them where the number is ignored. */
export function searchCall(callId: number, isCancelled: boolean, page: number): UpstreamCall {
  return {
    endpoint: 'GET /v1/eventCalls',
    timeoutMs: UPSTREAM_SEARCH_TIMEOUT_MS,
    query: {
      ids: String(callId),
      eventType: 'ALL',
      orderColumn: 'id',
      orderBy: 'desc',
      limit: String(PAGE_ROWS),
      page: String(page),
      ...(isCancelled ? { types: 'cancelled_events' } : {}),
    },
  };
}

/** A call as it stands at iClosed. */
export interface SeenCall {
  startsAt: number;
  endsAt?: number;
  isCancelled: boolean;
  /** It may not be moved. */
  isFixed: boolean;
  /** The invitee's address of the call, not judged yet. */
  joinLink?: string;
}

/**
 * The call; `absent` only where the answer proves that it was filtered by the number; `further` where the number was ignored and
 * the next page may have it, `unproven` where it was and none will.
 */
export function readCallSearch(
  body: unknown,
  callId: number,
  page: number,
): SeenCall | 'absent' | 'further' | 'unproven' | 'unreadable' {
  const answer = payload(body, 'eventCalls', (each) => Array.isArray(each.eventCalls));
  if (!answer) return 'unreadable';
  const rows = asRecords(answer.eventCalls);
  const found = rows.find((each) => callIdOf(each) === callId);
  if (!found) {
    if (rows.length === 0 && page === 0) return 'absent';
    const mayFollow = rows.length === PAGE_ROWS && page + 1 < PAGES_AT_MOST;
    return mayFollow && rows.every((each) => (callIdOf(each) ?? 0) > callId) ? 'further' : 'unproven';
  }
  const row = readRow(found);
  if (!row) return 'unreadable';
  const { startsAt, endsAt } = foundCall(row, found);
  const joinLink = asText(found.locationLinkInvitee);
  return {
    startsAt,
    ...(endsAt === undefined ? {} : { endsAt }),
    isCancelled: row.isCancelled,
    isFixed: found.allowReschedule === false,
    ...(joinLink ? { joinLink } : {}),
  };
}
