/**
 * One JSON line per thing worth knowing. Never personal data, tickets, keys or iClosed's own text about a person: callers
 * pass codes and numbers, this file lets nothing else through.
 */
type LogValue = string | number | boolean | undefined;

/** Words that may stand in a value: codes, paths, event ids, attempts. */
export function log(what: string, facts: Record<string, LogValue> = {}): void {
  console.log(JSON.stringify({ what, ...facts }));
}
