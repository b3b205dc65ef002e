/** What `npm test` keeps from the tests, and how it counts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCounts } from '../../scripts/counts-reporter.ts';
import { cleanEnvironment } from '../../scripts/environment.ts';
import { isLoopbackAddress } from '../../scripts/loopback-only.ts';
import { startStack } from '../stack.ts';

test('no key, token or setting of this machine reaches a test', () => {
  const cleaned = cleanEnvironment(
    {
      PATH: '/bin',
      HOME: '/root',
      CHROME_PATH: '/usr/bin/chromium',
      ICLOSED_API_KEY: 'iclosed_real',
      ICLOSED_API_KEY_NEXT: 'iclosed_real2',
      ICLOSED_API_URL: 'https://public.api.iclosed.io',
      CLOUDFLARE_API_TOKEN: 't',
      CLOUDFLARE_INCLUDE_PROCESS_ENV: 'true',
      CF_API_KEY: 'k',
      ADMIN_TOKEN: 'a',
      SIGNING_KEYS: '1:x',
      TURNSTILE_SECRET: 's',
      AWS_SECRET_ACCESS_KEY: 's',
      EVENTS: '{}',
      PORT: '80',
      TZ: 'Asia/Kolkata',
    },
    ['EVENTS'],
  );
  assert.deepEqual(cleaned, {
    PATH: '/bin',
    HOME: '/root',
    CHROME_PATH: '/usr/bin/chromium',
    CLOUDFLARE_CF_FETCH_ENABLED: 'false',
    WRANGLER_SEND_METRICS: 'false',
    WRANGLER_HIDE_BANNER: 'true',
    TZ: 'UTC',
  });
});

test('this test process has none', () => {
  const names = Object.keys(process.env).filter((name) =>
    /^(ICLOSED_|ADMIN_TOKEN|SIGNING_KEYS|CLOUDFLARE_API)/.test(name),
  );
  assert.deepEqual(names, []);
});

test('fetching from elsewhere is refused before anything leaves', async () => {
  await assert.rejects(
    fetch('https://public.api.iclosed.io/v1/events'),
    /Tests refuse to fetch from https:\/\/public\.api\.iclosed\.io/,
  );
  await assert.rejects(fetch(new Request('http://192.0.2.1/')), /Tests refuse/);
});

test('a stack with an upstream elsewhere is not started', async () => {
  await assert.rejects(startStack({ vars: { ICLOSED_API_URL: 'https://public.api.iclosed.io' } }), {
    message: 'Tests refuse the upstream https://public.api.iclosed.io: it is not on this machine.',
  });
});

for (const [address, isOurs] of [
  ['http://127.0.0.1:8787', true],
  ['http://localhost/x', true],
  ['http://[::1]:1', true],
  ['https://127.0.0.1.example.com', false],
  ['https://localhost.example.com', false],
  ['http://0.0.0.0', false],
  ['no address', false],
] as const) {
  test(`${address} ⇒ ${isOurs ? 'loopback' : 'elsewhere'}`, () => assert.equal(isLoopbackAddress(address), isOurs));
}

test('counts are read from the last line of them, or not at all', () => {
  assert.deepEqual(readCounts('noise\n#counts {"passed":3,"failed":1,"skipped":0}\nmore'), {
    passed: 3,
    failed: 1,
    skipped: 0,
  });
  assert.equal(readCounts('Error: boom'), undefined);
});
