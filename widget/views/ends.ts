/** Where a conversation rests: confirming, booked, disqualified, safe, and the calm sentence with the way out. */
import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Booking, Disqualification } from '../../shared/protocol.ts';
import { isSafeLink } from '../page.ts';
import { dateText, momentText, rangeText, zoneText } from '../time.ts';
import { button } from './button.ts';
import { heading } from './frame.ts';
import { icon } from './icons.ts';
import type { Scene } from './scene.ts';

/** A state in which nothing has to be typed: a sign, a heading, a sentence, and what belongs to it. */
export function end(sign: unknown, title: string, more?: unknown, rest?: unknown): TemplateResult {
  return html`<div class="flow end">${sign}${heading(title, more)}${rest}</div>`;
}

export function booking(scene: Scene): TemplateResult {
  const made = wanted(scene);
  const sign = html`<i class="spinner"></i>`;
  return end(sign, scene.say('confirming'), scene.say('confirmingMore'), made && card(scene, made));
}

export function unclear(scene: Scene): TemplateResult {
  return end(icon('clock'), scene.say('unclear', { time: wantedText(scene) }), scene.say('unclearMore'));
}

/** @param more What stands below the details. */
export function booked(scene: Scene, more?: unknown): TemplateResult {
  const { startsAt, askedStartsAt, redirect, timeZone, isCancelled } = scene.state.booking as Booking;
  const { values } = scene.state;
  const name = (values.first_name ?? values.name)?.[0]?.trim().split(/\s/)[0];
  const time = (instant: string) => momentText(instant, scene.locale, timeZone);
  const other = askedStartsAt && scene.say('otherTime', { time: time(startsAt), asked: time(askedStartsAt) });
  return end(
    icon(isCancelled ? 'calendar' : 'tick'),
    isCancelled ? scene.say('cancelled') : name ? scene.say('bookedName', { name }) : scene.say('booked'),
    other ? html`<b>${other}</b>` : undefined,
    [card(scene, scene.state.booking as Booking), isCancelled ? nothing : goOn(scene, redirect), more],
  );
}

function goOn(scene: Scene, redirect: string | undefined): unknown {
  return isSafeLink(redirect) ? button('cta', scene.say('goOn'), () => scene.leave(redirect)) : nothing;
}

/** What came back, in the zone that it was booked in. */
function card({ state, locale }: Scene, { startsAt, endsAt, timeZone, host }: Booking): TemplateResult {
  const { place, host: company } = state.event ?? {};
  const who = [host, company].filter(Boolean).join(', ');
  return html`<div class="summary boxed" part="details">
    <div>
      ${icon('calendar')}
      <span><b>${dateText(startsAt, locale, timeZone)}</b><b>${rangeText(startsAt, endsAt, locale, timeZone)}</b>
        <span class="mute block">${zoneText(timeZone, startsAt, locale, 'long')} (${zoneText(timeZone, startsAt, locale, 'shortOffset')})</span></span>
    </div>
    ${who ? html`<div>${icon('person')}<span>${who}</span></div>` : nothing}
    ${place ? html`<div>${icon('place')}<span>${place}</span></div>` : nothing}
  </div>`;
}

export function disqualified(scene: Scene): TemplateResult {
  const { message, mayCorrect, offerEvent, redirect } = scene.state.disqualified as Disqualification;
  return end(icon('note'), scene.say('disqualified'), message ?? scene.say('disqualifiedMore'), [
    goOn(scene, redirect),
    offerEvent ? button('cta', scene.say('otherEvent'), () => scene.turnTo(offerEvent)) : nothing,
    mayCorrect ? button('small', scene.say('correct'), () => scene.act({ type: 'correct' })) : nothing,
  ]);
}

export function safe(scene: Scene): TemplateResult {
  const willBook = scene.state.outcome === 'will_book';
  const more = willBook ? scene.say('safeBooking', { time: wantedText(scene) }) : scene.say('safeMore');
  return end(icon('tick'), scene.say('safe'), more);
}

/** Nothing to be done here; the owner's link stands below. */
export function stopped(scene: Scene): TemplateResult {
  const { code } = scene.state;
  if (code === 'already_booked') return end(icon('calendar'), scene.say('alreadyBooked'));
  const mayRetry = code === 'timeout' || code === 'unreachable' || code === 'busy';
  const retry = mayRetry && button('small', scene.say('retry'), () => scene.act({ type: 'retry' }));
  return end(icon('calendar'), scene.say('stopped'), scene.say('stoppedMore'), retry || nothing);
}

function wanted({ state }: Scene): Booking | undefined {
  return state.booking ?? (state.pick ? { startsAt: state.pick, timeZone: state.timeZone } : undefined);
}

function wantedText(scene: Scene): string {
  const booking = wanted(scene);
  return booking ? momentText(booking.startsAt, scene.locale, scene.state.timeZone) : '';
}
