/** The solver of the step-up: what it finds is what the door looks for, it hands the thread back, and it can be stopped (P21). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { workOf } from '../../worker/step-up.ts';
import type { Wait } from '../../widget/state.ts';
import { prove, solve, type Turns } from '../../widget/parts/work.ts';

/** A clock that only moves when it is looked at. */
function turns(msPerLook: number): Turns & { rests: number } {
  let now = 0;
  const self = {
    rests: 0,
    now: () => (now += msPerLook),
    rest: () => {
      self.rests += 1;
      return Promise.resolve();
    },
  };
  return self;
}
const always = () => true;

async function solved(ticket: string, bits: number, by: Turns): Promise<string> {
  const nonce = await solve(ticket, bits, by, always);
  assert.ok(nonce);
  return nonce;
}

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
      const nonce = await solved(ticket, bits, turns(0));
      assert.match(nonce, /^[A-Za-z0-9_-]{1,64}$/);
      assert.ok((await workOf(ticket, nonce)) >= bits, nonce);
    }
  });
}

test('half of all first nonces have no zero bit ⇒ the search is one, and does not take the first', async () => {
  const nonces = new Set<string>();
  for (let run = 0; run < 20; run += 1) nonces.add(await solved(`${'R'.repeat(98)}${run + 10}`, 4, turns(0)));
  assert.ok(nonces.size > 5, [...nonces].join(' '));
});

test('a slow clock ⇒ the thread is handed back every 8 ms', async () => {
  const slow = turns(1);
  const nonce = await solved('S'.repeat(100), 15, slow);
  const looks = Number(nonce) / 256;
  assert.ok(looks > 16, `${looks} looks: too few to tell`);
  assert.ok(Math.abs(slow.rests - looks / 9) <= 2, `${slow.rests} rests in ${looks} looks at 1 ms`);
});

test('not wanted any more ⇒ nothing, and no further try', async () => {
  const each = turns(10);
  const looks = () => each.rests < 3;
  assert.equal(await solve('Z'.repeat(100), 32, each, looks), undefined);
  assert.equal(each.rests, 3);
  assert.equal(await solve('Z'.repeat(100), 1, turns(0), () => false), undefined);
});

test('asked for twice ⇒ solved once; given up ⇒ begun anew', async () => {
  const ticket = 'P'.repeat(100);
  const first = prove(ticket, 9, turns(0), always);
  assert.equal(prove(ticket, 9, turns(0), always), first);
  assert.ok((await workOf(ticket, (await first) ?? '')) >= 9);
  assert.equal(await prove(ticket, 10, turns(0), () => false), undefined);
  assert.ok((await workOf(ticket, (await prove(ticket, 10, turns(0), always)) ?? '')) >= 10);
});

for (const [bits, seconds] of [
  [19, undefined],
  [24, 42],
] as const) {
  test(`${bits} bits ⇒ ${seconds ? `said to whoever waits: ${seconds} s` : 'nothing is said'}`, async () => {
    const waits: Wait[] = [];
    await prove(
      'W'.repeat(100),
      bits,
      turns(0),
      () => false,
      (wait) => waits.push(wait),
    );
    const said = waits.map((wait) => (wait.code === 'busy' ? Math.round(wait.until / 1_000) : wait.code));
    assert.deepEqual(said, seconds ? [seconds] : []);
  });
}
