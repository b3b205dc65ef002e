/** After a time was lost: those that are nearest to it, in the notice that says so. Belongs to the part `hints`. */
import { NEAREST_AT_MOST } from '../../../shared/limits.ts';
import type { Notice, State } from '../../state.ts';
import type { momentText } from '../../time.ts';
import type { Scene } from '../../views/scene.ts';
import { button, made, within } from './nodes.ts';

export const words = {
  nearest: 'Nearest times:',
};

/** What was offered with a notice stays, so that nothing moves under a finger. */
const offered = new WeakMap<Notice, readonly string[]>();

/** Called after each drawing of the widget. */
export function offerNearest(root: ShadowRoot, { state, say, locale, act }: Scene, inWords: typeof momentText): void {
  const instants = nearestIn(state);
  const title = say('nearest', {}, words.nearest);
  const texts = instants.map((instant) => inWords(instant, locale, state.timeZone));
  const shown = root.querySelector('.nearest');
  const isSame = shown?.textContent === [title, ...texts].join('');
  const focused = [...(shown?.querySelectorAll('button') ?? [])].indexOf(root.activeElement as HTMLButtonElement);
  if (!isSame) shown?.remove();
  if (!isSame && instants.length > 0) {
    const buttons = instants.map((startsAt, index) => {
      const time = button('small', texts[index]);
      time.setAttribute('part', 'button');
      time.addEventListener('click', () => act({ type: 'pick', startsAt }));
      return time;
    });
    const row = within('div', ...buttons);
    row.className = 'row';
    row.style.flexWrap = 'wrap';
    const list = within('div', made('p', '', title), row);
    list.className = 'nearest';
    root.querySelector('.notice[tabindex] > div')?.append(list);
    buttons[focused]?.focus();
  }
  root.querySelectorAll('.nearest button').forEach((button, index) => {
    button.ariaPressed = String(instants[index] === state.pick);
  });
}

/** The Worker's own where it named some, else of the times that are known here. */
function nearestIn({ notice, pages, at }: State): readonly string[] {
  if (notice?.kind !== 'taken' && notice?.kind !== 'gone') return [];
  const known = offered.get(notice);
  if (known) return known;
  const free = Object.values(pages).flatMap(({ slots }) => slots.filter((slot) => Date.parse(slot) > at));
  const nearest = notice.nearest ?? nearestTo(notice.startsAt, [...new Set(free)], NEAREST_AT_MOST);
  if (nearest.length > 0) offered.set(notice, nearest);
  return nearest;
}

/** Up to `count` instants nearest to the wanted one, in order of time. */
export function nearestTo(wanted: string, slots: readonly string[], count: number): string[] {
  const distance = (slot: string) => Math.abs(Date.parse(slot) - Date.parse(wanted));
  return [...slots]
    .sort((a, b) => distance(a) - distance(b))
    .slice(0, count)
    .sort();
}
