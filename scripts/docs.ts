/**
 * `npm run docs`: what can be read in the class of the element, written out for people (`docs/embed.md`) and for editors
 * (`docs/vscode.html-custom-data.json`); the build adds the manifest for tools (`dist/custom-elements.json`). A test fails when the
 * files in the tree are not what this writes. The configuration's page is written by `schema.ts`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './paths.ts';
import { type PublicInterface, publicInterface, type Typed } from './public-interface.ts';
import { code, section } from './tables.ts';

const SOURCE = path.join(ROOT, 'widget/element.ts');
/** Attributes that a trigger may say of its popup as `data-iclosed-<attribute>`; a test compares them with the popup's own list. */
export const BY_TRIGGER = ['flow', 'locale', 'time-zone', 'theme', 'variant', 'prefill-*'];
export const MANIFEST = 'custom-elements.json';
/** Files of the tree and what writes them. */
export const DOCS = {
  'docs/embed.md': embedText,
  'docs/vscode.html-custom-data.json': editorText,
} as const satisfies Record<string, (api: PublicInterface) => string>;

export function readInterface(): PublicInterface {
  return publicInterface(readFileSync(SOURCE, 'utf8'));
}

/** The custom-elements manifest, schema 1.0.0. */
export function manifestText({ className, tagName, ...api }: PublicInterface): string {
  const module = 'embed.js';
  const typed = (text: string) => (text ? { type: { text } } : {});
  const declaration = {
    kind: 'class',
    name: className,
    tagName,
    customElement: true,
    superclass: { name: 'HTMLElement' },
    description: `${api.description}\n\n${triggersOf(api)
      .map(({ name, description: what }) => `${code(name)}: ${what}`)
      .join('\n\n')}`,
    attributes: api.attributes.map(({ type, ...rest }) => ({ ...rest, ...typed(type) })),
    members: api.members.map(({ kind, name, type, isReadOnly, description }) => ({
      kind: kind === 'method' ? kind : 'field',
      name,
      description,
      ...typed(type),
      ...(isReadOnly ? { readonly: true } : {}),
    })),
    events: api.events.map(({ type, ...rest }) => ({ ...rest, type: { text: type } })),
    slots: api.slots,
    cssParts: api.parts,
    cssProperties: api.properties.map(({ fallback, ...rest }) => ({
      ...rest,
      ...(fallback ? { default: fallback } : {}),
    })),
  };
  const exported = { kind: 'custom-element-definition', name: tagName, declaration: { name: className, module } };
  const whole = {
    schemaVersion: '1.0.0',
    modules: [{ kind: 'javascript-module', path: module, declarations: [declaration], exports: [exported] }],
  };
  return `${JSON.stringify(whole, null, 2)}\n`;
}

/** What makes anything in the page open a popup. */
function triggersOf({ attributes }: Pick<PublicInterface, 'attributes'>): Typed[] {
  const opens: Typed = {
    name: 'data-iclosed-open',
    type: 'string',
    description:
      'On any link or button: opens the popup of this event, which is made where the page has none, or the `<iclosed-booking>` with this id.',
  };
  const others = attributes
    .filter(({ name }) => BY_TRIGGER.includes(name))
    .map(({ name, type }) => ({
      name: `data-iclosed-${name}`,
      type,
      description: `Beside \`data-iclosed-open\`: \`${name}\` of the popup, where that is found by its event.`,
    }));
  return [opens, ...others];
}

/** Completion and help for tag and triggers in VS Code and what reads its format (`html.customData`). */
export function editorText(api: PublicInterface): string {
  const { tagName, description } = api;
  const valuesOf = (type: string) => [...type.matchAll(/"([^"]+)"/g)].map(([, name]) => ({ name }));
  const completed = (attributes: Typed[]) =>
    attributes
      .filter(({ name }) => !name.includes('*'))
      .map(({ name, type, description }) => {
        const values = valuesOf(type);
        return { name, description, ...(values.length > 0 ? { values } : {}) };
      });
  const tag = {
    name: tagName,
    description,
    attributes: completed(api.attributes),
    references: [{ name: 'All attributes, events and styles', url: 'docs/embed.md' }],
  };
  return `${JSON.stringify({ version: 1.1, tags: [tag], globalAttributes: completed(triggersOf(api)) }, null, 2)}\n`;
}

const PREFILL = `## Prefilled fields

A field takes its value from the property \`prefill\`, else from a \`prefill-*\` attribute, else from the page's address (\`?email=…\`).

- **The names are those of the fields that the event asks for**: \`name\`, or \`first-name\` and \`last-name\`, \`email\`, \`phone\`, or a question's id. What it does not ask for is left out: \`prefill-name\` fills nothing where first and last name are asked. \`first_name\` and \`first-name\` are the same.
- **A choice takes iClosed's own text of an option**, to the letter; anything else is left out.
- **They count when the widget begins**, which is as soon as it comes near the screen, in a popup when somebody points at what opens it. Set \`prefill\` before the script or in the task that inserts the element; later it counts for the next attempt (\`restart()\`).
- **WordPress keeps \`?name=\` for itself** and answers that there is no such page: use \`?first_name=\`, or the attributes.`;

const ALIAS = `**An alias needs a link of your own.** Where \`event\` is an alias, which is an event of the configuration with a \`linkPrefix\`, put a link to the event's page into the element (and give a trigger its own address). Only the Worker knows the address behind an alias: without a link and without the Worker, the widget's own link ends in the alias, and iClosed has no such page.`;

const POLICY = `## On a page with a Content Security Policy

The widget needs no inline script, no inline style and no frame. A policy must allow this, with your own hosts:

\`\`\`text
script-src https://book.example.com;
connect-src https://book.example.com;
trusted-types iclosed-booking;
img-src https://cdn.example.com;
form-action https://book.example.com
\`\`\`

| directive | for what |
| --- | --- |
| \`script-src\` | The script and its parts. A nonce on the tag does as well; the parts inherit it. |
| \`connect-src\` | Requests to the Worker, and the \`preload\` link. |
| \`trusted-types\` | Only where a \`trusted-types\` directive says which policies may be made. |
| \`img-src\` | Only for a \`logo\`: its host. |
| \`form-action\` | Only for the calendar file on iPhones and in apps, which take it from a form. |

The \`style\` attribute of the snippet is an inline style: where the policy forbids those, put \`iclosed-booking { display: block; min-height: 34rem }\` into your style sheet. Where a policy refuses the script, your link stays. Tried in Chromium as it stands here (\`test/e2e/policy.test.ts\`).`;

const PINNED = `## Pinning the script

\`npm run build\` and \`npm run deploy\` say the build's own address and its hash. That file never changes:

\`\`\`html
<script async crossorigin src="https://book.example.com/v/1a2b3c4d/embed.js" integrity="sha384-…"></script>
\`\`\`

\`integrity\` needs \`crossorigin\`, and covers the script, not the parts that it loads from the same folder. \`/embed.js\` changes with every deploy and must not have it. A pinned page gets no mends before its tag is changed. A deploy brings the newest ten builds along that were deployed from the same machine (folder \`.builds/\`; copy it along to another one); any older build answers 404, and its pages show your link alone.`;

export function embedText(api: PublicInterface): string {
  const { tagName, description, attributes, slots, events, parts, properties, members } = api;
  const call = ({ kind, name }: PublicInterface['members'][number]) => (kind === 'method' ? `${name}()` : name);
  return [
    `# \`<${tagName}>\``,
    'Written by `npm run docs` from the class in `widget/element.ts`; change it there. What never changes within v1 stands in [contract.md](contract.md), with the `detail` of every event. What an event asks, its colours and its words are configured at the Worker: [configuration.md](configuration.md).',
    description,
    `\`\`\`html
<script async crossorigin src="https://book.example.com/embed.js"></script>
<${tagName} event="acme/discovery-call" style="display:block;min-height:34rem">
  <a href="https://app.iclosed.io/e/acme/discovery-call">Book a call</a>
</${tagName}>
\`\`\``,
    section(
      '## Attributes',
      ['attribute', 'values', ''],
      attributes.map(({ name, type, description }) => [code(name), valuesText(type), description]),
    ),
    section(
      '## Methods and properties',
      ['', 'type', ''],
      members.map((each) => [
        code(call(each)),
        each.type ? code(each.type) : '',
        each.isReadOnly ? `${each.description} Read only.` : each.description,
      ]),
    ),
    section(
      '## Slots',
      ['slot', ''],
      slots.map(({ name, description }) => [name ? code(name) : 'the default one', description]),
    ),
    ALIAS,
    section(
      '## Events',
      ['event', 'when'],
      events.map(({ name, description }) => [code(name), description]),
    ),
    `They bubble, so one listener on the document hears every widget of the page:\n\n\`\`\`js\ndocument.addEventListener('iclosed:booked', ({ detail }) => console.log(detail.eventId, detail.startsAt));\n\`\`\``,
    section(
      '## What opens a popup',
      ['in the page', ''],
      [
        ...triggersOf(api).map(({ name, description }) => [code(name), description]),
        [
          code('iclosed:open'),
          'Event that your own script sends to the document; `detail.event` is what `data-iclosed-open` says.',
        ],
      ],
    ),
    "```js\ndocument.dispatchEvent(new CustomEvent('iclosed:open', { detail: { event: 'acme/discovery-call' } }));\n```",
    PREFILL,
    section(
      '## Parts',
      ['`::part(…)`', 'what it is'],
      parts.map(({ name, description }) => [code(name), description]),
    ),
    section(
      '## Custom properties',
      ['property', 'default', ''],
      properties.map(({ name, fallback, description }) => [code(name), fallback ? code(fallback) : '', description]),
    ),
    `\`\`\`css\n${tagName} { --iclosed-accent: #0b7a5b; --iclosed-radius: 6px }\n${tagName}::part(card) { box-shadow: none }\n\`\`\``,
    POLICY,
    PINNED,
    'For completion in VS Code, add `docs/vscode.html-custom-data.json` to the setting `html.customData`. Tools that read a custom-elements manifest find one beside the script after a build: `dist/custom-elements.json`.',
  ]
    .join('\n\n')
    .concat('\n');
}

/** `"a"|"b"` as codes; `string` says nothing. */
function valuesText(type: string): string {
  return type === 'string'
    ? ''
    : type
        .split('|')
        .map((value) => code(value.replaceAll('"', '')))
        .join(', ');
}

if (import.meta.main) {
  const api = readInterface();
  for (const [file, text] of Object.entries(DOCS)) writeFileSync(path.join(ROOT, file), text(api));
  // Not above: the build reads this file and needs no schema.
  const { writeConfigurationDocs } = await import('./schema.ts');
  writeConfigurationDocs();
}
