/**
 * P8: ten times what a lane can take, for a minute, straight at the gate; and the same crowd while leads are parked that only
 * the gate can wake. Control: a gate that turns nobody away.
 */
import { PERMIT_JITTER_SECONDS, UPSTREAM_CALL_TIMEOUT_MS } from '../../../shared/limits.ts';
import type { PermitClass } from '../../../worker/gate/lane.ts';
import type { Permit } from '../../../worker/gate/permit.ts';
import { type Random, seededRandom } from '../../standin/random.ts';
import { VirtualClock } from '../clock.ts';
import { PatientGate } from '../controls.ts';
import { STARTS_AT } from '../edge.ts';
import { GateHost, type MakeRules } from '../gate-host.ts';
import { percent, type Row, type Size } from '../verdict.ts';

const SEED = 8_001;
const LANE = 'POST /v1/contacts';
const RATE = { points: 20, windowSeconds: 10 };
const PACE = (RATE.points - 1) / (RATE.windowSeconds + PERMIT_JITTER_SECONDS);
const TIMES_CAPACITY = 10;
const MINUTE_MS = 60_000;
const WAIT_MS = 8_000;
const LATE_MS = 100;
/** iClosed answers whoever got a permit, and the gate hears of it where it wants to. */
const ANSWERED_AFTER_MS = 300;
const PARKED = 200;

interface Crowd {
  asked: number;
  granted: number;
  grantedToOutbox: number;
  slowestMs: number;
  shed: number;
  shedWithoutHint: number;
}

interface CrowdOptions {
  makeRules?: MakeRules;
  /** Class of each who asks. */
  classOf(random: Random): PermitClass;
  /** Leads that wait in the index and ask only when they are woken. */
  parked?: number;
}

export async function measureDeadlines(_size: Size): Promise<Row[]> {
  const kept = await crowd({ classOf: mixed });
  const patient = await crowd({ classOf: mixed, makeRules: (...given) => new PatientGate(...given) });
  const woken = await crowd({ classOf: () => 1, parked: PARKED });
  const what = `${TIMES_CAPACITY} times the capacity of 20/10s for a minute, seed ${SEED}`;
  return [
    {
      promise: 'P8',
      what,
      figure: {
        wanted: `nobody waits past ${(WAIT_MS + LATE_MS) / 1_000} s; shed answers carry Retry-After`,
        measured: `slowest ${(kept.slowestMs / 1_000).toFixed(2)} s; ${kept.shedWithoutHint} of ${kept.shed} without`,
        isMet: kept.slowestMs <= WAIT_MS + LATE_MS && kept.shedWithoutHint === 0,
      },
      opposite: usedWell(kept),
      control: {
        wanted: 'no refusal at the door: somebody waits longer',
        measured: `slowest ${(patient.slowestMs / 1_000).toFixed(1)} s`,
        isMet: patient.slowestMs > WAIT_MS + LATE_MS,
      },
      notes: [`asked ${kept.asked}, granted ${kept.granted}, shed ${kept.shed}`],
    },
    {
      promise: 'P8',
      what: `the same by visitors alone, ${PARKED} leads parked and only woken`,
      figure: {
        wanted: `nobody waits past ${(WAIT_MS + LATE_MS) / 1_000} s`,
        measured: `slowest ${(woken.slowestMs / 1_000).toFixed(2)} s`,
        isMet: woken.slowestMs <= WAIT_MS + LATE_MS,
      },
      opposite: usedWell(woken),
    },
  ];
}

function usedWell({ granted, grantedToOutbox }: Crowd) {
  const used = granted / (PACE * (MINUTE_MS / 1_000));
  return {
    wanted: '≥ 95 % of the paced rate is used; recovery and outbox get every fifth permit',
    measured: `${percent(used, 1)}; ${grantedToOutbox} of ${granted}`,
    isMet: used >= 0.95 && grantedToOutbox >= Math.floor(granted / 5),
  };
}

/** Mostly visitors, and enough of everything else to fill the lane alone. */
function mixed(random: Random): PermitClass {
  const draw = random();
  if (draw < 0.55) return 1;
  if (draw < 0.65) return 2;
  if (draw < 0.85) return 3;
  return draw < 0.95 ? 4 : 5;
}

async function crowd({ classOf, makeRules, parked = 0 }: CrowdOptions): Promise<Crowd> {
  const clock = new VirtualClock(STARTS_AT);
  const random = seededRandom(SEED);
  const result: Crowd = { asked: 0, granted: 0, grantedToOutbox: 0, slowestMs: 0, shed: 0, shedWithoutHint: 0 };
  const end = STARTS_AT + MINUTE_MS;
  const ask = async (urgency: PermitClass): Promise<Permit> => {
    const began = clock.now();
    result.asked += 1;
    const permit = await gate.acquire({ endpoint: LANE, class: urgency, waitMs: WAIT_MS });
    if (began < end) result.slowestMs = Math.max(result.slowestMs, clock.now() - began);
    if (!permit.granted) {
      result.shed += 1;
      if (!(permit.retryAfterSeconds >= 1)) result.shedWithoutHint += 1;
    } else if (clock.now() <= end) {
      result.granted += 1;
      const { key, isWatched } = permit;
      if (isWatched) clock.at(clock.now() + ANSWERED_AFTER_MS, () => void gate.report({ endpoint: LANE, key }));
      if (urgency === 2 || urgency === 3) result.grantedToOutbox += 1;
    }
    return permit;
  };
  const gate = new GateHost({
    clock,
    config: {
      rate: RATE,
      share: 1,
      jitterSeconds: PERMIT_JITTER_SECONDS,
      hasNextKey: false,
      trialMs: UPSTREAM_CALL_TIMEOUT_MS,
    },
    ...(makeRules ? { makeRules } : {}),
    wake: (leadId) => void ask(3).then(async ({ granted }) => granted && gate.unpark(leadId)),
  });
  for (let number = 0; number < parked; number += 1) {
    const entry = {
      attempt: `${number}`,
      event: 'acme/discovery-call',
      state: 'waiting',
      endpoint: LANE,
      class: 3,
    } as const;
    await gate.park({ leadId: `parked-${number}`, ...entry });
  }
  const asking: Promise<unknown>[] = [];
  for (let at = STARTS_AT; at < end; at += (2 * random() * 1_000) / (PACE * TIMES_CAPACITY)) {
    asking.push(clock.sleep(at - STARTS_AT).then(() => ask(classOf(random))));
  }
  await clock.runThrough(Promise.all(asking), 24 * 3_600_000);
  return result;
}
