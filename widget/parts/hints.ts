/**
 * Help for whoever acts, beside what the views draw: what has changed is said; in the form what is wrong in one list that takes the focus, a mail domain that
 * looks mistyped or holds what nobody sees, how numbers begin where the visitor is, keyboards; and the contact sent ahead where the owner wants it. A part:
 * imports nothing, reads the form as it stands after each drawing and adds nodes of its own at places where the views put none.
 * Without it every fault still stands at its field, and the focus is taken to each new step.
 */
import { EARLY_CONTACT_MS } from '../../shared/limits.ts';
import type { World } from '../client.ts';
import { rangeText } from '../range.ts';
import type { State } from '../state.ts';
import type { momentText, timeText } from '../time.ts';
import type { Scene } from '../views/scene.ts';
import { words as ageWords } from '../age.ts';
import { showAge } from './hints/age.ts';
import { words as nearestWords, offerNearest } from './hints/nearest.ts';
import { button, made, within } from './hints/nodes.ts';
import { guardPresses } from './hints/presses.ts';

export { announcement } from './hints/announce.ts';
export { turnByKey } from './hints/grid.ts';

/** As `timeText` with the end, where it is known how long the call is. @param clock How the widget writes times. */
export function timesText(
  startsAt: string,
  locale: string,
  timeZone: string,
  minutes: number | undefined,
  clock: typeof timeText,
): string {
  return rangeText(clock, startsAt, minutes && Date.parse(startsAt) + minutes * 60_000, locale, timeZone);
}

export const words = {
  // better words for a fault, by kind of field
  required_checkbox: 'Please tick this to go on.',
  required_consent: 'Please tick this to go on.',
  invalid_email: 'Please enter the whole address, like jane@acme.com.',
  invalid_phone: 'Please enter the number with its country code, like +1 415 555 2671.',
  refused_email: 'This address was not accepted. Please check or use another.',
  summary: 'Please check these:',
  didYouMean: 'Did you mean {address}?',
  ...nearestWords,
  ...ageWords,
};

/** What is wrong is not in the colour of other notices. By script, which a strict policy allows; `::part(notice)` is stronger. */
const WRONG_GROUND = 'color-mix(in oklab, var(--wrong) 9%, var(--paper))';

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** What it remembers of one element. */
interface Memory {
  scene: Scene;
  /** As of the last drawing. */
  faults?: State['faults'];
  /** The field that has the focus, or had it last. */
  at?: Element | null;
  /** A finger or a button is down: nothing moves from under it. */
  isPressing: boolean;
  /** Counts the moments at which a field was left or changed. */
  changes: number;
  /** The contact that was sent ahead last: what was refused once is not sent again without the step. */
  sent?: string;
}
const memories = new WeakMap<ShadowRoot, Memory>();

/** A finger is lifted first, then comes what it pressed. */
const PRESS_FOLLOWS_WITHIN_MS = 100;

/** Called after each drawing of the widget. */
export function drawn(root: ShadowRoot, scene: Scene, world: World, inWords: typeof momentText): void {
  offerNearest(root, scene, inWords);
  showAge(root, scene);
  guardPresses(root, scene);
  const known = memories.get(root);
  const memory = known ?? { scene, at: root.activeElement, isPressing: false, changes: 0 };
  memory.scene = scene;
  if (!known) {
    memories.set(root, memory);
    root.addEventListener('focusin', ({ target }) => {
      memory.at = target as Element;
      hintAtMail(root, memory);
    });
    const changed = () => {
      const change = ++memory.changes;
      void world.sleep(EARLY_CONTACT_MS).then(() => {
        if (change === memory.changes) sendEarly(root, memory);
      });
    };
    root.addEventListener('pointerdown', () => {
      memory.isPressing = true;
      const end = new AbortController();
      const released = async () => {
        end.abort();
        await world.sleep(PRESS_FOLLOWS_WITHIN_MS);
        memory.isPressing = false;
        hintAtMail(root, memory);
      };
      for (const type of ['pointerup', 'pointercancel']) {
        addEventListener(type, () => void released(), { signal: end.signal });
      }
    });
    root.addEventListener('focusout', changed);
    root.addEventListener('change', changed);
    for (const moment of ['input', 'change', 'focusout']) root.addEventListener(moment, cleanAddress);
    root.addEventListener('change', ({ target }) => cleanText(target as HTMLInputElement));
  }
  const form = root.querySelector('form');
  if (!form) return;
  prepare(form, scene);
  listFaults(root, form, memory);
  hintAtMail(root, memory);
}

/** Keyboards that fit, Enter's name on the last line, and how a number begins. */
function prepare(form: HTMLFormElement, { state }: Scene): void {
  const lines = [...form.querySelectorAll<Control>('.field .input')];
  for (const line of lines) {
    const type = state.event?.questions.find(({ id }) => id === line.name)?.type;
    if (type === 'url') line.inputMode = 'url';
    if (type === 'guests') line.inputMode = 'email';
    if (type === 'url' || type === 'guests') line.autocapitalize = 'none';
    line.spellcheck = type === 'long_text';
    line.enterKeyHint = line === lines.at(-1) ? 'go' : 'next';
    if (line.type === 'tel') {
      (line as HTMLInputElement).placeholder = numberStart(state.country) ?? '';
      // Numbers run from left to right also where words do not; they stand where the other fields have theirs.
      line.style.textAlign = form.matches(':dir(rtl)') ? 'right' : '';
    }
  }
}

/** Where more than one field is wrong: each with its label and what is wrong, as a way to it. */
function listFaults(root: ShadowRoot, form: HTMLFormElement, memory: Memory): void {
  const { scene, faults: before } = memory;
  const { faults } = scene.state;
  const wrong = [...form.querySelectorAll('.field:has(.fault)')];
  const ways = wrong.length > 1 ? wrong.map(wayTo) : [];
  memory.faults = faults;
  const shown = form.querySelector<HTMLElement>('.faults');
  const title = made('b', '', scene.say('summary', {}, words.summary));
  title.id = 'faults';
  const content = within('div', within('p', title), ...ways);
  // What is unchanged stays, with the focus that may be in it.
  if (!shown || ways.length === 0 || shown.textContent !== content.textContent) {
    const hadFocus = shown?.contains(root.activeElement);
    shown?.remove();
    if (ways.length === 0) return;
    const list = within('div', content);
    list.className = 'notice faults';
    list.style.background = WRONG_GROUND;
    list.tabIndex = -1;
    list.setAttribute('part', 'notice');
    list.setAttribute('role', 'group');
    list.setAttribute('aria-labelledby', 'faults');
    form.querySelector('.heading')?.after(list);
    if (hadFocus) list.focus();
  }
  // Where the widget has just taken the visitor to the first of them.
  const isAtFirst = wrong[0] && root.activeElement === controlIn(wrong[0]);
  if (faults !== before && isAtFirst) form.querySelector<HTMLElement>('.faults')?.focus();
}

function wayTo(field: Element): HTMLElement {
  const label = field.querySelector('label, b')?.cloneNode(true) as HTMLElement;
  for (const aside of label.querySelectorAll('.mute')) aside.remove();
  const name = plain(label);
  // A question or a sentence ends by itself.
  const way = button('text', `${name}${/\p{P}$/u.test(name) ? '' : ':'} ${plain(field.querySelector('.fault'))}`);
  way.addEventListener('click', () => controlIn(field)?.focus());
  return within('p', way);
}

/** A contact that is complete, agreed to and left is safe before its step is. Corrections follow it in the same way. */
function sendEarly(root: ShadowRoot, memory: Memory): void {
  const { state, typed, act } = memory.scene;
  const { event, goal, masked, attempt } = state;
  const form = root.querySelector('form');
  const fields = form?.querySelector('.contact');
  if (!form || !fields || !event?.earlyContact || goal || masked || fields.contains(root.activeElement)) return;
  const names = [...event.contact.map(({ type }) => type), ...(event.consents ?? []).map(({ id }) => id)];
  const controls = names.map((name) => form.elements.namedItem(name) as HTMLInputElement);
  const isReachable = controls.some(({ type, value }) => (type === 'email' || type === 'tel') && value.trim());
  const contact = JSON.stringify([attempt, ...controls.map(({ value, checked }) => [value, checked])]);
  if (!isReachable || contact === memory.sent || !controls.every(({ validity }) => validity.valid)) return;
  memory.sent = contact;
  typed(form);
  act({ type: 'early' });
}

/** A better address for one press, once the field was left. */
function hintAtMail(root: ShadowRoot, { at, scene, isPressing }: Memory): void {
  if (isPressing) return;
  for (const mail of root.querySelectorAll<HTMLInputElement>('input[type=email]')) {
    const field = mail.closest('.field');
    const address = at === mail || field?.querySelector('.fault') ? undefined : betterAddress(mail.value);
    const offer = address && scene.say('didYouMean', { address }, words.didYouMean);
    const shown = field?.querySelector('.better');
    if (shown?.textContent === offer) continue;
    shown?.remove();
    if (!address || !field) continue;
    const accept = button('text', offer);
    accept.addEventListener('click', () => {
      mail.focus();
      rewrite(mail, address);
    });
    const hint = within('p', accept);
    hint.className = 'better';
    hint.setAttribute('role', 'status');
    field.append(hint);
  }
}

/** What comes with a paste and nobody sees (marks of direction, joiners, a space that does not break) makes an address wrong. */
function cleanAddress({ type, target, inputType = '' }: Event & Partial<Pick<InputEvent, 'inputType'>>): void {
  const mail = target as HTMLInputElement;
  const isTyping = type === 'input' && !inputType.startsWith('insertFrom');
  if (mail.type !== 'email' || isTyping) return;
  const clean = mail.value.replace(/\p{Cf}/gu, '').trim();
  if (clean !== mail.value) rewrite(mail, clean);
}

/** What iClosed will have stands in the field, so that it is the same answer after a reload: the Worker cleans text like this. */
function cleanText(field: HTMLInputElement): void {
  if (!/^(text|url|textarea)$/.test(field.type)) return;
  const text = field.value.normalize('NFC').replace(/(?!\n)[\p{Cc}\p{Cs}]/gu, ' ');
  // People write `acme.com`.
  const clean = field.inputMode === 'url' && WEBSITE.test(text) ? `https://${text.trim()}` : text;
  if (clean !== field.value) rewrite(field, clean);
}

/** As if the visitor had typed it. */
function rewrite(field: HTMLInputElement, text: string): void {
  field.value = text;
  field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
}

function controlIn(field: Element): Control | null {
  return field.querySelector<Control>('input, select, textarea');
}

function plain(element: Element | null): string {
  return (element?.textContent ?? '').replace(/\s+/g, ' ').trim();
}

/** As the Worker completes it. */
const WEBSITE = /^\s*[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+([:/?#]|\s*$)/u;

/** Where most people have their mail; an address there is never corrected. */
const DOMAINS = [
  'gmail.com',
  'googlemail.com',
  'hotmail.com',
  'outlook.com',
  'live.com',
  'msn.com',
  'yahoo.com',
  'yahoo.co.uk',
  'icloud.com',
  'me.com',
  'aol.com',
  'proton.me',
  'protonmail.com',
  'gmx.de',
  'gmx.net',
  'web.de',
  't-online.de',
  'orange.fr',
  'free.fr',
  'wanadoo.fr',
  'hotmail.fr',
  'yahoo.fr',
  'hotmail.es',
  'yahoo.es',
  'comcast.net',
  'att.net',
];
/** Houses of their own that are one slip away from one of those. */
const NEIGHBOURS = [
  'mail.com',
  'ymail.com',
  'email.com',
  'fmail.com',
  'tmail.com',
  'cloud.com',
  'grail.com',
  'wahoo.com',
];
/** Shorter addresses are one slip away from too many others, and so are shorter names: `msd.com` and `msn.com` are two houses. */
const CHARACTERS_AT_LEAST = 7;
const NAME_CHARACTERS_AT_LEAST = 5;
/** After the same name they are no slip: other countries' addresses of that house, and real endings. Two of the letters of `com` are one. */
const ENDINGS = /^\.((?!co|cm|om)[a-z]{2}|net|org|info|biz|dev|app)$/;

/** The same address at a domain that is one slip away: `jane@gmial.com` ⇒ `jane@gmail.com`. */
export function betterAddress(typed: string): string | undefined {
  const text = typed.trim();
  const at = text.lastIndexOf('@');
  const domain = text.slice(at + 1).toLowerCase();
  if (at < 1 || domain.length < CHARACTERS_AT_LEAST || [...DOMAINS, ...NEIGHBOURS].includes(domain)) return undefined;
  const found = DOMAINS.find((each) => {
    if (each.length < CHARACTERS_AT_LEAST || !isOneSlip(domain, each)) return false;
    const [name = ''] = each.split('.');
    // `yahoo.ca` is an address of its own; `gmail.co` and `gmail.cm` are not, nor is what has no dot.
    if (domain.startsWith(`${name}.`)) return !ENDINGS.test(domain.slice(name.length));
    return name.length >= NAME_CHARACTERS_AT_LEAST || !domain.includes('.');
  });
  return found && text.slice(0, at + 1) + found;
}

/** One character more, less or other, or two neighbours exchanged. */
export function isOneSlip(a: string, b: string): boolean {
  if (a === b) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  const left = a.slice(start, a.length - end);
  const right = b.slice(start, b.length - end);
  if (left.length <= 1 && right.length <= 1) return true;
  return left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0];
}

/** Calling codes of the countries that most visitors come from; the others see no example. */
const CODES =
  'US1 CA1 GB44 IE353 AU61 NZ64 DE49 AT43 CH41 FR33 BE32 NL31 LU352 ES34 PT351 IT39 SE46 NO47 DK45 FI358 IS354 PL48 CZ420 SK421 HU36 RO40 BG359 GR30 HR385 SI386 EE372 LV371 LT370 UA380 TR90 IL972 AE971 SA966 QA974 KW965 EG20 MA212 DZ213 TN216 JO962 LB961 ZA27 NG234 KE254 GH233 IN91 PK92 BD880 LK94 SG65 MY60 ID62 PH63 TH66 VN84 JP81 KR82 CN86 HK852 TW886 BR55 MX52 AR54 CL56 CO57 PE51 EC593 UY598 CR506 DO1';

/** How a number begins in full, such as `+49 …`; a number without it is read as one of the visitor's country. */
export function numberStart(country: string | undefined): string | undefined {
  const code = country && new RegExp(`\\b${country}(\\d+)`).exec(CODES)?.[1];
  return code ? `+${code} …` : undefined;
}
