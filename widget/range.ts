/** A call's time from its beginning to its end. Belongs to the parts `hints` and `ends`. */
import type { timeText } from './time.ts';

/**
 * `10:00 – 10:30 AM`; one time when the end is not known. Not by `formatRange`, which drops what is equal on both sides of a change of
 * the clock and adds dates beyond midnight.
 * @param clock How the widget writes times.
 */
export function rangeText(
  clock: typeof timeText,
  instant: string,
  endsAt: string | number | undefined,
  locale: string,
  timeZone: string,
): string {
  const from = clock(instant, locale, timeZone);
  if (!endsAt) return from;
  const until = clock(endsAt, locale, timeZone);
  // ` AM` is said once where both have it.
  const start = from.replace(/\P{N}*$/u, (tail) => (until.endsWith(tail) ? '' : tail));
  return `${start} – ${until}`;
}
