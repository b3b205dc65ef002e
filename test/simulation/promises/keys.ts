/**
 * P20: keys are revoked at random during two thousand bookings; a next key is configured, and its owner mends what was revoked.
 * Control: one key only.
 */
import { seededRandom } from '../../standin/random.ts';
import { type CrowdRun, runCrowd } from '../crowd.ts';
import { type Edge, KEYS, STARTS_AT } from '../edge.ts';
import { calm } from '../fault-mix.ts';
import { type Row, seedList, type Size, tally } from '../verdict.ts';
import type { Visit } from '../visitor.ts';

const FIRST_SEED = 20_001;
const SIZES = { full: { accounts: 5, visitors: 400 }, short: { accounts: 1, visitors: 60 } };
const ARRIVALS_A_SECOND = 0.8;

export async function measureKeys(size: Size): Promise<Row[]> {
  const { accounts, visitors } = SIZES[size];
  const kept: string[] = [];
  const control: string[] = [];
  let booked = 0;
  let revocations = 0;
  let refusals = 0;
  for (let seed = FIRST_SEED; seed < FIRST_SEED + accounts; seed += 1) {
    const run = await crowd(seed, visitors, true);
    kept.push(...run.visits.flatMap(failuresOf));
    booked += run.visits.filter(({ end }) => end === 'booked').length;
    revocations += run.revocations;
    refusals += run.model.ledger.entries.filter(({ status }) => status === 401).length;
    control.push(...(await crowd(seed, visitors, false)).visits.flatMap(failuresOf));
  }
  const people = accounts * visitors;
  return [
    {
      promise: 'P20',
      what: `${people} bookings, a key revoked every half minute to two, ${seedList(FIRST_SEED, accounts)}`,
      figure: { wanted: '0 visible failures', measured: `${kept.length}`, isMet: kept.length === 0 },
      opposite: {
        wanted: `all ${people} booked, keys were refused`,
        measured: `${booked} booked, ${revocations} revocations, ${refusals} × 401`,
        isMet: booked === people && refusals > 0,
      },
      control: { wanted: 'one key: failures are seen', measured: `${control.length}`, isMet: control.length > 0 },
      notes: kept.length > 0 ? [tally(kept)] : [],
    },
  ];
}

async function crowd(seed: number, visitors: number, hasNextKey: boolean): Promise<CrowdRun & { revocations: number }> {
  const arriveWithinMs = (visitors / ARRIVALS_A_SECOND) * 1_000;
  let revocations = 0;
  const plan = (edge: Edge) => {
    const random = seededRandom(seed ^ 0x4e75);
    // Never both at once: the owner mends one before the other goes.
    for (let at = STARTS_AT + 20_000; at < STARTS_AT + arriveWithinMs; at += 30_000 + random() * 90_000) {
      const gone = hasNextKey ? Math.floor(random() * 2) : 0;
      revocations += 1;
      edge.clock.at(at, () => edge.model.change({ revokedKeys: [KEYS[gone] ?? ''] }));
      if (!hasNextKey) edge.clock.at(at + 15_000, () => edge.model.change({ revokedKeys: [] }));
    }
  };
  const run = await runCrowd({
    seed,
    visitors,
    arriveWithinMs,
    behaviour: 'plain',
    standin: calm,
    hasNextKey,
    plan,
  });
  return { ...run, revocations };
}

/** What a person would call one: an answer that says so, or no call in the end. */
function failuresOf({ failures, end }: Visit): string[] {
  const isGood = end === 'booked';
  return [...failures.map(({ code, step }) => `${step}: ${code}`), ...(isGood ? [] : [`end: ${JSON.stringify(end)}`])];
}
