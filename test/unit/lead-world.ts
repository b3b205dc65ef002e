/**
 * A small world for a Lead in virtual time: a clock, an iClosed that can fail in every way, an Event that holds claims. No
 * timers: a call moves the clock by its latency, `runUntil` moves it to what is due next.
 */
import assert from 'node:assert/strict';
import type { EventConfig } from '../../worker/config/events.ts';
import { bookedClaim, type Claim, decideClaim } from '../../worker/event/claims.ts';
import type { ClaimAnswer } from '../../worker/event/desk.ts';
import type { Outcome } from '../../worker/gate/through.ts';
import { failureOfResponse } from '../../worker/iclosed/failure.ts';
import type { Endpoint, UpstreamCall } from '../../worker/iclosed/request.ts';
import { drive, type LeadPorts } from '../../worker/lead/driver.ts';
import { mayBecomeCall, nextDue } from '../../worker/lead/machine.ts';
import type { LeadRecord } from '../../worker/lead/record.ts';
import { type LeadInput, takeStep } from '../../worker/lead/steps.ts';
import { EVENT, NOW } from './lead-records.ts';

export type Fault =
  | 'ok'
  | 'busy' // the gate has no permit
  | 'away' // iClosed is known to be away
  | 'reset' // before iClosed did anything
  | 'reset_after' // after it did
  | 'timeout'
  | 'timeout_after'
  | 'late' // iClosed commits up to 25 s after our time-out
  | 'error' // 500 before
  | 'error_after'
  | 'html' // a 200 that nobody can read, nothing done
  | 'html_after'
  | 'half' // done, and half a body
  | 'no_id' // done, and an answer without a call
  | 'inner' // a 2xx around a refusal
  | 401
  | 403
  | 404
  | 429
  | 400
  | '401_then_ok' // refused key, then the other one
  | '401_then_timeout'
  | '401_then_busy'
  | 'wrong_type'
  | 'guests' // a booking whose guests are not liked
  | 'cut_off'; // the object dies between the write and the answer

export interface Call {
  id: number;
  contactId: number;
  startsAt: number;
  createdAt: number;
  /** Which lead sent it. */
  by: string;
}

export class World {
  now = NOW;
  readonly random: () => number;
  /** What goes wrong, in order, by endpoint; afterwards `faultOf` decides. */
  readonly script: Partial<Record<Endpoint, Fault[]>> = {};
  faultOf: (endpoint: Endpoint) => Fault = () => 'ok';
  readonly calls: Call[] = [];
  readonly strangers: Call[] = [];
  readonly notes: string[] = [];
  readonly statuses: string[] = [];
  readonly bodies: { endpoint: Endpoint; body: Record<string, unknown>; at: number; by: string }[] = [];
  readonly claims: Claim[] = [];
  readonly leads: Lead[] = [];
  searchLagMs = 0;
  ignoresFilter = false;
  isOpen: boolean | undefined = true;
  answersResult: object = { isDisqualified: false, conditionalUsers: [3, 4] };
  contactStatus: string | undefined = 'POTENTIAL';
  #pending: (() => void)[] = [];
  #pendingAt: number[] = [];
  #nextId = 900;

  constructor(random: () => number = () => 0.5) {
    this.random = random;
  }

  /** The endpoints that were asked, in order, in short. */
  get asked(): string[] {
    return this.bodies.map(({ endpoint }) => endpoint.replace('/v1/', ''));
  }

  sends(by?: string): number {
    return this.bodies.filter((each) => each.endpoint === 'POST /v1/eventCalls' && (by === undefined || each.by === by))
      .length;
  }

  pass(milliseconds: number): void {
    this.now += milliseconds;
    for (let at = 0; at < this.#pending.length; ) {
      if ((this.#pendingAt[at] ?? 0) > this.now) {
        at += 1;
        continue;
      }
      this.#pending.splice(at, 1)[0]?.();
      this.#pendingAt.splice(at, 1);
    }
  }

  async ask(call: UpstreamCall, by: string, beforeSend?: () => void): Promise<Outcome<unknown>> {
    const fault = this.script[call.endpoint]?.shift() ?? this.faultOf(call.endpoint);
    if (fault === 'busy' || fault === 'away') {
      this.pass(100);
      return { ok: false, retryAfterSeconds: 2, isAway: fault === 'away' };
    }
    const send = () => {
      beforeSend?.();
      this.bodies.push({
        endpoint: call.endpoint,
        body: (call.body ?? call.query ?? {}) as Record<string, unknown>,
        at: this.now,
        by,
      });
    };
    send();
    await Promise.resolve();
    const commit = () => this.#commit(call, by);
    const status = (code: number, body: unknown = {}): Outcome<unknown> => {
      this.pass(150);
      return { ok: false, failure: failureOfResponse(code, new Headers(), body) };
    };
    const unclear = (kind: 'timeout' | 'network' | 'unreadable', milliseconds: number): Outcome<unknown> => {
      this.pass(milliseconds);
      return { ok: false, failure: { kind, certain: false, text: '' } };
    };
    switch (fault) {
      case 'ok':
        this.pass(150);
        return { ok: true, value: commit() };
      case 'reset':
        return unclear('network', 150);
      case 'reset_after':
        commit();
        return unclear('network', 150);
      case 'timeout':
        return unclear('timeout', call.timeoutMs);
      case 'timeout_after':
        commit();
        return unclear('timeout', call.timeoutMs);
      case 'late':
        this.#pending.push(commit);
        this.#pendingAt.push(this.now + call.timeoutMs + Math.floor(this.random() * 25_000));
        return unclear('timeout', call.timeoutMs);
      case 'error':
        return status(500);
      case 'error_after':
        commit();
        return status(502);
      case 'html':
        return unclear('unreadable', 150);
      case 'html_after':
      case 'half':
        commit();
        return unclear('unreadable', 150);
      case 'no_id':
        commit();
        this.pass(150);
        return { ok: true, value: { data: { eventCall: { message: 'ok', status: 200, data: {} } } } };
      case 'inner':
        this.pass(150);
        return { ok: true, value: { data: { eventCall: { message: 'no', status: 400 } } } };
      case 'wrong_type':
        return status(400, { message: 'INVALID_INVITEE_QUESTION_TYPE' });
      case '401_then_ok':
        this.pass(150);
        send();
        return { ok: true, value: commit() };
      case '401_then_timeout':
        this.pass(150);
        send();
        return unclear('timeout', call.timeoutMs);
      case '401_then_busy':
        this.pass(150);
        return { ok: false, retryAfterSeconds: 2, isAway: false };
      case 'cut_off':
        if (this.random() < 0.5) commit();
        throw new Error('cut off');
      case 400:
        return status(400, {
          message: { status: 400, details: { formErrors: [], fieldErrors: { email: ['Invalid'] } } },
        });
      case 'guests':
        return status(400, { message: 'Validation failed', errors: { additionalGuests: ['Invalid email'] } });
      case 429:
        return status(429, { retryAfter: 2 });
      default:
        return status(fault, { message: 'no' });
    }
  }

  #commit(call: UpstreamCall, by: string): unknown {
    const body = (call.body ?? {}) as Record<string, never>;
    switch (call.endpoint) {
      case 'POST /v1/contacts':
      case 'PUT /v1/contacts':
        if (body.status) this.statuses.push(body.status);
        return { data: { contact: { id: 7, ...(this.contactStatus ? { status: this.contactStatus } : {}) } } };
      case 'POST /v1/contacts/notes':
        this.notes.push(body.note ?? '');
        return { data: {} };
      case 'POST /v1/fields/inviteeAnswers':
        return { data: this.answersResult };
      case 'POST /v1/eventCalls': {
        this.#nextId += 1;
        const startsAt = Date.parse(body.dateTime ?? '');
        this.calls.push({ id: this.#nextId, contactId: 7, startsAt, createdAt: this.now, by });
        const iso = (at: number) => new Date(at).toISOString();
        const data = {
          id: this.#nextId,
          previewId: `call_${this.#nextId}`,
          startTime: iso(startsAt),
          endTime: iso(startsAt + 1_800_000),
        };
        return { data: { eventCall: { message: 'ok', status: 200, data } } };
      }
      case 'GET /v1/eventCalls': {
        const seen = [...(this.ignoresFilter ? this.strangers : []), ...this.calls];
        const eventCalls = seen
          .filter(({ createdAt }) => createdAt <= this.now - this.searchLagMs)
          .map(({ id, contactId, startsAt }) => ({
            id,
            contactId,
            linkPrefix: EVENT,
            dateTimeUTC: new Date(startsAt).toISOString(),
          }));
        return { data: { eventCalls, count: eventCalls.length } };
      }
      default:
        throw new Error(`unexpected ${call.endpoint}`);
    }
  }

  lead(name = 'one', config: EventConfig = {}): Lead {
    const lead = new Lead(this, name, config);
    this.leads.push(lead);
    return lead;
  }

  claim(request: Omit<Claim, 'state' | 'until'>): ClaimAnswer {
    const decide = () => decideClaim(this.claims, request, 'allow', this.now);
    let decision = decide();
    if (decision.kind === 'contested' && decision.mayBeDead) {
      const { by } = decision;
      const holder = this.leads.find(({ name }) => name === by.leadId);
      if (!mayBecomeCall(holder?.record.booking, by.startsAt)) {
        this.claims.splice(this.claims.indexOf(by), 1);
        decision = decide();
      }
    }
    if (decision.kind === 'contested') return { ok: false, code: 'attempt_conflict', retryAfterSeconds: 2 };
    if (decision.kind === 'already_booked') return { ok: false, code: 'already_booked' };
    const { claim } = decision;
    const stays = this.claims.filter((each) => !(each.attempt === claim.attempt && each.state === 'open'));
    this.claims.splice(0, this.claims.length, ...stays, claim);
    return { ok: true };
  }

  /** Everything that becomes due until then, of all leads, in the order of time. */
  async runUntil(end: number): Promise<void> {
    for (let steps = 0; ; steps += 1) {
      assert.ok(steps < 5_000, 'the world comes to rest');
      let next: { lead: Lead; due: number } | undefined;
      for (const lead of this.leads) {
        const due = lead.stored === undefined ? undefined : nextDue(lead.record);
        if (due !== undefined && (next === undefined || due < next.due)) next = { lead, due };
      }
      if (next === undefined || next.due > end) break;
      if (next.due > this.now) this.pass(next.due - this.now);
      await next.lead.drive();
    }
    if (this.now < end) this.pass(end - this.now);
  }
}

export class Lead {
  stored: LeadRecord | undefined;
  readonly ports: LeadPorts;
  readonly name: string;
  readonly #world: World;
  /** A visitor waits until then. */
  waitsUntil = 0;
  /** Runs while a call is under way, as a request would that comes in meanwhile. */
  meanwhile: ((endpoint: Endpoint) => unknown) | undefined;
  claimAnswers: ClaimAnswer[] = [];
  settlements: object[] = [];
  alerts: string[] = [];

  constructor(world: World, name: string, config: EventConfig) {
    this.#world = world;
    this.name = name;
    this.ports = {
      now: () => world.now,
      random: world.random,
      read: () => this.record,
      write: (record) => {
        this.stored = record;
      },
      config: () => config,
      alert: async (cause, subject) => {
        this.alerts.push(`${cause} ${subject}`);
      },
      urgency: () => ({ class: world.now < this.waitsUntil ? 1 : 3, waitMs: 8_000 }),
      ask: async (call, _urgency, beforeSend) => {
        const outcome = world.ask(call, name, beforeSend);
        this.meanwhile?.(call.endpoint);
        return await outcome;
      },
      claim: async (request) => this.claimAnswers.shift() ?? world.claim({ ...request, leadId: name }),
      settle: async (settlement) => {
        this.settlements.push(settlement);
        const { contactId, startsAt, attempt, outcome, endsAt } = settlement;
        const at = world.claims.findIndex((each) => each.attempt === attempt && each.startsAt === startsAt);
        const [claim] = at < 0 ? [] : world.claims.splice(at, 1);
        const base = claim ?? { contactId, startsAt, attempt, leadId: name, state: 'open' as const, until: world.now };
        if (outcome === 'booked') world.claims.push(bookedClaim(base, endsAt ?? startsAt));
      },
      isStillOpen: async () => world.isOpen,
      alternatives: async () => ({ nearest: ['2026-11-26T19:00Z'] }),
    };
  }

  get record(): LeadRecord {
    assert.ok(this.stored);
    return this.stored;
  }

  get booking() {
    return this.record.booking;
  }

  /** A request of the visitor, who then waits up to 15 s. */
  take(input: LeadInput): string {
    const request = { ...input.request, attempt: `attempt-${this.name}` };
    const taken = takeStep(this.stored, { ...input, request, leadId: this.name }, this.#world.now);
    if (!taken.ok) return taken.code;
    if (taken.record) this.stored = taken.record;
    this.waitsUntil = this.#world.now + 15_000;
    return 'ok';
  }

  async drive(): Promise<void> {
    await drive(this.ports).catch((error: unknown) => {
      if (!(error instanceof Error && error.message === 'cut off')) throw error;
    });
  }
}
