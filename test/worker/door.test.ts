/**
 * The door: everything that must not come in, over HTTP. Each refusal is a problem document of the closed list, no 5xx, and
 * iClosed hears of none of it. What is allowed comes in beside it.
 */
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, describe, test } from 'node:test';
import { BODY_BYTES, EMAIL_CHARACTERS, NAME_CHARACTERS } from '../../shared/limits.ts';
import { PROBLEMS, type ProblemCode } from '../../shared/problems.ts';
import { PATHS } from '../../shared/protocol.ts';
import { type TicketContent, TicketOffice } from '../../worker/ticket.ts';
import { SIGNING_KEYS, type Stack } from '../stack.ts';
import {
  ask,
  assertProblem,
  DISCOVERY,
  DISQUALIFYING_ANSWERS,
  monthFromNow,
  PLAIN_ANSWERS,
  person,
  pick,
  type Reply,
  startUnpaced,
  until,
  Visitor,
} from './visitor.ts';

const SHOP = 'https://example.com';

let stack: Stack;
before(async () => {
  stack = await startUnpaced({ origins: ['example.com', 'https://shop.example.org:8443'] });
  await new Visitor(stack).toTimes();
});
after(() => stack.close());

/** Runs and says how many calls iClosed got meanwhile. */
async function callsDuring(run: () => Promise<unknown>): Promise<number> {
  const before = stack.standin.ledger.entries.length;
  await run();
  return stack.standin.ledger.entries.length - before;
}

/** A visitor with a ticket and a budget of its own. */
async function ticketed(event = DISCOVERY, origin?: string): Promise<Visitor> {
  const visitor = new Visitor(stack, { event, ...(origin ? { origin } : {}) });
  await visitor.open();
  return visitor;
}

/** A whole, good contact request. */
function goodContact(visitor: Visitor): Record<string, unknown> {
  const { event, ticket, attempt } = visitor;
  return { v: 1, event, ticket, attempt, seq: 1, step: 'contact', contact: person() };
}

describe('origins', () => {
  const site = () => new URL(stack.site);
  const hostile = (): string[] => [
    'null',
    '*',
    'undefined',
    'https://example.com.evil.com',
    'https://evilexample.com',
    'https://evil-example.com',
    'https://example.com.',
    'https://EXAMPLE.com',
    'HTTPS://example.com',
    'https://Example.Com',
    'http://example.com',
    'https://example.com:443',
    'https://example.com:8443',
    'https://example.com:80',
    'https://shop.example.org',
    'https://shop.example.org:8444',
    'https://sub.example.com',
    'https://www.www.example.com',
    'https://.example.com',
    'https://example..com',
    'https://example.co',
    'https://example.comm',
    'https://example',
    'https://example.com/',
    'https://example.com/path',
    'https://example.com?x',
    'https://example.com#x',
    'https://user@example.com',
    'https://user:pass@example.com',
    'https://example.com@evil.com',
    'https://example.com:443@evil.com',
    'https://example.com%00.evil.com',
    'https://example.com%2eevil.com',
    'https://example.com\\evil.com',
    'https://xn--exmple-cua.com',
    'https://xn--xample-2of.com',
    'https://ex\u00e4mple.com',
    'https://example.com, https://evil.com',
    'https://evil.com https://example.com',
    'https://example.com,https://example.com',
    'https:example.com',
    'https:/example.com',
    '//example.com',
    'example.com',
    'www.example.com',
    'https://*',
    'https://*.example.com',
    'ftp://example.com',
    'ws://example.com',
    'wss://example.com',
    'file://',
    'about:blank',
    'data:text/html,x',
    'javascript:alert(1)',
    'chrome-extension://abcdefghijklmnop',
    'blob:https://example.com/1',
    'https://127.0.0.1',
    'https://[::1]',
    `http://localhost:${Number(site().port) + 1}`,
    `https://localhost:${site().port}`,
    `http://LOCALHOST:${site().port}`,
    `http://localhost.evil.com:${site().port}`,
    `${stack.site}.evil.com`,
    `${stack.worker}0`,
  ];

  test('every hostile variant is refused at every address, gets no ticket, and iClosed hears nothing', async () => {
    const good = await ticketed();
    const made = await callsDuring(async () => {
      assert.ok(hostile().length >= 60);
      for (const [at, origin] of hostile().entries()) {
        const sender = { origin, 'cf-connecting-ip': `2001:db8:f:${at.toString(16)}::1` };
        const answers = await Promise.all([
          ask(stack, `${PATHS.event}?event=${DISCOVERY}`, { headers: sender }),
          ask(stack, `${PATHS.slots}?event=${DISCOVERY}&month=${monthFromNow(1)}`, { headers: sender }),
          ask(stack, PATHS.lead, {
            method: 'OPTIONS',
            headers: { ...sender, 'access-control-request-method': 'POST' },
          }),
          good.post(goodContact(good), sender),
        ]);
        for (const reply of answers) {
          assertProblem(reply, 'origin_not_allowed', origin);
          assert.ok(!reply.text.includes('ticket"'), origin);
          if (origin !== '*') assert.notEqual(reply.headers.get('access-control-allow-origin'), origin);
        }
      }
    });
    assert.equal(made, 0);
  });

  test('every allowed one works at every address, also the own one of the Worker', async () => {
    for (const origin of [stack.site, SHOP, 'https://www.example.com', 'https://shop.example.org:8443', stack.worker]) {
      const visitor = await ticketed(DISCOVERY, origin);
      const reply = await visitor.contact(person());
      assert.equal(reply.status, 200, `${origin} ${reply.text}`);
      assert.equal(reply.headers.get('access-control-allow-origin'), origin);
      assert.equal(reply.headers.get('access-control-expose-headers'), 'retry-after');
      assert.match(reply.headers.get('vary') ?? '', /\borigin\b/i);
      assert.equal(reply.headers.get('access-control-allow-credentials'), null);
      const times = await visitor.get(`${PATHS.slots}?event=${DISCOVERY}&month=${monthFromNow(1)}`);
      assert.equal(times.status, 200);
    }
  });

  test('a write without an origin is refused', async () => {
    const visitor = await ticketed();
    const headers = { 'content-type': 'application/json' };
    const reply = await ask(stack, PATHS.lead, { method: 'POST', headers, body: JSON.stringify(goodContact(visitor)) });
    assertProblem(reply, 'origin_not_allowed');
  });

  test('the preflight of an allowed page is answered with what it may send', async () => {
    const visitor = new Visitor(stack);
    const reply = await ask(stack, PATHS.lead, {
      method: 'OPTIONS',
      headers: {
        origin: visitor.origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    });
    assert.equal(reply.status, 204);
    assert.equal(reply.headers.get('access-control-allow-origin'), visitor.origin);
    assert.match(reply.headers.get('access-control-allow-methods') ?? '', /POST/);
    assert.match(reply.headers.get('access-control-allow-headers') ?? '', /content-type/i);
    assert.ok(Number(reply.headers.get('access-control-max-age')) >= 600);
    assert.match(reply.headers.get('vary') ?? '', /origin/i);
  });

  test('a page of the Worker’s own gets a ticket without an origin; whoever else sends none gets the description only', async () => {
    const path = `${PATHS.event}?event=${DISCOVERY}`;
    const own = await rawRequest('GET', path, { 'sec-fetch-site': 'same-origin' });
    assert.equal(own.status, 200);
    const { ticket } = JSON.parse(own.text) as { ticket?: string };
    assert.ok(ticket);
    const visitor = new Visitor(stack, { origin: stack.worker });
    visitor.ticket = ticket;
    assert.equal((await visitor.contact(person())).status, 200, 'it is a ticket of the own origin');
    const elsewhere = await ticketed();
    elsewhere.ticket = ticket;
    assertProblem(await elsewhere.contact(person()), 'ticket_invalid');
    for (const site of [undefined, 'cross-site', 'same-site', 'none', 'same-origin, cross-site']) {
      const other = await rawRequest('GET', path, site ? { 'sec-fetch-site': site } : {});
      assert.equal(other.status, 200, other.text);
      assert.ok(!('ticket' in (JSON.parse(other.text) as object)), String(site));
      assert.equal(other.headers['access-control-allow-origin'], undefined);
    }
  });
});

interface RawReply {
  status: number;
  headers: http.IncomingHttpHeaders;
  text: string;
}

/** Without the politeness of `fetch`: headers as they are, lengths that lie. */
function rawRequest(
  method: string,
  path: string,
  headers: http.OutgoingHttpHeaders,
  body?: string,
  to = stack,
): Promise<RawReply> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      `${to.worker}${path}`,
      { method, headers, timeout: 1_500, agent: false },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      },
    );
    request.on('timeout', () => request.destroy(new Error('no answer')));
    request.on('error', reject);
    if (body !== undefined) request.write(body);
    request.end();
  });
}

describe('bodies', () => {
  const long = (length: number) => 'x'.repeat(length);
  /** What is laid over a good contact request, and what it is answered. */
  const overlaid: [string, Record<string, unknown>, ProblemCode][] = [
    ['no version', { v: undefined }, 'invalid_request'],
    ['another version', { v: 2 }, 'invalid_request'],
    ['no step', { step: undefined }, 'invalid_request'],
    ['an unknown step', { step: 'pay' }, 'invalid_request'],
    ['a step of another type', { step: ['contact'] }, 'invalid_request'],
    ['seq 0', { seq: 0 }, 'invalid_request'],
    ['seq -1', { seq: -1 }, 'invalid_request'],
    ['seq 1.5', { seq: 1.5 }, 'invalid_request'],
    ['seq as text', { seq: '1' }, 'invalid_request'],
    ['a huge seq', { seq: 1e9 }, 'invalid_request'],
    ['no attempt', { attempt: undefined }, 'invalid_request'],
    ['an attempt that is no UUID', { attempt: 'x' }, 'invalid_request'],
    ['an attempt that is a path', { attempt: '../../etc/passwd' }, 'invalid_request'],
    ['an event of another type', { event: 7 }, 'invalid_request'],
    ['an event as a list', { event: [DISCOVERY] }, 'invalid_request'],
    ['no contact', { contact: undefined }, 'invalid_request'],
    ['contact null', { contact: null }, 'invalid_request'],
    ['contact as text', { contact: 'jane' }, 'invalid_request'],
    ['contact as a list', { contact: [] }, 'invalid_request'],
    ['an empty contact', { contact: {} }, 'invalid_fields'],
    ['an e-mail as a number', { contact: person({ email: 5 as never }) }, 'invalid_request'],
    ['an e-mail as a list', { contact: person({ email: ['a@b.co'] as never }) }, 'invalid_request'],
    ['an e-mail without @', { contact: person({ email: 'jane' }) }, 'invalid_fields'],
    ['two e-mails', { contact: person({ email: 'a@example.com,b@example.com' }) }, 'invalid_fields'],
    [
      'an e-mail with a line break',
      { contact: person({ email: 'a@example.com\r\nBcc: b@example.com' }) },
      'invalid_fields',
    ],
    [
      'an e-mail that is too long',
      { contact: person({ email: `${long(EMAIL_CHARACTERS)}@example.com` }) },
      'invalid_fields',
    ],
    ['an e-mail that is far too long', { contact: person({ email: long(5_000) }) }, 'invalid_request'],
    ['a name that is too long', { contact: person({ first_name: long(NAME_CHARACTERS + 1) }) }, 'invalid_fields'],
    ['a phone number that is none', { contact: person({ phone: 'call me' }) }, 'invalid_fields'],
    ['a phone number that is far too long', { contact: person({ phone: '+1'.repeat(500) }) }, 'invalid_request'],
    ['a blank name', { contact: person({ first_name: ' \t ' }) }, 'invalid_fields'],
    ['answers as text', { step: 'answers', answers: 'yes' }, 'invalid_request'],
    ['an answer as text', { step: 'answers', answers: { 'company-size': '1-10' } }, 'invalid_request'],
    ['an answer with numbers', { step: 'answers', answers: { 'company-size': [1] } }, 'invalid_request'],
    ['sixty-one answers', { step: 'answers', answers: many(61, ['x']) }, 'invalid_request'],
    [
      'an answer of fifty-one values',
      { step: 'answers', answers: { goals: Array.from({ length: 51 }, String) } },
      'invalid_request',
    ],
    ['a month that is none', { step: 'slots', month: '2026-13' }, 'invalid_request'],
    ['a month of another type', { step: 'slots', month: 202612 }, 'invalid_request'],
    ['no month', { step: 'slots' }, 'invalid_request'],
    ['a time with an offset', { step: 'book', startsAt: '2026-12-01T09:00+02:00', timeZone: 'UTC' }, 'invalid_request'],
    ['a time in words', { step: 'book', startsAt: 'tomorrow', timeZone: 'UTC' }, 'invalid_request'],
    ['a time as a number', { step: 'book', startsAt: 1_796_115_600_000, timeZone: 'UTC' }, 'invalid_request'],
    ['no time zone', { step: 'book', startsAt: '2026-12-01T09:00Z' }, 'invalid_request'],
    [
      'a time zone that is far too long',
      { step: 'book', startsAt: '2026-12-01T09:00Z', timeZone: long(99) },
      'invalid_request',
    ],
    ['answers before the contact', { step: 'answers', answers: PLAIN_ANSWERS }, 'attempt_unknown'],
    [
      'a booking before the contact',
      { step: 'book', startsAt: '2026-12-01T09:00Z', timeZone: 'UTC' },
      'attempt_unknown',
    ],
    ['reading what was never written', { step: 'read' }, 'attempt_unknown'],
  ];

  test('everything of a wrong shape is a problem, nothing is stored and iClosed hears nothing', async () => {
    const made = await callsDuring(async () => {
      for (const [what, overlay, code] of overlaid) {
        const visitor = await ticketed();
        const reply = await visitor.post({ ...goodContact(visitor), ...overlay });
        assertProblem(reply, code, what);
        if (code === 'invalid_fields') assert.ok(Object.keys(reply.body.fields ?? {}).length > 0, what);
        visitor.attempt = crypto.randomUUID();
        assertProblem(await visitor.read(), 'attempt_unknown', `${what}: nothing is stored`);
      }
    });
    assert.equal(made, 0);
  });

  const raw: [string, (good: string) => string, ProblemCode | undefined][] = [
    ['nothing', () => '', 'invalid_request'],
    ['half an object', (good) => good.slice(0, -10), 'invalid_request'],
    ['a comma too many', (good) => good.replace('}', ',}'), 'invalid_request'],
    ['single quotes', (good) => good.replaceAll('"', "'"), 'invalid_request'],
    ['two objects', (good) => good + good, 'invalid_request'],
    ['a list', (good) => `[${good}]`, 'invalid_request'],
    ['null', () => 'null', 'invalid_request'],
    ['a text', () => '"contact"', 'invalid_request'],
    ['a number', () => '1', 'invalid_request'],
    ['NaN', (good) => good.replace('"seq":1', '"seq":NaN'), 'invalid_request'],
    ['__proto__ on top', (good) => good.replace('{', '{"__proto__":{"isAdmin":true},'), 'invalid_request'],
    [
      '__proto__ below',
      (good) => good.replace('"contact":{', '"contact":{"__proto__":{"email":"x"},'),
      'invalid_request',
    ],
    ['__proto__ written in escapes', (good) => good.replace('{', '{"\\u005f_proto__":1,'), 'invalid_request'],
    ['constructor', (good) => good.replace('{', '{"constructor":{"prototype":{"x":1}},'), 'invalid_request'],
    ['prototype', (good) => good.replace('"contact":{', '"contact":{"prototype":{},'), 'invalid_request'],
    ['a NUL in the middle', (good) => good.replace('"step"', '"st\u0000ep"'), 'invalid_request'],
    ['more than a body may hold', (good) => good.replace('{', `{"x":"${long(BODY_BYTES)}",`), 'body_too_large'],
    ['deep lists beside', (good) => good.replace('{', `{"x":${'['.repeat(7_000)}${']'.repeat(7_000)},`), undefined],
    [
      'lists as deep as a body allows',
      (good) => good.replace('{', `{"x":${'['.repeat(BODY_BYTES / 2 - 500)}${']'.repeat(BODY_BYTES / 2 - 500)},`),
      'invalid_request',
    ],
    [
      'deep objects for a contact',
      (good) => good.replace('"contact":{', `"contact":${'{"a":'.repeat(2_500)}1${'}'.repeat(2_500)},"y":{`),
      'invalid_fields',
    ],
  ];

  test('everything that is no JSON, or hostile JSON, is a problem', async () => {
    const made = await callsDuring(async () => {
      for (const [what, spoil, code] of raw) {
        const visitor = await ticketed();
        const reply = await visitor.post(spoil(JSON.stringify(goodContact(visitor))));
        if (code) assertProblem(reply, code, what);
        else assert.ok(reply.status < 500, `${what} → ${reply.status}`);
      }
    });
    assert.ok(made <= 1, 'at most the one whose depth is ignored');
  });

  test('bytes that are no UTF-8 are a problem', async () => {
    const visitor = await ticketed();
    const reply = await ask(stack, PATHS.lead, {
      method: 'POST',
      headers: { origin: visitor.origin, 'content-type': 'application/json', 'cf-connecting-ip': visitor.ip },
      body: new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
    });
    assertProblem(reply, 'invalid_request');
  });

  test('another content type is a problem, parameters and case are none', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
      'text/json',
      'application/jsonx',
      'application/problem+json',
      '',
    ]) {
      const visitor = await ticketed();
      assertProblem(await visitor.post(goodContact(visitor), { 'content-type': type }), 'unsupported_media_type', type);
    }
    for (const type of ['application/json; charset=utf-8', 'Application/JSON', 'application/json;']) {
      const visitor = await ticketed();
      assert.equal((await visitor.post(goodContact(visitor), { 'content-type': type })).status, 200, type);
    }
  });

  test('a length that lies is a problem or a broken connection, one that is not told is cut at the limit, and the Worker lives on', async () => {
    // On its own: what is left over of such a request confuses whatever shares the connection.
    const own = await startUnpaced();
    try {
      const visitor = new Visitor(own);
      await visitor.open();
      const body = JSON.stringify(goodContact(visitor));
      const headers = { origin: visitor.origin, 'content-type': 'application/json', 'cf-connecting-ip': visitor.ip };
      const tooLong = [BODY_BYTES + 1, 99_999_999];
      for (const length of [10, body.length + 500, ...tooLong]) {
        const sent = { ...headers, 'content-length': length };
        const reply = await rawRequest('POST', PATHS.lead, sent, body, own).catch(() => undefined);
        if (reply) assert.ok(reply.status >= 400 && reply.status < 500, `${length} → ${reply.status} ${reply.text}`);
        if (reply && tooLong.some((each) => each === length)) assert.equal(reply.status, 413, String(length));
      }
      const inPieces = { ...headers, 'transfer-encoding': 'chunked' };
      const huge = body.replace('{', `{"x":"${'x'.repeat(3 * BODY_BYTES)}",`);
      const reply = await rawRequest('POST', PATHS.lead, inPieces, huge, own);
      assert.equal(reply.status, 413, reply.text);
      assert.equal((JSON.parse(reply.text) as { code: string }).code, 'body_too_large');
      await until(async () => (await visitor.contact(person())).status === 200, 'the Worker answers');
      assert.equal(own.standin.ledger.requests('POST /v1/eventCalls').length, 0);
    } finally {
      await own.close();
    }
  });

  test('unknown keys at the top are ignored, as a newer widget would send them', async () => {
    const visitor = await ticketed();
    const reply = await visitor.post({ ...goodContact(visitor), colour: 'blue', consent: { a: [1] }, stage: 'booked' });
    assert.equal(reply.status, 200, reply.text);
    assert.equal(reply.body.stage, 'answers');
  });

  test('a robot that fills the hidden field believes that it got through, and iClosed hears nothing', async () => {
    const visitor = await ticketed();
    const made = await callsDuring(async () => {
      const reply = await visitor.post({ ...goodContact(visitor), website: 'https://spam.example' });
      assert.equal(reply.status, 200);
      assert.equal(reply.body.stage, 'answers');
    });
    assert.equal(made, 0);
  });

  function many(count: number, value: string[]): Record<string, string[]> {
    return Object.fromEntries(Array.from({ length: count }, (_, at) => [`q${at}`, value]));
  }
});

describe('methods and addresses', () => {
  test('another method is a problem', async () => {
    const visitor = new Visitor(stack);
    const wrong: [string, string][] = [
      ['GET', PATHS.lead],
      ['PUT', PATHS.lead],
      ['PATCH', PATHS.lead],
      ['DELETE', PATHS.lead],
      ['POST', PATHS.event],
      ['DELETE', PATHS.event],
      ['POST', PATHS.slots],
      ['PUT', PATHS.slots],
    ];
    for (const [method, path] of wrong) {
      const reply = await ask(stack, path, { method, headers: { origin: visitor.origin } });
      assertProblem(reply, 'method_not_allowed', `${method} ${path}`);
    }
  });

  test('another address under /api is a problem, in no HTML', async () => {
    for (const path of [
      '/api/',
      '/api/v1',
      '/api/v2/event',
      '/api/v1/leads',
      '/api/v1/lead/1',
      '/api/v1/event/../secret',
      '/api/%2e%2e/x',
    ]) {
      assertProblem(await ask(stack, path), 'not_found', path);
    }
  });

  test('an event that is missing, over-long, of another account or misspelt is a problem, and iClosed is not asked', async () => {
    const visitor = new Visitor(stack);
    const of = (event: string): Promise<Reply> => visitor.get(`${PATHS.event}?event=${encodeURIComponent(event)}`);
    const made = await callsDuring(async () => {
      assertProblem(await visitor.get(PATHS.event), 'invalid_request');
      assertProblem(await of(''), 'invalid_request');
      assertProblem(await of(`acme/${'x'.repeat(600)}`), 'invalid_request');
      const unknown = [
        'evil/discovery-call',
        'acme',
        'acme/',
        '/',
        '*',
        'acme/*',
        'toString',
        '__proto__',
        'constructor',
        'acmes/discovery-call',
        'https://evil.example/x',
        'acme/discovery-call/extra',
        'acme/a b',
        'acme/x?y=1',
        'acme/\u0000',
      ];
      for (const event of unknown) assertProblem(await of(event), 'event_unknown', event);
    });
    assert.equal(made, 0);
  });

  test('an event that iClosed does not know is a problem', async () => {
    const visitor = new Visitor(stack);
    assertProblem(await visitor.get(`${PATHS.event}?event=acme/no-such-event`), 'event_unknown');
  });

  test('a month that is none is a problem', async () => {
    const visitor = new Visitor(stack);
    for (const month of ['', '2026-1', '2026-00', '2026-13', '2026-11-01', 'now', '../x', '2026-11%00']) {
      assertProblem(await visitor.get(`${PATHS.slots}?event=${DISCOVERY}&month=${month}`), 'invalid_request', month);
    }
    assertProblem(await visitor.get(`${PATHS.slots}?event=${DISCOVERY}`), 'invalid_request');
  });
});

describe('tickets', () => {
  const office = new TicketOffice(SIGNING_KEYS);
  const now = () => Math.floor(Date.now() / 1_000);
  /** A ticket that differs from a good one in some facts. */
  async function forged(more: Partial<TicketContent>, by = office): Promise<string> {
    const good = await ticketed();
    const leadId = Buffer.from(good.ticket, 'base64url').subarray(27, 59).toString('hex');
    const facts = {
      purpose: 'visit',
      issuedAt: now(),
      expiresAt: now() + 600,
      event: DISCOVERY,
      origin: stack.site,
      leadId,
    } as const;
    return by.issue({ ...facts, ...more });
  }
  async function withTicket(ticket: unknown): Promise<Reply> {
    const visitor = new Visitor(stack);
    return visitor.post({ ...goodContact(visitor), ticket });
  }

  test('one made by the same rules passes: the cases below fail for the reason that they name', async () => {
    assert.equal((await withTicket(await forged({}))).status, 200);
  });

  const cases: [string, () => Promise<unknown>, ProblemCode][] = [
    ['that has expired', () => forged({ issuedAt: now() - 90_000, expiresAt: now() - 1 }), 'ticket_expired'],
    ['of another event', () => forged({ event: 'acme/email-only' }), 'ticket_invalid'],
    ['of another origin', () => forged({ origin: SHOP }), 'ticket_invalid'],
    ['of another purpose', () => forged({ purpose: 'manage' }), 'ticket_invalid'],
    [
      'signed with another key of the same number',
      () => forged({}, new TicketOffice(`1:${Buffer.alloc(32, 8).toString('base64')}`)),
      'ticket_invalid',
    ],
    [
      'signed with a key of another number',
      () => forged({}, new TicketOffice(`2:${Buffer.alloc(32, 7).toString('base64')}`)),
      'ticket_invalid',
    ],
    ['that is missing', async () => undefined, 'ticket_invalid'],
    ['that is null', async () => null, 'ticket_invalid'],
    ['that is a number', async () => 7, 'ticket_invalid'],
    ['that is a list', async () => [await forged({})], 'ticket_invalid'],
    ['that is empty', async () => '', 'ticket_invalid'],
    ['with a character too many', async () => `${await forged({})}A`, 'ticket_invalid'],
    ['with a character too few', async () => (await forged({})).slice(0, -1), 'ticket_invalid'],
    ['with padding', async () => `${(await forged({})).slice(0, -1)}=`, 'ticket_invalid'],
    ['in other letters', async () => (await forged({})).toUpperCase(), 'ticket_invalid'],
    ['of a hundred As', async () => 'A'.repeat(100), 'ticket_invalid'],
  ];
  for (const [what, make, code] of cases) {
    test(`a ticket ${what} ⇒ ${code}`, async () => {
      const ticket = await make();
      const made = await callsDuring(async () => assertProblem(await withTicket(ticket), code));
      assert.equal(made, 0);
    });
  }

  test('a thousand edits of one character are refused, and the ticket itself still passes', async () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const good = await ticketed();
    const made = await callsDuring(async () => {
      for (let round = 0; round < 10; round += 1) {
        const edits = Array.from(good.ticket, (old, at) => {
          const other = alphabet[(alphabet.indexOf(old) + 1 + ((at * 7 + round * 13) % 63)) % 64] ?? 'A';
          return good.ticket.slice(0, at) + other + good.ticket.slice(at + 1);
        });
        const replies = await Promise.all(edits.map(withTicket));
        for (const [at, reply] of replies.entries()) assertProblem(reply, 'ticket_invalid', `character ${at}`);
      }
    });
    assert.equal(made, 0);
    assert.equal((await good.contact(person())).status, 200);
  });

  test('forged tickets use up nothing of the budget of the one that they imitate', async () => {
    const good = await ticketed();
    const spoilt = `${good.ticket.slice(0, -1)}${good.ticket.endsWith('A') ? 'B' : 'A'}`;
    const replies = await Promise.all(Array.from({ length: 60 }, () => withTicket(spoilt)));
    for (const reply of replies) assertProblem(reply, 'ticket_invalid');
    assert.equal((await good.contact(person())).status, 200);
  });

  test('one visitor’s ticket opens nothing of another’s attempt', async () => {
    const mine = await ticketed();
    await mine.contact(person());
    const theirs = await ticketed();
    theirs.attempt = mine.attempt;
    assertProblem(await theirs.read(), 'attempt_unknown');
  });
});

describe('answers and times that may not be', () => {
  const cases: [string, Record<string, string[]>, ProblemCode, Record<string, string>][] = [
    ['none', {}, 'answers_incomplete', { 'company-size': 'required', 'monthly-revenue': 'required' }],
    ['one missing', { 'company-size': ['1-10'] }, 'answers_incomplete', { 'monthly-revenue': 'required' }],
    ['an empty one', { ...PLAIN_ANSWERS, 'company-size': [] }, 'answers_incomplete', { 'company-size': 'required' }],
    ['a blank one', { ...PLAIN_ANSWERS, 'company-size': [''] }, 'answers_incomplete', { 'company-size': 'required' }],
    ['an invented question', { ...PLAIN_ANSWERS, 'is-vip': ['yes'] }, 'invalid_fields', { 'is-vip': 'invalid' }],
    [
      'a question of the account that the event does not ask',
      { ...PLAIN_ANSWERS, role: ['CEO'] },
      'invalid_fields',
      { role: 'invalid' },
    ],
    [
      'an invented option',
      { ...PLAIN_ANSWERS, 'company-size': ['1000'] },
      'invalid_fields',
      { 'company-size': 'not_an_option' },
    ],
    [
      'an archived option',
      { ...PLAIN_ANSWERS, 'company-size': ['Freelancer'] },
      'invalid_fields',
      { 'company-size': 'not_an_option' },
    ],
    [
      'an option in other letters',
      { ...PLAIN_ANSWERS, 'monthly-revenue': ['over $50K'] },
      'invalid_fields',
      { 'monthly-revenue': 'not_an_option' },
    ],
    [
      'two options where one is asked',
      { ...PLAIN_ANSWERS, 'company-size': ['1-10', '11-50'] },
      'invalid_fields',
      { 'company-size': 'invalid' },
    ],
    [
      'the same option twice',
      { ...PLAIN_ANSWERS, goals: ['More leads', 'More leads'] },
      'invalid_fields',
      { goals: 'invalid' },
    ],
    ['a name of every object', { ...PLAIN_ANSWERS, toString: ['x'] }, 'invalid_fields', { toString: 'invalid' }],
  ];
  for (const [what, answers, code, fields] of cases) {
    test(`answers with ${what} ⇒ ${code}, and what was given before stays`, async () => {
      const visitor = await ticketed();
      const contact = person();
      await visitor.contact(contact);
      await until(() => stack.standin.ledger.contactsOf(contact.email ?? '')[0], 'the contact');
      const made = await callsDuring(async () => {
        const reply = await visitor.answers(answers);
        assertProblem(reply, code);
        assert.deepEqual(reply.body.fields, fields);
      });
      assert.equal(made, 0);
      assert.equal((await visitor.read()).body.stage, 'answers');
      assert.equal((await visitor.answers(PLAIN_ANSWERS)).body.stage, 'times');
    });
  }

  test('slots and bookings before the answers are out of order', async () => {
    const visitor = await ticketed();
    await visitor.contact(person());
    assertProblem(await visitor.slots(monthFromNow(1)), 'step_out_of_order');
    assertProblem(await visitor.book('2026-12-01T09:00Z'), 'step_out_of_order');
  });

  test('a time zone that does not exist, or a day that does not, is a problem of that field', async () => {
    const visitor = new Visitor(stack);
    const startsAt = pick(await visitor.toTimes());
    const zone = await visitor.book(startsAt, 'Mars/Olympus');
    assertProblem(zone, 'invalid_fields');
    assert.deepEqual(zone.body.fields, { timeZone: 'invalid' });
    const day = await visitor.book('2026-13-45T99:99Z', 'UTC');
    assertProblem(day, 'invalid_fields');
    assert.deepEqual(day.body.fields, { startsAt: 'invalid' });
    assert.equal((await visitor.book(startsAt, 'UTC')).status, 201);
  });

  test('who is disqualified gets neither slots nor a call', async () => {
    const visitor = await ticketed();
    await visitor.contact(person());
    await visitor.answers(DISQUALIFYING_ANSWERS);
    assertProblem(await visitor.slots(monthFromNow(1)), 'disqualified');
    assertProblem(await visitor.book('2026-12-01T09:00Z'), 'disqualified');
  });

  test('steps that manage a call take no visit’s ticket', async () => {
    const visitor = await ticketed();
    await visitor.contact(person());
    for (const step of ['reschedule', 'cancel', 'calendar'] as const) {
      assertProblem(await visitor.send(step), 'ticket_invalid', step);
    }
  });

  test('every problem of the list has a status, and only the world’s own are 5xx', () => {
    for (const [code, { status }] of Object.entries(PROBLEMS)) {
      const isWorld = ['busy', 'unavailable', 'internal', 'not_supported'].includes(code);
      assert.equal(status >= 500, isWorld, code);
    }
  });
});
