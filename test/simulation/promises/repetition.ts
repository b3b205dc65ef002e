/**
 * P4, its virtual part: the same request fifty times at once, again after it finished, and with another payload, for each step.
 * Control: fifty attempts of strangers, so that the harness is seen to count.
 */
import type { LeadRequest } from '../../../shared/protocol.ts';
import type { LeadReply } from '../../../worker/lead/steps.ts';
import { Edge } from '../edge.ts';
import { calm } from '../fault-mix.ts';
import { personOf } from '../habits.ts';
import { type Row, type Size, tally } from '../verdict.ts';

const SEED = 4_001;
const AT_ONCE = 50;
const EVENT = 'acme/email-only';
const RATE = { points: 1_000, windowSeconds: 1 };
const MINUTE_MS = 60_000;

export async function measureRepetition(_size: Size): Promise<Row[]> {
  const edge = new Edge({ seed: SEED, rate: RATE, standin: calm });
  const { clock, model } = edge;
  const send = (fields: object, attempt = 'only') =>
    edge.step(`lead-${attempt}`, { v: 1, event: EVENT, ticket: '', attempt, ...fields } as LeadRequest);
  const through = <T>(promise: Promise<T>) => clock.runThrough(promise, 5 * MINUTE_MS);
  const fifty = (fields: object) => through(Promise.all(Array.from({ length: AT_ONCE }, () => send(fields))));
  const count = (endpoint: string) => model.ledger.requests(endpoint).length;
  const faults: string[] = [];
  const expect = (what: string, isSo: boolean) => {
    if (!isSo) faults.push(what);
  };

  const contact = { step: 'contact', seq: 1, contact: personOf(1) };
  expect('50 contacts are answered', (await fifty(contact)).every(isOk));
  // Another address under the same key, before and after it was delivered.
  const other = { ...contact, contact: personOf(2) };
  const early = await through(send(other));
  expect(
    `another contact at once: attempt_conflict, not ${codeOf(early)}`,
    ['attempt_conflict', 'attempt_settled'].includes(codeOf(early)),
  );
  await clock.runUntil(clock.now() + MINUTE_MS);
  expect('50 contacts, one call', count('POST /v1/contacts') === 1);
  expect('the same contact again is replayed', isOk(await through(send(contact))));
  expect('another contact later: attempt_settled', codeOf(await through(send(other))) === 'attempt_settled');

  const answers = { step: 'answers', seq: 1, answers: {} };
  expect('50 answers are answered alike', allAlike(await fifty(answers)));
  expect('50 answers, one call', count('POST /v1/fields/inviteeAnswers') === 1);
  expect('the same answers again are replayed', isOk(await through(send(answers))));

  const page = await through(send({ step: 'slots', seq: 1, month: '2026-10' }));
  const [first = '', second = ''] = (page.ok ? page.state.slots?.slots : undefined) ?? [];
  const book = { step: 'book', seq: 1, startsAt: first, timeZone: 'UTC' };
  const booking = Promise.all(Array.from({ length: AT_ONCE }, () => send(book)));
  await clock.runUntil(clock.now() + 50);
  const during = await through(send({ ...book, startsAt: second }));
  expect(`another time meanwhile: attempt_conflict, not ${codeOf(during)}`, codeOf(during) === 'attempt_conflict');
  const booked = await through(booking);
  expect(
    '50 bookings: 50 × 201',
    booked.every((each) => each.ok && each.status === 201),
  );
  expect('50 bookings are answered alike', allAlike(booked));
  const replayed = await through(send(book));
  expect('the same booking again is replayed', replayed.ok && replayed.status === 201);
  expect(
    'another time later: attempt_settled',
    codeOf(await through(send({ ...book, startsAt: second }))) === 'attempt_settled',
  );
  await clock.runUntil(clock.now() + MINUTE_MS);
  const calls = count('POST /v1/eventCalls');
  const contacts = count('POST /v1/contacts');
  const inserts = count('POST /v1/fields/inviteeAnswers');
  expect('50 bookings, one call', calls === 1);

  // The control: nothing in common, so nothing is joined.
  const strangers = Array.from({ length: AT_ONCE }, (_, index) =>
    send({ step: 'contact', seq: 1, contact: personOf(100 + index) }, `stranger-${index}`),
  );
  await through(Promise.all(strangers));
  await clock.runUntil(clock.now() + MINUTE_MS);
  const ofStrangers = count('POST /v1/contacts') - contacts;
  return [
    {
      promise: 'P4',
      what: `contact, answers and book: ${AT_ONCE} at once, again afterwards, and with another payload, seed ${SEED}`,
      figure: {
        wanted: 'one call each; replay, join, 409 or 422',
        measured: `${contacts}, ${inserts}, ${calls} calls; ${faults.length} wrong answers`,
        isMet: contacts === 1 && inserts === 1 && calls === 1 && faults.length === 0,
      },
      control: {
        wanted: `${AT_ONCE} different attempts: ${AT_ONCE} calls`,
        measured: `${ofStrangers}`,
        isMet: ofStrangers === AT_ONCE,
      },
      notes: faults.length > 0 ? [tally(faults)] : [],
    },
  ];
}

function isOk(reply: LeadReply): boolean {
  return reply.ok;
}

function codeOf(reply: LeadReply): string {
  return reply.ok ? `${reply.status}` : reply.code;
}

function allAlike(replies: readonly LeadReply[]): boolean {
  return new Set(replies.map((each) => JSON.stringify(each))).size === 1;
}
