/**
 * A crowd in one account: visitors arrive one after the other, each with habits of his own, some with a second tab; then the
 * clock runs on until everything that is due has been done. Returns the evidence; judging it is for `judge.ts`.
 */
import { nextDue } from '../../worker/lead/machine.ts';
import { type Random, seededRandom } from '../standin/random.ts';
import { Chronicle } from './chronicle.ts';
import { Edge, type EdgeOptions } from './edge.ts';
import { drawHabits, type Habits, plainHabits, secondTab } from './habits.ts';
import type { Evidence } from './judge.ts';
import { type Visit, Visitor, type VisitorWorld } from './visitor.ts';

/** One visitor to come. */
export interface Arrival {
  /** Unique in the run: seed, number, and `b` for the second tab. */
  name: string;
  habits: Habits;
  afterMs: number;
}

export interface CrowdOptions extends Omit<EdgeOptions, 'witness'> {
  visitors: number;
  /** Over how long they arrive. */
  arriveWithinMs: number;
  /** As people are, or everything as it is meant. */
  behaviour?: 'mixed' | 'plain';
  patienceMs?: number;
  watchesMs?: number;
  lossShare?: number;
  /** Runs on so long after the last visit at most. */
  settleWithinMs?: number;
  /** Who comes, instead of drawing it. */
  arrivals?: readonly Arrival[];
  /** What else somebody does once the visit is over. */
  afterwards?(visit: Visit, world: VisitorWorld): Promise<void>;
  /** Looks at the crowd until then and no longer, whatever is unfinished. */
  endsAfterMs?: number;
  /** Before anybody comes: outages, crashes, keys revoked. */
  plan?(edge: Edge): void;
}

export interface CrowdRun extends Evidence {
  edge: Edge;
  visits: Visit[];
  arrivedAt: { first: number; last: number };
  /** When the last lead had nothing left to deliver. */
  settledAt: number;
}

const SECOND_TAB_SHARE = 0.06;
const MINUTE_MS = 60_000;

export async function runCrowd(options: CrowdOptions): Promise<CrowdRun> {
  const { seed, arriveWithinMs, behaviour = 'mixed', settleWithinMs = 90 * MINUTE_MS } = options;
  const chronicle = new Chronicle();
  const edge = new Edge({ ...options, witness: chronicle.witness });
  const random = seededRandom(seed ^ 0xc20d);
  const world: VisitorWorld = {
    clock: edge.clock,
    random,
    open: async (event) => {
      const described = await edge.describe(event);
      return described.ok ? described.description.public.questions.map(({ id }) => id) : undefined;
    },
    step: (leadId, request, manage) => edge.step(leadId, request, manage ? { manage } : {}),
    lossShare: options.lossShare ?? (behaviour === 'mixed' ? 0.02 : 0),
    patienceMs: options.patienceMs ?? 10 * MINUTE_MS,
    watchesMs: options.watchesMs ?? 20 * MINUTE_MS,
  };
  const running: Promise<void>[] = [];
  const visits: Visit[] = [];
  const began = edge.clock.now();
  for (const { name, habits, afterMs } of options.arrivals ?? drawCrowd(random, options)) {
    const visitor = new Visitor(world, habits, name);
    visits.push(visitor.visit);
    const come = async () => {
      await edge.clock.sleep(afterMs);
      const visit = await visitor.run();
      await options.afterwards?.(visit, world);
    };
    running.push(come());
  }
  options.plan?.(edge);
  const arrivedAt = { first: began, last: began + arriveWithinMs };
  const run = { edge, model: edge.model, sent: edge.wire.sent, chronicle, visits, arrivedAt };
  if (options.endsAfterMs !== undefined) {
    await edge.clock.runUntil(began + options.endsAfterMs);
    return { ...run, settledAt: edge.clock.now() };
  }
  await edge.clock.runThrough(Promise.all(running), arriveWithinMs + 3 * 3_600_000);
  return { ...run, settledAt: await settle(edge, settleWithinMs) };
}

/** Who comes when: everybody as the seed has it, evenly over the time, some with a second tab at once or a little later. */
export function drawCrowd(
  random: Random,
  {
    seed,
    visitors,
    arriveWithinMs,
    behaviour = 'mixed',
  }: Pick<CrowdOptions, 'seed' | 'visitors' | 'arriveWithinMs' | 'behaviour'>,
): Arrival[] {
  const arrivals: Arrival[] = [];
  for (let number = 1; number <= visitors; number += 1) {
    const afterMs = (number / visitors) * arriveWithinMs;
    const habits = behaviour === 'mixed' ? drawHabits(random, number) : plainHabits(random, number);
    arrivals.push({ name: `${seed}-${number}`, habits, afterMs });
    if (behaviour === 'mixed' && random() < SECOND_TAB_SHARE) {
      const isAtOnce = random() < 0.5;
      const second = secondTab(random, habits);
      arrivals.push({
        name: `${seed}-${number}-b`,
        habits: second,
        afterMs: afterMs + (isAtOnce ? 0 : random() * 30_000),
      });
    }
  }
  return arrivals;
}

/** Lets the time pass until no lead has anything left to do. */
async function settle(edge: Edge, withinMs: number): Promise<number> {
  const end = edge.clock.now() + withinMs;
  while (edge.clock.now() < end && [...edge.leads.values()].some(isBusy)) {
    await edge.clock.runUntil(edge.clock.now() + 5_000);
  }
  const settledAt = edge.clock.now();
  // What iClosed still commits late is judged too.
  await edge.clock.runUntil(settledAt + MINUTE_MS);
  return settledAt;
}

function isBusy({ stored }: { stored: { record: Parameters<typeof nextDue>[0] } | undefined }): boolean {
  return stored !== undefined && nextDue(stored.record) !== undefined;
}
