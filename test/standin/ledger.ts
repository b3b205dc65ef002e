/**
 * The judge: every call that arrived, what it was answered, whether it was committed, and what the account looks like now.
 * Promises are measured here, never by the product's own word. Read in-process or as JSON over the control route.
 */
import type { Call } from './call-book.ts';
import type { Contact } from './contact-book.ts';
import type { FaultKind } from './faults.ts';
import type { KeyState } from './keys.ts';
import { busiestWindow } from './limits.ts';
import { endpointOf, type StandinRequest } from './request.ts';
import type { World } from './world.ts';

export interface LedgerEntry {
  /** Order of arrival, from 1. */
  number: number;
  at: number;
  /** Such as `POST /v1/eventCalls`. */
  endpoint: string;
  query: Record<string, string>;
  /** Without the key. */
  headers: Record<string, string>;
  /** Parsed; the raw text where it is not JSON. */
  body: unknown;
  keyState: KeyState;
  /** Place of the key in `settings.keys`, or -1. */
  keyIndex: number;
  /** What was answered; null when nothing readable was (reset, hang). */
  status: number | null;
  fault: FaultKind | 'outage' | null;
  /** When the account was changed; null: never. A late commit fills it in later. */
  committedAt: number | null;
  /** The contact and the call that it was about, once known. */
  contactId: number | null;
  callId: number | null;
  /** No such method and path at iClosed. */
  isUnexpected: boolean;
}

/** Two live calls that must not both exist. */
export interface DoubleBooking {
  kind: 'same_instant' | 'same_event';
  contactId: number;
  email: string | null;
  linkPrefix: string;
  callIds: [number, number];
  startsAt: [number, number];
  createdAt: [number, number];
}

/** An endpoint that got more calls than the limit in some sliding window. */
export interface OverLimit {
  endpoint: string;
  most: number;
  points: number;
  windowSeconds: number;
}

export class Ledger {
  readonly entries: LedgerEntry[] = [];
  readonly #world: World;
  readonly #catchUp: () => void;

  /** @param catchUp applies late commits that are due, before anything is judged. */
  constructor(world: World, catchUp: () => void) {
    this.#world = world;
    this.#catchUp = catchUp;
  }

  /** Opens the entry of a call that arrives; the model fills in the rest. */
  open(request: StandinRequest, body: unknown, at: number): LedgerEntry {
    const { authorization: _key, ...headers } = request.headers;
    const entry: LedgerEntry = {
      number: this.entries.length + 1,
      at,
      endpoint: endpointOf(request),
      query: request.query,
      headers,
      body,
      keyState: 'missing',
      keyIndex: -1,
      status: null,
      fault: null,
      committedAt: null,
      contactId: null,
      callId: null,
      isUnexpected: false,
    };
    this.entries.push(entry);
    return entry;
  }

  /** All calls to one endpoint, in order of arrival. */
  requests(endpoint: string): LedgerEntry[] {
    return this.entries.filter((entry) => entry.endpoint === endpoint);
  }

  /** Calls to methods and paths that iClosed does not have. */
  unexpected(): LedgerEntry[] {
    return this.entries.filter((entry) => entry.isUnexpected);
  }

  /** Endpoints over the limit of the settings; every arrival counts, whatever it was answered. */
  overLimit(): OverLimit[] {
    const { points, windowSeconds } = this.#world.settings.limit;
    const times = new Map<string, number[]>();
    for (const { endpoint, at } of this.entries) {
      const ofEndpoint = times.get(endpoint);
      if (ofEndpoint) ofEndpoint.push(at);
      else times.set(endpoint, [at]);
    }
    return [...times]
      .map(([endpoint, at]) => ({ endpoint, most: busiestWindow(at, windowSeconds * 1000), points, windowSeconds }))
      .filter(({ most }) => most > points);
  }

  /** All calls of the account, cancelled ones included. */
  calls(): Call[] {
    this.#catchUp();
    return this.#world.calls.all();
  }

  contacts(): Contact[] {
    this.#catchUp();
    return this.#world.contacts.all();
  }

  /** Contacts with that e-mail, compared without regard to case. */
  contactsOf(email: string): Contact[] {
    return this.contacts().filter((contact) => contact.email?.toLowerCase() === email.toLowerCase());
  }

  /** Live calls of the people with that e-mail. */
  callsOf(email: string): Call[] {
    return this.contactsOf(email).flatMap((contact) =>
      this.#world.calls.ofContact(contact.id).filter((call) => call.cancelledAt === null),
    );
  }

  /**
   * Every pair of live calls of one contact for one event. Which pairs are wrong for a policy that lets people book again is
   * for the caller to say; `same_instant` is always wrong.
   */
  doubles(): DoubleBooking[] {
    return this.contacts().flatMap((contact) => {
      const live = this.#world.calls.ofContact(contact.id).filter((call) => call.cancelledAt === null);
      return live.flatMap((one, index) =>
        live
          .slice(index + 1)
          .filter((other) => other.eventId === one.eventId)
          .map((other) => pairOf(contact, one, other)),
      );
    });
  }

  /** The whole ledger as plain data. */
  toJSON(): Record<string, unknown> {
    const plain = <T extends object>(record: T) => ({
      ...record,
      ...('answers' in record && record.answers instanceof Map && { answers: Object.fromEntries(record.answers) }),
      ...('primaryAnswers' in record &&
        record.primaryAnswers instanceof Map && { primaryAnswers: Object.fromEntries(record.primaryAnswers) }),
    });
    return {
      contacts: this.contacts().map(plain),
      calls: this.calls().map(plain),
      doubles: this.doubles(),
      overLimit: this.overLimit(),
      unexpected: this.unexpected(),
      entries: this.entries,
    };
  }
}

function pairOf(contact: Contact, one: Call, other: Call): DoubleBooking {
  return {
    kind: one.startsAt === other.startsAt ? 'same_instant' : 'same_event',
    contactId: contact.id,
    email: contact.email,
    linkPrefix: one.linkPrefix,
    callIds: [one.id, other.id],
    startsAt: [one.startsAt, other.startsAt],
    createdAt: [one.createdAt, other.createdAt],
  };
}
