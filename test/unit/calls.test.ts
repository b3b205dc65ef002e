/** Booking and searching: the payloads, what counts as booked, and when an absence is proven. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bookCall, readBookAnswer, readSearch, searchCalls } from '../../worker/iclosed/calls.ts';

const AT = Date.parse('2026-12-01T09:00:00Z');
const order = { event: 'acme/x', contactId: 7, startsAt: AT, timeZone: 'Europe/Berlin', hosts: '3,4', secondary: [] };

test('an order ⇒ the instant with a literal Z, the visitor’s zone, the routed hosts, the answers even if none', () => {
  assert.deepEqual(bookCall(order).body, {
    linkPrefix: 'acme/x',
    contactId: 7,
    dateTime: '2026-12-01T09:00:00.000Z',
    timeZone: 'Europe/Berlin',
    conditionalUsers: '3,4',
    secondaryQuestionsAnswer: [],
  });
  assert.ok(!('conditionalUsers' in (bookCall({ ...order, hosts: '' }).body as object)));
});

const call = {
  id: 900,
  previewId: 'call_9',
  startTime: '2026-12-01T09:00:00.000Z',
  endTime: '2026-12-01T09:30:00.000Z',
  closerName: 'Sam Host',
  closerEmail: 'sam@acme.example',
  token: 'secret',
  confirmationLink: 'www.google.com',
};
const nested = (inner: object) => ({ data: { eventCall: inner } });
const booked: [string, unknown, string][] = [
  ['the documented answer', nested({ message: 'ok', status: 200, data: call }), 'booked 900 call_9'],
  ['a flat call', nested(call), 'booked 900 call_9'],
  ['a call in data', { data: call }, 'booked 900 call_9'],
  ['a bare call', call, 'booked 900 call_9'],
  ['a number in digits', nested({ status: 201, data: { ...call, id: '900' } }), 'booked 900 call_9'],
  ['only an id', nested({ status: 200, data: { id: 901 } }), 'booked 901 '],
  ['an inner refusal', nested({ message: 'Slot taken', status: 409 }), 'refused Slot taken'],
  ['an inner refusal with data', nested({ status: '400', data: {} }), 'refused '],
  ['an inner success without a call', nested({ message: 'ok', status: 200, data: {} }), 'unclear'],
  ['an id that is none', nested({ status: 200, data: { id: 'call_9' } }), 'unclear'],
  ['nothing', {}, 'unclear'],
  ['a list', { data: [] }, 'unclear'],
  ['no JSON object', null, 'unclear'],
];
for (const [name, body, expected] of booked) {
  test(`a 2xx with ${name} ⇒ ${expected}`, () => {
    const answer = readBookAnswer(body, AT);
    const text =
      answer.kind === 'booked'
        ? `booked ${answer.call.callId} ${answer.call.bookingId ?? ''}`
        : answer.kind === 'refused'
          ? `refused ${answer.text}`
          : 'unclear';
    assert.equal(text, expected);
  });
}

test('a booked call ⇒ only what is named: no token, no address of the host', () => {
  const answer = readBookAnswer(nested({ status: 200, data: call }), AT);
  assert.deepEqual(answer, {
    kind: 'booked',
    call: {
      callId: 900,
      bookingId: 'call_9',
      startsAt: AT,
      endsAt: AT + 1_800_000,
      host: 'Sam Host',
      redirect: 'www.google.com',
    },
  });
});

test('iClosed booked another instant ⇒ that instant; none named or without a zone ⇒ the one that was asked for', () => {
  const start = (startTime: unknown) => {
    const answer = readBookAnswer(nested({ data: { ...call, startTime } }), AT);
    return answer.kind === 'booked' ? answer.call.startsAt : undefined;
  };
  assert.equal(start('2026-12-01T10:00:00+00:00'), AT + 3_600_000);
  assert.equal(start(undefined), AT);
  assert.equal(start('2026-12-01 10:00'), AT);
});

test('a search ⇒ this contact, newest first, created from then on', () => {
  const { endpoint, query } = searchCalls(7, AT);
  assert.equal(endpoint, 'GET /v1/eventCalls');
  assert.deepEqual(query, {
    contactId: '7',
    eventType: 'ALL',
    createdAtStart: '2026-12-01T09:00:00.000Z',
    orderColumn: 'createdAt',
    orderBy: 'desc',
    limit: '50',
    page: '0',
  });
});

const row = { id: 900, contactId: 7, linkPrefix: 'acme/x', dateTimeUTC: '2026-12-01T09:00:00.000Z' };
const many = (count: number, each: object) => Array.from({ length: count }, (_, at) => ({ ...each, id: at + 1 }));
const later = { ...row, dateTimeUTC: '2026-12-02T09:00:00.000Z' };
const searches: [string, unknown, 'found' | 'absent' | 'unproven'][] = [
  ['the call', { data: { eventCalls: [row], count: 1 } }, 'found'],
  [
    'the call under callId, event nested',
    {
      data: {
        eventCalls: [
          { callId: 900, contactId: '7', event: { linkPrefix: 'acme/x' }, dateTimeUTC: '2026-12-01T09:00:00Z' },
        ],
      },
    },
    'found',
  ],
  ['the call without an event', { data: { eventCalls: [{ ...row, linkPrefix: undefined }] } }, 'found'],
  ['the call among strangers', { data: { eventCalls: [{ ...row, contactId: 8 }, row] } }, 'found'],
  ['the call in a full page', { data: { eventCalls: [...many(49, later), row] } }, 'found'],
  ['nothing', { data: { eventCalls: [], count: 0 } }, 'absent'],
  ['nothing, at the root', { eventCalls: [] }, 'absent'],
  ['another time of this contact', { data: { eventCalls: [later] } }, 'absent'],
  ['another event of this contact', { data: { eventCalls: [{ ...row, linkPrefix: 'acme/y' }] } }, 'absent'],
  ['the call, cancelled', { data: { eventCalls: [{ ...row, cancelledBy: 'x' }] } }, 'absent'],
  ['49 other calls', { data: { eventCalls: many(49, later) } }, 'absent'],
  ['50 other calls', { data: { eventCalls: many(50, later) } }, 'unproven'],
  ['a stranger’s call', { data: { eventCalls: [{ ...later, contactId: 8 }] } }, 'unproven'],
  ['a stranger’s call at this time', { data: { eventCalls: [{ ...row, contactId: 8 }] } }, 'unproven'],
  ['a call of nobody', { data: { eventCalls: [{ ...later, contactId: undefined }] } }, 'unproven'],
  [
    'a call of this contact without a readable time',
    { data: { eventCalls: [{ ...row, dateTimeUTC: null }] } },
    'unproven',
  ],
  ['a call of this contact without an id', { data: { eventCalls: [{ ...row, id: undefined }] } }, 'unproven'],
  ['no list', { data: { count: 0 } }, 'unproven'],
  ['null', null, 'unproven'],
  ['text', '<html>', 'unproven'],
];
for (const [name, body, expected] of searches) {
  test(`a search that gives ${name} ⇒ ${expected}`, () => {
    const answer = readSearch(body, { contactId: 7, event: 'acme/x', startsAt: AT });
    assert.equal(answer.kind, expected);
    if (answer.kind === 'found') assert.equal(answer.call.callId, 900);
  });
}

test('a found call ⇒ its end from duration and unit', () => {
  const end = (facts: object) => {
    const answer = readSearch({ eventCalls: [{ ...row, ...facts }] }, { contactId: 7, event: 'acme/x', startsAt: AT });
    return answer.kind === 'found' ? answer.call.endsAt : 'not found';
  };
  assert.equal(end({ duration: 45, durationUnit: 'MINUTES' }), AT + 45 * 60_000);
  assert.equal(end({ duration: '2', durationUnit: 'HOURS' }), AT + 2 * 3_600_000);
  assert.equal(end({}), undefined);
});
