/**
 * Where a visitor goes on to after a booking or a disqualification: the owner's address, else iClosed's, with what a thank-you page
 * and its ads need to know. What stands in the address already stays. Of the person only what the owner asks for. Pure.
 */
import type { ContactField, ContactFields, Tracking } from '../shared/protocol.ts';
import { safeLink } from './config/links.ts';

export interface Arrival {
  bookingId?: string;
  /** ISO 8601 in UTC; none without a call. */
  startsAt?: string;
  tracking: Tracking;
  /** Only read for what the owner asks for. */
  contact?: ContactFields;
}

/** @returns undefined where neither address is one that a visitor may be sent to. */
export function redirectOf(
  addresses: readonly (string | undefined)[],
  { bookingId, startsAt, tracking, contact = {} }: Arrival,
  personal: readonly ContactField[] = [],
): string | undefined {
  const address = addresses.map(safeLink).find((each) => each !== undefined);
  if (!address) return undefined;
  const url = new URL(address);
  const asked = personal.map((field) => [field, contact[field]] as const);
  const facts = { previewId: bookingId, event_start_time: startsAt, ...tracking, ...Object.fromEntries(asked) };
  for (const [key, value] of Object.entries(facts)) {
    if (value && !url.searchParams.has(key)) url.searchParams.set(key, value);
  }
  return url.href;
}
