/**
 * Reading iClosed's answers with the tolerance that its documents call for: payloads sit at `data.x.data`, `data.x`, `data` or
 * the root, ids come as numbers or digits, lists as arrays or comma-separated text. Nothing here throws.
 */
export type Json = Record<string, unknown>;

export function asRecord(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

export function asRecords(value: unknown): Json[] {
  return Array.isArray(value) ? value.flatMap((each): Json[] => (asRecord(each) ? [each as Json] : [])) : [];
}

export function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** A whole number, also when written as digits. */
export function asId(value: unknown): number | undefined {
  if (typeof value === 'string' && /^\d{1,15}$/.test(value)) return Number(value);
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
}

/** An instant in milliseconds since 1970, from an ISO text with a zone. */
export function asInstant(value: unknown): number | undefined {
  const text = asText(value);
  if (!text || !/(Z|[+-]\d\d:?\d\d)$/.test(text)) return undefined;
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? undefined : instant;
}

/** The innermost record for which `fits` holds, looked for at `data.<name>.data`, `data.<name>`, `data`, root. */
export function payload(body: unknown, name: string, fits: (found: Json) => boolean): Json | undefined {
  const root = asRecord(body);
  const data = asRecord(root?.data);
  const named = asRecord(data?.[name]) ?? asRecord(root?.[name]);
  return [asRecord(named?.data), named, asRecord(data?.data), data, root].find((each) => each && fits(each));
}
