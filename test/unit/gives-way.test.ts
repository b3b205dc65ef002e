/** A lead of a crowded address is no visitor's equal at the gate until it has a booking, however it is waited for (P10). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type KeeperPorts, LeadKeeper } from '../../worker/lead/keeper.ts';
import { takeStep } from '../../worker/lead/steps.ts';
import { answersRow, answersStep, contactStep, leadRecord, NOW } from './lead-records.ts';

const givesWay = true as const;

for (const [what, more, kept] of [
  ['a crowded address', { givesWay }, true],
  ['any other', {}, undefined],
] as const) {
  test(`a lead that begins at ${what} ⇒ gives way: ${kept ?? false}`, () => {
    const taken = takeStep(undefined, { ...contactStep(), ...more }, NOW);
    assert.ok(taken.ok);
    assert.equal(taken.record?.givesWay, kept);
  });
}

test('a running lead whose contact is corrected in a crowd ⇒ stays as it was', () => {
  const taken = takeStep(leadRecord(), { ...contactStep('bob@example.com', 9), givesWay }, NOW);
  assert.ok(taken.ok);
  assert.equal(taken.record?.givesWay, undefined);
});

for (const [what, more, wanted] of [
  ['gives way', { givesWay }, 3],
  ['does not', {}, 1],
] as const) {
  test(`answers that a visitor waits for, of a lead that ${what} ⇒ class ${wanted}`, async () => {
    const classes: number[] = [];
    const away: Awaited<ReturnType<KeeperPorts['ask']>> = { ok: false, retryAfterSeconds: 5, isAway: false };
    const ports = {
      now: () => NOW,
      random: () => 0,
      config: () => ({}),
      ask: (_call: unknown, urgency: { class: number }) => {
        classes.push(urgency.class);
        return Promise.resolve(away);
      },
      store: () => {},
      setAlarm: () => {},
      setTimer: (at: number, callBack: () => void) => {
        if (at > NOW + 10_000) setImmediate(callBack);
        return () => {};
      },
      park: () => Promise.resolve(),
      unpark: () => Promise.resolve(),
      inBackground: () => {},
      log: () => {},
    } as unknown as KeeperPorts;
    const record = { ...leadRecord({ answers: answersRow({ seq: 1, settledSeq: 0 }) }), ...more };
    const keeper = new LeadKeeper(ports, { record, changedAt: NOW }, undefined);
    await keeper.step(answersStep('1', 1));
    assert.equal(classes[0], wanted);
  });
}
