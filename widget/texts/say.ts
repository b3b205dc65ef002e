/** Finds a text: the owner's word for the language, else the widget's own, with `{…}` filled in. */
import type { PublicEvent } from '../../shared/protocol.ts';
import { en, type TextKey } from './en.ts';

export type Say = (key: TextKey, values?: Readonly<Record<string, string | number>>) => string;

export function speaker(event: PublicEvent | undefined, language = 'en'): Say {
  const owners = event?.texts?.[language] ?? {};
  return (key, values = {}) =>
    (owners[key] ?? en[key]).replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
