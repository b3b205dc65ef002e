/** Days and months of the widget's calendar; the zone is always an argument, so the machine's own must not matter. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { addMonths, byDay, localDay, localHour, monthGrid } from '../../widget/calendar.ts';
import { nearestTo } from '../../widget/parts/hints/nearest.ts';

describe('local day and hour of an instant', () => {
  const cases: [string, string, string, number][] = [
    ['2027-03-11T04:30Z', 'Asia/Kolkata', '2027-03-11', 10],
    ['2027-03-11T18:30Z', 'Asia/Kolkata', '2027-03-12', 0],
    ['2027-03-11T04:30Z', 'America/New_York', '2027-03-10', 23],
    ['2027-03-14T06:59Z', 'America/New_York', '2027-03-14', 1],
    ['2027-03-14T07:00Z', 'America/New_York', '2027-03-14', 3],
    ['2027-11-07T05:30Z', 'America/New_York', '2027-11-07', 1],
    ['2027-11-07T06:30Z', 'America/New_York', '2027-11-07', 1],
    ['2027-04-03T15:30Z', 'Australia/Sydney', '2027-04-04', 2],
    ['2027-04-03T16:30Z', 'Australia/Sydney', '2027-04-04', 2],
    ['2027-03-11T10:00Z', 'Pacific/Kiritimati', '2027-03-12', 0],
    ['2027-03-11T10:00Z', 'Pacific/Pago_Pago', '2027-03-10', 23],
    ['2027-03-11T10:15Z', 'Asia/Kathmandu', '2027-03-11', 16],
    ['2026-09-05T23:30Z', 'America/Santiago', '2026-09-05', 19],
    ['2026-12-31T23:59Z', 'UTC', '2026-12-31', 23],
  ];
  for (const [instant, zone, day, hour] of cases) {
    test(`${instant} in ${zone} ⇒ ${day}, hour ${hour}`, () => {
      assert.equal(localDay(instant, zone), day);
      assert.equal(localHour(instant, zone), hour);
    });
  }
});

describe('month grid', () => {
  const cases: [string, number, number, string, string][] = [
    ['2027-03', 0, 5, '.x', '01'],
    ['2027-03', 1, 5, 'x', '01'],
    ['2027-02', 1, 4, 'x', '01'],
    ['2026-08', 1, 6, '.....x', '01'],
    ['2028-02', 0, 5, '..x', '01'],
  ];
  for (const [month, weekStart, weeks, , first] of cases) {
    test(`${month}, weeks from ${weekStart} ⇒ ${weeks} weeks`, () => {
      const grid = monthGrid(month, weekStart);
      assert.equal(grid.length, weeks);
      assert.ok(grid.every((week) => week.length === 7));
      const days = grid.flat().filter((day) => day !== undefined);
      assert.equal(days[0], `${month}-${first}`);
      assert.deepEqual(days, [...new Set(days)].sort());
      const column = grid[0]?.findIndex((day) => day !== undefined) ?? -1;
      assert.equal((new Date(`${month}-01`).getUTCDay() - weekStart + 7) % 7, column);
    });
  }
});

test('a month later than December ⇒ January', () => {
  assert.equal(addMonths('2026-12', 1), '2027-01');
  assert.equal(addMonths('2027-01', -1), '2026-12');
  assert.equal(addMonths('2027-01', 14), '2028-03');
});

test('instants by local day ⇒ in order, each once, on the right side of midnight', () => {
  const days = byDay(['2027-03-11T18:00Z', '2027-03-11T18:30Z', '2027-03-12T04:00Z'], 'Asia/Kolkata');
  assert.deepEqual(
    [...days],
    [
      ['2027-03-11', ['2027-03-11T18:00Z']],
      ['2027-03-12', ['2027-03-11T18:30Z', '2027-03-12T04:00Z']],
    ],
  );
});

test('nearest to 10:00 of 9:00, 9:30, 11:00, 15:00 ⇒ 9:00, 9:30, 11:00', () => {
  const at = (time: string) => `2027-03-11T${time}Z`;
  assert.deepEqual(
    nearestTo(at('10:00'), ['15:00', '09:00', '11:00', '09:30'].map(at), 3),
    ['09:00', '09:30', '11:00'].map(at),
  );
  assert.deepEqual(nearestTo(at('10:00'), [], 3), []);
});
