/** Overrides of settings on this machine, and the sentences about a wrong one. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import {
  envFile,
  readDefaults,
  readDevVars,
  resolveSettings,
  varArguments,
  workerSettings,
} from '../../scripts/settings.ts';
import { addSigningKeys } from '../../scripts/signing-keys.ts';

const defaults = { vars: { EVENTS: '{}', ICLOSED_RATE: '20/10s', ALLOWED_ORIGINS: '[]' }, port: 8787 };

function withFolder(run: (folder: string) => void): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'iclosed-test-'));
  try {
    run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('wrangler.toml itself gives the names that can be overridden', async () => {
  const { vars, port } = await readDefaults();
  for (const name of ['ALLOWED_ORIGINS', 'EVENTS', 'ICLOSED_API_URL', 'ICLOSED_RATE', 'SLOT_TIME_ZONE']) {
    assert.equal(typeof vars[name], 'string', name);
  }
  assert.equal(port, 8787);
});

test('the environment wins over .dev.vars, .dev.vars over wrangler.toml', () => {
  const resolved = resolveSettings(
    defaults,
    { EVENTS: '{"from/file":{}}', ICLOSED_RATE: '5/1s', PORT: '9000' },
    { EVENTS: '{"from/env":{}}', PORT: '9100' },
  );
  assert.deepEqual(resolved.vars, { EVENTS: '{"from/env":{}}', ICLOSED_RATE: '5/1s', ALLOWED_ORIGINS: '[]' });
  assert.deepEqual([...resolved.overridden], ['EVENTS', 'ICLOSED_RATE']);
  assert.equal(resolved.port, 9100);
});

test('every other name of .dev.vars is a secret; the environment gives only the known ones', () => {
  const { secrets } = resolveSettings(
    defaults,
    { ICLOSED_API_KEY: 'iclosed_file', TURNSTILE_SECRET: 's', EVENTS: '{}', PORT: '1' },
    { ICLOSED_API_KEY: '', ADMIN_TOKEN: 'a', AWS_SECRET_ACCESS_KEY: 'x' },
  );
  assert.deepEqual(secrets, { ICLOSED_API_KEY: '', TURNSTILE_SECRET: 's', ADMIN_TOKEN: 'a' });
});

for (const port of ['0', '-1', '80a', '65535', '1e3']) {
  test(`PORT=${port} ⇒ a sentence`, () => {
    assert.throws(() => resolveSettings(defaults, {}, { PORT: port }), {
      message: `PORT is "${port}"; write a number such as 8787.`,
    });
  });
}

test('variables travel as they are: colons, quotes, JSON', () => {
  const value = '{"a/b":{"redirect":"https://x.example/?q=1"}}';
  assert.deepEqual(varArguments({ EVENTS: value }), ['--var', `EVENTS:${value}`]);
});

for (const [value, line] of [
  ['1:a+/b==', "S='1:a+/b=='"],
  ['a$HOME', "S='a\\$HOME'"],
  [`it's`, "S=`it's`"],
  ["it's `so`", 'S="it\'s `so`"'],
] as const) {
  test(`secret ${value} ⇒ ${line}`, () => assert.equal(envFile({ S: value }), `${line}\n`));
}

test('a secret that dotenv cannot say is refused by name, never printed', () => {
  assert.throws(
    () => envFile({ ADMIN_TOKEN: 'hush\nhush' }),
    (error: Error) => {
      return error.message.startsWith('ADMIN_TOKEN ') && !error.message.includes('hush');
    },
  );
});

test('signing keys are added to what is there, for the owner only', () => {
  withFolder((folder) => {
    const file = path.join(folder, '.dev.vars');
    assert.deepEqual(readDevVars(file), {});
    writeFileSync(file, 'ICLOSED_API_KEY=iclosed_x\n# mine');
    const keys = addSigningKeys(file);
    assert.match(keys, /^1:[A-Za-z0-9+/]{43}=$/);
    assert.equal(readFileSync(file, 'utf8'), `ICLOSED_API_KEY=iclosed_x\n# mine\nSIGNING_KEYS=${keys}\n`);
    assert.equal(readDevVars(file).SIGNING_KEYS, keys);
    if (process.platform !== 'win32') assert.equal(statSync(file).mode & 0o777, 0o600);
  });
});

test('the key sentences are those of the Worker', async () => {
  const { keyFault } = await workerSettings();
  const rows: [string | undefined, RegExp | undefined][] = [
    [undefined, /^ICLOSED_API_KEY is missing\./],
    ['', /^ICLOSED_API_KEY is missing\./],
    ['iclosed-abc', /begins with "iclosed-"; it must begin with "iclosed_"/],
    ['abc', /must begin with "iclosed_"/],
    ['iclosed_a b', /a blank or a line break/],
    ['iclosed_ab\n', /a blank or a line break/],
    ['iclosed_abc', undefined],
  ];
  for (const [key, sentence] of rows) {
    const fault = keyFault(key);
    if (sentence) assert.match(fault ?? '', sentence, String(key));
    else assert.equal(fault, undefined);
  }
});
