/**
 * The search for a zone: by city in its old and new name, by country, state, name in words and initials, by offset; in English and in the
 * visitor's language, with his digits. What stands first is what Enter takes.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadPlaceNames } from '../../widget/parts/zones/names.ts';
import { cityOf, readClocks, readZones } from '../../widget/parts/zones/read.ts';
import { LANGUAGES, type Language } from '../../widget/texts/languages.ts';
import * as ar from '../../widget/parts/places-ar.ts';
import * as de from '../../widget/parts/places-de.ts';
import * as es from '../../widget/parts/places-es.ts';
import * as fr from '../../widget/parts/places-fr.ts';
import * as it from '../../widget/parts/places-it.ts';
import * as nl from '../../widget/parts/places-nl.ts';
import * as pt from '../../widget/parts/places-pt.ts';
import { ALIASES, ALSO, readCountries } from '../../widget/parts/zones/places.ts';
import { plain, zonesFound, zonesNear } from '../../widget/parts/zones/search.ts';

/** Not on the minute, as no visitor is. */
const JANUARY = Date.parse('2027-01-15T12:00:47.5Z');
const JULY = Date.parse('2027-07-15T12:00Z');
const still = { now: () => 0, rest: () => Promise.resolve() };
/** Under the names that older platforms know; newer ones have Asia/Kolkata and Europe/Kyiv. */
const OLD = Intl.supportedValuesOf('timeZone');
const NEW = OLD.map((id) => ({ 'Asia/Calcutta': 'Asia/Kolkata', 'Europe/Kiev': 'Europe/Kyiv' })[id] ?? id);
const read = async (ids: readonly string[], tag: string, at: number, placeNames?: string) =>
  readZones(await readClocks(ids, tag, at, still), tag, at, still, placeNames);
const zones = await read(OLD, 'en-US', JANUARY);
const summer = await read(OLD, 'en-US', JULY);
const renamed = await read(NEW, 'en-US', JANUARY);
const PARTS = { ar, de, es, fr, it, nl, pt };
const inLanguage = (language: Language, tag: string) => read(OLD, tag, JANUARY, PARTS[language].places);
const german = await inLanguage('de', 'de-AT-u-ca-gregory');
const local: Record<string, typeof zones> = {
  en: zones,
  de: german,
  fr: await inLanguage('fr', 'fr'),
  es: await inLanguage('es', 'es-MX'),
  it: await inLanguage('it', 'it-IT'),
  nl: await inLanguage('nl', 'nl-NL'),
  pt: await inLanguage('pt', 'pt-PT'),
  ar: await inLanguage('ar', 'ar-EG-u-ca-gregory'),
};

const firsts: [query: string, city: string, zone: string, from?: typeof zones][] = [
  ['berlin', 'Berlin', 'Europe/Berlin'],
  ['central', 'Central Time', 'America/Chicago'],
  ['Central time', 'Central Time', 'America/Chicago'],
  ['pacific time', 'Los Angeles', 'America/Los_Angeles'],
  ['mountain time', 'Denver', 'America/Denver'],
  ['eastern', 'New York', 'America/New_York'],
  ['new y', 'New York', 'America/New_York'],
  ['New_York', 'New York', 'America/New_York'],
  ['america/new_york', 'New York', 'America/New_York'],
  ['kolkata', 'Kolkata', 'Asia/Calcutta'],
  ['Calcutta', 'Kolkata', 'Asia/Calcutta'],
  ['kolkata', 'Kolkata', 'Asia/Kolkata', renamed],
  ['calcutta', 'Kolkata', 'Asia/Kolkata', renamed],
  ['kyiv', 'Kyiv', 'Europe/Kiev'],
  ['kiev', 'Kyiv', 'Europe/Kiev'],
  ['kiev', 'Kyiv', 'Europe/Kyiv', renamed],
  ['são paulo', 'Sao Paulo', 'America/Sao_Paulo'],
  ['mumbai', 'Mumbai', 'Asia/Calcutta'],
  ['mumbai', 'Mumbai', 'Asia/Kolkata', renamed],
  ['san fran', 'San Francisco', 'America/Los_Angeles'],
  ['munich', 'Munich', 'Europe/Berlin'],
  ['germany', 'Berlin', 'Europe/Berlin'],
  ['nepal time', 'Kathmandu', 'Asia/Katmandu'],
  ['mitteleuropäische', 'Berlin', 'Europe/Berlin', german],
];
for (const [query, city, id, from = zones] of firsts) {
  test(`${query} ⇒ first ${city}, ${id}`, () => {
    const [found] = zonesFound(from, query);
    assert.deepEqual([found?.city, found?.id], [city, id]);
  });
}

const mothers: [language: string, query: string, city: string, zone: string][] = [
  ['en', 'New York City', 'New York City', 'America/New_York'],
  ['en', 'Paris, France', 'Paris', 'Europe/Paris'],
  ['en', 'Berlin, Germany', 'Berlin', 'Europe/Berlin'],
  ['en', 'Munich, Germany', 'Munich', 'Europe/Berlin'],
  ['en', 'London, UK', 'London', 'Europe/London'],
  ['en', 'Washington, D.C.', 'Washington DC', 'America/New_York'],
  ['en', 'Washington', 'Washington', 'America/New_York'],
  ['en', 'USA', 'New York', 'America/New_York'],
  ['en', 'united states', 'New York', 'America/New_York'],
  ['en', 'Denver USA', 'Denver', 'America/Denver'],
  ['en', 'Texas', 'Texas', 'America/Chicago'],
  ['en', 'California', 'California', 'America/Los_Angeles'],
  ['en', 'UK', 'London', 'Europe/London'],
  ['en', 'U.K.', 'London', 'Europe/London'],
  ['en', 'ukr', 'Kyiv', 'Europe/Kiev'],
  ['en', 'St. Petersburg', 'Saint Petersburg', 'Europe/Moscow'],
  ['en', "St. John's", 'St Johns', 'America/St_Johns'],
  ['en', 'India', 'Kolkata', 'Asia/Calcutta'],
  ['en', 'Australia', 'Sydney', 'Australia/Sydney'],
  ['en', 'Turkey', 'Istanbul', 'Europe/Istanbul'],
  ['en', 'mexico', 'Mexico City', 'America/Mexico_City'],
  ['en', 'new', 'New York', 'America/New_York'],
  ['en', 'EST', 'New York', 'America/New_York'],
  ['en', 'CST', 'Chicago', 'America/Chicago'],
  ['en', 'PST', 'Los Angeles', 'America/Los_Angeles'],
  ['en', 'LA', 'LA', 'America/Los_Angeles'],
  ['en', 'NZ', 'Auckland', 'Pacific/Auckland'],
  ['en', 'US', 'New York', 'America/New_York'],
  ['en', 'par', 'Paris', 'Europe/Paris'],
  ['en', 'argentina', 'Buenos Aires', 'America/Buenos_Aires'],
  ['de', 'Wien', 'Wien', 'Europe/Vienna'],
  ['de', 'vienna', 'Wien', 'Europe/Vienna'],
  ['de', 'Deutschland', 'Berlin', 'Europe/Berlin'],
  ['de', 'München', 'München', 'Europe/Berlin'],
  ['de', 'munchen', 'München', 'Europe/Berlin'],
  ['de', 'Muenchen', 'München', 'Europe/Berlin'],
  ['de', 'Mailand', 'Mailand', 'Europe/Rome'],
  ['de', 'Mailand, Italien', 'Mailand', 'Europe/Rome'],
  ['de', 'Schweiz', 'Zürich', 'Europe/Zurich'],
  ['de', 'Kairo', 'Kairo', 'Africa/Cairo'],
  ['de', 'Kopenhagen', 'Kopenhagen', 'Europe/Copenhagen'],
  ['de', 'Warschau', 'Warschau', 'Europe/Warsaw'],
  ['de', 'Grossbritannien', 'London', 'Europe/London'],
  ['de', 'Eastern Time', 'New York', 'America/New_York'],
  ['fr', 'Londres', 'Londres', 'Europe/London'],
  ['fr', 'Genève', 'Genève', 'Europe/Zurich'],
  ['fr', 'Suisse', 'Zurich', 'Europe/Zurich'],
  ['fr', 'Allemagne', 'Berlin', 'Europe/Berlin'],
  ['fr', 'Varsovie', 'Varsovie', 'Europe/Warsaw'],
  ['fr', 'pekin', 'Pékin', 'Asia/Shanghai'],
  ['fr', 'Bruxelles', 'Bruxelles', 'Europe/Brussels'],
  ['fr', 'petersbourg', 'Saint-Pétersbourg', 'Europe/Moscow'],
  ['es', 'Londres', 'Londres', 'Europe/London'],
  ['es', 'España', 'Madrid', 'Europe/Madrid'],
  ['es', 'Nueva York', 'Nueva York', 'America/New_York'],
  ['es', 'Ciudad de México', 'Ciudad de México', 'America/Mexico_City'],
  ['es', 'CDMX', 'Ciudad de México', 'America/Mexico_City'],
  ['it', 'Roma', 'Roma', 'Europe/Rome'],
  ['it', 'Londra', 'Londra', 'Europe/London'],
  ['it', 'Parigi', 'Parigi', 'Europe/Paris'],
  ['it', 'Milano', 'Milano', 'Europe/Rome'],
  ['nl', 'Parijs', 'Parijs', 'Europe/Paris'],
  ['nl', 'Londen', 'Londen', 'Europe/London'],
  ['nl', 'Nederland', 'Amsterdam', 'Europe/Amsterdam'],
  ['pt', 'Lisboa', 'Lisboa', 'Europe/Lisbon'],
  ['pt', 'Londres', 'Londres', 'Europe/London'],
  ['pt', 'Nova Iorque', 'Nova York', 'America/New_York'],
  ['ar', 'الرياض', 'الرياض', 'Asia/Riyadh'],
  ['ar', 'رياض', 'الرياض', 'Asia/Riyadh'],
  ['ar', 'القاهرة', 'القاهرة', 'Africa/Cairo'],
  ['ar', 'القاهره', 'القاهرة', 'Africa/Cairo'],
  ['ar', 'دبي', 'دبي', 'Asia/Dubai'],
  ['ar', 'ابوظبي', 'أبو ظبي', 'Asia/Dubai'],
  ['ar', 'لندن', 'لندن', 'Europe/London'],
  ['ar', 'مصر', 'القاهرة', 'Africa/Cairo'],
];
for (const [language, query, city, id] of mothers) {
  test(`${language}, ${query} ⇒ first ${city}, ${id}`, () => {
    const [found] = zonesFound(local[language] ?? [], query);
    assert.deepEqual([found?.city, found?.id], [city, id]);
  });
}

test('of a country each zone is found, and Madrid is known by its land', () => {
  const found = zonesFound(local.es ?? [], 'españa');
  assert.deepEqual(
    found.map(({ city, country }) => `${city}, ${country}`),
    ['Madrid, España', 'Canarias, España', 'Ceuta, España'],
  );
});

test('a city of a country that is a city is not named twice', () => {
  assert.equal(zones.find(({ id }) => id === 'Asia/Singapore')?.country, '');
});

const guesses: [query: string, among: string | undefined][] = [
  ['Paris, Texas', 'Europe/Paris'],
  ['London Underground', 'Europe/London'],
  ['new york stock exchange', 'America/New_York'],
  ['Springfield, Illinois', undefined],
  ['atlantis', undefined],
];
for (const [query, id] of guesses) {
  test(`${query} ⇒ nothing surely, ${id ?? 'nothing'} near it`, () => {
    assert.deepEqual(zonesFound(zones, query), []);
    assert.equal(zonesNear(zones, query)[0]?.id, id);
  });
}

for (const query of ['+3', '+٣', 'UTC+٣', '+۳', 'غرينتش+٣', '\u061c+٣', '+३']) {
  test(`${query} ⇒ whatever +3 gives`, () => {
    const found = zonesFound(local.ar ?? [], query).map(({ id }) => id);
    assert.ok(found.includes('Asia/Riyadh'));
    assert.deepEqual(
      found,
      zonesFound(local.ar ?? [], 'utc 3').map(({ id }) => id),
    );
  });
}

const offsetTexts: [language: string, zone: string, text: string][] = [
  ['en', 'America/New_York', 'GMT−5'],
  ['en', 'Asia/Calcutta', 'GMT+5:30'],
  ['fr', 'America/New_York', 'UTC−5'],
  ['ar', 'Asia/Riyadh', 'غرينتش+٣'],
  ['ar', 'Asia/Calcutta', 'غرينتش+٥:٣٠'],
];
for (const [language, id, text] of offsetTexts) {
  test(`${language}, ${id} ⇒ ${text}`, () => {
    const offset = local[language]?.find((zone) => zone.id === id)?.offset;
    assert.equal(offset?.replace(/\p{Cf}/gu, ''), text);
  });
}

const FOLDER = 'https://book.example.com/v/c0ffee00/';
const loads: [locale: string, from: string, part: string | undefined][] = [
  ['de-AT-u-ca-gregory-hc-h23', 'zones.js', 'places-de.js'],
  ['ar-EG', 'zones.js?7', 'places-ar.js'],
  ['pt-BR', 'zones.js', 'places-pt.js'],
  ['en-GB', 'zones.js', undefined],
  ['sv', 'zones.js', undefined],
];
for (const [locale, from, part] of loads) {
  test(`${locale}, the list from ${from} ⇒ ${part ?? 'nothing'} is asked for, once`, async () => {
    const asked: string[] = [];
    const load = (url: string) => Promise.resolve(asked.push(url)).then(() => ({ places: 'Vienna=Wien' }));
    assert.equal(await loadPlaceNames(locale, { load }, FOLDER + from), part ? 'Vienna=Wien' : '');
    assert.deepEqual(asked, part ? [FOLDER + part] : []);
    const refuse = (url: string) => Promise.reject(new TypeError(String(asked.push(url))));
    assert.equal(await loadPlaceNames(locale, { load: refuse }, FOLDER + from), '');
    assert.equal(asked.length, part ? 2 : 0);
  });
}

test('each language but English has a part with its names', async () => {
  for (const language of LANGUAGES) {
    const load = () => Promise.resolve(PARTS[language]);
    assert.equal(await loadPlaceNames(language, { load }, FOLDER), PARTS[language].places, language);
  }
});

const unnamed: [query: string, city: string | undefined][] = [
  ['vienna', 'Vienna'],
  ['Österreich', 'Vienna'],
  ['Deutschland', 'Berlin'],
  ['Wien', undefined],
];
const withoutNames = await read(OLD, 'de-AT', JANUARY, '');
for (const [query, city] of unnamed) {
  test(`de without names, ${query} ⇒ ${city ?? 'nothing'}`, () =>
    assert.equal(zonesFound(withoutNames, query)[0]?.city, city));
}

test('each place that a language calls otherwise is one that the table has, or the short name of a zone', () => {
  const places = [
    ...readCountries().keys(),
    ...Object.values({ ...ALIASES, ...ALSO }).flatMap((all) => all.split(', ')),
  ];
  for (const language of LANGUAGES) {
    const named = PARTS[language].places.split(/,\s+/).map((pair) => pair.split('=')[0] ?? '');
    assert.deepEqual(
      named.filter((place) => !places.includes(place) && !/^[CEW]ES?T$/.test(place)),
      [],
      language,
    );
  }
});

test('each zone that the table has, the platform has too', () => {
  const names = new Set(zones.flatMap((zone) => (zone.isAlias ? [] : zone.names)));
  const lost = [...readCountries().keys(), ...Object.keys(ALIASES)].filter((place) => !names.has(plain(place)));
  assert.deepEqual(lost, []);
});

const amongs: [query: string, zone: string, from?: typeof zones][] = [
  ['EST', 'America/New_York'],
  ['edt', 'America/New_York'],
  ['PT', 'America/Los_Angeles'],
  ['CET', 'Europe/Paris'],
  ['cest', 'Europe/Paris', summer],
  ['ist', 'Asia/Calcutta'],
  ['pacific standard', 'America/Los_Angeles'],
  ['europe par', 'Europe/Paris'],
  ['+5:30', 'Asia/Calcutta'],
  ['UTC+05:30', 'Asia/Calcutta'],
  ['gmt +5.5', 'Asia/Calcutta'],
  ['+5:45', 'Asia/Katmandu'],
  ['+5.75', 'Asia/Katmandu'],
  ['(UTC+05:45)', 'Asia/Katmandu'],
  ['UTC/GMT +5:45', 'Asia/Katmandu'],
  ['utc-3:30', 'America/St_Johns'],
  ['−8', 'America/Los_Angeles'],
  ['-7', 'America/Los_Angeles', summer],
  ['MEZ', 'Europe/Vienna', german],
  ['mesz', 'Europe/Vienna', german],
  ['EST', 'America/New_York', german],
  ['gmt', 'UTC'],
  ['utc', 'UTC'],
  ['utc 0', 'UTC'],
];
for (const [query, id, from = zones] of amongs) {
  test(`${query} ⇒ among them ${id}`, () => assert.ok(zonesFound(from, query).some((zone) => zone.id === id)));
}

const offsets: [query: string, minutes: number[]][] = [
  ['+5', [300, 330, 345]],
  ['+5:30', [330]],
  ['-3', [-180, -210]],
  ['UTC+14', [840]],
  ['+15', []],
];
for (const [query, minutes] of offsets) {
  test(`${query} ⇒ offsets ${minutes.join(', ') || 'none'}`, () => {
    const found = new Set(zonesFound(zones, query).map(({ offsetMinutes }) => offsetMinutes));
    assert.deepEqual(found, new Set(minutes));
  });
}

test('an offset in hours ⇒ those of whole hours first, west of Greenwich too', () => {
  const first = (query: string) => zonesFound(zones, query)[0]?.offsetMinutes;
  assert.deepEqual(['-3', 'UTC-9', '+5', '+9'].map(first), [-180, -540, 300, 540]);
});

test('nothing typed ⇒ every zone of the platform and UTC once, west to east, no city of another', () => {
  const found = zonesFound(zones, ' ');
  assert.deepEqual(found.map(({ id }) => id).toSorted(), [...new Set([...OLD, 'UTC'])].toSorted());
  assert.deepEqual(
    found.map(({ offsetMinutes }) => offsetMinutes),
    found.map(({ offsetMinutes }) => offsetMinutes).toSorted((a, b) => a - b),
  );
});

test('nonsense ⇒ nothing', () => assert.deepEqual(zonesFound(zones, 'atlantis'), []));

test('an offset is that of the moment: New York −5 in January, −4 in July', () => {
  const of = (all: typeof zones) => all.find(({ id }) => id === 'America/New_York')?.offsetMinutes;
  assert.deepEqual([of(zones), of(summer)], [-300, -240]);
});

test('the thread is handed back between spans', async () => {
  let time = 0;
  let rests = 0;
  const world = { now: () => (time += 1), rest: () => Promise.resolve((rests += 1)) };
  const clocks = await readClocks(OLD, 'en', JANUARY, world);
  assert.ok(rests > OLD.length / 20, `${rests} times for the clocks`);
  rests = 0;
  await readZones(clocks, 'en', JANUARY, world);
  assert.ok(rests > OLD.length / 20, `${rests} times for the names`);
});

test('America/Argentina/Buenos_Aires ⇒ Argentina, Buenos Aires', () => {
  assert.equal(cityOf('America/Argentina/Buenos_Aires'), 'Argentina, Buenos Aires');
});
