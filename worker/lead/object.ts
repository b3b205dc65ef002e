/**
 * The Lead: one object per attempt of one visitor, a thin adapter around `keeper.ts`: one row, one alarm, timers, and the stubs
 * of its Event and of the gate.
 */
import { DurableObject } from 'cloudflare:workers';
import { resolveEvent } from '../config/events.ts';
import { settingsOf } from '../config/settings.ts';
import type { Env } from '../env.ts';
import { log } from '../log.ts';
import { eventStub, gateStub } from '../objects.ts';
import { askIclosed } from '../upstream.ts';
import { LeadKeeper, type StoredLead } from './keeper.ts';
import type { LeadRecord } from './record.ts';
import type { LeadInput, LeadReply } from './steps.ts';

export class LeadObject extends DurableObject<Env> {
  #keeper!: LeadKeeper;
  #event = '';

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    const stored = state.storage.kv.get<StoredLead>('lead');
    this.#event = stored?.record.event ?? '';
    void state.blockConcurrencyWhile(async () => {
      this.#keeper = this.#makeKeeper(stored, (await state.storage.getAlarm()) ?? undefined);
    });
  }

  /** One step of the visitor. */
  step(input: LeadInput): Promise<LeadReply> {
    this.#event ||= input.event;
    return this.#keeper.step(input);
  }

  /** Asked by the Event before it breaks a claim. */
  hasAbandoned(startsAt: number): boolean {
    return this.#keeper.hasAbandoned(startsAt);
  }

  /** The gate's "your turn": answered at once. */
  wake(): void {
    this.#keeper.wake();
  }

  show(): LeadRecord | undefined {
    return this.#keeper.show();
  }

  retry(): void {
    this.#keeper.retry();
  }

  erase(): Promise<void> {
    return this.#keeper.erase();
  }

  override alarm(): Promise<void> {
    return this.#keeper.alarm();
  }

  #makeKeeper(stored: StoredLead | undefined, alarmAt: number | undefined): LeadKeeper {
    const { ctx, env } = this;
    const event = () => eventStub(env, this.#event);
    const ports = {
      now: () => Date.now(),
      random: Math.random,
      config: () => resolveEvent(settingsOf(env).events, this.#event)?.config ?? {},
      ask: (call, urgency, beforeSend) => askIclosed(env, call, urgency, beforeSend),
      claim: (request) => event().claim(this.#event, request),
      settle: (settlement) => event().settle(this.#event, settlement),
      isStillOpen: (hosts, startsAt) => event().isStillOpen(this.#event, hosts, startsAt),
      alternatives: (hosts, startsAt) => event().alternatives(this.#event, hosts, startsAt),
      alert: (cause, subject) => gateStub(env).alert(cause, subject, true),
      slots: (hosts, month) => event().slots(this.#event, hosts, month, 1),
      store: (lead) => ctx.storage.kv.put('lead', lead),
      forget: () => ctx.waitUntil(ctx.storage.deleteAll()),
      setAlarm: (at) => ctx.waitUntil(ctx.storage.setAlarm(at)),
      setTimer: (at, callBack) => {
        const timer = setTimeout(callBack, Math.max(0, at - Date.now()));
        return () => clearTimeout(timer);
      },
      park: (entry) => gateStub(env).park(entry),
      unpark: (leadId) => gateStub(env).unpark(leadId),
      inBackground: (work) => ctx.waitUntil(work),
      log,
    } satisfies ConstructorParameters<typeof LeadKeeper>[0];
    return new LeadKeeper(ports, stored, alarmAt);
  }
}
