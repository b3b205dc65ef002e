/**
 * Moving and cancelling a booked call over HTTP, with the stand-in's account as the judge: the manage ticket, the good way, what
 * others did meanwhile, and answers that are lost. Nothing is ever sent twice while nobody knows what became of it.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Stack } from '../stack.ts';
import type { FaultKind } from '../standin/faults.ts';
import {
  assertProblem,
  DISCOVERY,
  monthFromNow,
  person,
  pick,
  type Reply,
  startUnpaced,
  until,
  Visitor,
} from './visitor.ts';

const MOVE = 'PUT /v1/eventCalls/reschedule';
const CANCEL = 'PUT /v1/eventCalls/cancel';
const ZONE = 'Asia/Kolkata';

let stack: Stack;
before(async () => {
  stack = await startUnpaced({ vars: { EVENTS: { [DISCOVERY]: { redirectMode: 'automatic' } } } });
});
after(async () => {
  const { ledger } = stack.standin;
  const wrong = { doubles: ledger.doubles(), unexpected: ledger.unexpected() };
  await stack.close();
  assert.deepEqual(wrong, { doubles: [], unexpected: [] });
});

/** A visitor with a call, holding its manage ticket on a page that is new. */
async function booked(): Promise<{ holder: Visitor; startsAt: string; callId: number; times: string[]; reply: Reply }> {
  const visitor = new Visitor(stack);
  const contact = person();
  const times = await visitor.toTimes(contact);
  const startsAt = pick(times);
  const reply = await visitor.book(startsAt, ZONE);
  assert.equal(reply.status, 201, reply.text);
  const ticket = reply.body.booking?.manage;
  assert.ok(ticket, 'a booking brings a manage ticket');
  const call = stack.standin.ledger.callsOf(contact.email ?? '')[0];
  assert.ok(call);
  return { holder: holding(ticket), startsAt, callId: call.id, times, reply };
}

function holding(ticket: string, origin = stack.site): Visitor {
  const holder = new Visitor(stack, { origin });
  holder.ticket = ticket;
  return holder;
}

const callOf = (id: number) => {
  const call = stack.standin.ledger.calls().find((each) => each.id === id);
  assert.ok(call);
  return call;
};
const sent = (endpoint: string, id: number) =>
  stack.standin.ledger.requests(endpoint).filter(({ body }) => (body as { id?: number }).id === id).length;
/** Another free time of the booking's hosts. */
async function otherTime(holder: Visitor, not: string): Promise<string> {
  return pick((await holder.times()).filter((each) => each !== not));
}
const move = (holder: Visitor, startsAt: string) => holder.send('reschedule', { startsAt, timeZone: ZONE });
const cancel = (holder: Visitor) => holder.send('cancel');
const queue = (kind: FaultKind, endpoint: string, times = 1) =>
  stack.standin.model.queueFault({ kind, endpoint, times });
/** Asks until the change is over; the same press again joins it. */
const settled = (ask: () => Promise<Reply>) =>
  until(
    async () => {
      const reply = await ask();
      return reply.code !== undefined || reply.body.pending === undefined ? reply : undefined;
    },
    'the change is over',
    20_000,
    500,
  );

describe('a manage ticket', () => {
  test('whoever comes back to the call is not sent on by itself, as after the booking', async () => {
    const { holder, reply } = await booked();
    assert.equal(reply.body.booking?.isRedirectAutomatic, true);
    const { booking } = (await holder.read()).body;
    assert.equal(booking?.redirect, reply.body.booking?.redirect);
    assert.equal(booking?.isRedirectAutomatic, undefined);
  });

  test('reads the booking, from the website and from the Worker’s own page, whatever the attempt', async () => {
    const { holder, startsAt } = await booked();
    for (const origin of [stack.site, stack.worker]) {
      const reply = await holding(holder.ticket, origin).read();
      assert.equal(reply.status, 200, reply.text);
      assert.equal(reply.body.booking?.startsAt, startsAt);
      assert.equal(reply.body.booking?.mayMove, true);
      assert.equal(reply.body.booking?.mayCancel, true);
      assert.equal(reply.body.contact?.email?.includes('•'), true);
    }
  });

  test('is no ticket for booking, answers or contact, nor for another event or a strange origin', async () => {
    const { holder, startsAt } = await booked();
    assertProblem(await holder.contact(person()), 'ticket_invalid');
    assertProblem(await holder.answers({}), 'ticket_invalid');
    assertProblem(await holder.book(startsAt), 'ticket_invalid');
    assertProblem(await holder.send('withdraw'), 'ticket_invalid');
    const stranger = new Visitor(stack, { event: 'acme/phone-only' });
    stranger.ticket = holder.ticket;
    assertProblem(await stranger.read(), 'ticket_invalid');
    assertProblem(await holding(holder.ticket, 'https://elsewhere.example').read(), 'origin_not_allowed');
  });

  test('altered ⇒ refused before any object is asked', async () => {
    const { holder } = await booked();
    const flipped = holder.ticket.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    assertProblem(await holding(flipped).send('cancel'), 'ticket_invalid');
  });

  test('shows times of the booking’s hosts only while the call may be moved', async () => {
    const { holder } = await booked();
    assert.ok((await holder.times()).length > 0);
    assert.equal((await cancel(holder)).status, 200);
    assertProblem(await holder.slots(monthFromNow(0)), 'booking_fixed');
  });
});

describe('moving', () => {
  test('moves the call once; the old ticket is void and tells where the call stands, the new one works', async () => {
    const { holder, startsAt, callId } = await booked();
    const wanted = await otherTime(holder, startsAt);
    const moved = await move(holder, wanted);
    assert.equal(moved.status, 200, moved.text);
    assert.equal(moved.body.booking?.startsAt, wanted);
    assert.equal(callOf(callId).startsAt, Date.parse(wanted));
    assert.equal(sent(MOVE, callId), 1);

    const old = await holder.read();
    assertProblem(old, 'booking_changed');
    assert.equal(old.body.lead?.booking?.startsAt, wanted);
    assert.equal(old.body.lead?.booking?.manage, undefined, 'no new ticket for an old one');
    assert.equal(old.body.lead?.booking?.isRedirectAutomatic, undefined, 'nobody is led away from it');
    assertProblem(await cancel(holder), 'booking_changed');
    assert.equal(sent(CANCEL, callId), 0);

    const fresh = holding(moved.body.booking?.manage ?? '');
    const read = await fresh.read();
    assert.equal(read.body.booking?.startsAt, wanted);
    const again = await otherTime(fresh, wanted);
    assert.equal((await move(fresh, again)).status, 200);
    assert.equal(callOf(callId).startsAt, Date.parse(again));
  });

  test('the same press twice moves once; another time under the same key is refused', async () => {
    const { holder, startsAt, callId } = await booked();
    const wanted = await otherTime(holder, startsAt);
    const press = () => holder.send('reschedule', { startsAt: wanted, timeZone: ZONE, seq: 7 });
    const [one, other] = await Promise.all([press(), press()]);
    assert.deepEqual([one.status, other.status], [200, 200], one.text + other.text);
    assert.equal(sent(MOVE, callId), 1);
    const different = {
      startsAt: await otherTime(holding(one.body.booking?.manage ?? ''), wanted),
      timeZone: ZONE,
      seq: 7,
    };
    assertProblem(await holder.send('reschedule', different), 'attempt_settled');
  });

  test('works also after its host has moved the call in iClosed', async () => {
    const { holder, startsAt, callId, times } = await booked();
    const elsewhere = times.findLast((each) => each !== startsAt) ?? '';
    callOf(callId).startsAt = Date.parse(elsewhere);
    assert.equal((await holder.read()).body.booking?.startsAt, elsewhere);
    const wanted = pick((await holder.times()).filter((each) => each !== startsAt && each !== elsewhere));
    const moved = await move(holder, wanted);
    assert.equal(moved.status, 200, moved.text);
    assert.equal(callOf(callId).startsAt, Date.parse(wanted));
  });

  test('the left time is free for others', async () => {
    const { holder, startsAt } = await booked();
    const wanted = await otherTime(holder, startsAt);
    assert.equal((await move(holder, wanted)).status, 200);
    const other = new Visitor(stack);
    const times = await other.toTimes();
    assert.ok(times.includes(startsAt), 'the left time is offered again');
    assert.equal((await other.book(startsAt)).status, 201);
  });

  test('to a time that was never offered ⇒ slot_not_offered, with times, and the call stays', async () => {
    const { holder, startsAt, callId } = await booked();
    const reply = await move(holder, '2026-12-05T03:07Z');
    assertProblem(reply, 'slot_not_offered');
    assert.ok(reply.body.slots);
    assert.equal(reply.body.lead?.booking?.startsAt, startsAt);
    assert.equal(callOf(callId).startsAt, Date.parse(startsAt));
    assert.equal(sent(MOVE, callId), 0);
  });

  test('a call that iClosed holds fast ⇒ booking_fixed, nothing is sent, and the answer says so', async () => {
    const { holder, startsAt, callId } = await booked();
    const wanted = await otherTime(holder, startsAt);
    callOf(callId).allowReschedule = false;
    const reply = await move(holder, wanted);
    assertProblem(reply, 'booking_fixed');
    assert.equal(reply.body.lead?.booking?.mayMove, false);
    assert.equal(reply.body.lead?.booking?.mayCancel, true);
    assert.equal(sent(MOVE, callId), 0);
  });

  test('a call that was moved elsewhere meanwhile ⇒ booking_changed with the actual time, nothing is sent', async () => {
    const { holder, startsAt, callId, times } = await booked();
    const wanted = await otherTime(holder, startsAt);
    const elsewhere = Date.parse(times.findLast((each) => each !== wanted && each !== startsAt) ?? '');
    callOf(callId).startsAt = elsewhere;
    for (const reply of [await move(holder, wanted), await cancel(holder)]) {
      if (reply.code === undefined) continue;
      assertProblem(reply, 'booking_changed');
      assert.equal(Date.parse(reply.body.lead?.booking?.startsAt ?? ''), elsewhere);
    }
    assert.equal(sent(MOVE, callId), 0);
  });

  const lost: [FaultKind, 'done' | 'undone'][] = [
    ['reset_after', 'done'],
    ['error_after', 'done'],
    ['html_after', 'done'],
    ['rate_limited', 'undone'],
  ];
  for (const [kind, what] of lost) {
    test(`${kind} ⇒ ${what === 'done' ? 'found by a look, and sent once' : 'told at once, and the next press moves it'}`, async () => {
      const { holder, startsAt, callId } = await booked();
      const wanted = await otherTime(holder, startsAt);
      queue(kind, MOVE);
      const press = () => holder.send('reschedule', { startsAt: wanted, timeZone: ZONE, seq: 1 });
      const reply = await press();
      if (what === 'undone') {
        assertProblem(reply, 'busy');
        assert.equal((await holder.patiently(press)).status, 200);
      } else {
        assert.equal(reply.status, 202, reply.text);
        assert.equal(reply.body.pending?.step, 'reschedule');
        const end = await settled(press);
        assert.equal(end.body.booking?.startsAt, wanted, end.text);
        assert.ok(end.body.booking?.manage, 'and a ticket for the moved call');
        assert.equal(sent(MOVE, callId), 1);
      }
      assert.equal(callOf(callId).startsAt, Date.parse(wanted));
    });
  }
});

describe('cancelling', () => {
  test('cancels the call once; read again it is cancelled, and its time is free', async () => {
    const { holder, startsAt, callId } = await booked();
    const reply = await cancel(holder);
    assert.equal(reply.status, 200, reply.text);
    assert.equal(reply.body.stage, 'cancelled');
    assert.notEqual(callOf(callId).cancelledAt, null);
    const again = await cancel(holder);
    assertProblem(again, 'booking_changed');
    assert.equal(again.body.lead?.stage, 'cancelled');
    assert.equal(sent(CANCEL, callId), 1);
    const times = await new Visitor(stack).toTimes();
    assert.ok(times.includes(startsAt));
  });

  test('cancelled elsewhere ⇒ the link says so, read fresh, and nothing is sent', async () => {
    const { holder, callId } = await booked();
    callOf(callId).cancelledAt = Date.now();
    const read = await holder.read();
    assert.equal(read.body.stage, 'cancelled', read.text);
    assert.equal(read.body.booking?.mayMove, false);
    assertProblem(await cancel(holder), 'booking_changed');
    assert.equal(sent(CANCEL, callId), 0);
  });

  for (const kind of ['reset_after', 'error_after', 'html_after'] as const) {
    test(`${kind} ⇒ found by a look, and sent once`, async () => {
      const { holder, callId } = await booked();
      queue(kind, CANCEL);
      const reply = await cancel(holder);
      assert.equal(reply.status, 202, reply.text);
      const end = await settled(() => holder.read());
      assert.equal(end.body.stage, 'cancelled', end.text);
      assert.equal(sent(CANCEL, callId), 1);
    });
  }

  test('iClosed is away ⇒ unavailable, to be tried again, and the call stands', async () => {
    const { holder, callId } = await booked();
    queue('error_before', 'GET /v1/eventCalls');
    const reply: Reply = await cancel(holder);
    assertProblem(reply, 'unavailable');
    assert.ok(Number(reply.headers.get('retry-after')) > 0);
    assert.equal(callOf(callId).cancelledAt, null);
    assert.equal(sent(CANCEL, callId), 0);
  });
});

describe('what a confirmation brings', () => {
  test('a calendar file with a stable UID, a rising SEQUENCE, instants in UTC and nobody’s address', async () => {
    const { holder, startsAt } = await booked();
    const first = await holder.send('calendar');
    assert.equal(first.status, 200, first.text);
    const text = unfolded(first);
    assert.match(text, /^BEGIN:VCALENDAR\r\n/);
    assert.ok(text.includes(`DTSTART:${startsAt.replaceAll(/[-:]/g, '').replace('Z', '00Z')}`), text);
    assert.match(text, /SEQUENCE:0/);
    assert.match(text, /METHOD:PUBLISH/);
    assert.ok(text.includes(`${stack.worker}/manage#`));
    assert.ok(!/ATTENDEE|ORGANIZER|mailto/i.test(text), text);
    const uid = /UID:(.+)/.exec(text)?.[1];
    assert.match(uid ?? '', /^call_/);

    const moved = await move(holder, await otherTime(holder, startsAt));
    const fresh = holding(moved.body.booking?.manage ?? '');
    const second = unfolded(await fresh.send('calendar'));
    assert.equal(/UID:(.+)/.exec(second)?.[1], uid);
    assert.match(second, /SEQUENCE:1/);
    await cancel(fresh);
    const last = unfolded(await fresh.send('calendar'));
    assert.match(last, /METHOD:CANCEL/);
    assert.match(last, /STATUS:CANCELLED/);
    assert.match(last, /SEQUENCE:2/);
  });

  describe('the file as the answer to a form', () => {
    const post = (request: unknown, origin = stack.worker, type = 'application/x-www-form-urlencoded') =>
      fetch(`${stack.worker}/call.ics`, {
        method: 'POST',
        headers: { origin, 'content-type': type },
        body: new URLSearchParams({ request: JSON.stringify(request) }).toString(),
      });
    const asked = (ticket: string, more: object = {}) => {
      const attempt = crypto.randomUUID();
      return { v: 1, step: 'calendar', event: 'acme/discovery-call', ticket, attempt, seq: 1, ...more };
    };

    test('is the same file, as a calendar of a phone takes it', async () => {
      const { holder } = await booked();
      const ticket = (await holder.read()).body.booking?.manage ?? '';
      const reply = await post(asked(ticket));
      assert.equal(reply.status, 200);
      assert.equal(reply.headers.get('content-type'), 'text/calendar; charset=utf-8');
      assert.match(reply.headers.get('content-disposition') ?? '', /^inline; filename="call\.ics"$/);
      assert.equal(reply.headers.get('cache-control'), 'no-store');
      assert.match(await reply.text(), /^BEGIN:VCALENDAR\r\n/);
    });

    test('is the same file from a page that hands out no referrer, whose forms come from nowhere', async () => {
      const { holder } = await booked();
      const ticket = (await holder.read()).body.booking?.manage ?? '';
      assert.match(await (await post(asked(ticket), 'null')).text(), /^BEGIN:VCALENDAR\r\n/);
      assert.equal((await post(asked(ticket, { step: 'cancel' }), 'null')).status, 400);
    });

    test('is nothing for strangers, for other steps, or in another form', async () => {
      const { holder } = await booked();
      const ticket = (await holder.read()).body.booking?.manage ?? '';
      const statuses = async (...replies: Promise<Response>[]) =>
        (await Promise.all(replies)).map(({ status }) => status);
      assert.deepEqual(
        await statuses(
          post(asked(ticket), 'https://evil.example'),
          post(asked(ticket, { step: 'cancel' })),
          post(asked(ticket.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')))),
          post('nonsense'),
          post(asked(ticket), stack.worker, 'text/plain'),
          fetch(`${stack.worker}/call.ics`),
        ),
        [403, 400, 403, 400, 415, 405],
      );
    });
  });

  test('the link to the call, as soon as iClosed tells it', async () => {
    const { holder, callId } = await booked();
    const reply = await holder.read();
    assert.equal(reply.body.booking?.joinLink, `https://meet.example/${callOf(callId).previewId}`);
  });
});

test('iClosed ignores the number that a search asks for ⇒ the call is found among the newest, moved and cancelled', async () => {
  const { holder, startsAt, callId } = await booked();
  assert.ok(stack.standin.ledger.calls().length > 20, 'it is not on the first page of an old kind');
  stack.standin.model.change({ search: { filterIgnored: true } });
  try {
    const wanted = await otherTime(holder, startsAt);
    const moved = await move(holder, wanted);
    assert.equal(moved.status, 200, moved.text);
    assert.equal(callOf(callId).startsAt, Date.parse(wanted));
    const gone = await cancel(holding(moved.body.booking?.manage ?? ''));
    assert.equal(gone.body.stage, 'cancelled', gone.text);
    assert.notEqual(callOf(callId).cancelledAt, null);
  } finally {
    stack.standin.model.change({ search: { filterIgnored: false } });
  }
});

/** The file as a calendar reads it: long lines put together again. */
function unfolded({ body }: Reply): string {
  return (body.calendar?.text ?? '').replaceAll(/\r\n[ \t]/g, '');
}
