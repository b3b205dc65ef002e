/**
 * An iClosed small enough for a hundred thousand runs: three hosts with an hour each, answers that route or disqualify, and a script
 * of what goes wrong next. Written from `iclosed-api.md`; shares no code with the Worker but the names of endpoints. Keeps a
 * ledger of every call with what was answered, which is what a run is judged by.
 */
import type { Endpoint, Upstream, UpstreamCall } from '../../worker/iclosed/request.ts';
import type { VirtualClock } from '../simulation/clock.ts';
import { takeNext } from './script.ts';

/** What happens to a call. `…_after`: iClosed did it, and the answer was lost. */
export const MISHAPS = [
  'reset',
  'reset_after',
  'timeout',
  'timeout_after',
  'late',
  'error',
  'error_after',
  'unreadable',
  'unreadable_after',
  'no_id',
  'inner_refusal',
  'slow',
  '400',
  '401',
  '403',
  '404',
  '429',
] as const;
export type Mishap = (typeof MISHAPS)[number];

export interface Verdict {
  isDisqualified: boolean;
  hosts: string;
}

export interface Entry {
  endpoint: Endpoint;
  /** The lead, or the event. */
  sender: string;
  leftAt: number;
  body: Record<string, unknown>;
  query: Record<string, string>;
  mishap: Mishap | undefined;
  /** The sender got a 2xx with what it asked for. */
  isAnswered: boolean;
  /** Of answers: what was made of them, and whether all that is required was there. */
  verdict?: Verdict;
  isComplete?: boolean;
  /** Of times and searches: the instants that were named. */
  instants?: readonly number[];
  /** Of a search: this contact's only. */
  isFiltered?: boolean;
}

export interface LittleCall {
  id: number;
  contactId: number;
  sender: string;
  startsAt: number;
  createdAt: number;
}

export const SIZES = ['1', '2+', '11+', 'broke'] as const;

const VERDICTS: Record<string, Verdict> = {
  '1': { isDisqualified: false, hosts: '' },
  '2+': { isDisqualified: false, hosts: '3,4' },
  '11+': { isDisqualified: false, hosts: '3' },
  broke: { isDisqualified: true, hosts: '' },
};
/** Each host takes calls at one hour of every day, and at that of host 4 a colleague does too: a taken time protects from nothing. */
const HOURS: Record<string, number> = { '3': 10, '4': 14, '5': 18 };
const STRANGERS: readonly LittleCall[] = Array.from({ length: 50 }, (_, index) => ({
  id: 100 + index,
  contactId: 1,
  sender: 'elsewhere',
  startsAt: 0,
  createdAt: 0,
}));
const HOUR_OF_TWO = 14;
const DAYS_AN_ANSWER = 10;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WAY_MS = 5;
const LATE_MS = 20_000;
const SLOW_MS = 4_000;

export class LittleIclosed {
  readonly #clock: VirtualClock;
  readonly ledger: Entry[] = [];
  readonly calls: LittleCall[] = [];
  readonly script: { endpoint: Endpoint | undefined; mishap: Mishap }[] = [];
  /** Nothing is answered. */
  isAway = false;
  /** Searches show everybody's calls. */
  ignoresFilter = false;
  /** Hears of every send before it arrives. */
  onSend: (entry: Entry) => void = () => undefined;
  readonly #contacts = new Map<string, number>();

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  send(call: UpstreamCall, sender: string): Promise<Upstream<unknown>> {
    const { endpoint } = call;
    const scripted = takeNext(this.script, (each) => each.endpoint === undefined || each.endpoint === endpoint);
    const mishap = this.isAway ? 'timeout' : scripted?.mishap;
    const body = (call.body ?? {}) as Record<string, unknown>;
    const query = call.query ?? {};
    const entry: Entry = { endpoint, sender, leftAt: this.#clock.now(), body, query, mishap, isAnswered: false };
    this.ledger.push(entry);
    this.onSend(entry);
    return this.#arrive(entry, call.timeoutMs);
  }

  /** Somebody else takes the time. */
  occupy(startsAt: number): void {
    if (this.#isOpen(startsAt)) this.#book(0, 'elsewhere', startsAt);
  }

  /** Open times of these hosts in the next days. */
  open(hosts: string, days: number): number[] {
    const from = Math.floor(this.#clock.now() / DAY_MS) * DAY_MS;
    const ids = hosts === '' ? Object.keys(HOURS) : hosts.split(',');
    const open: number[] = [];
    for (let day = 0; day < days; day += 1)
      for (const id of ids) {
        const startsAt = from + day * DAY_MS + (HOURS[id] ?? 0) * HOUR_MS;
        if (this.#isOpen(startsAt)) open.push(startsAt);
      }
    return open;
  }

  async #arrive(entry: Entry, timeoutMs: number): Promise<Upstream<unknown>> {
    const { mishap } = entry;
    await this.#clock.sleep(WAY_MS);
    const status = (code: number, kind: 'auth' | 'forbidden' | 'not_found' | 'validation' | 'rate_limited') =>
      failed(kind, code, kind === 'auth' || kind === 'rate_limited');
    switch (mishap) {
      case 'reset':
        return failed('network');
      case 'reset_after':
        this.#serve(entry);
        return failed('network');
      case 'timeout':
        await this.#clock.sleep(timeoutMs);
        return failed('timeout');
      case 'timeout_after':
        this.#serve(entry);
        await this.#clock.sleep(timeoutMs);
        return failed('timeout');
      case 'late':
        this.#clock.at(this.#clock.now() + timeoutMs + LATE_MS, () => this.#serve(entry));
        await this.#clock.sleep(timeoutMs);
        return failed('timeout');
      case 'error':
        return failed('upstream', 500);
      case 'error_after':
        this.#serve(entry);
        return failed('upstream', 500);
      case 'unreadable':
        return failed('unreadable', 200);
      case 'unreadable_after':
        this.#serve(entry);
        return failed('unreadable', 200);
      case 'no_id':
        this.#serve(entry);
        return { ok: true, value: { data: {} } };
      case 'inner_refusal':
        if (entry.endpoint === 'POST /v1/eventCalls')
          return { ok: true, value: { data: { eventCall: { message: 'no', status: 400 } } } };
        break;
      case '400':
        return {
          ok: false,
          failure: { kind: 'validation', certain: false, text: 'email must be an email', status: 400 },
        };
      case '401':
        return status(401, 'auth');
      case '403':
        return status(403, 'forbidden');
      case '404':
        return status(404, 'not_found');
      case '429':
        return status(429, 'rate_limited');
      case 'slow':
        await this.#clock.sleep(SLOW_MS);
        break;
      case undefined:
    }
    const answer = this.#serve(entry);
    await this.#clock.sleep(WAY_MS);
    if (answer === undefined) return status(400, 'validation');
    entry.isAnswered = true;
    return { ok: true, value: answer };
  }

  /** Does what is asked; undefined where it is refused. */
  #serve(entry: Entry): unknown {
    const { endpoint, body, query, sender } = entry;
    switch (endpoint) {
      case 'POST /v1/contacts': {
        const email = String(body.email);
        const id = this.#contacts.get(email) ?? 7 + this.#contacts.size;
        this.#contacts.set(email, id);
        return { data: { contact: { id, status: 'POTENTIAL' } } };
      }
      case 'PUT /v1/contacts':
        return { data: { contact: { id: body.id, status: 'POTENTIAL' } } };
      case 'POST /v1/contacts/notes':
        return { data: {} };
      case 'POST /v1/fields/inviteeAnswers': {
        const [given] = (body.secondaryQuestionsAnswer as { answer: string[] }[]) ?? [];
        const verdict = VERDICTS[given?.answer[0] ?? ''];
        entry.isComplete = verdict !== undefined;
        entry.verdict = verdict ?? { isDisqualified: false, hosts: '' };
        const { isDisqualified, hosts } = entry.verdict;
        return { data: { isDisqualified, conditionalUsers: hosts } };
      }
      case 'POST /v1/events/eventDates': {
        const hosts = String(body.conditionalUsers ?? '');
        const from = Date.parse(`${String(body.currentDate)}T00:00:00Z`) - DAY_MS;
        const to = from + (DAYS_AN_ANSWER + 2) * DAY_MS;
        entry.instants = this.open(hosts, 40).filter((each) => each >= from && each < to);
        const availabilities: Record<string, string[]> = {};
        for (let day = 0; day < DAYS_AN_ANSWER; day += 1)
          availabilities[new Date(from + (day + 1) * DAY_MS).toISOString().slice(0, 10)] = [];
        for (const each of entry.instants) {
          const stamp = new Date(each).toISOString();
          const day = stamp.slice(0, 10);
          (availabilities[day] ??= []).push(stamp);
        }
        return { data: { eventDates: { availabilities } } };
      }
      case 'POST /v1/eventCalls': {
        const startsAt = Date.parse(String(body.dateTime));
        if (!this.#isOpen(startsAt)) return undefined;
        const call = this.#book(Number(body.contactId), sender, startsAt);
        const data = { id: call.id, previewId: `call_${call.id}`, startTime: stampOf(startsAt) };
        return { data: { eventCall: { message: 'ok', status: 200, data } } };
      }
      case 'GET /v1/eventCalls': {
        const contactId = Number(query.contactId);
        entry.isFiltered = !this.ignoresFilter && query.contactId !== undefined;
        const rows = this.calls.filter((call) => {
          if (query.ids !== undefined) return query.types === undefined && String(call.id) === query.ids;
          return call.contactId === contactId;
        });
        // Without its filter a page is full of strangers.
        if (this.ignoresFilter) rows.splice(0, rows.length, ...STRANGERS);
        entry.instants = rows.map(({ startsAt }) => startsAt);
        const eventCalls = rows.map(({ id, contactId: of, startsAt }) => ({
          id,
          contactId: of,
          linkPrefix: 'acme/discovery-call',
          dateTimeUTC: stampOf(startsAt),
        }));
        return { data: { eventCalls } };
      }
      default:
        return { data: {} };
    }
  }

  #isOpen(startsAt: number): boolean {
    const capacity = new Date(startsAt).getUTCHours() === HOUR_OF_TWO ? 2 : 1;
    const taken = this.calls.filter((call) => call.startsAt === startsAt).length;
    return startsAt > this.#clock.now() && taken < capacity;
  }

  #book(contactId: number, sender: string, startsAt: number): LittleCall {
    const call = { id: 900 + this.calls.length, contactId, sender, startsAt, createdAt: this.#clock.now() };
    this.calls.push(call);
    return call;
  }
}

function stampOf(instant: number): string {
  return new Date(instant).toISOString();
}

type FailedKind = Extract<Upstream<unknown>, { ok: false }>['failure']['kind'];

function failed(kind: FailedKind, status?: number, certain = false): Upstream<unknown> {
  const pause = kind === 'rate_limited' ? { retryAfterSeconds: 2 } : {};
  return { ok: false, failure: { kind, certain, text: '', ...(status === undefined ? {} : { status }), ...pause } };
}
