/**
 * Routing and disqualification: which groups of conditions the answers meet. Kept apart from the route that stores answers,
 * since both are plain logic over the event's rules.
 */
import type { Condition, EventType } from './events.ts';

export type Answers = ReadonlyMap<number, readonly string[]>;

/** Hosts of the first routing group that fires; empty when none does. */
export function routedHosts(event: EventType, answers: Answers): number[] {
  return [...(event.routing.find((group) => fires(group, answers))?.hostIds ?? [])];
}

/** One entry per condition that fired, in the shape of the booking guide. */
export function disqualifyingConditions(event: EventType, answers: Answers) {
  return event.disqualification
    .filter((group) => fires(group, answers))
    .flatMap((group) =>
      group.conditions
        .filter((condition) => isMet(condition, answers))
        .map((condition, index) => ({
          id: group.id * 10 + index,
          eventId: event.id,
          statement: group.statement,
          operator: group.operator,
          value: condition.value,
          condition: condition.condition,
          disqualificationGroupId: group.id,
        })),
    );
}

function fires(group: { operator: 'AND' | 'OR'; conditions: readonly Condition[] }, answers: Answers): boolean {
  return group.operator === 'AND'
    ? group.conditions.every((condition) => isMet(condition, answers))
    : group.conditions.some((condition) => isMet(condition, answers));
}

/** Option texts are compared letter by letter; an unanswered field meets nothing. */
function isMet({ customFieldId, condition, value }: Condition, answers: Answers): boolean {
  const given = answers.get(customFieldId);
  if (!given || given.length === 0) return false;
  switch (condition) {
    case 'IS':
      return given.length === 1 && given[0] === value;
    case 'IS_NOT':
      return !given.includes(value);
    case 'CONTAINS':
      return given.includes(value);
  }
}
