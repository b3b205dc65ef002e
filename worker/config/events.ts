/**
 * `events.json` and the `EVENTS` variable: which events may be booked here and all that iClosed does not say about them.
 * One schema for build, start, doctor and Worker; knows no runtime. Keys are `account/event-name`, an alias with
 * `linkPrefix`, or `account/*`. Links must be https (http on loopback); a wrong setting becomes a sentence.
 * What each field does is said by its description, which `scripts/schema.ts` carries to editors and to `docs/configuration.md`; one that
 * may be left out ends in "Default: ….".
 */
import { z } from 'zod';
import { GUESTS_AT_MOST, HORIZON_DAYS } from '../../shared/limits.ts';
import { SetupError } from '../problem.ts';
import { Consent, LegalLink, link } from './consents.ts';

export const contactField = z.enum(['name', 'first_name', 'last_name', 'email', 'phone']);
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
    identifier: z
      .string()
      .min(1)
      .optional()
      .describe(
        '`identifier` of the custom field in iClosed; or else `customFieldId`. A field that is called like one of the contact (`phone`) is `field-<number>` on the page. Default: none.',
      ),
    customFieldId: z.number().int().optional().describe('Number of the custom field in iClosed. Default: none.'),
    label: z.string().optional().describe("The question as visitors read it. Default: the field's label in iClosed."),
    help: z.string().optional().describe('A smaller line below the question. Default: none.'),
    type: questionType.optional().describe("How it is answered. Default: the field's type in iClosed."),
    required: z
      .boolean()
      .optional()
      .describe('Without an answer nobody gets on. Default: `true`, of a hidden question `false`.'),
    hidden: z
      .boolean()
      .optional()
      .describe('Nobody sees it; only the page fills it in, by `prefill` or its address. Default: `false`.'),
    options: z
      .array(
        z.union([
          z.string(),
          z.strictObject({
            value: z.string().describe("iClosed's own text of the option."),
            label: z.string().describe('What visitors read in its place.'),
          }),
        ]),
      )
      .optional()
      .describe("Only these options, in this order, each by iClosed's own text. Default: all, as in iClosed."),
    showIf: z
      .strictObject({
        identifier: z.string().describe('The question whose answer decides; it stands before this one.'),
        is: z.array(z.string()).describe("Any of these answers, by iClosed's own text."),
      })
      .optional()
      .describe('Asked only after such an answer to another question. Default: always asked.'),
  }),
]);
export type ConfiguredQuestion = z.infer<typeof ConfiguredQuestion>;

const Support = z.union(
  [
    z.email(),
    z
      .string()
      .regex(/^\+[\d ()./-]{6,30}$/)
      .meta({ title: 'phone number' }),
    link,
  ],
  {
    error: 'must be an e-mail address, a phone number that begins with +, or an https address',
  },
);

const DisqualifiedRule = z.strictObject({
  when: z
    .strictObject({
      groupId: z.number().int().optional().describe("Number of the rule's group in iClosed. Default: any."),
      statement: z.string().optional().describe("The rule's statement, as in iClosed. Default: any."),
      value: z.string().optional().describe('The value that fired it, as in iClosed. Default: any.'),
    })
    .optional()
    .describe(
      "Which rule of iClosed this entry is for; all that is named must be the rule's. Default: whatever no other entry is for.",
    ),
  message: z.string().optional().describe("What the visitor reads. Default: the widget's own sentence."),
  redirect: link
    .optional()
    .describe(
      'Where a button leads on; UTMs and click ids of the page go along, nothing of the person. Default: no button.',
    ),
  delaySeconds: z
    .number()
    .min(0)
    .max(60)
    .optional()
    .describe(
      'Leaves the page for `redirect` by itself after so many seconds. Default: the visitor goes by the button alone.',
    ),
  offerEvent: z
    .string()
    .optional()
    .describe('Another event of this configuration, offered by a button in place of this one. Default: none.'),
});
export type DisqualifiedRule = z.infer<typeof DisqualifiedRule>;

export const EventConfig = z.strictObject({
  linkPrefix: z
    .string()
    .regex(/^[^/\s?#*]+\/[^/\s?#*]+$/)
    .optional()
    .describe(
      '`account/event-name` at iClosed; needed under an alias. No two settings may name one event. Default: the key.',
    ),
  mode: z
    .enum(['book', 'link'])
    .optional()
    .describe("`link` books nothing here and shows the link to iClosed's own page. Default: `book`."),
  name: z.string().optional().describe('Title of the event. Default: its name in iClosed.'),
  description: z.string().optional().describe('Some words below the title. Default: as in iClosed.'),
  durationMinutes: z
    .number()
    .int()
    .positive()
    .optional()
    .describe('How long a call lasts, for the eye: iClosed decides what is booked. Default: as in iClosed.'),
  host: z.string().optional().describe('Who invites, above the title: your company. Default: none.'),
  place: z.string().optional().describe('Where the call takes place, such as `Zoom`. Default: none.'),
  logo: link
    .optional()
    .describe('Picture beside the title, shown 44 by 44 pixels, so a square one fits best. Default: none.'),
  flow: z
    .enum(['form-first', 'times-first'])
    .optional()
    .describe(
      "Which comes first; a tag's `flow` is stronger. `times-first` counts for nothing where `openSlots` is `false`. Default: `form-first`.",
    ),
  openSlots: z
    .boolean()
    .optional()
    .describe(
      'Free times, of any host, may be seen by anyone before the form. With `false` the form comes first, whatever `flow` says, here and in the tag. Default: `true`.',
    ),
  contact: z
    .array(
      z.union([
        contactField,
        z.strictObject({
          type: contactField.describe('Which field.'),
          required: z.boolean().optional().describe('Without it nobody gets on. Default: `true`.'),
          label: z.string().optional().describe("Its label. Default: the widget's own, in the visitor's language."),
        }),
      ]),
    )
    .optional()
    .describe(
      'What is asked of the person, in this order. Default: the primary questions of the event in iClosed, else first name, last name and e-mail.',
    ),
  questions: z
    .array(ConfiguredQuestion)
    .optional()
    .describe(
      'Which custom fields are asked, each by its identifier or its number, or as an object that words it anew. Default: what iClosed ties to the event, else none.',
    ),
  steps: z
    .array(z.array(z.string()))
    .optional()
    .describe(
      'Question ids by step, after the step of the contact; `[]` puts everything on one. Default: the contact, then all questions.',
    ),
  consents: z
    .array(Consent)
    .max(10)
    .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, { message: 'must have ids that differ' })
    .optional()
    .describe(
      'Boxes to tick, asked with the contact; text and time of what was ticked go to a note of the contact. Default: none.',
    ),
  legal: z.array(LegalLink).max(5).optional().describe('Links to privacy and terms, under the contact. Default: none.'),
  support: z
    .array(Support)
    .max(3)
    .optional()
    .describe(
      'Where a visitor reaches you when nothing can be booked or a booking stays unclear: e-mail addresses, phone numbers that begin with `+`, https addresses. Default: none.',
    ),
  maxGuests: z
    .number()
    .int()
    .min(0)
    .max(GUESTS_AT_MOST)
    .optional()
    .describe('How many addresses a visitor may add to the invitation. Default: `0`.'),
  texts: z
    .record(z.string(), z.record(z.string(), z.string()))
    .meta({ title: '`{"<language>": {"<key>": text}}`' })
    .optional()
    .describe(
      'Any text of the widget in your words: `{"de": {"booked": "…"}}`. Keys are those of `widget/texts/en.ts` and of `words` in `widget/parts/`. Default: as the widget has them.',
    ),
  disqualified: z
    .array(DisqualifiedRule)
    .optional()
    .describe(
      'What a visitor meets whom iClosed disqualifies: the first entry whose `when` fits, else the one without. Default: a friendly sentence.',
    ),
  disqualifyOn: z
    .enum(['flag', 'flagOrConditions'])
    .optional()
    .describe(
      "What of iClosed's answer counts: its word that the contact is disqualified, or also any rule that it names as met. Default: `flag`.",
    ),
  redirect: link
    .optional()
    .describe(
      'Where to go after a booking; UTMs, click ids, `previewId` (the booking) and `event_start_time` go along. Default: the address that iClosed returns, if any.',
    ),
  redirectMode: z
    .enum(['button', 'automatic'])
    .optional()
    .describe(
      '`button` lets the visitor go on, `automatic` leaves the page a moment after the booking. Default: `button`.',
    ),
  redirectFields: z
    .array(contactField)
    .optional()
    .describe('What of the person goes into the address after a booking too. Default: nothing.'),
  confirmationMail: z
    .boolean()
    .optional()
    .describe('iClosed or you send an e-mail about each booking, so the confirmation may say so. Default: `false`.'),
  showJoinLink: z
    .boolean()
    .optional()
    .describe('Shows the link to the call on the confirmation as soon as iClosed has one. Default: `true`.'),
  showHost: z
    .boolean()
    .optional()
    .describe('Shows the name of the person who will call on the confirmation. Default: `true`.'),
  brand: z
    .strictObject({
      accent: z
        .string()
        .meta({ title: 'CSS colour' })
        .optional()
        .describe(
          'One colour from which all shades derive; `--iclosed-accent` on the page is stronger. Not of the button of `mode="floating"`, which stands there before anything is asked of the Worker: colour that by `--iclosed-accent`. Default: blue.',
        ),
      radius: z
        .string()
        .meta({ title: 'CSS length' })
        .optional()
        .describe('Roundness of fields and buttons; `--iclosed-radius` is stronger. Default: `11px`.'),
      theme: z
        .enum(['light', 'dark', 'auto'])
        .optional()
        .describe('Colours of the card where the tag has no `theme`; `auto` follows the page. Default: `auto`.'),
    })
    .optional()
    .describe("How the card looks. Default: the widget's own look."),
  timeZone: z
    .string()
    .meta({ title: 'IANA zone' })
    .optional()
    .describe(
      "Locks the zone in which times are shown, for calls at a place: stronger than a tag's `time-zone`, and visitors cannot change it. Default: the visitor's own.",
    ),
  horizonDays: z
    .number()
    .int()
    .min(1)
    .max(365)
    .optional()
    .describe(`How many days ahead times are offered, as far as iClosed has them. Default: \`${HORIZON_DAYS}\`.`),
  qualifyOnAnswers: z
    .boolean()
    .optional()
    .describe(
      'Accepted answers make the contact `QUALIFIED` in iClosed, so that who leaves before a time can be called back. Default: `true`.',
    ),
  contactStatus: z
    .enum(['keep', 'potential'])
    .optional()
    .describe('`potential` sends that status with the contact; `keep` sends none. Default: `keep`.'),
  earlyContact: z
    .enum(['blur'])
    .optional()
    .describe(
      '`blur` sends the contact as soon as its fields are complete, required consents are ticked and the focus has left them, so that who leaves at the questions is a lead too; your privacy notice must say so. Default: with its step.',
    ),
  repeatBooking: z
    .enum(['allow', 'refuse'])
    .optional()
    .describe(
      '`refuse` tells a visitor that the person has a call of this event already, booked here, and so anyone who types that address. Default: `allow`.',
    ),
});
export type EventConfig = z.infer<typeof EventConfig>;

export const EventsFile = z.strictObject({
  $schema: z.string().optional().describe('Where your editor finds this help: `./docs/events.schema.json`.'),
  events: z
    .record(z.string(), EventConfig)
    .describe(
      'Events that may be booked, by `account/event-name`, by an alias of letters, digits, `-` and `_`, or by `account/*` for all of an account. `{}` is enough.',
    ),
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
  const byEvent = new Map<string, string>();
  for (const [key, config] of Object.entries(configs)) {
    const event = config.linkPrefix ?? key;
    const other = byEvent.get(event);
    // Requests name the event itself, so of two settings for it one would never count.
    if (other !== undefined)
      throw new SetupError(
        `${place}: "${other}" and "${key}" are both the event "${event}"; put their settings under one`,
      );
    byEvent.set(event, key);
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
