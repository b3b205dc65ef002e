/** What becomes of a change of a booked call: what was begun, what the Worker said, and whether the call says that it is done. Pure. */
import type { LeadState, SlotPage } from '../../../shared/protocol.ts';
import type { Result } from '../../client.ts';
import type { Failure } from '../../state.ts';

export type Change = 'reschedule' | 'cancel';

/** Codes that leave open whether it was done. */
const LOST: ReadonlySet<Failure> = new Set(['timeout', 'unreachable', 'unavailable', 'internal']);

/** What became of a change; without a code it is done, unless that is not clear. */
export interface Outcome {
  code?: Failure;
  /** How the call stands. */
  lead?: LeadState;
  /** Fresh times where the wanted one is gone. */
  slots?: SlotPage;
  isUnsure: boolean;
  /** Looked at, not answered: it may be what the page has heard already. */
  isSeen?: boolean;
}

/** A change of an attempt's call that is under way, or over and not settled yet. */
export interface Begun {
  step: Change;
  /** The wanted time, where it is known. */
  wanted: { startsAt?: string };
  /** When the call was. */
  before: string;
  outcome?: Outcome;
}

/** The call does not say yet what becomes of a change. */
export function isOpen({ booking, pending, outcome }: LeadState): boolean {
  return !booking || pending !== undefined || outcome === 'will_contact';
}

export function isDone({ step, wanted, before }: Begun, { booking }: LeadState): boolean {
  if (step === 'cancel') return booking?.isCancelled === true;
  const { startsAt } = wanted;
  return !booking?.isCancelled && (startsAt ? booking?.startsAt === startsAt : booking?.startsAt !== before);
}

export function happeningOf(step: Change, { booking }: Pick<LeadState, 'booking'>): string {
  return `${step} ${booking?.startsAt}`;
}

export function isChange(step: string | undefined): step is Change {
  return step === 'reschedule' || step === 'cancel';
}

export function whatIs(result: Result<LeadState>): Outcome {
  if (!result.ok)
    return { code: result.code, lead: result.problem?.lead, slots: result.problem?.slots, isUnsure: false };
  const { outcome, pending } = result.body;
  return { lead: result.body, isUnsure: outcome === 'will_contact' || pending !== undefined };
}

/** The Worker has not said it: a problem of its own says how the call stands. */
export function isLost(result: Result<LeadState>): result is Extract<Result<LeadState>, { ok: false }> {
  return !result.ok && LOST.has(result.code) && !result.problem?.lead;
}
