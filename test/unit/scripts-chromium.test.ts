/** Where a browser is looked for, and in which order. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browserPlaces, findBrowser, type Machine } from '../../scripts/chromium.ts';

function machine(platform: NodeJS.Platform, files: string[], env: Record<string, string> = {}): Machine {
  return { platform, env, exists: (file) => files.includes(file) };
}

test('CHROME_PATH wins', () => {
  const here = machine('linux', ['/opt/mine', '/usr/bin/chromium'], { CHROME_PATH: '/opt/mine' });
  assert.equal(findBrowser(here), '/opt/mine');
});

test('a wrong CHROME_PATH is said, not replaced', () => {
  const here = machine('linux', ['/usr/bin/chromium'], { CHROME_PATH: '/opt/gone' });
  assert.throws(() => findBrowser(here), /CHROME_PATH is "\/opt\/gone", but there is no such file/);
});

const program = 'Google\\Chrome\\Application\\chrome.exe';
for (const [name, here, expected] of [
  ['Chromium before Chrome', machine('linux', ['/usr/bin/google-chrome', '/usr/bin/chromium']), '/usr/bin/chromium'],
  ['a folder of PATH', machine('linux', ['/home/me/bin/chrome'], { PATH: '/bin:/home/me/bin' }), '/home/me/bin/chrome'],
  ['Edge on Linux', machine('linux', ['/usr/bin/microsoft-edge']), '/usr/bin/microsoft-edge'],
  [
    'Chrome on a Mac',
    machine('darwin', ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome']),
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ],
  [
    'Chrome on Windows',
    machine('win32', [`C:\\Program Files\\${program}`], { PROGRAMFILES: 'C:\\Program Files' }),
    `C:\\Program Files\\${program}`,
  ],
  ['none', machine('linux', []), undefined],
] as const) {
  test(`${name} ⇒ ${expected}`, () => assert.equal(findBrowser(here), expected));
}

test('no place is looked at twice', () => {
  const places = browserPlaces(machine('linux', [], { PATH: '/usr/bin:/bin:/usr/bin' }));
  assert.equal(new Set(places).size, places.length);
});
