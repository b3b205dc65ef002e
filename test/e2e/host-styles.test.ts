/**
 * The page's style sheets and the widget's: neither touches the other. On each hostile page the widget looks, to the pixel, as on a
 * bare one, apart from the font family, which is inherited on purpose; a whole booking on all of them at once.
 */
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { type Ground, scenesOf, WIDE } from './ground.ts';
import { differences, HOST_STYLES, lookOfPage, lookOfWidget } from './host-styles.ts';
import { EVENT, landing, SCRIPT, TAG } from './site.ts';
import { person, type Visitor } from './visitor.ts';

const scene = scenesOf();

/** In a frame of fixed width, with a fixed font: what remains is the widget's own doing. */
const FRAME = `<div style="all:initial;display:block;width:860px"><iclosed-booking event="${EVENT}" flow="times-first" style="display:block;--iclosed-font:'DejaVu Sans'"></iclosed-booking></div>`;
const OWN =
  '<p>Text <a href="#">link</a></p><button>Button</button><input value="Input"><table><tr><td>Cell</td></tr></table>';

const styled = ({ site }: Ground, css: string, body = FRAME) =>
  site.put('/styled', landing(body, `${SCRIPT}<style>${css}</style>`));

/** Looks at the times, at one that is picked, and at the form with its faults. */
async function looks(visitor: Visitor, address: string): Promise<string[]> {
  await visitor.page.emulateMedia({ reducedMotion: 'reduce' });
  await visitor.page.goto(address);
  await visitor.times().first().click();
  await visitor.page.mouse.move(0, 0);
  const times = await lookOfWidget(visitor.page);
  await visitor.button('Continue').click();
  await visitor.sees('Where can we reach you?');
  await visitor.button('Continue').click();
  await visitor.reads('Please fill this in.');
  await visitor.page.mouse.move(0, 0);
  return [...times, ...(await lookOfWidget(visitor.page))];
}

describe('the widget on a page with', () => {
  scene(
    'hostile styles looks as on a bare page, whichever they are',
    async (visitor, ground) => {
      const bare = await looks(visitor, styled(ground, ''));
      // How many times a day has depends on the day.
      assert.ok(bare.length > 150, `${bare.length} elements`);
      const found: Record<string, string[]> = {};
      for (const [name, css] of Object.entries(HOST_STYLES)) {
        const changed = differences(bare, await looks(visitor, styled(ground, css)));
        if (changed.length > 0) found[name] = changed.slice(0, 10);
      }
      assert.deepEqual(found, {});
    },
    WIDE,
  );

  scene(
    'a style for one of its parts looks different (the comparison works)',
    async (visitor, ground) => {
      const bare = await looks(visitor, styled(ground, ''));
      const changed = differences(
        bare,
        await looks(
          visitor,
          styled(
            ground,
            'iclosed-booking::part(heading) { letter-spacing: 2px } iclosed-booking::part(primary-button) { background: #123; color: #cde }',
          ),
        ),
      );
      for (const wanted of ['h2.heading: letter-spacing', 'button.cta: background-color', 'button.cta: color']) {
        assert.ok(
          changed.some((line) => line.startsWith(wanted)),
          changed.join('\n'),
        );
      }
    },
    WIDE,
  );

  for (const [name, css] of [
    [
      'a normalised page',
      'a { background-color: transparent } a:hover { background: none; text-decoration: underline }',
    ],
    ['a reset one', 'a { margin: 0; padding: 0; background: transparent; color: inherit } a:focus { outline: none }'],
  ] as const) {
    scene(
      `links of its own keeps the owner’s link a button that can be read, with a ring: ${name}`,
      async (visitor, ground) => {
        await visitor.page.route('**/api/**', (route) => route.abort());
        await visitor.page.goto(
          styled(ground, css, `${TAG}${TAG.replace('<iclosed-booking', '<iclosed-booking mode="floating"')}`),
        );
        await visitor.reads('This calendar is not available at the moment.');
        for (const index of [0, 1]) {
          const link = visitor.page.locator('iclosed-booking > a').nth(index);
          await visitor.page.keyboard.press('Tab');
          await link.focus();
          await link.hover();
          const look = await link.evaluate((element) => {
            const { backgroundColor, color, outlineWidth, outlineStyle, paddingLeft } = getComputedStyle(element);
            return {
              backgroundColor,
              color,
              ring: `${outlineWidth} ${outlineStyle}`,
              isPadded: Number.parseFloat(paddingLeft) > 8,
            };
          });
          assert.notEqual(look.backgroundColor, 'rgba(0, 0, 0, 0)', `link ${index}`);
          assert.notEqual(look.backgroundColor, look.color);
          assert.deepEqual([look.ring, look.isPadded], ['3px solid', true]);
        }
      },
    );
  }

  scene('all of them at once books', async (visitor, ground) => {
    const who = person();
    await visitor.open(styled(ground, Object.values(HOST_STYLES).join('\n'), TAG));
    await visitor.book(who);
    assert.equal(ground.account(who.email).calls.length, 1);
  });
});

describe('the page', () => {
  scene('looks the same with the widget and without it, and holds nothing more', async (visitor, ground) => {
    const put = (head: string) => ground.site.put('/own', landing(`${TAG}${OWN}`, head));
    await visitor.page.goto(put(''));
    const before = await lookOfPage(visitor.page);
    await visitor.open(put(SCRIPT));
    const { page } = visitor;
    const attributes = () =>
      page.evaluate(() =>
        [document.documentElement, document.body].map(({ attributes }) =>
          [...attributes].map(({ name }) => name).join(),
        ),
      );
    // The page's height is its content's, and the widget is content.
    const own = (lines: string[]) => lines.filter((line) => !/^(html|body|main);/.test(line));
    assert.deepEqual(differences(own(before), own(await lookOfPage(page))), []);
    assert.deepEqual(await attributes(), ['lang', '']);
    assert.equal(await page.evaluate(() => document.styleSheets.length + document.adoptedStyleSheets.length), 0);
  });
});
