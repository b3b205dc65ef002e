/**
 * When booking is not possible the owner's link is: visible within four seconds, with the attribution of the page's address, in
 * every markup, whatever is wrong with the Worker. No endless spinner, and the console says what the owner can do.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { after, before, describe } from 'node:test';
import { SCRIPT as SCRIPT_FILE } from '../../scripts/paths.ts';
import { until } from '../worker/visitor.ts';
import { NARROW, scenesOf } from './ground.ts';
import { ATTRIBUTION, CAMPAIGN, EVENT, LINK, landing, type Site, startSite, tag } from './site.ts';
import { person, type Visitor } from './visitor.ts';

const AT_MOST_MS = 4_000;
const scene = scenesOf();

/** What may stand between the tags, and where the visible link must lead. */
const MARKUPS = [
  { what: 'the owner’s own link', content: `\n  <a href="${LINK}">Book a call</a>\n`, link: LINK },
  {
    what: 'a link within words',
    content: `<p>Or <a href="${LINK}?lang=de">book there</a>.</p>`,
    link: `${LINK}?lang=de`,
  },
  {
    what: 'a link to another place',
    content: '<a href="https://acme.example/call?utm_source=mine">Call us</a>',
    link: 'https://acme.example/call?utm_source=mine',
  },
  { what: 'nothing', content: '', link: LINK },
  { what: 'a comment', content: '<!-- booking -->', link: LINK },
] as const;

/** The same link with the page's attribution; what the owner wrote there stays. */
function attributed(link: string): string {
  const url = new URL(link);
  for (const [key, value] of Object.entries(ATTRIBUTION)) {
    if (!url.searchParams.has(key)) url.searchParams.set(key, value);
  }
  return url.href;
}

const allMarkups = (attributes = '') => landing(MARKUPS.map(({ content }) => tag(attributes, content)).join('\n'));

/** Said beside the link by a widget that somebody comes near. */
const SENTENCE = 'This calendar is not available at the moment.';

/**
 * Notes which widgets show their link, and whether the first, which is on the screen, no longer waits, when a timer rings that the
 * page sets as the script has run. It is the page's own clock, which a busy machine delays as it delays the widget's.
 */
function noteLinks([links, sentence, atMostMs]: readonly [readonly string[], string, number]): void {
  const look = () => {
    const widgets = [...document.querySelectorAll('iclosed-booking')];
    const hasLink = widgets.map((widget, n) =>
      [...widget.querySelectorAll('a'), ...(widget.shadowRoot?.querySelectorAll('a') ?? [])].some(
        (link) => link.href === links[n] && link.checkVisibility(),
      ),
    );
    const isSaid = widgets[0]?.shadowRoot?.textContent?.includes(sentence);
    Object.assign(document, { seen: { hasLink, isSaid } });
  };
  const onLoad = ({ target }: Event) => {
    if (target instanceof HTMLScriptElement && target.src.endsWith('/embed.js')) setTimeout(look, atMostMs);
  };
  document.addEventListener('load', onLoad, true);
}

/** Opens the page, on which every widget shows its link in time, and the first its sentence. */
async function opensInTime(visitor: Visitor, address: string, links: readonly string[]): Promise<void> {
  await visitor.page.addInitScript(noteLinks, [links, SENTENCE, AT_MOST_MS] as const);
  await visitor.page.goto(`${address}?${CAMPAIGN}`, { waitUntil: 'commit' });
  const seen = () => visitor.page.evaluate(() => (document as unknown as { seen?: object }).seen);
  const inTime = await until(seen, 'the page has looked', 20_000, 250);
  assert.deepEqual(inTime, { hasLink: links.map(() => true), isSaid: true }, `after ${AT_MOST_MS} ms`);
}

/** Every widget of the page shows its link in time; those that somebody comes near say their calm sentence beside it. */
async function assertLinks(visitor: Visitor, address: string): Promise<void> {
  await opensInTime(
    visitor,
    address,
    MARKUPS.map(({ link }) => attributed(link)),
  );
  for (const [n, { what, link }] of MARKUPS.entries()) {
    const { widget } = visitor.at(n);
    await widget.scrollIntoViewIfNeeded();
    await visitor.at(n).sees(SENTENCE);
    assert.equal(await widget.getByRole('status', { name: 'Loading…' }).count(), 0, what);
    assert.equal(await widget.getByRole('link').count(), 1, what);
    assert.equal(await visitor.at(n).link().getAttribute('href'), attributed(link), what);
  }
}

// --- Workers that are broken, each in its way: `/<how>/api/…` ---

const CORS = { 'access-control-allow-origin': '*' };
const BROKEN: Record<string, (response: ServerResponse) => void> = {
  'hangs up': (response) => response.socket?.resetAndDestroy(),
  'answers 503 with a page': (response) => response.writeHead(503, { 'content-type': 'text/html' }).end('<h1>503</h1>'),
  'answers 503 with a page that may be read': (response) =>
    response.writeHead(503, { ...CORS, 'content-type': 'text/html' }).end('<h1>503</h1>'),
  'answers 200 with HTML': (response) =>
    response.writeHead(200, { ...CORS, 'content-type': 'text/html' }).end('<!doctype html><p>Welcome to our Wi-Fi'),
  'answers 200 with other JSON': (response) =>
    response.writeHead(200, { ...CORS, 'content-type': 'application/json' }).end('{"ok":true}'),
  hangs: () => {},
  'stops in the middle of its answer': (response) =>
    response.writeHead(200, { ...CORS, 'content-length': '900' }).write('{"v":1,"event":{'),
};
let broken: Server;
let brokenOrigin = '';
let closedOrigin = '';
let stranger: Site;
before(async () => {
  broken = createServer((request, response) => {
    if (request.url === '/embed.js')
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(readFileSync(SCRIPT_FILE));
    else BROKEN[decodeURIComponent(request.url?.split('/')[1] ?? '')]?.(response);
  });
  await new Promise<void>((resolve) => broken.listen(0, '127.0.0.1', resolve));
  brokenOrigin = `http://127.0.0.1:${(broken.address() as AddressInfo).port}`;
  closedOrigin = `http://127.0.0.1:${await closedPort()}`;
  stranger = await startSite();
});
after(async () => {
  await stranger.close();
  broken.closeAllConnections();
  await new Promise((resolve) => broken.close(resolve));
});

/** A port that nobody listens at, outside the range from which systems give ports away. */
async function closedPort(): Promise<number> {
  for (let port = 24_000; ; port += 1) {
    const socket = connect(port, '127.0.0.1');
    const isClosed = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(false)).once('error', () => resolve(true));
    });
    socket.destroy();
    if (isClosed) return port;
  }
}

describe('the link takes the place of the calendar', { concurrency: 3 }, () => {
  for (const how of Object.keys(BROKEN)) {
    scene(`when the Worker ${how}`, async (visitor, { site }) => {
      const endpoint = `${brokenOrigin}/${encodeURIComponent(how)}`;
      await assertLinks(visitor, site.put(`/${encodeURIComponent(how)}`, allMarkups(`endpoint="${endpoint}"`)));
    });
  }

  scene('also where an editor has left white space between the tags', async (visitor, { site }) => {
    const page = landing(tag(`endpoint="${closedOrigin}"`, '\n    \n'));
    await opensInTime(visitor, site.put('/white', page), [attributed(LINK)]);
    assert.equal(await visitor.link().getAttribute('href'), attributed(LINK));
  });

  scene('when nobody listens at the Worker’s address', async (visitor, { site }) => {
    await assertLinks(visitor, site.put('/refused', allMarkups(`endpoint="${closedOrigin}"`)));
    const isSaid = () => visitor.said.some((line) => line.includes('<iclosed-booking>') && line.includes(closedOrigin));
    await until(isSaid, 'the console says so', 20_000);
  });

  scene('when the website is not allowed; the console has the line to add', async (visitor, { site }) => {
    stranger.worker = site.worker;
    await assertLinks(visitor, stranger.put('/', allMarkups()));
    const error = visitor.said.find((each) => each.startsWith('error: <iclosed-booking>')) ?? '';
    const line = /ALLOWED_ORIGINS = .*/.exec(error)?.[0] ?? '';
    assert.equal(line, `ALLOWED_ORIGINS = '["${stranger.origin}"]'`, 'as wrangler.toml wants it');
    assert.equal(visitor.heard.find(({ name }) => name === 'failed')?.code, 'origin_not_allowed');
  });

  for (const [event, code] of [
    ['acme/inactive', 'event_unavailable'],
    ['nobody/nothing', 'event_unknown'],
  ] as const) {
    scene(`when the event is ${event}`, async (visitor, { site }) => {
      await visitor.page.goto(`${site.put(`/${event}`, landing(tag(`event="${event}"`)))}?${CAMPAIGN}`);
      await visitor.sees(SENTENCE);
      assert.equal(await visitor.link().getAttribute('href'), attributed(`https://app.iclosed.io/e/${event}`));
      assert.equal((await visitor.hears('failed')).code, code);
      assert.ok(visitor.said.some((line) => line.startsWith('error: <iclosed-booking>')));
    });
  }

  scene('when the tag names no event, and the console says what to write', async (visitor, { site }) => {
    const page = landing('<iclosed-booking><a href="https://acme.example/">Write to us</a></iclosed-booking>');
    await visitor.page.goto(`${site.put('/none', page)}?${CAMPAIGN}`);
    await visitor.sees(SENTENCE);
    assert.equal(await visitor.link().getAttribute('href'), attributed('https://acme.example/'));
    assert.ok(visitor.said.some((line) => /write "account\/event-name"/i.test(line)));
  });
});

describe('without the script', () => {
  scene(
    'the owner’s link is there, with no JavaScript at all',
    async (visitor, { site }) => {
      await visitor.page.goto(site.put('/plain', landing()));
      await visitor.link('Book a call').waitFor();
    },
    { ...NARROW, javaScriptEnabled: false },
  );

  scene('the owner’s link is there when the script cannot be loaded', async (visitor, { site }) => {
    await visitor.page.goto(
      site.put('/lost', landing(undefined, `<script async src="${closedOrigin}/embed.js"></script>`)),
    );
    await visitor.link('Book a call').waitFor();
  });
});

describe('the link', { concurrency: 3 }, () => {
  scene('is there while the calendar loads and goes once the first step can be used', async (visitor, { site }) => {
    let letGo = () => {};
    await visitor.page.route('**/api/v1/event?*', async (route) => {
      await new Promise<void>((resolve) => {
        letGo = resolve;
      });
      await route.continue();
    });
    await visitor.page.goto(`${site.put('/slow', landing())}?${CAMPAIGN}`);
    await visitor.widget.getByRole('status', { name: 'Loading…' }).waitFor();
    assert.ok(await visitor.link().isVisible());
    await visitor.sees(SENTENCE);
    letGo();
    await visitor.field('First name').waitFor();
    assert.equal(await visitor.widget.getByRole('link').count(), 0);
    await visitor.hears('view');
    assert.deepEqual(
      visitor.heard.filter(({ name }) => name !== 'failed').map(({ name }) => name),
      ['ready', 'view'],
    );
    for (const { name, code } of visitor.heard)
      if (name === 'failed') assert.match(code ?? '', /^(timeout|unreachable)$/);
    assert.deepEqual(
      visitor.said.filter((line) => line.includes('undefined')),
      [],
    );
  });

  scene('stays when the Worker is back: one press tries again, and the visitor books', async (visitor, ground) => {
    await visitor.page.route('**/api/v1/event?*', (route) => route.abort());
    await visitor.page.goto(ground.site.put('/back', landing()));
    const again = visitor.button('Try again');
    await again.waitFor();
    await visitor.page.unroute('**/api/v1/event?*');
    // The widget may have come back by its own retry in the meantime.
    await again.or(visitor.field('First name')).first().click();
    const who = person();
    await visitor.book(who);
    const { calls } = ground.account(who.email);
    assert.equal(calls.length, 1);
    assert.equal(calls[0]?.linkPrefix, EVENT);
  });

  scene('is offered beside a step that fails, and what was typed stays', async (visitor, { site }) => {
    const who = person();
    await visitor.open(site.put('/fails', landing()));
    await visitor.page.route('**/api/v1/lead', (route) =>
      route.fulfill({ status: 501, headers: CORS, json: { code: 'not_supported' } }),
    );
    await visitor.fill(who);
    await visitor.submit();
    await visitor.reads('That did not work just now.');
    assert.ok(await visitor.link().isVisible());
    assert.ok(await visitor.widget.getByRole('radio', { name: who.companySize, exact: true }).isChecked());
    await visitor.page.unroute('**/api/v1/lead');
    await visitor.button('Try again').click();
    await visitor.freeDays().first().waitFor();
  });
});

describe('the popup’s script is blocked', () => {
  for (const [what, trigger] of [
    ['a button that names an element by its id', '<button data-iclosed-open="talk">Talk</button>'],
    ['a button that names the event by its full address', `<button data-iclosed-open="${LINK}">Talk</button>`],
    [
      'a link around a picture',
      `<a href="${LINK}" data-iclosed-open="talk"><svg width="40" height="40"><use href="#x"/></svg>Talk</a>`,
    ],
  ] as const) {
    scene(`${what} leads to the event’s page, with the page’s UTMs`, async (visitor, { site }) => {
      await visitor.page.route('**/popup.js*', (route) => route.abort());
      await visitor.page.route('https://app.iclosed.io/**', (route) => route.fulfill({ body: 'iClosed' }));
      const element = `<iclosed-booking id="talk" mode="popup" event="${EVENT}"></iclosed-booking>`;
      await visitor.page.goto(`${site.put('/blocked', landing(element + trigger))}?utm_source=ads`);
      await visitor.page.waitForFunction(() => customElements.get('iclosed-booking'));
      await visitor.page.locator('svg, [data-iclosed-open]').last().click();
      await visitor.page.waitForURL(`${LINK}?utm_source=ads`);
    });
  }
});
