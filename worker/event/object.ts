/**
 * The Event: one object per account and event. Holds the public description, slot sets per host set, what was offered from
 * them, and who has claimed what. Knows no visitor: a contact is a number here. Decisions stand in the kernels beside it.
 */
import { DurableObject } from 'cloudflare:workers';
import {
  CANARY_FRESH_MS,
  DESCRIPTION_FRESH_MS,
  DESCRIPTION_STALE_AT_MOST_MS,
  GATE_DEADLINE_MS,
  HORIZON_DAYS,
  PERMIT_JITTER_SECONDS,
  SLOTS_FRESH_MS,
  SLOTS_STALE_AT_MOST_MS,
} from '../../shared/limits.ts';
import type { ProblemCode } from '../../shared/problems.ts';
import type { SlotPage } from '../../shared/protocol.ts';
import { type EventConfig, resolveEvent } from '../config/events.ts';
import { settingsOf } from '../config/settings.ts';
import type { Env } from '../env.ts';
import { burstOf } from '../gate/burst.ts';
import { type PermitClass, paceOf } from '../gate/lane.ts';
import { askDates, type DatesAnswer, readDates } from '../iclosed/dates.ts';
import {
  type AccountField,
  askEventDetail,
  askFields,
  type EventDetail,
  readEventDetail,
  readFields,
} from '../iclosed/event-detail.ts';
import type { Failure } from '../iclosed/failure.ts';
import { log } from '../log.ts';
import { leadStub } from '../objects.ts';
import { askIclosed, type Outcome } from '../upstream.ts';
import { CANARY_ZONES, type CanaryVerdict, canaryDay, canaryFrom, compareZones } from './canary.ts';
import { bookedClaim, type Claim, decideClaim } from './claims.ts';
import { describeEvent, type EventDescription, needsFields } from './describe.ts';
import { keyOf, replaceSet, type SlotSet, wasOffered } from './shelf.ts';
import {
  bookable,
  dayAfter,
  horizonEnd,
  instantsOf,
  monthAfter,
  monthOf,
  nearestTo,
  type SlotWindow,
  startWalk,
  stepWalk,
  type Walk,
  windowOf,
} from './windows.ts';

const SCHEMA = 1;
const FIELD_PAGES_AT_MOST = 5;
const LOOKED_AT_MS = 120_000;
const WALK_RESUMED_WITHIN_MS = 60_000;

export interface Refusal {
  ok: false;
  code: ProblemCode;
  retryAfterSeconds?: number;
}
export type DescribeAnswer = { ok: true; description: EventDescription } | Refusal;
export type SlotsAnswer = { ok: true; page: SlotPage } | Refusal;
export type ClaimAnswer = { ok: true } | (Refusal & { slots?: SlotPage; nearest?: string[] });

export interface ClaimRequest {
  contactId: number;
  startsAt: number;
  attempt: string;
  leadId: string;
  hosts: string;
}
export interface Settlement {
  contactId: number;
  startsAt: number;
  attempt: string;
  outcome: 'booked' | 'free';
  endsAt?: number;
  /** The instant is gone for these hosts, by a booking or because iClosed said so. */
  isTaken: boolean;
  /** iClosed booked another instant than was asked. */
  isShifted?: boolean;
}

interface StoredDetail {
  detail: EventDetail;
  fields: AccountField[];
  at: number;
}

export class EventObject extends DurableObject<Env> {
  readonly #refreshes = new Map<string, Promise<Outcome<SlotSet>>>();
  readonly #walks = new Map<string, { window: SlotWindow; walk: Walk; startedAt: number }>();
  readonly #lookedAt = new Map<string, number>();
  #describing: Promise<Outcome<StoredDetail>> | undefined;
  #canarying: Promise<CanaryVerdict> | undefined;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    if (this.#kv.get('schema') === SCHEMA) return;
    state.storage.sql.exec(
      `CREATE TABLE IF NOT EXISTS claims (contact_id INTEGER, starts_at INTEGER, attempt TEXT, lead_id TEXT, state TEXT,
       until INTEGER, PRIMARY KEY (contact_id, starts_at)) WITHOUT ROWID`,
    );
    this.#kv.put('schema', SCHEMA);
  }

  // --- what it is ---

  async describe(event: string): Promise<DescribeAnswer> {
    const resolved = resolveEvent(settingsOf(this.env).events, event);
    if (!resolved) return { ok: false, code: 'event_unknown' };
    const stored = this.#kv.get<StoredDetail>('detail');
    const now = Date.now();
    let current = stored;
    if (!stored || now - stored.at > DESCRIPTION_FRESH_MS) {
      const asked = await this.#refreshDetail(event, resolved.config);
      if (asked.ok) current = asked.value;
      else if (!stored || now - stored.at > DESCRIPTION_STALE_AT_MOST_MS) return this.#refuse(asked, 'event_unknown');
      else if (asked.failure?.kind === 'not_found') return { ok: false, code: 'event_unknown' };
    }
    if (!current) return { ok: false, code: 'unavailable', retryAfterSeconds: 5 };
    const description = describeEvent(event, current.detail, current.fields, resolved.config);
    if (this.#verdict() === 'differs') description.public.mode = 'link';
    return { ok: true, description };
  }

  #refreshDetail(event: string, config: EventConfig): Promise<Outcome<StoredDetail>> {
    this.#describing ??= this.#askDetail(event, config).finally(() => {
      this.#describing = undefined;
    });
    return this.#describing;
  }

  async #askDetail(event: string, config: EventConfig): Promise<Outcome<StoredDetail>> {
    const urgency = { class: 1, waitMs: GATE_DEADLINE_MS } as const;
    const answer = await askIclosed(this.env, askEventDetail(event), urgency);
    if (!answer.ok) return answer;
    const detail = readEventDetail(answer.value);
    if (!detail) return { ok: false, failure: { kind: 'unreadable', certain: false, text: '' } };
    const fields: AccountField[] = [];
    for (let page = 0; needsFields(detail, config) && page < FIELD_PAGES_AT_MOST; page += 1) {
      const asked = await askIclosed(this.env, askFields(page), urgency);
      if (!asked.ok) return asked;
      const read = readFields(asked.value);
      fields.push(...read.fields);
      if (!read.hasMore) break;
    }
    const stored = { detail, fields, at: Date.now() };
    this.#kv.put('detail', stored);
    return { ok: true, value: stored };
  }

  // --- its times ---

  /** The month's open times for these hosts, from the held set while it is fresh. */
  async slots(event: string, hosts: string, month: string, urgency: PermitClass): Promise<SlotsAnswer> {
    if (this.#verdict() === 'differs') return { ok: false, code: 'event_unavailable' };
    const window = windowOf(month, Date.now(), this.#horizonDays(event));
    if (!window) return { ok: true, page: this.#emptyPage(event, month) };
    const key = keyOf(hosts, month);
    this.#lookedAt.set(key, Date.now());
    const held = this.#set(key);
    if (held && this.#isFresh(held)) return { ok: true, page: this.#page(event, held) };
    const refreshed = await this.#refresh(event, hosts, window, urgency);
    if (refreshed.ok) return { ok: true, page: this.#page(event, refreshed.value) };
    if (held && Date.now() - held.asOf <= SLOTS_STALE_AT_MOST_MS) {
      return { ok: true, page: { ...this.#page(event, held), stale: true } };
    }
    return this.#refuse(refreshed, 'event_unavailable');
  }

  /** After a refused booking: asks afresh and says whether the instant is still there. */
  async isStillOpen(event: string, hosts: string, startsAt: number): Promise<boolean | undefined> {
    const window = windowOf(monthOf(startsAt), Date.now(), this.#horizonDays(event));
    if (!window) return false;
    const refreshed = await this.#refresh(event, hosts, window, 2);
    return refreshed.ok ? refreshed.value.instants.includes(startsAt) : undefined;
  }

  #refresh(event: string, hosts: string, window: SlotWindow, urgency: PermitClass): Promise<Outcome<SlotSet>> {
    const key = keyOf(hosts, window.month);
    let refresh = this.#refreshes.get(key);
    if (!refresh) {
      refresh = this.#walk(event, hosts, window, urgency).finally(() => this.#refreshes.delete(key));
      this.#refreshes.set(key, refresh);
    }
    return refresh;
  }

  /** Walks over iClosed's short windows; where the gate is busy the next caller goes on from here. */
  async #walk(event: string, hosts: string, window: SlotWindow, urgency: PermitClass): Promise<Outcome<SlotSet>> {
    const key = keyOf(hosts, window.month);
    const left = this.#walks.get(key);
    const isResumed = left?.window.firstDay === window.firstDay && Date.now() - left.startedAt < WALK_RESUMED_WITHIN_MS;
    const startedAt = left && isResumed ? left.startedAt : Date.now();
    let walk = left && isResumed ? left.walk : startWalk(window);
    this.#walks.delete(key);
    const timeZone = settingsOf(this.env).slotTimeZone;
    for (let isDone = false; !isDone; ) {
      const asked = await this.#askDay(event, hosts, walk.anchor, timeZone, urgency);
      if (!asked.ok) {
        if (!asked.failure) this.#walks.set(key, { window, walk, startedAt });
        return asked;
      }
      ({ isDone, ...walk } = stepWalk(walk, window, asked.value));
    }
    const instants = instantsOf(walk, window);
    const set = replaceSet(this.#set(key), { hosts, month: window.month, instants, asOf: startedAt });
    this.#kv.put(`set:${key}`, set);
    log('slots_refreshed', { event, month: window.month, calls: walk.calls, slots: instants.length });
    return { ok: true, value: set };
  }

  async #askDay(
    event: string,
    hosts: string,
    day: string,
    timeZone: string,
    urgency: PermitClass,
  ): Promise<Outcome<DatesAnswer>> {
    const call = askDates({ event, timeZone, day, hosts });
    const answer = await askIclosed(this.env, call, { class: urgency, waitMs: GATE_DEADLINE_MS });
    if (!answer.ok) return answer;
    const dates = readDates(answer.value, timeZone);
    if (!dates) return { ok: false, failure: { kind: 'unreadable', certain: false, text: '' } };
    return { ok: true, value: dates };
  }

  // --- who may book ---

  /** Checks zone, offer and earlier claims, then holds the instant for this contact. */
  async claim(event: string, request: ClaimRequest): Promise<ClaimAnswer> {
    if ((await this.#askCanary(event, request.hosts, request.startsAt)) === 'differs') {
      return { ok: false, code: 'event_unavailable' };
    }
    const set = this.#setWith(request.hosts, request.startsAt);
    if (!set || !this.#isBookable(event, request.startsAt)) {
      return { ok: false, code: 'slot_not_offered', ...(await this.#alternatives(event, request)) };
    }
    if (this.#isWithheld(set, request.startsAt)) {
      return { ok: false, code: 'slot_taken', ...(await this.#alternatives(event, request)) };
    }
    let decision = this.#decide(event, request);
    if (decision.kind === 'contested' && decision.mayBeDead && (await this.#isAbandoned(decision.by))) {
      this.#dropClaim(decision.by);
      decision = this.#decide(event, request);
    }
    if (decision.kind === 'contested') return { ok: false, code: 'attempt_conflict', retryAfterSeconds: 2 };
    if (decision.kind === 'already_booked') return { ok: false, code: 'already_booked' };
    this.#putClaim(decision.claim);
    return { ok: true };
  }

  /** The end of a claim: a booked call stays as a tombstone, anything else frees the contact. */
  settle(event: string, settlement: Settlement): void {
    const { contactId, startsAt, attempt, outcome } = settlement;
    const now = Date.now();
    const claim = this.#claims(contactId).find((each) => each.startsAt === startsAt && each.attempt === attempt);
    if (outcome === 'booked') {
      const base = claim ?? { contactId, startsAt, attempt, leadId: '', state: 'open' as const, until: now };
      this.#putClaim(bookedClaim(base, settlement.endsAt ?? startsAt));
    } else if (claim?.state === 'open') {
      this.#dropClaim(claim);
    }
    if (settlement.isTaken) this.#kv.put(`withheld:${startsAt}`, now);
    if (settlement.isShifted) this.#putVerdict('differs');
    if (settlement.isShifted) log('zone_mismatch', { event });
    this.ctx.storage.sql.exec(`DELETE FROM claims WHERE state = 'booked' AND until < ?`, now);
  }

  /** Times near the one that could not be had. */
  async alternatives(
    event: string,
    hosts: string,
    startsAt: number,
  ): Promise<{ slots?: SlotPage; nearest?: string[] }> {
    return this.#alternatives(event, { hosts, startsAt });
  }

  async #alternatives(event: string, { hosts, startsAt }: Pick<ClaimRequest, 'hosts' | 'startsAt'>) {
    const answer = await this.slots(event, hosts, monthOf(startsAt), 1);
    if (!answer.ok) return {};
    const open = answer.page.slots.map((each) => Date.parse(each));
    return { slots: answer.page, nearest: nearestTo(open, startsAt).map(instantText) };
  }

  #decide(event: string, request: ClaimRequest) {
    const repeat = this.#config(event).repeatBooking ?? 'allow';
    return decideClaim(this.#claims(request.contactId), request, repeat, Date.now());
  }

  /** Never in SENT or AMBIGUOUS: only the Lead knows whether its booking is still on its way. */
  async #isAbandoned(claim: Claim): Promise<boolean> {
    try {
      return await leadStub(this.env, claim.leadId).hasAbandoned(claim.startsAt);
    } catch {
      return false;
    }
  }

  // --- the zone canary ---

  #verdict(): CanaryVerdict {
    const known = this.#kv.get<{ verdict: CanaryVerdict; at: number }>('canary');
    return known?.verdict ?? 'unknown';
  }

  #putVerdict(verdict: CanaryVerdict): void {
    this.#kv.put('canary', { verdict, at: Date.now() });
  }

  /** Before the first booking and once a day; an answer that proves nothing stops nobody. */
  async #askCanary(event: string, hosts: string, startsAt: number): Promise<CanaryVerdict> {
    const known = this.#kv.get<{ verdict: CanaryVerdict; at: number }>('canary');
    if (known && Date.now() - known.at < CANARY_FRESH_MS) return known.verdict;
    this.#canarying ??= this.#compareZones(event, hosts, startsAt).finally(() => {
      this.#canarying = undefined;
    });
    return this.#canarying;
  }

  async #compareZones(event: string, hosts: string, startsAt: number): Promise<CanaryVerdict> {
    const answers: DatesAnswer[] = [];
    for (const { timeZone } of CANARY_ZONES) {
      const asked = await this.#askDay(event, hosts, canaryDay(startsAt, timeZone), timeZone, 2);
      if (!asked.ok) return 'unknown';
      answers.push(asked.value);
    }
    const [a, b] = answers;
    if (!a || !b) return 'unknown';
    const verdict = compareZones(a, b, canaryFrom(startsAt));
    log('zone_canary', { event, verdict });
    if (verdict !== 'unknown') this.#putVerdict(verdict);
    return verdict;
  }

  // --- storage and small things ---

  get #kv() {
    return this.ctx.storage.kv;
  }

  #set(key: string): SlotSet | undefined {
    return this.#kv.get<SlotSet>(`set:${key}`);
  }

  /** A set of these hosts that offered the instant; months overlap by a day. */
  #setWith(hosts: string, startsAt: number): SlotSet | undefined {
    const month = monthOf(startsAt);
    const before = monthOf(Date.parse(`${month}-01T00:00:00Z`) - 1);
    return [month, before, monthAfter(month)]
      .map((each) => this.#set(keyOf(hosts, each)))
      .find((set) => wasOffered(set, startsAt, Date.now()));
  }

  #claims(contactId: number): Claim[] {
    const rows = this.ctx.storage.sql.exec<{
      contact_id: number;
      starts_at: number;
      attempt: string;
      lead_id: string;
      state: 'open' | 'booked';
      until: number;
    }>('SELECT * FROM claims WHERE contact_id = ?', contactId);
    return [...rows].map((row) => ({
      contactId: row.contact_id,
      startsAt: row.starts_at,
      attempt: row.attempt,
      leadId: row.lead_id,
      state: row.state,
      until: row.until,
    }));
  }

  /** An attempt holds one open claim at a time. */
  #putClaim(claim: Claim): void {
    const { sql } = this.ctx.storage;
    sql.exec(
      `DELETE FROM claims WHERE contact_id = ? AND attempt = ? AND state = 'open' AND starts_at <> ?`,
      claim.contactId,
      claim.attempt,
      claim.startsAt,
    );
    sql.exec(
      'INSERT OR REPLACE INTO claims VALUES (?, ?, ?, ?, ?, ?)',
      claim.contactId,
      claim.startsAt,
      claim.attempt,
      claim.leadId,
      claim.state,
      claim.until,
    );
  }

  #dropClaim(claim: Claim): void {
    this.ctx.storage.sql.exec(
      `DELETE FROM claims WHERE contact_id = ? AND starts_at = ? AND state = 'open'`,
      claim.contactId,
      claim.startsAt,
    );
  }

  #isWithheld(set: SlotSet, instant: number): boolean {
    return (this.#kv.get<number>(`withheld:${instant}`) ?? 0) >= set.asOf;
  }

  #isBookable(event: string, instant: number): boolean {
    return bookable([instant], Date.now(), this.#horizonDays(event)).length === 1;
  }

  /** Fresh for at least 15 s, longer while many sets share the lane's rate; a withheld instant asks for a new look. */
  #isFresh(set: SlotSet): boolean {
    const now = Date.now();
    for (const [key, at] of this.#lookedAt) if (now - at > LOOKED_AT_MS) this.#lookedAt.delete(key);
    const { rate } = settingsOf(this.env);
    const pace = paceOf(rate, burstOf('POST /v1/events/eventDates', rate.points), PERMIT_JITTER_SECONDS);
    const callsPerRefresh = 6;
    const sharedMs = callsPerRefresh * this.#lookedAt.size * pace.intervalMs * 2;
    if (now - set.asOf > Math.max(SLOTS_FRESH_MS, sharedMs)) return false;
    return !set.instants.some((each) => this.#isWithheld(set, each));
  }

  #config(event: string): EventConfig {
    return resolveEvent(settingsOf(this.env).events, event)?.config ?? {};
  }

  #horizonDays(event: string): number {
    return this.#config(event).horizonDays ?? HORIZON_DAYS;
  }

  #page(event: string, set: SlotSet): SlotPage {
    const open = bookable(set.instants, Date.now(), this.#horizonDays(event));
    const slots = open.filter((each) => !this.#isWithheld(set, each)).map(instantText);
    return { ...this.#emptyPage(event, set.month), slots, asOf: new Date(set.asOf).toISOString() };
  }

  #emptyPage(event: string, month: string): SlotPage {
    const now = Date.now();
    const days = this.#horizonDays(event);
    const window = windowOf(month, now, days);
    const until = horizonEnd(now, days);
    let nextMonth = monthAfter(month);
    // A month that is held, fresh and empty is known to be empty.
    for (let set = this.#set(keyOf('', nextMonth)); set && this.#isFresh(set) && set.instants.length === 0; ) {
      nextMonth = monthAfter(nextMonth);
      set = this.#set(keyOf('', nextMonth));
    }
    return {
      v: 1,
      month,
      from: `${window?.firstDay ?? `${month}-01`}T00:00Z`,
      to: `${dayAfter(window?.lastDay ?? `${month}-01`)}T00:00Z`,
      slots: [],
      asOf: new Date(now).toISOString(),
      ...(windowOf(nextMonth, now, days) ? { nextMonth } : {}),
      until: new Date(until).toISOString(),
    };
  }

  /** Nothing of iClosed's own words goes further than this. */
  #refuse(outcome: { failure?: Failure; retryAfterSeconds?: number }, notFound: ProblemCode): Refusal {
    if (!outcome.failure) return { ok: false, code: 'busy', retryAfterSeconds: outcome.retryAfterSeconds ?? 1 };
    const { kind, retryAfterSeconds } = outcome.failure;
    if (kind === 'not_found' || kind === 'validation') return { ok: false, code: notFound };
    if (kind === 'rate_limited') return { ok: false, code: 'busy', retryAfterSeconds: retryAfterSeconds ?? 1 };
    return { ok: false, code: 'unavailable', retryAfterSeconds: 5 };
  }
}

/** `2026-12-01T09:00Z`. */
function instantText(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 16)}Z`;
}
