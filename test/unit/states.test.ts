/** The page `/states` against the table of what the visitor sees: each row has a state. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ROWS, rowsOf } from '../../states/rows.ts';
import { setupOf, STATE_NAMES } from '../../states/states.ts';

/** First column of the table "What the visitor sees". */
const TABLE = [
  'waiting > 1 s for slots',
  'waiting for our turn (limit)',
  'own throttle',
  'slot taken',
  'no times this month',
  'no times at all in the horizon',
  'routed hosts have no times',
  'disqualified',
  'unconfirmed booking',
  'still unclear',
  'iClosed away, before booking',
  'booked, other time than asked',
  'e-mail or phone refused by iClosed',
  'person blocked',
  'contact or event vanished (404) mid-flow',
  'event inactive, unknown, wrong setting',
  'origin not allowed',
  'offline',
  'part of the widget does not load',
  'ticket expired',
  'already booked in this browser',
  'manage link old / call already moved / not movable',
  'robot check needed or failed',
  'required consent missing',
  'no script / Worker gone ≥ 4 s',
];

test('the rows of the table ⇒ the rows of /states', () => assert.deepEqual(Object.keys(ROWS), TABLE));

test('a row ⇒ its states, a state ⇒ its rows', () => {
  assert.deepEqual(rowsOf('full-own'), ['routed hosts have no times', 'person blocked']);
  assert.deepEqual(rowsOf('contact'), []);
});

test('no two states have the same title', () => {
  assert.equal(new Set(STATE_NAMES.map((name) => setupOf(name).title)).size, STATE_NAMES.length);
});
