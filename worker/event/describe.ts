/**
 * What an event is to us: what iClosed says of it, under what the owner configured, split into what the public may know and
 * what only the Worker needs. Pure. Which questions it asks comes from the configuration; else from what the event's own
 * detail ties to it; else only the primary questions are asked. Fields of the account describe a question, they never add one.
 */
import type { ContactField, ContactQuestion, PublicEvent, Question, QuestionOption } from '../../shared/protocol.ts';
import { ICLOSED_LINK_BASE } from '../../shared/protocol.ts';
import { isColour, isLength } from '../config/css.ts';
import { type ConfiguredQuestion, type EventConfig, contactField } from '../config/events.ts';
import { safeLink } from '../config/links.ts';
import type { AccountField, EventDetail } from '../iclosed/event-detail.ts';
import { askedBy } from './asked.ts';

/** How the answer to a question is addressed at iClosed: the way in which we were told of it. */
export type QuestionAddress = { customFieldId: number } | { identifier: string };

export interface EventDescription {
  public: PublicEvent;
  /** Primary questions that the event has at iClosed, for the answers call. */
  primary: ContactField[];
  /** By question id. */
  addresses: Record<string, QuestionAddress>;
  /** Which of the three sources the questions came from. */
  questionSource: 'configuration' | 'detail' | 'none';
  /** Sentences for the owner: what is configured but not in the account, and the like. */
  faults: string[];
}

/** True when the description needs the account's fields. */
export function needsFields(detail: EventDetail, config: EventConfig): boolean {
  return config.questions ? config.questions.length > 0 : detail.tied.length > 0;
}

export function describeEvent(
  id: string,
  detail: EventDetail,
  fields: readonly AccountField[],
  config: EventConfig,
): EventDescription {
  const faults: string[] = [];
  const source = config.questions ? 'configuration' : detail.tied.length > 0 ? 'detail' : 'none';
  const wanted: ConfiguredQuestion[] =
    config.questions ?? detail.tied.map(({ customFieldId, required }) => ({ customFieldId, required }));
  const questions: Question[] = [];
  const addresses: Record<string, QuestionAddress> = {};
  const idOf = (name: string) => questionId(fields.find(({ identifier }) => identifier === name)) ?? name;
  for (const each of wanted) {
    const made = question(each, fields, faults, idOf);
    if (!made || made.question.id in addresses) continue;
    questions.push(made.question);
    addresses[made.question.id] = made.address;
  }
  const steps = stepsOf(questions, config, idOf);
  faults.push(...conditionFaults(questions, steps.steps ?? []));
  const { guests, consents, legal, texts } = askedBy(config);
  // At the end, and of the last step.
  questions.push(...guests.filter((each) => !questions.some(({ id: taken }) => taken === each.id)));
  const openSlots = config.openSlots ?? true;
  const logo = safeLink(config.logo);
  const durationMinutes = config.durationMinutes ?? detail.durationMinutes;
  const description = config.description ?? detail.description;
  const isOpen = detail.isActive && config.mode !== 'link';
  if (!detail.isActive) faults.push(`${id} is deactivated at iClosed; activate it there.`);
  return {
    public: {
      id,
      name: config.name ?? detail.name ?? id.split('/')[1] ?? id,
      link: `${ICLOSED_LINK_BASE}${id.split('/').map(encodeURIComponent).join('/')}`,
      mode: isOpen ? 'book' : 'link',
      flow: openSlots ? (config.flow ?? 'form-first') : 'form-first',
      openSlots,
      contact: contactQuestions(detail, config),
      questions,
      ...(consents.length > 0 ? { consents } : {}),
      ...(legal.length > 0 ? { legal } : {}),
      ...steps,
      ...(config.earlyContact ? { earlyContact: config.earlyContact } : {}),
      ...(durationMinutes ? { durationMinutes } : {}),
      ...(description ? { description } : {}),
      ...(config.place ? { place: config.place } : {}),
      ...(config.support ? { support: config.support } : {}),
      ...(config.host ? { host: config.host } : {}),
      ...(logo ? { logo } : {}),
      ...(Object.keys(texts).length > 0 ? { texts } : {}),
      ...(config.brand ? { brand: brandOf(config.brand, faults) } : {}),
      ...(config.timeZone ? { timeZone: config.timeZone } : {}),
    },
    primary: detail.primary.map(({ type }) => type),
    addresses,
    questionSource: source,
    faults,
  };
}

/** Without a colour or a length that is none. */
function brandOf(brand: NonNullable<EventConfig['brand']>, faults: string[]): NonNullable<PublicEvent['brand']> {
  const good = { ...brand };
  for (const [key, isGood, like] of [
    ['accent', isColour, '#2b5fdd'],
    ['radius', isLength, '8px'],
  ] as const) {
    const text = brand[key]?.trim();
    if (text === undefined || isGood(text)) continue;
    faults.push(`brand.${key} "${text}" is not understood and not used. Write it like "${like}".`);
    delete good[key];
  }
  return good;
}

/**
 * The contact stands alone on the first step unless the owner wants it otherwise (`steps: []`): it is safe as soon as that step
 * is left, and a short first step is what the reserved height of the snippet can hold.
 */
function stepsOf(
  questions: readonly Question[],
  config: EventConfig,
  idOf: (name: string) => string,
): Pick<PublicEvent, 'steps'> {
  const shown = questions.filter(({ hidden }) => !hidden).map(({ id }) => id);
  const steps = config.steps?.map((step) => step.map(idOf)) ?? (shown.length > 0 ? [shown] : []);
  return steps.length > 0 ? { steps } : {};
}

/**
 * A condition looks back. On what is asked further on it would bring a question into a step that the visitor has left, and move the
 * steps under his hand; on what is not asked it is never met. Hidden answers are known before the first step.
 */
function conditionFaults(questions: readonly Question[], steps: readonly (readonly string[])[]): string[] {
  const stepOf = ({ id }: Question) => {
    const listed = steps.findIndex((step) => step.includes(id));
    return listed < 0 ? steps.length - 1 : listed;
  };
  return questions.flatMap((question, index) => {
    const { id, showIf, hidden } = question;
    if (!showIf) return [];
    const place = questions.findIndex((each) => each.id === showIf.id);
    const asked = questions[place];
    if (!asked) return [`"${id}" is never asked: its condition is on "${showIf.id}", which is not asked.`];
    const isInLaterStep = !hidden && !asked.hidden && stepOf(asked) > stepOf(question);
    if (place < index && !isInLaterStep) return [];
    return [`"${id}" has a condition on "${showIf.id}", which is asked later. Put "${showIf.id}" before it.`];
  });
}

/** Without any word from iClosed or the owner, a name and an address are what a booking needs. */
const CONTACT_BY_DEFAULT: ContactQuestion[] = [
  { type: 'first_name', required: true },
  { type: 'last_name', required: true },
  { type: 'email', required: true },
];

function contactQuestions(detail: EventDetail, config: EventConfig): ContactQuestion[] {
  if (config.contact) {
    return config.contact.map((each) =>
      typeof each === 'string' ? { type: each, required: true } : { ...each, required: each.required ?? true },
    );
  }
  const asked = detail.primary.map(({ type, required }): ContactQuestion => ({ type, required }));
  // iClosed knows a contact by e-mail or phone: an event that asks for neither would lose every lead.
  const isReachable = asked.some(({ type }) => type === 'email' || type === 'phone');
  if (asked.length === 0) return CONTACT_BY_DEFAULT;
  return isReachable ? asked : [...asked, { type: 'email', required: true }];
}

/** With more options than this a list is shorter than tiles. Where several may be chosen it would hide what was. */
const TILES_AT_MOST = 8;
/** Where iClosed names no scale. */
const RATINGS = ['1', '2', '3', '4', '5'];

/** The form's other fields, and what a form is asked for by name: a question that is called so gets its number for a name. */
const TAKEN: ReadonlySet<string> = new Set([
  ...contactField.options,
  'website-address',
  'elements',
  'matches',
  'contains',
  'remove',
]);

function questionId(field: AccountField | undefined): string | undefined {
  if (!field) return undefined;
  const { identifier, customFieldId } = field;
  return identifier === undefined || TAKEN.has(identifier) ? `field-${customFieldId}` : identifier;
}

function question(
  wanted: ConfiguredQuestion,
  fields: readonly AccountField[],
  faults: string[],
  idOf: (name: string) => string,
): { question: Question; address: QuestionAddress } | undefined {
  const settings = typeof wanted === 'object' ? wanted : undefined;
  const identifier = typeof wanted === 'string' ? wanted : settings?.identifier;
  const customFieldId = typeof wanted === 'number' ? wanted : settings?.customFieldId;
  const field = fields.find((each) =>
    identifier === undefined ? each.customFieldId === customFieldId : each.identifier === identifier,
  );
  if (!field) {
    faults.push(`The question "${identifier ?? customFieldId}" is not among the account's fields and is not asked.`);
    return undefined;
  }
  const id = questionId(field) as string;
  const type = settings?.type ?? field.type;
  const chosen = chosenOptions(settings?.options, field, faults);
  const isScale = type === 'rating' && !settings?.hidden && chosen.length === 0;
  const options = isScale ? RATINGS.map((value) => ({ value })) : chosen;
  const showIf = settings?.showIf;
  return {
    question: {
      id,
      type: type === 'single' && options.length > TILES_AT_MOST ? 'select' : type,
      label: settings?.label ?? field.label,
      required: settings?.required ?? !settings?.hidden,
      ...(settings?.help ? { help: settings.help } : {}),
      ...(options.length > 0 ? { options } : {}),
      ...(showIf ? { showIf: { id: idOf(showIf.identifier), is: showIf.is } } : {}),
      ...(settings?.hidden ? { hidden: true } : {}),
    },
    address: identifier === undefined ? { customFieldId: field.customFieldId } : { identifier },
  };
}

type ConfiguredOption = string | { value: string; label: string };

function chosenOptions(
  configured: readonly ConfiguredOption[] | undefined,
  field: AccountField,
  faults: string[],
): QuestionOption[] {
  if (!configured) return field.options.map((value) => ({ value }));
  return configured.flatMap((each): QuestionOption[] => {
    const value = typeof each === 'string' ? each : each.value;
    const known = field.options.find((option) => option === value);
    if (known === undefined) {
      const near = field.options.find((option) => option.trim().toLowerCase() === value.trim().toLowerCase());
      faults.push(
        `"${field.identifier ?? field.label}" has no option "${value}"${near ? `; iClosed's text is "${near}"` : ''}.`,
      );
      return [];
    }
    return [typeof each === 'string' ? { value } : { value, label: each.label }];
  });
}
