/**
 * The Gate: one object per iClosed account. Every call to iClosed asks here first and is answered when it is its turn. A thin
 * adapter around `Lane`: timers, the lease row, the key in use. It makes no call itself.
 */
import { DurableObject } from 'cloudflare:workers';
import { PERMIT_JITTER_SECONDS } from '../../shared/limits.ts';
import { settingsOf } from '../config/settings.ts';
import type { Env } from '../env.ts';
import { log } from '../log.ts';
import { burstOf } from './burst.ts';
import { Lane, paceOf } from './lane.ts';
import type { KeySlot, Permit, PermitRequest, Report } from './permit.ts';

const SCHEMA = 1;

export class GateObject extends DurableObject<Env> {
  readonly #lanes = new Map<string, Lane>();
  readonly #waiters = new Map<number, (granted: boolean) => void>();
  readonly #windowMs: number;
  #nextId = 1;
  #key: KeySlot;
  #leaseUntil: number;
  /** Until then permits of this object's predecessor may still be on their way: lanes made earlier start empty. */
  readonly #predecessorUntil: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timerAt = Number.POSITIVE_INFINITY;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    const { kv } = state.storage;
    if (kv.get('schema') === undefined) kv.put('schema', SCHEMA);
    this.#windowMs = (settingsOf(env).rate.windowSeconds + PERMIT_JITTER_SECONDS) * 1_000;
    this.#leaseUntil = kv.get<number>('lease') ?? 0;
    this.#predecessorUntil = this.#leaseUntil;
    this.#key = kv.get<KeySlot>('key') ?? 'current';
  }

  /** Answers when it is the caller's turn, or when it is clear that this will not be in time. */
  async acquire(request: PermitRequest): Promise<Permit> {
    const now = Date.now();
    const lane = this.#lane(request, now);
    const id = this.#nextId++;
    const refused = lane.join({ id, class: request.class, since: now, deadline: now + request.waitMs }, now);
    if (refused) return { granted: false, retryAfterSeconds: Math.max(1, Math.ceil(refused.refusedForMs / 1_000)) };
    const turn = new Promise<boolean>((resolve) => this.#waiters.set(id, resolve));
    this.#release();
    const granted = await turn;
    return granted ? { granted, key: this.#key } : { granted, retryAfterSeconds: 1 };
  }

  /** Limits, refused keys and faults; the rest is not worth a call. */
  report(report: Report): void {
    const { endpoint, key, failure } = report;
    log('upstream_fault', { endpoint, kind: failure.kind });
    if (failure.kind === 'rate_limited') {
      this.#lane(report, Date.now()).pause(Date.now() + (failure.retryAfterSeconds ?? 1) * 1_000);
    }
    if (failure.kind === 'auth' && key === this.#key && this.env.ICLOSED_API_KEY_NEXT) {
      this.#key = key === 'current' ? 'next' : 'current';
      this.ctx.storage.kv.put('key', this.#key);
    }
  }

  #lane({ endpoint }: Pick<PermitRequest, 'endpoint'>, now: number): Lane {
    let lane = this.#lanes.get(endpoint);
    if (!lane) {
      const { rate } = settingsOf(this.env);
      const pace = paceOf(rate, burstOf(endpoint, rate.points), PERMIT_JITTER_SECONDS);
      lane = new Lane(pace, now, now < this.#predecessorUntil);
      this.#lanes.set(endpoint, lane);
    }
    return lane;
  }

  /** Hands out what is due and sets the timer for what comes next. */
  #release(): void {
    const now = Date.now();
    let wakeAt = Number.POSITIVE_INFINITY;
    for (const lane of this.#lanes.values()) {
      const { granted, expired } = lane.release(now);
      if (granted.length > 0) this.#holdLease(now);
      for (const id of granted) this.#answer(id, true);
      for (const id of expired) this.#answer(id, false);
      wakeAt = Math.min(wakeAt, lane.wakeAt(now) ?? Number.POSITIVE_INFINITY);
    }
    if (wakeAt >= this.#timerAt && this.#timerAt > now) return;
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#timerAt = wakeAt;
    if (wakeAt < Number.POSITIVE_INFINITY) this.#timer = setTimeout(() => this.#onTimer(), Math.max(0, wakeAt - now));
  }

  #onTimer(): void {
    this.#timerAt = Number.POSITIVE_INFINITY;
    this.#release();
  }

  #answer(id: number, granted: boolean): void {
    this.#waiters.get(id)?.(granted);
    this.#waiters.delete(id);
  }

  /** Written at most once a window, before granting: an object that was superseded fails here instead of granting. */
  #holdLease(now: number): void {
    if (this.#leaseUntil - now > this.#windowMs) return;
    this.#leaseUntil = now + 2 * this.#windowMs;
    this.ctx.storage.kv.put('lease', this.#leaseUntil);
  }
}
