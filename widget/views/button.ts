/** The buttons of the widget: `cta` the one obvious next step, `small` a lesser one, `quiet` a way back, `text` within a line. */
import { html, type TemplateResult } from 'lit/html.js';

export function button(kind: 'cta' | 'small' | 'quiet' | 'text', text: unknown, press: () => void): TemplateResult {
  const part = kind === 'cta' ? 'button primary-button' : 'button';
  return html`<button type="button" class=${kind} part=${part} @click=${press}>${text}</button>`;
}
