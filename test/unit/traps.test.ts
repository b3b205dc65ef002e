/**
 * The traps between objects, one test each, on the objects' own kernels in virtual time: the local runtime does not end an object
 * that somebody waits for. The way to iClosed stands in `through.test.ts`, overloaded objects in `copies.test.ts`.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ALARM_RUN_MS, CLAIM_UNSETTLED_MS } from '../../shared/limits.ts';
import { nextDue } from '../../worker/lead/machine.ts';
import { LeadRun } from '../models/lead-run.ts';
import type { Mishap } from '../models/little-iclosed.ts';
import { MINUTE } from './lead-records.ts';

const BOOK = 'POST /v1/eventCalls';
const EMAIL = 'ann@example.com';

/** As far as the calendar; the last of the own times. */
async function toTimes(run: LeadRun, lead = 'one', email = EMAIL): Promise<string> {
  void run.step(lead, { step: 'contact', seq: 1, contact: { name: 'Ann Lee', email } });
  await run.pass(5_000);
  const answered = run.step(lead, { step: 'answers', seq: 1, answers: { size: ['2+'] }, month: '2026-10' });
  await run.pass(5_000);
  const reply = await answered;
  const last = reply?.ok ? reply.state.slots?.slots.at(-1) : undefined;
  assert.ok(last, JSON.stringify(reply));
  return last;
}

const book = (run: LeadRun, startsAt: string, lead = 'one') =>
  run.step(lead, { step: 'book', seq: 1, startsAt, timeZone: 'UTC' });
const bookingOf = (run: LeadRun, lead = 'one') => run.lead(lead).stored?.record.booking;
const sends = (run: LeadRun, lead?: string) =>
  run.iclosed.ledger.filter(({ endpoint, sender }) => endpoint === BOOK && (lead === undefined || sender === lead))
    .length;

test('check and claim first, permit last: who may not book costs no permit', async () => {
  const run = new LeadRun();
  await toTimes(run);
  // The gate's next word stays unsaid where nobody asks it.
  run.gate.push({ word: 'busy' });
  void book(run, '2026-10-07T18:00Z');
  await run.pass(5_000);
  assert.equal(bookingOf(run)?.state, 'REJECTED');
  assert.equal(run.gate.length, 1);
  assert.equal(sends(run), 0);
});

const holders: [string, Mishap | 'taken back', boolean][] = [
  ['is on its way', 'timeout', false],
  ['is unclear', 'error', false],
  ['was given up', 'taken back', true],
];
for (const [what, how, isBroken] of holders) {
  test(`the claim of a booking that ${what} ⇒ ${isBroken ? 'broken after its Lead was asked' : 'not broken'}`, async () => {
    const run = new LeadRun();
    const startsAt = await toTimes(run);
    await toTimes(run, 'two');
    if (how === 'taken back') run.gate.push({ word: 'busy' });
    else for (let times = 0; times < 2; times += 1) run.iclosed.script.push({ endpoint: BOOK, mishap: how });
    // Searches prove nothing, so that what is unclear stays unclear.
    run.iclosed.ignoresFilter = true;
    void book(run, startsAt);
    await run.pass(how === 'timeout' ? 1_000 : 4_000);
    // The Event forgets its promises, not its rows; the Lead is lost as it stands.
    run.event.evict();
    run.evict('one');
    await run.pass(how === 'timeout' ? 100 : CLAIM_UNSETTLED_MS);
    const other = book(
      run,
      run.iclosed.open('3', 6).map((each) => `${new Date(each).toISOString().slice(0, 16)}Z`)[2] ?? '',
      'two',
    );
    await run.pass(15_000);
    const reply = await other;
    assert.equal(sends(run, 'two'), isBroken ? 1 : 0, JSON.stringify(reply));
    if (!isBroken) assert.equal(reply?.ok === false && reply.code, 'busy');
  });
}

test('an alarm while a request drives ⇒ one driver, one call of each kind', async () => {
  const run = new LeadRun();
  const startsAt = await toTimes(run);
  run.iclosed.script.push({ endpoint: BOOK, mishap: 'slow' });
  void book(run, startsAt);
  for (let times = 0; times < 5; times += 1) {
    void run.lead('one').ring();
    run.wake('one');
    await run.pass(700);
  }
  await run.pass(10_000);
  assert.equal(bookingOf(run)?.state, 'CONFIRMED');
  assert.equal(sends(run), 1);
  assert.equal(run.iclosed.ledger.filter(({ endpoint }) => endpoint === 'POST /v1/contacts').length, 1);
});

test('evicted after the send was written ⇒ the alarm that was written with it looks for the call', async () => {
  const run = new LeadRun();
  const startsAt = await toTimes(run);
  run.iclosed.script.push({ endpoint: BOOK, mishap: 'timeout_after' });
  void book(run, startsAt);
  await run.pass(500);
  assert.equal(bookingOf(run)?.state, 'SENT');
  run.evict('one');
  assert.ok(run.lead('one').isArmed);
  await run.pass(MINUTE);
  assert.equal(bookingOf(run)?.state, 'CONFIRMED');
  assert.equal(sends(run), 1);
});

test('“your turn” ⇒ answered at once, while iClosed hangs', async () => {
  const run = new LeadRun();
  run.iclosed.isAway = true;
  void run.step('one', { step: 'contact', seq: 1, contact: { name: 'Ann Lee', email: EMAIL } });
  await run.pass(20_000);
  const before = run.now;
  await run.lead('one').wake();
  assert.equal(run.now, before);
});

test('an alarm whose work takes long ⇒ ends within 25 s, the work goes on, and the next alarm stands', async () => {
  const run = new LeadRun({
    lead: (surroundings) => ({
      ...surroundings,
      askAs: (life) => {
        const ask = surroundings.askAs(life);
        return async (...given) => {
          await surroundings.clock.sleep(14_000);
          return ask(...given);
        };
      },
    }),
  });
  void run.step('one', { step: 'contact', seq: 1, contact: { name: 'Ann Lee', email: EMAIL } });
  void run.step('one', { step: 'answers', seq: 1, answers: { size: ['1'] } });
  await run.pass(0);
  run.evict('one');
  const began = run.now;
  let endedAt: number | undefined;
  void run
    .lead('one')
    .ring()
    .then(() => {
      endedAt = run.now;
    });
  await run.pass(MINUTE);
  assert.equal(endedAt, began + ALARM_RUN_MS);
  assert.equal(run.lead('one').stored?.record.answers?.settledSeq, 1);
});

test('an alarm whose work fails ⇒ does not fail itself, and stands again', async () => {
  const run = new LeadRun({
    lead: (surroundings) => ({
      ...surroundings,
      log: () => undefined,
      askAs: () => () => Promise.reject(new Error('bug')),
    }),
  });
  void run.step('one', { step: 'contact', seq: 1, contact: { name: 'Ann Lee', email: EMAIL } });
  await run.pass(100);
  for (let times = 0; times < 8; times += 1) {
    await run.lead('one').ring();
    assert.ok(run.lead('one').isArmed);
  }
  assert.ok(Number.isFinite(nextDue(run.lead('one').stored?.record ?? assert.fail())));
});
