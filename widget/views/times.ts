/** The month as an ARIA grid, the times of the chosen day, the zone, and one button that books. */
import { html, nothing, type TemplateResult } from 'lit/html.js';
import { addMonths, localHour, monthGrid, monthOf } from '../calendar.ts';
import { dayIn, isFull, lastMonth, monthTimes, nextFree, shownMonth, timesIn, today } from '../months.ts';
import { dateText, dayNumberText, dayText, monthText, shortDateText, timeText } from '../time.ts';
import { weekdayNames, weekStartOf, zoneText } from '../time.ts';
import { button } from './button.ts';
import { end } from './ends.ts';
import { heading } from './frame.ts';
import { icon } from './icons.ts';
import type { Scene } from './scene.ts';
import { zone } from './zone.ts';

/** The hours at which the parts of a day begin and end. */
const PARTS = [
  ['morning', 0, 12],
  ['afternoon', 12, 17],
  ['evening', 17, 24],
] as const;

export function times(shown: Scene): TemplateResult {
  // What the scene finds out when it is asked is found out once, not for each cell.
  const scene = { ...shown };
  const { state } = scene;
  // Nothing within the horizon: never an empty grid; the link stands below.
  if (isFull(state)) {
    if (scene.ends) return scene.ends(scene);
    return end(icon('calendar'), scene.say('full'));
  }
  return html`<div class="flow">
    ${heading(scene.say('timesHeading'))}
    <div class="calendar" translate="no">
      <div class="field">${month(scene)}${zone(scene)}</div>
      ${day(scene)}
    </div>
    ${state.event && state.pick ? confirm(scene, state.pick) : nothing}
    ${state.hasOwnTimes ? button('quiet', [icon('back'), scene.say('back')], () => scene.act({ type: 'back' })) : nothing}
  </div>`;
}

function month(scene: Scene): TemplateResult {
  const { state, locale } = scene;
  const shown = shownMonth(state);
  const free = monthTimes(state);
  const last = lastMonth(state);
  const weekStart = weekStartOf(locale);
  const title = monthText(shown, locale);
  const nextDay = nextFree(state)?.day;
  return html`<div class="row">
      <h3 class="month" part="month" id="month">${title}</h3>
      ${turn(scene, 'previousMonth', -1, shown <= monthOf(today(state)))}
      ${turn(scene, 'nextMonth', 1, last !== undefined && shown >= last)}
    </div>
    <table class=${free ? 'grid' : 'grid waiting'} role="grid" aria-labelledby="month" @focusin=${scene.openHints} @keydown=${(event: KeyboardEvent) => scene.byKey?.(event, scene.act)}>
      <thead>
        <tr>${weekdayNames(locale, weekStart).map((name) => html`<th scope="col" part="weekday">${name}</th>`)}</tr>
      </thead>
      <tbody>
        ${monthGrid(shown, weekStart).map((week) => html`<tr>${week.map((each) => html`<td>${each ? dayButton(scene, each, free) : nothing}</td>`)}</tr>`)}
      </tbody>
    </table>
    ${free?.size === 0 ? html`<p class="mute">${scene.say('monthEmpty', { month: title })}</p>` : nothing}
    ${nextDay ? button('small', scene.say('nextFree', { day: shortDateText(nextDay, locale) }), () => scene.act({ type: 'day', day: nextDay })) : nothing}`;
}

function turn(scene: Scene, name: 'previousMonth' | 'nextMonth', count: number, isEnd: boolean): TemplateResult {
  const act = (type: 'month' | 'peek') =>
    isEnd || scene.act({ type, month: addMonths(shownMonth(scene.state), count) });
  const peek = () => act('peek');
  return html`<button class="turn" part="button" aria-label=${scene.say(name)} aria-disabled=${isEnd} @pointerover=${peek} @focus=${peek} @click=${() => act('month')}>
    ${icon(count < 0 ? 'back' : 'on')}
  </button>`;
}

function dayButton(scene: Scene, each: string, free: Map<string, string[]> | undefined): TemplateResult {
  const { state, locale } = scene;
  const count = free?.get(each)?.length ?? 0;
  const isToday = each === today(state);
  const name = dateText(each, locale) + (isToday ? `, ${scene.say('today')}` : '');
  return html`<button
    class=${`day ${count > 0 ? 'free' : ''} ${isToday ? 'today' : ''}`}
    part=${`day ${count === 0 ? '' : state.day === each ? 'free-day chosen-day' : 'free-day'}`}
    data-day=${each}
    tabindex=${each === reachable(scene, free) || (count > 0 && scene.byKey === null) ? 0 : -1}
    aria-label=${free ? scene.say(count > 0 ? 'dayFree' : 'dayFull', { day: name, count }) : name}
    aria-disabled=${count === 0}
    aria-pressed=${state.day === each && count > 0}
    @click=${() => count === 0 || scene.act({ type: 'day', day: each })}
  >${dayNumberText(each, locale)}</button>`;
}

/** The one day in the order of Tab: where the arrow keys stand, else the chosen day, else the first free or the first. */
function reachable({ state }: Scene, free: Map<string, string[]> | undefined): string {
  const shown = shownMonth(state);
  const inMonth = [state.cursor, state.day, free?.keys().next().value].find((each) => each && monthOf(each) === shown);
  return inMonth ?? `${shown}-01`;
}

/** The times of the chosen day by part of the day; bones of the same size while they are looked for. */
function day(scene: Scene): TemplateResult {
  const { state, locale } = scene;
  if (!monthTimes(state)) {
    return html`<div class="list"><p class="row"><i class="spinner"></i>${scene.say('looking')}</p><i class="bone tall"></i><i class="bone tall"></i><i class="bone tall"></i><i class="bone tall"></i></div>`;
  }
  if (!state.day) return html`<div></div>`;
  const all = timesIn(state, state.day);
  return html`<div role="group" aria-labelledby="day">
    <h3 id="day">${dayText(state.day, locale)}</h3>
    ${PARTS.map(([key, from, to]) => {
      const list = all.filter((startsAt) => {
        const hour = localHour(startsAt, state.timeZone);
        return hour >= from && hour < to;
      });
      return list[0]
        ? html`<h4 class="mute part">${scene.say(key)}</h4><div class="list">${list.map((startsAt) => timeButton(scene, startsAt))}</div>`
        : nothing;
    })}
  </div>`;
}

function timeButton({ state, locale, act }: Scene, startsAt: string): TemplateResult {
  return html`<button class="day free" part="time" aria-pressed=${state.pick === startsAt} @click=${() => act({ type: 'pick', startsAt })}>
    ${timeText(startsAt, locale, state.timeZone)}
  </button>`;
}

/** What will be booked, in full, beside the one button that does it. */
function confirm(scene: Scene, startsAt: string): TemplateResult {
  const { state, locale } = scene;
  const time = (scene.rangeText ?? timeText)(startsAt, locale, state.timeZone, state.event?.durationMinutes, timeText);
  const isBooking = state.goal === 'book';
  return html`<div class="confirm">
    <p translate="no">
      <b>${dateText(dayIn(state, startsAt), locale)}</b>
      <span>${time} · ${zoneText(state.timeZone, startsAt, locale, 'long')}</span>
    </p>
    <button class="cta" part="button primary-button" aria-disabled=${isBooking} @click=${() => scene.act({ type: 'confirm' })}>
      ${isBooking ? html`<i class="spinner"></i>` : nothing}${scene.say(isBooking ? 'booking' : state.hasOwnTimes ? 'book' : 'next')}
    </button>
  </div>`;
}
