/** The life of a Lead as pure functions: what is done next, what an outcome means, when everything is purged. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  BOOKING_HARD_END_MS,
  DELAYED_BOOKING_NOTICE_MS,
  KEEP_SETTLED_LEAD_MS,
  KEEP_TOMBSTONE_MS,
  SECOND_SEARCH_MS,
} from '../../shared/limits.ts';
import {
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
  LATE_SEARCH_MS,
  isOver,
  mayBecomeCall,
  nextDue,
  parked,
  plan,
  purgeAt,
  tombstone,
  unparked,
  woken,
} from '../../worker/lead/machine.ts';
import type { BookingRow, BookingState, LeadRecord, NoteRow } from '../../worker/lead/record.ts';
import { newDelivery } from '../../worker/lead/record.ts';
import {
  answersRow,
  AT,
  bookingRow,
  contactRow,
  DAY,
  HOUR,
  leadRecord,
  MINUTE,
  NOW,
  qualified,
} from './lead-records.ts';

const due = (dueAt: number) => ({ firstAt: NOW, tries: 0, dueAt });
const status = (more = {}) => ({ wanted: 'QUALIFIED' as const, isDone: false, delivery: due(NOW), ...more });
const note = (more: Partial<NoteRow> = {}): NoteRow => ({ text: 'n', isDone: false, delivery: due(NOW), ...more });
const booking = (state: BookingState, more: Partial<BookingRow> = {}) => bookingRow({ state, ...more });

const plans: [string, LeadRecord, string | undefined][] = [
  ['a new contact', leadRecord({ contact: contactRow({ deliveredSeq: 0 }) }), 'contact'],
  [
    'a corrected contact before all else',
    qualified({ contact: contactRow({ seq: 2 }), booking: booking('WANTED') }),
    'contact',
  ],
  [
    'a contact that waits holds back all else',
    qualified({ contact: contactRow({ seq: 2, delivery: due(NOW + 1) }), booking: booking('WANTED') }),
    undefined,
  ],
  [
    'a refused contact without an id',
    leadRecord({
      contact: { ...contactRow({ deliveredSeq: 0, refused: {} }), id: undefined },
      answers: answersRow({ settledSeq: 0 }),
    }),
    undefined,
  ],
  ['answers', leadRecord({ answers: answersRow({ settledSeq: 0 }) }), 'answers'],
  ['answers later', leadRecord({ answers: answersRow({ settledSeq: 0, delivery: due(NOW + 1) }) }), undefined],
  ['undecided answers', leadRecord({ answers: answersRow({ settledSeq: 0, isUndecided: true }) }), undefined],
  ['a wanted call', qualified({ booking: booking('WANTED') }), 'book'],
  [
    'a call before status and notes',
    qualified({ booking: booking('WANTED'), status: status(), notes: [note()] }),
    'book',
  ],
  ['a parked call that is due late', qualified({ booking: booking('WANTED', { isParked: true }) }), 'book_late'],
  [
    'a parked call that starts soon',
    qualified({ booking: booking('WANTED', { isParked: true, startsAt: NOW + HOUR }) }),
    undefined,
  ],
  [
    'a parked call after 15 minutes',
    qualified({ booking: booking('WANTED', { isParked: true, askedAt: NOW - BOOKING_HARD_END_MS - 1 }) }),
    undefined,
  ],
  [
    'a parked call, and the visitor followed the link',
    qualified({ isWithdrawn: true, booking: booking('WANTED', { isParked: true }) }),
    undefined,
  ],
  ['cut off while sending', qualified({ booking: booking('SENT') }), 'search'],
  ['unclear', qualified({ booking: booking('AMBIGUOUS') }), 'search'],
  ['unclear, later', qualified({ booking: booking('AMBIGUOUS', { delivery: due(NOW + 1) }) }), undefined],
  ['confirmed', qualified({ booking: booking('CONFIRMED') }), 'settle'],
  ['rejected', qualified({ booking: booking('REJECTED') }), 'settle'],
  ['refused', qualified({ booking: booking('REFUSED') }), 'settle'],
  ['handed over', qualified({ booking: booking('HANDED_OVER') }), 'settle'],
  ['settled', qualified({ booking: booking('CONFIRMED', { isSettled: true }) }), undefined],
  ['status', qualified({ status: status() }), 'status'],
  ['status done', qualified({ status: status({ isDone: true }) }), undefined],
  [
    'status after a rejected time',
    qualified({ booking: booking('REJECTED', { isSettled: true }), status: status() }),
    'status',
  ],
  [
    'no status after a booking',
    qualified({ booking: booking('CONFIRMED', { isSettled: true }), status: status() }),
    undefined,
  ],
  [
    'no status while a booking is unclear',
    qualified({ booking: booking('AMBIGUOUS', { delivery: due(NOW + 1) }), status: status() }),
    undefined,
  ],
  ['a note', qualified({ notes: [note({ isDone: true }), note()] }), 'note 1'],
  ['all done', qualified(), undefined],
];
for (const [name, record, expected] of plans) {
  test(`${name} ⇒ ${expected ?? 'nothing to do'}`, () => {
    const action = plan(record, NOW);
    assert.equal(action && (action.kind === 'note' ? `note ${action.index}` : action.kind), expected);
  });
}

const dues: [string, LeadRecord, number | undefined][] = [
  ['nothing open', qualified(), undefined],
  [
    'the earliest of several',
    qualified({ status: status({ delivery: due(NOW + 5) }), notes: [note({ delivery: due(NOW + 3) })] }),
    NOW + 3,
  ],
  [
    'a parked booking that may not be late',
    qualified({ booking: booking('WANTED', { isParked: true, startsAt: NOW + HOUR }) }),
    NOW + BOOKING_HARD_END_MS,
  ],
  ['a settled booking', qualified({ booking: booking('CONFIRMED', { isSettled: true }) }), undefined],
];
for (const [name, record, expected] of dues) {
  test(`next due, ${name} ⇒ ${expected === undefined ? 'never' : `+${expected - NOW} ms`}`, () =>
    assert.equal(nextDue(record), expected));
}

test('an alarm is always armed while anything can still happen', () => {
  for (const state of ['WANTED', 'SENT', 'AMBIGUOUS', 'CONFIRMED', 'REJECTED', 'REFUSED', 'HANDED_OVER'] as const) {
    assert.notEqual(nextDue(qualified({ booking: booking(state) })), undefined, state);
  }
});

test('written ahead: the send counts, a search is due, an earlier absence counts no more', () => {
  const sent = afterSending(booking('WANTED', { sends: 1, isAbsentOnce: true }), NOW);
  assert.equal(sent.state, 'SENT');
  assert.equal(sent.sends, 2);
  assert.equal(sent.sentAt, NOW);
  assert.equal(sent.isAbsentOnce, undefined);
  assert.equal(sent.delivery.dueAt, NOW + 3_000);
});

test('nothing was done ⇒ wanted again, the send does not count', () => {
  const again = afterNothingDone(afterSending(booking('WANTED'), NOW), due(NOW + 9));
  assert.deepEqual([again.state, again.sends, again.sentAt, again.delivery.dueAt], ['WANTED', 0, undefined, NOW + 9]);
});

test('refused once ⇒ the smallest form; twice ⇒ a person', () => {
  const once = afterRefused(afterSending(booking('WANTED'), NOW), NOW);
  assert.deepEqual([once.state, once.isMinimal, once.sends], ['WANTED', true, 0]);
  assert.equal(afterRefused(afterSending(once, NOW), NOW).state, 'REFUSED');
});

const absent = { kind: 'absent', hasOther: false } as const;
const beside = { kind: 'absent', hasOther: true } as const;
const unproven = { kind: 'unproven' } as const;
const failed = { kind: 'failed', retryAfterMs: 4_000 } as const;
const found = { kind: 'found', call: { callId: 1, startsAt: AT } } as const;
const LATE = LATE_SEARCH_MS;
const unclear = (more: Partial<BookingRow> = {}) => booking('AMBIGUOUS', { sends: 1, sentAt: NOW, ...more });
const once = { isAbsentOnce: true } as const;

const searches: [string, BookingRow, Parameters<typeof afterSearch>[1], number, state: BookingState, dueIn?: number][] =
  [
    ['found at once', unclear(), found, 3_000, 'CONFIRMED', 0],
    ['found late', unclear(once), found, BOOKING_HARD_END_MS + 1, 'CONFIRMED', 0],
    ['absent early proves nothing', unclear(), absent, 3_000, 'AMBIGUOUS', 22_000],
    ['absent early, the second look', unclear(), absent, 25_000, 'AMBIGUOUS', LATE - 25_000],
    ['absent just before the late commit is out', unclear(), absent, LATE - 1, 'AMBIGUOUS', SECOND_SEARCH_MS],
    ['absent once', unclear(), absent, LATE, 'AMBIGUOUS', SECOND_SEARCH_MS],
    ['absent once, three seconds late ⇒ the rest of the five', unclear(), absent, LATE + 3_000, 'AMBIGUOUS', 2_000],
    ['absent once, long after ⇒ a second', unclear(), absent, LATE + 20_000, 'AMBIGUOUS', 1_000],
    ['absent twice', unclear(once), absent, LATE + SECOND_SEARCH_MS, 'WANTED', 0],
    [
      'absent twice, but another coming call is there',
      unclear(once),
      beside,
      LATE + SECOND_SEARCH_MS,
      'HANDED_OVER',
      0,
    ],
    [
      'absent twice, but sent three times',
      unclear({ ...once, sends: 3 }),
      absent,
      LATE + SECOND_SEARCH_MS,
      'HANDED_OVER',
      0,
    ],
    [
      'absent twice, but the call starts soon',
      unclear({ ...once, startsAt: NOW + LATE + SECOND_SEARCH_MS + DELAYED_BOOKING_NOTICE_MS - 1 }),
      absent,
      LATE + SECOND_SEARCH_MS,
      'HANDED_OVER',
      0,
    ],
    [
      'absent twice, and just far enough',
      unclear({ ...once, startsAt: NOW + LATE + SECOND_SEARCH_MS + DELAYED_BOOKING_NOTICE_MS }),
      absent,
      LATE + SECOND_SEARCH_MS,
      'WANTED',
      0,
    ],
    [
      'absent twice, more than 15 minutes after the click',
      unclear(once),
      absent,
      BOOKING_HARD_END_MS + 1,
      'HANDED_OVER',
      0,
    ],
    ['unproven', unclear(), unproven, LATE, 'AMBIGUOUS', SECOND_SEARCH_MS],
    ['unproven after absent once', unclear(once), unproven, LATE + SECOND_SEARCH_MS, 'AMBIGUOUS', SECOND_SEARCH_MS],
    ['failed', unclear(), failed, LATE, 'AMBIGUOUS', 4_000],
    ['failed after absent once', unclear(once), failed, LATE, 'AMBIGUOUS', 4_000],
    ['unproven at the hard end', unclear(), unproven, BOOKING_HARD_END_MS + 1, 'HANDED_OVER', 0],
    ['failed at the hard end', unclear(), failed, BOOKING_HARD_END_MS + 1, 'HANDED_OVER', 0],
    ['absent for the first time at the hard end', unclear(), absent, BOOKING_HARD_END_MS + 1, 'AMBIGUOUS', 1_000],
  ];
for (const [name, row, answer, after, state, dueIn] of searches) {
  test(`search: ${name} ⇒ ${state}`, () => {
    const next = afterSearch(row, answer, NOW + after, NOW + after);
    assert.equal(next.state, state);
    assert.equal(next.delivery.dueAt - NOW - after, dueIn);
    assert.equal(next.isParked, state === 'WANTED' ? true : undefined, 'a second send is a late one');
    if (answer.kind === 'unproven') assert.equal(next.isAbsentOnce, undefined, 'twice in a row');
    if (answer.kind === 'failed') assert.equal(next.isAbsentOnce, row.isAbsentOnce, 'it says nothing');
  });
}

test('no sequence of unproven and failed searches, with single absences between, ever leads to a second send', () => {
  let row = afterUnclear(afterSending(booking('WANTED'), NOW), NOW);
  let now = NOW;
  const answers = [absent, unproven, absent, failed, unproven] as const;
  for (let i = 0; !isOver(row); i += 1) {
    assert.notEqual(row.state, 'WANTED');
    now = Math.max(now, row.delivery.dueAt);
    row = afterSearch(row, answers[i % answers.length] ?? unproven, now, now);
    assert.ok(now <= NOW + BOOKING_HARD_END_MS + MINUTE);
  }
  assert.equal(row.state, 'HANDED_OVER');
});

const over: [BookingState, boolean, boolean][] = [
  ['WANTED', false, true],
  ['SENT', false, true],
  ['AMBIGUOUS', false, true],
  ['CONFIRMED', true, true],
  ['REJECTED', true, false],
  ['REFUSED', true, false],
  ['HANDED_OVER', true, false],
];
for (const [state, isEnd, mayBe] of over) {
  test(`${state} ⇒ ${isEnd ? 'over' : 'open'}, ${mayBe ? 'may be a call' : 'is no call'}`, () => {
    assert.equal(isOver(booking(state)), isEnd);
    assert.equal(mayBecomeCall(booking(state), AT), mayBe);
    assert.equal(mayBecomeCall(booking(state), AT + 1), false);
  });
}
test('a search that began before the late commit is out ⇒ proves nothing, however late its answer', () => {
  const early = afterSearch(unclear(once), absent, NOW + LATE + 10_000, NOW + LATE - 1);
  assert.equal(early.state, 'AMBIGUOUS');
  assert.equal(early.isAbsentOnce, undefined);
});

test('proven alone ⇒ good for a moment, and gone with the next send', () => {
  const row = afterSearch(unclear(once), absent, NOW + LATE, NOW + LATE);
  assert.equal(isKnownAlone(row, NOW + LATE), true);
  assert.equal(isKnownAlone(row, NOW + LATE + SECOND_SEARCH_MS + 1), false);
  assert.equal(isKnownAlone(afterSending(row, NOW + LATE), NOW + LATE), false);
  assert.equal(isKnownAlone(booking('WANTED', { isParked: true }), NOW), false);
});

test('parked: an unsent one may be broken, one that was sent may not', () => {
  assert.equal(mayBecomeCall(booking('WANTED', { isParked: true }), AT), false);
  assert.equal(mayBecomeCall(booking('SENT', { isParked: true }), AT), true);
  assert.equal(mayBecomeCall(undefined, AT), false);
});

test('parked for 15 minutes ⇒ forgotten; unparked ⇒ due at once', () => {
  const row = parked(booking('WANTED'), due(NOW + 5));
  assert.equal(isForgotten(row, NOW + BOOKING_HARD_END_MS - 1), false);
  assert.equal(isForgotten(row, NOW + BOOKING_HARD_END_MS), true);
  assert.equal(isForgotten(booking('WANTED'), NOW + DAY), false);
  const again = unparked(row, NOW + 9);
  assert.deepEqual([again.isParked, again.askAgainAt, again.delivery.dueAt], [undefined, undefined, NOW + 9]);
  assert.equal(handedOver(row, NOW).isParked, undefined);
});

test('taken ⇒ the Event is told so; not offered ⇒ it is not', () => {
  assert.equal(afterRejected(booking('WANTED'), { code: 'slot_taken' }, NOW).isTaken, true);
  assert.equal(afterRejected(booking('WANTED'), { code: 'slot_not_offered' }, NOW).isTaken, undefined);
});

test('woken ⇒ what waits is due, an unclear booking keeps its time', () => {
  const row = qualified({
    answers: answersRow({ settledSeq: 0, delivery: due(NOW + HOUR) }),
    booking: booking('AMBIGUOUS', { delivery: due(NOW + 7) }),
    notes: [note({ delivery: due(NOW + HOUR) })],
  });
  const after = woken(row, NOW);
  assert.equal(after.answers?.delivery.dueAt, NOW);
  assert.equal(after.notes[0]?.delivery.dueAt, NOW);
  assert.equal(after.booking?.delivery.dueAt, NOW + 7);
});

// --- the end ---

const call = { callId: 1, startsAt: AT, endsAt: AT + HOUR / 2 };
const confirmed = qualified({
  booking: afterBooked(booking('SENT', { isSettled: true }), call, NOW),
  notes: [note({ isDone: true, text: 'canary' })],
  page: { tracking: { utm_source: 'canary' }, ip: 'canary' },
});
const purges: [string, LeadRecord, { at: number; keepsTombstone: boolean } | undefined][] = [
  ['everything settled', qualified(), { at: NOW + KEEP_SETTLED_LEAD_MS, keepsTombstone: false }],
  ['something undelivered', qualified({ notes: [note()] }), undefined],
  ['an undelivered contact', leadRecord({ contact: contactRow({ deliveredSeq: 0 }) }), undefined],
  ['a call', confirmed, { at: NOW + KEEP_SETTLED_LEAD_MS, keepsTombstone: true }],
  ['a tombstone', tombstone(confirmed), { at: AT + HOUR / 2 + KEEP_TOMBSTONE_MS, keepsTombstone: false }],
  [
    'handed over',
    qualified({ booking: booking('HANDED_OVER', { isSettled: true }) }),
    { at: NOW + KEEP_SETTLED_LEAD_MS, keepsTombstone: false },
  ],
];
for (const [name, record, expected] of purges) {
  test(`purge, ${name} ⇒ ${expected ? `+${(expected.at - NOW) / HOUR} h${expected.keepsTombstone ? ', a tombstone stays' : ''}` : 'not yet'}`, () => {
    assert.deepEqual(purgeAt(record, NOW), expected);
  });
}

test('a contact that iClosed refused for good is not purged with the delivered ones: the owner has not seen it', () => {
  const { id: _, ...contact } = contactRow({ deliveredSeq: 0, isMinimal: true, refused: { email: 'refused' } });
  const purge = purgeAt(leadRecord({ contact }), NOW);
  assert.ok(purge === undefined || purge.at > NOW + 29 * DAY);
});

test('a tombstone ⇒ ids, instant, zone, hosts; nothing that a person gave', () => {
  const given = { name: 'canary', email: 'canary@example.com' };
  const personal = {
    ...confirmed,
    contact: contactRow({ given }),
    answers: answersRow({ given: { size: ['canary'] }, secondary: [{ identifier: 'size', answer: ['canary'] }] }),
  };
  const stone = tombstone(personal);
  assert.ok(JSON.stringify(personal).includes('canary'));
  assert.ok(!JSON.stringify(stone).includes('canary'), JSON.stringify(stone));
  assert.equal(stone.booking?.call?.callId, 1);
  assert.equal(stone.booking?.timeZone, 'Europe/Berlin');
  assert.equal(stone.answers?.outcome?.hosts, '3,4');
  assert.equal(nextDue(stone), undefined);
  assert.deepEqual(newDelivery(NOW), due(NOW));
});
