/** That the times are not fresh, below the calendar and to whoever listens. Belongs to the part `hints`. */
import type { Scene } from '../../views/scene.ts';
import { made } from './nodes.ts';

export const words = {
  stale: 'These times are a few minutes old.',
};

/** Empty where they are fresh. */
export function ageText({ state: { view, pages, month = '' }, say }: Scene): string {
  return view === 'times' && pages[month]?.stale ? say('stale', {}, words.stale) : '';
}

/** Called after each drawing of the widget. */
export function showAge(root: ShadowRoot, scene: Scene): void {
  const text = ageText(scene);
  const shown = root.querySelector('.age');
  if ((shown?.textContent ?? '') === text) return;
  shown?.remove();
  if (!text) return;
  root.querySelector('.calendar')?.after(made('p', 'mute age', text));
}
