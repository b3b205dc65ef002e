/** The zone in which the times are shown. The list to choose another is a part; without it the times stay in this zone. */
import { html, nothing, type TemplateResult } from 'lit/html.js';
import { lockedZone } from '../told.ts';
import { timeText, zoneText } from '../time.ts';
import { icon } from './icons.ts';
import type { Scene } from './scene.ts';

export function zone({ state, say, locale, zones, openZones, chooseZone }: Scene): TemplateResult {
  const { timeZone, at, event } = state;
  if (typeof zones === 'object') {
    const list = zones.zoneList({ html }, timeZone, say('timeZone'), chooseZone);
    return html`<div class="row mute">${icon('globe')}<div class="select">${list}${icon('down')}</div></div>`;
  }
  const name = zoneText(timeZone, at, locale, 'long');
  return html`<p class="row mute">
      ${icon('globe')}<span>${say('zoneNow', { zone: name, time: timeText(at, locale, timeZone) })}</span>
      ${
        lockedZone(event)
          ? nothing
          : html`<button type="button" class="text" part="zone-button" aria-label=${`${say('change')}: ${say('timeZone')}`} aria-disabled=${zones === 'loading'} @click=${openZones}>${say('change')}</button>`
      }
    </p>
    ${zones === 'missing' ? html`<p class="fault">${say('failed')}</p>` : nothing}`;
}
