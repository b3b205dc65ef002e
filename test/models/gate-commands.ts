/**
 * Commands that anybody could give a gate, drawn by fast-check: joining, lifting, reports of every kind, parking, restarts, time.
 * After the last one iClosed is well again, and then everything must come to its end.
 */
import fc from 'fast-check';
import type { Rate } from '../../worker/config/settings.ts';
import type { GateConfig } from '../../worker/gate/gate.ts';
import type { PermitClass } from '../../worker/gate/lane.ts';
import type { KeySlot, PermitRequest } from '../../worker/gate/permit.ts';
import type { Failure } from '../../worker/iclosed/failure.ts';
import type { Endpoint } from '../../worker/iclosed/request.ts';
import { BrokenRule } from './gate-book.ts';
import { GateRun, type MakeGate } from './gate-run.ts';

type GateCommand = fc.Command<object, GateRun>;

const LANES: readonly Endpoint[] = ['POST /v1/eventCalls', 'POST /v1/events/eventDates', 'POST /v1/contacts'];
/** What iClosed names as its limit, where it does; each lane has one. */
const LIMITS: Partial<Record<Endpoint, Rate>> = {
  'POST /v1/eventCalls': { points: 3, windowSeconds: 90 },
  'POST /v1/events/eventDates': { points: 5, windowSeconds: 2 },
  'POST /v1/contacts': { points: 1, windowSeconds: 1 },
};
const LEADS = ['lead-a', 'lead-b', 'lead-c', 'lead-d', 'lead-e'];
const TOKENS = ['one', 'other'];
const KINDS: readonly (Failure['kind'] | 'success')[] = [
  'success',
  'rate_limited',
  'auth',
  'forbidden',
  'not_found',
  'validation',
  'upstream',
  'network',
  'timeout',
  'unreadable',
];

const command = (name: string, run: (gate: GateRun) => void): GateCommand => ({
  check: () => true,
  run: (_model, gate) => {
    run(gate);
    gate.check();
  },
  toString: () => name,
});

const endpoint = fc.constantFrom(...LANES);
const klass = fc.constantFrom<PermitClass>(1, 2, 3, 4, 5);

const joins = fc
  .record({
    endpoint,
    class: klass,
    waitMs: fc.constantFrom(0, 500, 2_000, 8_000, 60_000),
    token: fc.constantFrom(undefined, ...TOKENS),
    times: fc.constantFrom(1, 1, 1, 5, 25),
  })
  .map(({ times, token, ...rest }) => {
    const request: PermitRequest = { ...rest, ...(token ? { token } : {}) };
    return command(`${times} join ${JSON.stringify(request)}`, (gate) => {
      for (let time = 0; time < times; time += 1) gate.join(request);
    });
  });

const reports = fc
  .record({
    endpoint,
    kind: fc.constantFrom(...KINDS),
    key: fc.constantFrom<KeySlot>('current', 'current', 'next'),
    isProbe: fc.boolean(),
    retryAfterSeconds: fc.constantFrom(undefined, 1, 5),
    namesLimit: fc.boolean(),
    times: fc.constantFrom(1, 1, 4, 7),
  })
  .map(({ endpoint: lane, kind, key, isProbe, retryAfterSeconds, namesLimit, times }) =>
    command(
      `${times} ${kind} at ${lane}${isProbe ? ' by a probe' : ''}${namesLimit ? ', names limit' : ''}`,
      (gate) => {
        for (let time = 0; time < times; time += 1) {
          const failure = {
            ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
            ...(kind === 'rate_limited' && namesLimit ? { limit: LIMITS[lane] as Rate } : {}),
          };
          gate.report({
            endpoint: isProbe ? 'GET /v1/fields/contact-stage' : lane,
            key: gate.hasNextKey ? key : 'current',
            isProbe,
            ...(kind === 'success' ? {} : { failure: { kind, ...failure } }),
          });
        }
      },
    ),
  );

const parks = fc
  .record({
    leadId: fc.constantFrom(...LEADS),
    endpoint,
    class: fc.constantFrom<2 | 3>(2, 3),
    state: fc.constantFrom<'waiting' | 'refused' | 'unclear'>('waiting', 'waiting', 'waiting', 'refused', 'unclear'),
  })
  .map((entry) =>
    command(`park ${entry.leadId} ${entry.state}`, (gate) =>
      gate.park({ ...entry, attempt: `attempt-${entry.leadId}`, event: 'acme/discovery-call' }),
    ),
  );

const unparks = fc.constantFrom(...LEADS).map((leadId) => command(`unpark ${leadId}`, (gate) => gate.unpark(leadId)));

const lifts = fc
  .tuple(fc.constantFrom(...TOKENS), klass)
  .map(([token, to]) => command(`lift ${token} to ${to}`, (gate) => gate.lift(token, to)));

const passes = fc
  .constantFrom(0, 1, 50, 400, 1_000, 3_000, 8_001, 11_000, 23_000, 61_000)
  .map((milliseconds) => command(`pass ${milliseconds} ms`, (gate) => gate.pass(milliseconds)));

const restarts = fc.constant(command('restart', (gate) => gate.restart()));

const gateCommands = fc.commands([joins, joins, reports, parks, unparks, lifts, passes, passes, restarts], {
  maxCommands: 60,
  size: 'max',
});

const configs = fc.record({
  rate: fc.constantFrom(
    { points: 20, windowSeconds: 10 },
    { points: 20, windowSeconds: 1 },
    { points: 100, windowSeconds: 10 },
    { points: 3, windowSeconds: 10 },
  ),
  share: fc.constantFrom(1, 1, 0.5),
  jitterSeconds: fc.constant(1),
  hasNextKey: fc.boolean(),
  trialMs: fc.constant(12_000),
});

/** Every rule holds after every command, and everything ends once iClosed is well. */
export function gateProperty(make: MakeGate, change: (config: GateConfig) => GateConfig = (config) => config) {
  return fc.property(configs, gateCommands, (config, commands) => {
    const gate = new GateRun(config, (given, memory, parked) => make(change(given), memory, parked));
    fc.modelRun(() => ({ model: {}, real: gate }), commands);
    recover(gate);
  });
}

/** A parked lead that is woken comes, calls, succeeds and is done. */
function recover(gate: GateRun): void {
  const coming: string[] = [];
  gate.onWake = (leadId) => coming.push(leadId);
  gate.onPermit = (request, permit) => {
    if (!permit.granted) return;
    if (permit.isProbe) gate.report({ endpoint: 'GET /v1/fields/contact-stage', key: permit.key, isProbe: true });
    else if (permit.isWatched) gate.report({ endpoint: request.endpoint, key: permit.key });
    if (request.token) gate.unpark(request.token);
  };
  const { parked, waiting } = gate.book;
  const isWaiting = () => [...parked.values()].some(({ state }) => state === 'waiting');
  // The slowest lane that a run can learn grants once in 46 s.
  for (let seconds = 0; isWaiting() || waiting.size > 0; seconds += 1) {
    if (seconds > 1_800)
      throw new BrokenRule('wakes', `${parked.size} parked, ${waiting.size} waiting after half an hour`);
    gate.pass(1_000);
    for (const leadId of coming.splice(0)) {
      const entry = parked.get(leadId);
      if (entry) gate.join({ endpoint: entry.endpoint, class: entry.class, waitMs: 60_000, token: leadId });
    }
  }
}
