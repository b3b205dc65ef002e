/**
 * Builds the parts of the widget (`widget/parts/`), one small ES module each. A part brings nothing along: what it needs it is
 * handed, so that no code exists twice and a missing part breaks nothing but itself. A part may have a folder of its own; a little is
 * shared by several, and each carries it.
 */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { build, type Plugin } from 'vite';
import { tightTemplates } from './tight-templates.ts';

/** What several parts carry, each for itself: what the languages do alike, a call's time with its end. */
const SHARED_BY_PARTS = ['../texts/tongue.ts', '../range.ts', '../age.ts'].map((file) =>
  path.join(import.meta.dirname, file),
);
const FOLDER = path.join(import.meta.dirname, '../parts');

export interface BuiltPart {
  /** Name of its file, without ending. */
  name: string;
  code: string;
}

export function buildParts(): Promise<BuiltPart[]> {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.ts'));
  return Promise.all(files.toSorted().map((file) => buildPart(path.join(FOLDER, file))));
}

/** @param plugins Before the part's own; for tests. @throws When it imports more than types. */
export async function buildPart(entry: string, plugins: Plugin[] = []): Promise<BuiltPart> {
  const name = path.basename(entry, '.ts');
  const built = await build({
    configFile: false,
    publicDir: false,
    mode: 'production',
    logLevel: 'silent',
    plugins: [...plugins, tightTemplates(), importsNothing()],
    build: {
      write: false,
      target: 'es2022',
      lib: { entry, formats: ['es'], fileName: name },
      rolldownOptions: { output: { minify: true }, optimization: { inlineConst: { mode: 'all', pass: 3 } } },
    },
  });
  const [chunk] = [built].flat().flatMap((each) => ('output' in each ? each.output : []));
  if (chunk?.type !== 'chunk') throw new Error(`${name} was not built`);
  return { name, code: chunk.code };
}

function importsNothing(): Plugin {
  return {
    name: 'imports-nothing',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'chunk') continue;
        // Limits are numbers that the bundler writes in place.
        const isOwn = (id: string) =>
          id === file.facadeModuleId ||
          SHARED_BY_PARTS.includes(id) ||
          path.dirname(id) === file.facadeModuleId?.replace(/\.ts$/, '') ||
          id.startsWith('\0') ||
          id.endsWith('/shared/limits.ts');
        const others = Object.keys(file.modules).filter((id) => !isOwn(id));
        const strangers = [...others, ...file.imports, ...file.dynamicImports].map((id) => path.basename(id));
        if (strangers.length > 0)
          this.error(`The part ${file.name} imports ${strangers.join(', ')}; hand it what it needs`);
      }
    },
  };
}
