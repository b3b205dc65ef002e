/** Where things stand in this repository. */
import path from 'node:path';

export const ROOT = path.dirname(import.meta.dirname);
export const WRANGLER_TOML = path.join(ROOT, 'wrangler.toml');
export const DEV_VARS = path.join(ROOT, '.dev.vars');
export const DIST = path.join(ROOT, 'dist');
export const SCRIPT = path.join(DIST, 'embed.js');

/** The program behind a command of `node_modules/.bin`, for `node <file>` on every system. */
export const PROGRAMS = {
  tsc: path.join(ROOT, 'node_modules/typescript/bin/tsc'),
  biome: path.join(ROOT, 'node_modules/@biomejs/biome/bin/biome'),
  oxlint: path.join(ROOT, 'node_modules/oxlint/bin/oxlint'),
  wtr: path.join(ROOT, 'node_modules/@web/test-runner/dist/bin.js'),
  wrangler: path.join(ROOT, 'node_modules/wrangler/bin/wrangler.js'),
} as const;
