/** What axe can see of accessibility in every step, each looked at narrow and wide, light and dark: nothing to complain about. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe } from 'node:test';
import type { AxeResults, RunOptions } from 'axe-core';
import { occupy } from '../worker/account.ts';
import { NARROW, scenesOf, WIDE } from './ground.ts';
import { EVENT, landing, TAG, tag } from './site.ts';
import { person, type Visitor } from './visitor.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const OPTIONS: RunOptions = {
  runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] },
  resultTypes: ['violations'],
};
const scene = scenesOf();

/** One line for each thing that axe complains about now. */
async function complaints(visitor: Visitor): Promise<string[]> {
  if (!(await visitor.page.evaluate(() => 'axe' in window))) await visitor.page.evaluate(AXE);
  // Transitions of colour would be measured half way.
  await visitor.page.evaluate(() =>
    Promise.allSettled(
      [...document.getAnimations()]
        .filter(({ effect }) => effect?.getTiming().iterations === 1)
        .map(({ finished }) => finished),
    ),
  );
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

/** Looks at a step in all looks and keeps what is wrong, by step. */
function inspector(visitor: Visitor) {
  const found: Record<string, string[]> = {};
  const inspect = async (step: string) => {
    for (const { viewport } of [WIDE, NARROW]) {
      await visitor.page.setViewportSize(viewport);
      for (const colorScheme of ['dark', 'light'] as const) {
        await visitor.page.emulateMedia({ colorScheme });
        const lines = await complaints(visitor);
        if (lines.length > 0) found[`${step}, ${viewport.width} px, ${colorScheme}`] = lines;
      }
    }
  };
  return { found, inspect };
}

const CALM = { ...NARROW, reducedMotion: 'reduce' as const };

describe('axe has nothing to say', () => {
  scene(
    'on the way to a booking: form, faults, times, zones, a picked and a taken time, confirming, booked',
    async (visitor, { site, stack }) => {
      const { found, inspect } = inspector(visitor);
      await visitor.open(site.put('/', landing()));
      await inspect('form');
      await visitor.button('Continue').click();
      await visitor.reads(/^Please (fill this in|enter your)/);
      await inspect('form with faults');
      const who = person();
      await visitor.fillContact(who);
      await visitor.button('Continue').click();
      await visitor.submit();
      await visitor.reads(/^Please choose one|^Please fill this in/);
      await inspect('questions with faults');
      await visitor.answer(who);
      await inspect('questions');
      await visitor.submit();
      await visitor.freeDays().first().waitFor();
      await inspect('times');
      await visitor.button(/time zone/i).click();
      await visitor.widget.getByRole('combobox', { name: /zone/i }).waitFor();
      await inspect('choice of the zone');
      await visitor.pick();
      await inspect('picked');
      const { startsAt = '' } = await visitor.hears('slot-picked');
      await occupy(stack, EVENT, startsAt);
      await visitor.confirm();
      await visitor.isTakenTo(/was just taken/);
      await inspect('taken');
      await visitor.pick();
      // So long that the picture can be looked at; then a search finds the call.
      stack.standin.model.queueFault({ kind: 'error_after', endpoint: 'POST /v1/eventCalls' });
      stack.standin.model.queueFault({ kind: 'error_before', endpoint: 'GET /v1/eventCalls' });
      await visitor.confirm();
      await visitor.sees(/We are confirming your time/);
      await inspect('confirming');
      await visitor.confirmed();
      await inspect('booked');
      assert.deepEqual(found, {});
    },
    CALM,
  );

  scene(
    'beside the way: loading, offline, disqualified, failed',
    async (visitor, { site }) => {
      const { found, inspect } = inspector(visitor);
      let letGo = () => {};
      await visitor.page.route('**/api/v1/event?*', async (route) => {
        await new Promise<void>((resolve) => {
          letGo = resolve;
        });
        await route.continue();
      });
      await visitor.page.goto(site.put('/', landing()));
      await visitor.widget.getByRole('status', { name: 'Loading…' }).waitFor();
      await inspect('loading');
      letGo();
      await visitor.hears('ready');
      await visitor.fill(person({ revenue: 'Under $5k' }));
      await visitor.context.setOffline(true);
      await visitor.submit();
      await visitor.reads('You are offline.');
      await inspect('offline');
      await visitor.context.setOffline(false);
      await visitor.sees(/Thank you for your answers/);
      await inspect('disqualified');
      const refusal = { status: 501, headers: { 'access-control-allow-origin': '*' }, json: { code: 'not_supported' } };
      await visitor.page.route('**/api/v1/lead', (route) => route.fulfill(refusal));
      await visitor.button('Change my answers').click();
      await visitor.answer(person());
      await visitor.submit();
      await visitor.reads('That did not work just now.');
      await inspect('failed');
      assert.deepEqual(found, {});
    },
    CALM,
  );

  for (const [what, element] of [
    ['with the owner’s link', TAG.replace(EVENT, 'acme/inactive')],
    ['with the widget’s own link', tag('event="acme/inactive"')],
    ['for an event that nobody knows', tag('event="nobody/nothing"')],
    ['for no event', TAG.replace(EVENT, '')],
  ] as const) {
    scene(
      `where booking is not possible, ${what}`,
      async (visitor, { site }) => {
        const { found, inspect } = inspector(visitor);
        await visitor.page.goto(site.put('/none', landing(element)));
        await visitor.sees(/not available/);
        await inspect('not available');
        assert.deepEqual(found, {});
      },
      CALM,
    );
  }

  scene(
    'and a page with a fault is noticed (the check works)',
    async (visitor, { site }) => {
      await visitor.open(site.put('/', landing(`<img src="data:,">${TAG}`)));
      const [first = '', ...others] = await complaints(visitor);
      assert.match(first, /^image-alt/);
      assert.deepEqual(others, []);
    },
    CALM,
  );
});
