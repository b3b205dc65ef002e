/** Who may book now: one contact, one unsettled booking at a time, whatever tab or attempt it comes from (P2). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  AMBIGUOUS_AFTER_SEND_MS,
  BOOKING_HARD_END_MS,
  CLAIM_UNSETTLED_MS,
  KEEP_TOMBSTONE_MS,
} from '../../shared/limits.ts';
import { bookedClaim, type Claim, decideClaim } from '../../worker/event/claims.ts';

const NOW = Date.parse('2026-12-01T09:00:00Z');
const AT = NOW + 86_400_000;
const wanted = { contactId: 7, startsAt: AT, attempt: 'one', leadId: 'lead-one' };
const open = (more: Partial<Claim> = {}): Claim => ({
  ...wanted,
  state: 'open',
  until: NOW + CLAIM_UNSETTLED_MS,
  ...more,
});
const booked = (more: Partial<Claim> = {}): Claim => ({ ...wanted, state: 'booked', until: NOW + 1, ...more });
const other = { attempt: 'two', leadId: 'lead-two' };

type Decision = 'granted' | 'already_booked' | 'contested' | 'contested, may be dead';
const rows: [string, Claim[], 'allow' | 'refuse', Decision][] = [
  ['nothing', [], 'allow', 'granted'],
  ['another contact’s open claim', [open({ contactId: 8, ...other })], 'allow', 'granted'],
  ['another contact’s call', [booked({ contactId: 8, ...other })], 'refuse', 'granted'],
  ['its own open claim', [open()], 'allow', 'granted'],
  ['its own open claim at another time', [open({ startsAt: AT + 1 })], 'allow', 'granted'],
  ['its own old open claim', [open({ until: NOW - 1 })], 'allow', 'granted'],
  ['another attempt, open, same time', [open(other)], 'allow', 'contested'],
  ['another attempt, open, another time', [open({ ...other, startsAt: AT + 1 })], 'allow', 'contested'],
  ['another attempt, at the end of its time', [open({ ...other, until: NOW })], 'allow', 'contested, may be dead'],
  [
    'another attempt, a minute after it',
    [open({ ...other, until: NOW - AMBIGUOUS_AFTER_SEND_MS })],
    'allow',
    'contested, may be dead',
  ],
  [
    'another attempt, 3 minutes after it',
    [open({ ...other, until: NOW - 180_000 })],
    'allow',
    'contested, may be dead',
  ],
  [
    'another attempt, unclear to the hard end',
    [open({ ...other, until: NOW - BOOKING_HARD_END_MS + CLAIM_UNSETTLED_MS + 1 })],
    'allow',
    'contested, may be dead',
  ],
  ['another attempt, a day old', [open({ ...other, until: NOW - 86_400_000 })], 'allow', 'contested, may be dead'],
  ['a call of this attempt', [booked({ startsAt: AT + 1 })], 'allow', 'already_booked'],
  ['this very call by another attempt', [booked(other)], 'allow', 'already_booked'],
  ['a call at another time', [booked({ ...other, startsAt: AT + 1 })], 'allow', 'granted'],
  ['a call at another time, one allowed', [booked({ ...other, startsAt: AT + 1 })], 'refuse', 'already_booked'],
  ['a forgotten call', [booked({ ...other, until: NOW })], 'refuse', 'granted'],
  ['a call and an open claim', [booked(), open({ ...other, startsAt: AT + 1 })], 'allow', 'contested'],
];
for (const [name, claims, repeat, expected] of rows) {
  test(`${name} (${repeat}) ⇒ ${expected}`, () => {
    const decision = decideClaim(claims, wanted, repeat, NOW);
    const told = decision.kind === 'contested' && decision.mayBeDead ? 'contested, may be dead' : decision.kind;
    assert.equal(told, expected);
  });
}

for (const [where, startsAt] of [
  ['where it stood when the move was pressed', AT + 1],
  ['at another time, since its host has moved it', AT + 2],
] as const) {
  test(`its own call ${where} ⇒ in nobody’s way when it is moved`, () => {
    const move = { ...wanted, movesFrom: AT + 1 };
    assert.equal(decideClaim([booked({ startsAt })], move, 'refuse', NOW).kind, 'granted');
    assert.equal(decideClaim([booked({ startsAt, ...other })], move, 'refuse', NOW).kind, 'already_booked');
  });
}

test('a granted claim ⇒ open for two minutes', () => {
  assert.deepEqual(decideClaim([], wanted, 'allow', NOW), {
    kind: 'granted',
    claim: { ...wanted, state: 'open', until: NOW + CLAIM_UNSETTLED_MS },
  });
});

test('a booked claim ⇒ kept until 7 days after the end of the call', () => {
  const claim = bookedClaim(open(), AT + 1_800_000);
  assert.deepEqual(claim, { ...open(), state: 'booked', until: AT + 1_800_000 + KEEP_TOMBSTONE_MS });
  const again = { ...wanted, ...other };
  assert.equal(decideClaim([claim], again, 'allow', claim.until - 1).kind, 'already_booked');
  assert.equal(decideClaim([claim], again, 'allow', claim.until).kind, 'granted');
});
