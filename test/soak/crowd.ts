/**
 * A crowd over real sockets: the visitors of the simulation, each through a door of his own, in front of the Worker in workerd,
 * with the stand-in for iClosed behind it. Ends when no Lead has anything left to do. Returns the evidence; judging it is for
 * `test/simulation/judge.ts`.
 */
import { createHash } from 'node:crypto';
import type { Arrival } from '../simulation/crowd.ts';
import type { Evidence } from '../simulation/judge.ts';
import { type Visit, Visitor, type VisitorWorld } from '../simulation/visitor.ts';
import { SIGNING_KEYS } from '../stack.ts';
import { defaultSettings } from '../standin/default-settings.ts';
import { seededRandom } from '../standin/random.ts';
import { type Standin, startStandin } from '../standin/server.ts';
import type { LedgerEntry } from '../standin/ledger.ts';
import { mergeSettings, type SettingsPatch } from '../standin/settings.ts';
import { type Control, Deployment } from './deployment.ts';
import { Door, PAGE_ORIGIN } from './door.ts';
import { realClock } from './real-clock.ts';
import { Witness } from './witness.ts';

export const KEYS = ['iclosed_soak_current_0001', 'iclosed_soak_next_0002'] as const;
/** A pace that nobody notices: what the pacing does is tried in virtual time, here it would only take long. */
export const UNPACED = { points: 5_000, windowSeconds: 1 };

export interface SoakOptions {
  seed: number;
  arrivals: readonly Arrival[];
  standin?: SettingsPatch;
  hasNextKey?: boolean;
  control?: Control;
  lossShare?: number;
  patienceMs?: number;
  watchesMs?: number;
  /** Runs on so long after the last visit at most. */
  settleWithinMs?: number;
  /** Goes on beside the visitors: outages, crashes, keys revoked; the run ends only after it has. */
  plan?(soak: Soak): Promise<void>;
}

export interface Soak {
  deployment: Deployment;
  standin: Standin;
  witness: Witness;
}

export interface SoakRun extends Evidence {
  visits: Visit[];
  /** Leads that still had something to do soon in the end. */
  unfinished: string[];
  logged: ReadonlyMap<string, number>;
  /** Calls that iClosed answered without a fault and in time, and that the Worker did not hear: the machine was too busy. */
  missed: LedgerEntry[];
  starts: number;
}

const MINUTE_MS = 60_000;
const LOOK_EVERY_MS = 250;

export async function runSoak(options: SoakOptions): Promise<SoakRun> {
  const { seed, arrivals, standin: patch = {}, control, settleWithinMs = 20 * MINUTE_MS } = options;
  let aheadMs = 0;
  const limit = { ...UNPACED, enforced: false };
  const settings = mergeSettings(mergeSettings(defaultSettings, patch), { keys: [...KEYS], limit });
  const standin = await startStandin({ seed, settings, now: () => Date.now() + aheadMs });
  const witness = new Witness();
  const deployment = await Deployment.start({
    vars: varsFor(standin, options.hasNextKey ?? false),
    hears: witness.hears,
    ...(control ? { control } : {}),
  });
  try {
    await knowEvents(deployment, arrivals);
    const visitors = arrivals.map((arrival, index) => visitorOf(arrival, index, options, deployment));
    const visits = visitors.map((visitor, index) => come(visitor, arrivals[index]?.afterMs ?? 0));
    await Promise.all([...visits, options.plan?.({ deployment, standin, witness })]);
    const end = Date.now() + settleWithinMs;
    while (witness.busy.length > 0 && Date.now() < end) await realClock.sleep(LOOK_EVERY_MS);
    // What iClosed still commits late is judged too.
    aheadMs = MINUTE_MS;
    standin.model.advance();
    const sent = standin.ledger.entries.map((entry) => ({
      sender: entry.headers['x-soak-sender'] ?? 'event',
      at: Number(entry.headers['x-soak-at']),
      entry,
    }));
    return {
      model: standin.model,
      sent,
      chronicle: witness.chronicle,
      visits: visitors.map(({ visit }) => visit),
      unfinished: witness.busy,
      logged: witness.logged,
      missed: standin.ledger.entries.filter(
        ({ fault, headers }) => fault === null && witness.unheard.has(headers['x-soak-call'] ?? ''),
      ),
      starts: deployment.starts,
    };
  } finally {
    await deployment.close();
    await standin.close();
  }
}

/** Somebody has been there before: the events are described, so that an outage does not meet an empty Worker. */
async function knowEvents(deployment: Deployment, arrivals: readonly Arrival[]): Promise<void> {
  for (const event of new Set(arrivals.map(({ habits }) => habits.event))) {
    const door = new Door(() => deployment.url, '2001:db8:ffff:1::7');
    while (!(await door.open(event).catch(() => undefined))) await realClock.sleep(LOOK_EVERY_MS);
  }
}

/** The same attempt in every run: a UUID, as browsers make them. */
export function attemptOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** What one visitor draws by himself, in either world. */
export function randomOf(name: string): () => number {
  return seededRandom(createHash('sha256').update(name).digest().readUInt32BE());
}

async function come(visitor: Visitor, afterMs: number): Promise<void> {
  await realClock.sleep(afterMs);
  await visitor.run();
}

function visitorOf({ name, habits }: Arrival, index: number, options: SoakOptions, deployment: Deployment): Visitor {
  const door = new Door(() => deployment.url, `2001:db8:${(index + 1).toString(16)}:1::7`);
  const world: VisitorWorld = {
    clock: realClock,
    random: randomOf(name),
    open: async (event) => {
      const opened = await door.open(event);
      if (opened) visitor.visit.leadId = opened.leadId;
      return opened?.questions;
    },
    step: (_, request) => door.step(request),
    lossShare: options.lossShare ?? 0.02,
    patienceMs: options.patienceMs ?? 2 * MINUTE_MS,
    watchesMs: options.watchesMs ?? 5 * MINUTE_MS,
  };
  const visitor = new Visitor(world, habits, attemptOf(name));
  return visitor;
}

function varsFor(standin: Standin, hasNextKey: boolean): Record<string, string> {
  return {
    ICLOSED_API_URL: standin.url,
    ICLOSED_RATE: `${UNPACED.points}/${UNPACED.windowSeconds}s`,
    ALLOWED_ORIGINS: JSON.stringify([PAGE_ORIGIN]),
    ICLOSED_API_KEY: KEYS[0],
    ...(hasNextKey ? { ICLOSED_API_KEY_NEXT: KEYS[1] } : {}),
    SIGNING_KEYS,
  };
}
