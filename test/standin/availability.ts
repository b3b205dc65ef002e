/**
 * Which times are open: weekly hours of each host in the host's own zone, minus hours busy with other things, minus live
 * calls. `openTimes` answers for `eventDates`, `freeHost` decides a booking; both read the same hours, so what was listed
 * can be booked until somebody else takes it.
 */
import type { EventType } from './events.ts';
import { type Host, hostById } from './hosts.ts';
import { mix } from './random.ts';
import type { World } from './world.ts';
import { dayMs, instantOf, localDay, minuteMs, weekdayOf } from './zones.ts';

/** The hosts who may take the call: all of the event, or those of them that routing chose. */
export function candidateHosts(event: EventType, conditionalUsers: readonly number[]): Host[] {
  const ids =
    conditionalUsers.length === 0
      ? event.hostIds
      : conditionalUsers.filter((id) => event.hostIds.includes(id) || isRoutedTo(event, id));
  return ids.map(hostById).filter((host) => host !== undefined);
}

/** Open starts from `from` to before `to` for any of the hosts, in order and each once. */
export function openStarts(
  world: World,
  event: EventType,
  candidates: readonly Host[],
  from: number,
  to: number,
  now: number,
): number[] {
  if (!isBookable(event)) return [];
  const { horizonDays, pastListed } = world.settings.availability;
  const earliest = now + event.opensAfterDays * dayMs;
  const since = pastListed && event.opensAfterDays === 0 ? from : Math.max(from, earliest);
  const until = Math.min(to, now + horizonDays * dayMs);
  const open = new Set<number>();
  for (const host of candidates) {
    const lastDay = localDay(host.timeZone, until);
    for (let day = localDay(host.timeZone, since); day <= lastDay; day++) {
      for (const start of startsOfDay(world, event, host, day)) {
        if (start < since || start >= until || open.has(start)) continue;
        if (isHostFree(world, event, host, start)) open.add(start);
      }
    }
  }
  return [...open].sort((one, other) => one - other);
}

/** Whether the hosts ever worked between the two instants, whatever is left of it: tells a passed day from a free one. */
export function hadStarts(
  world: World,
  event: EventType,
  candidates: readonly Host[],
  from: number,
  to: number,
): boolean {
  return candidates.some((host) => {
    const lastDay = localDay(host.timeZone, to);
    for (let day = localDay(host.timeZone, from); day <= lastDay; day++)
      if (startsOfDay(world, event, host, day).some((start) => start >= from && start < to)) return true;
    return false;
  });
}

/** The host who takes a call at that instant, each in turn; undefined when the time is not open. */
export function freeHost(
  world: World,
  event: EventType,
  candidates: readonly Host[],
  startsAt: number,
  now: number,
): Host | undefined {
  const { horizonDays } = world.settings.availability;
  if (!isBookable(event) || startsAt <= now || startsAt < now + event.opensAfterDays * dayMs) return undefined;
  if (startsAt >= now + horizonDays * dayMs) return undefined;
  for (let index = 0; index < candidates.length; index++) {
    const host = candidates[(world.turn + index) % candidates.length];
    if (!host || !startsOfDay(world, event, host, localDay(host.timeZone, startsAt)).includes(startsAt)) continue;
    if (!isHostFree(world, event, host, startsAt)) continue;
    world.turn += index + 1;
    return host;
  }
  return undefined;
}

function isBookable(event: EventType): boolean {
  return event.isActive && !event.isFull;
}

function isRoutedTo(event: EventType, hostId: number): boolean {
  return event.routing.some((group) => group.hostIds.includes(hostId));
}

function isHostFree(world: World, event: EventType, host: Host, startsAt: number): boolean {
  return world.settings.availability.multiBooking || !world.calls.isTaken(host.id, startsAt, event.durationMinutes);
}

/** Starts within the host's hours of that (host-local) day that other appointments leave; without regard to calls. */
function startsOfDay(world: World, event: EventType, host: Host, day: number): readonly number[] {
  const key = `${host.id}/${event.stepMinutes}/${event.durationMinutes}/${day}`;
  let starts = world.startsOfDay.get(key);
  if (!starts) {
    starts = host.weekdays.includes(weekdayOf(day)) ? computeStarts(world, event, host, day) : [];
    world.startsOfDay.set(key, starts);
  }
  return starts;
}

function computeStarts(world: World, event: EventType, host: Host, day: number): number[] {
  const starts: number[] = [];
  const last = host.closesAtMinute - event.durationMinutes;
  for (let minute = host.opensAtMinute; minute <= last; minute += event.stepMinutes) {
    const start = instantOf(host.timeZone, day, minute);
    if (!isBusyElsewhere(world, host, start, event.durationMinutes)) starts.push(start);
  }
  return starts;
}

function isBusyElsewhere(world: World, host: Host, startsAt: number, durationMinutes: number): boolean {
  const halfHourMs = 30 * minuteMs;
  const { busyShare } = world.settings.availability;
  for (let at = startsAt; at < startsAt + durationMinutes * minuteMs; at += halfHourMs) {
    const draw = mix(world.seed, host.id, Math.floor(at / halfHourMs)) / 4_294_967_296;
    if (draw < busyShare) return true;
  }
  return false;
}
