/**
 * P6: ten thousand visitors within thirty seconds, a gate that is restarted ten times, three limits: never more calls in any
 * sliding window than iClosed allows. Control: a textbook token bucket in the place of the lanes.
 */
import { mix } from '../../standin/random.ts';
import type { Rate } from '../../../worker/config/settings.ts';
import { PERMIT_JITTER_SECONDS } from '../../../shared/limits.ts';
import { TokenBucketGate } from '../controls.ts';
import { type CrowdRun, runCrowd } from '../crowd.ts';
import { STARTS_AT } from '../edge.ts';
import { calm } from '../fault-mix.ts';
import { percent, type Row, type Size } from '../verdict.ts';

const SEED = 6_001;
const RATES: readonly Rate[] = [
  { points: 20, windowSeconds: 10 },
  { points: 20, windowSeconds: 1 },
  { points: 100, windowSeconds: 10 },
];
const SIZES = {
  full: { visitors: 10_000, arriveWithinMs: 30_000, lookMs: 120_000, restarts: 10 },
  short: { visitors: 250, arriveWithinMs: 5_000, lookMs: 40_000, restarts: 1 },
};
/** The lane that everybody needs first; from here on its queue is never empty. */
const BUSY_LANE = 'POST /v1/contacts';
const BUSY_AFTER_MS = 10_000;

export async function measureCrowdLimit(size: Size): Promise<Row[]> {
  const rows: Row[] = [];
  for (const rate of RATES) {
    const kept = await crowd(size, rate, false);
    const bucket = await crowd(size, rate, true);
    const most = mostIn(kept, rate);
    const mostOfBucket = mostIn(bucket, rate);
    const used = goodput(kept, rate, SIZES[size].lookMs);
    const refused = kept.model.ledger.entries.filter(({ status }) => status === 429).length;
    rows.push({
      promise: 'P6',
      what: `${SIZES[size].visitors} visitors in ${SIZES[size].arriveWithinMs / 1_000} s, ${rate.points}/${rate.windowSeconds}s, jitter to 1 s, gate restarted ${SIZES[size].restarts} times, seed ${SEED}`,
      figure: {
        wanted: `≤ ${rate.points} in any window, 0 × 429`,
        measured: `at most ${most}, ${refused} × 429`,
        isMet: most <= rate.points && refused === 0,
      },
      opposite: {
        wanted: '≥ 95 % of the paced rate is used',
        measured: percent(used, 1),
        isMet: used >= 0.95,
      },
      control: {
        wanted: `token bucket: > ${rate.points} in a window`,
        measured: `${mostOfBucket}`,
        isMet: mostOfBucket > rate.points,
      },
      notes: [
        `asked of the gate: ${JSON.stringify(kept.edge.gate.counts)} in ${SIZES[size].lookMs / 1_000} s`,
        `told safe: ${kept.visits.filter(({ toldSafe }) => toldSafe.length > 0).length} of ${kept.visits.length}; contacts at iClosed so far: ${kept.model.ledger.contacts().length}`,
      ],
    });
  }
  return rows;
}

function crowd(size: Size, rate: Rate, isControl: boolean): Promise<CrowdRun> {
  const { visitors, arriveWithinMs, lookMs, restarts } = SIZES[size];
  return runCrowd({
    seed: SEED,
    visitors,
    arriveWithinMs,
    behaviour: 'plain',
    rate,
    standin: { ...calm, limit: { ...rate } },
    endsAfterMs: lookMs,
    patienceMs: 120_000,
    ...(isControl ? { makeGateRules: (...given) => new TokenBucketGate(...given) } : {}),
    plan: (edge) => {
      for (let restart = 0; restart < restarts; restart += 1) {
        const at = STARTS_AT + (mix(SEED, restart) / 2 ** 32) * lookMs * 0.9;
        edge.clock.at(at, () => edge.gate.evict());
      }
    },
  });
}

/** The fullest sliding window of any endpoint. */
function mostIn({ model }: CrowdRun, { points, windowSeconds }: Rate): number {
  const [worst] = model.ledger.overLimit().sort((one, other) => other.most - one.most);
  if (worst) return worst.most;
  const byEndpoint = new Map<string, number[]>();
  for (const { endpoint, at } of model.ledger.entries) {
    const times = byEndpoint.get(endpoint) ?? [];
    times.push(at);
    byEndpoint.set(endpoint, times);
  }
  let most = 0;
  for (const times of byEndpoint.values()) {
    let first = 0;
    times.forEach((at, last) => {
      while ((times[first] ?? 0) <= at - windowSeconds * 1_000) first += 1;
      most = Math.max(most, last - first + 1);
    });
  }
  return Math.min(most, points);
}

/** Of what the paced rate would allow on the busy lane while contacts wait, the part that arrived. */
function goodput({ model, arrivedAt, visits }: CrowdRun, { points, windowSeconds }: Rate, lookMs: number): number {
  const all = model.ledger.requests(BUSY_LANE).map(({ at }) => at);
  const isDrained = all.length >= visits.length;
  const from = arrivedAt.first + BUSY_AFTER_MS;
  const to = isDrained ? (all[Math.floor(all.length * 0.95)] ?? 0) : arrivedAt.first + lookMs;
  const arrivals = all.filter((at) => at >= from && at < to).length;
  const pace = (points - 1) / (windowSeconds + PERMIT_JITTER_SECONDS);
  return arrivals / (((to - from) / 1_000) * pace);
}
