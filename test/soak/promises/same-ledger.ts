/**
 * The bridge between the simulation and the real Worker: the same people with the same habits meet the same faults in virtual time
 * and in workerd, and the two ledgers of iClosed say the same. Left out is what the order of events decides and not the rules:
 * second tabs, corrected addresses, the way out, times that others take away. So is whoever was let down by a busy machine, where a
 * good answer came too late for the Worker or for the visitor; how many is said. Control: the virtual ledger of another seed.
 */
import { runCrowd } from '../../simulation/crowd.ts';
import type { Arrival } from '../../simulation/crowd.ts';
import { type Row, seedList, type Size } from '../../simulation/verdict.ts';
import { mergeSettings, type Settings } from '../../standin/settings.ts';
import { dayMs, weekdayOf } from '../../standin/zones.ts';
import { runSoak, type SoakRun, UNPACED } from '../crowd.ts';
import { drawPeople, personalFaults } from '../people.ts';
import { differences, emailOf, plainLedger } from '../plain-ledger.ts';

/** The short run's people meet faults, but none that takes a minute to be cleared up. */
const FIRST_SEEDS = { full: 46_001, short: 46_118 };
const SIZES = {
  full: { accounts: 3, visitors: 60, arriveWithinMs: 60_000 },
  short: { accounts: 1, visitors: 12, arriveWithinMs: 6_000 },
};
/** Everybody wants an instant that nobody else wants: two on each weekday, from then on. */
const FIRST_DAY = 3;
const DAYS_AT_MOST = 60;
const HOURS = [14, 17] as const;
const HOUR_MS = 3_600_000;

export async function measureSameLedger(size: Size): Promise<Row[]> {
  const { accounts, visitors } = SIZES[size];
  const seeds = Array.from({ length: accounts }, (_, index) => FIRST_SEEDS[size] + index);
  const pairs = await Promise.all(seeds.map((seed) => bothWorlds(size, seed)));
  const apart = pairs.flatMap(({ virtual, sockets }) => [
    ...virtual.map((line) => `only in virtual time: ${line}`),
    ...sockets.map((line) => `only over sockets: ${line}`),
  ]);
  const lines = pairs.reduce((sum, each) => sum + each.lines, 0);
  const faults = pairs.reduce((sum, each) => sum + each.faults, 0);
  const people = pairs.reduce((sum, each) => sum + each.people, 0);
  const compared = people - pairs.reduce((sum, each) => sum + each.disturbed, 0);
  const others = pairs.reduce((sum, each) => sum + each.control, 0);
  return [
    {
      promise: 'same ledger',
      what: `${accounts * visitors} visitors in virtual time and in workerd, faults by person, ${seedList(FIRST_SEEDS[size], accounts)}`,
      figure: { wanted: '0 differences', measured: `${apart.length} of ${lines} lines`, isMet: apart.length === 0 },
      opposite: {
        wanted: 'writes met faults, most people are compared',
        measured: `${faults} did, ${compared} of ${people} compared`,
        isMet: faults > 0 && compared > people / 2,
      },
      control: { wanted: 'another seed: differences', measured: `${others}`, isMet: others > 0 },
      notes: apart,
    },
  ];
}

async function bothWorlds(size: Size, seed: number) {
  const { visitors, arriveWithinMs } = SIZES[size];
  const startsAt = Date.now();
  const arrivals = inOrder(drawPeople(seed, visitors, arriveWithinMs), startsAt);
  const sockets = await runSoak({ seed, arrivals, standin: orderless(seed), hasNextKey: true, lossShare: 0 });
  const virtually = async (otherSeed: number) => {
    const { model } = await runCrowd({
      seed: otherSeed,
      startsAt,
      visitors,
      arriveWithinMs,
      arrivals,
      rate: UNPACED,
      standin: mergeSettings(orderless(seed), { limit: { enforced: false } }),
      hasNextKey: true,
      lossShare: 0,
    });
    return plainLedger(model.ledger);
  };
  const disturbed = disturbedPeople(sockets);
  const undisturbed = (line: string) => !disturbed.has(line.split(' ', 1)[0] ?? '');
  const expected = (await virtually(seed)).filter(undisturbed);
  const other = (await virtually(seed + 1_000)).filter(undisturbed);
  const seen = plainLedger(sockets.model.ledger).filter(undisturbed);
  const apart = differences(other, seen);
  return {
    ...differences(expected, seen),
    lines: seen.length,
    faults: seen.filter((line) => / (reset|timeout|late|error|rate|bad|forbidden|html|half|slow)/.test(line)).length,
    control: apart.virtual.length + apart.sockets.length,
    people: arrivals.length,
    disturbed: disturbed.size,
  };
}

/** Addresses of those whom the machine let down. */
function disturbedPeople({ missed, visits, model }: SoakRun): Set<string> {
  const people = new Map(model.ledger.contacts().map((contact) => [contact.id, contact]));
  const unheard = visits.filter(
    ({ end }) => typeof end === 'object' && /event|timeout|unreachable|busy/.test(end.refused),
  );
  return new Set([
    ...missed.map((entry) => emailOf(entry, people)).filter((email) => email !== 'nobody'),
    ...unheard.map(({ habits }) => habits.contact.email ?? ''),
  ]);
}

/** People whose fate does not depend on who comes first. */
function inOrder(arrivals: readonly Arrival[], startsAt: number): Arrival[] {
  const alone = arrivals.filter(({ name }) => !name.endsWith('-b'));
  const today = Math.floor(startsAt / dayMs);
  const weekdays = Array.from({ length: DAYS_AT_MOST }, (_, index) => today + FIRST_DAY + index).filter(
    (day) => ![0, 6].includes(weekdayOf(day)),
  );
  return alone.map((arrival, index) => {
    const { correctsAddress: _, ...habits } = arrival.habits;
    const day = weekdays[Math.floor(index / HOURS.length)];
    const hour = HOURS[index % HOURS.length] ?? 0;
    if (day === undefined) throw new RangeError('more people than instants');
    return { ...arrival, habits: { ...habits, withdraws: false, wants: day * dayMs + hour * HOUR_MS } };
  });
}

/** Faults on what is done about a person; none of the key, whose turn depends on everybody's calls. */
function orderless(seed: number): Settings {
  return mergeSettings(personalFaults(seed), {
    availability: { multiBooking: true },
    search: { errorShare: 0 },
    faults: {
      endpoints: ['POST /v1/contacts', 'POST /v1/fields/inviteeAnswers', 'POST /v1/eventCalls', 'GET /v1/eventCalls'],
      kinds: { key_refused: 0 },
    },
  });
}
