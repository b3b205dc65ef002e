/**
 * `SIGNING_KEYS` for local runs: made once, kept in `.dev.vars` (git-ignored, readable by its owner only). Nothing that stands
 * there is ever changed; a key is only added at the end.
 */
import { randomBytes } from 'node:crypto';
import { appendFileSync, chmodSync, existsSync, readFileSync } from 'node:fs';

/** `1:<base64 of 32 random bytes>`: id and key, as the Worker reads them. */
export function makeSigningKeys(): string {
  return `1:${randomBytes(32).toString('base64')}`;
}

/** Appends new keys to the file (made if missing, mode 600) and returns them. */
export function addSigningKeys(file: string): string {
  const keys = makeSigningKeys();
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const gap = before === '' || before.endsWith('\n') ? '' : '\n';
  appendFileSync(file, `${gap}SIGNING_KEYS=${keys}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
  return keys;
}
