/**
 * What a visitor gave, judged at the edge: contact fields (phone to E.164, addresses by iClosed's rule) and answers
 * (completeness, options, kinds). Pure; returns clean values and faults by field, never words.
 */
// `max` tells numbers that exist from those of a possible length; what begins with a country code is judged by that.
import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/max';
import { ANSWER_CHARACTERS, EMAIL_CHARACTERS, NAME_CHARACTERS } from '../../shared/limits.ts';
import type { FieldFault } from '../../shared/problems.ts';
import type { ContactField, ContactFields, ContactQuestion, Question } from '../../shared/protocol.ts';
import { EMAIL } from './address.ts';
import { guestsIn } from './guests.ts';

export type Faults = Record<string, FieldFault>;

/**
 * @param country ISO 3166-1 alpha-2, for numbers written without a country code.
 */
export function checkContact(
  asked: readonly ContactQuestion[],
  given: ContactFields,
  country: string | undefined,
): { contact: ContactFields; faults: Faults } {
  const contact: ContactFields = {};
  const faults: Faults = {};
  for (const { type, required } of asked) {
    const text = type === 'email' ? seen(clean(given.email)) : clean(given[type]);
    if (!text) {
      if (required) faults[type] = 'required';
      continue;
    }
    const value = checkField(type, text, country);
    if ('fault' in value) faults[type] = value.fault;
    else contact[type] = value.value;
  }
  if (!contact.email && !contact.phone && Object.keys(faults).length === 0) {
    faults[asked.some(({ type }) => type === 'email') ? 'email' : 'phone'] = 'required';
  }
  return { contact, faults };
}

function checkField(
  type: ContactField,
  text: string,
  country: string | undefined,
): { value: string } | { fault: FieldFault } {
  if (type === 'email') {
    if (text.length > EMAIL_CHARACTERS) return { fault: 'too_long' };
    return EMAIL.test(text) ? { value: text } : { fault: 'invalid' };
  }
  if (type === 'phone') {
    const phone = toE164(text, country);
    return phone ? { value: phone } : { fault: 'invalid' };
  }
  return text.length > NAME_CHARACTERS ? { fault: 'too_long' } : { value: text };
}

/** Anything that people paste, as E.164; undefined when it is no number. */
export function toE164(text: string, country: string | undefined): string | undefined {
  const said = text
    .normalize('NFKC')
    .trim()
    .replace(/[٠-٩۰-۹]/g, latinDigit);
  // What most of the world dials for another country, also by people who are in one where it is dialled otherwise.
  return read(said, country) ?? (said.startsWith('00') ? read(`+${said.slice(2)}`, country) : undefined);
}

/** The last four bits of an Arabic or Persian digit are its value. */
function latinDigit(digit: string): string {
  return String(digit.charCodeAt(0) & 15);
}

function read(text: string, country: string | undefined): string | undefined {
  const number = parsePhoneNumberFromString(text, country as CountryCode | undefined);
  if (!number) return undefined;
  const { countryCallingCode: code, nationalNumber } = number;
  // Mexico's mobiles had a 1 after the country code until 2019, and address books still have it.
  if (code === '52' && /^1\d{10}$/.test(nationalNumber)) return `+52${nationalNumber.slice(1)}`;
  // German numbers may be so long that `49 176 12345678` could be one of a place whose code begins with 49. Whoever writes that
  // one writes the zero that it has at home; without it, the country's code is meant. Mobiles are written without it in many places.
  const [plain = text] = /\d.*/s.exec(text) ?? [];
  const isAmbiguous = !text.includes('+') && plain.startsWith(code) && nationalNumber.startsWith(code);
  if (isAmbiguous && /^\(?0/.test(number.formatNational()) && !number.getType()?.endsWith('MOBILE')) {
    const abroad = parsePhoneNumberFromString(`+${plain}`);
    if (abroad?.isValid()) return abroad.number;
  }
  return number.isPossible() && number.number.length <= 20 ? number.number : undefined;
}

/** Questions whose condition is not met count as not asked: neither required nor taken. */
export function checkAnswers(
  questions: readonly Question[],
  given: Readonly<Record<string, readonly string[]>>,
  country: string | undefined,
): { answers: Record<string, string[]>; missing: Faults; faults: Faults } {
  const answers: Record<string, string[]> = {};
  const missing: Faults = {};
  const faults: Faults = {};
  for (const id of Object.keys(given)) if (!questions.some((each) => each.id === id)) faults[id] = 'invalid';
  for (const question of questions) {
    const { id, showIf } = question;
    if (showIf && !showIf.is.some((value) => answers[showIf.id]?.includes(value))) continue;
    const isChoice = question.options !== undefined;
    const values = (given[id] ?? []).map((value) => (isChoice ? value : textOf(question, value))).filter(Boolean);
    if (values.length === 0) {
      if (question.required) missing[id] = 'required';
      continue;
    }
    const fault = faultOf(question, values, country);
    if (fault) faults[id] = fault;
    else answers[id] = values;
  }
  return { answers, missing, faults };
}

function faultOf(question: Question, values: readonly string[], country: string | undefined): FieldFault | undefined {
  const { options, type } = question;
  if (options && !values.every((value) => options.some((option) => option.value === value))) return 'not_an_option';
  if (new Set(values).size !== values.length) return 'invalid';
  if (type !== 'multiple' && values.length > 1) return 'invalid';
  const [value = ''] = values;
  if (value.length > ANSWER_CHARACTERS) return 'too_long';
  switch (type) {
    case 'number':
      return /^-?\d{1,15}([.,]\d{1,10})?$/.test(value) ? undefined : 'invalid';
    case 'date':
      return isDay(value) ? undefined : 'invalid';
    case 'url':
      return URL.canParse(value) && /^https?:/i.test(value) ? undefined : 'invalid';
    case 'email':
      return EMAIL.test(value) ? undefined : 'invalid';
    case 'phone':
      return toE164(value, country) ? undefined : 'invalid';
    case 'rating':
      return /^([1-9]|10)$/.test(value) ? undefined : 'invalid';
    case 'checkbox':
      return value === 'true' ? undefined : 'invalid';
    case 'guests':
      return (guestsIn(value)?.length ?? Number.POSITIVE_INFINITY) <= (question.max ?? 0) ? undefined : 'invalid';
    default:
      return undefined;
  }
}

function textOf({ type }: Question, value: string): string {
  const text = clean(value);
  if (type === 'url') return withScheme(text);
  if (type === 'email') return seen(text);
  // Names of guests keep their joiners.
  const word = (each: string) => (each.includes('@') ? seen(each) : each);
  return type === 'guests' ? text.split(/(\s+)/).map(word).join('') : text;
}

/** Without marks of direction and joiners: they come with a paste, and no address has any. */
function seen(text: string): string {
  return text.replace(/\p{Cf}/gu, '').trim();
}

/** People write `acme.com`; what has no dot in its first word is no website. */
function withScheme(text: string): string {
  return /^[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+([:/?#]|$)/u.test(text) ? `https://${text}` : text;
}

/** `2026-02-30` parses as a day of March. */
function isDay(value: string): boolean {
  const instant = /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(value) : Number.NaN;
  return !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(value);
}

/** For a page that was reloaded: enough to recognise, too little to steal. */
export function mask(contact: ContactFields): ContactFields {
  const masked: ContactFields = {};
  for (const [field, value] of Object.entries(contact) as [ContactField, string][]) {
    if (field === 'email') masked.email = `${value[0]}•••${value.slice(value.indexOf('@'))}`;
    else if (field === 'phone') masked.phone = `•••${value.slice(-2)}`;
    else masked[field] = `${Array.from(value)[0]}•••`;
  }
  return masked;
}

function clean(value: string | undefined): string {
  return (value ?? '')
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cs}]/gu, (character) => (character === '\n' ? '\n' : ' '))
    .trim();
}
