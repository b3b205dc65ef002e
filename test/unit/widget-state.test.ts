/**
 * The conversation as a value: which request each moment asks for, with which number, and what is shown. A row is a story: what
 * happens, one after the other ⇒ the request and the view at its end.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CONFIRMING_AT_MOST_MS } from '../../shared/limits.ts';
import { PROBLEMS, type ProblemCode } from '../../shared/problems.ts';
import type { LeadState, PublicEvent, SlotPage, Stage, Step } from '../../shared/protocol.ts';
import type { Ask } from '../../widget/ask.ts';
import { happenings } from '../../widget/happenings.ts';
import { type Action, type Failure, initialState, next, type State } from '../../widget/state.ts';

const NOW = Date.parse('2027-03-09T08:00Z');
const EVENT = {
  id: 'acme/call',
  mode: 'book',
  flow: 'form-first',
  openSlots: true,
  contact: [{ type: 'email', required: true }],
  questions: [{ id: 'q', type: 'text', label: 'Q', required: true }],
} as unknown as PublicEvent;
const SLOTS = ['2027-03-11T04:00Z', '2027-03-11T04:30Z', '2027-03-12T09:00Z'];

function page(month: string, slots: string[], more: Partial<SlotPage> = {}): SlotPage {
  return { v: 1, month, from: '', to: '', slots, asOf: '', until: '2027-05-08T08:00Z', ...more };
}

const event = (more: Partial<PublicEvent> = {}, flow?: PublicEvent['flow'], slots?: SlotPage): Action => ({
  type: 'event',
  answer: { v: 1, event: { ...EVENT, ...more }, ticket: 't', now: '2027-03-09T08:00Z', ...(slots ? { slots } : {}) },
  prefill: {},
  ...(flow ? { flow } : {}),
});
const type = (email: string, answer = 'yes'): Action => ({ type: 'typed', values: { email: [email], q: [answer] } });
const submit: Action = { type: 'submit', faults: {} };
const lead = (step: Step, stage: Stage, more: Partial<LeadState> = {}): Action => ({
  type: 'lead',
  step,
  state: { v: 1, attempt: 'a', stage, ...more },
});
const times = (slots = SLOTS) => lead('answers', 'times', { slots: page('2027-03', slots) });
const problem = (code: Failure, more: object = {}): Action => ({
  type: 'problem',
  ask: { id: 'x', step: 'book' } as Ask,
  code,
  problem: { code, ...more } as never,
});
const pick = (startsAt = SLOTS[1] as string): Action => ({ type: 'pick', startsAt });
const confirm: Action = { type: 'confirm' };

const PEEK: Action = { type: 'peek', month: '2027-04' };
const TURN: Action = { type: 'month', month: '2027-04' };
const TO_TIMES = [event(), type('a@b.co'), submit, lead('contact', 'answers'), times()];
const TO_BOOK = [...TO_TIMES, pick(), confirm];
const PICKED_FIRST = [event({}, 'times-first', page('2027-03', SLOTS)), pick(), confirm];
const TWO_STEPS_FIRST = [event({ steps: [['q']] }, 'times-first', page('2027-03', SLOTS)), pick(), confirm];
const BOOKED_FIRST = [...PICKED_FIRST, type('a@b.co'), submit, lead('contact', 'answers'), times()];
const REFUSED = [...BOOKED_FIRST, problem('invalid_fields', { fields: { q: 'invalid' } })];
const BACK: Action = { type: 'back' };
const UNREAD: Action = { type: 'problem', ask: { id: 'x', step: 'read' } as Ask, code: 'unreachable' };
/** The Worker has nothing of the booking. */
const LOST = [problem('unreachable'), lead('read', 'times')];
const NEVER = [...TO_BOOK, ...LOST, ...LOST, ...LOST, ...LOST, ...LOST];

function after(actions: Action[], saved?: { ticket?: string; seq: State['seq'] }, at = NOW): State {
  const start = initialState({ attempt: 'a', timeZone: 'Asia/Kolkata', at }, saved);
  return actions.reduce((state, action) => next(state, action, at), start);
}

describe('the request that a state asks for', () => {
  const stories: [string, Action[], string | undefined, string][] = [
    ['nothing yet', [], 'event', 'loading'],
    ['the event', [event()], undefined, 'form'],
    ['typing', [event(), type('a@b.co')], undefined, 'form'],
    ['submitted', [event(), type('a@b.co'), submit], 'contact.1', 'form'],
    ['submitted twice', [event(), type('a@b.co'), submit, submit], 'contact.1', 'form'],
    ['submitted with faults', [event(), { type: 'submit', faults: { email: 'required' } }], undefined, 'form'],
    ['contact safe', [event(), type('a@b.co'), submit, lead('contact', 'answers')], 'answers.1', 'form'],
    ['answers accepted', TO_TIMES, undefined, 'times'],
    ['answers accepted without times', [...TO_TIMES.slice(0, 4), lead('answers', 'times')], 'slots.1', 'times'],
    ['back and submitted unchanged', [...TO_TIMES, { type: 'back' }, submit], undefined, 'times'],
    [
      'back and submitted with another address',
      [...TO_TIMES, { type: 'back' }, type('c@d.co'), submit],
      'contact.2',
      'form',
    ],
    [
      'back and submitted with another answer',
      [...TO_TIMES, { type: 'back' }, type('a@b.co', 'no'), submit],
      'answers.2',
      'form',
    ],
    ['changed while the answers are on their way', [...TO_TIMES.slice(0, 4), type('a@b.co', 'no')], undefined, 'form'],
    [
      'changed while the answers are on their way, and submitted',
      [...TO_TIMES.slice(0, 4), type('a@b.co', 'no'), submit],
      'answers.2',
      'form',
    ],
    [
      'typed the same while the answers are on their way',
      [...TO_TIMES.slice(0, 4), type('a@b.co')],
      'answers.1',
      'form',
    ],
    [
      'changed while the answers are being taken',
      [
        ...TO_TIMES.slice(0, 4),
        lead('answers', 'answers', { pending: { step: 'answers', retryAfterSeconds: 2 } }),
        type('a@b.co', 'no'),
      ],
      undefined,
      'form',
    ],
    [
      'another address while the contact is on its way ahead',
      [event(), type('a@b.co'), { type: 'early' }, type('c@b.co')],
      undefined,
      'form',
    ],
    [
      'an answer while the contact is on its way ahead',
      [event(), type('a@b.co'), { type: 'early' }, type('a@b.co', 'no')],
      'contact.1',
      'form',
    ],
    [
      'back while the contact is on its way with times first',
      [...PICKED_FIRST, type('a@b.co'), submit, { type: 'back' }],
      undefined,
      'times',
    ],
    ['changed while a booking is on its way, with times first', [...BOOKED_FIRST, type('c@b.co')], 'book.1', 'form'],
    ['back while a booking is on its way, with times first', [...BOOKED_FIRST, BACK], 'book.1', 'form'],
    ['changed, and booked without a submit', [...TO_TIMES, pick(), type('c@d.co'), confirm], undefined, 'form'],
    [
      'another answer, and booked without a submit',
      [...TO_TIMES, pick(), type('a@b.co', 'no'), confirm],
      undefined,
      'form',
    ],
    [
      'another time while the contact is on its way, with times first',
      [...TWO_STEPS_FIRST, type('a@b.co'), submit, BACK, BACK, pick(SLOTS[0]), confirm],
      'contact.1',
      'form',
    ],
    [
      'a conflict of the answers that nobody can look into, with times first',
      [
        ...BOOKED_FIRST,
        problem('slot_taken'),
        pick(SLOTS[0]),
        BACK,
        type('a@b.co', 'no'),
        submit,
        problem('attempt_conflict'),
        UNREAD,
      ],
      undefined,
      'form',
    ],
    ['something is missing in the form', [...TO_TIMES, BACK, type(''), submit], undefined, 'form'],
    [
      'changed, and back again while the change is on its way',
      [...TO_TIMES, BACK, type('a@b.co', 'no'), submit, type('a@b.co'), submit],
      'answers.3',
      'form',
    ],
    [
      'another address, and back again while it is on its way',
      [...TO_TIMES, BACK, type('c@d.co'), submit, type('a@b.co'), submit],
      'contact.3',
      'form',
    ],
    [
      'changed after a booking that was refused, with times first',
      [...REFUSED, type('a@b.co', 'no'), submit, type('a@b.co', 'maybe')],
      undefined,
      'form',
    ],
    ['confirmed without a pick', [...TO_TIMES, confirm], undefined, 'times'],
    ['confirmed', TO_BOOK, 'book.1', 'times'],
    ['confirmed twice', [...TO_BOOK, confirm], 'book.1', 'times'],
    ['another pick while booking', [...TO_BOOK, pick(SLOTS[0])], 'book.1', 'times'],
    ['booked', [...TO_BOOK, lead('book', 'booked', { booking: { startsAt: '', timeZone: '' } })], undefined, 'booked'],
    ['a booking of which no answer came', [...TO_BOOK, problem('unavailable')], 'read.1', 'booking'],
    ['a booking that never came there', [...TO_BOOK, problem('unreachable'), lead('read', 'times')], 'book.1', 'times'],
    ['a booking that never comes there', NEVER, undefined, 'times'],
    ['a booking that never comes there, another try', [...NEVER, { type: 'retry' }], 'book.1', 'times'],
    ['pending', [...TO_BOOK, lead('book', 'booking')], 'read.1', 'booking'],
    ['still pending', [...TO_BOOK, lead('book', 'booking'), lead('read', 'booking')], 'read.2', 'booking'],
    ['taken, another one', [...TO_BOOK, problem('slot_taken'), pick(SLOTS[0]), confirm], 'book.2', 'times'],
    ['taken, fresh times asked for nothing', [...TO_BOOK, problem('slot_taken')], undefined, 'times'],
    ['ticket expired', [...TO_BOOK, problem('ticket_expired')], 'event', 'times'],
    ['ticket renewed', [...TO_BOOK, problem('ticket_expired'), event()], 'book.1', 'times'],
    ['attempt unknown', [...TO_BOOK, problem('attempt_unknown')], 'contact.2', 'times'],
    ['a later month', [...TO_TIMES, { type: 'month', month: '2027-04' }], 'slots.1', 'times'],
    ['a later month pointed at', [...TO_TIMES, PEEK], 'slots.1', 'times'],
    ['pointed at, then turned to: the same request', [...TO_TIMES, PEEK, TURN], 'slots.1', 'times'],
    [
      'pointed at and there',
      [...TO_TIMES, PEEK, lead('slots', 'times', { slots: page('2027-04', []) })],
      undefined,
      'times',
    ],
    ['pointed at in vain', [...TO_TIMES, PEEK, problem('busy')], undefined, 'times'],
    ['pointed at in vain, then turned to', [...TO_TIMES, PEEK, problem('busy'), TURN], 'slots.1', 'times'],
    ['pointed at, and booked meanwhile', [...TO_TIMES, PEEK, pick(), confirm], 'book.1', 'times'],
    ['times first', [event({}, 'times-first')], 'open.2027-03', 'times'],
    ['times first, with them at hand', [event({}, 'times-first', page('2027-03', SLOTS))], undefined, 'times'],
    ['form first, with times at hand', [event({}, undefined, page('2027-03', SLOTS))], undefined, 'form'],
    ['times first without open times', [event({ openSlots: false }, 'times-first')], undefined, 'form'],
    ['a link only', [event({ mode: 'link' })], undefined, 'stopped'],
    ['late', [{ type: 'tick' }], 'event', 'stopped'],
    ['late, then there', [{ type: 'tick' }, event()], undefined, 'form'],
    [
      'disqualified, corrected',
      [...TO_TIMES.slice(0, 4), lead('answers', 'disqualified'), { type: 'correct' }, type('a@b.co', 'no'), submit],
      'answers.2',
      'form',
    ],
  ];
  for (const [story, actions, ask, view] of stories) {
    test(`${story} ⇒ ${ask ?? 'no request'}, ${view}`, () => {
      const state = after(actions);
      assert.equal(state.ask?.id, ask);
      assert.equal(state.view, view);
    });
  }
});

describe('after a reload', () => {
  const SAVED = { ticket: 't1', seq: { contact: 2, answers: 1 } };
  const answers = { q: ['yes'] };
  const contact = { email: 'a•••@b.co' };
  const stories: [string, Action[], string | undefined, string][] = [
    ['the event', [event()], 'read.1', 'loading'],
    ['at the answers', [event(), lead('read', 'answers', { contact })], undefined, 'form'],
    ['answers sent', [event(), lead('read', 'answers', { contact }), type('', 'yes'), submit], 'answers.2', 'form'],
    [
      'at the times',
      [event(), lead('read', 'times', { contact, answers, slots: page('2027-03', SLOTS) })],
      undefined,
      'times',
    ],
    ['forgotten', [event(), problem('attempt_unknown')], undefined, 'form'],
    [
      'booked meanwhile',
      [event(), lead('read', 'booked', { booking: { startsAt: '', timeZone: '' } })],
      undefined,
      'booked',
    ],
    [
      'details changed',
      [event(), lead('read', 'answers', { contact }), { type: 'change' }, type('n@b.co'), submit],
      'contact.3',
      'form',
    ],
  ];
  for (const [story, actions, ask, view] of stories) {
    test(`${story} ⇒ ${ask ?? 'no request'}, ${view}`, () => {
      const state = after(actions, SAVED);
      assert.equal(state.ask?.id, ask);
      assert.equal(state.view, view);
    });
  }
});

describe('every problem, at every request, leads somewhere', () => {
  const codes: Failure[] = [...(Object.keys(PROBLEMS) as ProblemCode[]), 'timeout', 'unreachable'];
  const moments: [string, Action[]][] = [
    ['event', []],
    ['contact', [event(), type('a@b.co'), submit]],
    ['answers', TO_TIMES.slice(0, 4)],
    ['book', TO_BOOK],
    ['read', [...TO_BOOK, lead('book', 'booking')]],
  ];
  for (const [step, actions] of moments) {
    test(`${step}: ${codes.length} codes ⇒ another request, something to do, or the way out`, () => {
      for (const code of codes) {
        const before = after(actions);
        const state = next(before, { type: 'problem', ask: before.ask as Ask, code }, NOW);
        const canGoOn = state.ask !== undefined || state.notice !== undefined || state.view === 'stopped';
        assert.ok(
          canGoOn || state.view === 'unclear' || Object.keys(state.faults).length > 0,
          `${step} ${code}: ${state.view}`,
        );
      }
    });
  }

  test('a quarrel without end ⇒ told after four rounds', () => {
    let state = after(TO_BOOK);
    for (let round = 0; round < 5; round++) {
      state = next(state, problem('attempt_conflict'), NOW);
      if (state.ask?.step === 'read') state = next(state, lead('read', 'times'), NOW);
    }
    assert.deepEqual(state.notice, { kind: 'failed', code: 'attempt_conflict', goal: 'book' });
    assert.equal(state.ask, undefined);
  });
});

describe('a month that is only pointed at', () => {
  const peeking = after([...TO_TIMES, PEEK]);
  const wait: Action = { type: 'wait', wait: { code: 'busy', until: NOW + 9_000 } };

  test('what goes wrong with it, or takes long, is not told', () => {
    assert.equal(next(peeking, wait, NOW).wait, undefined);
    assert.equal(next(peeking, problem('unavailable'), NOW).notice, undefined);
  });

  test('but that the network is gone, since the request goes on when it is turned to', () => {
    const offline: Action = { type: 'wait', wait: { code: 'offline' } };
    const told = next(peeking, offline, NOW);
    assert.deepEqual(told.wait, { code: 'offline' });
    assert.equal(next(told, { type: 'wait' }, NOW).wait, undefined);
  });

  test('once it is turned to, or something is booked, it is', () => {
    for (const actions of [[TURN], [pick(), confirm]]) {
      const state = actions.reduce((each, action) => next(each, action, NOW), peeking);
      assert.notEqual(next(state, wait, NOW).wait, undefined);
      assert.notEqual(next(state, problem('busy'), NOW).notice, undefined);
    }
  });
});

describe('a contact sent ahead of its step', () => {
  const ahead = after([event(), type('a@b.co'), { type: 'early' }]);
  const failed = (code: Failure): Action => ({ type: 'problem', ask: ahead.ask as Ask, code });
  const form = { view: 'form', step: 0, notice: undefined, faults: {}, wait: undefined, ask: undefined };
  const refusals: Failure[] = [...(Object.keys(PROBLEMS) as ProblemCode[]), 'timeout', 'unreachable'];

  test('is asked for while the form stays as it is', () => {
    assert.equal(ahead.ask?.id, 'contact.1');
    assert.deepEqual([ahead.view, ahead.step, ahead.goal], ['form', 0, 'contact']);
    assert.equal(next(ahead, lead('contact', 'answers'), NOW).ask, undefined);
  });

  test(`${refusals.length} codes ⇒ the same form without a word; the submit asks again, and is told`, () => {
    for (const code of refusals) {
      const refused = next(ahead, failed(code), NOW);
      const { view, step, notice, faults, wait, ask } = refused;
      assert.deepEqual({ view, step, notice, faults, wait, ask }, form, code);
      const again = next(refused, submit, NOW);
      assert.equal(again.ask?.id, 'contact.1', code);
      assert.notDeepEqual(next(again, failed(code), NOW), again, code);
    }
  });

  test('sent with its step meanwhile ⇒ as if it had not been sent ahead', () => {
    const submitted = next(ahead, submit, NOW);
    assert.equal(submitted.ask, ahead.ask);
    assert.deepEqual(next(submitted, failed('unavailable'), NOW).notice, {
      kind: 'failed',
      code: 'unavailable',
      goal: 'answers',
    });
  });
});

describe('time', () => {
  test('confirming ⇒ unclear after the limit, one millisecond before it not', () => {
    const state = after([...TO_BOOK, lead('book', 'booking')]);
    assert.equal(next(state, { type: 'tick' }, NOW + CONFIRMING_AT_MOST_MS - 1).view, 'booking');
    assert.equal(next(state, { type: 'tick' }, NOW + CONFIRMING_AT_MOST_MS).view, 'unclear');
  });

  test('a phone whose clock is a day ahead ⇒ sees today’s times all the same', () => {
    const state = after(TO_TIMES, undefined, NOW + 86_400_000 * 3);
    assert.equal(state.day, '2027-03-11');
  });

  test('another zone ⇒ the picked instant stays, on its own day', () => {
    const state = next(after([...TO_TIMES, pick()]), { type: 'zone', timeZone: 'America/New_York' }, NOW);
    assert.deepEqual([state.pick, state.day], [SLOTS[1], '2027-03-10']);
  });

  test('another zone while a later month is on its way ⇒ that month stays', () => {
    const state = next(after([...TO_TIMES, TURN]), { type: 'zone', timeZone: 'America/New_York' }, NOW);
    assert.equal(state.month, '2027-04');
  });
});

test('a whole booking ⇒ each event once, in order', () => {
  const names: string[] = [];
  const all = [
    ...TO_BOOK,
    lead('book', 'booking'),
    lead('read', 'booked', { booking: { startsAt: SLOTS[1] as string, timeZone: 'UTC' } }),
  ];
  let state = after([]);
  for (const action of all) {
    const before = state;
    state = next(state, action, NOW);
    names.push(...happenings(before, state, action).map(({ name }) => name));
  }
  assert.deepEqual(names, [
    'ready',
    'contact',
    'answered',
    'qualified',
    'slots-shown',
    'slot-picked',
    'submitted',
    'pending',
    'booked',
  ]);
});
