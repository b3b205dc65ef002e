/**
 * Every state at 320 px, which is a screen of 1280 px at 400 %, in forced colours and with motion off: nothing scrolls sideways, no
 * words are cut, and whatever has the focus shows it.
 */
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { NARROW, scenesOf } from './ground.ts';
import { complaintsOf, eachPage, openStates } from './states.ts';
import type { Visitor } from './visitor.ts';

const SMALL = { ...NARROW, viewport: { width: 320, height: 640 }, reducedMotion: 'reduce' } as const;
const FOCUSED = ['contact-faults', 'questions', 'kinds', 'failed', 'picked', 'taken', 'booked-on', 'unknown'];
const scene = scenesOf();

/**
 * Runs in the page: what reaches over the card's edge, words that reach over their own box, boxes that hide what does not fit. What
 * is off the picture on purpose is left out, and controls scroll their own text.
 */
const CUT = `(host, root) => {
  const { left, right } = host.getBoundingClientRect();
  const hasWords = (each) => [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  return [...root.querySelectorAll('*')]
    .filter((each) => !each.closest('.spoken, .trap, svg, select') && each.getClientRects().length > 0)
    .filter((each) => {
      const box = each.getBoundingClientRect();
      if (box.left < left - 1 || box.right > right + 1) return true;
      const { display, overflowX } = getComputedStyle(each);
      if (display === 'inline' || each.matches('input, textarea')) return false;
      return each.scrollWidth - each.clientWidth > 1 && (hasWords(each) || overflowX !== 'visible');
    })
    .map((each) => each.tagName + '.' + each.className + ' ' + (each.textContent ?? '').trim().slice(0, 40));
}`;

async function scrollsSideways(visitor: Visitor): Promise<number> {
  return visitor.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** Tabs through the page; names each control of the widget whose focus cannot be seen. */
async function unseenFocus(visitor: Visitor): Promise<{ reached: number; unseen: string[] }> {
  const unseen: string[] = [];
  let reached = 0;
  await visitor.page.locator('header select').first().focus();
  for (let presses = 0; presses < 300; presses += 1) {
    await visitor.page.keyboard.press('Tab');
    const found = await visitor.page.evaluate(() => {
      const host = document.activeElement;
      const element = host?.shadowRoot?.activeElement;
      if (!host || host === document.body) return 'end';
      if (!element) return 'outside';
      const shown = element.closest('.tile') ?? element;
      const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(shown);
      const isSeen = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2 && outlineColor !== 'transparent';
      return isSeen
        ? 'seen'
        : `${host.closest('section')?.id}: ${element.tagName} ${element.getAttribute('name') ?? element.textContent?.trim()}`;
    });
    if (found === 'end') break;
    if (found === 'outside') continue;
    reached += 1;
    if (found !== 'seen') unseen.push(found);
  }
  return { reached, unseen };
}

describe('at 320 px', () => {
  for (const language of ['en', 'de', 'ar']) {
    scene(
      `no state scrolls sideways and no words are cut, ${language}`,
      async (visitor, ground) => {
        await eachPage(visitor, ground, { width: 320, language }, async () => {
          assert.equal(await scrollsSideways(visitor), 0);
          assert.deepEqual(await complaintsOf(visitor, CUT), []);
        });
      },
      SMALL,
    );
  }

  scene(
    'and words that do not fit are noticed (the check works)',
    async (visitor, ground) => {
      await openStates(visitor, ground, { width: 320, only: ['brand'] });
      await visitor.page.addStyleTag({ content: 'iclosed-booking::part(title) { white-space: nowrap }' });
      assert.notEqual(await scrollsSideways(visitor), 0);
      assert.match((await complaintsOf(visitor, CUT)).join('\n'), /brand: H2\.title/);
    },
    SMALL,
  );
});

describe('the focus can be seen', () => {
  for (const forcedColors of ['none', 'active'] as const) {
    scene(
      `with forced colours ${forcedColors}`,
      async (visitor, ground) => {
        await openStates(visitor, ground, { width: 390, only: FOCUSED });
        const { reached, unseen } = await unseenFocus(visitor);
        assert.deepEqual(unseen, []);
        assert.ok(reached > 50, `only ${reached} controls were reached`);
      },
      { ...NARROW, reducedMotion: 'reduce', forcedColors },
    );
  }

  scene(
    'and a hidden one is noticed (the check works)',
    async (visitor, ground) => {
      await openStates(visitor, ground, { width: 390, only: ['contact'] });
      await visitor.page.addStyleTag({ content: 'iclosed-booking::part(input) { outline: none !important }' });
      assert.match((await unseenFocus(visitor)).unseen.join('\n'), /contact: INPUT email/);
    },
    { ...NARROW, reducedMotion: 'reduce' },
  );
});

describe('forced colours', () => {
  scene(
    'show what is pressed, chosen and free by more than a colour of ours',
    async (visitor, ground) => {
      await openStates(visitor, ground, { width: 390, only: ['picked'] });
      const looks = await visitor.page.evaluate(() => {
        const root = document.querySelector('iclosed-booking')?.shadowRoot;
        const look = (selector: string) => {
          const { backgroundColor, borderTopStyle } = getComputedStyle(root?.querySelector(selector) as Element);
          return { backgroundColor, borderTopStyle };
        };
        return {
          free: look('td .free[aria-pressed=false]'),
          day: look('td .free[aria-pressed=true]'),
          time: look('[part=time][aria-pressed=true]'),
          other: look('[part=time][aria-pressed=false]'),
        };
      });
      assert.equal(looks.free.borderTopStyle, 'solid');
      assert.notEqual(looks.day.backgroundColor, looks.free.backgroundColor);
      assert.notEqual(looks.time.backgroundColor, looks.other.backgroundColor);
    },
    { ...NARROW, forcedColors: 'active' },
  );
});

describe('motion', () => {
  const MOVES = '(host, root) => root.getAnimations().map(({ animationName }) => animationName)';
  const only = ['loading', 'times-first-loading', 'times-looking', 'booking', 'confirming'];
  scene(
    'is off where the visitor asks for none',
    async (visitor, ground) => {
      await openStates(visitor, ground, { only });
      assert.deepEqual(await complaintsOf(visitor, MOVES), []);
    },
    { ...NARROW, reducedMotion: 'reduce' },
  );

  scene(
    'and is noticed where it is on (the check works)',
    async (visitor, ground) => {
      await openStates(visitor, ground, { only });
      assert.notDeepEqual(await complaintsOf(visitor, MOVES), []);
    },
    { ...NARROW, reducedMotion: 'no-preference' },
  );
});

describe('what has the focus is not hidden by the bar that books', () => {
  /** Runs in the page: the control that has the focus, if nothing of it can be seen. */
  const HIDDEN = `(() => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    const shown = at.closest('.tile') ?? at;
    const { left, top, width, height } = shown.getBoundingClientRect();
    const spots = [0.2, 0.5, 0.8].flatMap((x) => [0.2, 0.5, 0.8].map((y) => [left + width * x, top + height * y]));
    const isSeen = spots.some(([x, y]) => {
      let over = document.elementFromPoint(x, y);
      while (over?.shadowRoot?.elementFromPoint(x, y) && over.shadowRoot.elementFromPoint(x, y) !== over) {
        over = over.shadowRoot.elementFromPoint(x, y);
      }
      return over && (shown.contains(over) || over.contains(shown));
    });
    return isSeen ? '' : (at.ariaLabel ?? at.textContent).trim();
  })()`;
  const hidden = async (visitor: Visitor) => String(await visitor.page.evaluate(HIDDEN));

  for (const [width, height] of [
    [390, 844],
    [390, 600],
    [640, 400],
    [320, 256],
  ] as const) {
    scene(
      `${width} × ${height}`,
      async (visitor, ground) => {
        await openStates(visitor, ground, { width, only: ['picked'] });
        const found: string[] = [];
        let reached = 0;
        for (let presses = 0; presses < 30; presses += 1) {
          await visitor.page.keyboard.press('Tab');
          if (!(await visitor.widget.evaluate((element) => element.matches(':focus')))) continue;
          reached += 1;
          found.push(await hidden(visitor));
        }
        assert.ok(reached > 10, `${reached} controls`);
        await visitor.page.evaluate(() => scrollTo(0, 0));
        await visitor.widget.locator('[role=grid] [tabindex="0"]').focus();
        for (let presses = 0; presses < 3; presses += 1) {
          await visitor.page.keyboard.press('ArrowDown');
          found.push(await hidden(visitor));
        }
        assert.deepEqual(found.filter(Boolean), []);
      },
      { ...NARROW, viewport: { width, height }, reducedMotion: 'reduce' },
    );
  }
});
