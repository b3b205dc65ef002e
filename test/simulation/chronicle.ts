/**
 * What Leads stored and when: the instants that the ledger of iClosed cannot know, such as when a booking counted as settled.
 * Never says whether that was true; `judge.ts` holds it against the ledger.
 */
import type { StoredLead } from '../../worker/lead/keeper.ts';
import type { BookingState } from '../../worker/lead/record.ts';

export interface BookingStory {
  seq: number;
  startsAt: number;
  firstSentAt?: number;
  /** From then on nobody knew whether iClosed had booked it. */
  unclearAt?: number;
  sends: number;
  overAt?: number;
  end?: BookingState;
  /** The Event has heard of the end. */
  settledAt?: number;
  /** Nobody waited and it had not been sent. */
  wasParked?: true;
}

export interface LeadStory {
  leadId: string;
  bookings: BookingStory[];
  contactDeliveredAt?: number;
  /** Marked as refused for good, for the owner. */
  contactRefusedAt?: number;
  contactId?: number;
}

const OVER: readonly BookingState[] = ['CONFIRMED', 'REJECTED', 'REFUSED', 'HANDED_OVER'];

export class Chronicle {
  readonly stories = new Map<string, LeadStory>();

  readonly witness = ({ record }: StoredLead, at: number): void => {
    const { leadId, contact, booking } = record;
    let story = this.stories.get(leadId);
    if (!story) {
      story = { leadId, bookings: [] };
      this.stories.set(leadId, story);
    }
    if (contact.id !== undefined) {
      story.contactId = contact.id;
      if (contact.deliveredSeq === contact.seq) story.contactDeliveredAt ??= at;
    }
    if (contact.refused) story.contactRefusedAt ??= at;
    if (!booking) return;
    let told = story.bookings.find((each) => each.seq === booking.seq);
    if (!told) {
      told = { seq: booking.seq, startsAt: booking.startsAt, sends: 0 };
      story.bookings.push(told);
    }
    if (booking.state === 'SENT') told.firstSentAt ??= at;
    if (booking.state === 'AMBIGUOUS') told.unclearAt ??= at;
    if (booking.isParked) told.wasParked = true;
    told.sends = Math.max(told.sends, booking.sends);
    if (!OVER.includes(booking.state)) return;
    told.end = booking.state;
    told.overAt ??= at;
    if (booking.isSettled) told.settledAt ??= at;
  };
}
