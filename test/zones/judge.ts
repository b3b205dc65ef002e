/**
 * Promise P22 for one zone: each instant around every change of its clock, and of whole days in January and July, is offered to the
 * widget's own kernels; day, part of the day, label, range and the booked instant are compared with what tzdata says.
 */
import type { PublicEvent, SlotPage } from '../../shared/protocol.ts';
import { addMonths, byDay, isoText, localDay, localHour } from '../../widget/calendar.ts';
import { timesIn } from '../../widget/months.ts';
import { offsetText } from '../../widget/parts/ends/zone.ts';
import { initialState, next, type State } from '../../widget/state.ts';
import { rangeText } from '../../widget/range.ts';
import { timeText } from '../../widget/time.ts';
import { changesOf, FIRST_YEAR, LAST_YEAR, offsetAt, wallClock, type ZoneRule } from './tzdata.ts';

/** What is judged; a control puts a wrong one in its place. */
export const KERNEL = { byDay, localDay, localHour, rangeText, timeText, offsetText, next };
export type Kernel = typeof KERNEL;

export interface Verdict {
  zone: string;
  instants: number;
  changes: number;
  /** What the widget shows otherwise than tzdata, where the platform's own offset is that of tzdata. */
  faults: string[];
  /** Instants about which the platform itself has another offset: another release of tzdata. */
  otherRelease: string[];
}

const MINUTE_MS = 60_000;
const QUARTER_MS = 15 * MINUTE_MS;
const AROUND_MS = 180 * MINUTE_MS;
/** What decides how an instant reads. */
const AROUND = Array.from({ length: 13 }, (_, index) => index * 30 * MINUTE_MS - AROUND_MS);
const CALL_MS = 30 * MINUTE_MS;
const DAY_MS = 1_440 * MINUTE_MS;
const OFFERED_TOGETHER = 25;
/** Hours written with two digits and no word, so that a label can be read back. */
const LOCALE = 'en-GB';
const LOCALE_12 = 'en-US';

const EVENT: PublicEvent = {
  id: 'acme/discovery-call',
  name: 'Discovery Call',
  link: 'https://app.iclosed.io/e/acme/discovery-call',
  mode: 'book',
  flow: 'form-first',
  openSlots: true,
  contact: [],
  questions: [],
};

export function judge(rule: ZoneRule, kernel: Kernel = KERNEL): Verdict {
  const { zone } = rule;
  const all = instantsOf(rule);
  const known = new Map<number, boolean>();
  const isOther = (at: number) => {
    const is = known.get(at) ?? platformOffset(zone, at) !== offsetAt(rule, at);
    known.set(at, is);
    return is;
  };
  const otherRelease = all.filter((at) => AROUND.some((away) => isOther(at + away))).map(written);
  const others = new Set(otherRelease);
  const judged = all.filter((at) => !others.has(written(at)));
  const faults = [
    ...days(rule, judged, kernel),
    ...judged.flatMap((at) => labels(rule, at, kernel)),
    ...chunksOf(judged).flatMap((some) => picks(rule, some, kernel)),
  ];
  return { zone, instants: all.length, changes: changesOf(rule).length, faults, otherRelease };
}

function instantsOf(rule: ZoneRule): number[] {
  const all = new Set<number>();
  const add = (from: number, to: number) => {
    for (let at = Math.ceil(from / QUARTER_MS) * QUARTER_MS; at <= to; at += QUARTER_MS) all.add(at);
  };
  for (const change of changesOf(rule)) add(change - AROUND_MS, change + AROUND_MS);
  for (let year = FIRST_YEAR; year <= LAST_YEAR; year += 1) {
    for (const month of [0, 6]) add(Date.UTC(year, month, 15), Date.UTC(year, month, 15) + DAY_MS);
  }
  return [...all].sort((a, b) => a - b);
}

/** As the protocol writes it. */
function written(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 16)}Z`;
}

/** Not by the widget's kernel: only to tell another release of tzdata from a fault of ours. */
function platformOffset(zone: string, atMs: number): number {
  const parts = offsetShape({ timeZone: zone, timeZoneName: 'longOffset' }).formatToParts(atMs);
  return minutesIn(parts.find(({ type }) => type === 'timeZoneName')?.value ?? '');
}

let lastShape: { zone: string; shape: Intl.DateTimeFormat } | undefined;
function offsetShape(options: { timeZone: string; timeZoneName: 'longOffset' }): Intl.DateTimeFormat {
  if (lastShape?.zone !== options.timeZone)
    lastShape = { zone: options.timeZone, shape: new Intl.DateTimeFormat('en-US', options) };
  return lastShape.shape;
}

/** Each instant on its day, once, in order; and no two of a day read alike. */
function days(rule: ZoneRule, instants: readonly number[], kernel: Kernel): string[] {
  const expected = new Map<string, string[]>();
  for (const at of instants) {
    const day = wallClock(rule, at).slice(0, 10);
    expected.set(day, [...(expected.get(day) ?? []), written(at)]);
  }
  const got = kernel.byDay(instants.map(written), rule.zone);
  const faults: string[] = [];
  if (JSON.stringify([...got]) !== JSON.stringify([...expected])) faults.push(`${rule.zone}: the days differ`);
  for (const [day, slots] of expected) {
    for (const locale of [LOCALE, LOCALE_12]) {
      const shown = slots.map((slot) => kernel.timeText(slot, locale, rule.zone));
      if (new Set(shown).size < shown.length) faults.push(`${rule.zone} ${day}: two times read alike in ${locale}`);
    }
  }
  return faults;
}

/** Day, hour, label, range and offset of one instant. */
function labels(rule: ZoneRule, at: number, kernel: Kernel): string[] {
  const { zone } = rule;
  const slot = written(at);
  const clock = wallClock(rule, at);
  const end = wallClock(rule, at + CALL_MS);
  const [from = '', to = ''] = kernel
    .rangeText(timeText, slot, written(at + CALL_MS), LOCALE, zone)
    .split('–')
    .map(timeIn);
  const label = kernel.timeText(slot, LOCALE, zone);
  const compared: [what: string, got: unknown, expected: unknown][] = [
    ['day', kernel.localDay(slot, zone), clock.slice(0, 10)],
    ['hour', kernel.localHour(slot, zone), Number(clock.slice(11, 13))],
    ['label', timeIn(label), clock.slice(11)],
    ['label of 12 hours', twelve(kernel.timeText(slot, LOCALE_12, zone)), clock.slice(11)],
    ['zone named', /\d\d:\d\d \S/.test(label), isTwice(rule, at)],
    ['start', from, clock.slice(11)],
    ['end', to, end.slice(11)],
    ['offset', minutesIn(kernel.offsetText(zone, slot, LOCALE)), offsetAt(rule, at)],
  ];
  return compared
    .filter(([, got, expected]) => got !== expected)
    .map(([what, got, expected]) => `${zone} ${slot}: ${what} is ${String(got)}, not ${String(expected)}`);
}

/** Whether the same wall clock comes twice. */
function isTwice(rule: ZoneRule, at: number): boolean {
  const clock = wallClock(rule, at);
  for (let away = QUARTER_MS; away <= AROUND_MS; away += QUARTER_MS) {
    if (wallClock(rule, at - away) === clock || wallClock(rule, at + away) === clock) return true;
  }
  return false;
}

function timeIn(text: string): string {
  return /\d\d:\d\d/.exec(text)?.[0] ?? text;
}

/** `12:30 AM` is 00:30. */
function twelve(text: string): string {
  const [, hour = '', minute = '', half] = /^(\d+):(\d\d)\s(AM|PM)/u.exec(text) ?? [];
  return `${String((Number(hour) % 12) + (half === 'PM' ? 12 : 0)).padStart(2, '0')}:${minute}`;
}

/** `GMT`, `GMT+5:30` */
function minutesIn(text: string): number {
  const [, sign, hours = '', minutes = '0'] = /^GMT(?:([+-])(\d+)(?::(\d\d))?)?$/.exec(text) ?? [];
  return sign ? (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) : 0;
}

/** What is on offer together, so that a run takes minutes. */
function chunksOf(instants: readonly number[]): number[][] {
  const count = Math.ceil(instants.length / OFFERED_TOGETHER);
  return Array.from({ length: count }, (_, index) =>
    instants.slice(index * OFFERED_TOGETHER, (index + 1) * OFFERED_TOGETHER),
  );
}

/** Picked and confirmed: the request books that very instant, and the calendar stands at its day, where it is listed. */
function picks(rule: ZoneRule, instants: readonly number[], kernel: Kernel): string[] {
  const { zone } = rule;
  const pages = pagesOf(instants);
  const first = instants[0] ?? 0;
  const start = initialState({ attempt: 'a', timeZone: zone, at: first - DAY_MS });
  const ready: State = {
    ...start,
    view: 'times',
    event: EVENT,
    ticket: 't',
    masked: {},
    hasOwnTimes: true,
    hasPaged: true,
    accepted: { answers: '{}' },
    pages,
  };
  return instants.flatMap((at) => {
    const slot = written(at);
    const picked = kernel.next(ready, { type: 'pick', startsAt: slot }, first - DAY_MS);
    const booking = kernel.next(picked, { type: 'confirm' }, first - DAY_MS);
    const day = wallClock(rule, at).slice(0, 10);
    const isListed = picked.day === day && picked.month === day.slice(0, 7) && timesIn(picked, day).includes(slot);
    const isBooked = booking.ask?.payload === JSON.stringify({ startsAt: slot, timeZone: zone });
    return [
      ...(isListed ? [] : [`${zone} ${slot}: picked, but shown on ${picked.day}, not on ${day}`]),
      ...(isBooked ? [] : [`${zone} ${slot}: books ${booking.ask?.payload}`]),
    ];
  });
}

/** As the Worker pages them: a UTC month and a day on both sides. */
function pagesOf(instants: readonly number[]): Record<string, SlotPage> {
  const pages: Record<string, SlotPage> = {};
  const until = written((instants.at(-1) ?? 0) + DAY_MS);
  for (const month of new Set(
    instants.flatMap((at) => [at - DAY_MS, at, at + DAY_MS].map((each) => isoText(each, 7))),
  )) {
    const fromMs = Date.parse(`${month}-01`) - DAY_MS;
    const toMs = Date.parse(`${addMonths(month, 1)}-01`) + DAY_MS;
    const slots = instants.filter((at) => at >= fromMs && at < toMs).map(written);
    pages[month] = { v: 1, month, from: written(fromMs), to: written(toMs), slots, asOf: written(fromMs), until };
  }
  return pages;
}
