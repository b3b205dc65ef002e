/** The way from an object to iClosed: permit last, the write right before the call, what a lost gate and a refused key mean. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Permit } from '../../worker/gate/permit.ts';
import { askThrough, type UpstreamPorts } from '../../worker/gate/through.ts';
import type { Failure } from '../../worker/iclosed/failure.ts';

const CALL = { endpoint: 'POST /v1/eventCalls', timeoutMs: 12_000 } as const;
const URGENCY = { class: 1, waitMs: 8_000 } as const;
const granted = (more: Partial<Permit & { granted: true }> = {}): Permit => ({
  granted: true,
  key: 'current',
  isProbe: false,
  isWatched: false,
  limit: { points: 20, windowSeconds: 10 },
  ...more,
});

/** Notes what happens in which order; `gone` is a gate that was evicted while somebody waited. */
function scripted(permits: (Permit | 'gone')[], failures: (Failure['kind'] | 'ok')[] = [], hasNextKey = false) {
  const notes: string[] = [];
  const ports: UpstreamPorts = {
    acquire: async () => {
      const permit = permits.shift();
      notes.push(permit === 'gone' ? 'the gate is gone' : permit?.granted ? `permit for ${permit.key}` : 'no permit');
      if (permit === undefined || permit === 'gone') throw new Error('the object was reset');
      return permit;
    },
    report: async ({ failure, isProbe }) =>
      void notes.push(`told ${isProbe ? 'of the probe: ' : ''}${failure?.kind ?? 'ok'}`),
    send: async ({ endpoint }, key) => {
      notes.push(`${endpoint} with ${key}`);
      const kind = failures.shift() ?? 'ok';
      if (kind === 'ok') return { ok: true, value: {} };
      return { ok: false, failure: { kind, certain: kind === 'auth', text: '' } };
    },
    hasNextKey,
  };
  const ask = () => askThrough(ports, CALL, URGENCY, () => notes.push('written ahead'));
  return { notes, ports, ask };
}

test('granted ⇒ written ahead, then sent, with nothing awaited in between', async () => {
  const { notes, ports, ask } = scripted([granted()]);
  const { send } = ports;
  let isSentAtOnce = false;
  ports.send = (call, key) => {
    isSentAtOnce = notes.at(-1) === 'written ahead';
    return send(call, key);
  };
  assert.equal((await ask()).ok, true);
  assert.ok(isSentAtOnce);
  assert.deepEqual(notes, ['permit for current', 'written ahead', 'POST /v1/eventCalls with current']);
});

test('the gate is gone while we wait ⇒ not granted: nothing is written, nothing sent, and it is worth coming again', async () => {
  const { notes, ask } = scripted(['gone']);
  const outcome = await ask();
  assert.deepEqual(outcome, { ok: false, retryAfterSeconds: 2, isAway: false });
  assert.deepEqual(notes, ['the gate is gone']);
});

test('not granted ⇒ nothing written, nothing sent', async () => {
  const { notes, ask } = scripted([{ granted: false, retryAfterSeconds: 7, reason: 'away' }]);
  assert.deepEqual(await ask(), { ok: false, retryAfterSeconds: 7, isAway: true });
  assert.deepEqual(notes, ['no permit']);
});

test('what is written ahead fails ⇒ nothing is sent', async () => {
  const { notes, ports } = scripted([granted()]);
  const failing = () => {
    throw new Error('no room');
  };
  await assert.rejects(askThrough(ports, CALL, URGENCY, failing), /no room/);
  assert.deepEqual(notes, ['permit for current']);
});

test('a probe ⇒ a call that changes nothing first, then a permit of its own for the real one', async () => {
  const { notes, ask } = scripted([granted({ isProbe: true }), granted()]);
  assert.equal((await ask()).ok, true);
  assert.deepEqual(notes, [
    'permit for current',
    'GET /v1/fields/contact-stage with current',
    'told of the probe: ok',
    'permit for current',
    'written ahead',
    'POST /v1/eventCalls with current',
  ]);
});

test('a probe that fails ⇒ away, and the real call is not made', async () => {
  const { notes, ask } = scripted([granted({ isProbe: true })], ['network']);
  assert.deepEqual(await ask(), { ok: false, retryAfterSeconds: 2, isAway: true });
  assert.equal(notes.filter((note) => note.startsWith('POST')).length, 0);
});

for (const [failure, hasNextKey, sends] of [
  ['auth', true, 2],
  ['auth', false, 1],
  ['timeout', true, 1],
  ['network', true, 1],
  ['rate_limited', true, 1],
  ['validation', true, 1],
] as const) {
  test(`${failure}, ${hasNextKey ? 'another' : 'no other'} key ⇒ ${sends} sends`, async () => {
    const { notes, ask } = scripted([granted(), granted({ key: 'next' })], [failure], hasNextKey);
    await ask();
    assert.equal(notes.filter((note) => note.startsWith('POST')).length, sends);
    assert.equal(notes.includes(`told ${failure}`), failure !== 'validation');
  });
}

test('the gate does not hear a report ⇒ the outcome stands', async () => {
  const { ports, ask } = scripted([granted()], ['timeout']);
  ports.report = () => Promise.reject(new Error('the object was reset'));
  const outcome = await ask();
  assert.equal(!outcome.ok && outcome.failure?.kind, 'timeout');
});
