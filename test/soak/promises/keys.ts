/**
 * P20 over real sockets: the keys are revoked in turn in mid-run, each once the other has been seen to work for a while, as an
 * owner who changes keys does it. Control: one key, revoked for longer than a visitor bears.
 */
import { calm } from '../../simulation/fault-mix.ts';
import { type Row, type Size, tally } from '../../simulation/verdict.ts';
import type { Visit } from '../../simulation/visitor.ts';
import { KEYS, runSoak, type Soak, type SoakRun } from '../crowd.ts';
import { drawPeople } from '../people.ts';
import { realClock } from '../real-clock.ts';

const SEED = 44_001;
const SIZES = {
  full: { visitors: 400, arriveWithinMs: 180_000, controlVisitors: 60 },
  short: { visitors: 24, arriveWithinMs: 20_000, controlVisitors: 24 },
};
/** Longer than a call from its permit to its second key, also on a busy machine. */
const KEY_KEPT_MS = 4_000;
const PATIENCE_MS = 30_000;
/** A visitor's request and its repetition. */
const LET_DOWN_MS = 30_000;
const LOOK_EVERY_MS = 100;

export async function measureKeys(size: Size): Promise<Row[]> {
  const { visitors, controlVisitors } = SIZES[size];
  const [kept, control] = await Promise.all([crowd(size, visitors, true), crowd(size, controlVisitors, false)]);
  const all = kept.run.visits.flatMap(failuresOf);
  const failures = all.filter(({ at }) => !isLetDown(at, kept.run));
  const seen = control.run.visits.flatMap(failuresOf);
  const booked = kept.run.visits.filter(({ end }) => end === 'booked').length;
  const excused = all.length - failures.length;
  const refusals = kept.run.model.ledger.entries.filter(({ status }) => status === 401).length;
  return [
    {
      promise: 'P20',
      what: `${visitors} bookings in workerd, ${kept.revocations} revocations, seed ${SEED}`,
      figure: { wanted: '0 visible failures', measured: `${failures.length}`, isMet: failures.length === 0 },
      opposite: {
        wanted: `all ${visitors} booked, keys were refused`,
        measured: `${booked} booked, ${refusals} × 401`,
        isMet: booked + excused >= visitors && booked > visitors / 2 && refusals > 0,
      },
      control: {
        wanted: `one key, ${controlVisitors} bookings: failures are seen`,
        measured: `${seen.length}`,
        isMet: seen.length > 0,
      },
      notes: [
        `the account's breaker opened ${kept.run.logged.get('breaker_opened') ?? 0} times`,
        ...(failures.length > 0 ? [tally(failures.map(({ what }) => what))] : []),
        ...(excused > 0 ? [`${excused} more after calls that this machine was too busy to hear`] : []),
      ],
    },
  ];
}

async function crowd(size: Size, visitors: number, hasNextKey: boolean) {
  const { arriveWithinMs } = SIZES[size];
  let revocations = 0;
  const plan = async ({ standin }: Soak) => {
    const until = Date.now() + arriveWithinMs;
    await realClock.sleep(KEY_KEPT_MS / 2);
    for (; Date.now() < until; revocations += 1) {
      const gone = hasNextKey ? revocations % 2 : 0;
      const since = standin.ledger.entries.length;
      standin.model.change({ revokedKeys: [KEYS[gone] ?? ''] });
      await realClock.sleep(hasNextKey ? KEY_KEPT_MS : 1.5 * PATIENCE_MS);
      const isOtherInUse = () => {
        const entries = standin.ledger.entries.slice(since);
        const isUsed = entries.some(({ keyIndex, status }) => keyIndex !== gone && status !== 401);
        return isUsed && !entries.some(({ at, status }) => status === 401 && at > Date.now() - KEY_KEPT_MS);
      };
      while (hasNextKey && !isOtherInUse() && Date.now() < until) await realClock.sleep(LOOK_EVERY_MS);
    }
    standin.model.change({ revokedKeys: [] });
  };
  const arrivals = drawPeople(SEED, visitors, arriveWithinMs, 'plain');
  const patience = { patienceMs: PATIENCE_MS, watchesMs: PATIENCE_MS };
  const run = await runSoak({ seed: SEED, arrivals, standin: calm, hasNextKey, lossShare: 0, plan, ...patience });
  return { run, revocations };
}

/** What a person would call one: an answer that says so, or no call in the end. */
function failuresOf({ failures, end, endedAt = 0 }: Visit): { at: number; what: string }[] {
  const said = failures.map(({ at, code, step }) => ({ at, what: `${step}: ${code}` }));
  return end === 'booked' ? said : [...said, { at: endedAt, what: `end: ${JSON.stringify(end)}` }];
}

/** A good answer of iClosed came too late shortly before: the machine's doing, whatever the keys. */
function isLetDown(at: number, { missed }: SoakRun): boolean {
  return missed.some((entry) => entry.at <= at && entry.at > at - LET_DOWN_MS);
}
