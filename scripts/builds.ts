/**
 * Old builds of the script. Pages that were opened before a deploy, and sites that pin `/v/<build>/embed.js`, go on asking for
 * theirs, and Cloudflare forgets every file that a deploy does not bring along. So each deployed build is kept in `.builds/` (on
 * the machine that deploys, ignored by git) and the newest ten are laid into `dist/v/` again.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export const BUILDS_KEPT = 10;

/** Names of the kept builds, newest first. */
export function keptBuilds(store: string): string[] {
  if (!existsSync(store)) return [];
  return readdirSync(store, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({ name, at: statSync(path.join(store, name)).mtimeMs }))
    .toSorted((a, b) => b.at - a.at)
    .map(({ name }) => name);
}

/** Copies kept builds into `dist/v/` until there are ten in all; never over one that is there. Returns the names added. */
export function restoreBuilds(store: string, dist: string): string[] {
  const versions = path.join(dist, 'v');
  const present = new Set(existsSync(versions) ? readdirSync(versions) : []);
  const added = keptBuilds(store)
    .filter((name) => !present.has(name))
    .slice(0, Math.max(0, BUILDS_KEPT - present.size));
  for (const name of added) cpSync(path.join(store, name), path.join(versions, name), { recursive: true });
  return added;
}

/** Keeps what was just deployed and drops what is older than the tenth. */
export function keepBuilds(store: string, dist: string, names: string[], now: Date): void {
  mkdirSync(store, { recursive: true });
  writeFileSync(path.join(store, '.gitignore'), '*\n');
  for (const name of names) {
    cpSync(path.join(dist, 'v', name), path.join(store, name), { recursive: true });
    utimesSync(path.join(store, name), now, now);
  }
  for (const name of keptBuilds(store).slice(BUILDS_KEPT)) rmSync(path.join(store, name), { recursive: true });
}
