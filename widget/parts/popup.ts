/**
 * The popup: a native modal `<dialog>` over the page with a widget of its own inside, in the shadow of the element that stands for it.
 * So the rest of the page is inert, and wheel, finger and keys never reach it; nothing of the page is changed, no style, no scroll bar,
 * no position. Where the element is not rendered, a stand-in at the end of the page has the dialog while it is open. Closed, it keeps
 * everything. A part: handed what it needs, imports only types.
 */
import type { IclosedBooking } from '../element.ts';
import type { Parts } from '../parts.ts';
import type { Language } from '../texts/languages.ts';

export const words = {
  open: 'Book a call',
  close: 'Close',
};

const TAG = 'iclosed-booking';
const POPUP = `${TAG}[mode=popup],${TAG}[mode=floating]`;
/** What else `data-iclosed-…` says becomes an attribute of the popup that a trigger makes. */
const PREFIX = 'data-iclosed-';
/**
 * What a trigger may say. Not where the scripts come from, and no `onclick`: markup that others write into a page, cleaned of all but
 * `data-…`, must not run code in it.
 */
const BY_TRIGGER = /^(flow|locale|time-zone|theme|variant|prefill-.+)$/;
/** What the widget inside takes over from the element in the page. */
const TAKEN_OVER = /^(event|endpoint|flow|locale|time-zone|theme|variant|dir|prefill-.+)$/;
/** What counts only when a widget begins. */
const BEGUN_WITH = /^(flow|variant|prefill-.+)$/;
/** Addresses in an element that are no way to a booking: a press on them is the browser's. */
const OTHER_ADDRESS = /^(mailto|tel|sms):/;
const DOUBLE_TAP_MS = 500;
/** What a stand-in takes from the place of its element. */
const HANDED_DOWN = [
  'color-scheme',
  'direction',
  'font-family',
  '--iclosed-accent',
  '--iclosed-radius',
  '--iclosed-density',
  '--iclosed-font',
  '--iclosed-font-size',
  '--iclosed-paper',
  '--iclosed-ink',
  '--iclosed-shadow',
  '--iclosed-border',
  '--iclosed-backdrop',
  '--iclosed-width',
];
const PARTS =
  'card,details,summary,title,progress,step,heading,input,option,checkbox,error,notice,button,primary-button,link,month,weekday,day,free-day,chosen-day,time,zone-button';
const css = String.raw;

const SHEET = css`
  dialog {
    position: fixed;
    inset: 0;
    width: auto;
    max-width: none;
    height: 100dvh;
    max-height: none;
    margin: 0;
    padding: 0;
    border: 0;
    outline: none;
    background: var(--iclosed-backdrop, #0b132bb3);
    visibility: visible;
    overflow: hidden scroll;
    overscroll-behavior: contain;
    scrollbar-width: none;
    font-size: medium;
  }
  dialog::backdrop {
    background: none;
  }
  .cover {
    all: initial;
    display: grid;
    color-scheme: inherit;
    font-family: inherit;
    font-size: var(--iclosed-font-size, max(16px, 1rem));
    align-content: safe center;
    box-sizing: border-box;
    min-height: calc(100% + 1px);
    padding: 0.75em 1em 1em;
  }
  .popup {
    display: grid;
    grid-template: auto minmax(0, 1fr) / minmax(0, 1fr);
    gap: 0.6em;
    justify-self: center;
    width: 100%;
    max-width: var(--iclosed-width, 56em);
    max-height: calc(100dvh - 1.75em);
  }
  .close {
    all: unset;
    display: flex;
    align-items: center;
    justify-self: end;
    gap: 0.45em;
    box-sizing: border-box;
    min-height: max(44px, 2.9em);
    padding: 0 1.1em;
    border: 1px solid #fff6;
    border-radius: 2em;
    background: #0b132b;
    color: #fff;
    font: 580 max(15px, 0.94em) / 1.4 none;
    font-family: var(--iclosed-font, inherit);
    cursor: pointer;
  }
  .close:hover {
    background: #27345c;
  }
  .close:focus-visible {
    outline: 3px solid #fff;
    outline-offset: 2px;
  }
  svg {
    width: 1.1em;
    height: 1.1em;
    fill: none;
    stroke: currentColor;
    stroke-width: 2;
    stroke-linecap: round;
  }
  .sheet {
    font-size: medium;
    overflow: hidden auto;
    overscroll-behavior: contain;
  }
  .sheet ::part(card) {
    box-shadow: none;
  }
  @media (width < 30rem) {
    .cover {
      align-content: start;
      padding: 0.5em 0 0;
    }
    .popup {
      gap: 0.5em;
      max-height: calc(100dvh - 0.5em);
    }
    .close {
      margin-inline-end: 0.8em;
    }
    .sheet ::part(card) {
      align-content: start;
      min-height: calc(100dvh - 3.75em);
      border: 0;
      border-radius: 1.1em 1.1em 0 0;
    }
  }
  /* As high in every step, so that nothing moves under the pointer. */
  @media (width >= 48rem) {
    .sheet ::part(card) {
      min-height: min(39em, 100dvh - 6em);
    }
  }
  @media (prefers-reduced-motion: no-preference) {
    dialog[open] {
      animation: appear 0.15s;
    }
  }
  @keyframes appear {
    from {
      opacity: 0.3;
    }
  }
`;

/** How a language is had. */
export interface PopupKit {
  hasWords(language: string): language is Language;
  load(name: `texts-${Language}`): Promise<Parts[`texts-${Language}`] | undefined>;
}

interface Popup {
  /** Stands for it in the page. */
  element: IclosedBooking;
  dialog: HTMLDialogElement;
  widget: IclosedBooking;
  /** Has the dialog where the element is not rendered. */
  standIn?: HTMLElement;
  /** The visitor has typed or chosen something in it. */
  isTouched: boolean;
  /** What the page said when the widget began. */
  begunWith: string;
  /** By the clock of events. */
  openedAt: number;
  /** What had the focus last. */
  focused: HTMLElement;
  /** While it is open: gives the page back its focus and its place. */
  giveBack?(): void;
  restart(): void;
  /** Finds the page's language, as often as it may be another. */
  speak(): Promise<void>;
  /** The element stands in the page from now on, and finds there what was done here. */
  end(): void;
}

const popups = new WeakMap<IclosedBooking, Popup>();
/** By element: attributes that a trigger has set, to what, and what they were before. */
const setByTriggers = new WeakMap<Element, Map<string, { value: string; before: string | null }>>();
let sheet: CSSStyleSheet | undefined;

/** Another trigger of the same popup, where it can be seen. */
function twinOf({ dataset }: HTMLElement): HTMLElement | undefined {
  const triggers = document.querySelectorAll<HTMLElement>('[data-iclosed-open]');
  return [...triggers].find((each) => each.dataset.iclosedOpen === dataset.iclosedOpen && each.checkVisibility());
}

/**
 * Somebody points at a trigger, comes to it or presses it: the popup that it means is made ready, and opened.
 * @param name `account/event-name` or the id of an element.
 * @param path of the event, from the innermost node on.
 */
export function hear(
  kit: PopupKit,
  name: string,
  path: HTMLElement[],
  trigger: HTMLElement | undefined,
  isPress: boolean,
): void {
  if (trigger) hearKeys(trigger);
  const element = meant(name, trigger);
  const link = path.find((node) => node instanceof HTMLAnchorElement);
  if (isPress && trigger === element && link && OTHER_ADDRESS.test(link.href)) return location.assign(link.href);
  const known = popups.get(element);
  const isBegun = known !== undefined && (known.isTouched || isKept(element));
  // An element that is named by its id says itself what it is. To point at another trigger changes nothing, to press it does.
  if (isPress || !known) setBy(trigger !== element && isFor(element, name) ? trigger : undefined, element, isBegun);
  if (!element.matches(POPUP)) {
    known?.end();
    if (isPress) element.scrollIntoView();
    return element.open();
  }
  const popup = known ?? made(kit, element);
  if (!popup.dialog.isConnected) element.shadowRoot?.append(popup.dialog);
  if (!isPress) return;
  // What was said first is not what is meant now: begun anew with its values, as long as nobody has begun.
  if (!isBegun && popup.begunWith !== saidOf(element)) popup.restart();
  void popup.speak();
  open(popup, path.find(({ tabIndex }) => tabIndex >= 0) ?? (document.activeElement as HTMLElement | null));
}

/** Somebody is on his way, maybe since before a reload: the session's entry has the event's name, another element's with blanks. */
function isKept(element: Element): boolean {
  try {
    const kept = Object.keys(JSON.parse(sessionStorage.getItem(TAG) ?? '{}') as object);
    return kept.some((key) => isFor(element, key.trim()));
  } catch {
    return false;
  }
}

/** The trigger itself where it is a widget, an element by its id, else the page's popup for that event, which is made when it is first wanted. */
function meant(name: string, trigger: HTMLElement | undefined): IclosedBooking {
  if (trigger?.localName === TAG) return trigger as IclosedBooking;
  for (const root of rootsAround(trigger)) {
    const named = root.querySelector(`#${CSS.escape(name)}`);
    if (named?.localName === TAG) return named as IclosedBooking;
    const popup = [...root.querySelectorAll<IclosedBooking>(POPUP)].find((each) => isFor(each, name));
    if (popup) return popup;
  }
  const element = document.createElement(TAG);
  const endpoint = document.querySelector(`${TAG}[endpoint]`)?.getAttribute('endpoint');
  if (endpoint) element.setAttribute('endpoint', endpoint);
  element.setAttribute('event', name);
  element.setAttribute('mode', 'popup');
  document.body.append(element);
  return element;
}

/** The shadow roots that the trigger stands in, from the innermost on, and the page. */
function rootsAround(trigger: HTMLElement | undefined): ParentNode[] {
  const roots: ParentNode[] = [];
  for (let root = trigger?.getRootNode(); root instanceof ShadowRoot; root = root.host.getRootNode()) roots.push(root);
  return [...roots, document];
}

function isFor(element: Element, name: string): boolean {
  return idOf(element.getAttribute('event') ?? '') === idOf(name);
}

/** `account/event-name` or an alias, also of the event's full address. */
function idOf(event: string): string {
  return event.trim().replace(/^https?:\/\/[^/]+\/e\/|\/?([?#].*)?$/gi, '');
}

/** Sets what the trigger says, and puts back what another one has said; what an attempt has begun with stays. */
function setBy(trigger: HTMLElement | undefined, element: IclosedBooking, isBegun: boolean): void {
  const set = setByTriggers.get(element) ?? new Map<string, { value: string; before: string | null }>();
  setByTriggers.set(element, set);
  for (const [attribute, { value, before }] of isBegun ? [] : set) {
    if (element.getAttribute(attribute) === value) put(element, attribute, before);
    set.delete(attribute);
  }
  for (const { name, value } of trigger?.attributes ?? []) {
    const attribute = name.startsWith(PREFIX) ? name.slice(PREFIX.length) : '';
    if (!BY_TRIGGER.test(attribute) || (isBegun && BEGUN_WITH.test(attribute))) continue;
    const { before } = set.get(attribute) ?? { before: element.getAttribute(attribute) };
    set.set(attribute, { value, before });
    element.setAttribute(attribute, value);
  }
}

function put(element: Element, attribute: string, value: string | null): void {
  if (value === null) element.removeAttribute(attribute);
  else element.setAttribute(attribute, value);
}

/** What a widget for this element would begin with. */
function saidOf(element: IclosedBooking): string {
  const names = element.getAttributeNames().filter((name) => BEGUN_WITH.test(name));
  return JSON.stringify([element.prefill, ...names.sort().map((name) => [name, element.getAttribute(name)])]);
}

/** What is neither link nor button is pressed by Enter and the space bar all the same, if Tab comes there. */
function hearKeys(trigger: HTMLElement): void {
  if (trigger.matches(`a[href],button,input,summary,${TAG}`)) return;
  trigger.onkeydown ??= (event) => {
    if (event.target !== trigger || (event.key !== 'Enter' && event.key !== ' ')) return;
    event.preventDefault();
    // What is drawn in an SVG has no `click()`.
    trigger.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, composed: true }));
  };
}

/** The dialog, closed, with a widget that begins at once. */
function made(kit: PopupKit, element: IclosedBooking): Popup {
  const root = element.shadowRoot ?? element.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheetOfPopup()];
  const link = ownLink(element);
  const widget = document.createElement(TAG);
  widget.setAttribute('exportparts', PARTS);
  // The widget's own "Book another call" is a new beginning for the popup, too.
  const begin = widget.restart.bind(widget);
  widget.restart = () => popup.restart();
  // The page may set it at any time.
  Object.defineProperty(widget, 'prefill', { get: () => element.prefill });
  const follow = (name: string) => {
    if (TAKEN_OVER.test(name)) put(widget, name, element.getAttribute(name));
  };
  for (const name of element.getAttributeNames()) follow(name);
  const changes = new MutationObserver((all) => {
    for (const { attributeName } of all) follow(attributeName as string);
    if (element.matches(POPUP)) void popup.speak();
    else popup.end();
  });
  changes.observe(element, { attributes: true });
  if (link)
    widget.append(Object.assign(document.createElement('a'), { href: link.href, textContent: link.textContent }));
  widget.append(Object.assign(document.createElement('slot'), { name: 'confirmed', slot: 'confirmed' }));

  const dialog = node('dialog', {
    part: 'dialog',
    tabindex: '-1',
    'aria-label': link?.textContent?.trim() || words.open,
  });
  const close = node('button', { type: 'button', class: 'close', part: 'close-button' }, cross(), words.close);
  const sheetOfWidget = node('div', { class: 'sheet' }, widget);
  dialog.append(node('div', { class: 'cover' }, node('div', { class: 'popup' }, close, sheetOfWidget)));
  const popup: Popup = {
    element,
    dialog,
    widget,
    isTouched: false,
    begunWith: saidOf(element),
    openedAt: 0,
    focused: dialog,
    restart() {
      popup.isTouched = false;
      popup.begunWith = saidOf(element);
      begin();
    },
    speak: () => speak(kit, popup, close),
    end() {
      changes.disconnect();
      dialog.close();
      dialog.remove();
      popups.delete(element);
      for (const own of ['attempt', 'restart', 'open', 'close']) Reflect.deleteProperty(element, own);
    },
  };
  listen(popup);
  close.onclick = () => dialog.close();
  // The page has its focus and its place back at once, before it goes on with either.
  dialog.close = () => {
    HTMLDialogElement.prototype.close.call(dialog);
    popup.giveBack?.();
  };
  root.append(dialog);
  void popup.speak();
  widget.open();
  // The page hears its own element, wherever the dialog stands.
  widget.dispatchEvent = (event) => {
    if (!(event instanceof CustomEvent)) return HTMLElement.prototype.dispatchEvent.call(widget, event);
    popup.isTouched ||= event.type === 'iclosed:slot-picked' || event.type === 'iclosed:contact';
    return element.dispatchEvent(event);
  };
  popups.set(element, popup);
  Object.defineProperties(element, {
    attempt: { get: () => widget.attempt, configurable: true },
    restart: { value: () => popup.restart(), configurable: true },
    // At once, so that a `close()` that follows finds it open.
    open: { value: () => hear(kit, '', [], element, true), configurable: true },
    close: { value: () => dialog.close(), configurable: true },
  });
  return popup;
}

function sheetOfPopup(): CSSStyleSheet {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(SHEET);
  }
  return sheet;
}

/** The owner's link to the event's page: one whose address looks like it, else the first to any page. */
function ownLink(element: Element): HTMLAnchorElement | undefined {
  const links = [...element.querySelectorAll<HTMLAnchorElement>(':scope a[href]:not([slot], :scope [slot] *)')];
  const pages = links.filter(({ protocol }) => /^https?:$/.test(protocol));
  return pages.find(({ pathname }) => pathname.includes('/e/')) ?? pages[0];
}

/** What the visitor does in the dialog, and what the page must not take for its own. */
function listen(popup: Popup): void {
  const { dialog, widget } = popup;
  // Where text is marked by a pointer that is let go on the veil, that is no press on the veil. Nor is the second half of a double click,
  // which not every phone counts.
  let pressed: EventTarget | null = null;
  dialog.addEventListener('pointerdown', ({ target, pointerType, timeStamp }) => {
    pressed = pointerType === 'touch' && timeStamp < popup.openedAt + DOUBLE_TAP_MS ? null : target;
  });
  dialog.addEventListener('click', ({ target, detail }) => {
    if (target === pressed && detail < 2 && (target as Element).matches('dialog,.cover')) dialog.close();
  });
  dialog.addEventListener('close', () => {
    if (!dialog.open) popup.giveBack?.();
  });
  dialog.addEventListener('focusin', (event) => {
    popup.focused = event.composedPath()[0] as HTMLElement;
  });
  widget.addEventListener('input', () => {
    popup.isTouched = true;
  });
  // Scripts that scroll the page would move it instead; its shortcuts cannot see that somebody types. What is slotted is the page's own.
  for (const type of ['wheel', 'touchmove']) {
    dialog.addEventListener(type, (event) => event.stopPropagation(), { passive: true });
  }
  for (const type of ['keydown', 'keypress', 'keyup'] as const) {
    dialog.addEventListener(type, (event) => {
      if (event.key !== 'Escape' && dialog.contains(event.target as Node)) event.stopPropagation();
    });
  }
}

/** The words around the widget, in the language that it finds by itself. */
async function speak(kit: PopupKit, { element, dialog, widget }: Popup, close: HTMLElement): Promise<void> {
  // The page's language ends at the shadow, so it is said again.
  const page = element.closest<HTMLElement>('[lang]')?.lang ?? '';
  if (page !== widget.lang) {
    widget.lang = page;
    // The widget looks at its language when it draws, and it draws when its theme changes.
    widget.setAttribute('theme', '');
    put(widget, 'theme', element.getAttribute('theme'));
  }
  const tag = element.getAttribute('locale') || page || navigator.language;
  if (tag === close.dataset.tag) return;
  close.dataset.tag = tag;
  const language = tag.slice(0, 2).toLowerCase();
  const part = kit.hasWords(language) ? await kit.load(`texts-${language}`) : undefined;
  if (tag !== close.dataset.tag) return;
  const tongue = part?.speak(tag, navigator.language);
  const { lang, dir } = tongue ?? { lang: 'en', dir: 'ltr' };
  const say = tongue?.speaker(undefined) ?? ((key: keyof typeof words) => words[key]);
  Object.assign(close, { lang, dir }).lastChild?.replaceWith(say('close'));
  if (!ownLink(element)?.textContent?.trim()) Object.assign(dialog, { lang, ariaLabel: say('open') });
}

function node<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Record<string, string>,
  ...content: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
  element.append(...content);
  return element;
}

function cross(): Element {
  const [svg, path] = ['svg', 'path'].map((name) => document.createElementNS('http://www.w3.org/2000/svg', name));
  svg?.setAttribute('viewBox', '0 0 24 24');
  svg?.setAttribute('aria-hidden', 'true');
  path?.setAttribute('d', 'M6 6l12 12M18 6L6 18');
  svg?.append(path as Element);
  return svg as Element;
}

/** Opens it; closed again, the focus is back and the page stands where it stood, also if a phone has pushed it about for its keyboard. */
function open(popup: Popup, opener: HTMLElement | null): void {
  const { element, dialog } = popup;
  if (dialog.open || !element.isConnected) return keep(popup);
  const place: ScrollToOptions = { top: scrollY, left: scrollX, behavior: 'instant' };
  const moves = new MutationObserver(() => keep(popup));
  const sight = new IntersectionObserver(() => keep(popup));
  // A page may be of another size on another screen.
  const resized = () => fit(dialog);
  popup.giveBack = () => {
    popup.giveBack = undefined;
    removeEventListener('resize', resized);
    moves.disconnect();
    sight.disconnect();
    goHome(popup);
    opener?.focus({ preventScroll: true });
    // A framework may have drawn the trigger anew meanwhile.
    if (opener && !opener.checkVisibility()) twinOf(opener)?.focus({ preventScroll: true });
    scrollTo(place);
  };
  addEventListener('resize', resized);
  moves.observe(document, { childList: true, subtree: true });
  sight.observe(dialog);
  popup.openedAt = performance.now();
  popup.focused = dialog; // not the first field: a phone would push its keyboard over it
  show(popup);
}

/** Moved in the page, a dialog loses its place above it; in a menu that closes, its picture. It goes where its element goes. */
function keep(popup: Popup): void {
  const { element, dialog } = popup;
  if (!dialog.open) return;
  if (!element.isConnected) goHome(popup);
  else if (!dialog.matches(':modal') || !dialog.checkVisibility()) show(popup);
}

/** Above the page; where it cannot be seen, it is closed, since the page behind it is inert. */
function show(popup: Popup): void {
  const { element, dialog, focused } = popup;
  goHome(popup);
  if (!raise(dialog, element) && !raise(dialog, standIn(popup))) return dialog.close();
  focused.focus({ preventScroll: true });
}

/** @returns False where it is not rendered all the same. */
function raise(dialog: HTMLDialogElement, { shadowRoot }: Element): boolean {
  if (dialog.open) dialog.remove();
  dialog.removeAttribute('open');
  if (dialog.parentNode !== shadowRoot) shadowRoot?.append(dialog);
  dialog.showModal();
  fit(dialog);
  return dialog.checkVisibility();
}

/** A page that is enlarged or made smaller by CSS would enlarge a dialog that is as high as the screen: it is as high on any page. */
function fit(dialog: HTMLDialogElement): void {
  dialog.style.zoom = '';
  // Older browsers do not know it.
  const zoom = dialog.currentCSSZoom ?? 1;
  if (zoom !== 1) dialog.style.zoom = String(1 / zoom);
}

/**
 * An element of the same name, so that the page's styles for it and its parts count, with the looks of the element's own place and with
 * what the page shows under the confirmation. It names no event, so it is nobody's trigger.
 */
function standIn(popup: Popup): HTMLElement {
  const { element } = popup;
  const other = document.createElement(TAG);
  other.attachShadow({ mode: 'open' }).adoptedStyleSheets = [sheetOfPopup()];
  other.setAttribute('mode', 'popup');
  const looks = getComputedStyle(element);
  for (const name of HANDED_DOWN) other.style.setProperty(name, looks.getPropertyValue(name));
  other.style.setProperty('display', 'contents', 'important');
  other.append(...element.querySelectorAll(':scope > [slot=confirmed]'));
  document.body.append(other);
  popup.standIn = other;
  return other;
}

/** Back into its element. */
function goHome(popup: Popup): void {
  const { element, dialog, standIn: other } = popup;
  if (!other) return;
  popup.standIn = undefined;
  element.shadowRoot?.append(dialog);
  element.append(...other.children);
  other.remove();
}
