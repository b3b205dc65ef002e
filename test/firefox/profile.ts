/** A profile of Firefox that knows one address, as its own settings would have saved it (`about:preferences#privacy`, Saved addresses). */
import { mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { person } from '../e2e/visitor.ts';

/** Whom the profile knows; Firefox keeps telephone numbers without blanks. */
export const KNOWN = { ...person(), phone: '+12025550143' };

/** @returns The folder; whoever asks for it takes it away again. */
export function profile(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'firefox-'));
  const address = {
    guid: 'abcdef012345',
    version: 1,
    name: `${KNOWN.firstName} ${KNOWN.lastName}`,
    'given-name': KNOWN.firstName,
    'family-name': KNOWN.lastName,
    email: KNOWN.email,
    tel: KNOWN.phone,
    country: 'US',
    'street-address': '1 Main Street',
    'address-level2': 'Springfield',
    'postal-code': '12345',
  };
  const saved = { version: 1, addresses: [address], creditCards: [] };
  writeFileSync(path.join(folder, 'autofill-profiles.json'), JSON.stringify(saved));
  return folder;
}
