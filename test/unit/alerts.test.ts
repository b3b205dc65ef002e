/** What the owner is told: one message per cause and day, one when it is over, never before a cause has lasted. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ALERT_CAUSES, Alerts, webhookBody } from '../../worker/owner/alerts.ts';

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
    const body = webhookBody(message);
    assert.ok(String(body.text).length > 20);
    assert.equal(body.content, body.text);
    assert.deepEqual(Object.keys(body).sort(), ['cause', 'content', 'isOver', 'subject', 'text']);
  }
});
