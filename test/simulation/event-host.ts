/**
 * An Event in virtual time: the harness of `worker/event/object.ts` around the same desk, with its rows as plain maps.
 */
import { PERMIT_JITTER_SECONDS } from '../../shared/limits.ts';
import type { EventConfig } from '../../worker/config/events.ts';
import type { Rate } from '../../worker/config/settings.ts';
import type { Claim } from '../../worker/event/claims.ts';
import { Desk, type DeskPorts } from '../../worker/event/desk.ts';
import { burstOf } from '../../worker/gate/burst.ts';
import { paceOf, type PermitClass } from '../../worker/gate/lane.ts';
import type { Outcome, Urgency } from '../../worker/gate/through.ts';
import type { UpstreamCall } from '../../worker/iclosed/request.ts';
import type { VirtualClock } from './clock.ts';
import { Home, Life } from './life.ts';

export interface EventSurroundings {
  clock: VirtualClock;
  rate: Rate;
  config: EventConfig;
  /** The way to iClosed, as far as this life of the object experiences it. */
  askAs(life: Life): (call: UpstreamCall, urgency: Urgency) => Promise<Outcome<unknown>>;
  lift(token: string, to: PermitClass): void;
  isAbandoned(claim: Claim): Promise<boolean>;
  alert: DeskPorts['alert'];
  /** What its storage holds already. */
  held?: Readonly<Record<string, unknown>>;
  log(what: string, facts: Record<string, string | number | boolean>): void;
}

interface EventStorage {
  values: Map<string, unknown>;
  claims: Claim[];
}

export class EventHost {
  readonly #home: Home<Desk>;
  readonly #storage: EventStorage = { values: new Map(), claims: [] };
  readonly #start: (life: Life) => Desk;

  constructor(event: string, surroundings: EventSurroundings) {
    for (const [key, value] of Object.entries(surroundings.held ?? {})) this.#storage.values.set(key, value);
    this.#start = (life) => new Desk(event, portsOf(life, surroundings, this.#storage));
    this.#home = new Home(this.#start);
  }

  ask<R>(question: (desk: Desk) => R | Promise<R>): Promise<R> {
    return this.#home.ask(question);
  }

  /** Asks a desk that shares storage with the others and no work. A control. */
  askAlone<R>(question: (desk: Desk) => Promise<R>): Promise<R> {
    return question(this.#start(new Life()));
  }

  evict(): void {
    this.#home.evict();
  }
}

function portsOf(life: Life, surroundings: EventSurroundings, storage: EventStorage): DeskPorts {
  const { clock, rate, config, askAs, lift, isAbandoned, alert, log } = surroundings;
  return {
    now: clock.now,
    config: () => config,
    slotTimeZone: 'UTC',
    datesIntervalMs: paceOf(rate, burstOf('POST /v1/events/eventDates', rate.points), PERMIT_JITTER_SECONDS).intervalMs,
    get: <T>(key: string) => storage.values.get(key) as T | undefined,
    put: (key, value) => void storage.values.set(key, frozen(structuredClone(value))),
    claims: (contactId) => storage.claims.filter((each) => each.contactId === contactId).map((each) => ({ ...each })),
    putClaim: (claim) => {
      const { contactId, startsAt, attempt } = claim;
      storage.claims = storage.claims.filter(
        (each) =>
          each.contactId !== contactId ||
          (each.startsAt !== startsAt && !(each.attempt === attempt && each.state === 'open')),
      );
      storage.claims.push({ ...claim });
    },
    dropClaim: ({ contactId, startsAt }) => {
      storage.claims = storage.claims.filter(
        (each) => each.contactId !== contactId || each.startsAt !== startsAt || each.state !== 'open',
      );
    },
    releaseClaim: ({ contactId, startsAt, attempt }) => {
      storage.claims = storage.claims.filter(
        (each) =>
          each.contactId !== contactId ||
          each.startsAt !== startsAt ||
          each.attempt !== attempt ||
          each.state === 'open',
      );
    },
    forgetClaims: (before) => {
      storage.claims = storage.claims.filter((each) => each.state === 'open' || each.until >= before);
    },
    newestCallId: () => {
      const newest = Math.max(0, ...storage.claims.map(({ callId }) => callId ?? 0));
      return newest > 0 ? newest : undefined;
    },
    ask: askAs(life),
    lift,
    isAbandoned: (claim) => life.hears(isAbandoned(claim).catch(() => false)),
    alert,
    log,
  };
}

/** Cheaper than a copy for every reader, and as safe: whoever changes what was stored fails. */
function frozen(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  for (const each of Object.values(value)) frozen(each);
  return Object.freeze(value);
}
