/**
 * The stand-in for iClosed judges the product, so it is tried first: documented shapes, every switch that changes a shape,
 * limits, faults and the ledger against the model with a clock set by hand; the wire itself through the HTTP server.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { canaries, hostIds, idPrefixes } from '../standin/canaries.ts';
import { customFields } from '../standin/custom-fields.ts';
import { defaultKey, defaultSettings } from '../standin/default-settings.ts';
import { type FaultKind, faultKinds } from '../standin/faults.ts';
import { knownPeople } from '../standin/known-people.ts';
import { busiestWindow } from '../standin/limits.ts';
import { StandinModel } from '../standin/model.ts';
import { randomSettings } from '../standin/random-settings.ts';
import { toStandinRequest } from '../standin/request.ts';
import { type Standin, startStandin } from '../standin/server.ts';
import { mergeSettings, type SettingsPatch } from '../standin/settings.ts';
import {
  dayText,
  instantOf,
  isTimeZone,
  localDay,
  minuteText,
  localMinute,
  offsetMs,
  parseDay,
} from '../standin/zones.ts';

/** Monday, 08:00 in New York, 14:00 in Stockholm, 21:00 in Tokyo. */
const monday = Date.UTC(2026, 9, 5, 12);
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const event = 'acme/discovery-call';
const jane = { firstName: 'Jane', lastName: 'Doe', email: 'jane.doe@example.com' };

/** An answer that a test walks into without saying first what it is. */
type Json = { [key: string]: Json } & { length?: number };

/** A model with a clock set by hand, no limit and no other appointments, and calls in a line each. */
function setUp(settings: SettingsPatch = {}, seed = 1) {
  const clock = { at: monday };
  const quiet = { limit: { enforced: false }, availability: { busyShare: 0 } };
  const model = new StandinModel({ now: () => clock.at, seed, settings: merged(quiet, settings) });
  const call = (method: string, path: string, body?: unknown, key = `Bearer ${defaultKey}`) => {
    const headers: [string, string][] = [['Content-Type', 'application/json']];
    if (key) headers.push(['Authorization', key]);
    const reply = model.handle(
      toStandinRequest(method, path, headers, body === undefined ? null : JSON.stringify(body)),
    );
    const isJson = reply.headers['content-type']?.includes('json') && reply.wire.kind === 'answer';
    return { ...reply, json: (isJson ? JSON.parse(reply.body) : undefined) as Json };
  };
  const contactId = (fields: object = jane) => number(call('POST', '/v1/contacts', fields).json.data?.contact?.id);
  const answers = (id: number, secondary: unknown[], primary: unknown[] = []) =>
    call('POST', '/v1/fields/inviteeAnswers', {
      linkPrefix: event,
      contactId: id,
      inviteeQuestionAnswers: primary,
      secondaryQuestionsAnswer: secondary,
    });
  const dates = (fields: object = {}) =>
    call('POST', '/v1/events/eventDates', { linkPrefix: event, timeZone: 'UTC', currentDate: '2026-10-05', ...fields });
  const times = (fields: object = {}) => dates(fields).json.data?.availabilities as unknown as Record<string, string[]>;
  const book = (id: number, startsAt: number, fields: object = {}) =>
    call('POST', '/v1/eventCalls', {
      linkPrefix: event,
      contactId: id,
      dateTime: new Date(startsAt).toISOString(),
      timeZone: 'Europe/Berlin',
      secondaryQuestionsAnswer: [],
      ...fields,
    });
  const search = (query: string) => call('GET', `/v1/eventCalls?${query}`).json.data as Json;
  return { clock, model, call, contactId, answers, dates, times, book, search };
}

function merged(one: SettingsPatch, other: SettingsPatch): SettingsPatch {
  return mergeSettings(mergeSettings(defaultSettings, one), other);
}

function number(value: unknown): number {
  assert.equal(typeof value, 'number');
  return value as number;
}

/** Whether every key of the documented example is there with the same kind of value (null matches anything). */
function assertLike(actual: unknown, example: unknown, path = 'body'): void {
  if (example === null || actual === null) return;
  if (typeof example !== 'object') return assert.equal(typeof actual, typeof example, path);
  assert.equal(Array.isArray(actual), Array.isArray(example), path);
  if (Array.isArray(example)) {
    if (example.length > 0) assertLike((actual as unknown[])[0], example[0], `${path}[0]`);
    return;
  }
  for (const [key, value] of Object.entries(example)) {
    assert.ok(Object.hasOwn(actual as object, key), `${path}.${key} is missing`);
    assertLike((actual as Record<string, unknown>)[key], value, `${path}.${key}`);
  }
}

/** 09:00 in New York on Tuesday: Zed works, Mia (15:00) too, Kenji (22:00) not. */
const tuesdayNine = Date.UTC(2026, 9, 6, 13);

describe('the booking guide, answered in its own shapes', () => {
  const contact = {
    id: 139,
    accountId: 4,
    userId: null,
    email: 'a',
    firstName: 'a',
    lastName: 'a',
    status: 'QUALIFIED',
    phoneNumber: null,
    previewId: 'contact_x',
    tagId: null,
    blockedByRecaptcha: false,
    joinedTime: 'a',
    country: null,
    timeZone: null,
    ipAddress: null,
    blockedId: null,
    referrerUrl: null,
    createdAt: 'a',
    updatedAt: 'a',
    deletedAt: null,
  };
  it('upserts a contact, changes its status, never by itself', () => {
    const { call, contactId } = setUp();
    const created = call('POST', '/v1/contacts', jane);
    assert.equal(created.status, 200);
    assertLike(created.json, { data: { contact } });
    const id = number(created.json.data?.contact?.id);
    assert.ok(String(id).startsWith(idPrefixes.contact));
    assert.equal(contactId({ ...jane, email: 'JANE.DOE@example.com' }), id);
    const updated = call('PUT', '/v1/contacts', { id, status: 'DISQUALIFIED' });
    assertLike(updated.json, { data: { contact } });
    assert.equal(updated.json.data?.contact?.status, 'DISQUALIFIED');
  });

  it('stores answers, routes, disqualifies', () => {
    const { contactId, answers } = setUp();
    const id = contactId();
    const primary = [
      { type: 'EMAIL', answer: jane.email },
      { type: 'FIRST_NAME', answer: 'Jane' },
    ];
    const plain = answers(id, [{ identifier: 'company-size', answer: ['11-50'] }], primary);
    assert.equal(plain.status, 201);
    assertLike(plain.json, {
      data: { message: 'a', disqualifyingCondition: [], conditionalUsers: [], isDisqualified: false },
    });
    assert.deepEqual(plain.json.data?.conditionalUsers, []);
    const routed = answers(id, [{ customFieldId: 7001, answer: ['51-200'] }]).json.data;
    assert.deepEqual(routed?.conditionalUsers, [hostIds.zed, hostIds.mia]);
    const out = answers(id, [{ identifier: 'monthly-revenue', answer: ['Under $5k'] }]).json.data;
    assert.equal(out?.isDisqualified, true);
    assertLike(out, {
      disqualifyingCondition: [
        {
          id: 4,
          eventId: 1,
          statement: 'a',
          operator: 'AND',
          value: 'Yes',
          condition: 'IS',
          disqualificationGroupId: 4,
        },
      ],
      conditionalUsers: [],
    });
  });

  it('lists times, books one, and lists it no more for that host', () => {
    const { contactId, dates, book, times } = setUp();
    assertLike(dates().json, { data: { isPreview: false, availabilities: { '2026-10-05': ['13:00'] } } });
    assert.equal(dates().status, 201);
    const zedOnly = { conditionalUsers: String(hostIds.zed) };
    assert.ok(times(zedOnly)['2026-10-06']?.includes('13:00'));
    const booked = book(contactId(), tuesdayNine, zedOnly);
    assertLike(booked.json, {
      data: {
        eventCall: {
          message: 'Event call created successfully',
          status: 200,
          data: {
            startTime: '2026-10-06T13:00:00.000Z',
            endTime: 'a',
            id: 1,
            closerId: 2,
            timeZone: 'a',
            guestEmail: 'a',
            token: 'a',
            closerName: 'a',
            previewId: 'call_x',
            closerEmail: 'a',
            confirmationLink: 'www.google.com',
          },
        },
      },
    });
    const call = booked.json.data?.eventCall?.data;
    assert.equal(call?.closerId, hostIds.zed);
    assert.equal(call?.endTime, '2026-10-06T13:30:00.000Z');
    assert.ok(!times(zedOnly)['2026-10-06']?.includes('13:00'));
    assert.ok(times()['2026-10-06']?.includes('13:00'), 'Mia is still free');
  });

  it('books with contact details in place of an id', () => {
    const { call, model } = setUp();
    const booking = {
      linkPrefix: event,
      ...jane,
      dateTime: '2026-10-06T13:00:00Z',
      timeZone: 'UTC',
      secondaryQuestionsAnswer: [],
    };
    assert.equal(call('POST', '/v1/eventCalls', booking).status, 201);
    assert.equal(model.ledger.callsOf(jane.email).length, 1);
  });
});

describe('keys', () => {
  const settings: SettingsPatch = { revokedKeys: ['iclosed_revoked'], expiredKeys: ['iclosed_expired'] };
  for (const [key, text] of [
    ['', 'API key is required'],
    ['Bearer iclosed-x', 'API key is required'],
    [defaultKey, 'API key is required'],
    ['Bearer iclosed_x', 'Invalid API key'],
    ['Bearer iclosed_revoked', 'Invalid API key'],
    ['Bearer iclosed_expired', 'API key expired'],
  ] as const)
    it(`"${key}" ⇒ ${text}`, () => {
      for (const family of ['message', 'error'] as const) {
        const { call } = setUp({ ...settings, errors: { family, code: false } });
        const { status, json } = call('GET', '/v1/fields/contact-stage', undefined, key);
        assert.deepEqual([status, json], [401, { [family]: text }]);
      }
    });
  it('a probe with a good key is a bare object', () => {
    const { status, json } = setUp().call('GET', '/v1/fields/contact-stage');
    assert.deepEqual([status, 'data' in json], [200, false]);
  });
});

describe('what is refused', () => {
  const good = {
    linkPrefix: event,
    contactId: 0,
    dateTime: '2026-10-06T13:00:00Z',
    timeZone: 'UTC',
    secondaryQuestionsAnswer: [],
  };
  const { secondaryQuestionsAnswer: _none, ...withoutAnswers } = good;
  for (const [title, method, path, body, field] of [
    ['a first name of 26 letters', 'POST', '/v1/contacts', { ...jane, firstName: 'x'.repeat(26) }, 'firstName'],
    ['an address with two dots', 'POST', '/v1/contacts', { email: 'a..b@example.com' }, 'email'],
    ['an address beyond ASCII', 'POST', '/v1/contacts', { email: 'jürgen@example.com' }, 'email'],
    ['a phone number with spaces', 'POST', '/v1/contacts', { phoneNumber: '+49 30 1' }, 'phoneNumber'],
    ['neither e-mail nor phone', 'POST', '/v1/contacts', { firstName: 'Jane' }, 'email'],
    ['an unknown status', 'POST', '/v1/contacts', { ...jane, status: 'CUSTOMER' }, 'status'],
    ['an update without id', 'PUT', '/v1/contacts', { status: 'QUALIFIED' }, 'id'],
    [
      'a start with an offset',
      'POST',
      '/v1/eventCalls',
      { ...good, dateTime: '2026-10-06T15:00:00+02:00' },
      'dateTime',
    ],
    ['a booking without answers', 'POST', '/v1/eventCalls', withoutAnswers, 'secondaryQuestionsAnswer'],
    ['a booking without zone', 'POST', '/v1/eventCalls', { ...good, timeZone: undefined }, 'timeZone'],
    ['an id as text', 'POST', '/v1/eventCalls', { ...good, contactId: '139' }, 'contactId'],
    [
      'an unknown field',
      'POST',
      '/v1/eventCalls',
      { ...good, secondaryQuestionsAnswer: [{ identifier: '{{ goals }}', answer: [] }] },
      'secondaryQuestionsAnswer',
    ],
    ['a limit over 100', 'GET', '/v1/eventCalls?limit=101', undefined, 'limit'],
    [
      'a zone that is none',
      'POST',
      '/v1/events/eventDates',
      { linkPrefix: event, timeZone: 'Mars/Olympus' },
      'timeZone',
    ],
  ] as const)
    it(`${title} ⇒ 400 for ${field}`, () => {
      const { call } = setUp();
      const { status, json } = call(method, path, body);
      assert.equal(status, 400);
      assert.deepEqual(Object.keys(json.message?.details?.fieldErrors ?? {}), [field]);
      assertLike(json, { message: { status: 400, details: { formErrors: [] }, endpoint: '/v1', method } });
    });

  it('validation errors come in three families', () => {
    const bodies = (['details', 'errors', 'text'] as const).map(
      (validation) => setUp({ errors: { validation } }).call('POST', '/v1/contacts', { email: 'no' }).json,
    );
    assert.equal(typeof bodies[0]?.message, 'object');
    assert.deepEqual(bodies[1]?.errors, { email: ['Invalid email'] });
    assert.deepEqual(Object.keys(bodies[2] ?? {}), ['message']);
  });

  it('a question type that the event does not ask, also one that was deleted', () => {
    for (const [place, read] of [
      ['message', (json: Json) => json.message],
      ['code', (json: Json) => json.code],
      ['error', (json: Json) => json.error],
      ['nested', (json: Json) => json.message?.code],
    ] as const) {
      const { contactId, answers } = setUp({ answers: { questionTypeError: place } });
      const { status, json } = answers(contactId(), [], [{ type: 'NAME', answer: 'Jane Doe' }]);
      assert.deepEqual([status, read(json)], [400, 'INVALID_INVITEE_QUESTION_TYPE']);
    }
  });

  it('anything that is not at iClosed ⇒ 404 and a note in the ledger', () => {
    const { call, model } = setUp();
    for (const [method, path] of [
      ['POST', '/v1/eventCalls/cancel'],
      ['GET', '/contacts/create'],
      ['DELETE', '/v1/contacts'],
    ] as const)
      assert.equal(call(method, path).status, 404);
    assert.equal(model.ledger.unexpected().length, 3);
  });

  it('broken JSON, a missing content type', () => {
    const { model } = setUp();
    const headers: [string, string][] = [
      ['authorization', `Bearer ${defaultKey}`],
      ['content-type', 'application/json'],
    ];
    assert.equal(model.handle(toStandinRequest('POST', '/v1/contacts', headers, '{"email":')).status, 400);
    assert.equal(
      model.handle(toStandinRequest('POST', '/v1/contacts', headers.slice(0, 1), JSON.stringify(jane))).status,
      400,
    );
  });
});

describe('contacts known already', () => {
  for (const [upsertStatus, given, kept] of [
    ['keep', 'POTENTIAL', 'CUSTOMER'],
    ['when_given', 'POTENTIAL', 'POTENTIAL'],
    ['when_given', undefined, 'CUSTOMER'],
    ['always', undefined, 'POTENTIAL'],
  ] as const)
    it(`upsert of a customer with status ${given}, ${upsertStatus} ⇒ ${kept}`, () => {
      const { call } = setUp({ contacts: { upsertStatus } });
      const { email } = knownPeople.customer;
      assert.equal(call('POST', '/v1/contacts', { email, status: given }).json.data?.contact?.status, kept);
    });
  it('e-mail of one and phone of another ⇒ the one that the switch says, the other is left alone', () => {
    const both = { email: knownPeople.potential.email.toUpperCase(), phoneNumber: knownPeople.customer.phoneNumber };
    for (const [upsertConflict, name] of [
      ['email', 'Paula'],
      ['phone', 'Carl'],
    ] as const) {
      const { call, model } = setUp({ contacts: { upsertConflict } });
      assert.equal(call('POST', '/v1/contacts', both).json.data?.contact?.firstName, name);
      assert.equal(model.ledger.contactsOf(knownPeople.potential.email)[0]?.firstName, 'Paula');
    }
  });
  it('a corrected address reaches the same contact', () => {
    const { call, contactId, model } = setUp();
    const id = contactId();
    call('PUT', '/v1/contacts', { id, email: 'jane@example.com' });
    assert.equal(contactId({ email: 'jane@example.com' }), id);
    assert.equal(model.ledger.contactsOf(jane.email).length, 0);
    assert.equal(call('PUT', '/v1/contacts', { id, email: knownPeople.customer.email }).status, 400);
  });
  it('blocked people are refused, or not', () => {
    for (const [blockedContact, status] of [
      ['refuse', 403],
      ['accept', 201],
    ] as const) {
      const { contactId, book } = setUp({ calls: { blockedContact } });
      assert.equal(book(contactId({ email: knownPeople.blocked.email }), tuesdayNine).status, status);
    }
  });
  it('list, detail and notes', () => {
    const { call, contactId, answers } = setUp();
    const id = contactId();
    answers(id, [{ identifier: 'goals', answer: ['More leads'] }]);
    const detail = call('GET', `/v1/contacts/detail?contactId=${id}&includeUtms=true`).json.data;
    assertLike(detail, {
      CustomFieldAssociation: [{ customField: { identifier: 'goals' }, CustomFieldAnswer: [{ answer: 'a' }] }],
    });
    assert.equal(call('POST', '/v1/contacts/notes', { contactId: id, note: 'Tuesday at 10' }).status, 200);
    assert.equal(call('GET', `/v1/contacts/notes?contactId=${id}`).json.count, 1);
    assert.equal(call('GET', '/v1/contacts?search=JANE.DOE').json.data?.count, 1);
  });
});

describe('events and fields', () => {
  it('the detail ties three fields in its own order, or none, and is full of what must not leak', () => {
    const { call } = setUp();
    const detail = call('GET', `/v1/events/detail?linkPrefix=${event}`);
    const tied = detail.json.data?.customFieldEvents as unknown as { customFieldId: number; displayIndex: number }[];
    assert.deepEqual(
      tied.toSorted((a, b) => a.displayIndex - b.displayIndex).map((one) => one.customFieldId),
      [7001, 7002, 7003],
    );
    assert.ok(canaries.filter((canary) => detail.body.includes(canary)).length > 10);
    assert.deepEqual(
      call('GET', '/v1/events/detail?linkPrefix=acme/strategy-session').json.data?.customFieldEvents,
      [],
    );
    const untold = setUp({ detail: { tiedFieldsKey: null } }).call('GET', `/v1/events/detail?linkPrefix=${event}`).json
      .data;
    assert.ok(!('customFieldEvents' in (untold ?? {})));
    assert.equal(call('GET', '/v1/events/detail?linkPrefix=acme/unknown').status, 404);
    assert.equal(call('GET', '/v1/events/detail?linkPrefix=acme/inactive').json.data?.status, 'DEACTIVATED');
  });
  it('twelve fields for calls, every input type, hidden and archived and wrapped ones among them', () => {
    const { json } = setUp().call('GET', '/v1/fields/objects?objectType=CALL&inviteeQuestions=true');
    assert.equal(json.count, 12);
    const fields = json.data as unknown as {
      hidden: boolean;
      identifier: string;
      CustomFieldOptions: { isArchived: boolean }[];
    }[];
    assert.ok(fields.some((field) => field.hidden));
    assert.ok(fields.some((field) => field.identifier === '{{ goals }}'));
    assert.ok(fields.some((field) => field.CustomFieldOptions.some((option) => option.isArchived)));
    assert.equal(new Set(customFields.map((field) => field.inputType)).size, 13);
    const page = setUp().call('GET', '/v1/fields/objects/all?limit=5&page=2').json;
    assert.deepEqual([page.data?.length, page.hasMore, page.nextPage], [4, false, null]);
  });
  it('a key that is no admin may not list users', () => {
    assert.equal(setUp().call('GET', '/v1/users').json.data?.users?.length, 5);
    assert.equal(setUp({ keyIsAdmin: false }).call('GET', '/v1/users').status, 403);
  });
});

describe('open times', () => {
  it('the same instants whatever the zone', () => {
    const { times } = setUp();
    const instants = (timeZone: string) =>
      Object.entries(times({ timeZone, currentDate: '2026-10-06' }))
        .flatMap(([day, texts]) => texts.map((text) => [day, text] as const))
        .map(([day, text]) =>
          instantOf(timeZone, parseDay(day) ?? 0, Number(text.slice(0, 2)) * 60 + Number(text.slice(3))),
        )
        .filter((at) => at >= monday + dayMs && at < monday + 5 * dayMs);
    for (const zone of [
      'America/New_York',
      'Asia/Kolkata',
      'Pacific/Kiritimati',
      'Pacific/Pago_Pago',
      'Asia/Kathmandu',
    ])
      assert.deepEqual(instants(zone), instants('UTC'), zone);
  });
  it('a window of seven days from the anchor, hosts in union, narrowed by conditionalUsers', () => {
    const { times } = setUp();
    assert.deepEqual(Object.keys(times()), [
      '2026-10-05',
      '2026-10-06',
      '2026-10-07',
      '2026-10-08',
      '2026-10-09',
      '2026-10-10',
    ]);
    assert.deepEqual(times({ conditionalUsers: String(hostIds.zed) })['2026-10-06']?.at(0), '13:00');
    assert.deepEqual(times()['2026-10-06']?.at(0), '00:00', 'Kenji starts at nine in Tokyo');
    assert.deepEqual(times({ conditionalUsers: '3684' }), {});
    assert.deepEqual(times({ conditionalUsers: String(hostIds.nora) }), {});
  });
  it('an anchor day that is over empties the whole answer, unless switched off', () => {
    const evening = { conditionalUsers: String(hostIds.zed), currentDate: '2026-10-05' };
    for (const [emptyAnchor, count] of [
      ['passed', 0],
      ['any', 0],
      ['never', 4],
    ] as const) {
      const { clock, times } = setUp({ availability: { emptyAnchor } });
      clock.at = Date.UTC(2026, 9, 5, 21, 30);
      assert.equal(Object.keys(times(evening)).length, count, emptyAnchor);
    }
  });
  it('a Sunday is no such day, unless any empty anchor counts', () => {
    const sunday = { conditionalUsers: String(hostIds.zed), currentDate: '2026-10-11' };
    assert.equal(Object.keys(setUp().times(sunday)).length, 5);
    assert.equal(Object.keys(setUp({ availability: { emptyAnchor: 'any' } }).times(sunday)).length, 0);
  });
  it('events without times, and with times far away', () => {
    const { times, dates } = setUp();
    for (const name of ['full', 'inactive', 'far']) assert.deepEqual(times({ linkPrefix: `acme/${name}` }), {}, name);
    assert.ok(Object.keys(times({ linkPrefix: 'acme/far', currentDate: '2026-10-29' })).length > 0);
    assert.equal(dates({ linkPrefix: 'acme/unknown' }).status, 404);
  });
  it('one time in each spelling, and in the account’s zone where the zone is ignored', () => {
    const nine = (settings: SettingsPatch) =>
      setUp(settings)
        .times({ conditionalUsers: String(hostIds.mia), currentDate: '2026-10-06' })
        ['2026-10-06']?.at(0) as unknown;
    assert.equal(nine({}), '08:00');
    assert.equal(nine({ availability: { timeForm: 'H:mm' } }), '8:00');
    assert.deepEqual(nine({ availability: { timeForm: 'object' } }), { time: '08:00' });
    assert.equal(nine({ availability: { timeForm: 'iso' } }), '2026-10-06T08:00:00.000Z');
    assert.equal(nine({ availability: { zoneIgnored: true } }), '04:00');
  });
  it('every listed time can be booked, and only those', () => {
    const { times, contactId, book } = setUp({ availability: { busyShare: 0.4 } }, 7);
    const listed = times({ currentDate: '2026-10-07' })['2026-10-07'] ?? [];
    for (let minute = 0; minute < 1440; minute += 30) {
      const start = Date.UTC(2026, 9, 7) + minute * 60_000;
      const id = contactId({ email: `p${minute}@example.com` });
      assert.equal(book(id, start).status, listed.includes(minuteText(minute)) ? 201 : 400, minuteText(minute));
    }
  });
});

describe('calls', () => {
  it('a taken time is refused in every way that the switches know', () => {
    for (const slotTakenStatus of [400, 404, 409, 410, 422, 200] as const)
      for (const slotTakenBody of ['text', 'code', 'validation'] as const) {
        const { contactId, book, model } = setUp({ calls: { slotTakenStatus, slotTakenBody } });
        const { status, json } = book(contactId(), Date.UTC(2026, 9, 11, 3));
        assert.equal(status, slotTakenStatus);
        if (slotTakenStatus === 200) assert.equal(json.data?.eventCall?.status, 409);
        assert.equal(model.ledger.callsOf(jane.email).length, 0);
      }
  });
  it('hosts take turns, so the same time may be booked once per host', () => {
    const { contactId, book } = setUp();
    const id = contactId();
    const closers = [0, 1, 2].map(() => book(id, tuesdayNine));
    assert.deepEqual(
      closers.map(({ status }) => status),
      [201, 201, 400],
    );
    assert.notEqual(closers[0]?.json.data?.eventCall?.data?.closerId, closers[1]?.json.data?.eventCall?.data?.closerId);
  });
  it('calls one after the other go round the hosts', () => {
    const { contactId, book } = setUp();
    const id = contactId();
    const both = { conditionalUsers: `${hostIds.zed},${hostIds.mia}` };
    const closers = [0, 1, 2].map(
      (hour) => book(id, tuesdayNine + hour * hourMs, both).json.data?.eventCall?.data?.closerId,
    );
    assert.equal(closers[0], closers[2]);
    assert.notEqual(closers[0], closers[1]);
  });
  for (const [envelope, read] of [
    ['documented', (json: Json) => json.data?.eventCall?.data?.id],
    ['single', (json: Json) => json.data?.eventCall?.id],
    ['data', (json: Json) => json.data?.id],
    ['root', (json: Json) => json.id],
  ] as const)
    it(`envelope ${envelope}`, () => {
      const { book, model } = setUp({ envelope });
      assert.ok(read(book(0, tuesdayNine, { contactId: undefined, ...jane }).json));
      assert.equal(model.ledger.callsOf(jane.email).length, 1);
    });
  it('search: by contact, newest first, cancelled only by type, dateTimeUTC beside a local dateTime', () => {
    const { call, contactId, book, search, clock } = setUp();
    const id = contactId();
    const ids = [tuesdayNine, tuesdayNine + dayMs].map((at) => {
      clock.at += 1000;
      return book(id, at).json.data?.eventCall?.data?.id as unknown as number;
    });
    const rows = (query: string) => (search(query).eventCalls as unknown as Json[]).map((row) => row.id as unknown);
    assert.deepEqual(rows(`contactId=${id}&eventType=UPCOMING`), ids);
    assert.deepEqual(rows(`contactId=${id}&orderColumn=createdAt&orderBy=desc`), ids.toReversed());
    assert.deepEqual(rows(`contactId=${id}&createdAtStart=${new Date(clock.at).toISOString()}`), ids.slice(1));
    assert.deepEqual(rows(`contactId=${id}&limit=1&page=1&offset=0`), ids.slice(1));
    assert.equal(search(`contactId=${id}&limit=1`).count, 2);
    assert.equal(
      call('PUT', '/v1/eventCalls/cancel', { id: ids[0], cancelReason: 'x' }).json.data?.eventCall?.status,
      200,
    );
    assert.deepEqual(rows(`ids=${ids.join(',')}`), ids.slice(1));
    assert.deepEqual(rows(`ids=${ids.join(',')}&types=cancelled_events`), ids.slice(0, 1));
    const row = (search(`ids=${ids[1]}`).eventCalls as unknown as Json[])[0];
    assert.deepEqual([row?.dateTimeUTC, row?.dateTime], ['2026-10-07T13:00:00.000Z', '2026-10-07 09:00']);
  });
  it('search may ignore filter, dates or order, lag and fail', () => {
    const count = (settings: SettingsPatch, query: string) => {
      const { contactId, book, search } = setUp(settings);
      book(contactId(), tuesdayNine);
      return search(query.replace('ID', String(contactId()))).count as unknown as number;
    };
    assert.equal(count({}, 'contactId=ID'), 1);
    assert.equal(count({ search: { filterIgnored: true } }, 'contactId=ID'), 5);
    assert.equal(count({ search: { dateFilterIgnored: true } }, 'contactId=ID&createdAtStart=2030-01-01'), 1);
    assert.equal(count({ search: { lagMs: 2000 } }, 'contactId=ID'), 0);
    const { call } = setUp({ search: { errorShare: 1 } });
    assert.equal(call('GET', '/v1/eventCalls?contactId=1').status, 500);
  });
  it('reschedule, cancel twice, free the slot', () => {
    const { call, contactId, book, times, model } = setUp();
    const zedOnly = { conditionalUsers: String(hostIds.zed) };
    const id = book(contactId(), tuesdayNine, zedOnly).json.data?.eventCall?.data?.id;
    const moved = call('PUT', '/v1/eventCalls/reschedule', { id, dateTime: '2026-10-07T14:00:00Z', timeZone: 'UTC' });
    assertLike(moved.json, { message: 'a', status: 200, data: { dateTimeUTC: 'a' } });
    assert.equal(model.ledger.callsOf(jane.email)[0]?.startsAt, Date.UTC(2026, 9, 7, 14));
    assert.ok(times(zedOnly)['2026-10-06']?.includes('13:00'));
    assert.equal(
      call('PUT', '/v1/eventCalls/reschedule', { id, dateTime: '2026-10-11T03:00:00Z', timeZone: 'UTC' }).status,
      400,
    );
    assert.ok(!times(zedOnly)['2026-10-07']?.includes('14:00'), 'a refused move leaves the call where it was');
    assertLike(call('PUT', '/v1/eventCalls/markSlotFree', { id, isSlotFree: true }).json, {
      success: true,
      data: { isSlotFree: true },
    });
    assert.ok(times(zedOnly)['2026-10-07']?.includes('14:00'));
    assert.equal(call('PUT', '/v1/eventCalls/cancel', { id }).status, 200);
    assert.equal(call('PUT', '/v1/eventCalls/cancel', { id }).status, 400);
    const fixed = model.ledger.callsOf(knownPeople.notMovable.email)[0];
    assert.equal(
      call('PUT', '/v1/eventCalls/reschedule', { id: fixed?.id, dateTime: '2026-10-07T14:00:00Z', timeZone: 'UTC' })
        .status,
      403,
    );
  });
});

describe('the limit', () => {
  it('twenty in any ten seconds per path and verb, then 429 with the documented body', () => {
    const { call, clock, model } = setUp({ limit: { enforced: true } });
    const statuses = Array.from({ length: 21 }, () => {
      clock.at += 100;
      return call('GET', '/v1/fields/contact-stage').status;
    });
    assert.deepEqual(statuses.slice(-2), [200, 429]);
    assert.deepEqual(call('GET', '/v1/fields/contact-stage').json, {
      code: 'RATE_LIMIT_EXCEEDED',
      message: 'Rate limit exceeded',
      retryAfter: 8,
      limit: { points: 20, windowSec: 10 },
    });
    assert.equal(call('GET', '/v1/users').status, 200);
    assert.deepEqual(model.ledger.overLimit(), [
      { endpoint: 'GET /v1/fields/contact-stage', most: 22, points: 20, windowSeconds: 10 },
    ]);
    clock.at = monday + 10_100;
    assert.equal(call('GET', '/v1/fields/contact-stage').status, 200);
  });
  for (const [retryAfter, header, inBody] of [
    ['body', undefined, true],
    ['header', '10', false],
    ['both', '10', true],
    ['none', undefined, false],
  ] as const)
    it(`hints: ${retryAfter}`, () => {
      const { call } = setUp({ limit: { enforced: true, points: 1, retryAfter } });
      call('GET', '/v1/users');
      const { headers, json } = call('GET', '/v1/users');
      assert.deepEqual([headers['retry-after'], 'retryAfter' in json], [header, inBody]);
    });
  for (const [times, most] of [
    [[0, 1, 2], 3],
    [[0, 10], 1],
    [[0, 9.999], 2],
    [[0, 9, 11, 18.9], 3],
    [[], 0],
  ] as const)
    it(`busiest window of 10 over ${times.join(', ')} ⇒ ${most}`, () => assert.equal(busiestWindow(times, 10), most));
});

describe('faults', () => {
  for (const [kind, wire, status, isBooked] of [
    ['reset_before', 'reset', 0, false],
    ['reset_after', 'reset', 0, true],
    ['timeout_before', 'hang', 0, false],
    ['timeout_after', 'hang', 0, true],
    ['error_before', 'answer', 500, false],
    ['error_after', 'answer', 500, true],
    ['html_before', 'answer', 502, false],
    ['html_after', 'answer', 200, true],
    ['rate_limited', 'answer', 429, false],
    ['rate_limited_bare', 'answer', 429, false],
    ['bad_request', 'answer', 400, false],
    ['forbidden', 'answer', 403, false],
    ['key_refused', 'answer', 401, false],
    ['half_body', 'half', 201, true],
    ['slow', 'answer', 201, true],
  ] as const)
    it(`${kind} ⇒ ${wire} ${status}, ${isBooked ? 'booked' : 'not booked'}`, () => {
      const { contactId, book, model } = setUp();
      const id = contactId();
      model.queueFault({ kind, endpoint: 'POST /v1/eventCalls', delayMs: 500 });
      const reply = book(id, tuesdayNine);
      assert.deepEqual([reply.wire.kind, reply.status], [wire, status]);
      assert.equal(model.ledger.callsOf(jane.email).length, isBooked ? 1 : 0);
      const entry = model.ledger.requests('POST /v1/eventCalls')[0];
      assert.deepEqual([entry?.fault, entry?.committedAt], [kind, isBooked ? monday : null]);
      assert.equal(reply.wire.delayMs, kind === 'slow' ? 500 : 0);
      assert.equal(book(id, tuesdayNine + hourMs).status, 201, 'the next call is served');
    });

  it('a late commit comes when its time has come, as of that time, and a naive retry makes a double', () => {
    const { clock, contactId, book, model, search } = setUp();
    const id = contactId();
    model.queueFault({ kind: 'late_commit', endpoint: 'POST /v1/eventCalls', delayMs: 37_000 });
    assert.equal(book(id, tuesdayNine).wire.kind, 'hang');
    clock.at += 36_999;
    assert.equal(search(`contactId=${id}`).count, 0);
    assert.equal(model.state().lateCommits, 1);
    assert.equal(book(id, tuesdayNine).status, 201);
    clock.at += 1;
    const [double] = model.ledger.doubles();
    assert.equal(double?.kind, 'same_instant');
    assert.deepEqual(double?.createdAt, [monday + 36_999, monday + 37_000]);
    assert.equal(model.ledger.requests('POST /v1/eventCalls')[0]?.committedAt, monday + 37_000);
  });

  it('drawn faults: about the share, every kind, the same for the same seed', () => {
    const kinds = Object.fromEntries(faultKinds.map((kind) => [kind, 1])) as Record<FaultKind, number>;
    const run = (seed: number) => {
      const { call, model, clock } = setUp({ faults: { share: 0.2, kinds } }, seed);
      for (let index = 0; index < 5000; index++) {
        clock.at += 100;
        call('GET', '/v1/fields/contact-stage');
      }
      return model.ledger.entries.map((entry) => entry.fault);
    };
    const faults = run(3);
    assert.deepEqual(new Set(faults.filter((fault) => fault !== null)), new Set(faultKinds));
    const share = faults.filter((fault) => fault !== null).length / faults.length;
    assert.ok(share > 0.18 && share < 0.22, `${share}`);
    assert.deepEqual(run(3), faults);
    assert.notDeepEqual(run(4), faults);
  });

  describe('drawn by person', () => {
    const people = Array.from({ length: 400 }, (_, index) => `person.${index}@example.com`);
    /** The faults of each person's three calls, whoever comes first. */
    const run = (order: readonly string[], faults: SettingsPatch['faults'], seed = 3) => {
      const { call, model } = setUp({ faults: { share: 0.2, ...faults } }, seed);
      for (let round = 0; round < 3; round++) for (const email of order) call('POST', '/v1/contacts', { email });
      const met = new Map<string, (string | null)[]>();
      for (const { body, fault } of model.ledger.entries) {
        const { email } = body as { email: string };
        met.set(email, [...(met.get(email) ?? []), fault]);
      }
      return people.map((email) => met.get(email));
    };
    const person = { drawnBy: 'person' } as const;

    it('the other way round ⇒ the same faults for everybody', () => {
      assert.deepEqual(run(people.toReversed(), person), run(people, person));
    });

    it('by arrival, the other way round ⇒ other faults', () => {
      assert.notDeepEqual(run(people.toReversed(), {}), run(people, {}));
    });

    it('another seed ⇒ other faults', () => {
      assert.notDeepEqual(run(people, person, 4), run(people, person));
    });

    it('⇒ about the share, and not the same one each time', () => {
      const faults = run(people, person).map((each) => each ?? []);
      const share = faults.flat().filter((fault) => fault !== null).length / faults.flat().length;
      assert.ok(share > 0.15 && share < 0.25, `${share}`);
      assert.ok(faults.some(([first, second]) => first !== null && second === null));
    });

    it('a person named by number ⇒ the same as by address', () => {
      const { call, contactId, model } = setUp({ faults: { kinds: only('error_before'), ...person } });
      const id = contactId();
      const faultsOf = (fields: object) => {
        model.change({ faults: { share: 0.5 } });
        for (let index = 0; index < 20; index++) call('POST', '/v1/contacts', fields);
        return model.ledger.entries.slice(-20).map(({ fault }) => fault);
      };
      const byAddress = faultsOf(jane);
      model.reset({ settings: model.settings });
      model.change({ faults: { share: 0 } });
      assert.equal(contactId(), id);
      assert.deepEqual(faultsOf({ ...jane, id }), byAddress);
    });
  });

  it('faults for some endpoints only ⇒ the others meet none', () => {
    const { call } = setUp({ faults: { share: 1, endpoints: ['POST /v1/contacts'], kinds: only('error_before') } });
    assert.equal(call('POST', '/v1/contacts', jane).status, 500);
    assert.equal(call('GET', '/v1/users').status, 200);
  });

  it('who is refused for good is refused again, others are not', () => {
    const { call, model } = setUp({ faults: { share: 1, kinds: only('forbidden') } });
    assert.equal(call('POST', '/v1/contacts', jane).status, 403);
    model.change({ faults: { share: 0 } });
    assert.equal(call('POST', '/v1/contacts', { ...jane, lastName: 'D' }).status, 403);
    assert.equal(call('POST', '/v1/contacts', { ...jane, email: 'other@example.com' }).status, 200);
    assert.deepEqual(model.permanentRefusals(), [
      { endpoint: 'POST /v1/contacts', subject: jane.email, kind: 'forbidden' },
    ]);
  });

  it('one of two keys is refused', () => {
    const { call } = setUp({ keys: [defaultKey, 'iclosed_second'], faults: { share: 1, kinds: only('key_refused') } });
    assert.equal(call('GET', '/v1/users').status, 401);
    assert.equal(call('GET', '/v1/users', undefined, 'Bearer iclosed_second').status, 200);
  });

  it('an outage lets nothing through, and ends', () => {
    const { call, clock, model } = setUp({ outage: { from: monday, to: monday + 300_000, how: 'reset' } });
    assert.equal(call('POST', '/v1/contacts', jane).wire.kind, 'reset');
    clock.at += 300_000;
    assert.equal(call('POST', '/v1/contacts', jane).status, 200);
    assert.deepEqual(
      model.ledger.entries.map((entry) => entry.fault),
      ['outage', null],
    );
  });
});

/** The one kind, and no other. */
function only(kind: FaultKind): Record<FaultKind, number> {
  return Object.fromEntries(faultKinds.map((one) => [one, one === kind ? 1 : 0])) as Record<FaultKind, number>;
}

describe('settings', () => {
  it('a setting that does not exist is named', () => {
    assert.throws(() => setUp().model.change({ serch: {} } as SettingsPatch), /settings\.serch/);
  });
  it('drawn settings are complete patches, and a whole booking works under any of them', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const settings = merged(randomSettings(seed), { availability: { zoneIgnored: false, busyShare: 0 } });
      const { call, book, model } = setUp(settings, seed);
      assert.ok(call('POST', '/v1/contacts', { ...jane, status: 'POTENTIAL' }).status < 300);
      const answered = [
        { customFieldId: 7001, answer: ['51-200'] },
        { customFieldId: 7002, answer: ['Over $50k'] },
      ];
      const contactId = model.ledger.contactsOf(jane.email)[0]?.id ?? 0;
      assert.ok(book(contactId, tuesdayNine, { secondaryQuestionsAnswer: answered }).status < 300, `seed ${seed}`);
      assert.equal(model.ledger.callsOf(jane.email).length, 1, `seed ${seed}`);
    }
  });
});

describe('zones', () => {
  for (const [zone, instant, minutes] of [
    ['UTC', monday, 0],
    ['Europe/Berlin', Date.UTC(2026, 9, 25, 0, 59), 120],
    ['Europe/Berlin', Date.UTC(2026, 9, 25, 1), 60],
    ['Australia/Lord_Howe', Date.UTC(2026, 3, 4, 14, 59), 660],
    ['Australia/Lord_Howe', Date.UTC(2026, 3, 4, 15), 630],
    ['Asia/Kathmandu', monday, 345],
  ] as const)
    it(`${zone} at ${new Date(instant).toISOString()} ⇒ ${minutes} minutes`, () =>
      assert.equal(offsetMs(zone, instant), minutes * 60_000));
  it('back and forth', () => {
    assert.equal(dayText(localDay('Asia/Tokyo', Date.UTC(2026, 9, 5, 15))), '2026-10-06');
    assert.equal(minuteText(localMinute('Asia/Kolkata', Date.UTC(2026, 9, 5, 3, 30))), '09:00');
    assert.equal(parseDay('2026-04-31'), undefined);
    assert.equal(isTimeZone('Mars/Olympus'), false);
  });
});

describe('over HTTP', () => {
  let standin: Standin;
  before(async () => {
    standin = await startStandin({ settings: { limit: { enforced: false } } });
  });
  after(() => standin.close());
  const send = (path: string, body?: unknown, signal?: AbortSignal) =>
    fetch(`${standin.url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${defaultKey}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    });

  it('answers, and keeps the ledger', async () => {
    const response = await send('/v1/contacts?x=1', jane);
    assert.equal(response.status, 200);
    const entry = standin.ledger.entries.at(-1);
    assert.deepEqual(
      [entry?.endpoint, entry?.query, entry?.body, entry?.keyIndex],
      ['POST /v1/contacts', { x: '1' }, jane, 0],
    );
    assert.ok(!JSON.stringify(entry).includes(defaultKey));
  });
  it('resets the connection', async () => {
    standin.model.queueFault({ kind: 'reset_after' });
    await assert.rejects(send('/v1/contacts', { email: 'reset@example.com' }), TypeError);
    assert.equal(standin.ledger.contactsOf('reset@example.com').length, 1);
  });
  it('stays silent', async () => {
    standin.model.queueFault({ kind: 'timeout_before' });
    await assert.rejects(send('/v1/users', undefined, AbortSignal.timeout(50)), { name: 'TimeoutError' });
  });
  it('breaks off within the body', async () => {
    standin.model.queueFault({ kind: 'half_body' });
    const response = await send('/v1/users');
    assert.equal(response.status, 200);
    await assert.rejects(response.text(), TypeError);
  });
  it('answers a page where JSON is expected', async () => {
    standin.model.queueFault({ kind: 'html_before' });
    const response = await send('/v1/users');
    assert.deepEqual([response.status, response.headers.get('content-type')], [502, 'text/html; charset=utf-8']);
  });
  it('answers late', async () => {
    standin.model.queueFault({ kind: 'slow', delayMs: 30 });
    const startedAt = performance.now();
    assert.equal((await send('/v1/users')).status, 200);
    assert.ok(performance.now() - startedAt >= 29);
  });
  it('is controlled from outside', async () => {
    const control = async (path: string, body?: unknown) =>
      (await send(`/__standin/${path}`, body)).json() as Promise<Json>;
    assert.equal((await control('settings', { search: { lagMs: 2000 } })).search?.lagMs, 2000);
    await control('fault', { kind: 'error_before', endpoint: 'GET /v1/users', times: 2 });
    assert.deepEqual(
      [(await send('/v1/users')).status, (await send('/v1/users')).status, (await send('/v1/users')).status],
      [500, 500, 200],
    );
    assert.match(String((await control('fault', { kind: 'nonsense' })).error), /kind must be one of/);
    const ledger = await control('ledger');
    assertLike(ledger, { contacts: [], calls: [], doubles: [], overLimit: [], entries: [{ endpoint: 'a' }] });
    assert.equal((await control('reset', { seed: 5 })).seed, 5);
    assert.equal((await control('ledger')).entries?.length, 0);
    assert.equal((await control('state')).settings?.search?.lagMs, 0);
  });
});
