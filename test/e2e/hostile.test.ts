/**
 * A strict page and a hostile account: the widget books under a Content Security Policy with Trusted Types on a page that has its
 * own Lit, and text from iClosed is shown as text, whatever it is.
 */
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { fieldById, fieldIds } from '../standin/custom-fields.ts';
import { hostById } from '../standin/hosts.ts';
import { hostIds } from '../standin/canaries.ts';
import { changeEvent } from '../worker/account.ts';
import { type Ground, scenesOf } from './ground.ts';
import { EVENT, landing, SCRIPT } from './site.ts';
import { person, type Visitor } from './visitor.ts';

const STRICT = [
  "default-src 'none'",
  'script-src {{WORKER}}',
  'connect-src {{WORKER}}',
  "style-src 'none'",
  "img-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types lit-html iclosed-booking',
].join('; ');

/** No inline style: the page keeps its own policy. */
const BARE_TAG = `<iclosed-booking event="${EVENT}"><a href="https://app.iclosed.io/e/${EVENT}">Book a call</a></iclosed-booking>`;

const attack = (place: string) =>
  `<img src=x onerror="document.title='${place}'"> <b>${place}</b> \${alert(1)} {{alert(1)}}`;
const HOSTILE = {
  name: attack('event'),
  option: attack('option'),
  field: attack('field'),
  host: attack('host'),
};

// Before anything is started: the Worker keeps an event's description for a while.
changeEvent(EVENT, {
  name: HOSTILE.name,
  description: attack('description'),
  confirmationLink: 'javascript:document.title="link"',
});
const companySize = fieldById(fieldIds.companySize);
Object.assign(companySize?.options.find(({ name }) => name === '1-10') ?? {}, { name: HOSTILE.option });
Object.assign(fieldById(fieldIds.goals) ?? {}, { name: HOSTILE.field });
for (const id of Object.values(hostIds)) Object.assign(hostById(id) ?? {}, { firstName: HOSTILE.host });

const scene = scenesOf({ standin: { settings: { detail: { describesEvent: true } } } });

/** Notes violations and takes the policy name of a page's own Lit, before anything else runs. */
async function watchPolicy(visitor: Visitor): Promise<() => Promise<string[]>> {
  const violations: string[] = [];
  await visitor.page.exposeFunction('noteViolation', (text: string) => void violations.push(text));
  await visitor.page.addInitScript(() => {
    const { noteViolation, trustedTypes } = window as unknown as {
      noteViolation(text: string): void;
      trustedTypes: { createPolicy(name: string, rules: object): unknown };
    };
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sample }) =>
      noteViolation(`${effectiveDirective} ${blockedURI} ${sample}`),
    );
    trustedTypes.createPolicy('lit-html', { createHTML: (text: string) => text });
  });
  return async () => {
    await visitor.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    return violations;
  };
}

const strictPage = ({ site }: Ground, head = SCRIPT) =>
  site.put('/strict', landing(BARE_TAG, head), { 'content-security-policy': STRICT });

describe('on a page with a strict policy and its own Lit', () => {
  scene('the widget books, and the policy has nothing to say', async (visitor, ground) => {
    const violations = await watchPolicy(visitor);
    const who = person();
    await visitor.open(strictPage(ground));
    await visitor.widget.getByText(HOSTILE.name, { exact: true }).first().waitFor();
    await visitor.book(who);
    assert.deepEqual(await violations(), []);
    assert.equal(ground.account(who.email).calls.length, 1);
    assert.deepEqual(
      visitor.said.filter((line) => line.startsWith('error')),
      [],
    );
  });

  scene('and a page that breaks its policy is heard (the check works)', async (visitor, ground) => {
    const violations = await watchPolicy(visitor);
    await visitor.open(strictPage(ground, `${SCRIPT}<style>p { color: red }</style>`));
    assert.deepEqual(
      (await violations()).map((text) => text.split(' ')[0]),
      ['style-src-elem'],
    );
  });
});

describe('hostile text of an account', () => {
  scene('is shown literally, everywhere, and does nothing', async (visitor, ground) => {
    await visitor.page.addInitScript(() => {
      Object.assign(window, { alert: () => (document.title = 'alert') });
    });
    const who = person({ companySize: HOSTILE.option });
    await visitor.open(ground.site.put('/hostile', landing()));
    await visitor.heading(HOSTILE.name).waitFor();
    await visitor.fill(who);
    await visitor.widget.getByRole('group', { name: HOSTILE.field }).waitFor();
    await visitor.submit();
    await visitor.pick();
    await visitor.confirm();
    await visitor.sees(/You’re booked/);
    assert.ok((await visitor.confirmed()).includes(HOSTILE.host));
    assert.equal(await visitor.widget.getByRole('img').count(), 0);
    assert.equal(await visitor.widget.locator('b', { hasText: /^(event|option|field|host)$/ }).count(), 0);
    assert.equal(await visitor.button('Continue').count(), 0, 'a javascript: address is no way on');
    assert.equal(await visitor.page.title(), 'Acme');
    const [call] = ground.account(who.email).calls;
    assert.ok([...(call?.answers.values() ?? [])].flat().includes(HOSTILE.option), 'and it goes back exactly');
  });

  scene('typed by a visitor does nothing either', async (visitor, ground) => {
    const who = person({
      firstName: '<img src=x onerror="document.title=1">',
      lastName: '"><script>document.title=2</script>',
    });
    await visitor.open(ground.site.put('/typed', landing()));
    await visitor.book(who);
    await visitor.sees(/You’re booked, <img( src=x onerror="document\.title=1">)?\.$/);
    assert.equal(await visitor.page.title(), 'Acme');
    await visitor.page.reload();
    await visitor.hears('ready', 2);
    assert.equal(await visitor.page.title(), 'Acme');
  });

  scene('in the address of the page does nothing either', async (visitor, ground) => {
    const utm = encodeURIComponent('"><img src=x onerror="document.title=3">');
    const who = person();
    await visitor.open(`${ground.site.put('/address', landing())}?utm_source=${utm}&gclid=javascript:alert(1)`);
    await visitor.book(who);
    assert.equal(await visitor.page.title(), 'Acme');
    assert.equal(
      new URLSearchParams(ground.account(who.email).contact.utm ?? '').get('utm_source'),
      decodeURIComponent(utm),
    );
  });
});
