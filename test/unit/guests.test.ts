/** Guests as people write them, and how many are too many. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Question } from '../../shared/protocol.ts';
import { checkAnswers } from '../../worker/lead/given.ts';
import { guestsIn } from '../../worker/lead/guests.ts';

const written: [string, string][] = [
  ['bo@acme.example', 'bo <bo@acme.example>'],
  [' bo@acme.example \n\n cy@acme.example', 'bo <bo@acme.example> cy <cy@acme.example>'],
  [
    'bo@acme.example, cy@acme.example;di@acme.example',
    'bo <bo@acme.example> cy <cy@acme.example> di <di@acme.example>',
  ],
  ['bo@acme.example cy@acme.example', 'bo <bo@acme.example> cy <cy@acme.example>'],
  ['Bo Li <bo@acme.example>', 'Bo Li <bo@acme.example>'],
  ['"Bo Li"  <bo@acme.example>, <cy@acme.example>', 'Bo Li <bo@acme.example> cy <cy@acme.example>'],
  ['bo@acme.example\nBO@acme.example', 'bo <bo@acme.example>'],
  [`${'N'.repeat(300)} <bo@acme.example>`, `${'N'.repeat(100)} <bo@acme.example>`],
  ['', ''],
  [' \n , ; ', ''],
  ['Bo Li', 'no'],
  ['bo@acme', 'no'],
  ['bo@acme.example, Cy', 'no'],
  ['Bo <bo@acme.example', 'no'],
  ['Bo <bo@acme.example> <cy@acme.example>', 'no'],
  ['bo@acme.example\u0000', 'no'],
];
for (const [text, expected] of written) {
  test(`${JSON.stringify(text).slice(0, 60)} ⇒ ${expected.slice(0, 60) || 'nobody'}`, () => {
    const guests = guestsIn(text);
    assert.equal(guests?.map(({ email, name }) => `${name} <${email}>`).join(' ') ?? 'no', expected);
  });
}

const field: Question = { id: 'additional-guests', type: 'guests', label: 'Guests', required: false, max: 2 };
const judged: [string, object, object][] = [
  ['bo@acme.example\ncy@acme.example', { 'additional-guests': ['bo@acme.example\ncy@acme.example'] }, {}],
  [
    'bo@acme.example, bo@acme.example, cy@acme.example',
    { 'additional-guests': ['bo@acme.example, bo@acme.example, cy@acme.example'] },
    {},
  ],
  ['bo@acme.example, cy@acme.example, di@acme.example', {}, { 'additional-guests': 'invalid' }],
  ['Bo', {}, { 'additional-guests': 'invalid' }],
  [' ', {}, {}],
];
for (const [text, answers, faults] of judged) {
  test(`at most two: ${JSON.stringify(text)} ⇒ ${JSON.stringify(faults)}`, () => {
    const result = checkAnswers([field], { 'additional-guests': [text] }, undefined);
    assert.deepEqual({ answers: result.answers, faults: result.faults }, { answers, faults });
  });
}

test('50,000 characters made to slow it down ⇒ judged at once', () => {
  const started = process.cpuUsage();
  for (const nasty of ['"'.repeat(50_000), `${' '.repeat(50_000)}<`, `<${'a'.repeat(50_000)}`]) guestsIn(nasty);
  assert.ok(process.cpuUsage(started).user < 500_000, 'less than half a second of work');
});
