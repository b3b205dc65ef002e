/**
 * `npm run firefox`: the main journey in Firefox ESR with real keys and presses, against the real Worker with the stand-in behind it:
 * a whole booking on a phone's width, moved and cancelled; the grid by keys; German and Arabic up to the times; Firefox's own autofill,
 * from a profile that knows an address, chosen by keys in Firefox's own list. The judge is iClosed's
 * account. Firefox is looked for in FIREFOX_PATH and the usual places; on Debian as root the package `firefox-esr` is installed.
 */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import puppeteer from 'puppeteer-core';
import { landing, startSite, TAG } from '../e2e/site.ts';
import { startUnpaced, until } from '../worker/visitor.ts';
import { findOrInstallFirefox } from './find.ts';
import { KNOWN, profile } from './profile.ts';
import { FirefoxVisitor } from './visitor.ts';

const NARROW = ['--width=390', '--height=844'];
const LIMIT_MS = 60_000;

const site = await startSite();
const stack = await startUnpaced({
  origins: [site.origin],
  standin: { settings: { availability: { multiBooking: true } } },
});
site.worker = stack.worker;
const folder = profile();
const browser = await puppeteer.launch({
  browser: 'firefox',
  executablePath: findOrInstallFirefox(),
  userDataDir: folder,
  args: NARROW,
  // This protocol cannot set one in Firefox: the window has the size.
  defaultViewport: null,
  extraPrefsFirefox: {
    'intl.accept_languages': 'en-US',
    'intl.locale.requested': 'en-US',
    // On as for somebody in a country where Firefox offers it; what was typed before is no address.
    'extensions.formautofill.available': 'on',
    'extensions.formautofill.addresses.supported': 'on',
    'extensions.formautofill.addresses.supportedCountries': 'US',
    'extensions.formautofill.addresses.enabled': true,
    'extensions.formautofill.heuristics.enabled': true,
    'browser.search.region': 'US',
    'browser.formfill.enable': false,
  },
});
const results: boolean[] = [];
try {
  console.log(await browser.version());
  console.log(`${await (await browser.newPage()).evaluate(() => innerWidth)} px wide`);
  await journey('a whole booking, moved and cancelled', '', wholeBooking);
  await journey('the month by arrow keys, Home and End', '', byKeys);
  await journey('the times in German', 'de', inGerman);
  await journey('the times in Arabic, from right to left', 'ar', inArabic);
  await journey('an address that Firefox knows, by its own autofill', '', byAutofill);
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
  await stack.close();
  await site.close();
}
const failed = results.filter((isGood) => !isGood).length;
console.log(`\n${results.length - failed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);

async function journey(
  name: string,
  language: string,
  walk: (visitor: FirefoxVisitor) => Promise<void>,
): Promise<void> {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  const limit = setTimeout(() => void page.close(), LIMIT_MS);
  try {
    const tag = language ? TAG.replace(' event=', ` locale="${language}" event=`) : TAG;
    await page.goto(site.put(`/firefox${language}`, landing(tag)));
    await walk(new FirefoxVisitor(page));
    results.push(true);
    console.log(`✓ ${name}`);
  } catch (error) {
    results.push(false);
    console.log(`✗ ${name}`);
    console.error(error);
  } finally {
    clearTimeout(limit);
    await context.close();
  }
}

async function wholeBooking(visitor: FirefoxVisitor): Promise<void> {
  const email = await visitor.toTimes();
  await visitor.press('[part~=time]');
  await visitor.press('.confirm [part~="primary-button"]');
  await visitor.reads(/You’re booked, Vera/);
  const calls = () => stack.standin.ledger.callsOf(email);
  assert.equal(calls().length, 1);
  const before = calls()[0]?.startsAt;
  await visitor.press('.manage-move');
  await visitor.reads(/Pick another time/);
  await visitor.press('[part~="free-day"]:not([part~="chosen-day"])');
  await visitor.press('[part~=time]');
  await visitor.press('.confirm [part~="primary-button"]');
  await visitor.reads(/Your call was moved/);
  assert.equal(calls().length, 1);
  assert.notEqual(calls()[0]?.startsAt, before);
  await visitor.press('.manage-cancel');
  await visitor.press('.confirm .small', /^Yes/);
  await visitor.reads(/Your call is cancelled/);
  assert.equal(calls().length, 0);
}

async function byKeys(visitor: FirefoxVisitor): Promise<void> {
  await visitor.toTimes();
  const first = await visitor.focused();
  for (const [key, isOther] of [
    ['ArrowRight', true],
    ['ArrowLeft', false],
    ['ArrowDown', true],
    ['ArrowUp', false],
  ] as const) {
    await visitor.page.keyboard.press(key);
    await until(async () => ((await visitor.focused()) !== first) === isOther, `${key} moves the focus`);
  }
  await visitor.page.keyboard.press('Enter');
  await visitor.reads(/Pick a time/);
}

async function inGerman(visitor: FirefoxVisitor): Promise<void> {
  await visitor.toTimes();
  await visitor.reads(/Wählen Sie einen Termin/);
}

async function inArabic(visitor: FirefoxVisitor): Promise<void> {
  await visitor.toTimes();
  const isRightToLeft = await visitor.page.evaluate(() => {
    const root = document.querySelector('iclosed-booking')?.shadowRoot;
    const names = [...(root?.querySelectorAll('th') ?? [])].map((each) => each.getBoundingClientRect().left);
    const { scrollWidth, clientWidth } = document.documentElement;
    return { isMirrored: (names[0] ?? 0) > (names[6] ?? 0), fits: scrollWidth <= clientWidth };
  });
  assert.deepEqual(isRightToLeft, { isMirrored: true, fits: true });
}

/** Firefox's list opens by an arrow, a second one goes to its first entry. */
async function byAutofill(visitor: FirefoxVisitor): Promise<void> {
  const list = ['first_name', 'last_name', 'email', 'phone'];
  await visitor.press('[name="first_name"]');
  assert.deepEqual(await visitor.values(list), ['', '', '', '']);
  const isFilled = async () => (await visitor.values(list)).every(Boolean);
  // Firefox looks at a form a moment after its first field has the focus.
  for (let tries = 0; tries < 5 && !(await isFilled()); tries += 1) {
    await pause();
    for (const key of ['ArrowDown', 'ArrowDown', 'Enter'] as const) {
      await visitor.page.keyboard.press(key);
      await pause();
    }
  }
  assert.deepEqual(await visitor.values(list), [KNOWN.firstName, KNOWN.lastName, KNOWN.email, KNOWN.phone]);
  await visitor.press('[type=submit]');
  await visitor.reads(/A few questions/);
  const has = () => stack.standin.ledger.contactsOf(KNOWN.email).some(({ lastName }) => lastName === KNOWN.lastName);
  await until(has, 'iClosed has the contact');
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 800));
}
