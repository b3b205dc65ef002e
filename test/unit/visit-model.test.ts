/** A visit under random commands, held against a book of what it promises; every rule of the book has a widget that breaks it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { newTally, visitProperty } from '../models/visit-commands.ts';
import { visitMutants } from '../models/visit-mutants.ts';

const RUNS = 3_000;

test(`${RUNS} visits ⇒ what is booked was on the screen and pressed, what was typed stays, and everybody gets on`, async () => {
  const tally = newTally();
  await fc.assert(visitProperty({}, tally), { numRuns: RUNS, seed: 20_261_127 });
  assert.ok((tally.ends.booked ?? 0) > 0.95 * RUNS, JSON.stringify(tally));
  assert.ok((tally.ends.disqualified ?? 0) > 0 && (tally.ends.safe ?? 0) > 0, JSON.stringify(tally));
});

for (const { name, breaks, ...mutation } of visitMutants) {
  test(`control: a widget that ${name} ⇒ caught by the rule “${breaks}”`, async () => {
    const run = await fc.check(visitProperty(mutation), { numRuns: 3_000, seed: 20_261_127, endOnFailure: true });
    assert.ok(run.failed, 'no visit found it');
    assert.ok(String(run.errorInstance).includes(`[${breaks}]`), String(run.errorInstance));
  });
}
