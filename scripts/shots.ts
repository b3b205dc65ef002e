/**
 * `npm run shots`: pictures of the running product. The contact sheet shows every scene narrow and wide, light and dark, side by
 * side for looking over; the README's picture shows one of them on a screen and on a phone. `-- --only times` makes those only.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { BrowserContextOptions } from 'playwright-core';
import { type Stack, startStack } from '../test/stack.ts';
import { buildWidget } from './build.ts';
import { launchBrowser } from './chromium.ts';
import { ROOT } from './paths.ts';
import { onStage, type Scene, scenes } from './scenes.ts';

const OUT = path.join(ROOT, 'docs/shots');
const TALL_PX = 2_000;
/** Until transitions have ended. */
const SETTLE_MS = 500;
const LOOKS = [
  { name: '390 light', width: 390, colorScheme: 'light' },
  { name: '390 dark', width: 390, colorScheme: 'dark' },
  { name: '1100 light', width: 1100, colorScheme: 'light' },
  { name: '1100 dark', width: 1100, colorScheme: 'dark' },
] as const;
type Look = (typeof LOOKS)[number];

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const wanted = scenes.filter(({ name }) => !values.only || name === values.only);
mkdirSync(OUT, { recursive: true });
await buildWidget();
const browser = await launchBrowser();
const faults: string[] = [];
const pictures = new Map<string, string>();
try {
  const rows: string[] = [];
  for (const scene of wanted) rows.push(await drawRow(scene));
  await saveSheet(rows);
  if (!values.only) await saveReadmePicture();
} finally {
  await browser.close();
}
for (const fault of faults) console.error(fault);
console.log(`docs/shots/: ${wanted.length} scenes × ${LOOKS.length} looks, ${faults.length} could not be played.`);
process.exit(faults.length > 0 ? 1 : 0);

/** One scene in all looks, as a row of HTML; a scene that cannot be played is said in its cell. */
async function drawRow(scene: Scene): Promise<string> {
  const stack = await startStack(); // of its own: no scene meets what another left behind
  const cells: string[] = [];
  try {
    for (const look of LOOKS) cells.push(`<td>${await drawCell(stack, scene, look)}</td>`);
  } finally {
    await stack.close();
  }
  return `<tr><th>${scene.name}</th>${cells.join('')}</tr>`;
}

async function drawCell(stack: Stack, scene: Scene, look: Look): Promise<string> {
  try {
    const picture = await draw(stack, scene, look);
    pictures.set(`${scene.name}, ${look.name}`, picture);
    return picture;
  } catch (error) {
    const [reason = ''] = String(error).split('\n');
    faults.push(`${scene.name}, ${look.name}: ${reason}`);
    return 'could not be played';
  }
}

/** The element as an `<img>`. */
function draw(stack: Stack, scene: Scene, look: Look): Promise<string> {
  return onStage(browser, stack, scene, contextOptions(look), async ({ page, widget }) => {
    await page.waitForTimeout(SETTLE_MS);
    return image(await widget.screenshot());
  });
}

function contextOptions({ width, colorScheme }: Pick<Look, 'width' | 'colorScheme'>): BrowserContextOptions {
  return {
    viewport: { width, height: TALL_PX }, // the whole element at once: what sticks is at rest
    deviceScaleFactor: 2,
    colorScheme,
    locale: 'en-US',
    timezoneId: 'Asia/Kolkata',
  };
}

async function saveSheet(rows: string[]): Promise<void> {
  const heads = LOOKS.map(({ name }) => `<th>${name}</th>`).join('');
  await saveHtml(
    'contact-sheet.png',
    2700,
    1,
    `<table><tr><th></th>${heads}</tr>${rows.join('')}</table>`,
    'table{border-spacing:20px}td{vertical-align:top}td:nth-child(-n+3) img{width:366px}td:nth-child(n+4) img{width:880px}th{font-weight:600;text-align:left;vertical-align:top}',
  );
}

/** A screen with the times and beside it a phone with the questions. */
async function saveReadmePicture(): Promise<void> {
  const wide = pictures.get('time picked, 1100 light');
  const narrow = pictures.get('questions, 390 dark');
  if (!wide || !narrow) return;
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
    `<!doctype html><style>body{margin:0;background:#eceef1;font:15px/1.4 system-ui,sans-serif;color:#333}img{display:block}${css}</style>${body}`,
  );
  await page.locator('body').screenshot({ path: path.join(OUT, name) });
  await context.close();
}

function image(png: Buffer): string {
  return `<img alt="" src="data:image/png;base64,${png.toString('base64')}">`;
}
