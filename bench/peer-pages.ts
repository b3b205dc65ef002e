/**
 * The two booking widgets without an iframe that npm has beside ours, each on a plain page as its documentation shows it, and what they
 * need to show free days: their own published bundle, precompressed (brotli 11) as a CDN would hold it, and a stand-in for their API
 * that answers at once with the least that makes the days of this month free. Page and API have different origins, as in life; bundle
 * and API share one, which saves them a connection. The packages are fetched into `bench/out/peers/` (ignored by git) when missing.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import path from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { ROOT } from '../scripts/paths.ts';
import { listen, send, stop } from './edge.ts';
import { type Calendar, LATENCY_MS } from './visit.ts';

const FOLDER = path.join(ROOT, 'bench/out/peers');
const HOUR_S = 3_600;
const OFFICE_HOURS_UTC = [9, 10, 11, 12, 13, 14, 15, 16];

export interface Peer {
  name: string;
  /** On npm. */
  package: string;
  version: string;
  /** The bundle inside the package. */
  file: string;
  calendar: Calendar;
  /** What a page holds, after its documentation; `edge` has `/<name>.js` and the API. */
  body(edge: string): string;
  /** The API's answer, made of the starts of free hours in seconds; undefined for what it does not know. */
  answer(asked: URL, starts: number[]): object | undefined;
}

export const PEERS: readonly Peer[] = [
  {
    name: 'Nylas',
    package: '@nylas/web-elements',
    version: '2.6.0',
    file: 'dist/cdn/nylas-scheduling/nylas-scheduling.es.js',
    calendar: {
      day: 'button.date.current-month:not(:disabled, .selected)',
      shown: '[part="ns_right-panel__title"], .time-label',
    },
    body: (edge) => `<nylas-scheduling></nylas-scheduling><script type="module">
import { defineCustomElement } from '${edge}/Nylas.js';
defineCustomElement();
const scheduling = document.querySelector('nylas-scheduling');
scheduling.schedulerApiUrl = '${edge}';
scheduling.configurationId = 'bench';
</script>`,
    answer({ pathname }, starts) {
      if (pathname === '/v3/scheduling/ui-settings') {
        const scheduler = { available_days_in_future: 60, min_booking_notice: 0 };
        return { data: { name: 'Call', scheduler, availability: { duration_minutes: 60 } } };
      }
      if (pathname !== '/v3/scheduling/availability') return undefined;
      const slots = starts.map((start) => ({ start_time: start, end_time: start + HOUR_S, emails: [] }));
      return { data: { order: [], time_slots: slots } };
    },
  },
  {
    name: 'Cronofy',
    package: 'cronofy-elements',
    version: '1.67.7',
    file: 'dist/CronofyElements.js',
    calendar: {
      day: '.DTP__calendar-grid--available:not(.DTP__calendar-grid--selected)',
      shown: 'h3, .DTP__time-slot',
    },
    // The period ends with the month: a longer one costs it a second request.
    body: (edge) => `<div id="cronofy-date-time-picker"></div><script src="${edge}/Cronofy.js"></script><script>
CronofyElements.DateTimePicker({
  element_token: 'bench', target_id: 'cronofy-date-time-picker', api_domain: '${edge}',
  availability_query: {
    participants: [{ required: 'all', members: [{ sub: 'acc_bench' }] }], required_duration: { minutes: 60 },
    query_periods: [{ start: '${utc(Date.now() / 1_000 + HOUR_S)}', end: '${utc(endOfMonth())}' }],
  },
  callback: () => {},
});
</script>`,
    answer({ pathname }, starts) {
      if (pathname !== '/v1/availability') return undefined;
      const participants = [{ sub: 'acc_bench' }];
      return {
        available_slots: starts.map((start) => ({ start: utc(start), end: utc(start + HOUR_S), participants })),
      };
    },
  },
];

export interface PeerPages {
  address(peer: Peer): string;
  /** What was asked of the APIs and is not known to them. */
  readonly unknown: string[];
  close(): Promise<void>;
}

/** @throws Error when a package cannot be had, or on the last day of a month, when no day is free beside the chosen one. */
export async function startPeerPages(): Promise<PeerPages> {
  if (freeStarts().length <= OFFICE_HOURS_UTC.length) {
    throw new Error('The month has no two days left in which a visitor could pick; measure it tomorrow.');
  }
  const bundles = new Map(PEERS.map((peer) => [`/${peer.name}.js`, brotliCompressSync(readFileSync(bundleOf(peer)))]));
  const unknown: string[] = [];
  const edge = createServer((request, response) => answerAsEdge(request, response, bundles, unknown));
  const edgeAddress = `http://127.0.0.1:${await listen(edge)}`;
  const website = createServer(({ url }, response) => {
    const peer = PEERS.find(({ name }) => url === `/${name}`);
    if (!peer) return response.writeHead(204).end();
    const page = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Bench</title><body><h1>Acme</h1>${peer.body(edgeAddress)}<p>Content below.</p></body></html>`;
    return send(response, 'text/html; charset=utf-8', Buffer.from(page));
  });
  const site = `http://localhost:${await listen(website)}`;
  return {
    address: ({ name }) => `${site}/${name}`,
    unknown,
    close: async () => {
      await Promise.all([edge, website].map(stop));
    },
  };
}

function answerAsEdge(
  request: IncomingMessage,
  response: ServerResponse,
  bundles: Map<string, Buffer>,
  unknown: string[],
) {
  response.setHeader('access-control-allow-origin', '*');
  if (request.method === 'OPTIONS') {
    response.setHeader('access-control-allow-headers', request.headers['access-control-request-headers'] ?? '*');
    // A phone waits for this as for any answer; the emulated network does not make it wait.
    return setTimeout(() => response.writeHead(204).end(), LATENCY_MS);
  }
  const asked = new URL(request.url ?? '/', 'http://localhost');
  const bundle = bundles.get(asked.pathname);
  if (bundle) {
    response.setHeader('content-type', 'text/javascript');
    response.setHeader('content-encoding', 'br');
    return response.end(bundle);
  }
  const starts = freeStarts();
  const answer = PEERS.map((peer) => peer.answer(asked, starts)).find((each) => each !== undefined);
  if (answer) return send(response, 'application/json', Buffer.from(JSON.stringify(answer)));
  unknown.push(`${request.method} ${asked.pathname}`);
  return response.writeHead(404).end();
}

/** The package's published bundle, unpacked from what npm has under exactly that version. */
function bundleOf({ package: wanted, version, file }: Peer): string {
  const name = `${wanted.replace('@', '').replace('/', '-')}-${version}`;
  const folder = path.join(FOLDER, name);
  const bundle = path.join(folder, 'package', file);
  if (existsSync(bundle)) return bundle;
  mkdirSync(folder, { recursive: true });
  console.log(`Fetching ${wanted}@${version} …`);
  const npm = process.env.npm_execpath; // set by npm itself
  // Packed, not installed: the bundles hold all that they need, and no script of theirs is run.
  const pack = ['pack', '--silent', `${wanted}@${version}`];
  run(npm ? process.execPath : 'npm', npm ? [npm, ...pack] : pack);
  run('tar', ['-xzf', `${name}.tgz`, '-C', name]);
  return bundle;
}

function run(program: string, words: string[]): void {
  const { status, stderr, error } = spawnSync(program, words, { cwd: FOLDER, encoding: 'utf8' });
  if (status !== 0) throw new Error(`\`${program} ${words.join(' ')}\` did not succeed: ${error?.message ?? stderr}`);
}

/** Every office hour from the next one to the end of this month, in seconds. */
function freeStarts(): number[] {
  const now = new Date();
  const days = Array.from({ length: 31 }, (_, index) => now.getUTCDate() + index);
  return days
    .flatMap((day) => OFFICE_HOURS_UTC.map((hour) => Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), day, hour)))
    .map((startMs) => startMs / 1_000)
    .filter((start) => start > now.getTime() / 1_000 + HOUR_S && start < endOfMonth());
}

function endOfMonth(): number {
  const now = new Date();
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1) / 1_000;
}

function utc(seconds: number): string {
  return `${new Date(seconds * 1_000).toISOString().slice(0, 16)}:00Z`;
}
