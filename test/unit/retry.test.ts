/** When an undelivered thing is tried again: doubled with full jitter, hourly after three days, never before it was asked to. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OUTBOX_FAST_FOR_MS, OUTBOX_LONGEST_PAUSE_MS, OUTBOX_SLOW_PAUSE_MS } from '../../shared/limits.ts';
import type { Failure } from '../../worker/iclosed/failure.ts';
import { postponed } from '../../worker/lead/retry.ts';
import { seeded } from './seeded.ts';

const NOW = 1_790_000_000_000;
const delivery = (tries: number, firstAt = NOW) => ({ firstAt, tries, dueAt: NOW });
const failed = (kind: Failure['kind'], retryAfterSeconds?: number) => ({
  ok: false as const,
  failure: { kind, certain: false, text: '', ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) },
});
const MOST = () => 1;
const LEAST = () => 0;

const pauses: [tries: number, most: number][] = [
  [0, 2_000],
  [1, 4_000],
  [2, 8_000],
  [5, 64_000],
  [8, 512_000],
  [9, OUTBOX_LONGEST_PAUSE_MS],
  [50, OUTBOX_LONGEST_PAUSE_MS],
  [5_000, OUTBOX_LONGEST_PAUSE_MS],
];
for (const [tries, most] of pauses) {
  test(`after ${tries + 1} faults ⇒ between 250 ms and ${most} ms`, () => {
    assert.equal(postponed(delivery(tries), failed('timeout'), NOW, MOST).dueAt, NOW + most);
    assert.equal(postponed(delivery(tries), failed('timeout'), NOW, LEAST).dueAt, NOW + 250);
  });
}

test('full jitter: a thousand retries of one moment spread over the whole pause', () => {
  const random = seeded(11);
  const due = Array.from({ length: 1_000 }, () => postponed(delivery(5), failed('network'), NOW, random).dueAt - NOW);
  for (let quarter = 0; quarter < 4; quarter += 1) {
    const inside = due.filter((each) => each >= quarter * 16_000 && each < (quarter + 1) * 16_000).length;
    assert.ok(inside > 180 && inside < 320, `${inside} in quarter ${quarter}`);
  }
});

test('three days long fast, then hourly', () => {
  const first = NOW - OUTBOX_FAST_FOR_MS;
  assert.ok(postponed(delivery(99, first), failed('timeout'), NOW, LEAST).dueAt < NOW + OUTBOX_SLOW_PAUSE_MS);
  assert.equal(postponed(delivery(99, first - 1), failed('timeout'), NOW, LEAST).dueAt, NOW + OUTBOX_SLOW_PAUSE_MS);
});

const outcomes: [string, Parameters<typeof postponed>[1], { tries: number; lastFault: string; dueIn: number }][] = [
  ['our own pacing', { ok: false, retryAfterSeconds: 4, isAway: false }, { tries: 3, lastFault: 'busy', dueIn: 4_000 }],
  ['iClosed away', { ok: false, retryAfterSeconds: 4, isAway: true }, { tries: 3, lastFault: 'away', dueIn: 4_000 }],
  ['a limit of iClosed', failed('rate_limited', 30), { tries: 4, lastFault: 'busy', dueIn: 30_000 }],
  ['a time-out', failed('timeout'), { tries: 4, lastFault: 'fault', dueIn: 250 }],
  ['an error of iClosed', failed('upstream'), { tries: 4, lastFault: 'fault', dueIn: 250 }],
];
for (const [name, outcome, expected] of outcomes) {
  test(`${name} ⇒ ${JSON.stringify(expected)}`, () => {
    const { tries, lastFault, dueAt, firstAt } = postponed(delivery(3), outcome, NOW, LEAST);
    assert.deepEqual({ tries, lastFault, dueIn: dueAt - NOW }, expected);
    assert.equal(firstAt, NOW);
  });
}
