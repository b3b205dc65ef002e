/**
 * A visitor inside the page `/states`: types, presses and waits, at controls found by the names that the contract fixes (field
 * names, parts). Words are not used to find anything, so that owners' texts and languages change nothing here.
 */

const PATIENCE_MS = 5_000;
const LOOK_MS = 15;

export const JANE: Readonly<Record<string, string>> = {
  first_name: 'Jane',
  last_name: 'Doe',
  email: 'jane@acme.com',
  phone: '+1 415 555 2671',
};
export const ANSWERS: Readonly<Record<string, string>> = {
  size: '11-50',
  revenue: 'Over $50k',
  goal: 'We have traffic but too few calls.',
};

/** Taken before the page's clock stands still. */
const wait = globalThis.setTimeout.bind(globalThis);

export class Guest {
  element: HTMLElement;

  constructor(element: HTMLElement) {
    this.element = element;
  }

  /** A popup holds an element of its own. */
  get #root(): ShadowRoot | HTMLElement {
    const root = this.element.shadowRoot;
    return root?.querySelector('iclosed-booking')?.shadowRoot ?? root ?? this.element;
  }

  /** All that can be read or heard. */
  get words(): string {
    const { element } = this;
    const names = [...this.#root.querySelectorAll('[aria-label]')].map((each) => each.getAttribute('aria-label'));
    const around = [element.textContent, element.shadowRoot?.querySelector('dialog')?.textContent];
    return [...around, this.#root.textContent, ...names].join(' ').replace(/\s+/g, ' ');
  }

  /** Waits for an element, or for words. @throws Error that says what was there instead. */
  async until(wanted: string | RegExp): Promise<void> {
    const isThere = () =>
      typeof wanted === 'string' ? this.#root.querySelector(wanted) !== null : wanted.test(this.words);
    await this.#until(isThere, String(wanted));
  }

  async #until(isThere: () => boolean, wanted: string): Promise<void> {
    for (let waitedMs = 0; !isThere(); waitedMs += LOOK_MS) {
      if (waitedMs > PATIENCE_MS) throw new Error(`${wanted} did not come; there is: ${this.words.slice(0, 300)}`);
      await new Promise((resolve) => wait(resolve, LOOK_MS));
    }
  }

  async press(selector: string, nth = 0): Promise<void> {
    await this.until(selector);
    const all = this.#root.querySelectorAll<HTMLElement>(selector);
    // As a finger does; what stands beside it on this page may have had the focus.
    all[nth]?.focus({ preventScroll: true });
    all[nth]?.click();
    await new Promise((resolve) => wait(resolve));
  }

  async open(): Promise<void> {
    (this.element as HTMLElement & { open(): void }).open();
    await this.#until(() => this.#root !== this.element.shadowRoot, 'The popup');
  }

  /** By field name; a choice takes the option of that value. */
  async fill(values: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, value] of Object.entries(values)) {
      await this.until(`[name="${name}"]`);
      const option = this.#root.querySelector<HTMLInputElement>(`input[name="${name}"][value="${CSS.escape(value)}"]`);
      if (option) option.click();
      else this.#type(`[name="${name}"]`, value);
    }
  }

  #type(selector: string, value: string): void {
    const control = this.#root.querySelector(selector) as HTMLInputElement;
    control.value = value;
    control.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
  }

  async submit(): Promise<void> {
    await this.press('[type=submit]');
  }

  async sendContact(): Promise<void> {
    await this.fill(JANE);
    await this.submit();
  }

  async toQuestions(): Promise<void> {
    await this.sendContact();
    await this.until('[name=size]');
  }

  /** Both steps sent. */
  async sendForm(): Promise<void> {
    await this.toQuestions();
    await this.fill(ANSWERS);
    await this.submit();
  }

  async pick(): Promise<void> {
    await this.press('[part~=time]', 1);
  }

  /** Everything up to the button that books. */
  async book(): Promise<void> {
    await this.sendForm();
    await this.pick();
    await this.press('[part~=primary-button]');
  }

  /** The same tag again in a page that has been loaded anew: of what was done before, it has what the browser stores. */
  async reload(): Promise<void> {
    const { session } = customElements.get('iclosed-booking') as unknown as { session: { read(key: string): unknown } };
    const { read } = session;
    const stored = JSON.parse(sessionStorage.getItem('iclosed-booking') ?? '{}') as Record<string, unknown>;
    session.read = (key) => stored[key];
    await this.makeAnew();
    await this.#until(
      () => (this.element as HTMLElement & { attempt?: string }).attempt !== undefined,
      'a new attempt',
    );
    session.read = read;
  }

  /** The same tag again in the same page, as a framework puts it there. */
  async makeAnew(): Promise<void> {
    const twin = this.element.cloneNode(true) as HTMLElement;
    const stage = this.element.parentElement;
    this.element.remove();
    await Promise.resolve();
    stage?.append(twin);
    this.element = twin;
    wake(twin);
  }
}

/** Elements far from the screen sleep; a new attempt begins at once. */
export function wake(element: HTMLElement): void {
  (element as HTMLElement & { restart(): void }).restart();
}
