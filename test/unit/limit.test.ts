/** The account's limit as bodies and header fields name it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isStricter, limitOfBody, limitOfHeaders } from '../../worker/iclosed/limit.ts';

const headers: [Record<string, string>, [points: number, windowSeconds: number] | undefined][] = [
  [{ 'RateLimit-Policy': '20;w=10' }, [20, 10]],
  [{ 'RateLimit-Policy': '"default";q=20;w=10' }, [20, 10]],
  [{ 'RateLimit-Limit': '20, 20;w=10' }, [20, 10]],
  [{ 'X-RateLimit-Policy': '20; w=1' }, [20, 1]],
  [{ 'RateLimit-Policy': '100;w=1, 200;w=60' }, [200, 60]],
  [{ 'RateLimit-Limit': '20' }, undefined],
  [{ 'RateLimit-Limit': '20', 'RateLimit-Reset': '3' }, undefined],
  [{ 'RateLimit-Policy': '0;w=10' }, undefined],
  [{ 'RateLimit-Policy': '20;w=0' }, undefined],
  [{ 'RateLimit-Policy': 'many;w=10' }, undefined],
  [{}, undefined],
];
for (const [given, expected] of headers) {
  test(`${JSON.stringify(given)} ⇒ ${expected ? `${expected[0]} in ${expected[1]} s` : 'no limit named'}`, () => {
    const limit = limitOfHeaders(new Headers(given));
    assert.deepEqual(limit && [limit.points, limit.windowSeconds], expected);
  });
}

test('a body ⇒ its limit; half of one or none ⇒ nothing', () => {
  assert.deepEqual(limitOfBody({ limit: { points: 20, windowSec: '10' } }), { points: 20, windowSeconds: 10 });
  for (const body of [{ limit: { points: 20 } }, { limit: 20 }, {}, null, 'x'])
    assert.equal(limitOfBody(body), undefined);
});

test('stricter ⇒ fewer calls a second, not fewer points', () => {
  assert.equal(isStricter({ points: 20, windowSeconds: 10 }, { points: 5, windowSeconds: 1 }), true);
  assert.equal(isStricter({ points: 20, windowSeconds: 1 }, { points: 100, windowSeconds: 10 }), false);
  assert.equal(isStricter({ points: 20, windowSeconds: 10 }, { points: 20, windowSeconds: 10 }), false);
});
