/** Which words a disqualified visitor reads: the first entry that matches a rule that fired, else the default; no rule leaves. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DisqualifiedRule } from '../../worker/config/events.ts';
import type { FiredRule } from '../../worker/iclosed/answers.ts';
import { disqualificationFor } from '../../worker/lead/disqualified.ts';

const list: DisqualifiedRule[] = [
  { when: { groupId: 12 }, message: 'group' },
  { when: { statement: 'Size', value: '1' }, message: 'size 1' },
  { message: 'default' },
  { when: { statement: 'Size' }, message: 'size' },
];
const rows: [string, DisqualifiedRule[], FiredRule[], string | undefined][] = [
  ['its group', list, [{ groupId: 12, statement: 'Size', value: '1' }], 'group'],
  ['statement and value', list, [{ groupId: 13, statement: 'Size', value: '1' }], 'size 1'],
  ['statement alone, written behind the default', list, [{ statement: 'Size', value: '2' }], 'size'],
  ['the second rule that fired', list, [{ statement: 'Other' }, { groupId: 12 }], 'group'],
  ['the order of the list, not of the rules', list, [{ statement: 'Size', value: '1' }, { groupId: 12 }], 'group'],
  ['another statement', list, [{ statement: 'Budget' }], 'default'],
  ['no rule told', list, [], 'default'],
  ['nothing configured', [], [{ groupId: 12 }], undefined],
  ['no default', list.slice(0, 2), [{ groupId: 99 }], undefined],
];
for (const [name, configured, fired, message] of rows) {
  test(`${name} ⇒ ${message ?? 'the widget’s own words'}`, () => {
    const { mayCorrect: _, ...told } = disqualificationFor(configured, fired, {});
    assert.deepEqual(told, message ? { message } : {});
  });
}

const redirects: [DisqualifiedRule, object][] = [
  [{ redirect: 'https://example.com/sorry' }, { redirect: 'https://example.com/sorry' }],
  [
    { redirect: 'https://example.com/sorry', delaySeconds: 5 },
    { redirect: 'https://example.com/sorry', delaySeconds: 5 },
  ],
  [
    { redirect: 'example.com/sorry', delaySeconds: 0 },
    { redirect: 'https://example.com/sorry', delaySeconds: 0 },
  ],
  [{ redirect: 'javascript:alert(1)', message: 'm' }, { message: 'm' }],
  [{ delaySeconds: 3, message: 'm' }, { message: 'm' }],
  [{ offerEvent: 'acme/webinar' }, { offerEvent: 'acme/webinar' }],
];
for (const [entry, expected] of redirects) {
  test(`${JSON.stringify(entry)} ⇒ ${JSON.stringify(expected)}`, () => {
    assert.deepEqual(disqualificationFor([entry], [], {}), { mayCorrect: false, ...expected });
  });
}

test('the redirect carries the page’s attribution, keeps what it has, and nothing else goes along', () => {
  const tracking = { utm_source: 'news', utm_campaign: 'spring sale', gclid: 'g-1', fbclid: 'f-2' };
  const entry = { redirect: 'https://thanks.example.com/dq?y=1&utm_source=own' };
  const { redirect = '' } = disqualificationFor([entry], [], tracking);
  assert.deepEqual(Object.fromEntries(new URL(redirect).searchParams), { ...tracking, y: '1', utm_source: 'own' });
});

test('what iClosed said of the rule never gets into the answer', () => {
  const rule = { groupId: 4_711, statement: 'canary statement', value: 'canary value' };
  const told = JSON.stringify(disqualificationFor([{ when: rule, message: 'm' }], [rule], {}));
  assert.ok(!told.includes('canary') && !told.includes('4711'));
});
