/**
 * `POST /v1/events/eventDates`: open times of an event as `YYYY-MM-DD` → `HH:mm`, in the zone that was asked. Plays what
 * others saw: short windows, an empty map when the anchor day is over, and every way of writing a time.
 */
import { candidateHosts, hadStarts, openStarts } from './availability.ts';
import { type EventType, eventByPrefix } from './events.ts';
import { FieldReader } from './field-reader.ts';
import { accountTimeZone, type Host } from './hosts.ts';
import { Refusal } from './refusal.ts';
import type { Answer, ApiCall, World } from './world.ts';
import { dayMs, dayText, localDay, localMinute, minuteText, offsetMs, parseDay } from './zones.ts';

export function eventDates(call: ApiCall): Answer {
  const { settings } = call.world;
  const fields = new FieldReader(call.body, 'body');
  const linkPrefix = fields.text('linkPrefix', { required: true });
  const askedZone = fields.timeZone('timeZone') ?? accountTimeZone;
  const currentDate = fields.text('currentDate');
  const anchor = currentDate === undefined ? undefined : parseDay(currentDate);
  if (currentDate !== undefined && anchor === undefined) fields.complain('currentDate', 'Invalid date');
  const conditionalUsers = fields.idList('conditionalUsers');
  fields.idList('routingGroupIds');
  fields.refuseIfAny();
  const event = eventByPrefix(linkPrefix ?? '');
  if (!event || (!event.isActive && settings.availability.inactiveEvent === 'not_found'))
    throw new Refusal(404, 'Event not found', { code: 'EVENT_NOT_FOUND' });

  const timeZone = settings.availability.zoneIgnored ? accountTimeZone : askedZone;
  const candidates = candidateHosts(event, conditionalUsers);
  const availabilities = timesByDay(call, event, candidates, timeZone, anchor ?? localDay(timeZone, call.at));
  const data = {
    isPreview: false,
    availabilities,
    ...(settings.availability.appliedHostIds && { appliedHostIds: candidates.map((host) => host.id) }),
  };
  return {
    status: settings.statuses.eventDates,
    body: settings.envelope === 'root' ? data : { data },
    isCommitted: false,
  };
}

function timesByDay(
  call: ApiCall,
  event: EventType,
  candidates: readonly Host[],
  timeZone: string,
  anchor: number,
): Record<string, unknown[]> {
  const { world, at } = call;
  const { windowDays, emptyDaysListed, emptyAnchor } = world.settings.availability;
  const from = startOfDay(timeZone, anchor);
  const to = startOfDay(timeZone, anchor + windowDays);
  const starts = openStarts(world, event, candidates, from, to, at);
  const anchorEnd = startOfDay(timeZone, anchor + 1);
  const isAnchorEmpty = !starts.some((start) => start < anchorEnd);
  if (emptyAnchor === 'any' && isAnchorEmpty) return {};
  if (emptyAnchor === 'passed' && isAnchorEmpty && hadStarts(world, event, candidates, from, Math.min(at, anchorEnd)))
    return {};

  const byDay = new Map<number, number[]>();
  if (emptyDaysListed) for (let day = anchor; day < anchor + windowDays; day++) byDay.set(day, []);
  for (const start of starts) {
    const day = localDay(timeZone, start);
    const times = byDay.get(day);
    if (times) times.push(start);
    else byDay.set(day, [start]);
  }
  const written: Record<string, unknown[]> = {};
  for (const [day, times] of byDay) written[dayText(day)] = writeTimes(world, timeZone, times);
  return written;
}

function writeTimes(world: World, timeZone: string, starts: readonly number[]): unknown[] {
  const { timeForm, unsorted } = world.settings.availability;
  const times = starts.map((start) => {
    const text = minuteText(localMinute(timeZone, start));
    switch (timeForm) {
      case 'HH:mm':
        return text;
      case 'H:mm':
        return text.replace(/^0/, '');
      case 'object':
        return { time: text };
      case 'iso':
        return new Date(start).toISOString();
    }
  });
  // Backwards, with one written twice: no order, and repeated.
  return unsorted && times.length > 1 ? [...times.reverse(), times[0]] : times;
}

/** The first instant of the zone's day. */
function startOfDay(timeZone: string, day: number): number {
  const wall = day * dayMs;
  const guess = wall - offsetMs(timeZone, wall);
  return wall - offsetMs(timeZone, guess);
}
