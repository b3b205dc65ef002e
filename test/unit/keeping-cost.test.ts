/**
 * What a booked Lead costs after its visitor has gone: the purge of personal data, the nightly look at the call, the end of the
 * tombstone. Counted in virtual time from the booking until nothing is left, as Cloudflare bills it: an alarm or a call of the gate
 * is a request to an object; a key or an alarm that is written, and what is deleted at the end, is a row each.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LeadKeeper, type KeeperPorts, type StoredLead } from '../../worker/lead/keeper.ts';
import { Alarm } from '../simulation/alarm.ts';
import { VirtualClock } from '../simulation/clock.ts';
import { bookingRow, DAY, HOUR, NOW, qualified } from './lead-records.ts';

interface Kept {
  objectRequests: number;
  rows: number;
  /** Days after the booking until nothing is left. */
  days: number;
}

async function keepUntilForgotten(daysAhead: number): Promise<Kept> {
  const clock = new VirtualClock(NOW);
  const startsAt = NOW + daysAhead * DAY;
  const call = { callId: 5, startsAt, endsAt: startsAt + HOUR / 2 };
  const record = qualified({ booking: bookingRow({ startsAt, state: 'CONFIRMED', sends: 1, isSettled: true, call }) });
  const kept: Kept = { objectRequests: 0, rows: 0, days: 0 };
  let stored: StoredLead | undefined = { record, changedAt: NOW };
  const alarm: Alarm = new Alarm(clock, () => {
    kept.objectRequests += 1;
    return keeper.alarm();
  });
  const untouched = () => Promise.reject(new Error('not part of keeping'));
  const ports: KeeperPorts = {
    now: clock.now,
    random: () => 0.5,
    config: () => ({}),
    ask: async () => {
      kept.objectRequests += 1;
      const row = { id: 5, dateTimeUTC: new Date(startsAt).toISOString() };
      return { ok: true, value: { data: { eventCalls: [row] } } };
    },
    claim: untouched,
    settle: untouched,
    isStillOpen: untouched,
    alternatives: untouched,
    slots: untouched,
    alert: untouched,
    park: untouched,
    unpark: untouched,
    store: (lead) => {
      stored = lead;
      kept.rows += 1;
    },
    forget: () => {
      stored = undefined;
      alarm.clear();
      kept.rows += 1;
      kept.days = (clock.now() - NOW) / DAY;
    },
    setAlarm: (at) => {
      alarm.set(at);
      kept.rows += 1;
    },
    setTimer: (at, callBack) => clock.at(at, callBack),
    inBackground: (work) => void work,
    log: () => undefined,
  };
  const keeper: LeadKeeper = new LeadKeeper(ports, structuredClone(stored), undefined);
  alarm.set(NOW + DAY); // as the booking left it; its row is the booking's
  await clock.runUntil(startsAt + 30 * DAY);
  assert.equal(stored, undefined, 'nothing is left');
  return kept;
}

for (const [daysAhead, expected] of [
  [1, { objectRequests: 2, rows: 3, days: 8 }],
  [10, { objectRequests: 20, rows: 21, days: 17 }],
] as const) {
  void test(`a call ${daysAhead} days ahead ⇒ ${expected.objectRequests} requests to objects, ${expected.rows} rows`, async () => {
    const { days, ...counts } = await keepUntilForgotten(daysAhead);
    assert.deepEqual({ ...counts, days: Math.floor(days) }, expected);
  });
}
