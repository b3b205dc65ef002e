/**
 * What a crowded address must do for a new lead. Tickets are the scarce thing: so many a minute cost nothing, further ones want
 * proof of work; and where an address makes more leads than are urgent, a proof is dearer and the lead gives way. Nobody
 * is refused for what a neighbour does. Pure: counts nothing itself and knows no request; `door.ts` hands in the budgets.
 */
import { BUDGET_SECONDS, CROWD_WORK_BITS, THROTTLE_SECONDS, WORK_BITS } from '../shared/limits.ts';
import type { StepUp } from '../shared/protocol.ts';

/** Each counts one and says whether that was still within. */
export interface Budgets {
  /** By ticket: contacts and proofs that count. */
  ofTicket(): Promise<boolean>;
  /** By address: leads that are urgent. */
  urgent(): Promise<boolean>;
  /** By address: as fast as an address may write at all, so that no program floods the objects. */
  ofAddress(): Promise<boolean>;
}

export interface Entrant {
  /** The ticket needs no proof, or no longer. */
  isProven: boolean;
  /** The step that may make a lead. */
  isContact: boolean;
  /** Zero bits of the proof; 0 without one. */
  bits: number;
}

export type Admission =
  | { ok: true; isUrgent: boolean }
  | { ok: false; code: 'proof_required'; stepUp: StepUp }
  | { ok: false; code: 'throttled'; retryAfterSeconds: number };

/** What a ticket over the budget asks for at first. */
export const FIRST_STEP_UP: StepUp = { kind: 'work', bits: WORK_BITS };

/**
 * Who has a good ticket is let in, whatever the address does: only the urgency of a new lead may be gone. Who has an unproven
 * one is told the price. What is counted comes after what is known, so that a wrong proof uses up nothing.
 */
export async function admit({ isProven, isContact, bits }: Entrant, budgets: Budgets): Promise<Admission> {
  if (isProven) {
    const isUrgent = !isContact || ((await budgets.ofTicket()) && (await budgets.urgent()));
    return { ok: true, isUrgent };
  }
  if (bits < WORK_BITS) return { ok: false, code: 'proof_required', stepUp: FIRST_STEP_UP };
  if (!(await budgets.ofTicket())) return { ok: false, code: 'throttled', retryAfterSeconds: BUDGET_SECONDS };
  if (await budgets.urgent()) return { ok: true, isUrgent: true };
  if (bits < CROWD_WORK_BITS)
    return { ok: false, code: 'proof_required', stepUp: { kind: 'work', bits: CROWD_WORK_BITS } };
  if (!(await budgets.ofAddress())) return { ok: false, code: 'throttled', retryAfterSeconds: THROTTLE_SECONDS };
  return { ok: true, isUrgent: false };
}

/** Zero bits at the beginning of SHA-256 of `<ticket>.<nonce>`. */
export async function workOf(ticket: string, nonce: string): Promise<number> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`${ticket}.${nonce}`)));
  const at = hash.findIndex((byte) => byte !== 0);
  return at < 0 ? 256 : at * 8 + Math.clz32(hash[at] ?? 0) - 24;
}
