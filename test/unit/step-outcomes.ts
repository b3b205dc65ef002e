/** What a step did, as one word: a problem's code, `new` (the record changes), `joins` (done already) or `waits`. */
import type { ProblemCode } from '../../shared/problems.ts';
import type { LeadRecord } from '../../worker/lead/record.ts';
import { type LeadInput, takeStep } from '../../worker/lead/steps.ts';
import { answersRow, leadRecord, NOW } from './lead-records.ts';

export type Outcome = ProblemCode | 'new' | 'joins' | 'waits';

export function outcomeOf(record: LeadRecord | undefined, input: LeadInput, now = NOW): Outcome {
  const result = takeStep(record, input, now);
  if (!result.ok) return result.code;
  if (result.record && result.record !== record) return 'new';
  return record && result.isDone(record) ? 'joins' : 'waits';
}

/** Answers that could not be delivered because iClosed does not answer. */
export const ANSWERS_AWAY = leadRecord({
  answers: answersRow({ seq: 2, delivery: { firstAt: NOW, tries: 0, dueAt: NOW + 2_000, lastFault: 'away' } }),
});
