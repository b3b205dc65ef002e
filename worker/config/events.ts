/**
 * `events.json` and the `EVENTS` variable: which events may be booked here and all that iClosed does not say about them.
 * One schema for build, start, doctor and Worker; knows no runtime. Keys are `account/event-name`, an alias with
 * `linkPrefix`, or `account/*`. Links must be https (http on loopback); a wrong setting becomes a sentence.
 */
import { z } from 'zod';
import { GUESTS_AT_MOST } from '../../shared/limits.ts';
import { SetupError } from '../problem.ts';
import { Consent, LegalLink, link } from './consents.ts';

const contactField = z.enum(['name', 'first_name', 'last_name', 'email', 'phone']);
const questionType = z.enum([
  'text',
  'long_text',
  'number',
  'date',
  'url',
  'email',
  'phone',
  'single',
  'select',
  'multiple',
  'checkbox',
  'rating',
]);

/** A question by its identifier or custom field id in the account; with an object its wording can be changed. */
const ConfiguredQuestion = z.union([
  z.string().min(1),
  z.number().int(),
  z.strictObject({
    /** `identifier` of the field in the account. */
    identifier: z.string().min(1).optional(),
    /** Or its number. */
    customFieldId: z.number().int().optional(),
    label: z.string().optional(),
    help: z.string().optional(),
    type: questionType.optional(),
    required: z.boolean().optional(),
    hidden: z.boolean().optional(),
    /** Only these options, in this order; `value` is iClosed's own text. */
    options: z.array(z.union([z.string(), z.strictObject({ value: z.string(), label: z.string() })])).optional(),
    showIf: z.strictObject({ identifier: z.string(), is: z.array(z.string()) }).optional(),
  }),
]);
export type ConfiguredQuestion = z.infer<typeof ConfiguredQuestion>;

const Support = z.union([z.email(), z.string().regex(/^\+[\d ()./-]{6,30}$/), link], {
  error: 'must be an e-mail address, a phone number that begins with +, or an https address',
});

const DisqualifiedRule = z.strictObject({
  /** Which rule of iClosed this is for; without it, the default. */
  when: z
    .strictObject({
      groupId: z.number().int().optional(),
      statement: z.string().optional(),
      value: z.string().optional(),
    })
    .optional(),
  message: z.string().optional(),
  redirect: link.optional(),
  delaySeconds: z.number().min(0).max(60).optional(),
  offerEvent: z.string().optional(),
});
export type DisqualifiedRule = z.infer<typeof DisqualifiedRule>;

export const EventConfig = z.strictObject({
  /** Needed under an alias. */
  linkPrefix: z
    .string()
    .regex(/^[^/\s?#*]+\/[^/\s?#*]+$/)
    .optional(),
  mode: z.enum(['book', 'link']).optional(),
  name: z.string().optional(),
  description: z.string().optional(),
  durationMinutes: z.number().int().positive().optional(),
  host: z.string().optional(),
  place: z.string().optional(),
  logo: link.optional(),
  flow: z.enum(['form-first', 'times-first']).optional(),
  /** Times may be seen before the form; needed for `times-first`. */
  openSlots: z.boolean().optional(),
  /** Overrides the primary questions that iClosed names. */
  contact: z
    .array(
      z.union([
        contactField,
        z.strictObject({ type: contactField, required: z.boolean().optional(), label: z.string().optional() }),
      ]),
    )
    .optional(),
  questions: z.array(ConfiguredQuestion).optional(),
  /** Asked with the contact; text and time of what was ticked go to a note of the contact. */
  consents: z
    .array(Consent)
    .max(10)
    .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, { message: 'must have ids that differ' })
    .optional(),
  /** Links to privacy and terms, under the contact. */
  legal: z.array(LegalLink).max(5).optional(),
  /** Where a visitor reaches you when nothing can be booked or a booking stays unclear: e-mail, phone or https addresses. */
  support: z.array(Support).max(3).optional(),
  /** Addresses that a visitor may add to the invitation; none without it. */
  maxGuests: z.number().int().min(0).max(GUESTS_AT_MOST).optional(),
  /** Question ids by step, after the contact's; `[]` puts everything on one. */
  steps: z.array(z.array(z.string())).optional(),
  texts: z.record(z.string(), z.record(z.string(), z.string())).optional(),
  disqualified: z.array(DisqualifiedRule).optional(),
  disqualifyOn: z.enum(['flag', 'flagOrConditions']).optional(),
  /** Where to go after a booking; before the address that iClosed may return. */
  redirect: link.optional(),
  /** `button` (the default) lets the visitor go on, `automatic` leaves the page a moment after the booking. */
  redirectMode: z.enum(['button', 'automatic']).optional(),
  /** What of the person goes into that address; without it, nothing. */
  redirectFields: z.array(contactField).optional(),
  /** iClosed or you send an e-mail about each booking, so the confirmation may say so. */
  confirmationMail: z.boolean().optional(),
  /** The link to the call is shown on the confirmation as soon as iClosed has one; on by default. */
  showJoinLink: z.boolean().optional(),
  brand: z
    .strictObject({
      accent: z.string().optional(),
      radius: z.string().optional(),
      theme: z.enum(['light', 'dark', 'auto']).optional(),
    })
    .optional(),
  timeZone: z.string().optional(),
  horizonDays: z.number().int().min(1).max(365).optional(),
  /** Accepted answers make the contact `QUALIFIED`: owners call these leads back. */
  qualifyOnAnswers: z.boolean().optional(),
  /**
   * `blur` sends the contact as soon as its fields are complete and left, as iClosed's own page does, so that whoever leaves at the
   * questions is a lead too. After the required consents; without it, contacts are sent with their step.
   */
  earlyContact: z.enum(['blur']).optional(),
  /** `potential` sends that status with the contact; `keep` sends none. */
  contactStatus: z.enum(['keep', 'potential']).optional(),
  /** `refuse` tells a visitor that the person has a call already, and so anyone who types that address. */
  repeatBooking: z.enum(['allow', 'refuse']).optional(),
  /** Shows the host's name on the confirmation. */
  showHost: z.boolean().optional(),
});
export type EventConfig = z.infer<typeof EventConfig>;

export const EventsFile = z.strictObject({
  $schema: z.string().optional(),
  events: z.record(z.string(), EventConfig),
});

/** The events that are configured, by key. */
export type EventConfigs = Readonly<Record<string, EventConfig>>;

/**
 * Reads `events.json` (parsed) and the `EVENTS` variable (text, the `events` object alone), the second over the first.
 * @throws SetupError with a sentence that names the place and says what is wrong.
 */
export function readEventConfigs(file: unknown, variable: string | undefined): EventConfigs {
  const fromFile = check(EventsFile, file, 'events.json').events;
  if (!variable?.trim()) return checkKeys(fromFile, 'events.json');
  let parsed: unknown;
  try {
    parsed = JSON.parse(variable);
  } catch (error) {
    throw new SetupError(`EVENTS is not JSON: ${(error as Error).message}`);
  }
  const fromVariable = check(EventsFile.shape.events, parsed, 'EVENTS');
  const merged: Record<string, EventConfig> = { ...fromFile };
  for (const [key, config] of Object.entries(fromVariable)) merged[key] = { ...merged[key], ...config };
  return checkKeys(merged, 'EVENTS');
}

function check<T>(schema: z.ZodType<T>, value: unknown, place: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new SetupError(`${place}: ${issue?.path.join('.') || 'the whole'}: ${issue?.message ?? 'not understood'}`);
}

function checkKeys(configs: Record<string, EventConfig>, place: string): EventConfigs {
  for (const [key, config] of Object.entries(configs)) {
    if (/^[^/\s?#]+\/([^/\s?#*]+|\*)$/.test(key)) continue;
    if (!/^[A-Za-z0-9_-]+$/.test(key)) {
      throw new SetupError(`${place}: "${key}" is no event; write "account/event-name", "account/*" or a short alias`);
    }
    if (!config.linkPrefix)
      throw new SetupError(`${place}: the alias "${key}" needs "linkPrefix": "account/event-name"`);
  }
  return configs;
}

/** What a tag's `event` names, or undefined where no configuration allows it. */
export function resolveEvent(configs: EventConfigs, named: string): { id: string; config: EventConfig } | undefined {
  const asked = prefixOf(named);
  const exact = !asked.includes('*') && Object.hasOwn(configs, asked) ? configs[asked] : undefined;
  if (exact) return { id: exact.linkPrefix ?? asked, config: exact };
  for (const config of Object.values(configs)) {
    if (config.linkPrefix === asked) return { id: asked, config };
  }
  const wildcard = `${asked.split('/')[0]}/*`;
  const any =
    /^[^/\s?#*\p{Cc}]+\/[^/\s?#*\p{Cc}]+$/u.test(asked) && Object.hasOwn(configs, wildcard)
      ? configs[wildcard]
      : undefined;
  return any && { id: asked, config: any };
}

/** `account/event-name` of a full address such as `https://app.iclosed.io/e/account/event-name?utm=…`; else the text itself. */
function prefixOf(named: string): string {
  const match = /^https?:\/\/[^/]+\/e\/([^/?#]+\/[^/?#]+)/.exec(named.trim());
  return match?.[1] ?? named.trim().replace(/^\/+|\/+$/g, '');
}
