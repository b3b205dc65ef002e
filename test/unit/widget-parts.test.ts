/** Parts: where they are loaded from, how often, for how long; what is in them; and that they bring nothing along. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { PART_LIMIT_MS, PART_PAUSE_MS } from '../../shared/limits.ts';
import { buildPart, buildParts } from '../../widget/build/parts.ts';
import type { World } from '../../widget/client.ts';
import { BUILD, loadPart } from '../../widget/parts.ts';

const ZONES = path.join(import.meta.dirname, '../../widget/parts/zones.ts');
const PART = { openPanel: () => '' };
const WORKER = 'https://book.example.com';
const SITE = 'https://www.example.com';
const FIRST = `${WORKER}/v/${BUILD}/zones.js`;

type How = 'loads' | 'fails' | 'hangs';
const cases: [first: How, second: How, scriptOrigin: string | undefined, asked: string[], isThere: boolean][] = [
  ['loads', 'fails', undefined, [FIRST], true],
  ['fails', 'loads', undefined, [FIRST, `${FIRST}?7`], true],
  ['hangs', 'loads', undefined, [FIRST, `${FIRST}?7`], true],
  ['fails', 'loads', SITE, [FIRST, `${SITE}/v/${BUILD}/zones.js?7`], true],
  ['fails', 'fails', SITE, [FIRST, `${SITE}/v/${BUILD}/zones.js?7`], false],
  ['hangs', 'hangs', undefined, [FIRST, `${FIRST}?7`], false],
];
for (const [first, second, scriptOrigin, asked, isThere] of cases) {
  const from = scriptOrigin ? ', script from another place' : '';
  test(`${first}, then ${second}${from} ⇒ ${asked.length} asked, ${isThere ? 'there' : 'missing'}`, async () => {
    const calls: string[] = [];
    const slept: number[] = [];
    const world = {
      now: () => 7,
      load: (address: string) => {
        calls.push(address);
        const how = calls.length === 1 ? first : second;
        if (how === 'hangs') return new Promise(() => {});
        return how === 'loads' ? Promise.resolve(PART) : Promise.reject(new TypeError('Failed to fetch'));
      },
      sleep: (milliseconds: number) => {
        slept.push(milliseconds);
        const isOver = milliseconds === PART_PAUSE_MS || (calls.length === 1 ? first : second) === 'hangs';
        return isOver ? Promise.resolve() : new Promise(() => {});
      },
    } as Partial<World> as World;
    assert.equal(await loadPart(world, 'zones', WORKER, scriptOrigin), isThere ? PART : undefined);
    assert.deepEqual(calls, asked);
    const limits = asked.map(() => PART_LIMIT_MS);
    assert.deepEqual(slept, asked.length > 1 ? [limits[0], PART_PAUSE_MS, limits[1]] : limits);
  });
}

test('every file of the folder is a part, and none imports anything', async () => {
  const parts = await buildParts();
  const files = readdirSync(path.dirname(ZONES)).filter((file) => file.endsWith('.ts'));
  assert.deepEqual(
    parts.map(({ name }) => name),
    files.map((file) => path.basename(file, '.ts')).toSorted(),
  );
  for (const { name, code } of parts) assert.doesNotMatch(code, /\bimport\b(?!\.meta\.url)/, name);
});

test('the list of zones knows its own address, beside which the names of places are', async () => {
  const { code } = await buildPart(ZONES);
  assert.match(code, /\bimport\.meta\.url\b/);
});

test('a part that imports a module of the widget ⇒ the build stops and names it', async () => {
  const greedy = {
    name: 'greedy',
    transform: (code: string, id: string) =>
      id === ZONES ? `import { complain } from '../attributes.ts';complain('a','b','c');${code}` : null,
  };
  await assert.rejects(buildPart(ZONES, [greedy]), /imports .*attributes\.ts.*hand it what it needs/);
});
