/** Contacts: the payloads of the guide, what the answers hold, what a complaint is about, and that no status is lowered. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type ContactDelivery,
  type ContactStatus,
  correctContact,
  createContact,
  createContactMinimal,
  mayReplaceStatus,
  readContact,
  refusedContactFields,
  setContactStatus,
  writeContactNote,
} from '../../worker/iclosed/contacts.ts';

const delivery: ContactDelivery = {
  contact: { first_name: 'Ann', last_name: 'Lee', email: 'ann@example.com', phone: '+4930123456' },
  event: 'acme/discovery-call',
  tracking: { utm_source: 'news letter', gclid: 'x&y=z' },
  variant: 'b',
  referrer: 'https://ref.example/',
  timeZone: 'Europe/Berlin',
  country: 'DE',
  ip: '203.0.113.7',
};
const identity = { firstName: 'Ann', lastName: 'Lee', email: 'ann@example.com', phoneNumber: '+4930123456' };

test('a contact ⇒ the guide’s payload with attribution, and no status unless the owner wants one', () => {
  const call = createContact(delivery);
  assert.equal(call.endpoint, 'POST /v1/contacts');
  assert.deepEqual(call.body, {
    ...identity,
    linkPrefix: 'acme/discovery-call',
    utm: 'utm_source=news+letter&gclid=x%26y%3Dz&variant=b',
    referrerUrl: 'https://ref.example/',
    timeZone: 'Europe/Berlin',
    country: 'DE',
    ipAddress: '203.0.113.7',
  });
  assert.deepEqual(createContact({ ...delivery, status: 'POTENTIAL' }).body, {
    ...(call.body as object),
    status: 'POTENTIAL',
  });
});

test('what is not known is not sent, not even empty', () => {
  const { body } = createContact({ contact: { email: 'a@example.com' }, event: 'a/b', tracking: {} });
  assert.deepEqual(body, { email: 'a@example.com', linkPrefix: 'a/b' });
});

test('the smallest form, a correction, a status and a note ⇒ their payloads', () => {
  assert.deepEqual(createContactMinimal(delivery), { ...createContact(delivery), body: identity });
  const correction = correctContact(7, delivery.contact);
  assert.deepEqual([correction.endpoint, correction.body], ['PUT /v1/contacts', { id: 7, ...identity }]);
  const status = setContactStatus(7, 'QUALIFIED');
  assert.deepEqual([status.endpoint, status.body], ['PUT /v1/contacts', { id: 7, status: 'QUALIFIED' }]);
  const note = writeContactNote(7, 'Hello');
  assert.deepEqual([note.endpoint, note.body], ['POST /v1/contacts/notes', { contactId: 7, note: 'Hello' }]);
});

const contact = { id: 7, status: 'POTENTIAL', email: 'a@example.com' };
const bodies: [unknown, [id: number, status?: string] | undefined][] = [
  [{ data: { contact } }, [7, 'POTENTIAL']],
  [{ data: { contact: { data: contact } } }, [7, 'POTENTIAL']],
  [{ contact }, [7, 'POTENTIAL']],
  [{ data: contact }, [7, 'POTENTIAL']],
  [{ data: { data: contact } }, [7, 'POTENTIAL']],
  [contact, [7, 'POTENTIAL']],
  [{ data: { contact: { id: '7' } } }, [7]],
  [{ message: 'ok', status: 200, data: { contact } }, [7, 'POTENTIAL']],
  [{ data: { contact: { id: 'contact_1' } } }, undefined],
  [{ data: { contact: {} } }, undefined],
  [{ data: { contact: null } }, undefined],
  [{ data: [] }, undefined],
  [{}, undefined],
  [null, undefined],
  ['<html>', undefined],
];
for (const [body, expected] of bodies) {
  test(`${JSON.stringify(body)} ⇒ ${expected?.join(' ') ?? 'no contact'}`, () => {
    const read = readContact(body);
    assert.deepEqual(read && [read.id, ...(read.status ? [read.status] : [])], expected);
  });
}

const blocked: [object, boolean][] = [
  [{}, false],
  [{ blockedId: null, blockedByRecaptcha: false }, false],
  [{ blockedId: 3 }, true],
  [{ blockedByRecaptcha: true }, true],
];
for (const [facts, isBlocked] of blocked) {
  test(`${JSON.stringify(facts)} ⇒ ${isBlocked ? 'blocked' : 'not blocked'}`, () => {
    assert.equal(readContact({ data: { contact: { ...contact, ...facts } } })?.isBlocked, isBlocked);
  });
}

const complaints: [string[] | undefined, string, string[]][] = [
  [['email'], '', ['email']],
  [['phoneNumber'], '', ['phone']],
  [['firstName', 'lastName'], '', ['first_name', 'last_name']],
  [['email'], 'phone number is wrong', ['email']],
  [undefined, 'E-mail is not valid', ['email']],
  [undefined, 'Invalid phone number', ['phone']],
  [[], 'Email or phoneNumber required', ['email', 'phone']],
  [undefined, 'Something else', []],
];
for (const [names, text, fields] of complaints) {
  test(`${JSON.stringify(names)} “${text}” ⇒ ${fields.join(', ') || 'no field'}`, () => {
    assert.deepEqual(refusedContactFields(names, text), fields);
  });
}

const may: [string | undefined, ContactStatus, boolean][] = [
  [undefined, 'POTENTIAL', false],
  [undefined, 'QUALIFIED', true],
  [undefined, 'DISQUALIFIED', true],
  ['POTENTIAL', 'POTENTIAL', false],
  ['POTENTIAL', 'QUALIFIED', true],
  ['POTENTIAL', 'DISQUALIFIED', true],
  ['QUALIFIED', 'POTENTIAL', false],
  ['QUALIFIED', 'QUALIFIED', false],
  ['QUALIFIED', 'DISQUALIFIED', true],
  ['DISQUALIFIED', 'POTENTIAL', false],
  ['DISQUALIFIED', 'QUALIFIED', true],
  ['CUSTOMER', 'POTENTIAL', false],
  ['CUSTOMER', 'QUALIFIED', false],
  ['CUSTOMER', 'DISQUALIFIED', false],
  ['STRATEGY_CALL_BOOKED', 'QUALIFIED', false],
  ['WON', 'DISQUALIFIED', false],
];
for (const [current, wanted, allowed] of may) {
  test(`${current} to ${wanted} ⇒ ${allowed ? 'set' : 'left alone'}`, () => {
    assert.equal(mayReplaceStatus(current, wanted), allowed);
  });
}
