/**
 * What the owner reads in a contact's notes when something could not be stored or booked as it was given. Pure.
 */
import { instantText } from '../instant.ts';
import type { Guest } from '../iclosed/calls.ts';
import { type BookingRow, type ChangeRow, type LeadRecord, newDelivery, type NoteRow } from './record.ts';

export function nameNote(name: string): string {
  return `Full name as given: ${name}`;
}

export function answersNote(answers: Readonly<Record<string, readonly string[]>>): string {
  const lines = Object.entries(answers).map(([id, values]) => `${id}: ${values.join(', ')}`);
  return ['Answers that could not be stored as answers:', ...lines].join('\n');
}

export function guestsNote(guests: readonly Guest[]): string {
  return `Not invited, because iClosed did not take the booking with them: ${guests.map(({ email }) => email).join(', ')}`;
}

export function wantedTimeNote(booking: BookingRow): string {
  const when = `${instantText(booking.startsAt)} (visitor's zone: ${booking.timeZone})`;
  return booking.sends > 0 && booking.state !== 'REFUSED'
    ? `Wanted a call at ${when}. It could not be found out whether iClosed booked it: please check and write to the visitor.`
    : `Wanted a call at ${when}, which was not booked: please write to the visitor.`;
}

export function wishNote(text: string, timeZone: string | undefined): string {
  return `Found no time. Would suit (visitor's words${timeZone ? `, zone ${timeZone}` : ''}): ${text}`;
}

export function changeNote({ kind, from, to, sends, isUndone }: ChangeRow): string {
  const wish = to
    ? `move the call of ${instantText(from)} to ${instantText(to.startsAt)} (visitor's zone: ${to.timeZone})`
    : `${kind} the call of ${instantText(from)}`;
  return sends > 0 && !isUndone
    ? `Wanted to ${wish}. It could not be found out whether iClosed did it: please check and write to the visitor.`
    : `Wanted to ${wish}, which was not done: please write to the visitor.`;
}

/** The record's notes with this one, once. */
export function withNote(record: Pick<LeadRecord, 'notes'>, text: string, now: number): NoteRow[] {
  if (record.notes.some((each) => each.text === text)) return record.notes;
  return [...record.notes, { text, isDone: false, delivery: newDelivery(now) }];
}
