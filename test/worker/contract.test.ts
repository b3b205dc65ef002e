/**
 * The contract of v1 (`docs/contract.md`): lists that only grow, the ticket's bytes, names of objects, and requests recorded from
 * released widgets, which every later Worker must understand. `RECORD=1` adds new entries to the snapshot; it removes none.
 */
import assert from 'node:assert/strict';
import { createHash, createHmac, hkdfSync } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { TICKET_SECONDS } from '../../shared/limits.ts';
import { PROBLEMS } from '../../shared/problems.ts';
import {
  ELEMENT_NAME,
  EVENT_NAMES,
  EVENT_PREFIX,
  ICLOSED_LINK_BASE,
  PATHS,
  PROTOCOL_VERSION,
  STEPS,
  TRACKING_KEYS,
} from '../../shared/protocol.ts';
import { SIGNING_KEYS, type Stack } from '../stack.ts';
import {
  ask,
  DISCOVERY,
  freshEmail,
  monthFromNow,
  openPage,
  pick,
  type Reply,
  startUnpaced,
  Visitor,
} from './visitor.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const RECORDED = path.join(ROOT, 'test/recorded/v1');
const SNAPSHOT = path.join(ROOT, 'test/recorded/contract.snapshot.json');

let stack: Stack;
before(async () => {
  stack = await startUnpaced();
});
after(() => stack.close());

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Members of an exported union of texts, read from its source: types leave no trace at run time. */
function union(file: string, name: string): string[] {
  const source = readFileSync(path.join(ROOT, 'shared', file), 'utf8');
  const [, members = ''] = new RegExp(`export type ${name} =([^;]+);`).exec(source) ?? [];
  return [...members.matchAll(/'([^']+)'/g)].map(([, member = '']) => member);
}

function contract(): Json {
  return {
    protocolVersion: PROTOCOL_VERSION,
    element: ELEMENT_NAME,
    eventPrefix: EVENT_PREFIX,
    linkBase: ICLOSED_LINK_BASE,
    ticketCharacters: 100,
    paths: { ...PATHS },
    steps: [...STEPS],
    stages: union('protocol.ts', 'Stage'),
    contactFields: union('protocol.ts', 'ContactField'),
    questionTypes: union('protocol.ts', 'QuestionType'),
    flows: union('protocol.ts', 'Flow'),
    fieldFaults: union('problems.ts', 'FieldFault'),
    problems: Object.fromEntries(
      Object.entries(PROBLEMS).map(([code, { status, retryable }]) => [code, { status, retryable }]),
    ),
    events: [...EVENT_NAMES],
    trackingKeys: [...TRACKING_KEYS],
  };
}

/** What of `before` is missing or different in `now`, by place; what is new is fine. */
function lost(before: Json, now: Json | undefined, place = 'contract'): string[] {
  if (Array.isArray(before)) {
    if (!Array.isArray(now)) return [place];
    return before.filter((each) => !now.includes(each)).map((each) => `${place}: ${JSON.stringify(each)}`);
  }
  if (typeof before === 'object' && before !== null) {
    if (typeof now !== 'object' || now === null || Array.isArray(now)) return [place];
    return Object.entries(before).flatMap(([key, value]) => lost(value, now[key], `${place}.${key}`));
  }
  return before === now ? [] : [`${place}: ${JSON.stringify(before)} → ${JSON.stringify(now)}`];
}

describe('the lists of v1', () => {
  test('nothing that was in them is gone or different', () => {
    if (process.env.RECORD === '1') {
      const kept = existsSync(SNAPSHOT) ? lost(readJson(SNAPSHOT) as Json, contract()) : [];
      assert.deepEqual(kept, [], 'a snapshot only grows');
      writeFileSync(SNAPSHOT, `${JSON.stringify(contract(), undefined, 2)}\n`);
    }
    assert.deepEqual(lost(readJson(SNAPSHOT) as Json, contract()), []);
  });

  test('every kind of entry is there, so that the comparison compares something', () => {
    for (const [name, list] of Object.entries(contract() as Record<string, Json>)) {
      const size = typeof list === 'object' && list !== null ? Object.keys(list).length : 1;
      assert.ok(size > 0, name);
    }
    assert.equal((contract() as { stages: string[] }).stages.length >= 7, true);
  });

  test('a removed or changed entry is noticed, an added one is not', () => {
    const before: Json = { steps: ['a', 'b'], problems: { busy: { status: 503 } } };
    assert.deepEqual(
      lost(before, { steps: ['b', 'a', 'c'], problems: { busy: { status: 503 }, new: {} }, more: 1 }),
      [],
    );
    assert.deepEqual(lost(before, { steps: ['a'], problems: { busy: { status: 503 } } }), ['contract.steps: "b"']);
    assert.deepEqual(lost(before, { steps: ['a', 'b'], problems: { busy: { status: 429 } } }), [
      'contract.problems.busy.status: 503 → 429',
    ]);
    assert.deepEqual(lost(before, { steps: ['a', 'b'] }), ['contract.problems']);
  });

  test('`docs/contract.md` names every one of them, with status and whether to repeat', () => {
    const page = readFileSync(path.join(ROOT, 'docs/contract.md'), 'utf8');
    for (const name of EVENT_NAMES) assert.ok(page.includes(`\`${name}\``), name);
    for (const step of STEPS) assert.ok(page.includes(`\`${step}\``), step);
    for (const each of Object.values(PATHS)) assert.ok(page.includes(each), each);
    for (const stage of union('protocol.ts', 'Stage')) assert.match(page, new RegExp(`\\b${stage}\\b`));
    for (const fault of union('problems.ts', 'FieldFault')) assert.match(page, new RegExp(`\\b${fault}\\b`));
    for (const [code, { status, retryable }] of Object.entries(PROBLEMS)) {
      assert.ok(page.includes(`| \`${code}\` | ${status} | ${retryable ? 'yes' : 'no'} |`), code);
    }
  });
});

describe('the ticket of v1', () => {
  test('is 75 bytes in 100 letters, laid out and signed as the contract says', async () => {
    const visitor = new Visitor(stack);
    const before = Math.floor(Date.now() / 1_000);
    await visitor.open();
    assert.match(visitor.ticket, /^[A-Za-z0-9_-]{100}$/);
    const bytes = Buffer.from(visitor.ticket, 'base64url');
    assert.equal(bytes.length, 75);
    assert.equal(bytes.toString('base64url'), visitor.ticket, 'one spelling');
    const [version, keyId, purpose] = bytes;
    assert.deepEqual([version, keyId, purpose], [1, 1, 0]);
    const issuedAt = bytes.readUInt32BE(3);
    assert.ok(Math.abs(issuedAt - before) <= 2);
    assert.equal(bytes.readUInt32BE(7), issuedAt + TICKET_SECONDS);
    const tag = (text: string) => createHash('sha256').update(text).digest().subarray(0, 8);
    assert.deepEqual(bytes.subarray(11, 19), tag(DISCOVERY));
    assert.deepEqual(bytes.subarray(19, 27), tag(stack.site));
    const secret = Buffer.from(SIGNING_KEYS.split(':')[1] ?? '', 'base64');
    const subkey = Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), 'ticket:v1:visit', 32));
    const mac = createHmac('sha256', subkey).update(bytes.subarray(0, 59)).digest().subarray(0, 16);
    assert.deepEqual(bytes.subarray(59), mac);
    await visitor.contact({ first_name: 'T', last_name: 'Ticket', email: freshEmail(), phone: '+12025550142' });
    const leads = await stack.harness.getWorker().listDurableObjectIds('LeadObject');
    assert.ok(leads.includes(bytes.subarray(27, 59).toString('hex')), 'the Lead that it names');
  });

  test('two visits lead to two Leads', async () => {
    const [one, other] = [new Visitor(stack), new Visitor(stack)];
    await one.open();
    await other.open();
    const leadOf = ({ ticket }: Visitor) => Buffer.from(ticket, 'base64url').subarray(27, 59).toString('hex');
    assert.notEqual(leadOf(one), leadOf(other));
  });
});

test('objects have the names that they were born with', async () => {
  const worker = stack.harness.getWorker();
  const { EVENT, GATE } = (await worker.getEnv()) as Record<'EVENT' | 'GATE', DurableNames>;
  const named = async (names: DurableNames, name: string) => (await names.idFromName(name)).toString();
  const events = await worker.listDurableObjectIds('EventObject');
  assert.ok(events.includes(await named(EVENT, `event:v1:default:${DISCOVERY}`)));
  const gates = await worker.listDurableObjectIds('GateObject');
  assert.ok(gates.includes(await named(GATE, 'gate:v1:default')));
});

interface DurableNames {
  idFromName(name: string): Promise<{ toString(): string }>;
}

// --- requests of released widgets ---

interface Recording {
  from: string;
  what: string;
  request: { method: string; path: string; headers: Record<string, string>; body?: Json };
  answer: { status: number; stage?: string; has?: string[] };
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

const recordings = readdirSync(RECORDED)
  .sort()
  .map((file) => ({ file, ...(readJson(path.join(RECORDED, file)) as Recording) }));

describe('requests recorded from released widgets', () => {
  const visitOf = (file: string) => file.replace(/-\d+-.*$/, '');
  const visits = [...new Set(recordings.map(({ file }) => visitOf(file)))].map(
    (visit) => [visit, recordings.filter(({ file }) => visitOf(file) === visit)] as const,
  );

  for (const [visit, steps] of visits) {
    test(`a visitor who ${visit.replaceAll('-', ' ')}: ${steps.length} requests are understood`, async () => {
      const page = await openPage(new Visitor(stack), monthFromNow(1));
      const startsAt = pick(page.slots);
      const filled: Record<string, string> = {
        ticket: '',
        attempt: crypto.randomUUID(),
        email: freshEmail('rita'),
        month: startsAt.slice(0, 7),
        startsAt,
      };
      for (const { file, what, request, answer } of steps) {
        const fill = (text: string) =>
          text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => filled[name] ?? assert.fail(name));
        const reply = await replay(request, fill);
        const said = `${file}, ${what} → ${reply.status} ${reply.text.slice(0, 300)}`;
        assert.equal(reply.status, answer.status, said);
        assert.equal(reply.body.stage, answer.stage, said);
        for (const member of answer.has ?? []) assert.ok(member in reply.body, `${member} in ${said}`);
        if (reply.body.ticket) filled.ticket = reply.body.ticket;
      }
    });
  }

  test('every step that works has a recording', () => {
    // Their recordings come with the first released widget that sends them.
    const later = ['reschedule', 'cancel', 'calendar'];
    const recorded = recordings.map(({ request }) => (request.body as { step?: string } | undefined)?.step);
    for (const step of STEPS) if (!later.includes(step)) assert.ok(recorded.includes(step), step);
  });

  /** As the browser sends it: with the page's origin, after a preflight where it needs one. */
  async function replay(request: Recording['request'], fill: (text: string) => string): Promise<Reply> {
    const { method, headers, body } = request;
    const sender = { origin: stack.site, 'cf-connecting-ip': '2001:db8:77::1', 'cf-ipcountry': 'US' };
    if (body !== undefined) {
      const preflight = await ask(stack, request.path, {
        method: 'OPTIONS',
        headers: {
          ...sender,
          'access-control-request-method': method,
          'access-control-request-headers': Object.keys(headers).join(', '),
        },
      });
      assert.equal(preflight.status, 204);
    }
    return ask(stack, fill(request.path), {
      method,
      headers: { ...headers, ...sender },
      ...(body === undefined ? {} : { body: fill(JSON.stringify(body)) }),
    });
  }
});
