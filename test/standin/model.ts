/**
 * The model of iClosed: one call in, one reply out, without http, timers or a clock of its own. In order: outage, key, limit,
 * fault, route. `server.ts` puts it on a socket; a virtual-time simulation calls `handle` with its own clock.
 */
import { defaultSettings } from './default-settings.ts';
import { type ChosenFault, Faults, type PermanentRefusal, type QueuedFault, subjectOf } from './faults.ts';
import { isRecord } from './field-reader.ts';
import { keyRefusal, readKey } from './keys.ts';
import { addKnownPeople } from './known-people.ts';
import { LateCommits } from './late-commits.ts';
import { Ledger, type LedgerEntry } from './ledger.ts';
import { RateLimits, tooManyRequests } from './limits.ts';
import { seededRandom } from './random.ts';
import { Refusal } from './refusal.ts';
import { ReplyWriter, silence } from './reply-writer.ts';
import { endpointOf, type Reply, type StandinRequest } from './request.ts';
import { routes } from './routes.ts';
import { mergeSettings, type Settings, type SettingsPatch } from './settings.ts';
import { type Answer, emptyWorld, type World } from './world.ts';

export interface ModelOptions {
  /** Milliseconds since 1970; asked once per call. */
  now: () => number;
  seed?: number;
  settings?: SettingsPatch;
}

/** Everything that a reset replaces. */
interface Run {
  seed: number;
  world: World;
  ledger: Ledger;
  faults: Faults;
  limits: RateLimits;
  lateCommits: LateCommits;
  writer: ReplyWriter;
}

/** Runs a call's route as of an instant; throws a `Refusal`. */
type RunRoute = (at: number) => Answer;

/** The stand-in without a socket. */
export class StandinModel {
  readonly #now: () => number;
  #run: Run;

  constructor({ now, seed = 1, settings = {} }: ModelOptions) {
    this.#now = now;
    this.#run = this.#start(seed, settings);
  }

  get settings(): Settings {
    return this.#run.world.settings;
  }

  /** The current ledger; a new one after a reset. */
  get ledger(): Ledger {
    return this.#run.ledger;
  }

  /** Lays a patch over the current settings, from the next call on. */
  change(patch: SettingsPatch): void {
    this.#run.world.settings = mergeSettings(this.settings, patch);
    this.#run.world.startsOfDay.clear();
  }

  /** A fresh account: known people only, empty ledger, default settings with the patch; the seed stays unless given. */
  reset({ seed = this.#run.seed, settings = {} }: Omit<ModelOptions, 'now'> = {}): void {
    this.#run = this.#start(seed, settings);
  }

  /** Lets the next matching calls fail. */
  queueFault(fault: QueuedFault): void {
    this.#run.faults.queue(fault);
  }

  /** Everybody whom a drawn 400 or 403 keeps out for good. */
  permanentRefusals(): PermanentRefusal[] {
    return this.#run.faults.permanent();
  }

  /** Applies late commits that the clock has passed. */
  advance(): void {
    this.#run.lateCommits.applyDue(this.#now());
  }

  /** What a test wants to know beside the ledger. */
  state() {
    const { seed, lateCommits, faults, ledger } = this.#run;
    return {
      seed,
      now: this.#now(),
      settings: this.settings,
      contacts: ledger.contacts().length,
      calls: ledger.calls().length,
      requests: ledger.entries.length,
      lateCommits: lateCommits.count,
      queuedFaults: faults.queued(),
      permanentRefusals: faults.permanent(),
    };
  }

  /** Serves one call. */
  handle(request: StandinRequest): Reply {
    const at = this.#now();
    const { ledger, limits, faults, writer, lateCommits } = this.#run;
    lateCommits.applyDue(at);
    const body = parseBody(request);
    const entry = ledger.open(request, body.value ?? request.body, at);
    const key = readKey(request.headers.authorization, this.settings);
    entry.keyState = key.state;
    entry.keyIndex = key.index;
    entry.isUnexpected = !routes.has(endpointOf(request));
    const { outage } = this.settings;
    if (outage && at >= outage.from && at < outage.to) return this.#duringOutage(entry, outage.how);
    try {
      const refusal = keyRefusal(key.state) ?? limits.take(entry.endpoint, at, this.settings);
      if (refusal) throw refusal;
      const values = isRecord(body.value) ? body.value : {};
      const runRoute: RunRoute = (instant) => {
        if (body.isBroken) throw new Refusal(400, 'Unexpected token in JSON', { code: 'BAD_REQUEST' });
        return this.#runRoute(request, values, entry, instant);
      };
      const subject = subjectOf(request.method, request.path, values);
      const person = this.#personOf(request, values);
      const fault = faults.choose({ endpoint: entry.endpoint, subject, person, keyIndex: key.index }, this.settings);
      return fault ? this.#withFault(fault, entry, runRoute) : this.#answer(entry, runRoute(at));
    } catch (problem) {
      if (!(problem instanceof Refusal)) throw problem;
      entry.status = problem.status;
      return writer.refusal(problem, entry.endpoint, this.settings);
    }
  }

  #start(seed: number, settings: SettingsPatch): Run {
    const world = emptyWorld(mergeSettings(defaultSettings, settings), seed);
    addKnownPeople(world, this.#now());
    const limits = new RateLimits();
    return {
      seed,
      world,
      ledger: new Ledger(world, () => this.advance()),
      faults: new Faults(seed),
      limits,
      lateCommits: new LateCommits(),
      writer: new ReplyWriter(seededRandom(seed ^ 0x1a7e), limits),
    };
  }

  /** The person's phone number or address, in whatever way the call names that person; the event for calls about nobody. */
  #personOf({ query }: StandinRequest, body: Record<string, unknown>): string {
    const { contacts } = this.#run.world;
    const contact = contacts.byId(Number(body.contactId ?? body.id ?? query.contactId));
    return String(contact?.phoneNumber ?? contact?.email ?? body.phoneNumber ?? body.email ?? body.linkPrefix ?? '');
  }

  /** Runs a route and writes down what it did. */
  #runRoute(request: StandinRequest, body: Record<string, unknown>, entry: LedgerEntry, at: number): Answer {
    if (!this.settings.planAllowsApi)
      throw new Refusal(403, 'Your plan does not include the API', { code: 'PLAN_UPGRADE_REQUIRED' });
    const route = routes.get(entry.endpoint);
    if (!route) throw new Refusal(404, `Cannot ${request.method} ${request.path}`, { code: 'NOT_FOUND' });
    const answer = route({ world: this.#run.world, at, query: request.query, body });
    if (answer.isCommitted) entry.committedAt = at;
    entry.contactId = answer.contactId ?? null;
    entry.callId = answer.callId ?? null;
    return answer;
  }

  #withFault({ kind, delayMs }: ChosenFault, entry: LedgerEntry, runRoute: RunRoute): Reply {
    const { limit } = this.settings;
    const commit = () => attempt(runRoute, entry.at);
    entry.fault = kind;
    switch (kind) {
      case 'reset_before':
        return silence('reset');
      case 'reset_after':
        commit();
        return silence('reset');
      case 'timeout_before':
        return silence('hang');
      case 'timeout_after':
        commit();
        return silence('hang');
      case 'late_commit':
        this.#run.lateCommits.add(entry.at + delayMs, (dueAt) => attempt(runRoute, dueAt));
        return silence('hang');
      case 'error_before':
        throw new Refusal(500, 'Internal server error', { code: 'INTERNAL_SERVER_ERROR' });
      case 'error_after':
        commit();
        throw new Refusal(500, 'Internal server error', { code: 'INTERNAL_SERVER_ERROR' });
      case 'rate_limited':
        throw tooManyRequests(3, limit, limit.retryAfter === 'none' ? 'body' : limit.retryAfter);
      case 'rate_limited_bare':
        throw tooManyRequests(3, limit, 'none');
      case 'bad_request':
        throw new Refusal(400, 'Bad request', { code: 'BAD_REQUEST' });
      case 'forbidden':
        throw new Refusal(403, 'Forbidden', { code: 'FORBIDDEN' });
      case 'html_before':
        return this.#page(entry, 502);
      case 'html_after':
        commit();
        return this.#page(entry, 200);
      case 'half_body': {
        const whole = this.#answer(entry, runRoute(entry.at));
        entry.status = null;
        return { ...whole, wire: { ...whole.wire, kind: 'half' } };
      }
      case 'key_refused':
        throw new Refusal(401, 'Invalid API key', { code: 'INVALID_API_KEY' });
      case 'slow':
        return this.#answer(entry, runRoute(entry.at), delayMs);
    }
  }

  #duringOutage(entry: LedgerEntry, how: 'reset' | 'hang' | 'error'): Reply {
    entry.fault = 'outage';
    return how === 'error' ? this.#page(entry, 503) : silence(how);
  }

  #answer(entry: LedgerEntry, answer: Answer, delayMs = 0): Reply {
    entry.status = answer.status;
    return this.#run.writer.answer(answer, entry.endpoint, this.settings, delayMs);
  }

  #page(entry: LedgerEntry, status: number): Reply {
    entry.status = status;
    return this.#run.writer.page(status, entry.endpoint, this.settings);
  }
}

/** A commit whose answer nobody reads: a refusal changes nothing. */
function attempt(runRoute: RunRoute, at: number): void {
  try {
    runRoute(at);
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem;
  }
}

/** Only a body that says it is JSON is read. */
function parseBody({ body, headers }: StandinRequest): { value?: unknown; isBroken?: boolean } {
  if (body === null || body === '' || !headers['content-type']?.includes('application/json')) return {};
  try {
    return { value: JSON.parse(body) as unknown };
  } catch {
    return { isBroken: true };
  }
}
