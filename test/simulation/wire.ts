/**
 * The way between the Worker and the model of iClosed in virtual time: a permit takes up to a second to arrive, and what the
 * model says of the wire (reset, silence, half a body, delay) becomes what `callIclosed` would have returned. Notes who sent
 * which call, so that the ledger's entries can be traced to attempts.
 */
import { readAnswer, type Upstream, type UpstreamCall } from '../../worker/iclosed/request.ts';
import type { LedgerEntry } from '../standin/ledger.ts';
import type { StandinModel } from '../standin/model.ts';
import type { Random } from '../standin/random.ts';
import { type Reply, toStandinRequest } from '../standin/request.ts';
import type { VirtualClock } from './clock.ts';

/** Between the grant of a permit and its arrival, at most; `PERMIT_JITTER_SECONDS` allows for as much. */
const JITTER_MS = 1_000;
/** What the way back takes. */
const RETURN_MS = 20;

export interface Sent {
  call: UpstreamCall;
  /** The attempt, or the event. */
  sender: string;
  /** When it left. */
  at: number;
  entry: LedgerEntry;
}

export class Wire {
  readonly #clock: VirtualClock;
  readonly #model: StandinModel;
  readonly #random: Random;
  /** Everything that arrived, in order. */
  readonly sent: Sent[] = [];

  constructor(clock: VirtualClock, model: StandinModel, random: Random) {
    this.#clock = clock;
    this.#model = model;
    this.#random = random;
  }

  send(call: UpstreamCall, key: string, sender: string): Promise<Upstream<unknown>> {
    const leftAt = this.#clock.now();
    return new Promise((resolve) => {
      const callOff = this.#clock.at(leftAt + call.timeoutMs, () => resolve(failed('timeout')));
      const answer = (result: Upstream<unknown>, afterMs: number) =>
        this.#clock.at(this.#clock.now() + afterMs, () => {
          callOff();
          resolve(result);
        });
      this.#clock.at(leftAt + this.#random() * JITTER_MS, () => {
        const reply = this.#model.handle(requestOf(call, key));
        const entry = this.#model.ledger.entries.at(-1) as LedgerEntry;
        this.sent.push({ call, sender, at: leftAt, entry });
        const { kind, delayMs } = reply.wire;
        if (kind === 'hang') return;
        answer(kind === 'answer' ? read(reply) : failed('network'), delayMs + RETURN_MS);
      });
    });
  }
}

function requestOf(call: UpstreamCall, key: string) {
  const [method = 'GET', path = ''] = call.endpoint.split(' ');
  const url = `${path}?${new URLSearchParams(call.query ?? {}).toString()}`;
  const body = call.body === undefined ? null : JSON.stringify(call.body);
  const headers: [string, string][] = [['authorization', `Bearer ${key}`]];
  if (body !== null) headers.push(['content-type', 'application/json']);
  return toStandinRequest(method, url, headers, body);
}

function read({ status, headers, body }: Reply): Upstream<unknown> {
  return readAnswer(status, new Headers(headers), body);
}

function failed(kind: 'timeout' | 'network'): Upstream<unknown> {
  return { ok: false, failure: { kind, certain: false, text: '' } };
}
