/** What a visitor is told of a booking is what is told later, too, until something has happened. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type GateWord, LeadRun } from '../models/lead-run.ts';
import type { Mishap } from '../models/little-iclosed.ts';

const CONTACT = { name: 'Ann Lee', email: 'ann@example.com' };

async function booking(word?: GateWord, mishap?: Mishap): Promise<[string, string]> {
  const run = new LeadRun();
  const step = async (request: object) => {
    const reply = run.step('one', request);
    await run.pass(20_000);
    const told = await reply;
    return told?.ok ? told.state.stage : String(told?.code);
  };
  await step({ step: 'contact', seq: 1, contact: CONTACT });
  await step({ step: 'answers', seq: 1, answers: { size: ['2+'] }, month: '2026-10' });
  if (word) run.gate.push({ word, endpoint: 'POST /v1/eventCalls' });
  if (mishap) run.iclosed.script.push({ endpoint: 'POST /v1/eventCalls', mishap });
  // So soon that it is not booked later without the visitor.
  const told = await step({ step: 'book', seq: 1, startsAt: '2026-10-05T10:00Z', timeZone: 'UTC' });
  return [told, await step({ step: 'read', seq: 1 })];
}

test('iClosed is away ⇒ the details are safe, and stay so', async () => {
  assert.deepEqual(await booking('away'), ['safe', 'safe']);
});

test('the answer is lost ⇒ it is being confirmed, and stays so', async () => {
  assert.deepEqual(await booking(undefined, 'late'), ['booking', 'booking']);
});
