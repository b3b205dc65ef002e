/** Parts of the widget that come later: there, slow, missing; the list of zones is one. */
import { sendKeys } from '@web/test-runner-commands';
import * as ends from '../../widget/parts/ends.ts';
import * as hints from '../../widget/parts/hints.ts';
import * as zones from '../../widget/parts/zones.ts';
import { BUILD } from '../../widget/parts.ts';
import { PART_LIMIT_MS, PART_PAUSE_MS } from '../../shared/limits.ts';
import { expect, expectAccessible } from './expect.ts';
import { ENDPOINT, page, pictured, settled, SLOTS } from './scripted-worker.ts';
import { WidgetPage } from './widget-page.ts';

let shown: WidgetPage;
beforeEach(async () => {
  sessionStorage.clear();
  shown = await WidgetPage.open();
  await shown.toTimes();
});
afterEach(() => shown.close());

const ADDRESS = `${ENDPOINT}/v/${BUILD}/zones.js`;

const search = () => shown.root.querySelector('[role=combobox]') as HTMLInputElement;
const options = () => [...shown.root.querySelectorAll('[role=option]')].map((each) => each.textContent ?? '');
const idOf = (name: string, element: Element | null) => element?.getAttribute(name) ?? '';
/** The option that a screen reader hears of. */
const active = () => shown.root.getElementById(idOf('aria-activedescendant', search()))?.textContent;
const described = (element: Element | null) =>
  shown.root.getElementById(idOf('aria-describedby', element))?.textContent?.replace(/\s+/g, ' ');

describe('the list of zones', () => {
  const open = async () => {
    await shown.press('Change: Time zone');
    await shown.worker.lastPart().arrive(zones);
    await settled();
  };

  it('by keys alone: arrows walk it, Escape leaves it as it was, the focus goes back', async () => {
    await open();
    await sendKeys({ type: '+5:30' });
    expect(options()).to.have.length(2);
    expect(active()).to.contain('Colombo');
    await sendKeys({ press: 'ArrowDown' });
    expect(active()).to.contain('Kolkata');
    await sendKeys({ press: 'ArrowDown' });
    expect(active()).to.contain('Kolkata');
    await sendKeys({ press: 'Escape' });
    await settled();
    expect(search()).to.equal(null);
    expect(shown.focused).to.equal(shown.button('Change: Time zone'));
    expect(shown.text).to.contain('India Standard Time');
  });

  it('by mouse: a city without a zone of its own; pressing Change again closes it', async () => {
    await open();
    search().value = 'san francisco';
    search().dispatchEvent(new InputEvent('input', { bubbles: true }));
    await settled();
    (shown.root.querySelector('[role=option]') as HTMLElement).click();
    await pictured();
    expect(shown.text).to.contain('Pacific Standard Time');
    await open();
    await shown.press('Change: Time zone');
    expect(search()).to.equal(null);
  });

  it('what was typed is wiped out ⇒ Enter takes the zone in use, not the first of the world', async () => {
    await open();
    await sendKeys({ type: 'ber' });
    for (let letter = 0; letter < 3; letter += 1) await sendKeys({ press: 'Backspace' });
    expect(active()).to.contain('Kolkata');
    await sendKeys({ press: 'Enter' });
    await settled();
    expect(shown.text).to.contain('India Standard Time');
  });

  it('nothing found: says so, and Enter changes nothing', async () => {
    await open();
    await sendKeys({ type: 'atlantis' });
    expect(shown.text).to.contain('Nothing found.');
    await expectAccessible(shown.element);
    await sendKeys({ press: 'Enter' });
    await settled();
    expect(shown.text).to.contain('India Standard Time');
  });

  it('24 hours: every time at once, the same instant, and still so after a reload', async () => {
    await open();
    await shown.press('10:00 AM');
    expect(shown.text).to.contain('9:30 AM').and.contain('10:00 – 10:30 AM');
    await shown.choose('24-hour clock');
    expect(shown.text).to.contain('09:30').and.contain('10:00 – 10:30').and.contain('13:30 now').and.not.contain('AM');
    shown = await shown.reload();
    await shown.worker.last('event').event();
    const kept = { contact: { email: 'j…@acme.com' }, answers: { '1001': ['11-50'] } };
    await shown.worker.last('read').lead('times', { ...kept, slots: page('2027-03', SLOTS) });
    expect(shown.text).to.contain('09:30').and.not.contain('AM');
    await shown.press('10:00');
    await shown.press('Book this time');
    expect(shown.worker.last('book').body).to.include({ startsAt: '2027-03-11T04:30Z' });
  });

  it('is loaded when it is wanted, and then shows the same instants on their own days', async () => {
    expect(shown.worker.parts).to.have.length(0);
    await shown.press('Change: Time zone');
    expect(shown.worker.lastPart().url).to.equal(ADDRESS);
    await shown.worker.lastPart().arrive(zones);
    expect(shown.focused).to.equal(search());
    expect(active()).to.contain('Kolkata').and.contain('India Standard Time').and.contain('GMT+5:30');
    await sendKeys({ type: 'new york' });
    expect(active()).to.contain('New York').and.contain('GMT−5');
    await expectAccessible(shown.element);
    await sendKeys({ press: 'Enter' });
    await settled();
    expect(shown.focused).to.equal(shown.button('Change: Time zone'));
    expect(described(shown.focused)).to.equal('Eastern Standard Time, 3:00 AM now');
    expect(shown.root.querySelector('[role=listbox]')).to.equal(null);
    expect(shown.text).to.contain('Wednesday, March 10').and.contain('11:00 PM');
    await shown.press('11:30 PM');
    await shown.press('Book this time');
    expect(shown.worker.last('book').body).to.include({ startsAt: '2027-03-11T04:30Z', timeZone: 'America/New_York' });
  });

  it('each zone has a name, also where the list is not scrolled to', async () => {
    await open();
    const names = [...shown.root.querySelectorAll('[role=option]')].map((each) => each.ariaLabel ?? '');
    expect(names.length > 300).to.equal(true);
    expect(names.filter((name) => !/^.+, .+, (GMT|UTC)/.test(name))).to.deep.equal([]);
    expect(names.find((name) => name.startsWith('Kolkata'))).to.equal('Kolkata, India · India Standard Time, GMT+5:30');
  });

  it('slow: the button rests, is asked once, and the times stay usable', async () => {
    shown.button('Change: Time zone').focus();
    await shown.press('Change: Time zone');
    await shown.press('Change: Time zone');
    expect(shown.worker.parts).to.have.length(1);
    expect(shown.button('Change: Time zone').getAttribute('aria-disabled')).to.equal('true');
    expect(shown.spoken).to.equal('Loading…');
    await expectAccessible(shown.element);
    await shown.press('10:00 AM');
    shown.button('Book this time').focus();
    await shown.worker.lastPart().arrive(zones);
    expect(shown.focused).to.equal(shown.button('Book this time'));
    expect(shown.spoken).to.equal('');
  });

  it('missing: tried twice, said and heard, the times stay; another press tries again', async () => {
    await shown.press('Change: Time zone');
    await shown.worker.lastPart().fail();
    await shown.worker.advance(PART_PAUSE_MS);
    expect(shown.worker.parts.map(({ url }) => url).join()).to.match(new RegExp(`^${ADDRESS},${ADDRESS}[?]\\d+$`));
    await shown.worker.lastPart().fail();
    expect(shown.text).to.contain('That did not work just now.').and.contain('India Standard Time');
    expect(shown.spoken).to.equal('That did not work just now.');
    await expectAccessible(shown.element);
    await shown.press('10:00 AM');
    await shown.press('Change: Time zone');
    await shown.worker.lastPart().arrive(zones);
    expect(active()).to.contain('Kolkata');
    expect(shown.text).not.to.contain('That did not work');
  });

  it('never answers: given up twice after its time, then said', async () => {
    await shown.press('Change: Time zone');
    await shown.worker.advance(PART_LIMIT_MS + PART_PAUSE_MS + PART_LIMIT_MS);
    expect(shown.worker.parts).to.have.length(2);
    expect(shown.text).to.contain('That did not work just now.');
  });
});

it('the list of faults is not in the colour of other notices, unless the page says so', async () => {
  sessionStorage.clear();
  shown = await shown.reload();
  await shown.worker.last('event').event();
  await shown.press('See available times');
  const list = shown.root.querySelector('.faults') as HTMLElement;
  const groundOf = () => getComputedStyle(list).backgroundColor;
  const ofFaults = groundOf();
  list.style.background = '';
  expect(ofFaults).not.to.equal(groundOf());
  const sheet = document.createElement('style');
  sheet.textContent = 'iclosed-booking::part(notice) { background: rgb(1, 2, 3) }';
  shown.host.append(sheet);
  list.style.background = ofFaults;
  expect(groundOf()).to.equal('rgb(1, 2, 3)');
});

describe('no time at all', () => {
  it('before anybody is known ⇒ where to look, and not that it can be booked', async () => {
    sessionStorage.clear();
    shown = await shown.reload();
    const none = page('2027-03', [], { until: '2027-03-20T00:00Z' });
    await shown.worker.last('event').event({ flow: 'times-first' }, { slots: none });
    expect(shown.text).to.contain('All calls are booked right now.').and.contain('New times may be shown here:');
    expect(shown.text).not.to.contain('still book');
    expect(shown.isLinkShown()).to.equal(true);
  });

  it('for somebody who is known ⇒ the one next step is to send what would suit', async () => {
    sessionStorage.clear();
    shown = await shown.reload();
    await shown.toTimes([]);
    expect(shown.button('Send').className).to.equal('cta');
    await expectAccessible(shown.element);
  });
});

describe('the part that speaks', () => {
  const again = async () => {
    sessionStorage.clear();
    shown = await shown.reload();
    delete shown.worker.atHand.hints;
    await shown.worker.last('event').event({ flow: 'times-first' }, { slots: page('2027-03', SLOTS) });
    await shown.press('Next month');
    await shown.worker.last('slots').answer(page('2027-04', ['2027-04-07T04:30Z']));
  };

  it('is loaded at the first act; what has changed until it comes is said then, later changes at once', async () => {
    await again();
    expect(shown.worker.parts).to.have.length(1);
    expect(shown.spoken).to.equal('');
    await shown.worker.lastPart().arrive(hints);
    expect(shown.spoken).to.equal('April 2027');
    await shown.press('Previous month');
    expect(shown.spoken).to.equal('March 2027');
    await shown.press('10:00 AM');
    expect(shown.spoken).to.match(/^Thursday, March 11, 2027, 10:00\sAM\. Continue$/);
  });

  it('missing ⇒ the widget goes on without a word, and the focus is still taken to each step', async () => {
    await again();
    await shown.worker.lastPart().fail();
    await shown.worker.advance(PART_PAUSE_MS);
    await shown.worker.lastPart().fail();
    await shown.press('10:00 AM');
    await shown.press('Continue');
    expect(shown.focused?.textContent).to.equal('Where can we reach you?');
    expect(shown.worker.parts).to.have.length(2);
    // A wait is told all the same, and is over when it is.
    await shown.fill();
    await shown.press(/^Book/);
    await shown.worker.last('contact').problem('busy', 503, { retryAfterSeconds: 8 });
    expect(shown.spoken).to.contain('Busy right now.');
    await shown.worker.advance(9_000);
    expect(shown.spoken).to.equal('');
  });
});

describe('the part of the ends', () => {
  const booking = { startsAt: '2027-03-11T04:30Z', timeZone: 'Asia/Kolkata', host: 'Marta' };

  beforeEach(() => {
    delete shown.worker.atHand.ends;
  });

  it('is asked for when a time is booked, not before, and comes with the answer', async () => {
    await shown.press('10:00 AM');
    expect(shown.worker.parts).to.have.length(0);
    await shown.press('Book this time');
    expect(shown.worker.lastPart().url).to.equal(`${ENDPOINT}/v/${BUILD}/ends.js`);
    await shown.worker.lastPart().arrive(ends);
    await shown.worker.last('book').lead('booked', { booking });
    expect(shown.focused?.textContent).to.equal('You’re booked, Jane.');
    expect(shown.text).to.contain('Marta').and.contain('Google');
    expect(shown.worker.parts).to.have.length(1);
  });

  it('comes late ⇒ the heading and the time stand first, and the focus stays on the heading', async () => {
    await shown.press('10:00 AM');
    await shown.press('Book this time');
    await shown.worker.last('book').lead('booked', { booking });
    expect(shown.text).to.contain('You’re booked. Thu, Mar 11, 10:00 AM · India Standard Time'.replace('. ', '.'));
    const heading = shown.focused;
    await shown.worker.lastPart().arrive(ends);
    expect(shown.focused).to.equal(heading);
    expect(heading?.textContent).to.equal('You’re booked, Jane.');
  });

  it('does not come ⇒ what counts is said, and it is asked for again at the next end', async () => {
    await shown.press('10:00 AM');
    await shown.press('Book this time');
    await shown.worker.lastPart().fail();
    await shown.worker.advance(PART_PAUSE_MS);
    await shown.worker.lastPart().fail();
    await shown.worker.last('book').lead('booked', { booking });
    expect(shown.text).to.contain('You’re booked.').and.contain('Thu, Mar 11, 10:00 AM · India Standard Time');
    expect(shown.names).to.include('booked');
    await shown.worker.lastPart().arrive(ends);
    expect(shown.text).to.contain('Marta');
  });
});
