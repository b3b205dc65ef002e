/**
 * Looks for secrets in whatever the product says: as they are, in another case, as hex, base64, and percent-encoded. Base64 is
 * searched in its three alignments, so that a secret in the middle of something encoded is found as well.
 */

export interface Leak {
  secret: string;
  form: string;
  place: string;
}

/** Every spelling of a secret that is searched for. */
export function spellings(secret: string): [form: string, spelling: string][] {
  const bytes = Buffer.from(secret, 'utf8');
  const found: [string, string][] = [
    ['plain', secret.toLowerCase()],
    ['reversed', Array.from(secret).reverse().join('').toLowerCase()],
    ['hex', bytes.toString('hex')],
    ['percent', encodeURIComponent(secret).toLowerCase()],
  ];
  for (const shift of [0, 1, 2]) {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    // The first and last letters also hold bits of what stands beside it.
    const inner = encoded.slice(
      Math.ceil((shift * 8) / 6),
      encoded.length - (((shift + bytes.length) * 8) % 6 ? 1 : 0),
    );
    if (inner.length < 8) continue;
    found.push([`base64+${shift}`, inner.toLowerCase()]);
    found.push([`base64url+${shift}`, inner.replaceAll('+', '-').replaceAll('/', '_').toLowerCase()]);
  }
  if (/^\d+$/.test(secret)) found.push(['hex of the number', BigInt(secret).toString(16)]);
  return found;
}

/** Every secret in any spelling in any of the texts. */
export function scan(texts: readonly { place: string; text: string }[], secrets: readonly string[]): Leak[] {
  const wanted = [...new Set(secrets)].map((secret) => ({ secret, forms: spellings(secret) }));
  return texts.flatMap(({ place, text }) => {
    const lower = text.toLowerCase();
    return wanted.flatMap(({ secret, forms }) =>
      forms.filter(([, spelling]) => lower.includes(spelling)).map(([form]) => ({ secret, form, place })),
    );
  });
}
