/**
 * One browser tab's way to the Worker: gets a ticket, sends steps with it, and reads answers as the Lead gave them. What does not
 * come back as an answer throws, as `fetch` does where the Worker is away.
 */
import type { ProblemCode } from '../../shared/problems.ts';
import { type EventAnswer, type LeadRequest, type LeadState, PATHS, type SlotProblem } from '../../shared/protocol.ts';
import type { LeadReply } from '../../worker/lead/steps.ts';

/** The page on which the widget stands. */
export const PAGE_ORIGIN = 'http://127.0.0.1:8788';

/** Where the Lead's id begins and ends in a ticket's bytes. */
const LEAD_ID = [27, 59] as const;

export class Door {
  readonly #worker: () => string;
  readonly #headers: Record<string, string>;
  #ticket = '';

  /** @param worker the address, which changes when the Worker is started again. */
  constructor(worker: () => string, ip: string) {
    this.#worker = worker;
    // A connection each: a browser repeats by itself what it sent on one that was just closed, `fetch` here does not.
    this.#headers = { connection: 'close', origin: PAGE_ORIGIN, 'cf-connecting-ip': ip, 'cf-ipcountry': 'US' };
  }

  /** The event's question ids and the Lead that the ticket names; undefined where the page shows only its link. */
  async open(event: string): Promise<{ questions: string[]; leadId: string } | undefined> {
    const response = await fetch(`${this.#worker()}${PATHS.event}?event=${encodeURIComponent(event)}`, {
      headers: this.#headers,
    });
    if (!response.ok) return void (await response.arrayBuffer());
    const answer = (await response.json()) as EventAnswer;
    this.#ticket = answer.ticket ?? '';
    return { questions: answer.event.questions.map(({ id }) => id), leadId: leadIdOf(this.#ticket) };
  }

  async step(request: LeadRequest): Promise<LeadReply> {
    const response = await fetch(`${this.#worker()}${PATHS.lead}`, {
      method: 'POST',
      headers: { ...this.#headers, 'content-type': 'application/json' },
      body: JSON.stringify({ ...request, ticket: this.#ticket }),
    });
    const body = (await response.json()) as LeadState & SlotProblem;
    if (response.ok) {
      this.#ticket = body.ticket ?? this.#ticket;
      return { ok: true, status: response.status as 200 | 201 | 202, state: body };
    }
    const { code, fields, retryAfterSeconds, slots, nearest } = body;
    return {
      ok: false,
      code: code as ProblemCode,
      ...(fields ? { fields } : {}),
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
      ...(slots ? { slots } : {}),
      ...(nearest ? { nearest } : {}),
    };
  }
}

function leadIdOf(ticket: string): string {
  return Buffer.from(ticket, 'base64url')
    .subarray(...LEAD_ID)
    .toString('hex');
}
