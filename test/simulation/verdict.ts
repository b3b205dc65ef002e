/**
 * What one promise came to: figures with what is wanted and what was measured, the opposite beside every "none of", and a
 * control that must fail. `run.ts` prints them, the short version in the suite asserts them.
 */
export interface Figure {
  wanted: string;
  measured: string;
  isMet: boolean;
}

export interface Row {
  promise: string;
  /** Under which conditions, with the seeds. */
  what: string;
  figure: Figure;
  opposite?: Figure;
  /** The same harness without the protection; `isMet` says that it fails as it should. */
  control?: Figure;
  /** Counts that explain the figures. */
  notes?: string[];
}

/** `full` is what the promise says, `short` a sample for the suite. */
export type Size = 'full' | 'short';

export function isKept({ figure, opposite, control }: Row): boolean {
  return figure.isMet && (opposite?.isMet ?? true) && (control?.isMet ?? true);
}

export function percent(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((100 * part) / whole).toFixed(2)} %`;
}

/** `{ booked: 3, left: 1 }` of a list of causes, the commonest first. */
export function tally(causes: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const cause of causes) counts.set(cause, (counts.get(cause) ?? 0) + 1);
  return [...counts]
    .sort((one, other) => other[1] - one[1])
    .map(([cause, count]) => `${cause} ${count}`)
    .join(', ');
}

export function seedList(first: number, count: number): string {
  return count === 1 ? `seed ${first}` : `seeds ${first}–${first + count - 1}`;
}
