/** Each page of `examples/` as it stands there: opened on its own origin with a campaign's address, and booked through. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { examplePages } from '../../scripts/example-pages.ts';
import { scenesOf } from './ground.ts';
import { ATTRIBUTION, CAMPAIGN } from './site.ts';
import { person, wordsOf } from './visitor.ts';

const scene = scenesOf();

/** `press` opens the popup of a page that has one. */
const PAGES: { page: string; variant?: string; press?: string }[] = [
  { page: 'index.html' },
  { page: 'wordpress.html' },
  { page: 'webflow.html' },
  { page: 'corner.html', variant: 'corner', press: 'Book a call' },
  { page: 'corner.html', variant: 'in-text', press: 'talk to a strategist' },
  { page: 'ab-test.html?variant=a', variant: 'headline-a' },
  { page: 'ab-test.html?variant=b', variant: 'headline-b' },
];

describe('an example page', () => {
  test('is tried here, each of them', () => {
    assert.deepEqual(new Set(PAGES.map(({ page }) => page.replace(/\?.*/, ''))), new Set(examplePages()));
  });

  for (const { page, variant, press } of PAGES) {
    scene(
      `${page}${press ? `, “${press}”,` : ''} books, and its campaign${variant ? ' and variant' : ''} reach the contact and every event`,
      async (visitor, ground) => {
        const who = person();
        const address = `${ground.stack.site}/${page}${page.includes('?') ? '&' : '?'}${CAMPAIGN}`;
        if (press) {
          await visitor.page.goto(address);
          await visitor.page.getByRole('link', { name: press }).click();
          await visitor.hears('view');
        } else await visitor.open(address);
        const picked = await visitor.book(who);
        const { contact, calls } = ground.account(who.email);
        assert.deepEqual(
          calls.map(({ startsAt }) => wordsOf(startsAt)),
          [picked],
        );
        assert.equal(contact.utm, new URLSearchParams({ ...ATTRIBUTION, ...(variant ? { variant } : {}) }).toString());
        for (const detail of visitor.heard) {
          assert.deepEqual(detail.tracking, ATTRIBUTION, detail.name);
          assert.equal(detail.variant, variant, detail.name);
        }
        if (page === 'index.html') {
          const lines = visitor.page.getByRole('list', { name: 'Events' }).getByRole('listitem');
          assert.equal(await lines.count(), visitor.heard.length, 'it lists what it heard');
        }
        assert.deepEqual(
          visitor.said.filter((line) => /^(error|warning)/.test(line)),
          [],
        );
      },
    );
  }

  scene('also books on the Worker’s own origin, where the page has no other', async (visitor, ground) => {
    const who = person();
    await visitor.page.route(`${ground.stack.worker}/own`, (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: '<!doctype html><html lang="en"><script async src="/embed.js"></script><iclosed-booking event="acme/discovery-call"></iclosed-booking></html>',
      }),
    );
    await visitor.open(`${ground.stack.worker}/own`);
    await visitor.book(who);
    assert.equal(ground.account(who.email).calls.length, 1);
  });
});
