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

const FIRST_SEED = 2_001;
const SIZES = { full: { accounts: 20, visitors: 540 }, short: { accounts: 2, visitors: 60 } };
/** About half of what the lanes of 20/10s can take. */
const ARRIVALS_A_SECOND = 0.8;
const TRUTH_WITHIN_S = 90;
const HARD_END_S = 15 * 60;

interface Tally {
  people: number;
  doubles: Double[];
  afterWithdrawal: number;
  untrue: string[];
  /** Visitors who pressed a time and stayed. */
  choosers: Visit[];
  /** Seconds from the send to the truth, of bookings that were unclear. */
  unclearS: number[];
  /** The same of all bookings that were sent. */
  sentS: number[];
  unended: number;
  overLimit: number;
  toldPending: number;
}

export async function measureBookings(size: Size): Promise<Row[]> {
  const { accounts, visitors } = SIZES[size];
  const wanted = size === "full" ? 10_000 : accounts * visitors;
  const kept = await bookings(size);
  const naive = await bookings(size, sendAgain);
  const where = `${wanted} visitors, fault mix, 20/10s, ${seedList(FIRST_SEED, accounts)}`;
  const booked = kept.choosers.filter(({ end }) => end === 'booked' || end === 'already_booked').length;
  const others = kept.choosers.filter(({ end }) => end !== 'booked' && end !== 'already_booked').map(causeOf);
  const enough = Math.ceil(wanted / 10);
  const p99 = quantile(kept.unclearS, 0.99);
  const longest = Math.max(0, ...kept.unclearS);
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
        wanted: `naive retry: > ${enough} doubles`,
        measured: `${naive.doubles.length} doubles`,
        isMet: naive.doubles.length > enough,
      },
      notes: [
        `not booked: ${tally(others) || 'nobody'}`,
        ...kept.doubles.slice(0, 5).map(({ why, attempts, firstEnd }) => `double (${why}): ${attempts.join(' + ')}, first ${firstEnd}`),
        `calls over the limit: ${kept.overLimit} endpoints`,
        `control by kind: ${tally(naive.doubles.map(({ why }) => why))}`,
      ],
    },
    {
      promise: 'P5',
      what: where,
      figure: {
        wanted: `0 told wrongly; truth ≤ ${TRUTH_WITHIN_S} s at p99; end ≤ 15 min`,
        measured: `${kept.untrue.length} told wrongly; p99 ${p99.toFixed(0)} s; longest ${longest.toFixed(0)} s; ${kept.unended} without end`,
        isMet: kept.untrue.length === 0 && p99 <= TRUTH_WITHIN_S && longest <= HARD_END_S + 60 && kept.unended === 0,
      },
      opposite: {
        wanted: 'unclear bookings among them',
        measured: `${kept.unclearS.length} unclear, ${kept.toldPending} told "we are confirming"`,
        isMet: kept.unclearS.length > 0,
      },
      control: {
        wanted: 'naive retry: told wrongly or doubled',
        measured: `${naive.untrue.length} told wrongly, ${naive.doubles.length} doubles`,
        isMet: naive.untrue.length + naive.doubles.length > 0,
      },
      notes: [
        `unclear ones: p50 ${quantile(kept.unclearS, 0.5).toFixed(0)} s, p90 ${quantile(kept.unclearS, 0.9).toFixed(0)} s, ≤ ${TRUTH_WITHIN_S} s ${percent(kept.unclearS.filter((each) => each <= TRUTH_WITHIN_S).length, kept.unclearS.length)}`,
        `all that were sent (${kept.sentS.length}): p99 ${quantile(kept.sentS, 0.99).toFixed(0)} s`,
        ...kept.untrue.slice(0, 5),
      ],
    },
  ];
}

async function bookings(size: Size, askInstead?: typeof sendAgain): Promise<Tally> {
  const { accounts, visitors } = SIZES[size];
  const total: Tally = {
    people: 0,
    doubles: [],
    afterWithdrawal: 0,
    untrue: [],
    choosers: [],
    unclearS: [],
    sentS: [],
    unended: 0,
    overLimit: 0,
    toldPending: 0,
  };
  for (let seed = FIRST_SEED; seed < FIRST_SEED + accounts; seed += 1) {
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
  total.choosers.push(...run.visits.filter(({ pressed, end }) => pressed.length > 0 && end !== 'left' && end !== 'withdrew'));
  total.overLimit += run.model.ledger.overLimit().length;
  total.toldPending += run.visits.filter(({ told }) => told.some(({ what }) => what === 'pending')).length;
  for (const { bookings: stories } of run.chronicle.stories.values()) {
    for (const { firstSentAt, unclearAt, overAt } of stories) {
      if (firstSentAt === undefined) continue;
      if (overAt === undefined) {
        total.unended += 1;
        continue;
      }
      const seconds = (overAt - firstSentAt) / 1_000;
      total.sentS.push(seconds);
      if (unclearAt !== undefined) total.unclearS.push(seconds);
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
