/**
 * The simulation in virtual time at the size of a suite, with fixed seeds: figures, opposites and controls of every promise
 * that it tries. `npm run simulate` runs the full sizes.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parts } from '../simulation/parts.ts';
import { isKept } from '../simulation/verdict.ts';

describe('simulation', () => {
  for (const { promises, measure } of parts) {
    it(`${promises.join(' and ')} ⇒ kept, and the control fails`, async () => {
      const rows = await measure('short');
      assert.ok(rows.length > 0);
      for (const row of rows) {
        assert.ok(isKept(row), JSON.stringify(row, null, 1));
      }
    });
  }
});
