/** Keys of the ARIA grid pattern in the month. Belongs to the part `hints`. */
import type { Scene } from '../../views/scene.ts';

const DAY_MS = 86_400_000;

/** @param act Of the calendar in which the key was pressed: the visit's own, or that of a move. */
export function turnByKey(event: KeyboardEvent, act: Scene['act']): void {
  const target = event.target as HTMLElement;
  const from = target.dataset.day;
  const column = target.closest('td')?.cellIndex ?? 0;
  const to = from && dayAfterKey(from, event.key, column, target.matches(':dir(rtl)'));
  if (!to || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  const [toMonth, shown] = [to, from].map((day) => day.slice(0, 7)) as [string, string];
  const arrows = (target.getRootNode() as ShadowRoot).querySelectorAll('.turn');
  const isEnd = arrows[toMonth > shown ? 1 : 0]?.getAttribute('aria-disabled') === 'true';
  if (toMonth === shown || !isEnd) act({ type: 'cursor', day: to });
}

/** Where a key leads from a day, both `YYYY-MM-DD`; undefined for any other key. @param column Of the day in its week, from 0. */
export function dayAfterKey(day: string, key: string, column: number, isRightToLeft = false): string | undefined {
  const ahead = isRightToLeft ? -1 : 1;
  const days = {
    ArrowRight: ahead,
    ArrowLeft: -ahead,
    ArrowDown: 7,
    ArrowUp: -7,
    Home: -column,
    End: 6 - column,
  }[key];
  if (days !== undefined) return dayText(Date.parse(day) + days * DAY_MS);
  const months = { PageDown: 1, PageUp: -1 }[key];
  return months === undefined ? undefined : sameDayIn(day, months);
}

/** The 31st becomes the last day of a shorter month. */
function sameDayIn(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const lastDate = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return dayText(Date.UTC(year, month - 1 + months, Math.min(date, lastDate)));
}

function dayText(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
