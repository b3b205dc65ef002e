/**
 * `POST /v1/fields/inviteeAnswers`: stores primary and secondary answers, then tells what routing and disqualification make
 * of them. Never changes the contact's status, as the booking guide says. Bookings read secondary answers by the same code.
 */
import type { Contact } from './contact-book.ts';
import { contactOrRefuse } from './contacts.ts';
import { type CustomField, fieldById, fieldByIdentifier } from './custom-fields.ts';
import { type EventType, eventByPrefix, type QuestionType } from './events.ts';
import { FieldReader } from './field-reader.ts';
import { Refusal } from './refusal.ts';
import { disqualifyingConditions, routedHosts } from './rules.ts';
import type { Settings } from './settings.ts';
import type { Answer, ApiCall, World } from './world.ts';

const questionTypes: readonly string[] = [
  'EMAIL',
  'PHONE_NO',
  'NAME',
  'FIRST_NAME',
  'LAST_NAME',
] satisfies QuestionType[];

export function inviteeAnswers(call: ApiCall): Answer {
  const { world, at } = call;
  const fields = new FieldReader(call.body, 'body');
  const linkPrefix = fields.text('linkPrefix', { required: true });
  const contactId = fields.integer('contactId');
  const previewId = fields.text('previewId');
  if (contactId === undefined && previewId === undefined) fields.complain('contactId', 'Required');
  const primary = readPrimary(fields);
  const secondary = readSecondary(fields, world.settings);
  fields.refuseIfAny();
  const event = eventByPrefix(linkPrefix ?? '');
  if (!event) throw new Refusal(404, 'Event not found', { code: 'EVENT_NOT_FOUND' });
  const contact = findContact(world, contactId, previewId);
  for (const [type] of primary)
    if (!event.questions.some((question) => !question.isDeleted && question.type === type))
      throw questionTypeRefusal(world.settings);
  refuseMissing(event, secondary, world.settings);

  for (const [type, answer] of primary) contact.primaryAnswers.set(type, answer);
  for (const [fieldId, answer] of secondary) contact.answers.set(fieldId, answer);
  contact.updatedAt = at;
  return {
    status: world.settings.statuses.answers,
    body: verdict(world.settings, event, world.settings.answers.rulesReadStored ? contact.answers : secondary),
    isCommitted: true,
    contactId: contact.id,
  };
}

/** Secondary answers by field id; complains about unknown fields and options as the settings say. */
export function readSecondary(fields: FieldReader, settings: Settings): Map<number, string[]> {
  const read = new Map<number, string[]>();
  for (const item of fields.records('secondaryQuestionsAnswer', true)) {
    const texts = item.answer;
    if (!Array.isArray(texts) || !texts.every((text) => typeof text === 'string')) {
      fields.complain('secondaryQuestionsAnswer', 'answer: Expected array of strings');
      continue;
    }
    const field = findField(item);
    if (!field) {
      if (settings.answers.unknownField === 'refuse')
        fields.complain('secondaryQuestionsAnswer', 'Custom field not found');
      continue;
    }
    if (settings.answers.unknownOption === 'refuse' && texts.some((text) => !isOption(field, text)))
      fields.complain('secondaryQuestionsAnswer', `Invalid option for ${field.identifier}`);
    read.set(field.id, texts);
  }
  return read;
}

/** The 400 for a required field of the event without an answer, where the settings ask for it. */
export function refuseMissing(event: EventType, answers: ReadonlyMap<number, string[]>, settings: Settings): void {
  if (settings.answers.missingRequired === 'accept') return;
  const missing = event.tiedFields.filter((tied) => tied.required && !answers.get(tied.customFieldId)?.length);
  if (missing.length > 0)
    throw new Refusal(400, 'Validation failed', {
      fieldErrors: { secondaryQuestionsAnswer: missing.map((tied) => `${tied.customFieldId}: Required`) },
    });
}

function readPrimary(fields: FieldReader): Map<string, string> {
  const read = new Map<string, string>();
  for (const { type, answer } of fields.records('inviteeQuestionAnswers', true)) {
    if (typeof type !== 'string' || !questionTypes.includes(type))
      fields.complain('inviteeQuestionAnswers', `Invalid enum value. Expected ${questionTypes.join(' | ')}`);
    else if (typeof answer !== 'string') fields.complain('inviteeQuestionAnswers', 'answer: Expected string');
    else read.set(type, answer);
  }
  return read;
}

function findField({ customFieldId, identifier }: Record<string, unknown>): CustomField | undefined {
  if (typeof customFieldId === 'number') return fieldById(customFieldId);
  return typeof identifier === 'string' ? fieldByIdentifier(identifier) : undefined;
}

function isOption(field: CustomField, text: string): boolean {
  return field.options.length === 0 || field.options.some((option) => !option.isArchived && option.name === text);
}

function findContact(world: World, contactId: number | undefined, previewId: string | undefined): Contact {
  if (contactId !== undefined) return contactOrRefuse(world, contactId);
  return contactOrRefuse(world, previewId === undefined ? undefined : world.contacts.byPreviewId(previewId)?.id);
}

function questionTypeRefusal(settings: Settings): Refusal {
  const word = 'INVALID_INVITEE_QUESTION_TYPE';
  const text = 'The event has no invitee question of this type';
  const bodies = {
    message: { message: word },
    code: { message: text, code: word },
    error: { error: word },
    nested: { message: { status: 400, code: word, details: { formErrors: [text], fieldErrors: {} } } },
  };
  return new Refusal(400, text, { body: bodies[settings.answers.questionTypeError] });
}

function verdict(settings: Settings, event: EventType, answers: ReadonlyMap<number, string[]>): unknown {
  const disqualifyingCondition = disqualifyingConditions(event, answers);
  const isDisqualified = disqualifyingCondition.length > 0;
  const hosts = isDisqualified ? [] : routedHosts(event, answers);
  const data = {
    message: 'Questions Answers Inserted Successfully',
    disqualifyingCondition,
    conditionalUsers: settings.answers.conditionalUsers === 'array' ? hosts : hosts.join(','),
    isDisqualified,
  };
  return settings.envelope === 'root' ? data : { data };
}
