/** How long a Lead keeps what, with the clock moved over each row of the table “Times and keeping”: just before, and just after. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  KEEP_SETTLED_LEAD_MS,
  KEEP_TOMBSTONE_MS,
  OUTBOX_DEAD_AFTER_MS,
  OUTBOX_FORGET_AFTER_MS,
  OUTBOX_SLOW_PAUSE_MS,
} from '../../shared/limits.ts';
import { LeadRun } from '../models/lead-run.ts';
import { DAY, HOUR, MINUTE } from './lead-records.ts';

/** Alarms ring so late at most: an older one that stands is let ring first. */
const LEEWAY = MINUTE;
const EMAIL = 'ann@example.com';

async function visit(upTo: 'contact' | 'answers' | 'booked'): Promise<LeadRun> {
  const run = new LeadRun();
  const step = async (request: object) => {
    const reply = run.step('one', request);
    await run.pass(20_000);
    return reply;
  };
  await step({ step: 'contact', seq: 1, contact: { name: 'Ann Lee', email: EMAIL } });
  if (upTo === 'contact') return run;
  const answered = await step({ step: 'answers', seq: 1, answers: { size: ['2+'] }, month: '2026-10' });
  if (upTo === 'answers') return run;
  const startsAt = answered?.ok ? answered.state.slots?.slots.at(-1) : undefined;
  await step({ step: 'book', seq: 1, startsAt, timeZone: 'UTC' });
  assert.equal(recordOf(run)?.booking?.state, 'CONFIRMED');
  return run;
}

const storedOf = (run: LeadRun) => run.lead('one').stored;
const recordOf = (run: LeadRun) => storedOf(run)?.record;
const passTo = (run: LeadRun, instant: number) => run.pass(instant - run.now);

for (const upTo of ['contact', 'answers'] as const) {
  test(`a lead that ended with its ${upTo} ⇒ everything is kept for 24 hours after the last change, and nothing after`, async () => {
    const run = await visit(upTo);
    const until = (storedOf(run)?.changedAt ?? 0) + KEEP_SETTLED_LEAD_MS;
    await passTo(run, until - LEEWAY);
    assert.equal(recordOf(run)?.contact.given.email, EMAIL);
    await passTo(run, until + LEEWAY);
    assert.equal(storedOf(run), undefined);
  });
}

test('a booked lead ⇒ personal data for 24 hours, then ids and instants until 7 days after the call, then nothing', async () => {
  const run = await visit('booked');
  const until = (storedOf(run)?.changedAt ?? 0) + KEEP_SETTLED_LEAD_MS;
  await passTo(run, until - LEEWAY);
  assert.equal(recordOf(run)?.contact.given.email, EMAIL);
  await passTo(run, until + LEEWAY);
  const text = JSON.stringify(storedOf(run));
  assert.doesNotMatch(text, /ann|lee|example|2\+/i);
  const call = recordOf(run)?.booking?.call;
  const gone = (call?.endsAt ?? call?.startsAt ?? 0) + KEEP_TOMBSTONE_MS;
  await passTo(run, gone - LEEWAY);
  assert.equal(recordOf(run)?.booking?.state, 'CONFIRMED');
  await passTo(run, gone + LEEWAY);
  assert.equal(storedOf(run), undefined);
});

test('iClosed never answers ⇒ tried hourly at most for 30 days, then a dead letter, and after 90 days in all nothing', async () => {
  const run = new LeadRun();
  run.iclosed.isAway = true;
  const began = run.now;
  void run.step('one', { step: 'contact', seq: 1, contact: { name: 'Ann Lee', email: EMAIL } });
  await passTo(run, began + OUTBOX_DEAD_AFTER_MS - HOUR);
  assert.equal(recordOf(run)?.contact.refused, undefined);
  const lastDay = run.iclosed.ledger.filter(({ leftAt }) => leftAt > run.now - DAY);
  assert.ok(lastDay.length >= 20 && lastDay.length <= 24, `${lastDay.length} tries in a day`);
  await passTo(run, began + OUTBOX_DEAD_AFTER_MS + 2 * OUTBOX_SLOW_PAUSE_MS);
  assert.deepEqual(recordOf(run)?.contact.refused, {});
  const tries = run.iclosed.ledger.length;
  await passTo(run, began + OUTBOX_FORGET_AFTER_MS - LEEWAY);
  assert.equal(recordOf(run)?.contact.given.email, EMAIL);
  assert.equal(run.iclosed.ledger.length, tries);
  await passTo(run, began + OUTBOX_FORGET_AFTER_MS + LEEWAY);
  assert.equal(storedOf(run), undefined);
});

test('iClosed is back after 29 days ⇒ delivered, and kept no longer than any other', async () => {
  const run = new LeadRun();
  run.iclosed.isAway = true;
  void run.step('one', { step: 'contact', seq: 1, contact: { name: 'Ann Lee', email: EMAIL } });
  await run.pass(29 * DAY);
  run.iclosed.isAway = false;
  await run.pass(2 * HOUR);
  assert.equal(recordOf(run)?.contact.deliveredSeq, 1);
  await run.pass(KEEP_SETTLED_LEAD_MS + LEEWAY);
  assert.equal(storedOf(run), undefined);
});
