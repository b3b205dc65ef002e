/**
 * The widget over the page: opened by its own link, a button in the corner, any trigger, a method, a document event. The Worker hears
 * nothing before somebody means it; the page stays as it was; what was typed and booked stays too.
 */
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { until } from '../worker/visitor.ts';
import { type Ground, NARROW, scenesOf, WIDE } from './ground.ts';
import { EVENT, landing, LINK } from './site.ts';
import { person, Visitor } from './visitor.ts';

const scene = scenesOf();

const TALL = '<p style="height:150vh">Much to read.</p>';
const OWN_LINK = `<a href="${LINK}">Talk to us</a>`;
const POPUP = `<iclosed-booking mode="popup" event="${EVENT}">${OWN_LINK}</iclosed-booking>`;
const TRIGGER = `<a href="${LINK}" data-iclosed-open="${EVENT}">Book now</a>`;

const page = ({ site }: Ground, body: string) => site.put('/popup', landing(`${TALL}<p>${body}</p>${TALL}`));

/** Opens the page and waits until the element is defined; nothing of it is `ready` yet. */
async function arrive(visitor: Visitor, address: string): Promise<void> {
  await visitor.page.goto(address);
  await visitor.page.waitForFunction(() => customElements.get('iclosed-booking'));
}

const dialog = ({ page }: Visitor) => page.getByRole('dialog');
const asked = ({ fetched }: Visitor, { stack }: Ground) =>
  fetched.filter((url) => url.startsWith(stack.worker)).map((url) => new URL(url).pathname);

/** What of the page could jump: how wide it is, where it stands, where its text begins. */
const place = ({ page }: Visitor) =>
  page.evaluate(() => ({
    width: document.documentElement.clientWidth,
    top: Math.round(scrollY),
    left: document.querySelector('h1')?.getBoundingClientRect().left,
    style: document.documentElement.getAttribute('style') ?? document.body.getAttribute('style'),
  }));

const twoFrames = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));

describe('a popup', () => {
  scene(
    'asks nothing before intent, is ready when it opens, books, and shows the confirmation again',
    async (visitor, ground) => {
      await arrive(visitor, page(ground, POPUP));
      const link = visitor.page.getByRole('link', { name: 'Talk to us' });
      await link.scrollIntoViewIfNeeded();
      await visitor.page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));
      assert.deepEqual(asked(visitor, ground), ['/embed.js']);
      await link.hover();
      await visitor.hears('ready');
      assert.equal(visitor.names().includes('view'), false, 'nobody has seen it');
      assert.equal(await dialog(visitor).count(), 0);
      const before = await place(visitor);
      const requests = asked(visitor, ground).length;
      await link.click();
      await visitor.hears('view');
      assert.equal(asked(visitor, ground).length, requests, 'everything was there');
      await visitor.page.getByRole('dialog', { name: 'Talk to us' }).waitFor();
      assert.deepEqual(await place(visitor), before);
      const who = person();
      await visitor.book(who);
      await visitor.page.keyboard.press('Escape');
      await dialog(visitor).waitFor({ state: 'hidden' });
      assert.equal(await visitor.focused(), 'Talk to us');
      assert.deepEqual(await place(visitor), before);
      await visitor.page.keyboard.press('Enter');
      await visitor.confirmed();
      assert.equal(ground.account(who.email).calls.length, 1);
      assert.equal(visitor.names().filter((name) => name === 'view').length, 1);
    },
  );

  scene('looks like the page: its font, and dark where the page is', async (visitor, ground) => {
    await arrive(visitor, page(ground, POPUP));
    await visitor.page.addStyleTag({ content: ':root { color-scheme: dark } body { font-family: "DejaVu Serif" }' });
    await visitor.page.getByRole('link', { name: 'Talk to us' }).click();
    await visitor.hears('view');
    const looks = await visitor.page.evaluate(() => {
      const host = document.querySelector('iclosed-booking')?.shadowRoot;
      const card = host?.querySelector('iclosed-booking')?.shadowRoot?.querySelector('.card') as Element;
      const close = host?.querySelector('.close') as Element;
      return [getComputedStyle(card), getComputedStyle(close)].map(({ fontFamily, colorScheme }) => [
        fontFamily,
        colorScheme,
      ]);
    });
    assert.deepEqual(looks, [
      ['"DejaVu Serif"', 'dark'],
      ['"DejaVu Serif"', 'dark'],
    ]);
  });

  for (const looks of [undefined, WIDE]) {
    scene(
      `${looks ? 'wide' : 'narrow'}: wheel and keys move the popup, never the page; the page cannot be reached by Tab`,
      async (visitor, ground) => {
        await arrive(visitor, page(ground, `${POPUP}<button>Of the page</button>`));
        await visitor.page.getByRole('link', { name: 'Talk to us' }).click();
        await visitor.hears('view');
        const before = await place(visitor);
        await visitor.page.mouse.move(200, 400);
        for (let turns = 0; turns < 8; turns += 1) await visitor.page.mouse.wheel(0, turns < 4 ? 600 : -900);
        await visitor.page.keyboard.press('PageDown');
        await visitor.page.evaluate(twoFrames);
        assert.deepEqual(await place(visitor), before);
        for (let presses = 0; presses < 16; presses += 1) {
          await visitor.page.keyboard.press('Tab');
          assert.notEqual(await visitor.focused(), 'Of the page');
        }
      },
      looks,
    );
  }

  scene('is as high as the screen on a page that is made larger or smaller by CSS', async (visitor, ground) => {
    await arrive(visitor, page(ground, POPUP));
    for (const zoom of ['1.25', '0.9', '1']) {
      await visitor.page.evaluate((each) => document.body.style.setProperty('zoom', each), zoom);
      await visitor.page.getByRole('link', { name: 'Talk to us' }).click();
      await visitor.hears('view');
      const box = await dialog(visitor).boundingBox();
      const { width, height } = visitor.page.viewportSize() ?? {};
      const round = (length?: number) => Math.round(length ?? -1);
      assert.deepEqual([box?.x, box?.y, box?.width, box?.height].map(round), [0, 0, width, height], zoom);
      await visitor.page.keyboard.press('Escape');
      await dialog(visitor).waitFor({ state: 'hidden' });
    }
  });

  scene('and on one that is enlarged while it is open, as for another screen', async (visitor, ground) => {
    const larger = '<style>@media (width < 950px) { html { zoom: 1.4 } }</style>';
    await visitor.page.setViewportSize({ width: 1100, height: 700 });
    await arrive(visitor, page(ground, POPUP + larger));
    await visitor.page.getByRole('link', { name: 'Talk to us' }).click();
    await visitor.hears('view');
    await visitor.page.setViewportSize({ width: 900, height: 700 });
    await until(
      async () => Math.round((await dialog(visitor).boundingBox())?.height ?? 0) === 700,
      'it is as high as the screen',
    );
  });

  scene('whose own rule against it is switched off moves the page (the check works)', async (visitor, ground) => {
    const off = '<style>iclosed-booking::part(dialog) { overscroll-behavior: auto; overflow: hidden }</style>';
    await arrive(visitor, page(ground, POPUP + off));
    await visitor.page.getByRole('link', { name: 'Talk to us' }).click();
    await visitor.hears('view');
    const { top } = await place(visitor);
    await visitor.page.mouse.move(5, 5);
    await visitor.page.mouse.wheel(0, 600);
    await until(async () => (await place(visitor)).top !== top, 'the page has moved');
  });

  scene('speaks the page’s language, whatever the browser’s', async (visitor, ground) => {
    const german = landing(`<p>${POPUP}</p>`).replace('lang="en"', 'lang="de"');
    await arrive(visitor, ground.site.put('/popup-german', german));
    await visitor.page.getByRole('link', { name: 'Talk to us' }).click();
    await dialog(visitor).getByRole('heading', { name: 'Wie erreichen wir Sie?' }).waitFor();
    await dialog(visitor).getByRole('button', { name: 'Schließen' }).waitFor();
  });

  scene('is closed in words, beside it and by method, and keeps what was typed', async (visitor, ground) => {
    await arrive(visitor, page(ground, POPUP));
    const link = visitor.page.getByRole('link', { name: 'Talk to us' });
    await link.click();
    await visitor.field('First name').fill('Vera');
    await visitor.button('Close').click();
    await dialog(visitor).waitFor({ state: 'hidden' });
    await link.click();
    await dialog(visitor).waitFor();
    await visitor.page.mouse.click(5, 5);
    await dialog(visitor).waitFor({ state: 'hidden' });
    await visitor.page
      .locator('iclosed-booking')
      .first()
      .evaluate((element) => (element as HTMLElementTagNameMap['iclosed-booking']).open());
    await dialog(visitor).waitFor();
    assert.equal(await visitor.field('First name').inputValue(), 'Vera');
    await visitor.page
      .locator('iclosed-booking')
      .first()
      .evaluate((element) => (element as HTMLElementTagNameMap['iclosed-booking']).close());
    await dialog(visitor).waitFor({ state: 'hidden' });
    assert.equal(visitor.names().filter((name) => name === 'ready').length, 1);
  });

  scene('moved in the page while it is open stays over it, with everything', async (visitor, ground) => {
    await arrive(visitor, page(ground, POPUP));
    await visitor.page.getByRole('link', { name: 'Talk to us' }).click();
    await visitor.field('First name').fill('Vera');
    await visitor.page.evaluate(() => document.body.append(document.querySelector('iclosed-booking') as Element));
    await until(
      () =>
        visitor.page.evaluate(() =>
          document.querySelector('iclosed-booking')?.shadowRoot?.querySelector('dialog')?.matches(':modal'),
        ),
      'it is modal again',
    );
    assert.equal(await visitor.field('First name').inputValue(), 'Vera');
  });
});

describe('a popup whose element is not rendered', () => {
  const WITHIN = POPUP.replace('mode', 'id="talk" mode');
  const OTHERS = `<a href="${LINK}" data-iclosed-open="talk">Book now</a><button>Of the page</button>`;
  const isUsable = ({ page }: Visitor) => page.getByRole('button', { name: 'Of the page' }).click();

  for (const [how, hidden] of [
    ['hidden', WITHIN.replace('mode', 'hidden mode')],
    ['in a closed menu', `<nav style="display:none">${WITHIN}</nav>`],
    ['in closed details', `<details><summary>More</summary>${WITHIN}</details>`],
  ] as const) {
    scene(`${how}: is seen all the same, and leaves the page as it was`, async (visitor, ground) => {
      await arrive(visitor, page(ground, hidden + OTHERS));
      for (const way of ['Escape', 'Close']) {
        await visitor.page.getByRole('link', { name: 'Book now' }).click();
        await visitor.page.getByRole('dialog', { name: 'Talk to us' }).waitFor();
        if (way === 'Escape') await visitor.page.keyboard.press(way);
        else await visitor.page.getByRole('button', { name: way }).click();
        await dialog(visitor).waitFor({ state: 'hidden' });
        // The browser tells of Escape a moment later.
        await until(async () => (await visitor.focused()) === 'Book now', 'the focus is back');
        await isUsable(visitor);
        assert.equal(await visitor.page.locator('iclosed-booking[mode=popup]').count(), 1);
      }
    });
  }

  for (const [how, hide] of [
    ['closes', (menu: HTMLElement) => menu.removeAttribute('open')],
    ['vanishes', (menu: HTMLElement) => menu.style.setProperty('display', 'none')],
  ] as const) {
    scene(`a menu that ${how} while it is open leaves it in sight, with everything`, async (visitor, ground) => {
      await arrive(visitor, page(ground, `<details open><summary>Menu</summary>${WITHIN}</details>${OTHERS}`));
      await visitor.page.getByRole('link', { name: 'Talk to us' }).click();
      await dialog(visitor).getByRole('textbox', { name: 'First name' }).fill('Vera');
      await visitor.page.locator('details').evaluate(hide);
      await until(
        async () => (await visitor.page.locator('iclosed-booking[mode=popup]').count()) === 2,
        'it has moved',
      );
      assert.equal(await visitor.focused(), 'First name');
      assert.equal(await dialog(visitor).getByRole('textbox', { name: 'First name' }).inputValue(), 'Vera');
      await visitor.page.keyboard.press('Escape');
      await dialog(visitor).waitFor({ state: 'hidden' });
      await isUsable(visitor);
    });
  }

  scene('looks as the page says, books, tells its element once, is closed by it', async (visitor, ground) => {
    const style = `<style>
      .dark { color-scheme: dark; --iclosed-accent: rgb(200, 0, 0) }
      iclosed-booking { display: none }
      iclosed-booking::part(dialog) { border-top: 3px solid rgb(0, 0, 200) }
    </style>`;
    const thanks = `<p slot="confirmed" id="thanks">See you.</p>`;
    const hidden = `<div class="dark">${WITHIN.replace('</iclosed', `${thanks}</iclosed`)}</div>`;
    await arrive(visitor, page(ground, style + hidden + OTHERS));
    await visitor.page.evaluate(() => {
      const told = ({ target, currentTarget }: Event) =>
        console.log(`booked: ${(target as Element).id} ${(currentTarget as Element).nodeName}`);
      for (const at of [document, document.querySelector('#talk')]) at?.addEventListener('iclosed:booked', told);
    });
    await visitor.page.getByRole('link', { name: 'Book now' }).click();
    await visitor.hears('view');
    const looks = await dialog(visitor).evaluate((element) => {
      const card = element.querySelector('iclosed-booking')?.shadowRoot?.querySelector('.card') as Element;
      const { colorScheme } = getComputedStyle(card);
      const accent = getComputedStyle(card).getPropertyValue('--iclosed-accent');
      return [getComputedStyle(element).borderTopColor, accent.trim(), colorScheme];
    });
    assert.deepEqual(looks, ['rgb(0, 0, 200)', 'rgb(200, 0, 0)', 'dark']);
    const inside = new Visitor(visitor.page, visitor, visitor.page.locator('iclosed-booking').last());
    const who = person();
    await inside.book(who);
    assert.equal(ground.account(who.email).calls.length, 1);
    await visitor.page.getByText('See you.').waitFor();
    const told = visitor.said.filter((line) => line.startsWith('log: booked'));
    assert.deepEqual(told, ['log: booked: talk ICLOSED-BOOKING', 'log: booked: talk #document']);
    await visitor.page.evaluate(() => document.querySelector('iclosed-booking')?.close());
    await dialog(visitor).waitFor({ state: 'hidden' });
    assert.equal(await visitor.page.locator('#talk #thanks').count(), 1);
    await isUsable(visitor);
  });

  scene('goes with its element, and comes back with it', async (visitor, ground) => {
    await arrive(visitor, page(ground, `<nav style="display:none">${WITHIN}</nav>${OTHERS}`));
    await visitor.page.getByRole('link', { name: 'Book now' }).click();
    await dialog(visitor).waitFor();
    const element = await visitor.page.locator('#talk').elementHandle();
    await element?.evaluate((each) => (each as HTMLElement).remove());
    await isUsable(visitor);
    await element?.evaluate((each) => document.querySelector('nav')?.append(each));
    await dialog(visitor).waitFor();
  });
});

describe('a page with scripts of its own', () => {
  scene(
    'for wheel and keys: they reach the popup',
    async (visitor, ground) => {
      await arrive(visitor, page(ground, POPUP));
      await visitor.page.evaluate(() => {
        for (const type of ['wheel', 'keydown']) {
          document.addEventListener(type, (event) => event.preventDefault(), { passive: false });
        }
      });
      await visitor.page.getByRole('link', { name: 'Talk to us' }).click();
      await visitor.field('First name').focus();
      await visitor.page.keyboard.type('Vera');
      assert.equal(await visitor.field('First name').inputValue(), 'Vera');
      await visitor.page.mouse.move(200, 400);
      await visitor.page.mouse.wheel(0, 300);
      const moved = () =>
        dialog(visitor).evaluate(
          (element) => (element.querySelector('.sheet') as Element).scrollTop + element.scrollTop,
        );
      await until(async () => (await moved()) > 0, 'the popup has moved');
    },
    { ...NARROW, viewport: { width: 390, height: 420 } },
  );

  scene('that counts presses: it is closed for good', async (visitor, ground) => {
    await arrive(visitor, page(ground, POPUP));
    await visitor.page.evaluate(() => {
      document.addEventListener('click', () => document.body.append(document.createElement('i')));
    });
    await visitor.page.getByRole('link', { name: 'Talk to us' }).click();
    await visitor.hears('view');
    await visitor.page.getByRole('button', { name: 'Close' }).click();
    await visitor.page.evaluate(twoFrames);
    assert.equal(await dialog(visitor).count(), 0);
  });

  scene(
    'and small letters: the popup is as wide as elsewhere',
    async (visitor, ground) => {
      const widths: (number | undefined)[] = [];
      for (const style of ['', '<style>html { font-size: 62.5% }</style>']) {
        await arrive(visitor, page(ground, POPUP + style));
        await visitor.page.getByRole('link', { name: 'Talk to us' }).click();
        await visitor.hears('view', widths.length + 1);
        widths.push((await dialog(visitor).locator('.popup').boundingBox())?.width);
      }
      assert.deepEqual(widths, [896, 896]);
    },
    WIDE,
  );
});

describe('a button in the corner', () => {
  scene('stands there with the owner’s words, asks nothing, and opens the popup', async (visitor, ground) => {
    await arrive(visitor, page(ground, POPUP.replace('popup', 'floating')));
    const link = visitor.page.getByRole('link', { name: 'Talk to us' });
    const box = await link.boundingBox();
    const { width, height } = visitor.page.viewportSize() ?? assert.fail();
    assert.ok(box && box.x + box.width > width - 24 && box.y + box.height > height - 24, JSON.stringify(box));
    assert.ok(box.height >= 44 && box.width >= 88, JSON.stringify(box));
    assert.deepEqual(asked(visitor, ground), ['/embed.js']);
    await link.click();
    const who = person();
    await visitor.book(who);
    assert.equal(ground.account(who.email).calls.length, 1);
  });

  for (const hasTouch of [false, true]) {
    scene(
      `${hasTouch ? 'tapped' : 'pressed'} twice by habit opens it once`,
      async (visitor, ground) => {
        await arrive(visitor, page(ground, POPUP.replace('popup', 'floating')));
        const link = visitor.page.getByRole('link', { name: 'Talk to us' });
        await link.hover();
        await visitor.hears('ready');
        const { x, y } = (await link.boundingBox()) ?? assert.fail();
        if (!hasTouch) await visitor.page.mouse.dblclick(x + 9, y + 9, { delay: 60 });
        else await visitor.page.touchscreen.tap(x + 9, y + 9);
        await dialog(visitor).waitFor();
        if (hasTouch) await visitor.page.touchscreen.tap(x + 9, y + 9);
        await visitor.page.evaluate(twoFrames);
        assert.equal(await dialog(visitor).count(), 1);
      },
      { ...WIDE, hasTouch },
    );
  }
});

describe('a trigger', () => {
  scene('is no telephone number beside the owner’s link', async (visitor, ground) => {
    await arrive(visitor, page(ground, POPUP.replace('<a', '<a href="tel:+4930123">Call us</a> <a')));
    const client = await visitor.context.newCDPSession(visitor.page);
    await client.send('Page.enable');
    const left: string[] = [];
    client.on('Page.frameRequestedNavigation', ({ url }) => left.push(url));
    await visitor.page.getByRole('link', { name: 'Call us' }).click();
    await until(() => left.includes('tel:+4930123'), 'the browser has the number');
    assert.equal(await dialog(visitor).count(), 0);
  });

  scene('that came later opens the event’s popup by keyboard, one for all of its triggers', async (visitor, ground) => {
    await arrive(visitor, page(ground, TRIGGER));
    await visitor.page.evaluate(
      ([event]) => {
        const late = Object.assign(document.createElement('button'), { textContent: 'Later' });
        late.dataset.iclosedOpen = event;
        late.dataset.iclosedVariant = 'b';
        document.querySelector('main')?.append(late);
      },
      [EVENT],
    );
    await visitor.page.getByRole('button', { name: 'Later' }).focus();
    await visitor.hears('ready');
    await visitor.page.keyboard.press('Enter');
    await visitor.hears('view');
    await visitor.field('First name').fill('Vera');
    await visitor.page.keyboard.press('Escape');
    await until(async () => (await visitor.focused()) === 'Later', 'the focus is back');
    await visitor.page.getByRole('link', { name: 'Book now' }).click();
    assert.equal(await visitor.field('First name').inputValue(), 'Vera');
    assert.equal((await visitor.hears('view')).variant, 'b');
  });

  scene('may name an element, and may be anything that Tab reaches', async (visitor, ground) => {
    const named = POPUP.replace('mode', 'id="talk" mode').replace(OWN_LINK, '');
    await arrive(
      visitor,
      page(ground, `${named}<span tabindex="0" role="button" data-iclosed-open="talk">By hand</span>`),
    );
    await visitor.page.getByRole('button', { name: 'By hand' }).focus();
    await visitor.hears('ready');
    await visitor.page.keyboard.press('Space');
    await visitor.page.getByRole('dialog', { name: 'Book a call' }).waitFor();
    assert.equal(await visitor.page.locator('iclosed-booking[mode=popup]').count(), 1);
  });

  scene('with Ctrl is a link like any other', async (visitor, ground) => {
    const own = ground.site.put('/own', landing('Our own page.', ''));
    await arrive(visitor, page(ground, TRIGGER.replace(LINK, own)));
    const opened = visitor.context.waitForEvent('page');
    await visitor.page.getByRole('link', { name: 'Book now' }).click({ modifiers: ['ControlOrMeta'] });
    assert.equal((await opened).url(), own);
    assert.equal(await dialog(visitor).count(), 0);
  });

  scene('and the document event open it too', async (visitor, ground) => {
    await arrive(visitor, page(ground, 'No trigger.'));
    await visitor.page.evaluate(
      (event) => document.dispatchEvent(new CustomEvent('iclosed:open', { detail: { event } })),
      EVENT,
    );
    await dialog(visitor).waitFor();
    await visitor.hears('view');
  });
});

describe('where the popup cannot come', () => {
  scene(
    'its part is blocked ⇒ a press follows the link, with what the page’s address carries',
    async (visitor, ground) => {
      await visitor.page.route('**/popup.js*', (route) => route.abort());
      await visitor.page.route('https://app.iclosed.io/**', (route) => route.fulfill({ body: 'iClosed' }));
      await arrive(visitor, `${page(ground, POPUP)}?utm_source=ads`);
      await visitor.page.getByRole('link', { name: 'Talk to us' }).click();
      await visitor.page.waitForURL(`${LINK}?utm_source=ads`);
    },
  );

  scene('the Worker answers no more ⇒ the owner’s link stands in the popup', async (visitor, ground) => {
    await visitor.page.route('**/api/**', (route) => route.abort());
    await arrive(visitor, `${page(ground, POPUP)}?utm_source=ads`);
    await visitor.page.getByRole('link', { name: 'Talk to us' }).click();
    const link = dialog(visitor).getByRole('link', { name: 'Talk to us' });
    await link.waitFor();
    assert.equal(await link.getAttribute('href'), `${LINK}?utm_source=ads`);
  });
});
