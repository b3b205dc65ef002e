/** A page with the element on it, and the ways in which people find things: by role and accessible name. */
import { emulateMedia } from '@web/test-runner-commands';
import { type Booking, EVENT_NAMES, type EventDetail } from '../../shared/protocol.ts';
import { define } from '../../widget/define.ts';
import { IclosedBooking } from '../../widget/element.ts';
import * as zones from '../../widget/parts/zones.ts';
import { createSession } from '../../widget/session.ts';
import { ENDPOINT, page, pictured, ScriptedWorker, settled, SLOTS } from './scripted-worker.ts';

define(ENDPOINT);

/** What the visitor books in `toBooked`. */
export const BOOKING: Booking = {
  bookingId: 'call_1',
  startsAt: '2027-03-11T04:30Z',
  endsAt: '2027-03-11T05:00Z',
  timeZone: 'Asia/Kolkata',
  manage: 'manage-1',
  mayMove: true,
  mayCancel: true,
};

const LINK = '<a href="https://app.iclosed.io/e/acme/discovery-call">Book a call</a>';

export class WidgetPage {
  readonly worker: ScriptedWorker;
  readonly heard: EventDetail[] = [];
  readonly host = document.createElement('div');
  element!: IclosedBooking;

  constructor(worker = new ScriptedWorker()) {
    this.worker = worker;
  }

  /** @param attributes Besides `event` and a fixed zone. `null` leaves one out. */
  static async open(
    attributes: Record<string, string | null> = {},
    content = LINK,
    worker = new ScriptedWorker(),
  ): Promise<WidgetPage> {
    // Colours are judged at rest, and nothing waits for an animation.
    await emulateMedia({ reducedMotion: 'reduce' });
    const shown = new WidgetPage(worker);
    IclosedBooking.world = shown.worker.world;
    IclosedBooking.session = createSession(() => sessionStorage);
    for (const name of EVENT_NAMES) {
      shown.host.addEventListener(`iclosed:${name}`, (event) =>
        shown.heard.push((event as CustomEvent<EventDetail>).detail),
      );
    }
    document.body.appendChild(shown.host);
    shown.element = await shown.add(attributes, content);
    return shown;
  }

  async add(attributes: Record<string, string | null> = {}, content = LINK): Promise<IclosedBooking> {
    const element = document.createElement('iclosed-booking');
    const all = { event: 'acme/discovery-call', 'time-zone': 'Asia/Kolkata', locale: 'en-US', ...attributes };
    for (const [name, value] of Object.entries(all)) if (value !== null) element.setAttribute(name, value);
    element.innerHTML = content;
    this.host.appendChild(element);
    await settled();
    return element;
  }

  close(): void {
    this.host.remove();
  }

  /** The same page after a reload: a new element, the session as it was left. */
  async reload(attributes: Record<string, string | null> = {}): Promise<WidgetPage> {
    this.close();
    await settled();
    return WidgetPage.open(attributes);
  }

  get root(): ShadowRoot {
    return this.element.shadowRoot as ShadowRoot;
  }

  /** What can be read, without what only a screen reader hears. */
  get text(): string {
    const copy = this.root.querySelector('.card')?.cloneNode(true) as HTMLElement;
    return (copy.textContent ?? '').replace(/\s+/g, ' ').trim();
  }

  get spoken(): string {
    return this.root.querySelector('[role=status]:not(.flow)')?.textContent?.trim() ?? '';
  }

  /** What the page heard last; that the widget was seen may come at any time. */
  get heardLast(): EventDetail | undefined {
    return this.heard.filter(({ name }) => name !== 'view').at(-1);
  }

  get names(): string[] {
    return this.heard.map(({ name }) => name);
  }

  get focused(): Element | null {
    return this.root.activeElement;
  }

  isLinkShown(): boolean {
    return (this.element.querySelector('a') as HTMLElement).checkVisibility();
  }

  button(name: string | RegExp): HTMLButtonElement {
    const all = [...this.root.querySelectorAll('button')];
    const found = all.find((button) => {
      const text = (button.getAttribute('aria-label') ?? button.textContent ?? '').replace(/\s+/g, ' ').trim();
      return typeof name === 'string' ? text === name : name.test(text);
    });
    if (!found)
      throw new Error(
        `no button ${name} in: ${all.map((each) => each.ariaLabel ?? each.textContent?.trim()).join(' | ')}`,
      );
    return found;
  }

  field(label: string): HTMLInputElement {
    const found = [...this.root.querySelectorAll('label')].find((each) => each.textContent?.trim().startsWith(label));
    const control = found?.control ?? (found && this.root.getElementById(found.htmlFor));
    if (!control) throw new Error(`no field ${label}`);
    return control as HTMLInputElement;
  }

  async type(label: string, text: string): Promise<void> {
    const control = this.field(label);
    control.value = text;
    control.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
    await settled();
  }

  async press(name: string | RegExp): Promise<void> {
    this.button(name).click();
    await settled();
  }

  async choose(label: string): Promise<void> {
    this.field(label).click();
    await settled();
  }

  async fill(): Promise<void> {
    await this.type('First name', 'Jane');
    await this.type('Last name', 'Doe');
    await this.type('Email', 'jane@acme.com');
    await this.choose('11-50');
  }

  /** From nothing to the visitor's own times. */
  async toTimes(slots = SLOTS): Promise<void> {
    await this.worker.last('event').event();
    await this.fill();
    await this.press('See available times');
    await this.worker.last('contact').lead('answers');
    await this.worker.last('answers').lead('times', { slots: page('2027-03', slots) });
  }

  /** On to the moment when the Worker has been asked to book 10:00. */
  async toBooking(): Promise<void> {
    await this.toTimes();
    await this.press('10:00 AM');
    await this.press('Book this time');
  }

  async toBooked(more: Partial<Booking> = {}): Promise<void> {
    await this.toBooking();
    await this.worker.last('book').lead('booked', { booking: { ...BOOKING, ...more } });
  }

  /** On to the times to which a booked call can be moved. */
  async toMove(slots = SLOTS): Promise<void> {
    await this.toBooked();
    await this.press('Change time');
    await this.worker.last('slots').lead('booked', { booking: BOOKING, slots: page('2027-03', slots) });
  }

  /** The first zone that this finds. */
  async chooseZone(query: string): Promise<void> {
    this.worker.atHand.zones = zones;
    await this.press('Change: Time zone');
    const search = this.root.querySelector('[role=combobox]') as HTMLInputElement;
    search.value = query;
    search.dispatchEvent(new InputEvent('input', { bubbles: true }));
    await settled();
    (this.root.querySelector('[role=option]') as HTMLElement).click();
    await pictured();
  }

  /** Another tab comes before this one, then this one is shown again. */
  async leave(milliseconds: number): Promise<void> {
    await showPage(false);
    await this.worker.advance(milliseconds);
    await showPage(true);
  }
}

/** As when a tab is left or a phone locked, and back. */
export async function showPage(isShown: boolean): Promise<void> {
  Object.defineProperty(document, 'hidden', { value: !isShown, configurable: true });
  document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  Reflect.deleteProperty(document, 'hidden');
  await settled();
}
