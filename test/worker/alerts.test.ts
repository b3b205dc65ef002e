/**
 * What the owner is told, from the cause to the webhook: each cause that can be brought about at once arrives as one message and,
 * where it has an end, one more; nothing of a visitor is in any of them. Causes that need minutes or days stand in
 * `test/unit/alerts.test.ts`. A webhook that fails is tried again and holds nobody up.
 */
import assert from 'node:assert/strict';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { DISCOVERY, monthFromNow, openPage, person, pick, startUnpaced, STRATEGY, until, Visitor } from './visitor.ts';
import { STANDIN_KEY, type Stack } from '../stack.ts';

interface Heard {
  cause: string;
  subject: string;
  isOver: boolean;
  text: string;
  content: string;
}

/** What Slack, Discord or a program would get. */
class Webhook {
  readonly heard: Heard[] = [];
  readonly raw: string[] = [];
  /** How the next deliveries end; afterwards all are taken. */
  readonly script: ('error' | 'hang' | 'reset')[] = [];
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += String(chunk);
      });
      request.on('end', () => this.#take(body, response));
    });
  }

  #take(body: string, response: ServerResponse): void {
    const fault = this.script.shift();
    if (fault === 'hang') return;
    if (fault === 'reset') return void response.destroy();
    if (fault === 'error') return void response.writeHead(503).end();
    this.raw.push(body);
    this.heard.push(JSON.parse(body) as Heard);
    response.writeHead(204).end();
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  of(cause: string, isOver = false): Heard[] {
    return this.heard.filter((each) => each.cause === cause && each.isOver === isOver);
  }

  arrives(cause: string, isOver = false): Promise<Heard> {
    return until(() => this.of(cause, isOver)[0], `${cause}${isOver ? ' over' : ''}`, 20_000);
  }
}

const CANARY = { first_name: 'Canaria', last_name: 'Birdsong' };

describe('alerts', () => {
  const webhook = new Webhook();
  let stack: Stack;
  before(async () => {
    const inFiveDays = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
    stack = await startUnpaced({
      vars: { ICLOSED_API_KEY_EXPIRES: inFiveDays },
      secrets: { ALERT_WEBHOOK: await webhook.listen() },
    });
  });
  after(async () => {
    await stack.close();
    webhook.close();
  });

  test('the key expires in five days ⇒ told, with the day, when a call is made', async () => {
    await new Visitor(stack).open();
    const { text } = await webhook.arrives('key_expiring');
    assert.match(text, /\d{4}-\d{2}-\d{2}/);
  });

  test('an event that is not active at iClosed ⇒ told, with its name', async () => {
    await new Visitor(stack, { event: 'acme/inactive' }).get('/api/v1/event?event=acme%2Finactive');
    assert.equal((await webhook.arrives('event_unavailable')).subject, 'acme/inactive');
  });

  test('no time in two weeks ⇒ told, with the event’s name', async () => {
    const visitor = new Visitor(stack, { event: 'acme/full' });
    for (const ahead of [0, 1]) await openPage(visitor, monthFromNow(ahead));
    assert.equal((await webhook.arrives('no_times')).subject, 'acme/full');
  });

  test('a contact that iClosed refuses in both forms ⇒ told, with the attempt', async () => {
    stack.standin.model.queueFault({ kind: 'bad_request', endpoint: 'POST /v1/contacts', times: 2 });
    const visitor = new Visitor(stack);
    await visitor.open();
    await visitor.contact(person(CANARY));
    assert.equal((await webhook.arrives('lead_refused')).subject, visitor.attempt);
  });

  test('a booking that iClosed refuses in both forms ⇒ told, with the attempt', async () => {
    const visitor = new Visitor(stack);
    const startsAt = pick(await visitor.toTimes(person(CANARY)));
    stack.standin.model.queueFault({ kind: 'bad_request', endpoint: 'POST /v1/eventCalls', times: 2 });
    await visitor.book(startsAt);
    assert.equal((await webhook.arrives('booking_unclear')).subject, visitor.attempt);
  });

  test('a zone that is not heeded ⇒ told, with the event’s name', async () => {
    const visitor = new Visitor(stack, { event: STRATEGY });
    const startsAt = pick(await visitor.toTimes(person(CANARY), {}));
    stack.standin.model.change({ availability: { zoneIgnored: true } });
    await visitor.book(startsAt);
    stack.standin.model.change({ availability: { zoneIgnored: false } });
    assert.equal((await webhook.arrives('zone_mismatch')).subject, STRATEGY);
  });

  test('a key that iClosed refuses ⇒ told once, and once when it is taken again', async () => {
    stack.standin.model.change({ revokedKeys: [STANDIN_KEY] });
    const visitor = new Visitor(stack);
    await visitor.open();
    await visitor.contact(person(CANARY));
    await webhook.arrives('key_refused');
    stack.standin.model.change({ revokedKeys: [] });
    await webhook.arrives('key_refused', true);
    assert.equal(webhook.of('key_refused').length, 1);
    assert.equal(webhook.of('key_refused', true).length, 1);
  });

  test('each cause and subject was told once, in words for Slack and Discord, and with nothing of a visitor', () => {
    const told = webhook.heard.map(({ cause, subject, isOver }) => `${cause} ${subject} ${isOver}`);
    assert.deepEqual(told, [...new Set(told)]);
    assert.ok(told.length >= 8, told.join());
    for (const { text, content } of webhook.heard) {
      assert.ok(text.length > 20);
      assert.equal(content, text);
    }
    const all = webhook.raw.join('\n');
    assert.doesNotMatch(all, /canaria|birdsong|@|\+1202|iclosed_standin|SIGNING/i);
  });
});

describe('a webhook that fails', () => {
  const webhook = new Webhook();
  let stack: Stack;
  before(async () => {
    stack = await startUnpaced({ secrets: { ALERT_WEBHOOK: await webhook.listen() } });
  });
  after(async () => {
    await stack.close();
    webhook.close();
  });

  test('is tried again until it takes the message, and a booking made meanwhile waits for none of it', async () => {
    webhook.script.push('error', 'reset', 'hang');
    await new Visitor(stack, { event: 'acme/inactive' }).get('/api/v1/event?event=acme%2Finactive');
    const visitor = new Visitor(stack, { event: DISCOVERY });
    const reply = await visitor.book(pick(await visitor.toTimes()));
    assert.equal(reply.status, 201, reply.text);
    assert.ok(webhook.script.length > 0 || webhook.heard.length === 0, 'the webhook had not taken it before');
    await until(() => webhook.of('event_unavailable')[0], 'the message', 40_000);
    assert.deepEqual(webhook.script, []);
    assert.equal(webhook.heard.length, 1);
  });
});
