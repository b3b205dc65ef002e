/**
 * People whom the account knows before anybody visits: one of every status, one blocked, one known by phone only, and calls
 * that lie ahead, lie behind, or were cancelled. Put into a fresh world by the model.
 */
import { candidateHosts, openStarts } from './availability.ts';
import { accountSecrets, blockedId } from './canaries.ts';
import type { Contact, NewContact } from './contact-book.ts';
import { eventByPrefix } from './events.ts';
import type { World } from './world.ts';
import { dayMs } from './zones.ts';

const upcomingEvent = 'acme/discovery-call';

/** E-mails and phone numbers by situation. */
export const knownPeople = {
  potential: { email: 'paula.potential@known.example', phoneNumber: '+12025550101' },
  qualified: { email: 'Quinn.Qualified@known.example', phoneNumber: '+12025550102' },
  disqualified: { email: 'dana.disqualified@known.example', phoneNumber: '+12025550103' },
  customer: { email: 'carl.customer@known.example', phoneNumber: '+12025550104' },
  blocked: { email: 'bert.blocked@known.example', phoneNumber: '+12025550105' },
  phoneOnly: { email: null, phoneNumber: '+12025550106' },
  upcoming: { email: 'una.upcoming@known.example', phoneNumber: '+12025550107' },
  notMovable: { email: 'nils.notmovable@known.example', phoneNumber: '+12025550108' },
  past: { email: 'pete.past@known.example', phoneNumber: '+12025550109' },
  cancelled: { email: 'cora.cancelled@known.example', phoneNumber: '+12025550110' },
} as const;

/** Adds the known people and their calls, as of the instant `at`. */
export function addKnownPeople(world: World, at: number): void {
  const joined = at - 40 * dayMs;
  const add = (person: keyof typeof knownPeople, firstName: string, lastName: string, status: string): Contact => {
    const given: NewContact = { ...knownPeople[person], firstName, lastName, status, isSeeded: true };
    return world.contacts.add(person === 'blocked' ? { ...given, blockedId } : given, joined);
  };
  add('potential', 'Paula', 'Potential', 'POTENTIAL');
  add('qualified', 'Quinn', 'Qualified', 'QUALIFIED');
  add('disqualified', 'Dana', 'Disqualified', 'DISQUALIFIED');
  add('customer', 'Carl', 'Customer', 'CUSTOMER').notes.push({
    id: 1,
    note: accountSecrets.contactNote,
    createdAt: at,
  });
  add('blocked', 'Bert', 'Blocked', 'DISQUALIFIED').notes.push({
    id: 1,
    note: accountSecrets.blockReason,
    createdAt: at,
  });
  add('phoneOnly', 'Phil', 'Phone', 'POTENTIAL');
  addCall(world, add('upcoming', 'Una', 'Upcoming', 'QUALIFIED'), at, at + 2 * dayMs, true);
  addCall(world, add('notMovable', 'Nils', 'Notmovable', 'QUALIFIED'), at, at + 3 * dayMs, false);
  addCall(world, add('past', 'Pete', 'Past', 'QUALIFIED'), joined, at - 20 * dayMs, true);
  const cancelled = addCall(world, add('cancelled', 'Cora', 'Cancelled', 'POTENTIAL'), at, at + 4 * dayMs, true);
  if (cancelled) world.calls.cancel(cancelled, 'No time', at);
}

/** Books the first time after `after` that is open when seen from `now`. */
function addCall(world: World, contact: Contact, now: number, after: number, allowReschedule: boolean) {
  const event = eventByPrefix(upcomingEvent);
  if (!event) return undefined;
  for (const host of candidateHosts(event, [])) {
    const startsAt = openStarts(world, event, [host], after, after + 7 * dayMs, now)[0];
    if (startsAt === undefined) continue;
    const { id: eventId, linkPrefix, durationMinutes } = event;
    const when = { startsAt, durationMinutes, timeZone: host.timeZone };
    return world.calls.add(
      { contactId: contact.id, eventId, linkPrefix, hostId: host.id, ...when, allowReschedule, isSeeded: true },
      now,
    );
  }
  return undefined;
}
