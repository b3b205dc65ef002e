/** Availability as instants: zones with hours that are missing or come twice, and the shapes that iClosed may answer in (P22). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askDates, readDates } from '../../worker/iclosed/dates.ts';

const read = (days: unknown, timeZone = 'UTC') => {
  const answer = readDates({ data: { availabilities: days } }, timeZone);
  return answer && { ...answer, instants: answer.instants.map((each) => new Date(each).toISOString().slice(0, 16)) };
};

const clocks: [zone: string, day: string, time: string, instants: string[]][] = [
  ['UTC', '2026-12-01', '09:00', ['2026-12-01T09:00']],
  ['Europe/Berlin', '2026-12-01', '09:00', ['2026-12-01T08:00']],
  ['Europe/Berlin', '2026-07-01', '09:00', ['2026-07-01T07:00']],
  ['America/New_York', '2026-12-01', '22:00', ['2026-12-02T03:00']],
  ['Australia/Lord_Howe', '2026-12-01', '09:00', ['2026-11-30T22:00']],
  ['Australia/Lord_Howe', '2026-07-01', '09:00', ['2026-06-30T22:30']],
  ['Asia/Kathmandu', '2026-12-01', '00:00', ['2026-11-30T18:15']],
  ['Pacific/Apia', '2026-12-01', '09:00', ['2026-11-30T20:00']],
  // the hour that is missing
  ['America/New_York', '2026-03-08', '01:59', ['2026-03-08T06:59']],
  ['America/New_York', '2026-03-08', '02:00', []],
  ['America/New_York', '2026-03-08', '02:30', []],
  ['America/New_York', '2026-03-08', '02:59', []],
  ['America/New_York', '2026-03-08', '03:00', ['2026-03-08T07:00']],
  ['Europe/Berlin', '2026-03-29', '01:30', ['2026-03-29T00:30']],
  ['Europe/Berlin', '2026-03-29', '02:30', []],
  ['Europe/Berlin', '2026-03-29', '03:00', ['2026-03-29T01:00']],
  ['Australia/Lord_Howe', '2026-10-04', '01:59', ['2026-10-03T15:29']],
  ['Australia/Lord_Howe', '2026-10-04', '02:00', []],
  ['Australia/Lord_Howe', '2026-10-04', '02:15', []],
  ['Australia/Lord_Howe', '2026-10-04', '02:30', ['2026-10-03T15:30']],
  // the hour that comes twice
  ['America/New_York', '2026-11-01', '00:59', ['2026-11-01T04:59']],
  ['America/New_York', '2026-11-01', '01:00', ['2026-11-01T05:00', '2026-11-01T06:00']],
  ['America/New_York', '2026-11-01', '01:30', ['2026-11-01T05:30', '2026-11-01T06:30']],
  ['America/New_York', '2026-11-01', '02:00', ['2026-11-01T07:00']],
  ['Europe/Berlin', '2026-10-25', '01:59', ['2026-10-24T23:59']],
  ['Europe/Berlin', '2026-10-25', '02:30', ['2026-10-25T00:30', '2026-10-25T01:30']],
  ['Europe/Berlin', '2026-10-25', '03:00', ['2026-10-25T02:00']],
  ['Australia/Lord_Howe', '2026-04-05', '01:29', ['2026-04-04T14:29']],
  ['Australia/Lord_Howe', '2026-04-05', '01:30', ['2026-04-04T14:30', '2026-04-04T15:00']],
  ['Australia/Lord_Howe', '2026-04-05', '02:00', ['2026-04-04T15:30']],
  // the zone that is asked by default has neither
  ['UTC', '2026-03-29', '02:30', ['2026-03-29T02:30']],
  ['UTC', '2026-10-25', '02:30', ['2026-10-25T02:30']],
];
for (const [zone, day, time, instants] of clocks) {
  test(`${day} ${time} in ${zone} ⇒ ${instants.join(' and ') || 'no such time'}`, () => {
    assert.deepEqual(read({ [day]: [time] }, zone)?.instants, instants);
  });
}

const D = '2026-12-01';
const entries: [unknown, string[]][] = [
  ['09:00', ['09:00']],
  ['9:00', ['09:00']],
  ['09:00:00', ['09:00']],
  [' 09:00 ', ['09:00']],
  [{ time: '09:00' }, ['09:00']],
  [{ startTime: '9:05' }, ['09:05']],
  [{ start: '2026-12-01T10:00:00+01:00' }, ['09:00']],
  ['2026-12-01T09:00:00Z', ['09:00']],
  ['2026-12-01T09:00:00.000Z', ['09:00']],
  ['2026-12-01T04:00:00-05:00', ['09:00']],
  ['25:00', []],
  ['09:60', []],
  ['9', []],
  ['soon', []],
  ['', []],
  [900, []],
  [null, []],
  [{ at: '09:00' }, []],
  [['09:00'], []],
];
for (const [entry, times] of entries) {
  test(`an entry ${JSON.stringify(entry)} ⇒ ${times.join() || 'nothing'}`, () => {
    assert.deepEqual(
      read({ [D]: [entry] })?.instants.map((each) => each.slice(11)),
      times,
    );
  });
}

test('unsorted, repeated and over several days ⇒ sorted, each once', () => {
  const answer = read({ '2026-12-02': ['10:00', '09:00'], [D]: ['15:30', '9:00', '09:00', { time: '15:30' }] });
  assert.deepEqual(answer, {
    instants: ['2026-12-01T09:00', '2026-12-01T15:30', '2026-12-02T09:00', '2026-12-02T10:00'],
    lastDay: '2026-12-02',
  });
});

const shapes: [unknown, object | undefined][] = [
  [{ data: { availabilities: { [D]: ['09:00'] } } }, { count: 1, lastDay: D }],
  [{ data: { eventDates: { availabilities: { [D]: ['09:00'] } } } }, { count: 1, lastDay: D }],
  [{ data: { data: { availabilities: { [D]: ['09:00'] } } } }, { count: 1, lastDay: D }],
  [{ availabilities: { [D]: ['09:00'] } }, { count: 1, lastDay: D }],
  [{ data: { availabilities: {} } }, { count: 0, lastDay: undefined }],
  [{ data: { availabilities: { [D]: [] } } }, { count: 0, lastDay: D }],
  [{ data: { availabilities: { [D]: null } } }, { count: 0, lastDay: D }],
  [{ data: { availabilities: { isPreview: true, '1/12/2026': ['09:00'] } } }, { count: 0, lastDay: undefined }],
  [{ data: { availabilities: null } }, undefined],
  [{ data: {} }, undefined],
  [{}, undefined],
  [null, undefined],
  ['<html>', undefined],
];
for (const [body, expected] of shapes) {
  test(`${JSON.stringify(body)} ⇒ ${expected ? JSON.stringify(expected) : 'no answer'}`, () => {
    const answer = readDates(body, 'UTC');
    assert.deepEqual(answer && { count: answer.instants.length, lastDay: answer.lastDay }, expected);
  });
}

test('the question names event, zone and day, and hosts only where there are any', () => {
  const query = { event: 'acme/x', timeZone: 'UTC', day: D, hosts: '' };
  assert.deepEqual(askDates(query).body, { linkPrefix: 'acme/x', timeZone: 'UTC', currentDate: D });
  assert.deepEqual(askDates({ ...query, hosts: '3,4' }).body, {
    linkPrefix: 'acme/x',
    timeZone: 'UTC',
    currentDate: D,
    conditionalUsers: '3,4',
  });
});
