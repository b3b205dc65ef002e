/**
 * Cold visits on a slow phone, measured. *Ready* (promise P25) is the later of two: the element says so (`iclosed:ready`), and
 * a letter typed by the browser into the first input was taken and painted. Waiting for the word alone would reward a widget that
 * says it too early, typing alone one that shows a dead input.
 */
import type { Browser, Page } from 'playwright-core';

const LATENCY_MS = 150;
const BYTES_PER_SECOND = 1_600_000 / 8;
const CPU_SLOWDOWN = 4;
const LIMIT_MS = 30_000;
/** Everything that a visit starts is over by then. */
const REST_MS = 1_500;
const TASK_MS = 50;
const TASKS = 'tasks of this visit: ';

export interface Visit {
  /** From navigation, ms. */
  readyMs: number;
  saidMs: number;
  /** Sum of layout shifts without a recent input. */
  layoutShift: number;
  /** Address of the widget's own first request, if any. */
  requests: string[];
}

/** The tasks of a visit in which nobody and no driver touches the page: a driver's own scripts run as long as ours. */
export interface Tasks {
  longestTaskMs: number;
  /** What all tasks had above 50 ms, together. */
  excessMs: number;
}

/** What the page notes about itself; runs before anything of the page. */
function watchPage(): void {
  const notes = { saidMs: 0, paintedMs: 0, layoutShift: 0 };
  Object.assign(globalThis, { benchNotes: notes });
  document.addEventListener('iclosed:ready', () => {
    notes.saidMs ||= performance.now();
  });
  addEventListener(
    'input',
    (event) => {
      const input = event.composedPath()[0] as HTMLInputElement;
      requestAnimationFrame(() =>
        requestAnimationFrame(() => {
          if (input.isConnected && input.value !== '') notes.paintedMs ||= performance.now();
        }),
      );
    },
    { capture: true },
  );
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[]) {
      if (!entry.hadRecentInput) notes.layoutShift += entry.value;
    }
  }).observe({ type: 'layout-shift', buffered: true });
}

type Notes = { saidMs: number; paintedMs: number; layoutShift: number };

/** Tells the long tasks by the console when the page has come to rest. */
function watchTasks([prefix, restMs]: readonly [string, number]): void {
  const tasksMs: number[] = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) tasksMs.push(entry.duration);
  }).observe({ type: 'longtask', buffered: true });
  document.addEventListener('iclosed:ready', () =>
    setTimeout(() => console.debug(prefix + JSON.stringify(tasksMs)), restMs),
  );
}

/** @throws Error when the page is not ready within 30 s. */
export async function visit(browser: Browser, address: string): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 });
  try {
    const page = await context.newPage();
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    await page.addInitScript(watchPage);
    await slowDown(page);
    await page.goto(address, { waitUntil: 'commit', timeout: LIMIT_MS });
    await page.waitForFunction(() => (globalThis as unknown as { benchNotes: Notes }).benchNotes.saidMs > 0, null, {
      timeout: LIMIT_MS,
      polling: 'raf',
    });
    await page.locator('input:visible').first().focus({ timeout: LIMIT_MS });
    await page.keyboard.press('J');
    const handle = await page.waitForFunction(
      () => {
        const { benchNotes } = globalThis as unknown as { benchNotes: Notes };
        return benchNotes.paintedMs > 0 && benchNotes;
      },
      null,
      { timeout: LIMIT_MS, polling: 'raf' },
    );
    const notes = (await handle.jsonValue()) as Notes;
    return {
      readyMs: Math.max(notes.saidMs, notes.paintedMs),
      saidMs: notes.saidMs,
      layoutShift: notes.layoutShift,
      requests,
    };
  } finally {
    await context.close();
  }
}

/** The same visit without a probe. @throws Error when the page is not ready within 30 s. */
export async function visitQuietly(browser: Browser, address: string): Promise<Tasks> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 });
  try {
    const page = await context.newPage();
    await page.addInitScript(watchTasks, [TASKS, REST_MS] as const);
    await slowDown(page);
    const told = page.waitForEvent('console', {
      predicate: (line) => line.text().startsWith(TASKS),
      timeout: LIMIT_MS,
    });
    await page.goto(address, { waitUntil: 'commit', timeout: LIMIT_MS });
    const tasksMs = JSON.parse((await told).text().slice(TASKS.length)) as number[];
    return {
      longestTaskMs: Math.max(0, ...tasksMs),
      excessMs: tasksMs.reduce((sum, duration) => sum + Math.max(0, duration - TASK_MS), 0),
    };
  } finally {
    await context.close();
  }
}

async function slowDown(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: LATENCY_MS,
    downloadThroughput: BYTES_PER_SECOND,
    uploadThroughput: BYTES_PER_SECOND,
  });
  await session.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN });
}
