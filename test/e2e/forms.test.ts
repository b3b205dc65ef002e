/**
 * The form with all that an owner can ask: consents, guests, a hidden question from the page's address, a conditional one; and the
 * browsers inside other apps, which have no storage and open no window. The judge is the stand-in's account.
 */
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { EARLY_CONTACT_MS } from '../../shared/limits.ts';
import { until } from '../worker/visitor.ts';
import { type Ground, NARROW, scenesOf } from './ground.ts';
import { EVENT, landing, tag } from './site.ts';
import { person, type Visitor } from './visitor.ts';

const PRIVACY = 'https://acme.example/privacy';
const scene = scenesOf({
  vars: {
    EVENTS: {
      [EVENT]: {
        consents: [
          { id: 'terms', text: 'I accept the [privacy notice].', required: true, link: PRIVACY },
          { id: 'news', text: 'You may write to me.' },
        ],
        maxGuests: 2,
        questions: [
          'company-size',
          'monthly-revenue',
          { identifier: 'goals', required: true, showIf: { identifier: 'company-size', is: ['11-50'] } },
          { identifier: 'website', hidden: true, required: true },
        ],
      },
      'acme/strategy-session': { questions: ['company-size'], steps: [], earlyContact: 'blur' },
      'acme/email-only': { questions: ['company-size'], steps: [] },
    },
  },
});

const open = (visitor: Visitor, ground: Ground) =>
  visitor.open(`${ground.site.put('/', landing())}?website=acme.example`);
const box = (visitor: Visitor, name: RegExp) => visitor.widget.getByRole('checkbox', { name });

describe('a form with all that can be asked', () => {
  scene(
    'books; consents are noted, guests invited, the hidden answer arrives, the vanished one does not',
    async (visitor, ground) => {
      const who = person();
      await open(visitor, ground);
      await visitor.fillContact(who);
      assert.equal(await box(visitor, /privacy notice/).isChecked(), false);
      await visitor.button('Continue').click();
      await visitor.reads('Please tick this to go on.');
      assert.deepEqual(ground.stack.standin.ledger.contactsOf(who.email), []);
      await box(visitor, /privacy notice/).check();
      await visitor.button('Continue').click();
      await visitor.answer(who);
      await box(visitor, /More leads/).check();
      await visitor.widget.getByRole('radio', { name: '1-10', exact: true }).check();
      assert.equal(await box(visitor, /More leads/).count(), 0);
      await visitor.field(/Guests/).fill('Bo Li <bo@guests.example>, nobody');
      await visitor.submit();
      await visitor.isTakenTo(/Guests/);
      await visitor.field(/Guests/).fill('Bo Li <bo@guests.example>\ncy@guests.example');
      await visitor.submit();
      await visitor.freeDays().first().waitFor();
      await visitor.pick();
      await visitor.confirm();
      await visitor.sees(/You’re booked/);
      const { contact, calls } = ground.account(who.email);
      assert.equal(calls.length, 1);
      const [call] = ground.sentAbout('POST /v1/eventCalls', contact);
      assert.deepEqual(call?.additionalGuests, [
        { email: 'bo@guests.example', name: 'Bo Li' },
        { email: 'cy@guests.example', name: 'cy' },
      ]);
      const answers = JSON.stringify(call?.secondaryQuestionsAnswer);
      assert.ok(answers.includes('https://acme.example') && !answers.includes('More leads'), answers);
      const note = await until(() => contact.notes[0]?.note, 'the note');
      assert.match(note, /Z terms: "I accept the privacy notice\." https:\/\/acme\.example\/privacy$/);
    },
  );
});

describe('a visitor who leaves at the questions', () => {
  const leaves = async (visitor: Visitor, ground: Ground, event: string, fill: () => Promise<void>) => {
    const body = tag(`event="${event}"`, `<a href="https://app.iclosed.io/e/${event}">Book a call</a>`);
    await visitor.open(ground.site.put('/', landing(body)));
    const helped = visitor.page.waitForResponse(/\/hints\.js/);
    await visitor.field('Email').focus();
    await helped;
    await fill();
    await visitor.widget.getByRole('radio', { name: '11-50', exact: true }).focus();
  };

  scene(
    'is a lead all the same where the event sends contacts early, and a customer on return',
    async (visitor, ground) => {
      const who = person();
      await leaves(visitor, ground, 'acme/strategy-session', async () => {
        await visitor.field('First name').fill(who.firstName);
        await visitor.field('Last name').fill(who.lastName);
        await visitor.field('Email').fill(who.email);
      });
      await visitor.hears('contact');
      await visitor.page.goto('about:blank');
      const { contact, calls } = await until(() => {
        return ground.stack.standin.ledger.contactsOf(who.email).length > 0 && ground.account(who.email);
      }, 'the contact');
      assert.deepEqual([contact.firstName, contact.lastName, calls.length], [who.firstName, who.lastName, 0]);
      await visitor.page.goBack();
      await visitor.widget.getByRole('radio', { name: '11-50', exact: true }).check();
      await visitor.submit();
      await visitor.freeDays().first().waitFor();
      await visitor.pick();
      await visitor.confirm();
      await visitor.sees(/You’re booked/);
      assert.equal(ground.account(who.email).calls.length, 1);
    },
  );

  scene('elsewhere is none', async (visitor, ground) => {
    const who = person();
    await leaves(visitor, ground, 'acme/email-only', () => visitor.field('Email').fill(who.email));
    await visitor.page.waitForTimeout(2 * EARLY_CONTACT_MS);
    assert.deepEqual(
      visitor.fetched.filter((address) => address.endsWith('/api/v1/lead')),
      [],
    );
    assert.deepEqual(ground.stack.standin.ledger.contactsOf(who.email), []);
  });
});

/** As they name themselves; what they lack is taken away by hand. */
const IN_APP = {
  Instagram:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Instagram 380.0.0.28.75 (iPhone14,5; iOS 18_5; en_US; scale=3.00)',
  Facebook:
    'Mozilla/5.0 (Linux; Android 14; Pixel 7 Build/UQ1A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/130.0.0.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/480.0.0.0;]',
  TikTok:
    'Mozilla/5.0 (Linux; Android 13; SM-A145 Build/TP1A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/128.0.0.0 Mobile Safari/537.36 musical_ly_2023509040 BytedanceWebview/d8a21c6',
};

describe('a browser inside an app', () => {
  for (const [app, userAgent] of Object.entries(IN_APP)) {
    scene(
      `${app}, 320 px, no storage, no windows ⇒ a whole booking, nothing wider than the screen`,
      async (visitor, ground) => {
        await visitor.page.addInitScript(() => {
          const deny = () => {
            throw new DOMException('denied', 'SecurityError');
          };
          Object.defineProperty(globalThis, 'sessionStorage', { get: deny });
          Object.defineProperty(globalThis, 'localStorage', { get: deny });
          Object.defineProperty(globalThis, 'open', { value: undefined });
        });
        const who = person();
        await open(visitor, ground);
        await visitor.fillContact(who);
        await box(visitor, /privacy notice/).check();
        await visitor.button('Continue').click();
        await visitor.answer(who);
        await box(visitor, /More leads/).check();
        await visitor.submit();
        await visitor.freeDays().first().waitFor();
        await visitor.pick();
        await visitor.confirm();
        await visitor.sees(/You’re booked/);
        assert.equal(await visitor.page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
        assert.equal(ground.account(who.email).calls.length, 1);
      },
      { ...NARROW, viewport: { width: 320, height: 640 }, userAgent, isMobile: true, hasTouch: true },
    );
  }
});
