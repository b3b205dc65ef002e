/**
 * `npm run docs`: what can be read in the class of the element, written out for people (`docs/embed.md`) and for editors
 * (`docs/vscode.html-custom-data.json`); the build adds the manifest for tools (`dist/custom-elements.json`). A test fails when the
 * files in the tree are not what this writes. The configuration's page is written by `schema.ts`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './paths.ts';
import { type PublicInterface, publicInterface } from './public-interface.ts';
import { code, section } from './tables.ts';

const SOURCE = path.join(ROOT, 'widget/element.ts');
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
    description: api.description,
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

/** Completion and help for the tag in VS Code and what reads its format (`html.customData`). */
export function editorText({ tagName, description, attributes }: PublicInterface): string {
  const valuesOf = (type: string) => [...type.matchAll(/"([^"]+)"/g)].map(([, name]) => ({ name }));
  const tag = {
    name: tagName,
    description,
    attributes: attributes
      .filter(({ name }) => !name.includes('*'))
      .map(({ name, type, description }) => {
        const values = valuesOf(type);
        return { name, description, ...(values.length > 0 ? { values } : {}) };
      }),
    references: [{ name: 'All attributes, events and styles', url: 'docs/embed.md' }],
  };
  return `${JSON.stringify({ version: 1.1, tags: [tag] }, null, 2)}\n`;
}

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
    section(
      '## Events',
      ['event', 'when'],
      events.map(({ name, description }) => [code(name), description]),
    ),
    `They bubble, so one listener on the document hears every widget of the page:\n\n\`\`\`js\ndocument.addEventListener('iclosed:booked', ({ detail }) => console.log(detail.eventId, detail.startsAt));\n\`\`\``,
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
