/** Words for times: by zone and locale, never by the machine. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { offsetText } from '../../widget/parts/ends/zone.ts';
import {
  dateText,
  englishLocale,
  isTimeZone,
  monthText,
  momentText,
  timeText,
  weekdayNames,
  weekStartOf,
  withHours,
  zoneText,
} from '../../widget/time.ts';
import { rangeText } from '../../widget/range.ts';

/** ICU writes some blanks narrow. */
const plain = (text: string) => text.replace(/[\u202f\u00a0\u2009]/g, ' ');

const times: [string, string, string, string][] = [
  ['2027-03-11T04:30Z', 'en-US', 'Asia/Kolkata', '10:00 AM'],
  ['2027-03-11T04:30Z', 'en-GB', 'Asia/Kolkata', '10:00'],
  ['2027-03-11T04:30Z', 'en-DE', 'Europe/Berlin', '05:30'],
  ['2027-07-11T04:30Z', 'en-GB', 'Europe/Berlin', '06:30'],
  ['2027-03-11T04:30Z', 'en-US', 'America/New_York', '11:30 PM'],
];
/** Times that a clock shows twice are told apart, wherever they stand; the day's other times stay short. */
times.push(
  ['2026-11-01T05:30Z', 'en-US', 'America/New_York', '1:30 AM EDT'],
  ['2026-11-01T06:30Z', 'en-US', 'America/New_York', '1:30 AM EST'],
  ['2026-11-01T05:30Z', 'en-GB', 'America/New_York', '01:30 GMT-4'],
  ['2026-11-01T07:00Z', 'en-US', 'America/New_York', '2:00 AM'],
  ['2026-11-01T04:30Z', 'en-US', 'America/New_York', '12:30 AM'],
  ['2027-04-03T15:00Z', 'en-GB', 'Australia/Lord_Howe', '01:30 GMT+10:30'],
  ['2027-04-03T14:30Z', 'en-GB', 'Australia/Lord_Howe', '01:30 GMT+11'],
  ['2026-10-24T22:30Z', 'en-GB', 'Europe/Berlin', '00:30'],
  ['2026-10-24T20:30Z', 'en-GB', 'Asia/Beirut', '23:30 EEST'],
  ['2026-10-24T21:30Z', 'en-GB', 'Asia/Beirut', '23:30 EET'],
  ['2026-10-24T22:00Z', 'en-GB', 'Asia/Beirut', '00:00'],
  ['2027-03-14T07:00Z', 'en-US', 'America/New_York', '3:00 AM'],
  ['2026-11-01T05:30Z', 'en-US-u-hc-h23', 'America/New_York', '01:30 EDT'],
  ['2027-03-11T18:30Z', 'en-US-u-hc-h23', 'Asia/Kolkata', '00:00'],
  ['2027-03-11T18:30Z', 'en-GB-u-hc-h12', 'Asia/Kolkata', '12:00 am'],
);
for (const [instant, locale, zone, text] of times) {
  test(`${instant}, ${locale}, ${zone} ⇒ ${text}`, () => assert.equal(plain(timeText(instant, locale, zone)), text));
}

test('a moment ⇒ day and time, with the comma of its script', () => {
  assert.equal(plain(momentText('2027-03-11T04:30Z', 'en-US', 'Asia/Kolkata')), 'Thu, Mar 11, 10:00 AM');
  assert.match(plain(momentText('2027-03-11T04:30Z', 'ar-EG', 'Asia/Kolkata')), /^[^,]+، ١٠:٠٠ ص$/);
});

test('a range ⇒ both ends; without an end ⇒ one time', () => {
  assert.equal(
    plain(rangeText(timeText, '2027-03-11T04:30Z', '2027-03-11T05:00Z', 'en-US', 'Asia/Kolkata')),
    '10:00 – 10:30 AM',
  );
  assert.equal(plain(rangeText(timeText, '2027-03-11T04:30Z', undefined, 'en-US', 'Asia/Kolkata')), '10:00 AM');
});

const ranges: [string, string, string, string][] = [
  ['2026-11-01T05:30Z', '2026-11-01T06:00Z', 'en-US', '1:30 AM EDT – 1:00 AM EST'],
  ['2026-11-01T05:30Z', '2026-11-01T06:30Z', 'en-US', '1:30 AM EDT – 1:30 AM EST'],
  ['2026-11-01T04:45Z', '2026-11-01T05:15Z', 'en-US', '12:45 AM – 1:15 AM EDT'],
  ['2026-11-03T04:45Z', '2026-11-03T05:15Z', 'en-US', '11:45 PM – 12:15 AM'],
  ['2027-03-14T06:45Z', '2027-03-14T07:15Z', 'en-US', '1:45 – 3:15 AM'],
  ['2027-03-11T14:30Z', '2027-03-11T15:00Z', 'en-US-u-hc-h23', '09:30 – 10:00'],
];
for (const [startsAt, endsAt, locale, text] of ranges)
  test(`${startsAt} to ${endsAt} in New York, ${locale} ⇒ ${text}`, () =>
    assert.equal(plain(rangeText(timeText, startsAt, endsAt, locale, 'America/New_York')), text));

test('a day is that day in every zone of the machine', () => {
  assert.equal(dateText('2027-03-11', 'en-US'), 'Thursday, March 11, 2027');
  assert.equal(dateText('2027-03-11T18:30Z', 'en-US', 'Asia/Kolkata'), 'Friday, March 12, 2027');
});

test('weekdays from Monday and from Sunday', () => {
  assert.deepEqual(weekdayNames('en-US', 1), ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']);
  assert.equal(weekdayNames('en-US', 0)[0], 'Sun');
  assert.deepEqual(weekdayNames('ar-EG', 6), ['س', 'ح', 'ن', 'ث', 'ر', 'خ', 'ج']);
  // A short name is the whole word there, which a seventh of a phone does not hold.
  assert.deepEqual(weekdayNames('pt-PT', 1), ['S', 'T', 'Q', 'Q', 'S', 'S', 'D']);
  assert.equal(weekdayNames('pt-BR', 1)[0], 'seg.');
});

test('months are those of the grid, whatever calendar the locale prefers', () => {
  assert.equal(plain(monthText('2027-03', withHours('fa', undefined))), 'مارس ۲۰۲۷');
  assert.match(monthText('2027-03', withHours('th-TH', 'h23')), /2027|๒๐๒๗/);
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
  ['en-gb', 'en-US', 'en-gb'],
  ['zh-hant-tw', 'en-US', 'en-tw'],
  ['pt-BR', 'en-US', 'en-BR'],
  ['zh-Hant-TW', 'zh-TW', 'en-TW'],
  ['es-419', 'fr', 'en'],
  ['', '', 'en'],
];
for (const [page, browser, locale] of locales)
  test(`English words, page ${page}, browser ${browser} ⇒ ${locale}`, () =>
    assert.equal(englishLocale(`${page} ${browser}`), locale));

test('zones have names', () => {
  assert.equal(zoneText('Asia/Kolkata', '2027-03-11T04:30Z', 'en-US', 'long'), 'India Standard Time');
  assert.equal(offsetText('Asia/Kolkata', '2027-03-11T04:30Z', 'en-US'), 'GMT+5:30');
  assert.ok(isTimeZone('Europe/Berlin'));
  assert.ok(!isTimeZone('Mars/Base'));
});
