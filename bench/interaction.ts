/**
 * `npm run bench -- touch`: how long a visitor waits for the next picture after a key, a press on the arrow of the month, a day, a
 * time, and a change of zone (Interaction to Next Paint, as the Event Timing API tells it), on a phone whose processor is four times
 * slower than this machine. Durations come in steps of eight milliseconds. The network is this machine's own: what is waited for there
 * is no part of the figure.
 */
import { parseArgs } from 'node:util';
import { Ground, NARROW } from '../test/e2e/ground.ts';
import { landing, startSite, TAG } from '../test/e2e/site.ts';
import { person, type Visitor } from '../test/e2e/visitor.ts';
import { startUnpaced } from '../test/worker/visitor.ts';
import { launchBrowser } from '../scripts/chromium.ts';
import { machine, median } from './figures.ts';
import { CPU_SLOWDOWN } from './visit.ts';

const INP_MS_AT_MOST = 100;
/** Between two acts, so that each has a picture of its own. */
const REST_MS = 250;
const KINDS = ['typing', 'paging', 'days and times', 'zone'] as const;
type Kind = (typeof KINDS)[number];

const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' } }, allowPositionals: true });
const site = await startSite();
const stack = await startUnpaced({ origins: [site.origin] });
site.worker = stack.worker;
const browser = await launchBrowser();
const ground = new Ground(stack, site, browser);
const worst: Record<Kind, number[]> = { typing: [], paging: [], 'days and times': [], zone: [] };
const all: Record<Kind, number[]> = { typing: [], paging: [], 'days and times': [], zone: [] };
try {
  // Not counted: warms the Worker up.
  await visit(false);
  for (let run = 0; run < Number(values.runs); run += 1) await visit(true);
} finally {
  await browser.close();
  await stack.close();
  await site.close();
}
print();
process.exit(0);

async function visit(isCounted: boolean): Promise<void> {
  const visitor = await ground.enter(NARROW);
  const { page } = visitor;
  await page.addInitScript(watch);
  await visitor.open(site.put('/touch', landing(TAG)));
  const phone = await visitor.context.newCDPSession(page);
  await phone.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN });
  const take = async (kind: Kind, act: () => Promise<void>) => {
    await page.evaluate('touches.clear()');
    await act();
    await page.waitForTimeout(REST_MS);
    const found = await page.evaluate<number[]>('[...touches.values()]');
    if (!isCounted) return;
    all[kind].push(...found);
    worst[kind].push(Math.max(0, ...found));
  };
  const who = person();
  await take('typing', async () => {
    for (const [name, text] of [
      ['First name', who.firstName],
      ['Last name', who.lastName],
      ['Email', who.email],
    ] as const) {
      await visitor.field(name).click();
      await page.keyboard.type(text, { delay: 60 });
    }
  });
  await visitor.fillContact(who);
  await visitor.button('Continue').click();
  await visitor.answer(who);
  await visitor.submit();
  await visitor.freeDays().first().waitFor();
  await take('paging', () => pages(visitor));
  await take('days and times', async () => {
    for (const day of [1, 2, 0]) {
      await visitor.freeDays().nth(day).click();
      await page.waitForTimeout(REST_MS);
    }
    await visitor.times().first().click();
  });
  await take('zone', async () => {
    await visitor.button(/^Change: Time zone/).click();
    await visitor.widget.getByRole('option').first().waitFor();
    await page.waitForTimeout(REST_MS);
    await page.keyboard.type('new york', { delay: 60 });
    await page.keyboard.press('Enter');
  });
  await visitor.context.close();
}

/** There and back, each month twice: not known yet, and known. */
async function pages(visitor: Visitor): Promise<void> {
  for (const name of ['Next month', 'Previous month', 'Next month']) {
    await visitor.button(name).click();
    await visitor.page.waitForTimeout(REST_MS);
  }
}

/** Notes the longest event of each interaction; runs before anything of the page. */
function watch(): void {
  const touches = new Map<number, number>();
  Object.assign(globalThis, { touches });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & { interactionId: number })[]) {
      if (entry.interactionId > 0)
        touches.set(entry.interactionId, Math.max(entry.duration, touches.get(entry.interactionId) ?? 0));
    }
  }).observe({ type: 'event', durationThreshold: 16, buffered: true } as PerformanceObserverInit);
}

function print(): void {
  console.log(`\nInteraction to next paint, CPU ÷ ${CPU_SLOWDOWN}, ${values.runs} visits; ${machine()}`);
  console.log('kind             acts    median   worst of a visit (median)     worst');
  for (const kind of KINDS) {
    const cells = [
      String(all[kind].length).padStart(7),
      `${median(all[kind])} ms`.padStart(10),
      `${median(worst[kind])} ms`.padStart(28),
      `${Math.max(...worst[kind])} ms`.padStart(10),
    ];
    console.log(`${kind.padEnd(14)}${cells.join('')}`);
  }
  const isKept = KINDS.every((kind) => median(worst[kind]) <= INP_MS_AT_MOST);
  console.log(`\nAt most ${INP_MS_AT_MOST} ms for the worst of a visit: ${isKept ? 'kept' : 'not kept'} here.`);
}
