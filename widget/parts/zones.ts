/** The native list of all zones by region, for the few who change theirs. A part: handed what it needs, imports nothing. */
import type { TemplateResult } from 'lit/html.js';
import type { Kit } from '../parts.ts';

/** @param shown Is chosen, and listed even where the platform knows it under another name. */
export function zoneList(
  { html }: Kit,
  shown: string,
  label: string,
  choose: (timeZone: string) => void,
): TemplateResult {
  const change = (event: Event) => choose((event.target as HTMLSelectElement).value);
  const option = (zone: string) => html`<option value=${zone} ?selected=${zone === shown}>${cityOf(zone)}</option>`;
  return html`<select class="input zones" part="input" aria-label=${label} @change=${change}>
    ${[...zonesByRegion(shown)].map(([region, zones]) => html`<optgroup label=${region}>${zones.map(option)}</optgroup>`)}
  </select>`;
}

/** The platform's zones by region, with `shown` and UTC among them. */
export function zonesByRegion(shown: string): Map<string, string[]> {
  const regions = new Map<string, string[]>();
  for (const zone of new Set([...Intl.supportedValuesOf('timeZone'), shown, 'UTC'])) {
    const region = zone.split('/')[0] ?? '';
    regions.set(region, [...(regions.get(region) ?? []), zone]);
  }
  return regions;
}

/** `Argentina/Buenos Aires` for `America/Argentina/Buenos_Aires`. */
export function cityOf(timeZone: string): string {
  return timeZone.replace(/^\w+\//, '').replaceAll('_', ' ');
}
