/**
 * `npm run shots`: pictures of every state of the widget from the page `/states`. A contact sheet for each theme shows them narrow
 * and wide for looking over; the README's picture shows a screen and a phone. `-- --only times,picked` makes a sheet of those only.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { BrowserContextOptions } from 'playwright-core';
import { setupOf, STATE_NAMES, type StateName } from '../states/states.ts';
import { startStack } from '../test/stack.ts';
import { buildWidget } from './build.ts';
import { launchBrowser } from './chromium.ts';
import { ROOT } from './paths.ts';

const OUT = path.join(ROOT, 'docs/shots');
const THEMES = ['light', 'dark'] as const;
type Theme = (typeof THEMES)[number];
/** The widget's own width is 24 px less. */
const WIDTHS = { narrow: 390, wide: 1100 } as const;
/** Behind the widgets of the README's picture. */
const GROUND = '#eceef1';
/** Of what takes the whole page. */
const SCREEN_HEIGHT = 800;
type Width = keyof typeof WIDTHS;

/** Pictures by state, as `<img>`. */
type Pictures = Map<StateName, string>;

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const wanted = STATE_NAMES.filter((name) => !values.only || values.only.split(',').includes(name));
mkdirSync(OUT, { recursive: true });
await buildWidget();
const stack = await startStack();
const browser = await launchBrowser();
try {
  for (const theme of THEMES) {
    const [narrow, wide] = [await draw('narrow', theme, 1), await draw('wide', theme, 1)];
    await saveSheet(theme, narrow, wide);
  }
  if (!values.only) await saveReadmePicture();
} finally {
  await browser.close();
  await stack.close();
}
console.log(`docs/shots/: ${wanted.length} states, narrow and wide, ${THEMES.join(' and ')}.`);
process.exit(0);

/**
 * @param ground Colour of the page around the card, where it must be that of the picture; else the page's own.
 * @throws Error that names the states which were not reached.
 */
async function draw(
  width: Width,
  theme: Theme,
  scale: number,
  names: readonly StateName[] = wanted,
  ground?: string,
): Promise<Pictures> {
  const context = await browser.newContext(looks(width, theme, scale));
  const pictures: Pictures = new Map();
  try {
    const page = await context.newPage();
    const open = async (only: readonly StateName[]) => {
      const wish = new URLSearchParams({ width: String(WIDTHS[width]), theme, only: only.join() });
      await page.goto(`${stack.site}/states?${wish}`);
      await page.locator('[data-states=ready]').waitFor({ timeout: 120_000 });
      const missed = await page.locator('pre').allInnerTexts();
      if (missed.length > 0) throw new Error(missed.join('\n'));
      if (ground) await page.addStyleTag({ content: `:root { background: ${ground} !important }` });
    };
    const keep = (name: StateName, picture: Buffer) =>
      pictures.set(name, `<img alt="" src="data:image/png;base64,${picture.toString('base64')}">`);
    const inPlace = names.filter((name) => !setupOf(name).isAlone);
    if (inPlace.length > 0) await open(inPlace);
    for (const name of inPlace) keep(name, await page.locator(`#${name} iclosed-booking`).screenshot());
    await page.setViewportSize({ width: WIDTHS[width], height: SCREEN_HEIGHT });
    for (const name of names.filter((each) => setupOf(each).isAlone)) {
      await open([name]);
      keep(name, await page.screenshot());
    }
  } finally {
    await context.close();
  }
  return pictures;
}

function looks(width: Width, colorScheme: Theme, deviceScaleFactor: number): BrowserContextOptions {
  const viewport = { width: WIDTHS[width], height: 2_000 }; // the whole element at once: what sticks is at rest
  return { viewport, deviceScaleFactor, colorScheme, locale: 'en-US', reducedMotion: 'reduce' };
}

/** Half the size: what is looked for is the whole, not the letter. */
async function saveSheet(theme: Theme, narrow: Pictures, wide: Pictures): Promise<void> {
  const cells = wanted.map(
    (name) => `<figure><figcaption>${setupOf(name).title}</figcaption>${narrow.get(name)}${wide.get(name)}</figure>`,
  );
  await saveHtml(
    `states-${theme}.png`,
    2_200,
    1,
    `<main>${cells.join('')}</main>`,
    `body{background:${theme === 'light' ? '#e4e7ec' : '#000'};color:${theme === 'light' ? '#222' : '#ddd'}}
    main{columns:3;column-gap:24px;padding:24px}figure{break-inside:avoid;margin:0 0 28px;display:flex;gap:12px;align-items:start;flex-wrap:wrap}
    figcaption{width:100%;font-weight:600}figure img:first-of-type{width:200px}figure img:last-of-type{width:470px}`,
  );
}

/** A screen with the times and beside it a phone with the questions. */
async function saveReadmePicture(): Promise<void> {
  const wide = (await draw('wide', 'light', 2, ['picked'], GROUND)).get('picked');
  const narrow = (await draw('narrow', 'dark', 2, ['questions'])).get('questions');
  await saveHtml(
    'readme.png',
    1240,
    1.5,
    `<div class="scene"><div class="wide">${wide}</div><div class="narrow">${narrow}</div></div>`,
    `.scene{position:relative;height:820px;overflow:hidden}
    .wide{position:absolute;left:44px;top:48px;width:880px}.wide img{width:100%}
    .narrow{position:absolute;right:44px;top:96px;width:288px;height:612px;overflow:hidden;border-radius:34px;border:8px solid #0b0d12;background:#14171f;box-shadow:0 24px 60px -20px #000a}.narrow img{width:100%}`,
  );
}

async function saveHtml(name: string, width: number, scale: number, body: string, css: string): Promise<void> {
  const context = await browser.newContext({ viewport: { width, height: 800 }, deviceScaleFactor: scale });
  const page = await context.newPage();
  await page.setContent(
    `<!doctype html><style>body{margin:0;background:${GROUND};font:15px/1.4 system-ui,sans-serif;color:#333}img{display:block}${css}</style>${body}`,
  );
  await page.locator('body').screenshot({ path: path.join(OUT, name) });
  await context.close();
}
