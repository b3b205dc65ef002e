/**
 * A virtual screen reader in the visitor's page (`@guidepup/virtual-screen-reader`): walks and speaks what roles, names and states
 * make of the widget. Keys are pressed by the browser itself.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { virtual } from '@guidepup/virtual-screen-reader';
import type { Ground } from './ground.ts';
import type { Visitor } from './visitor.ts';

const SCRIPT = readFileSync(fileURLToPath(import.meta.resolve('@guidepup/virtual-screen-reader/browser.js')), 'utf8');
const PHRASES_AT_MOST = 400;

export class Reader {
  readonly #visitor: Visitor;
  /** Everything spoken on the way from one thing to the next, in order. */
  readonly log: string[] = [];
  /** What live regions said by themselves, in order. */
  readonly announced: string[] = [];

  /** Serves the reader's script from the visitor's website; before the page is opened. */
  static on(visitor: Visitor, { site }: Ground): Reader {
    site.put('/reader.js', SCRIPT, { 'content-type': 'text/javascript' });
    return new Reader(visitor);
  }

  private constructor(visitor: Visitor) {
    this.#visitor = visitor;
  }

  /** Begins at the top of the widget, as after a step has changed. */
  async start(): Promise<void> {
    await this.#visitor.page.evaluate(async () => {
      const { virtual } = (await import('/reader.js' as string)) as { virtual: Virtual };
      const container = document.querySelector('iclosed-booking')?.shadowRoot?.querySelector('.root') as HTMLElement;
      await virtual.start({ container, window });
      Object.assign(window, { virtual });
    });
  }

  /** Goes on until something is spoken that is meant. */
  async moveTo(wanted: RegExp): Promise<void> {
    for (let moves = 0; moves < PHRASES_AT_MOST; moves += 1) {
      const phrase = await this.#visitor.page.evaluate(async () => {
        await window.virtual.next();
        return window.virtual.lastSpokenPhrase();
      });
      this.log.push(phrase);
      if (wanted.test(phrase)) return;
    }
    assert.fail(`${wanted} was never spoken, but ${this.log.slice(-PHRASES_AT_MOST).join(' | ')}`);
  }

  async type(wanted: RegExp, text: string): Promise<void> {
    await this.#enter(wanted);
    await this.#visitor.page.keyboard.type(text);
  }

  async press(wanted: RegExp, key = 'Enter'): Promise<void> {
    await this.#enter(wanted);
    await this.#visitor.page.keyboard.press(key);
  }

  /** Real ones put the focus on the control at which they are, so that keys reach it. */
  async #enter(wanted: RegExp): Promise<void> {
    await this.moveTo(wanted);
    await this.#visitor.page.evaluate(() => (window.virtual.activeNode as HTMLElement).focus());
  }

  async stop(): Promise<void> {
    const spoken = await this.#visitor.page.evaluate(() => window.virtual.spokenPhraseLog());
    this.announced.push(...spoken.flatMap((phrase) => /^(?:polite|assertive): (.+)/.exec(phrase)?.[1] ?? []));
    await this.#visitor.page.evaluate(() => window.virtual.stop());
  }
}

type Virtual = typeof virtual;

declare global {
  interface Window {
    virtual: Virtual;
  }
}
