/**
 * `npm run bench -- cost`: what page views and bookings cost at Cloudflare (promise P28), counted with the real widget in Chromium
 * against the Worker with counters. Names each request, each call of an object and each row in its order. Takes some minutes,
 * because alarms are waited for and the later visitors come when copies have grown old. `-- --latency 200` is how long iClosed takes.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { buildWidget } from '../scripts/build.ts';
import { launchBrowser } from '../scripts/chromium.ts';
import { ROOT } from '../scripts/paths.ts';
import { BACKUP_ALARM_MS, DESCRIPTION_COPY_FRESH_MS } from '../shared/limits.ts';
import { Ground, NARROW } from '../test/e2e/ground.ts';
import { landing, startSite, tag } from '../test/e2e/site.ts';
import { person, type Visitor } from '../test/e2e/visitor.ts';
import { startStack } from '../test/stack.ts';
import { TapeReader, writeCountedConfig } from './counted.ts';
import type { Entry } from './counted/tape.ts';
import { type Cost, costOf, linesOf } from './costs.ts';
import { printPlans } from './plans.ts';

/** Promise P28, per finished booking. */
const AT_MOST = { workerRequests: 8, objectRequests: 11, rows: 16, objectMs: 5_000 } as const;
/** The Lead's backup alarm has rung by then. */
const ALARMS_HAVE_RUNG_MS = BACKUP_ALARM_MS + 2_000;
/** A person reads, types and chooses for about this long at each step. */
const STEP_MS = 25_000;
/** By then descriptions and times are older than any copy that is answered without asking. */
const QUIET_MS = DESCRIPTION_COPY_FRESH_MS + 5_000;
/** Of the table: the scene's name, then its figures. */
const NAME_WIDTH = 42;
const COLUMN_WIDTHS = [10, 10, 10, 10, 9, 12];

interface Scene {
  name: string;
  /** What the promise says about it. */
  kind: 'view' | 'first' | 'booking';
  flow: 'form first' | 'times first';
  play(visitor: Visitor, ground: Ground): Promise<void>;
}

const form = (ground: Ground) => ground.site.put('/form', landing());
const times = (ground: Ground) => ground.site.put('/times', landing(tag('flow="times-first"')));
const below = (ground: Ground) => ground.site.put('/below', landing(`<div style="height:300vh"></div>${tag()}`));

/** Seconds to fill a form by machine, and then the pause of a person. */
async function bookFormFirst(visitor: Visitor, ground: Ground, pauseMs: number): Promise<void> {
  const who = person();
  await visitor.open(form(ground));
  await visitor.fillContact(who);
  await sleep(pauseMs);
  await visitor.button('Continue').click();
  await visitor.answer(who);
  await sleep(pauseMs);
  await visitor.submit();
  await visitor.pick();
  await sleep(pauseMs);
  await visitor.confirm();
  await visitor.confirmed();
}

async function bookTimesFirst(visitor: Visitor, ground: Ground, pauseMs: number): Promise<void> {
  const who = person();
  await visitor.open(times(ground));
  await visitor.pick();
  await sleep(pauseMs);
  await visitor.button('Continue').click();
  await visitor.fillContact(who);
  await sleep(pauseMs);
  await visitor.button('Continue').click();
  await visitor.answer(who);
  await sleep(pauseMs);
  await visitor.button(/^Book /).click();
  await visitor.confirmed();
}

const SCENES: Scene[] = [
  {
    name: 'page view, the first of all',
    kind: 'first',
    flow: 'form first',
    play: async (visitor, ground) => visitor.open(form(ground)),
  },
  {
    name: 'page view, another',
    kind: 'view',
    flow: 'form first',
    play: async (visitor, ground) => visitor.open(form(ground)),
  },
  {
    name: 'page view, widget below the fold',
    kind: 'view',
    flow: 'form first',
    play: async (visitor, ground) => {
      await visitor.page.goto(below(ground));
      await sleep(2_000);
    },
  },
  {
    name: 'page view after two quiet minutes',
    kind: 'view',
    flow: 'form first',
    play: async (visitor, ground) => {
      await sleep(QUIET_MS);
      await visitor.open(form(ground));
    },
  },
  {
    name: 'page view, times first',
    kind: 'view',
    flow: 'times first',
    play: async (visitor, ground) => visitor.open(times(ground)),
  },
  {
    name: 'booking, first of the day',
    kind: 'first',
    flow: 'form first',
    play: (visitor, ground) => bookFormFirst(visitor, ground, 0),
  },
  {
    name: 'booking, right after it',
    kind: 'booking',
    flow: 'form first',
    play: (visitor, ground) => bookFormFirst(visitor, ground, 0),
  },
  {
    name: 'booking, two minutes later, by a person',
    kind: 'booking',
    flow: 'form first',
    play: async (visitor, ground) => {
      await sleep(QUIET_MS);
      await bookFormFirst(visitor, ground, STEP_MS);
    },
  },
  {
    name: 'booking, times first, fast',
    kind: 'booking',
    flow: 'times first',
    play: (visitor, ground) => bookTimesFirst(visitor, ground, 0),
  },
  {
    name: 'booking, times first, quiet, by a person',
    kind: 'booking',
    flow: 'times first',
    play: async (visitor, ground) => {
      await sleep(QUIET_MS);
      await bookTimesFirst(visitor, ground, STEP_MS);
    },
  },
];

export interface Counted {
  name: string;
  kind: Scene['kind'];
  flow: Scene['flow'];
  cost: Cost;
  entries: Entry[];
}

const { values } = parseArgs({ options: { latency: { type: 'string', default: '200' } }, allowPositionals: true });
const latencyMs = Number(values.latency);
await buildWidget();
const counts = await countScenes();
for (const each of counts) printScene(each);
printSummary(counts);
for (const flow of ['form first', 'times first'] as const) {
  const costs = (kind: Scene['kind']) =>
    counts.filter((each) => each.kind === kind && each.flow === flow).map(({ cost }) => cost);
  printPlans(flow, costs('view'), costs('booking'));
}
const out = path.join(ROOT, 'bench/out');
mkdirSync(out, { recursive: true });
writeFileSync(path.join(out, 'cost.json'), `${JSON.stringify({ latencyMs, atMost: AT_MOST, counts }, null, 2)}\n`);
process.exit(0);

/** One after the other: what one visitor leaves behind, such as fresh times, the next one finds. */
async function countScenes(): Promise<Counted[]> {
  const site = await startSite();
  const stack = await startStack({
    configPath: writeCountedConfig(),
    origins: [site.origin],
    standin: { settings: { latencyMs: { min: latencyMs, max: latencyMs } } },
  });
  const ground = new Ground(stack, site, await launchBrowser());
  site.worker = stack.worker;
  const tape = new TapeReader(stack);
  const counted: Counted[] = [];
  try {
    for (const { name, kind, flow, play } of SCENES) {
      console.log(`… ${name}`);
      const visitor = await ground.enter(NARROW);
      await play(visitor, ground);
      await sleep(name.startsWith('booking') ? ALARMS_HAVE_RUNG_MS : 2_000);
      await visitor.context.close();
      const entries = await tape.next();
      counted.push({ name, kind, flow, cost: costOf(entries), entries });
    }
  } finally {
    await ground.close();
  }
  return counted;
}

function printScene({ name, entries }: Counted): void {
  console.log(`\n— ${name}\n${linesOf(entries).join('\n')}`);
}

function printSummary(all: readonly Counted[]): void {
  console.log(`\nWhat it costs; iClosed takes ${latencyMs} ms a call`);
  console.log('                                              Worker    object  of them      rows   object    calls to');
  console.log('                                            requests  requests   alarms   written     time     iClosed');
  for (const { name, cost } of all) {
    const { workerRequests, objectRequests, alarms, rows, objectMs, iclosedCalls } = cost;
    const time = `${(objectMs / 1_000).toFixed(1)} s`;
    console.log(rowOf(name, [workerRequests, objectRequests, alarms, rows, time, iclosedCalls]));
  }
  const { workerRequests, objectRequests, rows, objectMs } = AT_MOST;
  const promised = [workerRequests, objectRequests, '', rows, `${objectMs / 1_000} s`];
  console.log(rowOf('promised per booking (P28), at most', promised));
  for (const { name, cost } of all.filter(({ kind }) => kind === 'booking')) {
    const over = Object.entries(AT_MOST).filter(([what, most]) => cost[what as keyof typeof AT_MOST] > most);
    const words = over.map(([what, most]) => `${what} ${cost[what as keyof typeof AT_MOST]} of ${most}`).join(', ');
    console.log(`P28, ${name}: ${over.length === 0 ? 'kept' : `not kept: ${words}`}`);
  }
}

/** One line under the head of the table, its cells in the order of the columns. */
function rowOf(name: string, cells: readonly (number | string)[]): string {
  return (
    name.padEnd(NAME_WIDTH) + cells.map((cell, column) => String(cell).padStart(COLUMN_WIDTHS[column] ?? 0)).join('')
  );
}
