/**
 * What must be true of any Lead, judged by the ledger of what arrived at iClosed, by what visitors asked for and by what they
 * were told. Knows the promises, not the machine. Each rule throws with its name, so that a control can be seen to break the
 * rule that it is a control of.
 */
import type { LeadReply } from '../../worker/lead/steps.ts';
import { nextDue } from '../../worker/lead/machine.ts';
import type { LeadRecord } from '../../worker/lead/record.ts';
import type { Entry, LittleIclosed } from './little-iclosed.ts';

export type LeadRule =
  | 'proof between sends'
  | 'one call'
  | 'withdrawn'
  | 'as pressed'
  | 'accepted answers'
  | 'routed hosts'
  | 'offered'
  | 'own slots'
  | 'final'
  | 'told booked'
  | 'armed'
  | 'comes to an end'
  | 'honest visitors book';

export class BrokenRule extends Error {
  constructor(rule: LeadRule, what: string) {
    super(`[${rule}] ${what}`);
  }
}

const SEARCH: Entry['endpoint'] = 'GET /v1/eventCalls';
const BOOK: Entry['endpoint'] = 'POST /v1/eventCalls';
/** iClosed may commit so late after a send. */
const LATE_COMMIT_MS = 60_000;
/** A set counts as offered for 15 minutes after it was last held, which is at most 10 after it was read; then a permit is waited for. */
const OFFERED_WITHIN_MS = (15 + 10) * 60_000 + 15_000;
const NOTHING_DONE = new Set<Entry['mishap']>(['401', '429']);
const REFUSED = new Set<Entry['mishap']>(['400', '403', '404', 'inner_refusal']);

interface Story {
  withdrawnAt?: number;
  /** When the visitor last pressed a time that is not a repetition, and which contact and answers stood then. */
  pressed?: { at: number; contact: number; answers: number };
  record?: LeadRecord;
  confirmed?: { callId: number; seq: number };
  isToldBooked: boolean;
}

export class LeadBook {
  readonly #iclosed: LittleIclosed;
  readonly #stories = new Map<string, Story>();

  constructor(iclosed: LittleIclosed) {
    this.#iclosed = iclosed;
  }

  /** @param waiting Only the booking of that number, if it still waits. */
  withdrew(lead: string, waiting: number | undefined, now: number): void {
    const story = this.#of(lead);
    const { booking } = story.record ?? {};
    if (waiting === undefined) story.withdrawnAt = now;
    else if (booking?.seq === waiting && booking.state === 'WANTED') delete story.pressed;
  }

  pressed(lead: string, seq: number, now: number): void {
    const story = this.#of(lead);
    const { contact, answers, booking } = story.record ?? {};
    if (seq > (booking?.seq ?? 0)) story.pressed = { at: now, contact: contact?.seq ?? 0, answers: answers?.seq ?? 0 };
  }

  /** The lead has stored this. */
  stored(lead: string, record: LeadRecord): void {
    const story = this.#of(lead);
    const { booking } = record;
    const { confirmed } = story;
    if (confirmed && booking?.call?.callId !== confirmed.callId)
      throw new BrokenRule('final', `call ${confirmed.callId} of ${lead} became ${booking?.state}`);
    if (booking?.state === 'CONFIRMED' && booking.call)
      story.confirmed = { callId: booking.call.callId, seq: booking.seq };
    story.record = record;
  }

  /** Everything of this lead was purged: whatever comes is a new life. */
  forgotten(lead: string): void {
    this.#stories.delete(lead);
  }

  told(lead: string, reply: LeadReply): void {
    const story = this.#of(lead);
    const slots = reply.ok ? reply.state.slots?.slots : [...(reply.slots?.slots ?? []), ...(reply.nearest ?? [])];
    if (slots?.length) this.#sawSlots(lead, slots);
    if (!reply.ok) return;
    const { stage, booking } = reply.state;
    if (story.isToldBooked && stage !== 'booked') throw new BrokenRule('told booked', `${lead} is told ${stage} now`);
    if (stage !== 'booked') return;
    story.isToldBooked = true;
    const startsAt = Date.parse(booking?.startsAt ?? '');
    if (!this.#iclosed.calls.some((call) => call.startsAt === startsAt))
      throw new BrokenRule('told booked', `${lead} at ${booking?.startsAt}, and there is no call`);
  }

  /** Between two commands. */
  checkArmed(lead: string, record: LeadRecord, isArmed: boolean): void {
    const due = nextDue(record);
    if (due === undefined) return;
    if (!Number.isFinite(due) || due < 0) throw new BrokenRule('armed', `${lead} is due at ${due}`);
    if (!isArmed) throw new BrokenRule('armed', `${lead} is due at ${due} and nothing wakes it`);
  }

  checkEnd(lead: string, record: LeadRecord): void {
    const due = nextDue(record);
    const { contact, booking } = record;
    if (due !== undefined)
      throw new BrokenRule('comes to an end', `${lead} is still due: ${JSON.stringify(booking ?? contact)}`);
    if (contact.deliveredSeq < contact.seq && !contact.refused)
      throw new BrokenRule('comes to an end', `the contact of ${lead} was never delivered`);
    if (booking && !booking.isSettled) throw new BrokenRule('comes to an end', `${lead} ends as ${booking.state}`);
  }

  checkCalls(): void {
    const seen = new Set<string>();
    for (const { sender, contactId, startsAt } of this.#iclosed.calls) {
      for (const key of [`attempt ${sender}`, `${contactId} at ${startsAt}`]) {
        if (sender !== 'elsewhere' && seen.has(key)) throw new BrokenRule('one call', `two of ${key}`);
        seen.add(key);
      }
    }
  }

  /** Something leaves for iClosed. */
  sent(entry: Entry): void {
    if (entry.endpoint !== BOOK) return;
    const lead = entry.sender;
    const story = this.#of(lead);
    const { leftAt, body } = entry;
    const startsAt = Date.parse(String(body.dateTime));
    const hosts = String(body.conditionalUsers ?? '');
    if (story.withdrawnAt !== undefined && (story.pressed?.at ?? 0) < story.withdrawnAt)
      throw new BrokenRule('withdrawn', `${lead} took the link ${leftAt - story.withdrawnAt} ms ago`);
    const { record, pressed } = story;
    if (record?.contact.seq !== pressed?.contact || record?.answers?.seq !== pressed?.answers)
      throw new BrokenRule('as pressed', `${lead} has corrected contact or answers since, or gone back`);
    const answers = this.#lastAnswers(lead);
    const given = story.record?.answers;
    if (!answers?.isAnswered || !answers.isComplete || answers.verdict?.isDisqualified)
      throw new BrokenRule('accepted answers', `${lead}: ${JSON.stringify(answers?.body.secondaryQuestionsAnswer)}`);
    if (!given || given.settledSeq < given.seq)
      throw new BrokenRule('accepted answers', `${lead} has given others, which iClosed does not know yet`);
    if (answers.verdict?.hosts !== hosts)
      throw new BrokenRule('routed hosts', `${lead} is routed to ${answers.verdict?.hosts}, sent for ${hosts}`);
    if (!this.#wasNamed(hosts, startsAt, leftAt - OFFERED_WITHIN_MS))
      throw new BrokenRule('offered', `${lead}: ${new Date(startsAt).toISOString()} for hosts ${hosts}`);
    const before = this.#iclosed.ledger.filter((each) => each.endpoint === BOOK && each.sender === lead);
    const last = before.at(-2);
    if (last) this.#checkProof(lead, last, entry);
  }

  /** Between two sends stands the proof that the first did nothing. */
  #checkProof(lead: string, first: Entry, second: Entry): void {
    if (NOTHING_DONE.has(first.mishap) || REFUSED.has(first.mishap)) return;
    const startsAt = Date.parse(String(first.body.dateTime));
    const wasTaken = first.mishap === undefined || first.mishap === 'slow' || first.mishap.endsWith('_after');
    const call = this.#iclosed.calls.find((each) => each.sender === lead && each.startsAt === startsAt);
    // Served, and refused because somebody was quicker.
    if (wasTaken && !call && (first.mishap === undefined || first.mishap === 'slow')) return;
    const searches = this.#iclosed.ledger.filter(
      (each) =>
        each.endpoint === SEARCH &&
        each.sender === lead &&
        each.isAnswered &&
        each.isFiltered &&
        each.leftAt >= first.leftAt + LATE_COMMIT_MS &&
        each.leftAt <= second.leftAt &&
        !each.instants?.includes(startsAt),
    );
    if (searches.length < 2)
      throw new BrokenRule('proof between sends', `${lead} after ${first.mishap}, ${searches.length} searches`);
  }

  #sawSlots(lead: string, slots: readonly string[]): void {
    const answers = this.#lastAnswers(lead);
    if (!answers?.isAnswered || !answers.isComplete || answers.verdict?.isDisqualified)
      throw new BrokenRule('own slots', `${lead} sees times without accepted answers`);
    for (const each of slots)
      if (!this.#wasNamed(answers.verdict?.hosts ?? '', Date.parse(each), 0))
        throw new BrokenRule('own slots', `${lead} sees ${each}, which is none of ${answers.verdict?.hosts}`);
  }

  #lastAnswers(lead: string): Entry | undefined {
    return this.#iclosed.ledger.findLast(
      (each) => each.endpoint === 'POST /v1/fields/inviteeAnswers' && each.sender === lead,
    );
  }

  #wasNamed(hosts: string, startsAt: number, since: number): boolean {
    return this.#iclosed.ledger.some(
      (each) =>
        each.endpoint === 'POST /v1/events/eventDates' &&
        each.isAnswered &&
        each.leftAt >= since &&
        String(each.body.conditionalUsers ?? '') === hosts &&
        each.instants?.includes(startsAt),
    );
  }

  #of(lead: string): Story {
    let story = this.#stories.get(lead);
    if (!story) {
      story = { isToldBooked: false };
      this.#stories.set(lead, story);
    }
    return story;
  }
}
