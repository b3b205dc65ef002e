/**
 * The vendor's booking guide, example by example: the Worker's request has the same method and path and every field of the
 * guide with the guide's meaning. What is added or differs stands in `TABLE`; anything else fails.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { hostIds } from '../standin/canaries.ts';
import type { LedgerEntry } from '../standin/ledger.ts';
import { STANDIN_KEY, type Stack } from '../stack.ts';
import { contactOf, DISCOVERY, pick, startUnpaced, STRATEGY, until, Visitor } from './visitor.ts';

type Example = 'contact' | 'answers' | 'disqualify' | 'dates' | 'dates for hosts' | 'call' | 'call with contact fields';

/** Every difference between the guide's examples and what is sent, with its reason. */
const TABLE: readonly { example: Example; field: string; is: 'added' | 'differs' | 'not sent'; because: string }[] = [
  { example: 'contact', field: 'phoneNumber', is: 'added', because: 'the event asks for it; the guide names it' },
  { example: 'contact', field: 'linkPrefix', is: 'added', because: 'the event that the lead came from' },
  { example: 'contact', field: 'utm', is: 'added', because: 'the only place for attribution' },
  { example: 'contact', field: 'referrerUrl', is: 'added', because: 'attribution' },
  { example: 'contact', field: 'timeZone', is: 'added', because: 'whoever calls wants to know' },
  { example: 'contact', field: 'country', is: 'added', because: 'whoever calls wants to know' },
  { example: 'contact', field: 'ipAddress', is: 'added', because: 'for the block list of the account' },
  {
    example: 'dates',
    field: 'timeZone',
    is: 'differs',
    because: 'asked in UTC: one copy for everybody and no hour that exists twice',
  },
  { example: 'dates for hosts', field: 'timeZone', is: 'differs', because: 'as above' },
  {
    example: 'call',
    field: 'secondaryQuestionsAnswer',
    is: 'differs',
    because: 'the same answers as were stored: whether a booking without them is refused is not known',
  },
  {
    example: 'call with contact fields',
    field: '*',
    is: 'not sent',
    because: 'the contact exists by then; its id is the other of the two ways',
  },
];

/** What the visitor of these tests gives; the guide's Jane. */
const JANE = { first_name: 'Jane', last_name: 'Doe', email: 'jane.doe@example.com', phone: '+12025551234' };
const ROUTED = `${hostIds.zed},${hostIds.mia}`;

let stack: Stack;
let jane: { contactId: number; startsAt: string };
let disqualifiedId: number;

before(async () => {
  stack = await startUnpaced({
    vars: { EVENTS: { [DISCOVERY]: { questions: ['company-size'] }, [STRATEGY]: { questions: ['company-size'] } } },
  });
  // Jane is routed, as in the guide's second half.
  const visitor = new Visitor(stack, { ip: '192.168.1.1' });
  await visitor.open();
  await visitor.contact(JANE, {
    referrer: 'https://example.com/referral',
    tracking: { utm_source: 'google' },
    timeZone: 'America/New_York',
  });
  await visitor.get(`/api/v1/slots?event=${DISCOVERY}&month=${new Date().toISOString().slice(0, 7)}`);
  const accepted = await visitor.answers({ 'company-size': ['51-200'] });
  assert.equal(accepted.body.stage, 'times', accepted.text);
  const startsAt = pick(await visitor.times());
  const booked = await visitor.book(startsAt, 'America/New_York');
  assert.equal(booked.status, 201, booked.text);
  jane = { contactId: contactOf(stack, JANE.email).id, startsAt };
  // Somebody else is disqualified.
  const other = new Visitor(stack, { event: STRATEGY });
  const email = 'joe.doe@example.com';
  await other.open();
  await other.contact({ first_name: 'Joe', last_name: 'Doe', email });
  await other.answers({ 'company-size': ['1-10'] });
  const held = contactOf(stack, email);
  await until(() => held.status === 'DISQUALIFIED', 'DISQUALIFIED');
  disqualifiedId = held.id;
});
after(() => stack.close());

/** The guide's `1, 2` in its own list of conditions: order carries no meaning. */
const byType = (list: unknown) =>
  [...(list as { type: string; answer: string }[])].sort((a, b) => (a.type < b.type ? -1 : 1));

interface Case {
  example: Example;
  endpoint: string;
  /** Which of the calls to that endpoint. */
  find: (entry: LedgerEntry) => boolean;
  /** The guide's fields with its values in the terms of this account; a function judges the meaning itself. */
  guide: () => Record<string, unknown>;
}

const CASES: readonly Case[] = [
  {
    example: 'contact',
    endpoint: 'POST /v1/contacts',
    find: ({ contactId }) => contactId === jane.contactId,
    guide: () => ({ firstName: 'Jane', lastName: 'Doe', email: 'jane.doe@example.com' }),
  },
  {
    example: 'answers',
    endpoint: 'POST /v1/fields/inviteeAnswers',
    find: ({ contactId }) => contactId === jane.contactId,
    guide: () => ({
      linkPrefix: DISCOVERY,
      contactId: jane.contactId,
      inviteeQuestionAnswers: (sent: unknown) =>
        assert.deepEqual(
          byType(sent),
          byType([
            { type: 'EMAIL', answer: 'jane.doe@example.com' },
            { type: 'PHONE_NO', answer: '+12025551234' },
            { type: 'FIRST_NAME', answer: 'Jane' },
            { type: 'LAST_NAME', answer: 'Doe' },
          ]),
        ),
      secondaryQuestionsAnswer: [{ identifier: 'company-size', answer: ['51-200'] }],
    }),
  },
  {
    example: 'disqualify',
    endpoint: 'PUT /v1/contacts',
    find: ({ contactId }) => contactId === disqualifiedId,
    guide: () => ({ id: disqualifiedId, status: 'DISQUALIFIED' }),
  },
  {
    example: 'dates',
    endpoint: 'POST /v1/events/eventDates',
    find: ({ body }) => !('conditionalUsers' in (body as object)) && zoneOf(body) === 'UTC',
    guide: () => ({ linkPrefix: DISCOVERY, timeZone: 'America/New_York', currentDate: isDay }),
  },
  {
    example: 'dates for hosts',
    endpoint: 'POST /v1/events/eventDates',
    find: ({ body }) => 'conditionalUsers' in (body as object) && zoneOf(body) === 'UTC',
    guide: () => ({
      linkPrefix: DISCOVERY,
      timeZone: 'America/New_York',
      currentDate: isDay,
      conditionalUsers: ROUTED,
    }),
  },
  {
    example: 'call',
    endpoint: 'POST /v1/eventCalls',
    find: ({ contactId }) => contactId === jane.contactId,
    guide: () => ({
      linkPrefix: DISCOVERY,
      contactId: jane.contactId,
      dateTime: (sent: unknown) => {
        assert.match(String(sent), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/);
        assert.equal(Date.parse(String(sent)), Date.parse(jane.startsAt));
      },
      timeZone: 'America/New_York',
      conditionalUsers: ROUTED,
      secondaryQuestionsAnswer: [],
    }),
  },
];

const isDay = (sent: unknown) => assert.match(String(sent), /^\d{4}-\d\d-\d\d$/);
const zoneOf = (body: unknown) => (body as { timeZone?: string }).timeZone;

const used = new Set<object>();
function listed(example: Example, field: string, is: (typeof TABLE)[number]['is']): boolean {
  const row = TABLE.find((each) => each.example === example && each.field === field && each.is === is);
  if (row) used.add(row);
  return row !== undefined;
}

for (const { example, endpoint, find, guide } of CASES) {
  test(`the guide's example "${example}" ⇒ ${endpoint} with every field of the guide`, () => {
    const entries = stack.standin.ledger.requests(endpoint).filter(find);
    assert.ok(entries.length > 0, 'it was called');
    for (const { headers, body } of entries) {
      assert.match(headers['content-type'] ?? '', /^application\/json/);
      const sent = body as Record<string, unknown>;
      for (const [field, value] of Object.entries(guide())) {
        assert.ok(field in sent, `the guide's ${field} is sent`);
        try {
          if (typeof value === 'function') value(sent[field]);
          else assert.deepEqual(sent[field], value);
        } catch (difference) {
          if (!listed(example, field, 'differs')) throw difference;
        }
      }
      for (const field of Object.keys(sent)) {
        if (!(field in guide())) assert.ok(listed(example, field, 'added'), `${field} is not in the guide`);
      }
    }
  });
}

test('the form of a booking that upserts the contact is not used', () => {
  assert.ok(listed('call with contact fields', '*', 'not sent'));
  for (const { body } of stack.standin.ledger.requests('POST /v1/eventCalls')) {
    for (const field of ['firstName', 'lastName', 'email', 'phoneNumber']) assert.ok(!(field in (body as object)));
  }
});

test('every request carries the key as the guide writes it', async () => {
  assert.ok(STANDIN_KEY.startsWith('iclosed_'));
  for (const { keyState, endpoint } of stack.standin.ledger.entries) assert.equal(keyState, 'valid', endpoint);
});

test('no call goes to a method or path that iClosed does not have', () => {
  assert.deepEqual(stack.standin.ledger.unexpected(), []);
});

test('every row of the table is still needed', () => {
  assert.deepEqual(
    TABLE.filter((row) => !used.has(row)).map(({ example, field }) => `${example}: ${field}`),
    [],
  );
});
