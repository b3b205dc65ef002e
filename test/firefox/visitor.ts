/** A person before the widget in Firefox: finds things inside it by selector and words, and touches them with real keys and presses. */
import assert from 'node:assert/strict';
import type { ElementHandle, Page } from 'puppeteer-core';
import { person } from '../e2e/visitor.ts';
import { until } from '../worker/visitor.ts';

export class FirefoxVisitor {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** What can be read in the widget. */
  text(): Promise<string> {
    return this.page.evaluate(() => {
      const root = document.querySelector('iclosed-booking')?.shadowRoot;
      return (root?.querySelector('.card')?.textContent ?? '').replace(/\s+/g, ' ');
    });
  }

  async reads(words: RegExp): Promise<void> {
    await until(async () => words.test(await this.text()), `the widget says ${words}`).catch(async (error: unknown) => {
      throw new Error(`${String(error)}\n${await this.text()}`, { cause: error });
    });
  }

  /** The first element of that selector whose name or words fit. */
  async #find(selector: string, words = /./): Promise<ElementHandle<HTMLElement>> {
    const find = async () => {
      const handle = await this.page.evaluateHandle(
        (wanted, source) => {
          const root = document.querySelector('iclosed-booking')?.shadowRoot;
          const fits = new RegExp(source);
          return [...(root?.querySelectorAll<HTMLElement>(wanted) ?? [])].find((element) =>
            fits.test((element.ariaLabel ?? element.textContent ?? '').replace(/\s+/g, ' ').trim() || '-'),
          );
        },
        selector,
        words.source,
      );
      return handle.asElement() as ElementHandle<HTMLElement> | null;
    };
    await until(async () => (await find()) !== null, `${selector} ${words} is there`);
    const found = await find();
    assert.ok(found);
    return found;
  }

  async press(selector: string, words?: RegExp): Promise<void> {
    const element = await this.#find(selector, words);
    await element.scrollIntoView();
    await element.click();
  }

  async type(name: string, text: string): Promise<void> {
    await this.press(`[name="${name}"]`);
    await this.page.keyboard.type(text);
  }

  /** What stands in the fields of these names. */
  values(names: string[]): Promise<string[]> {
    return this.page.evaluate((wanted) => {
      const root = document.querySelector('iclosed-booking')?.shadowRoot;
      return wanted.map((name) => root?.querySelector<HTMLInputElement>(`[name="${name}"]`)?.value ?? 'missing');
    }, names);
  }

  /** The name of what has the focus. */
  focused(): Promise<string> {
    return this.page.evaluate(() => {
      const focused = document.querySelector('iclosed-booking')?.shadowRoot?.activeElement;
      return (focused?.ariaLabel ?? focused?.textContent ?? '').replace(/\s+/g, ' ').trim();
    });
  }

  /** From nothing to the times; presses the one obvious button of each step. */
  async toTimes(who = person()): Promise<string> {
    await this.reads(/./);
    await this.type('first_name', who.firstName);
    await this.type('last_name', who.lastName);
    await this.type('email', who.email);
    await this.type('phone', who.phone);
    await this.press('[type=submit]');
    await this.press('.tile', new RegExp(`^${who.companySize}$`));
    const list = await this.#find('select');
    await (list as ElementHandle<HTMLSelectElement>).select(who.revenue);
    await this.press('[type=submit]');
    await this.press('[part~="free-day"]');
    return who.email;
  }
}
