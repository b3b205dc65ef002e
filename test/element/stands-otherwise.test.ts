/** A booked call that was changed elsewhere or is over, and the words and ways that are left of it. */
import { AWAY_MS, JOIN_LOOK_MS } from '../../shared/limits.ts';
import type { Booking } from '../../shared/protocol.ts';
import * as zones from '../../widget/parts/zones.ts';
import { expect, expectAccessible } from './expect.ts';
import { page, settled, SLOTS } from './scripted-worker.ts';
import { BOOKING, WidgetPage } from './widget-page.ts';

let shown: WidgetPage;
beforeEach(async () => {
  sessionStorage.clear();
  shown = await WidgetPage.open();
});
afterEach(() => shown.close());

const MOVED: Booking = {
  ...BOOKING,
  startsAt: SLOTS[0] as string,
  endsAt: '2027-03-11T04:30Z',
  manage: 'manage-2',
};
const CANCELLED: Booking = { ...BOOKING, isCancelled: true };
const FILE = 'Calendar file (.ics)';

/** What the browser is given to save. */
async function saved(press: () => Promise<void>): Promise<number> {
  let count = 0;
  const { click } = HTMLAnchorElement.prototype;
  HTMLAnchorElement.prototype.click = () => {
    count += 1;
  };
  try {
    await press();
  } finally {
    HTMLAnchorElement.prototype.click = click;
  }
  return count;
}

describe('the calendar file', () => {
  it('of a call that stands ⇒ is saved', async () => {
    await shown.toBooked();
    const files = await saved(async () => {
      await shown.press(FILE);
      await shown.worker.last('calendar').lead('booked', { booking: BOOKING, calendar: { text: 'BEGIN:VCALENDAR' } });
    });
    expect(files).to.equal(1);
  });

  it('of one that was moved elsewhere ⇒ how it stands now, with the ticket that is good', async () => {
    await shown.toBooked();
    await shown.press(FILE);
    const { manage: _, ...booking } = MOVED;
    const lead = { v: 1, attempt: 'a', stage: 'booked', booking };
    await shown.worker.last('calendar').problem('booking_changed', 409, { lead });
    await shown.worker.last('read').lead('booked', { booking: MOVED });
    expect(shown.text).to.contain('This call was changed meanwhile.').and.contain('9:30 – 10:00 AM');
    expect(shown.focused?.className).to.contain('manage-said');
    await shown.press(FILE);
    expect(shown.worker.last('calendar').body).to.include({ ticket: 'manage-2' });
  });

  it('of one that was cancelled elsewhere ⇒ no file, and the page says so', async () => {
    await shown.toBooked();
    const files = await saved(async () => {
      await shown.press(FILE);
      await shown.worker
        .last('calendar')
        .lead('cancelled', { booking: CANCELLED, calendar: { text: 'METHOD:CANCEL' } });
    });
    expect(files).to.equal(0);
    expect(shown.text).to.contain('Your call is cancelled.').and.not.contain('Cancel call');
  });
});

it('Outlook’s link ⇒ blanks as it understands them', async () => {
  await shown.toBooked();
  const outlook = [...shown.root.querySelectorAll('a')].find(({ textContent }) => textContent === 'Outlook');
  expect(outlook?.href).to.contain('subject=Discovery%20Call').and.not.contain('+');
});

it('cancelled, and had been booked at another time than was asked for ⇒ no word of when it is', async () => {
  await shown.toBooked({ askedStartsAt: SLOTS[0] as string });
  expect(shown.text).to.contain('Your call is on');
  await shown.press('Cancel call');
  await shown.press('Yes, cancel it');
  await shown.worker.last('cancel').lead('cancelled', { booking: { ...CANCELLED, askedStartsAt: SLOTS[0] as string } });
  expect(shown.text).to.contain('Your call is cancelled.').and.not.contain('Your call is on');
});

it('cancelled elsewhere while the question is open ⇒ it is said where the visitor is', async () => {
  await shown.toBooked();
  await shown.worker.advance(JOIN_LOOK_MS);
  await shown.press('Cancel call');
  await shown.worker.last('read').lead('cancelled', { booking: CANCELLED });
  expect(shown.text).to.contain('Your call is cancelled.').and.contain('This call was changed meanwhile.');
  expect(shown.focused?.className).to.contain('manage-said');
  await expectAccessible(shown.element);
});

it('the link comes while the question is open ⇒ nothing moves under a finger; it is looked for again', async () => {
  await shown.toBooked();
  await shown.worker.advance(JOIN_LOOK_MS);
  await shown.press('Cancel call');
  const booking = { ...BOOKING, joinLink: 'https://meet.example.com/x' };
  await shown.worker.last('read').lead('booked', { booking });
  expect(shown.text).to.contain('Cancel this call?').and.not.contain('Join the call');
  await shown.press('Keep it');
  await shown.worker.advance(JOIN_LOOK_MS);
  await shown.worker.last('read').lead('booked', { booking });
  expect(shown.text).to.contain('Join the call');
});

it('with the host of the event ⇒ named once', async () => {
  await shown.toBooked({ host: 'Acme Growth' });
  const { textContent } = shown.root.querySelector('[part=details]') as HTMLElement;
  expect(textContent?.match(/Acme Growth/g)).to.have.length(1);
});

it('over ⇒ when it was, and no way that leads nowhere', async () => {
  await shown.toBooked({
    startsAt: '2027-03-09T07:00Z',
    endsAt: '2027-03-09T07:30Z',
    joinLink: 'https://meet.example.com/x',
  });
  expect(shown.text).to.contain('Your call was on Tue, Mar 9, 12:30 PM.');
  expect(shown.text).to.not.match(/Join|Google|booked/);
});

it('a look that must wait ⇒ nobody is told, since nobody waits', async () => {
  await shown.toBooked();
  await shown.worker.advance(JOIN_LOOK_MS);
  await shown.worker.last('read').problem('throttled', 429, { retryAfterSeconds: 12 });
  expect(shown.text).to.not.contain('One moment');
  expect(shown.spoken).to.not.contain('One moment');
});

for (const code of ['ticket_expired', 'attempt_unknown', 'event_unavailable'] as const) {
  it(`a change that meets ${code} ⇒ cannot be made here, which no other try would change`, async () => {
    await shown.toBooked();
    await shown.press('Cancel call');
    await shown.press('Yes, cancel it');
    await shown.worker.last('cancel').problem(code, 401);
    expect(shown.text).to.contain('This call cannot be changed here any more.');
  });
}

it('the link to the call comes also where the visitor was long at the times of a move', async () => {
  await shown.toMove();
  await shown.worker.advance(JOIN_LOOK_MS * 20);
  await shown.press('Back');
  await shown.worker.advance(JOIN_LOOK_MS);
  await shown.worker.last('read').lead('booked', { booking: { ...BOOKING, joinLink: 'https://meet.example.com/x' } });
  expect(shown.text).to.contain('Join the call');
});

it('cancelled in iClosed, found by the look for the link ⇒ said, and the focus that goes with its button is not lost', async () => {
  await shown.toBooked();
  shown.button('Change time').focus();
  await shown.worker.advance(JOIN_LOOK_MS);
  await shown.worker.last('read').lead('cancelled', { booking: CANCELLED });
  expect(shown.root.querySelector('[role=alert]')?.textContent).to.contain('changed meanwhile');
  expect(shown.root.activeElement?.textContent).to.contain('changed meanwhile');
});

describe('the times of a move', () => {
  /** Every try of the month that is on its way fails. */
  async function loseMonth(): Promise<void> {
    await shown.worker.lose('slots');
    await settled();
  }

  it('the next month does not come ⇒ said; the month before and what was picked are there still', async () => {
    await shown.toMove();
    await shown.press('10:00 AM');
    await shown.press('Next month');
    await loseMonth();
    expect(shown.text).to.contain('did not work').and.contain('March 2027').and.contain('Pick another time');
    expect(shown.button('10:00 AM').getAttribute('aria-pressed')).to.equal('true');
    await shown.press('Next month');
    await shown.worker
      .last('slots')
      .lead('booked', { booking: BOOKING, slots: page('2027-04', ['2027-04-02T09:00Z']) });
    expect(shown.text).to.contain('April 2027').and.not.contain('did not work');
  });

  it('a month that was turned past does not come ⇒ nothing is said, since nobody waits for it', async () => {
    await shown.toMove();
    await shown.press('Next month');
    const april = shown.worker.last('slots');
    await shown.press('Next month');
    const may = shown.worker.last('slots');
    await april.problem('not_supported', 501);
    expect(shown.text).to.contain('May 2027').and.not.contain('did not work');
    await may.lead('booked', { booking: BOOKING, slots: page('2027-05', ['2027-05-03T09:00Z']) });
    expect(shown.text).to.contain('May 3');
  });

  for (const [what, end] of [
    [
      'is done',
      async () => {
        await shown.worker.last('reschedule').lead('booked', { booking: { ...MOVED, manage: 'manage-2' } });
        expect(shown.text).to.contain('Your call was moved.');
      },
    ],
    [
      'is refused',
      async () => {
        await shown.worker.last('reschedule').problem('slot_taken', 409);
        expect(shown.text).to.contain('9:30 AM was just taken.');
        expect(shown.worker.last('slots').body).to.include({ month: '2027-04' });
      },
    ],
  ] as const) {
    it(`a month does not come while the move is under way, which ${what} ⇒ only that is said`, async () => {
      await shown.toMove();
      await shown.press('9:30 AM');
      await shown.press('Next month');
      const april = shown.worker.last('slots');
      await shown.press('Move to this time');
      await april.problem('not_supported', 501);
      expect(shown.text).to.not.contain('did not work');
      await end();
    });
  }

  it('come when the element has begun anew ⇒ are not spoken of there', async () => {
    await shown.toBooked();
    await shown.press('Change time');
    const slots = shown.worker.last('slots');
    shown.element.restart();
    await settled();
    await shown.worker.last('event').event();
    const { spoken } = shown;
    await slots.lead('booked', { booking: BOOKING, slots: page('2027-03', SLOTS) });
    expect(shown.spoken).to.equal(spoken);
  });

  it('none is free ⇒ the heading of that has the focus', async () => {
    await shown.toBooked();
    shown.button('Change time').focus();
    await shown.press('Change time');
    const slots = page('2027-03', [], { until: '2027-03-20T00:00Z' });
    await shown.worker.last('slots').lead('booked', { booking: BOOKING, slots });
    expect(shown.root.activeElement?.textContent).to.contain('No other time is free right now.');
  });

  it('are a few minutes old ⇒ marked as such', async () => {
    await shown.toBooked();
    await shown.press('Change time');
    await shown.worker
      .last('slots')
      .lead('booked', { booking: BOOKING, slots: page('2027-03', SLOTS, { stale: true }) });
    expect(shown.text).to.contain('These times are a few minutes old.');
  });

  it('after a long time away ⇒ read anew', async () => {
    await shown.toMove();
    await shown.leave(AWAY_MS + 1);
    await shown.worker.last('slots').lead('booked', { booking: BOOKING, slots: page('2027-03', SLOTS.slice(1)) });
    expect(shown.text).to.contain('10:00 AM').and.not.contain('9:30 AM');
  });

  it('one that was just taken is not offered again, also where nobody says what else is free', async () => {
    await shown.toMove();
    await shown.press('9:30 AM');
    await shown.press('Move to this time');
    await shown.worker.last('reschedule').problem('slot_taken', 409);
    expect(shown.text).to.contain('9:30 AM was just taken.');
    expect(() => shown.button('9:30 AM')).to.throw();
    expect(shown.button('10:00 AM').disabled).to.equal(false);
  });

  it('the last of the month is taken ⇒ the next free day is looked for', async () => {
    await shown.toMove([SLOTS[0] as string]);
    await shown.press('9:30 AM');
    await shown.press('Move to this time');
    const slots = { ...page('2027-03', []), nextMonth: '2027-04' };
    await shown.worker.last('reschedule').problem('slot_taken', 409, { slots });
    expect(shown.text).to.contain('9:30 AM was just taken.');
    const april = page('2027-04', ['2027-04-07T04:30Z']);
    expect(shown.worker.last('slots').body).to.include({ month: '2027-04' });
    await shown.worker.last('slots').lead('booked', { booking: BOOKING, slots: april });
    expect(shown.text).to.contain('Next free day: Wed, Apr 7');
  });

  it('the list of zones was left open ⇒ is not there when they are opened again', async () => {
    shown.worker.atHand.zones = zones;
    await shown.toMove();
    await shown.press('Change: Time zone');
    expect(shown.root.querySelector('[role=combobox]')).to.not.equal(null);
    await shown.press('Back');
    await shown.press('Change time');
    expect(shown.root.querySelector('[role=combobox]')).to.equal(null);
    expect(shown.focused?.textContent).to.equal('Pick another time');
  });

  it('in a zone that was chosen for them ⇒ still in that one when they are opened again', async () => {
    await shown.toMove();
    await shown.chooseZone('Berlin');
    await shown.press('Back');
    await shown.press('Change time');
    expect(shown.text).to.contain('Central European');
  });
});
