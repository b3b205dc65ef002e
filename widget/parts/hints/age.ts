/** That the times are not fresh, below the calendar. Belongs to the part `hints`. */
import { ageText } from '../../age.ts';
import type { Scene } from '../../views/scene.ts';
import { made } from './nodes.ts';

/** Called after each drawing of the widget. */
export function showAge(root: ShadowRoot, scene: Scene): void {
  const text = ageText(scene);
  const shown = root.querySelector('.age');
  if ((shown?.textContent ?? '') === text) return;
  shown?.remove();
  if (!text) return;
  root.querySelector('.calendar')?.after(made('p', 'mute age', text));
}
