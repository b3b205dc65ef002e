/**
 * The search in the list of zones: by city, country, state, name in words and initials, offset; whatever the accents, the case and the
 * digits. What Enter would take stands first, so whole names come before whole words, and these before beginnings.
 */

export interface Zone {
  /** As the platform calls it. */
  id: string;
  /** In the visitor's language. */
  city: string;
  country: string;
  /** `Central European Standard Time` */
  name: string;
  offsetMinutes: number;
  /** `GMT+1` */
  offset: string;
  /** Each as `plain` writes it: the city and, of a main entry, the country, under all their names. */
  names: string[];
  /** What a search looks through: plain words between blanks. */
  words: string;
  /** Comes before others that match as well: for how many more places it stands, which is about as many as look for it. */
  weight: number;
  /** Then: 0 for the chief zone of a country. */
  order: number;
  /** A place that has no zone of its own, listed only when somebody looks for it. */
  isAlias?: boolean;
}

/** Letters that are no letter with an accent, as people type them who have them not; in Arabic, what is often written alike. */
const FOLDED: Record<string, string> = {
  ß: 'ss',
  ø: 'o',
  ł: 'l',
  æ: 'ae',
  œ: 'oe',
  đ: 'd',
  ı: 'i',
  ة: 'ه',
  ى: 'ي',
  ی: 'ي',
  ک: 'ك',
};

/** Small, without accents and points, words parted by one blank. */
export function plain(text: string): string {
  return latinDigits(text)
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\p{M}\p{Cf}.ـ]/gu, '')
    .replace(/[ßøłæœđıةىیک]/g, (letter) => FOLDED[letter] ?? letter)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .replace(/\bst (?=.)/g, 'saint ');
}

/** Plain, and as it is written without umlauts or looked for without the Arabic article. */
export function spellings(name: string): string[] {
  const written = plain(name);
  const other = /[äöü]/i.test(name) ? plain(name.replace(/[äöü]/gi, '$&e')) : written.replace(/(^| )ال(?=..)/g, '$1');
  return other === written ? [written] : [written, other];
}

/** `+3` for `+٣`: any script's digits stand in rows of ten, from zero on. */
function latinDigits(text: string): string {
  return text.replace(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    let value = 0;
    while (/\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value += 1;
    return String(value % 10);
  });
}

/** Those whose words begin with each word of the query, the closest first; an offset (`+5:30`, `UTC-3`, `gmt 1`) is compared as a number. */
export function zonesFound(zones: readonly Zone[], query: string): Zone[] {
  const text = latinDigits(query)
    .replace(/\p{Cf}/gu, '')
    .replace(/[−–]/g, '-');
  const offset = /^\s*\(?(?:[\p{L}/]*\s*([+-])|utc|gmt)\s*(\d{1,2})(?:[:.]?([0-5]\d)|[.,٫](\d{1,2}))?\)?\s*$/iu.exec(
    text,
  );
  if (offset) {
    const found = zones.filter(({ offsetMinutes, isAlias }) => !isAlias && hasOffset(offsetMinutes, offset));
    // `-3` means the whole hour before 3:30.
    const isPart = ({ offsetMinutes }: Zone) => Number(offsetMinutes % 60 !== 0);
    return found.toSorted((a, b) => isPart(a) - isPart(b));
  }
  return closest(zones, wordsIn(text));
}

/** Where nothing has all words of the query: what has the first ones. A guess, which nobody should have to undo. */
export function zonesNear(zones: readonly Zone[], query: string): Zone[] {
  const wanted = wordsIn(query);
  let found: Zone[] = [];
  while (found.length === 0 && wanted.pop() && wanted.length > 0) found = closest(zones, wanted);
  return found;
}

/** Nothing that anything could be found by. */
export function isEmpty(query: string): boolean {
  return wordsIn(query).length === 0;
}

function wordsIn(query: string): string[] {
  return plain(query).split(' ').filter(Boolean);
}

function closest(zones: readonly Zone[], wanted: string[]): Zone[] {
  if (wanted.length === 0) return zones.filter(({ isAlias }) => !isAlias);
  const found = zones.flatMap((zone) => {
    const distance = distanceOf(zone, wanted);
    return distance === undefined ? [] : [{ zone, distance }];
  });
  // Of a city without a zone, the one that gives its clock need not stand below.
  const nearest: Record<string, number> = {};
  for (const { zone, distance } of found)
    if (zone.isAlias) nearest[zone.id] = Math.min(distance, nearest[zone.id] ?? distance);
  return found
    .filter(({ zone, distance }) => zone.isAlias || distance <= (nearest[zone.id] ?? distance))
    .sort((a, b) => a.distance - b.distance || b.zone.weight - a.zone.weight || a.zone.order - b.zone.order)
    .map(({ zone }) => zone);
}

/**
 * 0 for a whole name, then: a name's first words; whole words, the first of them of a name, or elsewhere; a name's beginning; beginnings
 * of words, the first of a name, or elsewhere. Undefined: not it.
 */
function distanceOf({ names, words, isAlias }: Zone, wanted: string[]): number | undefined {
  const begins = (text: string, word: string) => ` ${text} `.includes(` ${word}`);
  if (!wanted.every((word) => begins(words, word))) return undefined;
  if (isAlias && !wanted.some((word) => names.some((name) => begins(name, word)))) return undefined;
  const query = wanted.join(' ');
  const [first = ''] = wanted;
  if (names.includes(query)) return 0;
  if (names.some((name) => name.startsWith(`${query} `))) return 1;
  if (wanted.every((word) => begins(words, `${word} `))) return names.some((name) => begins(name, `${first} `)) ? 2 : 3;
  if (names.some((name) => name.startsWith(query))) return 4;
  return names.some((name) => begins(name, first)) ? 5 : 6;
}

/** `+5` finds all of that hour, `+5:30` and `+5.5` that one. */
function hasOffset(offsetMinutes: number, [, sign, hours, minutes, part]: RegExpExecArray): boolean {
  const wanted = Number(hours) * 60;
  const found = sign === '-' ? -offsetMinutes : offsetMinutes;
  if (minutes) return found === wanted + Number(minutes);
  if (part) return found === wanted + Number(`0.${part}`) * 60;
  return found >= wanted && found < wanted + 60;
}
