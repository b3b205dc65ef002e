/**
 * The proof of work that a crowded address is asked for (`stepUp` of the contract): a nonce for which SHA-256 of
 * `ticket.nonce` begins with so many zero bits. A part. The hash is written out here because each call of `crypto.subtle` costs a
 * hundred times the hash: a robot's own loop in the same browser would be that much quicker than the visitor. Knows no DOM;
 * works in short spans and hands the thread back after each, so that typing stays smooth.
 */
import { HASHES_A_SECOND_AT_MOST } from '../../shared/limits.ts';
import type { World } from '../client.ts';
import type { Wait } from '../state.ts';

/** The clock, and a way to hand the thread back until it is this work's turn again. */
export type Turns = Pick<World, 'now' | 'rest'>;

/** Tries between two looks at the clock. */
const TRIES_PER_LOOK = 256;
/** At most this long without handing the thread back: half a frame. */
const SPAN_MS = 8;
const NONCE_CHARACTERS = 10;
const ZERO = '0'.charCodeAt(0);
const BLOCK_BYTES = 64;

/** What is being proved or was, by ticket and price. */
const proofs = new Map<string, Promise<string | undefined>>();
/** What takes longer is said to the visitor who waits for it. */
const SECONDS_UNSAID = 2;

/**
 * Once per ticket and price, however often it is asked for.
 * @param onWait hears how long it may take, if somebody waits for it.
 * @returns the nonce, to be sent as `proof`; undefined when nobody wants it any more.
 */
export function prove(
  ticket: string,
  bits: number,
  turns: Turns,
  isWanted: () => boolean,
  onWait?: (wait: Wait) => void,
): Promise<string | undefined> {
  const key = `${ticket} ${bits}`;
  let proof = proofs.get(key);
  if (!proof) {
    proof = solve(ticket, bits, turns, isWanted);
    proofs.set(key, proof);
    void proof.then((nonce) => nonce ?? proofs.delete(key));
  }
  const seconds = 2 ** bits / HASHES_A_SECOND_AT_MOST;
  if (seconds > SECONDS_UNSAID) onWait?.({ code: 'busy', until: turns.now() + seconds * 1_000 });
  return proof;
}

/**
 * @param ticket as it will be sent.
 * @param bits how many zero bits are asked for, 1 to 32; what solves a higher demand solves a lower one too.
 * @param isWanted stops it when it is not.
 * @returns the nonce, to be sent as `proof`.
 */
export async function solve(
  ticket: string,
  bits: number,
  { now, rest }: Turns,
  isWanted: () => boolean,
): Promise<string | undefined> {
  const text = new TextEncoder().encode(`${ticket}.${'0'.repeat(NONCE_CHARACTERS)}`);
  const nonceAt = text.length - NONCE_CHARACTERS;
  const bytes = padded(text);
  const blocks = new DataView(bytes.buffer);
  // What stands before the nonce is the same each time, so it is hashed once.
  const start = Int32Array.from(INITIAL);
  const tail = nonceAt - (nonceAt % BLOCK_BYTES);
  for (let at = 0; at < tail; at += BLOCK_BYTES) compress(start, blocks, at);
  const nonce = bytes.subarray(nonceAt, nonceAt + NONCE_CHARACTERS);
  const hash = new Int32Array(8);
  while (isWanted()) {
    const until = now() + SPAN_MS;
    do {
      for (let tries = 0; tries < TRIES_PER_LOOK; tries += 1) {
        hash.set(start);
        for (let at = tail; at < bytes.length; at += BLOCK_BYTES) compress(hash, blocks, at);
        if ((hash[0] as number) >>> (32 - bits) === 0) return String.fromCharCode(...nonce);
        countOn(nonce);
      }
    } while (now() < until);
    await rest();
  }
  return undefined;
}

/** The next decimal number, in place. */
function countOn(nonce: Uint8Array): void {
  for (let at = nonce.length - 1; at >= 0; at -= 1) {
    const digit = (nonce[at] as number) - ZERO;
    nonce[at] = ZERO + ((digit + 1) % 10);
    if (digit < 9) return;
  }
}

// --- SHA-256 (FIPS 180-4) ---

/** Fractional parts of square and cube roots of the first primes. */
const INITIAL = new Int32Array(8);
const ROUNDS = new Int32Array(64);
for (let number = 2, found = 0; found < 64; number += 1) {
  let divisor = 2;
  while (number % divisor !== 0) divisor += 1;
  if (divisor < number) continue;
  if (found < 8) INITIAL[found] = (number ** 0.5 % 1) * 2 ** 32;
  ROUNDS[found] = (Math.cbrt(number) % 1) * 2 ** 32;
  found += 1;
}
const schedule = new Int32Array(64);

/** The text, a one, zeros, and its length in bits. */
function padded(text: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(Math.ceil((text.length + 9) / BLOCK_BYTES) * BLOCK_BYTES);
  bytes.set(text);
  bytes[text.length] = 0x80;
  new DataView(bytes.buffer).setUint32(bytes.length - 4, text.length * 8);
  return bytes;
}

/** One block into the hash. */
function compress(hash: Int32Array, blocks: DataView, at: number): void {
  for (let i = 0; i < 16; i += 1) schedule[i] = blocks.getInt32(at + i * 4);
  for (let i = 16; i < 64; i += 1) {
    const x = schedule[i - 15]!;
    const y = schedule[i - 2]!;
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    schedule[i] = (schedule[i - 16]! + s0 + schedule[i - 7]! + s1) | 0;
  }
  // Read one by one: taking a typed array apart is several times slower.
  let a = hash[0]!;
  let b = hash[1]!;
  let c = hash[2]!;
  let d = hash[3]!;
  let e = hash[4]!;
  let f = hash[5]!;
  let g = hash[6]!;
  let h = hash[7]!;
  for (let i = 0; i < 64; i += 1) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + ROUNDS[i]! + schedule[i]!) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  hash[0]! += a;
  hash[1]! += b;
  hash[2]! += c;
  hash[3]! += d;
  hash[4]! += e;
  hash[5]! += f;
  hash[6]! += g;
  hash[7]! += h;
}
