/** Tickets: what is altered, mixed, reused elsewhere or too old does not get in; what is untouched does (P12). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSigningKeys, type TicketContent, TicketOffice } from '../../worker/ticket.ts';
import { seeded } from './seeded.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const KEY_ONE = `1:${Buffer.alloc(32, 1).toString('base64')}`;
const KEY_TWO = `2:${Buffer.alloc(32, 2).toString('base64')}`;
const NOW = 1_790_000_000;
const content: TicketContent = {
  purpose: 'visit',
  issuedAt: NOW,
  expiresAt: NOW + 86_400,
  event: 'acme/discovery-call',
  origin: 'https://example.com',
  leadId: '0123456789abcdef'.repeat(4),
};
const expected = { purposes: ['visit'], event: content.event, origin: content.origin, nowSeconds: NOW } as const;
const office = new TicketOffice(KEY_ONE);

test('an untouched ticket ⇒ everything that was put in', async () => {
  assert.deepEqual(await office.verify(await office.issue(content), expected), content);
});

test('tickets of 300 different leads and times ⇒ exactly 100 characters, all pass', async () => {
  const random = seeded(1);
  for (let i = 0; i < 300; i += 1) {
    const leadId = Array.from({ length: 64 }, () => Math.floor(random() * 16).toString(16)).join('');
    const issuedAt = Math.floor(random() * 4_000_000_000);
    const each = { ...content, leadId, issuedAt, expiresAt: issuedAt + 60 };
    const ticket = await office.issue(each);
    assert.match(ticket, /^[A-Za-z0-9_-]{100}$/);
    assert.deepEqual(await office.verify(ticket, { ...expected, nowSeconds: issuedAt }), each);
  }
});

test('every one of the 6,300 tickets with one other character ⇒ invalid', async () => {
  const ticket = await office.issue(content);
  for (let at = 0; at < ticket.length; at += 1) {
    for (const character of ALPHABET) {
      if (character === ticket[at]) continue;
      const altered = ticket.slice(0, at) + character + ticket.slice(at + 1);
      assert.equal(await office.verify(altered, expected), 'invalid', `character ${at} ⇒ ${character}`);
    }
  }
});

test('every ticket with one character more or less ⇒ invalid', async () => {
  const ticket = await office.issue(content);
  for (let at = 0; at <= ticket.length; at += 1) {
    assert.equal(await office.verify(`${ticket.slice(0, at)}A${ticket.slice(at)}`, expected), 'invalid');
    if (at === ticket.length) continue;
    assert.equal(await office.verify(ticket.slice(0, at) + ticket.slice(at + 1), expected), 'invalid');
  }
});

test('2,000 random edits ⇒ invalid', async () => {
  const random = seeded(2);
  const ticket = await office.issue(content);
  let edits = 0;
  while (edits < 2_000) {
    const letters = ticket.split('');
    const changes = 1 + Math.floor(random() * 12);
    for (let i = 0; i < changes; i += 1) {
      const at = Math.floor(random() * letters.length);
      const kind = random();
      if (kind < 0.6) letters[at] = ALPHABET[Math.floor(random() * 64)] ?? 'A';
      else if (kind < 0.8) [letters[at], letters[99 - at]] = [letters[99 - at] ?? 'A', letters[at] ?? 'A'];
      else letters[at] = String.fromCharCode(Math.floor(random() * 0x250));
    }
    const altered = letters.join('');
    if (altered === ticket) continue;
    edits += 1;
    assert.equal(await office.verify(altered, expected), 'invalid', altered);
  }
});

test('one ticket has one spelling: no second text decodes to the same 75 bytes', async () => {
  const ticket = await office.issue(content);
  const bytes = Buffer.from(ticket, 'base64url');
  assert.equal(bytes.length, 75);
  const spellings = [
    ticket.replaceAll('-', '+').replaceAll('_', '/'),
    `${ticket}=`,
    `${ticket} `,
    ` ${ticket}`,
    `${ticket}\n`,
    `${ticket.slice(0, 50)}\n${ticket.slice(50)}`,
  ].filter((each) => each !== ticket);
  for (const spelling of spellings) {
    assert.deepEqual(Buffer.from(spelling, 'base64'), bytes, 'the control: it does decode to the same bytes');
    assert.equal(await office.verify(spelling, expected), 'invalid', JSON.stringify(spelling));
  }
  const last = ticket.at(-1) ?? '';
  const same = ALPHABET.split('').filter((each) => Buffer.from(ticket.slice(0, 99) + each, 'base64url').equals(bytes));
  assert.deepEqual(same, [last]);
});

const DAY = 86_400;
const elsewhere: [string, Partial<typeof expected> | Record<string, unknown>, 'invalid' | 'expired' | 'passes'][] = [
  ['the same event and origin', {}, 'passes'],
  ['another event', { event: 'acme/other' }, 'invalid'],
  ['an event that only begins so', { event: 'acme/discovery-call-2' }, 'invalid'],
  ['the event in other letters', { event: 'Acme/discovery-call' }, 'invalid'],
  ['another origin', { origin: 'https://example.org' }, 'invalid'],
  ['its www', { origin: 'https://www.example.com' }, 'invalid'],
  ['the origin with a port', { origin: 'https://example.com:8443' }, 'invalid'],
  ['origin and event exchanged', { origin: content.event, event: content.origin }, 'invalid'],
  ['another purpose', { purposes: ['manage'] }, 'invalid'],
  ['its last second', { nowSeconds: NOW + DAY - 1 }, 'passes'],
  ['its end', { nowSeconds: NOW + DAY }, 'expired'],
  ['long after', { nowSeconds: NOW + 10 * DAY }, 'expired'],
  ['after its end, for another event', { nowSeconds: NOW + DAY, event: 'acme/other' }, 'invalid'],
];
for (const [name, change, outcome] of elsewhere) {
  test(`used for ${name} ⇒ ${outcome}`, async () => {
    const result = await office.verify(await office.issue(content), { ...expected, ...change });
    assert.deepEqual(result, outcome === 'passes' ? content : outcome);
  });
}

test('halves of two good tickets put together ⇒ invalid at every cut', async () => {
  const a = await office.issue(content);
  const b = await office.issue({ ...content, leadId: 'f'.repeat(64), issuedAt: NOW - 100, expiresAt: NOW + 200 });
  for (let at = 1; at < 100; at += 1) {
    const mixed = a.slice(0, at) + b.slice(at);
    if (mixed === a || mixed === b) continue;
    assert.equal(await office.verify(mixed, expected), 'invalid', String(at));
  }
});

test('a visit ticket relabelled as manage ⇒ invalid, a true manage ticket passes', async () => {
  const bytes = Buffer.from(await office.issue(content), 'base64url');
  bytes[2] = 1;
  const relabelled = bytes.toString('base64url');
  assert.equal(await office.verify(relabelled, { ...expected, purposes: ['manage'] }), 'invalid');
  const manage = { ...content, purpose: 'manage' as const };
  assert.deepEqual(await office.verify(await office.issue(manage), { ...expected, purposes: ['manage'] }), manage);
});

test('every purpose ⇒ its own byte and its own key: no relabelled ticket passes for another', async () => {
  const purposes = ['visit', 'manage', 'visit_unproven'] as const;
  for (const [at, purpose] of purposes.entries()) {
    const ticket = await office.issue({ ...content, purpose });
    const bytes = Buffer.from(ticket, 'base64url');
    assert.equal(bytes[2], at);
    for (const other of purposes) {
      const result = await office.verify(ticket, { ...expected, purposes: [other] });
      assert.deepEqual(result, other === purpose ? { ...content, purpose } : 'invalid');
      if (other === purpose) continue;
      bytes[2] = purposes.indexOf(other);
      assert.equal(await office.verify(bytes.toString('base64url'), { ...expected, purposes }), 'invalid');
    }
  }
});

test('rotation: the first key signs, every listed key verifies, a removed one does not', async () => {
  const before = new TicketOffice(KEY_ONE);
  const during = new TicketOffice(`${KEY_TWO},${KEY_ONE}`);
  const after = new TicketOffice(KEY_TWO);
  const old = await before.issue(content);
  const fresh = await during.issue(content);
  assert.equal(Buffer.from(fresh, 'base64url')[1], 2);
  assert.deepEqual(await during.verify(old, expected), content);
  assert.deepEqual(await during.verify(fresh, expected), content);
  assert.deepEqual(await after.verify(fresh, expected), content);
  assert.equal(await after.verify(old, expected), 'invalid');
  assert.equal(await before.verify(fresh, expected), 'invalid');
});

test('the same id with another secret ⇒ invalid', async () => {
  const other = new TicketOffice(`1:${Buffer.alloc(32, 9).toString('base64')}`);
  assert.equal(await other.verify(await office.issue(content), expected), 'invalid');
});

const SENTENCE =
  'SIGNING_KEYS must be a list such as "1:<base64 of 32 random bytes>"; `npm start` writes one to .dev.vars';
const wrongKeys: [string | undefined, string][] = [
  [undefined, `${SENTENCE}. It is missing.`],
  ['', `${SENTENCE}. It is missing.`],
  ['secret', `${SENTENCE}.`],
  ['1:', `${SENTENCE}.`],
  [`256:${'A'.repeat(43)}`, `${SENTENCE}.`],
  [`-1:${'A'.repeat(43)}`, `${SENTENCE}.`],
  [`1:${'A'.repeat(42)}!`, `${SENTENCE}.`],
  [`${KEY_ONE},`, `${SENTENCE}.`],
  [`1:${'A'.repeat(45)}`, `${SENTENCE}.`],
  [`7:${'A'.repeat(42)}`, `${SENTENCE}. Key 7 is shorter than 32 bytes.`],
];
for (const [setting, message] of wrongKeys) {
  test(`SIGNING_KEYS=${setting} ⇒ a sentence`, () => {
    assert.throws(() => parseSigningKeys(setting), { message });
  });
}

test('keys in base64 and base64url, with padding, without and with blanks ⇒ the same bytes', () => {
  const secret = Buffer.alloc(32, 0xfb);
  const texts = [secret.toString('base64'), secret.toString('base64url'), secret.toString('base64').replace(/=+$/, '')];
  const keys = parseSigningKeys(texts.map((each, id) => ` ${id}:${each} `).join(','));
  assert.deepEqual(
    keys.map(({ id, secret: bytes }) => [id, Buffer.from(bytes).toString('hex')]),
    [0, 1, 2].map((id) => [id, secret.toString('hex')]),
  );
});
