/** Copies in front of objects: how old they may be, what is asked, what isolates share, and what an overloaded object costs. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askObject } from '../../worker/ask-object.ts';
import { Copies, type Copy, type SharedCopies } from '../../worker/copies.ts';
import { Problem } from '../../worker/problem.ts';

const POLICY = { freshMs: 3_000, renewedWithinMs: 10_000, keptMs: 600_000 };
const NOW = 1_800_000_000_000;

function shelf(): SharedCopies<string> & { copies: Map<string, Copy<string>> } {
  const copies = new Map<string, Copy<string>>();
  return {
    copies,
    find: async (key) => copies.get(key),
    keep: async (key, copy) => void copies.set(key, copy),
    drop: async (key) => void copies.delete(key),
  };
}

/** One isolate's copies, an object whose answers count up, and a clock. */
function isolate(shared?: SharedCopies<string>) {
  const state = { now: NOW, asked: 0, isOverloaded: false };
  const copies = new Copies(POLICY, shared);
  const later: Promise<unknown>[] = [];
  const ask = async () => {
    state.asked += 1;
    if (state.isOverloaded) throw new Error('overloaded');
    return `answer ${state.asked}`;
  };
  const get = async () => {
    const { value, ageMs } = await copies.get(
      'key',
      () => state.now,
      ask,
      (work) => later.push(work),
    );
    const answered = `${value}, ${ageMs} ms`;
    await Promise.all(later.splice(0));
    return answered;
  };
  return { state, get };
}

const ages: [number, boolean, string, number][] = [
  [2_999, false, 'answer 1, 2999 ms', 1],
  [3_000, false, 'answer 1, 3000 ms', 2],
  [9_999, false, 'answer 1, 9999 ms', 2],
  [10_000, false, 'answer 2, 0 ms', 2],
  [599_999, true, 'answer 1, 599999 ms', 2],
  [600_000, true, 'Error: overloaded', 2],
];
for (const [ageMs, isOverloaded, expected, asked] of ages) {
  test(`a copy ${ageMs} ms old, the object ${isOverloaded ? 'overloaded' : 'well'} ⇒ ${expected}, asked ${asked} times`, async () => {
    const { state, get } = isolate();
    await get();
    Object.assign(state, { now: NOW + ageMs, isOverloaded });
    assert.equal(await get().catch(String), expected);
    assert.equal(state.asked, asked);
  });
}

test('fifty at once ⇒ one question', async () => {
  const { state, get } = isolate();
  await Promise.all(Array.from({ length: 50 }, get));
  assert.equal(state.asked, 1);
});

test('a new isolate and a fresh shared copy ⇒ not asked; the age counts from the first answer', async () => {
  const shared = shelf();
  await isolate(shared).get();
  const { state, get } = isolate(shared);
  state.now += 2_000;
  assert.equal(await get(), 'answer 1, 2000 ms');
  assert.equal(state.asked, 0);
});

test('a new isolate, an old shared copy and an overloaded object ⇒ the shared copy with its age', async () => {
  const shared = shelf();
  await isolate(shared).get();
  const { state, get } = isolate(shared);
  Object.assign(state, { now: NOW + 120_000, isOverloaded: true });
  assert.equal(await get(), 'answer 1, 120000 ms');
  state.now = NOW + 600_000;
  assert.equal(await get().catch(String), 'Error: overloaded');
});

test('control: the same without a shared copy ⇒ an error', async () => {
  const { state, get } = isolate();
  state.isOverloaded = true;
  assert.equal(await get().catch(String), 'Error: overloaded');
});

test('an object that gave no answer ⇒ left alone for three seconds while there is a copy', async () => {
  const { state, get } = isolate();
  await get();
  Object.assign(state, { now: NOW + 20_000, isOverloaded: true });
  for (let times = 0; times < 20; times += 1) await get();
  assert.equal(state.asked, 2);
  state.now += 3_000;
  await get();
  assert.equal(state.asked, 3);
});

test('another isolate has renewed it ⇒ its copy, not asked again', async () => {
  const shared = shelf();
  const { state, get } = isolate(shared);
  await get();
  shared.copies.set('key', { value: 'of another', at: NOW + 11_000 });
  state.now = NOW + 12_000;
  assert.equal(await get(), 'of another, 1000 ms');
  assert.equal(state.asked, 1);
});

const faults: [string, object, number, string][] = [
  ['a plain error', {}, 1, 'Error'],
  ['one that is retryable', { retryable: true }, 2, 'ok'],
  ['one that is overloaded', { overloaded: true }, 1, 'busy'],
  ['one that is overloaded and retryable', { overloaded: true, retryable: true }, 1, 'busy'],
];
for (const [name, properties, asked, expected] of faults) {
  test(`an object that fails with ${name} ⇒ asked ${asked} times, ${expected}`, async () => {
    let times = 0;
    const ask = async () => {
      times += 1;
      if (times === 1) throw Object.assign(new Error('failed'), properties);
      return 'ok';
    };
    const outcome = await askObject(ask).catch((error: unknown) => (error instanceof Problem ? error.code : 'Error'));
    assert.equal(outcome, expected);
    assert.equal(times, asked);
  });
}

test('forgotten ⇒ the next reader asks the object, in this isolate and in a new one', async () => {
  const shared = shelf();
  const one = new Copies<string>(POLICY, shared);
  let asked = 0;
  const read = async (copies: Copies<string>) => {
    const later: Promise<unknown>[] = [];
    const { value } = await copies.get(
      'key',
      () => NOW,
      async () => `answer ${(asked += 1)}`,
      (work) => later.push(work),
    );
    await Promise.all(later);
    return value;
  };
  assert.equal(await read(one), 'answer 1');
  assert.equal(await read(new Copies(POLICY, shared)), 'answer 1');
  await one.forget('key');
  assert.equal(await read(new Copies(POLICY, shared)), 'answer 2');
  assert.equal(await read(one), 'answer 2');
});
