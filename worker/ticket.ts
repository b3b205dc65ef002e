/**
 * Tickets: what lets one visitor of one page write to one Lead. 75 bytes, 100 base64url characters without a spare bit, so
 * that one ticket has one spelling: version 1, key id 1, purpose 1, issued 4, expires 4, event tag 8, origin tag 8,
 * Lead id 32, HMAC-SHA-256 truncated to 16. No personal data and no id of iClosed. Knows no request and no object.
 */

import { SetupError } from './problem.ts';

/** `visit_unproven`: good only beside a proof of work (`step-up.ts`); the answer brings a `visit` for the same Lead. */
export type TicketPurpose = 'visit' | 'manage' | 'visit_unproven';

export interface TicketContent {
  purpose: TicketPurpose;
  /** Seconds since 1970. */
  issuedAt: number;
  expiresAt: number;
  /** `account/event-name`. */
  event: string;
  origin: string;
  /** The Lead's object id, 64 hexadecimal digits. */
  leadId: string;
}

/** Why a ticket is refused: `expired` only where everything else about it is right. */
export type TicketFault = 'invalid' | 'expired';

interface SigningKey {
  id: number;
  secret: Uint8Array;
}

const VERSION = 1;
const BYTES = 75;
const SIGNED_BYTES = 59;
/** By the byte in the ticket: added to, never changed. */
const PURPOSES: readonly TicketPurpose[] = ['visit', 'manage', 'visit_unproven'];
const text = new TextEncoder();

/**
 * Reads `SIGNING_KEYS`, an `id:base64` list separated by commas; ids 0–255, at least 32 bytes each.
 * @throws SetupError with a sentence for the owner.
 */
export function parseSigningKeys(setting: string | undefined): SigningKey[] {
  const sentence =
    'SIGNING_KEYS must be a list such as "1:<base64 of 32 random bytes>"; `npm start` writes one to .dev.vars';
  if (!setting) throw new SetupError(`${sentence}. It is missing.`);
  return setting.split(',').map((entry) => {
    const match = /^(\d{1,3}):([A-Za-z0-9+/_-]+=*)$/.exec(entry.trim());
    const id = Number(match?.[1]);
    if (!match?.[2] || id > 255 || match[2].replace(/=+$/, '').length % 4 === 1) throw new SetupError(`${sentence}.`);
    const secret = secretOf(match[2]);
    if (!secret) throw new SetupError(`${sentence}.`);
    if (secret.length < 32) throw new SetupError(`${sentence}. Key ${id} is shorter than 32 bytes.`);
    return { id, secret };
  });
}

function secretOf(base64: string): Uint8Array | undefined {
  try {
    return fromBase64Url(base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, ''));
  } catch {
    return undefined; // Not base64 at all.
  }
}

/** Signs and verifies; one is prepared per isolate, its subkeys are derived once. */
export class TicketOffice {
  readonly #keys: readonly SigningKey[];
  readonly #subkeys = new Map<string, Promise<CryptoKey>>();

  constructor(setting: string | undefined) {
    this.#keys = parseSigningKeys(setting);
  }

  async issue(content: TicketContent): Promise<string> {
    const key = this.#keys[0];
    if (!key) throw new SetupError('no signing key');
    const bytes = new Uint8Array(BYTES);
    const view = new DataView(bytes.buffer);
    bytes[0] = VERSION;
    bytes[1] = key.id;
    bytes[2] = PURPOSES.indexOf(content.purpose);
    view.setUint32(3, content.issuedAt);
    view.setUint32(7, content.expiresAt);
    bytes.set(await tag(content.event), 11);
    bytes.set(await tag(content.origin), 19);
    bytes.set(fromHex(content.leadId), 27);
    bytes.set(await this.#mac(key, content.purpose, bytes.subarray(0, SIGNED_BYTES)), SIGNED_BYTES);
    return toBase64Url(bytes);
  }

  /** Checks the signature, then purpose, event, origin, and last the expiry. */
  async verify(
    ticket: string,
    expected: { purposes: readonly TicketPurpose[]; event: string; origin: string; nowSeconds: number },
  ): Promise<TicketContent | TicketFault> {
    if (!/^[A-Za-z0-9_-]{100}$/.test(ticket)) return 'invalid';
    const bytes = fromBase64Url(ticket);
    const key = this.#keys.find((each) => each.id === bytes[1]);
    const purpose = PURPOSES[bytes[2] ?? 255];
    if (bytes[0] !== VERSION || !key || !purpose) return 'invalid';
    const mac = await this.#mac(key, purpose, bytes.subarray(0, SIGNED_BYTES));
    if (!equal(mac, bytes.subarray(SIGNED_BYTES))) return 'invalid';
    if (!expected.purposes.includes(purpose)) return 'invalid';
    if (!equal(await tag(expected.event), bytes.subarray(11, 19))) return 'invalid';
    if (!equal(await tag(expected.origin), bytes.subarray(19, 27))) return 'invalid';
    const view = new DataView(bytes.buffer);
    const issuedAt = view.getUint32(3);
    const expiresAt = view.getUint32(7);
    if (expected.nowSeconds >= expiresAt) return 'expired';
    const { event, origin } = expected;
    return { purpose, issuedAt, expiresAt, event, origin, leadId: toHex(bytes.subarray(27, SIGNED_BYTES)) };
  }

  /** HKDF gives each purpose its own key, so that a ticket can never pass for one of another purpose. */
  async #mac(key: SigningKey, purpose: TicketPurpose, bytes: Uint8Array): Promise<Uint8Array> {
    const name = `${key.id}:${purpose}`;
    let subkey = this.#subkeys.get(name);
    if (!subkey) {
      subkey = crypto.subtle
        .importKey('raw', key.secret as BufferSource, 'HKDF', false, ['deriveKey'])
        .then((base) =>
          crypto.subtle.deriveKey(
            { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: text.encode(`ticket:v1:${purpose}`) },
            base,
            { name: 'HMAC', hash: 'SHA-256', length: 256 },
            false,
            ['sign'],
          ),
        );
      this.#subkeys.set(name, subkey);
    }
    const mac = await crypto.subtle.sign('HMAC', await subkey, bytes as BufferSource);
    return new Uint8Array(mac, 0, BYTES - SIGNED_BYTES);
  }
}

const tags = new Map<string, Uint8Array>();

/** First eight bytes of SHA-256; few values per isolate, so they are remembered. */
async function tag(value: string): Promise<Uint8Array> {
  let known = tags.get(value);
  if (!known) {
    known = new Uint8Array(await crypto.subtle.digest('SHA-256', text.encode(value)), 0, 8);
    if (tags.size > 500) tags.clear();
    tags.set(value, known);
  }
  return known;
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i += 1) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return difference === 0;
}

function toBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}

function fromBase64Url(value: string): Uint8Array {
  return Uint8Array.from(atob(value.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function fromHex(value: string): Uint8Array {
  return Uint8Array.from(value.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
