/**
 * The body of `GET /v1/events/detail` for one event, as far as the published example shows it: questions, hosts with their
 * e-mails and hours, routing and disqualification logic. None of it may reach a browser unchecked.
 */
import { accountId, accountSecrets } from './canaries.ts';
import { fieldById, fieldRecord } from './custom-fields.ts';
import type { Condition, EventType, InviteeQuestion, QuestionType } from './events.ts';
import { hostById, hostRecord } from './hosts.ts';
import type { Settings } from './settings.ts';

/** How the product's own pages name the types. */
const typeLabels: Record<QuestionType, string> = {
  EMAIL: 'Email',
  PHONE_NO: 'Phone Number',
  NAME: 'Full Name',
  FIRST_NAME: 'First Name',
  LAST_NAME: 'Last Name',
};

/** A row of `GET /v1/events`. */
export function eventRow(event: EventType) {
  return {
    id: event.id,
    linkPrefix: event.linkPrefix,
    name: event.name,
    eventType: event.kind,
    duration: event.durationMinutes,
    status: event.isActive ? 'ACTIVATED' : 'DEACTIVATED',
  };
}

export function eventDetailRecord(event: EventType, settings: Settings): Record<string, unknown> {
  const { tiedFieldsKey, describesEvent } = settings.detail;
  return {
    id: event.id,
    linkPrefix: event.linkPrefix,
    name: event.name,
    eventType: event.kind,
    status: event.isActive ? 'ACTIVATED' : 'DEACTIVATED',
    accountId,
    userId: event.hostIds[0] ?? null,
    isDefaultNotification: true,
    ...(describesEvent && { duration: event.durationMinutes, durationUnit: 'MINUTES', description: event.description }),
    // Backwards: whoever shows them must order by displayIndex.
    inviteeQuestions: [...event.questions].reverse().map((question) => questionRecord(question, settings)),
    ...(tiedFieldsKey && { [tiedFieldsKey]: tiedFieldRecords(event, settings) }),
    optimizationPriorities: event.hostIds.map((hostId, index) => ({
      id: event.id * 10 + index,
      priority: index + 1,
      userId: hostId,
      eventId: event.id,
      user: userRecord(hostId),
    })),
    EventLogicGroup: event.routing.map((group) => ({
      id: group.id,
      minSlotsCheck: null,
      EventLogicUsers: group.hostIds.map((hostId) => ({ user: userRecord(hostId) })),
      EventLogics: group.conditions.map((condition) => ({
        inviteeQuestionId: null,
        ...conditionRecord(condition, group.operator),
        customFieldId: condition.customFieldId,
      })),
    })),
    EventRules: event.disqualification.map((group) => ({
      rule: {
        id: group.id,
        name: group.statement,
        type: 'DISQUALIFICATION',
        disabled: false,
        multiBookingConditions: group.conditions.map((condition) => ({
          customFieldEventId: condition.customFieldId * 10,
          ...conditionRecord(condition, group.operator),
          customFieldEvent: { customFieldId: condition.customFieldId },
        })),
      },
    })),
    workflowEvents: [{ id: event.id * 100, name: accountSecrets.workflowName, disabled: false }],
  };
}

function questionRecord(question: InviteeQuestion, settings: Settings) {
  const { questionTypes, options } = settings.detail;
  const optionForms = { strings: [], objects: [], object: {} };
  return {
    id: question.id,
    statement: question.statement,
    type: questionTypes === 'api' ? question.type : typeLabels[question.type],
    required: question.required,
    options: optionForms[options],
    displayIndex: question.displayIndex,
    deletedAt: question.isDeleted ? '2026-01-15T09:00:00.000Z' : null,
  };
}

function tiedFieldRecords(event: EventType, { detail }: Settings) {
  return event.tiedFields
    .map((tied, index) => {
      const field = fieldById(tied.customFieldId);
      return {
        id: tied.customFieldId * 10,
        eventId: event.id,
        customFieldId: tied.customFieldId,
        required: tied.required,
        displayIndex: index,
        deletedAt: null,
        ...(detail.tiedFieldsInline && field && { customField: fieldRecord(field, detail.identifiersWrapped) }),
      };
    })
    .reverse();
}

function conditionRecord({ condition, value }: Condition, operator: 'AND' | 'OR') {
  return { condition, value, operator };
}

function userRecord(hostId: number) {
  const host = hostById(hostId);
  return host ? hostRecord(host) : null;
}
