/**
 * What `docs/embed.md` says of pages with a Content Security Policy and of a pinned script, done as it stands there: what is allowed is
 * enough, all of it is needed, and where a page refuses the script its own link stays.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe } from 'node:test';
import { DIST, ROOT } from '../../scripts/paths.ts';
import { until } from '../worker/visitor.ts';
import { NARROW, scenesOf } from './ground.ts';
import { EVENT, LINK, landing } from './site.ts';
import { person, type Visitor } from './visitor.ts';

const PAGE = readFileSync(path.join(ROOT, 'docs/embed.md'), 'utf8').replaceAll(
  'https://book.example.com',
  '{{WORKER}}',
);
const found = (pattern: RegExp) => pattern.exec(PAGE)?.[1] ?? assert.fail(`${pattern} is not on the page`);
const SCRIPT = found(/(<script async crossorigin src="\{\{WORKER\}\}\/embed\.js"><\/script>)/);
const ALLOWED = found(/```text\n(script-src [\s\S]+?)\n```/)
  .replaceAll(/\s+/g, ' ')
  .split('; ');
const PINNED = found(/(<script .*integrity=.*<\/script>)/);
const LOGO = 'https://cdn.example.com/logo.svg';
/** No inline style, as the page says. */
const TAG = `<iclosed-booking event="${EVENT}"><a href="${LINK}">Book a call</a></iclosed-booking>`;
/** Takes the calendar file from a form. */
const PHONE = {
  ...NARROW,
  userAgent:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
};

const scene = scenesOf({ vars: { EVENTS: { [EVENT]: { logo: LOGO } } } });

const policyOf = (directives: readonly string[]) => ({
  'content-security-policy': ["default-src 'none'", "require-trusted-types-for 'script'", ...directives].join('; '),
});

async function serveLogo({ page }: Visitor): Promise<void> {
  const body = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>';
  await page.route(LOGO, (route) => route.fulfill({ contentType: 'image/svg+xml', body }));
}

const refused = ({ said }: Visitor) => said.filter((line) => /Security Policy|TrustedHTML|integrity/i.test(line));
const ownLink = ({ page }: Visitor) => page.locator(`iclosed-booking a[href^="${LINK}"]`);

describe('under the policy of docs/embed.md', () => {
  scene(
    'a call is booked, with a logo and a calendar file from a form, and nothing is refused',
    async (visitor, { site }) => {
      await serveLogo(visitor);
      const preload = `<link rel="preload" as="fetch" crossorigin href="{{WORKER}}/api/v1/event?event=${encodeURIComponent(EVENT)}">`;
      await visitor.open(site.put('/allowed', landing(TAG, preload + SCRIPT), policyOf(ALLOWED)));
      await visitor.book(person());
      const form = visitor.page.waitForRequest((request) => request.url().endsWith('/call.ics'));
      await visitor.button(/\.ics/).click();
      assert.equal((await form).method(), 'POST');
      assert.ok(visitor.fetched.includes(LOGO));
      assert.deepEqual(refused(visitor), []);
    },
    PHONE,
  );

  for (const [index, directive] of ALLOWED.entries()) {
    const name = directive.split(' ')[0] ?? '';
    if (name === 'form-action') continue;
    scene(`less ${name} is too little`, async (visitor, { site }) => {
      await serveLogo(visitor);
      const rest = ALLOWED.filter((_, at) => at !== index);
      const none = name === 'trusted-types' ? ["trusted-types 'none'"] : [];
      await visitor.page.goto(site.put('/less', landing(TAG, SCRIPT), policyOf([...rest, ...none])));
      await until(() => refused(visitor).length > 0, `a word about ${name}`);
      if (name !== 'img-src') await ownLink(visitor).waitFor();
      // The script ends at the policy that it may not make.
      if (name === 'trusted-types') assert.match(String(visitor.errors.pop()), /createPolicy/);
    });
  }

  scene(
    'less form-action is too little for the calendar file',
    async (visitor, { site }) => {
      const rest = ALLOWED.filter((each) => !each.startsWith('form-action'));
      await serveLogo(visitor);
      await visitor.open(site.put('/less', landing(TAG, SCRIPT), policyOf([...rest, "form-action 'none'"])));
      await visitor.book(person());
      assert.deepEqual(refused(visitor), []);
      await visitor.button(/\.ics/).click();
      await until(() => refused(visitor).some((line) => line.includes('form-action')), 'a word about form-action');
    },
    PHONE,
  );

  scene('a nonce on the tag lets the parts in too', async (visitor, { site }) => {
    const rest = ALLOWED.filter((each) => !each.startsWith('script-src'));
    const head = SCRIPT.replace('<script', '<script nonce="abc"');
    await serveLogo(visitor);
    await visitor.open(site.put('/nonce', landing(TAG, head), policyOf([...rest, "script-src 'nonce-abc'"])));
    await visitor.book(person());
    await visitor.button('Cancel call').waitFor();
    assert.deepEqual(refused(visitor), []);
  });
});

describe('pinned as docs/embed.md says', () => {
  const [build = ''] = readdirSync(path.join(DIST, 'v'));
  const hash = createHash('sha384')
    .update(readFileSync(path.join(DIST, 'v', build, 'embed.js')))
    .digest('base64');
  const pinned = (folder: string, integrity: string) =>
    PINNED.replace(/\/v\/\w+\//, `/v/${folder}/`).replace('sha384-…', `sha384-${integrity}`);

  scene('the script runs where it is the one that was meant', async (visitor, { site }) => {
    await serveLogo(visitor);
    await visitor.open(site.put('/pinned', landing(TAG, pinned(build, hash))));
    await visitor.book(person());
    assert.ok(!visitor.fetched.some((url) => new URL(url).pathname === '/embed.js'));
  });

  for (const [what, folder, integrity] of [
    ['another script is not run', build, 'A'.repeat(64)],
    ['a build that is gone is not there', '00000000', hash],
  ] as const) {
    scene(`${what}, and the page’s link stays`, async (visitor, { site }) => {
      await visitor.page.goto(site.put('/pinned', landing(TAG, pinned(folder, integrity))));
      await until(() => visitor.said.some((line) => /integrity|404/.test(line)), 'a word about the script');
      await ownLink(visitor).waitFor();
      assert.deepEqual(visitor.names(), []);
    });
  }
});
