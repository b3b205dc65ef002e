/** The Lead under random commands, held against a book of what it promises; every rule of the book has a Lead that breaks it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { BookingRow } from '../../worker/lead/record.ts';
import { leadProperty, newTally } from '../models/lead-commands.ts';
import { leadMutants } from '../models/lead-mutants.ts';
import { LeadRun } from '../models/lead-run.ts';

test('600 command sequences ⇒ every rule of the book holds, everything ends, and who is honest is booked', async () => {
  const tally = newTally();
  await fc.assert(leadProperty({}, tally), { numRuns: 600, seed: 20_261_126 });
  assert.equal(tally.honestBooked, 600);
  assert.ok(tally.booked > 60 && tally.sends > 100, JSON.stringify(tally));
});

for (const { name, breaks, ...mutation } of leadMutants) {
  test(`control: a Lead that ${name} ⇒ caught by the rule “${breaks}”`, async () => {
    const run = await fc.check(leadProperty(mutation), { numRuns: 6_000, seed: 20_261_126, endOnFailure: true });
    assert.ok(run.failed, 'no sequence found it');
    assert.ok(String(run.errorInstance).includes(`[${breaks}]`), String(run.errorInstance));
  });
}

// By hand: a booking that waits, a correction and an eviction in a row are too rare for commands at random.
test('control: a Lead that takes up again what a correction has called off ⇒ caught by the rule “as pressed”', async () => {
  const run = new LeadRun({
    lead: (surroundings) => ({
      ...surroundings,
      found: ({ record, ...rest }) => {
        const { problem: _, ...booking } = record.booking ?? {};
        return { ...rest, record: { ...record, booking: { ...booking, state: 'WANTED' } as BookingRow } };
      },
    }),
  });
  const step = async (request: object) => {
    void run.step('one', request);
    await run.pass(1_000);
  };
  await step({ step: 'contact', seq: 1, contact: { name: 'Ann Lee', email: 'ann@example.com' } });
  await step({ step: 'answers', seq: 1, answers: { size: ['2+'] }, month: '2026-10' });
  run.gate.push({ word: 'busy', endpoint: 'POST /v1/eventCalls' });
  await step({ step: 'book', seq: 1, startsAt: '2026-10-07T10:00Z', timeZone: 'UTC' });
  await step({ step: 'contact', seq: 2, contact: { name: 'Ann Lee', email: 'bob@example.com' } });
  run.evict('one');
  run.wake('one');
  await assert.rejects(run.pass(60_000), /\[as pressed]/);
});
