/** Finds Firefox: FIREFOX_PATH, else the usual places of this system, else (on Debian as root) the package `firefox-esr`. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const PLACES = [
  '/usr/bin/firefox-esr',
  '/usr/bin/firefox',
  '/snap/bin/firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
  'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
];

/** @throws Error with what to do. */
export function findOrInstallFirefox(): string {
  const wish = process.env.FIREFOX_PATH;
  if (wish && existsSync(wish)) return wish;
  if (wish) throw new Error(`FIREFOX_PATH is "${wish}", where nothing is.`);
  const found = PLACES.find((place) => existsSync(place));
  if (found) return found;
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    console.log('Installing Firefox (apt-get install firefox-esr)…');
    spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'firefox-esr'], { stdio: 'ignore' });
    const installed = PLACES.find((place) => existsSync(place));
    if (installed) return installed;
  }
  throw new Error('Firefox was not found. Install it, or set FIREFOX_PATH to the program.');
}
