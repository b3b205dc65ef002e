/** Visits the page `/states` for tests: opened in a size, theme and language, with every state reached. */
import assert from 'node:assert/strict';
import { setupOf, STATE_NAMES } from '../../states/states.ts';
import type { Ground } from './ground.ts';
import type { Visitor } from './visitor.ts';

export interface Wish {
  width?: number;
  theme?: 'light' | 'dark';
  language?: string;
  /** Names of states; without them all. */
  only?: string[];
}

const PATIENCE_MS = 90_000;

/** Those that take the whole page: on the page of all they stand in frames, which are looked into by a visit of their own. */
export const ALONE = STATE_NAMES.filter((name) => setupOf(name).isAlone);

/** @throws AssertionError that names each state which was not reached, and what was there instead. */
export async function openStates(visitor: Visitor, { stack }: Ground, { only, ...wish }: Wish = {}): Promise<void> {
  const entries = Object.entries({ ...wish, only: only?.join() }).filter(([, value]) => value !== undefined);
  await visitor.page.goto(`${stack.site}/states?${new URLSearchParams(entries as [string, string][])}`);
  await visitor.page.locator('[data-states=ready]').waitFor({ timeout: PATIENCE_MS });
  assert.deepEqual(await visitor.page.locator('section > pre').allInnerTexts(), []);
  assert.equal(await visitor.page.locator('html').getAttribute('data-missed'), '0');
}

/** All states on one page, then each of `ALONE` by itself. */
export async function eachPage(visitor: Visitor, ground: Ground, wish: Wish, look: () => Promise<void>): Promise<void> {
  for (const only of [undefined, ...ALONE.map((name) => [name])]) {
    await openStates(visitor, ground, { ...wish, ...(only ? { only } : {}) });
    await look();
  }
}

/** One line per element of a state that a function inside the page complains about. */
export function complaintsOf(visitor: Visitor, judge: string): Promise<string[]> {
  return visitor.page.evaluate(`(() => {
    const judge = ${judge};
    return [...document.querySelectorAll('section')].flatMap((section) => {
      const element = section.querySelector('iclosed-booking');
      if (!element) return [];
      const host = element.shadowRoot.querySelector('iclosed-booking') ?? element;
      return judge(host, host.shadowRoot).map((line) => section.id + ': ' + line);
    });
  })()`);
}
