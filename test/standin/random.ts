/**
 * Seeded randomness for the stand-in: the same seed gives the same account, the same busy hours and the same faults.
 * Pure; used by every part of the model that draws something.
 */

/** Draws a number in [0, 1). */
export type Random = () => number;

/** A small, quick generator (mulberry32); good enough for fixtures, not for secrets. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Mixes whole numbers into one of 32 bits: a draw that needs no order, such as "is this host busy at this hour". */
export function mix(...numbers: readonly number[]): number {
  let hash = 0x811c9dc5;
  for (const number of numbers) {
    hash = Math.imul(hash ^ (number | 0), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    hash ^= hash >>> 13;
  }
  return hash >>> 0;
}

/** One of the list, each equally likely. */
export function pick<T>(random: Random, list: readonly T[]): T {
  const choice = list[Math.floor(random() * list.length)];
  if (choice === undefined) throw new RangeError('pick needs a list that is not empty');
  return choice;
}

/** Letters and digits, as iClosed's opaque ids have them. */
export function opaqueText(random: Random, length: number): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  let text = '';
  for (let index = 0; index < length; index++) text += letters[Math.floor(random() * letters.length)];
  return text;
}
