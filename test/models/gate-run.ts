/**
 * One account's gate under command: virtual time, restarts with what was stored, and a book that checks every answer. Releases
 * exactly when the gate asks to be woken, as its object does, so that a gate that oversleeps is caught too.
 */
import type { Parked } from '../../worker/gate/backlog.ts';
import { Gate, type GateConfig, type GateMemory } from '../../worker/gate/gate.ts';
import { paceOf, type PermitClass } from '../../worker/gate/lane.ts';
import type { Permit, PermitRequest, Report } from '../../worker/gate/permit.ts';
import type { Endpoint } from '../../worker/iclosed/request.ts';
import { BrokenRule, GateBook } from './gate-book.ts';

export type MakeGate = (config: GateConfig, memory: GateMemory, parked: readonly Parked[]) => Gate;

/** Releases at one instant; a gate that asks for more does not get on. */
const RELEASES_AT_ONCE = 200;
const STARTS_AT = 1_800_000_000_000;

export class GateRun {
  readonly #make: MakeGate;
  readonly #config: GateConfig;
  readonly book: GateBook;
  /** As the object's rows. */
  #memory: GateMemory = { key: 'current', learnt: {}, leaseUntil: 0 };
  readonly #rows = new Map<string, Parked>();
  #gate: Gate;
  now = STARTS_AT;
  /** Hears of every permit and every wake; a world that answers them is put here at the end of a run. */
  onPermit: (request: PermitRequest, permit: Permit) => void = () => undefined;
  onWake: (leadId: string) => void = () => undefined;
  readonly #requests = new Map<number, PermitRequest>();

  constructor(config: GateConfig, make: MakeGate) {
    this.#config = config;
    this.#make = make;
    this.book = new GateBook(config);
    this.#gate = make(config, structuredClone(this.#memory), []);
  }

  get hasNextKey(): boolean {
    return this.#config.hasNextKey;
  }

  join(request: PermitRequest): void {
    const joined = this.#gate.join(request, this.now);
    if (!('id' in joined)) {
      this.book.turnedAway(joined);
      this.onPermit(request, joined);
      return;
    }
    this.book.joined(joined.id, request, this.now);
    this.#requests.set(joined.id, request);
    this.#release();
  }

  lift(token: string, to: PermitClass): void {
    this.#gate.lift(token, to);
    this.book.lifted(token, to);
    this.#release();
  }

  report(report: Report): void {
    this.#gate.report(report, this.now);
    this.book.reported(report, this.now);
    this.#memory = structuredClone(this.#gate.memory);
    this.#release();
  }

  park(entry: Omit<Parked, 'since'>): void {
    const kept = this.#gate.backlog.park({ ...entry, since: this.now });
    const { leadId, endpoint, class: klass, state } = entry;
    this.book.parked.set(leadId, { endpoint, class: klass, state });
    if (kept) this.#rows.set(kept.leadId, structuredClone(kept));
    this.#release();
  }

  unpark(leadId: string): void {
    if (this.#gate.backlog.unpark(leadId)) this.#rows.delete(leadId);
    this.book.unparked(leadId);
    this.#release();
  }

  /** Evicted and started again: memory and outbox are rows, those who waited are gone. */
  restart(): void {
    this.#gate = this.#make(this.#config, structuredClone(this.#memory), structuredClone([...this.#rows.values()]));
    this.book.restarted();
    this.#requests.clear();
    this.#release();
  }

  pass(milliseconds: number): void {
    const end = this.now + milliseconds;
    for (let times = 0; ; ) {
      const at = this.#gate.wakeAt(this.now);
      if (at === undefined || at > end) break;
      const next = Math.max(this.now, Math.ceil(at));
      times = next === this.now ? times + 1 : 0;
      if (times > RELEASES_AT_ONCE) throw new BrokenRule('answered once', 'the gate asks to be woken and does nothing');
      this.now = next;
      this.#release();
    }
    this.now = end;
    this.check();
  }

  check(): void {
    this.book.check(this.now, this.#gate.health(this.now));
  }

  #release(): void {
    const { answers, needsLease, wakes } = this.#gate.release(this.now);
    if (needsLease) this.#memory = structuredClone(this.#gate.memory);
    const heard = answers.map(([id, permit]) => {
      this.book.answered(id, permit, this.now);
      const request = this.#requests.get(id) as PermitRequest;
      this.#requests.delete(id);
      return () => this.onPermit(request, permit);
    });
    for (const leadId of wakes) this.book.woken(leadId, this.now, (endpoint) => this.#intervalMs(endpoint));
    for (const tell of heard) tell();
    for (const leadId of wakes) this.onWake(leadId);
  }

  #intervalMs(_endpoint: Endpoint): number {
    return paceOf(this.#config.rate, 1, this.#config.jitterSeconds).intervalMs;
  }
}

export const realGate: MakeGate = (config, memory, parked) => new Gate(config, memory, parked);
