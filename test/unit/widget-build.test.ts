/** What a visitor may download: the bundler's module list is closed, and a stranger fails the build. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { build } from 'vite';
import { onlyOwnModules, strangersAmong } from '../../vite.config.ts';

const ROOT = path.join(import.meta.dirname, '../..');

const modules: [string, boolean][] = [
  ['widget/element.ts', true],
  ['shared/limits.ts', true],
  ['node_modules/lit-html/lit-html.js', true],
  ['shared/schemas.ts', false],
  ['worker/ticket.ts', false],
  ['node_modules/lit-html/directive.js', false],
  ['node_modules/zod/index.js', false],
  ['node_modules/luxon/build/es6/luxon.mjs', false],
];
for (const [id, isAllowed] of modules) {
  test(`${id} ⇒ ${isAllowed ? 'allowed' : 'refused'}`, () => {
    assert.equal(strangersAmong([path.join(ROOT, id)]).length === 0, isAllowed);
  });
}

test('an entry that imports Luxon ⇒ the build fails and names it', async () => {
  const bad = {
    name: 'bad-entry',
    resolveId: (id: string) => (id === 'bad' ? '\0bad' : null),
    load: (id: string) => (id === '\0bad' ? 'import { DateTime } from "luxon"; console.log(DateTime.now());' : null),
  };
  const options = {
    configFile: false as const,
    root: ROOT,
    logLevel: 'silent' as const,
    plugins: [bad, onlyOwnModules()],
    build: { write: false, rollupOptions: { input: 'bad' } },
  };
  await assert.rejects(build(options), /Not allowed in the widget: .*luxon/);
});
