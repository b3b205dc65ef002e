/**
 * A person before a page: finds everything by role and accessible name, as people and screen readers do, and writes down what the
 * page heard, said and fetched. Knows the stand-in's event `acme/discovery-call`; knows nothing of how the widget is made.
 */
import assert from 'node:assert/strict';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { EVENT_NAMES, type EventDetail, type EventName } from '../../shared/protocol.ts';
import { freshEmail, until } from '../worker/visitor.ts';

export interface Person {
  firstName: string;
  lastName: string;
  email: string;
  phone: string;
  companySize: string;
  revenue: string;
}

let people = 0;

/** Somebody new, whose answers neither route nor disqualify. iClosed knows people by e-mail and by phone: both are new. */
export function person(more: Partial<Person> = {}): Person {
  people += 1;
  return {
    firstName: 'Vera',
    lastName: 'Visitor',
    email: freshEmail('vera'),
    phone: `+1 202 555 ${2000 + people}`,
    companySize: '11-50',
    revenue: '$5k – $20k',
    ...more,
  };
}

/** The words of a time as this visitor reads them. */
export interface TimeWords {
  /** `Tuesday, November 24` */
  day: string;
  /** `2:30 PM` */
  time: string;
}

/** How an instant reads to an American in that zone; written with Node's own tables, not with the widget's code. */
export function wordsOf(instant: number | string, timeZone = 'Asia/Kolkata'): TimeWords {
  const at = new Date(instant);
  const words = (options: Intl.DateTimeFormatOptions) =>
    plain(new Intl.DateTimeFormat('en-US', { timeZone, ...options }).format(at));
  return {
    day: words({ weekday: 'long', month: 'long', day: 'numeric' }),
    time: words({ hour: 'numeric', minute: '2-digit' }),
  };
}

/** Without the narrow blanks that `Intl` writes. */
export function plain(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** How a day with free times is named. */
export const FREE_DAY = /, free times: \d+$/;

let picks = 0;
const HEARD = 'heard by the page: ';

export class Visitor {
  readonly page: Page;
  /** The first widget of the page, unless told otherwise. */
  readonly widget: Locator;
  readonly heard: EventDetail[];
  /** Lines of the console, as `type: text`. */
  readonly said: string[];
  readonly errors: Error[];
  /** Addresses of everything that the page fetched. */
  readonly fetched: string[];

  constructor(page: Page, notes?: Visitor, widget: Locator = page.locator('iclosed-booking').first()) {
    this.page = page;
    this.widget = widget;
    this.heard = notes?.heard ?? [];
    this.said = notes?.said ?? [];
    this.errors = notes?.errors ?? [];
    this.fetched = notes?.fetched ?? [];
    if (!notes) this.#listen();
  }

  get context(): BrowserContext {
    return this.page.context();
  }

  /** The same person at another widget of the page; `n` counts from 0. */
  at(n: number): Visitor {
    return new Visitor(this.page, this, this.page.locator('iclosed-booking').nth(n));
  }

  /** What the page hears is told by its console, so that nothing is added to the page. */
  #listen(): void {
    const { page } = this;
    page.on('pageerror', (error) => this.errors.push(error));
    page.on('request', (request) => this.fetched.push(request.url()));
    page.on('console', (message) => {
      const text = message.text();
      if (text.startsWith(HEARD)) this.heard.push(JSON.parse(text.slice(HEARD.length)) as EventDetail);
      else this.said.push(`${message.type()}: ${text}`);
    });
  }

  /** Call before the first page is opened. */
  async prepare(): Promise<this> {
    await this.page.addInitScript(
      ([prefix, names]) => {
        for (const name of names) {
          document.addEventListener(`iclosed:${name}`, (event) =>
            console.debug(prefix + JSON.stringify((event as CustomEvent).detail)),
          );
        }
      },
      [HEARD, EVENT_NAMES] as const,
    );
    return this;
  }

  // --- what is on the page ---

  button(name: string | RegExp): Locator {
    return this.widget.getByRole('button', { name, exact: typeof name === 'string' });
  }

  field(name: string | RegExp): Locator {
    return this.widget.getByRole('textbox', { name, exact: typeof name === 'string' });
  }

  heading(name: string | RegExp): Locator {
    return this.widget.getByRole('heading', { name }).first();
  }

  link(name: string | RegExp = /./): Locator {
    return this.widget.getByRole('link', { name }).first();
  }

  async sees(heading: string | RegExp): Promise<void> {
    await this.heading(heading).waitFor();
  }

  async reads(text: string | RegExp): Promise<void> {
    await this.widget.getByText(text).first().waitFor();
  }

  /** Waits until the page has heard an event for the `count`th time; returns that one. */
  hears(name: EventName, count = 1): Promise<EventDetail> {
    const find = () => this.heard.filter((each) => each.name === name)[count - 1];
    return until(
      find,
      `iclosed:${name}, ${count} times; heard were ${this.heard.map((each) => each.name).join(' ')}`,
      30_000,
    );
  }

  names(): EventName[] {
    return this.heard.map(({ name }) => name);
  }

  // --- what a visitor does ---

  /** Opens a page and waits until the first step can be used. */
  async open(address: string): Promise<void> {
    const before = this.names().filter((name) => name === 'ready').length;
    await this.page.goto(address);
    await this.hears('ready', before + 1);
  }

  /** Both steps of the form. */
  async fill(who: Person): Promise<void> {
    await this.fillContact(who);
    await this.button('Continue').click();
    await this.answer(who);
  }

  async fillContact(who: Person): Promise<void> {
    await this.field('First name').fill(who.firstName);
    await this.field('Last name').fill(who.lastName);
    await this.field('Email').fill(who.email);
    await this.field('Phone').fill(who.phone);
  }

  async answer({ companySize, revenue }: Person): Promise<void> {
    await this.widget.getByRole('radio', { name: companySize, exact: true }).check();
    await this.widget.getByRole('combobox', { name: /revenue/ }).selectOption(revenue);
  }

  async submit(): Promise<void> {
    await this.button('See available times').click();
  }

  /** Fills the form and waits for free times. */
  async toTimes(who: Person): Promise<void> {
    await this.fill(who);
    await this.submit();
    await this.freeDays().first().waitFor();
  }

  freeDays(): Locator {
    return this.button(FREE_DAY);
  }

  /** Times of the chosen day. */
  times(): Locator {
    return this.#day().getByRole('button');
  }

  /** Times offered in place of one that cannot be had; their names begin with the day. */
  nearest(): Locator {
    return this.button(/^\w{3}, .*\d:\d\d\s[AP]M$/);
  }

  /** The chosen day and its times. */
  #day(): Locator {
    return this.widget.getByRole('group', { name: /day,? \w/ });
  }

  /** Picks a time of a later day, each call another one; tells what it said. */
  async pick(): Promise<TimeWords> {
    await this.openLaterDay(() => true);
    const time = this.times().nth(picks++ % (await this.times().count()));
    await time.click();
    const day = await this.#day().getByRole('heading').first().innerText();
    return { day: plain(day), time: plain(await time.innerText()) };
  }

  /** Opens the first free day but the first whose times are wanted, also of the next month; tells its times. */
  async openLaterDay(isWanted: (times: string[]) => boolean): Promise<string[]> {
    for (let turned = 0; turned < 2; turned += 1) {
      await this.freeDays().first().waitFor();
      for (let day = turned === 0 ? 1 : 0; day < (await this.freeDays().count()); day += 1) {
        await this.freeDays().nth(day).click();
        await this.times().first().waitFor();
        const times = (await this.times().allInnerTexts()).map(plain);
        if (isWanted(times)) return times;
      }
      await this.button('Next month').click();
    }
    return assert.fail('no day has the times that are wanted');
  }

  async confirm(): Promise<void> {
    await this.button('Book this time').click();
  }

  /** All the way through from the first step. */
  async book(who: Person): Promise<TimeWords> {
    await this.toTimes(who);
    const picked = await this.pick();
    await this.confirm();
    await this.sees(/You’re booked/);
    return picked;
  }

  /** The words of the confirmation. */
  async confirmed(): Promise<string> {
    await this.sees(/You’re booked/);
    return plain(
      await this.heading(/You’re booked/)
        .locator('..')
        .innerText(),
    );
  }

  /** The words that a screen reader adds to a field: what is wrong with it, or help. */
  async describedAs(field: Locator): Promise<string> {
    const words = await field.evaluate((element) => {
      const ids = element.getAttribute('aria-describedby')?.split(' ') ?? [];
      const root = element.getRootNode() as ShadowRoot;
      return ids.map((id) => root.getElementById(id)?.textContent ?? '').join(' ');
    });
    return plain(words);
  }

  // --- with the keyboard ---

  /** Name of what has the focus, looking into shadow roots. */
  focused(): Promise<string> {
    return this.page.evaluate(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      const labels = [...((element as HTMLInputElement | null)?.labels ?? [])].map((label) => label.textContent);
      const text = element?.getAttribute('aria-label') ?? (labels.join(' ') || element?.textContent) ?? '';
      return text.replace(/\s+/g, ' ').trim();
    });
  }

  /** Presses Tab until something of that name has the focus. */
  async tabTo(name: string | RegExp): Promise<void> {
    const seen: string[] = [];
    for (let presses = 0; presses < 40; presses += 1) {
      await this.page.keyboard.press('Tab');
      const focused = await this.focused();
      if (typeof name === 'string' ? focused === name : name.test(focused)) return;
      seen.push(focused);
    }
    assert.fail(`Tab never came to ${name}; it came to ${seen.join(' | ')}`);
  }

  /** Waits until the focus has moved there by itself. */
  async isTakenTo(name: RegExp): Promise<void> {
    await until(async () => name.test(await this.focused()), `the focus is on ${name}`);
  }
}
