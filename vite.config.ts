/**
 * Builds the widget into one syntax-neutral file: `dist/embed.js`, and the same bytes under `dist/v/<hash>/embed.js`, which never change.
 * Four small plugins: Lit leaves no trace on the page, templates lose their white space, the module list is closed, and the first
 * statement returns if the element is there already.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { minify } from 'terser';
import { defineConfig, type Plugin } from 'vite';
import { ELEMENT_NAME } from './shared/protocol.ts';
import { buildParts } from './widget/build/parts.ts';
import { assertInner, withShortNames } from './widget/build/short-names.ts';
import { smaller } from './widget/build/small-lit.ts';
import { tightTemplates } from './widget/build/tight-templates.ts';
import { BUILD } from './widget/parts.ts';

const ROOT = import.meta.dirname;

/** What a visitor may download: the widget, types and constants of the protocol, and Lit. */
const ALLOWED_MODULES = [
  /^widget\/(?!build\/|parts\/).+\.ts$/,
  /^shared\/(protocol|problems|limits)\.ts$/,
  /^node_modules\/(lit\/html|lit-html\/(lit-html|is-server))\.js$/,
  /^rolldown\/runtime\.js$/,
];

/** Modules that do not belong into the widget. @param ids Module ids as the bundler lists them. */
export function strangersAmong(ids: readonly string[]): string[] {
  return ids
    .map((id) => path.relative(ROOT, id.replace(/^\0/, '').replace(/\?.*$/, '')).replaceAll(path.sep, '/'))
    .filter((id) => !ALLOWED_MODULES.some((allowed) => allowed.test(id)));
}

/** Fails the build when a module outside the list is in the bundle, naming it. */
export function onlyOwnModules(): Plugin {
  return {
    name: 'only-own-modules',
    generateBundle(_options, bundle) {
      const ids = Object.values(bundle).flatMap((file) => (file.type === 'chunk' ? Object.keys(file.modules) : []));
      const strangers = strangersAmong(ids);
      if (strangers.length > 0) this.error(`Not allowed in the widget: ${strangers.join(', ')}`);
    },
  };
}

/** Lit as the widget needs it, see `widget/build/small-lit.ts`. */
function smallLit(): Plugin {
  return {
    name: 'small-lit',
    transform: (code, id) => (id.endsWith('/lit-html/lit-html.js') ? { code: smaller(code), map: null } : null),
  };
}

/**
 * A second minifier over what the first has left, six times: 340 bytes less. `true` and `false` become 1 and 0, so none may be sent,
 * kept or spelled out on the page as it is written. In ASCII, so that any page reads it alike, whatever its charset.
 */
async function smallest(code: string): Promise<string> {
  const { code: smaller = '' } = await minify(code, {
    compress: {
      passes: 6,
      unsafe: true,
      unsafe_arrows: true,
      unsafe_methods: true,
      booleans_as_integers: true,
      pure_getters: true,
      // What repeats is short once compressed.
      hoist_funs: true,
      lhs_constants: false,
      if_return: false,
    },
    mangle: false,
    format: { ascii_only: true },
    ecma: 2020,
  });
  return smaller;
}

/**
 * One function around it all, whose first statement looks for the element; and the folder of this build, named by what is in it, with the
 * same script and the parts.
 */
function asOneFile(): Plugin {
  return {
    name: 'as-one-file',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      async handler(_options, bundle) {
        const file = bundle['embed.js'];
        if (file?.type !== 'chunk') return this.error('embed.js was not built');
        const short = (code: string) => withShortNames(code, (text) => this.parse(text));
        assertInner();
        const code = (await smallest(short(file.code))).replace(/;$/, '');
        if (/\bimport\.meta\b|^(import|export)\b/m.test(code)) this.error('embed.js must run as any kind of script');
        const parts = (await buildParts()).map(({ name, code }) => ({ name, code: short(code) }));
        const whole = `(function(){if(customElements.get("${ELEMENT_NAME}"))return;${code}})();\n`;
        const everything = [whole, ...parts.map(({ name, code }) => name + code)].join('\n');
        const version = createHash('sha256').update(everything).digest('hex').slice(0, BUILD.length);
        file.code = whole.replaceAll(BUILD, version);
        const versioned = (name: string, source: string) =>
          this.emitFile({ type: 'asset', fileName: `v/${version}/${name}.js`, source });
        versioned('embed', file.code);
        for (const { name, code } of parts) versioned(name, code);
        for (const fileName of ['_headers', 'manage.html'])
          this.emitFile({ type: 'asset', fileName, source: readFileSync(path.join(ROOT, 'widget', fileName)) });
        const integrity = `sha384-${createHash('sha384').update(file.code).digest('base64')}`;
        console.log(`/v/${version}/embed.js: ${brotliBytes(file.code)} bytes brotli, ${integrity}`);
        for (const { name, code } of parts) console.log(`/v/${version}/${name}.js: ${brotliBytes(code)} bytes brotli`);
      },
    },
  };
}

function brotliBytes(code: string): number {
  return brotliCompressSync(code, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
}

export default defineConfig({
  root: 'widget',
  publicDir: false,
  plugins: [smallLit(), tightTemplates(), onlyOwnModules(), asOneFile()],
  build: {
    outDir: path.join(ROOT, 'dist'),
    emptyOutDir: true,
    target: 'es2022',
    sourcemap: false,
    reportCompressedSize: false,
    lib: { entry: 'index.ts', name: 'iclosedBooking', formats: ['iife'], fileName: () => 'embed.js' },
    rolldownOptions: {
      output: { minify: true },
      optimization: { inlineConst: { mode: 'all', pass: 3 } },
    },
  },
});
