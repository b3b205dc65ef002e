/**
 * Words for instants, days and zones, all by `Intl` with formatters made once per locale, zone and shape. Times are always
 * written for a named zone; nothing here reads the machine's own zone except `visitorZone`.
 */

const formats = new Map<string, Intl.DateTimeFormat>();

/** The formatter of that shape, made once. */
export function format(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options);
  let made = formats.get(key);
  if (!made) {
    made = new Intl.DateTimeFormat(locale, options);
    formats.set(key, made);
  }
  return made;
}

/** A way of writing an instant in a zone, or a day (`YYYY-MM-DD`) or month (`YYYY-MM`) when no zone is given. */
function written(options: Intl.DateTimeFormatOptions) {
  return (when: string | number, locale: string, timeZone = 'UTC') =>
    format(locale, { timeZone, ...options }).format(new Date(when));
}

/** `10:00 AM` or `10:00`, as the locale writes it. */
export const timeText = written({ timeStyle: 'short' });
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

/** `Thu, Mar 11, 10:00 AM` */
export function momentText(instant: string, locale: string, timeZone: string): string {
  return `${shortDateText(instant, locale, timeZone)}, ${timeText(instant, locale, timeZone)}`;
}

/** `10:00 – 10:30 AM`; one time when the end is not known. */
export function rangeText(instant: string, endsAt: string | undefined, locale: string, timeZone: string): string {
  const range = format(locale, { timeZone, hour: 'numeric', minute: '2-digit' });
  return endsAt ? range.formatRange(new Date(instant), new Date(endsAt)) : timeText(instant, locale, timeZone);
}

/** Short names of the weekdays from `weekStart` (0 Sunday) on; Arabic has none but single letters. */
export function weekdayNames(locale: string, weekStart: number): string[] {
  const sunday = Date.UTC(2024, 8, 1);
  return Array.from({ length: 7 }, (_, index) =>
    written({ weekday: locale.startsWith('ar') ? 'narrow' : 'short' })(
      sunday + (weekStart + index) * 86_400_000,
      locale,
    ),
  );
}

/** `India Standard Time`, `Central European Summer Time`: the zone's name at that instant. */
export function zoneText(timeZone: string, instant: string | number, locale: string, style: 'long' | 'shortOffset') {
  const parts = format(locale, { timeZone, timeZoneName: style }).formatToParts(new Date(instant));
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
  return `en${/-[A-Z]{2}/.exec(tags)?.[0] ?? ''}`;
}
