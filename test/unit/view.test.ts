/** What the browser may see of a record: a closed list of keys; ids, hosts and rules of iClosed never (P14). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CORRECTION_WITHIN_MS } from '../../shared/limits.ts';
import type { BookingState, LeadRecord } from '../../worker/lead/record.ts';
import { newDelivery } from '../../worker/lead/record.ts';
import { stageOf, viewOf } from '../../worker/lead/view.ts';
import { ANSWERS_AWAY } from './step-outcomes.ts';
import {
  answersRow,
  AT,
  bookingRow,
  contactRow,
  disqualifiedRow,
  HOUR,
  leadRecord,
  NOW,
  qualified,
} from './lead-records.ts';

const ALLOWED = new Set(
  [
    'v attempt stage pending outcome contact answers disqualified booking',
    'pending.step pending.retryAfterSeconds',
    'contact.name contact.email',
    'answers.size answers.size.0',
    'disqualified.message disqualified.redirect disqualified.delaySeconds disqualified.offerEvent disqualified.mayCorrect',
    'booking.bookingId booking.startsAt booking.endsAt booking.askedStartsAt booking.timeZone booking.host booking.redirect booking.mayMove booking.mayCancel booking.joinLink',
  ].flatMap((line) => line.split(' ')),
);
function pathsOf(value: unknown, before = ''): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => [before + key, ...pathsOf(each, `${before + key}.`)]);
}

/** Everything that must stay inside, long and unlikely. */
const SECRETS = {
  contactId: 7_318_845_906,
  callId: 8_846_113_527,
  leadId: 'canary-lead-id',
  hosts: '5550001111,5550002222',
  status: 'CANARY_STATUS',
  note: 'canary note',
  ip: '198.51.100.77',
  referrer: 'https://canary-referrer.example/',
  address: 'canary.address@example.com',
  name: 'Canaryname Lee',
  identifier: 'canary_identifier',
};
const call = {
  callId: SECRETS.callId,
  bookingId: 'call_1',
  startsAt: AT + HOUR,
  endsAt: AT + 2 * HOUR,
  host: 'Sam',
  redirect: 'www.google.com',
};
const full = (more: Partial<LeadRecord>): LeadRecord =>
  leadRecord({
    leadId: SECRETS.leadId,
    page: { tracking: { utm_source: 'canary-source' }, ip: SECRETS.ip, referrer: SECRETS.referrer, country: 'DE' },
    contact: contactRow({
      id: SECRETS.contactId,
      status: SECRETS.status,
      given: { name: SECRETS.name, email: SECRETS.address },
    }),
    answers: answersRow({
      secondary: [{ identifier: SECRETS.identifier, answer: ['1'] }],
      outcome: { isDisqualified: false, hosts: SECRETS.hosts, at: NOW },
    }),
    status: { wanted: 'QUALIFIED', isDone: false, delivery: newDelivery(NOW) },
    notes: [{ text: SECRETS.note, isDone: false, delivery: newDelivery(NOW) }],
    ...more,
  });
const states: BookingState[] = ['WANTED', 'SENT', 'AMBIGUOUS', 'CONFIRMED', 'REJECTED', 'REFUSED', 'HANDED_OVER'];
const disqualification = {
  message: 'm',
  redirect: 'https://a.example/',
  delaySeconds: 5,
  offerEvent: 'a/b',
  mayCorrect: false,
};
const records: [string, LeadRecord][] = [
  ['contact only', full({ answers: undefined })],
  ['answers on their way', full({ answers: answersRow({ seq: 2 }) })],
  ['times', full({})],
  ['undecided', full({ answers: answersRow({ isUndecided: true }) })],
  [
    'disqualified',
    full({
      answers: disqualifiedRow({ outcome: { isDisqualified: true, hosts: SECRETS.hosts, at: NOW, disqualification } }),
    }),
  ],
  ...states.map((state): [string, LeadRecord] => [
    state,
    full({
      booking: bookingRow({
        state,
        problem: { code: 'slot_taken', nearest: ['x'] },
        ...(state === 'CONFIRMED' ? { call } : {}),
      }),
    }),
  ]),
];
for (const [name, record] of records) {
  test(`${name} ⇒ only allowed keys, no canary`, () => {
    const state = viewOf(record, { showHost: false }, NOW);
    assert.deepEqual(
      pathsOf(state).filter((path) => !ALLOWED.has(path)),
      [],
    );
    // The page's own attribution goes on to the page after the booking.
    const text = JSON.stringify(state).replace('&utm_source=canary-source', '');
    for (const secret of Object.values(SECRETS)) {
      for (const form of [String(secret), Buffer.from(String(secret)).toString('base64').replace(/=+$/, '')]) {
        assert.ok(!text.includes(form), `${form} is in ${text}`);
      }
    }
    assert.ok(!text.includes('Sam') && !/canary(?!ad)/i.test(text.replace('"C•••"', '')), text);
  });
}

test('control: the record itself fails the same check', () => {
  const text = JSON.stringify(full({}));
  assert.ok(Object.values(SECRETS).filter((secret) => text.includes(String(secret))).length >= 8);
  assert.ok(pathsOf(full({})).some((path) => !ALLOWED.has(path)));
});

test('what is allowed does arrive', () => {
  const state = viewOf(full({ booking: bookingRow({ state: 'CONFIRMED', call }) }), { showHost: true }, NOW);
  assert.deepEqual(state, {
    v: 1,
    attempt: leadRecord().attempt,
    stage: 'booked',
    contact: { name: 'C•••', email: 'c•••@example.com' },
    answers: { size: ['1'] },
    booking: {
      bookingId: 'call_1',
      startsAt: '2026-11-25T20:00Z',
      endsAt: '2026-11-25T21:00Z',
      askedStartsAt: '2026-11-25T19:00Z',
      timeZone: 'Europe/Berlin',
      host: 'Sam',
      redirect:
        'https://www.google.com/?previewId=call_1&event_start_time=2026-11-25T20%3A00Z&utm_source=canary-source',
      mayMove: true,
      mayCancel: true,
    },
  });
});

const redirects: [string | undefined, string | undefined, string | undefined][] = [
  [undefined, undefined, undefined],
  [undefined, 'www.google.com', 'https://www.google.com/?event_start_time=2026-11-25T19%3A00Z'],
  [undefined, 'javascript:alert(1)', undefined],
  [undefined, 'http://example.com', undefined],
  [
    'https://owner.example/thanks',
    'www.google.com',
    'https://owner.example/thanks?event_start_time=2026-11-25T19%3A00Z',
  ],
  ['owner.example/thanks', 'www.google.com', 'https://owner.example/thanks?event_start_time=2026-11-25T19%3A00Z'],
];
for (const [configured, returned, expected] of redirects) {
  test(`redirect ${configured} over ${returned} ⇒ ${expected}`, () => {
    const booking = bookingRow({
      state: 'CONFIRMED',
      call: { callId: 1, startsAt: AT, ...(returned ? { redirect: returned } : {}) },
    });
    const settings = { showHost: true, ...(configured ? { redirect: configured } : {}) };
    assert.equal(viewOf(qualified({ booking }), settings, NOW).booking?.redirect, expected);
  });
}

const booked = (state: BookingState, more = {}) => qualified({ booking: bookingRow({ state, ...more }) });
const faults = (lastFault: 'busy' | 'fault' | 'away', tries: number) => ({
  firstAt: NOW,
  tries,
  dueAt: NOW,
  lastFault,
});
const stages: [string, LeadRecord, string, string?][] = [
  ['contact given', leadRecord({ contact: contactRow({ deliveredSeq: 0 }) }), 'answers'],
  ['contact refused', leadRecord({ contact: contactRow({ deliveredSeq: 0, refused: {} }) }), 'answers'],
  ['answers on their way', leadRecord({ answers: answersRow({ seq: 2 }) }), 'answers', 'answers'],
  [
    'answers behind a contact that was refused',
    leadRecord({ contact: contactRow({ deliveredSeq: 0, refused: {} }), answers: answersRow({ seq: 2 }) }),
    'answers',
  ],
  [
    'answers busy for long',
    leadRecord({ answers: answersRow({ seq: 2, delivery: faults('busy', 9) }) }),
    'answers',
    'answers',
  ],
  [
    'answers failed twice',
    leadRecord({ answers: answersRow({ seq: 2, delivery: faults('fault', 2) }) }),
    'answers',
    'answers',
  ],
  [
    'answers failed three times',
    leadRecord({ answers: answersRow({ seq: 2, delivery: faults('fault', 3) }) }),
    'safe',
    'answers',
  ],
  ['iClosed away', ANSWERS_AWAY, 'safe', 'answers'],
  [
    'contact failed three times',
    leadRecord({
      contact: contactRow({ deliveredSeq: 0, delivery: faults('fault', 3) }),
      answers: answersRow({ settledSeq: 0 }),
    }),
    'safe',
    'answers',
  ],
  ['undecided', leadRecord({ answers: answersRow({ seq: 2, isUndecided: true }) }), 'safe'],
  ['accepted', qualified(), 'times'],
  ['disqualified', leadRecord({ answers: disqualifiedRow() }), 'disqualified'],
  ['wanted', booked('WANTED'), 'booking', 'book'],
  ['sent', booked('SENT'), 'booking', 'book'],
  ['unclear', booked('AMBIGUOUS'), 'booking', 'book'],
  ['confirmed', booked('CONFIRMED'), 'booked'],
  ['rejected', booked('REJECTED'), 'times'],
  ['refused', booked('REFUSED'), 'safe'],
  ['handed over', booked('HANDED_OVER'), 'safe'],
  ['parked by our own pacing', booked('WANTED', { isParked: true, delivery: faults('busy', 0) }), 'times'],
  ['parked because iClosed is away', booked('WANTED', { isParked: true, delivery: faults('away', 0) }), 'safe', 'book'],
  ['parked by a fault', booked('WANTED', { isParked: true, delivery: faults('fault', 1) }), 'safe', 'book'],
  [
    'parked by a fault, the call starts soon',
    booked('WANTED', { isParked: true, startsAt: NOW + HOUR, delivery: faults('fault', 1) }),
    'safe',
  ],
];
for (const [name, record, stage, pending] of stages) {
  test(`${name} ⇒ ${stage}${pending ? `, ${pending} pending` : ''}`, () => {
    assert.equal(stageOf(record), stage);
    const view = viewOf(record, { showHost: true }, NOW);
    assert.equal(view.pending?.step, pending);
    const safe = pending === 'book' ? 'will_book' : 'will_contact';
    assert.equal(view.outcome, stage === 'safe' ? safe : undefined);
    assert.equal(
      view.booking !== undefined,
      record.booking !== undefined && ['booking', 'booked', 'safe'].includes(stage),
    );
  });
}

const corrections: [number, number, boolean][] = [
  [0, NOW, true],
  [0, NOW + CORRECTION_WITHIN_MS, true],
  [0, NOW + CORRECTION_WITHIN_MS + 1, false],
  [1, NOW, false],
];
for (const [done, now, mayCorrect] of corrections) {
  test(`${done} corrections, ${(now - NOW) / 1_000} s later ⇒ ${mayCorrect ? 'one may be made' : 'none'}`, () => {
    const record = leadRecord({ answers: disqualifiedRow({ corrections: done }) });
    assert.equal(viewOf(record, { showHost: true }, now).disqualified?.mayCorrect, mayCorrect);
  });
}
