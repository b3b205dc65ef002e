/** Attributes as the element understands them: a bad value falls back to the default and is told once, with what to write. */
import { isTimeZone } from './time.ts';

const told = new Set<string>();

/** @param write What to write instead, as it stands between quotes. */
export function complain(name: string, value: string | null, write: string): void {
  const words = `<iclosed-booking>: ${name}="${value ?? ''}" is wrong. Write "${write}".`;
  if (!told.has(words)) console.warn(words);
  told.add(words);
}

/** The attribute's value if it is one of these. */
export function oneOf<T extends string>(element: Element, name: string, ...allowed: T[]): T | undefined {
  const value = element.getAttribute(name);
  if (!value || allowed.includes(value as T)) return (value as T) || undefined;
  complain(name, value, allowed.join('" or "'));
  return undefined;
}

export function timeZoneOf(value: string | null): string | undefined {
  if (!value || isTimeZone(value)) return value || undefined;
  complain('time-zone', value, 'Europe/Berlin');
  return undefined;
}

/** A language tag that `Intl` takes. */
export function localeOf(value: string | null): string | undefined {
  try {
    return value ? Intl.getCanonicalLocales(value)[0] : undefined;
  } catch {
    complain('locale', value, 'en-GB');
    return undefined;
  }
}
