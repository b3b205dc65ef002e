/** What axe can see of accessibility in every state that a visitor can meet, narrow and wide, light and dark, in English and in Arabic. */
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { complaintsOfAxe } from './axe.ts';
import { NARROW, scenesOf, WIDE } from './ground.ts';
import { eachPage, openStates } from './states.ts';
import type { Visitor } from './visitor.ts';

const CALM = { reducedMotion: 'reduce' as const };
const scene = scenesOf();

/** What axe says of this page in each look; the page goes along as it does when a phone is turned or the evening comes. */
async function complaintsInAllLooks(visitor: Visitor): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const { viewport } of [NARROW, WIDE]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await visitor.page.setViewportSize(viewport);
      await visitor.page.emulateMedia({ colorScheme });
      found[`${viewport.width} px, ${colorScheme}`] = await complaintsOfAxe(visitor);
    }
  }
  return found;
}

describe('axe has nothing to say about any state', () => {
  for (const language of ['en', 'ar']) {
    scene(
      `narrow and wide, light and dark, ${language}`,
      (visitor, ground) =>
        eachPage(visitor, ground, { language }, async () => {
          const nothing = { '390 px, light': [], '390 px, dark': [], '1100 px, light': [], '1100 px, dark': [] };
          assert.deepEqual(await complaintsInAllLooks(visitor), nothing);
        }),
      { ...NARROW, ...CALM },
    );
  }

  scene(
    'and a fault is noticed where it is (the check works)',
    async (visitor, ground) => {
      await openStates(visitor, ground, { only: ['contact'] });
      const planted =
        '@media (max-width: 500px) and (prefers-color-scheme: light) { iclosed-booking::part(heading) { color: #bbb } }';
      await visitor.page.addStyleTag({ content: planted });
      const { '390 px, light': [first = '', ...others] = [], ...elsewhere } = await complaintsInAllLooks(visitor);
      assert.match(first, /^color-contrast: iclosed-booking,\.heading /);
      assert.deepEqual(others, []);
      assert.deepEqual(elsewhere, { '390 px, dark': [], '1100 px, light': [], '1100 px, dark': [] });
    },
    { ...NARROW, ...CALM },
  );
});
