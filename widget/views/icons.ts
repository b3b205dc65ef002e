/** Line icons, 24 by 24, drawn in the text's colour and hidden from assistive technology. */
import { html, type TemplateResult } from 'lit/html.js';

const CIRCLE = 'M3 12a9 9 0 0 0 18 0 9 9 0 0 0-18 0';
const PATHS = {
  clock: `M12 7v5l3 2${CIRCLE}`,
  place: 'M3 7h12v10H3zM15 11l6-3v8l-6-3',
  globe: `M3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18${CIRCLE}`,
  back: 'm14 6-6 6 6 6',
  on: 'm10 6 6 6-6 6',
  tick: 'm5 13 4 4L19 7',
  calendar: 'M4 5h16v15H4zM4 10h16M8 3v4M16 3v4',
  person: 'M8 8a4 4 0 0 0 8 0 4 4 0 0 0-8 0M4 20c2-5 14-5 16 0',
  down: 'm6 9 6 6 6-6',
  note: `M12 8v5M12 16v.1${CIRCLE}`,
};

export function icon(name: keyof typeof PATHS): TemplateResult {
  return html`<svg viewBox="0 0 24 24" aria-hidden="true" class=${`icon ${name}`}><path d=${PATHS[name]}></path></svg>`;
}
