/**
 * What is public about an event, descriptions and open times, read through copies in the isolate's memory, so that a page view
 * costs no object and a viral page costs few.
 */
import {
  DESCRIPTION_COPY_FRESH_MS,
  SLOTS_REVALIDATED_WITHIN_MS,
  SLOTS_STALE_AT_MOST_MS,
  THROTTLE_SECONDS,
} from '../shared/limits.ts';
import type { SlotPage } from '../shared/protocol.ts';
import { resolveEvent } from './config/events.ts';
import { settingsOf } from './config/settings.ts';
import { Copies } from './copies.ts';
import type { Env } from './env.ts';
import type { EventDescription } from './event/describe.ts';
import type { Refusal } from './event/desk.ts';
import { eventStub } from './objects.ts';
import { Problem } from './problem.ts';

interface Catalogue {
  descriptions: Copies<EventDescription>;
  openSlots: Copies<SlotPage>;
}

/** Keeps the Worker alive while a copy is renewed after the answer. */
export type Wait = (work: Promise<unknown>) => void;

const catalogues = new WeakMap<object, Catalogue>();

/** One per configuration, because an isolate may serve several in tests. */
function catalogueOf(env: Env): Catalogue {
  const settings = settingsOf(env);
  let catalogue = catalogues.get(settings);
  if (!catalogue) {
    catalogue = {
      descriptions: new Copies({
        freshMs: DESCRIPTION_COPY_FRESH_MS,
        renewedWithinMs: 5 * 60_000,
        keptMs: 24 * 3_600_000,
      }),
      openSlots: new Copies({ freshMs: 3_000, renewedWithinMs: 10_000, keptMs: SLOTS_STALE_AT_MOST_MS }),
    };
    catalogues.set(settings, catalogue);
  }
  return catalogue;
}

/**
 * @param named as the tag names it: `account/event-name`, a full address or an alias.
 * @param mayAsk false: what memory does not hold is `throttled`.
 * @throws Problem `event_unknown`, `busy`, `unavailable`, `throttled`
 */
export async function findEvent(env: Env, named: string, wait: Wait, mayAsk = true): Promise<EventDescription> {
  const resolved = resolveEvent(settingsOf(env).events, named);
  if (!resolved) throw new Problem('event_unknown');
  const { id } = resolved;
  const { descriptions } = catalogueOf(env);
  if (!mayAsk) return remembered(descriptions.peek(id, Date.now())).value;
  const ask = async () => {
    const answer = await eventStub(env, id).describe(id);
    if (!answer.ok) throw problemOf(answer);
    return answer.description;
  };
  return (await descriptions.get(id, Date.now(), ask, wait)).value;
}

/**
 * Open times of a month for any host.
 * @param mayAsk as for `findEvent`.
 * @throws Problem `busy`, `unavailable`, `event_unavailable`, `throttled`
 */
export async function openSlots(
  env: Env,
  event: string,
  month: string,
  wait: Wait,
  mayAsk: boolean,
): Promise<SlotPage> {
  const ask = async () => {
    const answer = await eventStub(env, event).slots(event, '', month, 1);
    if (!answer.ok) throw problemOf(answer);
    return answer.page;
  };
  const copies = catalogueOf(env).openSlots;
  const key = `${event}|${month}`;
  const copy = mayAsk ? copies.get(key, Date.now(), ask, wait) : remembered(copies.peek(key, Date.now()));
  const { value, ageMs } = await copy;
  return ageMs > SLOTS_REVALIDATED_WITHIN_MS ? { ...value, stale: true } : value;
}

/** A flooded address learns what costs nothing; only what would cost an object has to wait. */
function remembered<T>(copy: T | undefined): T {
  if (copy === undefined) throw new Problem('throttled', { retryAfterSeconds: THROTTLE_SECONDS });
  return copy;
}

function problemOf({ code, retryAfterSeconds }: Refusal): Problem {
  return new Problem(code, retryAfterSeconds === undefined ? {} : { retryAfterSeconds });
}
