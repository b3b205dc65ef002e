/** What axe can see of accessibility in every state that a visitor can meet, narrow and wide, light and dark, in English and in Arabic. */
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { complaintsOfAxe } from './axe.ts';
import { NARROW, scenesOf, WIDE } from './ground.ts';
import { eachPage, openStates } from './states.ts';

const CALM = { reducedMotion: 'reduce' as const };
const scene = scenesOf();

describe('axe has nothing to say about any state', () => {
  for (const [theme, width, language] of [
    ['light', 390, 'en'],
    ['dark', 390, 'en'],
    ['light', 1100, 'en'],
    ['dark', 1100, 'en'],
    ['light', 390, 'ar'],
    ['dark', 390, 'ar'],
    ['light', 1100, 'ar'],
    ['dark', 1100, 'ar'],
  ] as const) {
    scene(
      `${width} px, ${theme}, ${language}`,
      async (visitor, ground) => {
        await eachPage(visitor, ground, { theme, width, language }, async () => {
          assert.deepEqual(await complaintsOfAxe(visitor), []);
        });
      },
      { ...(width === 390 ? NARROW : WIDE), colorScheme: theme, ...CALM },
    );
  }

  scene(
    'and a fault is noticed (the check works)',
    async (visitor, ground) => {
      await openStates(visitor, ground, { only: ['contact'] });
      const planted = 'iclosed-booking::part(heading) { color: #bbb }';
      await visitor.page.addStyleTag({ content: planted });
      const [first = '', ...others] = await complaintsOfAxe(visitor);
      assert.match(first, /^color-contrast: iclosed-booking,\.heading /);
      assert.deepEqual(others, []);
    },
    { ...NARROW, colorScheme: 'light', ...CALM },
  );
});
