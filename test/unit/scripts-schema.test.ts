/** The configuration's page and the editors' schema are what the schema says; every variable is explained where the contract says so. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../../scripts/paths.ts';
import { CONFIGURATION_DOCS, eventFields } from '../../scripts/schema.ts';
import { readDefaults } from '../../scripts/settings.ts';
import { EventConfig, readEventConfigs } from '../../worker/config/events.ts';
import { VARIABLES } from '../../worker/config/variables.ts';

const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');

for (const [file, text] of Object.entries(CONFIGURATION_DOCS)) {
  test(`${file} is fresh`, () => assert.equal(read(file), text(), 'run `npm run docs`'));
}

test('every field of an event stands on the page with what it does and its default', () => {
  const [event, ...within] = eventFields();
  assert.deepEqual(
    event?.fields.map(({ name }) => name),
    Object.keys(EventConfig.shape),
  );
  assert.deepEqual(
    within.map(({ path: place }) => place),
    [
      'contact[]',
      'questions[]',
      'questions[].options[]',
      'questions[].showIf',
      'consents[]',
      'legal[]',
      'disqualified[]',
      'disqualified[].when',
      'brand',
    ],
  );
  const page = read('docs/configuration.md');
  for (const { name, description } of [...(event?.fields ?? []), ...within.flatMap(({ fields }) => fields)]) {
    assert.ok(page.includes(`| \`${name}\` |`) && page.includes(`| ${description.replaceAll('|', '\\|')} |`), name);
  }
});

test('the example of the page is one, and has every field', () => {
  const [, example = ''] = /```json\n([\s\S]*?)\n```/.exec(read('docs/configuration.md')) ?? [];
  const configs = readEventConfigs(JSON.parse(example), undefined);
  const used = new Set(Object.values(configs).flatMap((config) => Object.keys(config)));
  assert.deepEqual([...used].toSorted(), Object.keys(EventConfig.shape).toSorted());
});

test('what a field does is not told with a mistake', () => {
  for (const wrong of [
    { flow: 'x' },
    { contact: ['x'] },
    { disqualified: [{ when: 1 }] },
    { questions: [{ id: 1 }] },
  ]) {
    assert.throws(
      () => readEventConfigs({ events: { 'a/b': wrong } }, undefined),
      ({ message }: Error) => !/Default:|title|description/.test(message) && message.length < 120,
    );
  }
});

test('every variable and secret that the Worker reads is on the page, and no other', async () => {
  const names = [
    ...`${read('worker/env.ts')}${read('worker/config/settings.ts')}`.matchAll(/^ {2}([A-Z_]+)\?: string;$/gm),
  ];
  assert.deepEqual(Object.keys(VARIABLES).toSorted(), [...new Set(names.map(([, name = '']) => name))].toSorted());
  const { vars } = await readDefaults();
  const variables = Object.entries(VARIABLES).filter(([, { kind }]) => kind === 'variable');
  assert.deepEqual(variables.map(([name]) => name).toSorted(), Object.keys(vars).toSorted());
});

/** As the contract promises. */
test('each variable is explained in wrangler.toml and each secret in .dev.vars.example, right above its name', () => {
  for (const [name, { kind }] of Object.entries(VARIABLES)) {
    const [file, line] =
      kind === 'variable'
        ? (['wrangler.toml', new RegExp(`\\n# .+\\n${name} = `)] as const)
        : (['.dev.vars.example', new RegExp(`(^|\\n)# .+\\n(# )?${name}=`)] as const);
    assert.match(read(file), line, `${name} in ${file}`);
    assert.ok(read('docs/contract.md').includes(`\`${name}\``), name);
  }
});
