/** What a visitor may download: the module list is closed, Lit is cut to what templates use, and a template that needs more is refused. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { build, parseSync } from 'vite';
import { onlyOwnModules, strangersAmong } from '../../vite.config.ts';
import { smaller } from '../../widget/build/small-lit.ts';
import { assertInner, withShortNames } from '../../widget/build/short-names.ts';
import { faultIn, tightCss } from '../../widget/build/tight-templates.ts';

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

const LIT = readFileSync(path.join(ROOT, 'node_modules/lit-html/lit-html.js'), 'utf8');

test('Lit as installed ⇒ cut, and under half its size', () => {
  assert.ok(smaller(LIT).length < LIT.length / 2);
});

test('a Lit that reads otherwise ⇒ the build stops and names the place', () => {
  assert.throws(
    () => smaller(LIT.replace('Symbol.for("lit-nothing")', 'Symbol.for("lit-void")')),
    /Lit has changed.*lit-nothing/,
  );
});

const templates: [pieces: string[], isFine: boolean][] = [
  [['<p class=', '>', '</p>'], true],
  [['<p\n  .value=', '\n  @click=', '\n>text</p>'], true],
  [['', '<b>', '</b>', ''], true],
  [['<p class="a ', '">x</p>'], false],
  [['<p class="', '">x</p>'], false],
  [['<', '>x</p>'], false],
  [['<p ', '>x</p>'], false],
  [['<p>a=', '</p>'], false],
  [['<p>a = ', '</p>'], true],
  [['<textarea>', '</textarea>'], false],
  [['<!-- ', ' -->'], false],
];
for (const [pieces, isFine] of templates) {
  test(`${pieces.join('${…}')} ⇒ ${isFine ? 'taken' : 'refused'}`, () =>
    assert.equal(faultIn(pieces) === undefined, isFine));
}

const parse = (code: string) => parseSync('x.js', code).program;
const shortened: [code: string, short: string | undefined][] = [
  ['state.view', 'state.A'],
  ['({ view: 1, code: 2 })', '({ A: 1, code: 2 })'],
  ['let { view, goal: far } = state', 'let { A:view, B: far } = state'],
  ['view(`view`)', 'view(`view`)'],
  ['`view` in state', undefined],
  ['state["view"]', undefined],
  ['({ "view": 1 })', undefined],
];
for (const [code, short] of shortened) {
  test(`${code} ⇒ ${short ?? 'the build stops'}`, () => {
    if (short) assert.equal(withShortNames(code, parse), short);
    else assert.throws(() => withShortNames(code, parse), /"view" cannot be shortened/);
  });
}

test('an inner name that the network also uses ⇒ the build stops', () => {
  assertInner();
  assert.throws(() => assertInner(['startsAt']), /a name of the network/);
  assert.throws(() => assertInner(['bookNow']), /a name of the network/);
});

test('a sheet travels without its comments, and without quotes that nothing needs', () => {
  assert.equal(tightCss('/* Why. */\n.a {\n  /* Two\n  lines. */\n  gap: 0.5em;\n}\n'), '.a{gap:.5em}');
  assert.equal(tightCss("[mode='popup'] {\n}\n[name='1 a'] {\n}\n"), "[mode=popup]{}[name='1 a']{}");
  assert.equal(tightCss('@media (height < 26em) {\n  .a {\n    gap: 0;\n  }\n}\n'), '@media (height<26em){.a{gap:0}}');
});
