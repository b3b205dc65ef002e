/**
 * The Event's rules: description, slot sets per hosts and month, what was offered from them, the zone canary, who has claimed
 * what. Pure but for its ports: storage, the way to iClosed and the time are passed in, so that the same code runs in the object
 * and in virtual time. Knows no visitor: a contact is a number here.
 */
import {
  CANARY_FRESH_MS,
  DESCRIPTION_FRESH_MS,
  DESCRIPTION_STALE_AT_MOST_MS,
  GATE_DEADLINE_MS,
  HORIZON_DAYS,
  SLOTS_FRESH_MS,
  SLOTS_REVALIDATED_WITHIN_MS,
  SLOTS_STALE_AT_MOST_MS,
} from '../../shared/limits.ts';
import type { ProblemCode } from '../../shared/problems.ts';
import type { SlotPage } from '../../shared/protocol.ts';
import type { EventConfig } from '../config/events.ts';
import type { PermitClass } from '../gate/lane.ts';
import type { Outcome, Urgency } from '../gate/through.ts';
import { askDates, type DatesAnswer, readDates } from '../iclosed/dates.ts';
import {
  type AccountField,
  askEventDetail,
  askFields,
  type EventDetail,
  readEventDetail,
  readFields,
} from '../iclosed/event-detail.ts';
import { readNewest, searchNewest } from '../iclosed/call-search.ts';
import { type Failure, isPermanent } from '../iclosed/failure.ts';
import type { UpstreamCall } from '../iclosed/request.ts';
import { instantText } from '../instant.ts';
import type { AlertCause } from '../owner/alerts.ts';
import { CANARY_ZONES, type CanaryVerdict, canaryDay, canaryFrom, compareZones, unchanged } from './canary.ts';
import { bookedClaim, type Claim, decideClaim, unclearClaim } from './claims.ts';
import { describeEvent, type EventDescription, needsFields } from './describe.ts';
import { keyOf, replaceSet, type SlotSet, wasOffered } from './shelf.ts';
import {
  bookable,
  dayAfter,
  dayOf,
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

const FIELD_PAGES_AT_MOST = 5;
const LOOKED_AT_MS = 120_000;
const NO_TIMES_IN_MS = 14 * 86_400_000;
/** Long enough for a walk to end where many sets share a slow lane: one that starts anew each time never does. */
const WALK_RESUMED_WITHIN_MS = 5 * 60_000;

export interface Refusal {
  ok: false;
  code: ProblemCode;
  retryAfterSeconds?: number;
}
export type DescribeAnswer = { ok: true; description: EventDescription } | Refusal;
export type SlotsAnswer = { ok: true; page: SlotPage } | Refusal;
export type ClaimAnswer = { ok: true; knownCallId?: number } | (Refusal & { slots?: SlotPage; nearest?: string[] });

export interface ClaimRequest {
  contactId: number;
  startsAt: number;
  attempt: string;
  leadId: string;
  hosts: string;
  /** This attempt has a call at that instant, which is to be moved. */
  movesFrom?: number;
}
export interface Settlement {
  contactId: number;
  startsAt: number;
  attempt: string;
  /** `released`: there was a call, and it is moved away or cancelled. */
  outcome: 'booked' | 'free' | 'unclear' | 'released';
  endsAt?: number;
  /** The booked call's number at iClosed. */
  callId?: number;
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

/** What the desk needs from the object that it sits in. */
export interface DeskPorts {
  now(): number;
  config(): EventConfig | undefined;
  slotTimeZone: string;
  /** Milliseconds between permits of the lane for times, in the long run. */
  datesIntervalMs: number;
  get<T>(key: string): T | undefined;
  put<T>(key: string, value: T): void;
  claims(contactId: number): Claim[];
  /** Stores the claim; an attempt holds one open claim of a contact at a time. */
  putClaim(claim: Claim): void;
  /** Drops an open claim. */
  dropClaim(claim: Claim): void;
  /** Drops a settled claim: its call is no longer there. */
  releaseClaim(claim: Claim): void;
  forgetClaims(bookedUntil: number): void;
  /** The greatest call number among the kept claims. */
  newestCallId(): number | undefined;
  ask(call: UpstreamCall, urgency: Urgency): Promise<Outcome<unknown>>;
  lift(token: string, to: PermitClass): void;
  /** Asks a claim's Lead whether its booking is surely not on its way. */
  isAbandoned(claim: Claim): Promise<boolean>;
  /** Tells the gate that a cause for the owner holds, or holds no more. */
  alert(cause: AlertCause, isOn: boolean): void;
  log(what: string, facts: Record<string, string | number | boolean>): void;
}

/** A refresh that is under way; whoever joins it may make it more urgent. */
interface Refresh {
  promise: Promise<Outcome<SlotSet>>;
  urgency: PermitClass;
}

/** Stands where a refresh's promise will stand a moment later. */
const UNSTARTED = Promise.resolve<Outcome<SlotSet>>({ ok: false, retryAfterSeconds: 1, isAway: false });

export class Desk {
  readonly #event: string;
  readonly #ports: DeskPorts;
  readonly #refreshes = new Map<string, Refresh>();
  readonly #walks = new Map<string, { window: SlotWindow; walk: Walk; startedAt: number }>();
  readonly #lookedAt = new Map<string, number>();
  #describing: Promise<Outcome<StoredDetail>> | undefined;
  #canarying: Promise<CanaryVerdict> | undefined;

  /** @param event `account/event-name` */
  constructor(event: string, ports: DeskPorts) {
    this.#event = event;
    this.#ports = ports;
  }

  // --- what it is ---

  async describe(): Promise<DescribeAnswer> {
    const config = this.#ports.config();
    if (!config) return { ok: false, code: 'event_unknown' };
    const stored = this.#ports.get<StoredDetail>('detail');
    const now = this.#ports.now();
    let current = stored;
    if (!stored || now - stored.at > DESCRIPTION_FRESH_MS) {
      const asked = await this.#refreshDetail(config);
      if (asked.ok) current = asked.value;
      else if (!stored || now - stored.at > DESCRIPTION_STALE_AT_MOST_MS) return this.#refuse(asked, 'event_unknown');
      else if (asked.failure?.kind === 'not_found') return { ok: false, code: 'event_unknown' };
    }
    if (!current) return { ok: false, code: 'unavailable', retryAfterSeconds: 5 };
    const description = describeEvent(this.#event, current.detail, current.fields, config);
    if (current !== stored) {
      for (const sentence of description.faults) this.#ports.log('event_fault', { event: this.#event, sentence });
    }
    if (this.#verdict() === 'differs') description.public.mode = 'link';
    return { ok: true, description };
  }

  #refreshDetail(config: EventConfig): Promise<Outcome<StoredDetail>> {
    this.#describing ??= this.#askDetail(config).finally(() => {
      this.#describing = undefined;
    });
    return this.#describing;
  }

  async #askDetail(config: EventConfig): Promise<Outcome<StoredDetail>> {
    const urgency = { class: 1, waitMs: GATE_DEADLINE_MS } as const;
    const answer = await this.#ports.ask(askEventDetail(this.#event), urgency);
    if (!answer.ok && answer.failure?.kind === 'not_found') this.#tell('event_unavailable', true);
    if (!answer.ok) return answer;
    const detail = readEventDetail(answer.value);
    if (detail) this.#tell('event_unavailable', !detail.isActive);
    if (!detail) return { ok: false, failure: { kind: 'unreadable', certain: false, text: '' } };
    const fields: AccountField[] = [];
    for (let page = 0; needsFields(detail, config) && page < FIELD_PAGES_AT_MOST; page += 1) {
      const asked = await this.#ports.ask(askFields(page), urgency);
      if (!asked.ok) return asked;
      const read = readFields(asked.value);
      fields.push(...read.fields);
      if (!read.hasMore) break;
    }
    const stored = { detail, fields, at: this.#ports.now() };
    this.#ports.put('detail', stored);
    return { ok: true, value: stored };
  }

  // --- its times ---

  /** The month's open times for these hosts: the held set while it is young, an older one while a new one is on its way. */
  async slots(hosts: string, month: string, urgency: PermitClass): Promise<SlotsAnswer> {
    if (this.#verdict() === 'differs') return { ok: false, code: 'event_unavailable' };
    const now = this.#ports.now();
    const window = windowOf(month, now, this.#horizonDays());
    if (!window) return { ok: true, page: this.#emptyPage(month) };
    const key = keyOf(hosts, month);
    this.#lookedAt.set(key, now);
    const held = this.#set(key);
    if (held && this.#isFresh(held)) return { ok: true, page: this.#page(held) };
    if (held && !this.#hasWithheld(held) && now - held.asOf <= SLOTS_REVALIDATED_WITHIN_MS) {
      void this.#refresh(hosts, window, 4);
      return { ok: true, page: this.#page(held) };
    }
    const refreshed = await this.#refresh(hosts, window, urgency);
    if (refreshed.ok) return { ok: true, page: this.#page(refreshed.value) };
    if (held && this.#ports.now() - held.asOf <= SLOTS_STALE_AT_MOST_MS) {
      return { ok: true, page: { ...this.#page(held), stale: true } };
    }
    return this.#refuse(refreshed, 'event_unavailable');
  }

  /** After a refused booking: asks for that day afresh and says whether the instant is still there. */
  async isStillOpen(hosts: string, startsAt: number): Promise<boolean | undefined> {
    const asked = await this.#askDay(hosts, dayOf(startsAt), this.#ports.slotTimeZone, { class: 2 });
    if (!asked.ok) return undefined;
    const isOpen = asked.value.instants.includes(startsAt);
    if (!isOpen) this.#withhold(startsAt, this.#ports.now());
    return isOpen;
  }

  /** One refresh per set at a time; a visitor who joins one that was queued for nobody lifts it. */
  #refresh(hosts: string, window: SlotWindow, urgency: PermitClass): Promise<Outcome<SlotSet>> {
    const key = keyOf(hosts, window.month);
    const running = this.#refreshes.get(key);
    if (running) {
      if (urgency < running.urgency) {
        running.urgency = urgency;
        this.#ports.lift(this.#token(key), urgency);
      }
      return running.promise;
    }
    const refresh: Refresh = { urgency, promise: UNSTARTED };
    this.#refreshes.set(key, refresh);
    refresh.promise = this.#walk(hosts, window, refresh).finally(() => this.#refreshes.delete(key));
    return refresh.promise;
  }

  /** Walks over iClosed's short windows; where the gate is busy or a call fails, the next caller goes on from here. */
  async #walk(hosts: string, window: SlotWindow, refresh: Refresh): Promise<Outcome<SlotSet>> {
    const key = keyOf(hosts, window.month);
    const { slotTimeZone: timeZone } = this.#ports;
    const now = this.#ports.now();
    const left = this.#walks.get(key);
    const isResumed = left?.window.firstDay === window.firstDay && now - left.startedAt < WALK_RESUMED_WITHIN_MS;
    const startedAt = left && isResumed ? left.startedAt : now;
    let walk = left && isResumed ? left.walk : startWalk(window);
    this.#walks.delete(key);
    for (let isDone = false; !isDone; ) {
      const urgency = { class: refresh.urgency, token: this.#token(key) };
      const asked = await this.#askDay(hosts, walk.anchor, timeZone, urgency);
      if (!asked.ok) {
        if (!asked.failure || !isPermanent(asked.failure)) this.#walks.set(key, { window, walk, startedAt });
        return asked;
      }
      ({ isDone, ...walk } = stepWalk(walk, window, asked.value));
    }
    const instants = instantsOf(walk, window);
    const next = { hosts, month: window.month, instants, asOf: startedAt, calls: walk.calls };
    const set = replaceSet(this.#set(key), next);
    this.#ports.put(`set:${key}`, set);
    if (hosts === '') this.#lookForTimes(window);
    this.#ports.log('slots_refreshed', {
      event: this.#event,
      month: window.month,
      calls: walk.calls,
      slots: instants.length,
    });
    return { ok: true, value: set };
  }

  /** Without a free time in two weeks the owner hears of it; said only where both weeks are known. */
  #lookForTimes(window: SlotWindow): void {
    const now = this.#ports.now();
    const until = now + NO_TIMES_IN_MS;
    const held = [this.#set(keyOf('', monthOf(now))), this.#set(keyOf('', monthOf(until)))];
    const isKnown = held.every((set) => set !== undefined && now - set.asOf < SLOTS_STALE_AT_MOST_MS);
    const hasTimes = held.some((set) => set?.instants.some((each) => each > now && each <= until));
    if (hasTimes) this.#tell('no_times', false);
    else if (isKnown || dayOf(until) <= window.lastDay) this.#tell('no_times', true);
  }

  /** Once per change: the gate need not hear the same at each refresh. */
  #tell(cause: AlertCause, isOn: boolean): void {
    const key = `told:${cause}`;
    if ((this.#ports.get<boolean>(key) ?? false) === isOn) return;
    this.#ports.put(key, isOn);
    this.#ports.alert(cause, isOn);
  }

  #token(key: string): string {
    return `${this.#event}|${key}`;
  }

  async #askDay(
    hosts: string,
    day: string,
    timeZone: string,
    urgency: Omit<Urgency, 'waitMs'>,
  ): Promise<Outcome<DatesAnswer>> {
    const call = askDates({ event: this.#event, timeZone, day, hosts });
    const answer = await this.#ports.ask(call, { ...urgency, waitMs: GATE_DEADLINE_MS });
    if (!answer.ok) return answer;
    const dates = readDates(answer.value, timeZone);
    if (!dates) return { ok: false, failure: { kind: 'unreadable', certain: false, text: '' } };
    return { ok: true, value: dates };
  }

  // --- who may book ---

  /** Checks zone, offer and earlier claims, then holds the instant for this contact. */
  async claim(request: ClaimRequest): Promise<ClaimAnswer> {
    if ((await this.#askCanary(request.hosts, request.startsAt)) === 'differs') {
      return { ok: false, code: 'event_unavailable' };
    }
    const { hosts, startsAt } = request;
    const set = this.#setWith(hosts, startsAt);
    if (!set || !this.#isBookable(startsAt)) {
      return { ok: false, code: 'slot_not_offered', ...(await this.alternatives(hosts, startsAt)) };
    }
    if (this.#isWithheld(set, startsAt)) {
      // Somebody was quicker; whether another host is free then, only a new look tells.
      const fresh = await this.alternatives(hosts, startsAt);
      if (!fresh.slots?.slots.includes(instantText(startsAt))) return { ok: false, code: 'slot_taken', ...fresh };
    }
    let decision = this.#decide(request);
    if (decision.kind === 'contested' && decision.mayBeDead && (await this.#ports.isAbandoned(decision.by))) {
      this.#ports.dropClaim(decision.by);
      decision = this.#decide(request);
    }
    if (decision.kind === 'contested') return { ok: false, code: 'attempt_conflict', retryAfterSeconds: 2 };
    if (decision.kind === 'already_booked') return { ok: false, code: 'already_booked' };
    this.#ports.putClaim(decision.claim);
    const knownCallId = await this.#knownCallId();
    return { ok: true, ...(knownCallId === undefined ? {} : { knownCallId }) };
  }

  /** The end of a claim: a call, also one that may be, stays as a tombstone, anything else frees the contact. */
  settle(settlement: Settlement): void {
    const { contactId, startsAt, attempt, outcome } = settlement;
    const now = this.#ports.now();
    const claim = this.#ports.claims(contactId).find((each) => each.startsAt === startsAt && each.attempt === attempt);
    if (outcome === 'booked') {
      const base = claim ?? { contactId, startsAt, attempt, leadId: '', state: 'open' as const, until: now };
      this.#ports.putClaim(bookedClaim(base, settlement.endsAt ?? startsAt, settlement.callId));
    } else if (claim && outcome === 'unclear') {
      this.#ports.putClaim(unclearClaim(claim));
    } else if (claim && outcome === 'released') {
      this.#ports.releaseClaim(claim);
    } else if (claim?.state === 'open') {
      this.#ports.dropClaim(claim);
    }
    if (settlement.isTaken) this.#withhold(startsAt, now);
    if (outcome === 'released') this.#letGo(startsAt, now);
    if (settlement.isShifted) this.#putVerdict('differs');
    if (settlement.isShifted) this.#ports.log('zone_mismatch', { event: this.#event });
    this.#ports.forgetClaims(now);
  }

  /** Fresh times, and those near the one that could not be had. */
  async alternatives(hosts: string, startsAt: number): Promise<{ slots?: SlotPage; nearest?: string[] }> {
    const answer = await this.slots(hosts, monthOf(startsAt), 1);
    if (!answer.ok) return {};
    const open = answer.page.slots.map((each) => Date.parse(each));
    return { slots: answer.page, nearest: nearestTo(open, startsAt).map(instantText) };
  }

  /**
   * A call that stands in iClosed by now, 0 where none does: a search that shows everybody's calls must reach back to it. Known
   * from the last booking here, else asked for; undefined where iClosed does not say.
   */
  async #knownCallId(): Promise<number | undefined> {
    const known = this.#ports.newestCallId() ?? this.#ports.get<number>('known-call');
    if (known !== undefined) return known;
    const outcome = await this.#ports.ask(searchNewest(), { class: 2, waitMs: GATE_DEADLINE_MS });
    const asked = outcome.ok ? readNewest(outcome.value) : undefined;
    if (asked !== undefined) this.#ports.put('known-call', asked);
    return asked;
  }

  #decide(request: ClaimRequest) {
    const repeat = this.#config().repeatBooking ?? 'allow';
    return decideClaim(this.#ports.claims(request.contactId), request, repeat, this.#ports.now());
  }

  // --- the zone canary ---

  /** After a day it is asked again, so that an event comes back by itself when the zone is right again. */
  #verdict(): CanaryVerdict {
    const known = this.#ports.get<{ verdict: CanaryVerdict; at: number }>('canary');
    return known && this.#ports.now() - known.at < CANARY_FRESH_MS ? known.verdict : 'unknown';
  }

  #putVerdict(verdict: CanaryVerdict): void {
    this.#ports.put('canary', { verdict, at: this.#ports.now() });
    this.#tell('zone_mismatch', verdict === 'differs');
  }

  /** Before the first booking and once a day; an answer that proves nothing stops nobody. */
  async #askCanary(hosts: string, startsAt: number): Promise<CanaryVerdict> {
    const known = this.#verdict();
    if (known !== 'unknown') return known;
    this.#canarying ??= this.#compareZones(hosts, startsAt).finally(() => {
      this.#canarying = undefined;
    });
    return this.#canarying;
  }

  async #compareZones(hosts: string, startsAt: number): Promise<CanaryVerdict> {
    const [one, other] = CANARY_ZONES;
    const from = canaryFrom(startsAt);
    const ask = ({ timeZone }: { timeZone: string }) =>
      this.#askDay(hosts, canaryDay(startsAt, timeZone), timeZone, { class: 2 });
    const a = await ask(one);
    const b = a.ok ? await ask(other) : a;
    if (!a.ok || !b.ok) return 'unknown';
    let verdict = compareZones(a.value, b.value, from);
    if (verdict === 'differs') {
      // In a crowd times are taken between two answers: only what did not change meanwhile can tell.
      const again = await ask(one);
      if (!again.ok) return 'unknown';
      verdict = compareZones(...unchanged(a.value, b.value, again.value), from);
    }
    this.#ports.log('zone_canary', { event: this.#event, verdict });
    if (verdict !== 'unknown') this.#putVerdict(verdict);
    return verdict;
  }

  // --- storage and small things ---

  #set(key: string): SlotSet | undefined {
    return this.#ports.get<SlotSet>(`set:${key}`);
  }

  /** A set of these hosts that offered the instant; months overlap by a day. */
  #setWith(hosts: string, startsAt: number): SlotSet | undefined {
    const month = monthOf(startsAt);
    const before = monthOf(Date.parse(`${month}-01T00:00:00Z`) - 1);
    return [month, before, monthAfter(month)]
      .map((each) => this.#set(keyOf(hosts, each)))
      .find((set) => wasOffered(set, startsAt, this.#ports.now()));
  }

  #isWithheld(set: SlotSet, instant: number, withheld = this.#withheld()): boolean {
    return (withheld[instant] ?? 0) >= set.asOf;
  }

  #withheld(): Record<number, number> {
    return this.#ports.get<Record<number, number>>('withheld') ?? {};
  }

  #withhold(instant: number, now: number): void {
    const coming = Object.entries(this.#withheld()).filter(([each]) => Number(each) > now);
    this.#ports.put('withheld', { ...Object.fromEntries(coming), [instant]: now });
  }

  /** Free again, as far as is known here: what iClosed says next decides. */
  #letGo(instant: number, now: number): void {
    const coming = Object.entries(this.#withheld()).filter(([each]) => Number(each) > now && Number(each) !== instant);
    this.#ports.put('withheld', Object.fromEntries(coming));
  }

  #isBookable(instant: number): boolean {
    return bookable([instant], this.#ports.now(), this.#horizonDays()).length === 1;
  }

  /** Fresh for at least 15 s, longer while many sets share the lane's rate; a withheld instant asks for a new look. */
  #isFresh(set: SlotSet): boolean {
    const now = this.#ports.now();
    for (const [key, at] of this.#lookedAt) if (now - at > LOOKED_AT_MS) this.#lookedAt.delete(key);
    const sharedMs = (set.calls ?? 1) * this.#lookedAt.size * this.#ports.datesIntervalMs * 2;
    return now - set.asOf <= Math.max(SLOTS_FRESH_MS, sharedMs) && !this.#hasWithheld(set);
  }

  #hasWithheld(set: SlotSet): boolean {
    const withheld = this.#withheld();
    return set.instants.some((each) => (withheld[each] ?? 0) >= set.asOf);
  }

  #config(): EventConfig {
    return this.#ports.config() ?? {};
  }

  #horizonDays(): number {
    return this.#config().horizonDays ?? HORIZON_DAYS;
  }

  #page(set: SlotSet): SlotPage {
    const open = bookable(set.instants, this.#ports.now(), this.#horizonDays());
    const withheld = this.#withheld();
    const slots = open.filter((each) => !this.#isWithheld(set, each, withheld)).map(instantText);
    return { ...this.#emptyPage(set.month), slots, asOf: new Date(set.asOf).toISOString() };
  }

  #emptyPage(month: string): SlotPage {
    const now = this.#ports.now();
    const days = this.#horizonDays();
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
  #refuse(
    outcome: { failure?: Failure; retryAfterSeconds?: number; isAway?: boolean },
    notFound: ProblemCode,
  ): Refusal {
    if (!outcome.failure) {
      const code = outcome.isAway ? 'unavailable' : 'busy';
      return { ok: false, code, retryAfterSeconds: outcome.retryAfterSeconds ?? 1 };
    }
    const { kind, retryAfterSeconds } = outcome.failure;
    if (kind === 'not_found' || kind === 'validation') return { ok: false, code: notFound };
    if (kind === 'rate_limited') return { ok: false, code: 'busy', retryAfterSeconds: retryAfterSeconds ?? 1 };
    return { ok: false, code: 'unavailable', retryAfterSeconds: 5 };
  }
}
