/**
 * What the owner has in hand while it runs: the log, the health page, the list of leads by its command, and the switch that shows
 * the link. Tried on a running stack, the command as a process of its own.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { PATHS } from '../../shared/protocol.ts';
import { ROOT } from '../../scripts/paths.ts';
import type { Stack } from '../stack.ts';
import {
  ask,
  assertProblem,
  contactOf,
  DISCOVERY,
  PLAIN_ANSWERS,
  person,
  pick,
  startUnpaced,
  until,
  Visitor,
} from './visitor.ts';

const ADMIN_TOKEN = 'a-token-for-the-owner-of-this-test';
const SECRETS = ['Olivia', 'Ownersen'];

let stack: Stack;
before(async () => {
  stack = await startUnpaced({ secrets: { ADMIN_TOKEN } });
});
after(() => stack.close());

/** `npm run leads -- …` */
async function leads(words: string[], more: Record<string, string> = {}): Promise<{ text: string; code: number }> {
  const env = { PATH: process.env.PATH ?? '', WORKER_URL: stack.worker, ADMIN_TOKEN, ...more };
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import=./scripts/loopback-only.ts', path.join('scripts', 'leads.ts'), ...words],
      { cwd: ROOT, env },
    );
    return { text: stdout, code: 0 };
  } catch (error) {
    const { stderr, code } = error as { stderr: string; code: number };
    return { text: stderr, code };
  }
}

const OWNER = { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } };

async function isListed(attempt: string): Promise<boolean> {
  return (await ask(stack, '/admin/leads', OWNER)).text.includes(attempt);
}

/** A visitor whose contact iClosed refuses in both forms. */
async function refused(): Promise<{ visitor: Visitor; email: string }> {
  const visitor = new Visitor(stack);
  const contact = person({ first_name: SECRETS[0] ?? '', last_name: SECRETS[1] ?? '' });
  stack.standin.model.queueFault({ kind: 'bad_request', endpoint: 'POST /v1/contacts', times: 2 });
  await visitor.open();
  await visitor.contact(contact);
  await until(() => isListed(visitor.attempt), 'the lead in the list', 20_000);
  return { visitor, email: contact.email ?? '' };
}

describe('npm run leads', () => {
  test('list with nothing undelivered ⇒ says so', async () => {
    assert.match((await leads(['list'])).text, /every lead has reached iClosed/);
  });

  test('list, show, export, retry, forget of a lead that was refused', async () => {
    const { visitor, email } = await refused();
    const listed = await leads(['list']);
    assert.match(listed.text, new RegExp(`^${visitor.attempt} {2}refused .*${DISCOVERY}`, 'm'));
    assert.ok(!listed.text.includes(email), 'the list holds nothing of a person');
    const shown = JSON.parse((await leads(['show', visitor.attempt])).text) as {
      contact: { given: { email: string } };
    };
    assert.equal(shown.contact.given.email, email);
    const exported = JSON.parse((await leads(['export'])).text) as object[];
    assert.deepEqual(exported, [shown]);
    assert.match((await leads(['retry', visitor.attempt])).text, /tried again/);
    await until(() => stack.standin.ledger.contactsOf(email)[0], 'the contact at iClosed');
    assert.equal(contactOf(stack, email).firstName, SECRETS[0]);
    await until(async () => !(await isListed(visitor.attempt)), 'out of the list', 20_000);
    const other = await refused();
    assert.match((await leads(['forget', other.visitor.attempt])).text, /forgotten/);
    assert.match((await leads(['list'])).text, /every lead has reached iClosed/);
    assertProblem(await other.visitor.read(), 'attempt_unknown');
  });

  const wrong: [string, string[], Record<string, string>, RegExp][] = [
    ['a wrong token', ['list'], { ADMIN_TOKEN: 'something-else-that-is-long' }, /does not know that token/],
    ['no token', ['list'], { ADMIN_TOKEN: '' }, /ADMIN_TOKEN is missing/],
    ['no address', ['list'], { WORKER_URL: '' }, /WORKER_URL is missing/],
    ['an attempt that is not listed', ['show', crypto.randomUUID()], {}, /no such lead/],
    ['no attempt', ['retry'], {}, /Write the attempt's id/],
    ['another word', ['delete'], {}, /Write: npm run leads/],
  ];
  for (const [what, words, more, sentence] of wrong) {
    test(`${what} ⇒ ${sentence.source}`, async () => {
      const { text, code } = await leads(words, more);
      assert.equal(code, 1);
      assert.match(text, sentence);
      assert.doesNotMatch(text, /at .*\.ts:\d+/, 'a sentence, no stack');
    });
  }
});

describe('health', () => {
  test('/healthz says that it is well and nothing else', async () => {
    const reply = await ask(stack, PATHS.health);
    assert.equal(reply.status, 200);
    assert.equal(reply.text, '{"ok":true}');
  });

  test('/admin/health without the token is not there', async () => {
    assertProblem(await ask(stack, '/admin/health'), 'not_found');
  });

  test('/admin/health shows lanes, breakers, key, backlog and the oldest undelivered; nothing of a visitor', async () => {
    await new Visitor(stack).toTimes();
    const reply = await ask(stack, '/admin/health', OWNER);
    const health = JSON.parse(reply.text) as Record<string, unknown> & { lanes: Record<string, unknown>[] };
    assert.deepEqual(Object.keys(health).sort(), [
      'account',
      'backlog',
      'key',
      'lanes',
      'oldestUndeliveredSeconds',
      'openForSeconds',
    ]);
    assert.deepEqual([health.account, health.key, health.backlog], ['closed', 'current', 0]);
    const lane = health.lanes.find(({ endpoint }) => endpoint === 'POST /v1/contacts');
    assert.deepEqual(lane, {
      endpoint: 'POST /v1/contacts',
      waiting: 0,
      breaker: 'closed',
      limit: { points: 5_000, windowSeconds: 1 },
    });
  });
});

describe('the log', () => {
  test('is a JSON object a line; a step has its attempt, code and milliseconds; nothing of the visitor is in it', async () => {
    stack.harness.clearLogs();
    const visitor = new Visitor(stack);
    const contact = person({ first_name: SECRETS[0] ?? '' });
    const times = await visitor.toTimes(contact);
    await visitor.book('2026-01-01T10:00Z');
    await visitor.book(pick(times));
    const lines = stack.harness.getLogs().map(({ message }) => String(message));
    const ours = lines
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.ok(ours.length >= 6, `${ours.length} lines`);
    for (const line of ours) assert.equal(typeof line.what, 'string');
    const steps = ours.filter(({ what, step }) => what === 'request' && step !== undefined);
    assert.deepEqual([...new Set(steps.map(({ attempt }) => attempt))], [visitor.attempt]);
    for (const { milliseconds } of steps) assert.ok(typeof milliseconds === 'number' && milliseconds >= 0);
    assert.ok(steps.some(({ step, code }) => step === 'book' && code === 'slot_not_offered'));
    for (const secret of [contact.email, contact.phone, SECRETS[0], visitor.ticket, ADMIN_TOKEN])
      assert.ok(secret && !lines.join('\n').includes(secret), secret);
  });
});

describe('the kill switch', () => {
  test('an event set to its link ⇒ shown within seconds, nothing is booked, and what was given still arrives', async () => {
    const early = new Visitor(stack);
    const startsAt = pick(await early.toTimes());
    const late = new Visitor(stack);
    const contact = person();
    assert.equal((await late.open()).event.mode, 'book');
    await stack.update((options) => ({
      ...options,
      workers: options.workers.map((worker) =>
        'config' in worker
          ? worker
          : { ...worker, vars: { ...worker.vars, EVENTS: JSON.stringify({ [DISCOVERY]: { mode: 'link' } }) } },
      ),
    }));
    const began = Date.now();
    const shown = await new Visitor(stack).open();
    assert.equal(shown.event.mode, 'link');
    assert.match(shown.event.link, /^https:\/\/app\.iclosed\.io\/e\/acme\/discovery-call/);
    assert.ok(Date.now() - began < 10_000);
    assertProblem(await early.book(startsAt), 'event_unavailable');
    const reply = await late.contact(contact);
    assert.equal(reply.status, 200, reply.text);
    await until(() => stack.standin.ledger.contactsOf(contact.email ?? '')[0], 'the lead at iClosed');
    assert.equal((await late.answers(PLAIN_ANSWERS)).status, 200);
    assert.equal(stack.standin.ledger.callsOf(contact.email ?? '').length, 0);
  });
});

test('a refused contact whose answers nobody heard of ⇒ nothing is pending, and the next answers are told', async () => {
  const { visitor } = await refused();
  assert.equal((await visitor.answers(PLAIN_ANSWERS)).code, 'contact_refused');
  const { body } = await visitor.read();
  assert.deepEqual([body.stage, body.pending], ['answers', undefined]);
  assert.equal((await visitor.answers(PLAIN_ANSWERS)).code, 'contact_refused');
});
