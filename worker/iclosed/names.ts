/**
 * iClosed's rules for names: it keeps first and last name apart, wants both, and takes 25 characters of each.
 */
import { ICLOSED_NAME_CHARACTERS } from '../../shared/limits.ts';
import type { ContactFields } from '../../shared/protocol.ts';

export interface IclosedNames {
  firstName: string;
  lastName: string;
  /** The whole name, when something of it had to be cut; kept for the owner in a note. */
  uncut?: string;
}

/** A full name is split at its last blank, a single word goes to both, what is too long is cut at a blank. */
export function iclosedNames(contact: ContactFields): IclosedNames | undefined {
  const given = clean(contact.first_name);
  const family = clean(contact.last_name);
  const full = clean(contact.name) || `${given} ${family}`.trim();
  if (!full) return undefined;
  const at = full.lastIndexOf(' ');
  const first = given || (family ? family : at > 0 ? full.slice(0, at) : full);
  const last = family || (given ? given : full.slice(at + 1));
  const firstName = cut(first);
  const lastName = cut(last);
  const wasCut = firstName !== first || lastName !== last;
  return { firstName, lastName, ...(wasCut ? { uncut: full } : {}) };
}

/** The name as one text, for events that ask for it so. */
export function fullName(contact: ContactFields): string | undefined {
  return clean(contact.name) || `${clean(contact.first_name)} ${clean(contact.last_name)}`.trim() || undefined;
}

function clean(name: string | undefined): string {
  return name?.trim().replace(/\s+/g, ' ') ?? '';
}

function cut(name: string): string {
  const letters = Array.from(name);
  if (letters.length <= ICLOSED_NAME_CHARACTERS) return name;
  const head = letters.slice(0, ICLOSED_NAME_CHARACTERS + 1).join('');
  const blank = head.lastIndexOf(' ');
  return blank > 0 ? head.slice(0, blank) : letters.slice(0, ICLOSED_NAME_CHARACTERS).join('');
}
