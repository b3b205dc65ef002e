/**
 * P2 and P5, from the same bookings under the fault mix: accounts of several hundred visitors each, every account with its own
 * seed, faults and uncertain behaviour. Control: a send whose answer never came is simply sent again.
 */
import type { Outcome, Urgency } from '../../../worker/gate/through.ts';
import { isPermanent } from '../../../worker/iclosed/failure.ts';
import type { UpstreamCall } from '../../../worker/iclosed/request.ts';
import { type CrowdRun, runCrowd } from '../crowd.ts';
import type { Ask } from '../edge.ts';
import { faultMix } from '../fault-mix.ts';
import { bookedAfterWithdrawal, type Double, doublesOf, quantile, untrueWords } from '../judge.ts';
import { percent, type Row, seedList, type Size, tally } from '../verdict.ts';
import type { Visit } from '../visitor.ts';

/** The full run draws every uncertain behaviour; a hundred visitors of the short one are too few for a share, so its accounts are fixed. */
const FIRST_SEEDS = { full: 2_001, short: 2_007 };
/** The hundredth part of the unclear sends of twenty accounts is twenty: their slowest second is chance, so more are looked at. */
const SIZES = {
  full: { accounts: 80, controlAccounts: 20, visitors: 540 },
  short: { accounts: 2, controlAccounts: 2, visitors: 60 },
};
/** About half of what the lanes of 20/10s can take. */
const ARRIVALS_A_SECOND = 0.8;
const TRUTH_WITHIN_S = 90;
const HARD_END_S = 15 * 60;
/** The hard end is seen at the next search. */
const LAST_SEARCH_S = 30;

interface Tally {
  people: number;
  doubles: Double[];
  afterWithdrawal: number;
  untrue: string[];
  calls: number;
  /** Visitors who pressed a time and stayed: whether that person has a call, and if not, why. */
  choosers: { hasCall: boolean; cause: string; isBlind: boolean }[];
  /** Seconds from an unclear send to the truth about it. */
  unclearS: number[];
  /** Seconds from the first send to the end, of bookings with an unclear send: with a second one where the first made no call. */
  unclearEndS: number[];
  /** The same of all bookings that were sent. */
  endS: number[];
  unended: number;
  overLimit: number;
  toldPending: number;
}

export async function measureBookings(size: Size): Promise<Row[]> {
  const { accounts, controlAccounts, visitors } = SIZES[size];
  const wanted = accounts * visitors;
  const kept = await bookings(size, accounts);
  const naive = await bookings(size, controlAccounts, sendAgain);
  const where = `${wanted} visitors, fault mix, 20/10s, ${seedList(FIRST_SEEDS[size], accounts)}`;
  const booked = kept.choosers.filter(({ hasCall }) => hasCall).length;
  const others = kept.choosers.filter(({ hasCall }) => !hasCall);
  const blind = kept.choosers.filter(({ isBlind }) => isBlind);
  // A tenth in ten thousand; a hundred vary more.
  const enough = size === 'full' ? 1_000 : wanted / 40;
  const p99 = quantile(kept.unclearS, 0.99);
  const longest = Math.max(0, ...kept.unclearEndS);
  return [
    {
      promise: 'P2',
      what: where,
      figure: {
        wanted: `0 doubles of ${wanted}`,
        measured: `${kept.doubles.length} doubles, ${kept.afterWithdrawal} after the way out`,
        isMet: kept.doubles.length === 0 && kept.afterWithdrawal === 0,
      },
      opposite: {
        wanted: '≥ 99 % of those who chose a free time end booked',
        measured: `${percent(booked, kept.choosers.length)} of ${kept.choosers.length}`,
        isMet: booked / kept.choosers.length >= 0.99,
      },
      control: {
        wanted: `naive retry, ${controlAccounts * visitors} visitors: > ${enough} doubles`,
        measured: `${naive.doubles.length} doubles`,
        isMet: naive.doubles.length > enough,
      },
      notes: [
        `calls: ${kept.calls}; not booked: ${tally(others.map(({ cause }) => cause)) || 'nobody'}`,
        `where the search works: ${percent(kept.choosers.length - blind.length - others.filter(({ isBlind }) => !isBlind).length, kept.choosers.length - blind.length)} of ${kept.choosers.length - blind.length}; where it ignores its filter: ${percent(blind.filter(({ hasCall }) => hasCall).length, blind.length)} of ${blind.length}`,
        ...kept.doubles
          .slice(0, 5)
          .map(({ why, attempts, firstEnd }) => `double (${why}): ${attempts.join(' + ')}, first ${firstEnd}`),
        `calls over the limit: ${kept.overLimit} endpoints`,
        `control by kind: ${tally(naive.doubles.map(({ why }) => why))}`,
      ],
    },
    {
      promise: 'P5',
      what: `the same bookings: words`,
      figure: {
        wanted: '0 told wrongly; every one ends, within 15 min',
        measured: `${kept.untrue.length} told wrongly; ${kept.unended} without end, longest ${longest.toFixed(0)} s`,
        isMet: kept.untrue.length === 0 && longest <= HARD_END_S + LAST_SEARCH_S && kept.unended === 0,
      },
      opposite: {
        wanted: 'unclear bookings among them',
        measured: `${kept.unclearS.length} unclear sends, ${kept.toldPending} told "we are confirming"`,
        isMet: kept.unclearS.length > 0 && kept.toldPending > 0,
      },
      control: {
        wanted: 'naive retry: told wrongly or doubled',
        measured: `${naive.untrue.length} told wrongly, ${naive.doubles.length} doubles`,
        isMet: naive.untrue.length + naive.doubles.length > 0,
      },
      notes: kept.untrue.slice(0, 5),
    },
    {
      promise: 'P5',
      what: 'the same bookings: time from an unclear send to the truth about it',
      figure: {
        wanted: `≤ ${TRUTH_WITHIN_S} s at p99`,
        measured: `p99 ${p99.toFixed(0)} s`,
        isMet: p99 <= TRUTH_WITHIN_S,
      },
      notes: [
        `p50 ${quantile(kept.unclearS, 0.5).toFixed(0)} s, p90 ${quantile(kept.unclearS, 0.9).toFixed(0)} s, within ${TRUTH_WITHIN_S} s ${percent(within(kept.unclearS), kept.unclearS.length)}`,
        `until the booking ends, with a second send where the first made no call: p90 ${quantile(kept.unclearEndS, 0.9).toFixed(0)} s, p99 ${quantile(kept.unclearEndS, 0.99).toFixed(0)} s, within ${TRUTH_WITHIN_S} s ${percent(within(kept.unclearEndS), kept.unclearEndS.length)}`,
        `all that were sent (${kept.endS.length}): p99 ${quantile(kept.endS, 0.99).toFixed(0)} s, within ${TRUTH_WITHIN_S} s ${percent(within(kept.endS), kept.endS.length)}`,
      ],
    },
  ];
}

function within(seconds: readonly number[]): number {
  return seconds.filter((each) => each <= TRUTH_WITHIN_S).length;
}

async function bookings(size: Size, accounts: number, askInstead?: typeof sendAgain): Promise<Tally> {
  const { visitors } = SIZES[size];
  const total: Tally = {
    people: 0,
    doubles: [],
    afterWithdrawal: 0,
    untrue: [],
    calls: 0,
    choosers: [],
    unclearS: [],
    unclearEndS: [],
    endS: [],
    unended: 0,
    overLimit: 0,
    toldPending: 0,
  };
  for (let seed = FIRST_SEEDS[size]; seed < FIRST_SEEDS[size] + accounts; seed += 1) {
    const run = await runCrowd({
      seed,
      visitors,
      arriveWithinMs: (visitors / ARRIVALS_A_SECOND) * 1_000,
      standin: faultMix(seed),
      hasNextKey: true,
      ...(askInstead ? { askInstead } : {}),
    });
    add(total, run);
  }
  return total;
}

function add(total: Tally, run: CrowdRun): void {
  total.people += run.visits.length;
  total.doubles.push(...doublesOf(run));
  total.afterWithdrawal += bookedAfterWithdrawal(run).length;
  total.untrue.push(...untrueWords(run).map(({ attempt, said, truth }) => `${attempt}: told ${said}, but ${truth}`));
  const live = run.model.ledger.calls().filter(({ cancelledAt, isSeeded }) => cancelledAt === null && !isSeeded);
  const called = new Set(live.map(({ contactId }) => contactId));
  total.calls += live.length;
  for (const visit of run.visits) {
    if (visit.pressed.length === 0 || visit.end === 'left' || visit.end === 'withdrew') continue;
    const hasCall = called.has(run.chronicle.stories.get(visit.leadId)?.contactId ?? 0);
    total.choosers.push({ hasCall, cause: causeOf(visit), isBlind: run.model.settings.search.filterIgnored });
  }
  total.overLimit += run.model.ledger.overLimit().length;
  total.toldPending += run.visits.filter(({ told }) => told.some(({ what }) => what === 'pending')).length;
  for (const { bookings: stories } of run.chronicle.stories.values()) {
    for (const { sends, overAt } of stories) {
      const [first] = sends;
      if (!first) continue;
      const unclear = sends.filter(({ unclearAt }) => unclearAt !== undefined);
      for (const { at, knownAt } of unclear) if (knownAt !== undefined) total.unclearS.push((knownAt - at) / 1_000);
      if (overAt === undefined) {
        total.unended += 1;
        continue;
      }
      const seconds = (overAt - first.at) / 1_000;
      total.endS.push(seconds);
      if (unclear.length > 0) total.unclearEndS.push(seconds);
    }
  }
}

/** Why somebody who had chosen a time has no call. */
function causeOf({ end, told }: Visit): string {
  if (end === 'safe') return told.some(({ what }) => what === 'handed over') ? 'handed to the owner' : 'safe';
  return typeof end === 'object' ? end.refused : String(end);
}

const TRIES = 4;

/** The control: whoever hears nothing sends again. */
async function sendAgain(
  ask: Ask,
  call: UpstreamCall,
  urgency: Urgency,
  beforeSend?: () => void,
): Promise<Outcome<unknown>> {
  let outcome = await ask(call, urgency, beforeSend);
  if (call.endpoint !== 'POST /v1/eventCalls') return outcome;
  for (let tries = 1; tries < TRIES; tries += 1) {
    const failure = outcome.ok ? undefined : outcome.failure;
    if (!failure || failure.certain || isPermanent(failure)) return outcome;
    outcome = await ask(call, urgency, beforeSend);
  }
  return outcome;
}
