/**
 * `npm run bench -- edge`: what the Worker adds to an iClosed that answers at once (promise P27). A visitor takes a step at the
 * Worker; then the calls to iClosed that this step made before it was answered are made directly, for another person, in the same
 * order and over a kept socket; the difference is what the Worker added. Steps of both kinds take turns, so that a busy moment of the
 * machine hits both. Pacing is out of the way by a high rate, the gate itself is not. Also CPU of the workerd process per request, less
 * what a request that does nothing takes there: miniflare's own Worker in front, which Cloudflare does not have.
 * `-- --visitors 340` makes six requests each. The floor is a request that does nothing (`/healthz`): what this machine charges for
 * the way to a Worker and back at that moment.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type LeadState, PATHS } from '../shared/protocol.ts';
import { ROOT } from '../scripts/paths.ts';
import type { LedgerEntry } from '../test/standin/ledger.ts';
import { type Standin, startStandin } from '../test/standin/server.ts';
import { STANDIN_KEY } from '../test/stack.ts';
import { DISCOVERY, monthFromNow, person, pick, PLAIN_ANSWERS } from '../test/worker/visitor.ts';
import { startBareWorker } from './bare-worker.ts';
import { machine } from './figures.ts';
import { KeepAliveClient } from './keep-alive.ts';

const P50_MS_AT_MOST = 10;
const P99_MS_AT_MOST = 40;
const CPU_MS_AT_MOST = 5;
const SITE = 'https://www.example.com';
const STEPS = ['event', 'contact', 'answers', 'slots', 'book'] as const;
type Step = (typeof STEPS)[number];
const FLOOR_REQUESTS = 400;
/** Compiles the Worker's code, opens sockets and fills copies; not counted. */
const WARM_UP_VISITORS = 20;
/** What follows an answer in the background is over when iClosed has heard nothing for this long. */
const QUIET_MS = 40;

interface Sample {
  step: Step;
  workerMs: number;
  directMs: number;
  /** Calls to iClosed that were made before the step was answered. */
  calls: number;
}

const { values } = parseArgs({ options: { visitors: { type: 'string', default: '340' } }, allowPositionals: true });
const samples: Sample[] = [];
const floorsMs: number[] = [];
let addresses = 0;
const standin = await startStandin({
  settings: { limit: { enforced: false }, availability: { multiBooking: true, busyShare: 0 } },
});
const worker = await startBareWorker({
  ICLOSED_API_URL: standin.url,
  ICLOSED_RATE: '99999/1s',
  ALLOWED_ORIGINS: JSON.stringify([SITE]),
});
const toWorker = new KeepAliveClient(worker.url);
const toIclosed = new KeepAliveClient(standin.url);
let cpuMs = 0;
let floorCpuMs = 0;
try {
  for (let visitors = 0; visitors < WARM_UP_VISITORS; visitors += 1) await visitBoth();
  samples.length = 0;
  floorsMs.length = 0;
  const beforeFloor = worker.cpuMs();
  for (let asked = 0; asked < FLOOR_REQUESTS; asked += 1) await toWorker.send('GET', PATHS.health, { origin: SITE });
  floorCpuMs = (worker.cpuMs() - beforeFloor) / FLOOR_REQUESTS;
  const before = worker.cpuMs();
  for (let visitors = 0; visitors < Number(values.visitors); visitors += 1) await visitBoth();
  cpuMs = worker.cpuMs() - before;
} finally {
  toWorker.close();
  toIclosed.close();
  await worker.close();
  await standin.close();
}
print();
process.exit(0);

/** One visitor through the Worker and another, step by step behind the first, without it. */
async function visitBoth(): Promise<void> {
  const [one, other] = [person(), person()];
  const base = { v: 1, event: DISCOVERY, attempt: crypto.randomUUID(), seq: 1 };
  const headers = { origin: SITE, 'cf-connecting-ip': freshAddress(), 'cf-ipcountry': 'US' };
  const post = (fields: object) => () =>
    toWorker.send(
      'POST',
      PATHS.lead,
      { ...headers, 'content-type': 'application/json' },
      JSON.stringify({ ...base, ...fields }),
    );
  const swaps = new Map([
    [String(one.email), String(other.email)],
    [String(one.phone), String(other.phone)],
  ]);
  const take = (step: Step, send: Parameters<typeof takeBoth>[1]) => takeBoth(step, send, swaps);

  floorsMs.push((await toWorker.send('GET', PATHS.health, headers)).ms);
  const described = await take('event', () =>
    toWorker.send('GET', `${PATHS.event}?event=${encodeURIComponent(DISCOVERY)}`, headers),
  );
  const { ticket } = JSON.parse(described) as { ticket: string };
  await take('contact', post({ ticket, step: 'contact', contact: one }));
  // Delivered after the answer, so not timed; the other person must be known to iClosed too.
  const ids = [one, other].map(({ email }) => standin.ledger.contactsOf(String(email))[0]?.id);
  swaps.set(`"contactId":${ids[0]}`, `"contactId":${ids[1]}`);
  await take('answers', post({ ticket, step: 'answers', answers: PLAIN_ANSWERS, month: monthFromNow(1) }));
  const shown = await take('slots', post({ ticket, step: 'slots', month: monthFromNow(2) }));
  const later = (JSON.parse(shown) as LeadState).slots?.slots ?? [];
  const read = await post({ ticket, step: 'slots', seq: 2, month: monthFromNow(1) })();
  const open = [...later, ...((JSON.parse(read.text) as LeadState).slots?.slots ?? [])].sort();
  const [startsAt, otherAt] = [pick(open), pick(open)];
  swaps.set(new Date(startsAt).toISOString(), new Date(otherAt).toISOString());
  await take('book', post({ ticket, step: 'book', startsAt, timeZone: 'Asia/Kolkata' }));
}

/** The step, then its calls to iClosed without it, then whatever the step still does; @returns the Worker's answer. */
async function takeBoth(
  step: Step,
  send: () => ReturnType<KeepAliveClient['send']>,
  swaps: ReadonlyMap<string, string>,
): Promise<string> {
  const heardBefore = standin.ledger.entries.length;
  const answer = await send();
  if (answer.status > 201) throw new Error(`${step}: ${answer.status} ${answer.text}`);
  const heard = standin.ledger.entries.slice(heardBefore);
  await quiet(standin);
  const rest = standin.ledger.entries.slice(heardBefore + heard.length);
  let directMs = 0;
  const waitedFor = heard.filter((entry) => isWaitedFor(step, entry));
  for (const entry of waitedFor) directMs += (await callDirectly(entry, swaps)).ms;
  for (const entry of [...heard, ...rest]) if (!waitedFor.includes(entry)) await callDirectly(entry, swaps);
  samples.push({ step, workerMs: answer.ms, directMs, calls: waitedFor.length });
  return answer.text;
}

/** The others go on in the background: the contact's delivery, and the status after the answers. */
function isWaitedFor(step: Step, { endpoint }: LedgerEntry): boolean {
  if (step === 'event' || step === 'contact') return false;
  return endpoint !== 'PUT /v1/contacts';
}

async function callDirectly({ endpoint, query, body }: LedgerEntry, swaps: ReadonlyMap<string, string>) {
  const [method = '', pathname = ''] = endpoint.split(' ');
  const search = new URLSearchParams(query).toString();
  let text = body === null ? undefined : JSON.stringify(body);
  for (const [from, to] of swaps) text = text?.replaceAll(from, to);
  const headers = {
    authorization: `Bearer ${STANDIN_KEY}`,
    'content-type': 'application/json',
    accept: 'application/json',
  };
  const answer = await toIclosed.send(method, pathname + (search ? `?${search}` : ''), headers, text);
  if (answer.status > 201) throw new Error(`${endpoint} without the Worker: ${answer.status} ${answer.text}`);
  return answer;
}

async function quiet({ ledger }: Standin): Promise<void> {
  for (let heard = -1; heard !== ledger.entries.length; ) {
    heard = ledger.entries.length;
    await sleep(QUIET_MS);
  }
}

/** Nobody is throttled: each visitor has a network of their own. */
function freshAddress(): string {
  addresses += 1;
  return `2001:db8:${addresses.toString(16)}::7`;
}

function print(): void {
  // The second look at times is a request too; the floor's own are not counted, nor what CPU they took.
  const requests = samples.length + Number(values.visitors);
  const floorMs = quantile(floorsMs, 0.5);
  console.log(`\nAdded to an iClosed that answers at once; ${requests} requests, one at a time; ${machine()}`);
  console.log(`Floor, a request that does nothing: p50 ${ms(floorMs)}, p99 ${ms(quantile(floorsMs, 0.99))}\n`);
  console.log('step       requests  calls   Worker p50   direct p50    added p50    added p99  p50 ÷ floor');
  for (const step of [...STEPS, 'all'] as const) {
    const of = samples.filter((each) => step === 'all' || each.step === step);
    const calls = of.reduce((sum, each) => sum + each.calls, 0) / of.length;
    const added = of.map(addedMs);
    const times = [
      quantile(
        of.map(({ workerMs }) => workerMs),
        0.5,
      ),
      quantile(
        of.map(({ directMs }) => directMs),
        0.5,
      ),
      quantile(added, 0.5),
      quantile(added, 0.99),
    ];
    const cells = times.map((each) => ms(each).padStart(13)).join('');
    const ratio = (quantile(added, 0.5) / floorMs).toFixed(1).padStart(13);
    console.log(`${step.padEnd(9)}${String(of.length).padStart(10)}${calls.toFixed(1).padStart(7)}${cells}${ratio}`);
  }
  const added = samples.map(addedMs);
  const whole = (cpuMs - floorsMs.length * floorCpuMs) / requests;
  const [p50, p99, cpu] = [quantile(added, 0.5), quantile(added, 0.99), whole - floorCpuMs];
  console.log(
    `\nCPU of workerd: ${ms(whole)} per request, of which a request that does nothing takes ${ms(floorCpuMs)}: ${ms(cpu)} (${(cpuMs / 1_000).toFixed(1)} s in all)`,
  );
  const isKept = p50 <= P50_MS_AT_MOST && p99 <= P99_MS_AT_MOST && cpu <= CPU_MS_AT_MOST;
  console.log(
    `Promise P27 (added p50 ≤ ${P50_MS_AT_MOST} ms, p99 ≤ ${P99_MS_AT_MOST} ms; CPU ≤ ${CPU_MS_AT_MOST} ms): ${isKept ? 'kept' : 'not kept'} here.`,
  );
  const out = path.join(ROOT, 'bench/out');
  mkdirSync(out, { recursive: true });
  const result = { machine: machine(), requests, p50, p99, cpuMsPerRequest: cpu, floorCpuMs, floorsMs, samples };
  writeFileSync(path.join(out, 'edge.json'), `${JSON.stringify(result, null, 2)}\n`);
}

function addedMs({ workerMs, directMs }: Sample): number {
  return workerMs - directMs;
}

function ms(figure: number): string {
  return `${figure.toFixed(1)} ms`;
}

/** Nearest rank. */
function quantile(figures: readonly number[], part: number): number {
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? 0;
}
