/**
 * How much anybody may ask, by ticket, address and network, and how much we ask of iClosed (P6 small). The local limiter's
 * windows are aligned to the clock, so every test waits for a fresh one.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ADDRESS_REQUESTS, THROTTLE_SECONDS, TICKET_REQUESTS } from '../../shared/limits.ts';
import { PATHS } from '../../shared/protocol.ts';
import { type Stack, startStack } from '../stack.ts';
import {
  ask,
  assertProblem,
  DISCOVERY,
  monthFromNow,
  PLAIN_ANSWERS,
  person,
  type Reply,
  startUnpaced,
  Visitor,
} from './visitor.ts';

let stack: Stack;
before(async () => {
  stack = await startUnpaced();
  await new Visitor(stack).toTimes();
});
after(() => stack.close());

/** Resolves at the start of the limiter's next window, or at once while this one is young. */
async function freshWindow(): Promise<void> {
  const windowMs = THROTTLE_SECONDS * 1_000;
  const age = Date.now() % windowMs;
  if (age < 1_500) return;
  await new Promise((resolve) => setTimeout(resolve, windowMs - age + 20));
}

/** Runs at the start of a window, again with another try's number where the machine was too busy to stay within it. */
async function inOneWindow(run: (attempt: number) => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    await freshWindow();
    const window = Math.floor(Date.now() / (THROTTLE_SECONDS * 1_000));
    let failure: Error | undefined;
    await run(attempt).catch((error: unknown) => {
      failure = error as Error;
    });
    const isWithin = Math.floor(Date.now() / (THROTTLE_SECONDS * 1_000)) === window;
    if (failure === undefined) return;
    if (isWithin || attempt === 3) throw failure;
  }
}

const readEvent = (headers: Record<string, string>): Promise<Reply> =>
  ask(stack, `${PATHS.event}?event=${DISCOVERY}`, { headers: { origin: stack.site, ...headers } });

const codes = (replies: Reply[]) => replies.filter(({ code }) => code === 'throttled').length;

// Both take most of a minute and use no time of the processor: side by side.
describe('throttles', { concurrency: true }, () => {
  describe('visitors', { concurrency: false }, () => {
    test(`one ticket makes ${TICKET_REQUESTS} requests in a window; the next is refused with Retry-After, and others go on`, async () => {
      let visitor = new Visitor(stack);
      await inOneWindow(async () => {
        const other = new Visitor(stack);
        visitor = new Visitor(stack);
        await visitor.open();
        await other.open();
        await visitor.contact(person());
        const made = stack.standin.ledger.entries.length;
        // The contact was the first.
        for (let request = 2; request <= TICKET_REQUESTS; request += 1) {
          assert.equal((await visitor.read()).status, 200, `request ${request}`);
        }
        const refused = await visitor.read();
        assertProblem(refused, 'throttled');
        const seconds = Number(refused.headers.get('retry-after'));
        assert.ok(seconds > 0 && seconds <= THROTTLE_SECONDS);
        assert.equal(refused.body.retryAfterSeconds, seconds);
        assert.equal(refused.headers.get('access-control-expose-headers'), 'retry-after');
        assert.equal((await other.contact(person())).status, 200, 'another ticket');
        assert.ok(stack.standin.ledger.entries.length - made <= 1, 'only the other contact');
      });
      await freshWindowAfter();
      assert.equal((await visitor.read()).status, 200, 'in the next window the visitor goes on, and nothing is lost');
    });

    test('an office of fifty behind one address gets through with six requests each', async () => {
      await inOneWindow(async (attempt) => {
        const ip = `198.51.${attempt}.50`;
        const office = Array.from({ length: 50 }, () => new Visitor(stack, { ip }));
        for (const step of ['open', 'read', 'read', 'read', 'read', 'read'] as const) {
          const replies = await Promise.all(
            office.map(async (visitor) => (step === 'open' ? (await visitor.open(), undefined) : visitor.read())),
          );
          for (const reply of replies) assert.notEqual(reply?.code, 'throttled');
        }
        assertProblem(await readEvent({ 'cf-connecting-ip': ip }), 'throttled', 'the budget of the address is used up');
      });
    });

    test(`an IPv6 network of 64 bits shares ${ADDRESS_REQUESTS} requests, the next network has its own`, async () => {
      await inOneWindow(async (attempt) => {
        const hosts = Array.from(
          { length: ADDRESS_REQUESTS },
          (_, at) => `2001:db8:aaa${attempt}:1:${at.toString(16)}::${at + 1}`,
        );
        const replies = await Promise.all(hosts.map((ip) => readEvent({ 'cf-connecting-ip': ip })));
        assert.equal(codes(replies), 0);
        const spellings = [
          `2001:db8:aaa${attempt}:1::1`,
          `2001:0db8:aaa${attempt}:0001:ffff:ffff:ffff:ffff`,
          `2001:DB8:AAA${attempt}:1::`,
          `2001:db8:aaa${attempt}:1:1:1:1:1`,
        ];
        for (const ip of spellings) assertProblem(await readEvent({ 'cf-connecting-ip': ip }), 'throttled', ip);
        assert.equal((await readEvent({ 'cf-connecting-ip': `2001:db8:aaa${attempt}:2::1` })).status, 200);
      });
    });

    test('forged forwarding headers gain nothing, and cost nobody else anything', async () => {
      await inOneWindow(async (attempt) => {
        const ip = `198.51.${attempt}.66`;
        const forged = (at: number): Record<string, string> => ({
          'x-forwarded-for': `203.0.113.${at % 250}`,
          'x-real-ip': `203.0.113.${at % 250}`,
          'true-client-ip': `203.0.113.${at % 250}`,
          'x-client-ip': '203.0.113.1',
          forwarded: `for=203.0.113.${at % 250}`,
          'cf-connecting-ipv6': `2001:db8:${at.toString(16)}::1`,
        });
        const requests = Array.from({ length: ADDRESS_REQUESTS + 20 }, (_, at) =>
          readEvent({ ...forged(at), 'cf-connecting-ip': ip }),
        );
        assert.equal(codes(await Promise.all(requests)), 20);
        assert.equal((await readEvent({ 'cf-connecting-ip': '203.0.113.1' })).status, 200, 'whose address was forged');
      });
    });

    test('who takes ever new tickets is held to the budget of the address', async () => {
      await inOneWindow(async (attempt) => {
        const ip = `198.51.${attempt}.67`;
        const opened = await Promise.all(Array.from({ length: 160 }, () => readEvent({ 'cf-connecting-ip': ip })));
        const writes = opened.map(({ text }) => {
          const visitor = new Visitor(stack, { ip });
          visitor.ticket = (JSON.parse(text) as { ticket: string }).ticket;
          return visitor.read();
        });
        const replies = await Promise.all(writes);
        assert.equal(codes([...opened, ...replies]), 2 * 160 - ADDRESS_REQUESTS);
      });
    });
  });

  test('five visitors at once under a limit of 3 per 10 s: no call over it, no 429, all five booked', async () => {
    const stack = await startStack({
      // One call to iClosed covers every time that is offered; how windows are merged is tried in `slots.test.ts`.
      standin: { settings: { limit: { points: 3, windowSeconds: 10 }, availability: { windowDays: 31 } } },
      vars: { ICLOSED_RATE: '3/10s', EVENTS: { 'acme/discovery-call': { horizonDays: 6 } } },
    });
    try {
      const crowd = await Promise.all(
        Array.from({ length: 5 }, async () => {
          const visitor = new Visitor(stack);
          await visitor.open();
          return { visitor, contact: person() };
        }),
      );
      const booked = await Promise.all(
        crowd.map(async ({ visitor, contact }, at) => {
          await visitor.contact(contact);
          const settled = async () => {
            const reply = await visitor.send('answers', { seq: 1, answers: PLAIN_ANSWERS });
            // Still under way: the widget reads again after a moment.
            if (reply.status !== 202) return reply;
            await new Promise((resolve) => setTimeout(resolve, 2_000));
            return settled();
          };
          const accepted = await visitor.patiently(settled, 100_000);
          assert.equal(accepted.body.stage, 'times', accepted.text);
          const inHorizon = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 7);
          const months = [...new Set([monthFromNow(0), inHorizon])];
          const times: string[] = [];
          for (const month of months) {
            const reply = await visitor.patiently(() => visitor.slots(month), 100_000);
            assert.equal(reply.status, 200, reply.text);
            times.push(...(reply.body.slots?.slots ?? []));
          }
          const startsAt = [...new Set(times)].sort().at(-1 - at) ?? '';
          const reply = await visitor.patiently(
            () => visitor.send('book', { seq: 1, startsAt, timeZone: 'Asia/Kolkata' }),
            100_000,
          );
          if (reply.status === 202) await visitor.reaches('booked', 60_000);
          else assert.equal(reply.status, 201, reply.text);
          return contact.email ?? '';
        }),
      );
      const { ledger } = stack.standin;
      assert.deepEqual(ledger.overLimit(), []);
      assert.equal(ledger.entries.filter(({ status }) => status === 429).length, 0);
      for (const email of booked) assert.equal(ledger.callsOf(email).length, 1, email);
      assert.deepEqual(ledger.doubles(), []);
    } finally {
      await stack.close();
    }
  });
});

/** Resolves in the window after this one. */
async function freshWindowAfter(): Promise<void> {
  const windowMs = THROTTLE_SECONDS * 1_000;
  await new Promise((resolve) => setTimeout(resolve, windowMs - (Date.now() % windowMs) + 20));
}
