/**
 * Nothing on the page jumps: with the documented snippet and content below, the sum of layout shifts from the first byte to the
 * usable form is zero, on a slow line and on a quick one.
 */
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { NARROW, scenesOf, WIDE } from './ground.ts';
import { EVENT, landing, TAG, tag } from './site.ts';
import { person, type Visitor } from './visitor.ts';

const scene = scenesOf();

const LONG = `<h2>What our clients say</h2>${'<p>They read our answers before the call, and it showed.</p>'.repeat(40)}`;
/** The picture that a page shows above and below a widget; `before` decides how far down it stands. */
const page = (before: string, element = TAG) => landing(`${before}${element}${LONG}`);

const PLACES = {
  'at the top': '<p>Thirty minutes, no obligation.</p>',
  'half a screen down': '<p>Thirty minutes, no obligation.</p>'.repeat(9),
  'below the fold': '<p>Thirty minutes, no obligation.</p>'.repeat(40),
};

interface Shift {
  value: number;
  what: string;
}

async function watchShifts(visitor: Visitor): Promise<() => Promise<Shift[]>> {
  const shifts: Shift[] = [];
  await visitor.page.exposeFunction('noteShift', (shift: Shift) => void shifts.push(shift));
  await visitor.page.addInitScript(() => {
    const { noteShift } = window as unknown as { noteShift(shift: Shift): void };
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & {
        value: number;
        hadRecentInput: boolean;
        sources: { node: Node | null; previousRect: DOMRect; currentRect: DOMRect }[];
      })[]) {
        if (entry.hadRecentInput) continue;
        const what = entry.sources.map(({ node, previousRect, currentRect }) => {
          const text = (node as Element | null)?.textContent?.trim().slice(0, 30) ?? '';
          return `${node?.nodeName} "${text}" from ${previousRect.top} to ${currentRect.top}`;
        });
        noteShift({ value: entry.value, what: what.join(', ') });
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  return async () => {
    // What was painted is reported with the frame after the next.
    await visitor.page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve)))),
    );
    return shifts;
  };
}

/** Each thing that the widget fetches comes so much later. */
async function slowDown(visitor: Visitor, worker: string, delayMs: number): Promise<void> {
  await visitor.page.route(`${worker}/**`, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    await route.continue();
  });
}

describe('from the first byte to the usable form nothing jumps', () => {
  for (const [size, looks] of [
    ['390', NARROW],
    ['1100', WIDE],
  ] as const) {
    for (const [place, before] of Object.entries(PLACES)) {
      scene(
        `${size} px, the widget ${place}`,
        async (visitor, { site, stack }) => {
          const shifts = await watchShifts(visitor);
          await slowDown(visitor, stack.worker, 300);
          await visitor.page.goto(site.put('/shift', page(before)));
          const asked = () => visitor.fetched.filter((url) => url.includes('/api/')).length;
          if (place === 'below the fold') {
            await visitor.widget.locator('slot').waitFor({ state: 'attached' });
            assert.equal(asked(), 0, 'far from the screen nothing is asked');
          }
          await visitor.widget.scrollIntoViewIfNeeded();
          await visitor.hears('ready');
          await visitor.field('First name').waitFor();
          assert.equal(asked(), 1);
          assert.deepEqual(await shifts(), []);
        },
        looks,
      );
    }
  }

  for (const [size, looks] of [
    ['390', NARROW],
    ['1100', WIDE],
  ] as const) {
    scene(
      `${size} px, a form that is smaller than what is reserved`,
      async (visitor, { site, stack }) => {
        const shifts = await watchShifts(visitor);
        await slowDown(visitor, stack.worker, 300);
        await visitor.open(site.put('/small', page(PLACES['at the top'], TAG.replace(EVENT, 'acme/email-only'))));
        await visitor.field('Email').waitFor();
        assert.deepEqual(await shifts(), []);
      },
      looks,
    );
  }

  for (const [size, looks] of [
    ['390', NARROW],
    ['1100', WIDE],
  ] as const) {
    for (const [line, delayMs] of [
      ['a quick line', 0],
      ['a slow one, on which the month stands before its free days', 900],
    ] as const) {
      scene(
        `${size} px, times first, with as much reserved as a day of times needs, on ${line}`,
        async (visitor, { site, stack }) => {
          const shifts = await watchShifts(visitor);
          await slowDown(visitor, stack.worker, delayMs);
          const reserved = TAG.replace('34rem', '90rem').replace(
            '<iclosed-booking',
            '<iclosed-booking flow="times-first"',
          );
          await visitor.open(site.put('/first', page(PLACES['at the top'], reserved)));
          await visitor.freeDays().first().waitFor();
          assert.deepEqual(await shifts(), []);
        },
        looks,
      );
    }
  }

  scene('and a page that jumps is noticed (the check works)', async (visitor, { site, stack }) => {
    const shifts = await watchShifts(visitor);
    await slowDown(visitor, stack.worker, 300);
    const bare = tag().replace(/ style="[^"]*"/, '');
    await visitor.open(site.put('/jump', page('<p>No height reserved.</p>', bare)));
    await visitor.field('First name').waitFor();
    assert.notEqual((await shifts()).length, 0);
  });
});

describe('from the form to the confirmation', () => {
  for (const [size, looks] of [
    ['390', NARROW],
    ['1100', WIDE],
  ] as const) {
    scene(
      `${size} px: the heading of each step is on the screen`,
      async (visitor, { site }) => {
        const isInView = (name: RegExp) =>
          visitor.heading(name).evaluate((heading) => {
            const { top, bottom } = heading.getBoundingClientRect();
            return top >= 0 && bottom <= innerHeight;
          });
        await visitor.open(site.put('/view', page(PLACES['half a screen down'])));
        await visitor.toTimes(person());
        await visitor.isTakenTo(/^Pick a time$/);
        assert.ok(await isInView(/Pick a time/));
        await visitor.pick();
        await visitor.confirm();
        await visitor.isTakenTo(/^You’re booked/);
        assert.ok(await isInView(/You’re booked/));
      },
      looks,
    );
  }
});
