/**
 * A booked call as an iCalendar file (RFC 5545). Instants are written in UTC, which every calendar shows in its owner's own zone
 * and which needs no `VTIMEZONE` that could be older than the reader's. The UID is the booking's public id and stays; `SEQUENCE`
 * grows with each change, so that a file that is added again moves the entry. No guest, no organizer: nobody's e-mail is in it.
 */
import ical, { ICalCalendarMethod, ICalEventStatus } from 'ical-generator';
import type { CalendarFacts } from './lead/reply.ts';

/** @param manageLink The address at which the call can be moved and cancelled. */
export function calendarFile(facts: CalendarFacts, manageLink: string, now: Date): string {
  const { id, sequence, isCancelled, startsAt, endsAt, name, host, place, joinLink } = facts;
  const method = isCancelled ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.PUBLISH;
  const calendar = ical({ method, prodId: { company: 'iclosed-booking', product: 'iclosed-booking' } });
  calendar.createEvent({
    id,
    sequence,
    stamp: now,
    start: new Date(startsAt),
    end: new Date(endsAt),
    summary: host ? `${name} – ${host}` : name,
    location: joinLink ?? place ?? null,
    description: [place, joinLink, manageLink].filter(Boolean).join('\n'),
    url: manageLink,
    status: isCancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
  });
  // A line ends in CRLF; the library leaves the last one out.
  return `${calendar.toString().trimEnd()}\r\n`;
}
