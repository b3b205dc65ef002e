/** `GMT+5:30`: how far the zone's clock is from Greenwich at that instant, as the locale writes it. */
export function offsetText(timeZone: string, instant: string, locale: string): string {
  const format = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: 'shortOffset' });
  return format.formatToParts(new Date(instant)).find(({ type }) => type === 'timeZoneName')?.value ?? '';
}

const known: Record<string, boolean> = {};

/** The zone in which a call was booked; where this browser is too old to know it, the visitor's. Asked once, drawn at every press. */
export function usableZone(timeZone: string, own: string): string {
  known[timeZone] ??= isKnown(timeZone);
  return known[timeZone] ? timeZone : own;
}

function isKnown(timeZone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone }));
  } catch {
    return false;
  }
}
