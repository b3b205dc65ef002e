/** The widget's languages: whole, with the same places to fill in, in their own plurals, digits, locale and direction. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { PublicEvent } from '../../shared/protocol.ts';
import * as ends from '../../widget/parts/ends.ts';
import * as hints from '../../widget/parts/hints.ts';
import * as popup from '../../widget/parts/popup.ts';
import * as zones from '../../widget/parts/zones.ts';
import * as ar from '../../widget/parts/texts-ar.ts';
import * as de from '../../widget/parts/texts-de.ts';
import * as es from '../../widget/parts/texts-es.ts';
import * as fr from '../../widget/parts/texts-fr.ts';
import * as it from '../../widget/parts/texts-it.ts';
import * as nl from '../../widget/parts/texts-nl.ts';
import * as pt from '../../widget/parts/texts-pt.ts';
import { en, type TextKey, type Texts } from '../../widget/texts/en.ts';
import { LANGUAGES, type Language } from '../../widget/texts/languages.ts';
import type { PartTexts } from '../../widget/texts/part-texts.ts';
import { localeFor } from '../../widget/texts/tongue.ts';

const PARTS = { ar, de, es, fr, it, nl, pt } satisfies Record<Language, { texts: Texts; partTexts: PartTexts }>;
/** What only parts say. */
const ofParts: PartTexts = { ...ends.words, ...zones.words, ...hints.words, ...popup.words };
const KEYS = Object.keys(en) as TextKey[];
/** Buttons stand beside each other in a narrow card. */
const BUTTONS: (TextKey | keyof PartTexts)[] = [
  'change',
  'next',
  'toTimes',
  'book',
  'back',
  'goOn',
  'correct',
  'otherEvent',
  'retry',
  'link',
];
const BUTTON_CHARACTERS = 30;

function placesIn(text: string): string {
  const names = [...text.matchAll(/\{(\w+)/g)].map(([, name = '']) => name);
  return [...new Set(names)].toSorted((a, b) => a.localeCompare(b)).join(' ');
}

/** What is wrong with one language's text beside the English one. */
function faultIn(language: string, key: keyof typeof en | keyof PartTexts, text: string): string | undefined {
  const english = { ...en, ...ofParts }[key];
  if (!text.trim() || text !== text.trim()) return 'is empty or has blanks around it';
  if (placesIn(text) !== placesIn(english)) return `fills in "${placesIn(text)}", English "${placesIn(english)}"`;
  for (const [, forms = ''] of text.matchAll(/\{\w+((?:\|[^}]*)?)\}/g)) {
    const rules = [...forms.matchAll(/\|(\w+)=/g)].map(([, rule]) => rule);
    const known = new Intl.PluralRules(language).resolvedOptions().pluralCategories as string[];
    if (forms && !rules.includes('other')) return 'has no form for all others';
    const stranger = rules.find((rule) => !known.includes(rule as string));
    if (stranger) return `has a form "${stranger}" that the language has not`;
  }
  return BUTTONS.includes(key) && text.length > BUTTON_CHARACTERS ? `is long for a button: ${text.length}` : undefined;
}

for (const language of LANGUAGES) {
  const { texts, partTexts, speak } = PARTS[language];
  test(`${language}: each text is there, fills in what the English one does, and fits`, () => {
    const faults = KEYS.flatMap((key) => faultIn(language, key, texts[key]) ?? []);
    assert.deepEqual(faults, []);
    assert.deepEqual(Object.keys(texts), KEYS);
  });
  test(`${language}: the words of parts are there, differ from the widget's, and are said`, () => {
    const say = speak(language, 'en-US').speaker(undefined);
    assert.deepEqual(Object.keys(partTexts), Object.keys(ofParts));
    for (const [key, text] of Object.entries(partTexts)) {
      assert.equal(faultIn(language, key as keyof PartTexts, text), undefined, key);
      assert.ok(!(key in texts), key);
      assert.equal(say(key as keyof PartTexts, { address: '{address}' }, 'English'), text);
    }
  });
}

test('and a text with a fault is noticed (the check works)', () => {
  assert.match(faultIn('de', 'progress', 'Schritt {step}') ?? '', /fills in/);
  assert.match(faultIn('de', 'minutes', '{count|few=# Min.|other=# Min.}') ?? '', /few/);
  assert.match(faultIn('de', 'minutes', '{count|one=# Min.}') ?? '', /others/);
  assert.match(faultIn('de', 'back', 'Zur vorangegangenen Seite zurückkehren') ?? '', /long/);
  assert.match(faultIn('de', 'back', '') ?? '', /empty/);
});

const said: [Language, string, TextKey | keyof PartTexts, Record<string, string | number>, string][] = [
  ['de', 'de-DE', 'dayFree', { day: 'Montag', count: 1 }, 'Montag, 1 freier Termin'],
  ['de', 'de-DE', 'dayFree', { day: 'Montag', count: 12 }, 'Montag, 12 freie Termine'],
  ['es', 'es-ES', 'dayFree', { day: 'lunes', count: 1 }, 'lunes, 1 hora libre'],
  ['fr', 'fr-FR', 'dayFree', { day: 'lundi', count: 0 }, 'lundi, 0 créneau libre'],
  ['fr', 'fr-FR', 'dayFree', { day: 'lundi', count: 2 }, 'lundi, 2 créneaux libres'],
  ['it', 'it-IT', 'dayFree', { day: 'lunedì', count: 1 }, 'lunedì, 1 orario libero'],
  ['nl', 'nl-NL', 'dayFree', { day: 'maandag', count: 3 }, 'maandag, 3 vrije tijden'],
  ['pt', 'pt-BR', 'dayFree', { day: 'segunda-feira', count: 2 }, 'segunda-feira, 2 horários livres'],
  ['ar', 'ar-AE', 'dayFree', { day: 'الاثنين', count: 1 }, 'الاثنين، وقت واحد متاح'],
  ['ar', 'ar-AE', 'dayFree', { day: 'الاثنين', count: 2 }, 'الاثنين، وقتان متاحان'],
  ['ar', 'ar-AE', 'dayFree', { day: 'الاثنين', count: 5 }, 'الاثنين، 5 أوقات متاحة'],
  ['ar', 'ar-EG', 'dayFree', { day: 'الاثنين', count: 14 }, 'الاثنين، ١٤ وقتًا متاحًا'],
  ['ar', 'ar-EG', 'progress', { step: 2, steps: 3 }, 'الخطوة ٢ من ٣'],
  ['ar', 'ar-AE', 'minutes', { count: 30 }, '30 دقيقة'],
  ['ar', 'ar-EG', 'hours24', {}, 'نظام ٢٤ ساعة'],
  ['ar', 'ar-AE', 'hours24', {}, 'نظام 24 ساعة'],
  ['ar', 'ar-EG', 'unclearMore', {}, 'إذا لم يصلك منا شيء خلال ١٥ دقيقة، فيرجى مراسلتنا. لا حاجة إلى الحجز مرة أخرى.'],
  ['ar', 'ar-EG', 'didYouMean', { address: 'jane24@acme.com' }, 'هل تقصد \u2066jane24@acme.com\u2069؟'],
  ['ar', 'ar-EG', 'invalid_phone', {}, 'يرجى كتابة الرقم مع رمز البلد، مثل \u2066+966 51 234 5678\u2069.'],
  ['de', 'de-DE', 'bookedName', { name: '$& {step}' }, '$& {step}, Ihr Termin ist gebucht.'],
];
for (const [language, tag, key, values, text] of said) {
  test(`${tag}, ${key}, ${Object.values(values).join(' ')} ⇒ ${text}`, () => {
    assert.equal(PARTS[language].speak(tag, 'en-US').speaker(undefined)(key, values), text);
  });
}

test('the owner’s words for the language win, with plural forms too; another language’s do not', () => {
  const texts = { de: { toTimes: 'Los', dayFree: '{count|one=eins|other=# frei}' }, fr: { next: 'Allez' } };
  const say = de.speak('de-CH', 'de-CH').speaker({ texts } as Partial<PublicEvent> as PublicEvent);
  assert.deepEqual(
    [say('toTimes'), say('dayFree', { day: 'x', count: 1 }), say('dayFree', { day: 'x', count: 3 }), say('next')],
    ['Los', 'eins', '3 frei', 'Weiter'],
  );
});

test('the owner’s digits stay as he writes them, the language’s own are the locale’s', () => {
  const say = ar
    .speak('ar-EG', 'ar-EG')
    .speaker({ texts: { ar: { stopped: 'اتصل: 0123' } } } as Partial<PublicEvent> as PublicEvent);
  assert.deepEqual([say('stopped'), say('hours24')], ['اتصل: 0123', 'نظام ٢٤ ساعة']);
});

test('direction ⇒ from right to left in Arabic alone', () => {
  const directions = LANGUAGES.map((language) => PARTS[language].speak(language, 'en-US').dir);
  assert.deepEqual(directions, ['rtl', ...LANGUAGES.slice(1).map(() => 'ltr')]);
});

const locales: [string, string, string, string][] = [
  ['de', 'de', 'de-AT', 'de-AT-u-ca-gregory'],
  ['de', 'de', 'en-US', 'de-u-ca-gregory'],
  ['de-CH', 'de', 'de-AT', 'de-CH-u-ca-gregory'],
  ['de_DE', 'de', 'en-US', 'de-DE-u-ca-gregory'],
  ['ar', 'ar', 'ar-EG', 'ar-EG-u-ca-gregory'],
  ['de-', 'de', 'de-AT', 'de-u-ca-gregory'],
  ['de', 'de', '', 'de-u-ca-gregory'],
];
for (const [tag, language, browser, locale] of locales)
  test(`page ${tag}, browser ${browser} ⇒ ${locale}`, () => assert.equal(localeFor(tag, language, browser), locale));

test('English parts write "email", as the field does', () => {
  for (const [key, words] of Object.entries(ofParts)) assert.doesNotMatch(words, /e-mail/i, key);
});

test('the page /manage speaks every language before its widget does', () => {
  const page = readFileSync(new URL('../../widget/manage.html', import.meta.url), 'utf8');
  for (const language of ['en', ...LANGUAGES]) {
    const words = new RegExp(`^ +${language}: (\\[.*\\]),$`, 'm').exec(page)?.[1];
    const list: unknown = JSON.parse((words ?? '[]').replace(/'/g, '"'));
    assert.equal((list as string[]).filter(Boolean).length, 5, language);
  }
});
