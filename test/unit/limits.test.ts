/** Numbers that stand in two places say the same; numbers that depend on each other fit together. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as limits from '../../shared/limits.ts';

const toml = readFileSync(new URL('../../wrangler.toml', import.meta.url), 'utf8');
const throttle = (name: string) => {
  const match = new RegExp(
    `name = "${name}"\\s+namespace_id = "(\\d+)"\\s+simple = \\{ limit = (\\d+), period = (\\d+) \\}`,
  ).exec(toml);
  return match && { namespace: match[1], limit: Number(match[2]), period: Number(match[3]) };
};

test('the throttles of wrangler.toml are those of limits.ts, each with its own namespace', () => {
  const ticket = throttle('TICKET_THROTTLE');
  const address = throttle('ADDRESS_THROTTLE');
  assert.equal(ticket?.limit, limits.TICKET_REQUESTS);
  assert.equal(address?.limit, limits.ADDRESS_REQUESTS);
  assert.deepEqual([ticket?.period, address?.period], [limits.THROTTLE_SECONDS, limits.THROTTLE_SECONDS]);
  assert.notEqual(ticket?.namespace, address?.namespace);
  assert.ok([10, 60].includes(limits.THROTTLE_SECONDS), 'the binding knows two periods only');
});

const order: [string, number, number][] = [
  ['the gate refuses before the Worker answers', limits.GATE_DEADLINE_MS, limits.ANSWER_DEADLINE_MS],
  ['the Worker answers before the widget gives up', limits.ANSWER_DEADLINE_MS, limits.WIDGET_REQUEST_LIMIT_MS],
  [
    'a search is believed only after a late commit',
    25_000 + limits.UPSTREAM_CALL_TIMEOUT_MS,
    limits.AMBIGUOUS_AFTER_SEND_MS,
  ],
  [
    'two searches fit into the time of confirming',
    limits.AMBIGUOUS_AFTER_SEND_MS + limits.SECOND_SEARCH_MS,
    limits.CONFIRMING_AT_MOST_MS,
  ],
  ['the visitor’s patience ends before the hard end', limits.CONFIRMING_AT_MOST_MS, limits.BOOKING_HARD_END_MS],
  ['fresh times are younger than stale ones', limits.SLOTS_FRESH_MS, limits.SLOTS_STALE_AT_MOST_MS],
  ['what is shown was offered', limits.SLOTS_STALE_AT_MOST_MS, limits.OFFERED_FOR_MS],
  ['a fresh description is younger than a stale one', limits.DESCRIPTION_FRESH_MS, limits.DESCRIPTION_STALE_AT_MOST_MS],
  ['a dead letter is kept longer than it is tried', limits.OUTBOX_DEAD_AFTER_MS, limits.OUTBOX_FORGET_AFTER_MS],
  ['pauses grow', limits.OUTBOX_FIRST_PAUSE_MS, limits.OUTBOX_LONGEST_PAUSE_MS],
  ['an alarm run ends within 30 s', limits.UPSTREAM_CALL_TIMEOUT_MS + limits.GATE_DEADLINE_MS, 30_000],
];
for (const [name, smaller, larger] of order) test(name, () => assert.ok(smaller < larger, `${smaller} < ${larger}`));

test('every limit is a positive number with its unit or kind in its name', () => {
  const names = Object.entries(limits);
  assert.ok(names.length > 30);
  for (const [name, value] of names) {
    assert.ok(typeof value === 'number' && value > 0, name);
    assert.match(name, /(_MS|_SECONDS|_DAYS|_BYTES|_CHARACTERS|_REQUESTS|_AT_MOST|_BURST|_PX)$/, name);
  }
});
