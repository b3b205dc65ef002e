/** Names as iClosed wants them: two of them, 25 characters each, nothing lost. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ContactFields } from '../../shared/protocol.ts';
import { fullName, iclosedNames } from '../../worker/iclosed/names.ts';

const long = 'Anneliese-Friederike-Charlotte';
const rows: [ContactFields, [string, string] | undefined, string?][] = [
  [{ first_name: 'Ann', last_name: 'Lee' }, ['Ann', 'Lee']],
  [{ first_name: '  Ann ', last_name: ' van  der Lee ' }, ['Ann', 'van der Lee']],
  [{ name: 'Ann Lee' }, ['Ann', 'Lee']],
  [{ name: 'Ann Maria Lee' }, ['Ann Maria', 'Lee']],
  [{ name: 'Cher' }, ['Cher', 'Cher']],
  [{ first_name: 'Ann' }, ['Ann', 'Ann']],
  [{ last_name: 'Lee' }, ['Lee', 'Lee']],
  [{ name: '李小龍' }, ['李小龍', '李小龍']],
  [{}, undefined],
  [{ name: '   ' }, undefined],
  [{ email: 'a@example.com' }, undefined],
  [{ first_name: 'A'.repeat(25), last_name: 'Lee' }, ['A'.repeat(25), 'Lee']],
  [{ first_name: 'A'.repeat(26), last_name: 'Lee' }, ['A'.repeat(25), 'Lee'], `${'A'.repeat(26)} Lee`],
  [{ first_name: long, last_name: 'Lee' }, [long.slice(0, 25), 'Lee'], `${long} Lee`],
  [{ first_name: 'Ann', last_name: 'Lee von und zu Guttenberg' }, ['Ann', 'Lee von und zu Guttenberg']],
  [
    { first_name: 'Ann', last_name: 'Lee von und zum Guttenberg' },
    ['Ann', 'Lee von und zum'],
    'Ann Lee von und zum Guttenberg',
  ],
  [{ name: `Ann ${'B'.repeat(30)}` }, ['Ann', 'B'.repeat(25)], `Ann ${'B'.repeat(30)}`],
  [{ first_name: '👩🏽'.repeat(13), last_name: 'Lee' }, ['👩🏽'.repeat(12) + '👩', 'Lee'], `${'👩🏽'.repeat(13)} Lee`],
];
for (const [contact, names, uncut] of rows) {
  test(`${JSON.stringify(contact)} ⇒ ${names?.join(' | ')}${uncut ? ', cut' : ''}`, () => {
    const result = iclosedNames(contact);
    assert.deepEqual(result && [result.firstName, result.lastName], names);
    assert.equal(result?.uncut, uncut);
  });
}

const whole: [ContactFields, string | undefined][] = [
  [{ name: ' Ann  Lee ' }, 'Ann Lee'],
  [{ first_name: 'Ann', last_name: 'Lee' }, 'Ann Lee'],
  [{ last_name: 'Lee' }, 'Lee'],
  [{}, undefined],
];
for (const [contact, name] of whole) {
  test(`full name of ${JSON.stringify(contact)} ⇒ ${name}`, () => assert.equal(fullName(contact), name));
}
