/**
 * P1 over real sockets: iClosed is away for a while in each of three ways, half of the visitors close the page after the first
 * step, and workerd is killed in the middle of the outage, as by a deploy. Control: without alarms and without the gate's index
 * nobody comes back for what was not delivered while a visitor was there.
 */
import { contactFates, doublesOf, quantile, untrueWords } from '../../simulation/judge.ts';
import { calm } from '../../simulation/fault-mix.ts';
import { percent, type Row, seedList, type Size } from '../../simulation/verdict.ts';
import { mergeSettings } from '../../standin/settings.ts';
import { defaultSettings } from '../../standin/default-settings.ts';
import { runSoak, type Soak, type SoakRun } from '../crowd.ts';
import type { Control } from '../deployment.ts';
import { drawPeople, personalFaults } from '../people.ts';
import { realClock } from '../real-clock.ts';

const FIRST_SEED = 45_001;
const SIZES = {
  full: { ways: ['reset', 'hang', 'error'], visitors: 150, arriveWithinMs: 75_000, outageMs: 30_000 },
  short: { ways: ['reset'], visitors: 16, arriveWithinMs: 12_000, outageMs: 8_000 },
} as const;

type Way = 'reset' | 'hang' | 'error';

interface Tally {
  toldSafe: number;
  lost: string[];
  twice: string[];
  untrue: string[];
  refusedForGood: number;
  whileAway: { told: number; of: number };
  tookMs: number[];
  deliveredAfterMs: number[];
}

export async function measureOutage(size: Size): Promise<Row[]> {
  const { ways, visitors, outageMs } = SIZES[size];
  const [kept, without] = await Promise.all([all(size), all(size, 'no outbox')]);
  const slowestS = (Math.max(0, ...kept.deliveredAfterMs) / 1_000).toFixed(0);
  return [
    {
      promise: 'P1',
      what: `${ways.length * visitors} visitors in workerd, ${outageMs / 1_000} s of outage (${ways.join(', ')}) with a kill -9 in it, ${seedList(FIRST_SEED, ways.length)}`,
      figure: {
        wanted: '0 lost, nothing twice, 0 told wrongly',
        measured: `${kept.lost.length} lost of ${kept.toldSafe}, ${kept.twice.length} twice, ${kept.untrue.length} told wrongly`,
        isMet: kept.lost.length + kept.twice.length + kept.untrue.length === 0,
      },
      opposite: {
        wanted: '100 % told safe while iClosed is away',
        measured: `${percent(kept.whileAway.told, kept.whileAway.of)} of ${kept.whileAway.of}`,
        isMet: kept.whileAway.told === kept.whileAway.of && kept.whileAway.of > 0,
      },
      control: {
        wanted: 'no outbox: contacts are lost',
        measured: `${without.lost.length} lost of ${without.toldSafe}`,
        isMet: without.lost.length > 0,
      },
      notes: [
        `told safe within (p50, p99, of all): ${quantile(kept.tookMs, 0.5).toFixed(0)} ms, ${quantile(kept.tookMs, 0.99).toFixed(0)} ms; the slowest contact arrived ${slowestS} s after iClosed was back; refused for good ${kept.refusedForGood}`,
        ...kept.lost.slice(0, 5),
        ...kept.twice.slice(0, 5),
        ...kept.untrue.slice(0, 5),
      ],
    },
  ];
}

async function all(size: Size, control?: Control): Promise<Tally> {
  const tally: Tally = {
    toldSafe: 0,
    lost: [],
    twice: [],
    untrue: [],
    refusedForGood: 0,
    whileAway: { told: 0, of: 0 },
    tookMs: [],
    deliveredAfterMs: [],
  };
  const runs = await Promise.all(SIZES[size].ways.map((how, index) => crowd(size, FIRST_SEED + index, how, control)));
  for (const { run, outage } of runs) add(tally, run, outage);
  return tally;
}

async function crowd(size: Size, seed: number, how: Way, control?: Control) {
  const { visitors, arriveWithinMs, outageMs } = SIZES[size];
  const outage = { from: 0, to: 0 };
  const plan = async ({ standin, deployment }: Soak) => {
    await realClock.sleep((arriveWithinMs - outageMs) / 2);
    Object.assign(outage, { from: Date.now(), to: Date.now() + outageMs });
    standin.model.change({ outage: { ...outage, how } });
    await realClock.sleep(outageMs / 2);
    await deployment.restart();
  };
  const arrivals = drawPeople(seed, visitors, arriveWithinMs).map((arrival, index) =>
    index % 2 === 0 ? arrival : { ...arrival, habits: { ...arrival.habits, leavesAt: 'answers' as const } },
  );
  const run = await runSoak({
    seed,
    arrivals,
    standin: size === 'full' ? personalFaults(seed) : mergeSettings(defaultSettings, calm),
    hasNextKey: true,
    lossShare: 0,
    plan,
    // A lead that nothing brings on would be watched and waited for in vain.
    ...(control ? { control, watchesMs: outageMs, patienceMs: outageMs, settleWithinMs: outageMs } : {}),
  });
  return { run, outage };
}

function add(tally: Tally, run: SoakRun, outage: { from: number; to: number }): void {
  const { visits, model } = run;
  tally.untrue.push(...untrueWords(run).map(({ attempt, said, truth }) => `${attempt}: told ${said}, but ${truth}`));
  tally.twice.push(...doublesOf(run).map(({ why, attempts }) => `call twice (${why}): ${attempts.join(' + ')}`));
  for (const { toldSafe, beganAt } of visits) {
    if (toldSafe[0]) tally.tookMs.push(toldSafe[0].afterMs);
    if (beganAt < outage.from || beganAt >= outage.to) continue;
    tally.whileAway.of += 1;
    if (toldSafe[0]) tally.whileAway.told += 1;
  }
  for (const { visit, arrivedAt, refusedForGoodAt } of contactFates(run)) {
    const { attempt, toldSafe } = visit;
    tally.toldSafe += 1;
    const email = toldSafe.at(-1)?.contact.email ?? '';
    if (arrivedAt !== undefined) {
      const isAway = (toldSafe.at(-1)?.at ?? 0) < outage.to && arrivedAt >= outage.to;
      if (isAway) tally.deliveredAfterMs.push(arrivedAt - outage.to);
      if (model.ledger.contactsOf(email).length > 1) tally.twice.push(`contact twice: ${attempt}`);
    } else if (refusedForGoodAt === undefined) tally.lost.push(`lost: ${attempt}`);
    else tally.refusedForGood += 1;
  }
}
