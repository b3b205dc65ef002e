/**
 * Keeps one Lead: takes the steps, holds the record, runs the driver one at a time, lets requests wait for an outcome, and says
 * when to be woken. What must finish is a row with a due time; a request only starts it and waits, because a visitor who leaves
 * cancels the request. Pure but for its ports, so that the object and the simulation run the same code.
 */
import { ALARM_RUN_MS, ANSWER_DEADLINE_MS, BACKUP_ALARM_MS, GATE_DEADLINE_MS } from '../../shared/limits.ts';
import type { LeadState } from '../../shared/protocol.ts';
import type { EventConfig } from '../config/events.ts';
import type { SlotsAnswer } from '../event/desk.ts';
import type { Parked } from '../gate/backlog.ts';
import { manageSpan } from './change.ts';
import { drive, type LeadPorts } from './driver.ts';
import {
  mayBecomeCall,
  nextDue,
  nextDueUnwoken,
  nextVerify,
  purgeAt,
  retried,
  tombstone,
  undelivered,
  woken,
} from './machine.ts';
import { calendarFacts, isVoid, replyManaged } from './managed.ts';
import type { BookingRow, LeadRecord } from './record.ts';
import { type LeadInput, type LeadReply, refuse } from './reply.ts';
import { replyAfterAnswers, replyAfterBooking, takeStep } from './steps.ts';
import { stageOf, viewOf } from './view.ts';

/** What is due sooner waits for a timer, which keeps the object in memory; what is due later for the alarm. */
const TIMER_WITHIN_MS = 20_000;
/** What made a driver fail would make the next one fail at once. */
const DRIVER_PAUSE_MS = 5_000;
/** The gate wakes a lead in its index; this is for the case that it never does. */
const WOKEN_WITHIN_MS = 5 * 60_000;

export interface StoredLead {
  record: LeadRecord;
  changedAt: number;
  /** How the gate's outbox index knows this lead. */
  indexedAs?: string;
}

export interface KeeperPorts
  extends Pick<LeadPorts, 'now' | 'random' | 'ask' | 'claim' | 'settle' | 'isStillOpen' | 'alternatives' | 'alert'> {
  config(): EventConfig;
  slots(hosts: string, month: string): Promise<SlotsAnswer>;
  /** Durable at the latest before anything that follows leaves the object. */
  store(lead: StoredLead): void;
  forget(): void;
  setAlarm(at: number): void;
  /** Calls back at that time while this object lives; returns how to call it off. */
  setTimer(at: number, callBack: () => void): () => void;
  park(entry: Omit<Parked, 'since'>): Promise<void>;
  unpark(leadId: string): Promise<void>;
  /** Goes on after the request that it came from has ended. */
  inBackground(work: Promise<void>): void;
  log(what: string, facts: Record<string, string | number | boolean>): void;
}

export class LeadKeeper {
  readonly #ports: KeeperPorts;
  #stored: StoredLead | undefined;
  #alarmAt: number | undefined;
  #driving: Promise<void> | undefined;
  /** A driver that failed is not started again by the timer before then. */
  #notBefore = 0;
  #callOffTimer: () => void = () => undefined;
  /** Requests that wait for an outcome. */
  readonly #watchers = new Set<() => void>();

  constructor(ports: KeeperPorts, stored: StoredLead | undefined, alarmAt: number | undefined) {
    this.#ports = ports;
    this.#stored = stored;
    this.#alarmAt = alarmAt;
  }

  /** One step of the visitor; never throws for anything that a visitor can send. */
  async step(input: LeadInput): Promise<LeadReply> {
    const { now } = this.#ports;
    const deadline = now() + ANSWER_DEADLINE_MS;
    const taken = takeStep(this.#stored?.record, input, now());
    if (!taken.ok) return this.#withBooking(taken, input);
    if (taken.record && taken.record !== this.#stored?.record) this.#write(taken.record);
    if (!this.#stored) return refuse('attempt_unknown');
    const { request } = input;
    if (request.step === 'contact') {
      // The browser is answered before any call to iClosed, so that nothing about the contact can be told from it.
      this.#ports.inBackground(this.#start());
      return { ok: true, status: 200, state: this.#view() };
    }
    await this.#settled(taken.isDone, deadline);
    if (input.manage) return this.#managed(input, deadline);
    switch (request.step) {
      case 'answers':
        return this.#withSlots(replyAfterAnswers(this.#record(), this.#view(), now()), request.month, deadline);
      case 'slots':
        return this.#withSlots({ ok: true, status: 200, state: this.#view() }, request.month, deadline);
      case 'book':
        return this.#manageable(this.#toldPending(replyAfterBooking(this.#record(), this.#view(), now())));
      default:
        return this.#manageable({ ok: true, status: 200, state: this.#view() });
    }
  }

  // --- with a manage ticket ---

  async #managed(input: LeadInput, deadline: number): Promise<LeadReply> {
    const { request } = input;
    const state = this.#managedView();
    const reply = replyManaged(this.#record(), input, state);
    if (!reply.ok) return this.#withBooking(reply, input);
    if (request.step === 'slots') {
      const answer = await this.#withOwnSlots(reply, request.month, deadline);
      // Moved while the times were on their way: whoever saw the call before must look again.
      if (isVoid(this.#record().booking as BookingRow, input))
        return this.#withBooking(refuse('booking_changed'), input);
      return this.#manageable(answer);
    }
    const calendar = request.step === 'calendar' ? calendarFacts(this.#record(), state, input) : undefined;
    return this.#manageable(calendar ? { ...reply, calendar } : reply);
  }

  /** Whoever comes back to the call stays with it. */
  #managedView(): LeadState {
    const state = this.#view();
    delete state.booking?.isRedirectAutomatic;
    return state;
  }

  /** A change that cannot be is answered with the booking as it stands; a void ticket brings no new one. */
  #withBooking(refusal: Extract<LeadReply, { ok: false }>, input: LeadInput): LeadReply {
    const { booking } = this.#stored?.record ?? {};
    if (!input.manage || !booking?.call) return refusal;
    const reply = { ...refusal, lead: this.#managedView() };
    return isVoid(booking, input) ? reply : this.#manageable(reply);
  }

  /** Where there is a call, its visitor gets the means to move and cancel it. */
  #manageable(reply: LeadReply): LeadReply {
    const manage = manageSpan(this.#record(), this.#ports.now());
    return manage ? { ...reply, manage } : reply;
  }

  /** Asked by the Event before it breaks a claim: is this booking surely not on its way? */
  hasAbandoned(startsAt: number): boolean {
    return !mayBecomeCall(this.#stored?.record.booking, startsAt);
  }

  /** The gate has a permit to spare for what is undelivered here. */
  wake(): void {
    if (!this.#stored) return;
    this.#write(woken(this.#stored.record, this.#ports.now()));
    this.#ports.inBackground(this.#start());
  }

  // --- for the owner ---

  /** All that is kept of this lead. */
  show(): LeadRecord | undefined {
    return this.#stored?.record;
  }

  /** Tries again what was refused. */
  retry(): void {
    if (!this.#stored) return;
    this.#write(retried(this.#stored.record, this.#ports.now()));
    this.#ports.inBackground(this.#start());
  }

  /** Forgets everything, delivered or not. */
  async erase(): Promise<void> {
    const leadId = this.#stored?.record.leadId;
    this.#stored = undefined;
    this.#ports.forget();
    if (leadId) await this.#ports.unpark(leadId);
  }

  async alarm(): Promise<void> {
    this.#alarmAt = undefined;
    const stored = this.#stored;
    if (!stored) return;
    const purge = purgeAt(stored.record, stored.changedAt);
    if (purge && purge.at <= this.#ports.now()) {
      const { attempt } = stored.record;
      this.#ports.log('lead_purged', { attempt, keepsTombstone: purge.keepsTombstone });
      if (!purge.keepsTombstone) {
        this.#stored = undefined;
        this.#ports.forget();
        return;
      }
      this.#write(tombstone(stored.record));
    }
    const work = this.#start();
    this.#ports.inBackground(work);
    await this.#inTime(work, this.#ports.now() + ALARM_RUN_MS);
    this.#arm();
  }

  // --- the driver ---

  /** Single flight: whoever comes second waits for the first. */
  #start(): Promise<void> {
    this.#driving ??= drive(this.#driverPorts())
      .catch((error: unknown) => {
        this.#notBefore = this.#ports.now() + DRIVER_PAUSE_MS;
        this.#ports.log('lead_driver_failed', { message: String(error) });
      })
      .then(() => {
        this.#driving = undefined;
        this.#arm();
        return this.#tellGate();
      });
    return this.#driving;
  }

  /** Waits until `isDone` holds of the record, driving it on; gives up at the deadline. */
  async #settled(isDone: (record: LeadRecord) => boolean, deadline: number): Promise<void> {
    if (isDone(this.#record())) return;
    await new Promise<void>((resolve) => {
      const end = () => {
        callOff();
        this.#watchers.delete(look);
        resolve();
      };
      const look = () => {
        if (isDone(this.#record())) end();
      };
      const callOff = this.#ports.setTimer(deadline, end);
      this.#watchers.add(look);
      void this.#start();
    });
  }

  /** The timer for what is due soon, the alarm for what is due later and for the case that this object is cut off. */
  #arm(): void {
    const stored = this.#stored;
    if (!stored) return;
    const now = this.#ports.now();
    const isWoken = stored.indexedAs?.startsWith('waiting') === true && this.#watchers.size === 0;
    const due = isWoken ? (nextDueUnwoken(stored.record) ?? now + WOKEN_WITHIN_MS) : nextDue(stored.record);
    this.#callOffTimer();
    const isSoon = due !== undefined && due - now < TIMER_WITHIN_MS;
    if (isSoon && !this.#driving) {
      this.#callOffTimer = this.#ports.setTimer(Math.max(due, now, this.#notBefore), () =>
        this.#ports.inBackground(this.#start()),
      );
    }
    const later = [purgeAt(stored.record, stored.changedAt)?.at, nextVerify(stored.record)].filter(
      (at) => at !== undefined,
    );
    const wanted = isSoon ? now + BACKUP_ALARM_MS : (due ?? Math.min(...later));
    const standing = this.#alarmAt !== undefined && this.#alarmAt > now ? this.#alarmAt : Number.POSITIVE_INFINITY;
    // After a booking's end the backup would only ring to be set anew: moved at once, it spares that request.
    const isOver = due === undefined && stored.record.booking?.isSettled === true && !this.#driving;
    if (standing === wanted || (standing < wanted && !isOver) || wanted === Number.POSITIVE_INFINITY) return;
    this.#alarmAt = wanted;
    this.#ports.setAlarm(wanted);
  }

  /** What failed and nobody waits for goes into the gate's index, and out of it when it is done. */
  async #tellGate(): Promise<void> {
    const stored = this.#stored;
    if (!stored || this.#watchers.size > 0) return;
    const waiting = undelivered(stored.record);
    const wanted = waiting && `${waiting.state} ${waiting.endpoint}`;
    if (wanted === stored.indexedAs) return;
    const { leadId } = stored.record;
    try {
      await (waiting ? this.#ports.park({ leadId, ...waiting }) : this.#ports.unpark(leadId));
    } catch {
      return; // The next run tries again.
    }
    if (!this.#stored) return;
    const { indexedAs: _, ...rest } = this.#stored;
    this.#stored = wanted === undefined ? rest : { ...rest, indexedAs: wanted };
    this.#ports.store(this.#stored);
    this.#arm();
  }

  #driverPorts(): LeadPorts {
    return {
      ...this.#ports,
      read: () => this.#record(),
      write: (record) => this.#write(record),
      urgency: () => {
        const { givesWay, booking } = this.#record();
        const isUrgent = this.#watchers.size > 0 && (!givesWay || booking !== undefined);
        return { class: isUrgent ? 1 : 3, waitMs: GATE_DEADLINE_MS };
      },
    };
  }

  // --- the record ---

  #record(): LeadRecord {
    if (!this.#stored) throw new Error('no record');
    return this.#stored.record;
  }

  #write(record: LeadRecord): void {
    this.#stored = { ...this.#stored, record, changedAt: this.#ports.now() };
    this.#ports.store(this.#stored);
    this.#arm();
    for (const look of this.#watchers) look();
  }

  #view(): LeadState {
    return viewOf(this.#record(), this.#ports.config(), this.#ports.now());
  }

  /** Own times, where the visitor may see any; without them the widget asks again. */
  async #withSlots(reply: LeadReply, month: string | undefined, deadline: number): Promise<LeadReply> {
    if (!reply.ok || month === undefined || reply.state.stage !== 'times') return reply;
    return this.#withOwnSlots(reply, month, deadline);
  }

  async #withOwnSlots(reply: Extract<LeadReply, { ok: true }>, month: string, deadline: number): Promise<LeadReply> {
    const { stage } = reply.state;
    const hosts = () => this.#record().answers?.outcome?.hosts ?? '';
    const asked = hosts();
    const answer = await this.#inTime(this.#ports.slots(asked, month), deadline);
    if (!answer) return refuse('busy', { retryAfterSeconds: 2 });
    // Other answers may have come meanwhile: these times are no longer the visitor's own.
    if (stageOf(this.#record()) !== stage || hosts() !== asked)
      return refuse('attempt_conflict', { retryAfterSeconds: 2 });
    if (!answer.ok) {
      const { code, retryAfterSeconds } = answer;
      return refuse(code, retryAfterSeconds === undefined ? {} : { retryAfterSeconds });
    }
    const { nextMonth: _, ...page } = answer.page;
    const slots = this.#record().contact.isBlocked ? { ...page, slots: [] } : answer.page;
    return { ...reply, state: { ...reply.state, slots } };
  }

  /** What the visitor was told of a booking that is not over is not taken back: from then on it goes on by itself until it ends. */
  #toldPending(reply: LeadReply): LeadReply {
    const record = this.#record();
    if (reply.ok && reply.status === 202 && record.booking && !record.booking.isToldPending)
      this.#write({ ...record, booking: { ...record.booking, isToldPending: true } });
    return reply;
  }

  /** Undefined where it takes longer; the work goes on, and whoever asks again finds it further. */
  #inTime<T>(work: Promise<T>, deadline: number): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      const callOff = this.#ports.setTimer(deadline, () => resolve(undefined));
      work.then(resolve, reject).finally(callOff);
    });
  }
}
