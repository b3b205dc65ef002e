/** Words for times: by zone and locale, never by the machine. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  dateText,
  englishLocale,
  isTimeZone,
  rangeText,
  timeText,
  weekdayNames,
  weekStartOf,
  zoneText,
} from '../../widget/time.ts';

/** ICU writes some blanks narrow. */
const plain = (text: string) => text.replace(/[\u202f\u00a0\u2009]/g, ' ');

const times: [string, string, string, string][] = [
  ['2027-03-11T04:30Z', 'en-US', 'Asia/Kolkata', '10:00 AM'],
  ['2027-03-11T04:30Z', 'en-GB', 'Asia/Kolkata', '10:00'],
  ['2027-03-11T04:30Z', 'en-DE', 'Europe/Berlin', '05:30'],
  ['2027-07-11T04:30Z', 'en-GB', 'Europe/Berlin', '06:30'],
  ['2027-03-11T04:30Z', 'en-US', 'America/New_York', '11:30 PM'],
];
for (const [instant, locale, zone, text] of times) {
  test(`${instant}, ${locale}, ${zone} ⇒ ${text}`, () => assert.equal(plain(timeText(instant, locale, zone)), text));
}

test('a range ⇒ both ends; without an end ⇒ one time', () => {
  assert.equal(plain(rangeText('2027-03-11T04:30Z', '2027-03-11T05:00Z', 'en-US', 'Asia/Kolkata')), '10:00 – 10:30 AM');
  assert.equal(plain(rangeText('2027-03-11T04:30Z', undefined, 'en-US', 'Asia/Kolkata')), '10:00 AM');
});

test('a day is that day in every zone of the machine', () => {
  assert.equal(dateText('2027-03-11', 'en-US'), 'Thursday, March 11, 2027');
  assert.equal(dateText('2027-03-11T18:30Z', 'en-US', 'Asia/Kolkata'), 'Friday, March 12, 2027');
});

test('weekdays from Monday and from Sunday', () => {
  assert.deepEqual(weekdayNames('en-US', 1), ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']);
  assert.equal(weekdayNames('en-US', 0)[0], 'Sun');
  assert.deepEqual(weekdayNames('ar-EG', 6), ['س', 'ح', 'ن', 'ث', 'ر', 'خ', 'ج']);
});

const starts: [string, number][] = [
  ['en-US', 0],
  ['en-GB', 1],
  ['en-DE', 1],
  ['ar-EG', 6],
];
for (const [locale, day] of starts)
  test(`first weekday of ${locale} ⇒ ${day}`, () => assert.equal(weekStartOf(locale), day));

const locales: [string, string, string][] = [
  ['en', 'en-IN', 'en-IN'],
  ['en', 'de-DE', 'en-DE'],
  ['en-GB', 'en-US', 'en-GB'],
  ['pt-BR', 'en-US', 'en-BR'],
  ['zh-Hant-TW', 'zh-TW', 'en-TW'],
  ['es-419', 'fr', 'en'],
  ['', '', 'en'],
];
for (const [page, browser, locale] of locales)
  test(`English words, page ${page}, browser ${browser} ⇒ ${locale}`, () =>
    assert.equal(englishLocale(page + browser), locale));

test('zones have names', () => {
  assert.equal(zoneText('Asia/Kolkata', '2027-03-11T04:30Z', 'en-US', 'long'), 'India Standard Time');
  assert.equal(zoneText('Asia/Kolkata', '2027-03-11T04:30Z', 'en-US', 'shortOffset'), 'GMT+5:30');
  assert.ok(isTimeZone('Europe/Berlin'));
  assert.ok(!isTimeZone('Mars/Base'));
});
