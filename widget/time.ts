/**
 * Words for instants, days and zones, all by `Intl` with formatters made once per locale, zone and shape. Times are always
 * written for a named zone; nothing here reads the machine's own zone except `visitorZone`.
 */
import { count } from './count.ts';
import type { HourCycle } from './state.ts';

/** Formatters of one shape, each made once: a cell of the calendar never costs one. */
function formatter(shape: Intl.DateTimeFormatOptions) {
  const made: Record<string, Intl.DateTimeFormat> = {};
  return (locale: string, timeZone: string) =>
    (made[locale + timeZone] ??= new Intl.DateTimeFormat(locale, { timeZone, ...shape }));
}

/**
 * A way of writing an instant in a zone, or a day (`YYYY-MM-DD`) or month (`YYYY-MM`) when no zone is given. Each text is made once:
 * a month is drawn anew at every press.
 */
export function written(shape: Intl.DateTimeFormatOptions) {
  const format = formatter(shape);
  const made: Record<string, string> = {};
  return (when: string | number, locale: string, timeZone = 'UTC') =>
    (made[when + locale + timeZone] ??= format(locale, timeZone).format(new Date(when)));
}

const clockText = written({ timeStyle: 'short' });
/** `Thursday, March 11, 2027` */
export const dateText = written({ dateStyle: 'full' });
/** `Thu, Mar 11` */
export const shortDateText = written({ weekday: 'short', month: 'short', day: 'numeric' });
/** `Thursday, March 11` */
export const dayText = written({ weekday: 'long', month: 'long', day: 'numeric' });
/** `March 2027` */
export const monthText = written({ month: 'long', year: 'numeric' });
/** The number of a day in the locale's digits. */
export const dayNumberText = written({ day: 'numeric' });

const HALF_HOUR_MS = 1_800_000;
/** By how much a clock is set back somewhere: half an hour (Lord Howe), an hour, two (Troll). */
const SET_BACK_HALF_HOURS = [-4, -2, -1, 1, 2, 4];

/** `10:00 AM` or `10:00`, as the locale writes it; `1:30 AM EDT` where that day's clock shows 1:30 twice. */
export function timeText(when: string | number, locale: string, timeZone: string): string {
  const text = clockText(when, locale, timeZone);
  const shifted = (halfHours: number) => clockText(+new Date(when) + halfHours * HALF_HOUR_MS, locale, timeZone);
  const isTwice = SET_BACK_HALF_HOURS.some((halfHours) => shifted(halfHours) === text);
  return isTwice ? `${text} ${zoneText(timeZone, when, locale, 'short')}` : text;
}

/** `Thu, Mar 11, 10:00 AM` */
export function momentText(instant: string, locale: string, timeZone: string): string {
  const comma = locale.startsWith('ar') ? '،' : ',';
  return `${shortDateText(instant, locale, timeZone)}${comma} ${timeText(instant, locale, timeZone)}`;
}

const weekdayText = written({ weekday: 'short' });
const weekdayLetter = written({ weekday: 'narrow' });

/** Short names of the weekdays from `weekStart` (0 Sunday) on; single letters where a short one is the whole word (Arabic, Portugal). */
export function weekdayNames(locale: string, weekStart: number): string[] {
  const sunday = Date.UTC(2024, 8, 1);
  const name = weekdayText(sunday, locale)[4] ? weekdayLetter : weekdayText;
  return count(7).map((index) => name(sunday + (weekStart + index) * 86_400_000, locale));
}

const zoneNames = {
  long: formatter({ timeZoneName: 'long' }),
  short: formatter({ timeZoneName: 'short' }),
};

/** `India Standard Time`, `EDT`: the zone's name at that instant. */
export function zoneText(timeZone: string, instant: string | number, locale: string, style: keyof typeof zoneNames) {
  const parts = zoneNames[style](locale, timeZone).formatToParts(new Date(instant));
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? timeZone;
}

/** Monday where the platform cannot say. 0 Sunday … 6 Saturday. */
export function weekStartOf(locale: string): number {
  const found = new Intl.Locale(locale) as Intl.Locale & {
    getWeekInfo?(): { firstDay: number };
    weekInfo?: { firstDay: number };
  };
  return ((found.getWeekInfo?.() ?? found.weekInfo)?.firstDay ?? 1) % 7;
}

export function visitorZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
}

export function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}

/**
 * How dates are written in English words: in the region that the page names, else the browser's, so that a German's English widget
 * still says 14:00 and starts its weeks on Monday.
 * @param tags Of the page and the browser, one after the other.
 */
export function englishLocale(tags: string): string {
  return `en${/-[a-z]{2}\b/i.exec(tags)?.[0] ?? ''}`;
}

/** The locale with the visitor's own choice of 12 or 24 hours, in which all times are then written, by the calendar of the grid. */
export function withHours(locale: string, hourCycle: HourCycle | undefined): string {
  return String(new Intl.Locale(locale, { calendar: 'gregory', hourCycle }));
}
