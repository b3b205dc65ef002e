/**
 * `npm run bench` or `-- page`: how big the script is, what its bytes are spent on, and how soon a visitor on a slow phone can type. Prints
 * tables; the treemap and all figures go to `bench/out/` (ignored by git). `-- --runs 15` visits each page that often.
 */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildWidget } from '../scripts/build.ts';
import { DIST, ROOT, SCRIPT } from '../scripts/paths.ts';
import { BROTLI_BYTES_AT_MOST, sizeOfFile } from '../scripts/size.ts';
import { PAGES, type Page } from './edge.ts';
import { machine, median } from './figures.ts';
import { measureModules } from './modules.ts';
import { treemap } from './treemap.ts';
import { type Tasks, type Visit, visit, visitQuietly } from './visit.ts';
import { withBench } from './visits.ts';

const OUT = path.join(ROOT, 'bench/out');
const READY_MS_AT_MOST = 1_000;
const TIMES_THE_FLOOR_AT_MOST = 1.5;

const { values } = parseArgs({ options: { runs: { type: 'string', default: '9' } }, allowPositionals: true });
mkdirSync(OUT, { recursive: true });
const modules = await measureModules();
await buildWidget();
const size = sizeOfFile(SCRIPT);
printSize();
const visits = await measureVisits(Number(values.runs));
printVisits(visits);
writeFileSync(
  path.join(OUT, 'result.json'),
  `${JSON.stringify({ machine: machine(), size, modules, visits }, null, 2)}\n`,
);
process.exit(0);

function printSize(): void {
  console.log(
    `\nembed.js: ${size.rawBytes} bytes, gzip 9 ${size.gzipBytes}, brotli 11 ${size.brotliBytes} (at most ${BROTLI_BYTES_AT_MOST})\n`,
  );
  for (const file of partFiles()) {
    console.log(`${path.basename(file)}: brotli 11 ${sizeOfFile(file).brotliBytes}, when it is wanted`);
  }
  const total = modules.reduce((sum, { bytes }) => sum + bytes, 0);
  console.log('before minifying   share');
  for (const { name, bytes } of modules) {
    console.log(`${String(bytes).padStart(10)} bytes ${((100 * bytes) / total).toFixed(1).padStart(6)} %  ${name}`);
  }
  writeFileSync(path.join(OUT, 'treemap.svg'), treemap(modules));
  console.log('\nThe same as a picture: bench/out/treemap.svg');
}

/** What is built beside the script, and loaded by few. */
function partFiles(): string[] {
  const folder = path.join(DIST, 'v');
  const [build = ''] = readdirSync(folder);
  const files = readdirSync(path.join(folder, build)).filter((file) => file !== path.basename(SCRIPT));
  return files.map((file) => path.join(folder, build, file));
}

/** The pages in turn, again and again, so that a busy moment of the machine hits all of them. */
async function measureVisits(runs: number): Promise<Record<Page, (Visit & Tasks)[]>> {
  const visits: Record<Page, (Visit & Tasks)[]> = { snippet: [], preload: [], floor: [] };
  await withBench(async (browser, bench) => {
    for (let run = 0; run < runs; run += 1) {
      for (const page of PAGES) {
        const address = bench.address(page);
        visits[page].push({ ...(await visit(browser, address)), ...(await visitQuietly(browser, address)) });
      }
    }
  });
  return visits;
}

function printVisits(all: Record<Page, (Visit & Tasks)[]>): void {
  const floorMs = median(all.floor.map(({ readyMs }) => readyMs));
  console.log(`\nReady on a slow phone (1.6 Mbit/s, 150 ms, CPU ÷ 4), median of ${all.floor.length}; ${machine()}`);
  console.log('page       ready     said   ÷ floor   shift   longest task   excess');
  for (const page of PAGES) {
    const one = (pick: (each: Visit & Tasks) => number) => median(all[page].map(pick));
    const ready = one(({ readyMs }) => readyMs);
    const cells = [
      `${ready.toFixed(0).padStart(5)} ms`,
      `${one(({ saidMs }) => saidMs)
        .toFixed(0)
        .padStart(5)} ms`,
      `${(ready / floorMs).toFixed(2).padStart(8)}`,
      `${one(({ layoutShift }) => layoutShift)
        .toFixed(3)
        .padStart(7)}`,
      `${one(({ longestTaskMs }) => longestTaskMs)
        .toFixed(0)
        .padStart(11)} ms`,
      `${one(({ excessMs }) => excessMs)
        .toFixed(0)
        .padStart(5)} ms`,
    ];
    console.log(`${page.padEnd(8)} ${cells.join(' ')}`);
  }
  const snippetMs = median(all.snippet.map(({ readyMs }) => readyMs));
  const isKept = snippetMs <= READY_MS_AT_MOST && snippetMs <= TIMES_THE_FLOOR_AT_MOST * floorMs;
  console.log(
    `Promise P25 (≤ ${READY_MS_AT_MOST} ms and ≤ ${TIMES_THE_FLOOR_AT_MOST} × the floor): ${isKept ? 'kept' : 'not kept'} here.`,
  );
  console.log(
    'Not measured here: TLS and cold connections (`-- cold`; this throttle delays answers, not handshakes), a real edge, other widgets (`-- peers`).',
  );
}
