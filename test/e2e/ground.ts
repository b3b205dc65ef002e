/**
 * What every end-to-end test stands on: the real Worker with the stand-in behind it, a customer's website on another origin, and a
 * browser; one of each per file, a new context per test. `scenesOf` gives a file its `scene` function.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { launchBrowser } from '../../scripts/chromium.ts';
import type { Call } from '../standin/call-book.ts';
import type { Contact } from '../standin/contact-book.ts';
import type { Stack, StackOptions } from '../stack.ts';
import { startUnpaced } from '../worker/visitor.ts';
import { type Site, startSite } from './site.ts';
import { Visitor } from './visitor.ts';

/** A phone in India. */
export const NARROW = {
  viewport: { width: 390, height: 844 },
  timezoneId: 'Asia/Kolkata',
  locale: 'en-US',
} as const satisfies BrowserContextOptions;
/** A screen in India. */
export const WIDE = { ...NARROW, viewport: { width: 1100, height: 900 } } as const;

const PATIENCE_MS = 20_000;

export class Ground {
  readonly stack: Stack;
  readonly site: Site;
  readonly browser: Browser;

  constructor(stack: Stack, site: Site, browser: Browser) {
    this.stack = stack;
    this.site = site;
    this.browser = browser;
  }

  /** A new visitor in a browser context of his own. */
  async enter(looks: BrowserContextOptions = NARROW): Promise<Visitor> {
    const context = await this.browser.newContext(looks);
    context.setDefaultTimeout(PATIENCE_MS);
    return new Visitor(await context.newPage()).prepare();
  }

  /** The only contact with that e-mail and its live calls, as iClosed has them. */
  account(email: string): { contact: Contact; calls: Call[] } {
    const { ledger } = this.stack.standin;
    const [contact, ...others] = ledger.contactsOf(email);
    if (!contact || others.length > 0) throw new Error(`iClosed has ${others.length + (contact ? 1 : 0)} × ${email}`);
    return { contact, calls: ledger.callsOf(email) };
  }

  /** Bodies of the calls to one endpoint that were about this contact, in order. */
  sentAbout(endpoint: string, { id }: Contact): Record<string, unknown>[] {
    return this.stack.standin.ledger
      .requests(endpoint)
      .filter(({ contactId, body }) => contactId === id || (body as { contactId?: number } | null)?.contactId === id)
      .map(({ body }) => body as Record<string, unknown>);
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.stack.close();
    await this.site.close();
  }
}

export async function startGround(options: StackOptions = {}): Promise<Ground> {
  const site = await startSite();
  const [stack, browser] = await Promise.all([startUnpaced({ ...options, origins: [site.origin] }), launchBrowser()]);
  site.worker = stack.worker;
  return new Ground(stack, site, browser);
}

type Scene = (
  name: string,
  play: (visitor: Visitor, ground: Ground) => Promise<void>,
  looks?: BrowserContextOptions,
) => void;

/** Starts the ground before the file's first test. Every scene fails on an error that the page did not catch. */
export function scenesOf(options: StackOptions = {}): Scene {
  let ground: Ground | undefined;
  before(async () => {
    ground = await startGround(options);
  });
  after(async () => {
    const { ledger } = (ground as Ground).stack.standin;
    const wrong = { doubles: ledger.doubles(), unexpected: ledger.unexpected() };
    await ground?.close();
    assert.deepEqual(wrong, { doubles: [], unexpected: [] });
  });
  return (name, play, looks) => {
    void test(name, async () => {
      const visitor = await (ground as Ground).enter(looks);
      try {
        await play(visitor, ground as Ground);
        if (visitor.errors.length > 0) throw new AggregateError(visitor.errors, 'errors on the page');
      } catch (error) {
        throw await explained(error, visitor);
      } finally {
        await visitor.context.close();
      }
    });
  };
}

/** The same error with what the visitor saw then. */
async function explained(error: unknown, visitor: Visitor): Promise<unknown> {
  if (!(error instanceof Error)) return error;
  const picture = await visitor.widget.ariaSnapshot({ timeout: 2_000 }).catch(() => '(no widget)');
  const lines = [...visitor.errors.map(String), ...visitor.said].slice(-10);
  error.stack += `\n--- heard: ${visitor.names().join(' ')}\n--- console:\n${lines.join('\n')}\n--- on the page:\n${picture}`;
  return error;
}
