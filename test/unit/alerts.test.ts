/** What the owner is told: one message per cause and day, one when it is over, never before a cause has lasted. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ALERT_CAUSES, Alerts } from '../../worker/owner/alerts.ts';
import { webhookBody } from '../../worker/owner/webhook.ts';

const NOW = 1_800_000_000_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function tell(alerts: Alerts, now: number): string[] {
  return alerts.due(now).map((message) => {
    alerts.said(message, now);
    return `${message.cause}${message.isOver ? ' over' : ''}`;
  });
}

test('a refused key ⇒ told at once, once, and when it is over', () => {
  const alerts = new Alerts([]);
  alerts.raise('key_refused', '', NOW);
  assert.deepEqual(tell(alerts, NOW), ['key_refused']);
  assert.deepEqual(tell(alerts, NOW + HOUR), []);
  alerts.clear('key_refused', '', NOW + HOUR);
  assert.deepEqual(tell(alerts, NOW + HOUR), ['key_refused over']);
  assert.deepEqual(tell(alerts, NOW + 2 * HOUR), []);
});

test('iClosed away for 59 s ⇒ nothing; for 60 s ⇒ told', () => {
  const alerts = new Alerts([]);
  alerts.raise('iclosed_away', '', NOW);
  assert.deepEqual(tell(alerts, NOW + 59_000), []);
  assert.equal(alerts.nextDue(), NOW + MINUTE);
  assert.deepEqual(tell(alerts, NOW + MINUTE), ['iclosed_away']);
});

test('away and back within the minute ⇒ nothing at all', () => {
  const alerts = new Alerts([]);
  alerts.raise('iclosed_away', '', NOW);
  alerts.clear('iclosed_away', '', NOW + 30_000);
  assert.deepEqual(tell(alerts, NOW + HOUR), []);
});

test('the same cause ten times a day ⇒ one message and one end, the next a day later', () => {
  const alerts = new Alerts([]);
  const said: string[] = [];
  for (let hour = 0; hour < 20; hour += 2) {
    alerts.raise('key_refused', '', NOW + hour * HOUR);
    said.push(...tell(alerts, NOW + hour * HOUR));
    alerts.clear('key_refused', '', NOW + (hour + 1) * HOUR);
    said.push(...tell(alerts, NOW + (hour + 1) * HOUR));
  }
  assert.deepEqual(said, ['key_refused', 'key_refused over']);
  alerts.raise('key_refused', '', NOW + 25 * HOUR);
  assert.deepEqual(tell(alerts, NOW + 25 * HOUR), ['key_refused']);
});

test('two leads refused ⇒ two messages, because they are two causes', () => {
  const alerts = new Alerts([]);
  alerts.raise('lead_refused', 'a', NOW);
  alerts.raise('lead_refused', 'b', NOW);
  assert.deepEqual(tell(alerts, NOW), ['lead_refused', 'lead_refused']);
});

test('rows survive being stored, and what is long over is forgotten', () => {
  const alerts = new Alerts([]);
  alerts.raise('key_refused', '', NOW);
  tell(alerts, NOW);
  const again = new Alerts(structuredClone(alerts.rows));
  assert.deepEqual(tell(again, NOW + MINUTE), []);
  again.clear('key_refused', '', NOW + MINUTE);
  again.forget(NOW + 26 * HOUR);
  assert.deepEqual(again.rows, []);
});

test('every cause has words for Slack and Discord, and its subject is the only fact in them', () => {
  for (const cause of ALERT_CAUSES) {
    const alerts = new Alerts([]);
    alerts.raise(cause, 'acme/discovery-call', NOW);
    const [message] = alerts.due(NOW + HOUR);
    assert.ok(message);
    const body = webhookBody(message, 'hooks.slack.com');
    assert.ok(String(body.text).length > 20);
    assert.equal(body.content, body.text);
    assert.deepEqual(Object.keys(body).sort(), ['cause', 'content', 'isOver', 'subject', 'text']);
  }
});

for (const host of ['prod-12.westeurope.logic.azure.com', 'abc.environment.api.powerplatform.com']) {
  test(`a webhook of Teams at ${host} ⇒ one Adaptive Card with the words in it`, () => {
    const alerts = new Alerts([]);
    alerts.raise('key_refused', '', NOW);
    const [message] = alerts.due(NOW);
    assert.ok(message);
    const { type, attachments } = webhookBody(message, host) as { type: string; attachments: { content: object }[] };
    assert.equal(type, 'message');
    assert.equal(attachments.length, 1);
    assert.ok(JSON.stringify(attachments[0]?.content).includes(JSON.stringify(message.text)));
  });
}

test('a host that only looks like one of Teams ⇒ the plain body', () => {
  const alerts = new Alerts([]);
  alerts.raise('key_refused', '', NOW);
  const [message] = alerts.due(NOW);
  assert.ok(message && 'text' in webhookBody(message, 'notlogic.azure.com.example'));
});

test('a webhook that fails ⇒ tried again after 2, 4, 8 s … 15 minutes, also for the end; once taken never again', () => {
  const alerts = new Alerts([]);
  alerts.raise('key_refused', '', NOW);
  const pauses: number[] = [];
  let now = NOW;
  for (let tries = 0; tries < 12; tries += 1) {
    const [message] = alerts.due(now);
    assert.ok(message);
    alerts.failed(message, now);
    assert.deepEqual(alerts.due(now), []);
    const next = alerts.nextDue() ?? 0;
    pauses.push((next - now) / 1_000);
    now = next;
  }
  assert.deepEqual(pauses.slice(0, 4), [2, 4, 8, 16]);
  assert.equal(pauses.at(-1), 900);
  assert.deepEqual(tell(alerts, now), ['key_refused']);
  assert.equal(alerts.nextDue(), undefined);
  alerts.clear('key_refused', '', now + MINUTE);
  const [over] = alerts.due(now + MINUTE);
  assert.ok(over?.isOver);
  alerts.failed(over, now + MINUTE);
  assert.equal(alerts.nextDue(), now + MINUTE + 2_000);
  assert.deepEqual(tell(alerts, now + MINUTE + 2_000), ['key_refused over']);
});

const patience: [(typeof ALERT_CAUSES)[number], number][] = [
  ['key_refused', 0],
  ['key_expiring', 0],
  ['iclosed_away', MINUTE],
  ['lead_undelivered', 10 * MINUTE],
  ['lead_refused', 0],
  ['booking_unclear', 0],
  ['booking_differs', 0],
  ['zone_mismatch', 0],
  ['event_unavailable', 0],
  ['no_times', 0],
];
for (const [cause, afterMs] of patience) {
  const hasEnd = !['lead_refused', 'booking_unclear', 'booking_differs'].includes(cause);
  test(`${cause} ⇒ told once after ${afterMs / 1_000} s${hasEnd ? ', and once when it is over' : ''}`, () => {
    const alerts = new Alerts([]);
    alerts.raise(cause, 'x', NOW);
    const said: string[] = [];
    for (let now = NOW; now <= NOW + HOUR; now += 500) {
      if (now === NOW + 30 * MINUTE) alerts.clear(cause, 'x', now);
      said.push(...tell(alerts, now).map((what) => `${what} ${(now - NOW) / 1_000}`));
    }
    assert.deepEqual(said, [`${cause} ${afterMs / 1_000}`, ...(hasEnd ? [`${cause} over 1800`] : [])]);
  });
}

test('the table above names every cause', () => {
  assert.deepEqual(patience.map(([cause]) => cause).sort(), [...ALERT_CAUSES].sort());
});
