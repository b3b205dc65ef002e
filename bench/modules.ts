/**
 * What the script's bytes are spent on: the bundler's own list of modules with what each one leaves in the output. Those figures
 * are before minifying, so the parts are shares, not bytes on the wire.
 */
import path from 'node:path';
import { buildWidget } from '../scripts/build.ts';
import { ROOT } from '../scripts/paths.ts';

export interface ModuleBytes {
  /** `widget/state.ts`, or `lit-html` for a package. */
  name: string;
  bytes: number;
}

/** Largest first; packages as one part each. Writes nothing. */
export async function measureModules(): Promise<ModuleBytes[]> {
  const sums = new Map<string, number>();
  for (const file of await buildWidget({ isWritten: false })) {
    if (file.type !== 'chunk' || !file.isEntry) continue;
    for (const [id, { renderedLength }] of Object.entries(file.modules)) {
      if (renderedLength > 0) sums.set(nameOf(id), (sums.get(nameOf(id)) ?? 0) + renderedLength);
    }
  }
  return [...sums].map(([name, bytes]) => ({ name, bytes })).toSorted((a, b) => b.bytes - a.bytes);
}

function nameOf(id: string): string {
  const [, inPackage] = id.replaceAll('\\', '/').split(/.*\/node_modules\//);
  if (inPackage)
    return inPackage
      .split('/')
      .slice(0, inPackage.startsWith('@') ? 2 : 1)
      .join('/');
  return id.startsWith('\0') ? id.slice(1) : path.relative(ROOT, id.split('?')[0] ?? id).replaceAll('\\', '/');
}
