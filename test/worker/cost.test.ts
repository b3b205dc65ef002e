/**
 * P28: what page views and bookings cost at Cloudflare, counted by the counters of `npm run bench -- cost` around the production
 * code. Counts, never times: a later change that adds a request, an object's call or a row fails here and says which.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { TapeReader, writeCountedConfig } from '../../bench/counted.ts';
import type { Entry } from '../../bench/counted/tape.ts';
import { costOf } from '../../bench/costs.ts';
import type { Stack } from '../stack.ts';
import { monthFromNow, openPage, PLAIN_ANSWERS, person, pick, startUnpaced, until, Visitor } from './visitor.ts';

let stack: Stack;
let tape: TapeReader;
before(async () => {
  stack = await startUnpaced({ configPath: writeCountedConfig() });
  tape = new TapeReader(stack);
});
after(() => stack.close());

/** What has happened since the last look, once `isDone` holds of it. */
async function seen(isDone: (entries: Entry[]) => boolean = () => true): Promise<Entry[]> {
  const entries: Entry[] = [];
  await until(async () => {
    entries.push(...(await tape.next()));
    return isDone(entries);
  }, 'the tape shows the end');
  return entries;
}

type Is = (entry: Entry) => boolean;

/** One thing came, and another after it. */
function cameAfter(entries: readonly Entry[], isFirst: Is, isSecond: Is): boolean {
  const first = entries.findIndex(isFirst);
  return first >= 0 && entries.slice(first).some(isSecond);
}

/** That call was made and the Lead has written what came of it. */
const has = (method: string) => (entries: Entry[]) =>
  cameAfter(
    entries,
    (entry) => entry.kind === 'upstream' && entry.endpoint === method,
    (entry) => entry.kind === 'row' && entry.what === 'put lead',
  );

/** The last thing that a booked Lead writes is its alarm for later. */
const isBooked = (entries: Entry[]) =>
  cameAfter(
    entries,
    (entry) => entry.kind === 'call' && entry.method === 'settle',
    (entry) => entry.kind === 'row' && entry.in === 'Lead' && entry.what === 'set alarm',
  );

/** Calls from and to a Lead and its alarms; what has grown old on a busy machine and is renewed by the others is left out. */
const isOfLead: Is = (entry) =>
  entry.kind === 'alarm' ? entry.to === 'Lead' : entry.kind === 'call' && [entry.from, entry.to].includes('Lead');

/** How often each object was called, by whom. */
function callsOf(entries: readonly Entry[]): Record<string, number> {
  const calls: Record<string, number> = {};
  for (const entry of entries) {
    if (entry.kind === 'call') add(calls, `${entry.from} → ${entry.to}.${entry.method}`);
    if (entry.kind === 'alarm') add(calls, `${entry.to}.alarm`);
  }
  return calls;
}

/** Rows by object and key; the gate's lease is left out: one a window, whoever comes. */
function rowsOf(entries: readonly Entry[]): Record<string, number> {
  const rows: Record<string, number> = {};
  for (const entry of entries) {
    if (entry.kind === 'row' && entry.in !== 'Gate') add(rows, `${entry.in}: ${entry.what}`, entry.rows);
  }
  return rows;
}

function add(sums: Record<string, number>, name: string, more = 1): void {
  sums[name] = (sums[name] ?? 0) + more;
}

const month = monthFromNow(1);

/** A slower one meets the Lead's backup alarm and copies that are renewed; those are the bench's to show. */
const QUICK_MS = 10_000;

/** From the ticket to the booked call, as the widget does it; made again where a busy machine stretched it. */
async function book(): Promise<Entry[]> {
  for (let tries = 1; tries <= 3; tries += 1) {
    const visitor = new Visitor(stack);
    await visitor.open();
    await seen();
    await visitor.contact(person());
    const first = await seen(has('POST /v1/contacts'));
    const answered = await visitor.answers(PLAIN_ANSWERS, month);
    const second = await seen(has('PUT /v1/contacts'));
    const booked = await visitor.book(pick(answered.body.slots?.slots ?? []));
    assert.equal(booked.status, 201, booked.text);
    const all = [...first, ...second, ...(await seen(isBooked))];
    if ((all.at(-1)?.at ?? 0) - (all[0]?.at ?? 0) < QUICK_MS) return all;
  }
  return assert.fail(`no booking within ${QUICK_MS} ms`);
}

describe('what it costs', { concurrency: 1 }, () => {
  // A copy that has grown old on a busy machine is renewed: that some view costs no object is what holds.
  test('a page view ⇒ one request to the Worker, and no object once the description is known', async () => {
    const visitor = new Visitor(stack);
    await visitor.open();
    await until(async () => {
      await seen();
      await visitor.open();
      const view = await seen();
      assert.equal(costOf(view).workerRequests, 1);
      return isDeepStrictEqual([callsOf(view), rowsOf(view)], [{}, {}]);
    }, 'a view that costs no object');
  });

  test('a page view with times first ⇒ two requests, and no object where others just saw the times', async () => {
    const visitor = new Visitor(stack);
    await until(async () => {
      await seen();
      await visitor.open();
      await openPage(visitor, month);
      const view = await seen();
      assert.equal(costOf(view).workerRequests, 2);
      return isDeepStrictEqual([callsOf(view), rowsOf(view)], [{}, {}]);
    }, 'a view that costs no object');
  });

  test('a booking after the first of the day ⇒ these calls and rows', async () => {
    const first = await book(); // meets the zone canary
    assert.ok(has('POST /v1/events/eventDates')(first));
    const booking = await book();
    const { workerRequests, objectRequests, rows, iclosedCalls } = costOf(booking);
    const dates = booking.filter(
      (entry) => entry.kind === 'upstream' && entry.endpoint === 'POST /v1/events/eventDates',
    );
    // A walk over several windows tells the gate that iClosed answers, at most once a second.
    const { 'Event → Gate.report': words = 0, ...calls } = callsOf(booking);
    assert.ok(words <= Math.ceil(dates.length / 3), `${words} words`);
    assert.deepEqual(calls, {
      'Worker → Lead.step': 3,
      'Lead → Gate.acquire': 4,
      'Lead → Event.slots': 1,
      'Event → Gate.acquire': dates.length,
      'Lead → Event.claim': 1,
      'Lead → Event.settle': 1,
    });
    assert.deepEqual(rowsOf(booking), {
      'Lead: put lead': 9,
      'Lead: set alarm': 2,
      [`Event: put set:${month}|`]: 1,
      'Event: INSERT OR REPLACE INTO claims VALUES': 2,
      'Event: put withheld': 1,
    });
    assert.equal(iclosedCalls, 4 + dates.length);
    assert.equal(workerRequests, 3);
    assert.ok(rows <= 16, `${rows} rows`);
    assert.equal(objectRequests, 10 + dates.length + words);
  });

  test('control: a visitor who reads once more ⇒ one request and one call more', async () => {
    const visitor = new Visitor(stack);
    await visitor.open();
    await visitor.contact(person());
    await seen(has('POST /v1/contacts'));
    await visitor.read();
    const read = await seen();
    assert.deepEqual(callsOf(read.filter(isOfLead)), { 'Worker → Lead.step': 1 });
    assert.equal(costOf(read).workerRequests, 1);
  });

  test('control: a corrected contact ⇒ another call to the gate and two rows more', async () => {
    const visitor = new Visitor(stack);
    await visitor.open();
    const contact = person();
    await visitor.contact(contact);
    await seen(has('POST /v1/contacts'));
    await visitor.contact({ ...contact, last_name: 'Corrected' });
    const corrected = await seen(has('PUT /v1/contacts'));
    await visitor.reaches('answers');
    const all = [...corrected, ...(await seen())];
    assert.equal(callsOf(all)['Lead → Gate.acquire'], 1);
    assert.equal(rowsOf(all)['Lead: put lead'], 2);
  });
});
