/** Addresses of guests as people write them: one per line or with commas, bare or as `Jane Doe <jane@acme.com>`. Pure. */
import { GUEST_NAME_CHARACTERS } from '../../shared/limits.ts';
import type { Guest } from '../iclosed/calls.ts';
import { isEmail } from './address.ts';

const NAMED = /^"?([^"<>]*?)"?\s*<([^<>\s]+)>$/;

/**
 * Each address once; a guest without a name is called by the part before the `@`, because iClosed wants one.
 * @returns undefined where something is no address.
 */
export function guestsIn(text: string): Guest[] | undefined {
  const guests = new Map<string, Guest>();
  for (const line of text.split(/[\n,;]+/)) {
    const entry = line.trim();
    if (!entry) continue;
    const [, name, address] = NAMED.exec(entry) ?? [];
    // Bare addresses may stand side by side.
    for (const email of address ? [address] : entry.split(/\s+/)) {
      if (!isEmail(email)) return undefined;
      const called = name?.trim() || (email.split('@')[0] ?? email);
      if (!guests.has(email.toLowerCase()))
        guests.set(email.toLowerCase(), { email, name: called.slice(0, GUEST_NAME_CHARACTERS) });
    }
  }
  return [...guests.values()];
}
