/**
 * What clocks show, as Debian's tzdata says it: `zdump -i` read into offsets by instant. Knows nothing of `Intl`, which it judges.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A zone's offsets: the first holds before all others, each next one from an instant on. Milliseconds since 1970, minutes east of Greenwich. */
export interface ZoneRule {
  zone: string;
  offsets: { fromMs: number; minutes: number }[];
}

export const FIRST_YEAR = 2026;
export const LAST_YEAR = 2028;
const MINUTE_MS = 60_000;
export const ZONEINFO = '/usr/share/zoneinfo';

/** `2026c` */
export function releaseOf(folder: string): string {
  return /^# version (\w+)/.exec(readFileSync(`${folder}/tzdata.zi`, 'utf8'))?.[1] ?? 'unknown';
}

/**
 * @param folder With another release's compiled zones, in place of the machine's.
 * @throws When the machine has no `zdump`, or a zone is not in the folder.
 */
export function readRules(zones: readonly string[], folder = ZONEINFO): ZoneRule[] {
  const paths = zones.map((zone) => `${folder}/${zone}`);
  const range = `${FIRST_YEAR - 1},${LAST_YEAR + 2}`;
  const text = execFileSync('zdump', ['-i', '-c', range, ...paths], { encoding: 'utf8', maxBuffer: 1e8 });
  const blocks = text.split(/^TZ=/m).slice(1);
  if (blocks.length !== zones.length) throw new Error(`zdump knows ${blocks.length} of ${zones.length} zones`);
  return blocks.map((block, index) => ({ zone: zones[index] as string, offsets: offsetsIn(block) }));
}

/** `-	-	-05	EST`, then a line a change: the new clock's date and time, its offset, name, 1 for summer. */
function offsetsIn(block: string): ZoneRule['offsets'] {
  const lines = block.split('\n').slice(1).filter(Boolean);
  return lines.map((line) => {
    const [day = '', time = '', offset = ''] = line.split('\t');
    const minutes = minutesOf(offset);
    if (day === '-') return { fromMs: 0, minutes };
    const [hour = '00', minute = '00', second = '00'] = time.split(':');
    return { fromMs: Date.parse(`${day}T${hour}:${minute}:${second}Z`) - minutes * MINUTE_MS, minutes };
  });
}

/** `-05`, `+0530` */
function minutesOf(offset: string): number {
  const [, sign, hours, minutes = '0'] = /^([+-])(\d\d)(\d\d)?$/.exec(offset) ?? [];
  if (!sign) throw new Error(`not an offset: ${offset}`);
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

export function offsetAt({ offsets }: ZoneRule, atMs: number): number {
  return offsets.findLast(({ fromMs }) => fromMs <= atMs)?.minutes ?? Number.NaN;
}

/** The changes within the years that are promised. */
export function changesOf({ offsets }: ZoneRule): number[] {
  const isPromised = (at: number) => at >= Date.UTC(FIRST_YEAR, 0) && at < Date.UTC(LAST_YEAR + 1, 0);
  return offsets.map(({ fromMs }) => fromMs).filter(isPromised);
}

/** `2026-03-08T03:30`: what a clock there shows. */
export function wallClock(rule: ZoneRule, atMs: number): string {
  return new Date(atMs + offsetAt(rule, atMs) * MINUTE_MS).toISOString().slice(0, 16);
}
