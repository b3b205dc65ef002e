/** Mistyped mail domains, and how numbers begin: the kernels of the part `hints`. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { betterAddress, isOneSlip, numberStart } from '../../widget/parts/hints.ts';

describe('addresses', () => {
  const cases: [string, string | undefined][] = [
    ['jane@gmial.com', 'jane@gmail.com'],
    ['jane@gmal.com', 'jane@gmail.com'],
    ['jane@gmaill.com', 'jane@gmail.com'],
    ['jane@gnail.com', 'jane@gmail.com'],
    ['jane@gmail.con', 'jane@gmail.com'],
    ['jane@gmail.co', 'jane@gmail.com'],
    ['jane@gmail.cm', 'jane@gmail.com'],
    ['jane@gmail.comm', 'jane@gmail.com'],
    ['jane@gmailcom', 'jane@gmail.com'],
    ['jane@hotmial.com', 'jane@hotmail.com'],
    ['jane@outlok.com', 'jane@outlook.com'],
    ['jane@iclould.com', 'jane@icloud.com'],
    ['jane@yaho.com', 'jane@yahoo.com'],
    ['jane@yaho.fr', 'jane@yahoo.fr'],
    ['jane@hotmial.es', 'jane@hotmail.es'],
    ['jane@yahoo.co.ul', 'jane@yahoo.co.uk'],
    ['jane@yahoo.couk', 'jane@yahoo.co.uk'],
    ['jane@gmail.om', 'jane@gmail.com'],
    ['jane@outlook.comm', 'jane@outlook.com'],
    ['jane@t-onlin.de', 'jane@t-online.de'],
    ['jane@orage.fr', 'jane@orange.fr'],
    ['jane@live.con', 'jane@live.com'],
    ['jane@msn.vom', 'jane@msn.com'],
    ['jane@livecom', 'jane@live.com'],
    ['jane@gmx.ner', 'jane@gmx.net'],
    ['Jane.Doe+x@GMIAL.com', 'Jane.Doe+x@gmail.com'],
    [' jane@gmial.com ', 'jane@gmail.com'],
    ['jane@gmail.com', undefined],
    ['jane@googlemail.com', undefined],
    ['jane@mail.com', undefined],
    ['jane@ymail.com', undefined],
    ['jane@email.com', undefined],
    ['jane@gmx.com', undefined],
    ['jane@live.de', undefined],
    ['jane@me.com', undefined],
    ['jane@aol.de', undefined],
    ['jane@yahoo.ca', undefined],
    ['jane@hotmail.it', undefined],
    ['jane@acme.com', undefined],
    ['jane@gamil-studio.com', undefined],
    ['jane@', undefined],
    ['@gmial.com', undefined],
    ['gmial.com', undefined],
    ['', undefined],
  ];
  for (const [typed, better] of cases)
    test(`${typed} ⇒ ${better ?? 'as it is'}`, () => assert.equal(betterAddress(typed), better));

  const houses = `
    yahoo.gr yahoo.se yahoo.ie yahoo.pl yahoo.ro yahoo.co.in yahoo.com.mx hotmail.gr hotmail.se hotmail.rs hotmail.no
    orange.es outlook.pt outlook.fr icloud.de live.se live.fr free.be proton.ch gmx.us gmx.at
    msd.com msc.com msi.com mtn.com man.com aon.com all.com axa.com life.com five.com love.com mac.com web.com aim.com
    bell.net cloud.com grail.com wahoo.com`;
  for (const house of houses.trim().split(/\s+/))
    test(`${house} is a house of its own`, () => assert.equal(betterAddress(`jane@${house}`), undefined));
});

describe('one slip', () => {
  const cases: [string, string, boolean][] = [
    ['abc', 'abc', false],
    ['abc', 'abd', true],
    ['abc', 'ab', true],
    ['abc', 'abcc', true],
    ['abc', 'acb', true],
    ['abc', 'bca', false],
    ['abc', 'a', false],
    ['aab', 'ab', true],
    ['abab', 'baba', false],
  ];
  for (const [a, b, is] of cases) test(`${a} ${b} ⇒ ${is}`, () => assert.equal(isOneSlip(a, b), is));
});

describe('numbers', () => {
  const cases: [string | undefined, string | undefined][] = [
    ['DE', '+49 …'],
    ['US', '+1 …'],
    ['DO', '+1 …'],
    ['AE', '+971 …'],
    ['AQ', undefined],
    [undefined, undefined],
  ];
  for (const [country, start] of cases) test(`${country} ⇒ ${start}`, () => assert.equal(numberStart(country), start));
});
