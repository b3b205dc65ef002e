/**
 * The protocol between widget and Worker, version 1: addresses, names and shapes. Types and constants only, so that a
 * visitor downloads nothing for it; the Worker's schemas stand in `shared/schemas.ts`. Frozen: fields are added, never
 * changed (`docs/contract.md`). Instants are ISO 8601 in UTC (`2026-12-01T09:00Z`), zones are IANA names, months are
 * `YYYY-MM` in UTC.
 */
import type { ProblemDocument } from './problems.ts';

export const PROTOCOL_VERSION = 1;
export const ELEMENT_NAME = 'iclosed-booking';
export const EVENT_PREFIX = 'iclosed:';

export const PATHS = {
  event: '/api/v1/event',
  slots: '/api/v1/slots',
  lead: '/api/v1/lead',
  health: '/healthz',
  calendar: '/call.ics',
  manage: '/manage',
  script: '/embed.js',
} as const;

/** Where an event lives at iClosed; also the visitor's way out when nothing else works. */
export const ICLOSED_LINK_BASE = 'https://app.iclosed.io/e/';

/** Steps of `POST /api/v1/lead`. The last three need a manage ticket. */
export const STEPS = [
  'contact',
  'answers',
  'slots',
  'book',
  'read',
  'withdraw',
  'wish',
  'reschedule',
  'cancel',
  'calendar',
] as const;
export type Step = (typeof STEPS)[number];

/** Attribution keys of the page's address that are kept; anything else in it stays on the page. */
export const TRACKING_KEYS = [
  'utm_source',
  'utm_medium',
  'utm_campaign',
  'utm_term',
  'utm_content',
  'utm_id',
  'gclid',
  'gbraid',
  'wbraid',
  'fbclid',
  'msclkid',
  'ttclid',
  'twclid',
  'li_fat_id',
] as const;
export type Tracking = Partial<Record<(typeof TRACKING_KEYS)[number], string>>;

// --- the event, as the public may know it ---

export type ContactField = 'name' | 'first_name' | 'last_name' | 'email' | 'phone';

export interface ContactQuestion {
  type: ContactField;
  required: boolean;
  /** Owner's wording; without it the widget uses its own. */
  label?: string;
}

export type QuestionType =
  | 'text'
  | 'long_text'
  | 'number'
  | 'date'
  | 'url'
  | 'email'
  | 'phone'
  | 'single'
  | 'select'
  | 'multiple'
  | 'checkbox'
  | 'rating'
  /** Addresses of others, one per line; added, never configured. */
  | 'guests'
  /** A box whose value is the text that stood at it; added, never configured. */
  | 'consent';

export interface QuestionOption {
  /** iClosed's own text of the option, sent back exactly. */
  value: string;
  /** Shown instead, if the owner worded or translated it. */
  label?: string;
}

export interface Question {
  /** The key of this question's answer in an `answers` request. */
  id: string;
  type: QuestionType;
  label: string;
  required: boolean;
  help?: string;
  options?: QuestionOption[];
  /** Shown only when that other question has one of these answers. */
  showIf?: { id: string; is: string[] };
  /** Filled from the address or an attribute, never shown. */
  hidden?: boolean;
  /** Of type `guests`: how many. */
  max?: number;
}

/** Asked with the contact. The words of the link stand in square brackets in the label. */
export interface Consent extends Question {
  type: 'consent';
  link?: string;
}

/** A sentence with a link in square brackets, shown with the contact. */
export interface LegalLink {
  /** Its text in other languages is `label-<id>` of `texts`. */
  id: string;
  label: string;
  link: string;
}

export type Flow = 'form-first' | 'times-first';

/** Built field by field at the edge; every optional fact is absent when neither iClosed nor the configuration gives it. */
export interface PublicEvent {
  /** `account/event-name`; every later request names it. */
  id: string;
  name: string;
  /** The event's own page, the visitor's fallback; https. */
  link: string;
  /** `link` means: this event is not booked here at the moment, show the link. */
  mode: 'book' | 'link';
  flow: Flow;
  openSlots: boolean;
  contact: ContactQuestion[];
  questions: Question[];
  consents?: Consent[];
  legal?: LegalLink[];
  /** Question ids by step, after the contact's; without it all questions stand on the contact's step. */
  steps?: string[][];
  /** The contact may be sent as soon as its fields are left, not only with the step. */
  earlyContact?: 'blur';
  durationMinutes?: number;
  description?: string;
  /** Where the call takes place, in the owner's words. */
  place?: string;
  /** The company or person that the visitor will meet. */
  host?: string;
  /** Where a visitor reaches the owner: e-mail addresses, phone numbers that begin with `+`, https addresses; ready to be read. */
  support?: string[];
  /** https address of a picture. */
  logo?: string;
  /** Owner's texts by language, keys as in the widget's own texts; `label-<id>` and `help-<id>` word a question or consent. */
  texts?: Record<string, Record<string, string>>;
  brand?: { accent?: string; radius?: string; theme?: 'light' | 'dark' | 'auto' };
  /** The zone in which times are shown, when the owner locks it. */
  timeZone?: string;
}

/** Answer of `GET /api/v1/event?event=…`. */
export interface EventAnswer {
  v: 1;
  event: PublicEvent;
  /** Absent when the request has no origin that may book. */
  ticket?: string;
  /** Each step with this ticket must carry `proof`, until an answer brings another ticket. */
  stepUp?: StepUp;
  /** The edge's clock, so that a wrong clock on a phone does not hide free times. */
  now: string;
  /** ISO 3166-1 alpha-2, from the edge; for the phone field. */
  country?: string;
  /** Where the event's configuration has the times come first: open times of this month, if they are at hand. */
  slots?: SlotPage;
}

/**
 * What a ticket asks for before it may write. `work`: a nonce for which SHA-256 of `<ticket>.<nonce>` (UTF-8) begins with `bits`
 * zero bits. A widget that does not know the kind shows the link.
 */
export interface StepUp {
  kind: 'work';
  bits: number;
}

// --- times ---

/** Answer of `GET /api/v1/slots?event=…&month=…` and part of a lead's state. */
export interface SlotPage {
  v: 1;
  month: string;
  /** Covers this span: the UTC month and a day on both sides, so that every zone's month is whole. */
  from: string;
  to: string;
  /** Sorted instants, each to the minute as `2027-03-11T15:30Z`: their order as texts is that of time, and the widget relies on it. */
  slots: string[];
  /** When iClosed said so. */
  asOf: string;
  /** iClosed could not be asked just now. */
  stale?: true;
  /** When `slots` is empty: the first month within the horizon that is not known to be empty; absent when all are. */
  nextMonth?: string;
  /** Last instant of the horizon. */
  until: string;
}

// --- what the browser sends ---

export interface ContactFields {
  name?: string;
  first_name?: string;
  last_name?: string;
  email?: string;
  phone?: string;
}

export interface PageFacts {
  /** The page's address without query and fragment. */
  url?: string;
  /** The referring page, origin and path only. */
  referrer?: string;
  tracking?: Tracking;
  variant?: string;
  timeZone?: string;
  locale?: string;
}

interface LeadRequestBase {
  v: 1;
  event: string;
  ticket: string;
  /** UUID made by the browser; with `step` and `seq` the idempotency key. */
  attempt: string;
  /** Counts the different payloads of this step in this attempt, from 1. */
  seq: number;
  /** The nonce that `stepUp` asks for: 1 to 64 of `A-Z a-z 0-9 _ -`. */
  proof?: string;
}
export interface ContactRequest extends LeadRequestBase {
  step: 'contact';
  contact: ContactFields;
  /** What was ticked: the text as it was shown, by the consent's id. */
  consents?: Record<string, string>;
  page?: PageFacts;
  /** A field that people do not see; filled only by robots. */
  website?: string;
}
export interface AnswersRequest extends LeadRequestBase {
  step: 'answers';
  answers: Record<string, string[]>;
  /** With it, the answer carries that month's own slots. */
  month?: string;
}
export interface SlotsRequest extends LeadRequestBase {
  step: 'slots';
  month: string;
}
export interface BookRequest extends LeadRequestBase {
  step: 'book';
  startsAt: string;
  timeZone: string;
}
/** With a manage ticket. Its idempotency key is the same, with whatever `attempt` the page at hand has. */
export interface RescheduleRequest extends LeadRequestBase {
  step: 'reschedule';
  startsAt: string;
  timeZone: string;
}
/** Where no time can be had: which days and times would suit, in the visitor's words. */
export interface WishRequest extends LeadRequestBase {
  step: 'wish';
  text: string;
}
export interface PlainRequest extends LeadRequestBase {
  step: 'read' | 'withdraw' | 'cancel' | 'calendar';
  /** Of `withdraw`: only the booking with this `seq`, if it still waits for its turn, since the visitor has gone back; the next press books. */
  waiting?: number;
}
export type LeadRequest =
  | ContactRequest
  | AnswersRequest
  | SlotsRequest
  | BookRequest
  | RescheduleRequest
  | WishRequest
  | PlainRequest;

// --- what the Worker answers to a step: always the whole state, so that a reload can go on from any of them ---

/**
 * `contact` nothing yet · `answers` contact is safe · `times` answers accepted · `disqualified` · `booking` in flight or unclear ·
 * `booked` · `cancelled` there was a call · `safe` booking cannot go on now, everything given is kept.
 */
export type Stage = 'contact' | 'answers' | 'times' | 'disqualified' | 'booking' | 'booked' | 'safe' | 'cancelled';

export interface Disqualification {
  /** Owner's words; without them the widget uses its own. */
  message?: string;
  /** https address to go to, by a button. */
  redirect?: string;
  /** The page is left by itself only where this is set. */
  delaySeconds?: number;
  /** Another event to offer in place of this one. */
  offerEvent?: string;
  mayCorrect: boolean;
}

export interface Booking {
  /** iClosed's public id of the call. */
  bookingId?: string;
  startsAt: string;
  endsAt?: string;
  /** Set when iClosed booked another instant than the visitor asked for. */
  askedStartsAt?: string;
  timeZone: string;
  host?: string;
  /** https address to go on to after the booking. */
  redirect?: string;
  /** The page is left for `redirect` by itself. */
  isRedirectAutomatic?: true;
  /** https address of the call itself, once iClosed has one. */
  joinLink?: string;
  /** The owner says that an e-mail about it is sent. */
  isMailed?: true;
  /** Lets its holder read, move and cancel this call, on any allowed page and at `/manage#<event>/<ticket>`. */
  manage?: string;
  isCancelled?: true;
  mayMove?: boolean;
  mayCancel?: boolean;
}

export interface LeadState {
  v: 1;
  attempt: string;
  stage: Stage;
  /** Renewed; replaces the one that was sent. */
  ticket?: string;
  /** Status 202: the step goes on in the background; read again after this time. */
  pending?: { step: 'answers' | 'book' | 'reschedule' | 'cancel'; retryAfterSeconds: number };
  /**
   * In stage `safe`: `will_book` the wanted time is still tried, `will_contact` people will write; the latter also where it is not
   * known what became of a change. `unclear` nobody knows whether the call was made: the visitor must not be led to a second one.
   */
  outcome?: 'will_book' | 'will_contact' | 'unclear';
  /** What was given, masked (`j•••@acme.com`), for a page that was reloaded. */
  contact?: ContactFields;
  answers?: Record<string, string[]>;
  disqualified?: Disqualification;
  slots?: SlotPage;
  booking?: Booking;
  /** Answer to `calendar`: the call as an iCalendar file. */
  calendar?: { text: string };
}

/** `proof_required` says what is asked for; it may be more than before. */
export interface ProofProblem extends ProblemDocument {
  stepUp?: StepUp;
}

/** `slot_taken` and `slot_not_offered` carry fresh times. */
export interface SlotProblem extends ProblemDocument {
  slots?: SlotPage;
  /** Up to three instants nearest to the one that was wanted. */
  nearest?: string[];
}

/** Any problem of a step; where the step was let in by a proof, it brings the new ticket. */
export interface LeadProblem extends SlotProblem, ProofProblem {
  ticket?: string;
  /** With a manage ticket: the booking as it stands. */
  lead?: LeadState;
}

// --- what the page hears ---

/** Every event of the element. */
export const EVENT_NAMES = [
  'ready',
  'view',
  'contact',
  'answered',
  'qualified',
  'disqualified',
  'slots-shown',
  'slot-picked',
  'submitted',
  'pending',
  'booked',
  'rescheduled',
  'cancelled',
  'failed',
  'before-redirect',
] as const;
export type EventName = (typeof EVENT_NAMES)[number];

/** `detail` of every event. Never personal data. */
export interface EventDetail {
  v: 1;
  name: EventName;
  /** `<attempt>.<name>`, from the second time in an attempt on `<attempt>.<name>.2`; the edge derives the same. */
  eventId: string;
  attempt: string;
  /** `account/event-name`. */
  event: string;
  variant?: string;
  tracking: Tracking;
  /** The page's clock, ISO 8601 in UTC. */
  at: string;
  /** On `booked`, `rescheduled` and `cancelled`. */
  bookingId?: string;
  /** On `slot-picked`, `submitted`, `pending`, `booked`, `rescheduled` and `cancelled`. */
  startsAt?: string;
  /** On `failed`: the problem code, or `offline`, `timeout`, `unreachable`. */
  code?: string;
  /** On `before-redirect`. */
  url?: string;
}
