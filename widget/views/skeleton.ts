/** The first step before it is known: the same parts in the same places, so that nothing jumps. The link stands where the button will. */
import { html, type TemplateResult } from 'lit/html.js';
import type { Scene } from './scene.ts';

const FIELDS = ['half', 'half', '', ''];

export function skeleton({ say }: Scene): TemplateResult {
  return html`<div class="flow" tabindex="-1" role="status" aria-label=${say('loading')}>
    <i class="bone tall"></i>
    <div class="contact">${FIELDS.map((kind) => html`<div class=${`field ${kind}`}><i class="bone"></i><i class="bone tall"></i></div>`)}</div>
  </div>`;
}
