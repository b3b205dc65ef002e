/**
 * What the form asks and what the visitor typed: steps, visible questions, values as the protocol wants them. Pure. Values are
 * kept by field name (`email`, `phone`, `name`, `first_name`, `last_name`) or question id, always as a list of strings, as the
 * Worker names them in its faults.
 */
import type { FieldFault } from '../shared/problems.ts';
import type { ContactFields, ContactQuestion, ContactRequest, PublicEvent, Question } from '../shared/protocol.ts';

export type Values = Readonly<Record<string, readonly string[]>>;
export type Faults = Readonly<Record<string, FieldFault>>;

/** One picture of the form. */
export interface FormStep {
  contact: readonly ContactQuestion[];
  questions: readonly Question[];
}

/** What decides which steps there are. */
export interface Asked {
  event?: PublicEvent;
  values: Values;
  /** The contact that the Worker has from before a reload: neither it nor its consents are asked again. */
  masked?: ContactFields;
}

/**
 * Contact and questions together, or the contact first and then one step per list; a forgotten question joins the last. Consents
 * stand at the end of the first. Only what is shown, as far as it is answered by now, and no step without anything.
 */
export function formSteps({ event, values, masked }: Asked): FormStep[] {
  if (!event) return [];
  const answers = answersOf(event, values);
  const questions = event.questions.filter((each) => isShown(each, answers));
  const contact = masked ? [] : event.contact;
  const consents = (!masked && event.consents) || [];
  const lists = event.steps ?? [];
  if (!lists[0]) return [{ contact, questions: [...questions, ...consents] }];
  const listed = new Set(lists.flat());
  const last = lists.length - 1;
  const steps = lists.map((list, index) => ({
    contact: [],
    questions: questions.filter(({ id }) => list.includes(id) || (index === last && !listed.has(id))),
  }));
  return [{ contact, questions: consents }, ...steps.filter((step) => step.questions[0])];
}

/** False for hidden questions and those whose condition is not met. @param answers Those that count, of `answersOf`. */
function isShown(question: Question, answers: Values): boolean {
  return !question.hidden && isAsked(question, answers);
}

/** An answer to a question that is itself not asked meets no condition. */
function isAsked({ showIf }: Question, answers: Values): boolean {
  return !showIf || showIf.is.some((value) => answers[showIf.id]?.includes(value));
}

export function contactOf(event: PublicEvent, values: Values): ContactFields {
  const contact: ContactFields = {};
  for (const { type } of event.contact) {
    const text = values[type]?.[0]?.trim();
    if (text) contact[type] = text;
  }
  return contact;
}

/** The texts of the boxes that are ticked, by id; JSON leaves the others out. */
export function consentsOf({ consents }: PublicEvent, values: Values): ContactRequest['consents'] {
  return consents && Object.fromEntries(consents.map(({ id }) => [id, values[id]?.[0]] as [string, string]));
}

/** In the order of the questions, so that equal answers are equal as JSON. */
export function answersOf(event: Pick<PublicEvent, 'questions'>, values: Values): Record<string, string[]> {
  const answers: Record<string, string[]> = {};
  for (const question of event.questions) {
    const given = (values[question.id] ?? []).map((value) => (question.options ? value : value.trim())).filter(Boolean);
    if (given[0] && isAsked(question, answers)) answers[question.id] = given;
  }
  return answers;
}

/** Answers that the browser may keep: no addresses and numbers, also of guests, and not what the page itself gives anew. */
export function storable({ questions }: PublicEvent, values: Values): Record<string, string[]> {
  return answersOf({ questions: questions.filter(({ type, hidden }) => !/^[gep]/.test(type) && !hidden) }, values);
}

/** Required and empty, in the order of the form. */
export function missingIn(step: FormStep, values: Values): Record<string, FieldFault> {
  const missing: Record<string, FieldFault> = {};
  const contact = step.contact.map(({ type, required }) => ({ id: type, required }));
  for (const { id, required } of [...contact, ...step.questions]) {
    if (required && !values[id]?.some((value) => value.trim())) missing[id] = 'required';
  }
  return missing;
}

/** The index of the first step that shows one of these fields; -1 when none does. */
export function stepWith({ event, values }: Asked, faults: Faults): number {
  return formSteps({ event, values }).findIndex(
    ({ contact, questions }) => contact.some(({ type }) => type in faults) || questions.some(({ id }) => id in faults),
  );
}

/** What the page gives, by names as HTML attributes allow them: `first-name` fills `first_name`, case does not count. */
export type Prefill = Readonly<Record<string, string>>;

/** What was typed, else what the page gives; of what the visitor does not see what the page gives now, else what it gave. */
export function filled(event: PublicEvent, prefill: Prefill, typed: Values): Values {
  const hidden = { contact: [], questions: event.questions.filter((question) => question.hidden) };
  return { ...prefilled(event, prefill), ...typed, ...prefilled(hidden, prefill) };
}

/** A choice takes only what it offers. */
export function prefilled(
  { contact, questions }: Pick<PublicEvent, 'contact' | 'questions'>,
  prefill: Prefill,
): Values {
  const plain = (name: string) => name.toLowerCase().replaceAll('_', '-');
  const byName = new Map(Object.entries(prefill).map(([name, value]) => [plain(name), value]));
  const fields: Pick<Question, 'id' | 'options'>[] = [...contact.map(({ type }) => ({ id: type })), ...questions];
  const values: Record<string, string[]> = {};
  for (const { id, options } of fields) {
    const value = byName.get(plain(id));
    if (value && (!options || options.some((option) => option.value === value))) values[id] = [value];
  }
  return values;
}
