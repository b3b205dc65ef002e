/**
 * The event types of the company `acme`: what each asks, who takes it, which answers route or disqualify. One event per
 * situation that the widget must show; a new situation gets a new event here.
 */
import { hostIds, idPrefixes, ruleStatements } from './canaries.ts';
import { fieldIds } from './custom-fields.ts';

/** The types that `POST /v1/fields/inviteeAnswers` takes. */
export type QuestionType = 'EMAIL' | 'PHONE_NO' | 'NAME' | 'FIRST_NAME' | 'LAST_NAME';

export interface InviteeQuestion {
  id: number;
  statement: string;
  type: QuestionType;
  required: boolean;
  displayIndex: number;
  /** Removed by the owner: still in the detail, must not be asked. */
  isDeleted: boolean;
}

export interface TiedField {
  customFieldId: number;
  required: boolean;
}

/** A condition on the answer to one field. */
export interface Condition {
  customFieldId: number;
  condition: 'IS' | 'IS_NOT' | 'CONTAINS';
  value: string;
}

export interface RoutingGroup {
  id: number;
  operator: 'AND' | 'OR';
  conditions: readonly Condition[];
  hostIds: readonly number[];
}

export interface DisqualificationGroup {
  id: number;
  statement: string;
  operator: 'AND' | 'OR';
  conditions: readonly Condition[];
}

export interface EventType {
  id: number;
  linkPrefix: string;
  name: string;
  description: string;
  kind: 'STRATEGY_EVENT' | 'DISCOVERY_EVENT';
  isActive: boolean;
  durationMinutes: number;
  /** Minutes between two starts. */
  stepMinutes: number;
  hostIds: readonly number[];
  questions: readonly InviteeQuestion[];
  tiedFields: readonly TiedField[];
  routing: readonly RoutingGroup[];
  disqualification: readonly DisqualificationGroup[];
  /** Nothing is open sooner than this from now. */
  opensAfterDays: number;
  /** No times at all. */
  isFull: boolean;
  confirmationLink: string;
}

const statements: Record<QuestionType, string> = {
  EMAIL: 'E-mail',
  PHONE_NO: 'Phone number',
  NAME: 'Your name',
  FIRST_NAME: 'First name',
  LAST_NAME: 'Last name',
};

const { companySize, monthlyRevenue, goals } = fieldIds;

const revenueFloor: DisqualificationGroup = {
  id: 9401,
  statement: ruleStatements.lowRevenue,
  operator: 'AND',
  conditions: [{ customFieldId: monthlyRevenue, condition: 'IS', value: 'Under $5k' }],
};

export const events: readonly EventType[] = [
  event(1, 'discovery-call', 'Discovery call', {
    questions: ['FIRST_NAME', 'LAST_NAME', 'EMAIL', 'PHONE_NO'],
    deletedQuestion: 'NAME',
    hostIds: [hostIds.zed, hostIds.mia, hostIds.kenji],
    tiedFields: [
      { customFieldId: companySize, required: true },
      { customFieldId: monthlyRevenue, required: true },
      { customFieldId: goals, required: false },
    ],
    routing: [
      {
        id: 9301,
        operator: 'AND',
        conditions: [{ customFieldId: companySize, condition: 'IS', value: '501+' }],
        hostIds: [hostIds.nora],
      },
      {
        id: 9302,
        operator: 'OR',
        conditions: [
          { customFieldId: companySize, condition: 'IS', value: '51-200' },
          { customFieldId: monthlyRevenue, condition: 'IS', value: 'Over $50k' },
        ],
        hostIds: [hostIds.zed, hostIds.mia],
      },
    ],
    disqualification: [
      revenueFloor,
      {
        id: 9402,
        statement: ruleStatements.justBrowsing,
        operator: 'AND',
        conditions: [
          { customFieldId: goals, condition: 'CONTAINS', value: 'Just browsing' },
          { customFieldId: companySize, condition: 'IS', value: '1-10' },
        ],
      },
    ],
  }),
  event(2, 'strategy-session', 'Strategy session', {
    kind: 'STRATEGY_EVENT',
    questions: ['FIRST_NAME', 'LAST_NAME', 'EMAIL'],
    hostIds: [hostIds.priya, hostIds.zed],
    durationMinutes: 60,
    // Nothing is tied, yet a rule exists: answers from configuration alone can disqualify.
    disqualification: [
      {
        id: 9403,
        statement: ruleStatements.smallTeams,
        operator: 'AND',
        conditions: [{ customFieldId: companySize, condition: 'IS', value: '1-10' }],
      },
    ],
  }),
  event(3, 'phone-only', 'Phone call', {
    questions: ['FIRST_NAME', 'PHONE_NO'],
    durationMinutes: 15,
    stepMinutes: 15,
  }),
  event(4, 'email-only', 'Short intro', { questions: ['EMAIL'], durationMinutes: 15 }),
  event(5, 'name-only', 'Introduction', { questions: ['NAME', 'EMAIL'] }),
  event(6, 'inactive', 'Old offer', { isActive: false }),
  event(7, 'full', 'Fully booked', { isFull: true }),
  event(8, 'far', 'Open house', { opensAfterDays: 24 }),
];

const byPrefix = new Map(events.map((one) => [one.linkPrefix, one]));
const byId = new Map(events.map((one) => [one.id, one]));

export function eventByPrefix(linkPrefix: string): EventType | undefined {
  return byPrefix.get(linkPrefix);
}

export function eventById(id: number): EventType | undefined {
  return byId.get(id);
}

interface EventExtras extends Partial<Omit<EventType, 'questions'>> {
  questions?: readonly QuestionType[];
  deletedQuestion?: QuestionType;
}

function event(number: number, slug: string, name: string, extras: EventExtras = {}): EventType {
  const { questions = ['FIRST_NAME', 'LAST_NAME', 'EMAIL'], deletedQuestion, ...rest } = extras;
  const asked = questions.map((type, index) => question(number * 100 + index, type, index, false));
  if (deletedQuestion) asked.unshift(question(number * 100 + 99, deletedQuestion, 0, true));
  return {
    id: Number(`${idPrefixes.event}${String(number).padStart(3, '0')}`),
    linkPrefix: `acme/${slug}`,
    name,
    description: `${name} with the team of Acme.`,
    kind: 'DISCOVERY_EVENT',
    isActive: true,
    durationMinutes: 30,
    stepMinutes: 30,
    hostIds: [hostIds.zed, hostIds.mia, hostIds.kenji],
    tiedFields: [],
    routing: [],
    disqualification: [],
    opensAfterDays: 0,
    isFull: false,
    confirmationLink: 'www.acme.example/thank-you',
    ...rest,
    questions: asked,
  };
}

function question(id: number, type: QuestionType, displayIndex: number, isDeleted: boolean): InviteeQuestion {
  return { id, statement: statements[type], type, required: true, displayIndex, isDeleted };
}
