/**
 * P2 over real sockets: a thousand visitors under the fault mix, with second tabs, double clicks, corrected addresses, reloads and
 * lost answers. P4 is in it: whoever presses twice or hears nothing sends the same request again. Control: a send whose answer
 * never came is simply sent again.
 */
import { bookedAfterWithdrawal, type Double, doublesOf, untrueWords } from '../../simulation/judge.ts';
import { percent, type Row, seedList, type Size, tally } from '../../simulation/verdict.ts';
import type { Visit } from '../../simulation/visitor.ts';
import { runSoak, type SoakRun } from '../crowd.ts';
import type { Control } from '../deployment.ts';
import { drawPeople, personalFaults } from '../people.ts';

/** The short run's people meet faults, but none that takes a minute to be cleared up. */
const FIRST_SEEDS = { full: 42_001, short: 46_118 };
const SIZES = {
  full: { accounts: 5, visitors: 200, arriveWithinMs: 240_000, controlAccounts: 1 },
  short: { accounts: 1, visitors: 12, arriveWithinMs: 6_000, controlAccounts: 1 },
};

interface Tally {
  doubles: Double[];
  afterWithdrawal: number;
  untrue: string[];
  calls: number;
  requests: number;
  choosers: { hasCall: boolean; cause: string }[];
  unclear: number;
  unended: number;
  repeated: number;
  ends: string[];
}

export async function measureBookings(size: Size): Promise<Row[]> {
  const { accounts, visitors, controlAccounts } = SIZES[size];
  const people = accounts * visitors;
  const [kept, naive] = await Promise.all([bookings(size, accounts), bookings(size, controlAccounts, 'naive retry')]);
  const booked = kept.choosers.filter(({ hasCall }) => hasCall).length;
  const others = kept.choosers.filter(({ hasCall }) => !hasCall);
  const enough = (controlAccounts * visitors) / 40;
  return [
    {
      promise: 'P2, P4',
      what: `${people} visitors in workerd, fault mix, ${seedList(FIRST_SEEDS[size], accounts)}`,
      figure: {
        wanted: `0 doubles of ${people}, 0 told wrongly, every booking ends`,
        measured: `${kept.doubles.length} doubles, ${kept.afterWithdrawal} after the way out, ${kept.untrue.length} told wrongly, ${kept.unended} without end`,
        isMet: kept.doubles.length + kept.afterWithdrawal + kept.untrue.length + kept.unended === 0,
      },
      opposite: {
        wanted: '≥ 99 % of those who chose a free time end booked',
        measured: `${percent(booked, kept.choosers.length)} of ${kept.choosers.length}`,
        isMet: booked / kept.choosers.length >= 0.99,
      },
      control: {
        wanted: `naive retry, ${controlAccounts * visitors} visitors: ≥ ${Math.ceil(enough)} doubles`,
        measured: `${naive.doubles.length} doubles`,
        isMet: naive.doubles.length >= enough,
      },
      notes: [
        `calls ${kept.calls}, requests to iClosed ${kept.requests}, unclear bookings ${kept.unclear}, pressed twice ${kept.repeated}`,
        `ends of the visits: ${tally(kept.ends)}`,
        `not booked: ${tally(others.map(({ cause }) => cause)) || 'nobody'}`,
        ...kept.doubles
          .slice(0, 5)
          .map(({ why, attempts, firstEnd }) => `double (${why}): ${attempts.join(' + ')}, first ${firstEnd}`),
        ...kept.untrue.slice(0, 5),
      ],
    },
  ];
}

async function bookings(size: Size, accounts: number, control?: Control): Promise<Tally> {
  const { visitors, arriveWithinMs } = SIZES[size];
  const total: Tally = {
    doubles: [],
    afterWithdrawal: 0,
    untrue: [],
    calls: 0,
    requests: 0,
    choosers: [],
    unclear: 0,
    unended: 0,
    repeated: 0,
    ends: [],
  };
  const seeds = Array.from({ length: accounts }, (_, index) => FIRST_SEEDS[size] + index);
  const runs = await Promise.all(
    seeds.map((seed) =>
      runSoak({
        seed,
        arrivals: drawPeople(seed, visitors, arriveWithinMs),
        standin: personalFaults(seed),
        hasNextKey: true,
        ...(control ? { control } : {}),
      }),
    ),
  );
  for (const run of runs) add(total, run);
  return total;
}

function add(total: Tally, run: SoakRun): void {
  total.doubles.push(...doublesOf(run));
  total.afterWithdrawal += bookedAfterWithdrawal(run).length;
  total.untrue.push(...untrueWords(run).map(({ attempt, said, truth }) => `${attempt}: told ${said}, but ${truth}`));
  const live = run.model.ledger.calls().filter(({ cancelledAt, isSeeded }) => cancelledAt === null && !isSeeded);
  const called = new Set(live.map(({ contactId }) => contactId));
  total.calls += live.length;
  total.requests += run.sent.length;
  for (const visit of run.visits) {
    total.ends.push(typeof visit.end === 'object' ? visit.end.refused : String(visit.end));
    if (visit.habits.pressesTwice && visit.pressed.length > 0) total.repeated += 1;
    if (visit.pressed.length === 0 || visit.end === 'left' || visit.end === 'withdrew') continue;
    const hasCall = called.has(run.chronicle.stories.get(visit.leadId)?.contactId ?? 0);
    total.choosers.push({ hasCall, cause: causeOf(visit, run) });
  }
  for (const { bookings: stories } of run.chronicle.stories.values()) {
    for (const { sends, overAt } of stories) {
      if (sends.some(({ unclearAt }) => unclearAt !== undefined)) total.unclear += 1;
      if (sends.length > 0 && overAt === undefined) total.unended += 1;
    }
  }
}

/** Why somebody who had chosen a time has no call: what the visitor heard, and how the last booking ended. */
function causeOf({ end, leadId }: Visit, { chronicle }: SoakRun): string {
  const heard = typeof end === 'object' ? end.refused : String(end);
  const last = chronicle.stories.get(leadId)?.bookings.at(-1);
  return last ? `${heard} (${last.end ?? 'no end'} after ${last.sends.length} sends)` : heard;
}
