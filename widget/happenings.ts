/**
 * What a change of state means to the page: which events it fires. Pure. Each at its honest moment: `contact` when the Worker
 * has it, not when the button is pressed; `booked` when iClosed said so.
 */
import type { EventDetail, EventName } from '../shared/protocol.ts';
import { monthTimes } from './months.ts';
import type { Action, State, View } from './state.ts';

export type Happening = { name: EventName } & Partial<Pick<EventDetail, 'bookingId' | 'startsAt' | 'code' | 'url'>>;

/** Those that can only happen once in an attempt, however often the page is loaded. */
export const ONCE: ReadonlySet<EventName> = new Set(['view', 'qualified', 'booked']);

/** False while nothing is shown but a skeleton, or the link because the Worker is late. */
export function isUsable(view: View): boolean {
  return view !== 'loading' && view !== 'stopped';
}

export function happenings(before: State, after: State, action: Action): Happening[] {
  const startsAt = after.pick ?? after.booking?.startsAt;
  const isNew = (view: View) => after.view === view && before.view !== view;
  const isTaken = (step: 'contact' | 'answers') =>
    after.accepted[step] !== undefined && after.accepted[step] !== before.accepted[step] && !before.isResuming;
  const isAnswered = isTaken('answers') || (isNew('disqualified') && before.goal !== undefined);
  const code = failureOf(after);
  const all: [boolean, EventName, Omit<Happening, 'name'>?][] = [
    [isUsable(after.view) && !isUsable(before.view), 'ready'],
    [isTaken('contact'), 'contact'],
    [isAnswered, 'answered'],
    [isNew('disqualified') && !before.isResuming, 'disqualified'],
    [after.hasOwnTimes && !before.hasOwnTimes, 'qualified'],
    [showsTimes(after) && !showsTimes(before), 'slots-shown'],
    [action.type === 'pick' && after.pick !== before.pick, 'slot-picked', { startsAt }],
    [after.ask?.step === 'book' && before.sent.book !== after.sent.book, 'submitted', { startsAt }],
    [isNew('booking') && !before.isResuming, 'pending', { startsAt }],
    [isNew('booked'), 'booked', { startsAt: after.booking?.startsAt, bookingId: after.booking?.bookingId }],
    [code !== undefined && code !== failureOf(before), 'failed', { code }],
  ];
  return all.flatMap(([has, name, more]) => (has ? { name, ...more } : []));
}

function showsTimes(state: State): boolean {
  return state.view === 'times' && (monthTimes(state)?.size ?? 0) > 0;
}

function failureOf(state: State): string | undefined {
  if (state.view === 'stopped') return state.code ?? 'timeout';
  if (state.wait?.code === 'offline') return 'offline';
  return state.notice?.code;
}
