/**
 * P10: two hundred visitors behind one address while somebody there floods, with his own ticket or with ever new ones, and some
 * visitors elsewhere. Every lead of the flooder goes as far as the calendar. Controls: the order of old, by which every
 * request answers to its address first, and tickets that cost nothing.
 */
import { CROWD_WORK_BITS, URGENT_LEADS } from '../../../shared/limits.ts';
import { type Random, seededRandom } from '../../standin/random.ts';
import { type DoorRules, DoorHost, type Guest } from '../door-host.ts';
import { Edge, STARTS_AT } from '../edge.ts';
import { type Habits, personOf, plainHabits } from '../habits.ts';
import { type Row, type Size, tally } from '../verdict.ts';
import { type Visit, Visitor, type VisitorWorld } from '../visitor.ts';

const SEED = 10_001;
const MINUTE_MS = 60_000;
const OFFICE = '203.0.113.7';
/** Bits are tried at these speeds: a middling phone and a desktop that give the page its turns, and a flooder's eight cores. */
const PHONE = 230_000;
const DESKTOP = 1_000_000;
const FLOODER: Guest = { address: OFFICE, hashesPerSecond: 12_000_000 };
/** So that no core is ever idle. */
const PROOFS_BEGUN_AT_ONCE = 8;
const WITHIN_MS = 10 * MINUTE_MS;
/** All at once at the beginning of each second, so that of a window of the address nothing is left to anybody else. */
const REQUESTS_A_SECOND = 300;
const SIZES = { full: { office: 200, elsewhere: 50 }, short: { office: 40, elsewhere: 10 } };

interface Fresh {
  ticketsASecond: number;
  makesLeads: boolean;
}
type Flood = 'own ticket' | Fresh;

interface Ground {
  clock: Edge['clock'];
  door: DoorHost;
  world: VisitorWorld;
  random: Random;
  flooders: Visit[];
  isOver(): boolean;
}

interface Outcome {
  office: Visit[];
  elsewhere: Visit[];
  /** Begun before the flood. */
  running: Visit[];
  flooders: Visit[];
  minutes: number;
  counts: string;
}

export async function measureFairness(size: Size): Promise<Row[]> {
  const now: DoorRules = { isAddressFirst: false, hasStepUp: true };
  const own = await flooded(size, 'own ticket', now);
  const ownOfOld = await flooded(size, 'own ticket', { isAddressFirst: true, hasStepUp: false });
  const fresh = await flooded(size, { ticketsASecond: REQUESTS_A_SECOND, makesLeads: true }, now);
  // Already the reads stop the office.
  const reads = { ticketsASecond: REQUESTS_A_SECOND, makesLeads: false };
  const freshOfOld = await flooded(size, reads, { isAddressFirst: true, hasStepUp: false });
  const leads = { ticketsASecond: 20, makesLeads: true };
  // Makes more leads than a suite has time for.
  const freshFree =
    size === 'full' ? await flooded(size, leads, { isAddressFirst: false, hasStepUp: false }) : undefined;
  const { office } = SIZES[size];
  const budget = URGENT_LEADS + (1.1 * 60 * FLOODER.hashesPerSecond) / 2 ** CROWD_WORK_BITS;
  const enough = Math.floor(office * 0.95);
  const fails = (wanted: string, { office: visits }: Outcome) => ({
    wanted,
    measured: `${finished(visits)} of ${visits.length}`,
    isMet: finished(visits) < enough,
  });
  return [
    {
      promise: 'P10',
      what: `${office} behind one address in ${(arriveWithinMs(size) / MINUTE_MS).toFixed(1)} min, one more floods with his own ticket, ${REQUESTS_A_SECOND} requests a second, seed ${SEED}`,
      figure: {
        wanted: `${office} of ${office} finish within 10 min`,
        measured: `${finished(own.office)}; slowest ${slowest(own.office)}`,
        isMet: finished(own.office) === office,
      },
      opposite: elsewhereOf(own),
      control: fails('the address first: the office is stopped', ownOfOld),
      notes: notesOf(own),
    },
    {
      promise: 'P10',
      what: `the same with ever new tickets, ${REQUESTS_A_SECOND} a second, and ${FLOODER.hashesPerSecond / 1e6} million hashes a second`,
      figure: {
        wanted: `≥ ${enough} of ${office} finish within 10 min; all ${fresh.running.length} running ones`,
        measured: `${finished(fresh.office)}, ${finished(fresh.running)} of the running; slowest ${slowest(fresh.office)}`,
        isMet: finished(fresh.office) >= enough && finished(fresh.running) === fresh.running.length,
      },
      opposite: elsewhereOf(fresh),
      control: fails('the address first: the office is stopped', freshOfOld),
      notes: notesOf(fresh),
    },
    {
      promise: 'P10',
      what: 'the flooder of ever new tickets, held to what they cost',
      figure: {
        wanted: `at most ${budget.toFixed(0)} leads a minute: ${URGENT_LEADS} and what his cores can pay for`,
        measured: `${(leadsOf(fresh) / fresh.minutes).toFixed(0)} a minute`,
        isMet: leadsOf(fresh) / fresh.minutes <= budget,
      },
      ...(freshFree ? { control: laneTaken(freshFree, enough) } : {}),
    },
  ];
}

/** Fifty a minute. */
function arriveWithinMs(size: Size): number {
  return (SIZES[size].office / 50) * MINUTE_MS;
}

function leadsOf({ flooders }: Outcome): number {
  return flooders.filter(({ toldSafe }) => toldSafe.length > 0).length;
}

function laneTaken(outcome: Outcome, enough: number) {
  const { office, minutes } = outcome;
  return {
    wanted: 'tickets that cost nothing: he takes the contact lane',
    measured: `${(leadsOf(outcome) / minutes).toFixed(0)} a minute; ${finished(office)} of ${office.length} finish`,
    isMet: finished(office) < enough,
  };
}

function elsewhereOf({ elsewhere }: Outcome) {
  return {
    wanted: 'visitors at other addresses notice nothing',
    measured: `${finished(elsewhere)} of ${elsewhere.length}; slowest ${slowest(elsewhere)}`,
    isMet: finished(elsewhere) === elsewhere.length,
  };
}

function finished(visits: readonly Visit[]): number {
  return visits.filter((visit) => tookMs(visit) <= WITHIN_MS).length;
}

function tookMs({ end, beganAt, endedAt }: Visit): number {
  return end === 'booked' && endedAt !== undefined ? endedAt - beganAt : Number.POSITIVE_INFINITY;
}

function slowest(visits: readonly Visit[]): string {
  return `${(Math.max(...visits.map(tookMs)) / MINUTE_MS).toFixed(1)} min`;
}

function notesOf({ office, flooders, counts }: Outcome): string[] {
  const ends = (visits: readonly Visit[]) => tally(visits.map(({ end }) => JSON.stringify(end ?? 'under way')));
  return [`office: ${ends(office)}`, `flooder: ${ends(flooders)}`, `at the door: ${counts}`];
}

async function flooded(size: Size, flood: Flood, rules: DoorRules): Promise<Outcome> {
  const { office, elsewhere } = SIZES[size];
  const edge = new Edge({ seed: SEED });
  const random = seededRandom(SEED);
  const door = new DoorHost(edge, seededRandom(SEED ^ 0xd00), rules);
  const world: VisitorWorld = {
    clock: edge.clock,
    random,
    open: async (event) => {
      const described = await edge.describe(event);
      return described.ok ? described.description.public.questions.map(({ id }) => id) : undefined;
    },
    step: () => Promise.reject(new Error('a step past the door')),
    lossShare: 0,
    patienceMs: WITHIN_MS,
    watchesMs: WITHIN_MS,
  };
  const withinMs = arriveWithinMs(size);
  const floodAt = withinMs / 4;
  const outcome: Outcome = { office: [], elsewhere: [], running: [], flooders: [], minutes: 0, counts: '' };
  const running: Promise<unknown>[] = [];
  let number = 0;
  const come = (guest: Guest, list: Visit[], atMs: number, habits: Habits, typesMs: number) => {
    const attempt = `${SEED}-${(number += 1)}`;
    const own = door.worldOf(world, guest, `lead-${attempt}`, { typesMs });
    const visitor = new Visitor(own, habits, attempt);
    list.push(visitor.visit);
    running.push(edge.clock.sleep(STARTS_AT + atMs - edge.clock.now()).then(() => visitor.run()));
    return visitor.visit;
  };
  const honest = (address: string, list: Visit[], count: number) => {
    for (let index = 0; index < count; index += 1) {
      const hashesPerSecond = index % 2 === 0 ? PHONE : DESKTOP;
      const atMs = ((index + random()) / count) * withinMs;
      const guest = { address: address || `198.51.100.${index % 250}`, hashesPerSecond };
      const visit = come(guest, list, atMs, plainHabits(random, number + 1), 10_000 + random() * 30_000);
      if (list === outcome.office && atMs < floodAt) outcome.running.push(visit);
    }
  };
  honest(OFFICE, outcome.office, office);
  honest('', outcome.elsewhere, elsewhere);
  const until = STARTS_AT + withinMs + WITHIN_MS;
  let isOver = false;
  const ground = {
    clock: edge.clock,
    door,
    world,
    random,
    flooders: outcome.flooders,
    isOver: () => isOver,
  };
  void edge.clock
    .sleep(floodAt)
    .then(() => (flood === 'own ticket' ? floodWithOne(ground) : floodWithMany(ground, flood)));
  const honestVisits = [...outcome.office, ...outcome.elsewhere];
  while (edge.clock.now() < until && honestVisits.some(({ end }) => end === undefined)) {
    await edge.clock.runUntil(edge.clock.now() + 10_000);
  }
  isOver = true;
  outcome.minutes = (edge.clock.now() - STARTS_AT - floodAt) / MINUTE_MS;
  outcome.counts = [...door.counts]
    .filter(([address]) => address === OFFICE)
    .map(([, each]) => JSON.stringify(each))
    .join();
  return outcome;
}

/** One visitor who corrects his contact and his answers, reads, and asks for times without pause. */
async function floodWithOne({ clock, door, world, isOver }: Ground): Promise<void> {
  const leadId = 'lead-flooder';
  const own = door.worldOf(world, FLOODER, leadId, {});
  const event = 'acme/discovery-call';
  await own.open(event);
  await own.prove?.();
  const answers = { 'company-size': ['11-50'], 'monthly-revenue': ['$5k – $20k'] };
  const month = new Date(clock.now()).toISOString().slice(0, 7);
  for (let seq = 1; !isOver(); seq += 1) {
    const base = { v: 1, event, ticket: '', attempt: 'flooder', seq: Math.ceil(seq / 5) } as const;
    const contact = { ...personOf(900_000), last_name: `Flood ${seq}` };
    void own.step(leadId, { ...base, step: 'contact', contact });
    void own.step(leadId, { ...base, step: 'answers', answers: { ...answers, goals: seq % 2 ? ['More leads'] : [] } });
    void own.step(leadId, { ...base, step: 'slots', month });
    void own.step(leadId, { ...base, step: 'read' });
    void own.step(leadId, { ...base, step: 'read' });
    if (seq % (REQUESTS_A_SECOND / 5) === 0) await clock.sleep(1_000);
  }
}

/** Takes tickets without pause; every free one becomes a lead at once, and all his cores work on the next of the others. */
async function floodWithMany(ground: Ground, { ticketsASecond, makesLeads }: Fresh): Promise<void> {
  const { clock, door, world, random, flooders, isOver } = ground;
  let cores = Promise.resolve();
  let inWork = 0;
  for (let count = 1; !isOver(); count += 1) {
    const leadId = `lead-flood-${count}`;
    const ticket = door.ticket(FLOODER, leadId);
    if (ticket && makesLeads && (ticket.isProven || inWork < PROOFS_BEGUN_AT_ONCE)) {
      const work = () => (cores = cores.then(() => door.work(ticket, FLOODER)));
      const habits = { ...plainHabits(random, 1_000_000 + count), thinksMs: 0, leavesAt: 'times' as const };
      const own = door.worldOf(world, FLOODER, leadId, { ticket, work });
      if (!ticket.isProven) inWork += 1;
      const step: VisitorWorld['step'] = async (id, request) => {
        const needed = !ticket.isProven;
        const reply = await own.step(id, request);
        if (needed && ticket.isProven) inWork -= 1;
        return reply;
      };
      const visitor = new Visitor({ ...own, step }, habits, `flood-${count}`);
      void visitor.run();
      flooders.push(visitor.visit);
    }
    if (count % ticketsASecond === 0) await clock.sleep(1_000);
  }
}
