/** Finds an English text: the owner's word, else the widget's own, with `{…}` filled in. Other languages: `parts/language.ts`. */
import type { PublicEvent } from '../../shared/protocol.ts';
import { en, type TextKey } from './en.ts';
import type { Tongue } from './tongue.ts';

export type Say = (key: TextKey, values?: Readonly<Record<string, string | number>>) => string;

function speaker(event: PublicEvent | undefined): Say {
  const owners = event?.texts?.en ?? {};
  return (key, values = {}) =>
    (owners[key] ?? en[key]).replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** Its locale is found out when a date is written, not before. */
export const ENGLISH: Tongue = { lang: 'en', dir: 'ltr', speaker };
