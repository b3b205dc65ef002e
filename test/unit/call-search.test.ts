/** Searches for calls: what is asked, and what an answer proves where filter and order may be ignored. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CallSearch,
  readCallSearch,
  readNewest,
  type SearchAnswer,
  searchCall,
  searchNewest,
  type WantedCall,
} from '../../worker/iclosed/call-search.ts';

const AT = Date.UTC(2026, 11, 1, 9);
const NOW = AT - 86_400_000;
const WANTED: WantedCall = { contactId: 7, event: 'acme/x', startsAt: AT, knownCallId: 500 };

/** The answer to one search whose pages come in this order. */
function searched(pages: readonly unknown[], wanted = WANTED): SearchAnswer | undefined {
  const search = new CallSearch(wanted);
  let answer: SearchAnswer | undefined;
  for (const [index, page] of pages.entries()) {
    assert.equal(search.next().query?.page, String(index));
    answer = search.take(page, NOW);
    if (answer) assert.equal(index, pages.length - 1, `page ${index} has decided already: ${answer.kind}`);
  }
  return answer;
}

test('a search ⇒ this contact, newest first, as many rows as there may be, no bound on dates', () => {
  const { endpoint, query } = new CallSearch(WANTED).next();
  assert.equal(endpoint, 'GET /v1/eventCalls');
  const expected = { contactId: '7', eventType: 'ALL', orderColumn: 'id', orderBy: 'desc', limit: '100', page: '0' };
  assert.deepEqual(query, expected);
});

const row = { id: 900, contactId: 7, linkPrefix: 'acme/x', dateTimeUTC: '2026-12-01T09:00:00.000Z' };
const later = { ...row, dateTimeUTC: '2026-12-02T09:00:00.000Z' };
const past = { ...row, dateTimeUTC: '2026-11-02T09:00:00.000Z' };
const stranger = { ...later, contactId: 8 };
/** Rows with these ids, from the first down to the last. */
const down = (from: number, to: number, each: object) =>
  Array.from({ length: from - to + 1 }, (_, index) => ({ ...each, id: from - index }));
const list = (...eventCalls: object[]) => ({ data: { eventCalls } });

const searches: [string, unknown[], SearchAnswer['kind'] | undefined][] = [
  // the filter works
  ['the call', [{ data: { eventCalls: [row], count: 1 } }], 'found'],
  [
    'the call under callId, event nested',
    [list({ callId: 900, contactId: '7', event: { linkPrefix: 'acme/x' }, dateTimeUTC: '2026-12-01T09:00:00Z' })],
    'found',
  ],
  ['the call without an event', [list({ ...row, linkPrefix: undefined })], 'found'],
  ['the call among strangers', [list({ ...row, contactId: 8 }, row)], 'found'],
  ['the call in a full page', [list(...down(999, 901, later), row)], 'found'],
  ['nothing', [{ data: { eventCalls: [], count: 0 } }], 'absent'],
  ['nothing, at the root', [{ eventCalls: [] }], 'absent'],
  ['another time of this contact', [list(later)], 'absent'],
  ['another event of this contact', [list({ ...row, linkPrefix: 'acme/y' })], 'absent'],
  ['the call, cancelled', [list({ ...row, cancelledBy: 'x' })], 'absent'],
  ['99 other calls of this contact', [list(...down(99, 1, later))], 'absent'],
  ['100 other calls of this contact', [list(...down(100, 1, later))], undefined],
  ['100 of them, then nothing', [list(...down(100, 1, later)), list()], 'absent'],
  ['100 of them, then the call', [list(...down(1_000, 901, later)), list(row)], 'found'],
  ['fewer rows than it counts', [{ data: { eventCalls: down(20, 1, later), count: 25 } }], undefined],
  ['three full pages', [300, 200, 100].map((from) => list(...down(from, from - 99, later))), 'unproven'],
  // the filter is ignored
  ['strangers, newest first, back to the known call', [list(...down(520, 490, stranger))], 'absent'],
  ['strangers and the call among them', [list(...down(520, 511, stranger), { ...row, id: 510 })], 'found'],
  ['strangers, newest first, not back to it', [list(...down(620, 521, stranger))], undefined],
  [
    'strangers, back to it on the second page, some twice',
    [list(...down(620, 521, stranger)), list(...down(522, 480, stranger))],
    'absent',
  ],
  ['strangers to the end, the known call missing', [list(...down(520, 510, stranger))], 'unproven'],
  ['strangers, oldest first', [list(...down(520, 490, stranger).reverse())], 'unproven'],
  ['a stranger’s call at this time', [list({ ...row, contactId: 8 })], 'unproven'],
  ['a call of nobody', [list({ ...later, contactId: undefined })], 'unproven'],
  // it cannot be read
  ['a call of this contact without a readable time', [list({ ...row, dateTimeUTC: null })], 'unproven'],
  ['a call of this contact without an id', [list({ ...row, id: undefined })], 'unproven'],
  ['no list', [{ data: { count: 0 } }], 'unproven'],
  ['null', [null], 'unproven'],
  ['text', ['<html>'], 'unproven'],
];
for (const [name, pages, expected] of searches) {
  test(`a search that gives ${name} ⇒ ${expected ?? 'the next page'}`, () => {
    assert.equal(searched(pages)?.kind, expected);
  });
}

test('filter ignored and no call known before ⇒ only an account that had none proves anything', () => {
  const strangers = [list(...down(520, 510, stranger))];
  assert.equal(searched(strangers, { ...WANTED, knownCallId: undefined })?.kind, 'unproven');
  assert.equal(searched(strangers, { ...WANTED, knownCallId: 0 })?.kind, 'absent');
});

const others: [string, object[], boolean][] = [
  ['no other call', [], false],
  ['a coming one at the event', [later], true],
  ['a coming one at no named event', [{ ...later, linkPrefix: undefined }], true],
  ['a past one', [past], false],
  ['a cancelled one', [{ ...later, cancelledBy: 'x' }], false],
  ['one at another event', [{ ...later, linkPrefix: 'acme/y' }], false],
  ['a stranger’s, filter ignored', [...down(505, 500, stranger)], false],
  ['a coming one among strangers', [{ ...later, id: 506 }, ...down(505, 500, stranger)], true],
];
for (const [name, rows, expected] of others) {
  test(`the contact has ${name} ⇒ ${expected ? 'no late call beside it' : 'alone'}`, () => {
    assert.deepEqual(searched([list(...rows)]), { kind: 'absent', hasOther: expected });
  });
}

test('a found call ⇒ its number, and its end from duration and unit', () => {
  const found = (facts: object) => {
    const answer = searched([list({ ...row, ...facts })]);
    return answer?.kind === 'found' ? answer.call : undefined;
  };
  const call = { callId: 900, startsAt: AT };
  assert.deepEqual(found({ duration: 45, durationUnit: 'MINUTES' }), { ...call, endsAt: AT + 45 * 60_000 });
  assert.deepEqual(found({ duration: '2', durationUnit: 'HOURS' }), { ...call, endsAt: AT + 2 * 3_600_000 });
  assert.deepEqual(found({}), call);
});

test('the newest call ⇒ its number; 0 where there is none; nothing where it cannot be read', () => {
  assert.equal(searchNewest().query?.limit, '1');
  assert.equal(readNewest(list(row)), 900);
  assert.equal(readNewest(list()), 0);
  assert.equal(readNewest({ data: {} }), undefined);
  assert.equal(readNewest(list({ ...row, id: 'x' })), undefined);
});

test('one call by its number ⇒ its instant, absent where the filter worked, further where the next page may have it', () => {
  assert.equal(searchCall(900, false, 0).query?.types, undefined);
  assert.equal(searchCall(900, true, 0).query?.types, 'cancelled_events');
  assert.deepEqual(readCallSearch(list(row), 900, 0), { startsAt: AT, isCancelled: false, isFixed: false });
  assert.equal(readCallSearch(list(), 900, 0), 'absent');
  assert.equal(readCallSearch(list(stranger), 901, 0), 'unproven');
  assert.equal(readCallSearch('<html>', 900, 0), 'unreadable');
  const hundred = Array.from({ length: 100 }, (_, index) => ({ ...row, id: 1_100 - index }));
  assert.equal(readCallSearch(list(...hundred), 1_200, 0), 'unproven');
  assert.equal(readCallSearch(list(...hundred), 900, 0), 'further');
  assert.equal(readCallSearch(list(...hundred), 900, 2), 'unproven');
  assert.equal(readCallSearch(list(...hundred.slice(1)), 900, 0), 'unproven');
  assert.equal(readCallSearch(list(), 900, 1), 'unproven');
});
