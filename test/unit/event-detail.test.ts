/** What an event is and which fields the account has, read from answers that hold far more than anybody may know. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readEventDetail, readFields } from '../../worker/iclosed/event-detail.ts';

const event = { id: 5, linkPrefix: 'acme/x', name: 'Discovery', status: 'ACTIVATED', inviteeQuestions: [] };
const asked = (type: unknown, more: object = {}) => ({
  id: 1,
  statement: 'S',
  type,
  required: true,
  displayIndex: 0,
  ...more,
});

const types: [unknown, string | undefined][] = [
  ['EMAIL', 'email'],
  ['Email address', 'email'],
  ['PHONE_NO', 'phone'],
  ['phoneNumber', 'phone'],
  ['Phone', 'phone'],
  ['NAME', 'name'],
  ['FULL_NAME', 'name'],
  ['First name', 'first_name'],
  ['LAST_NAME', 'last_name'],
  ['COMPANY', undefined],
  [null, undefined],
];
for (const [type, field] of types) {
  test(`an invitee question of type ${JSON.stringify(type)} ⇒ ${field ?? 'not asked'}`, () => {
    const detail = readEventDetail({ data: { ...event, inviteeQuestions: [asked(type)] } });
    assert.deepEqual(
      detail?.primary.map((each) => each.type),
      field ? [field] : [],
    );
  });
}

test('questions ⇒ in order of displayIndex, deleted and repeated ones dropped, required unless said otherwise', () => {
  const inviteeQuestions = [
    asked('EMAIL', { displayIndex: 2, required: false, statement: 'Your e-mail' }),
    asked('NAME', { displayIndex: 1, required: undefined }),
    asked('PHONE_NO', { displayIndex: 0, deletedAt: '2026-01-01' }),
    asked('FULL_NAME', { displayIndex: 3 }),
  ];
  assert.deepEqual(readEventDetail({ data: { ...event, inviteeQuestions } })?.primary, [
    { type: 'name', required: true, label: 'S' },
    { type: 'email', required: false, label: 'Your e-mail' },
  ]);
});

const states: [object, boolean][] = [
  [{}, true],
  [{ status: 'ACTIVATED' }, true],
  [{ status: 'SOMETHING_NEW' }, true],
  [{ status: 'DEACTIVATED' }, false],
  [{ status: 'deactivated' }, false],
  [{ deletedAt: '2026-01-01T00:00:00Z' }, false],
];
for (const [facts, isActive] of states) {
  test(`${JSON.stringify(facts)} ⇒ ${isActive ? 'active' : 'not active'}`, () => {
    assert.equal(readEventDetail({ data: { id: 5, ...facts } })?.isActive, isActive);
  });
}

const durations: [object, number | undefined][] = [
  [{}, undefined],
  [{ duration: 30 }, 30],
  [{ duration: '45', durationUnit: 'MINUTES' }, 45],
  [{ duration: 2, durationUnit: 'HOURS' }, 120],
  [{ duration: 0 }, undefined],
  [{ duration: 'long' }, undefined],
];
for (const [facts, minutes] of durations) {
  test(`${JSON.stringify(facts)} ⇒ ${minutes ?? 'no'} minutes`, () => {
    assert.equal(readEventDetail({ data: { ...event, ...facts } })?.durationMinutes, minutes);
  });
}

const tiedBy: [string, object, number[]][] = [
  ['an array of custom fields', { eventCustomFields: [{ customFieldId: 9 }, { customFieldId: '8' }] }, [9, 8]],
  ['nested fields', { customFieldEvents: [{ customField: { id: 9 } }] }, [9]],
  [
    'displayIndex',
    {
      any: [
        { customFieldId: 9, displayIndex: 2 },
        { customFieldId: 8, displayIndex: 1 },
      ],
    },
    [8, 9],
  ],
  ['two arrays that name the same', { a: [{ customFieldId: 9 }], b: [{ customFieldId: 9 }] }, [9]],
  [
    'deleted and archived ones',
    {
      a: [
        { customFieldId: 9, deletedAt: 'x' },
        { customFieldId: 8, isArchived: true },
      ],
    },
    [],
  ],
  ['routing rules, one level deeper', { EventLogicGroup: [{ EventLogics: [{ customFieldId: 9 }] }] }, []],
  [
    'disqualifying rules, deeper still',
    { EventRules: [{ rule: { multiBookingConditions: [{ customFieldEvent: { customFieldId: 9 } }] } }] },
    [],
  ],
];
for (const [name, facts, ids] of tiedBy) {
  test(`fields tied by ${name} ⇒ ${ids.join(', ') || 'none'}`, () => {
    const detail = readEventDetail({ data: { ...event, ...facts } });
    assert.deepEqual(
      detail?.tied.map((each) => each.customFieldId),
      ids,
    );
  });
}

for (const body of [null, {}, { data: {} }, { data: [] }, { message: 'x' }, '<html>', 5]) {
  test(`${JSON.stringify(body)} ⇒ no event`, () => assert.equal(readEventDetail(body), undefined));
}

test('hosts, their addresses and the rules ⇒ nothing of them is read', () => {
  const host = { user: { email: 'canary@host.example', firstName: 'Canary' }, rule: { value: 'canary' } };
  const detail = readEventDetail({
    data: { ...event, optimizationPriorities: [host], EventRules: [host], token: 'canary' },
  });
  assert.ok(detail);
  assert.ok(!JSON.stringify(detail).toLowerCase().includes('canary'));
});

const kinds: [string | undefined, string[], string | undefined][] = [
  ['TEXT', [], 'text'],
  ['TEXT_AREA', [], 'long_text'],
  ['NUMBER', [], 'number'],
  ['DATE', [], 'date'],
  ['URL', [], 'url'],
  ['EMAIL', [], 'email'],
  ['RATING', [], 'rating'],
  ['RADIO_BUTTON', ['a'], 'single'],
  ['SINGLE_SELECT', ['a'], 'select'],
  ['MULTIPLE_SELECT', ['a'], 'multiple'],
  ['CHECK_BOX', ['a'], 'multiple'],
  ['CHECK_BOX', [], 'checkbox'],
  ['SOMETHING_NEW', [], 'text'],
  [undefined, [], 'text'],
  ['USER', [], undefined],
  ['USERS_MULTIPLE', [], undefined],
];
for (const [inputType, options, type] of kinds) {
  test(`a field ${inputType}${options.length > 0 ? ' with options' : ''} ⇒ ${type ?? 'left out'}`, () => {
    const CustomFieldOptions = options.map((name) => ({ name }));
    const { fields } = readFields({ data: [{ id: 3, name: 'N', identifier: 'n', inputType, CustomFieldOptions }] });
    assert.deepEqual(
      fields.map((each) => each.type),
      type ? [type] : [],
    );
  });
}

test('a page of fields ⇒ braces stripped, hidden ones dropped, options in order with their exact text', () => {
  const read = readFields({
    count: 3,
    hasMore: true,
    data: [
      {
        id: '3',
        name: ' Team size ',
        identifier: '{{ team_size }}',
        inputType: 'SINGLE_SELECT',
        CustomFieldOptions: [
          { name: 'b ', displayIndex: 2 },
          { name: 'a', displayIndex: 1 },
          { name: 'old', displayIndex: 0, isArchived: true },
          { name: '' },
          {},
        ],
      },
      { id: 4, name: 'Secret', hidden: true, inputType: 'TEXT' },
      { name: 'without id', inputType: 'TEXT' },
    ],
  });
  assert.deepEqual(read, {
    fields: [{ customFieldId: 3, identifier: 'team_size', label: 'Team size', type: 'select', options: ['a', 'b '] }],
    hasMore: true,
  });
});
