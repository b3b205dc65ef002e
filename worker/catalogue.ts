/**
 * Descriptions of events in the isolate's memory, in front of the Event objects: a page view then costs no object. Young
 * copies are answered as they are, older ones while a new one is on its way.
 */
import { resolveEvent } from './config/events.ts';
import { settingsOf } from './config/settings.ts';
import type { Env } from './env.ts';
import type { EventDescription } from './event/describe.ts';
import type { DescribeAnswer } from './event/desk.ts';
import { eventStub } from './objects.ts';
import { Problem } from './problem.ts';

const FRESH_MS = 30_000;
const STALE_AT_MOST_MS = 5 * 60_000;

interface Copy {
  description: EventDescription;
  at: number;
}

/** Per environment, because one isolate may serve several configurations in tests. */
const shelves = new WeakMap<object, { copies: Map<string, Copy>; asking: Map<string, Promise<DescribeAnswer>> }>();

/**
 * @param named as the tag names it: `account/event-name`, a full address or an alias.
 * @param wait keeps the Worker alive while a copy is renewed after the answer.
 * @throws Problem `event_unknown`, `busy`, `unavailable`
 */
export async function findEvent(
  env: Env,
  named: string,
  wait: (work: Promise<unknown>) => void,
): Promise<EventDescription> {
  const { events } = settingsOf(env);
  const resolved = resolveEvent(events, named);
  if (!resolved) throw new Problem('event_unknown');
  const { id } = resolved;
  let shelf = shelves.get(settingsOf(env));
  if (!shelf) {
    shelf = { copies: new Map(), asking: new Map() };
    shelves.set(settingsOf(env), shelf);
  }
  const { copies, asking } = shelf;
  const ask = (): Promise<DescribeAnswer> => {
    let answer = asking.get(id);
    if (!answer) {
      answer = eventStub(env, id)
        .describe(id)
        .then((each) => {
          if (each.ok) copies.set(id, { description: each.description, at: Date.now() });
          return each;
        })
        .finally(() => asking.delete(id));
      asking.set(id, answer);
    }
    return answer;
  };
  const copy = copies.get(id);
  const age = copy ? Date.now() - copy.at : Number.POSITIVE_INFINITY;
  if (copy && age < FRESH_MS) return copy.description;
  if (copy && age < STALE_AT_MOST_MS) {
    wait(ask().catch(() => undefined));
    return copy.description;
  }
  const answer = await ask();
  if (answer.ok) return answer.description;
  const { code, retryAfterSeconds } = answer;
  throw new Problem(code, retryAfterSeconds === undefined ? {} : { retryAfterSeconds });
}
