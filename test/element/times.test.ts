/** The month and its times where clocks change, and by keys; pages turned faster than they are answered. */
import { sendKeys } from '@web/test-runner-commands';
import { PART_PAUSE_MS } from '../../shared/limits.ts';
import { expect, expectAccessible } from './expect.ts';
import { page, settled, SLOTS } from './scripted-worker.ts';
import { WidgetPage } from './widget-page.ts';

let shown: WidgetPage;
beforeEach(() => sessionStorage.clear());
afterEach(() => shown.close());

const times = () =>
  [...shown.root.querySelectorAll('[part=time]')].map((each) => (each.textContent ?? '').replace(/\s+/g, ' ').trim());

describe('a day of 25 hours', () => {
  it('in Sydney: both 2:30 are there, told apart by eye and ear, and the picked one is booked', async () => {
    shown = await WidgetPage.open({ 'time-zone': 'Australia/Sydney', locale: 'en-AU' });
    await shown.worker.last('event').event();
    await shown.fill();
    await shown.press('See available times');
    await shown.worker.last('contact').lead('answers');
    await shown.worker.last('answers').lead('times', { slots: page('2027-03', [], { nextMonth: '2027-04' }) });
    const slots = ['2027-04-03T14:30Z', '2027-04-03T15:30Z', '2027-04-03T16:30Z', '2027-04-03T17:30Z'];
    await shown.worker.last('slots').lead('times', { slots: page('2027-04', slots) });
    expect(shown.text).to.contain('Sunday 4 April');
    expect(times()).to.deep.equal(['1:30 am', '2:30 am AEDT', '2:30 am AEST', '3:30 am']);
    await shown.press(/2:30.am AEST/);
    expect(shown.text.replace(/\s/g, ' ')).to.contain('2:30 am AEST – 3:00 am');
    await expectAccessible(shown.element);
    await shown.press('Book this time');
    expect(shown.worker.last('book').body).to.include({ startsAt: '2027-04-03T16:30Z', timeZone: 'Australia/Sydney' });
  });
});

it('times are written in the visitor’s own language already ⇒ what translates the page leaves them as they are', async () => {
  shown = await WidgetPage.open();
  await shown.toTimes();
  await shown.press('10:00 AM');
  for (const part of ['[part=month]', '[data-day]', '[part=time]', '#zone', '.confirm p']) {
    const element = shown.root.querySelector<HTMLElement>(part);
    expect(element?.translate, part).to.equal(false);
  }
  expect(shown.root.querySelector<HTMLElement>('.heading')?.translate).to.equal(true);
});

it('the next month is empty too ⇒ the heading of that has the focus', async () => {
  shown = await WidgetPage.open();
  await shown.worker.last('event').event();
  await shown.fill();
  await shown.press('See available times');
  await shown.worker.last('contact').lead('answers');
  const until = '2027-04-20T00:00Z';
  const slots = page('2027-03', [], { nextMonth: '2027-04', until });
  await shown.worker.last('answers').lead('times', { slots });
  await shown.worker.last('slots').lead('times', { slots: page('2027-04', [], { until }) });
  expect(shown.root.activeElement?.textContent).to.contain('All calls are booked right now.');
});

describe('pages turned faster than they are answered', () => {
  it('forth and back: the shown month is the one that was wanted last, whatever is answered meanwhile', async () => {
    shown = await WidgetPage.open();
    await shown.toTimes();
    await shown.press('Next month');
    const april = shown.worker.last('slots');
    await shown.press('Previous month');
    expect(shown.text).to.contain('March 2027').and.contain('Thursday, March 11');
    await april.lead('times', { slots: page('2027-04', ['2027-04-20T04:30Z']) });
    expect(shown.text).to.contain('March 2027').and.contain('Thursday, March 11').and.not.contain('April');
    expect(times()).to.deep.equal(['9:30 AM', '10:00 AM']);
  });

  it('the arrow pointed at ⇒ the month is on its way, unseen and unheard; pressed ⇒ it is there', async () => {
    shown = await WidgetPage.open();
    await shown.toTimes();
    const before = [shown.text, shown.spoken];
    shown.button('Next month').dispatchEvent(new PointerEvent('pointerover', { bubbles: true }));
    await settled();
    const april = shown.worker.last('slots');
    expect([shown.text, shown.spoken]).to.deep.equal(before);
    await april.lead('times', { slots: page('2027-04', ['2027-04-20T04:30Z']) });
    expect([shown.text, shown.spoken]).to.deep.equal(before);
    await shown.press('Next month');
    expect(shown.text).to.contain('April 2027').and.contain('Tuesday, April 20');
    expect(shown.worker.last('slots')).to.equal(april);
  });

  it('says each month when its times are there, and keeps the focus on the arrow', async () => {
    shown = await WidgetPage.open();
    await shown.toTimes();
    shown.button('Next month').focus();
    await shown.press('Next month');
    expect(shown.spoken).to.equal('Looking for free times…');
    await shown.worker.last('slots').lead('times', { slots: page('2027-04', ['2027-04-20T04:30Z']) });
    expect(shown.spoken).to.equal('April 2027');
    expect(shown.focused).to.equal(shown.button('Next month'));
  });
});

describe('a month that is drawn again', () => {
  /** How often a date is written by the platform while something is done. */
  async function written(act: () => Promise<unknown>): Promise<number> {
    const { prototype } = Intl.DateTimeFormat;
    const own = Object.getOwnPropertyDescriptor(prototype, 'format') as PropertyDescriptor;
    let count = 0;
    Object.defineProperty(prototype, 'format', {
      ...own,
      get(this: Intl.DateTimeFormat) {
        count += 1;
        return (own.get as () => unknown).call(this);
      },
    });
    try {
      await act();
    } finally {
      Object.defineProperty(prototype, 'format', own);
    }
    return count;
  }

  it('writes no date a second time; a new month writes its own', async () => {
    // A locale in which nothing was written by the tests before.
    shown = await WidgetPage.open({ locale: 'en-NZ' });
    await shown.toTimes();
    const days = await written(async () => {
      await shown.press('Next month');
      await shown.worker.last('slots').lead('times', { slots: page('2027-04', ['2027-04-20T04:30Z']) });
    });
    expect(days >= 30, `${days} for a new month`).to.equal(true);
    expect(await written(() => shown.press('Previous month'))).to.equal(0);
  });
});

it('the part with the keys of the grid does not come ⇒ every free day is a stop of Tab', async () => {
  shown = await WidgetPage.open({ flow: 'times-first' });
  delete shown.worker.atHand.hints;
  await shown.worker.last('event').event({ flow: 'times-first' }, { slots: page('2027-03', SLOTS) });
  const stops = () => shown.root.querySelectorAll('[data-day][tabindex="0"]').length;
  expect(stops()).to.equal(1);
  shown.button(/March 11/).focus();
  await shown.worker.lastPart().fail();
  await shown.worker.advance(PART_PAUSE_MS);
  await shown.worker.lastPart().fail();
  expect(stops()).to.equal(2);
});

describe('keys of the grid beyond what is offered', () => {
  for (const keys of ['PageUp', 'Ctrl+PageDown']) {
    it(`${keys} ⇒ stays where it is`, async () => {
      shown = await WidgetPage.open();
      await shown.toTimes(SLOTS);
      const day = shown.button(/March 11/);
      day.focus();
      if (keys.startsWith('Ctrl')) await sendKeys({ down: 'Control' });
      await sendKeys({ press: keys.replace('Ctrl+', '') as 'PageUp' });
      if (keys.startsWith('Ctrl')) await sendKeys({ up: 'Control' });
      expect(shown.focused).to.equal(day);
      expect(shown.text).to.contain('March 2027');
    });
  }
});
