/** The zone in which the times are shown. The panel to change it, and the hours, is a part; without it the times stay as they are. */
import { html, nothing, type TemplateResult } from 'lit/html.js';
import { lockedZone } from '../told.ts';
import { timeText, zoneText } from '../time.ts';
import { icon } from './icons.ts';
import type { Scene } from './scene.ts';

export function zone({ state, say, locale, zones, openZones }: Scene): TemplateResult {
  const { timeZone, at, event } = state;
  const name = zoneText(timeZone, at, locale, 'long');
  const isOpen = typeof zones === 'object';
  const what = say(lockedZone(event) ? 'hours24' : 'timeZone');
  return html`<p class="row mute">
      ${icon('globe')}<span id="zone">${say('zoneNow', { zone: name, time: timeText(at, locale, timeZone) })}</span>
      <button type="button" class="text change" part="zone-button" aria-label=${`${say('change')}: ${what}`} aria-describedby="zone" aria-expanded=${isOpen} aria-disabled=${zones === 'loading'} @click=${isOpen ? zones.close : openZones}>${say('change')}</button>
    </p>
    ${isOpen ? zones.view(timeZone, locale) : zones === 'missing' ? html`<p class="fault">${say('failed')}</p>` : nothing}`;
}
