/** The search for a zone: by city in its old and new name, by country, by name in words and initials, by offset. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cityOf, readZones, zonesFound } from '../../widget/parts/zones.ts';

/** Not on the minute, as no visitor is. */
const JANUARY = Date.parse('2027-01-15T12:00:47.5Z');
const JULY = Date.parse('2027-07-15T12:00Z');
const still = { now: () => 0, rest: () => Promise.resolve() };
/** Under the names that older platforms know; newer ones have Asia/Kolkata and Europe/Kyiv. */
const OLD = Intl.supportedValuesOf('timeZone');
const NEW = OLD.map((id) => ({ 'Asia/Calcutta': 'Asia/Kolkata', 'Europe/Kiev': 'Europe/Kyiv' })[id] ?? id);
const zones = await readZones(OLD, 'en-US', JANUARY, still);
const summer = await readZones(OLD, 'en-US', JULY, still);
const renamed = await readZones(NEW, 'en-US', JANUARY, still);
const german = await readZones(OLD, 'de', JANUARY, still);

const firsts: [query: string, city: string, zone: string, from?: typeof zones][] = [
  ['berlin', 'Berlin', 'Europe/Berlin'],
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
  ['germany', 'Germany', 'Europe/Berlin'],
  ['nepal time', 'Kathmandu', 'Asia/Katmandu'],
  ['mitteleuropäische', 'Algiers', 'Africa/Algiers', german],
];
for (const [query, city, id, from = zones] of firsts) {
  test(`${query} ⇒ first ${city}, ${id}`, () => {
    const [found] = zonesFound(from, query);
    assert.deepEqual([found?.city, found?.id], [city, id]);
  });
}

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
  ['utc-3:30', 'America/St_Johns'],
  ['−8', 'America/Los_Angeles'],
  ['-7', 'America/Los_Angeles', summer],
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
  await readZones(OLD, 'en', JANUARY, world);
  assert.ok(rests > OLD.length / 20, `${rests} times`);
});

test('America/Argentina/Buenos_Aires ⇒ Argentina, Buenos Aires', () => {
  assert.equal(cityOf('America/Argentina/Buenos_Aires'), 'Argentina, Buenos Aires');
});
