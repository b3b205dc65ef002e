/**
 * Speaks a language other than English: its texts with plural forms, digits and the locale of its dates by `Intl`, and its direction.
 * Built into each of the parts `texts-<language>`, never into the script. Plural forms are written
 * `{count|one=# day|other=# days}`, the number in place of `#`.
 */
import type { PublicEvent } from '../../shared/protocol.ts';
import type { Texts } from './en.ts';
import type { PartTexts } from './part-texts.ts';
import type { Say } from './say.ts';

export interface Tongue {
  /** As HTML says them. */
  lang: string;
  dir: 'ltr' | 'rtl';
  /** Of dates and numbers. */
  locale?: string;
  /** What the card needs besides in this language. */
  dress?(root: ShadowRoot): void;
  /** The owner's words for this language win. */
  speaker(event: PublicEvent | undefined): Say;
}

/** How a part begins: it is asked with the tag that the page wants, like `de-AT`, and the browser's own. */
export type Speak = (tag: string, browser: string) => Tongue;

export function tongueOf(language: string, texts: Texts & PartTexts): Speak {
  return (tag, browser) => tongue(language, texts, localeFor(tag, language, browser));
}

/**
 * From right to left: the owner's own words may be in another script, so each text finds its direction by itself and stays on the reader's
 * side; addresses and numbers are always written from left to right. From left to right: `Intl` writes months, days and zones small in many
 * languages, as they stand in a sentence; here they begin a line.
 */
const SHEET = `
  :is(label, b, p, .title, .tile span, .input):dir(rtl) { text-align: right; unicode-bidi: plaintext }
  :is([type=email], [type=tel], [type=url]):dir(rtl) { direction: ltr }
  :is(.month, #day, #zone, .confirm b, [part=details] b, .block, .zone span):dir(ltr)::first-letter { text-transform: uppercase }
`;

let sheet: CSSStyleSheet | undefined;

function dress(root: ShadowRoot): void {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(SHEET);
  }
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet);
}

function tongue(language: string, texts: Texts & PartTexts, locale: string): Tongue {
  const numbers = new Intl.NumberFormat(locale);
  const rules = new Intl.PluralRules(language);
  const hasOwnDigits = numbers.format(0) !== '0';
  /** The language's own texts in its digits; not those of an example between U+2066 and U+2069, nor of what is filled in. */
  const inDigits = (text: string) =>
    hasOwnDigits
      ? text.replace(/\{.+?\}|\u2066[^{]+?\u2069|\d/g, (found) =>
          found.length > 1 ? found : numbers.format(Number(found)),
        )
      : text;
  const filled = (text: string, values: Parameters<Say>[1] = {}) =>
    text.replace(/\{(\w+)(\|.+?)?\}/g, (whole, name: string, forms?: string) => {
      const value = values[name] ?? whole;
      const written = typeof value === 'number' ? numbers.format(value) : value;
      const form = (rule: string) => forms?.split(`|${rule}=`)[1]?.split('|')[0];
      const chosen = form(rules.select(Number(value))) ?? form('other');
      return chosen?.replace('#', written) ?? written;
    });
  const isRightToLeft = ['ar', 'fa', 'he', 'ur'].includes(language);
  return {
    lang: language,
    locale,
    dir: isRightToLeft ? 'rtl' : 'ltr',
    dress,
    speaker:
      (event) =>
      (key, values, text = '') => {
        const own = texts[key as keyof typeof texts];
        return filled(event?.texts?.[language]?.[key] ?? (own ? inDigits(own) : text), values);
      },
  };
}

/**
 * The tag, with the browser's region where it names none and the browser speaks the same language; months are Gregorian everywhere, as
 * the grid is. The bare language where the tag cannot be read.
 */
export function localeFor(tag: string, language: string, browser: string): string {
  try {
    const wanted = new Intl.Locale(tag.replaceAll('_', '-'));
    const own = new Intl.Locale(browser);
    const region = wanted.region ?? (own.language === wanted.language ? own.region : undefined);
    return new Intl.Locale(wanted, { region, calendar: 'gregory' }).toString();
  } catch {
    return `${language}-u-ca-gregory`;
  }
}
