/**
 * `npm run bench -- cold`: the same visits as `-- page`, but over TLS on connections that are opened for them, as for somebody who
 * follows an ad. Beside the floor it shows what the snippet's `crossorigin` saves: the browser asks for the script without it on another
 * connection than for the event's description. `-- --runs 9` visits each page that often.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildWidget } from '../scripts/build.ts';
import { launchBrowser } from '../scripts/chromium.ts';
import { ROOT, SCRIPT } from '../scripts/paths.ts';
import { startStack } from '../test/stack.ts';
import { type BenchFacts, COLD_PAGES, type ColdPage, startBench } from './edge.ts';
import { farServers } from './far.ts';
import { machine, median } from './figures.ts';
import { type Visit, visit } from './visit.ts';

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
  const script = readFileSync(SCRIPT);
  const facts: BenchFacts = { script, description: Buffer.from('{}'), preloadPath: '', worker: '' };
  const bench = await startBench(facts, farServers());
  const stack = await startStack({ origins: [bench.site] });
  facts.worker = stack.worker;
  const browser = await launchBrowser();
  const all: Record<ColdPage, Visit[]> = { snippet: [], preload: [], floor: [], 'two-connections': [] };
  try {
    // Not counted: warms the Worker up and shows which request the widget makes first.
    const first = await visit(browser, bench.address('snippet'), true);
    const request = new URL(first.requests.find((address) => address.includes('/api/')) ?? 'http://localhost/');
    facts.preloadPath = request.pathname + request.search;
    const answer = await fetch(stack.worker + facts.preloadPath, { headers: { origin: bench.site } });
    facts.description = Buffer.from(await answer.arrayBuffer());
    for (let run = 0; run < runs; run += 1) {
      for (const page of COLD_PAGES) all[page].push(await visit(browser, bench.address(page), true));
    }
  } finally {
    await browser.close();
    await stack.close();
    await bench.close();
  }
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
