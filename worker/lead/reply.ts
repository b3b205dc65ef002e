/**
 * What a Lead is asked and what it answers: shapes and refusals, shared by `steps.ts` and `managed.ts`. Pure.
 */
import type { FieldFault, ProblemCode } from '../../shared/problems.ts';
import type { LeadRequest, LeadState, SlotPage } from '../../shared/protocol.ts';
import type { EventDescription } from '../event/describe.ts';
import type { LeadRecord } from './record.ts';

export interface LeadInput {
  request: LeadRequest;
  leadId: string;
  event: string;
  description: EventDescription;
  country?: string;
  ip?: string;
  /** A lead that begins with this step comes from a crowded address. */
  givesWay?: true;
  /** The step came with a manage ticket, issued at that second. */
  manage?: { issuedAt: number };
}

/** What the calendar file tells; the Worker adds the link with the ticket. */
export interface CalendarFacts {
  id: string;
  sequence: number;
  isCancelled: boolean;
  startsAt: string;
  endsAt: string;
  name: string;
  host?: string;
  place?: string;
  joinLink?: string;
}

/** What the Worker adds to a reply: tickets and files are made outside of the Lead. */
export interface ReplyExtras {
  /** The booking may be managed with a ticket of that span. */
  manage?: { fromSeconds: number; untilSeconds: number };
  calendar?: CalendarFacts;
}

export type LeadReply =
  | ({ ok: true; status: 200 | 201 | 202; state: LeadState } & ReplyExtras)
  | {
      ok: false;
      code: ProblemCode;
      fields?: Record<string, FieldFault>;
      retryAfterSeconds?: number;
      slots?: SlotPage;
      nearest?: string[];
      /** With a manage ticket: the booking as it stands. */
      lead?: LeadState;
      manage?: ReplyExtras['manage'];
    };

/** The record to store (if it changed) and what the request waits for. */
export type Taken =
  | { ok: true; record?: LeadRecord; isDone: (record: LeadRecord) => boolean }
  | Extract<LeadReply, { ok: false }>;

export function refuse(code: ProblemCode, more: Omit<Extract<LeadReply, { ok: false }>, 'ok' | 'code'> = {}) {
  return { ok: false as const, code, ...more };
}

/** A time that no calendar has, or a zone that nobody knows. */
export function refuseTime(startsAt: string, timeZone: string) {
  const fields: Record<string, FieldFault> = {};
  if (Number.isNaN(Date.parse(startsAt))) fields.startsAt = 'invalid';
  if (!isTimeZone(timeZone)) fields.timeZone = 'invalid';
  return Object.keys(fields).length > 0 ? refuse('invalid_fields', { fields }) : undefined;
}

function isTimeZone(value: string): boolean {
  try {
    return value.length < 64 && Boolean(new Intl.DateTimeFormat('en', { timeZone: value }));
  } catch {
    return false;
  }
}

/** As `retryAfterSeconds` says it: whole, and never none. */
export function secondsUntil(instant: number, now: number): number {
  return Math.max(1, Math.ceil((instant - now) / 1_000));
}
