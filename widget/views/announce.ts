/** What a polite live region says when the state changes; the focus already speaks for headings and notices. */
import { monthTimes, shownMonth } from '../months.ts';
import type { State } from '../state.ts';
import { monthText } from '../time.ts';
import { noticeText, stepOf, waitText } from './frame.ts';
import type { Scene } from './scene.ts';

/** Undefined when there is nothing new to say, empty when what was said is over and the heading says the rest. */
export function announcement(scene: Scene, before: State): string | undefined {
  const { state, say } = scene;
  if (state.wait && state.wait.code !== before.wait?.code) return waitText(scene);
  if (state.notice && state.notice !== before.notice) return noticeText(scene);
  if (state.goal === 'book' && before.goal !== 'book') return say('booking');
  if (state.goal === 'answers' && before.goal !== 'answers') return say('looking');
  const age = state.view === 'times' && state.pages[shownMonth(state)]?.stale ? `. ${say('stale')}` : '';
  if (state.view !== before.view || state.step !== before.step) {
    const at = stepOf(scene);
    return at ? say('progress', at) + age : '';
  }
  if (state.view !== 'times') return undefined;
  const month = monthText(shownMonth(state), scene.locale);
  const times = monthTimes(state);
  if (shownMonth(state) === shownMonth(before) && times?.size === monthTimes(before)?.size) return undefined;
  if (!times) return say('looking');
  if (times.size === 0) return say('monthEmpty', { month });
  return `${month}${age}`;
}
