/**
 * The account-wide custom fields: twelve for calls, of which one event uses three, and two more for contacts. Among them are
 * hidden fields, archived options and identifiers wrapped as template tokens. Served by the field routes; answers and
 * rules refer to them by id or bare identifier.
 */
import { accountSecrets } from './canaries.ts';

export type InputType =
  | 'NUMBER'
  | 'TEXT'
  | 'TEXT_AREA'
  | 'DATE'
  | 'CHECK_BOX'
  | 'RADIO_BUTTON'
  | 'USER'
  | 'USERS_MULTIPLE'
  | 'URL'
  | 'SINGLE_SELECT'
  | 'MULTIPLE_SELECT'
  | 'EMAIL'
  | 'RATING';

export interface CustomField {
  id: number;
  name: string;
  /** Bare, as rules and answers use it. */
  identifier: string;
  /** Whether it is always shown as `{{ identifier }}`. */
  wrapped: boolean;
  inputType: InputType;
  objectType: 'CALL' | 'CONTACT';
  hidden: boolean;
  options: readonly { name: string; isArchived: boolean }[];
}

export const fieldIds = { companySize: 7001, monthlyRevenue: 7002, goals: 7003 } as const;

export const customFields: readonly CustomField[] = [
  field(fieldIds.companySize, 'How many people work at your company?', 'company-size', 'RADIO_BUTTON', {
    options: ['1-10', '11-50', '51-200', '201-500', '501+'],
    archived: ['Freelancer'],
  }),
  field(fieldIds.monthlyRevenue, 'What is your monthly revenue?', 'monthly-revenue', 'SINGLE_SELECT', {
    options: ['Under $5k', '$5k – $20k', '$20k – $50k', 'Over $50k'],
    archived: [accountSecrets.archivedOption],
  }),
  field(fieldIds.goals, 'What would you like to reach?', 'goals', 'MULTIPLE_SELECT', {
    options: ['More leads', 'Better close rate', 'Less manual work', 'Just browsing'],
    wrapped: true,
  }),
  field(7004, 'Anything we should know?', 'anything-else', 'TEXT_AREA'),
  field(7005, 'Your role', 'role', 'TEXT'),
  field(7006, 'Website', 'website', 'URL'),
  field(7007, 'Seats needed', 'seats', 'NUMBER'),
  field(7008, 'Wanted start', 'start-date', 'DATE'),
  field(7009, 'I have read the terms', 'terms-accepted', 'CHECK_BOX', { options: ['Yes'], wrapped: true }),
  field(7010, 'Work e-mail', 'work-email', 'EMAIL', { wrapped: true }),
  field(7011, `Account owner ${accountSecrets.hiddenField}`, 'account-owner', 'USER', { hidden: true }),
  field(7012, `Watchers ${accountSecrets.hiddenField}`, 'watchers', 'USERS_MULTIPLE', { hidden: true }),
  field(7013, 'Satisfaction', 'satisfaction', 'RATING', { objectType: 'CONTACT', options: ['1', '2', '3', '4', '5'] }),
  field(7014, 'Lead source', 'lead-source', 'SINGLE_SELECT', { objectType: 'CONTACT', options: ['Web', 'Referral'] }),
];

const byId = new Map(customFields.map((one) => [one.id, one]));
const byIdentifier = new Map(customFields.map((one) => [one.identifier, one]));

export function fieldById(id: number): CustomField | undefined {
  return byId.get(id);
}

export function fieldByIdentifier(identifier: string): CustomField | undefined {
  return byIdentifier.get(identifier);
}

/** A field as the field routes show it. */
export function fieldRecord(one: CustomField, alwaysWrapped: boolean) {
  const identifier = one.wrapped || alwaysWrapped ? `{{ ${one.identifier} }}` : one.identifier;
  return {
    id: one.id,
    name: one.name,
    identifier,
    inputType: one.inputType,
    type: 'CUSTOM',
    configuration: {},
    isSystemField: false,
    hidden: one.hidden,
    slug: one.identifier,
    // Listed backwards: whoever shows them must order by displayIndex.
    CustomFieldOptions: one.options
      .map((option, index) => ({
        id: one.id * 100 + index,
        name: option.name,
        color: null,
        tooltip: null,
        displayIndex: index,
        isArchived: option.isArchived,
        isDefault: false,
      }))
      .reverse(),
  };
}

interface FieldExtras {
  options?: readonly string[];
  archived?: readonly string[];
  wrapped?: boolean;
  hidden?: boolean;
  objectType?: CustomField['objectType'];
}

function field(
  id: number,
  name: string,
  identifier: string,
  inputType: InputType,
  extras: FieldExtras = {},
): CustomField {
  const { options = [], archived = [], wrapped = false, hidden = false, objectType = 'CALL' } = extras;
  return {
    id,
    name,
    identifier,
    wrapped,
    inputType,
    objectType,
    hidden,
    // An archived option stands first, where a careless reader would offer it.
    options: [
      ...archived.map((text) => ({ name: text, isArchived: true })),
      ...options.map((text) => ({ name: text, isArchived: false })),
    ],
  };
}
