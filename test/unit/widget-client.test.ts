/** One request: what is repeated, how often and after which pause; what is told to the visitor. Virtual time. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { WIDGET_REQUEST_LIMIT_MS } from '../../shared/limits.ts';
import { PROBLEMS, type ProblemCode } from '../../shared/problems.ts';
import { send, type World } from '../../widget/client.ts';
import type { Wait } from '../../widget/state.ts';

type Answer = Response | 'fails' | 'hangs';

/** A world in which pauses take no time but are written down. */
function worldOf(answers: Answer[], more: Partial<World> = {}) {
  const slept: number[] = [];
  const bodies: (BodyInit | null | undefined)[] = [];
  const waits: (Wait | undefined)[] = [];
  let limit: AbortController;
  const world: World = {
    load: () => Promise.reject(new Error('no part is wanted here')),
    fetch: (_url, init) => {
      bodies.push(init.body);
      const answer = answers[Math.min(bodies.length, answers.length) - 1] as Answer;
      if (answer === 'fails') return Promise.reject(new TypeError('failed'));
      if (answer !== 'hangs') return Promise.resolve(answer.clone());
      return new Promise((_resolve, reject) => {
        init.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
        limit.abort();
      });
    },
    now: () => 0,
    timeZone: () => 'UTC',
    rest: async () => {},
    random: () => 0,
    timeout: (milliseconds) => {
      assert.equal(milliseconds, WIDGET_REQUEST_LIMIT_MS);
      limit = new AbortController();
      return limit.signal;
    },
    sleep: async (milliseconds) => void slept.push(milliseconds),
    isOnline: () => true,
    untilOnline: async () => {},
    ...more,
  };
  const talk = (signal = new AbortController().signal) =>
    send(world, 'https://w.dev/x', '{"a":1}', signal, (wait) => waits.push(wait));
  return { talk, slept, bodies, waits };
}

function problem(code: string, status: number, more: object = {}, headers = {}): Response {
  return new Response(JSON.stringify({ code, status, ...more }), { status, headers });
}

describe('what is repeated is what the list of problems calls retryable; a conflict is read by the state instead', () => {
  for (const [code, { status, retryable }] of Object.entries(PROBLEMS) as [
    ProblemCode,
    { status: number; retryable: boolean },
  ][]) {
    const isRepeated = retryable && code !== 'attempt_conflict';
    test(`${code} ⇒ ${isRepeated ? 'repeated' : 'told at once'}`, async () => {
      const { talk, bodies } = worldOf([problem(code, status)]);
      const result = await talk();
      assert.ok(!result.ok);
      assert.equal(result.code, code);
      assert.equal(bodies.length > 1, isRepeated);
    });
  }
});

describe('failures', () => {
  const cases: [string, Answer, string, number[]][] = [
    ['network fails', 'fails', 'unreachable', [1_000, 2_000, 4_000]],
    ['no answer in time', 'hangs', 'timeout', [1_000]],
    ['HTML with 200', new Response('<html>'), 'unavailable', [1_000, 2_000, 4_000]],
    ['HTML with 403', new Response('<html>', { status: 403 }), 'unavailable', [1_000, 2_000, 4_000]],
    ['internal', problem('internal', 500), 'internal', [1_000, 2_000, 4_000]],
    ['a code of a later version', problem('brand_new', 422), 'brand_new', []],
    ['a later code that may pass', problem('brand_new', 503), 'brand_new', [1_000, 2_000, 4_000]],
  ];
  for (const [what, answer, code, pauses] of cases) {
    test(`${what} ⇒ ${code} after pauses of ${pauses.join(', ') || 'none'}`, async () => {
      const { talk, slept } = worldOf([answer]);
      const result = await talk();
      assert.ok(!result.ok);
      assert.equal(result.code, code);
      assert.deepEqual(slept, pauses);
    });
  }
});

test('busy with Retry-After ⇒ that pause, told with its end, the very same body, then the answer', async () => {
  const { talk, slept, waits, bodies } = worldOf([
    problem('busy', 503, { retryAfterSeconds: 20 }),
    new Response('{"ok":1}'),
  ]);
  assert.deepEqual(await talk(), { ok: true, body: { ok: 1 } });
  assert.deepEqual(slept, [20_000]);
  assert.deepEqual(waits, [{ code: 'busy', until: 20_000, isAstray: undefined }, undefined]);
  assert.equal(new Set(bodies).size, 1);
});

test('the pause that the problem names, zero ⇒ one second; jitter ⇒ up to a quarter more', async () => {
  const named = worldOf([problem('throttled', 429, { retryAfterSeconds: 7 }), new Response('{}')]);
  await named.talk();
  assert.deepEqual(named.slept, [7_000]);
  const zero = worldOf([problem('throttled', 429, { retryAfterSeconds: 0 }), new Response('{}')], { random: () => 1 });
  await zero.talk();
  assert.deepEqual(zero.slept, [1_250]);
});

test('a crowd ⇒ patient up to twelve tries, then told', async () => {
  const { talk, bodies } = worldOf([problem('busy', 503, { retryAfterSeconds: 1 })]);
  await talk();
  assert.equal(bodies.length, 12);
});

test('offline ⇒ nothing is sent until the network is back', async () => {
  let isOnline = false;
  const { talk, bodies, waits } = worldOf([new Response('{}')], {
    isOnline: () => isOnline,
    untilOnline: async () => {
      assert.equal(bodies.length, 0);
      isOnline = true;
    },
  });
  await talk();
  assert.deepEqual(waits, [{ code: 'offline', isAstray: undefined }, undefined]);
});

test('given up by the caller ⇒ no further try', async () => {
  const caller = new AbortController();
  const { talk, bodies } = worldOf(['fails'], { sleep: async () => caller.abort() });
  await talk(caller.signal);
  assert.equal(bodies.length, 1);
});
