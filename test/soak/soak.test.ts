/**
 * The promises over real sockets at the size of a suite, two parts side by side: most of the time is waiting, but each part runs
 * two Workers, and one that gets no processor misses its time-outs. `npm run soak` runs the full sizes.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isKept } from '../simulation/verdict.ts';
import { parts } from './parts.ts';

describe('over real sockets', { concurrency: 2 }, () => {
  for (const { promises, measure } of parts) {
    it(`${promises.join(' and ')} ⇒ kept, and the control fails`, async () => {
      const rows = await measure('short');
      assert.ok(rows.length > 0);
      for (const row of rows) assert.ok(isKept(row), JSON.stringify(row, null, 1));
    });
  }
});
