/**
 * The closed list of problem codes (RFC 9457 `code` member), with status and whether the same request may succeed later.
 * Frozen within v1: codes are added, never changed or removed. The widget treats a code it does not know as `internal`.
 */

export interface ProblemKind {
  readonly status: number;
  readonly title: string;
  /** True when sending the same request again, after Retry-After, may succeed. */
  readonly retryable: boolean;
}

export const PROBLEMS = {
  // the request itself
  invalid_request: { status: 400, title: 'The request is not understood', retryable: false },
  invalid_fields: { status: 422, title: 'Some values need attention', retryable: false },
  body_too_large: { status: 413, title: 'The request is too large', retryable: false },
  unsupported_media_type: { status: 415, title: 'The request must be JSON', retryable: false },
  method_not_allowed: { status: 405, title: 'This address does not take that method', retryable: false },
  not_found: { status: 404, title: 'There is nothing at this address', retryable: false },
  not_supported: { status: 501, title: 'This Worker does not do that yet', retryable: false },
  // who asks
  origin_not_allowed: { status: 403, title: 'This website may not use this Worker', retryable: false },
  ticket_invalid: { status: 403, title: 'The ticket is not valid here', retryable: false },
  ticket_expired: { status: 401, title: 'The ticket has expired', retryable: false },
  proof_required: { status: 403, title: 'Proof of work is needed first', retryable: false },
  throttled: { status: 429, title: 'Too many requests from this visitor', retryable: true },
  // the event
  event_unknown: { status: 404, title: 'This event is not known here', retryable: false },
  event_unavailable: { status: 409, title: 'This event takes no bookings at the moment', retryable: false },
  // the sequence
  attempt_conflict: { status: 409, title: 'Another request of this attempt is running', retryable: true },
  attempt_settled: { status: 422, title: 'This step was finished with other values', retryable: false },
  attempt_unknown: { status: 409, title: 'This attempt is not known any more', retryable: false },
  step_out_of_order: { status: 409, title: 'An earlier step is missing', retryable: false },
  answers_incomplete: { status: 422, title: 'Some answers are missing', retryable: false },
  contact_refused: { status: 422, title: 'The contact details were not accepted', retryable: false },
  disqualified: { status: 403, title: 'No times are offered to this visitor', retryable: false },
  // the booking
  slot_not_offered: { status: 409, title: 'This time was not offered', retryable: false },
  slot_taken: { status: 409, title: 'This time was just taken', retryable: false },
  already_booked: { status: 409, title: 'There is a call already', retryable: false },
  booking_changed: { status: 409, title: 'The call was moved or cancelled meanwhile', retryable: false },
  booking_fixed: { status: 409, title: 'This call cannot be changed', retryable: false },
  // the world
  busy: { status: 503, title: 'Busy, please wait a moment', retryable: true },
  unavailable: { status: 503, title: 'Booking is not available at the moment', retryable: true },
  internal: { status: 500, title: 'Something went wrong here', retryable: true },
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof PROBLEMS;

/** What is wrong with one field; words for people are the widget's. */
export type FieldFault = 'required' | 'invalid' | 'too_long' | 'not_an_option' | 'refused';

/** RFC 9457 problem document as it travels (`application/problem+json`). Unknown members are ignored by the widget. */
export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  code: ProblemCode;
  requestId: string;
  retryAfterSeconds?: number;
  /** Keyed `email`, `phone`, `name`, `first_name`, `last_name`, `startsAt`, `timeZone`, or a question's id. */
  fields?: Record<string, FieldFault>;
}
