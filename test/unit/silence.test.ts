/** Each limit of an iClosed that says nothing, with the clock moved over it and one call more than it allows. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  SILENCE_ASKED_EVERY_MS,
  SILENCE_LOST_AFTER_MS,
  SILENCE_OVERDUE_AFTER_MS,
  SILENCE_UNASKED_AT_MOST,
  SILENCE_UNHEARD_AT_MOST,
  SILENCE_WELL_FOR_MS,
} from '../../shared/limits.ts';
import { Silence } from '../../worker/gate/silence.ts';

const NOW = 1_800_000_000_000;

/** A lane that was heard of last long ago, or at NOW, and then granted so many permits. */
function laneWith({
  permits,
  isHeard = false,
  isAsked = false,
}: {
  permits: number;
  isHeard?: boolean;
  isAsked?: boolean;
}) {
  const silence = new Silence();
  if (isHeard) silence.succeeded(NOW);
  for (let i = 0; i < permits; i += 1) silence.granted(NOW, isAsked && i === 0);
  return silence;
}

const unasked = { permits: SILENCE_UNASKED_AT_MOST };
const words: [name: string, silence: () => Silence, afterMs: number, wantsWord: boolean][] = [
  ['one call fewer than may go unasked', () => laneWith({ permits: SILENCE_UNASKED_AT_MOST - 1 }), 0, false],
  ['as many calls as may go unasked', () => laneWith(unasked), 0, true],
  ['still well', () => laneWith({ ...unasked, isHeard: true }), SILENCE_WELL_FOR_MS - 1, false],
  ['no longer well', () => laneWith({ ...unasked, isHeard: true }), SILENCE_WELL_FOR_MS, true],
  ['asked a moment ago', () => laneWith({ ...unasked, isAsked: true }), SILENCE_ASKED_EVERY_MS - 1, false],
  ['asked long enough ago', () => laneWith({ ...unasked, isAsked: true }), SILENCE_ASKED_EVERY_MS, true],
  ['calls that may still answer', () => laneWith(unasked), SILENCE_LOST_AFTER_MS - 1, true],
  ['calls that cannot answer any more', () => laneWith(unasked), SILENCE_LOST_AFTER_MS, false],
];
for (const [name, silence, afterMs, wantsWord] of words) {
  test(`${name}, ${afterMs} ms later ⇒ ${wantsWord ? 'a' : 'no'} word is asked for`, () => {
    assert.equal(silence().wantsWord(NOW + afterMs), wantsWord);
  });
}

const unheard = { permits: SILENCE_UNHEARD_AT_MOST, isAsked: true };
const holds: [name: string, silence: () => Silence, afterMs: number, isHeld: boolean][] = [
  ['a word may yet come', () => laneWith(unheard), SILENCE_OVERDUE_AFTER_MS, false],
  ['a word is overdue', () => laneWith(unheard), SILENCE_OVERDUE_AFTER_MS + 1, true],
  [
    'one call fewer',
    () => laneWith({ ...unheard, permits: SILENCE_UNHEARD_AT_MOST - 1 }),
    SILENCE_OVERDUE_AFTER_MS + 1,
    false,
  ],
  ['nobody asked for a word', () => laneWith({ ...unheard, isAsked: false }), SILENCE_OVERDUE_AFTER_MS + 1, false],
  ['a word is about to be lost', () => laneWith(unheard), SILENCE_LOST_AFTER_MS - 1, true],
  ['a word is lost', () => laneWith(unheard), SILENCE_LOST_AFTER_MS, false],
];
for (const [name, silence, afterMs, isHeld] of holds) {
  test(`${name}, ${afterMs} ms later ⇒ permits ${isHeld ? 'held until it is lost' : 'go on'}`, () => {
    assert.equal(silence().holdsUntil(NOW + afterMs), isHeld ? NOW + SILENCE_LOST_AFTER_MS : undefined);
  });
}
