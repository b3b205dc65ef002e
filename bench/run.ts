/**
 * `npm run bench -- page | cold | peers | touch | edge | cost`: what the widget costs a visitor's phone, also beside other widgets, what the
 * Worker adds to iClosed's own time, what it costs at Cloudflare. Without a word it is `page`. Each prints tables and leaves its raw
 * figures in `bench/out/` (ignored by git).
 */
import process from 'node:process';

const BENCHES: Record<string, () => Promise<unknown>> = {
  page: () => import('./page.ts'),
  cold: () => import('./cold.ts'),
  peers: () => import('./peers.ts'),
  touch: () => import('./interaction.ts'),
  edge: () => import('./added.ts'),
  cost: () => import('./cost.ts'),
};

const [named = '--'] = process.argv.slice(2);
const wanted = named.startsWith('--') ? 'page' : named;
const bench = BENCHES[wanted];
if (bench) await bench();
else {
  console.error(`There is no bench "${wanted}"; there are ${Object.keys(BENCHES).join(', ')}.`);
  process.exitCode = 2;
}
