/** The last ten builds survive a deploy. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { BUILDS_KEPT, keepBuilds, keptBuilds, restoreBuilds } from '../../scripts/builds.ts';

let folder: string;
let store: string;
let dist: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'iclosed-test-'));
  store = path.join(folder, '.builds');
  dist = path.join(folder, 'dist');
});
afterEach(() => rmSync(folder, { recursive: true }));

function build(name: string): void {
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(path.join(dist, 'v', name), { recursive: true });
  writeFileSync(path.join(dist, 'v', name, 'embed.js'), name);
  writeFileSync(path.join(dist, 'v', name, 'zones.js'), `zones of ${name}`);
}

test('the first deploy has nothing to bring along', () => {
  build('b0');
  assert.deepEqual(restoreBuilds(store, dist), []);
});

test('twelve deploys: ten builds reachable, newest first, the oldest gone', () => {
  for (let index = 0; index < 12; index += 1) {
    build(`b${index}`);
    restoreBuilds(store, dist);
    assert.equal(readdirSync(path.join(dist, 'v')).length, Math.min(index + 1, BUILDS_KEPT));
    keepBuilds(store, dist, [`b${index}`], new Date(1_700_000_000_000 + index * 1000));
  }
  assert.deepEqual(keptBuilds(store), ['b11', 'b10', 'b9', 'b8', 'b7', 'b6', 'b5', 'b4', 'b3', 'b2']);
  assert.equal(readFileSync(path.join(dist, 'v/b2/embed.js'), 'utf8'), 'b2');
  assert.equal(readFileSync(path.join(dist, 'v/b2/zones.js'), 'utf8'), 'zones of b2');
  assert.equal(existsSync(path.join(dist, 'v/b1')), false);
  assert.equal(readFileSync(path.join(store, '.gitignore'), 'utf8'), '*\n');
});

test('the same build deployed again counts once and is not overwritten from the store', () => {
  build('same');
  keepBuilds(store, dist, ['same'], new Date(1_700_000_000_000));
  writeFileSync(path.join(dist, 'v/same/embed.js'), 'fresh');
  assert.deepEqual(restoreBuilds(store, dist), []);
  assert.equal(readFileSync(path.join(dist, 'v/same/embed.js'), 'utf8'), 'fresh');
  assert.deepEqual(keptBuilds(store), ['same']);
});
