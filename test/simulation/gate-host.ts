/**
 * The Gate in virtual time: the harness of `worker/gate/object.ts` around the same kernel, with promises for those who wait,
 * the timer, the rows and the alarm. A control may put other rules in the kernel's place.
 */
import { GATE_ALARM_MS } from '../../shared/limits.ts';
import type { Parked } from '../../worker/gate/backlog.ts';
import { Gate, type GateConfig, type GateMemory, type GateNews } from '../../worker/gate/gate.ts';
import type { PermitClass } from '../../worker/gate/lane.ts';
import type { Permit, PermitRequest, Report } from '../../worker/gate/permit.ts';
import { Alarm } from './alarm.ts';
import type { VirtualClock } from './clock.ts';
import { Home, type Life } from './life.ts';

/** What the harness asks of the kernel. */
export type GateRules = Pick<Gate, 'memory' | 'backlog' | 'join' | 'lift' | 'release' | 'wakeAt' | 'report' | 'health'>;
export type MakeRules = (config: GateConfig, memory: GateMemory, parked: readonly Parked[]) => GateRules;

export interface GateSurroundings {
  clock: VirtualClock;
  config: GateConfig;
  makeRules?: MakeRules;
  /** "Your turn", to a parked lead. */
  wake(leadId: string): void;
  hears?(news: GateNews, at: number): void;
  /** A lead stands in the owner's list from now on. */
  lists?(leadId: string, at: number): void;
}

interface GateStorage {
  memory: GateMemory;
  outbox: Map<string, Parked>;
}

export class GateHost {
  readonly #storage: GateStorage;
  readonly #home: Home<RunningGate>;
  readonly #alarm: Alarm;
  /** What it was asked so far. */
  readonly counts = { acquire: 0, granted: 0, busy: 0, away: 0 };

  constructor(surroundings: GateSurroundings) {
    this.#storage = { memory: { key: 'current', learnt: {}, leaseUntil: 0 }, outbox: new Map() };
    this.#alarm = new Alarm(surroundings.clock, () => this.#home.ask((gate) => gate.alarm()));
    this.#home = new Home((life) => new RunningGate(life, surroundings, this.#storage, this.#alarm));
  }

  async acquire(request: PermitRequest): Promise<Permit> {
    this.counts.acquire += 1;
    const permit = await this.#home.ask((gate) => gate.acquire(request));
    this.counts[permit.granted ? 'granted' : permit.reason] += 1;
    return permit;
  }

  lift(token: string, to: PermitClass): Promise<void> {
    return this.#home.ask((gate) => gate.lift(token, to));
  }

  report(report: Report): Promise<void> {
    return this.#home.ask((gate) => gate.report(report));
  }

  park(entry: Omit<Parked, 'since'>): Promise<void> {
    return this.#home.ask((gate) => gate.park(entry));
  }

  unpark(leadId: string): Promise<void> {
    return this.#home.ask((gate) => gate.unpark(leadId));
  }

  evict(): void {
    this.#home.evict();
  }

  /** Leads that wait, of those in the list. */
  get waiting(): Parked[] {
    return [...this.#storage.outbox.values()].filter(({ state }) => state === 'waiting');
  }
}

/** One life of the gate. */
class RunningGate {
  readonly #life: Life;
  readonly #surroundings: GateSurroundings;
  readonly #storage: GateStorage;
  readonly #alarm: Alarm;
  readonly #rules: GateRules;
  readonly #waiters = new Map<number, (permit: Permit) => void>();
  #callOffTimer: () => void = () => undefined;
  #timerAt = Number.POSITIVE_INFINITY;

  constructor(life: Life, surroundings: GateSurroundings, storage: GateStorage, alarm: Alarm) {
    this.#life = life;
    this.#surroundings = surroundings;
    this.#storage = storage;
    this.#alarm = alarm;
    const { config, makeRules } = surroundings;
    const stored = structuredClone([...storage.outbox.values()]);
    const make = makeRules ?? ((...given: Parameters<MakeRules>) => new Gate(...given));
    this.#rules = make(config, structuredClone(storage.memory), stored);
  }

  async acquire(request: PermitRequest): Promise<Permit> {
    const joined = this.#rules.join(request, this.#now());
    if (!('id' in joined)) return joined;
    const turn = new Promise<Permit>((resolve) => this.#waiters.set(joined.id, resolve));
    this.#release();
    return turn;
  }

  lift(token: string, to: PermitClass): void {
    this.#rules.lift(token, to);
    this.#release();
  }

  report(report: Report): void {
    for (const news of this.#rules.report(report, this.#now())) this.#surroundings.hears?.(news, this.#now());
    this.#storage.memory = structuredClone(this.#rules.memory);
    this.#release();
  }

  park(entry: Omit<Parked, 'since'>): void {
    const kept = this.#rules.backlog.park({ ...entry, since: this.#now() });
    if (kept) {
      this.#storage.outbox.set(kept.leadId, structuredClone(kept));
      this.#surroundings.lists?.(kept.leadId, this.#now());
    }
    this.#release();
  }

  unpark(leadId: string): void {
    if (this.#rules.backlog.unpark(leadId)) this.#storage.outbox.delete(leadId);
  }

  async alarm(): Promise<void> {
    this.#release();
  }

  #now(): number {
    return this.#surroundings.clock.now();
  }

  #release(): void {
    const now = this.#now();
    const { answers, needsLease, wakes } = this.#rules.release(now);
    if (needsLease) this.#storage.memory = structuredClone(this.#rules.memory);
    for (const [id, permit] of answers) {
      this.#waiters.get(id)?.(permit);
      this.#waiters.delete(id);
    }
    for (const leadId of wakes) this.#surroundings.wake(leadId);
    this.#arm(now);
  }

  #arm(now: number): void {
    const wakeAt = this.#rules.wakeAt(now) ?? Number.POSITIVE_INFINITY;
    if (this.#rules.backlog.size > 0 && this.#alarm.at === undefined) this.#alarm.set(now + GATE_ALARM_MS);
    if (wakeAt === this.#timerAt && wakeAt > now) return;
    this.#callOffTimer();
    this.#timerAt = wakeAt;
    if (wakeAt === Number.POSITIVE_INFINITY) return;
    this.#callOffTimer = this.#life.timer(this.#surroundings.clock, wakeAt, () => {
      this.#timerAt = Number.POSITIVE_INFINITY;
      this.#release();
    });
  }
}
