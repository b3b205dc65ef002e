/** What the benches of form-first visits share: website, edge, Worker and browser, warmed up by a first visit that is not counted. */
import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../scripts/chromium.ts';
import { SCRIPT } from '../scripts/paths.ts';
import { startStack } from '../test/stack.ts';
import { type Bench, type BenchFacts, descriptionFor, type Serve, startBench } from './edge.ts';
import { visit } from './visit.ts';

/** @param far Servers that delay their answers themselves; without them the browser's own throttle does. */
export async function withBench(run: (browser: Browser, bench: Bench) => Promise<void>, far?: Serve): Promise<void> {
  const script = readFileSync(SCRIPT);
  const facts: BenchFacts = { script, description: Buffer.from('{}'), preloadPath: '', worker: '' };
  const bench = await startBench(facts, far);
  const stack = await startStack({ origins: [bench.site] });
  facts.worker = stack.worker;
  const browser = await launchBrowser();
  try {
    // The first visit shows which request the widget makes first.
    const first = await visit(browser, bench.address('snippet'), far !== undefined);
    const request = new URL(first.requests.find((address) => address.includes('/api/')) ?? 'http://localhost/');
    facts.preloadPath = request.pathname + request.search;
    facts.description = await descriptionFor(bench.site, facts);
    await run(browser, bench);
  } finally {
    await browser.close();
    await stack.close();
    await bench.close();
  }
}
