/**
 * Faults: which call meets which. Drawn by share and weight from a seeded stream, or queued for the next matching calls. What
 * a fault does (before or after the commit, on the wire) is `model.ts`; here it is only chosen, and permanent refusals
 * are remembered, so that the same person is refused again.
 */
import { type Random, seededRandom } from './random.ts';
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

export class Faults {
  readonly #random: Random;
  readonly #queue: (QueuedFault & { times: number })[] = [];
  readonly #permanent = new Map<string, PermanentRefusal>();

  constructor(seed: number) {
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

  /** Chooses for one call; `subject` is the person it is about, if any. */
  choose(endpoint: string, subject: string | undefined, keyIndex: number, settings: Settings): ChosenFault | undefined {
    const known = this.#permanent.get(`${endpoint} ${subject}`);
    if (known) return { kind: known.kind, delayMs: 0 };
    const queued = this.#fromQueue(endpoint, settings);
    if (queued) return queued;
    const drawn = this.#drawn(settings);
    if (drawn?.kind === 'key_refused' && keyIndex !== settings.faults.refusedKeyIndex) return undefined;
    if (subject && (drawn?.kind === 'bad_request' || drawn?.kind === 'forbidden'))
      this.#permanent.set(`${endpoint} ${subject}`, { endpoint, subject, kind: drawn.kind });
    return drawn;
  }

  #fromQueue(endpoint: string, settings: Settings): ChosenFault | undefined {
    const index = this.#queue.findIndex((fault) => fault.endpoint === undefined || fault.endpoint === endpoint);
    const fault = this.#queue[index];
    if (!fault) return undefined;
    fault.times--;
    if (fault.times <= 0) this.#queue.splice(index, 1);
    return { kind: fault.kind, delayMs: fault.delayMs ?? this.#delayOf(fault.kind, settings) };
  }

  #drawn(settings: Settings): ChosenFault | undefined {
    const { share, kinds } = settings.faults;
    if (share <= 0 || this.#random() >= share) return undefined;
    const total = faultKinds.reduce((sum, kind) => sum + (kinds[kind] ?? 0), 0);
    let rest = this.#random() * total;
    for (const kind of faultKinds) {
      rest -= kinds[kind] ?? 0;
      if (rest < 0) return { kind, delayMs: this.#delayOf(kind, settings) };
    }
    return undefined;
  }

  #delayOf(kind: FaultKind, { faults }: Settings): number {
    if (kind === 'late_commit') return faults.lateCommitAfterMs + this.#random() * faults.lateCommitSpreadMs;
    return kind === 'slow' ? this.#random() * faults.slowMs : 0;
  }
}

/** Whom a write is about: the same person is refused again, whatever else is in the body. Reads are about nobody. */
export function subjectOf(method: string, path: string, body: Record<string, unknown>): string | undefined {
  if (method === 'GET' || path === '/v1/events/eventDates') return undefined;
  const subject = body.contactId ?? body.id ?? body.previewId ?? body.email ?? body.phoneNumber;
  return subject === undefined ? undefined : String(subject).toLowerCase();
}
