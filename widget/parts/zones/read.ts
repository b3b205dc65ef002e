/**
 * Reads the platform's zones: each with its place and country in the visitor's language, its name, its offset at a moment, and what
 * it may be looked for by. In short spans, since each needs a formatter of its own, so that the page stays smooth meanwhile.
 */
import type { World } from '../../client.ts';
import { ALIASES, ALSO, readCountries, RENAMED } from './places.ts';
import { plain, spellings, type Zone } from './search.ts';

/** At most this long without handing the thread back: half a frame. */
const SPAN_MS = 8;
const HALF_YEAR_MS = 182 * 86_400_000;

/** One of the platform's zones at a moment. */
export interface Clock {
  id: string;
  name: string;
  /** Half a year later. */
  laterName: string;
  offsetMinutes: number;
}

/** Those of all zones: what takes longest, and needs no name of a place. */
export function readClocks(ids: readonly string[], locale: string, at: number, turns: Turns): Promise<Clock[]> {
  return inSpans(new Set([...ids, 'UTC']), turns, (id) => [readClock(id, locale, at)]);
}

/**
 * All zones and aliases, west to east, then by city.
 * @param placeNames As `names.ts` says; the first of each place is shown, by all of them it is found.
 */
export async function readZones(
  clocks: readonly Clock[],
  locale: string,
  at: number,
  turns: Turns,
  placeNames = '',
): Promise<Zone[]> {
  const all = await inSpans(clocks, turns, zoneReader(locale, at, placeNames));
  const { compare } = new Intl.Collator(locale);
  return all.sort((a, b) => a.offsetMinutes - b.offsetMinutes || compare(a.city, b.city));
}

type Turns = Pick<World, 'now' | 'rest'>;

async function inSpans<Item, Read>(
  items: Iterable<Item>,
  { now, rest }: Turns,
  read: (item: Item) => Read[],
): Promise<Read[]> {
  let until = now() + SPAN_MS;
  const all: Read[] = [];
  for (const item of items) {
    all.push(...read(item));
    if (now() < until) continue;
    await rest();
    until = now() + SPAN_MS;
  }
  return all;
}

/** A function that reads one zone and its aliases; what many zones share is found out once, when it is first needed. */
function zoneReader(locale: string, at: number, placeNames: string): (clock: Clock) => Zone[] {
  const local = Object.fromEntries(
    placeNames.split(/,\s+/).map((pair) => {
      const [place = '', names = ''] = pair.split('=');
      return [place, names.split('/')];
    }),
  );
  const isEnglish = locale.startsWith('en');
  const countries = readCountries();
  const regions = [locale, 'en'].flatMap((tag) =>
    (['long', 'short'] as const).map((style) => new Intl.DisplayNames(tag, { type: 'region', style })),
  );
  const shownAs = (place: string): string => local[place]?.[0] ?? place;
  const namesOf = (places: string[]) =>
    [...new Set(places.flatMap((place) => [...(local[place] ?? []), place]))].flatMap(spellings);

  const countryNames = once((code: string) => {
    const names = regions.map((region) => region.of(code) ?? '');
    return { country: names[0] ?? '', names: [...names.flatMap(spellings), ...namesOf(listed(ALSO[code]))] };
  });
  const offsets = once((_minutes: number, id: string) => {
    const [offset = ''] = namesOfZone(id, locale, 'shortOffset', [at]);
    return offset.replace('-', '−');
  });
  /** Once for all zones that are called alike: in words, and `CET` and `CEST`, as all languages know them, and what this one says instead. */
  const timeNames = once((name: string, id: string) => {
    const names = name.split('|');
    const english = isEnglish ? [] : namesOfZone(id, 'en', 'long', [at, at + HALF_YEAR_MS]);
    const short = (isEnglish ? names : english).map((each) => [
      initials(each),
      initials(each.replace(/standard|summer|daylight/i, '')),
    ]);
    return [...[...names, ...english].map(plain), ...namesOf(short.flat())];
  });

  return ({ id, name, laterName, offsetMinutes }) => {
    const place = placeOf(id);
    const { code, order } = countries.get(place) ?? { code: '', order: countries.size };
    const { country, names } = code ? countryNames(code) : { country: '', names: [] };
    const old = Object.keys(RENAMED).find((each) => RENAMED[each] === place) ?? place;
    const title = nowCalled(id);
    const city = title === place ? shownAs(place) : title;
    const offset = offsets(offsetMinutes, id);
    const zone = { id, city, country: country === city ? '' : country, name, offsetMinutes, offset, order };
    const times = timeNames(`${name}|${laterName}`, id);
    const cityNames = namesOf([title, place, old, ...(id === 'UTC' ? ['GMT', 'Greenwich'] : [])]);
    const aliases = listed(ALIASES[place]);
    return [
      {
        ...zone,
        weight: aliases.length,
        names: [...cityNames, ...names],
        words: wordsOf(cityNames, names, times, namesOf(aliases), [plain(id)]),
      },
      ...aliases.map((alias): Zone => {
        const own = namesOf([alias]);
        const words = wordsOf(own, names, times);
        return { ...zone, city: shownAs(alias), names: own, words, weight: 0.5, isAlias: true };
      }),
    ];
  };
}

function readClock(id: string, locale: string, at: number): Clock {
  const shape = { timeZone: id, hourCycle: 'h23', timeZoneName: 'long' } as const;
  const digits = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const;
  const format = new Intl.DateTimeFormat(`${locale.split('-u-')[0]}-u-ca-gregory-nu-latn`, { ...shape, ...digits });
  const read = (when: number) => Object.fromEntries(format.formatToParts(when).map(({ type, value }) => [type, value]));
  const { year, month, day, hour, minute, timeZoneName = '' } = read(at);
  const clock = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute));
  return {
    id,
    name: timeZoneName,
    laterName: read(at + HALF_YEAR_MS).timeZoneName ?? '',
    offsetMinutes: Math.round((clock - (at - (at % 60_000))) / 60_000),
  };
}

function namesOfZone(
  timeZone: string,
  locale: string,
  timeZoneName: Intl.DateTimeFormatOptions['timeZoneName'],
  whens: number[],
): string[] {
  const format = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName });
  return whens.map((when) => format.formatToParts(when).find(({ type }) => type === 'timeZoneName')?.value ?? '');
}

/** Remembers each answer by the first argument. */
function once<Key, Rest extends unknown[], Value>(find: (key: Key, ...rest: Rest) => Value) {
  const known = new Map<Key, Value>();
  return (key: Key, ...rest: Rest): Value => {
    const value = known.get(key) ?? find(key, ...rest);
    known.set(key, value);
    return value;
  };
}

function listed(text = ''): string[] {
  return text.split(', ').filter(Boolean);
}

function wordsOf(...names: string[][]): string {
  return ` ${names.flat().join(' ')} `;
}

function initials(name: string): string {
  return name
    .split(/[\s-]+/)
    .map(([first = '']) => first)
    .join('');
}

/** `Argentina, Buenos Aires` for `America/Argentina/Buenos_Aires`. */
export function cityOf(timeZone: string): string {
  return timeZone
    .replace(/^\w+\//, '')
    .replaceAll('_', ' ')
    .replace('/', ', ');
}

/** `Buenos Aires` */
function placeOf(timeZone: string): string {
  const place = cityOf(timeZone).replace(/^.*, /, '');
  return RENAMED[place] ?? place;
}

export function nowCalled(timeZone: string): string {
  const city = cityOf(timeZone);
  return RENAMED[city] ?? city;
}
