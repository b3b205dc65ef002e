/**
 * What the schema of `events.json` says, written out for editors (`docs/events.schema.json`) and, with the variables of the Worker, for
 * people (`docs/configuration.md`). Part of `npm run docs`. A test fails when the files in the tree are not what this writes.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { EventsFile } from '../worker/config/events.ts';
import { VARIABLES, type Variable } from '../worker/config/variables.ts';
import { ROOT } from './paths.ts';
import { code, section } from './tables.ts';

/** Files of the tree and what writes them. */
export const CONFIGURATION_DOCS = {
  'docs/events.schema.json': eventsSchemaText,
  'docs/configuration.md': configurationText,
} as const satisfies Record<string, () => string>;

/** As much of a JSON schema as ours has. */
interface Schema {
  title?: string;
  description?: string;
  type?: string;
  format?: string;
  enum?: string[];
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | false;
  required?: string[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  maxItems?: number;
}

/** A field of an event, or of an object within one. */
export interface Field {
  name: string;
  values: string;
  /** Undefined where it must be given. */
  fallback: string | undefined;
  description: string;
}

/** Fields that stand together. */
export interface Group {
  /** Empty for the event itself, else such as `questions[].showIf`. */
  path: string;
  description: string;
  fields: Field[];
}

/** The schema as it stands in the file. */
export function eventsSchemaText(): string {
  const schema = z.toJSONSchema(EventsFile, { io: 'input' });
  return `${JSON.stringify({ ...schema, title: 'events.json of the booking widget' }, null, 2)}\n`;
}

/** Everything that may be said of an event, the event itself first. @throws Error where a field says nothing of itself. */
export function eventFields(): Group[] {
  const { properties } = z.toJSONSchema(EventsFile, { io: 'input' }) as Schema;
  const event = properties?.events?.additionalProperties;
  if (!event) throw new Error('The schema has no events');
  return groupsOf(event, '');
}

function groupsOf(schema: Schema, at: string): Group[] {
  const all = Object.entries(schema.properties ?? {});
  const fields = all.map(([name, each]) => field(name, each, at, schema.required?.includes(name) ?? false));
  const within = all.flatMap(([name, each]) =>
    objectsIn(each, at ? `${at}.${name}` : name).flatMap(([inner, where]) => groupsOf(inner, where)),
  );
  return [{ path: at, description: withoutDefault(schema.description ?? '')[0], fields }, ...within];
}

function field(name: string, schema: Schema, at: string, isRequired: boolean): Field {
  const [description, fallback] = withoutDefault(schema.description ?? '');
  const place = at ? `${at}.${name}` : name;
  if (!description || (fallback === undefined) !== isRequired)
    throw new Error(`${place} must have a description${isRequired ? '' : ' that ends in "Default: …."'}`);
  return { name, values: valuesText(schema, place), fallback, description };
}

/** `What it does. Default: x.` in its two halves. */
function withoutDefault(text: string): [string, string | undefined] {
  const [, description = '', fallback] = /^(.*?)(?: Default: (.*)\.)?$/.exec(text) ?? [];
  return [description, fallback];
}

/** Objects with fields of their own that a value may be or hold. */
function objectsIn(schema: Schema, at: string): [Schema, string][] {
  if (schema.properties) return [[schema, at]];
  if (schema.items) return objectsIn(schema.items, `${at}[]`);
  return schema.anyOf?.flatMap((each) => objectsIn(each, at)) ?? [];
}

/** What may be written, in Markdown. */
function valuesText(schema: Schema, at: string): string {
  const { title, type, format, enum: names, anyOf, items, properties, maxItems } = schema;
  if (title) return title;
  if (names) return names.map((name) => code(name)).join(', ');
  if (anyOf) return [...new Set(anyOf.map((each) => valuesText(each, at)))].join(' or ');
  if (properties) return `[object](#${at.replace(/[^\w]/g, '').toLowerCase()})`;
  if (items) return `list of ${valuesText(items, `${at}[]`)}${maxItems ? `, at most ${maxItems}` : ''}`;
  if (type === 'boolean') return '`true`, `false`';
  if (type === 'integer' || type === 'number') return numberText(schema);
  if (type === 'string') return format === 'email' ? 'e-mail address' : 'text';
  throw new Error(`No words for the values of ${at}`);
}

function numberText({ type, minimum, maximum, exclusiveMinimum }: Schema): string {
  const what = type === 'integer' ? 'whole number' : 'number';
  if (minimum !== undefined && maximum !== undefined && minimum > Number.MIN_SAFE_INTEGER)
    return `${what} from ${minimum} to ${maximum}`;
  return exclusiveMinimum === 0 ? `${what} above 0` : what;
}

/** Has every field of an event at least once; a test reads it from the page as the Worker does. */
const EXAMPLE: z.input<typeof EventsFile> = {
  $schema: './docs/events.schema.json',
  events: {
    'acme/discovery-call': {
      host: 'Acme Growth',
      logo: 'https://acme.example.com/logo.png',
      name: 'Discovery call',
      description: 'We look at your numbers together.',
      durationMinutes: 30,
      place: 'Zoom',
      contact: ['first_name', 'last_name', 'email', { type: 'phone', required: false, label: 'Mobile' }],
      questions: [
        'company-size',
        { identifier: 'crm', showIf: { identifier: 'company-size', is: ['51-200', '200+'] } },
        {
          customFieldId: 4711,
          label: 'Monthly revenue',
          options: [{ value: '< 5k', label: 'Under $5,000' }, '5k – 20k'],
        },
        { identifier: 'campaign', hidden: true },
      ],
      steps: [['company-size', 'crm'], ['field-4711']],
      consents: [
        {
          id: 'terms',
          text: { en: 'I accept the [terms]', de: 'Ich akzeptiere die [Bedingungen]' },
          required: true,
          link: 'https://acme.example.com/terms',
        },
      ],
      legal: [{ text: '[Privacy]', link: 'https://acme.example.com/privacy' }],
      support: ['hello@acme.example.com', '+1 202 555 0100'],
      maxGuests: 3,
      texts: { en: { booked: 'See you soon.' } },
      disqualified: [
        {
          when: { groupId: 12 },
          message: 'Our guide is the better start for a small team.',
          redirect: 'https://acme.example.com/guide',
          delaySeconds: 8,
        },
        { message: 'A group call suits you better.', offerEvent: 'group' },
      ],
      disqualifyOn: 'flag',
      redirect: 'https://acme.example.com/thanks',
      redirectMode: 'button',
      redirectFields: ['first_name'],
      confirmationMail: true,
      showJoinLink: true,
      showHost: true,
      brand: { accent: '#c2410c', radius: '8px', theme: 'light' },
      horizonDays: 30,
      qualifyOnAnswers: true,
      contactStatus: 'potential',
      earlyContact: 'blur',
      repeatBooking: 'allow',
    },
    group: { linkPrefix: 'acme/group-call', flow: 'times-first', openSlots: true, timeZone: 'Europe/Berlin' },
    'acme/*': { mode: 'link' },
  },
};

export function configurationText(): string {
  const [event, ...within] = eventFields();
  const { properties } = z.toJSONSchema(EventsFile, { io: 'input' }) as Schema;
  const fieldsOf = ({ fields }: Group) =>
    fields.map(({ name, values, fallback, description }) => [
      code(name),
      values,
      fallback ?? 'must be given',
      description,
    ]);
  const heads = ['field', 'values', 'default', ''];
  return [
    '# Configuration',
    "Written by `npm run docs` from `worker/config/`; change it there. Two things are configured: which events may be booked and how (`events.json`), and how the Worker runs (variables and secrets). A wrong setting is named in the Worker's log in a sentence that says what to write; `npm start` and `npm run deploy` say it before.",
    `## \`events.json\`\n\n${properties?.events?.description ?? ''} An editor that reads \`docs/events.schema.json\` completes it and shows what is written here. The variable \`EVENTS\` lies over it, event by event and field by field.`,
    `An example that has every field; most events need one or two:\n\n\`\`\`json\n${JSON.stringify(EXAMPLE, null, 2)}\n\`\`\``,
    event ? section('## An event', heads, fieldsOf(event)) : '',
    ...within.map((group) => section(`### ${code(group.path)}`, heads, fieldsOf(group))),
    'Parts of a text in braces are filled in by the widget, such as `{name}`; what else `texts` can do stands in [contract.md](contract.md#configuration).',
    section('## Variables', ['`wrangler.toml`', 'values', 'default', ''], variables('variable')),
    "On your machine each can be set in `.dev.vars` or in the environment too, and `PORT` with them: `PORT=8790 ICLOSED_RATE=100/10s npm start`. What is set in Cloudflare's dashboard survives a deploy, unless `wrangler.toml` names it.",
    section('## Secrets', ['secret', 'values', 'without it', ''], variables('secret')),
    'Each is put in once with `npx wrangler secret put NAME`, and only the value is pasted. On your machine they stand in `.dev.vars`, see `.dev.vars.example`.',
    '`npm run leads -- list | show ATTEMPT | export | retry ATTEMPT | forget ATTEMPT` shows what has not reached iClosed or needs a person. It reads `WORKER_URL`, the address of your Worker, and `ADMIN_TOKEN` from the environment or `.dev.vars`. What it prints may hold personal data.',
  ]
    .join('\n\n')
    .concat('\n');
}

function variables(kind: Variable['kind']): string[][] {
  return Object.entries(VARIABLES)
    .filter(([, each]) => each.kind === kind)
    .map(([name, { values, fallback, description }]) => [code(name), values, fallback, description]);
}

export function writeConfigurationDocs(): void {
  for (const [file, text] of Object.entries(CONFIGURATION_DOCS)) writeFileSync(path.join(ROOT, file), text());
}

if (import.meta.main) writeConfigurationDocs();
