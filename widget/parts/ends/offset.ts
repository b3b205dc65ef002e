/** `GMT+5:30`: how far the zone's clock is from Greenwich at that instant, as the locale writes it. */
export function offsetText(timeZone: string, instant: string, locale: string): string {
  const format = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: 'shortOffset' });
  return format.formatToParts(new Date(instant)).find(({ type }) => type === 'timeZoneName')?.value ?? '';
}
