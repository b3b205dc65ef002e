/**
 * Invitee answers (reference 5.7): what is sent, the ladder for events that name their questions otherwise, and what comes
 * back about routing and disqualification.
 */
import { UPSTREAM_TIMEOUT_MS } from '../../shared/limits.ts';
import type { ContactField, ContactFields } from '../../shared/protocol.ts';
import { asId, asRecords, asText, payload } from './envelope.ts';
import type { Failure } from './failure.ts';
import { fullName, iclosedNames } from './names.ts';
import type { UpstreamCall } from './request.ts';

/** Answer to a custom question, addressed by number or by identifier. */
export type SecondaryAnswer = ({ customFieldId: number } | { identifier: string }) & { answer: string[] };

export interface AnswersDelivery {
  event: string;
  contactId: number;
  contact: ContactFields;
  /** The primary questions that the event has. */
  primary: readonly ContactField[];
  secondary: readonly SecondaryAnswer[];
  /** Step of the ladder, from 0. */
  rung: number;
}

/** A rule that fired; decides which words a visitor reads and is never sent to a browser. */
export interface FiredRule {
  groupId?: number;
  statement?: string;
  value?: string;
}

export interface AnswersResult {
  isDisqualified: boolean;
  rules: FiredRule[];
  /** The routed hosts as iClosed wants them back: numbers joined by commas, empty for "any". */
  hosts: string;
}

const TYPES: Record<ContactField, string> = {
  email: 'EMAIL',
  phone: 'PHONE_NO',
  name: 'NAME',
  first_name: 'FIRST_NAME',
  last_name: 'LAST_NAME',
};
const NAME_FIELDS: readonly ContactField[] = ['name', 'first_name', 'last_name'];

/** What is sent on each step of the ladder: as the event has them, without names, NAME alone, none. */
const LADDER: readonly ((primary: readonly ContactField[]) => readonly ContactField[])[] = [
  (primary) => primary,
  (primary) => primary.filter((field) => !NAME_FIELDS.includes(field)),
  () => ['name'],
  () => [],
];
export const LADDER_RUNGS = LADDER.length;

export function insertAnswers(delivery: AnswersDelivery): UpstreamCall {
  const fields = (LADDER[delivery.rung] ?? (() => []))(delivery.primary);
  return {
    endpoint: 'POST /v1/fields/inviteeAnswers',
    timeoutMs: UPSTREAM_TIMEOUT_MS,
    body: {
      linkPrefix: delivery.event,
      contactId: delivery.contactId,
      inviteeQuestionAnswers: fields.flatMap((field) => {
        const answer = primaryAnswer(field, delivery.contact);
        return answer ? [{ type: TYPES[field], answer }] : [];
      }),
      secondaryQuestionsAnswer: delivery.secondary,
    },
  };
}

/** The event has no question of a type that was sent; the next rung may do. */
export function isWrongQuestionType(failure: Failure): boolean {
  return failure.code === 'INVALID_INVITEE_QUESTION_TYPE' || failure.text.includes('INVALID_INVITEE_QUESTION_TYPE');
}

/** @returns undefined when the answer does not say whether the visitor is disqualified. */
export function readAnswersResult(body: unknown): AnswersResult | undefined {
  const found = payload(body, 'inviteeAnswers', (each) => 'isDisqualified' in each || 'disqualifyingCondition' in each);
  if (!found) return undefined;
  const rules = asRecords(found.disqualifyingCondition).map((each): FiredRule => {
    const groupId = asId(each.disqualificationGroupId);
    const statement = asText(each.statement);
    const value = asText(each.value);
    return {
      ...(groupId === undefined ? {} : { groupId }),
      ...(statement ? { statement } : {}),
      ...(value ? { value } : {}),
    };
  });
  if (typeof found.isDisqualified !== 'boolean' && rules.length === 0) return undefined;
  return { isDisqualified: found.isDisqualified === true, rules, hosts: readHosts(found.conditionalUsers) };
}

function readHosts(value: unknown): string {
  const list = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : [];
  return list.flatMap((each) => asId(typeof each === 'string' ? each.trim() : each) ?? []).join(',');
}

function primaryAnswer(field: ContactField, contact: ContactFields): string | undefined {
  switch (field) {
    case 'email':
      return contact.email;
    case 'phone':
      return contact.phone;
    case 'name':
      return fullName(contact);
    case 'first_name':
      return iclosedNames(contact)?.firstName;
    case 'last_name':
      return iclosedNames(contact)?.lastName;
  }
}
