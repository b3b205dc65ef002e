/**
 * When nobody knows what iClosed did: connections that break, errors and pages in place of answers, before and after the commit;
 * limits and refused keys. One call at most, ever; the visitor reads the truth and never the vendor's words.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { SlotPage, Stage } from '../../shared/protocol.ts';
import type { FaultKind } from '../standin/faults.ts';
import type { SettingsPatch } from '../standin/settings.ts';
import { STANDIN_KEY, type Stack } from '../stack.ts';
import {
  contactOf,
  freshEmail,
  heard,
  monthFromNow,
  PLAIN_ANSWERS,
  person,
  pick,
  type Reply,
  startUnpaced,
  until,
  Visitor,
} from './visitor.ts';

const CALLS = 'POST /v1/eventCalls';
const CONTACTS = 'POST /v1/contacts';
const ANSWERS = 'POST /v1/fields/inviteeAnswers';
const DATES = 'POST /v1/events/eventDates';
const VENDOR_WORDS =
  /api key|invalid api|rate limit|internal server error|gateway|<html|rate_limit|iclosed_|permission/i;

/** Sends to the endpoint that name this contact. */
function sends(stack: Stack, endpoint: string, email: string) {
  const [held] = stack.standin.ledger.contactsOf(email);
  return stack.standin.ledger.requests(endpoint).filter(({ body }) => {
    const sent = body as { contactId?: number; email?: string };
    return sent.email === email || (held !== undefined && sent.contactId === held.id);
  });
}

interface Unclear {
  visitor: Visitor;
  email: string;
  startsAt: string;
  reply: Promise<Reply>;
}

/** A visitor whose booking meets this fault. */
async function bookingInto(stack: Stack, kind: FaultKind): Promise<Unclear> {
  const visitor = new Visitor(stack);
  const contact = person();
  const email = contact.email ?? '';
  const startsAt = pick(await visitor.toTimes(contact));
  stack.standin.model.queueFault({ kind, endpoint: CALLS });
  const reply = visitor.book(startsAt);
  await until(() => sends(stack, CALLS, email).length === 1, 'the send');
  return { visitor, email, startsAt, reply };
}

/** Its answer breaks off only after the whole time-out: begun first, looked at last. */
let cutOff: Unclear & { stack: Stack };

describe('a booking whose answer never came', () => {
  const AFTER = ['reset_after', 'error_after', 'html_after'] as const;
  const BEFORE = ['reset_before', 'error_before', 'html_before'] as const;
  let stack: Stack;
  const cases = new Map<FaultKind, Unclear>();

  before(async () => {
    stack = await startUnpaced();
    cutOff = { stack, ...(await bookingInto(stack, 'half_body')) };
    for (const kind of [...AFTER, ...BEFORE]) cases.set(kind, await bookingInto(stack, kind));
  });

  for (const kind of AFTER) {
    test(`${kind}: the call that iClosed made is found by a search and told, and was sent once`, async () => {
      const unclear = cases.get(kind);
      assert.ok(unclear);
      const { visitor, email, startsAt } = unclear;
      const reply = await unclear.reply;
      assert.ok(reply.status === 202 || reply.status === 201, `${reply.status} ${reply.text}`);
      if (reply.status === 202) {
        assert.equal(reply.body.stage, 'booking', 'neither failed nor done');
        assert.ok((reply.body.pending?.retryAfterSeconds ?? 0) > 0);
      }
      const told = await visitor.reaches('booked');
      assert.equal(told.body.booking?.startsAt, startsAt);
      assert.equal(sends(stack, CALLS, email).length, 1);
      const live = stack.standin.ledger.callsOf(email);
      assert.deepEqual(
        live.map((call) => call.startsAt),
        [Date.parse(startsAt)],
      );
      assert.ok(sends(stack, CALLS, email)[0]?.fault === kind);
    });
  }

  for (const kind of BEFORE) {
    test(`${kind}: is not told as failed or done, and is not sent again while iClosed may still commit`, async () => {
      const unclear = cases.get(kind);
      assert.ok(unclear);
      const { visitor, email } = unclear;
      const reply = await unclear.reply;
      assert.equal(reply.status, 202, reply.text);
      const state = await visitor.read();
      assert.equal(state.body.stage, 'booking');
      const [sent, ...again] = sends(stack, CALLS, email);
      assert.ok(sent);
      assert.ok(Date.now() - sent.at < 60_000, 'the test looks within the minute in which iClosed may be late');
      assert.deepEqual(again, []);
      assert.deepEqual(stack.standin.ledger.callsOf(email), []);
      await until(() => searchesOf(stack, email) > 0, 'a search');
    });
  }

  test('the searches name the contact, newest first, without a bound that could hide the call', () => {
    // The one that names nobody asks for any call that is older than the first send.
    const searches = stack.standin.ledger.requests('GET /v1/eventCalls').filter(({ query }) => query.limit !== '1');
    assert.ok(searches.length > 0);
    for (const { query } of searches) {
      assert.match(query.contactId ?? '', /^\d+$/);
      assert.equal(query.orderColumn, 'id');
      assert.equal(query.orderBy, 'desc');
      assert.equal(query.createdAtStart, undefined);
    }
  });
});

function searchesOf(stack: Stack, email: string): number {
  const { id } = contactOf(stack, email);
  return stack.standin.ledger.requests('GET /v1/eventCalls').filter(({ query }) => query.contactId === String(id))
    .length;
}

describe('a search that misleads', { concurrency: true }, () => {
  for (const [what, search] of [
    ['ignores its filter', { filterIgnored: true }],
    ['ignores its order', { orderIgnored: true }],
    ['lags behind', { lagMs: 1_000 }],
  ] as const) {
    test(`and ${what} still finds the right call, which was sent once`, async () => {
      const stack = await startUnpaced({ standin: { settings: { search } } });
      try {
        const { visitor, email, startsAt } = await bookingInto(stack, 'reset_after');
        const told = await visitor.reaches('booked');
        assert.equal(told.body.booking?.startsAt, startsAt);
        assert.equal(sends(stack, CALLS, email).length, 1);
      } finally {
        await stack.close();
      }
    });
  }
});

describe('faults before the calendar', () => {
  const KINDS = ['reset_before', 'reset_after', 'error_before', 'error_after', 'html_after'] as const;
  let stack: Stack;
  before(async () => {
    stack = await startUnpaced();
    await new Visitor(stack).toTimes();
  });
  after(() => stack.close());

  for (const kind of KINDS) {
    test(`${kind} when the contact is stored: tried again, one contact, the visitor gets to the calendar`, async () => {
      const visitor = new Visitor(stack);
      const contact = person();
      await visitor.open();
      stack.standin.model.queueFault({ kind, endpoint: CONTACTS });
      assert.equal((await visitor.contact(contact)).status, 200);
      await toStage(visitor, 'times', () => visitor.send('answers', { seq: 1, answers: PLAIN_ANSWERS }));
      contactOf(stack, contact.email ?? '');
      assert.equal(sends(stack, CONTACTS, contact.email ?? '').length, 2);
    });

    test(`${kind} when answers are stored: tried once more, and the readable result decides`, async () => {
      const visitor = new Visitor(stack);
      const contact = person();
      await visitor.open();
      await visitor.contact(contact);
      stack.standin.model.queueFault({ kind, endpoint: ANSWERS });
      await toStage(visitor, 'times', () => visitor.send('answers', { seq: 1, answers: PLAIN_ANSWERS }));
      assert.equal(sends(stack, ANSWERS, contact.email ?? '').length, 2);
    });
  }

  test('answers without a readable result are sent twice at most, kept in a note, and nothing is booked', async () => {
    const visitor = new Visitor(stack);
    const contact = person();
    const times = await new Visitor(stack).toTimes();
    await visitor.open();
    await visitor.contact(contact);
    stack.standin.model.queueFault({ kind: 'error_after', endpoint: ANSWERS, times: 2 });
    const reply = await toStage(visitor, 'safe', () => visitor.send('answers', { seq: 1, answers: PLAIN_ANSWERS }));
    assert.equal(reply.body.outcome, 'will_contact');
    assert.ok((await visitor.book(times[0] ?? '')).status >= 400);
    const held = contactOf(stack, contact.email ?? '');
    await until(() => held.notes.some(({ note }) => note.includes('11-50')), 'a note with the answers');
    assert.equal(sends(stack, ANSWERS, contact.email ?? '').length, 2);
    assert.equal(sends(stack, CALLS, contact.email ?? '').length, 0);
  });

  test('times that iClosed cannot give just now are a retryable problem, and come once it can', async () => {
    const visitor = new Visitor(stack, { event: 'acme/email-only' });
    await visitor.open();
    stack.standin.model.queueFault({ kind: 'html_before', endpoint: DATES });
    const path = `/api/v1/slots?event=${visitor.event}&month=${monthFromNow(1)}`;
    const reply = await visitor.get(path);
    assert.ok(reply.code === 'unavailable' || reply.code === 'busy', reply.text);
    assert.ok(Number(reply.headers.get('retry-after')) > 0);
    const seen = async () => {
      const again = await visitor.get(path);
      return again.status === 200 && again;
    };
    const page = await until(seen, 'times', 15_000, 200);
    assert.ok((JSON.parse(page.text) as SlotPage).slots.length > 0);
  });
});

/** Asks as the widget does until the stage is reached. */
async function toStage(visitor: Visitor, stage: Stage, step: () => Promise<Reply>): Promise<Reply> {
  const reply = await visitor.patiently(step);
  return reply.body.stage === stage ? reply : visitor.reaches(stage, 30_000);
}

describe("iClosed's limit", { concurrency: true }, () => {
  const hints = [
    ['in the body', 'rate_limited', 'body', 3],
    ['in the header', 'rate_limited', 'header', 3],
    ['nowhere', 'rate_limited_bare', 'none', 1],
  ] as const;
  for (const [where, kind, retryAfter, seconds] of hints) {
    test(`429 with the hint ${where}: the endpoint rests for ${seconds} s, then the visitor goes on and is booked once`, async () => {
      const stack = await startUnpaced({ standin: { settings: { limit: { retryAfter } } } });
      try {
        const visitor = new Visitor(stack);
        const contact = person();
        const email = contact.email ?? '';
        await visitor.open();
        stack.standin.model.queueFault({ kind, endpoint: CONTACTS });
        await visitor.contact(contact);
        const others = [person(), person()];
        for (const other of others) {
          const beside = new Visitor(stack);
          await beside.open();
          await beside.contact(other);
        }
        await toStage(visitor, 'times', () => visitor.send('answers', { seq: 1, answers: PLAIN_ANSWERS }));
        rested(stack, CONTACTS, seconds);
        const startsAt = pick(await visitor.times());
        stack.standin.model.queueFault({ kind, endpoint: CALLS });
        const booked = await visitor.patiently(() => visitor.send('book', { seq: 1, startsAt, timeZone: 'UTC' }));
        assert.equal(booked.status, 201, booked.text);
        rested(stack, CALLS, seconds);
        assert.equal(sends(stack, CALLS, email).length, 2, 'a 429 proves that nothing was done');
        assert.equal(stack.standin.ledger.callsOf(email).length, 1);
      } finally {
        await stack.close();
      }
    });
  }

  function rested(stack: Stack, endpoint: string, seconds: number): void {
    const entries = stack.standin.ledger.requests(endpoint);
    const at = entries.findIndex(({ status }) => status === 429);
    const [refused, next] = entries.slice(at);
    assert.ok(refused && next, 'a 429 and a call after it');
    assert.ok(next.at - refused.at >= seconds * 1_000 - 30, `${next.at - refused.at} ms of rest`);
    assert.equal(entries.filter(({ status }) => status === 429).length, 1);
  }
});

describe('a key that iClosed refuses', { concurrency: true }, () => {
  test('with the next one configured no visitor notices, at any step (P20)', async () => {
    const next = 'iclosed_standin_key_next_fedcba9876543210';
    const stack = await startUnpaced({
      standin: { settings: { keys: [STANDIN_KEY, next] } },
      secrets: { ICLOSED_API_KEY_NEXT: next },
    });
    try {
      for (const revokedKeys of [[], [STANDIN_KEY], [STANDIN_KEY]]) {
        const visitor = new Visitor(stack);
        const contact = person();
        const startsAt = pick(await visitor.toTimes(contact));
        stack.standin.model.change({ revokedKeys });
        const booked = await visitor.patiently(() => visitor.send('book', { seq: 1, startsAt, timeZone: 'UTC' }));
        assert.equal(booked.status, 201, booked.text);
        assert.equal(stack.standin.ledger.callsOf(contact.email ?? '').length, 1);
      }
      const refused = stack.standin.ledger.entries.filter(({ status }) => status === 401).length;
      assert.ok(refused >= 1 && refused < 6, `${refused} calls met a refused key`);
    } finally {
      await stack.close();
    }
  });

  test('and then the other way round: a refusal proves that nothing was done, so the booking is made, once', async () => {
    const next = 'iclosed_standin_key_next_fedcba9876543210';
    const stack = await startUnpaced({
      standin: { settings: { keys: [STANDIN_KEY, next], revokedKeys: [STANDIN_KEY] } },
      secrets: { ICLOSED_API_KEY_NEXT: next },
    });
    try {
      const visitor = new Visitor(stack);
      const contact = person();
      const startsAt = pick(await visitor.toTimes(contact));
      stack.standin.model.change({ revokedKeys: [next] });
      const reply = await visitor.patiently(() => visitor.send('book', { seq: 1, startsAt, timeZone: 'UTC' }));
      if (reply.status !== 201) {
        assert.equal(reply.status, 202, reply.text);
        // Well within the minute after which an unclear booking would be looked at again.
        await visitor.reaches('booked', 25_000);
      }
      // Another call in the background may have met the refusal first.
      const answered = sends(stack, CALLS, contact.email ?? '').map(({ status }) => status);
      assert.equal(answered.at(-1), 201);
      assert.ok(
        answered.slice(0, -1).every((status) => status === 401),
        String(answered),
      );
      assert.equal(stack.standin.ledger.callsOf(contact.email ?? '').length, 1);
    } finally {
      await stack.close();
    }
  });

  const refusals: [string, SettingsPatch][] = [
    ['revoked', { revokedKeys: [STANDIN_KEY] }],
    ['expired', { expiredKeys: [STANDIN_KEY] }],
    ['of a plan without the API', { planAllowsApi: false }],
  ];
  for (const [what, settings] of refusals) {
    test(`alone and ${what}: the visitor is told that booking is not available, in none of the vendor's words`, async () => {
      const stack = await startUnpaced({ standin: { settings: { ...settings, errors: { code: false } } } });
      try {
        const visitor = new Visitor(stack);
        const reply = await visitor.get(`/api/v1/event?event=${visitor.event}`);
        assert.equal(reply.code, 'unavailable', reply.text);
        assert.doesNotMatch(reply.text, VENDOR_WORDS);
      } finally {
        await stack.close();
      }
    });
  }

  test('in the middle of a visit keeps the lead and says nothing of the vendor', async () => {
    const stack = await startUnpaced();
    try {
      const visitor = new Visitor(stack);
      await visitor.open();
      stack.standin.model.change({ revokedKeys: [STANDIN_KEY] });
      const email = freshEmail();
      const contact = await visitor.contact(person({ email }));
      assert.equal(contact.status, 200);
      const reply = await visitor.answers(PLAIN_ANSWERS);
      assert.doesNotMatch(contact.text + reply.text, VENDOR_WORDS);
      assert.ok(reply.status === 200 || reply.status === 202 || reply.status === 503, reply.text);
      stack.standin.model.change({ revokedKeys: [] });
      await until(() => stack.standin.ledger.contactsOf(email)[0], 'the contact arrives', 30_000);
    } finally {
      await stack.close();
    }
  });
});

test('half_body: the call that iClosed made is found by a search and told, and was sent once', async () => {
  const { stack, visitor, email, startsAt } = cutOff;
  try {
    await cutOff.reply;
    const told = await visitor.reaches('booked', 35_000);
    assert.equal(told.body.booking?.startsAt, startsAt);
    assert.equal(sends(stack, CALLS, email).length, 1);
    assert.equal(stack.standin.ledger.callsOf(email).length, 1);
  } finally {
    await stack.close();
  }
});

test("nothing that any visitor read in this file has the vendor's words in it", () => {
  for (const { text } of heard) assert.doesNotMatch(text, VENDOR_WORDS);
});
