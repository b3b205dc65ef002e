/** What a visitor gave, judged: addresses by iClosed's rule, numbers as people paste them, every kind of answer (P13, P16). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ContactFields, ContactQuestion, Question, QuestionType } from '../../shared/protocol.ts';
import { checkAnswers, checkContact, mask, toE164 } from '../../worker/lead/given.ts';

const EMAIL: ContactQuestion[] = [{ type: 'email', required: true }];
const emails: [string, string][] = [
  ['ann@example.com', 'ann@example.com'],
  ['  ann@example.com\n', 'ann@example.com'],
  ['Ann.Lee@Example.COM', 'Ann.Lee@Example.COM'],
  ["o'neil+call_1-2@mail.example.co.uk", "o'neil+call_1-2@mail.example.co.uk"],
  ['a@b-c.de', 'a@b-c.de'],
  ['1@2.io', '1@2.io'],
  ['a@xn--bcher-kva.example', 'a@xn--bcher-kva.example'],
  ['ann@example.com\u00a0', 'ann@example.com'],
  ['\ufeffann@example.com', 'ann@example.com'],
  ['\u200eann@example.com\u200e', 'ann@example.com'],
  ['\u200e ann@example.com', 'ann@example.com'],
  ['\u202aann\u200b@exam\u00adple.com\u202c', 'ann@example.com'],
  ['', 'required'],
  ['   ', 'required'],
  ['\u200e\u200b', 'required'],
  ['ann', 'invalid'],
  ['ann@', 'invalid'],
  ['@example.com', 'invalid'],
  ['ann@example', 'invalid'],
  ['ann@example.c', 'invalid'],
  ['ann@example.1a', 'invalid'],
  ['ann@.example.com', 'invalid'],
  ['ann@example..com', 'invalid'],
  ['ann@-example.com', 'invalid'],
  ['ann@example-.com', 'invalid'],
  ['ann@example.com.', 'invalid'],
  ['.ann@example.com', 'invalid'],
  ['ann.@example.com', 'invalid'],
  ['an..n@example.com', 'invalid'],
  ['an n@example.com', 'invalid'],
  ['ann@exam ple.com', 'invalid'],
  ['ann@@example.com', 'invalid'],
  ['ann@b@example.com', 'invalid'],
  ['änn@example.com', 'invalid'],
  ['ann@exämple.com', 'invalid'],
  ['"ann"@example.com', 'invalid'],
  ['ann!@example.com', 'invalid'],
  ['ann@[127.0.0.1]', 'invalid'],
  ['Ann <ann@example.com>', 'invalid'],
  ['ann@example.com, bob@example.com', 'invalid'],
  ['ann@example.com\nbcc: x@example.com', 'invalid'],
  ['ann\u0000@example.com', 'invalid'],
  [`${'a'.repeat(242)}@example.com`, `${'a'.repeat(242)}@example.com`],
  [`${'a'.repeat(243)}@example.com`, 'too_long'],
];
for (const [given, expected] of emails) {
  test(`e-mail ${JSON.stringify(given).slice(0, 60)} ⇒ ${expected.slice(0, 40)}`, () => {
    const { contact, faults } = checkContact(EMAIL, { email: given }, undefined);
    assert.equal(faults.email ?? contact.email, expected);
  });
}

test('50,000 characters made to slow the rule down ⇒ judged at once', () => {
  const started = process.cpuUsage();
  for (const nasty of [`a@${'a-'.repeat(25_000)}`, `${'a.'.repeat(25_000)}@b`, `a@${'a.'.repeat(25_000)}`]) {
    checkAnswers([{ id: 'e', type: 'email', label: '', required: true }], { e: [nasty] }, undefined);
    checkContact(EMAIL, { email: nasty }, undefined);
  }
  assert.ok(process.cpuUsage(started).user < 500_000, 'less than half a second of work');
});

const phones: [string, string | undefined, string | undefined][] = [
  ['+1 212 555 0123', undefined, '+12125550123'],
  ['(212) 555-0123', 'US', '+12125550123'],
  ['212.555.0123', 'US', '+12125550123'],
  ['1-212-555-0123', 'US', '+12125550123'],
  ['001 212 555 0123', 'DE', '+12125550123'],
  ['tel:+1-212-555-0123', undefined, '+12125550123'],
  ['+1 212 555 0123 ext. 5', undefined, '+12125550123'],
  ['030 123456', 'DE', '+4930123456'],
  ['+49 (0)30 123456', undefined, '+4930123456'],
  ['0049 30 123456', 'DE', '+4930123456'],
  ['0049 151 1234 5678', 'US', '+4915112345678'],
  ['0044 20 7946 0958', undefined, '+442079460958'],
  ['0012', 'US', undefined],
  ['01 23 45 67 89', 'FR', '+33123456789'],
  ['020 7946 0958', 'GB', '+442079460958'],
  ['+44 (0) 20 7946 0958', undefined, '+442079460958'],
  ['0412 345 678', 'AU', '+61412345678'],
  ['06 1234 5678', 'IT', '+390612345678'],
  ['+٤٩٣٠١٢٣٤٥٦', undefined, '+4930123456'],
  ['+４９ ３０ １２３４５６', undefined, '+4930123456'],
  ['212 555 0123', undefined, undefined],
  ['555', 'US', undefined],
  ['+1', undefined, undefined],
  ['+999 123456789', undefined, undefined],
  ['call me', 'US', undefined],
  ['', 'US', undefined],
  ['+1 212 555 0123 0123 0123 0123', undefined, undefined],
  ['212 555 0123', 'ZZ', undefined],
];
for (const [given, country, expected] of phones) {
  test(`phone ${given} in ${country} ⇒ ${expected ?? 'no number'}`, () =>
    assert.equal(toE164(given, country), expected));
}

/** With the country's code and without a plus; and numbers at home that begin with the digits of that code. */
const codes: [string, string | undefined, string | undefined][] = [
  ['4915112345678', 'DE', '+4915112345678'],
  ['49 176 12345678', 'DE', '+4917612345678'],
  ['(49) 176 12345678', 'DE', '+4917612345678'],
  ['Tel. 49 0176 12345678', 'DE', '+4917612345678'],
  ['49-211-1234567', 'DE', '+492111234567'],
  ['49 711 1234567', 'DE', '+497111234567'],
  ['49 89 1234567', 'DE', '+49891234567'],
  ['49 4921 123456', 'DE', '+494921123456'],
  ['0049 4921 123456', 'DE', '+494921123456'],
  ['+49 4921 123456', 'DE', '+494921123456'],
  ['04921 123456', 'DE', '+494921123456'],
  ['(04961) 12345', 'DE', '+49496112345'],
  ['4915112345678', 'US', undefined],
  ['4915112345678', undefined, undefined],
  ['4366412345678', 'AT', '+4366412345678'],
  ['04352 12345', 'AT', '+43435212345'],
  ['41 79 123 45 67', 'CH', '+41791234567'],
  ['33612345678', 'FR', '+33612345678'],
  ['447911123456', 'GB', '+447911123456'],
  ['34612345678', 'ES', '+34612345678'],
  ['393331234567', 'IT', '+393331234567'],
  ['393 3312345', 'IT', '+393933312345'],
  ['919876543210', 'IN', '+919876543210'],
  ['9112345678', 'IN', '+919112345678'],
  ['5511987654321', 'BR', '+5511987654321'],
  ['55 99123 4567', 'BR', '+5555991234567'],
  ['55 4001 6127', 'BR', '+555540016127'],
  ['48 501 234 567', 'PL', '+48501234567'],
  ['48 303 02 22', 'PL', '+48483030222'],
  ['62812345678', 'ID', '+62812345678'],
  ['0627 1234567', 'ID', '+626271234567'],
  ['46701234567', 'SE', '+46701234567'],
  ['046 12 34 56', 'SE', '+4646123456'],
  ['84912345678', 'VN', '+84912345678'],
  ['84 123 4567', 'VN', '+84841234567'],
  ['38343201234', 'XK', '+38343201234'],
  ['47123456', 'NO', '+4747123456'],
  ['12025552001', 'US', '+12025552001'],
  ['79161234567', 'RU', '+79161234567'],
  ['5215512345678', 'MX', '+525512345678'],
  ['+52 1 55 1234 5678', 'US', '+525512345678'],
  ['5215512345', 'MX', '+525215512345'],
  ['٠٠٩٧١٥٠١٢٣٤٥٦٧', undefined, '+971501234567'],
  ['۰۹۱۲۱۲۳۴۵۶۷', 'IR', '+989121234567'],
];
for (const [given, country, expected] of codes) {
  test(`phone ${given} in ${country} ⇒ ${expected ?? 'no number'}`, () =>
    assert.equal(toE164(given, country), expected));
}

const NAMES: ContactQuestion[] = [
  { type: 'first_name', required: true },
  { type: 'last_name', required: false },
  { type: 'email', required: false },
  { type: 'phone', required: false },
];
const contacts: [ContactQuestion[], ContactFields, ContactFields, object][] = [
  [NAMES, { first_name: ' Ann ', email: 'a@b.io' }, { first_name: 'Ann', email: 'a@b.io' }, {}],
  [NAMES, { first_name: 'Ann', phone: '+12125550123' }, { first_name: 'Ann', phone: '+12125550123' }, {}],
  [NAMES, { first_name: 'Ann' }, { first_name: 'Ann' }, { email: 'required' }],
  [[{ type: 'phone', required: false }], {}, {}, { phone: 'required' }],
  [NAMES, { email: 'a@b.io' }, { email: 'a@b.io' }, { first_name: 'required' }],
  [NAMES, { first_name: '\u0000\u0007', email: 'a@b.io' }, { email: 'a@b.io' }, { first_name: 'required' }],
  [NAMES, { first_name: 'A\u0000nn', email: 'a@b.io' }, { first_name: 'A nn', email: 'a@b.io' }, {}],
  [NAMES, { first_name: 'A\ud800', email: 'a@b.io' }, { first_name: 'A', email: 'a@b.io' }, {}],
  [NAMES, { first_name: 'Zoe\u0308', email: 'a@b.io' }, { first_name: 'Zo\u00eb', email: 'a@b.io' }, {}],
  [NAMES, { first_name: 'N'.repeat(200), email: 'a@b.io' }, { first_name: 'N'.repeat(200), email: 'a@b.io' }, {}],
  [NAMES, { first_name: 'N'.repeat(201), email: 'a@b.io' }, { email: 'a@b.io' }, { first_name: 'too_long' }],
  [EMAIL, { email: 'a@b.io', phone: '+12125550123', name: 'Not asked' }, { email: 'a@b.io' }, {}],
  [NAMES, { first_name: 'Ann', email: 'x', phone: 'y' }, { first_name: 'Ann' }, { email: 'invalid', phone: 'invalid' }],
];
for (const [asked, given, contact, faults] of contacts) {
  test(`${JSON.stringify(given).slice(0, 60)} ⇒ ${JSON.stringify(contact).slice(0, 40)} ${JSON.stringify(faults)}`, () => {
    assert.deepEqual(checkContact(asked, given, undefined), { contact, faults });
  });
}

test('what nobody sees ⇒ out of addresses, also those of guests; a joiner in a name stays', () => {
  const name = 'نیم\u200cفاصله';
  assert.equal(checkContact(NAMES, { first_name: name, email: 'a@b.io' }, undefined).contact.first_name, name);
  const asked: Question[] = [
    { id: 'mail', type: 'email', label: '', required: true },
    { id: 'who', type: 'guests', label: '', required: true, max: 2 },
    { id: 'text', type: 'text', label: '', required: true },
  ];
  const given = { mail: ['\u200ea@b.io\u00a0'], who: [`${name} <c@d.io>\u200e\n\u200be@f.io`], text: [name] };
  const { answers, faults } = checkAnswers(asked, given, undefined);
  assert.deepEqual(faults, {});
  assert.deepEqual(answers, { mail: ['a@b.io'], who: [`${name} <c@d.io>\ne@f.io`], text: [name] });
});

const options = [{ value: 'A' }, { value: 'B ' }, { value: 'Ö & <b>', label: 'O' }];
const kinds: [QuestionType, string[], string, boolean?][] = [
  ['text', ['hello'], 'taken'],
  ['text', ['  hello '], 'taken'],
  ['text', ['x'.repeat(2_000)], 'taken'],
  ['text', ['x'.repeat(2_001)], 'too_long'],
  ['text', ['a', 'b'], 'invalid'],
  ['text', [''], 'missing'],
  ['text', ['  \u0000 '], 'missing'],
  ['text', [], 'missing'],
  ['long_text', ['a\nb'], 'taken'],
  ['number', ['0'], 'taken'],
  ['number', ['-12.5'], 'taken'],
  ['number', ['12,5'], 'taken'],
  ['number', ['1e5'], 'invalid'],
  ['number', ['NaN'], 'invalid'],
  ['number', ['Infinity'], 'invalid'],
  ['number', ['0x10'], 'invalid'],
  ['number', ['1 000'], 'invalid'],
  ['number', ['9'.repeat(16)], 'invalid'],
  ['date', ['2026-12-01'], 'taken'],
  ['date', ['2028-02-29'], 'taken'],
  ['date', ['2026-02-29'], 'invalid'],
  ['date', ['2026-02-30'], 'invalid'],
  ['date', ['2026-04-31'], 'invalid'],
  ['date', ['2026-13-01'], 'invalid'],
  ['date', ['01.12.2026'], 'invalid'],
  ['date', ['2026-12-01T00:00'], 'invalid'],
  ['url', ['https://example.com/x?y=1'], 'taken'],
  ['url', ['http://example.com'], 'taken'],
  ['url', ['javascript:alert(1)'], 'invalid'],
  ['url', ['data:text/html,x'], 'invalid'],
  ['url', ['example'], 'invalid'],
  ['url', ['acme.com'], 'taken'],
  ['url', ['acme.com:8080/x?y'], 'taken'],
  ['url', ['acme.com/javascript:x'], 'taken'],
  ['url', ['acme,com'], 'invalid'],
  ['email', ['ann@example.com'], 'taken'],
  ['email', ['ann'], 'invalid'],
  ['phone', ['(212) 555-0123'], 'taken'],
  ['phone', ['123'], 'invalid'],
  ['rating', ['1'], 'taken'],
  ['rating', ['10'], 'taken'],
  ['rating', ['0'], 'invalid'],
  ['rating', ['11'], 'invalid'],
  ['rating', ['5.5'], 'invalid'],
  ['checkbox', ['true'], 'taken'],
  ['checkbox', ['on'], 'invalid'],
  ['checkbox', [], 'missing'],
  ['single', ['A'], 'taken', true],
  ['single', ['B '], 'taken', true],
  ['single', ['B'], 'not_an_option', true],
  ['single', ['a'], 'not_an_option', true],
  ['single', ['O'], 'not_an_option', true],
  ['single', ['A', 'B '], 'invalid', true],
  ['select', ['Ö & <b>'], 'taken', true],
  ['select', ['C'], 'not_an_option', true],
  ['select', ['__proto__'], 'not_an_option', true],
  ['multiple', ['A', 'B '], 'taken', true],
  ['multiple', ['A', 'C'], 'not_an_option', true],
  ['multiple', ['A', 'A'], 'invalid', true],
  ['multiple', [], 'missing', true],
];
for (const [type, given, expected, hasOptions] of kinds) {
  test(`${type} ${JSON.stringify(given).slice(0, 50)} ⇒ ${expected}`, () => {
    const question: Question = { id: 'q', type, label: 'Q', required: true, ...(hasOptions ? { options } : {}) };
    const { answers, missing, faults } = checkAnswers([question], { q: given }, 'US');
    assert.equal(faults.q ?? (missing.q ? 'missing' : answers.q ? 'taken' : 'lost'), expected);
    const optional = checkAnswers([{ ...question, required: false }], { q: given }, 'US');
    assert.equal(
      optional.faults.q ?? (optional.answers.q ? 'taken' : 'missing'),
      expected,
      'the same where it is optional',
    );
    assert.deepEqual(optional.missing, {});
  });
}

test('a website without a scheme ⇒ https', () => {
  const website: Question = { id: 'q', type: 'url', label: 'Q', required: true };
  assert.deepEqual(checkAnswers([website], { q: [' acme.com/x '] }, 'US').answers, { q: ['https://acme.com/x'] });
});

const size: Question = {
  id: 'size',
  type: 'single',
  label: '',
  required: true,
  options: [{ value: '1' }, { value: '2+' }],
};
const team: Question = { id: 'team', type: 'text', label: '', required: true, showIf: { id: 'size', is: ['2+'] } };
const lead: Question = { id: 'lead', type: 'text', label: '', required: true, showIf: { id: 'team', is: ['X'] } };
const source: Question = { id: 'source', type: 'text', label: '', required: false, hidden: true };
const shown: [Record<string, string[]>, Record<string, string[]>, object, object][] = [
  [{ size: ['1'] }, { size: ['1'] }, {}, {}],
  [{ size: ['1'], team: ['smuggled'] }, { size: ['1'] }, {}, {}],
  [{ size: ['2+'] }, { size: ['2+'] }, { team: 'required' }, {}],
  [{ size: ['2+'], team: ['Y'] }, { size: ['2+'], team: ['Y'] }, {}, {}],
  [{ size: ['2+'], team: ['X'] }, { size: ['2+'], team: ['X'] }, { lead: 'required' }, {}],
  [{ size: ['1'], team: ['X'], lead: ['z'] }, { size: ['1'] }, {}, {}],
  [{ size: ['9'], team: ['Y'] }, {}, {}, { size: 'not_an_option' }],
  [{ team: ['Y'] }, {}, { size: 'required' }, {}],
  [{ size: ['1'], source: ['ad'] }, { size: ['1'], source: ['ad'] }, {}, {}],
  [{ size: ['1'], invented: ['x'] }, { size: ['1'] }, {}, { invented: 'invalid' }],
  [{ size: ['1'], toString: ['x'] }, { size: ['1'] }, {}, { toString: 'invalid' }],
];
for (const [given, answers, missing, faults] of shown) {
  test(`${JSON.stringify(given)} ⇒ ${JSON.stringify(answers)} ${JSON.stringify({ ...missing, ...faults })}`, () => {
    assert.deepEqual(checkAnswers([size, team, lead, source], given, undefined), { answers, missing, faults });
  });
}

const masks: [ContactFields, ContactFields][] = [
  [{ email: 'jane.doe@acme.com' }, { email: 'j•••@acme.com' }],
  [{ email: 'j@acme.com' }, { email: 'j•••@acme.com' }],
  [{ phone: '+12125550123' }, { phone: '•••23' }],
  [{ name: 'Jane Doe' }, { name: 'J•••' }],
  [
    { first_name: '👩🏽 Jane', last_name: 'Ö' },
    { first_name: '👩•••', last_name: 'Ö•••' },
  ],
  [{}, {}],
];
for (const [contact, masked] of masks) {
  test(`${JSON.stringify(contact)} ⇒ ${JSON.stringify(masked)}`, () => assert.deepEqual(mask(contact), masked));
}
