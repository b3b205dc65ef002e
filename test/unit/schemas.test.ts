/** What the Worker takes from a browser: known fields one by one, unknown ones ignored, the rest refused (P16). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LeadRequestSchema, MonthSchema } from '../../shared/schemas.ts';

const base = {
  v: 1,
  event: 'acme/discovery-call',
  ticket: 'A'.repeat(100),
  attempt: '6f1c2a52-3c4e-4b8e-9a55-0f9a4f1a2b3c',
  seq: 1,
};
const requests = {
  contact: { ...base, step: 'contact', contact: { name: 'Ann', email: 'ann@example.com' } },
  answers: { ...base, step: 'answers', answers: { size: ['1'] }, month: '2026-12' },
  slots: { ...base, step: 'slots', month: '2026-12' },
  book: { ...base, step: 'book', startsAt: '2026-12-01T09:00Z', timeZone: 'Europe/Berlin' },
  read: { ...base, step: 'read' },
};
type Step = keyof typeof requests;

for (const [step, request] of Object.entries(requests)) {
  test(`a good ${step} ⇒ taken as it is`, () => assert.deepEqual(LeadRequestSchema.parse(request), request));
  test(`${step} with unknown fields ⇒ taken without them`, () => {
    assert.deepEqual(
      LeadRequestSchema.parse({ ...request, later: { deep: [1] }, hosts: '3', isDisqualified: false }),
      request,
    );
  });
}

const taken: [Step, object][] = [
  ['book', { startsAt: '2026-12-01T09:00:00Z' }],
  ['book', { startsAt: '2026-12-01T09:00:00.000Z' }],
  ['contact', { contact: {} }],
  ['contact', { website: 'http://robot.example' }],
  ['answers', { answers: {} }],
  ['answers', { month: undefined }],
  ['contact', { seq: 1_000 }],
];
for (const [step, change] of taken) {
  test(`${step} with ${JSON.stringify(change)} ⇒ taken`, () => {
    assert.ok(LeadRequestSchema.safeParse({ ...requests[step], ...change }).success);
  });
}

const refused: [Step, object][] = [
  ['read', { v: 2 }],
  ['read', { v: '1' }],
  ['read', { v: undefined }],
  ['read', { step: 'reed' }],
  ['read', { step: undefined }],
  ['read', { step: 'toString' }],
  ['read', { event: '' }],
  ['read', { event: 'x'.repeat(201) }],
  ['read', { event: 7 }],
  ['read', { ticket: 'A'.repeat(99) }],
  ['read', { ticket: 'A'.repeat(101) }],
  ['read', { attempt: 'one' }],
  ['read', { attempt: '6f1c2a52-3c4e-4b8e-9a55-0f9a4f1a2b3c\n' }],
  ['read', { attempt: '../../etc' }],
  ['read', { seq: 0 }],
  ['read', { seq: -1 }],
  ['read', { seq: 1.5 }],
  ['read', { seq: 1_001 }],
  ['read', { seq: '1' }],
  ['read', { seq: null }],
  ['contact', { contact: undefined }],
  ['contact', { contact: [] }],
  ['contact', { contact: 'Ann' }],
  ['contact', { contact: { email: 7 } }],
  ['contact', { contact: { email: null } }],
  ['contact', { contact: { name: { toString: 'x' } } }],
  ['contact', { contact: { name: 'x'.repeat(701) } }],
  ['contact', { contact: { phone: '1'.repeat(201) } }],
  ['contact', { website: 7 }],
  ['answers', { answers: undefined }],
  ['answers', { answers: { size: '1' } }],
  ['answers', { answers: { size: [1] } }],
  ['answers', { answers: { size: [['1']] } }],
  ['answers', { answers: { size: [null] } }],
  ['answers', { answers: { '': ['1'] } }],
  ['answers', { answers: [['1']] }],
  ['answers', { answers: { size: Array.from({ length: 51 }, () => 'x') } }],
  ['answers', { answers: Object.fromEntries(Array.from({ length: 61 }, (_, at) => [`q${at}`, ['x']])) }],
  ['answers', { answers: { size: ['x'.repeat(2_501)] } }],
  ['answers', { month: '2026-13' }],
  ['answers', { month: null }],
  ['slots', { month: undefined }],
  ['slots', { month: '2026-1' }],
  ['slots', { month: '2026-12-01' }],
  ['book', { startsAt: undefined }],
  ['book', { startsAt: '2026-12-01T09:00' }],
  ['book', { startsAt: '2026-12-01T09:00+01:00' }],
  ['book', { startsAt: '2026-12-01T09:00:30Z' }],
  ['book', { startsAt: '2026-12-01 09:00Z' }],
  ['book', { startsAt: 1_796_119_200_000 }],
  ['book', { startsAt: ' 2026-12-01T09:00Z' }],
  ['book', { timeZone: '' }],
  ['book', { timeZone: 'x'.repeat(65) }],
];
for (const [step, change] of refused) {
  test(`${step} with ${(JSON.stringify(change) ?? '').slice(0, 60)}${Object.values(change)[0] === undefined ? ' missing' : ''} ⇒ refused`, () => {
    assert.equal(LeadRequestSchema.safeParse({ ...requests[step], ...change }).success, false);
  });
}

const page: [string, unknown, unknown][] = [
  [
    'all of it',
    {
      url: 'https://a.example/x',
      referrer: 'https://b.example/',
      tracking: { utm_source: 'x' },
      variant: 'b',
      timeZone: 'UTC',
      locale: 'de',
    },
    undefined,
  ],
  [
    'a source that is too long',
    { tracking: { utm_source: 'x'.repeat(501), gclid: 'g' } },
    { tracking: { gclid: 'g' } },
  ],
  ['a source that is no text', { tracking: { utm_source: 7 }, variant: 'b' }, { tracking: {}, variant: 'b' }],
  ['an unknown source', { tracking: { utm_evil: 'x', email: 'a@b.io' } }, { tracking: {} }],
  ['tracking that is a list', { tracking: ['x'], locale: 'de' }, { tracking: undefined, locale: 'de' }],
  ['an address that is too long', { url: 'x'.repeat(2_001) }, { url: undefined }],
];
for (const [name, given, kept] of page) {
  test(`page facts with ${name} ⇒ the lead is taken, what fits is kept`, () => {
    const parsed = LeadRequestSchema.parse({ ...requests.contact, page: given });
    assert.ok(parsed.step === 'contact');
    assert.deepEqual(JSON.parse(JSON.stringify(parsed.page)), JSON.parse(JSON.stringify(kept ?? given)));
  });
}
for (const given of ['x', 7, null, [], true]) {
  test(`page facts ${JSON.stringify(given)} ⇒ the lead is taken without them`, () => {
    assert.ok(LeadRequestSchema.safeParse({ ...requests.contact, page: given }).success);
  });
}

test('1,500 random bodies ⇒ refused or clean, never thrown', () => {
  const mutation = fc.tuple(
    fc.constantFrom<Step>('contact', 'answers', 'slots', 'book', 'read'),
    fc.constantFrom(
      'v',
      'event',
      'ticket',
      'attempt',
      'seq',
      'step',
      'contact',
      'answers',
      'month',
      'startsAt',
      'timeZone',
      'page',
      'x',
    ),
    fc.jsonValue(),
  );
  let accepted = 0;
  fc.assert(
    fc.property(
      fc.oneof(
        fc.jsonValue(),
        mutation.map(([step, key, value]) => ({ ...requests[step], [key]: value })),
      ),
      (body) => {
        const result = LeadRequestSchema.safeParse(body);
        if (!result.success) return;
        accepted += 1;
        const known = [
          'v',
          'event',
          'ticket',
          'attempt',
          'seq',
          'step',
          'contact',
          'page',
          'website',
          'answers',
          'month',
          'startsAt',
          'timeZone',
        ];
        assert.deepEqual(
          Object.keys(result.data).filter((key) => !known.includes(key)),
          [],
        );
      },
    ),
    { numRuns: 1_500, seed: 9 },
  );
  assert.ok(accepted > 50, 'valid mutations among them are taken');
});

for (const [month, good] of [
  ['2026-01', true],
  ['2026-12', true],
  ['2026-00', false],
  ['2026-13', false],
  ['26-12', false],
  ['2026-12 ', false],
] as const) {
  test(`month ${month} ⇒ ${good ? 'taken' : 'refused'}`, () =>
    assert.equal(MonthSchema.safeParse(month).success, good));
}
