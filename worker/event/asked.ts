/**
 * Consents, legal links and the guests' field as the public may know them, built from the configuration. Texts in several
 * languages go into the event's `texts` as `label-<id>`, so that the widget finds them as it finds every text. Pure.
 */
import type { Consent, LegalLink, PublicEvent, Question } from '../../shared/protocol.ts';
import type { TextByLanguage } from '../config/consents.ts';
import type { EventConfig } from '../config/events.ts';
import { safeLink } from '../config/links.ts';

/** The guests' field, as an answer is called. */
export const GUESTS_ID = 'additional-guests';
/** No question of an account is called so. */
const CONSENT_PREFIX = 'consent-';

/** The field's words by language; an owner may word it anew with `label-additional-guests` in `texts`. */
const GUESTS_WORDS: Readonly<Record<string, { label: string; help: string }>> = {
  en: { label: 'Guests', help: 'Who else should be invited? One email address per line, up to {count}.' },
  es: { label: 'Invitados', help: '¿A quién más invitamos? Una dirección de correo por línea, hasta {count}.' },
  fr: { label: 'Invités', help: 'Qui d’autre inviter ? Une adresse e-mail par ligne, {count} au plus.' },
  de: { label: 'Gäste', help: 'Wer soll noch eingeladen werden? Eine E-Mail-Adresse pro Zeile, höchstens {count}.' },
  it: { label: 'Ospiti', help: 'Chi altro va invitato? Un indirizzo e-mail per riga, al massimo {count}.' },
  pt: { label: 'Convidados', help: 'Quem mais deve ser convidado? Um endereço de e-mail por linha, até {count}.' },
  nl: { label: 'Gasten', help: 'Wie moet er nog worden uitgenodigd? Eén e-mailadres per regel, hoogstens {count}.' },
  ar: { label: 'الضيوف', help: 'من غيرك ندعو؟ عنوان بريد إلكتروني في كل سطر، {count} على الأكثر.' },
};

type Texts = NonNullable<PublicEvent['texts']>;

export interface Asked {
  guests: Question[];
  consents: Consent[];
  legal: LegalLink[];
  /** The owner's texts and those that come with these, the owner's first. */
  texts: Texts;
}

export function askedBy(config: EventConfig): Asked {
  const texts: Texts = {};
  const put = (language: string, key: string, text: string) => {
    texts[language] = { ...texts[language], [key]: text };
  };
  const labelled = (id: string, text: TextByLanguage): string => {
    if (typeof text === 'string') return text;
    for (const [language, words] of Object.entries(text)) put(language, `label-${id}`, words);
    return text.en ?? Object.values(text)[0] ?? '';
  };
  const consents = (config.consents ?? []).map((each): Consent => {
    const id = CONSENT_PREFIX + each.id;
    const link = safeLink(each.link);
    const label = labelled(id, each.text);
    return { id, type: 'consent', label, required: each.required ?? false, ...(link ? { link } : {}) };
  });
  const legal = (config.legal ?? []).flatMap(({ text, link }, index): LegalLink[] => {
    const address = safeLink(link);
    const id = `legal-${index + 1}`;
    return address ? [{ id, label: labelled(id, text), link: address }] : [];
  });
  const max = config.maxGuests ?? 0;
  const guests: Question[] = [];
  if (max > 0) {
    const help = (words: string) => words.replace('{count}', String(max));
    for (const [language, words] of Object.entries(GUESTS_WORDS)) {
      put(language, `label-${GUESTS_ID}`, words.label);
      put(language, `help-${GUESTS_ID}`, help(words.help));
    }
    const { en } = GUESTS_WORDS;
    guests.push({
      id: GUESTS_ID,
      type: 'guests',
      label: en?.label ?? '',
      help: help(en?.help ?? ''),
      required: false,
      max,
    });
  }
  for (const [language, own] of Object.entries(config.texts ?? {})) texts[language] = { ...texts[language], ...own };
  return { guests, consents, legal, texts };
}

/** Every text that may have stood at a consent. */
export function wordings({ id, label }: Consent, texts: PublicEvent['texts']): string[] {
  return [label, ...Object.values(texts ?? {}).map((own) => own[`label-${id}`] ?? label)];
}
