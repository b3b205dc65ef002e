/**
 * Leads, their Event and a little iClosed under command, in virtual time. The gate is a script: it lets through unless told
 * otherwise, and wakes whom it is told to. Objects can be evicted at each of their awaits. Everything that is sent, stored and
 * told goes through the book.
 */
import type { EventConfig } from '../../worker/config/events.ts';
import { askThrough, type UpstreamPorts } from '../../worker/gate/through.ts';
import type { Endpoint } from '../../worker/iclosed/request.ts';
import type { LeadInput, LeadReply } from '../../worker/lead/steps.ts';
import { VirtualClock } from '../simulation/clock.ts';
import { EventHost } from '../simulation/event-host.ts';
import { LeadHost, type LeadSurroundings } from '../simulation/lead-host.ts';
import type { Life } from '../simulation/life.ts';
import { description, EVENT } from '../unit/lead-records.ts';
import { LeadBook } from './lead-book.ts';
import { LittleIclosed, SIZES } from './little-iclosed.ts';
import { takeNext } from './script.ts';

/** A Monday morning. */
const STARTS_AT = Date.UTC(2026, 9, 5, 8);
const HOP_MS = 2;
const HORIZON_DAYS = 6;
const CONFIG: EventConfig = { horizonDays: HORIZON_DAYS };

export type GateWord = 'busy' | 'away' | 'gone' | 'probe';

/** One rule of the Worker dropped, by wrapping what a Lead or an Event is given. */
export interface LeadMutation {
  lead?(surroundings: LeadSurroundings): LeadSurroundings;
  /** The step as it reaches the Lead; undefined: it does not. */
  input?(input: LeadInput): LeadInput | undefined;
}

export class LeadRun {
  readonly clock = new VirtualClock(STARTS_AT);
  readonly iclosed = new LittleIclosed(this.clock);
  readonly book = new LeadBook(this.iclosed);
  readonly leads = new Map<string, LeadHost>();
  readonly event: EventHost;
  /** What the gate says next, or next for an endpoint. */
  readonly gate: { word: GateWord; endpoint?: Endpoint | undefined }[] = [];
  readonly #parked = new Map<string, string>();
  readonly #mutation: LeadMutation;
  /** So many awaits from now the lead is evicted. */
  readonly #doomed = new Map<string, number>();
  /** The first rule that was broken where nobody could hear it. */
  broken: Error | undefined;
  readonly #replies = new Map<string, LeadReply>();

  constructor(mutation: LeadMutation = {}) {
    this.#mutation = mutation;
    // The sender would take what is thrown for a call that failed.
    this.iclosed.onSend = (entry) => this.#judge(() => this.book.sent(entry));
    this.event = new EventHost(EVENT, {
      clock: this.clock,
      rate: { points: 20, windowSeconds: 10 },
      config: CONFIG,
      askAs: (life) => this.#askAs('event', life),
      lift: () => undefined,
      isAbandoned: (claim) => this.#hop().then(() => this.lead(claim.leadId).hasAbandoned(claim.startsAt)),
      alert: () => undefined,
      held: { canary: { verdict: 'agrees', at: STARTS_AT } },
      log: () => undefined,
    });
  }

  get now(): number {
    return this.clock.now();
  }

  lead(name: string): LeadHost {
    let host = this.leads.get(name);
    if (!host) {
      const surroundings = this.#surroundingsOf(name);
      host = new LeadHost(this.#mutation.lead?.(surroundings) ?? surroundings);
      this.leads.set(name, host);
    }
    return host;
  }

  /** One step; resolves with what the visitor is told, or with undefined where the object was lost. */
  async step(name: string, request: object): Promise<LeadReply | undefined> {
    const full = { v: 1, event: EVENT, ticket: '', attempt: `attempt-${name}`, ...request } as LeadInput['request'];
    const given: LeadInput = { request: full, leadId: name, event: EVENT, description: asked, country: 'US' };
    if (full.step === 'withdraw') this.book.withdrew(name, full.waiting, this.now);
    if (full.step === 'book') this.book.pressed(name, full.seq, this.now);
    const input = this.#mutation.input ? this.#mutation.input(given) : given;
    if (!input) return undefined;
    try {
      const reply = await this.lead(name).step(input);
      this.#replies.set(name, reply);
      this.#judge(() => this.book.told(name, reply));
      return reply;
    } catch {
      return undefined;
    }
  }

  /** What this lead was told last. */
  lastReply(name: string): LeadReply | undefined {
    return this.#replies.get(name);
  }

  /** Evicted when it has awaited so often. */
  doom(name: string, awaits: number): void {
    this.#doomed.set(name, awaits);
  }

  evict(name: string): void {
    this.#doomed.delete(name);
    this.leads.get(name)?.evict();
  }

  wake(name: string): void {
    this.lead(name).wake().catch(ignored);
  }

  async pass(milliseconds: number): Promise<void> {
    await this.clock.runUntil(this.now + milliseconds);
    this.check();
  }

  check(): void {
    for (const [name, host] of this.leads) {
      const { stored } = host;
      if (stored) this.#judge(() => this.book.checkArmed(name, stored.record, host.isArmed));
      else this.book.forgotten(name);
    }
    if (this.broken !== undefined) throw this.broken;
  }

  /** Nothing goes wrong any more. */
  mend(): void {
    this.iclosed.script.length = 0;
    this.gate.length = 0;
    this.#doomed.clear();
    this.iclosed.isAway = false;
    this.iclosed.ignoresFilter = false;
  }

  /** iClosed is well and the gate wakes whoever is parked: everything must come to an end. */
  async recover(): Promise<void> {
    this.mend();
    for (let minute = 0; minute < 40; minute += 1) {
      for (const [name, state] of this.#parked) if (state === 'waiting') this.wake(name);
      await this.pass(60_000);
    }
    // What is refused hourly at most is tried again by then.
    await this.pass(2 * 3_600_000);
    for (const [name, { stored }] of this.leads) if (stored) this.#judge(() => this.book.checkEnd(name, stored.record));
    this.#judge(() => this.book.checkCalls());
    if (this.broken !== undefined) throw this.broken;
  }

  #judge(rule: () => void): void {
    try {
      rule();
    } catch (error) {
      this.broken ??= error as Error;
    }
  }

  #surroundingsOf(name: string): LeadSurroundings {
    const ask = <T>(question: () => Promise<T>) => this.#await(name, this.#hop().then(question));
    return {
      clock: this.clock,
      random: () => 0.5,
      config: CONFIG,
      hasOutbox: true,
      askAs: (life) => this.#askAs(name, life),
      claim: (request) => ask(() => this.event.ask((desk) => desk.claim(request))),
      settle: (settlement) => ask(() => this.event.ask((desk) => desk.settle(settlement))),
      isStillOpen: (hosts, startsAt) => ask(() => this.event.ask((desk) => desk.isStillOpen(hosts, startsAt))),
      alternatives: (hosts, startsAt) => ask(() => this.event.ask((desk) => desk.alternatives(hosts, startsAt))),
      slots: (hosts, month) => ask(() => this.event.ask((desk) => desk.slots(hosts, month, 1))),
      park: (entry) => ask(async () => void this.#parked.set(entry.leadId, entry.state)),
      unpark: (leadId) => ask(async () => void this.#parked.delete(leadId)),
      witness: ({ record }) => this.#judge(() => this.book.stored(name, record)),
      log: (what, facts) => {
        if (what === 'lead_driver_failed') this.broken ??= new Error(String(facts.message));
      },
    };
  }

  #askAs(sender: string, life: Life): LeadSurroundings['askAs'] extends (life: Life) => infer A ? A : never {
    const ports: UpstreamPorts = {
      acquire: ({ endpoint }) => life.hears(this.#await(sender, this.#permit(endpoint))),
      report: () => Promise.resolve(),
      send: (call) => {
        const sent = this.#await(sender, this.iclosed.send(call, sender));
        return life.hears(sent);
      },
      hasNextKey: true,
    };
    return (call, urgency, beforeSend) => askThrough(ports, call, urgency, beforeSend);
  }

  async #permit(endpoint: Endpoint) {
    await this.#hop();
    const word = takeNext(this.gate, (each) => !each.endpoint || each.endpoint === endpoint)?.word;
    if (word === 'gone') throw new Error('the gate was reset');
    if (word === 'busy' || word === 'away') return { granted: false as const, retryAfterSeconds: 2, reason: word };
    const limit = { points: 20, windowSeconds: 10 };
    return { granted: true as const, key: 'current' as const, isProbe: word === 'probe', isWatched: false, limit };
  }

  /** An await of the lead, at whose beginning or end it may be lost. */
  async #await<T>(name: string, work: Promise<T>): Promise<T> {
    this.#count(name);
    try {
      return await work;
    } finally {
      this.#count(name);
    }
  }

  #count(name: string): void {
    const left = this.#doomed.get(name);
    if (left === undefined) return;
    if (left > 0) this.#doomed.set(name, left - 1);
    else this.evict(name);
  }

  #hop(): Promise<void> {
    return this.clock.sleep(HOP_MS);
  }
}

export const asked = {
  ...description,
  public: {
    ...description.public,
    questions: description.public.questions.map((each) =>
      each.id === 'size' ? { ...each, options: SIZES.map((value) => ({ value })) } : each,
    ),
  },
};

function ignored(): void {
  // As in the Worker: whoever is not heard is asked again later.
}
