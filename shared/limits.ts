/**
 * Every number that is policy, with its unit in its name and the reason in a sentence. Worker and widget read them here;
 * `docs/promises.md` quotes them. A test moves the clock over each one that is a time.
 */

// --- the visitor's patience ---
/** A waiting visitor's call leaves the gate within this time or is refused with Retry-After. */
export const GATE_DEADLINE_MS = 8_000;
/** The Worker answers a write by then; what is unfinished goes on in the background and is told as pending (202). */
export const ANSWER_DEADLINE_MS = 15_000;
/** The widget gives up on one request after this time; longer than the Worker's own limit, so the Worker speaks first. */
export const WIDGET_REQUEST_LIMIT_MS = 18_000;
/** The fallback link is shown by then when the Worker has said nothing usable. */
export const FALLBACK_AFTER_MS = 3_500;
/** The widget asks for the state of a pending step this often while the visitor watches. */
export const PENDING_POLL_MS = 2_000;
/** The visitor sees "we are confirming your time" at most this long, then "we have your request". */
export const CONFIRMING_AT_MOST_MS = 90_000;

// --- calls to iClosed ---
/** Time-out of one upstream call for contact, answers, status, dates and searches. */
export const UPSTREAM_TIMEOUT_MS = 6_000;
/** Time-out of the call that books; longer, because giving up early makes an unclear booking. */
export const UPSTREAM_CALL_TIMEOUT_MS = 12_000;
/** An upstream answer longer than this is not read; no documented answer comes near it. */
export const UPSTREAM_BODY_BYTES = 1_000_000;
/** Seconds between the grant of a permit and its arrival that the pacing allows for (the J of its formula). */
export const PERMIT_JITTER_SECONDS = 1;
/** Permits a lane grants at once after a pause (the b of its formula). */
export const PERMIT_BURST = 1;

/** While leads are parked the gate is woken at least this often, in case it was evicted. */
export const GATE_ALARM_MS = 30_000;

/** A Lead's alarm ends within this time, whatever is still under way: the runtime expects an end within thirty seconds. */
export const ALARM_RUN_MS = 25_000;

// --- an unclear booking ---
/** iClosed may commit this late after a send whose answer never came; only then is a search worth believing. */
export const AMBIGUOUS_AFTER_SEND_MS = 60_000;
/** Between the first search that finds nothing and the second that confirms it. */
export const SECOND_SEARCH_MS = 5_000;
/** How often one booking is sent at most, ever. */
export const SENDS_AT_MOST = 2;
/** After this an unclear booking is handed to the owner with all that is known. */
export const BOOKING_HARD_END_MS = 15 * 60_000;

// --- the outbox ---
/** First and longest pause between two deliveries of the same thing; doubled each time, with full jitter. */
export const OUTBOX_FIRST_PAUSE_MS = 2_000;
export const OUTBOX_LONGEST_PAUSE_MS = 15 * 60_000;
/** After this much time of fast retries an undelivered lead is tried hourly. */
export const OUTBOX_FAST_FOR_MS = 72 * 3_600_000;
export const OUTBOX_SLOW_PAUSE_MS = 3_600_000;
/** An undelivered contact becomes a dead letter then, and is kept for the owner this long in all. */
export const OUTBOX_DEAD_AFTER_MS = 30 * 86_400_000;
export const OUTBOX_FORGET_AFTER_MS = 90 * 86_400_000;
/** A call made later than the visitor waited must start at least this long from now, and be made within this time of the click. */
export const DELAYED_BOOKING_NOTICE_MS = 2 * 3_600_000;
export const DELAYED_BOOKING_WITHIN_MS = 15 * 60_000;

// --- keeping ---
/** A delivered lead's personal data is purged this long after everything about it is settled. */
export const KEEP_SETTLED_LEAD_MS = 24 * 3_600_000;
/** A booking's tombstone and its claim outlive the end of the call by this time. */
export const KEEP_TOMBSTONE_MS = 7 * 86_400_000;
/** A confirmed booking is looked up at iClosed this often until it begins; first after personal data was purged. */
export const VERIFY_BOOKING_MS = 25 * 3_600_000;
/** A disqualified visitor may correct the answers once within this time. */
export const CORRECTION_WITHIN_MS = 10 * 60_000;
/** A ticket is good for this long; every use renews it. */
export const TICKET_SECONDS = 24 * 3_600;

// --- times ---
/** A slot counts as offered if the Event held it for these hosts at some moment of this span. */
export const OFFERED_FOR_MS = 15 * 60_000;
/** A slot set younger than this is answered without asking iClosed again. */
export const SLOTS_FRESH_MS = 15_000;
/** A slot set younger than this is answered at once while a newer one is fetched for the next visitor. */
export const SLOTS_REVALIDATED_WITHIN_MS = 60_000;
/** Older slot sets are never shown unmarked; older than this they are not shown at all. */
export const SLOTS_STALE_AT_MOST_MS = 10 * 60_000;
/** How far ahead times are offered where the event's configuration does not say. */
export const HORIZON_DAYS = 60;
/** A time must be at least this far ahead to be offered: the visitor needs a moment to press. */
export const SLOT_LEAD_TIME_MS = 60_000;
/** Calls that one refresh of a month may cost: more than its days, so that it only ends a walk that does not get on. */
export const CALLS_PER_REFRESH_AT_MOST = 40;
/** Empty anchor days walked one by one before the walk asks for every second day. */
export const EMPTY_ANCHOR_DAYS = 8;
/** An event's description is asked for again after this time. */
export const DESCRIPTION_FRESH_MS = 5 * 60_000;
/** A description this old is still shown while iClosed is away. */
export const DESCRIPTION_STALE_AT_MOST_MS = 24 * 3_600_000;
/** A claim that its Lead never settled may be broken then, after asking that Lead. */
export const CLAIM_UNSETTLED_MS = 2 * 60_000;
/** The zone canary is asked again after a day. */
export const CANARY_FRESH_MS = 24 * 3_600_000;

// --- input ---
/** The longest body that the Worker reads. */
export const BODY_BYTES = 16_384;
/** Longest text answer, name and address that are taken; iClosed's own limits are applied to what is sent. */
export const ANSWER_CHARACTERS = 2_000;
export const NAME_CHARACTERS = 200;
export const EMAIL_CHARACTERS = 254;
export const ICLOSED_NAME_CHARACTERS = 25;

// --- throttles ---
/** Requests in `THROTTLE_SECONDS` that one ticket may make; wrangler.toml repeats it, a test compares the two. */
export const TICKET_REQUESTS = 30;
/** The same for one address (an IPv6 /64 counts as one): an office of fifty must get through. */
export const ADDRESS_REQUESTS = 300;
export const THROTTLE_SECONDS = 10;
