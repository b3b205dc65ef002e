/** Booking and searching: the payloads, what counts as booked, and when an absence is proven. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Failure } from '../../worker/iclosed/failure.ts';
import { bookCall, isAboutGuests, readBookAnswer } from '../../worker/iclosed/calls.ts';

const AT = Date.parse('2026-12-01T09:00:00Z');
const order = {
  event: 'acme/x',
  contactId: 7,
  startsAt: AT,
  timeZone: 'Europe/Berlin',
  hosts: '3,4',
  secondary: [],
  guests: [],
};

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
  const guests = [{ email: 'bo@acme.example', name: 'Bo' }];
  assert.deepEqual((bookCall({ ...order, guests }).body as { additionalGuests?: object }).additionalGuests, guests);
});

const complaints: [Pick<Failure, 'text'> & Partial<Failure>, boolean][] = [
  [{ text: 'x', fields: ['additionalGuests'] }, true],
  [{ text: 'Guest email is not valid' }, true],
  [{ text: '', code: 'TOO_MANY_GUESTS' }, true],
  [{ text: 'This slot is not available', fields: ['dateTime'] }, false],
];
for (const [failure, expected] of complaints) {
  test(`${JSON.stringify(failure)} ⇒ ${expected ? '' : 'not '}about the guests`, () =>
    assert.equal(isAboutGuests({ kind: 'validation', certain: false, ...failure }), expected));
}

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
