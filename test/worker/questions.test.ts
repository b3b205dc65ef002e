/**
 * Which questions an event asks: what the configuration lists for it; else what its own detail ties to it; else only the primary
 * ones. The account has twelve fields for calls; the discovery call uses three.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Question } from '../../shared/protocol.ts';
import { customFields, fieldIds } from '../standin/custom-fields.ts';
import { eventByPrefix } from '../standin/events.ts';
import type { SettingsPatch } from '../standin/settings.ts';
import type { Stack } from '../stack.ts';
import { changeEvent } from './account.ts';
import { DISCOVERY, startUnpaced, STRATEGY, Visitor } from './visitor.ts';

let stack: Stack;
before(async () => {
  stack = await startUnpaced({
    vars: {
      EVENTS: {
        [STRATEGY]: {
          questions: [
            'goals',
            {
              identifier: 'company-size',
              label: 'Team size',
              help: 'Roughly',
              type: 'select',
              required: false,
              options: [{ value: '501+', label: 'Over 500' }, '1-10', 'Freelancer', 'Huge'],
              showIf: { identifier: 'goals', is: ['More leads'] },
            },
            { identifier: 'lead-source-of-nowhere' },
            { customFieldId: 7006, hidden: true },
            'account-owner',
          ],
          contact: [{ type: 'name', label: 'Who are you?' }, 'email'],
          name: 'Session',
          durationMinutes: 45,
          host: 'Acme',
        },
        'acme/full': { questions: [] },
        primary: { linkPrefix: 'acme/inactive' },
      },
    },
  });
});
after(() => stack.close());

const REQUIRED = ['company-size', 'monthly-revenue'];
const described = async (event: string) => (await new Visitor(stack, { event }).open()).event;
const ids = (questions: readonly Question[]) => questions.map(({ id }) => id);
/** Texts of fields that the event does not ask. */
const textsExcept = (used: readonly number[]) =>
  customFields.filter(({ id }) => !used.includes(id)).flatMap(({ name, identifier }) => [name, `"${identifier}"`]);

describe('source 1, the configuration', () => {
  test('lists exactly what is asked, with its own words, order, options and condition', async () => {
    const event = await described(STRATEGY);
    assert.deepEqual(ids(event.questions), ['goals', 'company-size', 'website']);
    const [goals, size, website] = event.questions;
    assert.equal(goals?.type, 'multiple');
    assert.equal(goals?.required, true);
    assert.deepEqual(size, {
      id: 'company-size',
      type: 'select',
      label: 'Team size',
      help: 'Roughly',
      required: false,
      options: [{ value: '501+', label: 'Over 500' }, { value: '1-10' }],
      showIf: { id: 'goals', is: ['More leads'] },
    });
    assert.equal(website?.hidden, true);
  });

  test('overrides name, length, host and contact questions', async () => {
    const event = await described(STRATEGY);
    assert.equal(event.name, 'Session');
    assert.equal(event.durationMinutes, 45);
    assert.equal(event.host, 'Acme');
    assert.deepEqual(event.contact, [
      { type: 'name', label: 'Who are you?', required: true },
      { type: 'email', required: true },
    ]);
  });

  test('an option of a question whose condition is not met is neither required nor taken', async () => {
    const visitor = new Visitor(stack, { event: STRATEGY });
    await visitor.open();
    await visitor.contact({ name: 'Con Dition', email: 'con.dition@visitors.example' });
    const reply = await visitor.answers({ goals: ['Better close rate'], website: ['https://example.com'] });
    assert.equal(reply.body.stage, 'times', reply.text);
    assert.deepEqual(Object.keys(reply.body.answers ?? {}).sort(), ['goals', 'website']);
  });

  test('an empty list asks only the primary questions', async () => {
    const event = await described('acme/full');
    assert.deepEqual(event.questions, []);
    assert.ok(event.contact.length > 0);
  });

  test('archived options, hidden fields and unknown ones are not asked, even when listed', async () => {
    const text = JSON.stringify(await described(STRATEGY));
    assert.ok(!text.includes('Freelancer'));
    assert.ok(!text.includes('account-owner'));
    assert.ok(!text.includes('lead-source-of-nowhere'));
  });
});

describe('source 2, the detail of the event', () => {
  const discovery = eventByPrefix(DISCOVERY);
  const variants: { prefix: string; detail: SettingsPatch['detail'] }[] = [
    { prefix: DISCOVERY, detail: { tiedFieldsKey: 'customFieldEvents' } },
    { prefix: 'acme/far', detail: { tiedFieldsKey: 'CustomFieldEvent', identifiersWrapped: true } },
    { prefix: 'acme/email-only', detail: { tiedFieldsKey: 'secondaryQuestions', tiedFieldsInline: true } },
    {
      prefix: 'acme/name-only',
      detail: { tiedFieldsKey: 'customFieldEvents', questionTypes: 'labels', options: 'objects' },
    },
    { prefix: 'acme/phone-only', detail: { tiedFieldsKey: 'somethingElse', describesEvent: true, options: 'strings' } },
  ];
  for (const { prefix, detail } of variants) {
    test(`asks the three tied fields in their order and no other: ${JSON.stringify(detail)}`, async () => {
      assert.ok(discovery && detail);
      stack.standin.model.change({ detail });
      const restore = changeEvent(prefix, { tiedFields: discovery.tiedFields });
      const event = await described(prefix).finally(restore);
      assert.deepEqual(ids(event.questions), [...REQUIRED, 'goals']);
      assert.deepEqual(
        event.questions.map(({ required }) => required),
        [true, true, false],
      );
      assert.deepEqual(
        event.questions.map(({ type }) => type),
        ['single', 'select', 'multiple'],
      );
      assert.deepEqual(
        event.questions[0]?.options?.map(({ value }) => value),
        ['1-10', '11-50', '51-200', '201-500', '501+'],
      );
      const text = JSON.stringify(event);
      for (const foreign of textsExcept(Object.values(fieldIds))) assert.ok(!text.includes(foreign), foreign);
      assert.ok(!text.includes('Freelancer') && !text.includes('archived'));
      assert.ok(event.contact.length > 0, 'the primary questions are there whatever they are called');
    });
  }

  test('primary questions that the owner removed are not asked', async () => {
    const event = await described(DISCOVERY);
    assert.deepEqual(
      event.contact.map(({ type }) => type),
      ['first_name', 'last_name', 'email', 'phone'],
    );
  });

  test('the rules of routing, which carry field numbers too, add no question', async () => {
    assert.ok(discovery);
    stack.standin.model.change({ detail: { tiedFieldsKey: null } });
    const { routing, disqualification } = discovery;
    const restore = changeEvent('acme/inactive', { routing, disqualification, isActive: true });
    const event = await described('primary').finally(restore);
    assert.deepEqual(event.questions, []);
  });
});

describe('source 3, neither', () => {
  test('only the primary questions are asked, and the account is not asked for fields', async () => {
    const own = await startUnpaced({ standin: { settings: { detail: { tiedFieldsKey: null } } } });
    try {
      const visitor = new Visitor(own);
      const { event } = await visitor.open();
      assert.deepEqual(event.questions, []);
      assert.deepEqual(
        event.contact.map(({ type }) => type),
        ['first_name', 'last_name', 'email', 'phone'],
      );
      assert.equal(own.standin.ledger.requests('GET /v1/fields/objects').length, 0);
      const text = JSON.stringify(event);
      for (const foreign of textsExcept([])) assert.ok(!text.includes(foreign), foreign);
    } finally {
      await own.close();
    }
  });
});

describe('how an event may be named', () => {
  test('by prefix, by its full address with or without query, and by alias; the answer says its id', async () => {
    const names = [
      'acme/inactive',
      'primary',
      'https://app.iclosed.io/e/acme/inactive',
      'https://app.iclosed.io/e/acme/inactive?utm_source=x#top',
    ];
    for (const name of names) assert.equal((await described(name)).id, 'acme/inactive', name);
  });

  test('an event that is deactivated at iClosed shows its link in place of a form', async () => {
    const own = await startUnpaced();
    try {
      const { event } = await new Visitor(own, { event: 'acme/inactive' }).open();
      assert.equal(event.mode, 'link');
      assert.equal(event.link, 'https://app.iclosed.io/e/acme/inactive');
    } finally {
      await own.close();
    }
  });
});
