/**
 * Nothing leaks (P14): canaries stand in every field of iClosed that must not reach a visitor. Honest and hostile visits are
 * made, then every answer with its headers and every line of the log is searched. What is allowed must arrive, and a planted
 * leak must be found. Beside it: nothing tells whether iClosed knows a person (P15).
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { PATHS } from '../../shared/protocol.ts';
import { canaries, hostIds } from '../standin/canaries.ts';
import { knownPeople } from '../standin/known-people.ts';
import { STANDIN_KEY, type Stack } from '../stack.ts';
import { changeQuestions, occupy } from './account.ts';
import { scan } from './leak-scanner.ts';
import {
  ask,
  DISCOVERY,
  DISQUALIFYING_ANSWERS,
  freshEmail,
  heard,
  monthFromNow,
  PLAIN_ANSWERS,
  person,
  pick,
  type Reply,
  ROUTING_ANSWERS,
  startUnpaced,
  STRATEGY,
  until,
  Visitor,
} from './visitor.ts';

const SIGNING_SECRET = Buffer.from('leak-test-signing-secret-of-46-bytes-canary-4f').toString('base64');
const NEXT_KEY = 'iclosed_standin_key_next_canary_77aa12';

/** What visitors give of themselves: it may be in answers to themselves where masked, never in a log line. */
const PERSONAL = {
  email: 'penelope.private.9c1e@visitors.example',
  name: 'Penelopecanaryfirst',
  family: 'Privatecanarylast',
  phone: '+12025557788',
  ip: '2001:db8:cafe:77:1:2:3:4',
  other: 'wanda.wrong.77b2@visitors.example',
  text: 'my-secret-answer-1d9f',
};

let stack: Stack;
const tickets: string[] = [];
const bookingIds: string[] = [];

before(async () => {
  stack = await startUnpaced({
    standin: {
      settings: {
        keys: [STANDIN_KEY, NEXT_KEY],
        detail: { describesEvent: true, tiedFieldsInline: true },
        errors: { code: true },
      },
    },
    secrets: { SIGNING_KEYS: `1:${SIGNING_SECRET}`, ICLOSED_API_KEY_NEXT: NEXT_KEY },
    vars: { EVENTS: { [STRATEGY]: { questions: ['anything-else', 'company-size'] } } },
  });
  await honest();
  await hostile();
  await whileIclosedFails();
});
after(() => stack.close());

async function open(options: ConstructorParameters<typeof Visitor>[1] = {}): Promise<Visitor> {
  const visitor = new Visitor(stack, options);
  await visitor.open();
  tickets.push(visitor.ticket);
  return visitor;
}

async function honest(): Promise<void> {
  const me = { first_name: PERSONAL.name, last_name: PERSONAL.family, email: PERSONAL.email, phone: PERSONAL.phone };
  const booking = await open({ ip: PERSONAL.ip });
  await booking.contact(me, { timeZone: 'Asia/Kolkata', tracking: { utm_source: 'x' } });
  await booking.answers(ROUTING_ANSWERS, monthFromNow(1));
  const times = await booking.times();
  const wanted = pick(times);
  await occupy(stack, DISCOVERY, wanted, `${hostIds.zed},${hostIds.mia}`);
  await booking.book(wanted);
  const booked = await booking.book(pick(times));
  assert.equal(booked.status, 201, booked.text);
  bookingIds.push(booked.body.booking?.bookingId ?? '');
  await booking.read();

  const refused = await open();
  await refused.contact(person({ email: PERSONAL.other }));
  await refused.answers(DISQUALIFYING_ANSWERS);
  await refused.read();
  await refused.slots(monthFromNow(1));

  for (const who of ['potential', 'customer', 'blocked', 'upcoming', 'disqualified'] as const) {
    const known = await open();
    const { email, phoneNumber } = knownPeople[who];
    await known.contact({ first_name: 'K', last_name: 'Known', email, phone: phoneNumber });
    await known.answers(PLAIN_ANSWERS, monthFromNow(1));
    await known.book(pick(times));
    await known.read();
  }

  const text = await open({ event: STRATEGY });
  await text.contact({ first_name: PERSONAL.name, last_name: PERSONAL.family, email: freshEmail() });
  await text.answers({ 'anything-else': [PERSONAL.text], 'company-size': ['11-50'] });
  for (const event of ['acme/full', 'acme/far', 'acme/inactive', 'acme/no-such-event']) {
    const visitor = new Visitor(stack, { event });
    await visitor.get(`${PATHS.event}?event=${event}`);
    await visitor.get(`${PATHS.slots}?event=${event}&month=${monthFromNow(1)}`);
  }
}

async function hostile(): Promise<void> {
  const visitor = await open();
  const { event, ticket, attempt } = visitor;
  const good = JSON.stringify({
    v: 1,
    event,
    ticket,
    attempt,
    seq: 1,
    step: 'contact',
    contact: person({ email: PERSONAL.other }),
  });
  const spoilt = [
    good.replace('}', ',}'),
    good.slice(0, -4),
    good.replace(PERSONAL.other, `${PERSONAL.other}"`),
    `${PERSONAL.email}`,
    good.replace('"contact":{', `"contact":{"${PERSONAL.other}":1,`),
    good.replace('"step":"contact"', `"step":"${PERSONAL.text}"`),
    good.replace('"seq":1', `"seq":"${PERSONAL.phone}"`),
    good.replace(attempt, PERSONAL.email),
    good.replace('{', `{"__proto__":"${PERSONAL.email}",`),
  ];
  for (const body of spoilt) await visitor.post(body);
  await visitor.contact(person());
  await visitor.answers({ [PERSONAL.text]: [PERSONAL.email] });
  await visitor.answers({ ...PLAIN_ANSWERS, 'company-size': [PERSONAL.text] });
  await visitor.post({
    v: 1,
    event,
    ticket,
    attempt,
    seq: 1,
    step: 'answers',
    answers: { [PERSONAL.email]: PERSONAL.text },
  });
  await visitor.post(good, { origin: 'https://evil.example' });
  await visitor.post(good.replace(ticket, `${ticket.slice(0, -1)}-`));
  await ask(stack, `${PATHS.event}?event=${encodeURIComponent(PERSONAL.email)}`, { headers: { origin: stack.site } });
  await ask(stack, PATHS.lead, { method: 'DELETE', body: PERSONAL.email });
  await visitor.send('cancel', { callId: 913900421000001 });
}

async function whileIclosedFails(): Promise<void> {
  const endpoints = [
    'POST /v1/contacts',
    'POST /v1/fields/inviteeAnswers',
    'POST /v1/eventCalls',
    'POST /v1/events/eventDates',
  ];
  for (const kind of ['bad_request', 'key_refused', 'error_before', 'html_before', 'rate_limited_bare'] as const) {
    const visitor = await open();
    const contact = person({ email: freshEmail(), first_name: PERSONAL.name });
    for (const endpoint of endpoints.slice(0, 2)) stack.standin.model.queueFault({ kind, endpoint });
    await visitor.contact(contact);
    await visitor.patiently(() => visitor.send('answers', { seq: 1, answers: PLAIN_ANSWERS }), 20_000);
    await visitor.read();
  }
  const restore = changeQuestions(DISCOVERY, ['EMAIL']);
  const visitor = await open();
  await visitor.contact(person());
  await visitor.answers(PLAIN_ANSWERS);
  restore();
}

const said = () =>
  heard.map(({ status, headers, text }, at) => ({
    place: `answer ${at} (${status})`,
    text: `${[...headers].map(([name, value]) => `${name}: ${value}`).join('\n')}\n${text}`,
  }));
const logged = () =>
  stack.harness.getLogs().map(({ message }, at) => ({ place: `log line ${at}`, text: String(message) }));

/** Everything of the account, the keys and the signing secret. */
function secrets(): string[] {
  const { ledger } = stack.standin;
  const seeded = [STANDIN_KEY, NEXT_KEY, SIGNING_SECRET, Buffer.from(SIGNING_SECRET, 'base64').toString('latin1')];
  const contacts = ledger.contacts().flatMap(({ id, previewId }) => [String(id), previewId]);
  const calls = ledger.calls().flatMap(({ id, token }) => [String(id), token, token.slice(24, 44)]);
  return [...canaries, ...seeded, ...contacts, ...calls, ...Object.values(hostIds).map(String)];
}

describe('nothing leaks', () => {
  test('in any answer, status, header or body, there is none of iClosed’s secrets in any spelling', () => {
    assert.ok(heard.length > 60, `${heard.length} answers`);
    assert.deepEqual(scan(said(), secrets()), []);
  });

  test('in any log line there is none of them either', () => {
    assert.ok(logged().length > 60, `${logged().length} lines`);
    assert.deepEqual(scan(logged(), secrets()), []);
  });

  test('in any log line there is nothing of a visitor: no name, address, number, answer or ticket', () => {
    const { email, name, family, phone, ip, other, text } = PERSONAL;
    const ours = [
      email,
      name,
      family,
      phone,
      phone.slice(1),
      ip,
      other,
      text,
      ...tickets,
      'visitors.example',
      'known.example',
    ];
    assert.deepEqual(scan(logged(), ours), []);
  });

  test('in no answer is a visitor’s address or number whole', () => {
    const { email, family, phone, ip } = PERSONAL;
    assert.deepEqual(
      scan(said(), [email, family, phone, ip, knownPeople.customer.phoneNumber, knownPeople.past.email]),
      [],
    );
  });

  test('what is allowed does arrive: public id, host’s name, times, questions', () => {
    const all = said()
      .map(({ text }) => text)
      .join('\n');
    assert.ok(bookingIds[0] && all.includes(bookingIds[0]));
    assert.match(all, /Zed Harper|Mia Lindqvist/);
    assert.match(all, /How many people work at your company\?/);
    assert.match(all, /p•••@visitors\.example/);
    assert.ok(stack.standin.ledger.calls().some(({ previewId }) => previewId === bookingIds[0]));
  });

  test('a planted leak is found by the same scanner, in every spelling', () => {
    const [secret = ''] = secrets();
    const long = STANDIN_KEY;
    const planted = (text: string) =>
      scan([...said(), { place: 'planted', text }], secrets()).map(({ place }) => place);
    const base64 = (text: string, around: string) => Buffer.from(`${around}${text}${around}`).toString('base64');
    for (const text of [
      `{"x":"${long}"}`,
      long.toUpperCase(),
      Buffer.from(long).toString('hex'),
      base64(long, ''),
      base64(long, 'a'),
      base64(long, 'ab'),
      Buffer.from(`zz${secret}`).toString('base64url'),
      `contact=${stack.standin.ledger.contacts()[0]?.id}`,
      Number(hostIds.mia).toString(16),
      encodeURIComponent('mia.lindqvist.canary52ab@hosts-acme.example'),
    ]) {
      assert.ok(planted(text).includes('planted'), text);
    }
  });
});

describe('no oracle', () => {
  /** What of an answer could tell people apart: everything but what is drawn at random or a clock. */
  const shape = ({ status, headers, body }: Reply) => {
    const { attempt: _attempt, slots: _slots, contact: _contact, booking: _booking, ...rest } = body;
    const booking = _booking && {
      ..._booking,
      bookingId: _booking.bookingId?.length,
      manage: _booking.manage?.length,
      // It names the call and its time.
      redirect: _booking.redirect?.replaceAll(/=[^&]*/g, '='),
      startsAt: '',
      endsAt: '',
      host: '',
    };
    const kept = [...headers].filter(([name]) => !['date', 'content-length'].includes(name));
    return { status, headers: Object.fromEntries(kept), rest, booking, slots: _slots !== undefined };
  };

  test('the contact step is answered before iClosed is called', async () => {
    const visitor = new Visitor(stack);
    await visitor.open();
    const delayMs = 4_000;
    stack.standin.model.queueFault({ kind: 'slow', endpoint: 'POST /v1/contacts', delayMs });
    const before = stack.standin.ledger.requests('POST /v1/contacts').length;
    assert.equal((await visitor.contact(person())).status, 200);
    const answeredAt = Date.now();
    const call = await until(() => stack.standin.ledger.requests('POST /v1/contacts')[before], 'the call');
    assert.ok(answeredAt < call.at + delayMs, 'it did not wait for iClosed’s answer');
  });

  for (const who of ['potential', 'qualified', 'disqualified', 'customer', 'past', 'cancelled', 'upcoming'] as const) {
    test(`somebody known as ${who} is answered at every step as a stranger is`, async () => {
      const { email, phoneNumber } = knownPeople[who];
      const run = async (contact: ReturnType<typeof person>): Promise<unknown[]> => {
        const visitor = new Visitor(stack);
        await visitor.open();
        const replies = [await visitor.contact(contact), await visitor.answers(PLAIN_ANSWERS, monthFromNow(1))];
        replies.push(await visitor.book(pick(await visitor.times())), await visitor.read());
        return replies.map(shape);
      };
      const stranger = await run(person({ first_name: 'K', last_name: 'Known' }));
      const known = await run({ first_name: 'K', last_name: 'Known', email, phone: phoneNumber });
      assert.deepEqual(known, stranger);
    });
  }
});
