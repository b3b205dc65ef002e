/** The zone in which the times are shown, and a native list to choose another, made only when it is wanted. */
import { html, nothing, type TemplateResult } from 'lit/html.js';
import { lockedZone } from '../told.ts';
import { cityOf, timeText, zonesByRegion, zoneText } from '../time.ts';
import { icon } from './icons.ts';
import type { Scene } from './scene.ts';

export function zone(scene: Scene): TemplateResult {
  const { timeZone, at, event } = scene.state;
  const { say, locale } = scene;
  if (scene.isChoosingZone) return html`<div class="row mute">${icon('globe')}${choice(scene)}</div>`;
  const name = zoneText(timeZone, at, locale, 'long');
  return html`<p class="row mute">
    ${icon('globe')}<span>${say('zoneNow', { zone: name, time: timeText(at, locale, timeZone) })}</span>
    ${lockedZone(event) ? nothing : html`<button type="button" class="text" aria-label=${`${say('change')}: ${say('timeZone')}`} @click=${scene.openZones}>${say('change')}</button>`}
  </p>`;
}

function choice({ state: { timeZone }, say, chooseZone }: Scene): TemplateResult {
  const change = (event: Event) => chooseZone((event.target as HTMLSelectElement).value);
  const option = (name: string) => html`<option value=${name} ?selected=${name === timeZone}>${cityOf(name)}</option>`;
  return html`<div class="select">
    <select class="input zones" part="input" aria-label=${say('timeZone')} @change=${change}>
      ${[...zonesByRegion(timeZone)].map(([region, zones]) => html`<optgroup label=${region}>${zones.map(option)}</optgroup>`)}
    </select>
    ${icon('down')}
  </div>`;
}
