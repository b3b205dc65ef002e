/**
 * P7: ten thousand reads of one event's times within thirty seconds, then some minutes of steady reading. The ledger tells how
 * often each month was walked and what part of the lane that took. Control: readers who share no refresh.
 */
import { dayOf, monthAfter, monthOf, windowOf } from '../../../worker/event/windows.ts';
import { HORIZON_DAYS, PERMIT_JITTER_SECONDS, SLOTS_FRESH_MS, SLOTS_STALE_AT_MOST_MS } from '../../../shared/limits.ts';
import { burstOf } from '../../../worker/gate/burst.ts';
import { paceOf } from '../../../worker/gate/lane.ts';
import { type Random, seededRandom } from '../../standin/random.ts';
import { Edge, STARTS_AT } from '../edge.ts';
import { calm } from '../fault-mix.ts';
import { percent, type Row, type Size } from '../verdict.ts';

const SEED = 7_001;
const EVENT = 'acme/discovery-call';
const LANE = 'POST /v1/events/eventDates';
const RATE = { points: 20, windowSeconds: 10 };
const SIZES = {
  full: { reads: 10_000, burstMs: 30_000, steadyMs: 300_000 },
  short: { reads: 1_000, burstMs: 30_000, steadyMs: 40_000 },
};
const STEADY_READS_A_SECOND = 20;
const READ_AGAIN_AT_MOST = 12;

interface Reading {
  refusals: number;
  /** Readers who got no times at all. */
  failed: number;
  unmarkedOld: number;
  slowestMs: number;
  /** Closest together that two walks of one month began. */
  closestMs: number;
  calls: number;
  callsAWalk: number;
  laneShare: number;
  laneShareAtFirst: number;
}

export async function measureSlots(size: Size): Promise<Row[]> {
  const kept = await read(size, true);
  const naive = await read(size, false);
  const freshMs = freshMsOf(kept.callsAWalk, monthsAhead().length);
  const { reads, burstMs } = SIZES[size];
  const isMet = kept.closestMs >= freshMs && kept.laneShare <= 0.5 && kept.failed === 0;
  return [
    {
      promise: 'P7',
      what: `${reads} reads of ${monthsAhead().length} months in ${burstMs / 1_000} s, then ${STEADY_READS_A_SECOND}/s, 20/10s, seed ${SEED}`,
      figure: {
        wanted: `≥ ${(freshMs / 1_000).toFixed(0)} s between refreshes of a month, ≤ 50 % of the lane, 0 errors`,
        measured: `${(kept.closestMs / 1_000).toFixed(0)} s, ${percent(kept.laneShare, 1)}, ${kept.failed} errors`,
        isMet,
      },
      opposite: {
        wanted: 'no answer older than 10 min unmarked; everybody gets times',
        measured: `${kept.unmarkedOld} unmarked, slowest ${(kept.slowestMs / 1_000).toFixed(1)} s`,
        isMet: kept.unmarkedOld === 0 && kept.failed === 0,
      },
      control: {
        wanted: 'no single flight: refreshes crowd, the lane fills, or readers fail',
        measured: `${(naive.closestMs / 1_000).toFixed(2)} s, ${percent(naive.laneShare, 1)}, ${naive.failed} errors`,
        isMet: naive.closestMs < freshMs && (naive.laneShare > 0.5 || naive.failed > 0),
      },
      notes: [
        `${kept.calls} calls, ${kept.callsAWalk} a walk; in the first ${burstMs / 1_000} s ${percent(kept.laneShareAtFirst, 1)} of the lane; asked to come again: ${kept.refusals}`,
      ],
    },
  ];
}

async function read(size: Size, isShared: boolean): Promise<Reading> {
  const { reads, burstMs, steadyMs } = SIZES[size];
  const edge = new Edge({ seed: SEED, rate: RATE, standin: calm });
  const random = seededRandom(SEED);
  const months = monthsAhead();
  const result = { refusals: 0, failed: 0, unmarkedOld: 0, slowestMs: 0 };
  const { clock } = edge;
  const one = async (at: number) => {
    await clock.sleep(at - STARTS_AT);
    const month = months[Math.floor(random() ** 2 * months.length)] ?? '';
    for (let tries = 1; tries <= READ_AGAIN_AT_MOST; tries += 1) {
      const event = edge.event(EVENT);
      const answer = await (isShared
        ? event.ask((desk) => desk.slots('', month, 1))
        : event.askAlone((desk) => desk.slots('', month, 1)));
      if (answer.ok) {
        const age = clock.now() - Date.parse(answer.page.asOf);
        if (age > SLOTS_STALE_AT_MOST_MS && !answer.page.stale) result.unmarkedOld += 1;
        result.slowestMs = Math.max(result.slowestMs, clock.now() - at);
        return;
      }
      result.refusals += 1;
      await clock.sleep((answer.retryAfterSeconds ?? 1) * 1_000 * (1 + 0.25 * random()));
    }
    result.failed += 1;
  };
  const readers: Promise<void>[] = [];
  for (let index = 0; index < reads; index += 1) readers.push(one(STARTS_AT + random() * burstMs));
  for (let at = burstMs; at < burstMs + steadyMs; at += spread(random)) readers.push(one(STARTS_AT + at));
  await clock.runThrough(Promise.all(readers), 6 * 3_600_000);
  const calls = edge.model.ledger.requests(LANE);
  const end = STARTS_AT + burstMs + steadyMs;
  // The first walk fills empty shelves; what counts for the lane is what comes after it.
  const firstWalks = calls.filter(({ at }) => at < STARTS_AT + burstMs).length;
  const laneShare = shareOf(calls.filter(({ at }) => at >= STARTS_AT + burstMs && at < end).length, steadyMs);
  return {
    ...result,
    ...walksOf(calls, months),
    calls: calls.length,
    laneShare,
    laneShareAtFirst: shareOf(firstWalks, burstMs),
  };
}

function spread(random: Random): number {
  return (2_000 / STEADY_READS_A_SECOND) * random();
}

/** Walks begin at the first day of a month's window. */
function walksOf(calls: readonly { at: number; body: unknown }[], months: readonly string[]) {
  let closestMs = Number.POSITIVE_INFINITY;
  let walks = 0;
  for (const month of months) {
    const firstDay = windowOf(month, STARTS_AT, HORIZON_DAYS)?.firstDay;
    const begun = calls.filter(({ body }) => (body as { currentDate: string }).currentDate === firstDay);
    walks += begun.length;
    begun.slice(1).forEach(({ at }, index) => {
      closestMs = Math.min(closestMs, at - (begun[index]?.at ?? 0));
    });
  }
  return { closestMs, callsAWalk: Math.round(calls.length / Math.max(1, walks)) };
}

function shareOf(calls: number, spanMs: number): number {
  return calls / (spanMs / paceOf(RATE, burstOf(LANE, RATE.points), PERMIT_JITTER_SECONDS).intervalMs);
}

/** The formula of `promises.md`: max(15 s, calls per refresh × active keys ÷ (0.5 × lane rate)), less the jitter of arrivals. */
function freshMsOf(callsAWalk: number, keys: number): number {
  const { intervalMs } = paceOf(RATE, burstOf(LANE, RATE.points), PERMIT_JITTER_SECONDS);
  return Math.max(SLOTS_FRESH_MS, callsAWalk * keys * intervalMs * 2) - PERMIT_JITTER_SECONDS * 1_000;
}

function monthsAhead(): string[] {
  const first = monthOf(Date.parse(`${dayOf(STARTS_AT)}T00:00:00Z`));
  return [first, monthAfter(first), monthAfter(monthAfter(first))].filter((month) =>
    windowOf(month, STARTS_AT, HORIZON_DAYS),
  );
}
