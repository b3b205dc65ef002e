/**
 * Commands that visitors, iClosed and the runtime could give a Lead, drawn by fast-check: steps with any number and payload in any
 * order, twins, mishaps of every kind, evictions at any await, alarms, wakes, jumps of the clock. After the last one iClosed is
 * well again: everything must come to an end, and an honest visitor who comes then must be booked.
 */
import fc from 'fast-check';
import type { Endpoint } from '../../worker/iclosed/request.ts';
import { BrokenRule } from './lead-book.ts';
import { type GateWord, type LeadMutation, LeadRun } from './lead-run.ts';
import { MISHAPS, SIZES } from './little-iclosed.ts';

export type LeadCommand = fc.AsyncCommand<object, LeadRun>;

const NAMES = ['one', 'two'];
const ENDPOINTS: readonly (Endpoint | undefined)[] = [
  undefined,
  'POST /v1/contacts',
  'POST /v1/fields/inviteeAnswers',
  'POST /v1/events/eventDates',
  'POST /v1/eventCalls',
  'POST /v1/eventCalls',
  'GET /v1/eventCalls',
];
const MONTH = '2026-10';
/** Longer than the Worker lets anybody wait. */
const WAIT_MS = 20_000;

const command = (name: string, run: (world: LeadRun) => Promise<void> | void): LeadCommand => ({
  check: () => true,
  run: async (_model, world) => {
    await run(world);
    await world.pass(0);
  },
  toString: () => name,
});

const name = fc.constantFrom(...NAMES);
const seq = fc.constantFrom(1, 1, 2, 3);
/** How long the visitor looks before anything else happens; 0: not at all. */
const looks = fc.constantFrom(0, 0, 1, 8, 40, 3_000, WAIT_MS, WAIT_MS);

const contacts = fc
  .record({
    lead: name,
    seq,
    email: fc.constantFrom('ann@example.com', 'ann@example.com', 'bob@example.com', 'no'),
    looks,
  })
  .map((each) =>
    command(`${each.lead} contact ${each.seq} ${each.email} +${each.looks}`, (world) => {
      void world.step(each.lead, { step: 'contact', seq: each.seq, contact: { name: 'Ann Lee', email: each.email } });
      return world.pass(each.looks);
    }),
  );

const GIVEN: readonly Record<string, string[]>[] = [
  ...SIZES.map((size) => ({ size: [size] })),
  {},
  { size: ['1000'] },
  { size: ['1'], other: ['x'] },
  { size: ['1', '2+'] },
];
const answers = fc
  .record({ lead: name, seq, given: fc.constantFrom(...GIVEN), hasMonth: fc.boolean(), looks })
  .map(({ lead, given, hasMonth, ...each }) =>
    command(`${lead} answers ${each.seq} ${JSON.stringify(given)} +${each.looks}`, (world) => {
      const month = hasMonth ? { month: MONTH } : {};
      void world.step(lead, { step: 'answers', seq: each.seq, answers: given, ...month });
      return world.pass(each.looks);
    }),
  );

const slots = fc.record({ lead: name, looks }).map((each) =>
  command(`${each.lead} slots +${each.looks}`, (world) => {
    void world.step(each.lead, { step: 'slots', seq: 1, month: MONTH });
    return world.pass(each.looks);
  }),
);

/** Open for these hosts, for anybody, for a host that routing never chooses; a time that does not exist, or is past. */
type Wish = { hosts: string; index: number } | 'odd' | 'past';
const wishes = fc.oneof(
  fc.record({ hosts: fc.constantFrom('', '3', '3,4', '5'), index: fc.nat(9) }),
  fc.constantFrom<Wish>('odd', 'past'),
);
const bookings = fc
  .record({ lead: name, seq, wish: wishes, times: fc.constantFrom(1, 1, 2), looks })
  .map(({ lead, wish, times, ...each }) =>
    command(`${lead} books ${each.seq} ${JSON.stringify(wish)} ×${times} +${each.looks}`, (world) => {
      const startsAt = instantOf(world, wish);
      for (let time = 0; time < times; time += 1)
        void world.step(lead, { step: 'book', seq: each.seq, startsAt, timeZone: 'UTC' });
      return world.pass(each.looks);
    }),
  );

function instantOf(world: LeadRun, wish: Wish): string {
  if (wish === 'odd') return '2026-10-07T10:07Z';
  if (wish === 'past') return '2026-10-04T10:00Z';
  const open = world.iclosed.open(wish.hosts, 7);
  return `${new Date(open[wish.index % Math.max(1, open.length)] ?? 0).toISOString().slice(0, 16)}Z`;
}

/** Whatever an honest visitor would do next, with a number that was not used. */
const goesOn = fc.record({ lead: name, index: fc.nat(9), size: fc.constantFrom('1', '2+', '11+'), looks }).map((each) =>
  command(`${each.lead} goes on +${each.looks}`, async (world) => {
    void honestStep(world, each.lead, each.size, each.index);
    await world.pass(each.looks);
  }),
);

async function honestStep(world: LeadRun, lead: string, size: string, index: number, email = 'ann@example.com') {
  const last = world.lastReply(lead);
  const record = world.leads.get(lead)?.stored?.record;
  if (!record) return world.step(lead, { step: 'contact', seq: 1, contact: { name: 'Ann Lee', email } });
  const next = (row: { seq: number } | undefined) => (row?.seq ?? 0) + 1;
  const isAsked = !record.answers || (last && !last.ok && last.code === 'step_out_of_order');
  if (isAsked)
    return world.step(lead, { step: 'answers', seq: next(record.answers), answers: { size: [size] }, month: MONTH });
  const own = last?.ok ? last.state.slots?.slots : !last?.ok ? last?.slots?.slots : undefined;
  if (own?.length) {
    const startsAt = own[index % own.length] ?? '';
    return world.step(lead, { step: 'book', seq: next(record.booking), startsAt, timeZone: 'UTC' });
  }
  const { booking } = record;
  if (booking && booking.state !== 'REJECTED') {
    const startsAt = `${new Date(booking.startsAt).toISOString().slice(0, 16)}Z`;
    return world.step(lead, { step: 'book', seq: booking.seq, startsAt, timeZone: booking.timeZone });
  }
  return world.step(lead, { step: 'slots', seq: 1, month: MONTH });
}

const STEPS = [
  { step: 'read' },
  { step: 'withdraw' },
  { step: 'withdraw', waiting: 1 },
  { step: 'withdraw', waiting: 2 },
];
const others = fc.record({ lead: name, said: fc.constantFrom(...STEPS), looks }).map((each) =>
  command(`${each.lead} ${JSON.stringify(each.said)}`, (world) => {
    void world.step(each.lead, { ...each.said, seq: 1 });
    return world.pass(each.looks);
  }),
);

const mishaps = fc
  .record({
    endpoint: fc.constantFrom(...ENDPOINTS),
    mishap: fc.constantFrom(...MISHAPS),
    times: fc.constantFrom(1, 1, 2),
  })
  .map(({ times, ...each }) =>
    command(`${times} × ${each.mishap} at ${each.endpoint ?? 'anything'}`, (world) => {
      for (let time = 0; time < times; time += 1) world.iclosed.script.push(each);
    }),
  );

const gateWords = fc
  .record({ word: fc.constantFrom<GateWord>('busy', 'away', 'gone', 'probe'), endpoint: fc.constantFrom(...ENDPOINTS) })
  .map((each) =>
    command(`the gate says ${each.word} to ${each.endpoint ?? 'anything'}`, (world) => void world.gate.push(each)),
  );

const world = fc.oneof(
  fc.boolean().map((isAway) =>
    command(isAway ? 'iClosed goes away' : 'iClosed is back', (run) => {
      run.iclosed.isAway = isAway;
    }),
  ),
  fc.boolean().map((ignores) =>
    command(`searches ${ignores ? 'ignore' : 'heed'} the filter`, (run) => {
      run.iclosed.ignoresFilter = ignores;
    }),
  ),
  fc.nat(20).map((index) =>
    command(`somebody takes time ${index}`, (run) => {
      const startsAt = run.iclosed.open('', 7)[index];
      if (startsAt !== undefined) run.iclosed.occupy(startsAt);
    }),
  ),
);

const runtime = fc.oneof(
  fc
    .record({ lead: name, awaits: fc.nat(12) })
    .map(({ lead, awaits }) => command(`${lead} is evicted after ${awaits} awaits`, (run) => run.doom(lead, awaits))),
  name.map((lead) => command(`${lead} is evicted`, (run) => run.evict(lead))),
  fc.constant(command('the event is evicted', (run) => run.event.evict())),
  name.map((lead) => command(`${lead} is woken`, (run) => run.wake(lead))),
  name.map((lead) =>
    command(
      `the alarm of ${lead} rings`,
      (run) =>
        void run
          .lead(lead)
          .ring()
          .catch(() => undefined),
    ),
  ),
  name.map((lead) =>
    command(
      `the owner retries ${lead}`,
      (run) =>
        void run
          .lead(lead)
          .retry()
          .catch(() => undefined),
    ),
  ),
);

const passes = fc
  .constantFrom(10, 500, 3_000, 20_000, 66_000, 5 * 60_000, 16 * 60_000, 3_600_000, 7 * 3_600_000, 26 * 3_600_000)
  .map((milliseconds) => command(`pass ${milliseconds} ms`, (run) => run.pass(milliseconds)));

const leadCommands = fc.commands(
  [
    goesOn,
    goesOn,
    goesOn,
    goesOn,
    contacts,
    answers,
    answers,
    slots,
    bookings,
    bookings,
    others,
    mishaps,
    mishaps,
    gateWords,
    world,
    runtime,
    passes,
    passes,
  ],
  { maxCommands: 32, size: 'max' },
);

/** What the runs of a property came to. */
export interface LeadTally {
  runs: number;
  /** Runs in which one of the commanded leads was booked. */
  booked: number;
  /** Honest visitors who came afterwards, and how many of them were booked. */
  honest: number;
  honestBooked: number;
  sends: number;
}

export function newTally(): LeadTally {
  return { runs: 0, booked: 0, honest: 0, honestBooked: 0, sends: 0 };
}

/** Every rule holds after every command; everything ends once iClosed is well; whoever is honest is booked then. */
export function leadProperty(mutation: LeadMutation = {}, tally = newTally()) {
  return fc.asyncProperty(leadCommands, async (commands) => {
    const run = new LeadRun(mutation);
    await fc.asyncModelRun(() => ({ model: {}, real: run }), commands);
    await run.recover();
    tally.runs += 1;
    tally.sends += run.iclosed.ledger.filter(({ endpoint }) => endpoint === 'POST /v1/eventCalls').length;
    if (run.iclosed.calls.some(({ sender }) => sender !== 'elsewhere')) tally.booked += 1;
    tally.honest += 1;
    if (!(await isHonestBooked(run)))
      throw new BrokenRule('honest visitors book', JSON.stringify(run.lastReply('honest')));
    tally.honestBooked += 1;
  });
}

async function isHonestBooked(run: LeadRun): Promise<boolean> {
  for (let step = 0; step < 3; step += 1) {
    void honestStep(run, 'honest', '2+', 2, 'honest@example.com');
    await run.pass(WAIT_MS);
  }
  const reply = run.lastReply('honest');
  return reply?.ok === true && reply.state.stage === 'booked';
}
