/** What an event is to us: iClosed under the owner's configuration, split into public and private. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventConfig } from '../../worker/config/events.ts';
import { describeEvent, needsFields } from '../../worker/event/describe.ts';
import type { AccountField, EventDetail } from '../../worker/iclosed/event-detail.ts';

const detail: EventDetail = {
  name: 'Discovery',
  isActive: true,
  durationMinutes: 30,
  primary: [
    { type: 'name', required: true },
    { type: 'email', required: true },
  ],
  tied: [],
};
const fields: AccountField[] = [
  { customFieldId: 3, identifier: 'size', label: 'Team size', type: 'select', options: ['1', '2–10', '11+'] },
  { customFieldId: 4, identifier: 'site', label: 'Website', type: 'url', options: [] },
  { customFieldId: 5, label: 'No identifier', type: 'text', options: [] },
];
const describe = (config: EventConfig = {}, more: Partial<EventDetail> = {}) =>
  describeEvent('acme/discovery-call', { ...detail, ...more }, fields, config);

test('nothing configured ⇒ iClosed’s words, form first, open slots, only the primary questions', () => {
  const { public: event, questionSource, addresses, primary, faults } = describe();
  assert.deepEqual(event, {
    id: 'acme/discovery-call',
    name: 'Discovery',
    link: 'https://app.iclosed.io/e/acme/discovery-call',
    mode: 'book',
    flow: 'form-first',
    openSlots: true,
    contact: detail.primary,
    questions: [],
    durationMinutes: 30,
  });
  assert.deepEqual([questionSource, addresses, primary, faults], ['none', {}, ['name', 'email'], []]);
});

const sources: [string, EventConfig, Partial<EventDetail>, string, string[]][] = [
  [
    'the configuration',
    { questions: ['size'] },
    { tied: [{ customFieldId: 4, required: true }] },
    'configuration',
    ['size'],
  ],
  ['an empty list', { questions: [] }, { tied: [{ customFieldId: 4, required: true }] }, 'configuration', []],
  ['the detail', {}, { tied: [{ customFieldId: 4, required: true }] }, 'detail', ['site']],
  ['nobody', {}, {}, 'none', []],
];
for (const [name, config, more, source, ids] of sources) {
  test(`questions named by ${name} ⇒ ${ids.join() || 'none'}`, () => {
    const { questionSource, public: event } = describe(config, more);
    assert.equal(questionSource, source);
    assert.deepEqual(
      event.questions.map(({ id }) => id),
      ids,
    );
  });
}

const addressed: [NonNullable<EventConfig['questions']>[number], string, object][] = [
  ['size', 'size', { identifier: 'size' }],
  [3, 'size', { customFieldId: 3 }],
  [5, 'field-5', { customFieldId: 5 }],
  [{ identifier: 'size' }, 'size', { identifier: 'size' }],
  [{ customFieldId: 3 }, 'size', { customFieldId: 3 }],
];
for (const [question, id, address] of addressed) {
  test(`question ${JSON.stringify(question)} ⇒ answered as ${id}, sent as ${JSON.stringify(address)}`, () => {
    const { addresses, public: event } = describe({ questions: [question] });
    assert.deepEqual(addresses, { [id]: address });
    assert.deepEqual(
      event.questions.map((each) => each.id),
      [id],
    );
  });
}

test('a question that is called like a field of the contact ⇒ answered by its number, in steps and conditions too; sent as it is called', () => {
  const phone: AccountField = { customFieldId: 9, identifier: 'phone', label: 'WhatsApp', type: 'phone', options: [] };
  const config: EventConfig = {
    questions: ['phone', { identifier: 'size', showIf: { identifier: 'phone', is: ['1'] } }],
    steps: [['phone'], ['size']],
  };
  const { addresses, public: event } = describeEvent('acme/discovery-call', detail, [...fields, phone], config);
  assert.deepEqual(addresses, { 'field-9': { identifier: 'phone' }, size: { identifier: 'size' } });
  assert.deepEqual(event.steps, [['field-9'], ['size']]);
  assert.deepEqual(event.questions[1]?.showIf, { id: 'field-9', is: ['1'] });
});

test('a question named twice is asked once', () => {
  assert.equal(describe({ questions: ['size', 3] }).public.questions.length, 1);
});

const required: [string, boolean, EventConfig['questions'], Partial<EventDetail>][] = [
  ['a shown question', true, ['site'], {}],
  ['one configured as optional', false, [{ identifier: 'site', required: false }], {}],
  ['one that is optional at iClosed', false, undefined, { tied: [{ customFieldId: 4, required: false }] }],
  ['a hidden question', false, [{ identifier: 'site', hidden: true }], {}],
  ['a hidden question configured as required', true, [{ identifier: 'site', hidden: true, required: true }], {}],
];
for (const [name, isRequired, questions, more] of required) {
  test(`${name} ⇒ ${isRequired ? 'required' : 'optional'}`, () => {
    assert.equal(describe(questions ? { questions } : {}, more).public.questions[0]?.required, isRequired);
  });
}

test('wording is the owner’s, the value stays iClosed’s', () => {
  const question = {
    identifier: 'size',
    label: 'Wie viele?',
    help: 'Ungefähr',
    type: 'single' as const,
    options: [{ value: '11+', label: 'Viele' }, '1'],
    showIf: { identifier: 'site', is: ['x'] },
  };
  assert.deepEqual(describe({ questions: ['site', question] }).public.questions[1], {
    id: 'size',
    type: 'single',
    label: 'Wie viele?',
    required: true,
    help: 'Ungefähr',
    options: [{ value: '11+', label: 'Viele' }, { value: '1' }],
    showIf: { id: 'site', is: ['x'] },
  });
});

/** As drawn: tiles for few choices and wherever several may be chosen, a list for many, a scale for a rating. */
const drawn: [string, AccountField['type'], number, boolean, string, number | undefined][] = [
  ['eight choices', 'single', 8, false, 'single', 8],
  ['nine choices', 'single', 9, false, 'select', 9],
  ['nine of which several may be chosen', 'multiple', 9, false, 'multiple', 9],
  ['a rating', 'rating', 0, false, 'rating', 5],
  ['a rating with a scale of its own', 'rating', 10, false, 'rating', 10],
  ['a rating that the page gives', 'rating', 0, true, 'rating', undefined],
];
for (const [name, type, count, hidden, shown, offered] of drawn) {
  test(`${name} ⇒ ${shown}, ${offered ?? 'no'} options`, () => {
    const options = Array.from({ length: count }, (_, index) => String(index + 1));
    const field = { customFieldId: 9, identifier: 'goals', label: 'Goals', type, options };
    const config = { questions: [{ identifier: 'goals', ...(hidden ? { hidden: true as const } : {}) }] };
    const [question] = describeEvent('acme/discovery-call', detail, [field], config).public.questions;
    assert.deepEqual([question?.type, question?.options?.length], [shown, offered]);
  });
}

test('what is configured but not in the account ⇒ not asked, and a sentence', () => {
  const { public: event, faults } = describe({
    questions: ['shoe', 99, { identifier: 'size', options: ['1', '2-10', '11+ '] }],
  });
  assert.deepEqual(
    event.questions.map(({ id, options }) => [id, options]),
    [['size', [{ value: '1' }]]],
  );
  assert.deepEqual(faults, [
    'The question "shoe" is not among the account\'s fields and is not asked.',
    'The question "99" is not among the account\'s fields and is not asked.',
    '"size" has no option "2-10".',
    '"size" has no option "11+ "; iClosed\'s text is "11+".',
  ]);
});

const after = (identifier: string, on: string, more: { hidden?: boolean } = {}) => ({
  identifier,
  showIf: { identifier: on, is: ['1'] },
  ...more,
});
const conditions: [string, EventConfig, string?][] = [
  ['the question before', { questions: ['size', after('site', 'size')] }],
  ['the question before, all in one step', { questions: ['size', after('site', 'size')], steps: [] }],
  ['a question of the step before', { questions: ['size', after('site', 'size')], steps: [['size'], ['site']] }],
  [
    'a question of the step before, itself in no list',
    { questions: ['size', after('site', 'size')], steps: [['size']] },
  ],
  [
    'a hidden question',
    { questions: [{ identifier: 'size', hidden: true }, after('site', 'size')], steps: [['site'], ['field-5']] },
  ],
  ['a question of any step, itself hidden', { questions: ['size', after('site', 'size', { hidden: true })] }],
  ['a question of a later step', { questions: ['size', after('site', 'size')], steps: [['site'], ['size']] }, 'later'],
  [
    'one that joins the last step',
    { questions: ['size', after('site', 'size')], steps: [['site'], ['field-5']] },
    'later',
  ],
  ['the question behind', { questions: [after('site', 'size'), 'size'] }, 'later'],
  ['a hidden question behind', { questions: [after('site', 'size'), { identifier: 'size', hidden: true }] }, 'later'],
  ['itself', { questions: [after('site', 'site')] }, 'later'],
  ['a question that is not asked', { questions: [after('site', 'size')] }, 'never'],
];
for (const [name, config, fault] of conditions) {
  test(`a condition on ${name} ⇒ ${fault ? 'a sentence' : 'as it is'}`, () => {
    const { faults, public: event } = describe(config);
    const sentences: Record<string, string> = {
      later: '"site" has a condition on "SAID", which is asked later. Put "SAID" before it.',
      never: '"site" is never asked: its condition is on "SAID", which is not asked.',
    };
    const on = event.questions.find(({ id }) => id === 'site')?.showIf?.id ?? '';
    assert.deepEqual(faults, fault ? [sentences[fault]?.replaceAll('SAID', on)] : []);
  });
}

const contacts: [string, EventConfig['contact'], EventDetail['primary'], string[]][] = [
  ['as iClosed asks', undefined, detail.primary, ['name!', 'email!']],
  ['with no word from iClosed', undefined, [], ['first_name!', 'last_name!', 'email!']],
  ['without an address', undefined, [{ type: 'name', required: true }], ['name!', 'email!']],
  ['by phone alone', undefined, [{ type: 'phone', required: true }], ['phone!']],
  ['as configured', ['email', { type: 'phone', required: false }], detail.primary, ['email!', 'phone']],
];
for (const [name, contact, primary, expected] of contacts) {
  test(`contact ${name} ⇒ ${expected.join(' ')}`, () => {
    const { public: event } = describe(contact ? { contact } : {}, { primary });
    assert.deepEqual(
      event.contact.map((each) => `${each.type}${each.required ? '!' : ''}`),
      expected,
    );
  });
}

const modes: [boolean, EventConfig, 'book' | 'link'][] = [
  [true, {}, 'book'],
  [true, { mode: 'book' }, 'book'],
  [true, { mode: 'link' }, 'link'],
  [false, {}, 'link'],
  [false, { mode: 'book' }, 'link'],
];
for (const [isActive, config, mode] of modes) {
  test(`${isActive ? 'active' : 'deactivated'} with ${JSON.stringify(config)} ⇒ ${mode}`, () => {
    assert.equal(describe(config, { isActive }).public.mode, mode);
  });
}

test('times first without open slots ⇒ form first', () => {
  assert.equal(describe({ flow: 'times-first' }).public.flow, 'times-first');
  assert.equal(describe({ flow: 'times-first', openSlots: false }).public.flow, 'form-first');
});

test('where the owner is reached ⇒ public as it is', () => {
  const support = ['hello@acme.com', '+1 415 555 0100', 'https://acme.com/contact'];
  assert.deepEqual(describe({ support }).public.support, support);
});

test('a logo without a scheme ⇒ https; the link is encoded', () => {
  assert.equal(describe({ logo: 'cdn.example.com/l.png' }).public.logo, 'https://cdn.example.com/l.png');
  assert.equal(describeEvent('a b/c"d', detail, [], {}).public.link, 'https://app.iclosed.io/e/a%20b/c%22d');
});

const asks: [EventConfig, EventDetail['tied'], boolean][] = [
  [{}, [], false],
  [{}, [{ customFieldId: 3, required: true }], true],
  [{ questions: [] }, [{ customFieldId: 3, required: true }], false],
  [{ questions: ['size'] }, [], true],
];
for (const [config, tied, needed] of asks) {
  test(`${JSON.stringify(config)} with ${tied.length} tied ⇒ fields are ${needed ? '' : 'not '}asked for`, () => {
    assert.equal(needsFields({ ...detail, tied }, config), needed);
  });
}

const stepCases: [EventConfig, string[][] | undefined][] = [
  [{ questions: ['size', 'site'] }, [['size', 'site']]],
  [{ questions: ['size', { identifier: 'site', hidden: true }] }, [['size']]],
  [{ questions: ['size', 'site'], steps: [['site'], ['size']] }, [['site'], ['size']]],
  [{ questions: ['size', 'site'], steps: [] }, undefined],
  [{ questions: [] }, undefined],
];
const brands: [key: 'accent' | 'radius', text: string, isGood: boolean][] = [
  ['accent', '#0a7', true],
  ['accent', '#0A7F', true],
  ['accent', '#00aa77', true],
  ['accent', 'RebeccaPurple', true],
  ['accent', 'oklch(53% 0.2 264)', true],
  ['accent', 'var(--brand, color-mix(in oklab, red, blue))', true],
  ['accent', '#00aa7', false],
  ['accent', 'bluu', false],
  ['accent', 'oklch(53% 0.2 264', false],
  ['accent', 'red; --x: url(a)', false],
  ['accent', '', false],
  ['radius', '0', true],
  ['radius', '.5rem', true],
  ['radius', '12px', true],
  ['radius', 'calc(1em + 2px)', true],
  ['radius', '12', false],
  ['radius', 'round', false],
];
for (const [key, text, isGood] of brands) {
  test(`brand.${key} "${text}" ⇒ ${isGood ? 'used' : 'not used, and a sentence'}`, () => {
    const { public: event, faults } = describe({ brand: { [key]: text, theme: 'dark' } });
    assert.deepEqual(event.brand, isGood ? { [key]: text, theme: 'dark' } : { theme: 'dark' });
    assert.equal(faults.length, isGood ? 0 : 1);
  });
}

test('contacts are sent early only where the owner says so', () => {
  assert.equal(describe({}).public.earlyContact, undefined);
  assert.equal(describe({ earlyContact: 'blur' }).public.earlyContact, 'blur');
});

for (const [config, steps] of stepCases) {
  test(`steps of ${JSON.stringify(config)} ⇒ ${JSON.stringify(steps)}`, () => {
    assert.deepEqual(describe(config).public.steps, steps);
  });
}
