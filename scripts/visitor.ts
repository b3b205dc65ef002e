/**
 * A visitor who books by what can be seen and heard: roles and accessible names only. Used for the pictures; knows the stand-in's
 * event `acme/discovery-call`.
 */
import type { Locator, Page } from 'playwright-core';

export interface Person {
  firstName: string;
  lastName: string;
  email: string;
  phone: string;
  companySize: string;
  monthlyRevenue: string;
}

export const JANE: Person = {
  firstName: 'Jane',
  lastName: 'Doe',
  email: 'jane.doe@acme-client.example',
  phone: '+1 415 555 2671',
  companySize: '11-50',
  monthlyRevenue: 'Over $50k',
};

export class Visitor {
  readonly page: Page;
  readonly widget: Locator;

  constructor(page: Page) {
    this.page = page;
    this.widget = page.locator('iclosed-booking').first();
  }

  /** Opens the page and waits until the first step can be used. */
  async open(address: string): Promise<void> {
    await this.page.goto(address);
    await this.#field('First name').waitFor();
  }

  async fillContact(person: Person = JANE): Promise<void> {
    await this.#field('First name').fill(person.firstName);
    await this.#field('Last name').fill(person.lastName);
    await this.#field('Email').fill(person.email);
    await this.#field('Phone').fill(person.phone);
  }

  /** On the step after the contact's. */
  async fillQuestions(person: Person = JANE): Promise<void> {
    await this.widget.getByRole('radio', { name: person.companySize, exact: true }).check();
    await this.widget.getByRole('combobox', { name: /revenue/ }).selectOption(person.monthlyRevenue);
  }

  /** Both steps, up to the last button. */
  async fillForm(person: Person = JANE): Promise<void> {
    await this.fillContact(person);
    await this.submitForm();
    await this.fillQuestions(person);
  }

  async submitForm(): Promise<void> {
    await this.button(/^(See available times|Continue)$/).click();
  }

  /** Waits for the month, opens its first free day and picks the day's first time; returns that time's text. */
  async pickFirstTime(): Promise<string> {
    await this.button(/, free times: \d+$/)
      .first()
      .click();
    const time = this.widget.getByRole('group', { name: /day/ }).getByRole('button').first();
    await time.click();
    return (await time.innerText()).trim();
  }

  async book(): Promise<void> {
    await this.button('Book this time').click();
  }

  /** Waits for a heading. */
  async sees(heading: string | RegExp): Promise<void> {
    await this.widget.getByRole('heading', { name: heading }).first().waitFor();
  }

  button(name: string | RegExp): Locator {
    return this.widget.getByRole('button', { name, exact: typeof name === 'string' });
  }

  #field(name: string): Locator {
    return this.widget.getByRole('textbox', { name });
  }
}
