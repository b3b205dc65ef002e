/**
 * Cold visits on a slow phone, measured. *Ready* (promise P25) is the later of two: the element says so (`iclosed:ready`), and
 * a letter typed by the browser into the first input was taken and painted. Waiting for the word alone would reward a widget that
 * says it too early, typing alone one that shows a dead input. With times first it is a click on a free day that is answered by its
 * times; no word is waited for, because other widgets say none.
 */
import type { Browser, CDPSession, Page } from 'playwright-core';

/** Of each answer; the browser's emulation leaves out those to the questions of CORS. */
export const LATENCY_MS = 150;
export const BYTES_PER_SECOND = 1_600_000 / 8;
/** A phone's processor beside this machine's. */
export const CPU_SLOWDOWN = 4;
const LIMIT_MS = 30_000;
/** Everything that a visit starts is over by then. */
const REST_MS = 1_500;
/** A browser has pages of its own to load when a window opens; a phone's is open when somebody follows a link. */
const OPENED_MS = 1_500;
/** A click that the page has not answered by then is made again. */
const CLICK_MS = 500;
const TASK_MS = 50;
const TASKS = 'tasks of this visit: ';
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 };

export interface Visit {
  /** From navigation, ms. */
  readyMs: number;
  saidMs: number;
  /** Sum of layout shifts without a recent input. */
  layoutShift: number;
  /** Address of the widget's own first request, if any. */
  requests: string[];
}

/** How a month and its times look to a selector; shadow roots are looked into, each by itself. */
export interface Calendar {
  /** Days with free times, but the chosen one. */
  day: string;
  /** Heading and times of the chosen day; the heading has the day's number. */
  shown: string;
}

export interface Pick {
  /** From navigation until the times of a clicked day were painted, ms. */
  pickableMs: number;
  /** Of scripts, with their headers, as they travelled. */
  scriptBytes: number;
  /** Beside the page itself, with questions of CORS. */
  requests: number;
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

interface PickNotes {
  pickedMs: number;
  /** The middle of the first free day, brought into view. */
  findDay(): { x: number; y: number } | undefined;
}

/** What the page notes about a pick; runs before anything of the page. */
function watchPick({ day, shown }: Calendar): void {
  const find = (selector: string, root: Document | ShadowRoot = document): Element[] => [
    ...root.querySelectorAll(selector),
    ...[...root.querySelectorAll('*')].flatMap(({ shadowRoot }) => (shadowRoot ? find(selector, shadowRoot) : [])),
  ];
  const words = () => {
    const seen = find(shown).filter((element) => element.checkVisibility());
    return seen.map(({ textContent }) => textContent).join(' ');
  };
  const notes: PickNotes = {
    pickedMs: 0,
    findDay() {
      const found = find(day).find((element) => element.checkVisibility());
      found?.scrollIntoView({ block: 'nearest' });
      const box = found?.getBoundingClientRect();
      return box && { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    },
  };
  Object.assign(globalThis, { benchPick: notes });
  // Only times under a heading with the clicked day's number are an answer; they are painted when the next frame begins.
  const look = (wanted: RegExp) => {
    const isShown = wanted.test(words());
    requestAnimationFrame(() => {
      if (isShown) notes.pickedMs ||= performance.now();
      else if (notes.pickedMs === 0) look(wanted);
    });
  };
  addEventListener(
    'click',
    (event) => {
      const number = Number.parseInt((event.composedPath()[0] as Element).textContent, 10);
      look(new RegExp(`(?<![\\d:])${number}(?![\\d:]).*\\d:\\d\\d`, 's'));
    },
    { capture: true },
  );
}

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

/**
 * @param isFar The servers delay their answers themselves.
 * @throws Error when the page is not ready within 30 s.
 */
export async function visit(browser: Browser, address: string, isFar = false): Promise<Visit> {
  const context = await browser.newContext({ ...PHONE, ignoreHTTPSErrors: isFar });
  try {
    const page = await context.newPage();
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    await page.addInitScript(watchPage);
    await slowDown(page, isFar);
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
  const context = await browser.newContext(PHONE);
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

/**
 * Times first: clicks a free day as soon as there is one, and again as long as no click is answered by that day's times.
 * @throws Error when none is within 30 s.
 */
export async function visitAndPick(browser: Browser, address: string, calendar: Calendar): Promise<Pick> {
  const context = await browser.newContext({ ...PHONE, timezoneId: 'UTC' });
  try {
    const page = await context.newPage();
    await page.addInitScript(watchPick, calendar);
    const wire = watchWire(await slowDown(page));
    const startedAt = performance.now();
    await page.goto(address, { waitUntil: 'commit', timeout: LIMIT_MS });
    for (;;) {
      if (performance.now() - startedAt > LIMIT_MS) throw new Error(`No click on a day was answered at ${address}.`);
      const day = await page.waitForFunction(
        () => (globalThis as unknown as { benchPick: PickNotes }).benchPick.findDay(),
        null,
        { timeout: LIMIT_MS, polling: 'raf' },
      );
      const { x, y } = (await day.jsonValue()) as { x: number; y: number };
      await page.mouse.click(x, y);
      const pickableMs = await picked(page);
      if (pickableMs !== undefined) return { pickableMs, ...wire };
    }
  } finally {
    await context.close();
  }
}

/** When the click was answered; undefined when it is not soon. */
async function picked(page: Page): Promise<number | undefined> {
  const isPicked = () => (globalThis as unknown as { benchPick: PickNotes }).benchPick.pickedMs;
  const answered = page.waitForFunction(isPicked, null, { timeout: CLICK_MS, polling: 'raf' });
  return answered.then((handle) => handle.jsonValue()).catch(() => undefined);
}

/** Counts while the page loads. */
function watchWire(session: CDPSession): Omit<Pick, 'pickableMs'> {
  const wire = { scriptBytes: 0, requests: 0 };
  const scripts = new Set<string>();
  session.on('Network.requestWillBeSent', ({ requestId, type, request }) => {
    if (type === 'Document' || !request.url.startsWith('http') || request.url.endsWith('/favicon.ico')) return;
    wire.requests += 1;
    if (type === 'Script') scripts.add(requestId);
  });
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) wire.scriptBytes += encodedDataLength;
  });
  return wire;
}

async function slowDown(page: Page, isFar = false): Promise<CDPSession> {
  await new Promise((resolve) => setTimeout(resolve, OPENED_MS));
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: isFar ? 0 : LATENCY_MS,
    downloadThroughput: isFar ? -1 : BYTES_PER_SECOND,
    uploadThroughput: isFar ? -1 : BYTES_PER_SECOND,
  });
  await session.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN });
  return session;
}
