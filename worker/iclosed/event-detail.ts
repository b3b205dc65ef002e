/**
 * What an event is (reference 5.2) and which fields the account has (5.8), in our words. The answers hold hosts' addresses
 * and the rules of routing: only what is named here is ever read.
 */
import { UPSTREAM_TIMEOUT_MS } from '../../shared/limits.ts';
import type { ContactField, QuestionType } from '../../shared/protocol.ts';
import { asId, asRecord, asRecords, asText, type Json, payload } from './envelope.ts';
import type { UpstreamCall } from './request.ts';

export interface EventDetail {
  name?: string;
  isActive: boolean;
  durationMinutes?: number;
  description?: string;
  primary: { type: ContactField; required: boolean; label?: string }[];
  /** Custom fields that the answer itself ties to the event, in order. */
  tied: { customFieldId: number; required: boolean }[];
}

/** A custom field of the account: describes a question, never adds one. */
export interface AccountField {
  customFieldId: number;
  identifier?: string;
  label: string;
  type: QuestionType;
  options: string[];
}

export function askEventDetail(event: string): UpstreamCall {
  return { endpoint: 'GET /v1/events/detail', timeoutMs: UPSTREAM_TIMEOUT_MS, query: { linkPrefix: event } };
}

export function askFields(page: number): UpstreamCall {
  return {
    endpoint: 'GET /v1/fields/objects',
    timeoutMs: UPSTREAM_TIMEOUT_MS,
    query: { objectType: 'CALL', inviteeQuestions: 'true', limit: '100', page: String(page) },
  };
}

/** Case and punctuation of question types differ between sources. */
const PRIMARY_TYPES: Record<string, ContactField> = {
  email: 'email',
  emailaddress: 'email',
  phone: 'phone',
  phoneno: 'phone',
  phonenumber: 'phone',
  name: 'name',
  fullname: 'name',
  firstname: 'first_name',
  lastname: 'last_name',
};

/** @returns undefined when the answer describes no event. */
export function readEventDetail(body: unknown): EventDetail | undefined {
  const found = payload(body, 'event', (each) => asId(each.id) !== undefined || asText(each.linkPrefix) !== undefined);
  if (!found) return undefined;
  const questions = inOrder(asRecords(found.inviteeQuestions));
  const primary = new Map<ContactField, EventDetail['primary'][number]>();
  for (const question of questions) {
    const type = PRIMARY_TYPES[(asText(question.type) ?? '').toLowerCase().replace(/[^a-z]/g, '')];
    if (!type || primary.has(type)) continue;
    const label = asText(question.statement);
    primary.set(type, { type, required: question.required !== false, ...(label ? { label } : {}) });
  }
  const name = asText(found.name);
  const description = asText(found.description);
  const duration = asId(found.duration);
  return {
    isActive: asText(found.status)?.toUpperCase() !== 'DEACTIVATED' && !found.deletedAt,
    ...(name ? { name } : {}),
    ...(description ? { description } : {}),
    ...(duration ? { durationMinutes: found.durationUnit === 'HOURS' ? duration * 60 : duration } : {}),
    primary: [...primary.values()],
    tied: tiedFields(found),
  };
}

/** Any array of the event whose items carry a `customFieldId` themselves; rules carry theirs one level deeper. */
function tiedFields(found: Json): EventDetail['tied'] {
  const tied = new Map<number, EventDetail['tied'][number]>();
  for (const value of Object.values(found)) {
    for (const item of inOrder(asRecords(value))) {
      const customFieldId = asId(item.customFieldId) ?? asId(asRecord(item.customField)?.id);
      if (customFieldId === undefined || tied.has(customFieldId)) continue;
      tied.set(customFieldId, { customFieldId, required: item.required !== false && item.isRequired !== false });
    }
  }
  return [...tied.values()];
}

function inOrder(items: Json[]): Json[] {
  return items
    .filter((item) => !item.deletedAt && item.isArchived !== true && item.hidden !== true)
    .sort((a, b) => (asId(a.displayIndex) ?? 0) - (asId(b.displayIndex) ?? 0));
}

const QUESTION_TYPES: Record<string, QuestionType> = {
  TEXT: 'text',
  TEXT_AREA: 'long_text',
  NUMBER: 'number',
  DATE: 'date',
  URL: 'url',
  EMAIL: 'email',
  RATING: 'rating',
  RADIO_BUTTON: 'single',
  SINGLE_SELECT: 'select',
  MULTIPLE_SELECT: 'multiple',
};

/** One page of fields; hidden ones and fields that choose a user of the account are left out. */
export function readFields(body: unknown): { fields: AccountField[]; hasMore: boolean } {
  const root = asRecord(body);
  const list = asRecords(root?.data ?? root);
  const fields = list.flatMap((item): AccountField[] => {
    const customFieldId = asId(item.id);
    const inputType = asText(item.inputType)?.toUpperCase() ?? '';
    if (customFieldId === undefined || item.hidden === true || inputType.startsWith('USER')) return [];
    const identifier = asText(item.identifier)?.replace(/[{}\s]/g, '');
    const options = inOrder(asRecords(item.CustomFieldOptions)).flatMap((option) =>
      typeof option.name === 'string' && option.name !== '' ? [option.name] : [],
    );
    const type = inputType === 'CHECK_BOX' ? (options.length ? 'multiple' : 'checkbox') : QUESTION_TYPES[inputType];
    const label = asText(item.name) ?? identifier ?? '';
    return [{ customFieldId, ...(identifier ? { identifier } : {}), label, type: type ?? 'text', options }];
  });
  return { fields, hasMore: root?.hasMore === true };
}
