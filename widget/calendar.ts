/**
 * Days and months as the visitor's calendar shows them. Pure: instants and zones come in, ISO strings go out
 * (`YYYY-MM-DD` a local day, `YYYY-MM` a month); knows no DOM and no clock. Day arithmetic is done in UTC, where every day
 * has 24 hours; only `localDay` and `localHour` look at a zone.
 */
import { count } from './count.ts';
import { written } from './time.ts';

const DAY_MS = 86_400_000;

const digits = written({ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', hourCycle: 'h23' });

/** `2027-03-11 23`, as Swedes write it: one text is made much faster than the parts of one. */
function clockAt(instant: string | number, timeZone: string): string {
  return digits(instant, 'sv-u-ca-gregory-nu-latn', timeZone);
}

/** The day on which an instant falls in a zone. */
export function localDay(instant: string | number, timeZone: string): string {
  return clockAt(instant, timeZone).slice(0, 10);
}

/** The hour (0–23) that a clock in the zone shows at an instant. */
export function localHour(instant: string | number, timeZone: string): number {
  return Number(clockAt(instant, timeZone).slice(-2));
}

export function monthOf(day: string): string {
  return day.slice(0, 7);
}

/** The first characters of an instant as ISO 8601 writes it in UTC: 7 for the month, 10 for the day, 16 for the minute. */
export function isoText(instant: string | number, length: number): string {
  return new Date(instant).toISOString().slice(0, length);
}

/** The month `count` months later (earlier when negative). */
export function addMonths(month: string, count: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return isoText(Date.UTC(year, number - 1 + count), 7);
}

export function addDays(day: string, count: number): string {
  return isoText(Date.parse(day) + count * DAY_MS, 10);
}

/** 0 Sunday … 6 Saturday. */
export function weekdayOf(day: string): number {
  return new Date(day).getUTCDay();
}

export function daysIn(month: string): number {
  return Number(addDays(`${addMonths(month, 1)}-01`, -1).slice(8));
}

/**
 * The weeks of a month, each of seven days; `undefined` where the week belongs to another month.
 * @param weekStart 0 Sunday … 6 Saturday.
 */
export function monthGrid(month: string, weekStart: number): (string | undefined)[][] {
  const first = `${month}-01`;
  const before = (weekdayOf(first) - weekStart + 7) % 7;
  const days = daysIn(month);
  return count(Math.ceil((before + days) / 7)).map((week) =>
    count(7).map((column) => {
      const index = week * 7 + column - before;
      return index < 0 || index >= days ? undefined : addDays(first, index);
    }),
  );
}

const worked = new WeakMap<readonly string[], { zone: string; days: Map<string, string[]> }>();

/** Instants by local day, both in order; worked out once for a list, until another zone is asked for. */
export function byDay(slots: readonly string[], timeZone: string): Map<string, string[]> {
  const known = worked.get(slots);
  if (known?.zone === timeZone) return known.days;
  const days = new Map<string, string[]>();
  for (const slot of slots) {
    const day = localDay(slot, timeZone);
    const list = days.get(day);
    if (list) list.push(slot);
    else days.set(day, [slot]);
  }
  worked.set(slots, { zone: timeZone, days });
  return days;
}
