/**
 * One deployment of the Worker in virtual time: one gate, Events and Leads around the same kernels, the wire to the model of
 * iClosed, and the door's copy of descriptions. Anything in it can be evicted at any moment. A run wires one `Edge`; the
 * switches in `EdgeOptions` that change rules are the controls.
 */
import { PERMIT_JITTER_SECONDS, UPSTREAM_CALL_TIMEOUT_MS } from '../../shared/limits.ts';
import type { EventConfig } from '../../worker/config/events.ts';
import type { Rate } from '../../worker/config/settings.ts';
import type { EventDescription } from '../../worker/event/describe.ts';
import type { DescribeAnswer } from '../../worker/event/desk.ts';
import type { GateNews } from '../../worker/gate/gate.ts';
import { askThrough, type Outcome, type UpstreamPorts, type Urgency } from '../../worker/gate/through.ts';
import type { UpstreamCall } from '../../worker/iclosed/request.ts';
import type { StoredLead } from '../../worker/lead/keeper.ts';
import type { LeadInput, LeadReply } from '../../worker/lead/steps.ts';
import { StandinModel } from '../standin/model.ts';
import { type Random, seededRandom } from '../standin/random.ts';
import type { SettingsPatch } from '../standin/settings.ts';
import { VirtualClock } from './clock.ts';
import { EventHost } from './event-host.ts';
import { GateHost, type MakeRules } from './gate-host.ts';
import { LeadHost } from './lead-host.ts';
import type { Life } from './life.ts';
import { Wire } from './wire.ts';

/** Monday, 08:00 in New York. */
export const STARTS_AT = Date.UTC(2026, 9, 5, 12);
export const KEYS = ['iclosed_simulated_current_0001', 'iclosed_simulated_next_0002'];

export interface EdgeOptions {
  seed: number;
  /** The clock's first instant. */
  startsAt?: number;
  rate?: Rate;
  hasNextKey?: boolean;
  standin?: SettingsPatch;
  eventConfig?: EventConfig;
  /** Other rules in the place of `Gate`. */
  makeGateRules?: MakeRules;
  /** What is done in the place of one careful call to iClosed. */
  askInstead?: (ask: Ask, call: UpstreamCall, urgency: Urgency, beforeSend?: () => void) => Promise<Outcome<unknown>>;
  hasOutbox?: boolean;
  witness?(stored: StoredLead, at: number): void;
}

export type Ask = (call: UpstreamCall, urgency: Urgency, beforeSend?: () => void) => Promise<Outcome<unknown>>;

/** One way between two objects. */
const HOP_MS = 5;
const DESCRIPTION_FRESH_MS = 60_000;
const DESCRIPTION_STALE_AT_MOST_MS = 5 * 60_000;

export class Edge {
  readonly clock: VirtualClock;
  readonly model: StandinModel;
  readonly wire: Wire;
  readonly gate: GateHost;
  readonly news: { news: GateNews; at: number }[] = [];
  /** When a lead first stood in the owner's list. */
  readonly listedAt = new Map<string, number>();
  /** By what was logged. */
  readonly logged = new Map<string, number>();
  readonly leads = new Map<string, LeadHost>();
  readonly events = new Map<string, EventHost>();
  readonly rate: Rate;
  readonly #options: EdgeOptions;
  readonly #random: Random;
  readonly #copies = new Map<string, { description: EventDescription; at: number }>();

  constructor(options: EdgeOptions) {
    this.#options = options;
    this.clock = new VirtualClock(options.startsAt ?? STARTS_AT);
    const { seed, rate = { points: 20, windowSeconds: 10 }, hasNextKey = false, makeGateRules } = options;
    this.rate = rate;
    this.#random = seededRandom(seed ^ 0xed6e);
    this.model = new StandinModel({ now: this.clock.now, seed, settings: options.standin ?? {} });
    this.model.change({ keys: KEYS, limit: rate });
    this.wire = new Wire(this.clock, this.model, seededRandom(seed ^ 0x371e));
    this.gate = new GateHost({
      clock: this.clock,
      config: { rate, share: 1, jitterSeconds: PERMIT_JITTER_SECONDS, hasNextKey, trialMs: UPSTREAM_CALL_TIMEOUT_MS },
      ...(makeGateRules ? { makeRules: makeGateRules } : {}),
      wake: (leadId) => void this.#hop().then(() => this.lead(leadId).wake().catch(ignored)),
      hears: (news, at) => this.news.push({ news, at }),
      lists: (leadId, at) => this.listedAt.set(leadId, this.listedAt.get(leadId) ?? at),
    });
  }

  /** One step of a visitor, as the door passes it on; throws where the object was evicted meanwhile. */
  async step(
    leadId: string,
    request: LeadInput['request'],
    more: Pick<LeadInput, 'givesWay' | 'manage'> = {},
  ): Promise<LeadReply> {
    const described = await this.describe(request.event);
    if (!described.ok) return described;
    const { description } = described;
    await this.#hop();
    return this.lead(leadId).step({ request, leadId, event: request.event, description, country: 'US', ...more });
  }

  /** The door's copy of the description, as `worker/catalogue.ts` keeps it. */
  async describe(event: string): Promise<DescribeAnswer> {
    const copy = this.#copies.get(event);
    const age = copy ? this.clock.now() - copy.at : Number.POSITIVE_INFINITY;
    const ask = async () => {
      await this.#hop();
      const answer = await this.event(event).ask((desk) => desk.describe());
      if (answer.ok) this.#copies.set(event, { description: answer.description, at: this.clock.now() });
      return answer;
    };
    if (!copy || age > DESCRIPTION_STALE_AT_MOST_MS) return ask();
    if (age > DESCRIPTION_FRESH_MS) ask().catch(ignored);
    return { ok: true, description: copy.description };
  }

  lead(leadId: string): LeadHost {
    let lead = this.leads.get(leadId);
    if (!lead) {
      lead = this.#makeLead(leadId);
      this.leads.set(leadId, lead);
    }
    return lead;
  }

  event(event: string): EventHost {
    let host = this.events.get(event);
    if (!host) {
      host = this.#makeEvent(event);
      this.events.set(event, host);
    }
    return host;
  }

  /** The whole runtime dies, as by `kill -9`. */
  kill(): void {
    this.gate.evict();
    for (const event of this.events.values()) event.evict();
    for (const lead of this.leads.values()) lead.evict();
    this.#copies.clear();
  }

  /** The way to iClosed as one life of the sender's object experiences it. */
  askAs(sender: string, life: Life): Ask {
    const { hasNextKey = false, askInstead } = this.#options;
    const ports: UpstreamPorts = {
      acquire: (request) => life.hears(this.#hop().then(() => this.gate.acquire(request))),
      report: (report) => life.hears(this.#hop().then(() => this.gate.report(report))),
      send: (call, slot) => life.hears(this.wire.send(call, KEYS[slot === 'next' ? 1 : 0] ?? '', sender)),
      hasNextKey,
    };
    const ask: Ask = (call, urgency, beforeSend) => askThrough(ports, call, urgency, beforeSend);
    return askInstead ? (call, urgency, beforeSend) => askInstead(ask, call, urgency, beforeSend) : ask;
  }

  #makeLead(leadId: string): LeadHost {
    const { eventConfig = {}, hasOutbox = true, witness } = this.#options;
    const eventOf = () => this.event(this.lead(leadId).stored?.record.event ?? '');
    return new LeadHost({
      clock: this.clock,
      random: this.#random,
      config: eventConfig,
      hasOutbox,
      askAs: (life) => this.askAs(leadId, life),
      claim: (request) => this.#hop().then(() => eventOf().ask((desk) => desk.claim(request))),
      settle: (settlement) => this.#hop().then(() => eventOf().ask((desk) => desk.settle(settlement))),
      isStillOpen: (hosts, startsAt) =>
        this.#hop().then(() => eventOf().ask((desk) => desk.isStillOpen(hosts, startsAt))),
      alternatives: (hosts, startsAt) =>
        this.#hop().then(() => eventOf().ask((desk) => desk.alternatives(hosts, startsAt))),
      slots: (hosts, month) => this.#hop().then(() => eventOf().ask((desk) => desk.slots(hosts, month, 1))),
      park: (entry) => this.#hop().then(() => this.gate.park(entry)),
      unpark: (id) => this.#hop().then(() => this.gate.unpark(id)),
      witness: (stored, at) => witness?.(stored, at),
      log: (what) => this.#log(what),
    });
  }

  #makeEvent(event: string): EventHost {
    return new EventHost(event, {
      clock: this.clock,
      rate: this.rate,
      config: this.#options.eventConfig ?? {},
      askAs: (life) => this.askAs(event, life),
      lift: (token, to) => void this.gate.lift(token, to).catch(ignored),
      isAbandoned: (claim) => this.#hop().then(() => this.lead(claim.leadId).hasAbandoned(claim.startsAt)),
      alert: (cause, isOn) => this.#log(`alert ${cause} ${isOn ? 'on' : 'off'}`),
      log: (what) => this.#log(what),
    });
  }

  #hop(): Promise<void> {
    return this.clock.sleep(this.#random() * HOP_MS);
  }

  #log(what: string): void {
    this.logged.set(what, (this.logged.get(what) ?? 0) + 1);
  }
}

function ignored(): void {
  // As in the Worker: whoever is not heard is asked again later.
}
