/** What axe can see of accessibility in every state that a visitor can meet, narrow and wide, light, dark and in Arabic. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe } from 'node:test';
import type { AxeResults, RunOptions } from 'axe-core';
import { NARROW, scenesOf, WIDE } from './ground.ts';
import { openStates } from './states.ts';
import type { Visitor } from './visitor.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const OPTIONS: RunOptions = {
  runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] },
  resultTypes: ['violations'],
};
const CALM = { reducedMotion: 'reduce' as const };
const scene = scenesOf();

/** One line for each thing that axe complains about. */
async function complaints(visitor: Visitor): Promise<string[]> {
  await visitor.page.evaluate(AXE);
  const { violations } = await visitor.page.evaluate(
    (options) => (window as unknown as { axe: { run(options: unknown): Promise<AxeResults> } }).axe.run(options),
    OPTIONS,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(
      ({ target, failureSummary, html }) => `${id}: ${target.join(' ')} ${html.slice(0, 120)} ${failureSummary ?? ''}`,
    ),
  );
}

describe('axe has nothing to say about any state', () => {
  for (const [theme, width, language] of [
    ['light', 390, 'en'],
    ['dark', 390, 'en'],
    ['light', 1100, 'en'],
    ['dark', 1100, 'en'],
    ['light', 390, 'ar'],
  ] as const) {
    scene(
      `${width} px, ${theme}, ${language}`,
      async (visitor, ground) => {
        await openStates(visitor, ground, { theme, width, language });
        assert.deepEqual(await complaints(visitor), []);
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
      const [first = '', ...others] = await complaints(visitor);
      assert.match(first, /^color-contrast: iclosed-booking,\.heading /);
      assert.deepEqual(others, []);
    },
    { ...NARROW, colorScheme: 'light', ...CALM },
  );
});
