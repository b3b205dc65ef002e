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
import { type AlertCause, type AlertRow, Alerts } from '../owner/alerts.ts';
import { sendAlert } from '../owner/webhook.ts';
import type { PermitClass } from './lane.ts';
import type { Permit, PermitRequest, Report } from './permit.ts';

const SCHEMA = 1;
/** An owner needs this long to make a new key. */
const KEY_EXPIRES_SOON_MS = 14 * 86_400_000;
/** Messages of one run are sent within this time; an alarm has thirty seconds. */
const TELLS_FOR_MS = 15_000;
/** A lead that waits longer is worth a message. */
const UNDELIVERED_FOR_LONG_MS = 10 * 60_000;

export class GateObject extends DurableObject<Env> {
  readonly #gate: Gate;
  readonly #waiters = new Map<number, (permit: Permit) => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timerAt = Number.POSITIVE_INFINITY;
  #alarmAt: number | undefined;
  readonly #alerts: Alerts;
  /** One message after the other, so that two runs do not say the same. */
  #isTelling = false;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    const { kv, sql } = state.storage;
    if (kv.get('schema') === undefined) {
      sql.exec('CREATE TABLE outbox (lead_id TEXT PRIMARY KEY, entry TEXT) WITHOUT ROWID');
      kv.put('schema', SCHEMA);
    }
    this.#alerts = new Alerts(kv.get<AlertRow[]>('alerts') ?? []);
    const { rate, share } = settingsOf(env);
    const memory = kv.get<GateMemory>('memory') ?? { key: 'current', learnt: {}, leaseUntil: 0 };
    const config = {
      rate,
      share,
      jitterSeconds: PERMIT_JITTER_SECONDS,
      hasNextKey: Boolean(env.ICLOSED_API_KEY_NEXT),
      trialMs: UPSTREAM_CALL_TIMEOUT_MS,
    };
    const rows = sql.exec<{ entry: string }>('SELECT entry FROM outbox');
    const parked = [...rows].map(({ entry }) => JSON.parse(entry) as Parked);
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
    for (const news of this.#gate.report(report, Date.now())) {
      log(news, { endpoint: report.endpoint });
      if (news === 'key_refused') this.#alert('key_refused', '', true);
      if (news === 'breaker_opened') this.#alert('iclosed_away', '', true);
      if (news === 'breaker_closed') {
        this.#alert('iclosed_away', '', false);
        this.#alert('key_refused', '', false);
      }
    }
    if (report.failure) log('upstream_fault', { endpoint: report.endpoint, kind: report.failure.kind });
    if (JSON.stringify(this.#gate.memory) !== before) this.ctx.storage.kv.put('memory', this.#gate.memory);
    this.#release();
  }

  // --- the outbox index ---

  /** A lead has something undelivered and nobody waits for it: it is woken when this lane has a permit to spare. */
  park(entry: Omit<Parked, 'since'>): void {
    const now = Date.now();
    const kept = this.#gate.backlog.park({ ...entry, since: now });
    if (kept) {
      this.ctx.storage.sql.exec('INSERT OR REPLACE INTO outbox VALUES (?, ?)', kept.leadId, JSON.stringify(kept));
      if (kept.state === 'refused') this.#alert('lead_refused', kept.attempt, true);
      if (kept.state === 'unclear') this.#alert('booking_unclear', kept.attempt, true);
      if (kept.state === 'waiting') this.#alert('lead_undelivered', '', true);
    }
    this.#release();
  }

  /** Everything of this lead is delivered, or given up. */
  unpark(leadId: string): void {
    if (!this.#gate.backlog.unpark(leadId)) return;
    this.ctx.storage.sql.exec('DELETE FROM outbox WHERE lead_id = ?', leadId);
    const oldest = this.#gate.backlog.oldestSince;
    if (oldest === undefined || Date.now() - oldest < UNDELIVERED_FOR_LONG_MS)
      this.#alert('lead_undelivered', '', false);
  }

  // --- for the owner ---

  health() {
    return this.#gate.health(Date.now());
  }

  list(): Parked[] {
    return this.#gate.backlog.list();
  }

  find(attempt: string): Parked | undefined {
    return this.#gate.backlog.find(attempt);
  }

  /** A cause holds, or holds no more. */
  alert(cause: AlertCause, subject: string, isOn: boolean): void {
    this.#alert(cause, subject, isOn);
    this.#arm(Date.now());
  }

  /** While leads are parked or something is to be told; what is due is released by the timer. */
  override async alarm(): Promise<void> {
    this.#alarmAt = undefined;
    this.#release();
    await this.#tellOwner();
    this.#arm(Date.now());
  }

  #alert(cause: AlertCause, subject: string, isOn: boolean): void {
    const now = Date.now();
    const isNews = isOn ? this.#alerts.raise(cause, subject, now) : this.#alerts.clear(cause, subject, now);
    if (!isNews) return;
    log(isOn ? 'alert_raised' : 'alert_cleared', { cause, subject });
    this.#storeAlerts();
    this.ctx.waitUntil(this.#tellOwner());
  }

  /** Looked at whenever there is something to do anyway: a gate without work has no visitors to disappoint. */
  #lookAtKey(): void {
    const { keyExpiresAt } = settingsOf(this.env);
    if (keyExpiresAt === undefined) return;
    const isSoon = keyExpiresAt - Date.now() < KEY_EXPIRES_SOON_MS;
    this.#alert('key_expiring', new Date(keyExpiresAt).toISOString().slice(0, 10), isSoon);
  }

  /** Sends what is due; what the webhook does not take is tried again by an alarm, and nobody waits for it. */
  async #tellOwner(): Promise<void> {
    const { ALERT_WEBHOOK } = this.env;
    if (!ALERT_WEBHOOK || this.#isTelling) return;
    this.#isTelling = true;
    const began = Date.now();
    this.#alerts.forget(began);
    for (const message of this.#alerts.due(began)) {
      const hasArrived = await sendAlert(ALERT_WEBHOOK, message);
      if (hasArrived) this.#alerts.said(message, Date.now());
      else this.#alerts.failed(message, Date.now());
      this.#storeAlerts();
      // An alarm must end in time, and a webhook that is down need not hear the rest now.
      if (!hasArrived || Date.now() - began > TELLS_FOR_MS) break;
    }
    this.#isTelling = false;
    this.#arm(Date.now());
  }

  #storeAlerts(): void {
    this.ctx.storage.kv.put('alerts', this.#alerts.rows);
  }

  /** Hands out what is due and sets the timer for what comes next. */
  #release(): void {
    const now = Date.now();
    const { answers, needsLease, wakes } = this.#gate.release(now);
    // Written before granting: an object that was superseded fails here instead of granting.
    if (needsLease) {
      this.ctx.storage.kv.put('memory', this.#gate.memory);
      this.#lookAtKey();
    }
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
    const tellAt = this.env.ALERT_WEBHOOK ? this.#alerts.nextDue() : undefined;
    const parkedAt = this.#gate.backlog.size > 0 ? now + GATE_ALARM_MS : undefined;
    const wanted = Math.min(tellAt ?? Number.POSITIVE_INFINITY, parkedAt ?? Number.POSITIVE_INFINITY);
    if (wanted < (this.#alarmAt ?? Number.POSITIVE_INFINITY)) {
      this.#alarmAt = Math.max(wanted, now + 1_000);
      this.ctx.waitUntil(this.ctx.storage.setAlarm(this.#alarmAt));
    }
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
