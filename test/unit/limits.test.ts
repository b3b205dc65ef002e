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

const throttles: [name: string, limit: number, period: number][] = [
  ['TICKET_THROTTLE', limits.TICKET_REQUESTS, limits.THROTTLE_SECONDS],
  ['ADDRESS_THROTTLE', limits.ADDRESS_REQUESTS, limits.THROTTLE_SECONDS],
  ['FREE_TICKETS', limits.FREE_TICKETS, limits.BUDGET_SECONDS],
  ['URGENT_LEADS', limits.URGENT_LEADS, limits.BUDGET_SECONDS],
  ['LEAD_THROTTLE', limits.LEAD_REQUESTS, limits.BUDGET_SECONDS],
];
for (const [name, limit, period] of throttles) {
  test(`${name} of wrangler.toml ⇒ ${limit} in ${period} s, as limits.ts says`, () => {
    const { namespace: _, ...figures } = throttle(name) ?? {};
    assert.deepEqual(figures, { limit, period });
    assert.ok([10, 60].includes(period), 'the binding knows two periods only');
  });
}

test('every throttle of wrangler.toml is in the list, each with its own namespace', () => {
  const named = [...toml.matchAll(/\[\[ratelimits\]\]\s+name = "(\w+)"/g)].map(([, name]) => name);
  assert.deepEqual(new Set(named), new Set(throttles.map(([name]) => name)));
  assert.equal(new Set(throttles.map(([name]) => throttle(name)?.namespace)).size, throttles.length);
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
  ['a crowd pays more', limits.WORK_BITS, limits.CROWD_WORK_BITS],
  ['what is free is urgent', limits.FREE_TICKETS, limits.URGENT_LEADS],
  ['one address leaves most of an account’s contacts to others', limits.URGENT_LEADS / 60, 0.4 * (19 / 11)],
  ['proofs cannot be hoarded', limits.UNPROVEN_TICKET_SECONDS, limits.TICKET_SECONDS],
  ['a word is asked for before permits are held', limits.SILENCE_UNASKED_AT_MOST, limits.SILENCE_UNHEARD_AT_MOST],
  ['a word has a moment before the next is asked for', limits.SILENCE_ASKED_EVERY_MS, limits.SILENCE_OVERDUE_AFTER_MS],
  [
    'a word is lost when no call can answer any more',
    limits.UPSTREAM_CALL_TIMEOUT_MS + limits.PERMIT_JITTER_SECONDS * 1_000,
    limits.SILENCE_LOST_AFTER_MS,
  ],
  ['an alarm run ends within 30 s', limits.UPSTREAM_CALL_TIMEOUT_MS + limits.GATE_DEADLINE_MS, 30_000],
];
for (const [name, smaller, larger] of order) test(name, () => assert.ok(smaller < larger, `${smaller} < ${larger}`));

test('every limit is a positive number with its unit or kind in its name', () => {
  const names = Object.entries(limits);
  assert.ok(names.length > 30);
  for (const [name, value] of names) {
    assert.ok(typeof value === 'number' && value > 0, name);
    assert.match(
      name,
      /(_MS|_SECONDS|_DAYS|_BYTES|_CHARACTERS|_REQUESTS|_TICKETS|_LEADS|_BITS|_AT_MOST|_BURST|_PX)$/,
      name,
    );
  }
});
