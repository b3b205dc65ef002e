/**
 * The Gate: one object per iClosed account. Every call to iClosed asks here first and is answered when it is its turn. A thin
 * adapter around `gate.ts`: promises for those who wait, the timer, the rows, the alarm. It makes no call to iClosed itself.
 */
import { DurableObject } from 'cloudflare:workers';
import { GATE_ALARM_MS, PERMIT_JITTER_SECONDS, UPSTREAM_CALL_TIMEOUT_MS } from '../../shared/limits.ts';
import { settingsOf } from '../config/settings.ts';
import type { Env } from '../env.ts';
import { log } from '../log.ts';
import { leadStub } from '../objects.ts';
import type { Parked } from './backlog.ts';
import { Gate, type GateMemory } from './gate.ts';
import type { PermitClass } from './lane.ts';
import type { Permit, PermitRequest, Report } from './permit.ts';

const SCHEMA = 1;

export class GateObject extends DurableObject<Env> {
  readonly #gate: Gate;
  readonly #waiters = new Map<number, (permit: Permit) => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timerAt = Number.POSITIVE_INFINITY;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    const { kv, sql } = state.storage;
    if (kv.get('schema') === undefined) {
      sql.exec(
        'CREATE TABLE outbox (lead_id TEXT PRIMARY KEY, endpoint TEXT, class INTEGER, since INTEGER) WITHOUT ROWID',
      );
      kv.put('schema', SCHEMA);
    }
    const { rate, share } = settingsOf(env);
    const memory = kv.get<GateMemory>('memory') ?? { key: 'current', learnt: {}, leaseUntil: 0 };
    const config = {
      rate,
      share,
      jitterSeconds: PERMIT_JITTER_SECONDS,
      hasNextKey: Boolean(env.ICLOSED_API_KEY_NEXT),
      trialMs: UPSTREAM_CALL_TIMEOUT_MS,
    };
    const rows = sql.exec<{ lead_id: string; endpoint: string; class: number; since: number }>('SELECT * FROM outbox');
    const parked = [...rows].map(({ lead_id, endpoint, class: urgency, since }) => ({
      leadId: lead_id,
      endpoint: endpoint as Parked['endpoint'],
      class: urgency as PermitClass,
      since,
    }));
    this.#gate = new Gate(config, memory, parked);
  }

  /** Answers when it is the caller's turn, or when it is clear that this will not be in time. */
  async acquire(request: PermitRequest): Promise<Permit> {
    const joined = this.#gate.join(request, Date.now());
    if (!('id' in joined)) return joined;
    const turn = new Promise<Permit>((resolve) => this.#waiters.set(joined.id, resolve));
    this.#release();
    return turn;
  }

  /** Somebody more urgent has joined the queued work of this name. */
  lift(token: string, to: PermitClass): void {
    this.#gate.lift(token, to);
    this.#release();
  }

  /** Limits, refused keys and faults at once; successes where the permit asked for it. */
  report(report: Report): void {
    const before = JSON.stringify(this.#gate.memory);
    for (const news of this.#gate.report(report, Date.now())) log(news, { endpoint: report.endpoint });
    if (report.failure) log('upstream_fault', { endpoint: report.endpoint, kind: report.failure.kind });
    if (JSON.stringify(this.#gate.memory) !== before) this.ctx.storage.kv.put('memory', this.#gate.memory);
    this.#release();
  }

  // --- the outbox index ---

  /** A lead has something undelivered and nobody waits for it: it is woken when this lane has a permit to spare. */
  park(entry: Omit<Parked, 'since'>): void {
    const kept = this.#gate.backlog.park({ ...entry, since: Date.now() });
    if (kept) {
      const { leadId, endpoint, class: urgency, since } = kept;
      this.ctx.storage.sql.exec('INSERT OR REPLACE INTO outbox VALUES (?, ?, ?, ?)', leadId, endpoint, urgency, since);
    }
    this.#release();
  }

  /** Everything of this lead is delivered, or given up. */
  unpark(leadId: string): void {
    if (this.#gate.backlog.unpark(leadId)) this.ctx.storage.sql.exec('DELETE FROM outbox WHERE lead_id = ?', leadId);
  }

  health() {
    return this.#gate.health(Date.now());
  }

  /** Only to be there while leads are parked; what is due is released by the timer. */
  override async alarm(): Promise<void> {
    this.#release();
  }

  /** Hands out what is due and sets the timer for what comes next. */
  #release(): void {
    const now = Date.now();
    const { answers, needsLease, wakes } = this.#gate.release(now);
    // Written before granting: an object that was superseded fails here instead of granting.
    if (needsLease) this.ctx.storage.kv.put('memory', this.#gate.memory);
    for (const [id, permit] of answers) {
      this.#waiters.get(id)?.(permit);
      this.#waiters.delete(id);
    }
    for (const leadId of wakes) this.#wake(leadId);
    this.#arm(now);
  }

  #wake(leadId: string): void {
    leadStub(this.env, leadId)
      .wake()
      .catch((error: unknown) => log('wake_failed', { message: String(error) }));
  }

  #arm(now: number): void {
    const wakeAt = this.#gate.wakeAt(now) ?? Number.POSITIVE_INFINITY;
    if (this.#gate.backlog.size > 0)
      void this.ctx.storage
        .getAlarm()
        .then((at) => (at === null ? this.ctx.storage.setAlarm(now + GATE_ALARM_MS) : undefined));
    if (wakeAt === this.#timerAt && wakeAt > now) return;
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#timerAt = wakeAt;
    if (wakeAt === Number.POSITIVE_INFINITY) return;
    this.#timer = setTimeout(
      () => {
        this.#timerAt = Number.POSITIVE_INFINITY;
        this.#release();
      },
      Math.max(0, wakeAt - now),
    );
  }
}
