/**
 * The rows of "What the visitor sees" and the states of `/states` that show them. A row without a state does not compile, and
 * `test/unit/states.test.ts` compares the rows' names with the table itself.
 */
import type { StateName } from './states.ts';

export const ROWS = {
  'waiting > 1 s for slots': ['times-looking'],
  'waiting for our turn (limit)': ['busy'],
  'own throttle': ['throttled'],
  'slot taken': ['taken', 'gone'],
  'no times this month': ['month-empty'],
  'no times at all in the horizon': ['full'],
  'routed hosts have no times': ['full-own'],
  disqualified: ['disqualified', 'disqualified-offer'],
  'unconfirmed booking': ['confirming'],
  'still unclear': ['unclear'],
  'iClosed away, before booking': ['safe', 'safe-booking'],
  'booked, other time than asked': ['booked-other'],
  'e-mail or phone refused by iClosed': ['contact-refused'],
  'person blocked': ['full-own'],
  'contact or event vanished (404) mid-flow': ['vanished'],
  'event inactive, unknown, wrong setting': ['inactive', 'unknown', 'no-event'],
  'origin not allowed': ['origin-refused'],
  offline: ['offline'],
  'part of the widget does not load': ['part-missing'],
  'ticket expired': ['confirm-again'],
  'already booked in this browser': ['found-again', 'already-booked'],
  'manage link old / call already moved / not movable': ['changed-elsewhere', 'not-movable'],
  'robot check needed or failed': ['check-failed'],
  'required consent missing': ['consent-missing'],
  'no script / Worker gone ≥ 4 s': ['worker-gone'],
} as const satisfies Record<string, readonly [StateName, ...StateName[]]>;

export type Row = keyof typeof ROWS;

/** Rows that a state shows. */
export function rowsOf(name: StateName): Row[] {
  return (Object.keys(ROWS) as Row[]).filter((row) => {
    const shown: readonly StateName[] = ROWS[row];
    return shown.includes(name);
  });
}
