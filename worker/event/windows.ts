/**
 * Which days are asked for, and how the walk over iClosed's short answers goes on. Pure. Windows are UTC months with a day on
 * both sides, so that the month of every zone is whole and everybody shares one copy; days are `YYYY-MM-DD` in UTC.
 */
import { CALLS_PER_REFRESH_AT_MOST, EMPTY_ANCHOR_DAYS, SLOT_LEAD_TIME_MS } from '../../shared/limits.ts';
import type { DatesAnswer } from '../iclosed/dates.ts';

const DAY_MS = 86_400_000;

export interface SlotWindow {
  /** `YYYY-MM`. */
  month: string;
  firstDay: string;
  lastDay: string;
}

export function dayOf(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10);
}

export function monthOf(instant: number): string {
  return dayOf(instant).slice(0, 7);
}

export function dayAfter(day: string, days = 1): string {
  return dayOf(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS);
}

export function monthAfter(month: string): string {
  return monthOf(Date.parse(`${month}-01T00:00:00Z`) + 32 * DAY_MS);
}

/** The last instant for which times are offered. */
export function horizonEnd(now: number, horizonDays: number): number {
  return now + horizonDays * DAY_MS;
}

/** The part of a month that lies between now and the horizon; undefined when nothing of it does. */
export function windowOf(month: string, now: number, horizonDays: number): SlotWindow | undefined {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) return undefined;
  const first = dayAfter(`${month}-01`, -1);
  const last = `${monthAfter(month)}-01`;
  const firstDay = maxDay(first, dayOf(now));
  const lastDay = minDay(last, dayOf(horizonEnd(now, horizonDays)));
  return firstDay <= lastDay ? { month, firstDay, lastDay } : undefined;
}

/** How far a refresh has come. */
export interface Walk {
  anchor: string;
  calls: number;
  /** Empty answers in a row. */
  emptyAnchors: number;
  instants: number[];
  /** The day before the anchor was left out. */
  hasLeapt: boolean;
}

export function startWalk(window: SlotWindow): Walk {
  return { anchor: window.firstDay, calls: 0, emptyAnchors: 0, instants: [], hasLeapt: false };
}

/**
 * Takes one answer and says where to ask next. An empty answer does not mean that later days are empty, nor how many days it
 * spoke of: the walk tries the following days one by one, after a while every second one, and goes back for the day that it
 * left out when it meets times again. So no day with times is missed as long as an answer speaks of two days or more.
 */
export function stepWalk(walk: Walk, window: SlotWindow, answer: DatesAnswer): Walk & { isDone: boolean } {
  const calls = walk.calls + 1;
  const instants = [...walk.instants, ...answer.instants];
  const go = (anchor: string, emptyAnchors: number, hasLeapt: boolean) => {
    const isDone = anchor > window.lastDay || calls >= CALLS_PER_REFRESH_AT_MOST;
    return { anchor, calls, emptyAnchors, instants, hasLeapt, isDone };
  };
  const { lastDay } = answer;
  if (lastDay !== undefined && lastDay >= walk.anchor) {
    return walk.hasLeapt ? go(dayAfter(walk.anchor, -1), 0, false) : go(dayAfter(lastDay), 0, false);
  }
  const emptyAnchors = walk.emptyAnchors + 1;
  // The last day is always asked for: nothing behind it would lead back to it.
  const leaps = emptyAnchors >= EMPTY_ANCHOR_DAYS && dayAfter(walk.anchor) < window.lastDay;
  return go(dayAfter(walk.anchor, leaps ? 2 : 1), emptyAnchors, leaps);
}

/** The walk's instants inside the window, sorted, each once. */
export function instantsOf(walk: Walk, window: SlotWindow): number[] {
  const from = Date.parse(`${window.firstDay}T00:00:00Z`);
  const to = Date.parse(`${dayAfter(window.lastDay)}T00:00:00Z`);
  return [...new Set(walk.instants)].filter((each) => each >= from && each < to).sort((a, b) => a - b);
}

/** Drops what is past or too near to be pressed, and what lies behind the horizon. */
export function bookable(instants: readonly number[], now: number, horizonDays: number): number[] {
  const until = horizonEnd(now, horizonDays);
  return instants.filter((each) => each >= now + SLOT_LEAD_TIME_MS && each <= until);
}

/** Up to three of the instants nearest to the wanted one, in order of time. */
export function nearestTo(instants: readonly number[], wanted: number): number[] {
  return [...instants]
    .sort((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted))
    .slice(0, 3)
    .sort((a, b) => a - b);
}

function maxDay(a: string, b: string): string {
  return a > b ? a : b;
}

function minDay(a: string, b: string): string {
  return a < b ? a : b;
}
