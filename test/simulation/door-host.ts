/**
 * The door in virtual time: the rules of `worker/step-up.ts` over limiters that count in fixed windows, as the local ones of
 * workerd do. Tickets are facts instead of bytes, and proofs take the time of the hashes that they need. The switches are
 * controls: the order of old, and tickets that cost nothing.
 */
import {
  ADDRESS_REQUESTS,
  BUDGET_SECONDS,
  FREE_TICKETS,
  LEAD_REQUESTS,
  THROTTLE_SECONDS,
  TICKET_REQUESTS,
  URGENT_LEADS,
  WORK_BITS,
} from '../../shared/limits.ts';
import type { LeadReply } from '../../worker/lead/steps.ts';
import { admit } from '../../worker/step-up.ts';
import type { Random } from '../standin/random.ts';
import type { VirtualClock } from './clock.ts';
import type { Edge } from './edge.ts';
import type { VisitorWorld } from './visitor.ts';

export interface DoorRules {
  /** Every request answers to its address before its ticket is looked at. */
  isAddressFirst: boolean;
  /** Tickets beyond the budget want work, contacts beyond theirs more. */
  hasStepUp: boolean;
}

export interface Guest {
  address: string;
  hashesPerSecond: number;
}

export interface Ticket {
  leadId: string;
  isProven: boolean;
  /** Zero bits of the best proof so far. */
  bits: number;
  wantedBits: number;
}

/** As often as the widget asks for a page. */
const TRIES_WHEN_BUSY = 12;
const THROTTLED = { ok: false, code: 'throttled', retryAfterSeconds: THROTTLE_SECONDS } as const;

export class DoorHost {
  readonly #edge: Edge;
  readonly #random: Random;
  readonly #rules: DoorRules;
  readonly #limiters: Record<'ticket' | 'address' | 'free' | 'urgent' | 'lead', Limiter>;
  /** What was asked and let in, by address. */
  readonly counts = new Map<string, { tickets: number; freeTickets: number; urgent: number; givingWay: number }>();

  constructor(edge: Edge, random: Random, rules: DoorRules) {
    this.#edge = edge;
    this.#random = random;
    this.#rules = rules;
    const limiter = (limit: number, seconds: number) => new Limiter(edge.clock, limit, seconds * 1_000);
    this.#limiters = {
      ticket: limiter(TICKET_REQUESTS, THROTTLE_SECONDS),
      address: limiter(ADDRESS_REQUESTS, THROTTLE_SECONDS),
      free: limiter(FREE_TICKETS, BUDGET_SECONDS),
      urgent: limiter(URGENT_LEADS, BUDGET_SECONDS),
      lead: limiter(LEAD_REQUESTS, BUDGET_SECONDS),
    };
  }

  /** A new ticket, or undefined where the address is refused. */
  ticket({ address }: Guest, leadId: string): Ticket | undefined {
    const { isAddressFirst, hasStepUp } = this.#rules;
    if (isAddressFirst && !this.#limiters.address.take(address)) return undefined;
    const isFree = this.#limiters.free.take(address);
    const counts = this.#countsOf(address);
    counts.tickets += 1;
    if (isFree) counts.freeTickets += 1;
    return { leadId, isProven: isFree || !hasStepUp, bits: 0, wantedBits: WORK_BITS };
  }

  /** Time passes as the work takes it; without memory, as a search for a hash is. */
  async work(ticket: Ticket, { hashesPerSecond }: Guest): Promise<void> {
    const hashes = -Math.log(1 - this.#random()) * 2 ** ticket.wantedBits;
    await this.#edge.clock.sleep((hashes / hashesPerSecond) * 1_000);
    ticket.bits = ticket.wantedBits;
  }

  /**
   * What a visitor at this address meets; the solver runs while he types.
   * @param more a ticket that he has already, and another way to work for it.
   */
  worldOf(
    world: VisitorWorld,
    guest: Guest,
    leadId: string,
    { typesMs = 0, ...more }: { typesMs?: number; ticket?: Ticket; work?(ticket: Ticket): Promise<void> },
  ): VisitorWorld {
    const { work = (each: Ticket) => this.work(each, guest) } = more;
    let { ticket } = more;
    let working = Promise.resolve();
    const { clock } = this.#edge;
    return {
      ...world,
      open: async (event) => {
        for (let tries = 1; !ticket; tries += 1) {
          ticket = this.ticket(guest, leadId);
          if (ticket) break;
          if (tries >= TRIES_WHEN_BUSY) return undefined;
          await clock.sleep(THROTTLE_SECONDS * 1_000 * (1 + 0.25 * this.#random()));
        }
        if (!ticket.isProven) working = work(ticket);
        await clock.sleep(typesMs);
        return world.open(event);
      },
      prove: async () => {
        await working;
        if (ticket && !ticket.isProven && ticket.bits < ticket.wantedBits) await work(ticket);
      },
      step: (_, request) => {
        if (!ticket) throw new Error('a step without a ticket');
        return this.#step(ticket, request, guest);
      },
    };
  }

  async #step(ticket: Ticket, request: Parameters<Edge['step']>[1], { address }: Guest): Promise<LeadReply> {
    const { isAddressFirst, hasStepUp } = this.#rules;
    const { leadId, isProven, bits } = ticket;
    const { ticket: ofTicket, address: ofAddress, lead, urgent } = this.#limiters;
    if (isAddressFirst && !ofAddress.take(address)) return THROTTLED;
    if (!ofTicket.take(leadId)) return THROTTLED;
    const isContact = request.step === 'contact';
    const counted = await admit(
      { isProven, isContact, bits },
      {
        ofTicket: () => Promise.resolve(!hasStepUp || lead.take(leadId)),
        urgent: () => Promise.resolve(!hasStepUp || urgent.take(address)),
        ofAddress: () => Promise.resolve(ofAddress.take(`proven ${address}`)),
      },
    );
    if (!counted.ok) {
      if (counted.code === 'throttled') return { ...THROTTLED, retryAfterSeconds: counted.retryAfterSeconds };
      ticket.wantedBits = counted.stepUp.bits;
      return { ok: false, code: 'proof_required' };
    }
    if (isContact) this.#countsOf(address)[counted.isUrgent ? 'urgent' : 'givingWay'] += 1;
    const reply = await this.#edge.step(leadId, request, counted.isUrgent ? {} : { givesWay: true });
    ticket.isProven = true;
    return reply;
  }

  #countsOf(address: string) {
    const counts = this.counts.get(address) ?? { tickets: 0, freeTickets: 0, urgent: 0, givingWay: 0 };
    this.counts.set(address, counts);
    return counts;
  }
}

/** Counts by key in windows aligned to the clock. */
class Limiter {
  readonly #clock: VirtualClock;
  readonly #limit: number;
  readonly #windowMs: number;
  #window = 0;
  readonly #counts = new Map<string, number>();

  constructor(clock: VirtualClock, limit: number, windowMs: number) {
    this.#clock = clock;
    this.#limit = limit;
    this.#windowMs = windowMs;
  }

  /** Counts one; false where it was too many. */
  take(key: string): boolean {
    const window = Math.floor(this.#clock.now() / this.#windowMs);
    if (window !== this.#window) this.#counts.clear();
    this.#window = window;
    const count = (this.#counts.get(key) ?? 0) + 1;
    if (count <= this.#limit) this.#counts.set(key, count);
    return count <= this.#limit;
  }
}
