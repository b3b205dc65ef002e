/**
 * `npm run bench -- cold`: the same visits as `-- page`, but over TLS on connections that are opened for them, as for somebody who
 * follows an ad. Beside the floor it shows what the snippet's `crossorigin` saves: the browser asks for the script without it on another
 * connection than for the event's description. `-- --runs 9` visits each page that often.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildWidget } from '../scripts/build.ts';
import { ROOT } from '../scripts/paths.ts';
import { COLD_PAGES, type ColdPage } from './edge.ts';
import { farServers } from './far.ts';
import { machine, median } from './figures.ts';
import { type Visit, visit } from './visit.ts';
import { withBench } from './visits.ts';

const OUT = path.join(ROOT, 'bench/out');

const { values } = parseArgs({ options: { runs: { type: 'string', default: '7' } }, allowPositionals: true });
mkdirSync(OUT, { recursive: true });
await buildWidget();
const visits = await measure(Number(values.runs));
print();
writeFileSync(path.join(OUT, 'cold.json'), `${JSON.stringify({ machine: machine(), visits }, null, 2)}\n`);
process.exit(0);

/** The pages in turn, again and again, so that a busy moment of the machine hits all of them. */
async function measure(runs: number): Promise<Record<ColdPage, Visit[]>> {
  const all: Record<ColdPage, Visit[]> = { snippet: [], preload: [], floor: [], 'two-connections': [] };
  await withBench(async (browser, bench) => {
    for (let run = 0; run < runs; run += 1) {
      for (const page of COLD_PAGES) all[page].push(await visit(browser, bench.address(page), true));
    }
  }, farServers());
  return all;
}

function print(): void {
  const readyMs = (page: ColdPage) => median(visits[page].map((each) => each.readyMs));
  console.log(
    `\nReady over TLS and HTTP/2 on cold connections (1.6 Mbit/s, round trip 150 ms, CPU ÷ 4), median of ${values.runs}; ${machine()}`,
  );
  console.log('page                 ready   ÷ floor');
  for (const page of COLD_PAGES) {
    const ready = `${readyMs(page).toFixed(0).padStart(5)} ms`;
    console.log(`${page.padEnd(17)} ${ready} ${(readyMs(page) / readyMs('floor')).toFixed(2).padStart(9)}`);
  }
  console.log('Not in it: the look-up of names, the slow start of TCP, a real edge.');
}
