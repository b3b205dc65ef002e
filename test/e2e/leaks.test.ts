/**
 * What must not reach a visitor, and what must not be left on a page: canaries and ids of iClosed in anything that the browser gets
 * to see, cookies, storage, globals, requests to others.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { accountSecrets, canaries } from '../standin/canaries.ts';
import { SIGNING_KEYS, STANDIN_KEY } from '../stack.ts';
import { occupy } from '../worker/account.ts';
import { type Ground, scenesOf } from './ground.ts';
import { CAMPAIGN, EVENT, landing, tag } from './site.ts';
import { person, type Visitor } from './visitor.ts';

const scene = scenesOf();

/** The text itself, as hex, and as base64 at each of the three places where it can begin. */
function disguises(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const base64 = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    return text.slice(shift === 0 ? 0 : shift + 1).replace(/.?.?={0,2}$/, '');
  });
  return [
    secret,
    bytes.toString('hex'),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
  ];
}

/** Which of the secrets stand in the text in any disguise. */
function leaksIn(text: string, secrets: readonly string[]): string[] {
  const searched = text.toLowerCase();
  return secrets.filter((secret) => disguises(secret).some((each) => searched.includes(each.toLowerCase())));
}

/** Everything that this page holds now: DOM with shadow roots and typed values, both storages, cookies, address. */
function pageText(visitor: Visitor): Promise<string> {
  return visitor.page.evaluate(() => {
    const parts: string[] = [location.href, document.cookie];
    for (const storage of [sessionStorage, localStorage]) parts.push(JSON.stringify(storage));
    const walk = (root: Document | ShadowRoot) => {
      parts.push(root instanceof Document ? root.documentElement.outerHTML : root.innerHTML);
      for (const element of root.querySelectorAll('*')) {
        if ('value' in element) parts.push(String(element.value));
        if (element.shadowRoot) walk(element.shadowRoot);
      }
    };
    walk(document);
    return parts.join('\n');
  });
}

/** Listens to all that comes in, and looks at the page whenever told. */
function watch(visitor: Visitor, ground: Ground) {
  const texts: string[] = [];
  const pending: Promise<void>[] = [];
  visitor.page.on('response', (response) => {
    texts.push(response.url(), JSON.stringify(response.headers()));
    if (response.request().method() === 'OPTIONS') return;
    const read = response.text().then(
      (text) => texts.push(text),
      () => {},
    );
    pending.push(read.then(() => {}));
  });
  return {
    look: async () => void texts.push(await pageText(visitor)),
    /** Secrets of the fixtures, our keys, and what iClosed has made for these people meanwhile. */
    async found(): Promise<string[]> {
      await Promise.all(pending);
      texts.push(...visitor.said, JSON.stringify(visitor.heard));
      const { ledger } = ground.stack.standin;
      const made = [
        ...ledger.contacts().flatMap(({ id, previewId }) => [String(id), previewId]),
        ...ledger.calls().flatMap(({ id, token }) => [String(id), token]),
      ];
      const [, signing = ''] = SIGNING_KEYS.split(':');
      return leaksIn(texts.join('\n'), [...new Set([...canaries, ...made, STANDIN_KEY, signing])]);
    },
    texts,
  };
}

const page = ({ site }: Ground, attributes = '') => `${site.put('/', landing(tag(attributes)))}?${CAMPAIGN}`;

describe('nothing of iClosed’s inside reaches the browser', () => {
  scene('of a routed visitor who meets a taken time, reloads and books', async (visitor, ground) => {
    const watched = watch(visitor, ground);
    const who = person({ companySize: '51-200' });
    await visitor.open(page(ground));
    await watched.look();
    await visitor.toTimes(who);
    await watched.look();
    await visitor.pick();
    const { startsAt = '' } = await visitor.hears('slot-picked');
    await occupy(ground.stack, EVENT, startsAt);
    await visitor.confirm();
    await visitor.isTakenTo(/was just taken/);
    await watched.look();
    await visitor.page.reload();
    await visitor.pick();
    await watched.look();
    await visitor.confirm();
    await visitor.confirmed();
    await watched.look();
    assert.deepEqual(await watched.found(), []);
    const { calls } = ground.account(who.email);
    assert.ok(watched.texts.join('\n').includes(calls[0]?.previewId ?? 'no call'), 'what is allowed did arrive');
  });

  scene('of a disqualified visitor', async (visitor, ground) => {
    const watched = watch(visitor, ground);
    await visitor.open(page(ground));
    await visitor.fill(person({ revenue: 'Under $5k' }));
    await visitor.submit();
    await visitor.sees(/Thank you for your answers/);
    await watched.look();
    assert.deepEqual(await watched.found(), []);
  });

  test('and the search would find it: in the DOM of the shadow, in a field, in the storage, as hex and base64', () => {
    const { hiddenField } = accountSecrets;
    for (const shift of ['', 'a', 'ab']) {
      const hidden = Buffer.from(`${shift}${hiddenField} and more`).toString('base64');
      assert.deepEqual(leaksIn(`{"x":"${hidden}"}`, [hiddenField]), [hiddenField]);
    }
    assert.deepEqual(leaksIn(Buffer.from(hiddenField).toString('hex'), canaries), [hiddenField]);
  });

  scene('and the look at the page would see it', async (visitor, ground) => {
    await visitor.open(page(ground));
    await visitor.field('First name').fill(accountSecrets.blockReason);
    await visitor.page.evaluate((secret) => {
      sessionStorage.setItem('left', secret);
      document
        .querySelector('iclosed-booking')
        ?.shadowRoot?.querySelector('form')
        ?.setAttribute('title', secret.slice(0, 9));
    }, accountSecrets.contactNote);
    const text = await pageText(visitor);
    assert.deepEqual(leaksIn(text, canaries).sort(), [accountSecrets.blockReason, accountSecrets.contactNote].sort());
    assert.ok(text.includes(`title="${accountSecrets.contactNote.slice(0, 9)}"`));
  });
});

describe('a finished visit leaves nothing on the page', () => {
  scene('no cookie, no storage, no global, no style outside, nobody else was asked', async (visitor, ground) => {
    const keys = () =>
      visitor.page.evaluate(() => [
        ...Reflect.ownKeys(window).map(String),
        ...Reflect.ownKeys(document).map(String),
        ...Reflect.ownKeys(Symbol).map(String),
        ...Reflect.ownKeys(HTMLElement.prototype).map(String),
      ]);
    const styles = () => visitor.page.evaluate(() => document.styleSheets.length + document.adoptedStyleSheets.length);
    await visitor.page.goto(`${ground.site.put('/plain', landing('<p>Nothing.</p>', ''))}?${CAMPAIGN}`);
    const [keysBefore, stylesBefore] = [await keys(), await styles()];
    await visitor.open(page(ground, 'variant="b"'));
    const who = person();
    await visitor.toTimes(who);
    const during = await visitor.page.evaluate(() => Object.fromEntries(Object.entries(sessionStorage)));
    assert.deepEqual(Object.keys(during), ['iclosed-booking'], 'one entry while it is going on');
    for (const word of [who.firstName, who.lastName, who.email, '2025552']) {
      assert.ok(!JSON.stringify(during).includes(word), `the storage holds ${word}`);
    }
    await visitor.pick();
    await visitor.confirm();
    await visitor.confirmed();
    assert.deepEqual(await keys(), keysBefore);
    assert.equal(await styles(), stylesBefore);
    assert.deepEqual(await visitor.context.cookies(), []);
    assert.deepEqual(await visitor.page.evaluate(() => [sessionStorage.length, localStorage.length]), [0, 0]);
    const origins = new Set(visitor.fetched.map((address) => new URL(address).origin));
    assert.deepEqual([...origins].sort(), [ground.site.origin, ground.stack.worker].sort());
    const toWorker = visitor.fetched.filter((address) => address.startsWith(ground.stack.worker));
    for (const address of toWorker)
      assert.ok(!/hush|visitors\.example|%40/.test(address), `no personal data in ${address}`);
    assert.deepEqual(
      visitor.said.filter((line) => /^(error|warning|log|info)/.test(line)),
      [],
    );
  });
});

/** Last in this file: what is left of the faults meets nobody. */
describe('nothing of iClosed’s own words reaches the browser', () => {
  for (const kind of ['error_before', 'html_before', 'bad_request', 'forbidden', 'half_body'] as const) {
    scene(`of a visitor who meets ${kind}`, async (visitor, ground) => {
      const watched = watch(visitor, ground);
      await visitor.open(page(ground));
      ground.stack.standin.model.queueFault({ kind, endpoint: 'POST /v1/fields/inviteeAnswers', times: 2 });
      await visitor.fill(person());
      await visitor.submit();
      const end = visitor.heading('Your details are safe.').or(visitor.freeDays().first());
      await end.or(visitor.button('Try again')).first().waitFor();
      await watched.look();
      assert.deepEqual(await watched.found(), []);
      const theirs = ['Internal server error', 'INTERNAL_SERVER_ERROR', 'Bad request', 'BAD_REQUEST', 'FORBIDDEN'];
      assert.deepEqual(leaksIn(watched.texts.join('\n'), theirs), []);
    });
  }
});
