/**
 * The Lead: one object per attempt of one visitor. Takes the steps, keeps the record, runs the driver, arms the alarm. What
 * must finish is a row with a due time; a request only starts it and waits for its outcome, because a visitor who leaves
 * cancels the request. The rules stand in `steps.ts`, `machine.ts` and `driver.ts`.
 */
import { DurableObject } from 'cloudflare:workers';
import { ANSWER_DEADLINE_MS, GATE_DEADLINE_MS } from '../../shared/limits.ts';
import type { LeadState } from '../../shared/protocol.ts';
import { resolveEvent } from '../config/events.ts';
import { settingsOf } from '../config/settings.ts';
import type { Env } from '../env.ts';
import { log } from '../log.ts';
import { eventStub } from '../objects.ts';
import { askIclosed } from '../upstream.ts';
import { drive, type LeadPorts } from './driver.ts';
import { mayBecomeCall, nextDue, purgeAt, tombstone } from './machine.ts';
import type { LeadRecord } from './record.ts';
import { type LeadInput, type LeadReply, refuse, replyAfterAnswers, replyAfterBooking, takeStep } from './steps.ts';
import { viewOf } from './view.ts';

/** While something is due, an alarm stands this close: it takes over when the object is cut off. */
const BACKUP_ALARM_MS = 20_000;

interface StoredLead {
  record: LeadRecord;
  changedAt: number;
}

export class LeadObject extends DurableObject<Env> {
  #stored: StoredLead | undefined;
  #alarmAt: number | undefined;
  #driving: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Requests that wait for an outcome. */
  readonly #watchers = new Set<() => void>();

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    this.#stored = state.storage.kv.get<StoredLead>('lead');
    state.blockConcurrencyWhile(async () => {
      this.#alarmAt = (await state.storage.getAlarm()) ?? undefined;
    });
  }

  /** One step of the visitor; never throws for anything that a visitor can send. */
  async step(input: LeadInput): Promise<LeadReply> {
    const deadline = Date.now() + ANSWER_DEADLINE_MS;
    const taken = takeStep(this.#stored?.record, input, Date.now());
    if (!taken.ok) return taken;
    if (taken.record && taken.record !== this.#stored?.record) this.#write(taken.record);
    const record = this.#stored?.record;
    if (!record) return refuse('attempt_unknown');
    if (input.request.step === 'contact') {
      // The browser is answered before any call to iClosed, so that nothing about the contact can be told from it.
      this.#start();
      return { ok: true, status: 200, state: this.#view() };
    }
    await this.#settled(taken.isDone, deadline);
    switch (input.request.step) {
      case 'answers':
        return this.#withSlots(replyAfterAnswers(this.#record(), this.#view(), Date.now()), input.request.month);
      case 'slots':
        return this.#withSlots({ ok: true, status: 200, state: this.#view() }, input.request.month);
      case 'book':
        return replyAfterBooking(this.#record(), this.#view(), Date.now());
      default:
        return { ok: true, status: 200, state: this.#view() };
    }
  }

  /** Asked by the Event before it breaks a claim: is this booking surely not on its way? */
  hasAbandoned(startsAt: number): boolean {
    return !mayBecomeCall(this.#stored?.record.booking, startsAt);
  }

  override async alarm(): Promise<void> {
    this.#alarmAt = undefined;
    const stored = this.#stored;
    if (!stored) return;
    const purge = purgeAt(stored.record, stored.changedAt);
    if (purge && purge.at <= Date.now()) {
      log('lead_purged', { attempt: stored.record.attempt, keepsTombstone: purge.keepsTombstone });
      if (!purge.keepsTombstone) {
        this.#stored = undefined;
        await this.ctx.storage.deleteAll();
        return;
      }
      this.#write(tombstone(stored.record));
    }
    await this.#start();
    this.#arm();
  }

  // --- the driver ---

  /** Single flight: whoever comes second waits for the first. */
  #start(): Promise<void> {
    this.#driving ??= drive(this.#ports())
      .catch((error: unknown) => log('lead_driver_failed', { message: String(error) }))
      .finally(() => {
        this.#driving = undefined;
        this.#arm();
      });
    return this.#driving;
  }

  /** Waits until `isDone` holds of the record, driving it on; gives up at the deadline. */
  async #settled(isDone: (record: LeadRecord) => boolean, deadline: number): Promise<void> {
    if (isDone(this.#record())) return;
    await new Promise<void>((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#watchers.delete(look);
        resolve();
      };
      const look = () => {
        if (isDone(this.#record())) end();
      };
      const timer = setTimeout(end, Math.max(0, deadline - Date.now()));
      this.#watchers.add(look);
      void this.#start();
    });
  }

  /** The timer for what is due soon, the alarm for what is due later and for the case that this object is cut off. */
  #arm(): void {
    const stored = this.#stored;
    if (!stored) return;
    const now = Date.now();
    const due = nextDue(stored.record);
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    if (due !== undefined && due - now < BACKUP_ALARM_MS) {
      this.#timer = setTimeout(() => void this.#start(), Math.max(0, due - now));
    }
    const wanted =
      due === undefined ? purgeAt(stored.record, stored.changedAt)?.at : Math.max(due, now + BACKUP_ALARM_MS);
    if (wanted === undefined || (this.#alarmAt !== undefined && this.#alarmAt > now && this.#alarmAt <= wanted)) return;
    this.#alarmAt = wanted;
    void this.ctx.storage.setAlarm(wanted);
  }

  #ports(): LeadPorts {
    const event = this.#record().event;
    const desk = () => eventStub(this.env, event);
    return {
      now: () => Date.now(),
      random: Math.random,
      read: () => this.#record(),
      write: (record) => this.#write(record),
      config: () => this.#config(),
      urgency: () =>
        this.#watchers.size > 0 ? { class: 1, waitMs: GATE_DEADLINE_MS } : { class: 3, waitMs: GATE_DEADLINE_MS },
      ask: (call, urgency, beforeSend) => askIclosed(this.env, call, urgency, beforeSend),
      claim: (request) => desk().claim(event, request),
      settle: (settlement) => desk().settle(event, settlement),
      isStillOpen: (hosts, startsAt) => desk().isStillOpen(event, hosts, startsAt),
      alternatives: (hosts, startsAt) => desk().alternatives(event, hosts, startsAt),
    };
  }

  // --- the record ---

  #record(): LeadRecord {
    if (!this.#stored) throw new Error('no record');
    return this.#stored.record;
  }

  #write(record: LeadRecord): void {
    this.#stored = { record, changedAt: Date.now() };
    this.ctx.storage.kv.put('lead', this.#stored);
    this.#arm();
    for (const look of [...this.#watchers]) look();
  }

  #config() {
    return resolveEvent(settingsOf(this.env).events, this.#record().event)?.config ?? {};
  }

  #view(): LeadState {
    const { redirect, showHost } = this.#config();
    return viewOf(this.#record(), { redirect, showHost: showHost ?? true }, Date.now());
  }

  /** Own times, where the visitor may see any; without them the widget asks again. */
  async #withSlots(reply: LeadReply, month: string | undefined): Promise<LeadReply> {
    if (!reply.ok || month === undefined || reply.state.stage !== 'times') return reply;
    const { event, answers } = this.#record();
    const answer = await eventStub(this.env, event).slots(event, answers?.outcome?.hosts ?? '', month, 1);
    if (answer.ok) return { ...reply, state: { ...reply.state, slots: answer.page } };
    return refuse(
      answer.code,
      answer.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: answer.retryAfterSeconds },
    );
  }
}
