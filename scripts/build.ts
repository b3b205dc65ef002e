/**
 * Builds the widget and its manifest into an emptied `dist/`. Always for production, whatever the environment says: a development build of Lit is
 * twice as big. Also `npm run build`.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { build, type Rolldown } from 'vite';
import { MANIFEST, manifestText, readInterface } from './docs.ts';
import { DIST, ROOT } from './paths.ts';

/**
 * @param options.isWritten False: only returns what would be written.
 * @returns The files of the bundle.
 * @throws Error with one sentence and what the bundler said.
 */
export async function buildWidget({ isWritten = true } = {}): Promise<Rolldown.OutputBundle[string][]> {
  process.chdir(ROOT); // vite.config.ts names its folders from here
  process.env.NODE_ENV = 'production'; // loading the Worker's settings by Vite leaves "development" behind
  try {
    const built = await build({ mode: 'production', logLevel: 'silent', build: { write: isWritten } });
    if (isWritten) writeFileSync(path.join(DIST, MANIFEST), manifestText(readInterface()));
    return [built].flat().flatMap((each) => ('output' in each ? each.output : []));
  } catch (error) {
    const [reason = ''] = stripVTControlCharacters(String(error)).split(/Stack backtrace:|\n {4}at /);
    throw new Error(`${reason.trim()}\n\nThe widget could not be built; what the bundler said stands above.`);
  }
}

if (import.meta.main) await buildWidget();
