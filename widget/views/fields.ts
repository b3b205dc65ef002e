/** One control for each kind of field, native, with its label, help and fault tied to it. */
import { html, nothing, type TemplateResult } from 'lit/html.js';
import { ANSWER_CHARACTERS, NAME_CHARACTERS as CONTACT_CHARACTERS } from '../../shared/limits.ts';
import type { FieldFault } from '../../shared/problems.ts';
import type {
  Consent,
  ContactField,
  ContactQuestion,
  LegalLink,
  Question,
  QuestionOption,
} from '../../shared/protocol.ts';
import type { TextKey } from '../texts/en.ts';
import type { PartTexts } from '../texts/part-texts.ts';
import { icon } from './icons.ts';
import type { Scene } from './scene.ts';

const AUTOCOMPLETE = {
  name: 'name',
  first_name: 'given-name',
  last_name: 'family-name',
  email: 'email',
  phone: 'tel',
} as const satisfies Record<ContactField, AutoFill>;

/** Native types bring the right keyboard and the browser's own check; the others are text. */
const NATIVE: Readonly<Record<string, string>> = {
  phone: 'tel',
  email: 'email',
  number: 'number',
  date: 'date',
};

/** The part after the dot, which `type=email` does not ask for; six digits, however they are written. */
const PATTERNS: Readonly<Record<string, string>> = {
  email: '[^@\\s]+@[^@\\s]+\\.[^@\\s.]{2,}',
  phone: '.*(\\p{N}.*){6,}',
};

/** An attribute only where it has a value. */
function when<T>(value: T | undefined | false): T | typeof nothing {
  return value || nothing;
}

export function fieldId(id: string): string {
  return `field-${id}`;
}

/** A question, or a contact field as one. */
type Field = Pick<Question, 'id' | 'required' | 'options'> & { type: string };

/** A fault in words, by field kind where that part has better ones. */
function faultText({ state, say, faultWords }: Scene, { id, type, options }: Field): string {
  const fault = state.faults[id] as FieldFault;
  if (fault === 'required' && options) return say('not_an_option');
  const own = `${fault}_${type}` as keyof PartTexts;
  return say(own, {}, faultWords?.[own] ?? say(fault));
}

/** In the owner's words for the language, if there are any. */
function wording({ say }: Scene, what: 'label' | 'help', { id }: { id: string }, text: string): string {
  return say(`${what}-${id}` as TextKey, {}, text);
}

/** A label, with the words in square brackets as the link, if it has one. */
export function label(scene: Scene, each: Question | Consent | LegalLink): unknown {
  const text = wording(scene, 'label', each, each.label);
  const [before, words, after] = text.split(/\[(.+?)]/);
  return 'link' in each && words
    ? html`${before}<a href=${each.link as string} target="_blank">${words}</a>${after}`
    : text;
}

export function contactInput(
  scene: Scene,
  { type, label = scene.say(type), required }: ContactQuestion,
): TemplateResult {
  const field = { id: type, type, required };
  const half = type.endsWith('_name') ? 'half' : '';
  return html`<div class=${`field ${half}`}>
    <label for=${fieldId(type)}>${label}${optional(scene, required)}</label>
    ${textInput(scene, field, AUTOCOMPLETE[type])}
    ${fault(scene, field)}
  </div>`;
}

export function questionField(scene: Scene, question: Question): TemplateResult {
  const { id, type, required, help, options } = question;
  const words = html`${label(scene, question)}${optional(scene, required)}`;
  const helpText = help
    ? html`<p class="mute" id=${`help-${id}`}>${wording(scene, 'help', question, help)}</p>`
    : nothing;
  if (type === 'checkbox' || type === 'consent') {
    // What was agreed to is the text itself.
    const value = type === 'consent' ? wording(scene, 'label', question, question.label) : 'true';
    return html`<div class="field">${tile(scene, question, { value }, words)}${helpText}${fault(scene, question)}</div>`;
  }
  if (options && type !== 'select') {
    const isInvalid = scene.state.faults[id] !== undefined;
    return html`<div class="field" aria-labelledby=${fieldId(id)} aria-describedby=${describedBy(scene, id)} aria-invalid=${when(isInvalid && type !== 'multiple' && 'true')} role=${type === 'multiple' ? 'group' : 'radiogroup'}>
      <b id=${fieldId(id)}>${words}</b>
      ${helpText}
      <div class=${`tiles ${type}`}>${options.map((option) => tile(scene, question, option))}</div>
      ${fault(scene, question)}
    </div>`;
  }
  const control = options ? select(scene, question, options) : textInput(scene, question);
  return html`<div class="field"><label for=${fieldId(id)}>${words}</label>${helpText}${control}${fault(scene, question)}</div>`;
}

function optional({ say }: Scene, required: boolean): TemplateResult | typeof nothing {
  return required ? nothing : html` <span class="mute">(${say('optional')})</span>`;
}

function fault(scene: Scene, field: Field): TemplateResult | typeof nothing {
  if (!scene.state.faults[field.id]) return nothing;
  return html`<p class="fault" part="error" id=${`fault-${field.id}`}>${icon('note')}<span>${faultText(scene, field)}</span></p>`;
}

/** Ids that are not there are ignored, so help and fault are always named. */
function describedBy({ state }: Scene, id: string): string {
  return `${state.faults[id] ? `fault-${id} ` : ''}help-${id}`;
}

function textInput(scene: Scene, { id, type, required }: Field, autocomplete?: AutoFill): TemplateResult {
  const { faults, values } = scene.state;
  const value = values[id]?.[0] ?? '';
  if (type === 'long_text' || type === 'guests') {
    return html`<textarea class="input" part="input" id=${fieldId(id)} name=${id} rows="3" maxlength=${ANSWER_CHARACTERS} ?required=${required} aria-invalid=${when(faults[id] && 'true')} aria-describedby=${describedBy(scene, id)} .value=${value}></textarea>`;
  }
  return html`<input
    class="input"
    part="input"
    id=${fieldId(id)}
    name=${id}
    type=${(NATIVE[type] ?? 'text') as 'text'}
    pattern=${when(PATTERNS[type])}
    step="any"
    maxlength=${autocomplete ? CONTACT_CHARACTERS : ANSWER_CHARACTERS}
    enterkeyhint="next"
    autocomplete=${when(autocomplete)}
    ?required=${required}
    aria-invalid=${when(faults[id] && 'true')}
    aria-describedby=${describedBy(scene, id)}
    .value=${value}
  >`;
}

function select(scene: Scene, { id, required }: Question, options: readonly QuestionOption[]): TemplateResult {
  const { faults, values } = scene.state;
  const given = values[id]?.[0] ?? '';
  return html`<div class="row">
    <select class="input" part="input" id=${fieldId(id)} name=${id} ?required=${required} aria-invalid=${when(faults[id] && 'true')} aria-describedby=${describedBy(scene, id)}>
      ${[{ value: '', label: scene.say('choose') }, ...options].map(({ value, label }) => html`<option value=${value} ?selected=${value === given}>${label ?? value}</option>`)}
    </select>
    ${icon('down')}
  </div>`;
}

function tile(
  scene: Scene,
  { id, type, required }: Question,
  { value, label }: QuestionOption,
  text: unknown = label ?? value,
): TemplateResult {
  const isBox = type === 'multiple' || type === 'checkbox' || type === 'consent';
  return html`<label class="tile" part="option">
    <input
      part="checkbox"
      type=${isBox ? 'checkbox' : 'radio'}
      name=${id}
      value=${value}
      ?required=${required && type !== 'multiple'}
      aria-describedby=${describedBy(scene, id)}
      aria-invalid=${when(isBox && scene.state.faults[id] && 'true')}
      .checked=${Boolean(scene.state.values[id]?.includes(value))}
    >
    <span>${text}</span>
  </label>`;
}
