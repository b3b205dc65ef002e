/**
 * `npm run bench -- peers`: how long it takes on a slow phone from navigation until a day can be picked, times first, with ours, with
 * the least that a day could be picked from, and with the two other booking widgets without an iframe that npm has (promise P25). Proof
 * is a click on a free day that is answered by that day's times. Ours runs against the real Worker; what stands behind the others
 * answers at once. Ours is visited again without a touch, for its tasks (promise P26). `-- --runs 9` visits each that often,
 * in turn.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildWidget } from '../scripts/build.ts';
import { launchBrowser } from '../scripts/chromium.ts';
import { ROOT, SCRIPT } from '../scripts/paths.ts';
import { PATHS } from '../shared/protocol.ts';
import { startStack } from '../test/stack.ts';
import { type BenchFacts, descriptionFor, EVENT, startBench } from './edge.ts';
import { machine, median } from './figures.ts';
import { PEERS, startPeerPages } from './peer-pages.ts';
import { type Calendar, type Pick, type Tasks, visitAndPick, visitQuietly } from './visit.ts';

const OUT = path.join(ROOT, 'bench/out');
/** Corrected with the measurement in `docs/promises.md`. */
const TIMES_NYLAS_AT_LEAST = 4;
const TIMES_OTHERS_AT_LEAST = 3;
const TIMES_THE_FLOOR_AT_MOST = 1.5;
const OURS: Calendar = { day: 'td .free[aria-pressed="false"]', shown: '#day, [part=time]' };
const TASKS_MS_AT_MOST = 50;
const FLOOR_NAME = 'floor';
const FLOOR: Calendar = { day: '#place button', shown: '#place p' };

interface Contestant {
  name: string;
  version: string;
  address: string;
  calendar: Calendar;
  picks: Pick[];
  /** Of ours only. */
  tasks: Tasks[];
}

const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' } }, allowPositionals: true });
mkdirSync(OUT, { recursive: true });
await buildWidget();
const contestants = await measure(Number(values.runs));
print();
writeFileSync(path.join(OUT, 'peers.json'), `${JSON.stringify({ machine: machine(), contestants }, null, 2)}\n`);
process.exit(0);

/** All in turn, again and again, so that a busy moment of the machine hits all of them. */
async function measure(runs: number): Promise<Contestant[]> {
  const preloadPath = `${PATHS.event}?event=${encodeURIComponent(EVENT)}`;
  const facts: BenchFacts = { script: readFileSync(SCRIPT), description: Buffer.from('{}'), preloadPath, worker: '' };
  const [bench, pages, browser] = await Promise.all([startBench(facts), startPeerPages(), launchBrowser()]);
  const stack = await startStack({ origins: [bench.site], vars: { EVENTS: { [EVENT]: { flow: 'times-first' } } } });
  facts.worker = stack.worker;
  facts.description = await descriptionFor(bench.site, facts);
  const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { version: string };
  const ours = { version, calendar: OURS };
  const floor = { version: '', calendar: FLOOR };
  const none = () => ({ picks: [], tasks: [] });
  const all: Contestant[] = [
    { ...ours, name: 'ours', address: bench.address('times'), ...none() },
    { ...ours, name: 'ours, with the preload line', address: bench.address('times-preload'), ...none() },
    { ...floor, name: FLOOR_NAME, address: bench.address('times-floor'), ...none() },
    { ...floor, name: 'floor, with the preload line', address: bench.address('times-floor-preload'), ...none() },
    ...PEERS.map((peer) => ({ ...peer, address: pages.address(peer), ...none() })),
  ];
  try {
    for (let run = 0; run <= runs; run += 1) {
      for (const { address, calendar, picks, tasks } of all) {
        const pick = await visitAndPick(browser, address, calendar);
        // The first round is not counted: it warms the Worker up.
        if (run === 0) continue;
        picks.push(pick);
        if (calendar === OURS) tasks.push(await visitQuietly(browser, address));
      }
    }
    if (pages.unknown.length > 0) throw new Error(`Asked in vain: ${pages.unknown.join(', ')}.`);
  } finally {
    await browser.close();
    await stack.close();
    await pages.close();
    await bench.close();
  }
  return all;
}

function print(): void {
  const rows = contestants.map(({ name, version, picks }) => {
    const one = (of: (each: Pick) => number) => median(picks.map(of));
    return {
      name,
      version,
      ms: one(({ pickableMs }) => pickableMs),
      bytes: one(({ scriptBytes }) => scriptBytes),
      requests: one((each) => each.requests),
    };
  });
  const oursMs = rows[0]?.ms ?? Number.NaN;
  console.log(
    `\nA day can be picked on a slow phone (1.6 Mbit/s, 150 ms, CPU ÷ 4), times first, medians of ${values.runs}; ${machine()}`,
  );
  console.log('widget                       version    script   requests   pickable   ÷ ours');
  for (const { name, version, ms, bytes, requests } of rows) {
    const cells = [
      name.padEnd(28),
      version.padEnd(7),
      `${(bytes / 1_000).toFixed(1)} kB`.padStart(9),
      String(requests).padStart(10),
      `${ms.toFixed(0)} ms`.padStart(10),
      (ms / oursMs).toFixed(1).padStart(8),
    ];
    console.log(cells.join(' '));
  }
  const msOf = (wanted: string) => rows.find(({ name }) => name === wanted)?.ms ?? Number.NaN;
  const isKept =
    oursMs <= TIMES_THE_FLOOR_AT_MOST * msOf(FLOOR_NAME) &&
    PEERS.every(({ name }) => msOf(name) >= (name === 'Nylas' ? TIMES_NYLAS_AT_LEAST : TIMES_OTHERS_AT_LEAST) * oursMs);
  console.log(
    `Promise P25 (≤ ${TIMES_THE_FLOOR_AT_MOST} × the floor, ≥ ${TIMES_NYLAS_AT_LEAST} × quicker than Nylas, ≥ ${TIMES_OTHERS_AT_LEAST} × than others): ${isKept ? 'kept' : 'not kept'} here.`,
  );
  for (const { name, tasks } of contestants) {
    if (tasks.length === 0) continue;
    const longestMs = median(tasks.map((each) => each.longestTaskMs));
    const excessMs = median(tasks.map((each) => each.excessMs));
    const isCalm = longestMs <= TASKS_MS_AT_MOST && excessMs <= TASKS_MS_AT_MOST;
    console.log(
      `Promise P26, ${name}: longest task ${longestMs} ms, excess ${excessMs} ms: ${isCalm ? 'kept' : 'not kept'} here.`,
    );
  }
  console.log('Scripts: ours in brotli 4, as the edge compresses; the others precompressed in brotli 11.');
  console.log('Not measured here: TLS, a cold connection, the time that their real APIs take.');
}
