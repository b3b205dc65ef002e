/** The documentation of the element is what its class says, and the class names every part that a template has. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { BY_TRIGGER, DOCS, editorText, manifestText, readInterface } from '../../scripts/docs.ts';
import { ROOT } from '../../scripts/paths.ts';
import { publicInterface } from '../../scripts/public-interface.ts';
import { EVENT_NAMES, EVENT_PREFIX } from '../../shared/protocol.ts';

const api = readInterface();

for (const [file, text] of Object.entries(DOCS)) {
  test(`${file} is fresh`, () => {
    const written = readFileSync(path.join(ROOT, file), 'utf8');
    assert.equal(written, text(api), 'run `npm run docs`');
  });
}

test('every event of the protocol that fires is documented, and no other', () => {
  const documented = api.events.map(({ name }) => name.slice(EVENT_PREFIX.length));
  assert.deepEqual(
    documented.filter((name) => !(EVENT_NAMES as readonly string[]).includes(name)),
    [],
  );
});

/** Names of parts in a file's templates, and in the nodes that it makes by script. */
function partsIn(source: string): string[] {
  const inTags = [...source.matchAll(/\bpart=(?:"([^"]+)"|\$\{(`[^`]*`|[^}]*)\})/g)].flatMap(
    ([, plain, expression = '']) => {
      const around = expression.startsWith('`') ? expression.replace(/`|\$\{[^}]*\}/g, ' ') : '';
      const quoted = [...expression.replace(/=== '[^']*'/g, '').matchAll(/'([^']*)'/g)].map(([, text = '']) => text);
      return plain ?? [around, ...quoted];
    },
  );
  const byScript = [...source.matchAll(/\bpart(?:: |', )'([\w -]+)'/g)].map(([, names = '']) => names);
  return [...inTags, ...byScript].join(' ').split(' ').filter(Boolean);
}

test('a template ⇒ its parts', () => {
  const source =
    "part=\"a b\" part=${`c ${x === '' ? '' : y ? 'd e' : 'f'}`} part=${y === 'no' ? 'g' : 'h'} part: 'i' .setAttribute('part', 'j')";
  assert.deepEqual(partsIn(source), 'a b c d e f g h i j'.split(' '));
});

test('every part of a template is documented, and no other', () => {
  const used = new Set(templates().flatMap(partsIn));
  assert.deepEqual([...used].toSorted(), api.parts.map(({ name }) => name).toSorted());
});

test('the manifest names the tag and its members', () => {
  const manifest = JSON.parse(manifestText(api)) as {
    modules: { declarations: { tagName: string; members: { name: string }[] }[] }[];
  };
  const [declaration] = manifest.modules[0]?.declarations ?? [];
  assert.equal(declaration?.tagName, 'iclosed-booking');
  const names = declaration.members.map(({ name }) => name);
  for (const name of ['prefill', 'restart', 'attempt']) assert.ok(names.includes(name), name);
});

test('what a trigger may say is what the popup takes from it, and page, editors and manifest tell it', () => {
  const source = readFileSync(path.join(ROOT, 'widget/parts/popup.ts'), 'utf8');
  const [, taken = ''] = /BY_TRIGGER = \/\^\(([^)]+)\)\$\//.exec(source) ?? [];
  assert.deepEqual(BY_TRIGGER, taken.replaceAll('.+', '*').split('|'));
  const { globalAttributes } = JSON.parse(editorText(api)) as { globalAttributes: { name: string }[] };
  const names = ['open', ...BY_TRIGGER].map((name) => `data-iclosed-${name}`);
  assert.deepEqual(
    globalAttributes.map(({ name }) => name),
    names.filter((name) => !name.endsWith('*')),
  );
  for (const name of names) {
    assert.ok(DOCS['docs/embed.md'](api).includes(`| \`${name}\` |`), name);
    assert.ok(manifestText(api).includes(`\`${name}\``), name);
  }
});

test('a class ⇒ its interface', () => {
  const source = [
    '/**',
    ' * Does a thing',
    ' * in two lines.',
    ' *',
    ' * @tagname x-y',
    ' * @attr {"a"|"b"} kind - Which',
    ' *   of them.',
    ' * @slot - All.',
    ' * @cssprop [--x=red] - Colour.',
    ' */',
    'export class Xy extends HTMLElement {',
    '  /** Name. */',
    '  name: string | undefined;',
    '  /** Hidden. */',
    '  #no = 1;',
    '  /** Goes. */',
    '  go(): void {}',
    '  /** Id. */',
    '  get id2(): number {',
    '    return 1;',
    '  }',
    '  connectedCallback() {}',
    '}',
  ].join('\n');
  assert.deepEqual(publicInterface(source), {
    className: 'Xy',
    tagName: 'x-y',
    description: 'Does a thing in two lines.',
    attributes: [{ name: 'kind', type: '"a"|"b"', description: 'Which of them.' }],
    slots: [{ name: '', description: 'All.' }],
    events: [],
    parts: [],
    properties: [{ name: '--x', description: 'Colour.', fallback: 'red' }],
    members: [
      { kind: 'property', name: 'name', type: 'string | undefined', isReadOnly: false, description: 'Name.' },
      { kind: 'method', name: 'go', type: '', isReadOnly: false, description: 'Goes.' },
      { kind: 'property', name: 'id2', type: 'number', isReadOnly: true, description: 'Id.' },
    ],
  });
});

test('a tag that is not understood ⇒ an error', () => {
  assert.throws(
    () => publicInterface('/**\n * A.\n * @tagname x-y\n * @attr nothing said\n */\nexport class Xy {\n}'),
    /@attr nothing said/,
  );
});

function templates(): string[] {
  return ['widget', 'widget/views', 'widget/parts'].flatMap((folder) =>
    readdirSync(path.join(ROOT, folder))
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(path.join(ROOT, folder, file), 'utf8')),
  );
}
