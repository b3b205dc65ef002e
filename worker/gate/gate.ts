/**
 * The gate's rules in one place: lanes, breakers, the key in use, what iClosed taught of its limit, and the outbox index. Pure:
 * no timer, no storage, no call; `object.ts` gives it the time and does what it says. For every call to iClosed somebody asks
 * here first.
 */
import type { Rate } from '../config/settings.ts';
import type { Endpoint } from '../iclosed/request.ts';
import { Backlog, type Parked } from './backlog.ts';
import { Breaker } from './breaker.ts';
import { burstOf } from './burst.ts';
import { isKept, Lane, type Pace, paceOf, type PermitClass } from './lane.ts';
import type { KeySlot, Permit, PermitRequest, Refused, Report } from './permit.ts';
import { Silence } from './silence.ts';

export interface GateConfig {
  /** What iClosed allows per endpoint. */
  rate: Rate;
  /** The part of it that is ours, above 0 and at most 1. */
  share: number;
  jitterSeconds: number;
  hasNextKey: boolean;
  /** A permit that was granted for a trial and never told of is given up after this time. */
  trialMs: number;
}

/** What outlives the object. */
export interface GateMemory {
  key: KeySlot;
  /** Limits that iClosed named itself, by endpoint. */
  learnt: Partial<Record<Endpoint, Rate>>;
  /** Until then permits of a predecessor may still be on their way. */
  leaseUntil: number;
}

/** Something happened that an owner should hear of. */
export type GateNews = 'key_refused' | 'key_changed' | 'breaker_opened' | 'breaker_closed' | 'limit_learnt';

interface Waiting {
  endpoint: Endpoint;
  token?: string;
}

const ACCOUNT_BREAKER = { faults: 4, firstPauseMs: 1_000, longestPauseMs: 8_000 };
/** A lead that was woken asks for its permit within this time. */
const COMES_WITHIN_MS = 250;
const LANE_BREAKER = { faults: 6, firstPauseMs: 1_000, longestPauseMs: 8_000 };

export class Gate {
  readonly #config: GateConfig;
  readonly memory: GateMemory;
  readonly #predecessorUntil: number;
  readonly #lanes = new Map<Endpoint, Lane>();
  readonly #laneBreakers = new Map<Endpoint, Breaker>();
  readonly #silences = new Map<Endpoint, Silence>();
  readonly #account = new Breaker(ACCOUNT_BREAKER);
  readonly #waiting = new Map<number, Waiting>();
  readonly backlog: Backlog;
  readonly #refusedKeys = new Set<KeySlot>();
  /** When a parked lead was last woken, by lane. */
  readonly #wokenAt = new Map<Endpoint, number>();
  #nextId = 1;
  #openSince: number | undefined;

  constructor(config: GateConfig, memory: GateMemory, parked: readonly Parked[]) {
    this.#config = config;
    this.memory = { ...memory, learnt: { ...memory.learnt } };
    this.#predecessorUntil = memory.leaseUntil;
    this.backlog = new Backlog(parked);
  }

  /** Queues the request and gives its number, or refuses at the door. */
  join(request: PermitRequest, now: number): { id: number } | Refused {
    const away = this.#awayFor(request.endpoint, now);
    if (away > 0) return { granted: false, retryAfterSeconds: away, reason: 'away' };
    const id = this.#nextId++;
    const waiter = { id, class: request.class, since: now, deadline: now + request.waitMs };
    const refused = this.#lane(request.endpoint, now).join(waiter, now);
    if (refused) return { granted: false, retryAfterSeconds: seconds(refused.refusedForMs), reason: 'busy' };
    this.#waiting.set(id, { endpoint: request.endpoint, ...(request.token ? { token: request.token } : {}) });
    return { id };
  }

  /** Somebody more urgent has joined the work of this name. */
  lift(token: string, to: PermitClass): void {
    for (const [id, waiting] of this.#waiting) {
      if (waiting.token === token) this.#lanes.get(waiting.endpoint)?.lift(id, to);
    }
  }

  /**
   * Who gets an answer now. `needsLease` says that a lease until `leaseUntil` must be durable before any of the permits leaves;
   * `wakes` are parked leads whose turn has come.
   */
  release(now: number): { answers: [id: number, permit: Permit][]; needsLease: boolean; wakes: string[] } {
    const answers: [number, Permit][] = [];
    let hasGranted = false;
    for (const [endpoint, lane] of this.#lanes) {
      const state = this.#state(endpoint, now);
      if (state === 'open' || state === 'trying') {
        const retryAfterSeconds = this.#awayFor(endpoint, now);
        for (const id of lane.drain()) answers.push([id, { granted: false, retryAfterSeconds, reason: 'away' }]);
        continue;
      }
      const isHeld = this.#silence(endpoint).holdsUntil(now) !== undefined;
      const { granted, expired } = lane.release(now, isHeld ? 0 : state === 'half_open' ? 1 : undefined);
      for (const id of granted) answers.push([id, this.#grant(endpoint, now)]);
      for (const id of expired) answers.push([id, { granted: false, retryAfterSeconds: 1, reason: 'busy' }]);
      hasGranted ||= granted.length > 0;
    }
    for (const [id] of answers) this.#waiting.delete(id);
    const needsLease = hasGranted && this.memory.leaseUntil - now <= this.#windowMs();
    if (needsLease) this.memory.leaseUntil = now + 2 * this.#windowMs();
    return { answers, needsLease, wakes: this.#wakes(now) };
  }

  /** When `release` may have something new to say. */
  wakeAt(now: number): number | undefined {
    let at: number | undefined;
    const sooner = (each: number | undefined) => {
      if (each !== undefined && (at === undefined || each < at)) at = each;
    };
    for (const [endpoint, lane] of this.#lanes) sooner(lane.wakeAt(now, this.#silence(endpoint).holdsUntil(now)));
    for (const endpoint of this.backlog.endpoints()) {
      if (this.backlog.has(endpoint, now)) sooner(this.#wakeAt(endpoint, now));
      else sooner(now + 5_000);
    }
    return at;
  }

  /** Limits, refused keys, faults, and successes that were asked for. */
  report(report: Report, now: number): GateNews[] {
    const { endpoint, failure } = report;
    const news: GateNews[] = [];
    const laneBreaker = this.#laneBreaker(endpoint);
    const wasOpen = this.#account.state(now) !== 'closed';
    if (!report.isProbe) this.#hear(endpoint, failure, now);
    const limit = failure?.limit ?? report.limit;
    if (limit && this.#learn(endpoint, limit, now)) news.push('limit_learnt');
    switch (failure?.kind) {
      case 'rate_limited':
        this.#lane(endpoint, now).pause(now + (failure.retryAfterSeconds ?? 1) * 1_000);
        break;
      case 'auth':
        news.push(...this.#keyRefused(report.key, now));
        break;
      case 'network':
        this.#account.failed(now, report.isProbe);
        break;
      case 'timeout':
      case 'upstream':
      case 'unreadable':
        if (report.isProbe) this.#account.failed(now, true);
        else {
          // Where another lane is open already, it is iClosed as a whole that fails.
          laneBreaker.failed(
            now,
            this.#otherLanes(endpoint).some((other) => other.state(now) !== 'closed'),
          );
          this.#takeTurns(endpoint, now);
        }
        break;
      default:
        this.#account.succeeded();
        if (this.#keyTaken(report.key)) news.push('key_changed');
        // One that works now shows that what was refused before it may be mended when this one goes.
        this.#refusedKeys.clear();
        if (!report.isProbe && laneBreaker.state(now) !== 'closed')
          for (const other of this.#otherLanes(endpoint)) other.tryAt(now);
        if (!report.isProbe) laneBreaker.succeeded();
    }
    const isOpen = this.#account.state(now) !== 'closed';
    if (failure && isOpen) this.backlog.forgetWakes();
    if (isOpen && !wasOpen) {
      this.#openSince = now;
      news.push('breaker_opened');
    }
    if (!isOpen && wasOpen) {
      this.#openSince = undefined;
      news.push('breaker_closed');
    }
    return news;
  }

  /** For the owner's page; numbers and states only. */
  health(now: number) {
    return {
      key: this.memory.key,
      account: this.#account.state(now),
      openForSeconds: this.#openSince === undefined ? 0 : Math.round((now - this.#openSince) / 1_000),
      lanes: [...this.#lanes].map(([endpoint, lane]) => ({
        endpoint,
        waiting: lane.waiting,
        breaker: this.#laneBreaker(endpoint).state(now),
        limit: this.#rateOf(endpoint),
      })),
      backlog: this.backlog.size,
      oldestUndeliveredSeconds:
        this.backlog.oldestSince === undefined ? 0 : Math.round((now - this.backlog.oldestSince) / 1_000),
    };
  }

  // --- inside ---

  #lane(endpoint: Endpoint, now: number): Lane {
    let lane = this.#lanes.get(endpoint);
    if (!lane) {
      lane = new Lane(this.#paceOf(endpoint), now, now < this.#predecessorUntil);
      this.#lanes.set(endpoint, lane);
    }
    return lane;
  }

  #rateOf(endpoint: Endpoint): Rate {
    return this.#shareOf(this.memory.learnt[endpoint] ?? this.#config.rate);
  }

  /** Our part of a limit; a lane paced for two never sends the second within the window of the first. */
  #shareOf({ points, windowSeconds }: Rate): Rate {
    return { points: Math.max(2, Math.floor(points * this.#config.share)), windowSeconds };
  }

  /** Keeps to what the owner configured and to what iClosed taught. */
  #paceOf(endpoint: Endpoint): Pace {
    const learnt = this.memory.learnt[endpoint];
    const paces = [this.#config.rate, ...(learnt ? [learnt] : [])].map((limit) => {
      const rate = this.#shareOf(limit);
      return paceOf(rate, burstOf(endpoint, rate.points), this.#config.jitterSeconds);
    });
    return {
      burst: Math.min(...paces.map(({ burst }) => burst)),
      intervalMs: Math.max(...paces.map(({ intervalMs }) => intervalMs)),
    };
  }

  /** Only a limit that the present pace would break is learnt: a looser one is the owner's to configure. */
  #learn(endpoint: Endpoint, limit: Rate, now: number): boolean {
    if (isKept(this.#shareOf(limit), this.#paceOf(endpoint), this.#config.jitterSeconds)) return false;
    this.memory.learnt = { ...this.memory.learnt, [endpoint]: limit };
    this.#lane(endpoint, now).repace(this.#paceOf(endpoint), now);
    return true;
  }

  /** iClosed takes this key; the one in use may be refused. */
  #keyTaken(key: KeySlot): boolean {
    if (key === this.memory.key || !this.#refusedKeys.has(this.memory.key)) return false;
    this.memory.key = key;
    return true;
  }

  #keyRefused(key: KeySlot, now: number): GateNews[] {
    this.#refusedKeys.add(key);
    if (key !== this.memory.key) return [];
    const other: KeySlot = key === 'current' ? 'next' : 'current';
    if (this.#config.hasNextKey && !this.#refusedKeys.has(other)) {
      this.memory.key = other;
      return ['key_changed'];
    }
    // With every key refused each probe tries the other one, in case it was the first to be mended.
    if (this.#config.hasNextKey) this.memory.key = other;
    this.#account.failed(now, true);
    return ['key_refused'];
  }

  #laneBreaker(endpoint: Endpoint): Breaker {
    let breaker = this.#laneBreakers.get(endpoint);
    if (!breaker) {
      breaker = new Breaker(LANE_BREAKER);
      this.#laneBreakers.set(endpoint, breaker);
    }
    return breaker;
  }

  #silence(endpoint: Endpoint): Silence {
    let silence = this.#silences.get(endpoint);
    if (!silence) {
      silence = new Silence();
      this.#silences.set(endpoint, silence);
    }
    return silence;
  }

  /** Whatever iClosed answered ends the silence; what it did not answer is one call less on its way. */
  #hear(endpoint: Endpoint, failure: Report['failure'], now: number): void {
    const isUnanswered = failure?.kind === 'timeout' || failure?.kind === 'network';
    if (isUnanswered) this.#silence(endpoint).failed();
    else this.#silence(endpoint).succeeded(now);
  }

  /** The other lanes, the one that was tried longest ago first. */
  #otherLanes(endpoint: Endpoint): Breaker[] {
    return [...this.#laneBreakers]
      .filter(([each]) => each !== endpoint)
      .map(([, breaker]) => breaker)
      .sort((a, b) => a.triedAt - b.triedAt);
  }

  /** Where iClosed fails on several lanes, one trial at a time is made for all of them, by the lanes in turn. */
  #takeTurns(endpoint: Endpoint, now: number): void {
    const next = this.#laneBreaker(endpoint).nextTrialAt;
    if (next === undefined || next <= now) return;
    const others = this.#otherLanes(endpoint);
    others.forEach((other, index) => other.tryAt(Math.max(now, next - others.length + index)));
  }

  #state(endpoint: Endpoint, now: number) {
    const account = this.#account.state(now);
    return account === 'closed' ? this.#laneBreaker(endpoint).state(now) : account;
  }

  #trialAt(endpoint: Endpoint): number {
    return Math.max(this.#account.nextTrialAt ?? 0, this.#laneBreaker(endpoint).nextTrialAt ?? 0);
  }

  /** Seconds until it is worth asking; 0 while calls may be made. */
  #awayFor(endpoint: Endpoint, now: number): number {
    const state = this.#state(endpoint, now);
    if (state === 'closed' || state === 'half_open') return 0;
    return seconds(this.#trialAt(endpoint) - now);
  }

  /** While a breaker is half open the permit is its one trial. */
  #grant(endpoint: Endpoint, now: number): Permit {
    const { trialMs } = this.#config;
    const lane = this.#laneBreaker(endpoint);
    const isTrialOfAccount = this.#account.state(now) === 'half_open';
    if (isTrialOfAccount) this.#account.beginTrial(now, trialMs);
    else if (lane.state(now) === 'half_open') {
      lane.beginTrial(now, trialMs);
      for (const other of this.#otherLanes(endpoint)) other.tryAt(now + trialMs);
    }
    const silence = this.#silence(endpoint);
    const isWatched = this.#account.isWatched || lane.isWatched || this.#refusedKeys.size > 0 || silence.wantsWord(now);
    if (!isTrialOfAccount) silence.granted(now, isWatched);
    return {
      granted: true,
      key: this.memory.key,
      isProbe: isTrialOfAccount,
      isWatched,
      limit: this.memory.learnt[endpoint] ?? this.#config.rate,
    };
  }

  /** One parked lead per permit that nobody else waits for, and per permit that is kept for the outbox in a crowd. */
  #wakes(now: number): string[] {
    const wakes: string[] = [];
    for (const endpoint of this.backlog.endpoints()) {
      const lane = this.#lane(endpoint, now);
      const isItsTurn = lane.waiting > 0 ? lane.owesReserved : lane.freeAt(now) <= now;
      if (!isItsTurn || this.#awayFor(endpoint, now) > 0 || now < this.#wakesAgainAt(endpoint, lane)) continue;
      const leadId = this.backlog.wake(endpoint, now);
      if (leadId === undefined) continue;
      this.#wokenAt.set(endpoint, now);
      wakes.push(leadId);
    }
    return wakes;
  }

  #wakeAt(endpoint: Endpoint, now: number): number {
    const lane = this.#lane(endpoint, now);
    return Math.max(lane.freeAt(now), this.#trialAt(endpoint), this.#wakesAgainAt(endpoint, lane), now + 20);
  }

  /** The lead that was woken last needs a moment to come. */
  #wakesAgainAt(endpoint: Endpoint, lane: Lane): number {
    const wokenAt = this.#wokenAt.get(endpoint);
    return wokenAt === undefined ? 0 : wokenAt + Math.min(lane.intervalMs, COMES_WITHIN_MS);
  }

  /** The longest window in which a permit counts, as configured or learnt. */
  #windowMs(): number {
    const windows = Object.values(this.memory.learnt).map(({ windowSeconds }) => windowSeconds);
    const { rate, jitterSeconds } = this.#config;
    return (Math.max(rate.windowSeconds, ...windows) + jitterSeconds) * 1_000;
  }
}

function seconds(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / 1_000));
}
