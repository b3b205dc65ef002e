/**
 * Who may book now. One row per iClosed contact and instant, so that two tabs, e-mail or phone and a corrected typo meet
 * here. Pure: rows in, decision out. No personal data: a contact is iClosed's number, an attempt a random id.
 */
import { CLAIM_UNSETTLED_MS, KEEP_TOMBSTONE_MS } from '../../shared/limits.ts';

export interface Claim {
  contactId: number;
  startsAt: number;
  attempt: string;
  /** The Lead that holds it; asked before a claim is broken. */
  leadId: string;
  /** `open` until its Lead settles it · `unclear` there may be a call, and a person decides. */
  state: 'open' | 'booked' | 'unclear';
  /** An open claim may be doubted then; any other is forgotten then. */
  until: number;
  /** Of a booked one, iClosed's number of the call. */
  callId?: number;
}

export type ClaimDecision =
  | { kind: 'granted'; claim: Claim }
  /** This contact is being booked by another attempt; whether that is still alive, its Lead knows. */
  | { kind: 'contested'; by: Claim; mayBeDead: boolean }
  /** This contact has this very call, may have one, or has any call where the owner allows one only. */
  | { kind: 'already_booked' };

export function decideClaim(
  rows: readonly Claim[],
  wanted: Pick<Claim, 'contactId' | 'startsAt' | 'attempt' | 'leadId'> & { movesFrom?: number },
  repeatBooking: 'allow' | 'refuse',
  now: number,
): ClaimDecision {
  // The call that is to be moved stands in nobody's way, also where its host has moved it since and the Event knows nothing of that.
  const isOwnCall = ({ attempt, state }: Claim) =>
    wanted.movesFrom !== undefined && attempt === wanted.attempt && state === 'booked';
  // An open claim never lapses by itself: its booking may be unclear for longer, and only its Lead knows.
  const ofContact = rows.filter((each) => each.contactId === wanted.contactId);
  const open = ofContact.find((each) => each.state === 'open' && each.attempt !== wanted.attempt);
  if (open) return { kind: 'contested', by: open, mayBeDead: open.until <= now };
  const settled = ofContact.filter((each) => each.state !== 'open' && each.until > now && !isOwnCall(each));
  const clashes = settled.some(
    (each) =>
      repeatBooking === 'refuse' ||
      each.state === 'unclear' ||
      each.startsAt === wanted.startsAt ||
      each.attempt === wanted.attempt,
  );
  if (clashes) return { kind: 'already_booked' };
  const { movesFrom: _, ...claim } = wanted;
  return { kind: 'granted', claim: { ...claim, state: 'open', until: now + CLAIM_UNSETTLED_MS } };
}

export function bookedClaim(claim: Claim, endsAt: number, callId?: number): Claim {
  const booked = { ...claim, state: 'booked' as const, until: endsAt + KEEP_TOMBSTONE_MS };
  return callId === undefined ? booked : { ...booked, callId };
}

/** No second call while nobody knows of the first: until a person has looked, or its time has passed. */
export function unclearClaim(claim: Claim): Claim {
  return { ...claim, state: 'unclear', until: claim.startsAt + KEEP_TOMBSTONE_MS };
}
