/** Where the keys of the month's grid lead, by the day's column in its week. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dayAfterKey } from '../../widget/parts/hints/grid.ts';

/** Weeks from Monday: March 11, 2027 is a Thursday. */
const cases: [day: string, key: string, column: number, isRightToLeft: boolean, to: string | undefined][] = [
  ['2027-03-11', 'ArrowRight', 3, false, '2027-03-12'],
  ['2027-03-11', 'ArrowRight', 3, true, '2027-03-10'],
  ['2027-03-11', 'ArrowLeft', 3, true, '2027-03-12'],
  ['2027-03-31', 'ArrowRight', 2, false, '2027-04-01'],
  ['2027-03-01', 'ArrowLeft', 0, false, '2027-02-28'],
  ['2027-03-11', 'ArrowDown', 3, false, '2027-03-18'],
  ['2027-03-11', 'ArrowUp', 3, false, '2027-03-04'],
  ['2027-03-11', 'Home', 3, false, '2027-03-08'],
  ['2027-03-11', 'Home', 4, false, '2027-03-07'],
  ['2027-03-11', 'End', 3, false, '2027-03-14'],
  ['2027-03-14', 'End', 6, false, '2027-03-14'],
  ['2027-01-31', 'PageDown', 6, false, '2027-02-28'],
  ['2028-03-31', 'PageUp', 4, false, '2028-02-29'],
  ['2026-12-15', 'PageDown', 1, false, '2027-01-15'],
  ['2027-01-31', 'PageUp', 6, false, '2026-12-31'],
  ['2027-03-28', 'ArrowRight', 6, false, '2027-03-29'],
  ['2027-03-11', 'Enter', 3, false, undefined],
  ['2027-03-11', 'a', 3, false, undefined],
];
for (const [day, key, column, isRightToLeft, to] of cases) {
  test(`${day} ${key}${isRightToLeft ? ' right to left' : ''} in column ${column} ⇒ ${to}`, () => {
    assert.equal(dayAfterKey(day, key, column, isRightToLeft), to);
  });
}
