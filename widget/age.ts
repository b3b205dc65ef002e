/** That the times are not fresh. Carried by the parts `hints` and `ends`, each for the times that it sees to. */
import type { Scene } from './views/scene.ts';

export const words = {
  stale: 'These times are a few minutes old.',
};

/** Empty where they are fresh. */
export function ageText({ state: { view, pages, month = '' }, say }: Scene): string {
  return view === 'times' && pages[month]?.stale ? say('stale', {}, words.stale) : '';
}
