/**
 * What a visitor agreed to: judged before anything of the contact is kept, and told to the owner in a note. The text is the one
 * that the browser says it showed; where the configuration knows no such text the note says so. Pure.
 */
import type { PublicEvent } from '../../shared/protocol.ts';
import { wordings } from '../event/asked.ts';
import { instantText } from '../instant.ts';
import type { Faults } from './given.ts';

export interface GivenConsent {
  id: string;
  text: string;
  /** When the tick reached the Worker; it stays while the text does. */
  at: number;
  link?: string;
  /** No text of the configuration, such as one that was changed while the page was open. */
  isUnknown?: true;
}

/** @param before What this attempt had given already. */
export function checkConsents(
  { consents = [], texts }: PublicEvent,
  given: Readonly<Record<string, string>> = {},
  before: readonly GivenConsent[] = [],
  now: number,
): { consents: GivenConsent[]; faults: Faults } {
  const faults: Faults = {};
  const taken: GivenConsent[] = [];
  for (const consent of consents) {
    const { id, required, link } = consent;
    const text = given[id]?.trim();
    if (text) {
      const at = before.find((each) => each.id === id && each.text === text)?.at ?? now;
      const isKnown = wordings(consent, texts).includes(text);
      taken.push({ id, text, at, ...(link ? { link } : {}), ...(isKnown ? {} : { isUnknown: true }) });
    } else if (required) faults[id] = 'required';
  }
  return { consents: taken, faults };
}

/** One line for each, without the brackets that mark the link. */
export function consentNote(consents: readonly GivenConsent[]): string {
  const lines = consents.map(({ id, text, at, link, isUnknown }) => {
    const words = text.replace(/\[([^[\]]+)\]/g, '$1').replace(/\s+/g, ' ');
    const more = `${link ? ` ${link}` : ''}${isUnknown ? ' (not a text of the present configuration)' : ''}`;
    return `${instantText(at)} ${id.replace(/^consent-/, '')}: "${words}"${more}`;
  });
  return ['Consent given in the booking form:', ...lines].join('\n');
}
