/**
 * The panel in which a visitor changes his clock: a list of all zones, searched by city, name and offset, and 12 or 24 hours. A
 * combobox after the ARIA Authoring Practices. A part: handed what it needs, imports nothing but its own folder.
 */
import type { TemplateResult } from 'lit/html.js';
import { PLACES_WAIT_MS } from '../../shared/limits.ts';
import type { World } from '../client.ts';
import type { Kit } from '../parts.ts';
import type { Scene } from '../views/scene.ts';
import { loadPlaceNames } from './zones/names.ts';
import { nowCalled, readClocks, readZones } from './zones/read.ts';
import { isEmpty, type Zone, zonesFound, zonesNear } from './zones/search.ts';

export const words = {
  zoneSearch: 'City or UTC offset',
  zoneNone: 'Nothing found.',
};

export interface Panel {
  /** @param shown The zone in use. */
  view(shown: string, locale: string): TemplateResult;
  close(): void;
}

/**
 * Reads the zones, then is ready to be shown. What the language calls their places comes meanwhile.
 * @param draw Shows this panel, or none, and puts the focus there.
 */
export async function openPanel(
  { html }: Kit,
  { say, act, locale, state, chooseZone }: Scene,
  world: World,
  root: ShadowRoot,
  draw: (panel: Panel | undefined, focus?: string) => void,
): Promise<Panel> {
  // The owner's zone is not the visitor's to change; the hours are.
  const isLocked = state.event?.timeZone === state.timeZone;
  const names = isLocked ? '' : loadPlaceNames(locale, world, import.meta.url);
  const inTime = Promise.race([names, world.sleep(PLACES_WAIT_MS) as Promise<undefined>]);
  const clocks = isLocked ? [] : await readClocks(Intl.supportedValuesOf('timeZone'), locale, state.at, world);
  const name = (placeNames?: string) => readZones(clocks, locale, state.at, world, placeNames);
  const firstNames = await inTime;
  let zones = await name(firstNames);
  dress(root);
  let query = '';
  let found = zonesFound(zones, query);
  /** The zone in use; of the whole list it is the one that Enter takes. */
  let used = state.timeZone;
  const usedIn = (list: Zone[]) =>
    Math.max(
      0,
      list.findIndex(({ id }) => isSame(id, used)),
    );
  let active = usedIn(found);
  reveal(root, active);

  const redraw = () => {
    draw(panel);
    reveal(root, active);
  };
  const choose = (zone: Zone | undefined) => {
    if (!zone) return;
    draw(undefined);
    // The closed list is seen first: writing the month anew for another zone takes as long again. The focus comes last, so that the
    // button is described by the new zone.
    requestAnimationFrame(() =>
      setTimeout(() => {
        chooseZone(zone.id);
        panel.close();
      }),
    );
  };
  const find = () => {
    found = zonesFound(zones, query);
    active = isEmpty(query) ? usedIn(found) : 0;
    if (found.length === 0) {
      // Enter takes no guess: first an arrow must.
      found = zonesNear(zones, query);
      active = -1;
    }
    redraw();
  };
  const typed = (event: Event) => {
    query = (event.target as HTMLInputElement).value;
    find();
  };
  const pressed = (event: KeyboardEvent) => {
    const { key } = event;
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[key];
    if (event.isComposing || (step === undefined && key !== 'Enter')) return;
    event.preventDefault();
    event.stopPropagation();
    if (key === 'Enter') choose(found[active]);
    else {
      active = Math.max(0, Math.min(active + (step ?? 0), found.length - 1));
      redraw();
    }
  };
  const option = (zone: Zone, index: number, shown: string) => html`<div
    role="option"
    id=${`zone-${index}`}
    class=${index === active ? 'zone active' : 'zone'}
    aria-selected=${isSame(zone.id, shown)}
    aria-label=${nameOf(zone)}
    @click=${() => choose(zone)}
  ><b>${zone.city}</b> <span>${whereOf(zone)}</span> <span>${zone.offset}</span></div>`;
  const list = (shown: string) => html`<input
      class="input zones"
      part="input"
      role="combobox"
      aria-expanded="true"
      aria-controls="zone-list"
      aria-autocomplete="list"
      aria-activedescendant=${found[active] ? `zone-${active}` : ''}
      aria-label=${say('timeZone')}
      placeholder=${say('zoneSearch', {}, words.zoneSearch)}
      autocomplete="off"
      autocapitalize="off"
      spellcheck="false"
      enterkeyhint="done"
      @input=${typed}
      @keydown=${pressed}
    >
    <div class="zone-list" id="zone-list" role="listbox" tabindex="-1" aria-label=${say('timeZone')}>
      ${found.map((zone, index) => option(zone, index, shown))}
    </div>
    <p class="mute" aria-live="polite">${found.length > 0 ? '' : say('zoneNone', {}, words.zoneNone)}</p>`;
  const changed = (event: Event) =>
    act({ type: 'hours', hourCycle: (event.target as HTMLInputElement).checked ? 'h23' : 'h12' });

  const panel: Panel = {
    close: () => draw(undefined, '.change'),
    view: (shown, shownLocale) => {
      used = shown;
      return html`<div class="panel">
        ${isLocked ? '' : list(shown)}
        <label class="row hours"><input class=${isLocked ? 'zones' : ''} type="checkbox" ?checked=${is24(shownLocale)} @change=${changed}>${say('hours24')}</label>
      </div>`;
    },
  };
  panels.set(root, panel);
  // Coming late, they move nothing that Enter or a finger is about to take: they count from the next letter, or at once where nothing was
  // found.
  const learn = async () => {
    const lateNames = await names;
    if (!lateNames) return;
    zones = await name(lateNames);
    if (active < 0 && panels.get(root) === panel && root.querySelector('.panel')) find();
  };
  if (firstNames === undefined) void learn();
  return panel;
}

/** The last one of each widget, in view or not. */
const panels = new WeakMap<ShadowRoot, Panel>();

/** Closes the list, wherever in the widget the focus is, and not a popup around it. */
function escaped(this: ShadowRoot, event: Event): void {
  const { key, isComposing } = event as KeyboardEvent;
  if (isComposing || key !== 'Escape' || !this.querySelector('.panel')) return;
  event.preventDefault();
  event.stopPropagation();
  panels.get(this)?.close();
}

function is24(locale: string): boolean {
  const { hourCycle } = new Intl.DateTimeFormat(locale, { timeStyle: 'short' }).resolvedOptions();
  return hourCycle === 'h23' || hourCycle === 'h24';
}

const dressed = new WeakSet<ShadowRoot>();
/** The margins: what stands below, and what books and sticks to the lower edge, come along with the focus. */
const STYLES = `
.panel{display:grid;gap:.6em}
.zones{scroll-margin:1em 0 26em}
.panel p:empty{display:none}
.zone-list{max-height:15.5em;overflow:auto;overscroll-behavior:contain;border:1px solid var(--line);border-radius:var(--radius)}
.zone{display:grid;grid-template-columns:1fr auto;gap:0 .8em;padding:.5em .8em;font-size:.92em;cursor:pointer;scroll-margin:.4em;content-visibility:auto;contain-intrinsic-height:3.3em}
.zone b{font-weight:500}
.zone span{grid-column:1/-1;color:var(--mute);font-size:.9em}
.zone span:last-child{grid-area:1/2}
.zone:hover{background:var(--soft)}
.zone[aria-selected=true] b{color:var(--tint);font-weight:650}
.zone.active{background:var(--soft);box-shadow:inset 3px 0 var(--fill)}
:dir(rtl)>.zone.active{box-shadow:inset -3px 0 var(--fill)}
.hours{min-height:2.75em;cursor:pointer}
.hours input{scroll-margin:1em 0 10em}
@media (forced-colors:active){.zone.active{outline:2px solid Highlight;outline-offset:-2px}}
`;

/** Once. By a sheet, which a strict policy allows; the main script need not carry it. */
function dress(root: ShadowRoot): void {
  if (dressed.has(root)) return;
  dressed.add(root);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLES);
  root.adoptedStyleSheets.push(sheet);
  root.addEventListener('keydown', escaped);
}

/** Scrolls the list, not the page, once it is drawn. */
function reveal(root: ShadowRoot, index: number): void {
  requestAnimationFrame(() => {
    const option = root.getElementById(`zone-${index}`);
    const list = option?.parentElement;
    if (!option || !list) return;
    const [box, frame] = [option.getBoundingClientRect(), list.getBoundingClientRect()];
    if (box.top < frame.top) list.scrollTop -= frame.top - box.top;
    if (box.bottom > frame.bottom) list.scrollTop += box.bottom - frame.bottom;
  });
}

/** What is out of sight in the list is not rendered, so it has no name of its own. */
function nameOf(zone: Zone): string {
  return [zone.city, whereOf(zone), zone.offset].join(', ');
}

function whereOf({ country, name }: Zone): string {
  return [country, name].filter(Boolean).join(' · ');
}

/** Under an old name or a new one. */
function isSame(id: string, shown: string): boolean {
  return id === shown || nowCalled(id) === nowCalled(shown);
}
