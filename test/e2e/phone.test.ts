/**
 * What a phone does to a form: it fills it in by itself, it puts a keyboard over half of it, and its owner leaves and comes back. The
 * browser's own autofill is triggered by Chromium's debugging protocol; the keyboard is a window as high as what it leaves.
 */
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { Locator } from 'playwright-core';
import { NARROW, scenesOf } from './ground.ts';
import { landing } from './site.ts';
import { person, type Visitor } from './visitor.ts';

const scene = scenesOf();
const page = landing();
/** 844 px less a keyboard with its row of suggestions. */
const ABOVE_KEYBOARD = { ...NARROW, viewport: { width: 390, height: 420 }, isMobile: true, hasTouch: true };

/** A node as the protocol tells it, with what its shadow holds. */
interface ToldNode {
  nodeName: string;
  backendNodeId: number;
  attributes?: string[];
  children?: ToldNode[];
  shadowRoots?: ToldNode[];
}

function findInput(node: ToldNode, name: string): number | undefined {
  const { attributes = [], children = [], shadowRoots = [] } = node;
  if (node.nodeName === 'INPUT' && attributes[attributes.indexOf('name') + 1] === name) return node.backendNodeId;
  for (const each of [...children, ...shadowRoots]) {
    const found = findInput(each, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** As when the visitor takes the address that the browser offers at that field. */
async function autofill(visitor: Visitor, at: string, address: Readonly<Record<string, string>>): Promise<void> {
  const chromium = await visitor.context.newCDPSession(visitor.page);
  const fields = Object.entries(address).map(([name, value]) => ({ name, value }));
  await chromium.send('DOM.enable');
  await chromium.send('Autofill.enable');
  await chromium.send('Autofill.setAddresses', { addresses: [{ fields }] });
  const { root } = (await chromium.send('DOM.getDocument', { depth: -1, pierce: true })) as { root: ToldNode };
  const fieldId = findInput(root, at);
  assert.ok(fieldId !== undefined, `${at} is there`);
  const wish: { fieldId: number } = Object.assign({ fieldId }, { address: { fields } });
  await chromium.send('Autofill.trigger', wish);
}

describe('what the browser knows of the visitor', () => {
  scene(
    'fills the whole contact at once, and reaches iClosed as if it were typed',
    async (visitor, ground) => {
      const { email } = person();
      await visitor.open(ground.site.put('/', page));
      await visitor.field('Email').click();
      await autofill(visitor, 'email', {
        NAME_FIRST: 'Vera',
        NAME_LAST: 'Visitor',
        NAME_FULL: 'Vera Visitor',
        EMAIL_ADDRESS: email,
        PHONE_HOME_WHOLE_NUMBER: '+12025550199',
        ADDRESS_HOME_COUNTRY: 'US',
      });
      const values = () =>
        Promise.all(['First name', 'Last name', 'Email', 'Phone'].map((name) => visitor.field(name).inputValue()));
      assert.deepEqual(await values(), ['Vera', 'Visitor', email, '12025550199']);
      await visitor.button('Continue').click();
      await visitor.hears('contact');
      await visitor.sees('A few questions');
      const { contact } = ground.account(email);
      assert.equal(contact.lastName, 'Visitor');
    },
    NARROW,
  );
});

/** Wholly in the window, and nothing lies over its middle. */
async function isFree(control: Locator): Promise<boolean> {
  return control.evaluate((element) => {
    const { top, bottom, left, width } = element.getBoundingClientRect();
    const middle = (element.getRootNode() as ShadowRoot).elementFromPoint(left + width / 2, (top + bottom) / 2);
    return top >= 0 && bottom <= innerHeight && (middle === element || element.contains(middle));
  });
}

/** Longer than the two presses of a double one are apart, as a person needs who looks for what has come. */
async function findNext({ page }: Visitor): Promise<void> {
  await page.waitForTimeout(600);
}

describe('a finger', () => {
  scene(
    'that is quick, but in another place, is none of a double press',
    async (visitor, ground) => {
      await visitor.open(ground.site.put('/', page));
      await visitor.fillContact(person());
      await visitor.button('Continue').tap();
      await visitor.widget.getByText('11-50', { exact: true }).tap();
      assert.ok(await visitor.widget.getByRole('radio', { name: '11-50', exact: true }).isChecked());
    },
    ABOVE_KEYBOARD,
  );
});

describe('above the keyboard of a phone', () => {
  scene(
    'each field can be seen while it is typed in, Enter goes on, and the button that books is in reach',
    async (visitor, ground) => {
      const who = person();
      await visitor.open(ground.site.put('/', page));
      for (const [name, text] of [
        ['First name', who.firstName],
        ['Last name', who.lastName],
        ['Email', who.email],
        ['Phone', who.phone],
      ] as const) {
        await visitor.field(name).tap();
        await visitor.page.keyboard.type(text);
        assert.ok(await isFree(visitor.field(name)), `${name} is free`);
      }
      await visitor.page.keyboard.press('Enter');
      await visitor.sees('A few questions');
      await visitor.answer(who);
      await visitor.submit();
      await visitor.freeDays().first().waitFor();
      await findNext(visitor);
      await visitor.freeDays().first().tap();
      const time = visitor.times().last();
      await time.tap();
      assert.ok(await isFree(visitor.button('Book this time')), 'the button is free');
      await time.scrollIntoViewIfNeeded();
      assert.ok(await isFree(time), 'and does not lie over the time');
      await findNext(visitor);
      await visitor.button('Book this time').tap();
      await visitor.sees(/You’re booked/);
    },
    ABOVE_KEYBOARD,
  );

  scene(
    'a faulty field is scrolled to where it can be seen with its fault',
    async (visitor, ground) => {
      await visitor.open(ground.site.put('/', page));
      await visitor.fillContact({ ...person(), email: 'vera@visitors' });
      await visitor.button('Continue').tap();
      await visitor.isTakenTo(/^Email/);
      assert.ok(await isFree(visitor.field('Email')));
      assert.ok(await isFree(visitor.widget.getByText(/Please enter the whole address/)));
    },
    ABOVE_KEYBOARD,
  );
});

describe('somebody who goes away', () => {
  scene(
    'and comes back by the browser’s arrow goes on at the times, and books once',
    async (visitor, ground) => {
      const who = person();
      await visitor.open(ground.site.put('/', page));
      await visitor.toTimes(who);
      await visitor.page.goto(ground.site.put('/elsewhere', '<h1>Elsewhere</h1>'));
      await visitor.page.goBack();
      await visitor.freeDays().first().waitFor();
      await visitor.pick();
      await visitor.confirm();
      await visitor.sees(/You’re booked/);
      assert.equal(ground.account(who.email).calls.length, 1);
    },
    NARROW,
  );
});
