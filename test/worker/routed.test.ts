/**
 * Answers route to hosts: their times only are shown, the call carries them, and a time of somebody else was not offered.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { hostIds } from '../standin/canaries.ts';
import type { Stack } from '../stack.ts';
import {
  assertProblem,
  contactOf,
  DISCOVERY,
  monthFromNow,
  openPage,
  PLAIN_ANSWERS,
  person,
  pick,
  ROUTING_ANSWERS,
  startUnpaced,
  Visitor,
} from './visitor.ts';

const ZED_AND_MIA = `${hostIds.zed},${hostIds.mia}`;

let stack: Stack;
before(async () => {
  stack = await startUnpaced();
});
after(() => stack.close());

/** Times of the next month that only Kenji has: before 7:00 UTC it is office hours in Tokyo, and the routed hosts sleep. */
async function kenjisTimes(): Promise<string[]> {
  const { slots } = await openPage(new Visitor(stack), monthFromNow(1));
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
  return slots.filter((each) => each > tomorrow && Number(each.slice(11, 13)) < 7);
}

describe('a routed visitor', () => {
  for (const conditionalUsers of ['array', 'csv'] as const) {
    test(`sees times of the routed hosts only and the call carries them (told as ${conditionalUsers})`, async () => {
      stack.standin.model.change({ answers: { conditionalUsers } });
      const visitor = new Visitor(stack);
      const contact = person();
      const times = await visitor.toTimes(contact, ROUTING_ANSWERS);
      const alone = await kenjisTimes();
      assert.ok(alone.length > 0, 'Kenji has times of his own');
      assert.ok(times.length > 0);
      assert.ok(times.every((each) => !alone.includes(each)));
      const booked = await visitor.book(pick(times));
      assert.equal(booked.status, 201, booked.text);
      assert.match(booked.body.booking?.host ?? '', /^(Zed Harper|Mia Lindqvist)$/);
      const { id } = contactOf(stack, contact.email ?? '');
      const sent = stack.standin.ledger.requests('POST /v1/eventCalls').filter(({ contactId }) => contactId === id);
      assert.deepEqual(
        sent.map(({ body }) => (body as { conditionalUsers?: string }).conditionalUsers),
        [ZED_AND_MIA],
      );
      const [call] = stack.standin.ledger.callsOf(contact.email ?? '');
      assert.ok(call && [hostIds.zed, hostIds.mia].some((host) => host === call.hostId));
    });
  }

  test('has times asked for those hosts', () => {
    const asked = stack.standin.ledger
      .requests('POST /v1/events/eventDates')
      .map(({ body }) => (body as { conditionalUsers?: string }).conditionalUsers);
    assert.ok(asked.includes(ZED_AND_MIA));
    assert.ok(asked.includes(undefined), 'open times are asked for any host, without the field');
  });

  test('who wants a time of another host is refused, with the nearest of the own times', async () => {
    const [foreign = ''] = await kenjisTimes();
    assert.ok(foreign);
    const visitor = new Visitor(stack);
    const contact = person();
    const times = await visitor.toTimes(contact, ROUTING_ANSWERS);
    const refused = await visitor.book(foreign);
    assertProblem(refused, 'slot_not_offered');
    assert.equal(refused.body.nearest?.length, 3);
    for (const each of refused.body.nearest ?? []) assert.ok(times.includes(each), `${each} is theirs`);
    assert.deepEqual(stack.standin.ledger.callsOf(contact.email ?? ''), []);
    const second = await visitor.book(refused.body.nearest?.[0] ?? '');
    assert.equal(second.status, 201, second.text);
  });

  test('routed to nobody who has times sees none, and the open times of others are not offered', async () => {
    const [open = ''] = (await openPage(new Visitor(stack), monthFromNow(1))).slots;
    const visitor = new Visitor(stack);
    const times = await visitor.toTimes(person(), { ...PLAIN_ANSWERS, 'company-size': ['501+'] });
    assert.deepEqual(times, []);
    const refused = await visitor.book(open);
    assertProblem(refused, 'slot_not_offered');
  });

  test('whose newer answers route elsewhere is held to the new hosts', async () => {
    const [foreign = ''] = await kenjisTimes();
    const visitor = new Visitor(stack);
    const times = await visitor.toTimes(person(), PLAIN_ANSWERS);
    assert.ok(times.includes(foreign), 'offered before');
    const routed = await visitor.answers(ROUTING_ANSWERS, monthFromNow(1));
    assert.ok(routed.body.slots && !routed.body.slots.slots.includes(foreign));
    assertProblem(await visitor.book(foreign), 'slot_not_offered');
  });

  test('cannot name hosts: whatever the browser adds is ignored', async () => {
    const [foreign = ''] = await kenjisTimes();
    const visitor = new Visitor(stack);
    await visitor.toTimes(person(), ROUTING_ANSWERS);
    const extras = { hosts: '', conditionalUsers: String(hostIds.kenji), routingGroupIds: '1', contactId: 1 };
    const refused = await visitor.send('book', { startsAt: foreign, timeZone: 'UTC', ...extras });
    assertProblem(refused, 'slot_not_offered');
  });

  test('never learns who the hosts are by number', async () => {
    const visitor = new Visitor(stack);
    await visitor.open();
    await visitor.contact(person());
    const reply = await visitor.answers(ROUTING_ANSWERS, monthFromNow(1));
    for (const id of Object.values(hostIds)) assert.ok(!reply.text.includes(String(id)));
  });
});

test('an unrouted visitor is booked without hosts in the call', async () => {
  const visitor = new Visitor(stack);
  const contact = person();
  const booked = await visitor.book(pick(await visitor.toTimes(contact)));
  assert.equal(booked.status, 201, booked.text);
  const { id } = contactOf(stack, contact.email ?? '');
  const [sent] = stack.standin.ledger.requests('POST /v1/eventCalls').filter(({ contactId }) => contactId === id);
  assert.ok(sent && !('conditionalUsers' in (sent.body as object)));
  assert.equal((sent.body as { linkPrefix: string }).linkPrefix, DISCOVERY);
});
