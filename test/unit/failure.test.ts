/** Errors of iClosed in every shape that is documented or reported: their kind, code, text and fields. Nothing throws. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Failure, failureOfResponse, isPermanent } from '../../worker/iclosed/failure.ts';

const of = (status: number, body: unknown, headers: Record<string, string> = {}): Failure =>
  failureOfResponse(status, new Headers(headers), body);

const kinds: [number, Failure['kind'], certain: boolean, permanent: boolean][] = [
  [400, 'validation', false, true],
  [401, 'auth', true, false],
  [403, 'forbidden', false, true],
  [404, 'not_found', false, true],
  [408, 'upstream', false, false],
  [409, 'validation', false, true],
  [410, 'not_found', false, true],
  [422, 'validation', false, true],
  [429, 'rate_limited', true, false],
  [301, 'upstream', false, false],
  [500, 'upstream', false, false],
  [502, 'upstream', false, false],
  [503, 'upstream', false, false],
  [504, 'upstream', false, false],
];
for (const [status, kind, certain, permanent] of kinds) {
  test(`${status} ⇒ ${kind}${certain ? ', nothing was done' : ''}${permanent ? ', for good' : ''}`, () => {
    const failure = of(status, {});
    assert.deepEqual([failure.kind, failure.certain, isPermanent(failure)], [kind, certain, permanent]);
  });
}

const details = {
  formErrors: ['Email or phone'],
  fieldErrors: { email: ['Invalid email'], phoneNumber: ['Too long'] },
};
const shapes: [unknown, { text: string; code?: string; fields?: string[] }][] = [
  [
    { message: { status: 400, details, endpoint: '/v1/contacts', method: 'POST' } },
    { text: 'Email or phone Invalid email Too long', fields: ['email', 'phoneNumber'] },
  ],
  [
    { message: 'Validation', errors: { email: ['Invalid email'] } },
    { text: 'Validation', fields: ['email'] },
  ],
  [{ errors: { email: ['Invalid email'] } }, { text: 'Invalid email', fields: ['email'] }],
  [{ message: 'API key is required' }, { text: 'API key is required' }],
  [{ error: 'Invalid API key' }, { text: 'Invalid API key' }],
  [
    { message: 'No key', code: 'MISSING_API_KEY' },
    { text: 'No key', code: 'MISSING_API_KEY' },
  ],
  [{ code: 'RATE_LIMIT_EXCEEDED' }, { text: 'RATE_LIMIT_EXCEEDED', code: 'RATE_LIMIT_EXCEEDED' }],
  [{ message: 'INVALID_EMAIL' }, { text: 'INVALID_EMAIL', code: 'INVALID_EMAIL' }],
  [{ message: {} }, { text: '' }],
  [{ message: [] }, { text: '' }],
  [{ message: null, error: null, errors: null }, { text: '' }],
  [{ errors: [] }, { text: '' }],
  [{ errors: { email: null } }, { text: '', fields: ['email'] }],
  [{ message: { details: { formErrors: 'x', fieldErrors: 'y' } } }, { text: '' }],
  [null, { text: '' }],
  [undefined, { text: '' }],
  ['<html>Bad gateway</html>', { text: '' }],
  [[1, 2], { text: '' }],
  [42, { text: '' }],
];
for (const [body, expected] of shapes) {
  test(`400 ${JSON.stringify(body)} ⇒ ${JSON.stringify(expected)}`, () => {
    const { text, code, fields } = of(400, body);
    assert.deepEqual({ text, ...(code ? { code } : {}), ...(fields ? { fields } : {}) }, expected);
  });
}

const pauses: [Record<string, string>, unknown, number][] = [
  [{}, { retryAfter: 3 }, 3],
  [{ 'Retry-After': '7' }, { retryAfter: 3 }, 7],
  [{ 'RateLimit-Reset': '5' }, {}, 5],
  [{ 'X-RateLimit-Reset': '4' }, {}, 4],
  [{}, { retryAfter: '2.2' }, 3],
  [{}, {}, 1],
  [{}, null, 1],
  [{}, { retryAfter: 0 }, 1],
  [{}, { retryAfter: -5 }, 1],
  [{}, { retryAfter: 'soon' }, 1],
  [{ 'Retry-After': '99999999' }, {}, 600],
];
for (const [headers, body, seconds] of pauses) {
  test(`429 ${JSON.stringify(headers)} ${JSON.stringify(body)} ⇒ ${seconds} s`, () => {
    assert.equal(of(429, body, headers).retryAfterSeconds, seconds);
  });
}
test('a 500 with a Retry-After of its own ⇒ our own pauses', () => {
  assert.equal(of(500, {}, { 'Retry-After': '60' }).retryAfterSeconds, undefined);
});
test('a 429 that names its limit ⇒ the limit; one that names half of it ⇒ none', () => {
  assert.deepEqual(of(429, { limit: { points: 20, windowSec: 1 } }).limit, { points: 20, windowSeconds: 1 });
  assert.equal(of(429, { limit: { points: 20 } }).limit, undefined);
  assert.equal(of(429, { limit: { points: 0, windowSec: 1 } }).limit, undefined);
});
