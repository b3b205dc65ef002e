/** What a ticket, a proof and an address's budgets lead to, as a table; and what a proof is worth (P10, P21). */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { BUDGET_SECONDS, CROWD_WORK_BITS, THROTTLE_SECONDS, WORK_BITS } from '../../shared/limits.ts';
import { type Admission, admit, type Budgets, type Entrant, workOf } from '../../worker/step-up.ts';

type Budget = keyof Budgets;

const urgent: Admission = { ok: true, isUrgent: true };
const givesWay: Admission = { ok: true, isUrgent: false };
const wants = (bits: number): Admission => ({ ok: false, code: 'proof_required', stepUp: { kind: 'work', bits } });
const waits = (retryAfterSeconds: number): Admission => ({ ok: false, code: 'throttled', retryAfterSeconds });

const good: Entrant = { isProven: true, isContact: true, bits: 0 };
const unproven = (bits: number): Entrant => ({ isProven: false, isContact: true, bits });

const table: [what: string, entrant: Entrant, usedUp: Budget[], outcome: Admission, counted: Budget[]][] = [
  ['a good ticket', good, [], urgent, ['ofTicket', 'urgent']],
  ['a good ticket, the address has no urgent lead left', good, ['urgent'], givesWay, ['ofTicket', 'urgent']],
  ['a good ticket that repeats its contact', good, ['ofTicket'], givesWay, ['ofTicket']],
  ['a good ticket, everything used up', good, ['ofTicket', 'urgent', 'ofAddress'], givesWay, ['ofTicket']],
  [
    'a running visitor, everything used up',
    { ...good, isContact: false },
    ['ofTicket', 'urgent', 'ofAddress'],
    urgent,
    [],
  ],
  ['no proof', unproven(0), [], wants(WORK_BITS), []],
  ['a bit too little', unproven(WORK_BITS - 1), [], wants(WORK_BITS), []],
  ['too little, everything used up', unproven(WORK_BITS - 1), ['ofTicket', 'urgent'], wants(WORK_BITS), []],
  ['enough', unproven(WORK_BITS), [], urgent, ['ofTicket', 'urgent']],
  ['enough, in a crowd', unproven(WORK_BITS), ['urgent'], wants(CROWD_WORK_BITS), ['ofTicket', 'urgent']],
  [
    'a bit too little, in a crowd',
    unproven(CROWD_WORK_BITS - 1),
    ['urgent'],
    wants(CROWD_WORK_BITS),
    ['ofTicket', 'urgent'],
  ],
  ['enough for a crowd', unproven(CROWD_WORK_BITS), ['urgent'], givesWay, ['ofTicket', 'urgent', 'ofAddress']],
  ['enough for a crowd, and no crowd', unproven(CROWD_WORK_BITS), [], urgent, ['ofTicket', 'urgent']],
  ['one proof again and again', unproven(CROWD_WORK_BITS), ['ofTicket'], waits(BUDGET_SECONDS), ['ofTicket']],
  [
    'more proofs than an address may write',
    unproven(256),
    ['urgent', 'ofAddress'],
    waits(THROTTLE_SECONDS),
    ['ofTicket', 'urgent', 'ofAddress'],
  ],
];
for (const [what, entrant, usedUp, outcome, counted] of table) {
  test(`${what} ⇒ ${outcome.ok ? (outcome.isUrgent ? 'urgent' : 'gives way') : outcome.code}`, async () => {
    const asked: Budget[] = [];
    const budget = (name: Budget) => () => {
      asked.push(name);
      return Promise.resolve(!usedUp.includes(name));
    };
    const budgets = { ofTicket: budget('ofTicket'), urgent: budget('urgent'), ofAddress: budget('ofAddress') };
    assert.deepEqual(await admit(entrant, budgets), outcome);
    assert.deepEqual(asked, counted, 'budgets that were counted');
  });
}

test('2,000 nonces ⇒ as many zero bits as their hash begins with', async () => {
  const ticket = 'A'.repeat(100);
  const seen = new Set<number>();
  for (let nonce = 0; nonce < 2_000; nonce += 1) {
    const hash = createHash('sha256').update(`${ticket}.${nonce}`).digest();
    const zeros = BigInt(`0x1${hash.toString('hex')}`)
      .toString(2)
      .slice(1)
      .indexOf('1');
    assert.equal(await workOf(ticket, String(nonce)), zeros);
    seen.add(zeros);
  }
  assert.ok(seen.has(0) && seen.has(8) && Math.max(...seen) > 8, 'also over a byte’s edge');
});
