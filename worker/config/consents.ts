/**
 * What an owner asks of a visitor beside questions: consents, links to privacy and terms. Schemas only, part of `events.json`.
 * A text is one string or one per language; the words of its link stand in square brackets.
 */
import { z } from 'zod';
import { safeLink } from './links.ts';

const CONSENT_CHARACTERS = 1_000;
/** A language by its two or three letters, as the widget names them. */
const language = z.string().regex(/^[a-z]{2,3}$/);
const words = z.string().trim().min(1).max(CONSENT_CHARACTERS);
export const TextByLanguage = z
  .union([
    words,
    z.record(language, words).refine((texts) => Object.keys(texts).length > 0, { message: 'must have a text' }),
  ])
  .meta({ title: 'text, or `{"en": text, …}`' });
export type TextByLanguage = z.infer<typeof TextByLanguage>;

export const link = z
  .string()
  .refine((value) => safeLink(value) !== undefined, {
    message: 'must be an https address without user name and password',
  })
  .meta({ title: 'https address' });

const everyText = (text: TextByLanguage) => (typeof text === 'string' ? [text] : Object.values(text));
const hasMark = (text: string) => /\[[^[\]]+\]/.test(text);
const MARKED = 'must mark the words of its link in square brackets, in every language';

/** A box that the visitor ticks or does not; never ticked beforehand. */
export const Consent = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-z0-9-]{1,40}$/)
      .describe('Names it in the note; small letters, digits and hyphens.'),
    text: TextByLanguage.describe('What is agreed to; where there is a `link`, its words stand in square brackets.'),
    required: z
      .boolean()
      .optional()
      .describe('Without the tick nothing of the contact leaves the browser. Default: `false`.'),
    link: link.optional().describe('Where the words in square brackets lead. Default: no link.'),
  })
  .refine(({ text, link: address }) => !address || everyText(text).every(hasMark), { path: ['text'], message: MARKED });
export type Consent = z.infer<typeof Consent>;

/** A sentence or a word without a box, such as `[Privacy]`. */
export const LegalLink = z
  .strictObject({
    text: TextByLanguage.describe('The sentence or word; what stands in square brackets is the link.'),
    link: link.describe('Where it leads.'),
  })
  .refine(({ text }) => everyText(text).every(hasMark), { path: ['text'], message: MARKED });
export type LegalLink = z.infer<typeof LegalLink>;
