/**
 * P3 over real sockets: `kill -9` of workerd at random moments with its objects on disk, and before each kill the eviction of
 * Leads in every state of their booking, of Events and of the gate, while iClosed is slow or hangs. Nobody wakes a Lead after a
 * restart: its alarm does (see `deployment.ts`). Control: the same without writing ahead of the call.
 */
import { seededRandom } from '../../standin/random.ts';
import type { Standin } from '../../standin/server.ts';
import { mergeSettings, type SettingsPatch } from '../../standin/settings.ts';
import { addCrashes, type CrashTally, emptyCrashTally } from '../../simulation/judge.ts';
import { percent, type Row, seedList, type Size, tally } from '../../simulation/verdict.ts';
import { runSoak, type Soak, type SoakRun } from '../crowd.ts';
import type { Control } from '../deployment.ts';
import { drawPeople, personalFaults } from '../people.ts';
import { realClock } from '../real-clock.ts';
import type { Witness } from '../witness.ts';

const FIRST_SEED = 43_001;
const SIZES = {
  full: { accounts: 4, rounds: 50, visitors: 120, arriveWithinMs: 150_000, controlAccounts: 1 },
  short: { accounts: 1, rounds: 6, visitors: 16, arriveWithinMs: 6_000, controlAccounts: 1 },
};
/** A round ends after so many requests to iClosed at most, or after a silence; so it is as random on a slow machine. */
const REQUESTS_A_ROUND = 10;
const AFTER_EVICTIONS = 4;
const SILENCE_MS = 8_000;
const LOOK_EVERY_MS = 20;
const EVICTIONS_A_ROUND = 4;

interface Round {
  evicted: string[];
}

interface Tally extends CrashTally {
  unfinished: number;
  evicted: string[];
  kills: number;
}

export async function measureCrashes(size: Size): Promise<Row[]> {
  const { accounts, rounds, visitors, controlAccounts } = SIZES[size];
  const [kept, careless] = await Promise.all([all(size, accounts), all(size, controlAccounts, 'no write-ahead')]);
  const harm = careless.doubles.length + careless.lost.length;
  return [
    {
      promise: 'P3',
      what: `${accounts * rounds} × kill -9 and evictions, ${accounts * visitors} visitors in workerd with state on disk, fault mix that hangs, ${seedList(FIRST_SEED, accounts)}`,
      figure: {
        wanted: `0 lost, 0 doubles, 0 told wrongly in ${accounts * rounds} rounds`,
        measured: `${kept.lost.length} lost, ${kept.doubles.length} doubles, ${kept.untrue.length} told wrongly in ${kept.kills}`,
        isMet: kept.lost.length + kept.doubles.length + kept.untrue.length === 0 && kept.kills === accounts * rounds,
      },
      opposite: {
        wanted: 'the run finishes its bookings (≥ 95 % of those who pressed)',
        measured: `${percent(kept.booked, kept.pressed)} of ${kept.pressed}, ${kept.unended} without end, ${kept.unfinished} unfinished`,
        isMet: kept.booked / kept.pressed >= 0.95 && kept.unended + kept.unfinished === 0,
      },
      control: {
        wanted: 'no write-ahead: doubles or lost bookings',
        measured: `${careless.doubles.length} doubles, ${careless.lost.length} lost in ${careless.kills} rounds`,
        isMet: harm > 0,
      },
      notes: [
        `evicted: ${tally(kept.evicted)}`,
        `not booked: ${tally(kept.ends) || 'nobody'}`,
        ...kept.doubles
          .slice(0, 5)
          .map(({ why, attempts, firstEnd }) => `double (${why}): ${attempts.join(' + ')}, first ${firstEnd}`),
        ...kept.lost.slice(0, 5),
        ...kept.untrue.slice(0, 5),
      ],
    },
  ];
}

async function all(size: Size, accounts: number, control?: Control): Promise<Tally> {
  const { rounds, visitors, arriveWithinMs } = SIZES[size];
  const total: Tally = { ...emptyCrashTally(), unfinished: 0, evicted: [], kills: 0 };
  const seeds = Array.from({ length: accounts }, (_, index) => FIRST_SEED + index);
  await Promise.all(
    seeds.map(async (seed) => {
      const crashes: Round[] = [];
      const run = await runSoak({
        seed,
        arrivals: drawPeople(seed, visitors, arriveWithinMs),
        standin: slowly(seed, size),
        hasNextKey: true,
        plan: (soak) => crash(soak, seed, rounds, crashes),
        ...(control ? { control } : {}),
      });
      add(total, run, crashes);
    }),
  );
  return total;
}

/** Slow enough that whatever ends is in the middle of something; in the short run what is unclear is soon found. */
function slowly(seed: number, size: Size): SettingsPatch {
  const hangs: SettingsPatch = {
    latencyMs: { min: 100, max: 1_500 },
    faults: { kinds: { slow: 12, timeout_after: 6 } },
  };
  const found = { reset_before: 0, timeout_before: 0, error_before: 0, html_before: 0, late_commit: 0 };
  const patch = mergeSettings(personalFaults(seed), hangs);
  return size === 'full' ? patch : mergeSettings(patch, { faults: { kinds: found } });
}

async function crash(
  { deployment, standin, witness }: Soak,
  seed: number,
  rounds: number,
  crashes: Round[],
): Promise<void> {
  const random = seededRandom(seed ^ 0xdead);
  for (let round = 0; round < rounds; round += 1) {
    // Every second round begins while a booking is on its way.
    if (round % 2 === 0) await requests(standin, 1 + random() * REQUESTS_A_ROUND);
    else await someoneIs('SENT', witness);
    const evicted: string[] = [];
    // States that were met least so far come first.
    const met = (state: string) => crashes.filter((each) => each.evicted.includes(state)).length;
    const states = [...witness.byState].sort(([one], [other]) => met(one) - met(other));
    for (const [state, leads] of states.slice(0, EVICTIONS_A_ROUND)) {
      const id = leads[Math.floor(random() * leads.length)] ?? '';
      if (await deployment.evict('LEAD', { id })) evicted.push(state);
    }
    if (round % 3 === 0 && (await deployment.evict('GATE', { name: 'gate:v1:default' }))) evicted.push('gate');
    if (round % 3 === 1) {
      const isUp = await deployment.evict('EVENT', { name: 'event:v1:default:acme/discovery-call' });
      if (isUp) evicted.push('event');
    }
    await requests(standin, random() * AFTER_EVICTIONS);
    await deployment.restart();
    crashes.push({ evicted });
  }
}

/** Until so many more have come to iClosed, or none for a while. */
async function requests({ ledger }: Standin, count: number): Promise<void> {
  const wanted = ledger.entries.length + Math.floor(count);
  for (let seen = ledger.entries.length, since = Date.now(); seen < wanted && Date.now() - since < SILENCE_MS; ) {
    await realClock.sleep(LOOK_EVERY_MS);
    if (ledger.entries.length > seen) since = Date.now();
    seen = ledger.entries.length;
  }
}

async function someoneIs(state: string, witness: Witness): Promise<void> {
  const end = Date.now() + SILENCE_MS;
  while (!witness.byState.has(state) && Date.now() < end) await realClock.sleep(LOOK_EVERY_MS);
}

function add(total: Tally, run: SoakRun, crashes: readonly Round[]): void {
  addCrashes(total, run);
  total.kills += run.starts - 1;
  total.evicted.push(...crashes.flatMap(({ evicted }) => evicted));
  total.unfinished += run.unfinished.length;
}
