/** Where a conversation rests: confirming, booked, disqualified, safe, and the calm sentence with the way out. */
import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { TextKey } from '../texts/en.ts';
import { momentText, zoneText } from '../time.ts';
import { button } from './button.ts';
import { heading } from './frame.ts';
import { icon } from './icons.ts';
import type { State } from '../state.ts';
import type { Scene } from './scene.ts';

/** A state in which nothing has to be typed: a sign, a heading, a sentence, and what belongs to it. */
export function end(sign: unknown, title: string, more?: unknown, rest?: unknown): TemplateResult {
  return html`<div class="flow end">${sign}${heading(title, more)}${rest}</div>`;
}

/** A booking on its way and every end: the heading at once, what belongs to it as soon as that part is here. */
export function ended(scene: Scene): TemplateResult {
  if (scene.ends) return scene.ends(scene);
  const { view, booking, pick, timeZone, disqualified } = scene.state;
  const startsAt = booking?.startsAt ?? pick;
  const time = startsAt ? momentText(startsAt, scene.locale, timeZone) : '';
  const key = view === 'booking' ? 'confirming' : booking?.isCancelled ? 'cancelled' : (view as TextKey);
  const when = view.startsWith('book') && `${time} · ${zoneText(timeZone, startsAt ?? 0, scene.locale, 'long')}`;
  return end(icon(view === 'booked' ? 'tick' : 'clock'), scene.say(key, { time }), when || disqualified?.message);
}

/** Where a call exists or may exist, the link would lead to a second one. */
export function mayBook({ code, outcome, isResuming, seq }: State): boolean {
  return code !== 'already_booked' && outcome !== 'will_book' && !(isResuming && seq.book);
}

/** Nothing to be done here; the owner's link stands below. */
export function stopped(scene: Scene): TemplateResult {
  const { code } = scene.state;
  if (code === 'already_booked') return end(icon('calendar'), scene.say('alreadyBooked'));
  const mayRetry = code === 'timeout' || code === 'unreachable' || code === 'busy';
  const retry = mayRetry && button('small', scene.say('retry'), () => scene.act({ type: 'retry' }));
  return end(
    icon('calendar'),
    scene.say('stopped'),
    mayBook(scene.state) && scene.say('stoppedMore'),
    retry || nothing,
  );
}
