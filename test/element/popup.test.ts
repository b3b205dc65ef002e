/** What the page may say of its popup, and what nobody may: the markup of a trigger is often another's than the page's owner's. */
import * as popup from '../../widget/parts/popup.ts';
import { expect } from './expect.ts';
import { settled } from './scripted-worker.ts';
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

/** Presses a button with these attributes; the widget in the popup that opens. */
async function trigger(attributes: Record<string, string>): Promise<Element> {
  const button = document.createElement('button');
  for (const [name, value] of Object.entries(attributes)) button.setAttribute(`data-iclosed-${name}`, value);
  document.body.append(button);
  button.click();
  await settled();
  await settled();
  const host = [...document.querySelectorAll('iclosed-booking[mode=popup]')].find(
    (each) => each.getAttribute('event') === attributes.open,
  ) as HTMLElement;
  more.push(button, host);
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

it('what the page hangs on its own element is not hung on the widget in it', async () => {
  const widget = await trigger({ open: 'acme/discovery-call' });
  expect(shown.element.hasAttribute('onclick')).to.equal(true);
  expect(widget.hasAttribute('onclick')).to.equal(false);
  expect(widget.getAttribute('time-zone')).to.equal('Asia/Kolkata');
});
