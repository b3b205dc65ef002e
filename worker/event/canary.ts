/**
 * The zone canary: iClosed's documents do not say outright in which zone its times are. One window is asked for in two far
 * zones whose offsets differ by a quarter of an hour; both answers must name the same instants. Pure.
 */
import type { DatesAnswer } from '../iclosed/dates.ts';

/** Both without daylight saving: a schedule read in the wrong zone cannot fall on itself. */
export const CANARY_ZONES = [
  { timeZone: 'Asia/Kathmandu', offset: '+05:45' },
  { timeZone: 'Pacific/Honolulu', offset: '-10:00' },
] as const;

export type CanaryVerdict = 'agrees' | 'differs' | 'unknown';

/** The local day in `timeZone` that holds the instant, as the anchor of a question. */
export function canaryDay(instant: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    instant,
  );
}

/** From here on both answers speak of the same time: the later of the two anchors' local midnights. */
export function canaryFrom(instant: number): number {
  const midnights = CANARY_ZONES.map(({ timeZone, offset }) =>
    Date.parse(`${canaryDay(instant, timeZone)}T00:00:00${offset}`),
  );
  return Math.max(...midnights);
}

/**
 * Compares what both answers say about the time that both speak of; one instant may have been taken between the two.
 */
export function compareZones(a: DatesAnswer, b: DatesAnswer, from: number): CanaryVerdict {
  const to = Math.min(a.instants.at(-1) ?? 0, b.instants.at(-1) ?? 0);
  const inA = new Set(a.instants.filter((each) => each >= from && each <= to));
  const inB = new Set(b.instants.filter((each) => each >= from && each <= to));
  const common = [...inA].filter((each) => inB.has(each)).length;
  const differing = inA.size + inB.size - 2 * common;
  if (differing > 1) return 'differs';
  return common > 0 ? 'agrees' : 'unknown';
}

/** Both answers without the instants that came or went between the first question and its repetition. */
export function unchanged(a: DatesAnswer, b: DatesAnswer, again: DatesAnswer): [DatesAnswer, DatesAnswer] {
  const before = new Set(a.instants);
  const after = new Set(again.instants);
  const steady = (each: number) => before.has(each) === after.has(each);
  return [
    { ...a, instants: a.instants.filter(steady) },
    { ...b, instants: b.instants.filter(steady) },
  ];
}
