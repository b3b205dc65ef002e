/**
 * Runs the plan of a Lead, one action after the other, writing every outcome before the next. One driver runs per Lead; after
 * each await the record is read again. What it needs from the world comes as `LeadPorts`, so that the same code runs in the
 * object and in virtual time.
 */
import { OUTBOX_DEAD_AFTER_MS, ANSWER_DEADLINE_MS, GATE_DEADLINE_MS, RECOVERY_WAIT_MS } from '../../shared/limits.ts';
import type { EventConfig } from '../config/events.ts';
import type { ClaimAnswer, ClaimRequest, Settlement } from '../event/desk.ts';
import type { AnswersResult } from '../iclosed/answers.ts';
import { insertAnswers, isWrongQuestionType, LADDER_RUNGS, readAnswersResult } from '../iclosed/answers.ts';
import { CallSearch, type SearchAnswer } from '../iclosed/call-search.ts';
import { bookCall, type Guest, isAboutGuests, readBookAnswer } from '../iclosed/calls.ts';
import {
  type ContactStatus,
  correctContact,
  createContact,
  createContactMinimal,
  mayReplaceStatus,
  readContact,
  refusedContactFields,
  setContactStatus,
  writeContactNote,
} from '../iclosed/contacts.ts';
import { isPermanent } from '../iclosed/failure.ts';
import { iclosedNames } from '../iclosed/names.ts';
import type { UpstreamCall } from '../iclosed/request.ts';
import type { Outcome, Urgency } from '../gate/through.ts';
import type { AlertCause } from '../owner/alerts.ts';
import { GUESTS_ID } from '../event/asked.ts';
import { withSeen } from './change.ts';
import { change, look, lookForChange, settleChange } from './changing.ts';
import { consentNote } from './consents.ts';
import { disqualificationFor } from './disqualified.ts';
import { lookAtCall } from './look.ts';
import {
  type Action,
  afterBooked,
  afterNothingDone,
  afterRefused,
  afterRejected,
  afterSearch,
  afterSending,
  afterUnclear,
  handedOver,
  isForgotten,
  isKnownAlone,
  isOver,
  parked,
  plan,
  unparked,
} from './machine.ts';
import { guestsIn } from './guests.ts';
import { answersNote, guestsNote, nameNote, wantedTimeNote, withNote } from './notes.ts';
import { type AnswersRow, type BookingRow, type LeadRecord, newDelivery, type NoteRow } from './record.ts';
import { postponed } from './retry.ts';

export interface LeadPorts {
  now(): number;
  random(): number;
  read(): LeadRecord;
  /** Durable together with the alarm for what is due next. */
  write(record: LeadRecord): void;
  config(): EventConfig;
  /** How urgent the lead's calls are: a visitor waits, or nobody does. */
  urgency(): Urgency;
  ask(call: UpstreamCall, urgency: Urgency, beforeSend?: () => void): Promise<Outcome<unknown>>;
  claim(request: ClaimRequest): Promise<ClaimAnswer>;
  settle(settlement: Settlement): Promise<void>;
  isStillOpen(hosts: string, startsAt: number): Promise<boolean | undefined>;
  /** Tells the owner. */
  alert(cause: AlertCause, subject: string): Promise<void>;
  alternatives(hosts: string, startsAt: number): Promise<Pick<NonNullable<BookingRow['problem']>, 'slots' | 'nearest'>>;
}

type Failed = Exclude<Outcome<unknown>, { ok: true }>;

/** Does everything that is due, then returns; the caller arms the alarm for the rest. */
export async function drive(ports: LeadPorts): Promise<void> {
  for (;;) {
    const { booking, isWithdrawn } = ports.read();
    // Withdrawn while it was on its way, and then iClosed had not taken it.
    const isUnwanted = isWithdrawn === true && booking?.state === 'WANTED';
    if (booking && (isUnwanted || isForgotten(booking, ports.now()))) giveUp(ports, booking);
    const action = plan(ports.read(), ports.now());
    if (!action) return;
    await perform(ports, action);
  }
}

async function perform(ports: LeadPorts, action: Action): Promise<void> {
  switch (action.kind) {
    case 'contact':
      return deliverContact(ports);
    case 'answers':
      return deliverAnswers(ports);
    case 'book':
      return book(ports);
    case 'book_late':
      return bookLate(ports);
    case 'search':
      return search(ports);
    case 'settle':
      return settle(ports);
    case 'verify':
      return verify(ports);
    case 'change':
      return change(ports);
    case 'change_look':
      return lookForChange(ports);
    case 'change_settle':
      return settleChange(ports);
    case 'look':
      return look(ports);
    case 'status':
      return setStatus(ports);
    case 'note':
      return writeNote(ports, action.index);
  }
}

// --- contact ---

async function deliverContact(ports: LeadPorts): Promise<void> {
  const { contact, event, page } = ports.read();
  const { ip, timeZone, country, referrer, tracking, variant } = page;
  const status: ContactStatus | undefined = ports.config().contactStatus === 'potential' ? 'POTENTIAL' : undefined;
  const delivery = { contact: contact.given, event, tracking, variant, referrer, timeZone, country, ip, status };
  const call =
    contact.id !== undefined
      ? correctContact(contact.id, contact.given)
      : contact.isMinimal
        ? createContactMinimal(delivery)
        : createContact(delivery);
  const outcome = await ports.ask(call, ports.urgency());
  const now = ports.now();
  const record = ports.read();
  const delivered = outcome.ok ? readContact(outcome.value) : undefined;
  if (delivered) {
    const uncut = iclosedNames(contact.given)?.uncut;
    const { refused: _, ...rest } = record.contact;
    const texts = [
      ...(uncut ? [nameNote(uncut)] : []),
      ...(contact.consents?.length ? [consentNote(contact.consents)] : []),
    ];
    ports.write({
      ...record,
      contact: { ...rest, ...delivered, deliveredSeq: contact.seq, delivery: newDelivery(now) },
      notes: texts.reduce((notes, text) => withNote({ notes }, text, now), record.notes),
    });
    return;
  }
  const failure = outcome.ok ? undefined : outcome.failure;
  if (failure && isPermanent(failure) && failure.kind !== 'forbidden') {
    // Corrected meanwhile: the refusal was not about what is given now.
    if (record.contact.seq !== contact.seq) return;
    const next = { ...record.contact };
    if (next.id !== undefined) {
      // Such as an address that another contact has: the upsert finds that one.
      delete next.id;
      delete next.status;
      // What was noted of the visitor belongs to the contact that is found instead.
      const notes = record.notes.map((each) => ({ ...each, isDone: false }));
      return ports.write({ ...record, notes, contact: next });
    } else if (!next.isMinimal) next.isMinimal = true;
    else
      next.refused = Object.fromEntries(
        refusedContactFields(failure.fields, failure.text).map((each) => [each, 'refused']),
      );
    ports.write({ ...record, contact: next });
    return;
  }
  const failed: Failed = outcome.ok ? UNREADABLE : outcome;
  const row = { ...record.contact, delivery: postponed(record.contact.delivery, failed, now, ports.random) };
  // A month of tries: a dead letter, which the owner's list keeps for two more.
  const isDead = now - row.delivery.firstAt > OUTBOX_DEAD_AFTER_MS;
  ports.write({ ...record, contact: isDead ? { ...row, refused: {} } : row });
}

// --- answers ---

async function deliverAnswers(ports: LeadPorts): Promise<void> {
  const { answers, contact, event } = ports.read();
  if (!answers || contact.id === undefined) return;
  const { primary, secondary, rung } = answers;
  const call = insertAnswers({ event, contactId: contact.id, contact: contact.given, primary, secondary, rung });
  const outcome = await ports.ask(call, ports.urgency());
  const now = ports.now();
  const record = ports.read();
  const row = record.answers;
  if (!row) return;
  const result = outcome.ok ? readAnswersResult(outcome.value) : undefined;
  if (result) {
    // Newer answers may have come meanwhile; then the plan sends those next.
    ports.write(afterAnswers(ports, record, row, answers.seq, result, now));
    return;
  }
  const failed: Failed = outcome.ok ? UNREADABLE : outcome;
  const { failure } = failed;
  if (row.seq !== answers.seq && failure) return; // Newer answers are due; this was not about them.
  if (failure && isWrongQuestionType(failure) && row.rung + 1 < LADDER_RUNGS) {
    ports.write({ ...record, answers: { ...row, rung: row.rung + 1 } });
    return;
  }
  const isUnclear = failure !== undefined && !failure.certain;
  const unclearSends = row.unclearSends + (isUnclear && !isPermanent(failure) ? 1 : 0);
  if ((failure && isPermanent(failure)) || unclearSends >= 2) {
    const notes = withNote(record, answersNote(row.given), now);
    ports.write({ ...record, notes, answers: { ...row, unclearSends, isUndecided: true } });
    return;
  }
  const delivery = postponed(row.delivery, failed, now, ports.random);
  ports.write({ ...record, answers: { ...row, unclearSends, delivery } });
}

function afterAnswers(
  ports: LeadPorts,
  record: LeadRecord,
  row: AnswersRow,
  settledSeq: number,
  result: AnswersResult,
  now: number,
): LeadRecord {
  const config = ports.config();
  const isDisqualified =
    result.isDisqualified || (config.disqualifyOn === 'flagOrConditions' && result.rules.length > 0);
  const { tracking } = record.page;
  const disqualification = isDisqualified
    ? disqualificationFor(config.disqualified ?? [], result.rules, tracking)
    : undefined;
  const wanted: ContactStatus | undefined = isDisqualified
    ? 'DISQUALIFIED'
    : config.qualifyOnAnswers === false
      ? undefined
      : 'QUALIFIED';
  const outcome = { isDisqualified, hosts: result.hosts, at: now, ...(disqualification ? { disqualification } : {}) };
  const isNews = wanted !== undefined && mayReplaceStatus(record.contact.status, wanted) && !hasCall(record);
  const { status: _, ...rest } = record;
  return {
    ...rest,
    answers: { ...row, settledSeq, outcome, unclearSends: 0, delivery: newDelivery(now) },
    ...(isNews ? { status: { wanted, isDone: false, delivery: newDelivery(now) } } : {}),
  };
}

function hasCall(record: LeadRecord): boolean {
  return record.booking?.state === 'CONFIRMED';
}

// --- booking ---

/** Somebody waits for the truth: a search that failed is repeated sooner than a delivery. */
const SEARCH_AGAIN_AFTER_MS = 1_000;
const SEARCH_AGAIN_WITHIN_MS = 10_000;
const LOOKS_ONCE_MORE = 3;
const RECOVERY: Urgency = { class: 2, waitMs: RECOVERY_WAIT_MS };

async function book(ports: LeadPorts): Promise<void> {
  const before = ports.read();
  const wanted = before.booking;
  const contactId = before.contact.id;
  const hosts = before.answers?.outcome?.hosts ?? '';
  if (!wanted || contactId === undefined) return;
  const { attempt, leadId, event } = before;
  const { startsAt, timeZone } = wanted;
  let claim: ClaimAnswer;
  try {
    claim = await ports.claim({ contactId, startsAt, attempt, leadId, hosts });
  } catch {
    claim = { ok: false, code: 'busy', retryAfterSeconds: 2 };
  }
  if (!isStillWanted(ports.read(), wanted)) return;
  if (!claim.ok) {
    const { code, slots, nearest, retryAfterSeconds } = claim;
    if (retryAfterSeconds === undefined)
      return reject(ports, { code, ...(slots ? { slots } : {}), ...(nearest ? { nearest } : {}) });
    return update(ports, (booking, now) => {
      const dueAt = now + retryAfterSeconds * 1_000;
      const delivery = { ...booking.delivery, dueAt, lastFault: 'busy' as const };
      return ports.urgency().class === 1 ? { ...booking, delivery } : parked(booking, delivery);
    });
  }
  const known = claim.knownCallId === undefined ? {} : { knownCallId: claim.knownCallId };
  const asked = guestsOf(before);
  const guests = wanted.isMinimal ? [] : asked;
  const secondary = wanted.isMinimal ? [] : (before.answers?.secondary ?? []);
  const call = bookCall({ event, contactId, startsAt, timeZone, hosts, secondary, guests });
  // A second key after a refused one: the first send has done nothing.
  const writeAhead = (booking: BookingRow, now: number) =>
    afterSending(
      { ...(booking.state === 'SENT' ? afterNothingDone(booking, booking.delivery) : booking), ...known },
      now,
    );
  const urgency = { ...ports.urgency(), waitMs: GATE_DEADLINE_MS };
  let isSuperseded = false;
  const outcome = await ports
    .ask(call, urgency, () => {
      isSuperseded = !isStillWanted(ports.read(), wanted);
      if (isSuperseded) throw new Error('not wanted any more');
      update(ports, writeAhead);
    })
    .catch((error: unknown) => {
      if (!isSuperseded) throw error;
    });
  // Given up while it waited for its permit: nothing was sent, and the plan settles the claim.
  if (!outcome) return;
  if (outcome.ok) {
    const answer = readBookAnswer(outcome.value, startsAt);
    if (answer.kind === 'booked') {
      update(ports, (booking, now) => afterBooked(booking, answer.call, now));
      const record = ports.read();
      if (asked.length > guests.length)
        ports.write({ ...record, notes: withNote(record, guestsNote(asked), ports.now()) });
      return;
    }
    if (answer.kind === 'unclear') return update(ports, afterUnclear);
    return afterRefusal(ports, hosts, startsAt);
  }
  const { failure } = outcome;
  if (!failure)
    return update(ports, (booking, now) => {
      if (isOver(booking)) return booking;
      const delivery = postponed(booking.delivery, outcome, now, ports.random);
      // Written ahead for a send that met a refused key, and then there was no permit for the other one.
      return parked(
        { ...(booking.state === 'SENT' ? afterNothingDone(booking, delivery) : booking), ...known },
        delivery,
      );
    });
  if (failure.certain) {
    return update(ports, (booking, now) => {
      const next = afterNothingDone(booking, postponed(booking.delivery, outcome, now, ports.random));
      const isTooLate = next.delivery.dueAt - booking.askedAt > ANSWER_DEADLINE_MS;
      return failure.kind === 'auth' || isTooLate ? parked(next, next.delivery) : next;
    });
  }
  // Where nobody waits for the answer, the call matters more than its guests: it is made without them.
  const isAnswerable = guests.length > 0 && ports.urgency().class === 1;
  if (isPermanent(failure) && isAnswerable && isAboutGuests(failure))
    return reject(ports, { code: 'invalid_fields', fields: { [GUESTS_ID]: 'refused' } });
  if (isPermanent(failure)) return afterRefusal(ports, hosts, startsAt);
  update(ports, afterUnclear);
}

/** Those beside the visitor, who is invited anyway. */
function guestsOf({ answers, contact }: LeadRecord): Guest[] {
  const own = contact.given.email?.toLowerCase();
  const guests = guestsIn(answers?.given[GUESTS_ID]?.[0] ?? '') ?? [];
  return guests.filter(({ email }) => email.toLowerCase() !== own);
}

/** The visitor may have taken the link or changed the answers meanwhile. */
function isStillWanted({ booking, isWithdrawn }: LeadRecord, wanted: BookingRow): boolean {
  const isOpen = booking?.state === 'WANTED' || booking?.state === 'SENT';
  return isOpen && !isWithdrawn && booking.seq === wanted.seq && booking.startsAt === wanted.startsAt;
}

/** The visitor has gone: only where no call of this contact stands at this event, from whatever channel. */
async function bookLate(ports: LeadPorts): Promise<void> {
  const { booking } = ports.read();
  if (!booking) return;
  if (isKnownAlone(booking, ports.now())) return update(ports, unparked);
  const answer = await lookUp(ports, { ...RECOVERY, class: 3 });
  const { booking: row } = ports.read();
  // Asked for again, or given up, or another time is wanted.
  if (!row?.isParked || row.seq !== booking.seq) return;
  if (answer.kind === 'absent' && !answer.hasOther) return update(ports, unparked);
  if (answer.kind !== 'failed') return update(ports, handedOver);
  update(ports, (parkedRow, now) => {
    const { dueAt, ...delivery } = postponed(parkedRow.delivery, answer.outcome, now, ports.random);
    return { ...parkedRow, delivery: { ...delivery, dueAt: Math.min(dueAt, now + SEARCH_AGAIN_WITHIN_MS) } };
  });
}

/** Searches for the booking's call until an answer proves something or the search fails. */
async function lookUp(ports: LeadPorts, urgency: Urgency): Promise<SearchAnswer | { kind: 'failed'; outcome: Failed }> {
  const { booking, contact, event } = ports.read();
  if (!booking || contact.id === undefined) return { kind: 'unproven' };
  const { startsAt, knownCallId } = booking;
  const search = new CallSearch({ contactId: contact.id, event, startsAt, knownCallId });
  for (;;) {
    const outcome = await ports.ask(search.next(), urgency);
    if (!outcome.ok) return { kind: 'failed', outcome };
    const answer = search.take(outcome.value, ports.now());
    if (answer) return answer;
  }
}

/** Why iClosed refused is undocumented: the time is gone, or something else is wrong. Only asking again tells. */
async function afterRefusal(ports: LeadPorts, hosts: string, startsAt: number): Promise<void> {
  const ask = () => ports.isStillOpen(hosts, startsAt).catch(() => undefined);
  const isOpen = (await ask()) ?? (await ask());
  if (isOpen === false) {
    const fresh = await ports.alternatives(hosts, startsAt).catch(() => ({}));
    return reject(ports, { code: 'slot_taken', ...fresh });
  }
  update(ports, afterRefused);
}

/**
 * This time cannot be had. Where it was sent before, that send was proven to have made no call; that the time is gone now may
 * still be its doing, so it is looked for once more.
 */
async function reject(ports: LeadPorts, problem: NonNullable<BookingRow['problem']>): Promise<void> {
  const { booking } = ports.read();
  const wasSentBefore = (booking?.sends ?? 0) > (booking?.state === 'SENT' ? 1 : 0);
  if (!booking || !wasSentBefore) return update(ports, (row, now) => afterRejected(row, problem, now));
  for (let tries = 1; tries <= LOOKS_ONCE_MORE; tries += 1) {
    const answer = await lookUp(ports, RECOVERY);
    if (answer.kind === 'failed') continue;
    if (answer.kind === 'found') return update(ports, (row, now) => afterBooked(row, answer.call, now));
    if (answer.kind !== 'absent') break;
    update(ports, (row, now) => afterRejected(row, problem, now));
    // The visitor has waited long and may have gone.
    const record = ports.read();
    return ports.write({ ...record, notes: withNote(record, wantedTimeNote(booking), ports.now()) });
  }
  update(ports, handedOver);
}

async function search(ports: LeadPorts): Promise<void> {
  const askedAt = ports.now();
  const answer = await lookUp(ports, RECOVERY);
  update(ports, (row, now) => {
    if (answer.kind !== 'failed') return afterSearch(row, answer, now, askedAt);
    const { failure } = answer.outcome;
    const pause = postponed(row.delivery, answer.outcome, now, ports.random);
    // What is full or away says when; a fault is over with the next try, and the breaker sees to those that are not.
    const askedPauseMs = !failure || failure.kind === 'rate_limited' ? pause.dueAt - now : 0;
    const retryAfterMs = Math.min(SEARCH_AGAIN_WITHIN_MS, Math.max(SEARCH_AGAIN_AFTER_MS, askedPauseMs));
    return afterSearch(row, { kind: 'failed', retryAfterMs }, now, askedAt);
  });
}

/** The nightly look: is what was confirmed still there? A moved call is taken as it is, a missing one is told to the owner. */
async function verify(ports: LeadPorts): Promise<void> {
  const { booking, attempt } = ports.read();
  if (!booking?.call) return;
  const found = await lookAtCall(ports.ask, booking.call.callId, BACKGROUND);
  if (found.kind === 'missing') await ports.alert('booking_differs', attempt);
  update(ports, (row, now) => {
    if (found.kind === 'seen') return withSeen(row, found.call, now);
    return { ...row, verifiedAt: now, ...(found.kind === 'missing' ? { isGone: true } : {}) };
  });
}

async function settle(ports: LeadPorts): Promise<void> {
  const record = ports.read();
  const { booking, contact } = record;
  if (!booking || contact.id === undefined) return;
  const { call, startsAt } = booking;
  try {
    await ports.settle({
      contactId: contact.id,
      startsAt,
      attempt: record.attempt,
      outcome: call ? 'booked' : booking.isUnclear ? 'unclear' : 'free',
      ...(call?.endsAt === undefined ? {} : { endsAt: call.endsAt }),
      ...(call ? { callId: call.callId } : {}),
      isTaken: call !== undefined || booking.isTaken === true,
      isShifted: call !== undefined && call.startsAt !== startsAt,
    });
  } catch {
    update(ports, (row, now) => ({ ...row, delivery: { ...row.delivery, dueAt: now + 2_000 } }));
    return;
  }
  const now = ports.now();
  const after = ports.read();
  if (!after.booking) return;
  const isForPeople = after.booking.state === 'HANDED_OVER' || after.booking.state === 'REFUSED';
  ports.write({
    ...after,
    booking: { ...after.booking, isSettled: true },
    ...(isForPeople ? { notes: withNote(after, wantedTimeNote(after.booking), now) } : {}),
  });
}

function giveUp(ports: LeadPorts, booking: BookingRow): void {
  ports.write({ ...ports.read(), booking: handedOver(booking, ports.now()) });
}

/** Changes the booking as it stands now, not as it stood before an await. */
function update(ports: LeadPorts, change: (booking: BookingRow, now: number) => BookingRow): void {
  const record = ports.read();
  if (record.booking) ports.write({ ...record, booking: change(record.booking, ports.now()) });
}

// --- status and notes ---

const BACKGROUND: Urgency = { class: 3, waitMs: 2_000 };

async function setStatus(ports: LeadPorts): Promise<void> {
  const { status, contact } = ports.read();
  if (!status || contact.id === undefined) return;
  const urgency: Urgency = status.wanted === 'DISQUALIFIED' ? { ...BACKGROUND, class: 2 } : BACKGROUND;
  const outcome = await ports.ask(setContactStatus(contact.id, status.wanted), urgency);
  const now = ports.now();
  const record = ports.read();
  if (!record.status || record.status.wanted !== status.wanted) return;
  const isDone = outcome.ok || (outcome.failure !== undefined && isPermanent(outcome.failure));
  const known = outcome.ok ? { contact: { ...record.contact, status: status.wanted } } : {};
  const delivery = outcome.ok ? status.delivery : postponed(record.status.delivery, outcome, now, ports.random);
  ports.write({ ...record, ...known, status: { ...record.status, isDone, delivery } });
}

async function writeNote(ports: LeadPorts, index: number): Promise<void> {
  const { notes, contact } = ports.read();
  const note = notes[index];
  if (!note || contact.id === undefined) return;
  const outcome = await ports.ask(writeContactNote(contact.id, note.text), BACKGROUND);
  const now = ports.now();
  const record = ports.read();
  const isDone = outcome.ok || (outcome.failure !== undefined && isPermanent(outcome.failure));
  const changed = record.notes.map((each, at): NoteRow => {
    if (at !== index) return each;
    return outcome.ok
      ? { ...each, isDone }
      : { ...each, isDone, delivery: postponed(each.delivery, outcome, now, ports.random) };
  });
  ports.write({ ...record, notes: changed });
}

const UNREADABLE: Failed = { ok: false, failure: { kind: 'unreadable', certain: false, text: '' } };
