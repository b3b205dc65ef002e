/**
 * The panel in which a visitor changes his clock: a list of all zones, searched by city, name and offset, and 12 or 24 hours. A
 * combobox after the ARIA Authoring Practices. A part: handed what it needs, imports nothing. Zones are read in short spans, since
 * each needs a formatter of its own, so that the page stays smooth meanwhile.
 */
import type { TemplateResult } from 'lit/html.js';
import type { World } from '../client.ts';
import type { Kit } from '../parts.ts';
import type { Scene } from '../views/scene.ts';

export const words = {
  zoneSearch: 'City or UTC offset',
  zoneNone: 'Nothing found.',
};

export interface Zone {
  /** As the platform calls it. */
  id: string;
  city: string;
  /** `Central European Standard Time` */
  name: string;
  offsetMinutes: number;
  /** What a search looks through: words in small letters, between blanks. */
  words: string;
  /** A city that has no zone of its own, listed only when somebody looks for it. */
  isAlias?: boolean;
}

export interface Panel {
  /** @param shown The zone in use. */
  view(shown: string, locale: string): TemplateResult;
  close(): void;
}

/** At most this long without handing the thread back: half a frame. */
const SPAN_MS = 8;
const HALF_YEAR_MS = 182 * 86_400_000;

/** Cities whose name the platform may know only in its old form; found by both, shown by the new one. */
const RENAMED: Record<string, string> = {
  Asmera: 'Asmara',
  Calcutta: 'Kolkata',
  'Coral Harbour': 'Atikokan',
  Enderbury: 'Kanton',
  Faeroe: 'Faroe',
  Godthab: 'Nuuk',
  Katmandu: 'Kathmandu',
  Kiev: 'Kyiv',
  Ponape: 'Pohnpei',
  Rangoon: 'Yangon',
  Saigon: 'Ho Chi Minh',
  Truk: 'Chuuk',
};

/** Great cities and countries without a zone of their own name, by the city of their zone. */
const ALIASES: Record<string, string> = {
  Amsterdam: 'Netherlands, Rotterdam, The Hague',
  Athens: 'Greece',
  Auckland: 'New Zealand, Wellington, Christchurch',
  Bangkok: 'Thailand',
  Berlin: 'Germany, Munich, Hamburg, Frankfurt, Cologne, Stuttgart',
  Bogota: 'Colombia, Medellin',
  Brussels: 'Belgium, Antwerp',
  'Buenos Aires': 'Argentina',
  Cairo: 'Egypt, Alexandria',
  Casablanca: 'Morocco, Rabat, Marrakesh',
  Chicago: 'Dallas, Houston, Austin, San Antonio, Minneapolis, New Orleans, Nashville',
  Copenhagen: 'Denmark',
  Denver: 'Salt Lake City, Albuquerque',
  Dubai: 'United Arab Emirates, Abu Dhabi',
  Dublin: 'Ireland',
  Helsinki: 'Finland',
  'Ho Chi Minh': 'Vietnam, Hanoi, Saigon',
  Istanbul: 'Turkey, Ankara',
  Jakarta: 'Indonesia',
  Jerusalem: 'Israel, Tel Aviv',
  Johannesburg: 'South Africa, Cape Town, Pretoria',
  Karachi: 'Pakistan, Lahore, Islamabad',
  Kolkata: 'India, Mumbai, Delhi, Bangalore, Chennai, Hyderabad, Pune',
  'Kuala Lumpur': 'Malaysia',
  Kyiv: 'Ukraine',
  Lagos: 'Nigeria, Abuja',
  Lima: 'Peru',
  Lisbon: 'Portugal, Porto',
  London: 'United Kingdom, England, Edinburgh, Manchester, Birmingham',
  'Los Angeles': 'San Francisco, San Diego, Seattle, Las Vegas, Portland, Silicon Valley',
  Madrid: 'Spain, Barcelona, Valencia',
  Manila: 'Philippines',
  'Mexico City': 'Mexico',
  Moscow: 'Saint Petersburg',
  Nairobi: 'Kenya',
  'New York': 'Boston, Washington, Miami, Atlanta, Philadelphia, Orlando, Charlotte',
  Oslo: 'Norway',
  Paris: 'France, Lyon, Marseille',
  Phoenix: 'Arizona',
  Prague: 'Czechia',
  Riyadh: 'Saudi Arabia, Jeddah',
  Rome: 'Italy, Milan, Naples',
  Santiago: 'Chile',
  'Sao Paulo': 'Brazil, Rio de Janeiro, Brasilia',
  Seoul: 'South Korea, Busan',
  Shanghai: 'China, Beijing, Shenzhen, Guangzhou',
  Stockholm: 'Sweden, Gothenburg',
  Sydney: 'Canberra, New South Wales',
  Tokyo: 'Japan, Osaka, Kyoto',
  Toronto: 'Montreal, Ottawa, Quebec',
  Vancouver: 'British Columbia',
  Vienna: 'Austria, Salzburg',
  Warsaw: 'Poland, Krakow',
  Zurich: 'Switzerland, Geneva, Basel, Bern',
};

/**
 * Reads the zones, then is ready to be shown.
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
  const zones = isLocked ? [] : await readZones(Intl.supportedValuesOf('timeZone'), locale, state.at, world);
  dress(root);
  let query = '';
  let found = zonesFound(zones, query);
  let active = Math.max(
    0,
    found.findIndex(({ id }) => isSame(id, state.timeZone)),
  );
  reveal(root, active);

  const redraw = () => {
    draw(panel);
    reveal(root, active);
  };
  const choose = (zone: Zone | undefined) => {
    if (!zone) return;
    panel.close();
    // The closed list is seen first: writing the month anew for another zone takes as long again.
    requestAnimationFrame(() => setTimeout(() => chooseZone(zone.id)));
  };
  const typed = (event: Event) => {
    query = (event.target as HTMLInputElement).value;
    found = zonesFound(zones, query);
    active = 0;
    redraw();
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
  /** Closes the list, not a popup around it. */
  const escaped = (event: KeyboardEvent) => {
    if (event.isComposing || event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    panel.close();
  };
  const option = (zone: Zone, index: number, shown: string) => html`<div
    role="option"
    id=${`zone-${index}`}
    class=${index === active ? 'zone active' : 'zone'}
    aria-selected=${isSame(zone.id, shown)}
    @click=${() => choose(zone)}
  ><b>${zone.city}</b><span>${zone.name}</span><span>${offsetText(zone.offsetMinutes)}</span></div>`;
  const list = (shown: string) => html`<input
      class="input zones"
      part="input"
      role="combobox"
      aria-expanded="true"
      aria-controls="zone-list"
      aria-autocomplete="list"
      aria-activedescendant=${found.length > 0 ? `zone-${active}` : ''}
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
    view: (shown, shownLocale) => html`<div class="panel" @keydown=${escaped}>
      ${isLocked ? '' : list(shown)}
      <label class="row hours"><input class=${isLocked ? 'zones' : ''} type="checkbox" ?checked=${is24(shownLocale)} @change=${changed}>${say('hours24')}</label>
    </div>`,
  };
  return panel;
}

function is24(locale: string): boolean {
  const { hourCycle } = new Intl.DateTimeFormat(locale, { timeStyle: 'short' }).resolvedOptions();
  return hourCycle === 'h23' || hourCycle === 'h24';
}

const dressed = new WeakSet<ShadowRoot>();
/** The margin of the search: the list, and what books below it, come along when it gets the focus. */
const STYLES = `
.panel{display:grid;gap:.6em}
.zones{scroll-margin:1em 0 26em}
.panel p:empty{display:none}
.zone-list{max-height:15.5em;overflow:auto;overscroll-behavior:contain;border:1px solid var(--line);border-radius:var(--radius)}
.zone{display:grid;grid-template-columns:1fr auto;gap:0 .8em;padding:.5em .8em;font-size:.92em;cursor:pointer;scroll-margin:.4em;content-visibility:auto;contain-intrinsic-height:3.3em}
.zone b{font-weight:500}
.zone span{color:var(--mute);font-size:.9em}
.zone span:last-child{grid-area:1/2}
.zone:hover{background:var(--soft)}
.zone[aria-selected=true] b{color:var(--tint);font-weight:650}
.zone.active{background:var(--soft);box-shadow:inset 3px 0 var(--fill)}
:dir(rtl)>.zone.active{box-shadow:inset -3px 0 var(--fill)}
.hours{min-height:2.75em;cursor:pointer}
@media (forced-colors:active){.zone.active{outline:2px solid Highlight;outline-offset:-2px}}
`;

/** By a sheet, which a strict policy allows; the main script need not carry it. */
function dress(root: ShadowRoot): void {
  if (dressed.has(root)) return;
  dressed.add(root);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLES);
  root.adoptedStyleSheets.push(sheet);
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

/** All zones and aliases, west to east, then by city. */
export async function readZones(
  ids: readonly string[],
  locale: string,
  at: number,
  { now, rest }: Pick<World, 'now' | 'rest'>,
): Promise<Zone[]> {
  const all: Zone[] = [];
  let until = now() + SPAN_MS;
  for (const id of new Set([...ids, 'UTC'])) {
    const zone = readZone(id, locale, at);
    all.push(zone);
    const aliases = ALIASES[zone.city]?.split(', ') ?? [];
    for (const city of aliases) all.push({ ...zone, city, words: wordsOf(city, zone.words), isAlias: true });
    if (now() < until) continue;
    await rest();
    until = now() + SPAN_MS;
  }
  return all.sort((a, b) => a.offsetMinutes - b.offsetMinutes || (a.city < b.city ? -1 : 1));
}

function readZone(id: string, locale: string, at: number): Zone {
  const shape = { timeZone: id, hourCycle: 'h23', timeZoneName: 'long' } as const;
  const digits = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const;
  const format = new Intl.DateTimeFormat(`${locale.split('-u-')[0]}-u-ca-gregory-nu-latn`, { ...shape, ...digits });
  const read = (when: number) => Object.fromEntries(format.formatToParts(when).map(({ type, value }) => [type, value]));
  const { year, month, day, hour, minute, timeZoneName = '' } = read(at);
  const clock = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute));
  const offsetMinutes = Math.round((clock - (at - (at % 60_000))) / 60_000);
  const city = nowCalled(id);
  const old = Object.keys(RENAMED).find((name) => RENAMED[name] === city) ?? '';
  const names = [timeZoneName, read(at + HALF_YEAR_MS).timeZoneName ?? ''];
  const shorts = names.flatMap((name) => [initials(name), initials(name.replace(/standard|summer|daylight/i, ''))]);
  const utc = id === 'UTC' ? ['gmt', 'greenwich'] : [];
  const words = wordsOf(city, old, id.replaceAll('/', ' '), ...names, ...shorts, ...utc);
  return { id, city, name: timeZoneName, offsetMinutes, words };
}

/** `Argentina, Buenos Aires` for `America/Argentina/Buenos_Aires`. */
export function cityOf(timeZone: string): string {
  return timeZone
    .replace(/^\w+\//, '')
    .replaceAll('_', ' ')
    .replace('/', ', ');
}

function initials(name: string): string {
  return name
    .split(/[\s-]+/)
    .map(([first = '']) => first)
    .join('');
}

/** Small, without accents, between blanks, so that ` par` finds words that begin so. */
function wordsOf(...texts: string[]): string {
  return ` ${plain(texts.join(' '))} `;
}

function plain(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}+:-]+/gu, ' ')
    .trim();
}

/** Those whose words begin with each word of the query; an offset (`+5:30`, `UTC-3`, `gmt 1`) is compared as a number. */
export function zonesFound(zones: readonly Zone[], query: string): Zone[] {
  const text = query.replace(/[−–]/g, '-');
  const offset = /^\s*(?:(?:utc|gmt)\s*([+-]?)|([+-]))\s*(\d{1,2})(?:[:.]?(\d{2})|[.,](\d))?\s*$/i.exec(text);
  if (offset) return zones.filter(({ offsetMinutes, isAlias }) => !isAlias && hasOffset(offsetMinutes, offset));
  const wanted = plain(text).split(' ').filter(Boolean);
  if (wanted.length === 0) return zones.filter(({ isAlias }) => !isAlias);
  const all = zones.filter(({ words }) => wanted.every((word) => words.includes(` ${word}`)));
  const isCity = ({ city }: Zone) => plain(city).startsWith(wanted.join(' '));
  return [...all.filter(isCity), ...all.filter((zone) => !isCity(zone) && !zone.isAlias)];
}

/** `+5` finds all of that hour, `+5:30` and `+5.5` that one. */
function hasOffset(offsetMinutes: number, [, named, alone, hours, minutes, tenth]: RegExpExecArray): boolean {
  const sign = (named || alone) === '-' ? -1 : 1;
  const wanted = Number(hours) * 60;
  const found = offsetMinutes * sign;
  if (minutes) return found === wanted + Number(minutes);
  if (tenth) return found === wanted + Number(tenth) * 6;
  return found >= wanted && found < wanted + 60;
}

function offsetText(minutes: number): string {
  const rest = Math.abs(minutes) % 60;
  const hours = Math.floor(Math.abs(minutes) / 60);
  return `GMT${minutes < 0 ? '−' : '+'}${hours}${rest ? `:${String(rest).padStart(2, '0')}` : ''}`;
}

function nowCalled(timeZone: string): string {
  const city = cityOf(timeZone);
  return RENAMED[city] ?? city;
}

/** Under an old name or a new one. */
function isSame(id: string, shown: string): boolean {
  return id === shown || nowCalled(id) === nowCalled(shown);
}
