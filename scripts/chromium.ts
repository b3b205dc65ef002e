/**
 * Finds a Chromium, Chrome or Edge for the browser tests, the pictures and the bench: CHROME_PATH, else the usual places of this
 * system, else (on Debian as root) the package `chromium`. Launches it so that it speaks to nobody but this machine.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Browser, chromium } from 'playwright-core';

export interface Machine {
  platform: NodeJS.Platform;
  env: Record<string, string | undefined>;
  exists(file: string): boolean;
}

const thisMachine: Machine = { platform: process.platform, env: process.env, exists: existsSync };
const ADVICE = 'Install Chromium, Chrome or Edge, or set CHROME_PATH to the program.';

/** Every place where a browser is looked for, first choice first. */
export function browserPlaces({ platform, env }: Machine): string[] {
  if (platform === 'darwin') {
    const apps = ['Google Chrome', 'Chromium', 'Microsoft Edge'].map(
      (name) => `Applications/${name}.app/Contents/MacOS/${name}`,
    );
    return ['/', ...(env.HOME ? [env.HOME] : [])].flatMap((base) => apps.map((app) => path.posix.join(base, app)));
  }
  if (platform === 'win32') {
    const bases = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA].filter((base) => base !== undefined);
    const programs = [
      'Google\\Chrome\\Application\\chrome.exe',
      'Chromium\\Application\\chrome.exe',
      'Microsoft\\Edge\\Application\\msedge.exe',
    ];
    return programs.flatMap((program) => bases.map((base) => path.win32.join(base, program)));
  }
  const names = [
    'chromium',
    'chromium-browser',
    'google-chrome',
    'google-chrome-stable',
    'chrome',
    'microsoft-edge',
    'microsoft-edge-stable',
  ];
  const folders = [...new Set([...(env.PATH ?? '').split(':'), '/usr/bin', '/usr/local/bin', '/snap/bin'])].filter(
    Boolean,
  );
  return [
    ...names.flatMap((name) => folders.map((folder) => path.posix.join(folder, name))),
    '/opt/google/chrome/chrome',
  ];
}

/**
 * The program to run, or undefined.
 * @throws Error with a sentence when CHROME_PATH names nothing: a wrong wish is not silently replaced.
 */
export function findBrowser(machine: Machine = thisMachine): string | undefined {
  const wish = machine.env.CHROME_PATH;
  if (wish) {
    if (machine.exists(wish)) return wish;
    throw new Error(`CHROME_PATH is "${wish}", but there is no such file. Correct it or unset it.`);
  }
  return browserPlaces(machine).find((place) => machine.exists(place));
}

/**
 * The program to run; on Debian as root it is installed when missing.
 * @throws Error with one sentence on what to do.
 */
export function findOrInstallBrowser(): string {
  const found = findBrowser();
  if (found) return found;
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) throw new Error(`No browser found. ${ADVICE}`);
  console.log('No browser found: installing the package chromium …');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const steps = [['update'], ['install', '--yes', '--no-install-recommends', 'chromium']];
  for (const step of steps) {
    const run = spawnSync('apt-get', step, { env, encoding: 'utf8' });
    if (run.status !== 0) {
      throw new Error(`${run.stderr?.trim()}\n\`apt-get ${step.join(' ')}\` did not succeed. ${ADVICE}`);
    }
  }
  const installed = findBrowser();
  if (!installed) throw new Error(`The package chromium brought no browser. ${ADVICE}`);
  return installed;
}

/**
 * What is switched off. A second switch takes the place of Playwright's own, so the part of its list that pages can feel stands
 * here too; the last two are of the address bar, whose pages a headless Chromium loads with every window: that is half of what a
 * test's browser costs.
 */
const DISABLED_FEATURES = [
  'AutoDeElevate',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'BlockOriginHeaderModificationOnRedirect',
  'DestroyProfileOnBrowserClose',
  'DialMediaRouteProvider',
  'GlobalMediaControls',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'Translate',
  'AimEnabled',
  'WebUIOmniboxAimPopup',
  'WebUIOmniboxPopup',
];

/** A headless browser that finds no host but this machine. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: findOrInstallBrowser(),
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      `--disable-features=${DISABLED_FEATURES.join()}`,
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
    ],
  });
}
