/** The element as part of somebody's page: the link, attributes, several of them, moved, removed, cloned, hostile text. */
import { BONES_AFTER_MS, FALLBACK_AFTER_MS } from '../../shared/limits.ts';
import * as zones from '../../widget/parts/zones.ts';
import { define } from '../../widget/define.ts';
import { IclosedBooking } from '../../widget/element.ts';
import { expect, expectAccessible } from './expect.ts';
import { EVENT, page, settled, SLOTS } from './scripted-worker.ts';
import { WidgetPage } from './widget-page.ts';

let shown: WidgetPage;
const said: string[] = [];
const real = { error: console.error, warn: console.warn };
beforeEach(() => {
  sessionStorage.clear();
  said.length = 0;
  console.error = (words: string) => said.push(words);
  console.warn = (words: string) => said.push(words);
});
afterEach(() => {
  shown.close();
  Object.assign(console, real);
  history.replaceState(null, '', location.pathname);
});

function onAddress(query: string): void {
  const address = new URL(location.href);
  for (const [key, value] of new URLSearchParams(query)) address.searchParams.set(key, value);
  history.replaceState(null, '', address);
}

describe('the way out', () => {
  it('the Worker hangs: the link stands there in time, with UTMs and click ids; a late answer is still welcome', async () => {
    onAddress('utm_source=ads&gclid=abc&email=jane@acme.com');
    shown = await WidgetPage.open();
    await shown.worker.advance(FALLBACK_AFTER_MS);
    expect(shown.text).to.contain('This calendar is not available at the moment.');
    expect(shown.isLinkShown()).to.equal(true);
    const link = shown.element.querySelector('a') as HTMLAnchorElement;
    expect(link.href).to.equal('https://app.iclosed.io/e/acme/discovery-call?utm_source=ads&gclid=abc');
    await expectAccessible(shown.element);
    await shown.worker.last('event').event();
    expect(shown.text).to.contain('Where can we reach you?');
    expect(shown.isLinkShown()).to.equal(false);
  });

  for (const [what, answer] of [
    ['refused', (call: ReturnType<typeof last>) => call.fail()],
    ['403 as HTML', (call: ReturnType<typeof last>) => call.answer('<h1>Forbidden</h1>', 403)],
    ['503 as HTML', (call: ReturnType<typeof last>) => call.answer('<h1>Error 1102</h1>', 503)],
    ['200 as HTML', (call: ReturnType<typeof last>) => call.answer('<!doctype html>', 200)],
    ['200 as other JSON', (call: ReturnType<typeof last>) => call.answer({ hello: 1 }, 200)],
  ] as const) {
    it(`${what} ⇒ the link, within the time`, async () => {
      shown = await WidgetPage.open();
      await answer(last());
      await shown.worker.advance(FALLBACK_AFTER_MS);
      expect(shown.isLinkShown()).to.equal(true);
      expect(shown.text).to.contain('This calendar is not available at the moment.');
      expect(shown.text).not.to.match(/forbidden|error|1102/i);
    });
  }
  const last = () => shown.worker.last('event');

  it('"Try again" keeps the focus in the widget: what is loading has it, then the first step', async () => {
    shown = await WidgetPage.open();
    await shown.worker.lose('event');
    shown.button('Try again').focus();
    await shown.press('Try again');
    expect(shown.focused?.ariaLabel).to.equal('Loading…');
    await last().event();
    expect(shown.focused?.textContent).to.equal('Where can we reach you?');
  });

  it('the page’s own link stands alone until the Worker is late; then there are bones above it', async () => {
    shown = await WidgetPage.open();
    await shown.worker.advance(BONES_AFTER_MS - 1);
    expect(shown.root.querySelector('.bone')).to.equal(null);
    expect(shown.isLinkShown()).to.equal(true);
    await shown.worker.advance(1);
    expect(shown.root.querySelector('.bone')?.checkVisibility()).to.equal(true);
    expect(shown.isLinkShown()).to.equal(true);
  });

  it('an answer in time is the first picture', async () => {
    shown = await WidgetPage.open();
    await shown.worker.last('event').event();
    expect(shown.text).to.contain('Where can we reach you?');
    expect(shown.isLinkShown()).to.equal(false);
  });

  it('a page without a link of its own gets one, with bones, at once', async () => {
    onAddress('utm_source=ads');
    shown = await WidgetPage.open({}, '');
    expect(shown.root.querySelector('.bone')?.checkVisibility()).to.equal(true);
    const link = shown.root.querySelector('slot a') as HTMLAnchorElement;
    expect(link.href).to.equal('https://app.iclosed.io/e/acme/discovery-call?utm_source=ads');
    expect(link.checkVisibility()).to.equal(true);
  });

  it('whoever takes the link after giving the contact withdraws the attempt', async () => {
    shown = await WidgetPage.open();
    await shown.toTimes([]);
    const link = shown.element.querySelector('a') as HTMLAnchorElement;
    link.addEventListener('click', (event) => event.preventDefault());
    link.click();
    expect(shown.worker.last('withdraw').init.keepalive).to.equal(true);
  });

  it('whoever takes it while a corrected contact has no answer yet withdraws, too: the first booking may still be made', async () => {
    shown = await WidgetPage.open();
    await shown.toTimes();
    await shown.press('Back');
    await shown.type('Email', 'jane@acme.org');
    await shown.press('See available times');
    const link = shown.element.querySelector('a') as HTMLAnchorElement;
    link.addEventListener('click', (event) => event.preventDefault());
    link.click();
    expect(shown.worker.steps().at(-1)).to.equal('withdraw');
  });

  it('an event that is not booked here shows the link', async () => {
    shown = await WidgetPage.open();
    await shown.worker.last('event').event({ mode: 'link' });
    expect(shown.isLinkShown()).to.equal(true);
    expect(shown.names).to.deep.equal(['failed']);
  });
});

it('without a zone of the page the form is there before anybody’s zone is asked for', async () => {
  shown = await WidgetPage.open({ 'time-zone': null });
  await shown.worker.last('event').event();
  expect(shown.text).to.contain('Where can we reach you?');
  expect(shown.names).to.include('ready');
});

describe('words for the one who installs it', () => {
  it('a refused origin ⇒ the exact line to add', async () => {
    shown = await WidgetPage.open();
    await shown.worker.last('event').problem('origin_not_allowed', 403);
    expect(said.join()).to.contain(`ALLOWED_ORIGINS = '["${location.origin}"]'`);
    expect(shown.isLinkShown()).to.equal(true);
  });

  it('no ticket ⇒ the same line', async () => {
    shown = await WidgetPage.open();
    await shown.worker.last('event').event({}, { ticket: undefined });
    expect(said.join()).to.contain('ALLOWED_ORIGINS');
  });

  for (const [name, value, wanted] of [
    ['flow', 'sideways', 'form-first" or "times-first'],
    ['theme', 'purple', 'auto" or "light" or "dark'],
    ['mode', 'hologram', 'inline'],
    ['time-zone', 'Mars/Base', 'Europe/Berlin'],
    ['locale', 'no such', 'en-GB'],
    ['event', '?', 'account/event-name'],
  ] as const) {
    it(`${name}="${value}" ⇒ one warning that says what to write`, async () => {
      shown = await WidgetPage.open({ [name]: value });
      await shown.worker.advance(BONES_AFTER_MS);
      const about = said.filter((words) => words.includes(`${name}="${value}"`));
      expect(about).to.have.length(1);
      expect(about[0]).to.contain(wanted);
    });
  }
});

describe('a page whose scripts have changed the platform', () => {
  const { from } = Array;
  // oxlint-disable-next-line typescript/unbound-method -- put back as it was
  const { remove } = Element.prototype;
  afterEach(() => {
    Array.from = from;
    Element.prototype.remove = remove;
  });

  it('`Array.from` that knows no second argument ⇒ steps, weekdays and days all the same', async () => {
    shown = await WidgetPage.open();
    Array.from = ((list: ArrayLike<unknown>) => [].slice.call(list)) as typeof Array.from;
    await shown.toTimes();
    expect(shown.root.querySelectorAll('th')).to.have.length(7);
    expect(shown.root.querySelectorAll('[data-day]')).to.have.length(31);
    expect(shown.root.querySelectorAll('[part=step]')).to.have.length(2);
  });

  it('`remove` that asks for a parent element ⇒ the form comes all the same', async () => {
    Element.prototype.remove = function (this: Element) {
      (this.parentElement as Element).removeChild(this);
    };
    shown = await WidgetPage.open();
    await shown.worker.last('event').event();
    expect(shown.field('Email').value).to.equal('');
  });
});

describe('a picture that cannot be drawn', () => {
  /** What nobody catches is for the page's own error reports, not for the test's. */
  async function uncaught(act: () => Promise<void>): Promise<unknown[]> {
    const reasons: unknown[] = [];
    const heard = (event: PromiseRejectionEvent) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      reasons.push(event.reason);
    };
    addEventListener('unhandledrejection', heard, { capture: true });
    await act();
    await new Promise((resolve) => setTimeout(resolve, 50));
    removeEventListener('unhandledrejection', heard, { capture: true });
    return reasons;
  }

  it('⇒ the page’s own link is the way out, and the page hears of the error; what looks like a template is no markup', async () => {
    shown = await WidgetPage.open();
    const name = { strings: ['<img id="forged">'], values: [] } as unknown as string;
    const reasons = await uncaught(() => shown.worker.last('event').event({ name }));
    expect(reasons).to.have.length(1);
    expect(shown.root.querySelector('#forged')).to.equal(null);
    const [slot] = shown.root.children as unknown as HTMLSlotElement[];
    expect(slot?.assignedElements().map(({ textContent }) => textContent)).to.deep.equal(['Book a call']);
  });
});

describe('one page, many things', () => {
  it('a full address names the event', async () => {
    shown = await WidgetPage.open({ event: 'https://app.iclosed.io/e/acme/discovery-call?utm_source=x' });
    expect(shown.worker.last('event').url.searchParams.get('event')).to.equal('acme/discovery-call');
  });

  it('the script twice: the second changes nothing', () => {
    define('https://other.example.com');
    expect(customElements.get('iclosed-booking')).to.equal(IclosedBooking);
    expect(IclosedBooking.origin).to.equal('https://book.example.com');
  });

  it('two elements of one event have an attempt each', async () => {
    shown = await WidgetPage.open();
    const second = await shown.add();
    await shown.worker.calls[0]?.event();
    await shown.worker.calls[1]?.event();
    await shown.fill();
    await shown.press('See available times');
    shown.element = second;
    await shown.fill();
    await shown.press('See available times');
    const [, , one, two] = shown.worker.calls;
    expect(one?.body?.attempt).not.to.equal(two?.body?.attempt);
    expect(sessionStorage.length).to.equal(1);
  });

  it('moved: the same attempt, nothing lost, no request twice', async () => {
    shown = await WidgetPage.open();
    await shown.worker.last('event').event();
    await shown.fill();
    await shown.press('See available times');
    const box = document.createElement('div');
    shown.host.appendChild(box);
    box.appendChild(shown.element);
    await settled();
    expect(shown.worker.last('contact').isAborted).to.equal(false);
    await shown.worker.last('contact').lead('answers');
    await shown.worker.last('answers').lead('times', { slots: page('2027-03', SLOTS) });
    expect(shown.text).to.contain('Pick a time');
    expect(shown.worker.steps()).to.deep.equal(['event', 'contact', 'answers']);
  });

  it('removed: lets go of the network; put back, goes on with the same request', async () => {
    shown = await WidgetPage.open();
    await shown.worker.last('event').event();
    await shown.fill();
    await shown.press('See available times');
    const { body } = shown.worker.last('contact');
    shown.element.remove();
    await settled();
    expect(shown.worker.last('contact').isAborted).to.equal(true);
    shown.host.appendChild(shown.element);
    await settled();
    expect(shown.worker.last('contact').body).to.deep.equal(body);
    expect(shown.field('Email').value).to.equal('jane@acme.com');
  });

  it('cloned: the copy begins anew', async () => {
    shown = await WidgetPage.open();
    await shown.worker.last('event').event();
    await shown.fill();
    shown.element = shown.element.cloneNode(true) as IclosedBooking;
    shown.host.appendChild(shown.element);
    await settled();
    await shown.worker.last('event').event();
    expect(shown.field('Email').value).to.equal('');
  });

  it('theme, locale and zone change without loss; another event begins anew', async () => {
    shown = await WidgetPage.open();
    await shown.toTimes();
    shown.element.setAttribute('theme', 'dark');
    shown.element.setAttribute('locale', 'en-GB');
    shown.element.setAttribute('time-zone', 'Europe/Berlin');
    await settled();
    expect(shown.text).to.contain('05:00').and.contain('Thursday 11 March');
    expect(shown.worker.steps()).to.deep.equal(['event', 'contact', 'answers']);
    shown.element.setAttribute('event', 'acme/other');
    await settled();
    expect(shown.worker.last('event').url.searchParams.get('event')).to.equal('acme/other');
  });

  it('prefill by attribute and by property; variant and attribution reach the contact and every event', async () => {
    onAddress('utm_source=ads&fbclid=f1');
    shown = await WidgetPage.open({ 'prefill-first-name': 'Jane', 'prefill-1001': '11-50', variant: 'B' });
    await shown.worker.last('event').event();
    expect(shown.field('First name').value).to.equal('Jane');
    expect(shown.field('11-50').checked).to.equal(true);
    await shown.type('Last name', 'Doe');
    await shown.type('Email', 'jane@acme.com');
    await shown.press('See available times');
    const { body } = shown.worker.last('contact');
    expect(body).to.have.nested.property('page.variant', 'B');
    expect(body).to.have.nested.property('page.tracking').that.deep.equals({ utm_source: 'ads', fbclid: 'f1' });
    for (const detail of shown.heard)
      expect(detail).to.deep.include({ variant: 'B', tracking: { utm_source: 'ads', fbclid: 'f1' } });
  });

  it('the owner’s zone is shown and cannot be changed, but the hours can', async () => {
    shown = await WidgetPage.open();
    await shown.worker.last('event').event({ timeZone: 'America/New_York' });
    await shown.fill();
    await shown.press('See available times');
    await shown.worker.last('contact').lead('answers');
    await shown.worker.last('answers').lead('times', { slots: page('2027-03', SLOTS) });
    expect(shown.text).to.contain('Eastern Standard Time').and.contain('11:00 PM');
    expect(() => shown.button('Change: Time zone')).to.throw();
    await shown.press('Change: 24-hour clock');
    await shown.worker.lastPart().arrive(zones);
    await settled();
    expect(shown.root.querySelector('[role=combobox]')).to.equal(null);
    expect(shown.focused).to.equal(shown.field('24-hour clock'));
    await shown.choose('24-hour clock');
    expect(shown.text).to.contain('Eastern Standard Time').and.contain('23:00');
    await expectAccessible(shown.element);
  });

  it('hostile text is text', async () => {
    const evil = '<img src=x onerror="globalThis.hurt=1">${1}';
    shown = await WidgetPage.open();
    const question = { id: 'q"]', type: 'text' as const, label: evil, required: true, help: evil };
    await shown.worker.last('event').event({ name: evil, host: evil, place: evil, questions: [question] });
    expect(shown.text).to.contain(evil);
    expect(shown.root.querySelector('img')).to.equal(null);
    await shown.press('See available times');
    expect((globalThis as { hurt?: number }).hurt).to.equal(undefined);
  });

  it('a robot’s field goes along when it is filled', async () => {
    shown = await WidgetPage.open();
    await shown.worker.last('event').event();
    await shown.fill();
    const trap = shown.root.querySelector('[name=website-address]') as HTMLInputElement;
    expect(trap.tabIndex).to.equal(-1);
    trap.value = 'https://spam.example';
    await shown.press('See available times');
    expect(shown.worker.last('contact').body).to.include({ website: 'https://spam.example' });
  });

  it('every kind of question is a native control with a name', async () => {
    const kinds = [
      'text',
      'long_text',
      'number',
      'date',
      'url',
      'email',
      'phone',
      'select',
      'multiple',
      'checkbox',
      'rating',
    ] as const;
    const choice = { options: [{ value: 'x', label: 'X' }, { value: 'y' }] };
    const questions = kinds.map((type) => ({
      id: `id-${type}`,
      type,
      label: `Say ${type}`,
      required: true,
      ...(type === 'select' || type === 'multiple' || type === 'rating' ? choice : {}),
    }));
    shown = await WidgetPage.open();
    await shown.worker.last('event').event({ questions });
    await expectAccessible(shown.element);
    await shown.press('See available times');
    await expectAccessible(shown.element);
  });

  it('an accent of the owner keeps its contrast, light and dark', async () => {
    shown = await WidgetPage.open();
    await shown.worker.last('event').event({ brand: { accent: '#ffd400', radius: '2px' } });
    for (const accent of ['#ffd400', '#00c2ff', '#e91e63', '#111111', '#ffffff', '#7cb342', '#ff7043']) {
      for (const theme of ['light', 'dark']) {
        shown.element.style.setProperty('--iclosed-accent', accent);
        shown.element.setAttribute('theme', theme);
        await settled();
        await expectAccessible(shown.element, `${accent} ${theme}`);
      }
    }
  });

  it('leaves nothing on the page', async () => {
    const before = Object.keys(window).length;
    shown = await WidgetPage.open();
    await shown.toTimes();
    expect(Object.keys(window).length).to.equal(before);
    expect('litHtmlVersions' in globalThis).to.equal(false);
    expect(document.cookie).to.equal('');
    expect(EVENT.id in localStorage).to.equal(false);
  });
});
