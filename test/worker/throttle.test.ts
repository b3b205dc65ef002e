/**
 * How much anybody may ask, by ticket and address, and how much we ask of iClosed (P6 small). What tickets cost in a
 * crowd is tried in `fairness.test.ts`.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ADDRESS_REQUESTS, THROTTLE_SECONDS, TICKET_REQUESTS } from '../../shared/limits.ts';
import { PATHS } from '../../shared/protocol.ts';
import { TicketOffice } from '../../worker/ticket.ts';
import { SIGNING_KEYS, type Stack, startStack } from '../stack.ts';
import {
  ask,
  assertProblem,
  DISCOVERY,
  flood,
  inOneWindow,
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

const readEvent = (headers: Record<string, string>): Promise<Reply> =>
  ask(stack, `${PATHS.event}?event=${DISCOVERY}`, { headers: { origin: stack.site, ...headers } });

const readMonth = (month: string, headers: Record<string, string>): Promise<Reply> =>
  ask(stack, `${PATHS.slots}?event=${DISCOVERY}&month=${month}`, { headers: { origin: stack.site, ...headers } });

/** A ticket for the same Lead that was good once. */
function expired({ ticket, origin, event }: Visitor): Promise<string> {
  const leadId = Buffer.from(ticket, 'base64url').subarray(27, 59).toString('hex');
  const expiresAt = Math.floor(Date.now() / 1_000) - 1;
  const facts = { purpose: 'visit', event, origin, leadId } as const;
  return new TicketOffice(SIGNING_KEYS).issue({ ...facts, issuedAt: expiresAt - 60, expiresAt });
}

const codes = (replies: Reply[]) => replies.filter(({ code }) => code === 'throttled').length;

// Both take most of a minute and use no time of the processor: side by side.
describe('throttles', { concurrency: true }, () => {
  describe('visitors', { concurrency: false }, () => {
    test(`one ticket makes ${TICKET_REQUESTS} requests in a window; the next is refused with Retry-After, and others go on`, async () => {
      let visitor = new Visitor(stack);
      await inOneWindow(THROTTLE_SECONDS, async () => {
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

    test('over the address’s throttle strangers wait, and who has a good ticket, or had one, does not', async () => {
      await inOneWindow(THROTTLE_SECONDS, async (attempt) => {
        const ip = `198.51.${attempt}.50`;
        const colleague = new Visitor(stack);
        await colleague.open();
        const guest = new Visitor(stack, { ip });
        const [invented, old] = ['A'.repeat(100), await expired(colleague)];
        const tried = await flood(ADDRESS_REQUESTS + 10, () => guest.send('read', { ticket: invented }));
        assert.equal(tried.filter(({ code }) => code === 'ticket_invalid').length, ADDRESS_REQUESTS);
        assert.equal(codes(tried), 10);
        assertProblem(await guest.send('read', { ticket: old }), 'ticket_expired');
        guest.ticket = colleague.ticket;
        assert.equal((await guest.contact(person())).status, 200, 'a good ticket answers for itself');
        assert.equal((await readEvent({ 'cf-connecting-ip': ip })).status, 200, 'reads count by themselves');
      });
    });

    test('over it reads are answered from memory, and only what would cost an object waits', async () => {
      await inOneWindow(THROTTLE_SECONDS, async (attempt) => {
        const headers = { 'cf-connecting-ip': `198.51.${attempt}.51` };
        assert.equal(codes(await flood(ADDRESS_REQUESTS + 20, () => readEvent(headers))), 0);
        const month = (months: number) => readMonth(monthFromNow(months), headers);
        assert.equal((await month(1)).status, 200);
        const months = await flood(ADDRESS_REQUESTS + 20, () => month(1));
        assert.equal(codes(months), 0);
        const unread = monthFromNow(1 - attempt * 12);
        assertProblem(await readMonth(unread, headers), 'throttled');
        assert.notEqual((await readMonth(unread, { 'cf-connecting-ip': '203.0.113.1' })).code, 'throttled');
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
      // What another of them asks for is no time to ask for: who would be told that it is taken is not what is tried.
      const asked = new Set<string>();
      const booked = await Promise.all(
        crowd.map(async ({ visitor, contact }) => {
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
          const startsAt = times.findLast((time) => !asked.has(time)) ?? assert.fail('no time is left');
          asked.add(startsAt);
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
