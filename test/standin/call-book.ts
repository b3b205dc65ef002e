/**
 * The account's calls: who meets whom, when. Keeps the half hours that a live call takes from its host, and finds calls by
 * id or contact. Storage only; booking rules stand in `calls.ts`, searching in `call-search.ts`.
 */
import { idPrefixes, textPrefixes } from './canaries.ts';
import { opaqueText, type Random } from './random.ts';
import { minuteMs } from './zones.ts';

const blockMs = 15 * minuteMs;

export interface Call {
  id: number;
  previewId: string;
  token: string;
  contactId: number;
  eventId: number;
  linkPrefix: string;
  hostId: number;
  startsAt: number;
  durationMinutes: number;
  timeZone: string;
  createdAt: number;
  updatedAt: number;
  cancelledAt: number | null;
  cancelReason: string | null;
  rescheduledAt: number | null;
  rescheduleReason: string | null;
  allowReschedule: boolean;
  isSlotFree: boolean;
  guests: { email: string; name: string }[];
  /** Secondary answers by field id. */
  answers: Map<number, string[]>;
  /** Whether it was there from the start. */
  isSeeded: boolean;
}

/** What is decided when booking; the rest follows. */
export type NewCall = Pick<
  Call,
  'contactId' | 'eventId' | 'linkPrefix' | 'hostId' | 'startsAt' | 'durationMinutes' | 'timeZone'
> &
  Partial<Pick<Call, 'guests' | 'answers' | 'isSeeded' | 'allowReschedule'>>;

export class CallBook {
  readonly #random: Random;
  readonly #byId = new Map<number, Call>();
  readonly #byContact = new Map<number, Call[]>();
  /** Number of live calls per host and quarter of an hour. */
  readonly #taken = new Map<number, Map<number, number>>();

  constructor(random: Random) {
    this.#random = random;
  }

  all(): Call[] {
    return [...this.#byId.values()];
  }

  byId(id: number): Call | undefined {
    return this.#byId.get(id);
  }

  ofContact(contactId: number): readonly Call[] {
    return this.#byContact.get(contactId) ?? [];
  }

  /** Whether the host has a live call at any moment of that span. */
  isTaken(hostId: number, startsAt: number, durationMinutes: number): boolean {
    const blocks = this.#taken.get(hostId);
    if (!blocks) return false;
    const last = Math.ceil((startsAt + durationMinutes * minuteMs) / blockMs);
    for (let block = Math.floor(startsAt / blockMs); block < last; block++) if (blocks.get(block)) return true;
    return false;
  }

  add(given: NewCall, at: number): Call {
    const call: Call = {
      guests: [],
      answers: new Map(),
      isSeeded: false,
      allowReschedule: true,
      ...given,
      id: Number(`${idPrefixes.call}${String(this.#byId.size + 1).padStart(6, '0')}`),
      previewId: `call_${opaqueText(this.#random, 12)}`,
      token: `${textPrefixes.token}${opaqueText(this.#random, 40)}==`,
      createdAt: at,
      updatedAt: at,
      cancelledAt: null,
      cancelReason: null,
      rescheduledAt: null,
      rescheduleReason: null,
      isSlotFree: false,
    };
    this.#byId.set(call.id, call);
    const others = this.#byContact.get(call.contactId);
    if (others) others.push(call);
    else this.#byContact.set(call.contactId, [call]);
    this.#mark(call, 1);
    return call;
  }

  move(call: Call, startsAt: number, hostId: number, reason: string | null, at: number): void {
    if (!call.isSlotFree) this.#mark(call, -1);
    Object.assign(call, { startsAt, hostId, rescheduledAt: at, rescheduleReason: reason, updatedAt: at });
    call.isSlotFree = false;
    this.#mark(call, 1);
  }

  cancel(call: Call, reason: string | null, at: number): void {
    if (call.cancelledAt === null && !call.isSlotFree) this.#mark(call, -1);
    Object.assign(call, { cancelledAt: at, cancelReason: reason, updatedAt: at });
  }

  /** Gives the host's time back, or takes it again, while the call stays. */
  markSlotFree(call: Call, isSlotFree: boolean, at: number): void {
    if (call.cancelledAt === null && call.isSlotFree !== isSlotFree) this.#mark(call, isSlotFree ? -1 : 1);
    Object.assign(call, { isSlotFree, updatedAt: at });
  }

  #mark(call: Call, change: 1 | -1): void {
    let blocks = this.#taken.get(call.hostId);
    if (!blocks) {
      blocks = new Map();
      this.#taken.set(call.hostId, blocks);
    }
    const last = Math.ceil((call.startsAt + call.durationMinutes * minuteMs) / blockMs);
    for (let block = Math.floor(call.startsAt / blockMs); block < last; block++)
      blocks.set(block, (blocks.get(block) ?? 0) + change);
  }
}
