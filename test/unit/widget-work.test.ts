/** The solver of the step-up: what it finds is what the door looks for, it hands the thread back, and it can be stopped (P21). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { workOf } from '../../worker/step-up.ts';
import { solve, type Turns } from '../../widget/parts/work.ts';

/** A clock that only moves when it is looked at. */
function turns(msPerLook: number): Turns & { pauses: number } {
  let now = 0;
  const self = {
    pauses: 0,
    now: () => (now += msPerLook),
    pause: () => {
      self.pauses += 1;
      return Promise.resolve();
    },
  };
  return self;
}
const never = new AbortController().signal;

// Lengths around the edges of a block, where padding goes wrong.
for (const [characters, bits] of [
  [100, 1],
  [100, 8],
  [100, 13],
  [42, 9],
  [43, 9],
  [44, 9],
  [45, 9],
  [52, 9],
  [53, 9],
  [54, 9],
  [106, 9],
  [109, 9],
  [117, 9],
  [200, 9],
] as const) {
  test(`a ticket of ${characters} characters, ${bits} bits ⇒ a proof that the door takes`, async () => {
    for (let run = 0; run < 5; run += 1) {
      const ticket = `${run}${'T'.repeat(characters - 1)}`;
      const nonce = await solve(ticket, bits, turns(0), never);
      assert.match(nonce, /^[A-Za-z0-9_-]{1,64}$/);
      assert.ok((await workOf(ticket, nonce)) >= bits, nonce);
    }
  });
}

test('half of all first nonces have no zero bit ⇒ the search is one, and does not take the first', async () => {
  const nonces = new Set<string>();
  for (let run = 0; run < 20; run += 1) nonces.add(await solve(`${'R'.repeat(98)}${run + 10}`, 4, turns(0), never));
  assert.ok(nonces.size > 5, [...nonces].join(' '));
});

test('a slow clock ⇒ the thread is handed back every 8 ms', async () => {
  const slow = turns(1);
  const nonce = await solve('S'.repeat(100), 15, slow, never);
  const looks = Number(nonce) / 256;
  assert.ok(looks > 16, `${looks} looks: too few to tell`);
  assert.ok(Math.abs(slow.pauses - looks / 9) <= 2, `${slow.pauses} pauses in ${looks} looks at 1 ms`);
});

test('stopped meanwhile ⇒ rejected with the reason, and no further try', async () => {
  const stop = new AbortController();
  const reason = new Error('the page is gone');
  const each = turns(10);
  const solving = solve(
    'Z'.repeat(100),
    32,
    { now: each.now, pause: () => Promise.resolve(stop.abort(reason)) },
    stop.signal,
  );
  await assert.rejects(solving, reason);
  await assert.rejects(solve('Z'.repeat(100), 1, turns(0), AbortSignal.abort(reason)), reason);
});
