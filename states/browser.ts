/**
 * The browser around the elements of `/states`: its clock stands still, pauses of a second and more never end, and every request
 * to the Worker is answered by the script of its event. So each state stays as it is for as long as somebody looks at it, and
 * every picture of it is the same. Only what a page can do itself: no field of the element is touched.
 */
import { PATHS, type LeadRequest } from '../shared/protocol.ts';
import type { Answer, Script } from './answers.ts';

/** The moment at which the clock stands: a Tuesday morning in New York. */
export const NOW = '2027-03-09T14:00:00Z';
/** Shorter pauses are the element's own turns, not waiting. */
const PAUSE_MS = 1_000;

export class StillBrowser {
  readonly #scripts: Readonly<Record<string, Script>>;
  readonly #fetch = globalThis.fetch.bind(globalThis);
  readonly #setTimeout = globalThis.setTimeout.bind(globalThis);
  #isOnline = true;
  #isInHaste = false;

  /** @param scripts By the event that an element names. */
  constructor(scripts: Readonly<Record<string, Script>>) {
    this.#scripts = scripts;
  }

  /** Before the element's script runs. */
  install(): void {
    const now = Date.parse(NOW);
    Date.now = () => now;
    Math.random = () => 0;
    AbortSignal.timeout = () => new AbortController().signal;
    globalThis.fetch = (input, init) => this.#answer(new Request(input, init), init?.signal ?? undefined);
    globalThis.setTimeout = ((ring: () => void, milliseconds = 0) => {
      if (milliseconds < PAUSE_MS) return this.#setTimeout(ring, milliseconds);
      return this.#isInHaste ? this.#setTimeout(ring) : 0;
    }) as unknown as typeof setTimeout;
    Object.defineProperty(navigator, 'onLine', { configurable: true, get: () => this.#isOnline });
  }

  /** Every pause is over at once until the next state, for what comes only after waiting in vain. */
  hurry(): void {
    this.#isInHaste = true;
  }

  /** A moment that passes although the clock stands still. */
  turn(): Promise<void> {
    return new Promise((resolve) => this.#setTimeout(resolve, 50));
  }

  goOffline(): void {
    this.#isOnline = false;
  }

  /** As at the start, for the next state; what waits goes on waiting. */
  calm(): void {
    this.#isInHaste = false;
    this.#isOnline = true;
  }

  async #answer(request: Request, signal: AbortSignal | undefined): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const isApi = [PATHS.event, PATHS.slots, PATHS.lead].some((path) => path === pathname);
    if (!isApi) return this.#fetch(request);
    const body = request.method === 'POST' ? ((await request.json()) as LeadRequest) : undefined;
    const event = body?.event ?? searchParams.get('event') ?? '';
    const step = body?.step ?? (pathname === PATHS.event ? 'event' : 'open');
    const month = body && 'month' in body ? body.month : searchParams.get('month');
    const scripted = this.#scripts[event]?.[step];
    const answer = typeof scripted === 'function' ? scripted({ event, body, month: month ?? '' }) : scripted;
    if (!answer) throw new TypeError(`${event} has no answer to ${step}`);
    return answer === 'never' ? untilAborted(signal) : response(answer);
  }
}

function untilAborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
  });
}

function response({ status, body }: Exclude<Answer, 'never'>): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
}
