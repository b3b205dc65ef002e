/**
 * P7 against an Event that refuses above 500 calls a second, as Durable Objects do: ten thousand reads in thirty seconds, and in
 * five, through the copies of many isolates of two places, which end and start again while a neighbour takes up all that the Event
 * can take. The ledger tells what it cost. Controls: no copies at all; copies that isolates do not share.
 */
import { PERMIT_JITTER_SECONDS, SLOTS_FRESH_MS, SLOTS_STALE_AT_MOST_MS } from '../../../shared/limits.ts';
import type { SlotPage } from '../../../shared/protocol.ts';
import { askObject } from '../../../worker/ask-object.ts';
import { Copies, type Copy, type SharedCopies } from '../../../worker/copies.ts';
import { marked, SLOT_COPIES } from '../../../worker/copy-policies.ts';
import type { SlotsAnswer } from '../../../worker/event/desk.ts';
import { burstOf } from '../../../worker/gate/burst.ts';
import { paceOf } from '../../../worker/gate/lane.ts';
import { Problem } from '../../../worker/problem.ts';
import { seededRandom } from '../../standin/random.ts';
import { Edge, STARTS_AT } from '../edge.ts';
import { calm } from '../fault-mix.ts';
import { percent, type Row, type Size } from '../verdict.ts';

const SEED = 7_002;
const EVENT = 'acme/discovery-call';
const LANE = 'POST /v1/events/eventDates';
const RATE = { points: 20, windowSeconds: 10 };
const MONTH = '2026-10';
const CALLS_A_SECOND = 500;
/** Fewer would not overload anything: the short run has as many. */
const READS = 10_000;
const ISOLATES = 40;
const PLACES = 2;
/** An isolate lives so long on average. */
const LIVES_MS = 4_000;
const CACHE_MS = 3;
/** The page was known for a moment before it went viral. */
const KNOWN_FOR_MS = 8_000;
/** The neighbour takes everything in this part of the burst. */
const NEIGHBOUR = { from: 0.3, to: 0.8 };

type Protection = 'shared' | 'isolate' | 'none';

interface Reading {
  errors: number;
  unmarkedOld: number;
  oldestMs: number;
  refusedCalls: number;
  objectCalls: number;
  closestMs: number;
  laneShare: number;
}

export async function measureOverload(size: Size): Promise<Row[]> {
  const spans = size === 'full' ? [30_000, 5_000] : [5_000];
  const rows: Row[] = [];
  for (const burstMs of spans) rows.push(await row(burstMs));
  return rows;
}

async function row(burstMs: number): Promise<Row> {
  const kept = await read(burstMs, 'shared');
  const unshared = await read(burstMs, 'isolate');
  const bare = await read(burstMs, 'none');
  const freshMs = SLOTS_FRESH_MS - PERMIT_JITTER_SECONDS * 1_000;
  return {
    promise: 'P7',
    what: `${READS} reads in ${burstMs / 1_000} s, ${ISOLATES} isolates that live ${LIVES_MS / 1_000} s, the Event refuses above ${CALLS_A_SECOND}/s, seed ${SEED}`,
    figure: {
      wanted: `0 errors, ≤ 1 refresh in ${freshMs / 1_000} s, ≤ 50 % of the lane`,
      measured: `${kept.errors} errors, ${kept.closestMs === Number.POSITIVE_INFINITY ? 'one refresh' : `${(kept.closestMs / 1_000).toFixed(1)} s`}, ${percent(kept.laneShare, 1)}`,
      isMet: kept.errors === 0 && kept.closestMs >= freshMs && kept.laneShare <= 0.5,
    },
    opposite: {
      wanted: 'no answer older than 10 min unmarked',
      measured: `${kept.unmarkedOld}; the oldest was ${(kept.oldestMs / 1_000).toFixed(1)} s old`,
      isMet: kept.unmarkedOld === 0,
    },
    control: {
      wanted: 'no copies: errors; copies that isolates do not share: errors',
      measured: `${bare.errors}; ${unshared.errors}`,
      isMet: bare.errors > 0 && unshared.errors > 0,
    },
    notes: [
      `asked the Event ${kept.objectCalls} times, refused ${kept.refusedCalls}; without copies ${bare.objectCalls}, ${bare.refusedCalls}`,
    ],
  };
}

async function read(burstMs: number, protection: Protection): Promise<Reading> {
  const edge = new Edge({ seed: SEED, rate: RATE, standin: calm });
  const { clock } = edge;
  const random = seededRandom(SEED ^ 0x0e4);
  const result = { errors: 0, unmarkedOld: 0, oldestMs: 0, refusedCalls: 0, objectCalls: 0 };
  const burstAt = STARTS_AT + KNOWN_FOR_MS;
  const recent: number[] = [];
  const isNeighbourThere = () => {
    const part = (clock.now() - burstAt) / burstMs;
    return part >= NEIGHBOUR.from && part < NEIGHBOUR.to;
  };
  const askEvent = async (): Promise<SlotsAnswer> => {
    const now = clock.now();
    while (recent[0] !== undefined && recent[0] <= now - 1_000) recent.shift();
    result.objectCalls += 1;
    if (recent.length >= CALLS_A_SECOND || isNeighbourThere()) {
      result.refusedCalls += 1;
      throw Object.assign(new Error('Durable Object is overloaded. Too many requests queued.'), { overloaded: true });
    }
    recent.push(now);
    return edge.event(EVENT).ask((desk) => desk.slots('', MONTH, 1));
  };
  const ask = async (): Promise<SlotPage> => {
    const answer = await askObject(askEvent);
    if (!answer.ok) throw new Problem(answer.code, { retryAfterSeconds: answer.retryAfterSeconds });
    return answer.page;
  };
  const caches = Array.from({ length: PLACES }, () => placeCache(clock.sleep.bind(clock)));
  const start = (index: number) =>
    new Copies(SLOT_COPIES, protection === 'shared' ? caches[index % PLACES] : undefined);
  const isolates = Array.from({ length: ISOLATES }, (_, index) => start(index));
  const one = async (at: number) => {
    await clock.sleep(at - STARTS_AT);
    const index = Math.floor(random() * ISOLATES);
    try {
      const copies = isolates[index] as Copies<SlotPage>;
      const page =
        protection === 'none' ? await ask() : marked(await copies.get(MONTH, clock.now, ask, (work) => void work));
      const ageMs = clock.now() - Date.parse(page.asOf);
      result.oldestMs = Math.max(result.oldestMs, ageMs);
      if (ageMs > SLOTS_STALE_AT_MOST_MS && !page.stale) result.unmarkedOld += 1;
    } catch {
      result.errors += 1;
    }
  };
  const work: Promise<void>[] = [];
  // Before the burst some people read it, at every isolate.
  for (let early = 0; early < ISOLATES; early += 1) work.push(one(STARTS_AT + random() * 1_000));
  for (let index = 0; index < READS; index += 1) work.push(one(burstAt + random() * burstMs));
  for (let at = STARTS_AT; at < burstAt + burstMs; at += (random() * 2 * LIVES_MS) / ISOLATES) {
    const index = Math.floor(random() * ISOLATES);
    clock.at(at, () => {
      isolates[index] = start(index);
    });
  }
  await clock.runThrough(Promise.all(work), 3_600_000);
  const calls = edge.model.ledger.requests(LANE).filter(({ at }) => at < burstAt + burstMs);
  const { intervalMs } = paceOf(RATE, burstOf(LANE, RATE.points), PERMIT_JITTER_SECONDS);
  return {
    ...result,
    closestMs: closestOf(calls),
    laneShare: calls.length / ((KNOWN_FOR_MS + burstMs) / intervalMs),
  };
}

/** The Cache API of one place. */
function placeCache(sleep: (milliseconds: number) => Promise<void>): SharedCopies<SlotPage> {
  const copies = new Map<string, Copy<SlotPage>>();
  return {
    find: async (key) => {
      await sleep(CACHE_MS);
      return copies.get(key);
    },
    keep: async (key, copy) => {
      await sleep(CACHE_MS);
      copies.set(key, copy);
    },
    drop: async (key) => {
      await sleep(CACHE_MS);
      copies.delete(key);
    },
  };
}

/** Closest together that two walks of the month began: at its first day. */
function closestOf(calls: readonly { at: number; body: unknown }[]): number {
  const [first] = calls.map(({ body }) => (body as { currentDate: string }).currentDate);
  const begun = calls.filter(({ body }) => (body as { currentDate: string }).currentDate === first);
  return Math.min(...begun.slice(1).map(({ at }, index) => at - (begun[index]?.at ?? 0)), Number.POSITIVE_INFINITY);
}
