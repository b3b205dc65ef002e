/**
 * Which month and day the calendar shows, from the pages of times that the Worker gave. Pure. A page covers its UTC month and a
 * day on both sides, so the local month of the same name is whole in every zone.
 */
import { addMonths, byDay, isoText, localDay, monthOf } from './calendar.ts';
import type { State } from './state.ts';

export function dayIn({ timeZone }: Pick<State, 'timeZone'>, instant: string): string {
  return localDay(instant, timeZone);
}

export function today(state: State): string {
  return localDay(state.at, state.timeZone);
}

/** Free times of a local month by local day, without those that have passed; undefined while not known. */
export function monthTimes(state: State, month = shownMonth(state)): Map<string, string[]> | undefined {
  const page = state.pages[month];
  if (!page) return undefined;
  const times = new Map<string, string[]>();
  // Slots are written to the minute: one that begins in this minute has passed.
  const now = `${isoText(state.at, 16)}Z`;
  for (const [day, slots] of byDay(page.slots, state.timeZone)) {
    const free = monthOf(day) === month ? slots.filter((slot) => slot > now) : [];
    if (free[0]) times.set(day, free);
  }
  return times;
}

export function timesIn(state: State, day: string): string[] {
  return monthTimes(state, monthOf(day))?.get(day) ?? [];
}

export function shownMonth(state: State): string {
  return state.month ?? monthOf(today(state));
}

/** The last local month that may hold times, as far as is known. */
export function lastMonth(state: State): string | undefined {
  const until = Object.values(state.pages)
    .map((page) => page.until)
    .sort()
    .at(-1);
  return until && monthOf(localDay(until, state.timeZone));
}

/** After an empty month, the next one that may hold times; undefined when there is none, or the month is not empty. */
export function monthAfterEmpty(state: State, month = shownMonth(state)): string | undefined {
  const last = lastMonth(state);
  const isEmpty = monthTimes(state, month)?.size === 0;
  if (!isEmpty || !last) return undefined;
  const page = state.pages[month];
  const candidate = page?.slots.length === 0 ? page.nextMonth : addMonths(month, 1);
  return candidate && candidate > month && candidate <= last ? candidate : undefined;
}

/** The first free day after an empty month, once it is known; or the month that has to be asked for to find it. */
export function nextFree(state: State): { day?: string; missing?: string } | undefined {
  for (let month = monthAfterEmpty(state); month; month = monthAfterEmpty(state, month)) {
    const times = monthTimes(state, month);
    if (!times) return { missing: month };
    const [day] = times.keys();
    if (day) return { day };
  }
  return undefined;
}

/** Times are shown, every page up to the horizon is known and holds nothing. */
export function isFull(state: State): boolean {
  if (state.view !== 'times') return false;
  return monthTimes(state)?.size === 0 && nextFree(state) === undefined && shownMonth(state) <= monthOf(today(state));
}

/** The month moves on to the first free day until the visitor turns the pages himself; a day is always chosen if there is one. */
export function settled(state: State): State {
  if (state.view !== 'times') return state;
  let { day, month = shownMonth(state) } = state;
  if (!state.hasPaged) {
    const found = nextFree({ ...state, month });
    if (found?.day) month = monthOf(found.day);
  }
  const times = monthTimes(state, month);
  if (times && !(day && times.has(day))) day = [...times.keys()][0];
  return month === state.month && day === state.day ? state : { ...state, month, day };
}
