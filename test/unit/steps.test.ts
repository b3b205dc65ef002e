/** A visitor's steps: idempotent by attempt, step and seq; in order; disqualified is sticky with one correction (P4, P13). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CORRECTION_WITHIN_MS } from '../../shared/limits.ts';
import { tombstone } from '../../worker/lead/machine.ts';
import type { LeadRecord } from '../../worker/lead/record.ts';
import { type LeadInput, replyAfterAnswers, replyAfterBooking, takeStep } from '../../worker/lead/steps.ts';
import { viewOf } from '../../worker/lead/view.ts';
import { ANSWERS_AWAY, type Outcome, outcomeOf } from './step-outcomes.ts';
import {
  AT,
  answersRow,
  answersStep,
  bookingRow,
  bookStep,
  contactRow,
  contactStep,
  DAY,
  description,
  disqualifiedRow,
  inputOf,
  leadRecord,
  MINUTE,
  NOW,
  qualified,
} from './lead-records.ts';

const undelivered = leadRecord({ contact: contactRow({ seq: 2, deliveredSeq: 1 }) });
const delivered = leadRecord({ contact: contactRow({ seq: 2, deliveredSeq: 2 }) });
const answering = leadRecord({ answers: answersRow({ seq: 2, settledSeq: 1 }) });
const answered = leadRecord({ answers: answersRow({ seq: 2, settledSeq: 2 }) });
const booked = (
  state: 'WANTED' | 'SENT' | 'AMBIGUOUS' | 'CONFIRMED' | 'REJECTED' | 'REFUSED' | 'HANDED_OVER',
  more = {},
) => qualified({ booking: bookingRow({ seq: 2, state, ...more }) });
const running = booked('SENT');
const confirmed = booked('CONFIRMED', { call: { callId: 1, startsAt: AT } });
const taken = booked('REJECTED', { problem: { code: 'slot_taken' } });

const parkedBy = (lastFault: 'busy' | 'fault') =>
  booked('WANTED', { isParked: true, delivery: { firstAt: NOW, tries: 1, dueAt: NOW + 1, lastFault } });

const matrix: [step: string, state: string, LeadRecord | undefined, seq: string, LeadInput, Outcome][] = [
  // contact
  ['contact', 'nothing', undefined, 'any seq', contactStep(), 'new'],
  ['contact', 'running', undelivered, 'same seq, same payload', contactStep('ann@example.com', 2), 'joins'],
  ['contact', 'running', undelivered, 'same seq, other payload', contactStep('bob@example.com', 2), 'attempt_conflict'],
  ['contact', 'running', undelivered, 'lower seq', contactStep('old@example.com', 1), 'joins'],
  ['contact', 'running', undelivered, 'higher seq', contactStep('bob@example.com', 3), 'new'],
  ['contact', 'settled', delivered, 'same seq, same payload', contactStep('ann@example.com', 2), 'joins'],
  ['contact', 'settled', delivered, 'same seq, other payload', contactStep('bob@example.com', 2), 'attempt_settled'],
  ['contact', 'settled', delivered, 'lower seq', contactStep('old@example.com', 1), 'joins'],
  ['contact', 'settled', delivered, 'higher seq', contactStep('bob@example.com', 3), 'new'],
  // answers
  ['answers', 'nothing', leadRecord(), 'any seq', answersStep('1', 1), 'new'],
  ['answers', 'running', answering, 'same seq, same payload', answersStep('1', 2), 'waits'],
  ['answers', 'running', answering, 'same seq, other payload', answersStep('2+', 2), 'attempt_conflict'],
  ['answers', 'running', answering, 'lower seq', answersStep('2+', 1), 'joins'],
  ['answers', 'running', answering, 'higher seq', answersStep('2+', 3), 'new'],
  ['answers', 'settled', answered, 'same seq, same payload', answersStep('1', 2), 'joins'],
  ['answers', 'settled', answered, 'same seq, other payload', answersStep('2+', 2), 'attempt_settled'],
  ['answers', 'settled', answered, 'lower seq', answersStep('2+', 1), 'joins'],
  ['answers', 'settled', answered, 'higher seq', answersStep('2+', 3), 'new'],
  // book
  ['book', 'nothing', qualified(), 'any seq', bookStep(), 'new'],
  ['book', 'running', running, 'same seq, same payload', bookStep(AT, 2), 'waits'],
  ['book', 'running', running, 'same seq, other time', bookStep(AT + DAY, 2), 'attempt_conflict'],
  ['book', 'running', running, 'same seq, other zone', bookStep(AT, 2, 'UTC'), 'attempt_conflict'],
  ['book', 'running', running, 'lower seq', bookStep(AT, 1), 'attempt_conflict'],
  ['book', 'running', running, 'higher seq', bookStep(AT + DAY, 3), 'attempt_conflict'],
  ['book', 'unclear', booked('AMBIGUOUS'), 'same seq, same payload', bookStep(AT, 2), 'joins'],
  ['book', 'unclear', booked('AMBIGUOUS'), 'higher seq', bookStep(AT + DAY, 3), 'attempt_conflict'],
  ['book', 'wanted', booked('WANTED'), 'higher seq', bookStep(AT + DAY, 3), 'attempt_conflict'],
  ['book', 'settled', confirmed, 'same seq, same payload', bookStep(AT, 2), 'joins'],
  ['book', 'settled', confirmed, 'same seq, other time', bookStep(AT + DAY, 2), 'attempt_settled'],
  ['book', 'settled', confirmed, 'lower seq', bookStep(AT, 1), 'attempt_settled'],
  ['book', 'settled', confirmed, 'higher seq', bookStep(AT + DAY, 3), 'attempt_settled'],
  ['book', 'taken', taken, 'same seq, same payload', bookStep(AT, 2), 'joins'],
  ['book', 'taken', taken, 'higher seq', bookStep(AT + DAY, 3), 'new'],
  ['book', 'refused', booked('REFUSED'), 'higher seq', bookStep(AT + DAY, 3), 'attempt_settled'],
  ['book', 'handed over', booked('HANDED_OVER'), 'higher seq', bookStep(AT + DAY, 3), 'attempt_settled'],
  ['book', 'parked by pacing', parkedBy('busy'), 'same seq, same payload', bookStep(AT, 2), 'new'],
  ['book', 'parked by pacing', parkedBy('busy'), 'higher seq', bookStep(AT + DAY, 3), 'new'],
  ['book', 'parked by a fault', parkedBy('fault'), 'same seq, same payload', bookStep(AT, 2), 'new'],
  ['book', 'parked by a fault', parkedBy('fault'), 'higher seq', bookStep(AT + DAY, 3), 'attempt_settled'],
];
for (const [step, state, record, seq, input, expected] of matrix) {
  test(`${step}, ${state}, ${seq} ⇒ ${expected}`, () => {
    const before = structuredClone(record);
    assert.equal(outcomeOf(record, input), expected);
    assert.deepEqual(record, before, 'the record that was passed is not changed');
  });
}

const disqualified = leadRecord({ answers: disqualifiedRow() });
const order: [string, LeadRecord | undefined, LeadInput, Outcome][] = [
  ['answers before anything', undefined, answersStep(), 'attempt_unknown'],
  ['slots before anything', undefined, inputOf({ step: 'slots', month: '2026-12' }), 'attempt_unknown'],
  ['book before anything', undefined, bookStep(), 'attempt_unknown'],
  ['read before anything', undefined, inputOf({ step: 'read' }), 'attempt_unknown'],
  ['another attempt on this ticket', leadRecord({ attempt: 'other' }), contactStep(), 'ticket_expired'],
  ['answers of another attempt', leadRecord({ attempt: 'other' }), answersStep(), 'attempt_unknown'],
  ['slots before answers', leadRecord(), inputOf({ step: 'slots', month: '2026-12' }), 'step_out_of_order'],
  ['book before answers', leadRecord(), bookStep(), 'step_out_of_order'],
  ['slots while answers run', answering, inputOf({ step: 'slots', month: '2026-12' }), 'step_out_of_order'],
  ['book while answers run', answering, bookStep(), 'step_out_of_order'],
  ['slots with accepted answers', answered, inputOf({ step: 'slots', month: '2026-12' }), 'joins'],
  [
    'book when undecided',
    leadRecord({ answers: answersRow({ seq: 2, isUndecided: true }) }),
    bookStep(),
    'attempt_settled',
  ],
  ['book while iClosed is away', ANSWERS_AWAY, bookStep(), 'attempt_settled'],
  ['slots when disqualified', disqualified, inputOf({ step: 'slots', month: '2026-12' }), 'disqualified'],
  ['book when disqualified', disqualified, bookStep(), 'disqualified'],
  ['slots when booked', confirmed, inputOf({ step: 'slots', month: '2026-12' }), 'attempt_settled'],
  ['a correction of the contact while booking', running, contactStep('bob@example.com', 2), 'attempt_settled'],
  ['a correction of the contact when booked', confirmed, contactStep('bob@example.com', 2), 'attempt_settled'],
  ['a correction of the contact after a taken time', taken, contactStep('bob@example.com', 2), 'new'],
  [
    'the same while iClosed is away',
    { ...ANSWERS_AWAY, ...(taken.booking ? { booking: taken.booking } : {}) },
    contactStep('bob@example.com', 2),
    'new',
  ],
  [
    'a correction of the contact after a taken time and answers that disqualify',
    { ...taken, answers: disqualifiedRow() },
    contactStep('bob@example.com', 2),
    'new',
  ],
  ['other answers while booking', running, answersStep('2+', 2), 'attempt_settled'],
  ['other answers when booked', confirmed, answersStep('2+', 2), 'attempt_settled'],
  ['book when blocked', qualified({ contact: contactRow({ isBlocked: true }) }), bookStep(), 'slot_not_offered'],
  ['withdraw', qualified(), inputOf({ step: 'withdraw' }), 'new'],
  ['cancel with a visit’s ticket', confirmed, inputOf({ step: 'cancel' }), 'ticket_invalid'],
  ['calendar with a visit’s ticket', confirmed, inputOf({ step: 'calendar' }), 'ticket_invalid'],
  ['read', qualified(), inputOf({ step: 'read' }), 'joins'],
];
for (const [name, record, input, expected] of order) {
  test(`${name} ⇒ ${expected}`, () => assert.equal(outcomeOf(record, input), expected));
}

test('other answers after a time that could not be had ⇒ the times that were named with the old ones are forgotten', () => {
  const problem = { code: 'slot_taken' as const, nearest: ['2026-11-26T19:00Z'] };
  const step = takeStep(booked('REJECTED', { problem }), answersStep('2+', 2), NOW);
  assert.deepEqual(step.ok && step.record?.booking?.problem, { code: 'slot_taken' });
});

test('a time that is pressed after the link was taken ⇒ wanted again', () => {
  const step = takeStep(qualified({ isWithdrawn: true }), bookStep(), NOW);
  assert.equal(step.ok && step.record?.isWithdrawn, undefined);
  assert.equal(step.ok && step.record?.booking?.state, 'WANTED');
});

const closed = { ...description, public: { ...description.public, mode: 'link' as const } };
test('an event that takes no bookings ⇒ no slots, no new booking; what was begun goes on', () => {
  const of = (record: LeadRecord, input: LeadInput) => outcomeOf(record, { ...input, description: closed });
  assert.equal(of(qualified(), inputOf({ step: 'slots', month: '2026-12' })), 'event_unavailable');
  assert.equal(of(qualified(), bookStep()), 'event_unavailable');
  assert.equal(of(running, bookStep(AT, 2)), 'waits');
  assert.equal(of(taken, bookStep(AT + DAY, 3)), 'event_unavailable');
});

const corrections: [string, LeadRecord, number, Outcome][] = [
  ['at once', disqualified, NOW, 'new'],
  ['in the last moment', disqualified, NOW + CORRECTION_WITHIN_MS, 'new'],
  ['after 10 minutes', disqualified, NOW + CORRECTION_WITHIN_MS + 1, 'disqualified'],
  ['a second time', leadRecord({ answers: disqualifiedRow({ corrections: 1 }) }), NOW, 'disqualified'],
  ['after a time was refused', { ...taken, answers: disqualifiedRow() }, NOW, 'new'],
];
for (const [name, record, now, expected] of corrections) {
  test(`a disqualified visitor corrects ${name} ⇒ ${expected}`, () => {
    assert.equal(outcomeOf(record, answersStep('2+', 2), now), expected);
  });
}

test('a correction counts, keeps what was decided until there is news, and offers no times meanwhile', () => {
  const result = takeStep(disqualified, answersStep('2+', 2), NOW + MINUTE);
  assert.ok(result.ok && result.record?.answers);
  assert.equal(result.record.answers.corrections, 1);
  assert.equal(result.record.answers.outcome?.isDisqualified, true);
  assert.equal(outcomeOf(result.record, bookStep()), 'step_out_of_order');
  assert.equal(outcomeOf(result.record, inputOf({ step: 'slots', month: '2026-12' })), 'step_out_of_order');
});

test('a disqualified visitor corrects only the contact ⇒ stays disqualified', () => {
  const result = takeStep(disqualified, contactStep('bob@example.com', 2), NOW);
  assert.ok(result.ok && result.record);
  assert.equal(outcomeOf(result.record, bookStep()), 'disqualified');
  assert.equal(
    outcomeOf({ ...result.record, contact: { ...result.record.contact, deliveredSeq: 2 } }, bookStep()),
    'disqualified',
  );
});

const faulty: [string, LeadRecord | undefined, LeadInput, object][] = [
  [
    'no e-mail',
    undefined,
    inputOf({ step: 'contact', contact: { name: 'Ann' } }),
    { code: 'invalid_fields', fields: { email: 'required' } },
  ],
  ['an address that is none', undefined, contactStep('x'), { code: 'invalid_fields', fields: { email: 'invalid' } }],
  [
    'no answer',
    leadRecord(),
    inputOf({ step: 'answers', answers: {} }),
    { code: 'answers_incomplete', fields: { size: 'required' } },
  ],
  ['an invented option', leadRecord(), answersStep('3'), { code: 'invalid_fields', fields: { size: 'not_an_option' } }],
  [
    'an invented question',
    leadRecord(),
    inputOf({ step: 'answers', answers: { size: ['1'], x: ['y'] } }),
    { code: 'invalid_fields', fields: { x: 'invalid' } },
  ],
  [
    'a fault and a gap',
    leadRecord(),
    inputOf({ step: 'answers', answers: { mobile: ['1'] } }),
    { code: 'invalid_fields', fields: { size: 'required', mobile: 'invalid' } },
  ],
  [
    'a zone that is none',
    qualified(),
    bookStep(AT, 1, 'Mars/Olympus'),
    { code: 'invalid_fields', fields: { timeZone: 'invalid' } },
  ],
  [
    'a day that is none',
    qualified(),
    inputOf({ step: 'book', startsAt: '2026-13-45T99:99Z', timeZone: 'UTC' }),
    { code: 'invalid_fields', fields: { startsAt: 'invalid' } },
  ],
];
for (const [name, record, input, expected] of faulty) {
  test(`${name} ⇒ ${JSON.stringify(expected)}`, () =>
    assert.deepEqual(takeStep(record, input, NOW), { ok: false, ...expected }));
}

test('the first contact ⇒ a record with the facts of the page, and nothing is waited for', () => {
  const page = {
    url: 'https://a.example/x',
    tracking: { utm_source: 's' },
    variant: 'b',
    timeZone: 'UTC',
    locale: 'de',
  };
  const input = inputOf({ step: 'contact', contact: { name: ' Ann Lee', email: 'ann@example.com' }, page }, 1, {
    country: 'DE',
    ip: '203.0.113.7',
  });
  const result = takeStep(undefined, input, NOW);
  assert.ok(result.ok && result.record);
  assert.deepEqual(result.record.page, {
    tracking: { utm_source: 's' },
    variant: 'b',
    referrer: 'https://a.example/x',
    timeZone: 'UTC',
    country: 'DE',
    ip: '203.0.113.7',
  });
  assert.deepEqual(result.record.contact.given, { name: 'Ann Lee', email: 'ann@example.com' });
  assert.equal(result.isDone(result.record), true);
});

test('answers ⇒ addressed as the event has them, phones as E.164', () => {
  const input = inputOf({ step: 'answers', answers: { mobile: ['(212) 555-0123'], size: ['1'] } }, 1, {
    country: 'US',
  });
  const result = takeStep(leadRecord(), input, NOW);
  assert.ok(result.ok && result.record?.answers);
  assert.deepEqual(result.record.answers.secondary, [
    { identifier: 'size', answer: ['1'] },
    { customFieldId: 9, answer: ['+12125550123'] },
  ]);
});

test('a corrected contact after a refusal ⇒ clean, in the full form again', () => {
  const refused = leadRecord({
    contact: contactRow({ isMinimal: true, refused: { email: 'refused' }, deliveredSeq: 0 }),
  });
  const result = takeStep(refused, contactStep('bob@example.com', 2), NOW);
  assert.ok(result.ok && result.record);
  assert.equal(result.record.contact.refused, undefined);
  assert.equal(result.record.contact.isMinimal, false);
});

// --- what is answered ---

const afterAnswers = (record: LeadRecord, now = NOW) => {
  const reply = replyAfterAnswers(record, viewOf(record, { showHost: true }, now), now);
  return reply.ok
    ? `${reply.status} ${reply.state.stage}`
    : `${reply.code} ${JSON.stringify(reply.fields ?? reply.retryAfterSeconds ?? '')}`;
};
const waiting = (lastFault: 'busy' | 'fault' | 'away', tries: number) =>
  leadRecord({ answers: answersRow({ seq: 2, delivery: { firstAt: NOW, tries, dueAt: NOW + 2_500, lastFault } }) });
const answersReplies: [string, LeadRecord, string][] = [
  ['accepted', qualified(), '200 times'],
  ['disqualified', disqualified, '200 disqualified'],
  ['still on their way', answering, '202 answers'],
  ['held up by our own pacing', waiting('busy', 0), 'busy 3'],
  ['one fault', waiting('fault', 1), '202 answers'],
  ['three faults', waiting('fault', 3), '200 safe'],
  ['iClosed away', waiting('away', 0), '200 safe'],
  ['undecided', leadRecord({ answers: answersRow({ seq: 2, isUndecided: true }) }), '200 safe'],
  [
    'a contact that was refused',
    leadRecord({ contact: contactRow({ refused: { email: 'refused', first_name: 'refused' }, deliveredSeq: 0 }) }),
    'contact_refused {"email":"refused","name":"refused"}',
  ],
];
for (const [name, record, expected] of answersReplies) {
  test(`answers, ${name} ⇒ ${expected}`, () => assert.equal(afterAnswers(record), expected));
}

const afterBooking = (record: LeadRecord) => {
  const reply = replyAfterBooking(record, viewOf(record, { showHost: true }, NOW), NOW);
  return reply.ok ? `${reply.status} ${reply.state.stage}` : `${reply.code} ${reply.retryAfterSeconds ?? ''}`.trim();
};
const bookReplies: [string, LeadRecord, string][] = [
  ['confirmed', confirmed, '201 booked'],
  ['unclear', booked('AMBIGUOUS'), '202 booking'],
  ['sent', running, '202 booking'],
  ['taken', taken, 'slot_taken'],
  ['not offered', booked('REJECTED', { problem: { code: 'slot_not_offered' } }), 'slot_not_offered'],
  ['refused', booked('REFUSED'), '202 safe'],
  ['handed over', booked('HANDED_OVER'), '202 safe'],
  ['parked by pacing', parkedBy('busy'), 'busy 1'],
  ['parked by a fault', parkedBy('fault'), '202 safe'],
  ['not sent in time', booked('WANTED'), 'busy 1'],
  ['no booking', qualified(), 'step_out_of_order'],
];
for (const [name, record, expected] of bookReplies) {
  test(`booking, ${name} ⇒ ${expected}`, () => assert.equal(afterBooking(record), expected));
}

const wishStep = (text: string, seq = 1) => inputOf({ step: 'wish', text }, seq);
const wishing = leadRecord({ wish: { seq: 1, text: 'Mondays' } });
const wishes: [string, LeadRecord | undefined, LeadInput, Outcome][] = [
  ['the first', leadRecord(), wishStep('Mondays'), 'new'],
  ['the same again', wishing, wishStep('Mondays'), 'joins'],
  ['another under the same number', wishing, wishStep('Tuesdays'), 'attempt_settled'],
  ['another', wishing, wishStep('Tuesdays', 2), 'new'],
  ['an old one, late', leadRecord({ wish: { seq: 2, text: 'Tuesdays' } }), wishStep('Mondays'), 'joins'],
  ['a fourth', wishing, wishStep('Fridays', 4), 'attempt_settled'],
  ['beside a call', confirmed, wishStep('Mondays'), 'attempt_settled'],
  ['beside a call on its way', running, wishStep('Mondays'), 'attempt_settled'],
  ['of a time that was handed over', booked('HANDED_OVER'), wishStep('Mondays'), 'new'],
  ['before any contact', undefined, wishStep('Mondays'), 'attempt_unknown'],
];
for (const [name, record, input, expected] of wishes) {
  test(`a wish, ${name} ⇒ ${expected}`, () => assert.equal(outcomeOf(record, input), expected));
}

test('a wish ⇒ a note with the visitor’s zone, which is forgotten with the rest', () => {
  const record = leadRecord({ page: { tracking: {}, timeZone: 'Asia/Kolkata' } });
  const taken = takeStep(record, wishStep('Mondays before ten'), NOW);
  const after = taken.ok ? taken.record : undefined;
  assert.match(after?.notes[0]?.text ?? '', /Would suit \(visitor's words, zone Asia\/Kolkata\): Mondays before ten$/);
  assert.ok(!JSON.stringify(after && tombstone(after)).includes('Mondays'));
});
