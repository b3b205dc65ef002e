/**
 * P3, its virtual part: the runtime is killed and objects are evicted at random moments, with iClosed resetting, hanging and
 * committing late. Control: the same without writing ahead of the call.
 */
import { mergeSettings } from '../../standin/settings.ts';
import { pick, seededRandom } from '../../standin/random.ts';
import { runCrowd } from '../crowd.ts';
import { type Ask, type Edge, STARTS_AT } from '../edge.ts';
import { faultMix } from '../fault-mix.ts';
import { addCrashes, type CrashTally, emptyCrashTally } from '../judge.ts';
import { percent, type Row, seedList, type Size, tally } from '../verdict.ts';

const FIRST_SEED = 3_001;
const SIZES = { full: { rounds: 200, visitors: 8 }, short: { rounds: 8, visitors: 8 } };
const ARRIVE_WITHIN_MS = 40_000;
const CRASHES = 40;
const CRASHING_FOR_MS = 240_000;

export async function measureCrashes(size: Size): Promise<Row[]> {
  const { rounds, visitors } = SIZES[size];
  const kept = await all(size);
  const careless = await all(size, withoutWritingAhead);
  return [
    {
      promise: 'P3',
      what: `${rounds} rounds of ${visitors} visitors, ${CRASHES} evictions or kills each, fault mix, ${seedList(FIRST_SEED, rounds)}`,
      figure: {
        wanted: `0 lost, 0 doubles in ${rounds} rounds`,
        measured: `${kept.lost.length} lost, ${kept.doubles.length} doubles, ${kept.untrue.length} told wrongly`,
        isMet: kept.lost.length === 0 && kept.doubles.length === 0 && kept.untrue.length === 0,
      },
      opposite: {
        wanted: 'the run finishes its bookings (≥ 95 % of those who pressed)',
        measured: `${percent(kept.booked, kept.pressed)} of ${kept.pressed}, ${kept.unended} without end`,
        isMet: kept.booked / kept.pressed >= 0.95 && kept.unended === 0,
      },
      control: {
        wanted: 'no write-ahead: doubles',
        measured: `${careless.doubles.length} doubles`,
        isMet: careless.doubles.length > 0,
      },
      notes: [
        `not booked: ${tally(kept.ends)}`,
        ...kept.doubles
          .slice(0, 5)
          .map(({ why, attempts, firstEnd }) => `double (${why}): ${attempts.join(' + ')}, first ${firstEnd}`),
        ...kept.lost.slice(0, 5),
        ...kept.untrue.slice(0, 5),
      ],
    },
  ];
}

async function all(size: Size, askInstead?: typeof withoutWritingAhead): Promise<CrashTally> {
  const { rounds, visitors } = SIZES[size];
  const total = emptyCrashTally();
  for (let seed = FIRST_SEED; seed < FIRST_SEED + rounds; seed += 1) {
    const run = await runCrowd({
      seed,
      visitors,
      arriveWithinMs: ARRIVE_WITHIN_MS,
      standin: mergeSettings(faultMix(seed), { search: { filterIgnored: false }, faults: { kinds: { slow: 12 } } }),
      hasNextKey: true,
      plan: (edge) => planCrashes(edge, seed, CRASHES, CRASHING_FOR_MS),
      ...(askInstead ? { askInstead } : {}),
    });
    addCrashes(total, run);
  }
  return total;
}

/** Leads most of all, because they are in the middle of something. */
export function planCrashes(edge: Edge, seed: number, crashes: number, withinMs: number): void {
  const random = seededRandom(seed ^ 0xdead);
  for (let crash = 0; crash < crashes; crash += 1) {
    edge.clock.at(STARTS_AT + random() * withinMs, () => {
      const draw = random();
      if (draw < 0.1) edge.kill();
      else if (draw < 0.25) edge.gate.evict();
      else if (draw < 0.4) for (const event of edge.events.values()) event.evict();
      else {
        const up = [...edge.leads.values()].filter(({ isUp }) => isUp);
        if (up.length > 0) pick(random, up).evict();
      }
    });
  }
}

/** The control: what is sent is written down only when its answer is here. */
function withoutWritingAhead(ask: Ask, ...[call, urgency]: Parameters<Ask>): ReturnType<Ask> {
  return ask(call, urgency);
}
