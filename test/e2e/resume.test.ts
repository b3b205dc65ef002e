/**
 * A visit that is interrupted: the page is reloaded at any step, also while the booking is on its way, the network goes, the
 * storage is closed. It goes on, and there is one contact and one call.
 */
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { until } from '../worker/visitor.ts';
import { type Ground, scenesOf } from './ground.ts';
import { landing, tag } from './site.ts';
import { type Person, person, type TimeWords, type Visitor, wordsOf } from './visitor.ts';

const STRATEGY = 'acme/strategy-session';
const CALL = 'POST /v1/eventCalls';
const steps = [['company-size'], ['monthly-revenue']];
const scene = scenesOf({ vars: { EVENTS: { [STRATEGY]: { questions: steps.flat(), steps } } } });

const page = ({ site }: Ground) => site.put('/', landing());

async function assertBookedOnce(visitor: Visitor, ground: Ground, who: Person, picked: TimeWords): Promise<void> {
  await visitor.confirmed();
  const { contact, calls } = ground.account(who.email);
  assert.deepEqual(
    calls.map(({ startsAt }) => wordsOf(startsAt)),
    [picked],
  );
  assert.equal(ground.sentAbout(CALL, contact).length, 1);
  assert.equal(visitor.names().filter((name) => name === 'booked').length, 1);
  assert.equal(new Set(visitor.heard.map(({ attempt }) => attempt)).size, 1, 'one attempt');
  const ids = visitor.heard.map(({ eventId }) => eventId);
  assert.equal(new Set(ids).size, ids.length, 'each event has its own id');
}

describe('a page that is reloaded', () => {
  scene('goes on at the times after the answers', async (visitor, ground) => {
    const who = person();
    await visitor.open(page(ground));
    await visitor.toTimes(who);
    await visitor.page.reload();
    await visitor.freeDays().first().waitFor();
    await visitor.button('Back').click();
    assert.ok(await visitor.widget.getByRole('radio', { name: who.companySize, exact: true }).isChecked());
    await visitor.button('Back').click();
    await visitor.reads(/V•+/); // the contact, masked
    assert.equal(await visitor.widget.getByText(who.email).count(), 0);
    await visitor.button('Continue').click();
    await visitor.submit();
    const picked = await visitor.pick();
    await visitor.confirm();
    await assertBookedOnce(visitor, ground, who, picked);
    assert.equal(visitor.names().filter((name) => name === 'qualified').length, 1);
  });

  scene('goes on at the questions after the contact, and corrects the same contact', async (visitor, ground) => {
    const { firstName, lastName, email } = person();
    await visitor.open(ground.site.put('/steps', landing(tag(`event="${STRATEGY}"`))));
    await visitor.field('First name').fill(firstName);
    await visitor.field('Last name').fill(lastName);
    await visitor.field('Email').fill(`wrong.${email}`);
    await visitor.button('Continue').click();
    await visitor.hears('contact');
    await visitor.page.reload();
    await visitor.widget.getByRole('radio', { name: '11-50' }).check();
    await visitor.button('Back').click();
    await visitor.button('Change').click();
    await visitor.field('First name').fill(firstName);
    await visitor.field('Last name').fill(lastName);
    await visitor.field('Email').fill(email);
    await visitor.button('Continue').click();
    await visitor.button('Continue').click();
    await visitor.widget.getByRole('combobox').selectOption('Over $50k');
    await visitor.submit();
    await visitor.pick();
    await visitor.confirm();
    await visitor.confirmed();
    assert.equal(ground.account(email).calls.length, 1);
    assert.deepEqual(ground.stack.standin.ledger.contactsOf(`wrong.${email}`), []);
  });

  scene('while the booking is on its way shows the same booking', async (visitor, ground) => {
    const who = person();
    await visitor.open(page(ground));
    await visitor.toTimes(who);
    const picked = await visitor.pick();
    ground.stack.standin.model.queueFault({ kind: 'slow', endpoint: CALL, delayMs: 4_000 });
    await visitor.confirm();
    await until(() => ground.sentAbout(CALL, ground.account(who.email).contact).length === 1, 'the call was sent');
    await visitor.page.reload();
    await visitor.sees('We are confirming your time.');
    await assertBookedOnce(visitor, ground, who, picked);
  });

  scene('while nobody knows whether iClosed has booked shows the truth', async (visitor, ground) => {
    const who = person();
    await visitor.open(page(ground));
    await visitor.toTimes(who);
    const picked = await visitor.pick();
    ground.stack.standin.model.queueFault({ kind: 'error_after', endpoint: CALL });
    await visitor.confirm();
    await visitor.sees('We are confirming your time.');
    await visitor.hears('pending');
    await visitor.page.reload();
    await visitor.sees('We are confirming your time.');
    await assertBookedOnce(visitor, ground, who, picked);
  });

  scene('after the booking begins anew, with nothing left in the storage', async (visitor, ground) => {
    await visitor.open(page(ground));
    await visitor.book(person());
    await visitor.open(page(ground));
    assert.equal(await visitor.field('Email').inputValue(), '');
    assert.equal(new Set(visitor.heard.map(({ attempt }) => attempt)).size, 2);
  });
});

describe('a booking whose answer was lost', () => {
  scene('is told as being confirmed, then as booked, without a reload', async (visitor, ground) => {
    const who = person();
    await visitor.open(page(ground));
    await visitor.toTimes(who);
    const picked = await visitor.pick();
    ground.stack.standin.model.queueFault({ kind: 'reset_after', endpoint: CALL });
    await visitor.confirm();
    await visitor.sees('We are confirming your time.');
    await assertBookedOnce(visitor, ground, who, picked);
    assert.deepEqual(visitor.names().slice(-3), ['submitted', 'pending', 'booked']);
  });
});

describe('a visitor without network', () => {
  scene('is told so before the answers, and it goes on by itself', async (visitor, ground) => {
    const who = person();
    await visitor.open(page(ground));
    await visitor.fill(who);
    await visitor.context.setOffline(true);
    await visitor.submit();
    await visitor.reads('You are offline. Nothing is lost.');
    assert.ok(await visitor.widget.getByRole('radio', { name: who.companySize, exact: true }).isChecked());
    await visitor.context.setOffline(false);
    await visitor.freeDays().first().waitFor();
    assert.equal(
      await visitor.widget.getByText('You are offline. Nothing is lost.').filter({ visible: true }).count(),
      0,
    );
    const picked = await visitor.pick();
    await visitor.confirm();
    await assertBookedOnce(visitor, ground, who, picked);
  });

  scene('is told so at the booking, and it goes on by itself', async (visitor, ground) => {
    const who = person();
    await visitor.open(page(ground));
    await visitor.toTimes(who);
    const picked = await visitor.pick();
    await visitor.context.setOffline(true);
    await visitor.confirm();
    await visitor.reads('You are offline. Nothing is lost.');
    await visitor.context.setOffline(false);
    await assertBookedOnce(visitor, ground, who, picked);
  });
});

describe('a browser without storage', () => {
  scene('books all the same', async (visitor, ground) => {
    await visitor.page.addInitScript(() => {
      for (const name of ['sessionStorage', 'localStorage']) {
        Object.defineProperty(window, name, {
          get() {
            throw new DOMException('denied', 'SecurityError');
          },
        });
      }
    });
    const who = person();
    await visitor.open(page(ground));
    const picked = await visitor.book(who);
    await assertBookedOnce(visitor, ground, who, picked);
  });
});
