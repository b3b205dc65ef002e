/** The visitor goes away and comes back: another tab, a locked phone, a page out of the browser's cache, a copy in its place. */
import { AWAY_MS, SLOW_POLL_MS } from '../../shared/limits.ts';
import type { IclosedBooking } from '../../widget/element.ts';
import { expect } from './expect.ts';
import { page, settled, SLOTS } from './scripted-worker.ts';
import { showPage, WidgetPage } from './widget-page.ts';

let shown: WidgetPage;
beforeEach(async () => {
  sessionStorage.clear();
  shown = await WidgetPage.open();
});
afterEach(() => shown.close());

/** The clock of a sleeping phone goes on, its timers do not. */
async function sleep(): Promise<void> {
  await showPage(false);
  const { world } = shown.worker;
  const wokenAt = world.now() + AWAY_MS + 1;
  world.now = () => wokenAt;
  await showPage(true);
}

describe('a visitor who comes back', () => {
  it('long after ⇒ the times are read anew, what was picked stays picked', async () => {
    await shown.toTimes();
    await shown.press('10:00 AM');
    await shown.leave(AWAY_MS + 1);
    await shown.worker.last('slots').lead('times', { slots: page('2027-03', SLOTS.slice(1)) });
    expect(shown.text).not.to.contain('9:30 AM');
    expect(shown.button('10:00 AM').getAttribute('aria-pressed')).to.equal('true');
    await shown.press('Book this time');
    expect(shown.worker.last('book').body).to.include({ startsAt: SLOTS[1] });
  });

  it('long after a booking that failed ⇒ the times are read anew, and what failed is no matter any more', async () => {
    await shown.toBooking();
    await shown.worker.last('book').problem('not_supported', 501);
    await shown.leave(AWAY_MS + 1);
    await shown.worker.last('slots').lead('times', { slots: page('2027-03', SLOTS) });
    expect(shown.text).to.contain('Thursday, March 11').and.not.contain('did not work');
    await shown.press('Book this time');
    expect(shown.worker.last('book').body).to.include({ startsAt: SLOTS[1] });
  });

  it('to a time that was taken meanwhile ⇒ still says so', async () => {
    await shown.toBooking();
    await showPage(false);
    await shown.worker.last('book').problem('slot_taken', 409, { slots: page('2027-03', [SLOTS[0] as string]) });
    await shown.worker.advance(AWAY_MS + 1);
    await showPage(true);
    await shown.worker.last('slots').lead('times', { slots: page('2027-03', [SLOTS[0] as string]) });
    expect(shown.text).to.contain('10:00 AM was just taken.');
  });

  it('soon ⇒ nothing is asked', async () => {
    await shown.toTimes();
    const { length } = shown.worker.calls;
    await shown.leave(AWAY_MS);
    expect(shown.worker.calls).to.have.length(length);
  });

  it('while a booking is unclear ⇒ it is read at once, not at the next turn', async () => {
    await shown.toBooking();
    await shown.worker.last('book').lead('booking', {}, 202);
    await shown.worker.advance(SLOW_POLL_MS);
    await shown.worker.last('read').lead('booking', {}, 202);
    const { length } = shown.worker.calls;
    await sleep();
    expect(shown.worker.calls).to.have.length(length + 1);
    await shown.worker.last('read').lead('booked', {
      booking: { startsAt: SLOTS[1] as string, timeZone: 'Asia/Kolkata', bookingId: 'b' },
    });
    expect(shown.text).to.contain('You’re booked');
  });

  it('while a booking is sent ⇒ that one request goes on', async () => {
    await shown.toBooking();
    const call = shown.worker.last('book');
    await sleep();
    expect(call.isAborted).to.equal(false);
    expect(shown.worker.last('book')).to.equal(call);
  });
});

describe('a copy in the element’s place, as tools for A/B tests make it', () => {
  it('goes on with the same attempt, and the other lets go of it', async () => {
    await shown.toTimes();
    const { attempt } = shown.element;
    const copy = shown.element.cloneNode(true) as IclosedBooking;
    shown.element.replaceWith(copy);
    shown.element = copy;
    await settled();
    expect(shown.text).to.contain('Pick a time');
    await shown.press('10:00 AM');
    await shown.press('Book this time');
    expect(shown.worker.last('book').body).to.include({ attempt });
    expect(shown.worker.steps()).to.deep.equal(['event', 'contact', 'answers', 'book']);
  });

  it('mounted before the other goes ⇒ has what was done there as soon as that goes, and says that it is ready', async () => {
    await shown.worker.last('event').event();
    await shown.fill();
    const { attempt, element } = { attempt: shown.element.attempt, element: shown.element };
    const copy = element.cloneNode(true) as IclosedBooking;
    element.before(copy);
    await settled();
    await shown.worker.last('event').event();
    shown.element = copy;
    expect(shown.field('Email').value).to.equal('');
    element.remove();
    await settled();
    expect(shown.field('Email').value).to.equal('jane@acme.com');
    expect(shown.field('11-50').checked).to.equal(true);
    expect(copy.attempt).to.equal(attempt);
    expect(shown.names.filter((name) => name === 'ready')).to.have.length(3);
    await shown.press('See available times');
    expect(shown.worker.last('contact').body).to.deep.include({ attempt, seq: 1 });
  });

  it('mounted before the untouched other goes, then filled in, then replaced itself ⇒ nothing is lost', async () => {
    await shown.worker.last('event').event();
    const { element } = shown;
    shown.element = element.cloneNode(true) as IclosedBooking;
    element.before(shown.element);
    await settled();
    element.remove();
    await settled();
    await shown.worker.last('event').event();
    await shown.fill();
    const copy = shown.element.cloneNode(true) as IclosedBooking;
    shown.element.replaceWith(copy);
    shown.element = copy;
    await settled();
    expect(shown.field('Email').value).to.equal('jane@acme.com');
    expect(shown.worker.steps()).to.deep.equal(['event', 'event', 'event']);
  });

  for (const [how, replace] of [
    ['put in the other’s place', (other: Element, copy: Element) => other.replaceWith(copy)],
    [
      'mounted before the other goes',
      async (other: Element, copy: Element) => {
        other.before(copy);
        await settled();
        other.remove();
      },
    ],
  ] as const) {
    it(`${how}, beside a second widget of the same event ⇒ the copy has what was typed, not that one`, async () => {
      shown.worker.world.rest = () => new Promise((resolve) => setTimeout(resolve));
      const tasks = () => new Promise((resolve) => setTimeout(resolve, 30));
      await shown.worker.last('event').event();
      const second = await shown.add();
      await tasks();
      await shown.worker.last('event').event();
      await shown.fill();
      const original = shown.element;
      const { attempt } = original;
      const secondAttempt = second.attempt;
      shown.element = original.cloneNode(true) as IclosedBooking;
      await replace(original, shown.element);
      await tasks();
      expect(shown.field('Email').value).to.equal('jane@acme.com');
      expect(shown.element.attempt).to.equal(attempt);
      expect(second.attempt).to.equal(secondAttempt);
    });
  }

  it('mounted before the other goes and already filled in ⇒ keeps what stands in it', async () => {
    await shown.worker.last('event').event();
    await shown.fill();
    const { element } = shown;
    shown.element = element.cloneNode(true) as IclosedBooking;
    element.before(shown.element);
    await settled();
    await shown.worker.last('event').event();
    await shown.type('Email', 'joe@acme.com');
    element.remove();
    await settled();
    expect(shown.field('Email').value).to.equal('joe@acme.com');
  });

  it('after a contact was corrected and not sent ⇒ what stands in the form is booked, never what was sent before', async () => {
    await shown.toTimes();
    await shown.press('10:00 AM');
    await shown.press('Back');
    await shown.type('Email', 'jane@right.com');
    const copy = shown.element.cloneNode(true) as IclosedBooking;
    shown.element.replaceWith(copy);
    shown.element = copy;
    await settled();
    expect(shown.field('Email').value).to.equal('jane@right.com');
    await shown.press('See available times');
    expect(shown.worker.last('contact').body).to.deep.include({ seq: 2 });
    expect(JSON.stringify(shown.worker.last('contact').body)).to.contain('jane@right.com');
  });

  it('long after ⇒ the times are read anew', async () => {
    await shown.toTimes();
    const copy = shown.element.cloneNode(true) as IclosedBooking;
    shown.element.remove();
    await settled();
    await shown.worker.advance(AWAY_MS + 1);
    shown.host.append(copy);
    shown.element = copy;
    await settled();
    await shown.worker.last('slots').lead('times', { slots: page('2027-03', SLOTS.slice(1)) });
    expect(shown.text).to.contain('10:00 AM').and.not.contain('9:30 AM');
  });

  it('beside it begins an attempt of its own, and neither takes the other’s away', async () => {
    await shown.toTimes();
    const { attempt } = shown.element;
    const copy = shown.element.cloneNode(true) as IclosedBooking;
    shown.host.append(copy);
    await settled();
    await shown.worker.last('event').event();
    expect(copy.attempt).not.to.equal(attempt);
    await shown.press('10:00 AM');
    await shown.press('Book this time');
    expect(shown.worker.last('book').body).to.include({ attempt });
  });
});
