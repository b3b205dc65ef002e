/** The example pages: what customers copy from them must be the documented snippet, and they load nothing from elsewhere. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { examplePages, fillPage, type PageServer, servePages } from '../../scripts/example-pages.ts';

const SCRIPT = '<script async crossorigin src="https://book.example.com/embed.js"></script>';
const TAG =
  /<iclosed-booking event="acme\/discovery-call" style="display:block;min-height:34rem">\s*<a href="https:\/\/app\.iclosed\.io\/e\/acme\/discovery-call">Book a call<\/a>\s*<\/iclosed-booking>/;

const folder = new URL('../../examples/', import.meta.url);
let server: PageServer;
before(async () => {
  server = await servePages(0, () => ({ worker: 'http://127.0.0.1:1', other: 'http://127.0.0.1:1' }));
});
after(() => server.close());

/** Where the widget is not in its place, nothing is reserved for it. */
const IN_THE_CORNER =
  /<iclosed-booking mode="floating" event="acme\/discovery-call" variant="corner">\s*<a href="https:\/\/app\.iclosed\.io\/e\/acme\/discovery-call">Book a call<\/a>\s*<\/iclosed-booking>/;

for (const name of examplePages()) {
  test(`${name} has the documented snippet and no foreign host`, () => {
    const html = readFileSync(new URL(name, folder), 'utf8');
    assert.ok(html.includes(SCRIPT));
    assert.match(html, name === 'corner.html' ? IN_THE_CORNER : TAG);
    const hosts = [...html.matchAll(/(?:src|href|url|action)\s*[=(]\s*["']?(https?:)?\/\/([^/"')\s]+)/g)].map(
      (match) => match[2],
    );
    const shown = name === 'index.html' ? ['www.example.com'] : [];
    assert.deepEqual(new Set(hosts), new Set(['app.iclosed.io', 'book.example.com', ...shown]));
  });
}

test('pages are served filled, and nothing else is', async () => {
  const page = await (await fetch(`${server.origin}/wordpress`)).text();
  assert.ok(page.includes('src="http://127.0.0.1:1/embed.js"'));
  assert.doesNotMatch(await (await fetch(`${server.origin}/?utm_source=x`)).text(), /\{\{|example\.com/);
  for (const path of ['/../package.json', '/%2e%2e/package.json', '/package.json', '/nothing.html']) {
    assert.equal((await fetch(server.origin + path)).status, 404, path);
  }
});

test('a live account is said on the page, and its event is shown', () => {
  const html = '<body class="a"><iclosed-booking event="acme/discovery-call">';
  const live = fillPage(html, { worker: '', other: '', event: 'real/call', isLive: true });
  assert.match(live, /<body class="a">\n<p[^>]*>LIVE: bookings here are real<\/p><iclosed-booking event="real\/call">/);
  assert.equal(fillPage(html, { worker: '', other: '' }), html);
});
