/**
 * The running product with counters in the Worker, for the bench and for the tests that hold its cost: the stack of the tests
 * with another entry, written beside `wrangler.toml` in every other respect.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DIST, ROOT, WRANGLER_TOML } from '../scripts/paths.ts';
import type { Stack } from '../test/stack.ts';
import type { Entry } from './counted/tape.ts';

/** `wrangler.toml` with the counting entry; what it needs beside is how the counters tell objects apart. */
export function writeCountedConfig(): string {
  const folder = path.join(ROOT, 'bench/out');
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'counted.toml');
  const original = readFileSync(WRANGLER_TOML, 'utf8');
  const changes: [from: string, to: string][] = [
    ['main = "worker/index.ts"', `main = "../counted/worker.ts"\ncompatibility_flags = ["nodejs_als"]`],
    ['directory = "./dist"', `directory = ${JSON.stringify(DIST)}`],
  ];
  let text = original;
  for (const [from, to] of changes) {
    if (!text.includes(from))
      throw new Error(`wrangler.toml has no line ${from}: the counted one cannot be made from it.`);
    text = text.replace(from, to);
  }
  writeFileSync(file, text);
  return file;
}

/** Reads the tape on from where the last reading ended. */
export class TapeReader {
  readonly #stack: Stack;
  #read = 0;

  constructor(stack: Stack) {
    this.#stack = stack;
  }

  async next(): Promise<Entry[]> {
    const response = await fetch(`${this.#stack.worker}/counted?from=${this.#read}`);
    const entries = (await response.json()) as Entry[];
    this.#read += entries.length;
    return entries;
  }
}
