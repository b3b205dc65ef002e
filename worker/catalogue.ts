/**
 * What is public about an event, descriptions and open times, read through copies in the isolate's memory and in a cache that isolates
 * share, so that a page view costs no object and a viral page costs few. What a visitor chooses from after the answers never comes
 * from here: a Lead asks its Event.
 */
import { THROTTLE_SECONDS } from '../shared/limits.ts';
import type { SlotPage } from '../shared/protocol.ts';
import { askObject } from './ask-object.ts';
import { resolveEvent } from './config/events.ts';
import { settingsOf } from './config/settings.ts';
import { Copies } from './copies.ts';
import { DESCRIPTION_COPIES, marked, SLOT_COPIES } from './copy-policies.ts';
import type { Env } from './env.ts';
import type { EventDescription } from './event/describe.ts';
import type { DescribeAnswer, Refusal, SlotsAnswer } from './event/desk.ts';
import { eventStub } from './objects.ts';
import { Problem } from './problem.ts';
import { fingerprint, sharedCopies } from './shared-copies.ts';

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
    // Shared copies outlive a deploy: what was switched off meanwhile must not be found.
    const { events, apiUrl, slotTimeZone } = settings;
    let configured: Promise<string> | undefined;
    const configuration = () => (configured ??= fingerprint({ events, apiUrl, slotTimeZone }));
    catalogue = {
      descriptions: new Copies(DESCRIPTION_COPIES, sharedCopies('description', configuration)),
      openSlots: new Copies(SLOT_COPIES, sharedCopies('slots', configuration)),
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
    const answer = await askObject<DescribeAnswer>(async () => eventStub(env, id).describe(id));
    if (!answer.ok) throw problemOf(answer);
    return answer.description;
  };
  return (await descriptions.get(id, Date.now, ask, wait)).value;
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
    const answer = await askObject<SlotsAnswer>(async () => eventStub(env, event).slots(event, '', month, 1));
    if (!answer.ok) throw problemOf(answer);
    return answer.page;
  };
  const copies = catalogueOf(env).openSlots;
  const key = `${event}|${month}`;
  return marked(await (mayAsk ? copies.get(key, Date.now, ask, wait) : remembered(copies.peek(key, Date.now()))));
}

/** The Event takes no bookings after all: its description says so from now on. */
export function forgetEvent(env: Env, event: string): Promise<void> {
  return catalogueOf(env).descriptions.forget(event);
}

/** A flooded address learns what costs nothing; only what would cost an object has to wait. */
function remembered<T>(copy: T | undefined): T {
  if (copy === undefined) throw new Problem('throttled', { retryAfterSeconds: THROTTLE_SECONDS });
  return copy;
}

function problemOf({ code, retryAfterSeconds }: Refusal): Problem {
  return new Problem(code, retryAfterSeconds === undefined ? {} : { retryAfterSeconds });
}
