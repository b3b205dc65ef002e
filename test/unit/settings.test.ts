/** The variables of wrangler.toml: what they mean, and the sentence that each wrong one becomes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  keyFault,
  parseApiUrl,
  parseOrigins,
  parseRate,
  type SettingsSource,
  settingsOf,
} from '../../worker/config/settings.ts';

const ORIGIN = 'https://example.com';
const origins: [string | undefined, string[]][] = [
  [undefined, []],
  ['', []],
  ['  ', []],
  ['[]', []],
  ['["example.com"]', ['https://example.com', 'https://www.example.com']],
  ['["www.example.com"]', ['https://example.com', 'https://www.example.com']],
  ['["EXAMPLE.com"]', ['https://example.com', 'https://www.example.com']],
  ['["example.com:8443"]', ['https://example.com:8443', 'https://www.example.com:8443']],
  ['["https://example.com"]', ['https://example.com']],
  ['["https://www.example.com"]', ['https://www.example.com']],
  ['["https://example.com:443"]', ['https://example.com']],
  ['["https://shop.example.org", " a.io "]', ['https://shop.example.org', 'https://a.io', 'https://www.a.io']],
  ['["http://localhost:3000"]', ['http://localhost:3000']],
  ['["http://127.0.0.1:8788"]', ['http://127.0.0.1:8788']],
  ['["http://[::1]:3000"]', ['http://[::1]:3000']],
  ['["https://bücher.example"]', ['https://xn--bcher-kva.example']],
];
for (const [setting, expected] of origins) {
  test(`ALLOWED_ORIGINS=${setting} ⇒ ${expected.join(' ') || 'none'}`, () => {
    assert.deepEqual([...parseOrigins(setting)], expected);
  });
}

const LIST = 'ALLOWED_ORIGINS must be a JSON array such as ["example.com", "https://shop.example.org"]';
const wrongOrigins: [string, string][] = [
  ['example.com', `${LIST}; it is not JSON.`],
  ['{"a":"example.com"}', `${LIST}; it is no array.`],
  ['"example.com"', `${LIST}; it is no array.`],
  ['null', `${LIST}; it is no array.`],
  ['[1]', `${LIST}; 1 is no text.`],
  ['[null]', `${LIST}; null is no text.`],
  ['["https://"]', 'ALLOWED_ORIGINS: "https://" is no website; write "example.com" or "https://example.com".'],
  ['[""]', 'ALLOWED_ORIGINS: "" is no website; write "example.com" or "https://example.com".'],
  ['["exam ple.com"]', 'ALLOWED_ORIGINS: "exam ple.com" is no website; write "example.com" or "https://example.com".'],
  ['["https://example.com/"]', `ALLOWED_ORIGINS: "https://example.com/" must end after the host; write "${ORIGIN}".`],
  ['["example.com/shop"]', `ALLOWED_ORIGINS: "example.com/shop" must end after the host; write "${ORIGIN}".`],
  ['["https://example.com?x"]', `ALLOWED_ORIGINS: "https://example.com?x" must end after the host; write "${ORIGIN}".`],
  ['["https://a@example.com"]', `ALLOWED_ORIGINS: "https://a@example.com" must end after the host; write "${ORIGIN}".`],
  [
    '["https://:pw@example.com"]',
    `ALLOWED_ORIGINS: "https://:pw@example.com" must end after the host; write "${ORIGIN}".`,
  ],
  ['["http://example.com"]', `ALLOWED_ORIGINS: "http://example.com" must be https; write "${ORIGIN}".`],
  ['["ftp://example.com"]', `ALLOWED_ORIGINS: "ftp://example.com" must be https; write "${ORIGIN}".`],
];
for (const [setting, message] of wrongOrigins) {
  test(`ALLOWED_ORIGINS=${setting} ⇒ a sentence`, () => assert.throws(() => parseOrigins(setting), { message }));
}

for (const entry of ['capacitor://localhost', 'ionic://localhost', 'app://localhost', '*', 'https://*.example.com']) {
  test(`ALLOWED_ORIGINS=["${entry}"] ⇒ a sentence, never an origin that means something else`, () => {
    assert.throws(() => parseOrigins(JSON.stringify([entry])), /^(Setup)?Error: ALLOWED_ORIGINS: /);
  });
}

/** What browsers and robots may put into `Origin`; the set is asked for exactly this text (P17). */
const variants = [
  'null',
  '',
  '*',
  'http://example.com',
  'https://example.com/',
  'https://example.com:443',
  'https://example.com:80',
  'https://example.com:8443',
  'https://EXAMPLE.com',
  'https://Example.com',
  'HTTPS://example.com',
  'https://example.com.',
  'https://example.com.evil.com',
  'https://example.com-evil.com',
  'https://example.comevil.com',
  'https://evilexample.com',
  'https://evil-example.com',
  'https://evil.com/example.com',
  'https://evil.com?example.com',
  'https://evil.com#example.com',
  'https://evil.com#https://example.com',
  'https://example.com@evil.com',
  'https://user@example.com',
  'https://example.com%2eevil.com',
  'https://example.com%00.evil.com',
  'https://example.com\u0000',
  'https://example.com ',
  ' https://example.com',
  'https://example.com\n',
  'https://example.com, https://evil.com',
  'https://example.com https://evil.com',
  'https://shop.example.com',
  'https://www.www.example.com',
  'https://wwwexample.com',
  'https://ww.example.com',
  'https://example.co',
  'https://example.org',
  'https://xample.com',
  'https://example',
  'example.com',
  '//example.com',
  'https:example.com',
  'https:/example.com',
  'https:///example.com',
  'https:\\\\example.com',
  'https://xn--exmple-cua.com',
  'https://exаmple.com',
  'https://ехample.com',
  'https://example。com',
  'https://ｅxample.com',
  'file://',
  'file:///example.com',
  'data:',
  'blob:https://example.com/1',
  'chrome-extension://example.com',
  'moz-extension://example.com',
  'app://example.com',
  'capacitor://localhost',
  'http://localhost',
  'http://localhost:3000',
  'http://127.0.0.1',
  'http://[::1]',
  'https://localhost',
  'wss://example.com',
  'javascript:alert(1)//example.com',
  'undefined',
  '[object Object]',
  '__proto__',
  'constructor',
];
test(`${variants.length} hostile variants of an origin ⇒ not allowed; the two that are meant are`, () => {
  const allowed = parseOrigins('["example.com"]');
  assert.deepEqual(
    variants.filter((each) => allowed.has(each)),
    [],
  );
  assert.ok(variants.length >= 60);
  assert.ok(allowed.has('https://example.com') && allowed.has('https://www.example.com'));
});

const rates: [string | undefined, number, number][] = [
  [undefined, 20, 10],
  ['', 20, 10],
  ['20/10s', 20, 10],
  [' 100/10s ', 100, 10],
  ['20/1s', 20, 1],
  ['2/1s', 2, 1],
  ['99999/9999s', 99_999, 9_999],
];
for (const [setting, points, windowSeconds] of rates) {
  test(`ICLOSED_RATE=${setting} ⇒ ${points} in ${windowSeconds} s`, () => {
    assert.deepEqual(parseRate(setting), { points, windowSeconds });
  });
}
for (const setting of [
  '20',
  '20/10',
  '20/s',
  '20 / 10s',
  '1/10s',
  '0/10s',
  '20/0s',
  '-20/10s',
  '2.5/1s',
  '20/10m',
  '1e3/1s',
  '100000/1s',
]) {
  test(`ICLOSED_RATE=${setting} ⇒ a sentence`, () => {
    assert.throws(() => parseRate(setting), {
      message: `ICLOSED_RATE is "${setting}"; write calls per seconds, such as "20/10s".`,
    });
  });
}

const urls: [string | undefined, string][] = [
  [undefined, 'https://public.api.iclosed.io'],
  ['', 'https://public.api.iclosed.io'],
  ['https://public.api.iclosed.io', 'https://public.api.iclosed.io'],
  ['https://public.api.iclosed.io/', 'https://public.api.iclosed.io'],
  ['https://public-dev.api.iclosed.io', 'https://public-dev.api.iclosed.io'],
  ['http://127.0.0.1:8790', 'http://127.0.0.1:8790'],
  ['http://localhost:8790/', 'http://localhost:8790'],
  ['http://[::1]:8790', 'http://[::1]:8790'],
];
for (const [setting, origin] of urls) {
  test(`ICLOSED_API_URL=${setting} ⇒ ${origin}`, () => assert.equal(parseApiUrl(setting), origin));
}
for (const setting of [
  'public.api.iclosed.io',
  'http://public.api.iclosed.io',
  'https://api.iclosed.io',
  'https://evil.com/.api.iclosed.io',
  'https://public.api.iclosed.io.evil.com',
  'https://publicapi.iclosed.io',
  'https://evilapi.iclosed.io',
  'https://evil.com?x.api.iclosed.io',
  'https://evil.com#x.api.iclosed.io',
  'https://public.api.iclosed.io@evil.com',
  'https://user@public.api.iclosed.io',
  'https://public.api.iclosed.io?x=1',
  'http://10.0.0.1',
  'http://127.0.0.1.evil.com',
  'ftp://localhost',
  'app://localhost',
  'not a url',
]) {
  test(`ICLOSED_API_URL=${setting} ⇒ a sentence`, () => {
    assert.throws(() => parseApiUrl(setting), {
      message: `ICLOSED_API_URL is "${setting}"; write "https://public.api.iclosed.io" (or an address on loopback).`,
    });
  });
}

const BLANK = 'ICLOSED_API_KEY has a blank or a line break in it. Paste it again.';
const PREFIX = 'ICLOSED_API_KEY must begin with "iclosed_".';
const MISSING = 'ICLOSED_API_KEY is missing. Create a key in iClosed under Settings → Developer.';
const keys: [string | undefined, string | undefined][] = [
  ['iclosed_0123456789abcdef', undefined],
  ['iclosed_a-b.c~d', undefined],
  [undefined, MISSING],
  ['', MISSING],
  [' iclosed_abc', BLANK],
  ['iclosed_abc\n', BLANK],
  ['iclosed_a bc', BLANK],
  ['iclosed-abc', 'ICLOSED_API_KEY begins with "iclosed-"; it must begin with "iclosed_".'],
  ['Bearer', PREFIX],
  ['abc', PREFIX],
  ['iclosed_', PREFIX],
  ['ICLOSED_abc', PREFIX],
  ['iclosed_äöü', PREFIX],
];
for (const [key, sentence] of keys) {
  test(`key ${JSON.stringify(key)} ⇒ ${sentence ?? 'no fault'}`, () => assert.equal(keyFault(key), sentence));
}

const env = (vars: Partial<SettingsSource>) => vars as SettingsSource;
test('nothing set ⇒ the defaults, and the events of events.json', () => {
  const settings = settingsOf(env({}));
  assert.equal(settings.slotTimeZone, 'UTC');
  assert.equal(settings.apiUrl, 'https://public.api.iclosed.io');
  assert.deepEqual(settings.rate, { points: 20, windowSeconds: 10 });
  assert.equal(settings.origins.size, 0);
  assert.ok(Object.keys(settings.events).length > 0);
});

test('SLOT_TIME_ZONE=Mars/Olympus ⇒ a sentence', () => {
  assert.throws(() => settingsOf(env({ SLOT_TIME_ZONE: 'Mars/Olympus' })), {
    message: 'SLOT_TIME_ZONE is "Mars/Olympus"; write an IANA zone such as "UTC" or "America/New_York".',
  });
});

test('the same environment ⇒ the same settings, read once', () => {
  const one = env({ EVENTS: '{"other/event":{}}' });
  assert.equal(settingsOf(one), settingsOf(one));
  assert.ok('other/event' in settingsOf(one).events);
  assert.ok(!('other/event' in settingsOf(env({})).events));
});

test('ALLOWED_ORIGINS as the array itself, from a wrangler.toml without the outer quotes ⇒ the same', () => {
  assert.deepEqual([...parseOrigins(['example.com'])], ['https://example.com', 'https://www.example.com']);
});
