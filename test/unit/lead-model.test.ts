/** The Lead under random commands, held against a book of what it promises; every rule of the book has a Lead that breaks it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { leadProperty, newTally } from '../models/lead-commands.ts';
import { leadMutants } from '../models/lead-mutants.ts';

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
