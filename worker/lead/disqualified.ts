/**
 * Which words a disqualified visitor reads: the first configured entry whose condition matches a rule that fired, else the
 * entry without a condition. Matched here so that no rule ever reaches a browser. Pure.
 */
import type { Disqualification } from '../../shared/protocol.ts';
import type { DisqualifiedRule } from '../config/events.ts';
import { safeLink } from '../config/links.ts';
import type { FiredRule } from '../iclosed/answers.ts';

export function disqualificationFor(
  configured: readonly DisqualifiedRule[],
  fired: readonly FiredRule[],
): Omit<Disqualification, 'mayCorrect'> & { mayCorrect: boolean } {
  const entry =
    configured.find(({ when }) => when !== undefined && fired.some((rule) => matches(when, rule))) ??
    configured.find(({ when }) => when === undefined);
  const redirect = safeLink(entry?.redirect);
  return {
    mayCorrect: false,
    ...(entry?.message ? { message: entry.message } : {}),
    ...(redirect ? { redirect } : {}),
    ...(redirect ? { delaySeconds: entry?.delaySeconds ?? 5 } : {}),
    ...(entry?.offerEvent ? { offerEvent: entry.offerEvent } : {}),
  };
}

function matches(when: NonNullable<DisqualifiedRule['when']>, rule: FiredRule): boolean {
  return (
    (when.groupId === undefined || when.groupId === rule.groupId) &&
    (when.statement === undefined || when.statement === rule.statement) &&
    (when.value === undefined || when.value === rule.value)
  );
}
