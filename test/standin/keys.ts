/**
 * The `Authorization` header: what iClosed answers for a missing, misspelt, unknown, revoked or expired key
 * (`iclosed-api.md` sections 1 and 3).
 */
import { Refusal } from './refusal.ts';
import type { Settings } from './settings.ts';

export type KeyState = 'valid' | 'missing' | 'unknown' | 'revoked' | 'expired';

export interface KeyReading {
  state: KeyState;
  /** Its place in `settings.keys`; -1 when it is not among them. */
  index: number;
}

/** Reads the header; `iclosed-` with a hyphen counts as no key, as a live probe showed. */
export function readKey(authorization: string | undefined, settings: Settings): KeyReading {
  const key = /^Bearer (iclosed_\S+)$/.exec(authorization ?? '')?.[1];
  if (key === undefined) return { state: 'missing', index: -1 };
  const index = settings.keys.indexOf(key);
  if (settings.revokedKeys.includes(key)) return { state: 'revoked', index };
  if (settings.expiredKeys.includes(key)) return { state: 'expired', index };
  return { state: index < 0 ? 'unknown' : 'valid', index };
}

/** The 401 of a key that is not valid; undefined for a valid one. */
export function keyRefusal(state: KeyState): Refusal | undefined {
  switch (state) {
    case 'valid':
      return undefined;
    case 'missing':
      return new Refusal(401, 'API key is required', { code: 'MISSING_API_KEY' });
    case 'unknown':
    case 'revoked':
      return new Refusal(401, 'Invalid API key', { code: 'INVALID_API_KEY' });
    case 'expired':
      return new Refusal(401, 'API key expired', { code: 'API_KEY_EXPIRED' });
  }
}
