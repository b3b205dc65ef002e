/**
 * Makes the page `/states` (`states/`): one file that holds the built script of the element as it is shipped and, before it, the
 * page's own. The element's script stands in the page rather than beside it, so that a state can have an origin from which no
 * part comes. Needs a built `dist/`.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'vite';
import { ROOT, SCRIPT } from './paths.ts';

const FOLDER = path.join(ROOT, 'states');

/** @param worker The Worker's address, or empty where the page stands on it. */
export async function statesPage(worker: string): Promise<string> {
  const html = readFileSync(path.join(FOLDER, 'page.html'), 'utf8');
  const scripts = [
    `<script>${inline(readFileSync(SCRIPT, 'utf8'))}</script>`,
    `<script data-worker="${worker}">${inline(await pageScript())}</script>`,
  ];
  return html.replace('{{SCRIPTS}}', () => scripts.join('\n'));
}

async function pageScript(): Promise<string> {
  const built = await build({
    configFile: false,
    publicDir: false,
    mode: 'production',
    logLevel: 'silent',
    build: {
      write: false,
      target: 'es2022',
      minify: false,
      lib: { entry: path.join(FOLDER, 'page.ts'), formats: ['iife'], name: 'states', fileName: 'states' },
    },
  });
  const [chunk] = [built].flat().flatMap((each) => ('output' in each ? each.output : []));
  if (chunk?.type !== 'chunk') throw new Error('The page of states was not built');
  return chunk.code;
}

/** Code that may stand between script tags. */
function inline(code: string): string {
  return code.replaceAll('</script', '<\\/script');
}
