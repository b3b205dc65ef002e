/**
 * What the driver does about a change: looks at the call, claims the new instant, sends, and looks again where the answer was
 * lost. Every outcome is written before the next step; after each await the record is read again.
 */
import { GATE_DEADLINE_MS, RECOVERY_WAIT_MS } from '../../shared/limits.ts';
import type { Outcome, Urgency } from '../gate/through.ts';
import type { SeenCall } from '../iclosed/call-search.ts';
import { cancelCall, moveCall, readChangeAnswer } from '../iclosed/calls.ts';
import { isPermanent } from '../iclosed/failure.ts';
import {
  afterChangeDone,
  afterChangeHandedOver,
  afterChangeHindered,
  afterChangeLook,
  afterChangeRejected,
  afterChangeSending,
  afterChangeUnclear,
  afterNothingChanged,
  isAsWanted,
  isChangeOver,
  obstacle,
  settlementsOf,
  withSeen,
} from './change.ts';
import type { LeadPorts } from './driver.ts';
import { lookAtCall } from './look.ts';
import { changeNote, withNote } from './notes.ts';
import type { BookingRow, ChangeRow } from './record.ts';
import { secondsUntil } from './reply.ts';
import { postponed } from './retry.ts';

type Failed = Exclude<Outcome<unknown>, { ok: true }>;

const RECOVERY: Urgency = { class: 2, waitMs: RECOVERY_WAIT_MS };
const LOOK: Urgency = { class: 2, waitMs: GATE_DEADLINE_MS };

/** Looks first, so that nothing is done to a call that is no longer what the visitor saw, nor done twice. */
export async function change(ports: LeadPorts): Promise<void> {
  const { booking, contact, answers, attempt, leadId } = ports.read();
  const { change: wanted, call } = booking ?? {};
  if (!wanted || !call || contact.id === undefined) return;
  const look = await lookAtCall(ports.ask, call.callId, wanted.sends === 0 ? LOOK : RECOVERY);
  if (look.kind === 'failed') return hindered(ports, look.outcome);
  if (look.kind === 'missing') return reject(ports, { code: 'booking_changed' });
  if (isOverBy(ports, wanted, look.call)) return;

  const hosts = answers?.outcome?.hosts ?? '';
  if (wanted.to && !wanted.isClaimed) {
    const { startsAt } = wanted.to;
    const claimed = await ports
      .claim({ contactId: contact.id, startsAt, attempt, leadId, hosts, movesFrom: wanted.from })
      .catch(() => ({ ok: false as const, code: 'busy' as const, retryAfterSeconds: 2 }));
    if (!claimed.ok) {
      const { ok: _, ...problem } = claimed;
      return reject(ports, problem);
    }
    updateChange(ports, (each) => ({ ...each, isClaimed: true }));
  }

  const order = wanted.to ? moveCall(call.callId, wanted.to.startsAt, wanted.to.timeZone) : cancelCall(call.callId);
  const urgency = { ...ports.urgency(), waitMs: GATE_DEADLINE_MS };
  const outcome = await ports.ask(order, urgency, () => updateChange(ports, afterChangeSending));
  if (outcome.ok) {
    const answer = readChangeAnswer(outcome.value, wanted.kind);
    if (answer.kind === 'done')
      return update(ports, (row, each) =>
        afterChangeDone(row, each, answer.startsAt ?? wanted.to?.startsAt ?? row.startsAt, ports.now()),
      );
    if (answer.kind === 'unclear') return updateChange(ports, afterChangeUnclear);
    return afterRefusal(ports, hosts);
  }
  const { failure } = outcome;
  if (!failure || failure.certain) return hindered(ports, outcome);
  if (isPermanent(failure)) return afterRefusal(ports, hosts);
  updateChange(ports, afterChangeUnclear);
}

/** Keeps what was seen. True when that ends the change: it has happened, or it cannot happen any more. */
function isOverBy(ports: LeadPorts, wanted: ChangeRow, seen: SeenCall): boolean {
  const now = ports.now();
  if (isAsWanted(wanted, seen)) {
    update(ports, (row, each) => afterChangeDone(withSeen(row, seen, now), each, seen.startsAt, now));
    return true;
  }
  update(ports, (row) => withSeen(row, seen, now));
  const code = obstacle(wanted, seen, now);
  if (code) reject(ports, { code });
  return code !== undefined;
}

/** Not sent, or sent and known to have done nothing. */
function hindered(ports: LeadPorts, outcome: Failed): void {
  const { failure } = outcome;
  const isAway = failure ? failure.kind !== 'rate_limited' : outcome.isAway;
  updateChange(ports, (each, now) => {
    const delivery = postponed(each.delivery, outcome, now, ports.random);
    const undone = afterNothingChanged(each, delivery);
    const retryAfterSeconds = secondsUntil(delivery.dueAt, now);
    return afterChangeHindered(undone, { code: isAway ? 'unavailable' : 'busy', retryAfterSeconds }, delivery, now);
  });
}

/** Why iClosed refused is undocumented: it happened all the same, somebody was quicker, the time is gone, or it may not be. */
async function afterRefusal(ports: LeadPorts, hosts: string): Promise<void> {
  const { booking } = ports.read();
  const { change: wanted, call } = booking ?? {};
  if (!wanted || !call) return;
  const look = await lookAtCall(ports.ask, call.callId, LOOK);
  if (look.kind === 'failed') return updateChange(ports, afterChangeUnclear);
  if (look.kind === 'seen' && isOverBy(ports, wanted, look.call)) return;
  if (!wanted.to) return reject(ports, { code: 'booking_fixed' });
  const { startsAt } = wanted.to;
  const isOpen = await ports.isStillOpen(hosts, startsAt).catch(() => undefined);
  if (isOpen !== false) return reject(ports, { code: 'booking_fixed' });
  const fresh = await ports.alternatives(hosts, startsAt).catch(() => ({}));
  reject(ports, { code: 'slot_taken', ...fresh });
}

/** What became of it? */
export async function lookForChange(ports: LeadPorts): Promise<void> {
  const { booking } = ports.read();
  if (!booking?.call) return;
  const look = await lookAtCall(ports.ask, booking.call.callId, RECOVERY);
  update(ports, (row, each) => {
    const now = ports.now();
    if (look.kind === 'missing') return { ...row, change: afterChangeHandedOver(each, now) };
    const delivery = look.kind === 'failed' ? postponed(each.delivery, look.outcome, now, ports.random) : each.delivery;
    const dueAt = Math.min(Math.max(delivery.dueAt, now + 1_000), now + RECOVERY_WAIT_MS);
    const seen = look.kind === 'seen' ? look.call : undefined;
    return afterChangeLook(row, each, seen, { ...delivery, dueAt }, now);
  });
}

/** Tells the Event, and the owner where a person must decide. */
export async function settleChange(ports: LeadPorts): Promise<void> {
  const record = ports.read();
  try {
    for (const settlement of settlementsOf(record)) await ports.settle(settlement);
  } catch {
    return updateChange(ports, (each, now) => ({ ...each, delivery: { ...each.delivery, dueAt: now + 2_000 } }));
  }
  updateChange(ports, (each) => ({ ...each, isSettled: true }));
  const after = ports.read();
  const each = after.booking?.change;
  if (each?.state === 'HANDED_OVER') ports.write({ ...after, notes: withNote(after, changeNote(each), ports.now()) });
}

/** The visitor asked how the call stands: a look that fails leaves what was known. */
export async function look(ports: LeadPorts): Promise<void> {
  const { booking } = ports.read();
  if (!booking?.call) return;
  const found = await lookAtCall(ports.ask, booking.call.callId, { ...ports.urgency(), waitMs: GATE_DEADLINE_MS });
  const record = ports.read();
  if (!record.booking) return;
  const { look: _, ...row } = record.booking;
  const next = found.kind === 'seen' ? withSeen(row, found.call, ports.now()) : row;
  ports.write({ ...record, booking: next });
}

function reject(ports: LeadPorts, problem: NonNullable<ChangeRow['problem']>): void {
  updateChange(ports, (each, now) => afterChangeRejected(each, problem, now));
}

function updateChange(ports: LeadPorts, next: (change: ChangeRow, now: number) => ChangeRow): void {
  update(ports, (row, each) => ({ ...row, change: next(each, ports.now()) }));
}

function update(ports: LeadPorts, next: (booking: BookingRow, change: ChangeRow) => BookingRow): void {
  const record = ports.read();
  const { booking } = record;
  if (booking?.change && !(isChangeOver(booking.change) && booking.change.isSettled))
    ports.write({ ...record, booking: next(booking, booking.change) });
}
