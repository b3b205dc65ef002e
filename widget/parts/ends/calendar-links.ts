/** A booked call in other calendars: links that fill in a form there, with the call's beginning and end in UTC. Pure. */
import type { Booking } from '../../../shared/protocol.ts';
import type { State } from '../../state.ts';

/** `20261201T090000Z` */
function compact(instant: string): string {
  return new Date(instant).toISOString().replace(/[-:]|\.\d+/g, '');
}

/** By the edge's clock. */
export function isOver(booking: Booking, { at, event }: State): boolean {
  return Date.parse(endOf(booking, event?.durationMinutes)) < at;
}

function endOf({ startsAt, endsAt }: Booking, minutes = 30): string {
  return endsAt ?? new Date(Date.parse(startsAt) + minutes * 60_000).toISOString();
}

export function googleLink(booking: Booking, name: string, place = '', minutes?: number): string {
  const dates = `${compact(booking.startsAt)}/${compact(endOf(booking, minutes))}`;
  const said = { action: 'TEMPLATE', text: name, dates, location: booking.joinLink ?? place };
  return `https://calendar.google.com/calendar/render?${new URLSearchParams(said)}`;
}

export function outlookLink(booking: Booking, name: string, place = '', minutes?: number): string {
  const said = {
    path: '/calendar/action/compose',
    rru: 'addevent',
    subject: name,
    startdt: new Date(booking.startsAt).toISOString(),
    enddt: new Date(endOf(booking, minutes)).toISOString(),
    location: booking.joinLink ?? place,
  };
  // Outlook shows a plus as one.
  const query = String(new URLSearchParams(said)).replaceAll('+', '%20');
  return `https://outlook.live.com/calendar/0/deeplink/compose?${query}`;
}
