/**
 * Parts of the widget over the wire: in every way of putting the script on a page, under a strict policy with Trusted Types, pinned
 * to a build, and when a part is gone. The list of zones is the part that visitors reach.
 */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe } from 'node:test';
import { DIST } from '../../scripts/paths.ts';
import { scenesOf } from './ground.ts';
import { landing, SCRIPT, TAG, tag } from './site.ts';
import { person, type Visitor } from './visitor.ts';

const scene = scenesOf();
const POLICY =
  "default-src 'none'; script-src {{WORKER}}; connect-src {{WORKER}}; require-trusted-types-for 'script'; trusted-types iclosed-booking";

const zones = (visitor: Visitor) => visitor.widget.getByRole('combobox', { name: 'Time zone' });

/** To the times, and there from India to New York. */
async function changesZone(visitor: Visitor, address: string): Promise<void> {
  await visitor.open(address);
  await visitor.toTimes(person());
  await visitor.button(/time zone/i).click();
  await zones(visitor).fill('new york');
  await zones(visitor).press('Enter');
  await visitor.reads(/^Eastern (Standard|Daylight) Time, /);
  const loaded = visitor.fetched.filter((url) => url.endsWith('/zones.js'));
  assert.equal(loaded.length, 1, loaded.join(' '));
}

describe('a part is loaded', () => {
  const ways: Record<string, [head: string, body?: string]> = {
    'by a script that runs when it likes': [SCRIPT],
    'by a classic script': ['', `${TAG}<script src="{{WORKER}}/embed.js"></script>`],
    'by a module': ['<script type="module" src="{{WORKER}}/embed.js"></script>'],
    'by a script merged into another, with an endpoint': [
      '<script src="{{WORKER}}/embed.js" data-by="optimiser"></script>',
      tag('endpoint="{{WORKER}}"'),
    ],
    'by a tag manager': [
      `<script>addEventListener('load', () => document.head.append(Object.assign(document.createElement('script'), { src: '{{WORKER}}/embed.js' })))</script>`,
    ],
  };
  for (const [how, [head, body]] of Object.entries(ways)) {
    scene(how, (visitor, { site }) => changesZone(visitor, site.put('/parts', landing(body, head))));
  }

  scene('by a script pinned to its build', (visitor, { site }) => {
    const [build = ''] = readdirSync(path.join(DIST, 'v'));
    const head = `<script async src="{{WORKER}}/v/${build}/embed.js"></script>`;
    return changesZone(visitor, site.put('/parts', landing(TAG, head)));
  });

  scene('under a strict policy with Trusted Types', async (visitor, { site }) => {
    await changesZone(visitor, site.put('/parts', landing(TAG), { 'content-security-policy': POLICY }));
    const refused = visitor.said.filter((line) => /zones\.js|TrustedHTML|TrustedScript/.test(line));
    assert.deepEqual(refused, []);
  });
});

describe('a part that is gone', () => {
  scene('is asked for twice; then it is said, and the booking goes on', async (visitor, { site }) => {
    await visitor.page.route('**/zones.js*', (route) => route.fulfill({ status: 404, body: 'Not found' }));
    await visitor.open(site.put('/parts', landing()));
    await visitor.toTimes(person());
    await visitor.button(/time zone/i).click();
    await visitor.reads('That did not work just now.');
    assert.equal(visitor.fetched.filter((url) => url.includes('/zones.js')).length, 2);
    await visitor.pick();
    await visitor.confirm();
    await visitor.confirmed();
  });
});

describe('in German', () => {
  const page = landing(tag('flow="times-first" locale="de"'));
  const zonesInGerman = ({ widget }: Visitor) => widget.getByRole('combobox', { name: 'Zeitzone' });
  const option = ({ widget }: Visitor, name: RegExp) => widget.getByRole('option', { name }).first();
  const partsOf = ({ fetched }: Visitor) =>
    fetched.filter((url) => url.includes('/v/')).map((url) => url.replace(/^.*\//, ''));

  scene('the first view brings the words alone, the list of zones the names of places', async (visitor, { site }) => {
    await visitor.open(site.put('/parts', page));
    await visitor.sees('Wählen Sie einen Termin');
    assert.deepEqual(partsOf(visitor), ['texts-de.js']);
    await visitor.button(/Zeitzone/).click();
    await zonesInGerman(visitor).fill('Wien');
    await option(visitor, /^Wien, Österreich/).waitFor();
    await zonesInGerman(visitor).press('Enter');
    await visitor.reads(/^Mitteleuropäische (Normal|Sommer)zeit, /);
    const later = partsOf(visitor).filter((part) => /^(zones|places)/.test(part));
    assert.deepEqual(later, ['zones.js', 'places-de.js']);
  });

  scene('without the names of places the list opens and works', async (visitor, { site }) => {
    await visitor.page.route('**/places-de.js*', (route) => route.abort('blockedbyclient'));
    await visitor.open(site.put('/parts', page));
    await visitor.sees('Wählen Sie einen Termin');
    await visitor.button(/Zeitzone/).click();
    await zonesInGerman(visitor).fill('Österreich');
    await option(visitor, /^Vienna, Österreich/).waitFor();
    await zonesInGerman(visitor).press('Enter');
    await visitor.reads(/^Mitteleuropäische (Normal|Sommer)zeit, /);
    assert.equal(visitor.fetched.filter((url) => url.includes('/places-de.js')).length, 1);
  });

  scene('names of places that never come do not keep the list', async (visitor, { site }) => {
    await visitor.page.route('**/places-de.js*', () => {});
    await visitor.open(site.put('/parts', page));
    await visitor.sees('Wählen Sie einen Termin');
    await visitor.button(/Zeitzone/).click();
    await zonesInGerman(visitor).fill('Vienna');
    await option(visitor, /^Vienna, Österreich/).waitFor();
  });
});
