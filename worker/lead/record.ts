/**
 * All that a Lead holds: one visitor's attempt, what was given, how far it was delivered, and the booking. Plain data, stored
 * as one row; instants are milliseconds. The rules of its life stand in `machine.ts`.
 */
import type { FieldFault, ProblemCode } from '../../shared/problems.ts';
import type { ContactField, ContactFields, Disqualification, SlotPage, Tracking } from '../../shared/protocol.ts';
import type { SecondaryAnswer } from '../iclosed/answers.ts';
import type { BookedCall } from '../iclosed/calls.ts';
import type { ContactStatus } from '../iclosed/contacts.ts';
import type { GivenConsent } from './consents.ts';

/** When something that must finish is tried next, and how often it has failed. */
export interface Delivery {
  firstAt: number;
  tries: number;
  dueAt: number;
  /** Why the last try did not succeed: `busy` our own pacing, `fault` the call, `away` nothing is sent at the moment. */
  lastFault?: 'busy' | 'fault' | 'away';
}

export interface ContactRow {
  seq: number;
  given: ContactFields;
  consents?: GivenConsent[];
  deliveredSeq: number;
  /** iClosed's number; never leaves the Worker. */
  id?: number;
  /** As iClosed last told it. */
  status?: string;
  /** On the account's block list. */
  isBlocked?: boolean;
  /** iClosed refused the full payload; the guide's smallest one is tried once. */
  isMinimal: boolean;
  /** Refused for good, with the fields that it complained of. */
  refused?: Record<string, FieldFault>;
  delivery: Delivery;
}

export interface AnswersRow {
  seq: number;
  given: Record<string, string[]>;
  primary: ContactField[];
  secondary: SecondaryAnswer[];
  settledSeq: number;
  rung: number;
  /** Sends whose result is unknown; two at most. */
  unclearSends: number;
  outcome?: { isDisqualified: boolean; hosts: string; disqualification?: Disqualification; at: number };
  /** Without a readable result there is no booking; the owner has the answers in a note. */
  isUndecided?: true;
  corrections: number;
  delivery: Delivery;
}

export interface StatusRow {
  wanted: ContactStatus;
  isDone: boolean;
  delivery: Delivery;
}

export interface NoteRow {
  text: string;
  isDone: boolean;
  delivery: Delivery;
}

/**
 * `WANTED` to be claimed and sent · `SENT` on its way, or cut off · `AMBIGUOUS` sent, and nobody knows · `CONFIRMED` ·
 * `REJECTED` this time cannot be had · `REFUSED` iClosed will not have it · `HANDED_OVER` a person decides.
 */
export type BookingState = 'WANTED' | 'SENT' | 'AMBIGUOUS' | 'CONFIRMED' | 'REJECTED' | 'REFUSED' | 'HANDED_OVER';

/**
 * `WANTED` to be looked at and sent · `SENT` on its way, or cut off · `AMBIGUOUS` sent, and nobody knows · `DONE` · `REJECTED` it
 * cannot be had, or not now · `HANDED_OVER` a person decides.
 */
export type ChangeState = 'WANTED' | 'SENT' | 'AMBIGUOUS' | 'DONE' | 'REJECTED' | 'HANDED_OVER';

/** What the visitor wants to become of a call that is booked; its rules stand in `change.ts`. */
export interface ChangeRow {
  kind: 'move' | 'cancel';
  /** Of the page that asked, which may be another one than booked; with `seq` the idempotency key. */
  attempt: string;
  seq: number;
  /** Where the call stood when it was asked for. */
  from: number;
  /** Of a move: the wanted instant and the visitor's zone. */
  to?: { startsAt: number; timeZone: string };
  askedAt: number;
  state: ChangeState;
  sends: number;
  sentAt?: number;
  /** A look that counts has found it undone once. */
  isUndoneOnce?: true;
  /** Handed over with the proof that nothing was done: the new instant need not be held any longer. */
  isUndone?: true;
  /** The Event holds the new instant for it. */
  isClaimed?: true;
  problem?: { code: ProblemCode; slots?: SlotPage; nearest?: string[]; retryAfterSeconds?: number };
  /** The Event has heard of the end. */
  isSettled: boolean;
  delivery: Delivery;
}

export interface BookingRow {
  seq: number;
  startsAt: number;
  /** The visitor's zone. */
  timeZone: string;
  askedAt: number;
  state: BookingState;
  sends: number;
  sentAt?: number;
  /** A call that stood in iClosed before the send: how far back a search must reach. */
  knownCallId?: number;
  /** A search that counts has found nothing once. */
  isAbsentOnce?: true;
  /** Then it was proven that this contact has no coming call at the event. */
  aloneAt?: number;
  /** Handed over without any proof: there may be a call. */
  isUnclear?: true;
  /** iClosed refused the full payload. */
  isMinimal?: true;
  /** The visitor was told that it goes on, or that people will see to it. */
  isToldPending?: true;
  /** The visitor's own wait is over: goes on when asked again, or late by the rule of `mayBookLate`. */
  isParked?: true;
  /** A parked booking may be asked for again then. */
  askAgainAt?: number;
  call?: BookedCall;
  problem?: { code: ProblemCode; slots?: SlotPage; nearest?: string[]; fields?: Record<string, FieldFault> };
  /** When it was last found at iClosed, or looked for. */
  verifiedAt?: number;
  /** No longer looked for: cancelled there, or gone. */
  isGone?: true;
  /** It was cancelled, here or elsewhere. */
  isCancelled?: true;
  /** The visitor asked how it stands at iClosed. */
  look?: Delivery;
  change?: ChangeRow;
  /** How often it was moved: the `SEQUENCE` of its calendar file. */
  moves?: number;
  /** Manage tickets that were issued before this second are void. */
  manageFromSeconds?: number;
  /** The Event has heard of the end. */
  isSettled: boolean;
  /** The instant was gone. */
  isTaken?: true;
  delivery: Delivery;
}

export interface LeadRecord {
  schema: 1;
  attempt: string;
  leadId: string;
  event: string;
  createdAt: number;
  page: {
    tracking: Tracking;
    variant?: string;
    referrer?: string;
    timeZone?: string;
    country?: string;
    ip?: string;
  };
  contact: ContactRow;
  answers?: AnswersRow;
  status?: StatusRow;
  notes: NoteRow[];
  /** The times that would suit the visitor, as said last. */
  wish?: { seq: number; text: string };
  booking?: BookingRow;
  /** Its address makes more leads than are urgent: until there is a booking, visitors elsewhere go first. */
  givesWay?: true;
  /** The visitor followed the fallback link. */
  isWithdrawn?: true;
}

export function newDelivery(now: number): Delivery {
  return { firstAt: now, tries: 0, dueAt: now };
}
