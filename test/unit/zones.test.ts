/**
 * A slice of promise P22, by rules recorded from tzdata (`npm run zones` is the whole): the booked instant is an offered one and is
 * shown right. The controls are kernels with the faults that such code usually has, and must be found out.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import recorded from '../recorded/zones.json' with { type: 'json' };
import { localDay, localHour } from '../../widget/calendar.ts';
import { timeText } from '../../widget/time.ts';
import { judge, KERNEL } from '../zones/judge.ts';
import { offsetAt, type ZoneRule } from '../zones/tzdata.ts';

const rules: ZoneRule[] = recorded.rules;
const verdicts = rules.map((rule) => judge(rule));
const ruleOf = (zone: string) => rules.find((rule) => rule.zone === zone) as ZoneRule;

for (const { zone, changes, instants, faults } of verdicts) {
  test(`${zone}, ${changes} changes of its clock ⇒ ${instants} instants each on its day, told apart, booked as picked`, () => {
    assert.deepEqual(faults, []);
  });
}

test('most of the recorded clocks are those of this platform, and are judged', () => {
  const judged = verdicts.filter(({ otherRelease }) => otherRelease.length === 0);
  assert.ok(judged.length > rules.length / 2, `only ${judged.length} of ${rules.length}`);
});

describe('controls ⇒ found out', () => {
  const newYork = ruleOf('America/New_York');
  /** The zone as it is in January, all year. */
  const fixed = (zone: string) => {
    const minutes = offsetAt(ruleOf(zone), Date.UTC(2026, 0, 15));
    return `${minutes < 0 ? '-' : '+'}${String(Math.abs(minutes) / 60).padStart(2, '0')}:00`;
  };

  test('a fixed offset: the day', () => {
    const kernel = { ...KERNEL, localDay: (at: string | number, zone: string) => localDay(at, fixed(zone)) };
    assert.ok(judge(newYork, kernel).faults.some((fault) => fault.includes('day is')));
  });

  test('a fixed offset: the hour and the label', () => {
    const kernel = {
      ...KERNEL,
      localHour: (at: string | number, zone: string) => localHour(at, fixed(zone)),
      timeText: (at: string | number, locale: string, zone: string) => timeText(at, locale, fixed(zone)),
    };
    const { faults } = judge(newYork, kernel);
    for (const what of ['hour is', 'label is'])
      assert.ok(
        faults.some((fault) => fault.includes(what)),
        what,
      );
  });

  test('labels without the zone in the repeated hour', () => {
    const kernel = {
      ...KERNEL,
      timeText: (at: string | number, locale: string, timeZone: string) =>
        new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone }).format(new Date(at)),
    };
    assert.ok(judge(newYork, kernel).faults.some((fault) => fault.includes('read alike')));
  });

  test('a pick that is booked by its wall clock', () => {
    const kernel: typeof KERNEL = {
      ...KERNEL,
      next: (state, action, at) => {
        const isPick = action.type === 'pick';
        const startsAt = isPick ? action.startsAt.replace('T06', 'T05') : '';
        return KERNEL.next(state, isPick ? { ...action, startsAt } : action, at);
      },
    };
    assert.ok(judge(newYork, kernel).faults.some((fault) => fault.includes('books')));
  });
});
