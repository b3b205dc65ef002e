/**
 * P4: a step repeated, fifty at once, after it finished, or with another payload under the same key makes exactly one call to
 * iClosed; the answers are replay, join, 409 or 422. P2 small: two presses, two tabs, one live call.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Step } from '../../shared/protocol.ts';
import type { Stack } from '../stack.ts';
import {
  assertProblem,
  contactOf,
  monthFromNow,
  PLAIN_ANSWERS,
  person,
  pick,
  type Reply,
  ROUTING_ANSWERS,
  startUnpaced,
  until,
  Visitor,
} from './visitor.ts';

let stack: Stack;
before(async () => {
  stack = await startUnpaced();
});
after(async () => {
  const doubles = stack.standin.ledger.doubles();
  await stack.close();
  assert.deepEqual(doubles, []);
});

/** Calls to the endpoint whose body names this contact, by id or address. */
function calls(endpoint: string, email: string): number {
  const [held] = stack.standin.ledger.contactsOf(email);
  return stack.standin.ledger.requests(endpoint).filter(({ body }) => {
    const sent = body as { contactId?: number; email?: string };
    return sent.email === email || (held !== undefined && sent.contactId === held.id);
  }).length;
}

interface StepCase {
  step: Step;
  endpoint: string;
  /** Brings a visitor to just before the step, and says the step's payload and another one. */
  prepare(
    visitor: Visitor,
    contact: ReturnType<typeof person>,
  ): Promise<[Record<string, unknown>, Record<string, unknown>]>;
}

const CASES: readonly StepCase[] = [
  {
    step: 'contact',
    endpoint: 'POST /v1/contacts',
    async prepare(visitor, contact) {
      await visitor.open();
      return [{ contact }, { contact: { ...contact, last_name: 'Other' } }];
    },
  },
  {
    step: 'answers',
    endpoint: 'POST /v1/fields/inviteeAnswers',
    async prepare(visitor, contact) {
      await visitor.open();
      await visitor.contact(contact);
      return [{ answers: PLAIN_ANSWERS }, { answers: ROUTING_ANSWERS }];
    },
  },
  {
    step: 'book',
    endpoint: 'POST /v1/eventCalls',
    async prepare(visitor, contact) {
      const times = await visitor.toTimes(contact);
      const timeZone = 'Europe/Paris';
      return [
        { startsAt: pick(times), timeZone },
        { startsAt: pick(times), timeZone },
      ];
    },
  },
];

/** A ticket for the booking tells the second in which it was made. */
function withoutTicket(body: Reply['body'] | undefined): unknown {
  return { ...body, ...(body?.booking ? { booking: { ...body.booking, manage: undefined } } : {}) };
}

for (const { step, endpoint, prepare } of CASES) {
  describe(`the step ${step}`, () => {
    const send = (visitor: Visitor, payload: Record<string, unknown>): Promise<Reply> =>
      visitor.send(step, { seq: 1, ...payload });
    const delivered = (email: string) => until(() => calls(endpoint, email) > 0, `${endpoint} for ${email}`);

    test('repeated five times is one call, and every answer is the same', async () => {
      const visitor = new Visitor(stack);
      const contact = person();
      const [payload] = await prepare(visitor, contact);
      const first = await send(visitor, payload);
      assert.ok(first.status < 300, first.text);
      await delivered(contact.email ?? '');
      for (let again = 0; again < 4; again += 1) {
        const reply = await send(visitor, payload);
        assert.equal(reply.status, first.status);
        assert.deepEqual(withoutTicket(reply.body), withoutTicket(first.body));
      }
      assert.equal(calls(endpoint, contact.email ?? ''), 1);
    });

    test('fifty at once is one call; who is not throttled gets the same answer', async () => {
      const visitor = new Visitor(stack);
      const contact = person();
      const [payload] = await prepare(visitor, contact);
      const replies = await Promise.all(Array.from({ length: 50 }, () => send(visitor, payload)));
      const joined = replies.filter(({ code }) => code !== 'throttled');
      assert.ok(joined.length >= 20, `${joined.length} came through the ticket's budget`);
      for (const { body, status, text } of joined) {
        assert.ok(status < 300, text);
        assert.deepEqual(withoutTicket(body), withoutTicket(joined[0]?.body));
      }
      await delivered(contact.email ?? '');
      assert.equal(calls(endpoint, contact.email ?? ''), 1);
    });

    test('with another payload under the same key is 409 while it runs, 422 after, and never sent', async () => {
      const visitor = new Visitor(stack);
      const contact = person();
      const [payload, other] = await prepare(visitor, contact);
      stack.standin.model.queueFault({ kind: 'slow', endpoint, delayMs: 700 });
      const running = send(visitor, payload);
      await delivered(contact.email ?? '');
      assertProblem(await send(visitor, other), 'attempt_conflict', 'while it runs');
      const first = await running;
      assert.ok(first.status < 300, first.text);
      await until(async () => (await send(visitor, other)).code === 'attempt_settled', 'settled');
      assertProblem(await send(visitor, other), 'attempt_settled', 'after it finished');
      const replayed = await send(visitor, payload);
      assert.equal(replayed.status, first.status, 'the first payload still replays');
      assert.equal(calls(endpoint, contact.email ?? ''), 1);
    });
  });
}

test('own slots asked for ten times are one look at iClosed', async () => {
  const visitor = new Visitor(stack);
  await visitor.toTimes(person(), ROUTING_ANSWERS);
  const before = stack.standin.ledger.requests('POST /v1/events/eventDates').length;
  await Promise.all(Array.from({ length: 10 }, () => visitor.slots(monthFromNow(1))));
  assert.equal(stack.standin.ledger.requests('POST /v1/events/eventDates').length, before);
});

test('an attempt that is over starts no second one under its ticket', async () => {
  const visitor = new Visitor(stack);
  const contact = person();
  const booked = await visitor.book(pick(await visitor.toTimes(contact)));
  assert.equal(booked.status, 201);
  assertProblem(await visitor.book(pick(await new Visitor(stack).toTimes())), 'attempt_settled', 'a second time');
  assertProblem(await visitor.answers(ROUTING_ANSWERS), 'attempt_settled', 'other answers');
  assertProblem(await visitor.contact(person()), 'attempt_settled', 'another person');
  visitor.attempt = crypto.randomUUID();
  assertProblem(await visitor.contact(contact), 'ticket_expired', 'another attempt');
  assert.equal(stack.standin.ledger.callsOf(contact.email ?? '').length, 1);
});

describe('two presses and two tabs', () => {
  test('the button pressed twice, the second time with a new number, books once', async () => {
    const visitor = new Visitor(stack);
    const contact = person();
    const startsAt = pick(await visitor.toTimes(contact));
    stack.standin.model.queueFault({ kind: 'slow', endpoint: 'POST /v1/eventCalls', delayMs: 300 });
    const [first, second] = await Promise.all([visitor.book(startsAt), visitor.book(startsAt)]);
    assert.equal(first.status, 201, first.text);
    assert.ok(second.status === 201 || second.code === 'attempt_conflict', second.text);
    assert.equal(calls('POST /v1/eventCalls', contact.email ?? ''), 1);
  });

  for (const same of ['email', 'phone'] as const) {
    test(`two tabs with the same ${same} and the same time at the same moment make one live call`, async () => {
      const one = person();
      const other = same === 'email' ? { ...one } : { ...person(), phone: one.phone ?? '' };
      stack.standin.model.change({ contacts: { upsertConflict: same } });
      const tabs = [new Visitor(stack), new Visitor(stack)] as const;
      const times = await tabs[0].toTimes(one);
      await tabs[1].toTimes(other);
      const startsAt = pick(times);
      const replies = await Promise.all(
        tabs.map((tab) => tab.patiently(() => tab.send('book', { seq: 1, startsAt, timeZone: 'UTC' }))),
      );
      assert.deepEqual(
        replies.map(({ status }) => status).sort((a, b) => a - b),
        [201, 409],
        replies.map(({ text }) => text).join('\n'),
      );
      // Others in this file may have booked the same time.
      const theirs = new Set([one, other].flatMap(({ email }) => stack.standin.ledger.callsOf(email ?? '')));
      assert.equal([...theirs].filter((call) => call.startsAt === Date.parse(startsAt)).length, 1);
      stack.standin.model.change({ contacts: { upsertConflict: 'email' } });
    });
  }

  test('two tabs of one person with two times wait for each other: no second call while the first is unsettled', async () => {
    const contact = person();
    const tabs = [new Visitor(stack), new Visitor(stack)] as const;
    const times = await tabs[0].toTimes(contact);
    await tabs[1].toTimes(contact);
    stack.standin.model.queueFault({ kind: 'slow', endpoint: 'POST /v1/eventCalls', delayMs: 500 });
    const wanted = [pick(times), pick(times)] as const;
    const first = tabs[0].book(wanted[0]);
    await until(() => calls('POST /v1/eventCalls', contact.email ?? '') === 1, 'the first call');
    const second = tabs[1].book(wanted[1]);
    assert.equal((await first).status, 201);
    assert.equal(calls('POST /v1/eventCalls', contact.email ?? ''), 1, 'the second waited');
    assert.equal((await second).status, 201);
    // Booking again is allowed here; what is not is a call beside an unsettled one.
    for (const call of stack.standin.ledger.callsOf(contact.email ?? '').slice(1)) call.cancelledAt = Date.now();
    contactOf(stack, contact.email ?? '');
  });

  test('where the owner allows one call only, the second tab is told that there is one', async () => {
    const own = await startUnpaced({ vars: { EVENTS: { 'acme/discovery-call': { repeatBooking: 'refuse' } } } });
    try {
      const contact = person();
      const first = new Visitor(own);
      const times = await first.toTimes(contact);
      assert.equal((await first.book(pick(times))).status, 201);
      const second = new Visitor(own);
      await second.toTimes(contact);
      assertProblem(await second.book(pick(times)), 'already_booked');
      assert.equal(own.standin.ledger.callsOf(contact.email ?? '').length, 1);
    } finally {
      await own.close();
    }
  });
});
