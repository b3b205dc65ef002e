/**
 * P9: five minutes in which iClosed resets, keeps silent or answers 503, while visitors go on coming. Control: without breakers
 * every lead retries by itself.
 */
import type { Endpoint } from '../../../worker/iclosed/request.ts';
import { BreakerlessGate } from '../controls.ts';
import { type CrowdRun, runCrowd } from '../crowd.ts';
import { STARTS_AT } from '../edge.ts';
import type { LedgerEntry } from '../../standin/ledger.ts';
import { calm } from '../fault-mix.ts';
import { percent, type Row, seedList, type Size } from '../verdict.ts';

const FIRST_SEED = 9_001;
type How = 'reset' | 'hang' | 'error';
const LANE: Endpoint = 'POST /v1/contacts';
const PACE = 19 / 11;
const ARRIVALS_A_SECOND = 1;
const BEFORE_MS = 60_000;
const OUTAGE_MS = 300_000;
const SIZES: Record<Size, { hows: readonly How[]; seeds: number }> = {
  full: { hows: ['reset', 'hang', 'error'], seeds: 5 },
  short: { hows: ['error'], seeds: 1 },
};

export async function measureOutage(size: Size): Promise<Row[]> {
  const rows: Row[] = [];
  const { hows, seeds } = SIZES[size];
  for (const how of hows) {
    const runs: Measured[] = [];
    for (let seed = FIRST_SEED; seed < FIRST_SEED + seeds; seed += 1) runs.push(await crowd(seed, how, false));
    const breakerless = await crowd(FIRST_SEED, how, true);
    const [kept] = runs;
    if (!kept) continue;
    // The worst of the seeds counts.
    const amplification = Math.max(...runs.map((each) => each.amplification));
    const firstSuccessMs = Math.max(...runs.map((each) => each.firstSuccessMs));
    const drained = Math.min(...runs.map((each) => each.drained));
    const arrived = runs.reduce((sum, each) => sum + each.arrived, 0);
    const toldSafe = runs.reduce((sum, each) => sum + each.toldSafe, 0);
    rows.push({
      promise: 'P9',
      what: `outage of ${OUTAGE_MS / 1_000} s (${how}), ${ARRIVALS_A_SECOND} visitor a second, 20/10s, worst of ${seedList(FIRST_SEED, seeds)}`,
      figure: {
        wanted: '≤ 1.1 calls per operation; first success ≤ 10 s after the return; drained at ≥ 90 % of the spare rate',
        measured: `${amplification.toFixed(3)}; ${(firstSuccessMs / 1_000).toFixed(1)} s; ${percent(drained, 1)}`,
        isMet: amplification <= 1.1 && firstSuccessMs <= 10_000 && drained >= 0.9,
      },
      opposite: {
        wanted: 'every contact arrives',
        measured: `${arrived} of ${toldSafe}`,
        isMet: arrived === toldSafe,
      },
      control: {
        wanted: 'no breaker: > 1.1 calls per operation',
        measured: breakerless.amplification.toFixed(3),
        isMet: breakerless.amplification > 1.1,
      },
      notes: [
        `amplification by seed: ${runs.map((each) => each.amplification.toFixed(3)).join(', ')}`,
        `calls while away: ${kept.callsWhileAway} (control ${breakerless.callsWhileAway}); backlog of contacts at the return: ${kept.backlog}, drained in ${(kept.drainMs / 1_000).toFixed(0)} s`,
      ],
    });
  }
  return rows;
}

function isRead({ endpoint }: LedgerEntry): boolean {
  return endpoint.startsWith('GET ') || endpoint === 'POST /v1/events/eventDates';
}

interface Measured {
  amplification: number;
  firstSuccessMs: number;
  drained: number;
  drainMs: number;
  backlog: number;
  callsWhileAway: number;
  arrived: number;
  toldSafe: number;
}

async function crowd(seed: number, how: How, isControl: boolean): Promise<Measured> {
  const outage = { from: STARTS_AT + BEFORE_MS, to: STARTS_AT + BEFORE_MS + OUTAGE_MS, how };
  const arriveWithinMs = BEFORE_MS + OUTAGE_MS;
  const run = await runCrowd({
    seed,
    visitors: Math.round((arriveWithinMs / 1_000) * ARRIVALS_A_SECOND),
    arriveWithinMs,
    behaviour: 'plain',
    standin: { ...calm, outage },
    ...(isControl ? { makeGateRules: (...given) => new BreakerlessGate(...given) } : {}),
    // Nobody waits for the end of the outage: what is left is the backlog.
    patienceMs: 60_000,
    watchesMs: 60_000,
  });
  return judge(run, outage);
}

function judge({ model, sent, visits }: CrowdRun, outage: { from: number; to: number }): Measured {
  const counted = sent.filter(({ entry }) => entry.at >= outage.from);
  const operations = new Set<string>();
  const answered = new Map<string, number>();
  for (const { sender, entry } of counted) {
    const question = `${sender} ${entry.endpoint} ${JSON.stringify(entry.body)} ${JSON.stringify(entry.query)}`;
    // Probes belong to nobody's operation but count as calls. A read that was answered and is made again later is a new one.
    const times = answered.get(question) ?? 0;
    operations.add(`${question} ${times}`);
    if (isRead(entry) && (entry.status ?? 500) < 300) answered.set(question, times + 1);
  }
  const entries = model.ledger.entries;
  const success = entries.find(({ at, status }) => at >= outage.to && status !== null && status < 300);
  const firstSuccessMs = (success?.at ?? Number.POSITIVE_INFINITY) - outage.to;
  const contacts = model.ledger.requests(LANE).filter(({ committedAt }) => committedAt !== null);
  const emails = new Set(contacts.map(({ body }) => (body as { email: string }).email));
  const told = visits.filter(({ toldSafe }) => toldSafe.length > 0);
  const backlogged = told
    .filter(({ toldSafe }) => (toldSafe[0]?.at ?? 0) < outage.to)
    .map(({ habits }) => habits.contact.email);
  const arrivedLate = contacts.filter(
    ({ at, body }) => at >= outage.to && backlogged.includes((body as { email: string }).email),
  );
  const lastAt = arrivedLate.at(-1)?.at ?? outage.to;
  const drainMs = lastAt - outage.to - firstSuccessMs;
  const inDrain = contacts.filter(({ at }) => at >= outage.to && at <= lastAt).length;
  return {
    amplification: counted.length / operations.size,
    firstSuccessMs,
    drained: inDrain / (PACE * (drainMs / 1_000)),
    drainMs,
    backlog: arrivedLate.length,
    callsWhileAway: counted.filter(({ entry }) => entry.at < outage.to).length,
    arrived: told.filter(({ habits }) => emails.has(habits.contact.email ?? '')).length,
    toldSafe: told.length,
  };
}
