/**
 * Which words a disqualified visitor reads: the first configured entry whose condition matches a rule that fired, else the
 * entry without a condition. Matched here so that no rule ever reaches a browser. Pure.
 */
import type { Disqualification, Tracking } from '../../shared/protocol.ts';
import type { DisqualifiedRule } from '../config/events.ts';
import type { FiredRule } from '../iclosed/answers.ts';
import { redirectOf } from '../redirect.ts';

/**
 * The redirect carries the page's attribution and nothing of the person. Without `delaySeconds` the visitor goes there by pressing a
 * button, as after a booking; only an owner who says so takes anybody away unasked.
 */
export function disqualificationFor(
  configured: readonly DisqualifiedRule[],
  fired: readonly FiredRule[],
  tracking: Tracking,
): Omit<Disqualification, 'mayCorrect'> & { mayCorrect: boolean } {
  const entry =
    configured.find(({ when }) => when !== undefined && fired.some((rule) => matches(when, rule))) ??
    configured.find(({ when }) => when === undefined);
  const redirect = redirectOf([entry?.redirect], { tracking });
  return {
    mayCorrect: false,
    ...(entry?.message ? { message: entry.message } : {}),
    ...(redirect ? { redirect } : {}),
    ...(redirect && entry?.delaySeconds !== undefined ? { delaySeconds: entry.delaySeconds } : {}),
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
