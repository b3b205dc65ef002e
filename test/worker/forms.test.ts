/**
 * Consents, guests and hidden questions over HTTP: a required consent that was not given stops the contact at the door, with
 * nothing kept and nothing sent; what was given stands in a note; guests are in the call; a hidden answer is judged like any other.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ANSWER_CHARACTERS, LONG_ANSWERS_AT_MOST } from '../../shared/limits.ts';
import type { Stack } from '../stack.ts';
import {
  assertProblem,
  bodies,
  contactOf,
  DISCOVERY,
  person,
  pick,
  PLAIN_ANSWERS,
  startUnpaced,
  STRATEGY,
  until,
  Visitor,
} from './visitor.ts';

const PRIVACY = 'https://acme.example/privacy';
const TERMS = 'I accept the [privacy notice].';
const TERMS_DE = 'Ich nehme die [Hinweise] zum Datenschutz an.';

/** Fields of the account that have no options. */
const LONG = ['anything-else', 'role', 'website', 'seats', 'start-date'];

let stack: Stack;
before(async () => {
  stack = await startUnpaced({
    vars: {
      EVENTS: {
        [DISCOVERY]: {
          consents: [
            { id: 'terms', text: { en: TERMS, de: TERMS_DE }, required: true, link: PRIVACY },
            { id: 'news', text: 'You may write to me.' },
          ],
          legal: [{ text: '[Terms]', link: 'https://acme.example/terms' }],
          maxGuests: 2,
          questions: ['company-size', 'monthly-revenue', { identifier: 'website', hidden: true, required: true }],
        },
        [STRATEGY]: { questions: LONG.map((identifier) => ({ identifier, type: 'long_text' })) },
      },
    },
  });
});
after(() => stack.close());

const ANSWERS = { ...PLAIN_ANSWERS, website: ['acme.com'] };

test('the event ⇒ consents with texts, links and steps; the guests’ field is last', async () => {
  const { event } = await new Visitor(stack).open();
  assert.deepEqual(event.consents, [
    { id: 'consent-terms', type: 'consent', label: TERMS, required: true, link: PRIVACY },
    { id: 'consent-news', type: 'consent', label: 'You may write to me.', required: false },
  ]);
  assert.deepEqual(event.legal, [{ id: 'legal-1', label: '[Terms]', link: 'https://acme.example/terms' }]);
  assert.equal(event.texts?.de?.['label-consent-terms'], TERMS_DE);
  assert.equal(event.questions.at(-1)?.id, 'additional-guests');
  assert.deepEqual(event.steps, [['company-size', 'monthly-revenue']]);
});

test('a required consent missing ⇒ refused at the box, nothing kept, nothing sent; then given ⇒ taken', async () => {
  const visitor = new Visitor(stack);
  await visitor.open();
  const contact = person();
  for (const consents of [undefined, {}, { 'consent-terms': ' ' }, { 'consent-news': 'You may write to me.' }]) {
    const reply = await visitor.send('contact', { contact, ...(consents ? { consents } : {}) });
    assertProblem(reply, 'invalid_fields', JSON.stringify(consents));
    assert.deepEqual(reply.body.fields, { 'consent-terms': 'required' });
  }
  assertProblem(await visitor.read(), 'attempt_unknown', 'nothing was kept');
  assert.deepEqual(stack.standin.ledger.contactsOf(contact.email ?? ''), []);
  const taken = await visitor.send('contact', { contact, consents: { 'consent-terms': TERMS } });
  assert.equal(taken.status, 200, taken.text);
  await until(() => stack.standin.ledger.contactsOf(contact.email ?? '').length, 'the contact at iClosed');
});

test('what was ticked ⇒ a note with the text that was shown and the time', async () => {
  const visitor = new Visitor(stack);
  await visitor.open();
  const contact = person();
  const since = Date.now();
  const consents = { 'consent-terms': TERMS_DE, 'consent-news': 'You may call me.' };
  assert.equal((await visitor.send('contact', { contact, consents })).status, 200);
  const note = await until(
    () => stack.standin.ledger.contactsOf(contact.email ?? '')[0]?.notes[0]?.note,
    'the note at the contact',
  );
  const [title, terms = '', news = ''] = note.split('\n');
  assert.equal(title, 'Consent given in the booking form:');
  assert.equal(terms.slice(18), `terms: "Ich nehme die Hinweise zum Datenschutz an." ${PRIVACY}`);
  assert.equal(news.slice(18), 'news: "You may call me." (not a text of the present configuration)');
  const at = Date.parse(terms.slice(0, 17));
  assert.ok(at > since - 120_000 && at <= Date.now(), terms);
  assert.equal(contactOf(stack, contact.email ?? '').notes.length, 1);
});

async function answered(answers: Record<string, string[]>) {
  const visitor = new Visitor(stack);
  await visitor.open();
  await visitor.send('contact', { contact: person(), consents: { 'consent-terms': TERMS } });
  return { visitor, reply: await visitor.answers(answers) };
}

const GUESTS = 'Bo Li <bo@guests.example>\ncy@guests.example';

test('guests ⇒ in the call with names, in no answer at iClosed, back after a reload', async () => {
  const { visitor, reply } = await answered({ ...ANSWERS, 'additional-guests': [GUESTS] });
  assert.equal(reply.body.stage, 'times', reply.text);
  assert.deepEqual((await visitor.read()).body.answers?.['additional-guests'], [GUESTS]);
  const booked = await visitor.book(pick(await visitor.times()));
  assert.equal(booked.status, 201, booked.text);
  const call = bodies(stack, 'POST /v1/eventCalls').at(-1);
  assert.deepEqual(call?.additionalGuests, [
    { email: 'bo@guests.example', name: 'Bo Li' },
    { email: 'cy@guests.example', name: 'cy' },
  ]);
  assert.ok(!JSON.stringify(bodies(stack, 'POST /v1/fields/inviteeAnswers')).includes('guests.example'));
});

for (const [name, guests] of [
  ['no address', 'Bo Li'],
  ['too many', 'a@guests.example, b@guests.example, c@guests.example'],
]) {
  test(`guests: ${name} ⇒ said at the field, nothing asked of iClosed`, async () => {
    const before = bodies(stack, 'POST /v1/fields/inviteeAnswers').length;
    const { reply } = await answered({ ...ANSWERS, 'additional-guests': [guests ?? ''] });
    assertProblem(reply, 'invalid_fields');
    assert.deepEqual(reply.body.fields, { 'additional-guests': 'invalid' });
    assert.equal(bodies(stack, 'POST /v1/fields/inviteeAnswers').length, before);
  });
}

test('other guests under the same number ⇒ another payload; with the next number ⇒ the newest count', async () => {
  const { visitor } = await answered({ ...ANSWERS, 'additional-guests': ['bo@guests.example'] });
  const other = { ...ANSWERS, 'additional-guests': ['di@guests.example'] };
  assertProblem(await visitor.send('answers', { answers: other, seq: 1 }), 'attempt_settled');
  assert.equal((await visitor.send('answers', { answers: other, seq: 2 })).status, 200);
  assert.equal((await visitor.book(pick(await visitor.times()))).status, 201);
  const call = bodies(stack, 'POST /v1/eventCalls').at(-1);
  assert.deepEqual(call?.additionalGuests, [{ email: 'di@guests.example', name: 'di' }]);
});

test('a hidden required answer ⇒ missing like any other, judged like any other, sent like any other', async () => {
  const missing = (await answered(PLAIN_ANSWERS)).reply;
  assertProblem(missing, 'answers_incomplete');
  assert.deepEqual(missing.body.fields, { website: 'required' });
  const wrong = (await answered({ ...PLAIN_ANSWERS, website: ['javascript:alert(1)'] })).reply;
  assertProblem(wrong, 'invalid_fields');
  assert.deepEqual(wrong.body.fields, { website: 'invalid' });
  assert.equal((await answered(ANSWERS)).reply.status, 200);
  const sent = bodies(stack, 'POST /v1/fields/inviteeAnswers').at(-1)?.secondaryQuestionsAnswer;
  assert.ok(JSON.stringify(sent).includes('https://acme.com'), JSON.stringify(sent));
});

for (const [script, letter] of [
  ['Arabic', 'م'],
  ['Chinese', '約'],
] as const) {
  const full = letter.repeat(ANSWER_CHARACTERS);

  test(`every long answer filled to its end in ${script} ⇒ taken and sent whole`, async () => {
    const visitor = new Visitor(stack, { event: STRATEGY });
    await visitor.open();
    await visitor.contact(person());
    const reply = await visitor.answers(Object.fromEntries(LONG.map((id) => [id, [full]])));
    assert.equal(reply.body.stage, 'times', reply.text);
    const sent = bodies(stack, 'POST /v1/fields/inviteeAnswers').at(-1)?.secondaryQuestionsAnswer;
    assert.equal((sent as unknown[]).filter((each) => JSON.stringify(each).includes(full)).length, LONG.length);
  });

  test(`as many as a form may hold in ${script}, one character too many each ⇒ said at each field`, async () => {
    const visitor = new Visitor(stack, { event: STRATEGY });
    await visitor.open();
    await visitor.contact(person());
    const others = Array.from({ length: LONG_ANSWERS_AT_MOST - LONG.length }, (_, index) => `other-${index}`);
    const reply = await visitor.answers(Object.fromEntries([...LONG, ...others].map((id) => [id, [`${full}.`]])));
    assertProblem(reply, 'invalid_fields');
    for (const id of LONG) assert.equal(reply.body.fields?.[id], 'too_long');
  });
}

test('what would suit a visitor who found no time ⇒ a note of the contact; beside a call ⇒ nothing', async () => {
  const visitor = new Visitor(stack);
  const who = person();
  await visitor.open();
  await visitor.send('contact', { contact: who, consents: { 'consent-terms': TERMS } });
  await visitor.answers(ANSWERS);
  assertProblem(await visitor.send('wish', { text: '  ' }), 'invalid_request');
  assertProblem(await visitor.send('wish', { text: 'x'.repeat(501) }), 'invalid_request');
  const reply = await visitor.send('wish', { text: 'Mondays before ten', seq: 1 });
  assert.equal(reply.status, 200, reply.text);
  assert.equal((await visitor.send('wish', { text: 'Mondays before ten', seq: 1 })).status, 200);
  const notes = () => contactOf(stack, who.email as string)?.notes.filter(({ note }) => /Would suit/.test(note)) ?? [];
  await until(() => notes().length > 0, 'the note');
  assert.equal(notes().length, 1);
  await visitor.book(pick(await visitor.times()));
  assertProblem(await visitor.send('wish', { text: 'Tuesdays', seq: 2 }), 'attempt_settled');
});
