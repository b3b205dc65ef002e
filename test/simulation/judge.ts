/**
 * The verdict on one run, from the stand-in's ledger: doubles as `design.md` defines them, contacts that never arrived, words
 * to visitors that were not true. The product's own records only say when something counted as settled.
 */
import type { LedgerEntry } from '../standin/ledger.ts';
import type { StandinModel } from '../standin/model.ts';
import type { BookingStory, Chronicle } from './chronicle.ts';
import type { Visit } from './visitor.ts';
import type { Sent } from './wire.ts';

export interface Evidence {
  model: StandinModel;
  sent: readonly Pick<Sent, 'sender' | 'at' | 'entry'>[];
  chronicle: Chronicle;
  visits: readonly Visit[];
}

/** Two live calls of one contact for one event that must not both be. */
export interface Double {
  why: 'one attempt' | 'one instant' | 'first unsettled';
  attempts: [string, string];
  callIds: [number, number];
  /** What became of the first in its Lead's eyes. */
  firstEnd: string;
}

/** Of one attempt twice, of one instant twice, or the second booked while the first was unsettled. */
export function doublesOf({ model, sent, chronicle }: Evidence): Double[] {
  const pairs = model.ledger.doubles();
  if (pairs.length === 0) return [];
  const senders = new Map<number, string>();
  for (const { entry, sender } of sent) if (entry.callId !== null) senders.set(entry.callId, sender);
  return pairs.flatMap((pair): Double[] => {
    const isInOrder = pair.createdAt[0] <= pair.createdAt[1];
    const [first, second] = isInOrder ? [0, 1] : [1, 0];
    const attempts: Double['attempts'] = [
      senders.get(pair.callIds[first] ?? 0) ?? 'elsewhere',
      senders.get(pair.callIds[second] ?? 0) ?? 'elsewhere',
    ];
    const story = chronicle.stories
      .get(attempts[0])
      ?.bookings.find((each) => each.startsAt === pair.startsAt[first] && each.sends.length > 0);
    const double = { attempts, callIds: pair.callIds, firstEnd: story?.end ?? 'unknown' };
    if (attempts[0] === attempts[1]) return [{ why: 'one attempt', ...double }];
    if (pair.kind === 'same_instant') return [{ why: 'one instant', ...double }];
    const bookedAt = pair.createdAt[second] ?? 0;
    return isSettledBefore(story, bookedAt) ? [] : [{ why: 'first unsettled', ...double }];
  });
}

/** A call that exists is settled only once its Lead knows of it: handed over to a person, it is not. */
function isSettledBefore(story: BookingStory | undefined, instant: number): boolean {
  return story?.end === 'CONFIRMED' && story.settledAt !== undefined && story.settledAt <= instant;
}

export interface ContactFate {
  visit: Visit;
  /** When the last address that was told safe reached the account; undefined: never. */
  arrivedAt?: number;
  /** When iClosed first refused this person in a way that it will repeat for ever. */
  refusedForGoodAt?: number;
}

/** What became of each contact that the visitor was told is safe. */
export function contactFates({ model, sent, visits }: Evidence): ContactFate[] {
  model.advance();
  const arrivals = new Map<string, number>();
  const refusals = new Map<string, number>();
  const permanent = new Set(model.permanentRefusals().map(({ endpoint, subject }) => `${endpoint} ${subject}`));
  for (const { sender, entry } of sent) {
    if (entry.endpoint !== 'POST /v1/contacts' && entry.endpoint !== 'PUT /v1/contacts') continue;
    const { email, id } = entry.body as { email?: string; id?: number };
    const subject = String(id ?? email).toLowerCase();
    if (email && entry.committedAt !== null) keepFirst(arrivals, email.toLowerCase(), entry.committedAt);
    if (permanent.has(`${entry.endpoint} ${subject}`)) keepFirst(refusals, sender, entry.at);
  }
  return visits.flatMap((visit): ContactFate[] => {
    const email = visit.toldSafe.at(-1)?.contact.email?.toLowerCase();
    if (email === undefined) return [];
    const arrivedAt = arrivals.get(email);
    const refusedForGoodAt = refusals.get(visit.leadId);
    return [
      {
        visit,
        ...(arrivedAt === undefined ? {} : { arrivedAt }),
        ...(refusedForGoodAt === undefined ? {} : { refusedForGoodAt }),
      },
    ];
  });
}

function keepFirst(times: Map<string, number>, key: string, at: number): void {
  times.set(key, Math.min(at, times.get(key) ?? at));
}

/** Words about a pressed time that the ledger contradicts. */
export function untrueWords({
  model,
  sent,
  visits,
  chronicle,
}: Evidence): { attempt: string; said: string; truth: string }[] {
  const live = new Map<string, { startsAt: number; sentAt: number }[]>();
  const calls = new Map(model.ledger.calls().map((call) => [call.id, call]));
  for (const { entry, sender, at } of sent) {
    const call = entry.callId === null ? undefined : calls.get(entry.callId);
    if (!call || call.cancelledAt !== null) continue;
    live.set(sender, [...(live.get(sender) ?? []), { startsAt: call.startsAt, sentAt: at }]);
  }
  const ofPeople = new Set(model.ledger.calls().map((call) => `${call.contactId} ${call.startsAt}`));
  return visits.flatMap(({ attempt, leadId, told }) =>
    told.flatMap(({ what, startsAt, at, code }) => {
      const own = (live.get(leadId) ?? []).filter((each) => each.startsAt === startsAt);
      // The other tab's call at that time is this person's too.
      const hasCall = own.length > 0 || ofPeople.has(`${chronicle.stories.get(leadId)?.contactId} ${startsAt}`);
      if (what === 'booked' && !hasCall) return [{ attempt, said: 'booked', truth: 'no call' }];
      // Whoever presses the same time once more may get it then.
      const wasSent = own.some(({ sentAt }) => sentAt <= at);
      if (what === 'failed' && wasSent) return [{ attempt, said: `failed (${code})`, truth: 'a live call' }];
      return [];
    }),
  );
}

/** What some runs with crashes came to, together. */
export interface CrashTally {
  doubles: Double[];
  lost: string[];
  untrue: string[];
  /** Visitors who pressed a time and stayed; `booked` of them have a call. */
  pressed: number;
  booked: number;
  /** What the others heard last. */
  ends: string[];
  /** Bookings that were sent and are never over. */
  unended: number;
}

export function emptyCrashTally(): CrashTally {
  return { doubles: [], lost: [], untrue: [], pressed: 0, booked: 0, ends: [], unended: 0 };
}

/** Adds one run; whoever sent a booking that made a call counts as booked. */
export function addCrashes(total: CrashTally, run: Evidence): void {
  total.doubles.push(...doublesOf(run));
  total.untrue.push(...untrueWords(run).map(({ attempt, said, truth }) => `${attempt}: told ${said}, but ${truth}`));
  for (const { visit, arrivedAt, refusedForGoodAt } of contactFates(run)) {
    if (arrivedAt === undefined && refusedForGoodAt === undefined) total.lost.push(`lost: ${visit.attempt}`);
  }
  const live = new Set(run.sent.flatMap(({ sender, entry }) => (entry.callId === null ? [] : [sender])));
  for (const { pressed, end, leadId } of run.visits) {
    if (pressed.length === 0 || end === 'left' || end === 'withdrew') continue;
    total.pressed += 1;
    if (live.has(leadId) || end === 'already_booked') total.booked += 1;
    else total.ends.push(typeof end === 'object' ? end.refused : String(end));
  }
  for (const { bookings } of run.chronicle.stories.values()) {
    for (const { sends, overAt } of bookings) if (sends.length > 0 && overAt === undefined) total.unended += 1;
  }
}

/** Sends of a booking after its visitor had taken the way out, that made a call. */
export function bookedAfterWithdrawal({ sent, visits }: Evidence): LedgerEntry[] {
  const withdrawn = new Map(visits.flatMap(({ leadId, withdrewAt }) => (withdrewAt ? [[leadId, withdrewAt]] : [])));
  return sent
    .filter(({ sender, at, entry }) => {
      const withdrewAt = withdrawn.get(sender);
      return withdrewAt !== undefined && entry.endpoint === 'POST /v1/eventCalls' && at > withdrewAt;
    })
    .map(({ entry }) => entry)
    .filter(({ callId }) => callId !== null);
}

/** The value below which that share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
