/** What the page may say of its popup, and what nobody may: the markup of a trigger is often another's than the page's owner's. */
import { IclosedBooking } from '../../widget/element.ts';
import * as popup from '../../widget/parts/popup.ts';
import * as german from '../../widget/parts/texts-de.ts';
import { expect } from './expect.ts';
import { pictured, settled } from './scripted-worker.ts';
import { WidgetPage } from './widget-page.ts';

let shown: WidgetPage;
const more: Element[] = [];

beforeEach(async () => {
  sessionStorage.clear();
  shown = await WidgetPage.open({ mode: 'popup', onclick: 'document.title += "+"' });
  shown.worker.atHand.popup = popup;
});
afterEach(() => {
  shown.close();
  for (const each of more.splice(0)) each.remove();
});

function put(attributes: Record<string, string>): HTMLElement {
  const button = document.createElement('button');
  for (const [name, value] of Object.entries(attributes)) button.setAttribute(`data-iclosed-${name}`, value);
  document.body.append(button);
  more.push(button);
  return button;
}

/** Presses a button with these attributes; the widget in the popup that opens. */
async function trigger(attributes: Record<string, string>): Promise<Element> {
  const button = put(attributes);
  button.click();
  await settled();
  await settled();
  const host = [...document.querySelectorAll('iclosed-booking[mode=popup]')].find(
    (each) => each.getAttribute('event') === attributes.open,
  ) as HTMLElement;
  more.push(host);
  return host.shadowRoot?.querySelector('dialog iclosed-booking') as Element;
}

describe('a trigger', () => {
  it('says the variant, the language, what is filled in', async () => {
    const widget = await trigger({ open: 'acme/other', variant: 'b', locale: 'de', 'prefill-email': 'a@b.co' });
    expect(widget.getAttribute('variant')).to.equal('b');
    expect(widget.getAttribute('locale')).to.equal('de');
    expect(widget.getAttribute('prefill-email')).to.equal('a@b.co');
  });

  it('never says where scripts come from or what runs', async () => {
    const name = {
      open: 'acme/other',
      endpoint: 'https://evil.example',
      onclick: 'document.title = "taken"',
      style: 'x',
    };
    const widget = await trigger(name);
    const host = (widget.getRootNode() as ShadowRoot).host;
    for (const each of [widget, host]) {
      expect(each.hasAttribute('onclick')).to.equal(false);
      expect(each.hasAttribute('endpoint')).to.equal(false);
    }
    expect(shown.worker.last('event').url.origin).to.equal('https://book.example.com');
  });
});

describe('the element that a trigger means', () => {
  const open = 'acme/discovery-call';
  const press = async (at: Element) => {
    at.dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true, cancelable: true }));
    await settled();
    await settled();
  };
  const opened = () =>
    [...document.querySelectorAll('iclosed-booking')].filter((each) => each.shadowRoot?.querySelector('dialog')?.open);

  for (const [name, own] of [
    ['https://app.iclosed.io/e/acme/discovery-call?utm_source=mail', open],
    [open, 'https://app.iclosed.io/e/acme/discovery-call/'],
  ] as const) {
    it(`${name} ⇒ event="${own}"`, async () => {
      shown.element.setAttribute('event', own);
      await press(put({ open: name }));
      expect(opened()).to.deep.equal([shown.element]);
      expect(document.querySelectorAll('iclosed-booking[mode=popup]').length).to.equal(1);
    });
  }

  it('in the shadow that both are in, by its id and by its event', async () => {
    const host = document.createElement('div');
    more.push(host);
    document.body.append(host);
    const root = host.attachShadow({ mode: 'open' });
    root.innerHTML = `<iclosed-booking id="mine" mode="popup" event="acme/other"></iclosed-booking>
      <button data-iclosed-open="mine"></button><p></p>`;
    const inner = root.querySelector('p')?.attachShadow({ mode: 'open' }) as ShadowRoot;
    inner.innerHTML = '<button data-iclosed-open="acme/other"></button>';
    const element = root.querySelector('iclosed-booking') as IclosedBooking;
    for (const button of [root.querySelector('button'), inner.querySelector('button')]) {
      await press(button as Element);
      expect(element.shadowRoot?.querySelector('dialog')?.open).to.equal(true);
      element.close();
    }
    expect(document.querySelector('iclosed-booking[event="acme/other"]')).to.equal(null);
  });

  it('by the keyboard, from a drawing', async () => {
    const drawing = document.createElement('div');
    drawing.innerHTML = `<svg><g tabindex="0" data-iclosed-open="${open}"></g></svg>`;
    document.body.append(drawing);
    more.push(drawing);
    const place = drawing.querySelector('g') as SVGElement;
    place.focus();
    await settled();
    await settled();
    place.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, composed: true }));
    await settled();
    await settled();
    expect(opened()).to.deep.equal([shown.element]);
  });
});

describe('the owner’s link in the popup', () => {
  const OWN = 'https://app.iclosed.io/e/acme/discovery-call';
  for (const [content, href, label] of [
    [`<b slot="confirmed"><a href="/a.pdf">Prepare</a></b><a href="${OWN}">Talk</a>`, OWN, 'Talk'],
    [`<a href="tel:+4930123">Call</a> or <a href="${OWN}">Talk</a>`, OWN, 'Talk'],
    [`<a href="https://acme.com/privacy">Privacy</a> <a href="${OWN}">Talk</a>`, OWN, 'Talk'],
    ['<a href="https://acme.com/book">Talk</a>', 'https://acme.com/book', 'Talk'],
    ['<a slot="confirmed" href="/a.pdf">Prepare</a>', undefined, 'Book a call'],
  ] as const) {
    it(`${content} ⇒ ${href ?? 'none'}`, async () => {
      shown.element.innerHTML = content;
      const widget = await trigger({ open: 'acme/discovery-call' });
      expect(widget.querySelector('a')?.href).to.equal(href);
      expect(widget.closest('dialog')?.ariaLabel).to.equal(label);
    });
  }
});

it('what the page hangs on its own element is not hung on the widget in it', async () => {
  const widget = await trigger({ open: 'acme/discovery-call' });
  expect(shown.element.hasAttribute('onclick')).to.equal(true);
  expect(widget.hasAttribute('onclick')).to.equal(false);
  expect(widget.getAttribute('time-zone')).to.equal('Asia/Kolkata');
});

describe('two triggers for one event, each with words of its own', () => {
  const open = 'acme/discovery-call';
  const point = async (at: HTMLElement) => {
    at.dispatchEvent(new PointerEvent('pointerover', { bubbles: true, composed: true }));
    await settled();
    await settled();
  };
  const widget = () => shown.element.shadowRoot?.querySelector('dialog iclosed-booking') as IclosedBooking;
  const fieldOf = (name: string) =>
    (widget().shadowRoot as ShadowRoot).querySelector(`[name=${name}]`) as HTMLInputElement;
  const type = async (name: string, text: string) => {
    const field = fieldOf(name);
    field.value = text;
    field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
    await settled();
  };

  it('pointed at one, pressed the other ⇒ the values of the other', async () => {
    const [basic, pro] = ['basic', 'pro'].map((variant) =>
      put({ open, variant, 'prefill-email': `${variant}@acme.com` }),
    );
    await point(basic as HTMLElement);
    await shown.worker.last('event').event();
    await point(pro as HTMLElement);
    expect(widget().getAttribute('variant')).to.equal('basic');
    pro?.click();
    await settled();
    await settled();
    await shown.worker.last('event').event();
    expect(widget().getAttribute('variant')).to.equal('pro');
    expect(fieldOf('email').value).to.equal('pro@acme.com');
  });

  it('pointed at one that says much, pressed one that says nothing ⇒ nothing of the first', async () => {
    shown.element.setAttribute('variant', 'own');
    const much = put({ open, variant: 'gold', theme: 'dark', 'prefill-email': 'gold@acme.com' });
    await point(much);
    await shown.worker.last('event').event();
    expect(widget().getAttribute('variant')).to.equal('gold');
    await trigger({ open });
    await shown.worker.last('event').event();
    expect(widget().getAttribute('variant')).to.equal('own');
    expect(widget().hasAttribute('theme')).to.equal(false);
    expect(fieldOf('email').value).to.equal('');
    shown.element.close();
    much.click();
    await settled();
    await shown.worker.last('event').event();
    shown.element.close();
    shown.element.open();
    await settled();
    expect(shown.element.getAttribute('variant')).to.equal('own');
  });

  it('begun by one, opened by one that says nothing ⇒ still the variant of the first', async () => {
    await trigger({ open, variant: 'gold' });
    await shown.worker.last('event').event();
    await type('first_name', 'Jane');
    shown.element.close();
    await trigger({ open });
    expect(widget().getAttribute('variant')).to.equal('gold');
    expect(fieldOf('first_name').value).to.equal('Jane');
  });

  it('values that the page sets after it was pointed at, and before a restart', async () => {
    await point(put({ open }));
    await shown.worker.last('event').event();
    shown.element.prefill = { email: 'late@acme.com' };
    shown.element.open();
    await settled();
    await shown.worker.last('event').event();
    expect(fieldOf('email').value).to.equal('late@acme.com');
    const { attempt } = widget();
    shown.element.close();
    shown.element.open();
    await settled();
    expect(widget().attempt).to.equal(attempt);
    await type('email', 'jane@acme.com');
    shown.element.prefill = { email: 'later@acme.com' };
    shown.element.close();
    shown.element.open();
    await settled();
    expect(fieldOf('email').value).to.equal('jane@acme.com');
    shown.element.restart();
    await settled();
    await shown.worker.last('event').event();
    expect(fieldOf('email').value).to.equal('later@acme.com');
  });

  it('begun before a reload ⇒ nothing is lost', async () => {
    const saved = { attempt: crypto.randomUUID(), ticket: 'ticket', seq: { contact: 1 }, fired: {} };
    sessionStorage.setItem('iclosed-booking', JSON.stringify({ [open]: saved }));
    await trigger({ open, variant: 'basic' });
    await shown.worker.last('event').event();
    const booking = { startsAt: '2027-03-11T04:30Z', timeZone: 'Asia/Kolkata' };
    await shown.worker.last('read').lead('booking', { booking }, 202);
    shown.element.close();
    await trigger({ open, variant: 'pro' });
    expect(widget().attempt).to.equal(saved.attempt);
    expect(widget().shadowRoot?.textContent).to.contain('We are confirming your time.');
  });

  it('somebody is on his way to another event ⇒ the values of the one that is pressed, all the same', async () => {
    const saved = { attempt: crypto.randomUUID(), seq: { contact: 1 }, fired: {} };
    sessionStorage.setItem('iclosed-booking', JSON.stringify({ 'acme/other': saved }));
    await trigger({ open, 'prefill-email': 'basic@acme.com' });
    await shown.worker.last('event').event();
    shown.element.close();
    await trigger({ open, 'prefill-email': 'pro@acme.com' });
    await shown.worker.last('event').event();
    expect(fieldOf('email').value).to.equal('pro@acme.com');
  });

  it('begun anew from within ("Book another call") ⇒ the values of the next one that is pressed', async () => {
    await trigger({ open, 'prefill-email': 'basic@acme.com' });
    await shown.worker.last('event').event();
    await type('first_name', 'Jane');
    widget().restart();
    await settled();
    await shown.worker.last('event').event();
    shown.element.close();
    await trigger({ open, 'prefill-email': 'pro@acme.com' });
    await shown.worker.last('event').event();
    expect(fieldOf('email').value).to.equal('pro@acme.com');
    expect(fieldOf('first_name').value).to.equal('');
  });

  it('begun by one, closed and opened by the other ⇒ nothing is lost', async () => {
    await trigger({ open, variant: 'basic' });
    await shown.worker.last('event').event();
    await type('first_name', 'Jane');
    const { attempt } = widget();
    shown.element.close();
    await trigger({ open, variant: 'pro', 'prefill-phone': '+1', theme: 'dark' });
    expect(widget().attempt).to.equal(attempt);
    expect(fieldOf('first_name').value).to.equal('Jane');
    // The attempt has begun with it; what it looks like is another matter.
    for (const each of [shown.element, widget()]) {
      expect(each.getAttribute('variant')).to.equal('basic');
      expect(each.hasAttribute('prefill-phone')).to.equal(false);
      expect(each.getAttribute('theme')).to.equal('dark');
    }
  });
});

describe('the popup', () => {
  const dialog = () => shown.element.shadowRoot?.querySelector('dialog') as HTMLDialogElement;
  const press = (from: Element, to: Element, pointerType = 'mouse') => {
    from.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, composed: true, pointerType }));
    to.dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true }));
  };

  it('closes by a press on the veil, not by a pointer that comes from a field', async () => {
    await trigger({ open: 'acme/discovery-call' });
    press(dialog().querySelector('iclosed-booking') as Element, dialog());
    expect(dialog().open).to.equal(true);
    press(dialog(), dialog(), 'touch');
    expect(dialog().open).to.equal(true);
    press(dialog(), dialog());
    expect(dialog().open).to.equal(false);
  });

  it('opened and closed at once stays closed, once it is ready', async () => {
    await trigger({ open: 'acme/discovery-call' });
    shown.element.close();
    shown.element.open();
    expect(dialog().open).to.equal(true);
    shown.element.close();
    await settled();
    await settled();
    expect(dialog().open).to.equal(false);
    shown.element.remove();
    shown.element.open();
    expect(dialog().open).to.equal(false);
    shown.host.append(shown.element);
    shown.element.setAttribute('mode', 'inline');
    shown.element.open();
    expect(dialog()).to.equal(null);
  });

  it('does not come back where the page changes in the task that closes it', async () => {
    await trigger({ open: 'acme/discovery-call' });
    shown.element.close();
    document.body.append(put({}));
    await settled();
    expect(dialog().open).to.equal(false);
  });

  it('closed by the page, leaves focus and place to what the page does next', async () => {
    const opener = put({ open: 'acme/discovery-call' });
    const next = put({});
    opener.focus();
    opener.click();
    await settled();
    await settled();
    shown.element.close();
    expect(document.activeElement).to.equal(opener);
    next.focus();
    await new Promise((resolve) => dialog().addEventListener('close', resolve));
    await settled();
    expect(document.activeElement).to.equal(next);
  });

  it('whose trigger was drawn anew meanwhile gives the focus to the new one', async () => {
    const opener = put({ open: 'acme/discovery-call' });
    opener.focus();
    opener.click();
    await settled();
    await settled();
    const again = put({ open: 'acme/discovery-call' });
    opener.replaceWith(again);
    shown.element.close();
    expect(document.activeElement === again).to.equal(true);
  });

  it('keeps wheel, finger and keys from the page, but Escape and what the page has put into it', async () => {
    const confirmed = Object.assign(document.createElement('input'), { slot: 'confirmed' });
    shown.element.append(confirmed);
    const widget = await trigger({ open: 'acme/discovery-call' });
    const heard: string[] = [];
    const hear = ({ type, target }: Event) => heard.push(`${type} ${(target as Element).localName}`);
    const types = ['wheel', 'touchmove', 'keydown', 'keypress', 'keyup'];
    for (const type of types) document.addEventListener(type, hear);
    const fire = (at: Element, event: Event) => at.dispatchEvent(event);
    const all = { bubbles: true, composed: true };
    for (const type of ['wheel', 'touchmove']) fire(widget, new Event(type, all));
    for (const type of ['keydown', 'keypress', 'keyup']) fire(widget, new KeyboardEvent(type, { key: 's', ...all }));
    expect(heard).to.deep.equal([]);
    fire(widget, new KeyboardEvent('keydown', { key: 'Escape', ...all }));
    fire(confirmed, new KeyboardEvent('keydown', { key: 's', ...all }));
    for (const type of types) document.removeEventListener(type, hear);
    expect(heard).to.deep.equal(['keydown iclosed-booking', 'keydown input']);
  });

  it('speaks another language as soon as the page says so', async () => {
    await trigger({ open: 'acme/discovery-call' });
    expect(dialog().querySelector('.close')?.textContent).to.equal('Close');
    shown.worker.atHand['texts-de'] = german;
    shown.element.setAttribute('locale', 'de');
    await settled();
    await settled();
    expect(dialog().querySelector('.close')?.textContent).to.equal('Schließen');
    shown.element.setAttribute('locale', 'en');
    await settled();
    expect(dialog().querySelector('.close')?.textContent).to.equal('Close');
  });
});

it('a page that speaks another language when a trigger is pressed is heard', async () => {
  const { lang } = document.documentElement;
  shown.close();
  shown = await WidgetPage.open({ mode: 'popup', locale: null });
  shown.worker.atHand.popup = popup;
  shown.worker.atHand['texts-de'] = german;
  document.documentElement.lang = 'en';
  const widget = (await trigger({ open: 'acme/discovery-call' })) as IclosedBooking;
  await shown.worker.last('event').event();
  await pictured();
  expect(widget.shadowRoot?.textContent).to.contain('First name');
  shown.element.close();
  document.documentElement.lang = 'de';
  shown.element.open();
  await pictured();
  document.documentElement.lang = lang;
  expect(widget.shadowRoot?.textContent).to.contain('Vorname');
  expect(widget.closest('dialog')?.querySelector('.close')?.textContent).to.equal('Schließen');
});

it('a mode that changes on the way takes along what was typed, into the popup and out of it', async () => {
  shown.close();
  shown = await WidgetPage.open();
  shown.worker.atHand.popup = popup;
  // Tasks, as in a browser: what an observer hears comes before them.
  const rest = () => new Promise((resolve) => setTimeout(resolve));
  IclosedBooking.world = { ...shown.worker.world, rest };
  await shown.worker.last('event').event();
  await pictured();
  await shown.type('Email', 'jane@acme.com');
  const { attempt } = shown.element;
  const page = shown.element;

  page.setAttribute('mode', 'popup');
  await pictured();
  page.open();
  await pictured();
  shown.element = page.shadowRoot?.querySelector('dialog iclosed-booking') as IclosedBooking;
  await shown.worker.last('event').event();
  await pictured();
  expect(shown.field('Email').value).to.equal('jane@acme.com');
  expect(page.attempt).to.equal(attempt);
  await shown.type('First name', 'Jane');

  shown.element = page;
  page.setAttribute('mode', 'inline');
  await pictured();
  await shown.worker.last('event').event();
  await pictured();
  expect(page.shadowRoot?.querySelector('dialog')).to.equal(null);
  expect(shown.field('First name').value).to.equal('Jane');
  expect(page.attempt).to.equal(attempt);
  page.restart();
  await pictured();
  await shown.worker.last('event').event();
  await pictured();
  expect(shown.field('Email').value).to.equal('');
});
