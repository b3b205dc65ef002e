/**
 * A visitor books, straight through: what reaches iClosed for every kind of event, name, status and way of asking. The judge is
 * the stand-in's account.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { QuestionType } from '../standin/events.ts';
import { knownPeople } from '../standin/known-people.ts';
import type { Stack } from '../stack.ts';
import { changeQuestions } from './account.ts';
import {
  bodies,
  contactOf,
  DISCOVERY,
  DISQUALIFYING_ANSWERS,
  freshEmail,
  PLAIN_ANSWERS,
  person,
  pick,
  startUnpaced,
  STRATEGY,
  until,
  Visitor,
} from './visitor.ts';

let stack: Stack;
before(async () => {
  stack = await startUnpaced({
    // Events share hosts: without this a booking of one test takes the time of another.
    standin: { settings: { availability: { multiBooking: true } } },
    vars: {
      EVENTS: {
        [STRATEGY]: { questions: ['company-size', { customFieldId: 7002 }, { identifier: 'seats', required: false }] },
      },
    },
  });
});
after(async () => {
  const { ledger } = stack.standin;
  // Known people come more than once, each time in a new attempt and for another time.
  const doubles = ledger.doubles().filter(({ kind, email }) => kind === 'same_instant' || email?.startsWith('vera'));
  const unexpected = ledger.unexpected();
  await stack.close();
  assert.deepEqual(doubles, []);
  assert.deepEqual(unexpected, []);
});

/** What was sent to an endpoint about this contact. */
const sentAbout = (endpoint: string, contactId: number) =>
  stack.standin.ledger
    .requests(endpoint)
    .filter((entry) => entry.contactId === contactId)
    .map(({ body }) => body as Record<string, unknown>);

describe('from the page to the call', () => {
  test('a visitor gives contact and answers, picks a time and is booked, with the call as iClosed returned it', async () => {
    const visitor = new Visitor(stack);
    const contact = person();
    const startsAt = pick(await visitor.toTimes(contact));
    const booked = await visitor.book(startsAt, 'Asia/Kolkata');
    assert.equal(booked.status, 201, booked.text);
    assert.equal(booked.body.stage, 'booked');
    const [call, ...others] = stack.standin.ledger.callsOf(contact.email ?? '');
    assert.ok(call);
    assert.equal(others.length, 0);
    assert.equal(call.startsAt, Date.parse(startsAt));
    assert.equal(call.timeZone, 'Asia/Kolkata');
    const { booking } = booked.body;
    assert.equal(booking?.bookingId, call.previewId);
    assert.equal(booking?.startsAt, startsAt);
    assert.equal(Date.parse(booking?.endsAt ?? ''), call.startsAt + 30 * 60_000);
    assert.match(booking?.host ?? '', /^(Zed Harper|Mia Lindqvist|Kenji Sato)$/);
    const arrival = new URL(booking?.redirect ?? '');
    assert.equal(arrival.origin + arrival.pathname, 'https://www.acme.example/thank-you');
    assert.deepEqual(Object.fromEntries(arrival.searchParams), {
      previewId: call.previewId,
      event_start_time: startsAt,
    });
    assert.equal(booking?.askedStartsAt, undefined);
  });

  test('reading after the booking, as a reloaded page does, tells the same and gives the contact masked', async () => {
    const visitor = new Visitor(stack);
    const contact = person({ email: freshEmail('jane') });
    const startsAt = pick(await visitor.toTimes(contact));
    const booked = await visitor.book(startsAt);
    const again = await visitor.read();
    assert.equal(again.status, 200);
    const { manage: _, ...booking } = booked.body.booking ?? {};
    const { manage: __, ...read } = again.body.booking ?? {};
    assert.deepEqual(read, booking);
    assert.deepEqual(again.body.answers, PLAIN_ANSWERS);
    assert.equal(again.body.contact?.email, 'j•••@visitors.example');
    assert.ok(!again.text.includes(contact.phone ?? '?'));
  });

  test('after a reload before the answers the visitor goes on where the page was', async () => {
    const visitor = new Visitor(stack);
    await visitor.open();
    await visitor.contact(person());
    const state = await visitor.read();
    assert.equal(state.body.stage, 'answers');
    await visitor.answers(PLAIN_ANSWERS);
    assert.equal((await visitor.read()).body.stage, 'times');
  });

  test('a call carries the same answers as were stored', async () => {
    const visitor = new Visitor(stack);
    const contact = person();
    const startsAt = pick(await visitor.toTimes(contact));
    await visitor.book(startsAt);
    const { id } = contactOf(stack, contact.email ?? '');
    const [answers] = sentAbout('POST /v1/fields/inviteeAnswers', id);
    const [call] = sentAbout('POST /v1/eventCalls', id);
    assert.ok(answers && call);
    assert.deepEqual(call.secondaryQuestionsAnswer, answers.secondaryQuestionsAnswer);
  });
});

describe('events that ask for other contact details', () => {
  test('an event that asks for a phone number only books by phone, written as E.164', async () => {
    const visitor = new Visitor(stack, { event: 'acme/phone-only', country: 'GB' });
    const described = await visitor.open();
    assert.deepEqual(
      described.event.contact.map(({ type }) => type),
      ['first_name', 'phone'],
    );
    const startsAt = pick(await visitor.toTimes({ first_name: 'Ann', phone: '020 7946 0958' }, {}));
    assert.equal((await visitor.book(startsAt)).status, 201);
    const contact = stack.standin.ledger.contacts().find(({ phoneNumber }) => phoneNumber === '+442079460958');
    assert.ok(contact);
    assert.equal(contact.email, null);
    assert.deepEqual([contact.firstName, contact.lastName], ['Ann', 'Ann']);
    assert.equal(contact.primaryAnswers.get('PHONE_NO'), '+442079460958');
  });

  test('an event that asks for an e-mail only books without a name', async () => {
    const email = freshEmail();
    const visitor = new Visitor(stack, { event: 'acme/email-only' });
    const startsAt = pick(await visitor.toTimes({ email }, {}));
    assert.equal((await visitor.book(startsAt)).status, 201);
    const { id, primaryAnswers } = contactOf(stack, email);
    assert.deepEqual([...primaryAnswers], [['EMAIL', email]]);
    const [created] = bodies(stack, 'POST /v1/contacts').filter((body) => body.email === email);
    assert.ok(created && !('firstName' in created) && !('lastName' in created));
    assert.equal(sentAbout('POST /v1/eventCalls', id).length, 1);
  });

  test('an event that asks for one NAME gets it whole in the answers and split in the contact', async () => {
    const email = freshEmail();
    const visitor = new Visitor(stack, { event: 'acme/name-only' });
    const startsAt = pick(await visitor.toTimes({ name: 'Ana María López', email }, {}));
    assert.equal((await visitor.book(startsAt)).status, 201);
    const contact = contactOf(stack, email);
    assert.deepEqual([contact.firstName, contact.lastName], ['Ana María', 'López']);
    assert.equal(contact.primaryAnswers.get('NAME'), 'Ana María López');
    assert.ok(!contact.primaryAnswers.has('FIRST_NAME'));
  });

  const names = [
    ['Cher', 'Cher', 'Cher', undefined],
    ['Jean Luc Picard', 'Jean Luc', 'Picard', undefined],
    [
      'Maximiliana Konstantina Alexandra Freifrau Grafenberg',
      'Maximiliana Konstantina',
      'Grafenberg',
      'Maximiliana Konstantina Alexandra Freifrau Grafenberg',
    ],
    [
      'Bo Wolfeschlegelsteinhausenbergerdorff',
      'Bo',
      'Wolfeschlegelsteinhausenb',
      'Bo Wolfeschlegelsteinhausenbergerdorff',
    ],
  ] as const;
  for (const [name, firstName, lastName, note] of names) {
    test(`the name "${name}" ⇒ ${firstName} | ${lastName}${note ? ', whole in a note' : ''}`, async () => {
      const email = freshEmail();
      const visitor = new Visitor(stack, { event: 'acme/name-only' });
      await visitor.toTimes({ name, email }, {});
      const contact = contactOf(stack, email);
      assert.deepEqual([contact.firstName, contact.lastName], [firstName, lastName]);
      if (note) {
        await until(() => contact.notes.some((each) => each.note.includes(note)), 'a note with the whole name');
      } else assert.equal(contact.notes.length, 0);
    });
  }
});

describe('what the contact carries', () => {
  test('campaign, click ids and variant are in utm; referrer, zone, country and address beside it', async () => {
    const visitor = new Visitor(stack, { ip: '203.0.113.77', country: 'DE' });
    const contact = person();
    await visitor.open();
    await visitor.contact(contact, {
      url: 'https://www.example.com/landing',
      referrer: 'https://www.google.com/',
      tracking: { utm_source: 'google', utm_campaign: 'spring sale & more', gclid: 'Cj0K_abc-123', fbclid: 'IwAR0' },
      variant: 'b',
      timeZone: 'Europe/Berlin',
      locale: 'de-DE',
    });
    const held = await until(() => stack.standin.ledger.contactsOf(contact.email ?? '')[0], 'the contact');
    assert.deepEqual(Object.fromEntries(new URLSearchParams(held.utm ?? '')), {
      utm_source: 'google',
      utm_campaign: 'spring sale & more',
      gclid: 'Cj0K_abc-123',
      fbclid: 'IwAR0',
      variant: 'b',
    });
    assert.equal(held.referrerUrl, 'https://www.google.com/');
    assert.equal(held.timeZone, 'Europe/Berlin');
    assert.equal(held.country, 'DE');
    assert.equal(held.ipAddress, '203.0.113.77');
    assert.equal(held.linkPrefix, DISCOVERY);
  });

  test('facts of the page that iClosed would refuse are left out and the lead is kept', async () => {
    const visitor = new Visitor(stack);
    const contact = person();
    await visitor.open();
    const page = { timeZone: 'Mars/Olympus', tracking: { utm_source: 7 }, referrer: 12, variant: 'x'.repeat(500) };
    const reply = await visitor.send('contact', { contact, page });
    assert.equal(reply.status, 200, reply.text);
    const accepted = await visitor.answers(PLAIN_ANSWERS);
    assert.equal(accepted.body.stage, 'times', accepted.text);
    contactOf(stack, contact.email ?? '');
  });

  test('an address typed letter by letter and corrected leaves one contact, with the last spelling', async () => {
    const visitor = new Visitor(stack);
    await visitor.open();
    const before = stack.standin.ledger.contacts().length;
    const base = freshEmail('letters').replace('.example', '');
    const { phone, ...fields } = person();
    const spellings = ['.ex', '.exa', '.exampl', '.exmaple', '.example'].map((end) => `${base}${end}`);
    for (const email of spellings) {
      const reply = await visitor.contact({ ...fields, email, phone: phone ?? '' });
      assert.equal(reply.status, 200, reply.text);
    }
    const accepted = await visitor.answers(PLAIN_ANSWERS);
    assert.equal(accepted.body.stage, 'times', accepted.text);
    assert.equal(stack.standin.ledger.contacts().length, before + 1);
    contactOf(stack, spellings.at(-1) ?? '');
  });

  test('corrections that overtake each other leave one contact with the newest', async () => {
    const visitor = new Visitor(stack);
    await visitor.open();
    const before = stack.standin.ledger.contacts().length;
    const fields = person();
    const emails = Array.from({ length: 6 }, () => freshEmail('hasty'));
    await Promise.all(emails.map((email) => visitor.contact({ ...fields, email })));
    await visitor.answers(PLAIN_ANSWERS);
    assert.equal(stack.standin.ledger.contacts().length, before + 1);
    contactOf(stack, emails.at(-1) ?? '');
  });

  test('a correction to an address that iClosed knows already does not stop the visitor', async () => {
    const visitor = new Visitor(stack);
    await visitor.open();
    const fields = person();
    await visitor.contact(fields);
    await until(() => stack.standin.ledger.contactsOf(fields.email ?? '')[0], 'the contact');
    await visitor.contact({ ...fields, email: knownPeople.past.email });
    const accepted = await visitor.answers(PLAIN_ANSWERS);
    assert.equal(accepted.body.stage, 'times', accepted.text);
    const startsAt = pick(await visitor.times());
    assert.equal((await visitor.book(startsAt)).status, 201);
    assert.ok(
      stack.standin.ledger.callsOf(knownPeople.past.email).some((call) => call.startsAt === Date.parse(startsAt)),
    );
  });
});

describe('the status of a contact', () => {
  const statusCalls = (contactId: number) => sentAbout('PUT /v1/contacts', contactId).map(({ status }) => status);

  test('none is sent with the contact, QUALIFIED follows accepted answers, and nothing after the booking', async () => {
    const contact = person();
    const visitor = new Visitor(stack);
    const startsAt = pick(await visitor.toTimes(contact));
    const held = contactOf(stack, contact.email ?? '');
    await until(() => held.status === 'QUALIFIED', 'QUALIFIED');
    await visitor.book(startsAt);
    const [created] = sentAbout('POST /v1/contacts', held.id);
    assert.ok(created && !('status' in created));
    assert.deepEqual(statusCalls(held.id), ['QUALIFIED']);
  });

  test('a new contact is DISQUALIFIED once a rule fires', async () => {
    const contact = person();
    const visitor = new Visitor(stack);
    await visitor.open();
    await visitor.contact(contact);
    const reply = await visitor.answers(DISQUALIFYING_ANSWERS);
    assert.equal(reply.body.stage, 'disqualified', reply.text);
    const held = contactOf(stack, contact.email ?? '');
    await until(() => held.status === 'DISQUALIFIED', 'DISQUALIFIED');
    assert.deepEqual(statusCalls(held.id), ['DISQUALIFIED']);
  });

  const cases = [
    ['potential', PLAIN_ANSWERS, 'QUALIFIED', ['QUALIFIED']],
    ['qualified', PLAIN_ANSWERS, 'QUALIFIED', []],
    ['disqualified', PLAIN_ANSWERS, 'QUALIFIED', ['QUALIFIED']],
    ['customer', PLAIN_ANSWERS, 'CUSTOMER', []],
    ['customer', DISQUALIFYING_ANSWERS, 'CUSTOMER', []],
    ['potential', DISQUALIFYING_ANSWERS, 'DISQUALIFIED', ['DISQUALIFIED']],
  ] as const;
  for (const upsertStatus of ['keep', 'when_given'] as const) {
    for (const [who, answers, status, sent] of cases) {
      const kind = answers === PLAIN_ANSWERS ? 'accepted' : 'disqualifying';
      test(`somebody known as ${who} with ${kind} answers ⇒ ${status} (upsert: ${upsertStatus})`, async () => {
        stack.standin.model.change({ contacts: { upsertStatus } });
        const { email, phoneNumber } = knownPeople[who];
        const held = contactOf(stack, email);
        held.status = who.toUpperCase();
        const before = statusCalls(held.id).length;
        const visitor = new Visitor(stack);
        await visitor.open();
        await visitor.contact({ first_name: 'K', last_name: 'Known', email, phone: phoneNumber });
        const reply = await visitor.answers({ ...answers });
        assert.equal(reply.status, 200, reply.text);
        if (sent.length > 0) await until(() => statusCalls(held.id).length > before, 'the status call');
        if (answers === PLAIN_ANSWERS) {
          // The booking comes after the status in nothing but the plan: afterwards nothing may follow.
          const startsAt = pick(await visitor.times());
          assert.equal((await visitor.book(startsAt)).status, 201);
        }
        await until(() => held.status === status, status);
        assert.deepEqual(statusCalls(held.id).slice(before), [...sent]);
      });
    }
  }
});

describe('the ladder for events whose questions iClosed names otherwise', () => {
  /** Lets the stand-in's event ask other questions than it described to the Worker. */
  async function asking(prefix: string, types: readonly QuestionType[], run: () => Promise<void>): Promise<void> {
    const restore = changeQuestions(prefix, types);
    await run().finally(restore);
  }
  const prefix = 'acme/name-only';
  const typesSent = (contactId: number) =>
    stack.standin.ledger
      .requests('POST /v1/fields/inviteeAnswers')
      .map(({ body }) => body as { contactId: number; inviteeQuestionAnswers: { type: string }[] })
      .filter((body) => body.contactId === contactId)
      .map((body) => body.inviteeQuestionAnswers.map(({ type }) => type));

  for (const questionTypeError of ['message', 'code', 'error', 'nested'] as const) {
    test(`INVALID_INVITEE_QUESTION_TYPE in "${questionTypeError}" is answered without names`, async () => {
      stack.standin.model.change({ answers: { questionTypeError } });
      await new Visitor(stack, { event: prefix }).open();
      await asking(prefix, ['FIRST_NAME', 'EMAIL'], async () => {
        const email = freshEmail();
        const visitor = new Visitor(stack, { event: prefix });
        const startsAt = pick(await visitor.toTimes({ name: 'Lara Ladder', email }, {}));
        assert.equal((await visitor.book(startsAt)).status, 201);
        assert.deepEqual(typesSent(contactOf(stack, email).id), [['NAME', 'EMAIL'], ['EMAIL']]);
      });
    });
  }

  const rungs: [readonly QuestionType[], string[][]][] = [
    [['NAME'], [['NAME', 'EMAIL'], ['EMAIL'], ['NAME']]],
    [['PHONE_NO'], [['NAME', 'EMAIL'], ['EMAIL'], ['NAME'], []]],
  ];
  for (const [types, sent] of rungs) {
    test(`an event that really asks ${types.join()} is met on rung ${sent.length}`, async () => {
      stack.standin.model.change({ answers: { questionTypeError: 'message' } });
      await new Visitor(stack, { event: prefix }).open();
      await asking(prefix, types, async () => {
        const email = freshEmail();
        const visitor = new Visitor(stack, { event: prefix });
        await visitor.toTimes({ name: 'Lara Ladder', email }, {});
        assert.deepEqual(typesSent(contactOf(stack, email).id), sent);
      });
    });
  }
});

describe('secondary answers', () => {
  test('are addressed as they were configured, by identifier or by number, and always lists', async () => {
    const email = freshEmail();
    const visitor = new Visitor(stack, { event: STRATEGY });
    const startsAt = pick(
      await visitor.toTimes(
        { first_name: 'Sia', last_name: 'Second', email },
        { 'company-size': ['201-500'], 'monthly-revenue': ['Over $50k'], seats: ['12'] },
      ),
    );
    assert.equal((await visitor.book(startsAt)).status, 201);
    const expected = [
      { identifier: 'company-size', answer: ['201-500'] },
      { customFieldId: 7002, answer: ['Over $50k'] },
      { identifier: 'seats', answer: ['12'] },
    ];
    const contact = contactOf(stack, email);
    for (const endpoint of ['POST /v1/fields/inviteeAnswers', 'POST /v1/eventCalls']) {
      assert.deepEqual(sentAbout(endpoint, contact.id)[0]?.secondaryQuestionsAnswer, expected, endpoint);
    }
    assert.deepEqual(contact.answers.get(7007), ['12']);
  });

  test('of an event that its own detail ties to fields are addressed by number; a choice of several stays one list', async () => {
    const contact = person();
    await new Visitor(stack).toTimes(contact, { ...PLAIN_ANSWERS, goals: ['More leads', 'Less manual work'] });
    const [sent] = sentAbout('POST /v1/fields/inviteeAnswers', contactOf(stack, contact.email ?? '').id);
    assert.deepEqual(sent?.secondaryQuestionsAnswer, [
      { customFieldId: 7001, answer: ['11-50'] },
      { customFieldId: 7002, answer: ['$5k – $20k'] },
      { customFieldId: 7003, answer: ['More leads', 'Less manual work'] },
    ]);
  });

  test('of an event without questions are an empty list', async () => {
    const email = freshEmail();
    await new Visitor(stack, { event: 'acme/email-only' }).toTimes({ email }, {});
    const [sent] = sentAbout('POST /v1/fields/inviteeAnswers', contactOf(stack, email).id);
    assert.deepEqual(sent?.secondaryQuestionsAnswer, []);
  });
});
