/** What a polite live region says when the state changes; the focus already speaks for headings and notices. Belongs to the part `hints`. */
import type { monthTimes, shownMonth } from '../../months.ts';
import type { State } from '../../state.ts';
import type { monthText } from '../../time.ts';
import type { noticeText, stepOf } from '../../views/frame.ts';
import type { Scene } from '../../views/scene.ts';
import { ageText } from '../../age.ts';

/** What the main script knows about a state. */
export interface Knowing {
  monthText: typeof monthText;
  monthTimes: typeof monthTimes;
  noticeText: typeof noticeText;
  shownMonth: typeof shownMonth;
  stepOf: typeof stepOf;
}

/** Undefined when there is nothing new to say, empty when what was said is over and the heading says the rest. */
export function announcement(knowing: Knowing, scene: Scene, before: State): string | undefined {
  const { monthTimes, shownMonth } = knowing;
  const { state, say } = scene;
  if (state.notice && state.notice !== before.notice) return knowing.noticeText(scene);
  if (state.goal === 'book' && before.goal !== 'book') return say('booking');
  if (state.goal === 'answers' && before.goal !== 'answers') return say('looking');
  const old = ageText(scene);
  const age = old && `. ${old}`;
  if (state.view !== before.view || state.step !== before.step) {
    const at = knowing.stepOf(scene);
    return at ? say('progress', at) + age : '';
  }
  if (state.view !== 'times') return undefined;
  // The button that does it appears elsewhere.
  if (state.pick && state.pick !== before.pick) {
    return `${pickText(scene, state.pick)}. ${say(state.hasOwnTimes ? 'book' : 'next')}`;
  }
  const month = knowing.monthText(shownMonth(state), scene.locale);
  const times = monthTimes(state);
  if (shownMonth(state) === shownMonth(before) && times?.size === monthTimes(before)?.size) return undefined;
  if (!times) return say('looking');
  if (times.size === 0) return say('monthEmpty', { month });
  return `${month}${age}`;
}

/** `Tuesday, March 9, 2027, 11:00 AM` */
function pickText({ state: { timeZone }, locale }: Scene, startsAt: string): string {
  const shapes = [{ dateStyle: 'full' }, { timeStyle: 'short' }] as const;
  const texts = shapes.map((shape) =>
    new Intl.DateTimeFormat(locale, { ...shape, timeZone }).format(Date.parse(startsAt)),
  );
  return texts.join(', ');
}
