/**
 * The account's contacts as iClosed keeps them: found by id, preview id, e-mail or phone number, whatever the spelling.
 * Storage only; the rules of upserting stand in `contacts.ts`.
 */
import { idPrefixes, textPrefixes } from './canaries.ts';
import { opaqueText, type Random } from './random.ts';

export interface Contact {
  id: number;
  previewId: string;
  email: string | null;
  phoneNumber: string | null;
  firstName: string | null;
  lastName: string | null;
  /** `POTENTIAL`, `QUALIFIED`, `DISQUALIFIED`; later stages such as `CUSTOMER` exist too. */
  status: string;
  tag: string | null;
  linkPrefix: string | null;
  utm: string | null;
  country: string | null;
  timeZone: string | null;
  ipAddress: string | null;
  referrerUrl: string | null;
  /** Set for people whom the account blocks. */
  blockedId: number | null;
  joinedAt: number;
  createdAt: number;
  updatedAt: number;
  notes: { id: number; note: string; createdAt: number }[];
  /** Secondary answers by field id. */
  answers: Map<number, string[]>;
  /** Primary answers by question type. */
  primaryAnswers: Map<string, string>;
  /** Whether it was there from the start. */
  isSeeded: boolean;
}

/** What may be given for a new contact. */
export type NewContact = Partial<
  Omit<Contact, 'id' | 'previewId' | 'createdAt' | 'updatedAt' | 'notes' | 'answers' | 'primaryAnswers'>
>;

export class ContactBook {
  readonly #random: Random;
  readonly #byId = new Map<number, Contact>();
  readonly #byPreviewId = new Map<string, Contact>();
  readonly #byEmail = new Map<string, Contact>();
  readonly #byPhone = new Map<string, Contact>();

  constructor(random: Random) {
    this.#random = random;
  }

  all(): Contact[] {
    return [...this.#byId.values()];
  }

  byId(id: number): Contact | undefined {
    return this.#byId.get(id);
  }

  byPreviewId(previewId: string): Contact | undefined {
    return this.#byPreviewId.get(previewId);
  }

  byEmail(email: string | null | undefined): Contact | undefined {
    return email ? this.#byEmail.get(email.toLowerCase()) : undefined;
  }

  byPhone(phoneNumber: string | null | undefined): Contact | undefined {
    return phoneNumber ? this.#byPhone.get(digitsOf(phoneNumber)) : undefined;
  }

  add(given: NewContact, at: number): Contact {
    const contact: Contact = {
      email: null,
      phoneNumber: null,
      firstName: null,
      lastName: null,
      status: 'POTENTIAL',
      tag: null,
      linkPrefix: null,
      utm: null,
      country: null,
      timeZone: null,
      ipAddress: null,
      referrerUrl: null,
      blockedId: null,
      joinedAt: at,
      isSeeded: false,
      ...given,
      id: Number(`${idPrefixes.contact}${String(this.#byId.size + 1).padStart(6, '0')}`),
      previewId: `${textPrefixes.contactPreview}${opaqueText(this.#random, 8)}`,
      createdAt: at,
      updatedAt: at,
      notes: [],
      answers: new Map(),
      primaryAnswers: new Map(),
    };
    this.#byId.set(contact.id, contact);
    this.#byPreviewId.set(contact.previewId, contact);
    this.#index(contact);
    return contact;
  }

  /** Changes fields and keeps the look-ups right. */
  change(contact: Contact, fields: NewContact, at: number): void {
    if (this.byEmail(contact.email) === contact && contact.email) this.#byEmail.delete(contact.email.toLowerCase());
    if (this.byPhone(contact.phoneNumber) === contact && contact.phoneNumber)
      this.#byPhone.delete(digitsOf(contact.phoneNumber));
    Object.assign(contact, fields, { updatedAt: at });
    this.#index(contact);
  }

  #index(contact: Contact): void {
    if (contact.email) this.#byEmail.set(contact.email.toLowerCase(), contact);
    if (contact.phoneNumber) this.#byPhone.set(digitsOf(contact.phoneNumber), contact);
  }
}

function digitsOf(phoneNumber: string): string {
  return phoneNumber.replace(/\D/g, '');
}
