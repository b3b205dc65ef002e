/**
 * The main paths, on a phone in India and a page of another origin than the Worker's: booked, disqualified, routed, a time just
 * taken, pressed twice. The judge is the stand-in's account.
 */
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { Locator } from 'playwright-core';
import type { EventName } from '../../shared/protocol.ts';
import { hostIds } from '../standin/canaries.ts';
import { occupy } from '../worker/account.ts';
import { until } from '../worker/visitor.ts';
import { type Ground, scenesOf, WIDE } from './ground.ts';
import { ATTRIBUTION, CAMPAIGN, EVENT, landing, tag } from './site.ts';
import { FREE_DAY, type Person, person, plain, type TimeWords, type Visitor, wordsOf } from './visitor.ts';

const scene = scenesOf();
const WHOLE_WAY: EventName[] = [
  'ready',
  'view',
  'contact',
  'answered',
  'qualified',
  'slots-shown',
  'slot-picked',
  'submitted',
  'booked',
];

/** One call, at the time that the visitor read on the button, and the same time on the confirmation. */
async function assertBooked(visitor: Visitor, ground: Ground, who: Person, picked: TimeWords) {
  const confirmation = await visitor.confirmed();
  const { contact, calls } = ground.account(who.email);
  assert.equal(calls.length, 1);
  const [call] = calls;
  assert.ok(call);
  assert.deepEqual(wordsOf(call.startsAt), picked);
  assert.ok(confirmation.includes(picked.day.replace(/^\w+, /, '')), confirmation);
  assert.ok(confirmation.includes(picked.time.replace(/ [AP]M$/, '')), confirmation);
  assert.match(confirmation, /India Standard Time \(GMT\+5:30\)/);
  return { contact, call };
}

const page = (ground: Ground, attributes = '') =>
  `${ground.site.put('/', landing(tag(attributes, '<a href="https://app.iclosed.io/e/acme/discovery-call">Book a call</a>')))}?${CAMPAIGN}`;

describe('a visitor in India', () => {
  scene('books to the end; the call, its attribution and the events are right', async (visitor, ground) => {
    const who = person();
    await visitor.open(page(ground, 'variant="headline-b"'));
    const picked = await visitor.book(who);
    const { contact, call } = await assertBooked(visitor, ground, who, picked);
    assert.equal(contact.utm, new URLSearchParams({ ...ATTRIBUTION, variant: 'headline-b' }).toString());
    assert.equal(contact.referrerUrl, `${ground.site.origin}/`);
    assert.match(contact.timeZone ?? '', /^Asia\/(Kolkata|Calcutta)$/);
    assert.equal(contact.status, 'QUALIFIED');

    assert.deepEqual(visitor.names(), WHOLE_WAY);
    const { attempt } = visitor.heard[0] ?? {};
    const personal = [who.firstName, who.lastName, who.email, who.phone, contact.phoneNumber, String(contact.id)];
    for (const detail of visitor.heard) {
      const { name, at, startsAt, bookingId, ...rest } = detail;
      assert.deepEqual(rest, {
        v: 1,
        eventId: `${attempt}.${name}`,
        attempt,
        event: EVENT,
        variant: 'headline-b',
        tracking: ATTRIBUTION,
      });
      assert.ok(Math.abs(Date.parse(at) - Date.now()) < 120_000);
      const isAboutTime = ['slot-picked', 'submitted', 'booked'].includes(name);
      assert.equal(startsAt && Date.parse(startsAt), isAboutTime ? call.startsAt : undefined, name);
      assert.equal(bookingId, name === 'booked' ? call.previewId : undefined);
      for (const word of personal) assert.ok(!JSON.stringify(detail).includes(String(word)), `${name} tells ${word}`);
    }
  });

  scene(
    'books on a wide page with the keyboard alone, the focus moved to each step',
    async (visitor, ground) => {
      const who = person();
      const { page: tab } = visitor;
      await visitor.open(page(ground));
      for (const [name, text] of [
        ['First name', who.firstName],
        ['Last name', who.lastName],
        ['Email', who.email],
        ['Phone', who.phone],
      ] as const) {
        await visitor.tabTo(name);
        await tab.keyboard.type(text);
      }
      await visitor.tabTo('Continue');
      await tab.keyboard.press('Enter');
      await visitor.isTakenTo(/^A few questions$/);
      await visitor.tabTo('1-10');
      await tab.keyboard.press('ArrowDown');
      assert.equal(await visitor.focused(), '11-50');
      await visitor.tabTo(/revenue/);
      await tab.keyboard.type('$5k');
      await visitor.tabTo('See available times');
      await tab.keyboard.press('Enter');
      await visitor.isTakenTo(/^Pick a time$/);
      await visitor.freeDays().first().waitFor();
      await visitor.tabTo(FREE_DAY);
      const first = await visitor.focused();
      do {
        await tab.keyboard.press('ArrowRight');
        await visitor.isTakenTo(/free times/); // in the next month they have to be looked for
      } while (!FREE_DAY.test(await visitor.focused()));
      assert.notEqual(await visitor.focused(), first);
      const day = (await visitor.focused()).replace(/, \d{4}, .*/, '');
      await tab.keyboard.press('Enter');
      await visitor.tabTo(/^\d+:\d\d [AP]M$/);
      await visitor.tabTo(/^\d+:\d\d [AP]M$/);
      const picked = { day, time: plain(await visitor.focused()) };
      await tab.keyboard.press('Enter');
      await visitor.tabTo('Book this time');
      await tab.keyboard.press('Enter');
      await visitor.isTakenTo(/^You’re booked/);
      await assertBooked(visitor, ground, who, picked);
      assert.deepEqual(visitor.names(), WHOLE_WAY);
    },
    WIDE,
  );

  scene('who listens is not told that it is still booking once it is booked', async (visitor, ground) => {
    await visitor.open(page(ground));
    await visitor.book(person());
    const spoken = await visitor.widget.getByRole('status').allInnerTexts();
    assert.ok(!/Booking…|Looking for/.test(spoken.join(' ')), `the live region says ${spoken.join(' ')}`);
  });

  scene('is told at each field what is missing or wrong, and nothing is sent before', async (visitor, ground) => {
    const who = person();
    await visitor.open(page(ground));
    await visitor.button('Continue').click();
    await visitor.isTakenTo(/^Please check these/);
    assert.equal(await visitor.field('Email').getAttribute('aria-invalid'), 'true');
    assert.match(
      await visitor.describedAs(visitor.field('Email')),
      /^Please (fill this in|enter your email address)\.$/,
    );
    await visitor.fillContact({ ...who, email: 'vera@visitors' });
    await visitor.button('Continue').click();
    await visitor.isTakenTo(/^Email/);
    assert.match(await visitor.describedAs(visitor.field('Email')), /^Please enter the whole address/);
    assert.deepEqual(ground.stack.standin.ledger.contactsOf('vera@visitors'), []);
    assert.ok(!visitor.names().includes('contact'));
    await visitor.field('Email').fill(who.email);
    await visitor.button('Continue').click();
    await visitor.isTakenTo(/^A few questions$/);
    await visitor.submit();
    await visitor.isTakenTo(/^Please check these/);
    assert.ok(!visitor.names().includes('answered'));
    await visitor.answer(who);
    await visitor.submit();
    await visitor.freeDays().first().waitFor();
  });
});

describe('a visitor who is disqualified', () => {
  scene('sees the message and no times, may correct once, and goes on', async (visitor, ground) => {
    const who = person({ revenue: 'Under $5k' });
    const message = visitor.widget.getByText('Thank you. We work with larger teams at the moment');
    await visitor.open(page(ground));
    await visitor.fill(who);
    await visitor.submit();
    await message.waitFor();
    await visitor.isTakenTo(/^Thank you for your answers\.$/);
    assert.equal(await visitor.freeDays().count(), 0);
    assert.equal(await visitor.widget.getByRole('grid').count(), 0);
    const status = (wanted: string) =>
      until(() => ground.account(who.email).contact.status === wanted, `iClosed has ${wanted}`);
    await status('DISQUALIFIED');
    assert.deepEqual(ground.account(who.email).calls, []);
    assert.deepEqual(visitor.names(), ['ready', 'view', 'contact', 'answered', 'disqualified']);

    await visitor.button('Change my answers').click();
    await visitor.answer(person());
    await visitor.submit();
    const picked = await visitor.pick();
    await visitor.confirm();
    await assertBooked(visitor, ground, who, picked);
    await status('QUALIFIED');
  });

  scene('the second time it stays', async (visitor, ground) => {
    const who = person({ revenue: 'Under $5k' });
    await visitor.open(page(ground));
    await visitor.fill(who);
    await visitor.submit();
    await visitor.button('Change my answers').click();
    await visitor.answer(person({ companySize: '1-10', revenue: 'Under $5k' }));
    await visitor.submit();
    await visitor.hears('disqualified', 2);
    await visitor.sees(/Thank you for your answers/);
    assert.equal(await visitor.button('Change my answers').count(), 0);
    assert.deepEqual(ground.account(who.email).calls, []);
  });
});

describe('a visitor who is routed', () => {
  scene('sees the times of the routed hosts only, and the call carries them', async (visitor, ground) => {
    const hosts = `${hostIds.zed},${hostIds.mia}`;
    const who = person({ companySize: '51-200' });
    await visitor.open(page(ground));
    await visitor.toTimes(who);
    // Zed and Mia begin at 13:30 in India at the earliest; Kenji in Tokyo ends at 12:30.
    const shown = await visitor.openLaterDay(() => true);
    assert.deepEqual(
      shown.filter((time) => /^([4-9]|1[01]):\d\d AM$/.test(time)),
      [],
    );
    const picked = await visitor.pick();
    await visitor.confirm();
    const { contact, call } = await assertBooked(visitor, ground, who, picked);
    assert.ok(call.hostId === hostIds.zed || call.hostId === hostIds.mia);
    assert.deepEqual(
      ground.sentAbout('POST /v1/eventCalls', contact).map(({ conditionalUsers }) => conditionalUsers),
      [hosts],
    );
    const asked = ground.stack.standin.ledger.requests('POST /v1/events/eventDates').map(({ body }) => body);
    assert.ok(asked.some((body) => (body as { conditionalUsers?: string }).conditionalUsers === hosts));
    await visitor.reads(/Zed Harper|Mia Lindqvist/);
  });
});

describe('a visitor whose time is taken while choosing', () => {
  scene('keeps the answers, is offered the nearest times and books one', async (visitor, ground) => {
    const who = person();
    await visitor.open(page(ground));
    await visitor.toTimes(who);
    const lost = await visitor.pick();
    const { startsAt = '' } = await visitor.hears('slot-picked');
    assert.ok((await occupy(ground.stack, EVENT, startsAt)) > 0);
    await visitor.confirm();
    await visitor.isTakenTo(new RegExp(`^${lost.time} was just taken\\. Your answers are safe\\.`));
    assert.equal(await visitor.nearest().count(), 3);
    assert.deepEqual(ground.account(who.email).calls, []);

    await visitor.button('Back').click();
    assert.ok(await visitor.widget.getByRole('radio', { name: who.companySize, exact: true }).isChecked());
    await visitor.button('Back').click();
    assert.equal(await visitor.field('Email').inputValue(), who.email);
    await visitor.button('Continue').click();
    await visitor.submit();
    await visitor.freeDays().first().waitFor();
    const picked = await visitor.pick();
    await visitor.confirm();
    const { call } = await assertBooked(visitor, ground, who, picked);
    assert.deepEqual([...call.answers.values()].flat(), ['11-50', '$5k – $20k']);
  });

  scene('one press on a nearest time and one on the button is enough', async (visitor, ground) => {
    const who = person();
    await visitor.open(page(ground));
    await visitor.toTimes(who);
    await visitor.pick();
    const { startsAt = '' } = await visitor.hears('slot-picked');
    await occupy(ground.stack, EVENT, startsAt);
    await visitor.confirm();
    await visitor.nearest().first().click();
    const { startsAt: nearest = '' } = await visitor.hears('slot-picked', 2);
    assert.notEqual(nearest, startsAt);
    await visitor.confirm();
    await assertBooked(visitor, ground, who, wordsOf(nearest));
    assert.deepEqual(
      visitor.heard
        .filter(({ name }) => name === 'submitted')
        .map(({ eventId }) => eventId.split('.').slice(1).join('.')),
      ['submitted', 'submitted.2'],
    );
  });
});

describe('a visitor who presses twice', () => {
  const presses: Record<string, (visitor: Visitor, name: string) => Promise<void>> = {
    'by a double click': (visitor, name) => visitor.button(name).dblclick(),
    'twice within one moment': (visitor, name) =>
      visitor.button(name).evaluate((button: HTMLElement) => {
        button.click();
        button.click();
      }),
    'with Enter held down': async (visitor, name) => {
      await visitor.button(name).focus();
      for (let times = 0; times < 4; times += 1) await visitor.page.keyboard.down('Enter');
      await visitor.page.keyboard.up('Enter');
    },
  };
  for (const [how, press] of Object.entries(presses)) {
    scene(`${how} ⇒ one contact, one call`, async (visitor, ground) => {
      const who = person();
      await visitor.open(page(ground));
      await visitor.fill(who);
      await press(visitor, 'See available times');
      const picked = await visitor.pick();
      await press(visitor, 'Book this time');
      const { contact } = await assertBooked(visitor, ground, who, picked);
      assert.equal(ground.sentAbout('POST /v1/contacts', contact).length, 1);
      assert.equal(ground.sentAbout('POST /v1/eventCalls', contact).length, 1);
      assert.deepEqual(visitor.names(), WHOLE_WAY);
    });
  }
});

describe('the second half of a double press', () => {
  type Place = [x: number, y: number];

  /** As a mouse does it: the second press says that it is one. It meets what lies in that place by then. */
  async function pressTwice({ page }: Visitor, place: Place, meanwhile = async () => {}): Promise<void> {
    await page.mouse.move(...place);
    for (const clickCount of [1, 2]) {
      await page.mouse.down({ clickCount });
      await page.mouse.up({ clickCount });
      if (clickCount === 1) await meanwhile();
    }
  }

  async function middleOf(locator: Locator): Promise<Place> {
    const box = (await locator.boundingBox()) ?? assert.fail('it is not on the screen');
    return [box.x + box.width / 2, box.y + box.height / 2];
  }

  /** Pages are of many layouts: here it comes where the first press was. */
  async function beneath({ page }: Visitor, locator: Locator, place: Place): Promise<void> {
    const [x, y] = await middleOf(locator);
    await page.evaluate(
      ([left, top]) => {
        document.body.style.translate = `${left}px ${top}px`;
      },
      [place[0] - x, place[1] - y] as const,
    );
  }

  scene('answers nothing in the step that the first has brought', async (visitor, ground) => {
    const answer = visitor.widget.getByRole('radio', { name: '11-50', exact: true });
    await visitor.open(page(ground));
    await visitor.fillContact(person());
    await visitor.button('Continue').click();
    const [, answerY] = await middleOf(answer);
    await visitor.button('Back').click();
    const [, y] = await middleOf(visitor.button('Continue'));
    const place: Place = [60, y];
    // Pages are of many heights: here an answer comes where the button was.
    const scrolled = () => visitor.page.evaluate((by) => scrollBy({ top: by, behavior: 'instant' }), answerY - y);
    await visitor.page.addStyleTag({ content: 'body { padding-block: 1000px }' });
    await visitor.page.evaluate(() => scrollTo({ top: 1_000, behavior: 'instant' }));
    await pressTwice(visitor, place, scrolled);
    await visitor.sees('A few questions');
    assert.equal(await visitor.widget.locator('input:checked').count(), 0);
    await visitor.page.mouse.click(...place);
    assert.ok(await answer.isChecked(), 'a press like any other is none of two');
  });

  scene('cancels no call', async (visitor, ground) => {
    const who = person();
    await visitor.open(page(ground));
    await visitor.book(who);
    // The confirmation itself is news no more.
    await visitor.page.waitForTimeout(1_000);
    const yes = visitor.button('Yes, cancel it');
    const place = await middleOf(visitor.button('Cancel call'));
    await pressTwice(visitor, place, () => beneath(visitor, yes, place));
    await yes.waitFor();
    await visitor.page.waitForTimeout(1_000);
    assert.equal(ground.account(who.email).calls.length, 1);
    await yes.click();
    await visitor.sees('Your call is cancelled.');
  });

  scene('moves no call where the button has come under the pointer', async (visitor, ground) => {
    const who = person();
    await visitor.open(page(ground));
    await visitor.book(who);
    await visitor.button('Change time').click();
    await visitor.sees('Pick another time');
    await visitor.openLaterDay((times) => times.length > 1);
    // The times themselves are news no more.
    await visitor.page.waitForTimeout(1_000);
    const time = visitor.times().first();
    await time.scrollIntoViewIfNeeded();
    const place = await middleOf(time);
    const move = visitor.button('Move to this time');
    await pressTwice(visitor, place, () => beneath(visitor, move, place));
    await visitor.page.waitForTimeout(1_000);
    assert.deepEqual(ground.sentAbout('PUT /v1/eventCalls/reschedule', ground.account(who.email).contact), []);
    await visitor.page.mouse.click(...place);
    await visitor.hears('rescheduled');
  });

  scene('books nothing where a list that the first has closed had covered the button', async (visitor, ground) => {
    const who = person();
    await visitor.open(page(ground));
    await visitor.toTimes(who);
    await visitor.pick();
    await visitor.page.waitForTimeout(1_000);
    await visitor.button(/Change: Time zone/).click();
    const zone = visitor.widget.getByRole('option').nth(2);
    await zone.scrollIntoViewIfNeeded();
    const place = await middleOf(zone);
    const book = visitor.button('Book this time');
    await pressTwice(visitor, place, () => beneath(visitor, book, place));
    await visitor.page.waitForTimeout(1_000);
    assert.deepEqual(ground.account(who.email).calls, []);
    await visitor.page.mouse.click(...place);
    await visitor.confirmed();
  });

  scene('books nothing where the button has come under the pointer', async (visitor, ground) => {
    const who = person();
    await visitor.page.setViewportSize({ width: 390, height: 700 });
    await visitor.open(page(ground));
    await visitor.toTimes(who);
    await visitor.openLaterDay((times) => times.length > 5);
    const time = visitor.times().nth(1);
    const ABOVE_EDGE_PX = 42;
    await time.evaluate((element, above) => {
      const { top, height } = element.getBoundingClientRect();
      scrollBy(0, top + height / 2 - (innerHeight - above));
    }, ABOVE_EDGE_PX);
    const place = await middleOf(time);
    await pressTwice(visitor, place);
    const [, buttonY] = await middleOf(visitor.button('Book this time'));
    assert.ok(Math.abs(buttonY - place[1]) < 25, `the button is at ${buttonY}, the pointer at ${place[1]}`);
    await visitor.page.waitForTimeout(1_000);
    assert.deepEqual(visitor.names().slice(-1), ['slot-picked']);
    assert.deepEqual(ground.account(who.email).calls, []);
    await visitor.confirm();
    await visitor.confirmed();
  });
});

describe('a press right after a mistyped address', () => {
  scene('is not lost: the hint comes when it is over', async (visitor, ground) => {
    const { page } = visitor;
    await visitor.open(ground.site.put('/', landing(tag())));
    await visitor.fillContact(person());
    await visitor.field('Email').fill('vera@gmial.com');
    const box = (await visitor.button('Continue').boundingBox()) ?? assert.fail('there is no button');
    const { y } = box;
    await page.mouse.move(box.x + box.width / 2, y + box.height / 2);
    await page.mouse.down();
    await page.waitForTimeout(150);
    assert.equal((await visitor.button('Continue').boundingBox())?.y, y);
    await page.mouse.up();
    await visitor.sees('A few questions');
    await visitor.button('Back').click();
    await visitor.field('Email').click();
    await visitor.field('Phone').click();
    await visitor.reads('Did you mean vera@gmail.com?');
  });
});
