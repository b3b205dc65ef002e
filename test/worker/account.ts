/**
 * What happens in the account behind the visitor's back: other people take times, the owner changes an event. Reaches into the
 * stand-in, never into the Worker.
 */
import assert from 'node:assert/strict';
import { type EventType, eventByPrefix, type QuestionType } from '../standin/events.ts';
import { STANDIN_KEY, type Stack } from '../stack.ts';
import { freshEmail } from './visitor.ts';

/** Changes an event of the account until the returned function is called. */
export function changeEvent(prefix: string, changes: Partial<EventType>): () => void {
  const event = eventByPrefix(prefix) as EventType;
  assert.ok(event, prefix);
  const before = { ...event };
  Object.assign(event, changes);
  return () => Object.assign(event, before);
}

/** The event asks for exactly these, whatever it told the Worker before. */
export function changeQuestions(prefix: string, types: readonly QuestionType[]): () => void {
  const [pattern] = eventByPrefix(prefix)?.questions ?? [];
  assert.ok(pattern);
  const questions = types.map((type, displayIndex) => ({ ...pattern, type, displayIndex, isDeleted: false }));
  return changeEvent(prefix, { questions });
}

/** Others book the instant at iClosed until none of these hosts is free; tells how many it took. */
export async function occupy(stack: Stack, event: string, startsAt: string, hosts = ''): Promise<number> {
  for (let calls = 0; ; calls += 1) {
    const response = await fetch(`${stack.standin.url}/v1/eventCalls`, {
      method: 'POST',
      headers: { authorization: `Bearer ${STANDIN_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        linkPrefix: event,
        email: freshEmail('other'),
        dateTime: new Date(startsAt).toISOString(),
        timeZone: 'UTC',
        secondaryQuestionsAnswer: [],
        ...(hosts ? { conditionalUsers: hosts } : {}),
      }),
    });
    const answer = (await response.json()) as { data?: { eventCall?: { data?: unknown } } };
    if (!response.ok || !answer.data?.eventCall?.data) return calls;
  }
}
