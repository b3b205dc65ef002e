/** Offered or not: a time counts for 15 minutes from the last moment at which it was held for these hosts (P13). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OFFERED_FOR_MS, SLOTS_STALE_AT_MOST_MS } from '../../shared/limits.ts';
import { keyOf, replaceSet, type SlotSet, wasOffered } from '../../worker/event/shelf.ts';

const T = Date.parse('2026-12-01T09:00:00Z');
const MINUTE = 60_000;
const [A, B, C] = [T + 86_400_000, T + 90_000_000, T + 93_600_000] as const;
const set = (instants: number[], asOf: number, before?: SlotSet) =>
  replaceSet(before, { hosts: '', month: '2026-12', instants, asOf });

const first = set([A, B], T);
const second = set([B], T + 5 * MINUTE, first);
const third = set([B, C], T + 6 * MINUTE, second);

const rows: [string, SlotSet | undefined, number, number, boolean][] = [
  ['a held time, at once', first, A, T, true],
  ['a time that was never held', first, C, T, false],
  ['any time without a set', undefined, A, T, false],
  ['a held time, as long as the set may be shown', first, A, T + SLOTS_STALE_AT_MOST_MS, true],
  ['… and 15 minutes after that', first, A, T + SLOTS_STALE_AT_MOST_MS + OFFERED_FOR_MS, true],
  ['… and a millisecond later', first, A, T + SLOTS_STALE_AT_MOST_MS + OFFERED_FOR_MS + 1, false],
  ['a lost time, at the moment of its loss', second, A, T + 5 * MINUTE, true],
  ['a lost time, 15 minutes after its loss', second, A, T + 5 * MINUTE + OFFERED_FOR_MS, true],
  ['a lost time, a millisecond later', second, A, T + 5 * MINUTE + OFFERED_FOR_MS + 1, false],
  ['a lost time, through another refresh', third, A, T + 5 * MINUTE + OFFERED_FOR_MS, true],
  ['… which does not lengthen it', third, A, T + 5 * MINUTE + OFFERED_FOR_MS + 1, false],
  ['a time that was kept all along', third, B, T + 20 * MINUTE, true],
  ['a new time', third, C, T + 6 * MINUTE, true],
];
for (const [name, held, instant, now, offered] of rows) {
  test(`${name} ⇒ ${offered ? 'offered' : 'not offered'}`, () => assert.equal(wasOffered(held, instant, now), offered));
}

test('a set that was replaced an hour late counts only as long as it could be shown', () => {
  const late = set([B], T + 60 * MINUTE, first);
  assert.equal(wasOffered(late, A, T + 60 * MINUTE), false);
  assert.deepEqual(late.lost, []);
  const soon = set([B], T + 20 * MINUTE, first);
  assert.equal(wasOffered(soon, A, T + SLOTS_STALE_AT_MOST_MS + OFFERED_FOR_MS), true);
  assert.equal(wasOffered(soon, A, T + SLOTS_STALE_AT_MOST_MS + OFFERED_FOR_MS + 1), false);
});

test('a time that comes back is held, not lost', () => {
  const back = set([A, B], T + 7 * MINUTE, second);
  assert.deepEqual(back.lost, []);
  assert.equal(wasOffered(back, A, T + 7 * MINUTE), true);
});

test('what is lost is forgotten: a hundred refreshes keep no more than 15 minutes of losses', () => {
  let held = set([T], T);
  for (let i = 1; i <= 100; i += 1) held = set([T + i], T + i * MINUTE, held);
  assert.ok(held.lost.length <= 15, String(held.lost.length));
  assert.ok(held.lost.length >= 14);
});

test('other hosts or another month ⇒ another key', () => {
  assert.equal(
    new Set([keyOf('', '2026-12'), keyOf('3', '2026-12'), keyOf('3,4', '2026-12'), keyOf('', '2027-01')]).size,
    4,
  );
});
