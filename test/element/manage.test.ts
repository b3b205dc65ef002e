/** What can be done with a booked call in the widget, and what must not happen with it: the Worker's answers are given by hand. */
import {
  CONFIRMING_AT_MOST_MS,
  FIRST_PAUSE_MS,
  JOIN_LOOK_MS,
  PENDING_POLL_MS,
  REDIRECT_AFTER_MS,
  TRIES_AT_MOST,
  WIDGET_REQUEST_LIMIT_MS,
} from '../../shared/limits.ts';
import type { Booking } from '../../shared/protocol.ts';
import * as zones from '../../widget/parts/zones.ts';
import { expect, expectAccessible } from './expect.ts';
import { type Call, page, pictured, settled, SLOTS } from './scripted-worker.ts';
import { BOOKING, WidgetPage } from './widget-page.ts';

let shown: WidgetPage;
beforeEach(async () => {
  sessionStorage.clear();
  shown = await WidgetPage.open(
    {},
    '<a href="https://app.iclosed.io/e/acme/discovery-call">Book</a><p slot="confirmed">See you!</p>',
  );
});
afterEach(() => shown.close());

/** The page forbids to be left, so that the test goes on. */
function stay(): string[] {
  const urls: string[] = [];
  shown.element.addEventListener('iclosed:before-redirect', (event) => {
    event.preventDefault();
    urls.push(event.detail.url ?? '');
  });
  return urls;
}

it('a call at another time than asked is said aloud', async () => {
  await shown.toBooked({ askedStartsAt: SLOTS[0] as string });
  expect(shown.root.querySelector('[role=alert]')?.textContent).to.contain('not on Thu, Mar 11, 9:30 AM');
});

describe('a booked call', () => {
  it('shows what the owner put under it, and both calendars', async () => {
    await shown.toBooked();
    const slot = shown.root.querySelector<HTMLSlotElement>('slot[name=confirmed]');
    expect(slot?.assignedElements().map(({ textContent }) => textContent)).to.deep.equal(['See you!']);
    expect(shown.text).to.contain('Google').and.contain('Outlook').and.contain('Calendar file');
    await expectAccessible(shown.element);
  });

  it('what changes it looks like something to press', async () => {
    await shown.toBooked();
    for (const name of ['Change time', 'Cancel call']) {
      expect(getComputedStyle(shown.button(name)).textDecorationLine).to.equal('underline');
    }
  });

  it('moved elsewhere ⇒ the look for its link says so, and the visit’s own ticket leads to the next', async () => {
    await shown.toBooked();
    await shown.worker.advance(JOIN_LOOK_MS);
    const { manage: _, ...moved } = { ...BOOKING, startsAt: SLOTS[0] as string, endsAt: '2027-03-11T04:30Z' };
    const lead = { v: 1, attempt: 'a', stage: 'booked', booking: moved };
    await shown.worker.last('read').problem('booking_changed', 409, { lead });
    const read = shown.worker.last('read');
    expect(read.body).to.include({ ticket: 'ticket-2' });
    await read.lead('booked', { booking: { ...moved, manage: 'manage-2' } });
    expect(shown.text).to.contain('This call was changed meanwhile.').and.contain('9:30 – 10:00 AM');
    expect(shown.button('Cancel call').getAttribute('aria-disabled')).to.equal('false');
    expect(shown.names).not.to.include('rescheduled');
  });

  it('the link to the call is looked for, also beside a move, and shown when it is there', async () => {
    await shown.toMove();
    await shown.worker.advance(JOIN_LOOK_MS);
    await shown.press('Back');
    await shown.worker.advance(JOIN_LOOK_MS * 3);
    const read = shown.worker.last('read');
    expect(read.body).to.include({ ticket: 'manage-1' });
    await read.lead('booked', { booking: { ...BOOKING, joinLink: 'https://meet.example.com/x' } });
    expect(shown.text).to.contain('Join the call');
    expect(shown.names.filter((name) => name === 'booked')).to.have.length(1);
  });

  it('whose calendar file does not come can be changed all the same, and after a time a word says so', async () => {
    await shown.toBooked();
    await shown.press('Calendar file (.ics)');
    shown.worker.last('calendar');
    expect(shown.text).to.contain('One moment…');
    await shown.press('Cancel call');
    expect(shown.text).to.contain('Cancel this call?');
    await shown.press('Keep it');
    await shown.press('Change time');
    await shown.press('Back');
    expect(shown.text).to.contain('You’re booked, Jane.');
    await shown.worker.advance(WIDGET_REQUEST_LIMIT_MS);
    expect(shown.text).to.contain('Calendar file (.ics)').and.contain('That did not work just now.');
  });

  for (const [how, leaveIt] of [
    ['restart()', () => shown.element.restart()],
    ['another event', () => shown.element.setAttribute('event', 'acme/other')],
  ] as const) {
    it(`${how} while the link is looked for ⇒ the new attempt stays as it is`, async () => {
      await shown.toBooked();
      await shown.worker.advance(JOIN_LOOK_MS);
      const read = shown.worker.last('read');
      leaveIt();
      await settled();
      await shown.worker.last('event').event();
      await read.lead('booked', { booking: BOOKING });
      await shown.worker.advance(JOIN_LOOK_MS * 20);
      expect(shown.text).to.contain('Where can we reach you?');
      expect(shown.names.filter((name) => name === 'booked')).to.have.length(1);
      expect(shown.worker.steps().filter((step) => step === 'read')).to.have.length(1);
    });
  }
});

describe('going on to another page', () => {
  const redirect = 'https://acme.com/thanks';

  it('by itself: the page hears of it at once, and once', async () => {
    const urls = stay();
    await shown.toBooked({ redirect, isRedirectAutomatic: true });
    expect(urls).to.deep.equal([redirect]);
    await shown.worker.advance(REDIRECT_AFTER_MS * 10);
    expect(urls).to.deep.equal([redirect]);
  });

  it('not to an address that is none, and not for a cancelled call', async () => {
    const urls = stay();
    await shown.toBooked({ redirect: 'javascript:alert(1)', isRedirectAutomatic: true });
    expect(() => shown.button('Continue')).to.throw();
    shown.close();
    sessionStorage.clear();
    shown = await WidgetPage.open();
    const others = stay();
    await shown.toBooked({ redirect, isRedirectAutomatic: true, isCancelled: true });
    expect([...urls, ...others]).to.deep.equal([]);
    expect(shown.text).to.contain('Your call is cancelled.');
  });

  it('by the page’s own way, which forbids it ⇒ no button that would do nothing', async () => {
    stay();
    await shown.toBooked({ redirect: 'https://acme.com/thanks', isRedirectAutomatic: true });
    expect(() => shown.button('Continue')).to.throw();
  });

  it('a widget that is out of sight is not left, and the page hears nothing of it, until it is seen again', async () => {
    const urls = stay();
    await shown.toBooking();
    shown.host.style.display = 'none';
    await shown.worker.last('book').lead('booked', { booking: { ...BOOKING, redirect, isRedirectAutomatic: true } });
    await pictured();
    expect(urls).to.deep.equal([]);
    shown.host.style.display = '';
    await pictured();
    expect(urls).to.deep.equal([redirect]);
  });

  it('nor does the look for the link to the call forget it meanwhile', async () => {
    const urls = stay();
    await shown.toBooking();
    shown.host.style.display = 'none';
    await shown.worker.last('book').lead('booked', { booking: { ...BOOKING, redirect, isRedirectAutomatic: true } });
    await shown.worker.advance(JOIN_LOOK_MS);
    const joinLink = 'https://meet.example.com/x';
    await shown.worker.last('read').lead('booked', { booking: { ...BOOKING, redirect, joinLink } });
    expect(urls).to.deep.equal([]);
    shown.host.style.display = '';
    await pictured();
    expect(urls).to.deep.equal([redirect]);
  });

  it('and what of the person goes along stays out of what the page hears', async () => {
    stay();
    await shown.toBooked({
      redirect: 'https://acme.com/thanks?previewId=call_1&email=jane%40acme.com&first_name=Jane',
    });
    await shown.press('Continue');
    expect(shown.heardLast).to.deep.include({
      name: 'before-redirect',
      url: 'https://acme.com/thanks?previewId=call_1',
    });
  });

  describe('is asked and made once for an attempt and a page', () => {
    /** This very page, so that the test goes on. */
    const here = () => `${location.href.replace(/#.*/, '')}#thanks`;
    const before = location.href;
    afterEach(() => history.replaceState(null, '', before));

    function asked(): number {
      return shown.names.filter((name) => name === 'before-redirect').length;
    }

    async function move(): Promise<void> {
      await shown.press('Change time');
      await shown.worker.last('slots').lead('booked', { booking: BOOKING, slots: page('2027-03', SLOTS) });
    }

    /** To 9:30, which the address tells. */
    async function moved(address: string): Promise<void> {
      await shown.press('9:30 AM');
      await shown.press('Move to this time');
      const startsAt = SLOTS[0] as string;
      await shown.worker.last('reschedule').lead('booked', { booking: { ...BOOKING, startsAt, redirect: address } });
    }

    /** The visit's own ticket says again that the call leads on. */
    async function remade(address: string): Promise<void> {
      shown.element.remove();
      await settled();
      shown.element = await shown.add();
      await shown.worker.last('event').event();
      const booking = {
        ...BOOKING,
        startsAt: SLOTS[0] as string,
        redirect: address,
        isRedirectAutomatic: true as const,
      };
      await shown.worker.last('read').lead('booked', { booking });
      await shown.worker.advance(REDIRECT_AFTER_MS * 2);
    }

    it('“Continue” is pressed before it is made', async () => {
      await shown.toBooked({ redirect: here(), isRedirectAutomatic: true });
      await shown.press('Continue');
      expect(location.hash).to.equal('#thanks');
      history.replaceState(null, '', before);
      await shown.worker.advance(REDIRECT_AFTER_MS);
      expect(asked()).to.equal(1);
      expect(location.hash).to.equal('');
    });

    it('and for the next attempt in the same element once more', async () => {
      await shown.toBooked({ redirect: here(), isRedirectAutomatic: true });
      await shown.worker.advance(REDIRECT_AFTER_MS);
      expect(location.hash).to.equal('#thanks');
      history.replaceState(null, '', before);
      shown.element.restart();
      await settled();
      await shown.toBooked({ redirect: here(), isRedirectAutomatic: true });
      await shown.worker.advance(REDIRECT_AFTER_MS);
      expect(asked()).to.equal(2);
      expect(location.hash).to.equal('#thanks');
    });

    it('the page forbids it, the call is moved, the element made anew', async () => {
      const urls = stay();
      await shown.toBooked({ redirect: `${redirect}?at=10`, isRedirectAutomatic: true });
      shown.host.addEventListener('iclosed:before-redirect', (event) => event.preventDefault());
      await move();
      await moved(`${redirect}?at=9`);
      await remade(`${redirect}?at=9`);
      expect(urls).to.have.length(1);
      expect(asked()).to.equal(1);
      expect(() => shown.button('Continue')).to.throw();
    });

    it('the visitor stays to move the call, the element is made anew', async () => {
      await shown.toBooked({ redirect: here(), isRedirectAutomatic: true });
      await move();
      await shown.worker.advance(REDIRECT_AFTER_MS);
      await moved(here());
      await remade(here());
      expect(asked()).to.equal(1);
      expect(location.hash).to.equal('');
      await shown.press('Continue');
      expect(location.hash).to.equal('#thanks');
    });
  });

  it('by the button, after the page had its say', async () => {
    const urls = stay();
    await shown.toBooked({ redirect });
    expect(urls).to.deep.equal([]);
    await shown.press('Continue');
    expect(urls).to.deep.equal([redirect]);
  });
});

describe('moving', () => {
  it('to a time that was just taken ⇒ says so, and the fresh times are there', async () => {
    await shown.toMove();
    await shown.press('9:30 AM');
    await shown.press('Move to this time');
    const slots = page('2027-03', SLOTS.slice(1));
    await shown.worker.last('reschedule').problem('slot_taken', 409, { slots, lead: undefined });
    expect(shown.text).to.contain('9:30 AM was just taken.').and.contain('Pick another time');
    expect(shown.focused?.textContent).to.contain('was just taken');
    expect(() => shown.button('9:30 AM')).to.throw();
    await expectAccessible(shown.element);
    await shown.press('10:00 AM');
    expect(shown.text).not.to.contain('just taken');
  });

  it('and iClosed is not there ⇒ says so beside the times', async () => {
    await shown.toMove();
    await shown.press('9:30 AM');
    await shown.press('Move to this time');
    await shown.worker.last('reschedule').problem('not_supported', 501);
    expect(shown.text).to.contain('That did not work just now. Please try again in a moment.');
    expect(shown.button('9:30 AM').getAttribute('aria-pressed')).to.equal('true');
  });

  it('unclear for longer than anybody watches ⇒ says so, and the widget can be used again', async () => {
    await shown.toMove();
    await shown.press('9:30 AM');
    await shown.press('Move to this time');
    const pending = { step: 'reschedule' as const, retryAfterSeconds: 2 };
    await shown.worker.last('reschedule').lead('booked', { booking: BOOKING, pending }, 202);
    for (let waited = 0; waited <= CONFIRMING_AT_MOST_MS; waited += PENDING_POLL_MS) {
      await shown.worker.advance(PENDING_POLL_MS);
      const call = shown.worker.calls.at(-1);
      if (call?.step === 'reschedule') await call.lead('booked', { booking: BOOKING, pending }, 202);
    }
    expect(shown.text).to.contain('It is not clear yet whether that worked.');
    expect(shown.names).not.to.include('rescheduled');
    expect(shown.button('Cancel call').getAttribute('aria-disabled')).to.equal('false');
  });

  it('while the link is looked for ⇒ the late answer from before the move changes nothing', async () => {
    await shown.toBooked();
    await shown.worker.advance(JOIN_LOOK_MS);
    const read = shown.worker.last('read');
    await shown.press('Change time');
    await shown.worker.last('slots').lead('booked', { booking: BOOKING, slots: page('2027-03', SLOTS) });
    await shown.press('9:30 AM');
    await shown.press('Move to this time');
    const moved = { ...BOOKING, startsAt: '2027-03-11T04:00Z', endsAt: '2027-03-11T04:30Z', manage: 'manage-2' };
    await shown.worker.last('reschedule').lead('booked', { booking: moved });
    await read.lead('booked', { booking: BOOKING });
    expect(shown.text).to.contain('Your call was moved.').and.contain('9:30 – 10:00 AM');
  });

  it('with no other time free ⇒ the call stays, and there is a way back to it', async () => {
    await shown.toBooked();
    await shown.press('Change time');
    const none = page('2027-03', [], { until: '2027-03-20T00:00Z' });
    await shown.worker.last('slots').lead('booked', { booking: BOOKING, slots: none });
    expect(shown.text).to.contain('No other time is free right now.').and.contain('Your call stays as it is.');
    await shown.press('Back');
    expect(shown.text).to.contain('You’re booked, Jane.');
  });

  it('and back while the times are looked for ⇒ the call, also when they come; not while the move is under way', async () => {
    await shown.toBooked();
    await shown.press('Change time');
    const slots = shown.worker.last('slots');
    await shown.press('Back');
    expect(shown.text).to.contain('You’re booked, Jane.');
    await slots.lead('booked', { booking: BOOKING, slots: page('2027-03', SLOTS) });
    expect(shown.text).to.contain('You’re booked, Jane.');
    await shown.press('Change time');
    await shown.worker.last('slots').lead('booked', { booking: BOOKING, slots: page('2027-03', SLOTS) });
    await shown.press('9:30 AM');
    await shown.press('Move to this time');
    await shown.press('Back');
    expect(shown.text).to.contain('Pick another time');
  });

  it('in another zone ⇒ the times of the move are in it too', async () => {
    await shown.toMove();
    await shown.chooseZone('new york');
    expect(shown.text).to.contain('Eastern Standard Time').and.contain('11:00 PM');
  });

  it('booked in another zone than the visitor’s ⇒ the times are in that one first, and his own can be chosen', async () => {
    await shown.toBooked({ timeZone: 'America/Los_Angeles' });
    shown.element.setAttribute('time-zone', 'Europe/Berlin');
    await settled();
    await shown.press('Change time');
    await shown.worker.last('slots').lead('booked', { booking: BOOKING, slots: page('2027-03', SLOTS) });
    expect(shown.text).to.contain('Pacific Standard Time');
    await shown.chooseZone('berlin');
    expect(shown.text).to.contain('Central European Standard Time').and.contain('5:00 AM');
  });

  it('refused ⇒ the page hears that it did not succeed', async () => {
    await shown.toMove();
    await shown.press('9:30 AM');
    await shown.press('Move to this time');
    await shown.worker.last('reschedule').problem('slot_taken', 409);
    expect(shown.heardLast).to.deep.include({ name: 'failed', code: 'slot_taken' });
  });

  it('says what a screen reader must hear: each month, and that it is on its way', async () => {
    await shown.toMove();
    await shown.press('Next month');
    expect(shown.spoken).to.equal('Looking for free times…');
    await shown.worker
      .last('slots')
      .lead('booked', { booking: BOOKING, slots: page('2027-04', ['2027-04-07T04:30Z']) });
    expect(shown.spoken).to.equal('April 2027');
    await shown.press('10:00 AM');
    expect(shown.spoken).to.match(/^Wednesday, April 7, 2027, 10:00\sAM\. Move to this time$/);
    await shown.press('Move to this time');
    expect(shown.spoken).to.equal('One moment…');
    await shown.worker.last('reschedule').lead('booked', { booking: { ...BOOKING, manage: 'manage-2' } });
    expect(shown.text).to.contain('Your call was moved.');
    expect(shown.spoken).to.equal('');
  });

  it('a month that was only pointed at does not come ⇒ the pick stays', async () => {
    await shown.toMove();
    await shown.press('9:30 AM');
    shown.button('Next month').dispatchEvent(new PointerEvent('pointerover', { bubbles: true }));
    await settled();
    await shown.worker.last('slots').problem('not_supported', 501);
    expect(shown.text).to.contain('Pick another time');
    expect(shown.button('9:30 AM').getAttribute('aria-pressed')).to.equal('true');
    expect(shown.text).not.to.contain('did not work');
  });
});

describe('a change whose answer is lost', () => {
  const moved = { ...BOOKING, startsAt: SLOTS[0] as string, endsAt: '2027-03-11T04:30Z', manage: 'manage-2' };

  /** Every try of the request that is under way fails. */
  async function lose(step: string): Promise<void> {
    for (let tries = 0; tries < TRIES_AT_MOST; tries += 1) {
      await shown.worker.last(step).fail();
      if (tries < TRIES_AT_MOST - 1) await shown.worker.advance(FIRST_PAUSE_MS * 2 ** tries);
    }
  }

  async function loseCancel(): Promise<void> {
    await shown.toBooked();
    await shown.press('Cancel call');
    await shown.press('Yes, cancel it');
    await lose('cancel');
  }

  async function loseMove(): Promise<void> {
    await shown.toMove();
    await shown.press('9:30 AM');
    await shown.press('Move to this time');
    await lose('reschedule');
  }

  it('a cancel that was done ⇒ said as if it had been answered', async () => {
    await loseCancel();
    await shown.worker.last('read').lead('cancelled', { booking: { ...BOOKING, isCancelled: true } });
    expect(shown.text).to.contain('Your call is cancelled.').and.not.contain('did not work');
    expect(shown.heardLast).to.deep.include({ name: 'cancelled' });
    expect(shown.names).not.to.include('failed');
  });

  it('a move that was done ⇒ the very same request brings the new ticket', async () => {
    await loseMove();
    const asked = shown.worker.calls.findLast(({ step }) => step === 'reschedule');
    const { manage: _, ...fresh } = moved;
    const lead = { v: 1, attempt: 'a', stage: 'booked', booking: fresh };
    await shown.worker.last('read').problem('booking_changed', 409, { lead });
    const again = shown.worker.last('reschedule');
    expect(again.body).to.deep.equal(asked?.body);
    await again.lead('booked', { booking: moved });
    expect(shown.text).to.contain('Your call was moved.').and.contain('9:30 – 10:00 AM');
    expect(shown.heardLast).to.deep.include({ name: 'rescheduled', startsAt: SLOTS[0] });
    expect(shown.names).not.to.include('failed');
  });

  it('one that the Worker still works at ⇒ is waited for', async () => {
    await loseCancel();
    const pending = { step: 'cancel' as const, retryAfterSeconds: 2 };
    await shown.worker.last('read').lead('booked', { booking: BOOKING, pending });
    await shown.worker.last('cancel').lead('cancelled', { booking: { ...BOOKING, isCancelled: true } });
    expect(shown.text).to.contain('Your call is cancelled.');
  });

  it('one that was not done ⇒ can be tried again, beside the times', async () => {
    await loseMove();
    await shown.worker.last('read').lead('booked', { booking: BOOKING });
    expect(shown.text).to.contain('Pick another time').and.contain('That did not work just now.');
    expect(shown.heardLast).to.deep.include({ name: 'failed', code: 'unreachable' });
  });

  it('and so is that of the call ⇒ nobody knows, and nobody is told to try again', async () => {
    await loseCancel();
    await lose('read');
    expect(shown.text).to.contain('It is not clear yet whether that worked.').and.not.contain('did not work');
    expect(shown.button('Cancel call').getAttribute('aria-disabled')).to.equal('false');
  });

  it('a move that was done, of which no answer ever comes ⇒ the visit’s own ticket leads to the next', async () => {
    await loseMove();
    const { manage: _, ...fresh } = moved;
    const lead = { v: 1, attempt: 'a', stage: 'booked', booking: fresh };
    await shown.worker.last('read').problem('booking_changed', 409, { lead });
    await lose('reschedule');
    const read = shown.worker.last('read');
    expect(read.body).to.include({ ticket: 'ticket-2' });
    await read.lead('booked', { booking: moved });
    expect(shown.text).to.contain('Your call was moved.').and.contain('Calendar file (.ics)');
    expect(shown.button('Change time').getAttribute('aria-disabled')).to.equal('false');
    expect(shown.names.filter((name) => name === 'rescheduled')).to.have.length(1);
  });

  describe('of which nobody could say what became of it', () => {
    const { manage: _, ...fresh } = moved;
    const lead = { v: 1, attempt: 'a', stage: 'booked', booking: fresh };
    beforeEach(async () => {
      await loseMove();
      await lose('read');
      expect(shown.text).to.contain('It is not clear yet');
    });

    function expectMoved(): void {
      expect(shown.text).to.contain('Your call was moved.').and.contain('9:30 – 10:00 AM').and.not.contain('not clear');
      expect(shown.button('Cancel call').getAttribute('aria-disabled')).to.equal('false');
      expect(shown.names.filter((name) => name === 'rescheduled')).to.have.length(1);
    }

    it('is looked for until it is known, and told then', async () => {
      await shown.worker.advance(JOIN_LOOK_MS);
      await shown.worker
        .last('read')
        .lead('booked', { booking: BOOKING, pending: { step: 'reschedule', retryAfterSeconds: 2 } });
      expect(shown.text).to.contain('It is not clear yet');
      await shown.worker.advance(JOIN_LOOK_MS * 3);
      await shown.worker.last('read').problem('booking_changed', 409, { lead });
      const read = shown.worker.last('read');
      expect(read.body).to.include({ ticket: 'ticket-2' });
      await read.lead('booked', { booking: moved });
      expectMoved();
    });

    it('and was not done ⇒ can be tried again', async () => {
      await shown.worker.advance(JOIN_LOOK_MS);
      await shown.worker.last('read').lead('booked', { booking: BOOKING });
      expect(shown.text).to.contain('That did not work just now.').and.not.contain('not clear');
      expect(shown.names).not.to.include('rescheduled');
    });

    it('and was cancelled elsewhere while it is asked about here ⇒ the question goes, and nothing can be tried again', async () => {
      await shown.press('Cancel call');
      await shown.worker.advance(JOIN_LOOK_MS);
      await shown.worker.last('read').lead('cancelled', { booking: { ...BOOKING, isCancelled: true } });
      expect(shown.text)
        .to.contain('Your call is cancelled.')
        .and.not.contain('did not work')
        .and.not.contain('Cancel this call?');
      expect(shown.focused?.className).to.contain('manage-said');
    });

    it('“Change time” finds it done ⇒ says so, with the ticket that is good', async () => {
      await shown.press('Change time');
      await shown.worker.last('slots').problem('booking_changed', 409, { lead });
      await shown.worker.last('read').lead('booked', { booking: moved });
      expectMoved();
    });

    it('a cancel finds it done ⇒ says so, and the next cancel is another', async () => {
      await shown.press('Cancel call');
      await shown.press('Yes, cancel it');
      await shown.worker.last('cancel').problem('booking_changed', 409, { lead });
      await shown.worker.last('read').lead('booked', { booking: moved });
      expectMoved();
      expect(shown.names).not.to.include('cancelled');
    });
  });

  it('moved elsewhere ⇒ “Change time” says so, and with the ticket that is good it can be changed', async () => {
    await shown.toBooked();
    await shown.press('Change time');
    const { manage: _, ...fresh } = moved;
    const lead = { v: 1, attempt: 'a', stage: 'booked', booking: fresh };
    await shown.worker.last('slots').problem('booking_changed', 409, { lead });
    await shown.worker.last('read').lead('booked', { booking: moved });
    expect(shown.text).to.contain('This call was changed meanwhile.').and.contain('9:30 – 10:00 AM');
    expect(shown.button('Change time').getAttribute('aria-disabled')).to.equal('false');
    expect(shown.names).not.to.include('rescheduled');
  });

  it('and no answer of the call comes at all ⇒ the same, after a time', async () => {
    await loseMove();
    shown.worker.last('read');
    await shown.worker.advance(WIDGET_REQUEST_LIMIT_MS);
    expect(shown.text).to.contain('It is not clear yet whether that worked.').and.not.contain('Pick another time');
  });
});

describe('at /manage', () => {
  const ticket = (letter: string) => letter.repeat(100);
  const before = location.href;
  beforeEach(async () => {
    shown.close();
    history.replaceState(null, '', `/manage#acme/discovery-call/${ticket('0')}`);
    shown = await WidgetPage.open({ endpoint: location.origin });
  });
  afterEach(() => history.replaceState(null, '', before));

  it('the address takes the newest ticket, so that a reload after a move finds the call', async () => {
    await shown.toBooked({ manage: ticket('1') });
    expect(location.hash).to.equal(`#acme/discovery-call/${ticket('1')}`);
    await shown.press('Change time');
    const booking = { ...BOOKING, manage: ticket('1') };
    await shown.worker.last('slots').lead('booked', { booking, slots: page('2027-03', SLOTS) });
    await shown.press('9:30 AM');
    await shown.press('Move to this time');
    const moved = { ...BOOKING, startsAt: SLOTS[0] as string, manage: ticket('2') };
    await shown.worker.last('reschedule').lead('booked', { booking: moved });
    expect(location.hash).to.equal(`#acme/discovery-call/${ticket('2')}`);
  });

  it('an address that is encoded as a whole stays one', async () => {
    history.replaceState(null, '', `/manage#acme%2Fdiscovery-call%2F${ticket('0')}`);
    await shown.toBooked({ manage: ticket('1') });
    expect(location.pathname).to.equal('/manage');
    expect(location.hash).to.equal(`#acme%2Fdiscovery-call%2F${ticket('1')}`);
  });

  it('there is this one call: no other page, no other booking', async () => {
    await shown.toBooked({ redirect: 'https://acme.com/thanks', joinLink: 'https://meet.example/1' });
    expect(() => shown.button('Continue')).to.throw();
    const join = shown.root.querySelector('a[href="https://meet.example/1"]');
    expect(join?.className).to.equal('cta');
    await shown.press('Cancel call');
    await shown.press('Yes, cancel it');
    await shown.worker.last('cancel').lead('cancelled', { booking: { ...BOOKING, isCancelled: true } });
    expect(shown.text).to.not.contain('Book another call');
  });
});

it('elsewhere there is one next step, and after a cancel another call can be booked', async () => {
  await shown.toBooked({ redirect: 'https://acme.com/thanks', joinLink: 'https://meet.example/1' });
  expect(shown.button('Continue').className).to.equal('cta');
  expect(shown.root.querySelector('a[href="https://meet.example/1"]')?.className).to.equal('small');
  await shown.press('Cancel call');
  await shown.press('Yes, cancel it');
  await shown.worker.last('cancel').lead('cancelled', { booking: { ...BOOKING, isCancelled: true } });
  await shown.press('Book another call');
  expect(shown.worker.steps().at(-1)).to.equal('event');
});

it('cancelling without a network says so, and goes on by itself', async () => {
  await shown.toBooked();
  await shown.press('Cancel call');
  shown.worker.isOnline = false;
  await shown.press('Yes, cancel it');
  expect(shown.text).to.contain('You are offline. Nothing is lost.');
  await shown.worker.comeOnline();
  await shown.worker.last('cancel').lead('cancelled', { booking: { ...BOOKING, isCancelled: true } });
  expect(shown.text).to.contain('Your call is cancelled.').and.not.contain('offline');
  expect(shown.names).to.include('cancelled');
});

it('a call in a zone that this browser does not know is shown in the visitor’s own', async () => {
  await shown.toBooked({ timeZone: 'Europe/Nowhere' });
  expect(shown.text).to.contain('You’re booked, Jane.').and.contain('10:00');
});

it('Escape on the hours closes the list of zones, and no popup around it', async () => {
  await shown.toBooked();
  await shown.press('Change time');
  await shown.worker.last('slots').lead('booked', { booking: BOOKING, slots: page('2027-03', SLOTS) });
  shown.worker.atHand.zones = zones;
  await shown.press('Change: Time zone');
  const hours = shown.root.querySelector('.hours input') as HTMLInputElement;
  const escape = new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, composed: true, cancelable: true });
  hours.dispatchEvent(escape);
  await settled();
  expect(escape.defaultPrevented).to.equal(true);
  expect(shown.root.querySelector('.hours')).to.equal(null);
});

describe('a change that was under way when the element was made anew', () => {
  const moved = { ...BOOKING, startsAt: SLOTS[0] as string, endsAt: '2027-03-11T04:30Z', manage: 'manage-2' };

  /** The same element again while the Worker still works at it; the first read says so. */
  async function remade(step: 'reschedule' | 'cancel' | undefined, booking: Booking = BOOKING): Promise<void> {
    await shown.toBooked();
    shown.element.remove();
    await settled();
    shown.element = await shown.add();
    await shown.worker.last('event').event();
    const pending = step && { step, retryAfterSeconds: 2 };
    await shown.worker.last('read').lead('booked', { booking, pending });
  }

  it('a cancel ⇒ it is waited for, nothing else can be begun, and the page hears of it', async () => {
    await remade('cancel');
    expect(shown.text).to.contain('You have a call on').and.contain('One moment…');
    expect(shown.button('Change time').getAttribute('aria-disabled')).to.equal('true');
    await expectAccessible(shown.element);
    await shown.worker.advance(PENDING_POLL_MS);
    await shown.worker
      .last('read')
      .lead('booked', { booking: BOOKING, pending: { step: 'cancel', retryAfterSeconds: 2 } });
    await shown.worker.advance(PENDING_POLL_MS);
    await shown.worker.last('read').lead('cancelled', { booking: { ...BOOKING, isCancelled: true } });
    expect(shown.text).to.contain('Your call is cancelled.').and.not.contain('One moment…');
    expect(shown.heardLast).to.deep.include({ name: 'cancelled', bookingId: 'call_1' });
  });

  it('a move, whose end makes the ticket void ⇒ the visit’s own leads to the next', async () => {
    await remade('reschedule');
    await shown.worker.advance(PENDING_POLL_MS);
    const { manage: _, ...fresh } = moved;
    const lead = { v: 1, attempt: 'a', stage: 'booked', booking: fresh };
    await shown.worker.last('read').problem('booking_changed', 409, { lead });
    const read = shown.worker.last('read');
    expect(read.body).to.include({ ticket: 'ticket-2' });
    await read.lead('booked', { booking: moved });
    expect(shown.text).to.contain('Your call was moved.').and.contain('9:30 – 10:00 AM');
    expect(shown.heardLast).to.deep.include({ name: 'rescheduled', startsAt: SLOTS[0] });
    expect(shown.button('Cancel call').getAttribute('aria-disabled')).to.equal('false');
  });

  it('and came to nothing ⇒ the call stands, and it can be tried again', async () => {
    await remade('reschedule');
    await shown.worker.advance(PENDING_POLL_MS);
    await shown.worker.last('read').lead('booked', { booking: BOOKING });
    expect(shown.text).to.contain('That did not work just now.').and.contain('10:00 – 10:30 AM');
    expect(shown.names).not.to.include('rescheduled');
    expect(shown.button('Change time').getAttribute('aria-disabled')).to.equal('false');
  });

  it('for longer than anybody watches ⇒ says that it is not clear', async () => {
    await remade('cancel');
    const pending = { step: 'cancel' as const, retryAfterSeconds: 2 };
    for (let waited = 0; waited <= CONFIRMING_AT_MOST_MS; waited += PENDING_POLL_MS) {
      await shown.worker.advance(PENDING_POLL_MS);
      const call = shown.worker.calls.at(-1);
      if (call?.step === 'read') await call.lead('booked', { booking: BOOKING, pending });
    }
    expect(shown.text).to.contain('It is not clear yet whether that worked.');
    expect(shown.button('Cancel call').getAttribute('aria-disabled')).to.equal('false');
  });

  it('which the first read does not say yet ⇒ the call is read once more, with its own ticket', async () => {
    await remade(undefined);
    const read = shown.worker.last('read');
    expect(read.body).to.include({ ticket: 'manage-1' });
    await read.lead('booked', { booking: BOOKING, pending: { step: 'cancel', retryAfterSeconds: 2 } });
    expect(shown.text).to.contain('One moment…');
  });

  it('none ⇒ how the call stands now, and no word', async () => {
    await remade(undefined);
    await shown.worker.last('read').lead('booked', { booking: moved });
    expect(shown.text).to.contain('9:30 – 10:00 AM').and.not.contain('One moment…');
    expect(shown.names).not.to.include('rescheduled');
  });

  it('numbers changes on, so that the next is no repetition of one before', async () => {
    await shown.toBooked();
    const ask = async () => {
      await shown.press('Cancel call');
      await shown.press('Yes, cancel it');
      const call = shown.worker.last('cancel');
      await call.problem('not_supported', 501);
      return call.body?.seq;
    };
    const first = await ask();
    shown.close();
    sessionStorage.clear();
    shown = await WidgetPage.open();
    await shown.toBooked();
    expect(await ask()).not.to.equal(first);
  });
});

describe('a change whose answer comes when its element is not the one any more', () => {
  const isCancelled = { booking: { ...BOOKING, isCancelled: true as const } };
  const moved = { ...BOOKING, startsAt: SLOTS[0] as string, endsAt: '2027-03-11T04:30Z', manage: 'manage-2' };

  async function cancel(): Promise<Call> {
    await shown.toBooked();
    await shown.press('Cancel call');
    await shown.press('Yes, cancel it');
    return shown.worker.last('cancel');
  }

  async function remade(): Promise<void> {
    shown.element.remove();
    await settled();
    shown.element = await shown.add();
    await shown.worker.last('event').event();
  }

  /** The page heard it, as the first of its kind. */
  function expectHeardOnce(name: 'cancelled' | 'rescheduled'): void {
    const ids = shown.heard.filter((each) => each.name === name).map(({ eventId }) => eventId);
    expect(ids).to.deep.equal([`${shown.element.attempt}.${name}`]);
  }

  it('over before the new one has read the call ⇒ the new one tells it', async () => {
    const change = await cancel();
    await remade();
    await change.lead('cancelled', isCancelled);
    expect(shown.names).not.to.include('cancelled');
    await shown.worker.last('read').lead('cancelled', isCancelled);
    expect(shown.text).to.contain('Your call is cancelled.');
    expectHeardOnce('cancelled');
  });

  it('a move ⇒ the new one waits with the visitor, shows it and tells it once', async () => {
    await shown.toMove();
    await shown.press('9:30 AM');
    await shown.press('Move to this time');
    const change = shown.worker.last('reschedule');
    await remade();
    await shown.worker.last('read').lead('booked', { booking: BOOKING });
    expect(shown.text).to.contain('One moment…');
    expect(shown.button('Cancel call').getAttribute('aria-disabled')).to.equal('true');
    await change.lead('booked', { booking: moved });
    expect(shown.text).to.contain('Your call was moved.').and.contain('9:30 – 10:00 AM').and.not.contain('One moment…');
    expect(shown.button('Cancel call').getAttribute('aria-disabled')).to.equal('false');
    expectHeardOnce('rescheduled');
    expect(shown.focused).to.equal(null);
  });

  it('refused ⇒ said by the new one, and tried again there', async () => {
    const change = await cancel();
    await remade();
    await shown.worker.last('read').lead('booked', { booking: BOOKING });
    await change.problem('not_supported', 501);
    expect(shown.text).to.contain('That did not work just now.');
    expect(shown.names.filter((name) => name === 'failed')).to.have.length(1);
    expect(shown.button('Cancel call').getAttribute('aria-disabled')).to.equal('false');
  });

  it('it became a popup and another goes on ⇒ only that one tells it', async () => {
    const change = await cancel();
    shown.element.setAttribute('mode', 'popup');
    await settled();
    shown.element = await shown.add();
    await shown.worker.last('event').event();
    const pending = { step: 'cancel' as const, retryAfterSeconds: 2 };
    await shown.worker.last('read').lead('booked', { booking: BOOKING, pending });
    await change.lead('cancelled', isCancelled);
    await shown.worker.advance(PENDING_POLL_MS * 3);
    expect(shown.text).to.contain('Your call is cancelled.');
    expectHeardOnce('cancelled');
  });

  it('it became a popup that nobody opens ⇒ it tells it; who goes on later does not', async () => {
    const change = await cancel();
    shown.element.setAttribute('mode', 'popup');
    await settled();
    shown.element = await shown.add();
    await shown.worker.last('event').event();
    const read = shown.worker.last('read');
    await change.lead('cancelled', isCancelled);
    const pending = { step: 'cancel' as const, retryAfterSeconds: 2 };
    await read.lead('booked', { booking: BOOKING, pending });
    await shown.worker.advance(PENDING_POLL_MS);
    await shown.worker.last('read').lead('cancelled', isCancelled);
    expect(shown.text).to.contain('Your call is cancelled.');
    expectHeardOnce('cancelled');
  });

  it('the very element is put back later ⇒ it tells it then', async () => {
    const change = await cancel();
    const { element } = shown;
    element.remove();
    await settled();
    await change.lead('cancelled', isCancelled);
    expect(shown.names).not.to.include('cancelled');
    shown.host.append(element);
    await settled();
    await settled();
    expect(shown.text).to.contain('Your call is cancelled.');
    expectHeardOnce('cancelled');
  });
});
