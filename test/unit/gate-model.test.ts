/** The gate under random commands, held against a book of what it promises; every rule of the book has a gate that breaks it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { gateProperty } from '../models/gate-commands.ts';
import { gateMutants } from '../models/gate-mutants.ts';
import { realGate } from '../models/gate-run.ts';

test('4,000 command sequences ⇒ every rule of the book holds, and everything ends when iClosed is well', () => {
  fc.assert(gateProperty(realGate), { numRuns: 4_000, seed: 20_261_126 });
});

for (const { name, breaks, make, change } of gateMutants) {
  test(`control: a gate that ${name} ⇒ caught by the rule “${breaks}”`, () => {
    const run = fc.check(gateProperty(make, change), { numRuns: 4_000, seed: 20_261_126, endOnFailure: true });
    assert.ok(run.failed, 'no sequence found it');
    assert.ok(String(run.errorInstance).includes(`[${breaks}]`), String(run.errorInstance));
  });
}
