/**
 * A rule of iClosed fires: the visitor reads the owner's words, sees no own times and gets no call; the contact's status says so.
 * Matching happens at the edge, no rule is ever sent to a browser.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Disqualification } from '../../shared/protocol.ts';
import { ruleStatements } from '../standin/canaries.ts';
import type { Stack } from '../stack.ts';
import {
  assertProblem,
  contactOf,
  DISCOVERY,
  DISQUALIFYING_ANSWERS,
  monthFromNow,
  PLAIN_ANSWERS,
  person,
  pick,
  type Reply,
  startUnpaced,
  STRATEGY,
  until,
  Visitor,
} from './visitor.ts';

const BROWSING = { 'company-size': ['1-10'], 'monthly-revenue': ['$5k – $20k'], goals: ['Just browsing'] };

let stack: Stack;
before(async () => {
  stack = await startUnpaced({
    vars: {
      EVENTS: {
        [DISCOVERY]: {
          disqualified: [
            { when: { groupId: 9402 }, message: 'Come back when you are ready.', offerEvent: 'acme/email-only' },
            {
              when: { value: 'Under $5k' },
              message: 'Read our guide.',
              redirect: 'example.com/guide',
              delaySeconds: 3,
            },
            { message: 'Thank you all the same.' },
          ],
        },
        [STRATEGY]: {
          questions: ['company-size'],
          disqualified: [
            { when: { statement: 'Another rule' }, message: 'Not this' },
            { message: 'By default.', redirect: 'https://example.com/dq?y=1' },
          ],
        },
      },
    },
  });
});
after(() => stack.close());

/** Opens, gives contact and answers. */
async function answering(visitor: Visitor, answers: Record<string, string[]>, contact = person()): Promise<Reply> {
  await visitor.open();
  assert.equal((await visitor.contact(contact)).status, 200);
  const reply = await visitor.answers(answers, monthFromNow(0));
  assert.equal(reply.status, 200, reply.text);
  return reply;
}

describe('the words that a disqualified visitor reads', () => {
  const cases: [string, Record<string, string[]>, Disqualification][] = [
    [
      'the entry of the group that fired',
      BROWSING,
      { mayCorrect: true, message: 'Come back when you are ready.', offerEvent: 'acme/email-only' },
    ],
    [
      'the entry of the value that fired, with its redirect made safe',
      DISQUALIFYING_ANSWERS,
      { mayCorrect: true, message: 'Read our guide.', redirect: 'https://example.com/guide', delaySeconds: 3 },
    ],
    [
      'the first entry that matches when two rules fire',
      { ...BROWSING, 'monthly-revenue': ['Under $5k'] },
      { mayCorrect: true, message: 'Come back when you are ready.', offerEvent: 'acme/email-only' },
    ],
  ];
  for (const [what, answers, words] of cases) {
    test(`are those of ${what}`, async () => {
      const reply = await answering(new Visitor(stack), answers);
      assert.equal(reply.body.stage, 'disqualified');
      assert.deepEqual(reply.body.disqualified, words);
      assert.equal(reply.body.slots, undefined);
    });
  }

  test('are the default where no entry matches', async () => {
    const visitor = new Visitor(stack, { event: STRATEGY });
    const reply = await answering(visitor, { 'company-size': ['1-10'] });
    const redirect = 'https://example.com/dq?y=1';
    assert.deepEqual(reply.body.disqualified, { mayCorrect: true, message: 'By default.', redirect }, 'and no hurry');
  });

  test('lead on with the page’s attribution and nothing of the person', async () => {
    const visitor = new Visitor(stack, { event: STRATEGY });
    await visitor.open();
    const tracking = { utm_source: 'news', utm_campaign: 'spring sale', gclid: 'g-1', fbclid: 'f-2' };
    assert.equal((await visitor.contact(person(), { tracking })).status, 200);
    const { body } = await visitor.answers({ 'company-size': ['1-10'] });
    const { searchParams } = new URL(body.disqualified?.redirect ?? '');
    assert.deepEqual(Object.fromEntries(searchParams), { y: '1', ...tracking });
  });

  test('never hold the rule itself', async () => {
    const reply = await answering(new Visitor(stack), DISQUALIFYING_ANSWERS);
    for (const statement of Object.values(ruleStatements)) assert.ok(!reply.text.includes(statement));
    assert.ok(!reply.text.includes('9401'));
  });
});

describe('a disqualified visitor', () => {
  test('sees no own times and gets no call, and the contact is DISQUALIFIED by a PUT with its id', async () => {
    const visitor = new Visitor(stack);
    const contact = person();
    const [startsAt] = await new Visitor(stack).toTimes();
    await answering(visitor, DISQUALIFYING_ANSWERS, contact);
    assertProblem(await visitor.slots(monthFromNow(0)), 'disqualified');
    assertProblem(await visitor.book(startsAt ?? ''), 'disqualified');
    const held = contactOf(stack, contact.email ?? '');
    await until(() => held.status === 'DISQUALIFIED', 'DISQUALIFIED');
    const sent = stack.standin.ledger.requests('PUT /v1/contacts').filter(({ contactId }) => contactId === held.id);
    assert.deepEqual(
      sent.map(({ body }) => body),
      [{ id: held.id, status: 'DISQUALIFIED' }],
    );
    assert.equal(stack.standin.ledger.requests('POST /v1/eventCalls').length, 0);
    assert.deepEqual(stack.standin.ledger.callsOf(contact.email ?? ''), []);
  });

  test('stays so over a reload and over the same answers sent again', async () => {
    const visitor = new Visitor(stack);
    const first = await answering(visitor, DISQUALIFYING_ANSWERS);
    const again = await visitor.send('answers', { seq: 1, answers: DISQUALIFYING_ANSWERS });
    assert.deepEqual(again.body, first.body);
    assert.equal((await visitor.read()).body.stage, 'disqualified');
    const other = await visitor.send('answers', { seq: 1, answers: PLAIN_ANSWERS });
    assertProblem(other, 'attempt_settled');
  });

  test('may correct the answers once and is then qualified and booked', async () => {
    const visitor = new Visitor(stack);
    const contact = person();
    await answering(visitor, DISQUALIFYING_ANSWERS, contact);
    const corrected = await visitor.answers(PLAIN_ANSWERS);
    assert.equal(corrected.body.stage, 'times', corrected.text);
    assert.equal(corrected.body.disqualified, undefined);
    const booked = await visitor.book(pick(await visitor.times()));
    assert.equal(booked.status, 201, booked.text);
    const held = contactOf(stack, contact.email ?? '');
    await until(() => held.status === 'QUALIFIED', 'QUALIFIED');
  });

  test('who corrects into another disqualification may not correct again', async () => {
    const visitor = new Visitor(stack);
    await answering(visitor, DISQUALIFYING_ANSWERS);
    const second = await visitor.answers(BROWSING);
    assert.equal(second.body.stage, 'disqualified');
    assert.equal(second.body.disqualified?.mayCorrect, false);
    assertProblem(await visitor.answers(PLAIN_ANSWERS), 'disqualified');
    assert.equal((await visitor.read()).body.stage, 'disqualified');
    assertProblem(await visitor.slots(monthFromNow(0)), 'disqualified');
  });

  test('after a time that was refused ⇒ may correct all the same', async () => {
    const visitor = new Visitor(stack);
    await visitor.toTimes();
    const nowhere = `${new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10)}T03:07Z`;
    assertProblem(await visitor.book(nowhere), 'slot_not_offered');
    const reply = await visitor.answers(DISQUALIFYING_ANSWERS);
    assert.equal(reply.body.disqualified?.mayCorrect, true);
    const corrected = await visitor.answers(PLAIN_ANSWERS);
    assert.equal(corrected.body.stage, 'times', corrected.text);
  });

  test('who had answered well before is disqualified by the newer answers', async () => {
    const visitor = new Visitor(stack);
    const contact = person();
    const times = await visitor.toTimes(contact);
    const reply = await visitor.answers(DISQUALIFYING_ANSWERS);
    assert.equal(reply.body.stage, 'disqualified');
    assertProblem(await visitor.book(times[0] ?? ''), 'disqualified');
    const held = contactOf(stack, contact.email ?? '');
    await until(() => held.status === 'DISQUALIFIED', 'DISQUALIFIED');
    assert.deepEqual(stack.standin.ledger.callsOf(contact.email ?? ''), []);
  });
});
