/**
 * P2, P3 and P5 for calls that are moved and cancelled, under the fault mix and with crashes: some in two windows at once, some again and again, some pressing
 * twice or leaving at once. Control: an answer that never came is taken for "nothing was done".
 */
import type { Outcome, Urgency } from '../../../worker/gate/through.ts';
import type { UpstreamCall } from '../../../worker/iclosed/request.ts';
import { type Random, seededRandom } from '../../standin/random.ts';
import { type CrowdRun, runCrowd } from '../crowd.ts';
import type { Ask } from '../edge.ts';
import { faultMix } from '../fault-mix.ts';
import { doublesOf } from '../judge.ts';
import { Line } from '../line.ts';
import { Manager, type Press, type Wish } from '../manager.ts';
import { planCrashes } from './crashes.ts';
import { percent, type Row, seedList, type Size, tally } from '../verdict.ts';
import type { Visit, VisitorWorld } from '../visitor.ts';

/** In the second account of the short run, and in three of the full one, iClosed ignores what a search asks for. */
const SIZES = {
  full: { firstSeed: 5_001, accounts: 20, visitors: 300, controlAccounts: 6 },
  short: { firstSeed: 5_013, accounts: 2, visitors: 60, controlAccounts: 1 },
};
/** Silence is rarely followed by another wish at the wrong moment: fewer would not show it. */
const CONTROL = { firstSeed: 5_002, visitors: 300 };
/** Each visitor makes some ten calls more than one who only books. */
const ARRIVALS_A_SECOND = 0.12;
const SECOND_WINDOW_SHARE = 0.15;
/** An object is evicted this often, in one case of ten the whole runtime is killed. */
const CRASH_EVERY_MS = 10_000;

/** A call that is where it is from then on; `cancelled` in place of an instant. */
interface Place {
  from: number;
  value: Press['wanted'];
}

interface Tally {
  managed: number;
  doubles: number;
  untrue: string[];
  presses: Press[];
  /** How the wishes ended of those who stayed and had one window only. */
  ends: string[];
}

export async function measureChanges(size: Size): Promise<Row[]> {
  const { firstSeed, accounts, visitors, controlAccounts } = SIZES[size];
  const kept = await changes({ firstSeed, accounts, visitors });
  const naive = await changes({ ...CONTROL, accounts: controlAccounts }, silenceIsNothing);
  const done = kept.ends.filter((end) => end === 'done').length;
  const told = (what: string) => kept.presses.filter((press) => press.told?.what === what).length;
  return [
    {
      promise: 'P2',
      what: `${accounts * visitors} visitors who move and cancel, some in two windows, fault mix, an eviction or kill every ${CRASH_EVERY_MS / 1_000} s, ${seedList(firstSeed, accounts)}`,
      figure: {
        wanted: '0 doubles, 0 told wrongly',
        measured: `${kept.doubles} doubles, ${kept.untrue.length} told wrongly of ${kept.presses.length} presses`,
        isMet: kept.doubles === 0 && kept.untrue.length === 0,
      },
      opposite: {
        wanted: '≥ 99 % of the wishes of one window end as wished',
        measured: `${percent(done, kept.ends.length)} of ${kept.ends.length}`,
        isMet: done / kept.ends.length >= 0.99,
      },
      control: {
        wanted: 'silence taken for "nothing was done": told wrongly',
        measured: `${naive.untrue.length} told wrongly of ${naive.presses.length} presses`,
        isMet: naive.untrue.length > 0,
      },
      notes: [
        `${kept.managed} calls; told: done ${told('done')}, refused ${told('refused')}, handed over ${told('handed over')}`,
        `not as wished: ${tally(kept.ends.filter((end) => end !== 'done')) || 'nothing'}`,
        ...kept.untrue.slice(0, 5),
        ...naive.untrue.slice(0, 2).map((each) => `control: ${each}`),
      ],
    },
  ];
}

async function changes(
  { firstSeed, accounts, visitors }: { firstSeed: number; accounts: number; visitors: number },
  askInstead?: typeof silenceIsNothing,
): Promise<Tally> {
  const total: Tally = { managed: 0, doubles: 0, untrue: [], presses: [], ends: [] };
  for (let seed = firstSeed; seed < firstSeed + accounts; seed += 1) {
    const random = seededRandom(seed ^ 0xc4a9);
    const managed: { visit: Visit; managers: Manager[] }[] = [];
    const arriveWithinMs = (visitors / ARRIVALS_A_SECOND) * 1_000;
    const run = await runCrowd({
      seed,
      visitors,
      arriveWithinMs,
      behaviour: 'plain',
      lossShare: 0.02,
      standin: faultMix(seed),
      hasNextKey: true,
      plan: (edge) => planCrashes(edge, seed, arriveWithinMs / CRASH_EVERY_MS, arriveWithinMs),
      ...(askInstead ? { askInstead } : {}),
      afterwards: async (visit, world) => {
        if (visit.end !== 'booked') return;
        const managers = await manage(visit, world, random);
        managed.push({ visit, managers });
      },
    });
    add(total, run, managed);
  }
  return total;
}

/** Everything that is done to one call after its booking. */
async function manage(visit: Visit, world: VisitorWorld, random: Random): Promise<Manager[]> {
  const heard = await new Line(world, visit).ask({ step: 'read', seq: 1 });
  const issuedAt = heard.ok ? heard.manage?.fromSeconds : undefined;
  if (issuedAt === undefined) return [];
  const windows = [{ attempt: visit.attempt, wishes: drawWishes(random) }];
  if (random() < SECOND_WINDOW_SHARE) windows.push({ attempt: `${visit.attempt}-w`, wishes: [drawWish(random)] });
  return Promise.all(
    windows.map(async ({ attempt, wishes }) => {
      const manager = new Manager(world, visit, attempt, issuedAt);
      await manager.run(wishes);
      return manager;
    }),
  );
}

/** One to three; nothing comes after a cancel. */
function drawWishes(random: Random): Wish[] {
  const wishes = Array.from({ length: 1 + Math.floor(random() * 3) }, () => drawWish(random));
  const last = wishes.findIndex(({ kind }) => kind === 'cancel');
  return last < 0 ? wishes : wishes.slice(0, last + 1);
}

function drawWish(random: Random): Wish {
  const chance = (share: number) => random() < share;
  return {
    kind: chance(0.7) ? 'move' : 'cancel',
    afterMs: 1_000 + random() * 30_000,
    taste: random(),
    pressesTwice: chance(0.1),
    looksFirst: chance(0.5),
    leaves: chance(0.04),
  };
}

function add(total: Tally, run: CrowdRun, managed: readonly { visit: Visit; managers: Manager[] }[]): void {
  total.doubles += doublesOf(run).length;
  const places = placesOf(run);
  for (const { visit, managers } of managed) {
    const presses = managers.flatMap((each) => each.presses);
    total.managed += 1;
    total.presses.push(...presses);
    if (managers.length === 1) total.ends.push(...(managers[0]?.ends ?? []).filter((end) => end !== 'left'));
    const history = places.get(visit.leadId) ?? [];
    total.untrue.push(...untrueOf(presses, history).map((why) => `${visit.attempt}: ${why}`));
  }
}

/** Where each Lead's call was from when on, by what iClosed committed; the call that was booked last is the one. */
function placesOf({ sent, model }: CrowdRun): Map<string, Place[]> {
  model.advance();
  const byLead = new Map<string, Place[]>();
  for (const { sender, entry } of sent) {
    if (entry.committedAt === null || entry.callId === null) continue;
    const { dateTime } = entry.body as { dateTime?: string };
    const isCancel = entry.endpoint === 'PUT /v1/eventCalls/cancel';
    if (!isCancel && dateTime === undefined) continue;
    const place: Place = { from: entry.committedAt, value: isCancel ? 'cancelled' : Date.parse(dateTime ?? '') };
    byLead.set(sender, [...(byLead.get(sender) ?? []), place]);
  }
  for (const places of byLead.values()) places.sort((one, other) => one.from - other.from);
  return byLead;
}

/** What was said and the ledger contradicts, then or later. */
function untrueOf(presses: readonly Press[], places: readonly Place[]): string[] {
  const untrue: string[] = [];
  const isAlso = (press: Press, at: number) =>
    presses.some((each) => each !== press && each.wanted === press.wanted && each.pressedAt <= at);
  for (const press of presses) {
    const { wanted, pressedAt, told } = press;
    const there = places.filter(({ value }) => value === wanted);
    if (told?.what === 'done') {
      const isTrue = there.some((place) => {
        const until = places[places.indexOf(place) + 1]?.from ?? Number.POSITIVE_INFINITY;
        return place.from <= told.at && until >= pressedAt;
      });
      if (!isTrue) untrue.push(`told done, but never ${wanted}`);
    }
    if (told?.what === 'refused') {
      // Changed meanwhile may mean: done, and changed again by the other window.
      const since = told.code === 'booking_changed' ? told.at : pressedAt;
      const isThere = places.findLast(({ from }) => from <= told.at)?.value === wanted;
      const after = there.find(({ from }) => from >= since && !isAlso(press, from));
      if (isThere && !isAlso(press, told.at)) untrue.push(`told ${told.code ?? 'refused'}, but it was ${wanted}`);
      if (after) untrue.push(`told ${told.code ?? 'refused'}, but done after ${seconds(after.from - pressedAt)}`);
    }
  }
  const words = presses.filter(({ told }) => told?.what === 'done');
  const last = words.toSorted((one, other) => (one.told?.at ?? 0) - (other.told?.at ?? 0)).at(-1);
  const end = places.at(-1);
  if (!last?.told || !end || end.value === last.wanted || end.from <= last.told.at) return untrue;
  const isOpen = presses.some(({ wanted, told }) => wanted === end.value && (!told || told.what === 'handed over'));
  if (!isOpen) untrue.push(`told done last, but changed ${seconds(end.from - last.told.at)} later`);
  return untrue;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

/** The control: whoever hears nothing believes that nothing was done. */
async function silenceIsNothing(
  ask: Ask,
  call: UpstreamCall,
  urgency: Urgency,
  beforeSend?: () => void,
): Promise<Outcome<unknown>> {
  const outcome = await ask(call, urgency, beforeSend);
  const isChange = call.endpoint === 'PUT /v1/eventCalls/reschedule' || call.endpoint === 'PUT /v1/eventCalls/cancel';
  if (outcome.ok || !outcome.failure || !isChange) return outcome;
  return { ...outcome, failure: { ...outcome.failure, certain: true } };
}
