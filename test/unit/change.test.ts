/** What becomes of a change of a booked call: what is seen before it is sent, and what an answer, a look or silence means. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  AMBIGUOUS_AFTER_SEND_MS,
  BOOKING_HARD_END_MS,
  DELAYED_BOOKING_WITHIN_MS,
  KEEP_TOMBSTONE_MS,
  MANAGE_TICKET_AFTER_CALL_MS,
} from '../../shared/limits.ts';
import { type Claim, decideClaim } from '../../worker/event/claims.ts';
import type { SeenCall } from '../../worker/iclosed/call-search.ts';
import { readChangeAnswer } from '../../worker/iclosed/calls.ts';
import {
  afterChangeDone,
  afterChangeLook,
  afterChangeSending,
  afterNothingChanged,
  manageSpan,
  mayMoveTo,
  obstacle,
  settlementsOf,
  withSeen,
} from '../../worker/lead/change.ts';
import { type KeeperPorts, LeadKeeper } from '../../worker/lead/keeper.ts';
import { type BookingRow, type ChangeRow, newDelivery } from '../../worker/lead/record.ts';
import { isVoid } from '../../worker/lead/managed.ts';
import { redirectOf } from '../../worker/redirect.ts';
import { calendarFile } from '../../worker/calendar-file.ts';
import { AT, bookingRow, HOUR, inputOf, NOW, qualified } from './lead-records.ts';

const TO = AT + 24 * HOUR;
const call = { callId: 900, bookingId: 'call_1', startsAt: AT, endsAt: AT + HOUR };
const booking = (change: ChangeRow): BookingRow => bookingRow({ state: 'CONFIRMED', isSettled: true, call, change });
const row = (more: Partial<ChangeRow> = {}): ChangeRow => ({
  kind: 'move',
  attempt: 'page',
  seq: 1,
  from: AT,
  to: { startsAt: TO, timeZone: 'Europe/Berlin' },
  askedAt: NOW,
  state: 'SENT',
  sends: 1,
  sentAt: NOW,
  isSettled: false,
  delivery: newDelivery(NOW),
  ...more,
});
const { to: _, ...stays } = row();
const cancelling = (more: Partial<ChangeRow> = {}): ChangeRow => ({ ...stays, kind: 'cancel', ...more });
const seen = (more: Partial<SeenCall> = {}): SeenCall => ({
  startsAt: AT,
  isCancelled: false,
  isFixed: false,
  ...more,
});

const sightings: [string, Partial<SeenCall>, number | undefined][] = [
  ['as it was', {}, undefined],
  ['moved by its host', { startsAt: TO }, 1],
  ['cancelled by its host', { isCancelled: true }, 1],
];
for (const [name, more, moves] of sightings) {
  test(`a look finds the call ${name} ⇒ its calendar file is ${moves ? 'a newer' : 'the same'} one`, () => {
    const after = withSeen(bookingRow({ state: 'CONFIRMED', call }), seen(more), NOW);
    assert.equal(after.moves, moves);
    assert.equal(withSeen(after, seen(more), NOW).moves, moves, 'the same once more is no news');
  });
}

const before: [string, ChangeRow, SeenCall, string][] = [
  ['move, as it was', row(), seen(), 'go'],
  ['move, moved elsewhere', row(), seen({ startsAt: AT + HOUR }), 'booking_changed'],
  ['move, cancelled elsewhere', row(), seen({ isCancelled: true }), 'booking_changed'],
  ['move, held fast', row(), seen({ isFixed: true }), 'booking_fixed'],
  ['move, already there', row(), seen({ startsAt: TO }), 'go'],
  ['cancel, held fast', cancelling(), seen({ isFixed: true }), 'go'],
  ['cancel, moved elsewhere', cancelling(), seen({ startsAt: AT + HOUR }), 'booking_changed'],
];
for (const [name, change, call, expected] of before) {
  test(`${name} ⇒ ${expected}`, () => assert.equal(obstacle(change, call, NOW) ?? 'go', expected));
}
test('a call that has begun ⇒ booking_fixed', () => {
  assert.equal(obstacle(cancelling(), seen(), AT), 'booking_fixed');
});

const LATE = NOW + AMBIGUOUS_AFTER_SEND_MS;
const looks: [string, ChangeRow, SeenCall | undefined, number, string][] = [
  ['a move that is seen', row(), seen({ startsAt: TO }), NOW + 3_000, 'DONE'],
  ['a cancel that is seen', cancelling(), seen({ isCancelled: true }), NOW + 3_000, 'DONE'],
  ['not seen yet, while iClosed may still commit', row(), seen(), LATE - 1, 'AMBIGUOUS'],
  ['not seen once', row(), seen(), LATE, 'AMBIGUOUS, undone once'],
  ['not seen twice', row({ isUndoneOnce: true }), seen(), LATE + 5_000, 'WANTED'],
  [
    'not seen twice after the third send',
    row({ isUndoneOnce: true, sends: 3 }),
    seen(),
    LATE + 5_000,
    'HANDED_OVER, undone',
  ],
  [
    'not seen twice, long after the click',
    row({ isUndoneOnce: true }),
    seen(),
    NOW + DELAYED_BOOKING_WITHIN_MS + 1,
    'HANDED_OVER, undone',
  ],
  [
    'not seen twice, and the wanted time is near',
    row({ isUndoneOnce: true, to: { startsAt: LATE + HOUR, timeZone: 'UTC' } }),
    seen(),
    LATE + 5_000,
    'HANDED_OVER, undone',
  ],
  ['a look that fails', row({ isUndoneOnce: true }), undefined, LATE + 5_000, 'AMBIGUOUS, undone once'],
  ['looks that fail until the end', row(), undefined, NOW + BOOKING_HARD_END_MS + 1, 'HANDED_OVER'],
];
for (const [name, change, call, now, expected] of looks) {
  test(`${name} ⇒ ${expected}`, () => {
    const { change: after } = afterChangeLook(booking(change), change, call, newDelivery(now + 1_000), now);
    const proof = after?.isUndone ? ', undone' : after?.isUndoneOnce ? ', undone once' : '';
    assert.equal(`${after?.state}${proof}`, expected);
  });
}

test('a send counts once, also with the other key; one that did nothing does not', () => {
  const wanted = row({ state: 'WANTED', sends: 0 });
  const sent = afterChangeSending(wanted, NOW);
  assert.equal(afterChangeSending(sent, NOW).sends, 1);
  assert.equal(afterNothingChanged(sent, newDelivery(NOW)).sends, 0);
});

test('a move done ⇒ call, zone and end follow, older manage tickets are void, the request that moved it is answered', () => {
  const after = afterChangeDone(booking(row()), row(), TO, NOW);
  assert.deepEqual([after.startsAt, after.call?.startsAt, after.call?.endsAt, after.moves], [TO, TO, TO + HOUR, 1]);
  const issuedAt = Math.floor(NOW / 1_000);
  const move = { step: 'reschedule' as const, startsAt: '', timeZone: '' };
  const by = (attempt: string, at: number) => {
    const input = inputOf(move, 1, { manage: { issuedAt: at } });
    return { ...input, request: { ...input.request, attempt } };
  };
  assert.equal(isVoid(after, by('other', issuedAt)), true);
  assert.equal(isVoid(after, by('page', issuedAt)), false);
  assert.equal(isVoid(after, by('other', issuedAt + 1)), false);
  const span = manageSpan(qualified({ booking: after }), NOW);
  assert.deepEqual(span, {
    fromSeconds: issuedAt + 1,
    untilSeconds: (TO + HOUR + MANAGE_TICKET_AFTER_CALL_MS) / 1_000,
  });
});

test('the Event hears of the new instant first, then of the old one; of nothing where nothing was held', () => {
  const done = afterChangeDone(booking(row()), row(), TO, NOW);
  const said = (each: BookingRow) =>
    settlementsOf(qualified({ booking: each })).map(({ startsAt, outcome }) => [startsAt, outcome]);
  assert.deepEqual(said(done), [
    [TO, 'booked'],
    [AT, 'released'],
  ]);
  const cancelled = afterChangeDone(booking(cancelling()), cancelling(), AT, NOW);
  assert.deepEqual(said(cancelled), [[AT, 'released']]);
  assert.deepEqual(said(booking(row({ state: 'REJECTED' }))), []);
  assert.deepEqual(said(booking(row({ state: 'REJECTED', isClaimed: true }))), [[TO, 'free']]);
  assert.deepEqual(said(booking(row({ state: 'HANDED_OVER', isClaimed: true }))), [[TO, 'unclear']]);
  assert.deepEqual(said(booking(row({ state: 'HANDED_OVER', isClaimed: true, isUndone: true }))), [[TO, 'free']]);
});

test('while a move is on its way, its new instant is no abandoned claim', () => {
  assert.equal(mayMoveTo(booking(row()), TO), true);
  assert.equal(mayMoveTo(booking(row({ state: 'REJECTED' })), TO), false);
});

test('the call that is to be moved stands in nobody’s way; without that word, and for others, it does', () => {
  const own: Claim = {
    contactId: 7,
    startsAt: AT,
    attempt: 'one',
    leadId: 'lead',
    state: 'booked',
    until: AT + KEEP_TOMBSTONE_MS,
  };
  const wanted = { contactId: 7, startsAt: TO, attempt: 'one', leadId: 'lead' };
  const decide = (more: object, rows = [own]) => decideClaim(rows, { ...wanted, ...more }, 'allow', NOW).kind;
  assert.equal(decide({ movesFrom: AT }), 'granted');
  assert.equal(decide({}), 'already_booked');
  assert.equal(decide({ movesFrom: AT }, [own, { ...own, startsAt: TO, attempt: 'two' }]), 'already_booked');
});

const answers: [string, unknown, 'move' | 'cancel', string][] = [
  [
    'the newer shape',
    { message: 'ok', status: 200, data: { dateTimeUTC: new Date(TO).toISOString() } },
    'move',
    'done',
  ],
  ['the older shape', { data: { eventCall: { dateTimeUTC: new Date(TO).toISOString() } } }, 'move', 'done'],
  ['a refusal inside', { data: { eventCall: { message: 'no', status: 409 } } }, 'move', 'refused'],
  ['a move without a time', { message: 'ok', status: 200 }, 'move', 'unclear'],
  ['a cancel', { data: { eventCall: { message: 'ok', status: 200 } } }, 'cancel', 'done'],
  ['a cancel that was refused', { data: { eventCall: { message: 'no', status: 400 } } }, 'cancel', 'refused'],
];
for (const [name, body, kind, expected] of answers) {
  test(`${name} ⇒ ${expected}`, () => assert.equal(readChangeAnswer(body, kind).kind, expected));
}

test('a redirect carries id, time and attribution, keeps what it has, and of the person only what is asked for', () => {
  const arrival = {
    bookingId: 'call_1',
    startsAt: '2026-12-01T09:00Z',
    tracking: { utm_source: 'ads', gclid: 'g' },
    contact: { email: 'ann@example.com', first_name: 'Ann' },
  };
  const params = (personal: 'email'[] = []) =>
    Object.fromEntries(
      new URL(redirectOf(['https://a.example/?utm_source=own'], arrival, personal) ?? '').searchParams,
    );
  const facts = { utm_source: 'own', previewId: 'call_1', event_start_time: '2026-12-01T09:00Z', gclid: 'g' };
  assert.deepEqual(params(), facts);
  assert.deepEqual(params(['email']), { ...facts, email: 'ann@example.com' });
  assert.equal(redirectOf([undefined, 'javascript:alert(1)'], arrival), undefined);
});

test('a calendar file ⇒ one event in UTC, text escaped, lines short and ended', () => {
  const facts = {
    id: 'call_1',
    sequence: 2,
    isCancelled: false,
    startsAt: '2026-12-01T09:00Z',
    endsAt: '2026-12-01T09:30Z',
  };
  const file = calendarFile(
    { ...facts, name: 'Call, with; us' },
    `https://b.example/manage#a/b/${'x'.repeat(100)}`,
    new Date(NOW),
  );
  assert.ok(file.endsWith('END:VCALENDAR\r\n'));
  assert.ok(file.split('\r\n').every((line) => Buffer.byteLength(line) <= 75));
  for (const line of [
    'UID:call_1',
    'SEQUENCE:2',
    'DTSTART:20261201T090000Z',
    'DTEND:20261201T093000Z',
    'SUMMARY:Call\\, with\\; us',
  ])
    assert.ok(file.includes(`${line}\r\n`), line);
});

test('moved while the times were on their way ⇒ whoever asked for them looks again, and gets no ticket that is good', async () => {
  const change = row({ state: 'AMBIGUOUS', delivery: newDelivery(NOW) });
  let stored = { record: qualified({ booking: booking(change) }), changedAt: NOW };
  let found: (answer: unknown) => void = () => undefined;
  const ports = {
    now: () => NOW + 5_000,
    random: () => 0,
    config: () => ({}),
    ask: async () => ({
      ok: true,
      value: { data: { eventCalls: [{ id: 900, dateTimeUTC: new Date(TO).toISOString() }] } },
    }),
    settle: async () => undefined,
    slots: () => new Promise((resolve) => (found = resolve)),
    store: (lead: typeof stored) => (stored = lead),
    setAlarm: () => undefined,
    setTimer: () => () => undefined,
    unpark: async () => undefined,
    inBackground: (work: Promise<void>) => void work,
    log: () => undefined,
  } as unknown as KeeperPorts;
  const keeper = new LeadKeeper(ports, stored, undefined);
  const asked = keeper.step(inputOf({ step: 'slots', month: '2026-11' }, 1, { manage: { issuedAt: NOW / 1_000 } }));
  await keeper.alarm();
  assert.equal(stored.record.booking?.change?.state, 'DONE');
  found({ ok: true, page: { v: 1, month: '2026-11', slots: [] } });
  const reply = await asked;
  assert.equal(reply.ok, false);
  assert.equal('code' in reply && reply.code, 'booking_changed');
  assert.equal(reply.manage, undefined);
  assert.equal('lead' in reply && Date.parse(reply.lead?.booking?.startsAt ?? ''), TO);
});
