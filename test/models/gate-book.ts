/**
 * What must be true of any gate, written down beside it: who waits, who was let through and when, which keys are known to be
 * refused, who is parked. Knows none of the gate's own means (buckets, breakers, leases), only what it promises. Each rule
 * throws with its name, so that a control can be seen to break the rule that it is a control of.
 */
import type { GateConfig } from '../../worker/gate/gate.ts';
import type { KeySlot, Permit, PermitRequest, Refused, Report } from '../../worker/gate/permit.ts';
import type { Parked } from '../../worker/gate/backlog.ts';
import type { PermitClass } from '../../worker/gate/lane.ts';
import type { Endpoint } from '../../worker/iclosed/request.ts';

export type GateRule =
  | 'window' // never more than the limit in a sliding window, also across restarts
  | 'deadline' // nobody waits longer than was asked
  | 'answered once' // only who waits is answered, and once
  | 'reserved share' // of five permits one for recovery and outbox
  | 'refused key' // while another one is good
  | 'one trial' // while iClosed is away
  | 'backlog' // as large as what was parked
  | 'wakes'; // only who is parked, one per permit, not again within a minute unless iClosed failed since

export class BrokenRule extends Error {
  constructor(rule: GateRule, what: string) {
    super(`[${rule}] ${what}`);
  }
}

interface Waiting {
  endpoint: Endpoint;
  class: PermitClass;
  deadline: number;
  token?: string;
}

interface Limit {
  points: number;
  windowMs: number;
  since: number;
}

/** A timer fires on the next whole millisecond. */
const TIMER_MS = 2;
const OTHERS_AT_MOST = 4;
const NOT_AGAIN_MS = 60_000;
/** Refusals that only somebody reads whose key was taken. */
const TAKES_THE_KEY = new Set(['forbidden', 'not_found', 'validation']);

export class GateBook {
  readonly #config: GateConfig;
  readonly waiting = new Map<number, Waiting>();
  readonly parked = new Map<string, Pick<Parked, 'endpoint' | 'class' | 'state'>>();
  readonly #grants = new Map<Endpoint, number[]>();
  readonly #limits = new Map<Endpoint, Limit[]>();
  /** Permits of a lane in a row that went to others while somebody of class 2 or 3 waited. */
  readonly #passedOver = new Map<Endpoint, number>();
  readonly #refusedKeys = new Set<KeySlot>();
  readonly #wokenAt = new Map<string, number>();
  readonly #lastWake = new Map<Endpoint, number>();
  #trialSince: number | undefined;
  granted = 0;

  constructor(config: GateConfig) {
    this.#config = config;
  }

  joined(id: number, { endpoint, class: klass, waitMs, token }: PermitRequest, now: number): void {
    if (this.waiting.has(id)) throw new BrokenRule('answered once', `number ${id} is given twice`);
    this.waiting.set(id, { endpoint, class: klass, deadline: now + waitMs, ...(token ? { token } : {}) });
  }

  turnedAway(refused: Refused): void {
    if (refused.retryAfterSeconds < 1) throw new BrokenRule('answered once', 'turned away without a time');
  }

  lifted(token: string, to: PermitClass): void {
    for (const each of this.waiting.values()) if (each.token === token && each.class > to) each.class = to;
  }

  answered(id: number, permit: Permit, now: number): void {
    const waiter = this.waiting.get(id);
    if (!waiter) throw new BrokenRule('answered once', `nobody waits under number ${id}`);
    if (now > waiter.deadline + TIMER_MS) throw new BrokenRule('deadline', `${now - waiter.deadline} ms late`);
    if (permit.granted) this.#letThrough(waiter, permit, now);
    this.waiting.delete(id);
    if (!permit.granted) this.turnedAway(permit);
  }

  #letThrough({ endpoint, class: klass, deadline }: Waiting, permit: Permit & { granted: true }, now: number): void {
    if (now > deadline) throw new BrokenRule('deadline', `granted ${now - deadline} ms after it`);
    const grants = this.#grants.get(endpoint) ?? [];
    grants.push(now);
    this.#grants.set(endpoint, grants);
    for (const limit of this.#limitsOf(endpoint)) {
      // A permit may arrive at once or a whole jitter later, so a window of arrivals is one of permits and as much longer.
      const since = Math.max(limit.since, now - limit.windowMs - this.#config.jitterSeconds * 1_000 + 1);
      const count = grants.filter((at) => at >= since).length;
      if (count > limit.points)
        throw new BrokenRule('window', `${count} of ${limit.points} at ${endpoint} within ${now - since} ms`);
    }
    const isReserved = klass === 2 || klass === 3;
    const others = [...this.waiting.values()].some(
      (each) => each.endpoint === endpoint && (each.class === 2 || each.class === 3),
    );
    const passedOver = isReserved || !others ? 0 : (this.#passedOver.get(endpoint) ?? 0) + 1;
    if (passedOver > OTHERS_AT_MOST) throw new BrokenRule('reserved share', `passed over ${passedOver} times`);
    this.#passedOver.set(endpoint, passedOver);
    const other: KeySlot = permit.key === 'current' ? 'next' : 'current';
    if (this.#config.hasNextKey && this.#refusedKeys.has(permit.key) && !this.#refusedKeys.has(other))
      throw new BrokenRule('refused key', `${permit.key} is refused, ${other} is not`);
    if (this.#trialSince !== undefined && now - this.#trialSince < this.#config.trialMs)
      throw new BrokenRule('one trial', `another permit ${now - this.#trialSince} ms into it`);
    this.#trialSince = permit.isProbe ? now : undefined;
    this.granted += 1;
  }

  reported({ endpoint, key, failure }: Report, now: number): void {
    this.#trialSince = undefined;
    // Whoever was woken came in vain.
    if (failure) this.#wokenAt.clear();
    if (failure?.kind === 'auth') this.#refusedKeys.add(key);
    else if (!failure || TAKES_THE_KEY.has(failure.kind)) this.#refusedKeys.delete(key);
    if (failure?.limit) {
      const { points, windowSeconds } = failure.limit;
      const limits = this.#limits.get(endpoint) ?? [];
      limits.push({ ...this.#shared(points, windowSeconds), since: now + 1 });
      this.#limits.set(endpoint, limits);
    }
  }

  restarted(): void {
    // Whoever waited hears that it is gone: not granted.
    this.waiting.clear();
    this.#passedOver.clear();
    this.#refusedKeys.clear();
    this.#wokenAt.clear();
    this.#lastWake.clear();
    this.#trialSince = undefined;
  }

  woken(leadId: string, now: number, intervalMs: (endpoint: Endpoint) => number): void {
    const entry = this.parked.get(leadId);
    if (entry?.state !== 'waiting') throw new BrokenRule('wakes', `${leadId} does not wait`);
    const before = this.#wokenAt.get(leadId);
    if (before !== undefined && now - before < NOT_AGAIN_MS) throw new BrokenRule('wakes', `${leadId} again`);
    const last = this.#lastWake.get(entry.endpoint);
    if (last !== undefined && now - last < Math.min(250, intervalMs(entry.endpoint)))
      throw new BrokenRule('wakes', `two within ${now - last} ms`);
    this.#wokenAt.set(leadId, now);
    this.#lastWake.set(entry.endpoint, now);
  }

  /** A lead that is parked anew, or elsewhere, keeps the time when it was woken; one that left has none. */
  unparked(leadId: string): void {
    this.parked.delete(leadId);
    this.#wokenAt.delete(leadId);
  }

  /** After any command. */
  check(now: number, health: { backlog: number; lanes: readonly { endpoint: Endpoint; waiting: number }[] }): void {
    for (const [id, { deadline }] of this.waiting)
      if (now > deadline + TIMER_MS)
        throw new BrokenRule('deadline', `number ${id} waits ${now - deadline} ms after it`);
    const counted = health.lanes.reduce((sum, { waiting }) => sum + waiting, 0);
    if (counted !== this.waiting.size)
      throw new BrokenRule('answered once', `${this.waiting.size} wait, the gate knows ${counted}`);
    const size = [...this.parked.values()].filter(({ state }) => state === 'waiting').length;
    if (health.backlog !== size)
      throw new BrokenRule('backlog', `${size} are parked, the gate knows ${health.backlog}`);
  }

  #limitsOf(endpoint: Endpoint): Limit[] {
    const { points, windowSeconds } = this.#config.rate;
    return [{ ...this.#shared(points, windowSeconds), since: 0 }, ...(this.#limits.get(endpoint) ?? [])];
  }

  #shared(points: number, windowSeconds: number) {
    return { points: Math.max(1, Math.floor(points * this.#config.share)), windowMs: windowSeconds * 1_000 };
  }
}
