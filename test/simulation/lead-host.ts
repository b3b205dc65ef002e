/**
 * A Lead in virtual time: the harness of `worker/lead/object.ts` around the same keeper, with its row, its alarm and timers that
 * end with it. Whatever it stores is shown to a witness, because the judge needs to know when a booking counted as settled.
 */
import type { EventConfig } from '../../worker/config/events.ts';
import { type KeeperPorts, LeadKeeper, type StoredLead } from '../../worker/lead/keeper.ts';
import type { LeadInput, LeadReply } from '../../worker/lead/steps.ts';
import { Alarm } from './alarm.ts';
import type { VirtualClock } from './clock.ts';
import { Home, type Life } from './life.ts';

export interface LeadSurroundings
  extends Pick<KeeperPorts, 'claim' | 'settle' | 'isStillOpen' | 'alternatives' | 'slots' | 'park' | 'unpark'> {
  clock: VirtualClock;
  /** The way to iClosed, as far as this life of the object experiences it. */
  askAs(life: Life): KeeperPorts['ask'];
  random(): number;
  config: EventConfig;
  /** False: whatever is not done while a request is there is never done. A control. */
  hasOutbox: boolean;
  witness(stored: StoredLead, at: number): void;
  /** What is found after an eviction, where that is not what was stored. A control. */
  found?(stored: StoredLead): StoredLead;
  log: KeeperPorts['log'];
}

export class LeadHost {
  readonly #home: Home<LeadKeeper>;
  readonly #alarm: Alarm;
  #stored: StoredLead | undefined;
  /** Requests that are with it. */
  #attending = 0;

  constructor(surroundings: LeadSurroundings) {
    this.#alarm = new Alarm(surroundings.clock, () => this.#home.ask((keeper) => keeper.alarm()));
    this.#home = new Home((life) => {
      const keep = (stored: StoredLead | undefined) => {
        this.#stored = stored;
      };
      const isAttended = () => this.#attending > 0;
      const ports = portsOf(life, surroundings, { alarm: this.#alarm, keep, isAttended });
      const stored = structuredClone(this.#stored);
      const found = stored && surroundings.found ? surroundings.found(stored) : stored;
      return new LeadKeeper(ports, found, this.#alarm.at);
    });
  }

  async step(input: LeadInput): Promise<LeadReply> {
    this.#attending += 1;
    try {
      return await this.#home.ask((keeper) => keeper.step(structuredClone(input)));
    } finally {
      this.#attending -= 1;
    }
  }

  hasAbandoned(startsAt: number): Promise<boolean> {
    return this.#home.ask((keeper) => keeper.hasAbandoned(startsAt));
  }

  wake(): Promise<void> {
    return this.#home.ask((keeper) => keeper.wake());
  }

  /** Rung by nobody's order, as the platform may. */
  ring(): Promise<void> {
    return this.#home.ask((keeper) => keeper.alarm());
  }

  /** The owner tries again what was refused. */
  retry(): Promise<void> {
    return this.#home.ask((keeper) => keeper.retry());
  }

  /** An alarm stands, or is being answered. */
  get isArmed(): boolean {
    return this.#alarm.isArmed;
  }

  evict(): void {
    this.#home.evict();
  }

  get isUp(): boolean {
    return this.#home.isUp;
  }

  /** What would be found after a crash. */
  get stored(): StoredLead | undefined {
    return this.#stored;
  }
}

interface Row {
  alarm: Alarm;
  keep(stored: StoredLead | undefined): void;
  isAttended(): boolean;
}

function portsOf(life: Life, surroundings: LeadSurroundings, { alarm, keep, isAttended }: Row): KeeperPorts {
  const { clock, random, config, hasOutbox, witness, log } = surroundings;
  return {
    now: clock.now,
    random,
    config: () => config,
    alert: () => Promise.resolve(),
    ask: surroundings.askAs(life),
    claim: (request) => life.hears(surroundings.claim(request)),
    settle: (settlement) => life.hears(surroundings.settle(settlement)),
    isStillOpen: (hosts, startsAt) => life.hears(surroundings.isStillOpen(hosts, startsAt)),
    alternatives: (hosts, startsAt) => life.hears(surroundings.alternatives(hosts, startsAt)),
    slots: (hosts, month) => life.hears(surroundings.slots(hosts, month)),
    store: (stored) => {
      if (life.isOver) throw new Error('an object that has ended must not write');
      keep(structuredClone(stored));
      witness(stored, clock.now());
    },
    forget: () => {
      keep(undefined);
      alarm.clear();
    },
    setAlarm: (at) => {
      if (hasOutbox) alarm.set(at);
    },
    setTimer: (at, callBack) => life.timer(clock, at, () => (hasOutbox || isAttended()) && callBack()),
    park: (entry) => (hasOutbox ? life.hears(surroundings.park(entry)) : Promise.resolve()),
    unpark: (leadId) => (hasOutbox ? life.hears(surroundings.unpark(leadId)) : Promise.resolve()),
    inBackground: (work) => void work.catch((error: unknown) => log('background_failed', { message: String(error) })),
    log,
  };
}
