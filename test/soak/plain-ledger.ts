/**
 * A ledger without order, clock and numbers, for comparing two worlds in which the same people met the same faults: what became of
 * each person, and for each write about that person what was answered and whether it was committed. Reads are left out, because
 * how often somebody looks depends on how long things take; so are hosts, who take their turns in order of arrival.
 */
import type { Contact } from '../standin/contact-book.ts';
import type { Ledger, LedgerEntry } from '../standin/ledger.ts';

const WRITES = [
  'POST /v1/contacts',
  'PUT /v1/contacts',
  'POST /v1/contacts/notes',
  'POST /v1/fields/inviteeAnswers',
  'POST /v1/eventCalls',
];

/** Sorted lines that name the person by address. */
export function plainLedger(ledger: Ledger): string[] {
  const people = new Map(ledger.contacts().map((contact) => [contact.id, contact]));
  const lines: string[] = [];
  for (const contact of people.values()) if (!contact.isSeeded) lines.push(lineOf(contact));
  for (const { contactId, linkPrefix, startsAt, timeZone, cancelledAt, isSeeded } of ledger.calls()) {
    if (isSeeded) continue;
    const state = cancelledAt === null ? 'live' : 'cancelled';
    lines.push(
      `${people.get(contactId)?.email} call ${linkPrefix} ${new Date(startsAt).toISOString()} ${timeZone} ${state}`,
    );
  }
  const writes = new Map<string, string[]>();
  for (const entry of ledger.entries) {
    if (!WRITES.includes(entry.endpoint)) continue;
    const key = `${emailOf(entry, people)} ${entry.endpoint}`;
    const outcome = `${entry.status ?? 'nothing'}${entry.fault ? ` ${entry.fault}` : ''}${entry.committedAt === null ? '' : ' committed'}`;
    writes.set(key, [...(writes.get(key) ?? []), outcome]);
  }
  for (const [key, outcomes] of writes) lines.push(`${key}: ${outcomes.join(', ')}`);
  return lines.sort();
}

/** Lines that only one of the two has, with whose they are. */
export function differences(
  one: readonly string[],
  other: readonly string[],
): { virtual: string[]; sockets: string[] } {
  return {
    virtual: one.filter((line) => !other.includes(line)),
    sockets: other.filter((line) => !one.includes(line)),
  };
}

function lineOf({ email, phoneNumber, firstName, lastName, status, answers, notes }: Contact): string {
  const given = [...answers].sort(([first], [second]) => first - second);
  const texts = notes.map(({ note }) => note).sort();
  return `${email} is ${JSON.stringify({ phoneNumber, firstName, lastName, status, given, notes: texts })}`;
}

/** Whom a call is about; `nobody` where that is nobody. */
export function emailOf({ body, contactId }: LedgerEntry, people: ReadonlyMap<number, Contact>): string {
  const { email, id, contactId: named } = (body ?? {}) as { email?: string; id?: number; contactId?: number };
  return people.get(Number(contactId ?? named ?? id))?.email ?? email ?? 'nobody';
}
