/** Which days are asked for, and the walk over short answers: whatever the length of iClosed's windows, the truth comes out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CALLS_PER_REFRESH_AT_MOST, EMPTY_ANCHOR_DAYS, SLOT_LEAD_TIME_MS } from '../../shared/limits.ts';
import {
  bookable,
  dayAfter,
  dayOf,
  horizonEnd,
  instantsOf,
  monthAfter,
  monthOf,
  nearestTo,
  type SlotWindow,
  startWalk,
  stepWalk,
  type Walk,
  windowOf,
} from '../../worker/event/windows.ts';
import { readDates } from '../../worker/iclosed/dates.ts';

const NOW = Date.parse('2026-11-23T19:00:00Z');
const at = (text: string) => Date.parse(text);

const months: [month: string, now: string, days: number, first: string | undefined, last?: string][] = [
  ['2026-11', '2026-11-23T19:00:00Z', 60, '2026-11-23', '2026-12-01'],
  ['2026-12', '2026-11-23T19:00:00Z', 60, '2026-11-30', '2027-01-01'],
  ['2027-01', '2026-11-23T19:00:00Z', 60, '2026-12-31', '2027-01-22'],
  ['2027-02', '2026-11-23T19:00:00Z', 60, undefined],
  ['2027-02', '2026-12-31T19:00:00Z', 31, '2027-01-31', '2027-01-31'],
  ['2026-10', '2026-11-23T19:00:00Z', 60, undefined],
  ['2026-10', '2026-11-01T00:00:00Z', 60, '2026-11-01', '2026-11-01'],
  ['2026-10', '2026-11-02T00:00:00Z', 60, undefined],
  ['2028-02', '2028-01-20T00:00:00Z', 60, '2028-01-31', '2028-03-01'],
  ['2027-03', '2027-03-01T00:00:00Z', 60, '2027-03-01', '2027-04-01'],
  ['2026-11', '2026-11-23T23:59:59.999Z', 1, '2026-11-23', '2026-11-24'],
  ['2026-13', '2026-11-23T19:00:00Z', 60, undefined],
  ['2026-00', '2026-11-23T19:00:00Z', 60, undefined],
  ['', '2026-11-23T19:00:00Z', 60, undefined],
];
for (const [month, now, days, firstDay, lastDay] of months) {
  test(`${month} on ${now}, ${days} days ahead ⇒ ${firstDay ? `${firstDay} to ${lastDay}` : 'nothing'}`, () => {
    assert.deepEqual(windowOf(month, at(now), days), firstDay && { month, firstDay, lastDay });
  });
}

const calendar: [string, string][] = [
  [dayAfter('2028-02-28'), '2028-02-29'],
  [dayAfter('2027-02-28'), '2027-03-01'],
  [dayAfter('2026-12-31'), '2027-01-01'],
  [dayAfter('2026-03-29'), '2026-03-30'],
  [dayAfter('2026-10-25', -1), '2026-10-24'],
  [monthAfter('2026-12'), '2027-01'],
  [monthAfter('2027-01'), '2027-02'],
  [monthOf(at('2026-12-31T23:59:59.999Z')), '2026-12'],
  [dayOf(at('2027-01-01T00:00:00Z')), '2027-01-01'],
];
for (const [result, expected] of calendar) test(`calendar ⇒ ${expected}`, () => assert.equal(result, expected));

/** A stand-in that answers windows of a fixed length; a window without a free time is an empty answer or only empty days. */
function upstream(truth: readonly number[], length: number, namesEmptyDays: boolean) {
  return (anchor: string): unknown => {
    const availabilities: Record<string, string[]> = {};
    for (let day = anchor; day < dayAfter(anchor, length); day = dayAfter(day)) {
      const times = truth
        .filter((each) => dayOf(each) === day)
        .map((each) => new Date(each).toISOString().slice(11, 16));
      if (times.length > 0 || namesEmptyDays) availabilities[day] = times;
    }
    return { data: { availabilities } };
  };
}

function walkAll(window: SlotWindow, ask: (anchor: string) => unknown): Walk {
  let walk = startWalk(window);
  for (let isDone = false; !isDone; ) {
    const answer = readDates(ask(walk.anchor), 'UTC');
    assert.ok(answer);
    ({ isDone, ...walk } = stepWalk(walk, window, answer));
    assert.ok(walk.calls <= CALLS_PER_REFRESH_AT_MOST);
  }
  return walk;
}

const window = windowOf('2026-12', NOW, 60) as SlotWindow;
const within = (instants: readonly number[], { firstDay, lastDay }: SlotWindow) =>
  instants.filter((each) => dayOf(each) >= firstDay && dayOf(each) <= lastDay).sort((a, b) => a - b);

const truths = fc
  .array(
    fc.record({
      gapDays: fc.oneof(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 3, max: 25 })),
      minute: fc.integer({ min: 0, max: 1_439 }),
    }),
    {
      minLength: 30,
      maxLength: 120,
    },
  )
  .map((steps) => {
    let day = '2026-11-20';
    return steps.map(({ gapDays, minute }) => {
      day = dayAfter(day, gapDays);
      return at(`${day}T00:00:00Z`) + minute * 60_000;
    });
  });

test('upstream windows of 2 to 31 days and gaps of weeks ⇒ exactly the true times, whatever the length', () => {
  fc.assert(
    fc.property(truths, fc.integer({ min: 2, max: 31 }), fc.boolean(), (truth, length, namesEmptyDays) => {
      const walk = walkAll(window, upstream(truth, length, namesEmptyDays));
      assert.deepEqual(instantsOf(walk, window), [...new Set(within(truth, window))]);
    }),
    { numRuns: 300, seed: 1 },
  );
});

test('control: a walk that takes an empty answer for the end loses times', () => {
  const truth = [at('2026-12-04T09:00:00Z')];
  const ask = upstream(truth, 2, false);
  assert.equal(readDates(ask(window.firstDay), 'UTC')?.lastDay, undefined);
  assert.deepEqual(instantsOf(walkAll(window, ask), window), truth);
});

test('the anchor day is over and its answer empty, although later days are open ⇒ the later days', () => {
  const today = windowOf('2026-11', NOW, 60) as SlotWindow;
  const truth = [at('2026-11-24T09:00:00Z'), at('2026-11-30T09:00:00Z')];
  const ask = (anchor: string) =>
    anchor === '2026-11-23' ? { data: { availabilities: {} } } : upstream(truth, 31, false)(anchor);
  assert.deepEqual(instantsOf(walkAll(today, ask), today), truth);
});

test(`after ${EMPTY_ANCHOR_DAYS} empty days ⇒ every second day, and the last one always`, () => {
  const anchors: string[] = [];
  const walk = walkAll(window, (anchor) => {
    anchors.push(anchor);
    return { data: { availabilities: {} } };
  });
  const first = Array.from({ length: EMPTY_ANCHOR_DAYS }, (_, index) => dayAfter(window.firstDay, index));
  assert.deepEqual(anchors.slice(0, EMPTY_ANCHOR_DAYS), first);
  assert.deepEqual(
    anchors.slice(EMPTY_ANCHOR_DAYS),
    [9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31, 32].map((day) => dayAfter('2026-11-30', day)),
  );
  assert.deepEqual(walk.instants, []);
});

test('an answer that only speaks of days before its anchor ⇒ counts as empty, the walk goes on', () => {
  const answer = { instants: [at('2026-11-01T09:00:00Z')], lastDay: '2026-11-01' };
  const walk = stepWalk(startWalk(window), window, answer);
  assert.deepEqual([walk.anchor, walk.emptyAnchors, walk.isDone], ['2026-12-01', 1, false]);
  assert.deepEqual(instantsOf(walk, window), []);
});

test('an upstream that never gets on ⇒ the walk still ends', () => {
  const stuck = { instants: [], lastDay: window.firstDay };
  let walk = startWalk(window);
  let isDone = false;
  while (!isDone) ({ isDone, ...walk } = stepWalk(walk, window, stuck));
  assert.ok(walk.calls <= CALLS_PER_REFRESH_AT_MOST);
});

const edges: [string, number, boolean][] = [
  ['in the past', NOW - 1, false],
  ['now', NOW, false],
  ['just too near to be pressed', NOW + SLOT_LEAD_TIME_MS - 1, false],
  ['just far enough', NOW + SLOT_LEAD_TIME_MS, true],
  ['at the horizon', horizonEnd(NOW, 60), true],
  ['behind the horizon', horizonEnd(NOW, 60) + 1, false],
];
for (const [name, instant, isBookable] of edges) {
  test(`a time ${name} ⇒ ${isBookable ? 'bookable' : 'dropped'}`, () => {
    assert.deepEqual(bookable([instant], NOW, 60), isBookable ? [instant] : []);
  });
}

const near: [number[], number, number[]][] = [
  [[], 5, []],
  [[1, 2, 3, 4, 5], 3, [2, 3, 4]],
  [[10, 20, 30, 40], 100, [20, 30, 40]],
  [[40, 10, 30, 20], 12, [10, 20, 30]],
  [[7], 100, [7]],
];
for (const [instants, wanted, expected] of near) {
  test(`nearest to ${wanted} of ${instants.join()} ⇒ ${expected.join()}`, () => {
    const before = [...instants];
    assert.deepEqual(nearestTo(instants, wanted), expected);
    assert.deepEqual(instants, before);
  });
}
