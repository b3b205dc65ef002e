/** Finds an English text: the owner's word, else the widget's own, with `{…}` filled in. Other languages: `tongue.ts`. */
import type { PublicEvent } from '../../shared/protocol.ts';
import { en, type TextKey } from './en.ts';
import type { PartTextKey } from './part-texts.ts';
import type { Tongue } from './tongue.ts';

/** @param text Said where neither the owner nor the widget has words under that key. */
export type Say = (
  key: TextKey | PartTextKey,
  values?: Readonly<Record<string, string | number>>,
  text?: string,
) => string;

function speaker(event: PublicEvent | undefined): Say {
  const owners = event?.texts?.en ?? {};
  return (key, values = {}, text = '') =>
    (owners[key] ?? en[key as TextKey] ?? text).replace(/\{(\w+)\}/g, (whole, name: string) =>
      String(values[name] ?? whole),
    );
}

/** Its locale is found out when a date is written, not before. */
export const ENGLISH: Tongue = { lang: 'en', dir: 'ltr', speaker };
