/**
 * Every number that is policy, with its unit in its name and the reason in a sentence. Worker and widget read them here;
 * `docs/promises.md` quotes them. A test moves the clock over each one that is a time.
 */

// --- the visitor's patience ---
/** A waiting visitor's call leaves the gate within this time or is refused with Retry-After. */
export const GATE_DEADLINE_MS = 8_000;
/** A search for an unclear booking keeps its place in the queue this long: nobody's request hangs on it, and an alarm ends in time. */
export const RECOVERY_WAIT_MS = 20_000;
/** The Worker answers a write by then; what is unfinished goes on in the background and is told as pending (202). */
export const ANSWER_DEADLINE_MS = 15_000;
/** The widget gives up on one request after this time; longer than the Worker's own limit, so the Worker speaks first. */
export const WIDGET_REQUEST_LIMIT_MS = 18_000;
/** The fallback link is shown by then when the Worker has said nothing usable. */
export const FALLBACK_AFTER_MS = 3_500;
/** The widget asks the Worker only when it is on the screen or this near to it. */
export const NEAR_PX = 400;
/** Whoever is answered within this time sees the first step at once; only later the widget draws bones where it will stand. */
export const BONES_AFTER_MS = 500;
/** Whoever comes back to the page after this time, or wakes the phone, sees times and bookings read anew, not remembered ones. */
export const AWAY_MS = 5 * 60_000;
/** The widget waits this long for one of its own parts, and pauses before it tries once more. */
export const PART_LIMIT_MS = 8_000;
export const PART_PAUSE_MS = 1_000;
/** The first step waits this long for the words of its language, which are asked for beside the event; then it is shown in English. */
export const WORDS_WAIT_MS = 1_500;
/** The list of zones waits this long for the names of places in its language, and reads the clocks meanwhile; then it is shown in English. */
export const PLACES_WAIT_MS = 500;
/** A visitor whose focus has left the contact for this long has filled it in; only where the event sends contacts early. */
export const EARLY_CONTACT_MS = 1_500;
/** The widget asks for the state of a pending step this often while the visitor watches. */
export const PENDING_POLL_MS = 2_000;
/** The same where nobody waits for the answer by the second. */
export const SLOW_POLL_MS = 10_000;
/** The visitor sees "we are confirming your time" at most this long, then "we have your request". */
export const CONFIRMING_AT_MOST_MS = 90_000;

/** The widget repeats one request this often: with the Worker's word that it is only busy, and without it. */
export const TRIES_WHEN_BUSY_AT_MOST = 12;
export const TRIES_AT_MOST = 4;
/** Where no answer came at all, since each try waits as long as one may take; then the visitor decides. */
export const TRIES_WHEN_SILENT_AT_MOST = 2;
/** Pauses between them where the Worker names none; doubled each time. */
export const FIRST_PAUSE_MS = 1_000;
export const LONGEST_PAUSE_MS = 30_000;
/** Visitors who were refused together come back over this part of the pause. */
export const PAUSE_JITTER_AT_MOST = 0.25;
/** The widget waits this long before it reads what became of a conflict. */
export const CONFLICT_PAUSE_MS = 1_500;
/** After this many conflicts in one submit the visitor is asked. */
export const QUARRELS_AT_MOST = 4;
/** Times offered beside one that is gone. */
export const NEAREST_AT_MOST = 3;

// --- calls to iClosed ---
/** Time-out of one upstream call for contact, answers, status and dates. */
export const UPSTREAM_TIMEOUT_MS = 6_000;
/** Time-out of a search for calls; shorter, because it may be repeated and the truth about a booking waits for it. */
export const UPSTREAM_SEARCH_TIMEOUT_MS = 4_000;
/** Time-out of the call that books; longer, because giving up early makes an unclear booking. */
export const UPSTREAM_CALL_TIMEOUT_MS = 12_000;
/** An upstream answer longer than this is not read; no documented answer comes near it. */
export const UPSTREAM_BODY_BYTES = 1_000_000;
/** Seconds between the grant of a permit and its arrival that the pacing allows for (the J of its formula). */
export const PERMIT_JITTER_SECONDS = 1;
/** Permits a lane grants at once after a pause (the b of its formula). */
export const PERMIT_BURST = 1;

// --- an iClosed that says nothing; each lane counts for itself ---
/** As many calls may be on their way without a word before the success of the next one is asked for. */
export const SILENCE_UNASKED_AT_MOST = 2;
/** A lane that was heard of within this time is well: no word is asked for. */
export const SILENCE_WELL_FOR_MS = 2_000;
/** A word needs a moment: the next one is asked for this long after the last at the earliest. */
export const SILENCE_ASKED_EVERY_MS = 1_000;
/** A word that takes longer is overdue: iClosed usually answers sooner. */
export const SILENCE_OVERDUE_AFTER_MS = 2_500;
/** With so many calls on their way without a word none is let out beside them while one that was asked for is overdue. */
export const SILENCE_UNHEARD_AT_MOST = 3;
/** Nobody waits for an answer any longer, every time-out is over: its word was lost, and calls go on without it. */
export const SILENCE_LOST_AFTER_MS = 15_000;

// --- alarms ---
/** While leads are parked the gate is woken at least this often, in case it was evicted. */
export const GATE_ALARM_MS = 30_000;

/** While a lead has something to do, an alarm stands this close and takes over when its object is cut off; nearer ones would ring at the pace of a person and find nothing. */
export const BACKUP_ALARM_MS = 60_000;
/** A Lead's alarm ends within this time, whatever is still under way: the runtime expects an end within thirty seconds. */
export const ALARM_RUN_MS = 25_000;

// --- an unclear booking ---
/** iClosed may commit this late after a send whose answer never came; only then is a search worth believing. */
export const AMBIGUOUS_AFTER_SEND_MS = 60_000;
/** A send leaves this long after it was written down at most: the write must be durable first. */
export const SEND_LEAVES_WITHIN_MS = 250;
/** Between the first search that finds nothing and the second that confirms it. */
export const SECOND_SEARCH_MS = 5_000;
/** How often one booking is sent at most, ever; each time after proof that the send before it made no call. */
export const SENDS_AT_MOST = 3;
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
/** A manage ticket is good until this long after the call's end, so that a late look says what the call was; a reschedule voids it. */
export const MANAGE_TICKET_AFTER_CALL_MS = 86_400_000;
/** Who opens a manage link reads the call as iClosed has it; a look younger than this is answered again. */
export const LOOK_FRESH_MS = 3_000;
/** After a booking the widget asks for the link to the call, which iClosed knows a moment later: first so soon, then three times as late each time. */
export const JOIN_LOOK_MS = 5_000;
export const JOIN_LOOKS_AT_MOST = 3;
/** A page that is left by itself after a booking waits this long for its own tags to tell of it. */
export const REDIRECT_AFTER_MS = 1_500;
/** A ticket is good for this long; every use renews it. */
export const TICKET_SECONDS = 24 * 3_600;

// --- times ---
/** A slot counts as offered if the Event held it for these hosts at some moment of this span. */
export const OFFERED_FOR_MS = 15 * 60_000;
/** A slot set younger than this is answered without asking iClosed again. */
export const SLOTS_FRESH_MS = 15_000;
/** So long the answer about an event waits for its first times, where they come first. */
export const SLOTS_ALONG_MS = 400;
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
/** The Worker's own copy of a description is answered this long without asking the Event: about as long as a visit takes. */
export const DESCRIPTION_COPY_FRESH_MS = 2 * 60_000;
/** A claim that its Lead never settled may be broken then, after asking that Lead. */
export const CLAIM_UNSETTLED_MS = 2 * 60_000;
/** The zone canary is asked again after a day. */
export const CANARY_FRESH_MS = 24 * 3_600_000;

// --- input ---
/** Longest text answer, name and address that are taken; iClosed's own limits are applied to what is sent. */
export const ANSWER_CHARACTERS = 2_000;
/** Answers of that length which one form may hold in any script. More would make a hostile body dear to read, and no form asks for it. */
export const LONG_ANSWERS_AT_MOST = 10;
/** What a character of any script takes in a body at most. */
export const CHARACTER_BYTES = 3;
/** The longest body that the Worker reads: the longest answers, and room for all that stands around them. */
export const BODY_BYTES = LONG_ANSWERS_AT_MOST * ANSWER_CHARACTERS * CHARACTER_BYTES + 16_384;
/** What a visitor writes of the times that suit him, where none is free. */
export const WISH_CHARACTERS = 500;
/** Wishes of one attempt that become notes. */
export const WISHES_AT_MOST = 3;
export const NAME_CHARACTERS = 200;
export const EMAIL_CHARACTERS = 254;
export const ICLOSED_NAME_CHARACTERS = 25;
/** Guests of one call that an owner may allow: a meeting of people, not a mailing list. */
export const GUESTS_AT_MOST = 10;
/** Longest name of a guest that is passed on. */
export const GUEST_NAME_CHARACTERS = 100;

// --- throttles and budgets; wrangler.toml repeats the figures, a test compares them ---
/** Requests in `THROTTLE_SECONDS` that one ticket may make. */
export const TICKET_REQUESTS = 30;
/**
 * Requests in `THROTTLE_SECONDS` from one address (an IPv6 /64 counts as one), for each kind of request by itself. Who shows a
 * good ticket answers to the ticket's own throttle alone, and above it reads are still answered from memory: a flood costs
 * its neighbours nothing.
 */
export const ADDRESS_REQUESTS = 300;
export const THROTTLE_SECONDS = 10;
/** Budgets of an address count in minutes, the longest that the binding knows; so there is no hourly figure. */
export const BUDGET_SECONDS = 60;
/**
 * New tickets a minute from one address that cost nothing: an office whose two hundred people open the page within ten minutes
 * never hears of it. Whoever comes above it is asked for proof of work, which runs while the visitor types.
 */
export const FREE_TICKETS = 20;
/**
 * Contacts a minute from one address that are as urgent as any: under two fifths of what an account of 20/10s can take. Above
 * it a proof must be dearer, and the lead gives way to visitors elsewhere.
 */
export const URGENT_LEADS = 40;
/**
 * Contacts and proofs of one ticket that count against its address in a minute: one of each price and one correction. Whoever
 * repeats his own by the hundred uses up nothing of his neighbours'.
 */
export const LEAD_REQUESTS = 3;
/** Networks of 64 bits inside one of 48 share so many budgets: the coarser budget of a /48 is that many addresses'. */
export const NETWORK_BUDGETS_AT_MOST = 4;
/** What a slow phone tries a second, for an estimate that the visitor sees. */
export const HASHES_A_SECOND_AT_MOST = 400_000;
/** Zero bits that a proof needs; about two seconds on a middling phone, in the background. */
export const WORK_BITS = 19;
/**
 * The same where an address has made more leads than are urgent: about a minute on a phone, a quarter of it on a desktop; a
 * flooder's eight cores make forty such leads a minute, and his neighbours still get through. A price is all that it is: a
 * program outside the browser pays it in a second. Behind it stands that such leads are not urgent, and that iClosed
 * hears of them at the gate's pace.
 */
export const CROWD_WORK_BITS = 24;
/** A ticket that needs proof is good for this long, so that proofs cannot be hoarded; the widget gets a new one by itself. */
export const UNPROVEN_TICKET_SECONDS = 900;
