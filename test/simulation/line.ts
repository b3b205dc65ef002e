/**
 * The way of one request between a page and the Worker, as the widget goes it: over an internet that loses some, repeated with the
 * same key as long as the Worker or the network asks for it.
 */
import { WIDGET_REQUEST_LIMIT_MS } from '../../shared/limits.ts';
import { PROBLEMS, type ProblemCode } from '../../shared/problems.ts';
import type { LeadRequest, SlotPage } from '../../shared/protocol.ts';
import type { LeadInput, LeadReply } from '../../worker/lead/steps.ts';
import type { Random } from '../standin/random.ts';
import type { Clock } from './clock.ts';
import type { Visit } from './visitor.ts';

/** What came back: the Worker's answer, or nothing within the widget's limit. */
export type Heard = LeadReply | { ok: false; code: 'timeout' | 'unreachable'; retryAfterSeconds?: undefined };

export interface LineWorld {
  clock: Clock;
  random: Random;
  /** The door; throws where the object behind it was cut off. `manage` stands for a manage ticket. */
  step(leadId: string, request: LeadRequest, manage?: LeadInput['manage']): Promise<LeadReply>;
  /** Works until the door will take the step; without it a visitor has nothing to do where proof is asked for. */
  prove?(): Promise<void>;
  /** Part of all requests whose answer is lost on the way back, and of those that never arrive. */
  lossShare: number;
  /** How long a visitor bears "busy" and "unavailable". */
  patienceMs: number;
}

const NETWORK_MS = 150;
/** Between two tries, where the Worker names no pause. */
export const PAUSES_MS = [1_000, 2_000, 4_000, 8_000];
const TRIES_WITHOUT_A_WORD = 4;

export function isSilent({ code }: Extract<Heard, { ok: false }>): boolean {
  return code === 'timeout' || code === 'unreachable';
}

/** A step and what it says. */
export interface Fields {
  step: string;
  seq: number;
  [field: string]: unknown;
}

/** A press, or two at once: whichever was answered well. */
export async function answerTo(send: () => Promise<Heard>, isTwice: boolean): Promise<Heard> {
  const twice = isTwice ? send() : undefined;
  const heard = await send();
  const other = await twice;
  return !heard.ok && other?.ok ? other : heard;
}

/** The first month with times, from that one on; the last one where none has any. */
export async function firstTimes(
  ask: (fields: Fields) => Promise<Heard>,
  from: string,
): Promise<SlotPage | Extract<Heard, { ok: false }>> {
  for (let month = from; ; ) {
    const heard = await ask({ step: 'slots', seq: 1, month });
    if (!heard.ok) return heard;
    const page = heard.state.slots;
    if (!page) return { ok: false, code: 'unreachable' };
    if (page.slots.length > 0 || !page.nextMonth) return page;
    month = page.nextMonth;
  }
}

export class Line {
  readonly #world: LineWorld;
  readonly #visit: Visit;
  readonly #attempt: string;

  /** @param attempt Of the page that asks; another one than the visit's in a second window. */
  constructor(world: LineWorld, visit: Visit, attempt = visit.attempt) {
    this.#world = world;
    this.#visit = visit;
    this.#attempt = attempt;
  }

  async ask(fields: Fields, manage?: LeadInput['manage']): Promise<Heard> {
    const { clock, random, patienceMs, prove } = this.#world;
    const { habits, failures } = this.#visit;
    const request = { v: 1, event: habits.event, ticket: '', attempt: this.#attempt, ...fields } as LeadRequest;
    const until = clock.now() + patienceMs;
    for (let tries = 1, silent = 1; ; tries += 1) {
      const heard = await this.#once(request, manage);
      if (heard.ok) return heard;
      if (heard.code === 'unavailable' || heard.code === 'unreachable' || heard.code === 'internal') {
        failures.push({ at: clock.now(), code: heard.code, step: fields.step });
      }
      if (heard.code === 'proof_required' && prove) {
        await prove();
        continue;
      }
      if (isSilent(heard) && silent++ > TRIES_WITHOUT_A_WORD) return heard;
      if (!isSilent(heard) && !PROBLEMS[heard.code as ProblemCode].retryable) return heard;
      const asked = heard.retryAfterSeconds === undefined ? undefined : heard.retryAfterSeconds * 1_000;
      const pause = (asked ?? PAUSES_MS[Math.min(tries, PAUSES_MS.length) - 1] ?? 1_000) * (1 + 0.25 * random());
      if (clock.now() + pause > until) return heard;
      await clock.sleep(pause);
    }
  }

  /** Over the open internet: may be lost on the way there or back. */
  #once(request: LeadRequest, manage: LeadInput['manage']): Promise<Heard> {
    const { clock, random, lossShare, step } = this.#world;
    const fate = random();
    const isLostThere = fate < lossShare / 2;
    const isLostBack = !isLostThere && fate < lossShare;
    return new Promise((resolve) => {
      const callOff = clock.at(clock.now() + WIDGET_REQUEST_LIMIT_MS, () => resolve({ ok: false, code: 'timeout' }));
      const hear = (heard: Heard) => {
        if (isLostBack) return;
        clock.at(clock.now() + random() * NETWORK_MS, () => {
          callOff();
          resolve(heard);
        });
      };
      if (isLostThere) return;
      clock.at(clock.now() + random() * NETWORK_MS, () => {
        step(this.#visit.leadId, request, manage).then(hear, () => hear({ ok: false, code: 'unreachable' }));
      });
    });
  }
}
