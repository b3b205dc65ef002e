/**
 * Each language in each main state: nothing scrolls sideways, no text is cut and no word is broken, at 320 px, 390 px, 1100 px and at
 * 400 % zoom; in Arabic axe has nothing to say either. Each walk is a whole booking, found by the names of that language.
 */
import assert from 'node:assert/strict';
import * as arabic from '../../widget/parts/texts-ar.ts';
import * as german from '../../widget/parts/texts-de.ts';
import * as italian from '../../widget/parts/texts-it.ts';
import * as dutch from '../../widget/parts/texts-nl.ts';
import * as portuguese from '../../widget/parts/texts-pt.ts';
import * as spanish from '../../widget/parts/texts-es.ts';
import * as french from '../../widget/parts/texts-fr.ts';
import * as ends from '../../widget/parts/ends.ts';
import * as hints from '../../widget/parts/hints.ts';
import { en, type Texts } from '../../widget/texts/en.ts';
import type { PartTexts } from '../../widget/texts/part-texts.ts';
import { occupy } from '../worker/account.ts';
import { complaintsOfAxe } from './axe.ts';
import { NARROW, scenesOf } from './ground.ts';
import { EVENT, landing, TAG } from './site.ts';
import { type Person, person, type Visitor } from './visitor.ts';

const scene = scenesOf();

type Words = Texts & Pick<PartTexts, keyof typeof ends.words | keyof typeof hints.words>;
const whole = ({ texts, partTexts }: { texts: Texts; partTexts: PartTexts }): Words => ({ ...texts, ...partTexts });
const TEXTS: Record<string, Words> = {
  en: { ...en, ...ends.words, ...hints.words },
  es: whole(spanish),
  fr: whole(french),
  de: whole(german),
  it: whole(italian),
  pt: whole(portuguese),
  nl: whole(dutch),
  ar: whole(arabic),
};
/** A window of 1280 × 1024 at 400 % is the last one. */
const SIZES = [
  { width: 1100, height: 900 },
  { width: 390, height: 844 },
  { width: 320, height: 640 },
  { width: 320, height: 256 },
];
const CALM = { ...NARROW, reducedMotion: 'reduce' as const };

function pageIn(language: string, body = TAG): string {
  const dir = language === 'ar' ? 'rtl' : 'ltr';
  return landing(body).replace('<html lang="en">', `<html lang="${language}" dir="${dir}">`);
}

/** Everything that does not fit on the page as it is now. */
function misfits(visitor: Visitor): Promise<string[]> {
  return visitor.widget.evaluate((element) => {
    const found: string[] = [];
    const page = document.documentElement;
    if (page.scrollWidth > page.clientWidth) found.push(`the page scrolls sideways: ${page.scrollWidth}`);
    const root = element.shadowRoot as ShadowRoot;
    const hidden = '.spoken, .trap, .closed, option';
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    for (let node = walker.nextNode() as Text | null; node; node = walker.nextNode() as Text | null) {
      const parent = node.parentElement;
      if (!parent?.closest('.card') || parent.closest(hidden) || !parent.checkVisibility()) continue;
      let box = parent;
      while (getComputedStyle(box).display.startsWith('inline')) box = box.parentElement as HTMLElement;
      const { left, right, top, bottom } = box.getBoundingClientRect();
      const isScrolled = box.clientWidth > 0 && box.scrollWidth > box.clientWidth + 1;
      if (isScrolled) found.push(`cut: ${node.data.trim()}, ${box.scrollWidth} in ${box.clientWidth}`);
      range.selectNodeContents(node);
      for (const rect of range.getClientRects()) {
        const isOutside =
          rect.left < left - 1 || rect.right > right + 1 || rect.top < top - 4 || rect.bottom > bottom + 4;
        if (isOutside) found.push(`outside its box: ${node.data.trim()}`);
      }
      for (const { index, 0: word } of node.data.matchAll(/\S+/g)) {
        range.setStart(node, index);
        range.setEnd(node, index + word.length);
        const lines = new Set([...range.getClientRects()].map((rect) => Math.round(rect.top)));
        if (lines.size > 1 && !word.includes('-')) found.push(`broken: ${word}`);
      }
    }
    return found;
  });
}

/** Looks at a step in all sizes and keeps what does not fit, by step. */
function measurer(visitor: Visitor, isForAxe: boolean) {
  const found: Record<string, string[]> = {};
  const measure = async (step: string) => {
    for (const size of SIZES) {
      await visitor.page.setViewportSize(size);
      const lines = await misfits(visitor);
      if (lines.length > 0) found[`${step}, ${size.width} × ${size.height}`] = lines;
    }
    const wrong = isForAxe ? await complaintsOfAxe(visitor) : [];
    if (wrong.length > 0) found[`${step}, axe`] = wrong;
  };
  return { found, measure };
}

/** The same person in another language: everything is found by its words. */
class Reader {
  readonly #visitor: Visitor;
  readonly #texts: Words;

  constructor(visitor: Visitor, texts: Words) {
    this.#visitor = visitor;
    this.#texts = texts;
  }

  async fillContact({ firstName, lastName, email, phone }: Person): Promise<void> {
    const fields = { first_name: firstName, last_name: lastName, email, phone } as const;
    for (const [name, value] of Object.entries(fields)) {
      await this.#visitor.field(this.#texts[name as keyof typeof fields]).fill(value);
    }
  }

  press(key: 'next' | 'toTimes' | 'book' | 'correct'): Promise<void> {
    return this.#visitor.button(this.#texts[key]).click();
  }

  async toTimes(who: Person): Promise<void> {
    await this.fillContact(who);
    await this.press('next');
    await this.#visitor.answer(who);
    await this.press('toTimes');
    await this.days().first().waitFor();
  }

  days() {
    return this.#visitor.widget.locator('[part~=free-day]');
  }

  async pick(): Promise<void> {
    await this.days().nth(1).click();
    const times = this.#visitor.widget.locator('[part~=time]');
    await times.nth((await times.count()) - 1).click();
  }
}

for (const [language, texts] of Object.entries(TEXTS)) {
  scene(
    `${language}: on the way to a booking everything fits`,
    async (visitor, { site, stack }) => {
      const { found, measure } = measurer(visitor, language === 'ar');
      const reader = new Reader(visitor, texts);
      await visitor.open(site.put(`/fits-${language}`, pageIn(language)));
      await visitor.sees(texts.contactHeading);
      await measure('contact');
      await reader.press('next');
      await visitor.field(texts.email).fill('jane@acme');
      await visitor.field(texts.phone).fill('12');
      await reader.press('next');
      await visitor.reads(texts.invalid_email);
      await measure('contact with faults');
      const who = person();
      await reader.fillContact(who);
      await reader.press('next');
      await visitor.sees(texts.questionsHeading);
      await reader.press('toTimes');
      await visitor.reads(texts.not_an_option);
      await measure('questions with faults');
      await visitor.answer(who);
      await reader.press('toTimes');
      await reader.days().first().waitFor();
      await measure('times');
      await reader.pick();
      await measure('picked');
      const { startsAt = '' } = await visitor.hears('slot-picked');
      await occupy(stack, EVENT, startsAt);
      await reader.press('book');
      await visitor.reads(texts.nearest);
      await measure('taken');
      await reader.pick();
      stack.standin.model.queueFault({ kind: 'error_after', endpoint: 'POST /v1/eventCalls' });
      stack.standin.model.queueFault({ kind: 'error_before', endpoint: 'GET /v1/eventCalls' });
      await reader.press('book');
      await visitor.sees(texts.confirming);
      await measure('confirming');
      await visitor.sees(
        texts.bookedName
          .replaceAll(/[\u2068\u2069]/g, '')
          .split('{name}')
          .find(Boolean) ?? '',
      );
      await measure('booked');
      assert.deepEqual(found, {});
    },
    CALM,
  );

  scene(
    `${language}: beside the way everything fits`,
    async (visitor, { site }) => {
      const { found, measure } = measurer(visitor, language === 'ar');
      const reader = new Reader(visitor, texts);
      await visitor.open(site.put(`/beside-${language}`, pageIn(language)));
      const who = person({ revenue: 'Under $5k' });
      await reader.fillContact(who);
      await reader.press('next');
      await visitor.answer(who);
      await visitor.context.setOffline(true);
      await reader.press('toTimes');
      await visitor.reads(texts.offline);
      await measure('offline');
      await visitor.context.setOffline(false);
      await visitor.sees(texts.disqualified);
      await measure('disqualified');
      const refusal = { status: 501, headers: { 'access-control-allow-origin': '*' }, json: { code: 'not_supported' } };
      await visitor.page.route('**/api/v1/lead', (route) => route.fulfill(refusal));
      await reader.press('correct');
      await visitor.answer(person());
      await reader.press('toTimes');
      await visitor.reads(texts.failed);
      await measure('failed');
      await visitor.page.goto(site.put(`/none-${language}`, pageIn(language, TAG.replace(EVENT, 'acme/inactive'))));
      await visitor.sees(texts.stopped);
      await measure('not available');
      assert.deepEqual(found, {});
    },
    CALM,
  );
}

scene(
  'and a text that does not fit is noticed (the check works)',
  async (visitor, { site }) => {
    await visitor.open(site.put('/cut', pageIn('de')));
    assert.deepEqual(await misfits(visitor), []);
    await visitor.widget.evaluate((element) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(
        '.heading { white-space: nowrap; width: 4em; overflow: hidden } .cta { width: 2em; padding: 0 }',
      );
      (element.shadowRoot as ShadowRoot).adoptedStyleSheets.push(sheet);
      element.insertAdjacentHTML('afterend', '<div style="width:200vw">wide</div>');
    });
    const lines = await misfits(visitor);
    for (const kind of [/^cut: /, /^outside its box: /, /^broken: Weiter/, /^the page scrolls/])
      assert.ok(
        lines.some((line) => kind.test(line)),
        `${kind} in ${lines.join(' | ')}`,
      );
  },
  CALM,
);
