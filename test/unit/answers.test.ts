/** Invitee answers: what is sent on each rung, and what comes back about routing and disqualification. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ContactField } from '../../shared/protocol.ts';
import {
  type AnswersResult,
  insertAnswers,
  isWrongQuestionType,
  LADDER_RUNGS,
  readAnswersResult,
} from '../../worker/iclosed/answers.ts';
import { failureOfResponse } from '../../worker/iclosed/failure.ts';

const contact = { first_name: 'Ann', last_name: 'Lee', email: 'ann@example.com', phone: '+4930123456' };
const secondary = [
  { identifier: 'size', answer: ['10–50'] },
  { customFieldId: 4, answer: ['a', 'b'] },
];
const sent = (primary: ContactField[], rung: number) =>
  insertAnswers({ event: 'acme/x', contactId: 7, contact, primary, secondary, rung }).body as {
    inviteeQuestionAnswers: { type: string; answer: string }[];
  };

const EMAIL = 'EMAIL ann@example.com';
const PHONE = 'PHONE_NO +4930123456';
const rungs: [ContactField[], number, string[]][] = [
  [['first_name', 'last_name', 'email', 'phone'], 0, ['FIRST_NAME Ann', 'LAST_NAME Lee', EMAIL, PHONE]],
  [['name', 'email'], 0, ['NAME Ann Lee', EMAIL]],
  [['email'], 0, [EMAIL]],
  [[], 0, []],
  [['first_name', 'last_name', 'email', 'phone'], 1, [EMAIL, PHONE]],
  [['first_name', 'last_name', 'email'], 2, ['NAME Ann Lee']],
  [['first_name', 'last_name', 'email'], 3, []],
  [['email'], LADDER_RUNGS, []],
];
for (const [primary, rung, expected] of rungs) {
  test(`${primary.join(',') || 'nothing asked'} on rung ${rung} ⇒ ${expected.join(', ') || 'none'}`, () => {
    const body = sent(primary, rung);
    assert.deepEqual(
      body.inviteeQuestionAnswers.map(({ type, answer }) => `${type} ${answer}`),
      expected,
    );
    assert.deepEqual(
      { ...body, inviteeQuestionAnswers: [] },
      {
        linkPrefix: 'acme/x',
        contactId: 7,
        inviteeQuestionAnswers: [],
        secondaryQuestionsAnswer: secondary,
      },
    );
  });
}

test('a primary question without an answer is left out', () => {
  const { body } = insertAnswers({
    event: 'a/b',
    contactId: 7,
    contact: { email: 'a@example.com' },
    primary: ['email', 'phone', 'name'],
    secondary: [],
    rung: 0,
  });
  assert.deepEqual(body, {
    linkPrefix: 'a/b',
    contactId: 7,
    inviteeQuestionAnswers: [{ type: 'EMAIL', answer: 'a@example.com' }],
    secondaryQuestionsAnswer: [],
  });
});

const CODE = 'INVALID_INVITEE_QUESTION_TYPE';
const wrongTypes: [unknown, boolean][] = [
  [{ message: CODE }, true],
  [{ code: CODE, message: 'No such question' }, true],
  [{ error: CODE }, true],
  [{ message: `Error: ${CODE} NAME` }, true],
  [{ message: { status: 400, details: { formErrors: [CODE], fieldErrors: {} } } }, true],
  [{ message: { message: CODE } }, true],
  [{ message: { code: CODE } }, true],
  [{ message: 'INVALID_EMAIL' }, false],
  [{ message: 'invalid invitee question type' }, false],
  [{}, false],
];
for (const [body, isWrong] of wrongTypes) {
  test(`400 ${JSON.stringify(body)} ⇒ ${isWrong ? 'the next rung' : 'something else'}`, () => {
    assert.equal(isWrongQuestionType(failureOfResponse(400, new Headers(), body)), isWrong);
  });
}

const rule = { id: 1, disqualificationGroupId: '12', statement: 'Size', value: '1', operator: 'IS', eventId: 3 };
const none: AnswersResult = { isDisqualified: false, rules: [], hosts: '' };
const results: [unknown, AnswersResult | undefined][] = [
  [{ data: { isDisqualified: false, conditionalUsers: [], disqualifyingCondition: [] } }, none],
  [{ data: { isDisqualified: false, conditionalUsers: [3, 4] } }, { ...none, hosts: '3,4' }],
  [{ data: { isDisqualified: false, conditionalUsers: ['3', ' 4 '] } }, { ...none, hosts: '3,4' }],
  [{ data: { isDisqualified: false, conditionalUsers: '3, 4' } }, { ...none, hosts: '3,4' }],
  [{ data: { isDisqualified: false, conditionalUsers: [3, 'x', null, 4.5, {}] } }, { ...none, hosts: '3' }],
  [{ data: { isDisqualified: false, conditionalUsers: null } }, none],
  [{ isDisqualified: false }, none],
  [{ data: { data: { isDisqualified: false } } }, none],
  [
    { data: { isDisqualified: true, disqualifyingCondition: [rule] } },
    { isDisqualified: true, rules: [{ groupId: 12, statement: 'Size', value: '1' }], hosts: '' },
  ],
  [
    { data: { isDisqualified: false, disqualifyingCondition: [rule] } },
    { isDisqualified: false, rules: [{ groupId: 12, statement: 'Size', value: '1' }], hosts: '' },
  ],
  [{ data: { isDisqualified: true } }, { ...none, isDisqualified: true }],
  [{ data: { message: 'Saved' } }, undefined],
  [{ data: { isDisqualified: 'no' } }, undefined],
  [{ data: { isDisqualified: null, disqualifyingCondition: [] } }, undefined],
  [{ data: null }, undefined],
  [[], undefined],
  ['<html>', undefined],
  [undefined, undefined],
];
for (const [body, expected] of results) {
  test(`${JSON.stringify(body)} ⇒ ${expected ? JSON.stringify(expected) : 'no result'}`, () => {
    assert.deepEqual(readAnswersResult(body), expected);
  });
}
