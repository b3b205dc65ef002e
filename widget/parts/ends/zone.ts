/** `GMT+5:30`: how far the zone's clock is from Greenwich at that instant, as the locale writes it. */
export function offsetText(timeZone: string, instant: string, locale: string): string {
  const format = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: 'shortOffset' });
  return format.formatToParts(new Date(instant)).find(({ type }) => type === 'timeZoneName')?.value ?? '';
}

/** The zone in which a call was booked; where this browser is too old to know it, the visitor's. */
export function usableZone(timeZone: string, own: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone && timeZone;
  } catch {
    return own;
  }
}
