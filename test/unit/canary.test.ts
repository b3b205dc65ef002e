/** The zone canary: it must speak up when iClosed means another zone than the one asked for, and never without cause. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CANARY_ZONES, type CanaryVerdict, canaryDay, canaryFrom, compareZones } from '../../worker/event/canary.ts';
import type { DatesAnswer } from '../../worker/iclosed/dates.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const at = (text: string) => Date.parse(text);
const offsets = CANARY_ZONES.map(({ offset }) => {
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)/.exec(offset) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * HOUR + Number(minutes) * 60_000);
});

test('the two zones keep their offset all year, and differ by a quarter of an hour', () => {
  for (const [index, { timeZone }] of CANARY_ZONES.entries()) {
    for (const month of ['01', '04', '07', '10']) {
      const instant = at(`2027-${month}-15T12:00:00Z`);
      const wall = new Date(instant).toLocaleString('sv-SE', { timeZone });
      assert.equal(at(`${wall.replace(' ', 'T')}Z`) - instant, offsets[index], timeZone);
    }
  }
  assert.equal(Math.abs((offsets[0] ?? 0) - (offsets[1] ?? 0)) % HOUR, 45 * 60_000);
});

const days: [string, string, string, string][] = [
  ['2026-12-01T12:00:00Z', '2026-12-01', '2026-12-01', '2026-12-01T10:00:00.000Z'],
  ['2026-12-01T09:00:00Z', '2026-12-01', '2026-11-30', '2026-11-30T18:15:00.000Z'],
  ['2026-12-31T20:00:00Z', '2027-01-01', '2026-12-31', '2026-12-31T18:15:00.000Z'],
];
for (const [instant, kathmandu, honolulu, from] of days) {
  test(`${instant} ⇒ ${kathmandu} there, ${honolulu} here, comparable from ${from}`, () => {
    assert.equal(canaryDay(at(instant), 'Asia/Kathmandu'), kathmandu);
    assert.equal(canaryDay(at(instant), 'Pacific/Honolulu'), honolulu);
    assert.equal(new Date(canaryFrom(at(instant))).toISOString(), from);
  });
}

/**
 * What an upstream answers when asked in a canary zone. `misread` is how it understands wall-clock time: in the zone that was
 * asked for (right), or always in one zone of its own, whose offset is given.
 */
function answer(
  truth: readonly number[],
  startsAt: number,
  zone: 0 | 1,
  length: number,
  misread?: number,
): DatesAnswer {
  const offset = offsets[zone] ?? 0;
  const day = canaryDay(startsAt, CANARY_ZONES[zone].timeZone);
  const spoken = misread ?? offset;
  const from = at(`${day}T00:00:00Z`) - spoken;
  const open = truth.filter((each) => each >= from && each < from + length * DAY);
  const instants = open.map((each) => each + spoken - offset).sort((a, b) => a - b);
  return { instants, ...(instants.length > 0 ? { lastDay: day } : {}) };
}
function verdict(truth: readonly number[], startsAt: number, length: number, misread?: number): CanaryVerdict {
  const [a, b] = [answer(truth, startsAt, 0, length, misread), answer(truth, startsAt, 1, length, misread)];
  return compareZones(a, b, canaryFrom(startsAt));
}

const START = at('2026-12-01T00:00:00Z');
const truths = fc
  .uniqueArray(fc.integer({ min: 0, max: 45 * 96 }), { minLength: 1, maxLength: 200 })
  .map((quarters) => quarters.map((each) => START + each * 15 * 60_000).sort((a, b) => a - b));
const lengths = fc.integer({ min: 1, max: 31 });

test('an upstream that reads zones right ⇒ never told that it differs, also when the wanted time is just gone', () => {
  fc.assert(
    fc.property(truths, fc.nat(), lengths, fc.boolean(), (truth, pick, length, isGone) => {
      const startsAt = truth[pick % truth.length] ?? START;
      const left = isGone ? truth.filter((each) => each !== startsAt) : truth;
      assert.notEqual(verdict(left, startsAt, length), 'differs');
    }),
    { numRuns: 1_500, seed: 3 },
  );
});

/** Office hours, every half hour from nine to five in the host's zone, Monday to Friday. */
function schedule(hostOffset: number): number[] {
  const list: number[] = [];
  for (let day = 0; day < 45; day += 1) {
    const midnight = START + day * DAY;
    if ([0, 6].includes(new Date(midnight).getUTCDay())) continue;
    for (let half = 18; half < 34; half += 1) list.push(midnight + half * (HOUR / 2) - hostOffset);
  }
  return list;
}

for (const hours of [-8, -5, 0, 1, 5.5, 11]) {
  test(`office hours at UTC${hours < 0 ? '' : '+'}${hours}: read right ⇒ agrees; always in the host’s own zone ⇒ differs`, () => {
    const truth = schedule(hours * HOUR);
    for (const length of [7, 14, 31]) {
      for (const startsAt of [truth[3], truth[60], truth[150]] as number[]) {
        assert.equal(verdict(truth, startsAt, length), 'agrees', `${length} days`);
        assert.equal(verdict(truth, startsAt, length, hours * HOUR), 'differs', `${length} days, misread`);
      }
    }
  });
}

const day = (...instants: number[]): DatesAnswer => ({ instants });
const table: [string, DatesAnswer, DatesAnswer, CanaryVerdict][] = [
  ['nothing at all', day(), day(), 'unknown'],
  ['one empty answer', day(10, 20), day(), 'unknown'],
  ['the same', day(10, 20, 30), day(10, 20, 30), 'agrees'],
  ['one taken in between', day(10, 20, 30), day(10, 30), 'agrees'],
  ['one answer longer than the other', day(10, 20), day(10, 20, 30, 40), 'agrees'],
  ['all else before the comparable time', day(1, 2, 10, 20), day(10, 20), 'agrees'],
  ['two that differ', day(10, 20, 30), day(10, 21, 30), 'differs'],
  ['all shifted', day(10, 20, 30, 40), day(13, 23, 33, 43), 'differs'],
  ['one time each, not the same: nothing in common', day(10), day(20), 'unknown'],
];
for (const [name, a, b, expected] of table) {
  test(`${name} ⇒ ${expected}, both ways round`, () => {
    assert.equal(compareZones(a, b, 5), expected);
    assert.equal(compareZones(b, a, 5), expected);
  });
}
