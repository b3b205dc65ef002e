/**
 * Contacts (reference 5.4–5.6): create or upsert, correct, set the status, write a note.
 */
import { UPSTREAM_TIMEOUT_MS } from '../../shared/limits.ts';
import type { ContactFields, Tracking } from '../../shared/protocol.ts';
import { asId, asText, payload } from './envelope.ts';
import { iclosedNames } from './names.ts';
import type { UpstreamCall } from './request.ts';

/** The statuses that the API lets a caller set. */
export type ContactStatus = 'POTENTIAL' | 'QUALIFIED' | 'DISQUALIFIED';

export interface ContactDelivery {
  contact: ContactFields;
  event: string;
  tracking: Tracking;
  variant?: string;
  referrer?: string;
  timeZone?: string;
  country?: string;
  ip?: string;
  /** Sent only where the owner wants it; the upsert may overwrite a higher one. */
  status?: ContactStatus;
}

export interface DeliveredContact {
  id: number;
  /** As iClosed holds it now; may be a status that callers cannot set. */
  status?: string;
  /** On the account's block list; sees no times, and is not told why. */
  isBlocked: boolean;
}

/** The guide's payload with attribution, zone, country and address. */
export function createContact(delivery: ContactDelivery): UpstreamCall {
  const { tracking, variant } = delivery;
  const utm = new URLSearchParams({ ...tracking, ...(variant ? { variant } : {}) }).toString();
  return {
    endpoint: 'POST /v1/contacts',
    timeoutMs: UPSTREAM_TIMEOUT_MS,
    body: {
      ...identity(delivery.contact),
      linkPrefix: delivery.event,
      ...present({
        utm,
        referrerUrl: delivery.referrer,
        timeZone: delivery.timeZone,
        country: delivery.country,
        ipAddress: delivery.ip,
        status: delivery.status,
      }),
    },
  };
}

/** The guide's smallest payload, for when the full one was refused. */
export function createContactMinimal(delivery: ContactDelivery): UpstreamCall {
  return { endpoint: 'POST /v1/contacts', timeoutMs: UPSTREAM_TIMEOUT_MS, body: identity(delivery.contact) };
}

/** A correction goes to the contact that this attempt made. */
export function correctContact(id: number, contact: ContactFields): UpstreamCall {
  return { endpoint: 'PUT /v1/contacts', timeoutMs: UPSTREAM_TIMEOUT_MS, body: { id, ...identity(contact) } };
}

export function setContactStatus(id: number, status: ContactStatus): UpstreamCall {
  return { endpoint: 'PUT /v1/contacts', timeoutMs: UPSTREAM_TIMEOUT_MS, body: { id, status } };
}

export function writeContactNote(contactId: number, note: string): UpstreamCall {
  return { endpoint: 'POST /v1/contacts/notes', timeoutMs: UPSTREAM_TIMEOUT_MS, body: { contactId, note } };
}

/** @returns undefined when no contact id can be found in the answer. */
export function readContact(body: unknown): DeliveredContact | undefined {
  const found = payload(body, 'contact', (each) => asId(each.id) !== undefined);
  const id = asId(found?.id);
  if (id === undefined) return undefined;
  const status = asText(found?.status);
  const isBlocked = found?.blockedByRecaptcha === true || asId(found?.blockedId) !== undefined;
  return { id, isBlocked, ...(status ? { status } : {}) };
}

/** Which of our fields iClosed's complaint is about. */
export function refusedContactFields(names: readonly string[] | undefined, text: string): (keyof ContactFields)[] {
  const words = [...(names ?? []), names?.length ? '' : text].join(' ').toLowerCase();
  const fields: (keyof ContactFields)[] = [];
  if (/e-?mail/.test(words)) fields.push('email');
  if (/phone/.test(words)) fields.push('phone');
  if (/first_?name/.test(words)) fields.push('first_name');
  if (/last_?name/.test(words)) fields.push('last_name');
  return fields;
}

/**
 * Whether setting `wanted` may replace `current`: a status is never lowered, and one that callers cannot set, such as a
 * customer's, is left alone.
 */
export function mayReplaceStatus(current: string | undefined, wanted: ContactStatus): boolean {
  if (current === wanted) return false;
  if (current === undefined || current === 'POTENTIAL') return wanted !== 'POTENTIAL';
  return (
    (current === 'QUALIFIED' && wanted === 'DISQUALIFIED') || (current === 'DISQUALIFIED' && wanted === 'QUALIFIED')
  );
}

function identity(contact: ContactFields): Record<string, string> {
  const names = iclosedNames(contact);
  return present({
    firstName: names?.firstName,
    lastName: names?.lastName,
    email: contact.email,
    phoneNumber: contact.phone,
  });
}

function present(values: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => Boolean(entry[1])));
}
