/** The gate's rules around its lanes: breakers, keys, learnt limits, the outbox index, joined work that is lifted. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Gate, type GateConfig, type GateMemory } from '../../worker/gate/gate.ts';
import type { KeySlot, Permit, PermitRequest } from '../../worker/gate/permit.ts';

const NOW = 1_800_000_000_000;
const CONFIG: GateConfig = {
  rate: { points: 20, windowSeconds: 10 },
  share: 1,
  jitterSeconds: 1,
  hasNextKey: false,
  trialMs: 12_000,
};
const MEMORY: GateMemory = { key: 'current', learnt: {}, leaseUntil: 0 };
const CALLS = 'POST /v1/eventCalls';

function gateWith(config: Partial<GateConfig> = {}, memory: Partial<GateMemory> = {}): Gate {
  return new Gate({ ...CONFIG, ...config }, { ...MEMORY, ...memory }, []);
}

/** Joins and moves the clock until there is an answer. */
function ask(gate: Gate, now: number, request: Partial<PermitRequest> = {}): { permit: Permit; at: number } {
  const joined = gate.join({ endpoint: CALLS, class: 1, waitMs: 8_000, ...request }, now);
  if (!('id' in joined)) return { permit: joined, at: now };
  for (let at = now; at < now + 20_000; at = Math.max(at + 1, gate.wakeAt(at) ?? at + 1_000)) {
    const answer = gate.release(at).answers.find(([id]) => id === joined.id);
    if (answer) return { permit: answer[1], at };
  }
  throw new Error('no answer');
}

function fail(gate: Gate, kind: 'network' | 'upstream' | 'auth', times: number, now: number): void {
  for (let i = 0; i < times; i += 1) gate.report({ endpoint: CALLS, key: 'current', failure: { kind } }, now);
}

/** What follows a permit whose success the gate wants to hear of, where iClosed answers at once. */
function answered(gate: Gate, permit: Permit, now: number): void {
  if (permit.granted && permit.isWatched) gate.report({ endpoint: CALLS, key: permit.key }, now);
}

test('nothing wrong ⇒ a permit at once, neither probe nor watched', () => {
  const { permit, at } = ask(gateWith(), NOW);
  assert.deepEqual(permit, { granted: true, key: 'current', isProbe: false, isWatched: false, limit: CONFIG.rate });
  assert.equal(at, NOW);
});

test('four network faults in a row ⇒ away for every lane; three ⇒ not yet', () => {
  const gate = gateWith();
  fail(gate, 'network', 3, NOW);
  assert.equal(ask(gate, NOW).permit.granted, true);
  fail(gate, 'network', 1, NOW);
  for (const endpoint of [CALLS, 'POST /v1/contacts'] as const) {
    const { permit } = ask(gate, NOW, { endpoint });
    assert.deepEqual(permit, { granted: false, retryAfterSeconds: 1, reason: 'away' });
  }
});

test('after the pause ⇒ one probe, nobody else; its success opens the way', () => {
  const gate = gateWith();
  fail(gate, 'network', 4, NOW);
  const probe = ask(gate, NOW + 1_001);
  assert.equal(probe.permit.granted && probe.permit.isProbe, true);
  assert.equal(ask(gate, probe.at).permit.granted, false);
  const news = gate.report({ endpoint: 'GET /v1/fields/contact-stage', key: 'current', isProbe: true }, probe.at);
  assert.deepEqual(news, ['breaker_closed']);
  assert.equal(ask(gate, probe.at).permit.granted, true);
});

test('an outage of five minutes ⇒ probes at most 8 s apart, and few of them', () => {
  const gate = gateWith();
  fail(gate, 'network', 4, NOW);
  const probes: number[] = [];
  for (let now = NOW; now < NOW + 300_000; now += 250) {
    const { permit } = ask(gate, now, { waitMs: 0 });
    if (!permit.granted) continue;
    probes.push(now);
    gate.report({ endpoint: CALLS, key: 'current', isProbe: true, failure: { kind: 'network' } }, now);
  }
  const gaps = probes.slice(1).map((at, index) => at - (probes[index] ?? 0));
  assert.ok(Math.max(...gaps) <= 8_500, `longest gap ${Math.max(...gaps)}`);
  assert.ok(probes.length <= 45, `${probes.length} probes`);
});

test('six errors of one endpoint ⇒ its lane alone is away', () => {
  const gate = gateWith();
  fail(gate, 'upstream', 6, NOW);
  assert.equal(ask(gate, NOW).permit.granted, false);
  assert.equal(ask(gate, NOW, { endpoint: 'POST /v1/contacts' }).permit.granted, true);
});

test('a refused key with another configured ⇒ the other, at once; both refused ⇒ away', () => {
  const gate = gateWith({ hasNextKey: true });
  assert.deepEqual(gate.report({ endpoint: CALLS, key: 'current', failure: { kind: 'auth' } }, NOW), ['key_changed']);
  const { permit } = ask(gate, NOW);
  assert.equal(permit.granted && permit.key, 'next');
  const news = gate.report({ endpoint: CALLS, key: 'next', failure: { kind: 'auth' } }, NOW);
  assert.deepEqual(news, ['key_refused', 'breaker_opened']);
  assert.equal(ask(gate, NOW).permit.granted, false);
});

test('the other key works, then it is refused ⇒ the first again, at once', () => {
  const gate = gateWith({ hasNextKey: true });
  gate.report({ endpoint: CALLS, key: 'current', failure: { kind: 'auth' } }, NOW);
  const { permit } = ask(gate, NOW);
  assert.ok(permit.granted && permit.isWatched, 'the first success of the other key is told');
  gate.report({ endpoint: CALLS, key: 'next' }, NOW + 100);
  const news = gate.report({ endpoint: CALLS, key: 'next', failure: { kind: 'auth' } }, NOW + 60_000);
  assert.deepEqual(news, ['key_changed']);
  const again = ask(gate, NOW + 61_000).permit;
  assert.equal(again.granted && again.key, 'current');
});

test('a refusal of the key that is no longer in use ⇒ changes nothing', () => {
  const gate = gateWith({ hasNextKey: true }, { key: 'next' });
  assert.deepEqual(gate.report({ endpoint: CALLS, key: 'current', failure: { kind: 'auth' } }, NOW), []);
  assert.equal(gate.memory.key, 'next');
});

test('both keys refused, then an earlier call with the other one succeeds ⇒ that one is used', () => {
  const gate = gateWith({ hasNextKey: true });
  for (const key of ['current', 'next'] as const) gate.report({ endpoint: CALLS, key, failure: { kind: 'auth' } }, NOW);
  const news = gate.report({ endpoint: CALLS, key: 'next' }, NOW);
  assert.deepEqual(news, ['key_changed', 'breaker_closed']);
  const { permit } = ask(gate, NOW);
  assert.equal(permit.granted && permit.key, 'next');
});

test('a learnt limit with a long window ⇒ a gate that is restarted again and again keeps to it', () => {
  const limit = { points: 3, windowSeconds: 90 };
  let gate = gateWith();
  gate.report({ endpoint: CALLS, key: 'current', failure: { kind: 'rate_limited', limit } }, NOW);
  let { memory } = gate;
  const granted: number[] = [];
  for (let now = NOW; now < NOW + 480_000; now += 500) {
    if (now < NOW + 240_000 && (now - NOW) % 23_000 === 0) gate = gateWith({}, memory);
    gate.join({ endpoint: CALLS, class: 1, waitMs: 400 }, now);
    const { answers, needsLease } = gate.release(now);
    if (needsLease) memory = structuredClone(gate.memory);
    if (answers.some(([, permit]) => permit.granted)) granted.push(now);
  }
  assert.ok(granted.length >= 4, `${granted.length} permits in eight minutes`);
  for (const at of granted) assert.ok(granted.filter((each) => each > at - 91_000 && each <= at).length <= 3);
});

for (const [limit, share, isLearnt] of [
  [{ points: 15, windowSeconds: 10 }, 0.5, true],
  [{ points: 20, windowSeconds: 10 }, 0.5, false],
  [{ points: 2, windowSeconds: 1 }, 1, true],
  [{ points: 2, windowSeconds: 2 }, 1, true],
] as const) {
  test(`20/10s at a share of ${share}, told ${limit.points}/${limit.windowSeconds}s ⇒ ${isLearnt ? 'learnt' : 'known'}`, () => {
    const gate = gateWith({ share });
    const endpoint = 'POST /v1/events/eventDates';
    const news = gate.report({ endpoint, key: 'current', failure: { kind: 'rate_limited', limit } }, NOW);
    assert.deepEqual(news, isLearnt ? ['limit_learnt'] : []);
  });
}

test('a 429 that names a stricter limit ⇒ learnt and kept; a looser one ⇒ not', () => {
  const gate = gateWith({ rate: { points: 100, windowSeconds: 10 } });
  const strict = { points: 20, windowSeconds: 10 };
  const failure = { kind: 'rate_limited', retryAfterSeconds: 2, limit: strict } as const;
  assert.deepEqual(gate.report({ endpoint: CALLS, key: 'current', failure }, NOW), ['limit_learnt']);
  assert.deepEqual(gate.memory.learnt[CALLS], strict);
  const loose = { ...failure, limit: { points: 1_000, windowSeconds: 1 } };
  assert.deepEqual(gate.report({ endpoint: CALLS, key: 'current', failure: loose }, NOW), []);
  assert.ok(ask(gate, NOW).at >= NOW + 2_000, 'the lane pauses as long as it was asked to');
});

test('a stricter limit in an answer’s header fields ⇒ learnt and kept, without a pause; later permits carry it', () => {
  const gate = gateWith({ rate: { points: 100, windowSeconds: 10 }, share: 0.5 });
  const limit = { points: 60, windowSeconds: 10 };
  assert.deepEqual(gate.report({ endpoint: CALLS, key: 'current', limit }, NOW), ['limit_learnt']);
  assert.deepEqual(gate.memory.learnt[CALLS], limit);
  const { permit, at } = ask(gate, NOW);
  assert.deepEqual(permit.granted && permit.limit, limit);
  assert.equal(at, NOW);
});

test('half the share ⇒ about half the permits', () => {
  const granted = [1, 0.5].map((share) => {
    const gate = gateWith({ share });
    let count = 0;
    for (let now = NOW; now < NOW + 60_000; now += 50) {
      gate.join({ endpoint: CALLS, class: 1, waitMs: 60 }, now);
      for (const [, permit] of gate.release(now).answers) {
        if (permit.granted) count += 1;
        answered(gate, permit, now);
      }
    }
    return count;
  });
  assert.ok(Math.abs((granted[1] ?? 0) / (granted[0] ?? 1) - 9 / 19) < 0.05, String(granted));
});

test('joined work is lifted ahead of what was queued for nobody', () => {
  const gate = gateWith();
  ask(gate, NOW);
  const first = gate.join({ endpoint: CALLS, class: 4, waitMs: 8_000 }, NOW);
  const second = gate.join({ endpoint: CALLS, class: 5, waitMs: 8_000, token: 'month' }, NOW);
  gate.lift('month', 1);
  const [answer] = gate.release(NOW + 600).answers;
  assert.ok('id' in first && 'id' in second);
  assert.equal(answer?.[0], second.id);
});

test('parked leads are woken one per spare permit, oldest first, and not again at once', () => {
  const gate = gateWith();
  const entry = { attempt: 'x', event: 'acme/call', state: 'waiting', endpoint: CALLS, class: 3 } as const;
  for (const [index, leadId] of ['b', 'a', 'c'].entries()) gate.backlog.park({ ...entry, leadId, since: NOW + index });
  const woken: string[] = [];
  for (let now = NOW + 10; now < NOW + 5_000; now += 10) {
    for (const leadId of gate.release(now).wakes) {
      woken.push(leadId);
      ask(gate, now, { class: 3 });
    }
  }
  assert.deepEqual(woken, ['b', 'a', 'c']);
});

test('what needs a person is listed and never woken', () => {
  const gate = gateWith();
  const entry = { leadId: 'a', attempt: 'x', event: 'acme/call', endpoint: CALLS, class: 3, since: NOW } as const;
  gate.backlog.park({ ...entry, state: 'refused' });
  assert.deepEqual(gate.release(NOW + 1_000).wakes, []);
  assert.equal(gate.backlog.size, 0);
  assert.equal(gate.backlog.list().length, 1);
});

test('a lease is asked for at most once a window', () => {
  const gate = gateWith();
  let leases = 0;
  for (let now = NOW; now < NOW + 110_000; now += 200) {
    gate.join({ endpoint: CALLS, class: 1, waitMs: 1_000 }, now);
    const { needsLease, answers } = gate.release(now);
    if (needsLease) leases += 1;
    for (const [, permit] of answers) answered(gate, permit, now);
  }
  assert.ok(leases >= 9 && leases <= 11, `${leases} leases in ten windows`);
});

/** Visitors come one a second to a lane whose calls are answered after `latencyMs`, or never. */
function permitsWithin(gate: Gate, spanMs: number, latencyMs: number): number {
  let granted = 0;
  const words: { at: number; key: KeySlot }[] = [];
  for (let now = NOW; now < NOW + spanMs; now += 100) {
    while (words[0] && words[0].at <= now) {
      const [word] = words.splice(0, 1);
      if (word) gate.report({ endpoint: CALLS, key: word.key }, now);
    }
    if (now % 1_000 === 0) gate.join({ endpoint: CALLS, class: 1, waitMs: 8_000 }, now);
    for (const [, permit] of gate.release(now).answers) {
      if (!permit.granted) continue;
      granted += 1;
      if (permit.isWatched && latencyMs < Number.POSITIVE_INFINITY)
        words.push({ at: now + latencyMs, key: permit.key });
    }
  }
  return granted;
}

for (const [latencyMs, least, most] of [
  [300, 20, 20],
  [2_000, 20, 20],
  [5_000, 15, 20],
  [Number.POSITIVE_INFINITY, 3, 10],
] as const) {
  test(`iClosed answers after ${latencyMs} ms ⇒ ${least} to ${most} of 20 permits in 20 s`, () => {
    const granted = permitsWithin(gateWith(), 20_000, latencyMs);
    assert.ok(granted >= least && granted <= most, `${granted}`);
  });
}

test('a few calls that nobody asked a word of, then a pause ⇒ the next visitor is let through at once', () => {
  const gate = gateWith({ rate: { points: 100, windowSeconds: 1 } });
  gate.report({ endpoint: CALLS, key: 'current' }, NOW);
  for (const after of [100, 200, 300, 400]) {
    const { permit } = ask(gate, NOW + after);
    assert.equal(permit.granted && permit.isWatched, false);
  }
  assert.equal(ask(gate, NOW + 5_000).at, NOW + 5_000);
});

test('silence of one lane ⇒ the others go on', () => {
  const gate = gateWith();
  permitsWithin(gate, 6_000, Number.POSITIVE_INFINITY);
  assert.equal(ask(gate, NOW + 6_000, { endpoint: 'POST /v1/contacts' }).at, NOW + 6_000);
});

test('calls that time out ⇒ others may try one by one, not all at once', () => {
  const gate = gateWith();
  permitsWithin(gate, 6_000, Number.POSITIVE_INFINITY);
  const grantedAfterTimeout = (now: number) => {
    gate.report({ endpoint: CALLS, key: 'current', failure: { kind: 'timeout' } }, now);
    for (let i = 0; i < 3; i += 1) gate.join({ endpoint: CALLS, class: 1, waitMs: 900 }, now);
    let granted = 0;
    for (let at = now; at < now + 1_000; at += 100)
      granted += gate.release(at).answers.filter(([, permit]) => permit.granted).length;
    return granted;
  };
  assert.deepEqual(
    [6_000, 7_000, 8_000, 9_000].map((after) => grantedAfterTimeout(NOW + after)),
    [0, 0, 1, 1],
  );
});
