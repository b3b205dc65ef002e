/**
 * P1: contacts that visitors were told are safe, under the fault mix and across an outage of five minutes of each kind.
 * Control: without an outbox, whatever is not delivered while a visitor waits is never delivered.
 */
import { type CrowdRun, runCrowd } from '../crowd.ts';
import { STARTS_AT } from '../edge.ts';
import { faultMix } from '../fault-mix.ts';
import { bookedAfterWithdrawal, contactFates, type Double, doublesOf } from '../judge.ts';
import { mergeSettings } from '../../standin/settings.ts';
import { percent, type Row, seedList, type Size } from '../verdict.ts';

const FIRST_SEED = 1_001;
const MINUTE_MS = 60_000;
const OUTAGES = ['reset', 'hang', 'error'] as const;
const SIZES = { full: { accountsEach: 4, visitors: 840 }, short: { accountsEach: 1, visitors: 30 } };
const RATE = { points: 20, windowSeconds: 10 };
/** Permits a second and lane: (20 − 1) / (10 + 1). */
const PACE = 19 / 11;
const ARRIVALS_A_SECOND = 0.8;
const SLACK_MS = 15 * MINUTE_MS;
const LISTED_WITHIN_MS = MINUTE_MS;

interface Tally {
  toldSafe: number;
  lost: string[];
  late: string[];
  slowestMs: number;
  refusedForGood: number;
  notListed: string[];
  toldWithin3s: number;
  sent: number;
  sentWhileAway: number;
  toldWhileAway: number;
  doubles: Double[];
  withdrew: number;
  bookedAfterWithdrawal: number;
}

export async function measureOutbox(size: Size): Promise<Row[]> {
  const { accountsEach, visitors } = SIZES[size];
  const kept = emptyTally();
  const without = emptyTally();
  let seed = FIRST_SEED;
  for (const how of OUTAGES) {
    for (let account = 0; account < accountsEach; account += 1, seed += 1) {
      add(kept, await crowd(seed, visitors, how, true));
      add(without, await crowd(seed, visitors, how, false));
    }
  }
  const people = visitors * accountsEach * OUTAGES.length;
  return [
    {
      promise: 'P1',
      what: `${people} visitors, fault mix and 5 min of outage (${OUTAGES.join(', ')}), 20/10s, ${seedList(FIRST_SEED, seed - FIRST_SEED)}`,
      figure: {
        wanted: '0 lost; delivered within backlog ÷ rate + 15 min; refused for good: listed within 1 min',
        measured: `${kept.lost.length} lost of ${kept.toldSafe}; ${kept.late.length} late (slowest ${(kept.slowestMs / MINUTE_MS).toFixed(1)} min); ${kept.notListed.length} of ${kept.refusedForGood} refused not listed`,
        isMet: kept.lost.length === 0 && kept.late.length === 0 && kept.notListed.length === 0,
      },
      opposite: {
        wanted: '≥ 99.5 % told safe within 3 s; 100 % while iClosed is away',
        measured: `${percent(kept.toldWithin3s, kept.sent)}; ${percent(kept.toldWhileAway, kept.sentWhileAway)} of ${kept.sentWhileAway}`,
        isMet: kept.toldWithin3s / kept.sent >= 0.995 && kept.toldWhileAway === kept.sentWhileAway,
      },
      control: {
        wanted: 'no outbox: contacts are lost',
        measured: `${without.lost.length} lost`,
        isMet: without.lost.length > 0,
      },
      notes: [...kept.lost.slice(0, 5), ...kept.late.slice(0, 5), ...kept.notListed.slice(0, 5)],
    },
    {
      promise: 'P2',
      what: 'the same visitors, across the outages',
      figure: {
        wanted: '0 doubles, none booked after taking the fallback link',
        measured: `${kept.doubles.length} doubles; ${kept.bookedAfterWithdrawal} after ${kept.withdrew} withdrawals`,
        isMet: kept.doubles.length === 0 && kept.bookedAfterWithdrawal === 0,
      },
      notes: kept.doubles
        .slice(0, 5)
        .map(({ why, attempts, firstEnd }) => `double (${why}): ${attempts.join(' + ')}, first ${firstEnd}`),
    },
  ];
}

async function crowd(
  seed: number,
  visitors: number,
  how: (typeof OUTAGES)[number],
  hasOutbox: boolean,
): Promise<CrowdRun & { outage: { from: number; to: number } }> {
  const arriveWithinMs = (visitors / ARRIVALS_A_SECOND) * 1_000;
  const from = STARTS_AT + arriveWithinMs / 3;
  const outage = { from, to: from + 5 * MINUTE_MS };
  const run = await runCrowd({
    seed,
    visitors,
    arriveWithinMs,
    rate: RATE,
    standin: mergeSettings(faultMix(seed), { outage: { ...outage, how } }),
    hasNextKey: true,
    hasOutbox,
    // What the internet loses is not the Worker's.
    lossShare: 0,
    settleWithinMs: hasOutbox ? 90 * MINUTE_MS : MINUTE_MS,
  });
  return { ...run, outage };
}

function add(tally: Tally, run: CrowdRun & { outage: { from: number; to: number } }): void {
  const { edge, visits, outage } = run;
  tally.doubles.push(...doublesOf(run));
  tally.withdrew += visits.filter(({ withdrewAt }) => withdrewAt !== undefined).length;
  tally.bookedAfterWithdrawal += bookedAfterWithdrawal(run).length;
  const isAway = (at: number) => at >= outage.from && at < outage.to;
  const fates = contactFates(run);
  const backlog = fates.filter(({ visit, arrivedAt = Number.POSITIVE_INFINITY }) => {
    const told = visit.toldSafe.at(-1)?.at ?? 0;
    return told < outage.to && arrivedAt >= outage.to;
  }).length;
  const allowedMs = (Math.max(backlog, 1) / PACE) * 1_000 + SLACK_MS;
  for (const { toldSafe, beganAt } of visits) {
    tally.sent += 1;
    if (toldSafe[0] && toldSafe[0].afterMs <= 3_000) tally.toldWithin3s += 1;
    if (!isAway(beganAt)) continue;
    tally.sentWhileAway += 1;
    if (toldSafe[0]) tally.toldWhileAway += 1;
  }
  for (const { visit, arrivedAt, refusedForGoodAt } of fates) {
    tally.toldSafe += 1;
    const told = visit.toldSafe.at(-1)?.at ?? 0;
    if (arrivedAt === undefined && refusedForGoodAt !== undefined) {
      tally.refusedForGood += 1;
      const listedAt = edge.listedAt.get(visit.leadId);
      if (listedAt === undefined || listedAt - refusedForGoodAt > LISTED_WITHIN_MS) {
        const after =
          listedAt === undefined ? 'never' : `after ${((listedAt - refusedForGoodAt) / 1_000).toFixed(0)} s`;
        tally.notListed.push(`refused, listed ${after}: ${visit.attempt}`);
      }
      continue;
    }
    if (arrivedAt === undefined) {
      tally.lost.push(`lost: ${visit.attempt}`);
      continue;
    }
    const since = isAway(told) ? outage.to : told;
    const tookMs = arrivedAt - since;
    tally.slowestMs = Math.max(tally.slowestMs, tookMs);
    if (tookMs > allowedMs) tally.late.push(`late: ${visit.attempt} ${(tookMs / MINUTE_MS).toFixed(1)} min`);
  }
}

function emptyTally(): Tally {
  return {
    toldSafe: 0,
    lost: [],
    late: [],
    slowestMs: 0,
    refusedForGood: 0,
    notListed: [],
    toldWithin3s: 0,
    sent: 0,
    sentWhileAway: 0,
    toldWhileAway: 0,
    doubles: [],
    withdrew: 0,
    bookedAfterWithdrawal: 0,
  };
}
