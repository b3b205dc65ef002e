/**
 * Faults: which call meets which. Drawn by share and weight from a seeded stream, in order of arrival or by person, or queued
 * for the next matching calls. What a fault does (before or after the commit, on the wire) is `model.ts`; here it is only
 * chosen, and permanent refusals are remembered, so that the same person is refused again.
 */
import { mix, type Random, seededRandom } from './random.ts';
import type { Settings } from './settings.ts';

/**
 * - `reset_*`, `timeout_*`, `error_*` (500): before or after iClosed commits
 * - `late_commit`: nothing is answered, the commit follows later
 * - `rate_limited`, `rate_limited_bare`: a 429 with or without a hint
 * - `bad_request`, `forbidden`: 400, 403; where drawn for a call about a person, that person is refused for good
 * - `html_before`: 502 with a page; `html_after`: 200 with a page
 * - `half_body`: committed, the answer breaks off
 * - `key_refused`: 401; drawn for the key of `refusedKeyIndex` only
 * - `slow`: committed, answered late
 */
export const faultKinds = [
  'reset_before',
  'reset_after',
  'timeout_before',
  'timeout_after',
  'late_commit',
  'error_before',
  'error_after',
  'rate_limited',
  'rate_limited_bare',
  'bad_request',
  'forbidden',
  'html_before',
  'html_after',
  'half_body',
  'key_refused',
  'slow',
] as const;

export type FaultKind = (typeof faultKinds)[number];

/** A fault for exactly the next matching calls; nobody is refused for good by it. */
export interface QueuedFault {
  kind: FaultKind;
  /** Such as `POST /v1/eventCalls`; missing: any endpoint. */
  endpoint?: string;
  /** How many calls; 1 unless told. */
  times?: number;
  /** `late_commit`: commits so long after arrival; `slow`: answers so late. */
  delayMs?: number;
}

/** A fault that a call meets now. */
export interface ChosenFault {
  kind: FaultKind;
  delayMs: number;
}

/** Somebody whom one endpoint refuses for good. */
export interface PermanentRefusal {
  endpoint: string;
  /** E-mail, phone or id that the call named. */
  subject: string;
  kind: 'bad_request' | 'forbidden';
}

/** One call, as far as a fault depends on it. */
export interface FaultyCall {
  endpoint: string;
  /** Whom a write names, for permanent refusals. */
  subject: string | undefined;
  /** Whom it is about, however the call names that person. */
  person: string;
  keyIndex: number;
}

export class Faults {
  readonly #seed: number;
  readonly #random: Random;
  /** Calls so far by endpoint and person. */
  readonly #calls = new Map<string, number>();
  readonly #queue: (QueuedFault & { times: number })[] = [];
  readonly #permanent = new Map<string, PermanentRefusal>();

  constructor(seed: number) {
    this.#seed = seed;
    this.#random = seededRandom(seed ^ 0xfa0175);
  }

  queue(fault: QueuedFault): void {
    this.#queue.push({ ...fault, times: fault.times ?? 1 });
  }

  /** What is still queued. */
  queued(): readonly QueuedFault[] {
    return this.#queue;
  }

  /** Everybody who is refused for good: what the owner must be told. */
  permanent(): PermanentRefusal[] {
    return [...this.#permanent.values()];
  }

  /** Chooses for one call. */
  choose(call: FaultyCall, settings: Settings): ChosenFault | undefined {
    const { endpoint, subject, keyIndex } = call;
    const random = this.#randomFor(call, settings);
    const known = this.#permanent.get(`${endpoint} ${subject}`);
    if (known) return { kind: known.kind, delayMs: 0 };
    const queued = this.#fromQueue(endpoint, random, settings);
    if (queued) return queued;
    const drawn = this.#drawn(endpoint, random, settings);
    if (drawn?.kind === 'key_refused' && keyIndex !== settings.faults.refusedKeyIndex) return undefined;
    if (subject && (drawn?.kind === 'bad_request' || drawn?.kind === 'forbidden'))
      this.#permanent.set(`${endpoint} ${subject}`, { endpoint, subject, kind: drawn.kind });
    return drawn;
  }

  #randomFor({ endpoint, person }: FaultyCall, { faults }: Settings): Random {
    if (faults.drawnBy === 'arrival') return this.#random;
    const key = `${endpoint} ${person}`;
    const earlier = this.#calls.get(key) ?? 0;
    this.#calls.set(key, earlier + 1);
    return seededRandom(mix(this.#seed, earlier, ...Buffer.from(key)));
  }

  #fromQueue(endpoint: string, random: Random, settings: Settings): ChosenFault | undefined {
    const index = this.#queue.findIndex((fault) => fault.endpoint === undefined || fault.endpoint === endpoint);
    const fault = this.#queue[index];
    if (!fault) return undefined;
    fault.times--;
    if (fault.times <= 0) this.#queue.splice(index, 1);
    return { kind: fault.kind, delayMs: fault.delayMs ?? delayOf(fault.kind, random, settings) };
  }

  #drawn(endpoint: string, random: Random, settings: Settings): ChosenFault | undefined {
    const { share, kinds, endpoints } = settings.faults;
    if (share <= 0 || endpoints?.includes(endpoint) === false || random() >= share) return undefined;
    const total = faultKinds.reduce((sum, kind) => sum + (kinds[kind] ?? 0), 0);
    let rest = random() * total;
    for (const kind of faultKinds) {
      rest -= kinds[kind] ?? 0;
      if (rest < 0) return { kind, delayMs: delayOf(kind, random, settings) };
    }
    return undefined;
  }
}

function delayOf(kind: FaultKind, random: Random, { faults }: Settings): number {
  if (kind === 'late_commit') return faults.lateCommitAfterMs + random() * faults.lateCommitSpreadMs;
  return kind === 'slow' ? random() * faults.slowMs : 0;
}

/** Whom a write is about: the same person is refused again, whatever else is in the body. Reads are about nobody. */
export function subjectOf(method: string, path: string, body: Record<string, unknown>): string | undefined {
  if (method === 'GET' || path === '/v1/events/eventDates') return undefined;
  const subject = body.contactId ?? body.id ?? body.previewId ?? body.email ?? body.phoneNumber;
  return subject === undefined ? undefined : String(subject).toLowerCase();
}
