/**
 * The lane's pacing (P6, P8): whatever arrives, in whatever order, with whatever restarts, no window of iClosed's sees more
 * than it allows; and the rate that is allowed is used. Virtual time only.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PERMIT_JITTER_SECONDS } from '../../shared/limits.ts';
import type { Rate } from '../../worker/config/settings.ts';
import { burstOf } from '../../worker/gate/burst.ts';
import { Lane, type Pace, type PermitClass, paceOf } from '../../worker/gate/lane.ts';
import { ENDPOINTS } from '../../worker/iclosed/request.ts';
import { seeded } from './seeded.ts';

const JITTER_MS = PERMIT_JITTER_SECONDS * 1_000;
const rates: Rate[] = [
  { points: 20, windowSeconds: 10 },
  { points: 20, windowSeconds: 1 },
  { points: 100, windowSeconds: 10 },
];
const nameOf = (rate: Rate) => `${rate.points}/${rate.windowSeconds}s`;
const paces = rates.flatMap((rate) =>
  [...new Set(ENDPOINTS.map((endpoint) => burstOf(endpoint, rate.points)))].map((burst) => ({
    rate,
    burst,
    pace: paceOf(rate, burst, PERMIT_JITTER_SECONDS),
  })),
);

/** The most arrivals in any window of that length, closed at both ends. */
function mostIn(arrivals: readonly number[], windowMs: number): number {
  const sorted = [...arrivals].sort((a, b) => a - b);
  let most = 0;
  for (let from = 0, to = 0; to < sorted.length; to += 1) {
    while ((sorted[to] ?? 0) - (sorted[from] ?? 0) > windowMs) from += 1;
    most = Math.max(most, to - from + 1);
  }
  return most;
}

interface Arrival {
  at: number;
  class: PermitClass;
  waitMs: number;
}
interface Grant {
  at: number;
  class: PermitClass;
  since: number;
  deadline: number;
}
interface Run {
  grants: Grant[];
  refused: number;
  expired: { at: number; deadline: number }[];
}

/** Plays arrivals through a lane as the gate does: joins, releases, wakes; restarts lose the queue and start empty. */
function play(pace: Pace, arrivals: readonly Arrival[], until: number, restarts: readonly number[] = []): Run {
  const run: Run = { grants: [], refused: 0, expired: [] };
  const pending = [...arrivals].sort((a, b) => a.at - b.at);
  const stops = [...restarts].sort((a, b) => a - b);
  let lane = new Lane(pace, 0, false);
  const waiting = new Map<number, Grant>();
  let id = 0;
  let now = 0;
  const release = () => {
    const { granted, expired } = lane.release(now);
    for (const each of granted) {
      const waiter = waiting.get(each);
      assert.ok(waiter, 'granted once, and only who waits');
      run.grants.push({ ...waiter, at: now });
      waiting.delete(each);
    }
    for (const each of expired) {
      run.expired.push({ at: now, deadline: waiting.get(each)?.deadline ?? Number.NaN });
      waiting.delete(each);
    }
  };
  for (;;) {
    const wake = lane.wakeAt(now);
    const next = Math.min(
      pending[0]?.at ?? Infinity,
      stops[0] ?? Infinity,
      wake === undefined ? Infinity : Math.ceil(wake),
    );
    if (next > until) return run;
    assert.ok(next > now || pending.length > 0 || stops.length > 0 || wake !== undefined);
    now = Math.max(now, next);
    if (stops[0] !== undefined && stops[0] <= now) {
      stops.shift();
      lane = new Lane(pace, now, true);
      waiting.clear();
    }
    while (pending[0] && pending[0].at <= now) {
      const arrival = pending.shift() as Arrival;
      id += 1;
      const waiter = { id, class: arrival.class, since: now, deadline: now + arrival.waitMs };
      if (lane.join(waiter, now)) run.refused += 1;
      else waiting.set(id, { at: 0, class: arrival.class, since: now, deadline: waiter.deadline });
    }
    release();
  }
}

const arrivals = fc.array(
  fc.record({
    at: fc.oneof(fc.nat(40_000), fc.constantFrom(0, 1, 10_000, 10_001, 20_000)),
    class: fc.constantFrom<PermitClass>(1, 2, 3, 4, 5),
    waitMs: fc.constantFrom(0, 500, 2_000, 8_000, 60_000),
  }),
  { maxLength: 250 },
);

for (const { rate, burst, pace } of paces) {
  test(`${nameOf(rate)}, burst ${burst}: random crowds, restarts, jitter to 1 s ⇒ never over, nobody after the deadline`, () => {
    fc.assert(
      fc.property(arrivals, fc.array(fc.nat(40_000), { maxLength: 10 }), fc.nat(), (crowd, restarts, seed) => {
        const run = play(pace, crowd, 110_000, restarts);
        const random = seeded(seed);
        const landed = run.grants.map(({ at }) => at + random() * JITTER_MS);
        assert.ok(mostIn(landed, rate.windowSeconds * 1_000) <= rate.points);
        const alternating = run.grants.map(({ at }, index) => at + (index % 2) * JITTER_MS);
        assert.ok(mostIn(alternating, rate.windowSeconds * 1_000) <= rate.points);
        for (const grant of run.grants) assert.ok(grant.at <= grant.deadline, 'granted in time');
        for (const { at, deadline } of run.expired)
          assert.ok(at >= deadline && at <= deadline + 2, 'told at the deadline');
        if (restarts.length === 0) assert.equal(run.grants.length + run.refused + run.expired.length, crowd.length);
      }),
      { numRuns: 60, seed: 5 },
    );
  });

  test(`${nameOf(rate)}, burst ${burst}: the worst case, all late then all at once ⇒ still not over`, () => {
    const crowd = Array.from({ length: 600 }, () => ({ at: 0, class: 4 as const, waitMs: 600_000 }));
    const { grants } = play(pace, crowd, 60_000);
    const windowMs = rate.windowSeconds * 1_000;
    for (let edge = 0; edge <= 20_000; edge += 250) {
      const landed = grants.map(({ at }) => (at <= edge ? at + JITTER_MS : at));
      assert.ok(mostIn(landed, windowMs) <= rate.points, String(edge));
    }
  });

  test(`${nameOf(rate)}, burst ${burst}: ten times the demand for a minute ⇒ at least 95 % of the paced rate is used`, () => {
    const random = seeded(7);
    const count = Math.ceil((60_000 / pace.intervalMs) * 10);
    const crowd = Array.from({ length: count }, () => ({ at: random() * 60_000, class: 1 as const, waitMs: 8_000 }));
    const { grants, refused } = play(pace, crowd, 60_000);
    assert.ok(grants.length >= 0.95 * (60_000 / pace.intervalMs), `${grants.length} of ${60_000 / pace.intervalMs}`);
    assert.ok(refused > 0);
  });
}

test('control: a textbook token bucket fails the same check', () => {
  for (const rate of rates) {
    const windowMs = rate.windowSeconds * 1_000;
    let tokens = rate.points;
    let last = 0;
    const landed: number[] = [];
    for (let now = 0; now <= 40_000; now += 5) {
      tokens = Math.min(rate.points, tokens + ((now - last) * rate.points) / windowMs);
      last = now;
      for (; tokens >= 1; tokens -= 1) landed.push(now);
    }
    assert.ok(mostIn(landed, windowMs) > 1.5 * rate.points, nameOf(rate));
  }
});

test('control: a restart that starts full goes over, one that starts empty does not', () => {
  const rate: Rate = { points: 20, windowSeconds: 10 };
  const pace = paceOf(rate, 6, PERMIT_JITTER_SECONDS);
  const grantsWith = (startsEmpty: boolean) => {
    const landed: number[] = [];
    for (let restart = 0; restart < 10; restart += 1) {
      const lane = new Lane(pace, restart * 900, startsEmpty && restart > 0);
      for (let id = 1; id <= 10; id += 1) lane.join({ id, class: 4, since: 0, deadline: 1e9 }, restart * 900);
      for (let now = restart * 900; now < restart * 900 + 900; now += 10)
        landed.push(...lane.release(now).granted.map(() => now));
    }
    return mostIn(landed, 10_000);
  };
  assert.ok(grantsWith(true) <= rate.points);
  assert.ok(grantsWith(false) > rate.points);
});

test('recovery and outbox get their fifth while visitors queue at ten times the rate, also with short patience', () => {
  for (const waitMs of [2_000, 8_000]) {
    const pace = paceOf({ points: 20, windowSeconds: 10 }, 1, PERMIT_JITTER_SECONDS);
    const permits = Math.floor(120_000 / pace.intervalMs);
    const visitors = Array.from({ length: permits * 10 }, (_, at) => ({
      at: (at * pace.intervalMs) / 10,
      class: 1 as const,
      waitMs: 8_000,
    }));
    const outbox = Array.from({ length: 400 }, (_, at) => ({ at: at * 300, class: 3 as const, waitMs }));
    const { grants } = play(pace, [...visitors, ...outbox], 120_000);
    const reserved = grants.filter((each) => each.class === 3).length;
    assert.ok(reserved >= 0.19 * grants.length, `waiting ${waitMs} ms: ${reserved} of ${grants.length}`);
    assert.ok(grants.length - reserved >= 0.7 * grants.length, 'and visitors get the rest');
  }
});

test('while anything of class 2 or 3 waits, of any five permits it gets one', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom<PermitClass>(1, 2, 3, 4, 5), { minLength: 20, maxLength: 60 }), (classes) => {
      const lane = new Lane({ burst: 1, intervalMs: 100 }, 0, false);
      classes.forEach((each, id) => lane.join({ id, class: each, since: id, deadline: 1e9 }, 0));
      let left = classes.filter((each) => each === 2 || each === 3).length;
      let without = 0;
      for (let now = 0; lane.waiting > 0; now += 100) {
        const [id = -1] = lane.release(now).granted;
        const isReserved = classes[id] === 2 || classes[id] === 3;
        if (isReserved) left -= 1;
        without = isReserved || left === 0 ? 0 : without + 1;
        assert.ok(without < 5);
      }
    }),
    { numRuns: 200, seed: 8 },
  );
});

test('visitors before refreshes before prefetches; within a class first come, first served', () => {
  const lane = new Lane({ burst: 1, intervalMs: 100 }, 0, false);
  const order: [number, PermitClass][] = [
    [1, 5],
    [2, 4],
    [3, 1],
    [4, 4],
    [5, 1],
  ];
  for (const [id, each] of order) lane.join({ id, class: each, since: id, deadline: 1e9 }, 0);
  const granted: number[] = [];
  for (let now = 0; now < 500; now += 100) granted.push(...lane.release(now).granted);
  assert.deepEqual(granted, [3, 5, 2, 4, 1]);
});

test('a pause is kept to by everybody, and followed by the slow pace', () => {
  const lane = new Lane(paceOf({ points: 20, windowSeconds: 10 }, 6, 1), 0, false);
  lane.pause(5_000);
  for (let id = 1; id <= 6; id += 1) lane.join({ id, class: 1, since: 0, deadline: 60_000 }, 0);
  const granted: number[] = [];
  for (let now = 0; now <= 6_500; now += 10) for (const _ of lane.release(now).granted) granted.push(now);
  assert.equal(granted[0], 5_000);
  for (let i = 1; i < granted.length; i += 1) assert.ok((granted[i] ?? 0) - (granted[i - 1] ?? 0) >= 780);
});

test('a pause that is shorter than the one before it ⇒ changes nothing', () => {
  const lane = new Lane({ burst: 1, intervalMs: 100 }, 0, false);
  lane.pause(5_000);
  lane.pause(1_000);
  lane.join({ id: 1, class: 1, since: 0, deadline: 60_000 }, 0);
  assert.deepEqual(lane.release(4_999).granted, []);
  assert.deepEqual(lane.release(5_000).granted, [1]);
});

test('a queue that cannot be served in time ⇒ refused at the door with the time after which it is worth asking', () => {
  const lane = new Lane({ burst: 1, intervalMs: 1_000 }, 0, false);
  for (let id = 0; id <= 8; id += 1) assert.equal(lane.join({ id, class: 1, since: 0, deadline: 8_000 }, 0), undefined);
  const refused = lane.join({ id: 9, class: 1, since: 0, deadline: 8_000 }, 0);
  assert.equal(refused?.refusedForMs, 2_000);
  assert.equal(lane.waiting, 9);
});

test('who left is not granted, and nobody waiting means nothing to wake for', () => {
  const lane = new Lane({ burst: 1, intervalMs: 100 }, 0, true);
  assert.equal(lane.wakeAt(0), undefined);
  lane.join({ id: 1, class: 1, since: 0, deadline: 8_000 }, 0);
  assert.equal(lane.wakeAt(0), 100);
  lane.leave(1);
  assert.equal(lane.wakeAt(0), undefined);
  assert.deepEqual(lane.release(1_000), { granted: [], expired: [] });
});

test('drained ⇒ everybody is sent away', () => {
  const lane = new Lane({ burst: 1, intervalMs: 100 }, 0, false);
  for (const id of [1, 2, 3]) lane.join({ id, class: 1, since: 0, deadline: 8_000 }, 0);
  assert.deepEqual(lane.drain(), [1, 2, 3]);
  assert.equal(lane.waiting, 0);
});

test('lifted ⇒ passes what it was behind; never lowered', () => {
  const lane = new Lane({ burst: 1, intervalMs: 100 }, 0, false);
  lane.join({ id: 1, class: 4, since: 0, deadline: 8_000 }, 0);
  lane.join({ id: 2, class: 5, since: 0, deadline: 8_000 }, 0);
  lane.lift(2, 1);
  lane.lift(2, 5);
  assert.deepEqual(lane.release(0).granted, [2]);
});

const formula: [Rate, number, number, number][] = [
  [{ points: 20, windowSeconds: 10 }, 1, 1, 11_000 / 19],
  [{ points: 20, windowSeconds: 10 }, 6, 6, 11_000 / 14],
  [{ points: 20, windowSeconds: 1 }, 1, 1, 2_000 / 19],
  [{ points: 2, windowSeconds: 10 }, 9, 1, 11_000],
  [{ points: 20, windowSeconds: 10 }, 0, 1, 11_000 / 19],
];
for (const [rate, asked, burst, intervalMs] of formula) {
  test(`${nameOf(rate)} with burst ${asked} ⇒ ${burst} at once, one every ${intervalMs.toFixed(1)} ms`, () => {
    assert.deepEqual(paceOf(rate, asked, 1), { burst, intervalMs });
  });
}

const bursts: [(typeof ENDPOINTS)[number], number, number][] = [
  ['POST /v1/events/eventDates', 20, 6],
  ['POST /v1/events/eventDates', 100, 30],
  ['POST /v1/events/eventDates', 2, 1],
  ['POST /v1/eventCalls', 20, 1],
  ['POST /v1/contacts', 100, 1],
];
for (const [endpoint, points, burst] of bursts) {
  test(`${endpoint} of ${points} ⇒ ${burst} at once`, () => assert.equal(burstOf(endpoint, points), burst));
}
