/**
 * Zone arithmetic for the stand-in: offsets by `Intl`, remembered per UTC day so that a simulation of 100,000 calls asks
 * `Intl` a few hundred times only. Days are whole numbers (days since 1970-01-01), instants are milliseconds.
 * Shares nothing with the Worker, which uses Luxon: two readings of the tz database that can disagree in a test.
 */

export const minuteMs = 60_000;
export const dayMs = 86_400_000;
const quarterMs = 15 * minuteMs;

interface ZoneMemory {
  format: Intl.DateTimeFormat;
  /** Offset of a whole UTC day, or undefined where it changes within the day. */
  ofDay: Map<number, number | undefined>;
  /** Offset of a quarter of an hour, for days with a transition. */
  ofQuarter: Map<number, number>;
}

const memories = new Map<string, ZoneMemory | undefined>();

/** Whether `Intl` knows the zone. */
export function isTimeZone(timeZone: string): boolean {
  return memoryOf(timeZone) !== undefined;
}

/**
 * Milliseconds to add to UTC to get the zone's wall clock at that instant.
 * @throws RangeError for a zone that `Intl` does not know.
 */
export function offsetMs(timeZone: string, instant: number): number {
  if (timeZone === 'UTC') return 0;
  const memory = memoryOf(timeZone);
  if (!memory) throw new RangeError(`unknown time zone ${timeZone}`);
  const day = Math.floor(instant / dayMs);
  if (!memory.ofDay.has(day)) {
    const first = readOffset(memory.format, day * dayMs);
    const last = readOffset(memory.format, (day + 1) * dayMs - quarterMs);
    memory.ofDay.set(day, first === last ? first : undefined);
  }
  const whole = memory.ofDay.get(day);
  if (whole !== undefined) return whole;
  const quarter = Math.floor(instant / quarterMs);
  let offset = memory.ofQuarter.get(quarter);
  if (offset === undefined) {
    offset = readOffset(memory.format, quarter * quarterMs);
    memory.ofQuarter.set(quarter, offset);
  }
  return offset;
}

/** The zone's calendar day at that instant. */
export function localDay(timeZone: string, instant: number): number {
  return Math.floor((instant + offsetMs(timeZone, instant)) / dayMs);
}

/** Minutes since the zone's midnight at that instant. */
export function localMinute(timeZone: string, instant: number): number {
  const wall = instant + offsetMs(timeZone, instant);
  return Math.floor((wall - Math.floor(wall / dayMs) * dayMs) / minuteMs);
}

/** The instant of a wall clock; of a repeated hour the earlier one, of a skipped hour one an hour away. */
export function instantOf(timeZone: string, day: number, minute: number): number {
  const wall = day * dayMs + minute * minuteMs;
  const before = wall - offsetMs(timeZone, wall - dayMs);
  if (before + offsetMs(timeZone, before) === wall) return before;
  return wall - offsetMs(timeZone, wall + dayMs);
}

/** 0 is Sunday. */
export function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}

const dayTexts = new Map<number, string>();

/** `YYYY-MM-DD`. */
export function dayText(day: number): string {
  let text = dayTexts.get(day);
  if (text === undefined) {
    text = new Date(day * dayMs).toISOString().slice(0, 10);
    dayTexts.set(day, text);
  }
  return text;
}

/** The day of a `YYYY-MM-DD`; undefined for anything else, also for the 31st of April. */
export function parseDay(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const day = Date.parse(`${text}T00:00:00Z`) / dayMs;
  return Number.isInteger(day) && dayText(day) === text ? day : undefined;
}

/** `HH:mm`. */
export function minuteText(minute: number): string {
  const hour = Math.floor(minute / 60);
  const rest = minute % 60;
  return `${hour < 10 ? '0' : ''}${hour}:${rest < 10 ? '0' : ''}${rest}`;
}

function memoryOf(timeZone: string): ZoneMemory | undefined {
  if (memories.has(timeZone)) return memories.get(timeZone);
  let memory: ZoneMemory | undefined;
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    memory = { format, ofDay: new Map(), ofQuarter: new Map() };
  } catch {
    memory = undefined;
  }
  memories.set(timeZone, memory);
  return memory;
}

function readOffset(format: Intl.DateTimeFormat, instant: number): number {
  const read: Record<string, number> = {};
  for (const part of format.formatToParts(instant)) read[part.type] = Number(part.value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = read;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1000) * 1000;
}
