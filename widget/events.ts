/**
 * What the page hears: one typed event class, ids that the edge derives in the same way, and the global event map, so that
 * `addEventListener('iclosed:booked', …)` is typed. Never personal data.
 */
import { EVENT_PREFIX, type EventDetail, type EventName } from '../shared/protocol.ts';

/** Bubbling and composed; only `before-redirect` can be cancelled. */
export class BookingEvent extends CustomEvent<EventDetail> {
  constructor(detail: EventDetail) {
    super(EVENT_PREFIX + detail.name, {
      detail,
      bubbles: true,
      composed: true,
      cancelable: detail.name === 'before-redirect',
    });
  }
}

/** `<attempt>.<name>`, from the second time on `<attempt>.<name>.2`. */
export function eventId(attempt: string, name: EventName, count: number): string {
  return `${attempt}.${name}${count > 1 ? `.${count}` : ''}`;
}

type BookingEventMap = { [Name in EventName as `iclosed:${Name}`]: BookingEvent };

declare global {
  interface HTMLElementEventMap extends BookingEventMap {}
  interface DocumentEventMap extends BookingEventMap {}
}
