/**
 * Availability (reference 5.9): one call answers an unstated number of days from its anchor, as wall-clock times in the zone
 * that was asked for. Here they become instants; walking over windows is the Event's.
 */
import { DateTime } from 'luxon';
import { UPSTREAM_TIMEOUT_MS } from '../../shared/limits.ts';
import { asRecord, asText, payload } from './envelope.ts';
import type { UpstreamCall } from './request.ts';

export interface DatesQuery {
  event: string;
  timeZone: string;
  /** `YYYY-MM-DD` in that zone. */
  day: string;
  /** As routing returned them; empty for any host. */
  hosts: string;
}

export interface DatesAnswer {
  /** Instants in milliseconds, sorted, each once. */
  instants: number[];
  /** The last local day that the answer speaks of, `YYYY-MM-DD`; undefined when it speaks of none. */
  lastDay?: string;
}

export function askDates(query: DatesQuery): UpstreamCall {
  return {
    endpoint: 'POST /v1/events/eventDates',
    timeoutMs: UPSTREAM_TIMEOUT_MS,
    body: {
      linkPrefix: query.event,
      timeZone: query.timeZone,
      currentDate: query.day,
      ...(query.hosts ? { conditionalUsers: query.hosts } : {}),
    },
  };
}

/** @returns undefined when the answer has no availabilities at all. */
export function readDates(body: unknown, timeZone: string): DatesAnswer | undefined {
  const found = payload(body, 'eventDates', (each) => asRecord(each.availabilities) !== undefined);
  const days = asRecord(found?.availabilities);
  if (!days) return undefined;
  const instants = new Set<number>();
  let lastDay: string | undefined;
  for (const [day, times] of Object.entries(days)) {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) continue;
    if (lastDay === undefined || day > lastDay) lastDay = day;
    for (const time of Array.isArray(times) ? times : []) {
      for (const instant of instantsOf(day, time, timeZone)) instants.add(instant);
    }
  }
  return { instants: [...instants].sort((a, b) => a - b), ...(lastDay ? { lastDay } : {}) };
}

/** Text, an object with a time, or a full stamp. A time that the zone skips gives none, one that it repeats gives both. */
function instantsOf(day: string, entry: unknown, timeZone: string): number[] {
  const record = asRecord(entry);
  const text = asText(record ? (record.time ?? record.startTime ?? record.start) : entry);
  if (!text) return [];
  if (/^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d\d:?\d\d)$/.test(text)) {
    const stamp = Date.parse(text);
    return Number.isNaN(stamp) ? [] : [stamp];
  }
  const clock = /^(\d{1,2}):(\d{2})(:00)?$/.exec(text);
  if (!clock) return [];
  const wanted = `${clock[1]?.padStart(2, '0')}:${clock[2]}`;
  if (timeZone === 'UTC') {
    const instant = Date.parse(`${day}T${wanted}:00Z`);
    return Number.isNaN(instant) ? [] : [instant];
  }
  const local = DateTime.fromISO(`${day}T${wanted}`, { zone: timeZone });
  if (!local.isValid || local.toFormat('yyyy-MM-dd HH:mm') !== `${day} ${wanted}`) return [];
  return local.getPossibleOffsets().map((each) => each.toMillis());
}
