/**
 * What Leads stored and when: the instants that the ledger of iClosed cannot know, such as when a booking counted as settled.
 * Never says whether that was true; `judge.ts` holds it against the ledger.
 */
import type { StoredLead } from '../../worker/lead/keeper.ts';
import type { BookingState } from '../../worker/lead/record.ts';

/** One send of a booking. */
export interface SendStory {
  at: number;
  /** From then on nobody knew whether iClosed had booked it. */
  unclearAt?: number;
  /** From then on it was known: found, or proven not to be there, or given up. */
  knownAt?: number;
}

export interface BookingStory {
  seq: number;
  startsAt: number;
  sends: SendStory[];
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
      told = { seq: booking.seq, startsAt: booking.startsAt, sends: [] };
      story.bookings.push(told);
    }
    if (booking.isParked) told.wasParked = true;
    const last = told.sends.at(-1);
    const isUnderWay = booking.state === 'SENT' || booking.state === 'AMBIGUOUS';
    if (booking.state === 'SENT' && last?.at !== booking.sentAt) told.sends.push({ at: booking.sentAt ?? at });
    else if (last && booking.state === 'AMBIGUOUS') last.unclearAt ??= at;
    else if (last && !isUnderWay) last.knownAt ??= at;
    if (!OVER.includes(booking.state)) return;
    told.end = booking.state;
    told.overAt ??= at;
    if (booking.isSettled) told.settledAt ??= at;
  };
}
