/**
 * A Worker whose every answer is given by hand, with a clock that moves only when told: no request is answered and no pause ends
 * unless a test says so. Speaks the protocol's shapes; knows nothing of the real Worker.
 */
import { FIRST_PAUSE_MS, TRIES_AT_MOST } from '../../shared/limits.ts';
import * as ends from '../../widget/parts/ends.ts';
import * as hints from '../../widget/parts/hints.ts';
import type { World } from '../../widget/client.ts';
import type { EventAnswer, LeadRequest, LeadState, PublicEvent, SlotPage, Stage } from '../../shared/protocol.ts';

export const NOW = '2027-03-09T08:00Z';
export const ENDPOINT = 'https://book.example.com';

export const EVENT: PublicEvent = {
  id: 'acme/discovery-call',
  name: 'Discovery Call',
  link: 'https://app.iclosed.io/e/acme/discovery-call',
  mode: 'book',
  flow: 'form-first',
  openSlots: true,
  host: 'Acme Growth',
  durationMinutes: 30,
  contact: [
    { type: 'first_name', required: true },
    { type: 'last_name', required: true },
    { type: 'email', required: true },
    { type: 'phone', required: false },
  ],
  questions: [
    {
      id: '1001',
      type: 'single',
      label: 'How big is your company?',
      required: true,
      options: [{ value: '1-10' }, { value: '11-50' }],
    },
  ],
};

/** Times of March 2027; in Asia/Kolkata 9:30 and 10:00 on the 11th, 14:30 on the 12th. */
export const SLOTS = ['2027-03-11T04:00Z', '2027-03-11T04:30Z', '2027-03-12T09:00Z'];

export function page(month: string, slots: string[], more: Partial<SlotPage> = {}): SlotPage {
  const until = '2027-05-08T08:00Z';
  return { v: 1, month, from: `${month}-01T00:00Z`, to: `${month}-31T00:00Z`, slots, asOf: NOW, until, ...more };
}

interface Settle {
  resolve(response: Response): void;
  reject(error: unknown): void;
}

/** One request that waits for its answer. */
export class Call {
  readonly url: URL;
  readonly init: RequestInit;
  readonly body: LeadRequest | undefined;
  isAborted = false;
  readonly #settle: Settle;

  constructor(url: string, init: RequestInit, settle: Settle) {
    this.url = new URL(url);
    this.init = init;
    this.body = typeof init.body === 'string' ? (JSON.parse(init.body) as LeadRequest) : undefined;
    this.#settle = settle;
    init.signal?.addEventListener('abort', () => {
      this.isAborted = true;
      settle.reject(new DOMException('aborted', 'AbortError'));
    });
  }

  /** `event`, `slots`, or the lead's step. */
  get step(): string {
    return this.body?.step ?? (this.url.pathname.split('/').pop() as string);
  }

  async answer(body: unknown, status = 200, headers: HeadersInit = {}): Promise<void> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const response = new Response(text, { status, headers });
    // Read in the same turn, so that a test needs no time to pass.
    response.json = async () => JSON.parse(text) as unknown;
    this.#settle.resolve(response);
    await settled();
  }

  event(event: Partial<PublicEvent> = {}, more: Partial<EventAnswer> = {}): Promise<void> {
    return this.answer({ v: 1, event: { ...EVENT, ...event }, ticket: 'ticket-1', now: NOW, ...more });
  }

  lead(stage: Stage, more: Partial<LeadState> = {}, status = 200): Promise<void> {
    return this.answer({ v: 1, attempt: this.body?.attempt, stage, ticket: 'ticket-2', ...more }, status);
  }

  problem(code: string, status: number, more: object = {}): Promise<void> {
    return this.answer({ type: 'about:blank', title: code, status, code, requestId: 'r', ...more }, status);
  }

  /** The network fails. */
  async fail(): Promise<void> {
    this.#settle.reject(new TypeError('Failed to fetch'));
    await settled();
  }
}

/** A part that somebody waits for. */
export class PartCall {
  readonly url: string;
  readonly #settle: { resolve(part: unknown): void; reject(error: unknown): void };

  constructor(url: string, settle: { resolve(part: unknown): void; reject(error: unknown): void }) {
    this.url = url;
    this.#settle = settle;
  }

  async arrive(part: unknown): Promise<void> {
    this.#settle.resolve(part);
    await settled();
  }

  async fail(): Promise<void> {
    this.#settle.reject(new TypeError('Failed to fetch dynamically imported module'));
    await settled();
  }
}

interface Timer {
  at: number;
  ring(): void;
}

export class ScriptedWorker {
  readonly calls: Call[] = [];
  readonly parts: PartCall[] = [];
  /** Parts that are here as soon as they are asked for; the others wait in `parts`. */
  readonly atHand: Record<string, unknown> = { ends, hints };
  isOnline = true;
  #now = Date.parse(NOW);
  #timers: Timer[] = [];
  #whenOnline: (() => void)[] = [];

  readonly world: World = {
    fetch: (url, init) =>
      new Promise((resolve, reject) => {
        // As in a browser: nothing leaves it.
        if (init.signal?.aborted) reject(new DOMException('aborted', 'AbortError'));
        else this.calls.push(new Call(url, init, { resolve, reject }));
      }),
    load: async (url) =>
      this.atHand[/([\w-]+)\.js/.exec(url)?.[1] ?? ''] ??
      new Promise((resolve, reject) => this.parts.push(new PartCall(url, { resolve, reject }))),
    now: () => this.#now,
    timeZone: () => 'Asia/Kolkata',
    rest: () => Promise.resolve(),
    random: () => 0,
    timeout: (milliseconds) => {
      const limit = new AbortController();
      this.#timers.push({ at: this.#now + milliseconds, ring: () => limit.abort() });
      return limit.signal;
    },
    sleep: (milliseconds, signal) =>
      new Promise((resolve) => {
        this.#timers.push({ at: this.#now + milliseconds, ring: () => resolve(undefined) });
        signal?.addEventListener('abort', resolve);
      }),
    isOnline: () => this.isOnline,
    untilOnline: (signal) =>
      new Promise((resolve) => {
        this.#whenOnline.push(() => resolve(undefined));
        signal.addEventListener('abort', resolve);
      }),
  };

  /** The request that nobody has answered yet; there must be one of this step. */
  last(step: string): Call {
    const call = this.calls.at(-1);
    if (call?.step !== step) throw new Error(`wanted ${step}, the last request is ${call?.step ?? 'none'}`);
    return call;
  }

  /** No try of the request that runs now is answered, as often as the widget does it by itself. */
  async lose(step: string): Promise<void> {
    for (let tries = 0; tries < TRIES_AT_MOST; tries += 1) {
      await this.last(step).fail();
      await this.advance(FIRST_PAUSE_MS * 2 ** (TRIES_AT_MOST - 1));
    }
  }

  /** The part that was asked for last; there must be one. */
  lastPart(): PartCall {
    const part = this.parts.at(-1);
    if (!part) throw new Error('no part was asked for');
    return part;
  }

  steps(): string[] {
    return this.calls.map((call) => call.step);
  }

  /** Moves the clock, ringing what is due on the way. */
  async advance(milliseconds: number): Promise<void> {
    const until = this.#now + milliseconds;
    for (;;) {
      const due = this.#timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.#timers = this.#timers.filter((timer) => timer !== due);
      this.#now = due.at;
      due.ring();
      await settled();
    }
    this.#now = until;
    await settled();
  }

  async comeOnline(): Promise<void> {
    this.isOnline = true;
    for (const tell of this.#whenOnline.splice(0)) tell();
    await settled();
  }
}

/** Everything that follows from what has just happened is done: promises, drawing. */
export function settled(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve();
    port2.postMessage(undefined);
  });
}

/** The next picture is on the screen, and so is what waited for it. */
export async function pictured(): Promise<void> {
  await new Promise(requestAnimationFrame);
  await new Promise((resolve) => setTimeout(resolve));
  await settled();
}
