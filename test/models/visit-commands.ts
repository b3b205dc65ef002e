/**
 * Commands that a visitor, a page, a network and iClosed could give a visit, drawn by fast-check. After the last one everything works
 * again, and the visitor goes on: he must come to an end that is told as it is.
 */
import fc from 'fast-check';
import type { Step } from '../../shared/protocol.ts';
import type { Endpoint } from '../../worker/iclosed/request.ts';
import { stageOf } from '../../worker/lead/view.ts';
import type { GateWord } from './lead-run.ts';
import { MISHAPS, SIZES } from './little-iclosed.ts';
import { BrokenVisitRule } from './visit-book.ts';
import { type PageSteps, TROUBLES, type VisitMutation, VisitRun } from './visit-run.ts';

type VisitCommand = fc.AsyncCommand<object, VisitRun>;

const command = (name: string, run: (visit: VisitRun) => Promise<void> | void): VisitCommand => ({
  check: () => true,
  run: async (_model, visit) => {
    await run(visit);
    await visit.pass(0);
  },
  toString: () => name,
});

/** How long the visitor looks before anything else happens; 0: not at all. */
const looks = fc.constantFrom(0, 0, 10, 30, 60, 1_500, 5_000, 20_000, 20_000);
const after = (name: string, act: (visit: VisitRun) => void) =>
  looks.map((pause) =>
    command(`${name} +${pause}`, (visit) => {
      act(visit);
      return visit.pass(pause);
    }),
  );

const contacts = fc
  .constantFrom('ann@example.com', 'ann@example.com', 'bob@example.com', 'no')
  .chain((email) => after(`types ${email}`, (visit) => visit.type({ name: ['Ann Lee'], email: [email] })));
const answers = fc
  .constantFrom('1', ...SIZES)
  .chain((size) => after(`answers ${size}`, (visit) => visit.type({ size: [size] })));
const mobiles = fc
  .constantFrom('', '+12025550123')
  .chain((mobile) => after(`types ${mobile || 'no number'}`, (visit) => visit.type({ mobile: [mobile] })));
const picks = fc.nat(9).chain((index) => after(`picks ${index}`, (visit) => visit.pick(index)));
/** As far as one gets with a press at each step. */
const forth = fc.record({ size: fc.constantFrom(...SIZES), index: fc.nat(9) }).chain(({ size, index }) =>
  after(`goes on with ${size} and ${index}`, (visit) => {
    const { view, values, masked, pick } = visit.state;
    if (view === 'form') {
      const hasContact = masked || values.email;
      visit.type({
        ...(hasContact ? {} : { name: ['Ann Lee'], email: ['ann@example.com'] }),
        ...(values.size ? {} : { size: [size] }),
      });
      visit.submit();
    } else {
      if (!pick) visit.pick(index);
      visit.confirm();
    }
  }),
);

const presses = fc.oneof(
  after('submits', (visit) => visit.submit()),
  after('confirms', (visit) => visit.confirm()),
  after('leaves the contact', (visit) => visit.leaveContact()),
  after('goes back', (visit) => visit.goBack()),
  after('changes the contact', (visit) => visit.changeContact()),
  after('corrects', (visit) => visit.correct()),
  after('tries again', (visit) => visit.retry()),
);

const page = fc.oneof(
  after('loads the page anew', (visit) => visit.reload()),
  fc
    .boolean()
    .chain((isFirst) =>
      after(isFirst ? 'a copy, then the element goes' : 'the element goes, then a copy', (visit) =>
        visit.remake(isFirst),
      ),
    ),
  after('another widget stands beside', (visit) => visit.standBeside()),
  after('is offline', (visit) => visit.setOnline(false)),
  after('is online', (visit) => visit.setOnline(true)),
  fc
    .constantFrom('Asia/Tokyo', 'America/New_York')
    .chain((zone) => after(`chooses ${zone}`, (visit) => visit.chooseZone(zone))),
);
const rare = fc.oneof(
  after('the ticket expires', (visit) => visit.expireTickets()),
  after('takes the link', (visit) => visit.takeLink()),
  fc.constant(command('is away', (visit) => visit.leave(6 * 60_000))),
  fc.constant(command('waits long', (visit) => visit.pass(2 * 60_000))),
);

const troubles = fc
  .record({
    step: fc.constantFrom<Step | undefined>(
      undefined,
      undefined,
      'contact',
      'answers',
      'slots',
      'book',
      'book',
      'read',
    ),
    trouble: fc.constantFrom(...TROUBLES),
    // Four are as many as the widget tries by itself.
    times: fc.constantFrom(1, 1, 2, 4),
  })
  .map(({ step, trouble, times }) =>
    command(`${times} × ${trouble} at ${step ?? 'anything'}`, (visit) => {
      for (let time = 0; time < times; time += 1) visit.troubles.push({ step, trouble });
    }),
  );
const ENDPOINTS: readonly Endpoint[] = [
  'POST /v1/contacts',
  'PUT /v1/contacts',
  'POST /v1/fields/inviteeAnswers',
  'POST /v1/events/eventDates',
  'POST /v1/eventCalls',
  'POST /v1/eventCalls',
];
const mishaps = fc
  .record({ endpoint: fc.constantFrom(...ENDPOINTS), mishap: fc.constantFrom(...MISHAPS) })
  .map((each) => command(`${each.mishap} at ${each.endpoint}`, (visit) => void visit.worker.iclosed.script.push(each)));
const world = fc.oneof(
  fc
    .record({ word: fc.constantFrom<GateWord>('busy', 'away'), endpoint: fc.constantFrom(...ENDPOINTS) })
    .map((each) =>
      command(`the gate says ${each.word} to ${each.endpoint}`, (visit) => void visit.worker.gate.push(each)),
    ),
  fc.nat(9).map((index) =>
    command(`somebody takes time ${index}`, (visit) => {
      const startsAt = visit.worker.iclosed.open('', 7)[index];
      if (startsAt !== undefined) visit.worker.iclosed.occupy(startsAt);
    }),
  ),
);

const visitCommands = fc.commands(
  [
    forth,
    forth,
    forth,
    forth,
    contacts,
    answers,
    answers,
    mobiles,
    picks,
    picks,
    presses,
    presses,
    presses,
    page,
    page,
    rare,
    troubles,
    troubles,
    mishaps,
    world,
  ],
  { maxCommands: 30, size: 'max' },
);

const pages = fc.record({
  flow: fc.constantFrom('form-first' as const, 'times-first' as const),
  steps: fc.constantFrom<NonNullable<PageSteps['steps']>>([], [['size', 'mobile']], [['size'], ['mobile']]),
});

/** What the runs of a property came to. */
export interface VisitTally {
  runs: number;
  ends: Record<string, number>;
}

export function newTally(): VisitTally {
  return { runs: 0, ends: {} };
}

const ROUNDS_AT_MOST = 24;

export function visitProperty(mutation: VisitMutation = {}, tally = newTally()) {
  return fc.asyncProperty(pages, visitCommands, async (shown, commands) => {
    const visit = new VisitRun(shown, mutation);
    await fc.asyncModelRun(() => ({ model: {}, real: visit }), commands);
    await visit.recover();
    const end = await endOf(visit);
    tally.runs += 1;
    tally.ends[end] = (tally.ends[end] ?? 0) + 1;
    const calls = visit.worker.iclosed.calls.filter(({ sender }) => sender !== 'elsewhere');
    if (calls.length > visit.visits) throw new BrokenVisitRule('one call', JSON.stringify(calls));
  });
}

/** Where the visitor comes to rest; throws where that is not so, or where there is none. */
async function endOf(visit: VisitRun): Promise<string> {
  for (let round = 0; round < ROUNDS_AT_MOST; round += 1) {
    const { view, code, notice, disqualified, booking } = visit.state;
    const { record } = visit;
    const stage = record && stageOf(record);
    if (view === 'booked') {
      const startsAt = Date.parse(booking?.startsAt ?? '');
      if (!visit.worker.iclosed.calls.some((call) => call.startsAt === startsAt && call.sender !== 'elsewhere'))
        throw new BrokenVisitRule('told as it is', `booked at ${booking?.startsAt}, and there is no call`);
      return view;
    }
    // The very call that was booked before.
    if (code === 'already_booked') return code;
    // iClosed takes the contact for wrong and does not say in what: the link is open.
    if (notice?.code === 'contact_refused' && record?.contact.refused) return notice.code;
    const isOver = view === 'safe' || view === 'unclear' || (view === 'disqualified' && !disqualified?.mayCorrect);
    // With an expired ticket nothing is known of what is safe there; a booking that came late is made all the same.
    const isKnown = stage === view || view === 'unclear' || !stage || (visit.cameLate && stage === 'booked');
    if (isOver && isKnown) return view;
    await visit.goOn();
  }
  const { view, goal, ask, notice } = visit.state;
  const record = visit.record;
  throw new BrokenVisitRule(
    'goes on',
    JSON.stringify({ view, goal, ask, notice, stage: record && stageOf(record), booking: record?.booking }),
  );
}
