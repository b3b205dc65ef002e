/**
 * The Event: one object per account and event, a thin adapter around `desk.ts`: rows, the way to iClosed, the stubs of Leads
 * that hold claims. The event's name comes with every call, because an object does not know its own.
 */
import { DurableObject } from 'cloudflare:workers';
import { PERMIT_JITTER_SECONDS } from '../../shared/limits.ts';
import { resolveEvent } from '../config/events.ts';
import { settingsOf } from '../config/settings.ts';
import type { Env } from '../env.ts';
import { burstOf } from '../gate/burst.ts';
import { type PermitClass, paceOf } from '../gate/lane.ts';
import { log } from '../log.ts';
import { gateStub, leadStub } from '../objects.ts';
import { askIclosed } from '../upstream.ts';
import type { Claim } from './claims.ts';
import {
  type ClaimAnswer,
  type ClaimRequest,
  type DescribeAnswer,
  Desk,
  type Settlement,
  type SlotsAnswer,
} from './desk.ts';

const SCHEMA = 2;

export class EventObject extends DurableObject<Env> {
  #desk: Desk | undefined;
  #newest: number | undefined;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    const { kv, sql } = state.storage;
    const schema = kv.get<number>('schema') ?? 0;
    if (schema === SCHEMA) return;
    if (schema < 1) {
      sql.exec(
        `CREATE TABLE claims (contact_id INTEGER, starts_at INTEGER, attempt TEXT, lead_id TEXT, state TEXT, until INTEGER,
         PRIMARY KEY (contact_id, starts_at)) WITHOUT ROWID`,
      );
    }
    sql.exec('ALTER TABLE claims ADD COLUMN call_id INTEGER');
    kv.put('schema', SCHEMA);
  }

  describe(event: string): Promise<DescribeAnswer> {
    return this.#of(event).describe();
  }

  slots(event: string, hosts: string, month: string, urgency: PermitClass): Promise<SlotsAnswer> {
    return this.#of(event).slots(hosts, month, urgency);
  }

  isStillOpen(event: string, hosts: string, startsAt: number): Promise<boolean | undefined> {
    return this.#of(event).isStillOpen(hosts, startsAt);
  }

  alternatives(event: string, hosts: string, startsAt: number) {
    return this.#of(event).alternatives(hosts, startsAt);
  }

  claim(event: string, request: ClaimRequest): Promise<ClaimAnswer> {
    return this.#of(event).claim(request);
  }

  settle(event: string, settlement: Settlement): void {
    this.#of(event).settle(settlement);
  }

  #of(event: string): Desk {
    const { env, ctx } = this;
    const { kv, sql } = ctx.storage;
    const { rate, share, slotTimeZone } = settingsOf(env);
    const points = Math.max(2, Math.floor(rate.points * share));
    this.#desk ??= new Desk(event, {
      now: () => Date.now(),
      config: () => resolveEvent(settingsOf(env).events, event)?.config,
      slotTimeZone,
      datesIntervalMs: paceOf({ ...rate, points }, burstOf('POST /v1/events/eventDates', points), PERMIT_JITTER_SECONDS)
        .intervalMs,
      get: (key) => kv.get(key),
      put: (key, value) => kv.put(key, value),
      claims: (contactId) => this.#claims(contactId),
      newestCallId: () => this.#newestCallId(),
      putClaim: ({ contactId, startsAt, attempt, leadId, state, until, callId }) => {
        if (callId !== undefined) this.#newest = Math.max(callId, this.#newestCallId() ?? callId);
        sql.exec(
          `DELETE FROM claims WHERE contact_id = ? AND attempt = ? AND state = 'open' AND starts_at <> ?`,
          contactId,
          attempt,
          startsAt,
        );
        sql.exec(
          'INSERT OR REPLACE INTO claims VALUES (?, ?, ?, ?, ?, ?, ?)',
          contactId,
          startsAt,
          attempt,
          leadId,
          state,
          until,
          callId ?? null,
        );
      },
      dropClaim: ({ contactId, startsAt }) => {
        sql.exec(`DELETE FROM claims WHERE contact_id = ? AND starts_at = ? AND state = 'open'`, contactId, startsAt);
      },
      releaseClaim: ({ contactId, startsAt, attempt }) => {
        sql.exec(
          `DELETE FROM claims WHERE contact_id = ? AND starts_at = ? AND attempt = ? AND state <> 'open'`,
          contactId,
          startsAt,
          attempt,
        );
      },
      forgetClaims: (before) => {
        sql.exec(`DELETE FROM claims WHERE state <> 'open' AND until < ?`, before);
      },
      ask: (call, urgency) => askIclosed(env, call, urgency),
      lift: (token, to) => ctx.waitUntil(gateStub(env).lift(token, to)),
      alert: (cause, isOn) => ctx.waitUntil(gateStub(env).alert(cause, event, isOn)),
      isAbandoned: (claim) => this.#isAbandoned(claim),
      log,
    });
    return this.#desk;
  }

  /** Read once in the object's life: afterwards every booked claim passes by here. */
  #newestCallId(): number | undefined {
    if (this.#newest === undefined) {
      const [row] = this.ctx.storage.sql.exec<{ newest: number | null }>('SELECT MAX(call_id) AS newest FROM claims');
      this.#newest = row?.newest ?? 0;
    }
    return this.#newest || undefined;
  }

  #claims(contactId: number): Claim[] {
    const rows = this.ctx.storage.sql.exec<{
      contact_id: number;
      starts_at: number;
      attempt: string;
      lead_id: string;
      state: Claim['state'];
      until: number;
      call_id: number | null;
    }>('SELECT * FROM claims WHERE contact_id = ?', contactId);
    return [...rows].map((row) => ({
      contactId: row.contact_id,
      startsAt: row.starts_at,
      attempt: row.attempt,
      leadId: row.lead_id,
      state: row.state,
      until: row.until,
      ...(row.call_id === null ? {} : { callId: row.call_id }),
    }));
  }

  /** Only the Lead knows whether its booking is still on its way; one that cannot be asked is taken to be alive. */
  async #isAbandoned(claim: Claim): Promise<boolean> {
    try {
      return await leadStub(this.env, claim.leadId).hasAbandoned(claim.startsAt);
    } catch {
      return false;
    }
  }
}
