/** What goes wrong on the way, and how the visitor gets on: taken, refused, expired, pending, disqualified, away, reloaded. */
import { BONES_AFTER_MS, CONFIRMING_AT_MOST_MS, PENDING_POLL_MS, SLOW_POLL_MS } from '../../shared/limits.ts';
import * as hints from '../../widget/parts/hints.ts';
import { expect, expectAccessible } from './expect.ts';
import { page, SLOTS } from './scripted-worker.ts';
import { WidgetPage } from './widget-page.ts';

let shown: WidgetPage;
beforeEach(async () => {
  sessionStorage.clear();
  shown = await WidgetPage.open();
});
afterEach(() => shown.close());

const PENDING = { step: 'book' as const, retryAfterSeconds: 2 };
const BOOKING = { startsAt: '2027-03-11T04:30Z', timeZone: 'Asia/Kolkata' };

describe('the time is gone', () => {
  it('taken: answers kept, the nearest three as buttons, a fresh grid, one press to go on', async () => {
    await shown.toBooking();
    const slots = page('2027-03', ['2027-03-11T04:00Z', '2027-03-12T09:00Z']);
    await shown.worker
      .last('book')
      .problem('slot_taken', 409, { slots, nearest: ['2027-03-11T04:00Z', '2027-03-12T09:00Z'] });
    expect(shown.text).to.contain('10:00 AM was just taken. Your answers are safe.');
    expect(shown.focused?.textContent).to.contain('just taken');
    expect(shown.root.querySelectorAll('[part=time][aria-pressed=true]')).to.have.length(0);
    await expectAccessible(shown.element);
    await shown.press('Thu, Mar 11, 9:30 AM');
    await shown.press('Book this time');
    expect(shown.worker.last('book').body).to.include({ startsAt: '2027-03-11T04:00Z', seq: 2 });
    expect(shown.worker.steps()).to.deep.equal(['event', 'contact', 'answers', 'book', 'book']);
  });

  it('found out by reading a pending booking: back to the times', async () => {
    await shown.toBooking();
    await shown.worker.last('book').lead('booking', { pending: { step: 'book', retryAfterSeconds: 2 } }, 202);
    await shown.worker.advance(PENDING_POLL_MS);
    await shown.worker.last('read').lead('times');
    expect(shown.worker.steps().filter((step) => step === 'book')).to.have.length(2);
    await shown.worker.last('book').problem('slot_taken', 409, { nearest: SLOTS.slice(0, 1) });
    expect(shown.text).to.contain('10:00 AM was just taken.');
  });
});

/** The booking is sent as often as the widget does by itself. */
async function inVain(answer: (call: ReturnType<typeof shown.worker.last>) => Promise<void>): Promise<void> {
  for (const pauseMs of [1_000, 2_000, 4_000]) {
    await answer(shown.worker.last('book'));
    await shown.worker.advance(pauseMs);
  }
  await answer(shown.worker.last('book'));
}

describe('an unclear booking', () => {
  it('is confirmed by reading until it is booked', async () => {
    await shown.toBooking();
    await shown.worker.last('book').lead('booking', { pending: { step: 'book', retryAfterSeconds: 2 } }, 202);
    expect(shown.text).to.contain('Usually under a minute; you may keep this page open.');
    await expectAccessible(shown.element);
    await shown.worker.advance(PENDING_POLL_MS);
    await shown.worker.last('read').lead('booking', { pending: { step: 'book', retryAfterSeconds: 2 } }, 202);
    await shown.worker.advance(PENDING_POLL_MS);
    const booking = { startsAt: '2027-03-11T05:30Z', askedStartsAt: '2027-03-11T04:30Z', timeZone: 'Asia/Kolkata' };
    await shown.worker.last('read').lead('booked', { booking });
    expect(shown.text).to.contain('Your call is on Thu, Mar 11, 11:00 AM, not on Thu, Mar 11, 10:00 AM.');
    expect(shown.names.filter((name) => name === 'pending' || name === 'booked')).to.deep.equal(['pending', 'booked']);
  });

  it('never came to the Worker: sent again with the same number, and nobody is told that the time was taken', async () => {
    await shown.toBooking();
    await inVain((call) => call.fail());
    expect(shown.text).to.contain('We are confirming your time.');
    await shown.worker.advance(PENDING_POLL_MS);
    await shown.worker.last('read').lead('times');
    expect(shown.worker.last('book').body).to.include({ startsAt: '2027-03-11T04:30Z', seq: 1 });
    await shown.worker.last('book').lead('booked', { booking: BOOKING });
    expect(shown.text).to.contain('You’re booked, Jane.');
    expect(shown.names).to.not.include('failed');
  });

  it('is not called failed where something in between has answered: what became of it is read', async () => {
    await shown.toBooking();
    await inVain((call) => call.answer('<html>', 503));
    expect(shown.text).to.contain('We are confirming your time.');
    expect(shown.isLinkShown()).to.equal(false);
    await shown.worker.advance(PENDING_POLL_MS);
    await shown.worker.last('read').lead('booked', { booking: BOOKING });
    expect(shown.text).to.contain('You’re booked, Jane.');
    expect(shown.names).to.not.include('failed');
  });

  it('whose ticket is refused while the network is away ⇒ stays on its way, and is read again', async () => {
    await shown.toBooking();
    await shown.worker.last('book').lead('booking', { pending: PENDING, booking: BOOKING }, 202);
    await shown.worker.advance(PENDING_POLL_MS);
    await shown.worker.last('read').problem('ticket_invalid', 403);
    await shown.worker.advance(PENDING_POLL_MS);
    await shown.worker.lose('event');
    expect(shown.text).to.contain('We are confirming your time.').and.not.contain('did not work');
    expect(shown.isLinkShown()).to.equal(false);
    expect(shown.names).to.not.include('failed');
    await shown.worker.last('event').event();
    await shown.worker.advance(SLOW_POLL_MS);
    await shown.worker.last('read').lead('booked', { booking: BOOKING });
    expect(shown.text).to.contain('You’re booked');
  });

  it('over a reload, then taken ⇒ says so at the times', async () => {
    await shown.toBooking();
    await shown.worker.last('book').lead('booking', { pending: PENDING, booking: BOOKING }, 202);
    shown = await shown.reload();
    await shown.worker.last('event').event();
    const known = { answers: { '1001': ['11-50'] }, contact: { email: 'j•••@acme.com' } };
    await shown.worker.last('read').lead('booking', { pending: PENDING, booking: BOOKING, ...known }, 202);
    await shown.worker.advance(PENDING_POLL_MS);
    await shown.worker.last('read').lead('times', known);
    await shown.worker.last('slots').lead('times', { slots: page('2027-03', SLOTS.slice(0, 1)) });
    expect(shown.text).to.contain('10:00 AM was just taken.').and.contain('9:30 AM');
    expect(() => shown.button('Try again')).to.throw();
  });

  it('was still tried later, as was said, and is taken ⇒ said at the times', async () => {
    await shown.toBooking();
    const pending = { step: 'book' as const, retryAfterSeconds: 10 };
    await shown.worker.last('book').lead('safe', { outcome: 'will_book', pending, booking: BOOKING }, 202);
    expect(shown.text).to.contain('We are still trying to book');
    await shown.worker.advance(SLOW_POLL_MS);
    await shown.worker.last('read').lead('times', { answers: { '1001': ['11-50'] } });
    expect(shown.text).to.contain('10:00 AM was just taken.');
  });

  it('after ninety seconds says what will happen, and offers no second booking', async () => {
    await shown.toBooking();
    const pending = { step: 'book' as const, retryAfterSeconds: 2 };
    await shown.worker.last('book').lead('booking', { pending }, 202);
    for (let waited = 0; waited < CONFIRMING_AT_MOST_MS; waited += PENDING_POLL_MS) {
      await shown.worker.advance(PENDING_POLL_MS);
      if (shown.worker.calls.at(-1)?.step === 'read') await shown.worker.last('read').lead('booking', { pending }, 202);
    }
    expect(shown.text).to.contain('We have your request for Thu, Mar 11, 10:00 AM.');
    expect(shown.isLinkShown()).to.equal(false);
    expect(() => shown.button('Book this time')).to.throw();
  });

  it('after ninety seconds still ends in the truth, and the visitor hears it', async () => {
    await shown.toBooking();
    await shown.worker.last('book').lead('booking', { pending: PENDING }, 202);
    await shown.worker.advance(CONFIRMING_AT_MOST_MS);
    await shown.worker.last('read').lead('booking', { pending: PENDING }, 202);
    expect(shown.focused?.textContent).to.equal('We have your request for Thu, Mar 11, 10:00 AM.');
    await expectAccessible(shown.element);
    await shown.worker.advance(SLOW_POLL_MS);
    await shown.worker.last('read').lead('booked', { booking: BOOKING });
    expect(shown.focused?.textContent).to.equal('You’re booked, Jane.');
    expect(shown.names.filter((name) => name === 'booked')).to.have.length(1);
    expect(shown.worker.steps().filter((step) => step === 'book')).to.have.length(1);
  });

  it('safe, and the time is still tried: says so, offers no second way, ends in the truth', async () => {
    await shown.toBooking();
    await shown.worker.last('book').lead('safe', { outcome: 'will_book', pending: PENDING }, 202);
    expect(shown.text).to.contain('Your details are safe.');
    expect(shown.text).to.contain('We are still trying to book Thu, Mar 11, 10:00 AM for you and will write to you.');
    expect(shown.focused?.textContent).to.equal('Your details are safe.');
    expect(shown.isLinkShown()).to.equal(false);
    await expectAccessible(shown.element);
    await shown.worker.advance(SLOW_POLL_MS);
    await shown.worker.last('read').lead('booked', { booking: BOOKING });
    expect(shown.text).to.contain('You’re booked, Jane.');
  });

  it('never found out: says so to the end, asks no more, and nothing leads to a second call', async () => {
    await shown.toBooking();
    await shown.worker.last('book').lead('booking', { pending: PENDING }, 202);
    await shown.worker.advance(PENDING_POLL_MS);
    const { startsAt, timeZone } = BOOKING;
    await shown.worker.last('read').lead('safe', { outcome: 'unclear', booking: { startsAt, timeZone } });
    expect(shown.text)
      .to.contain('We have your request for Thu, Mar 11, 10:00 AM.')
      .and.contain('No need to book again.');
    expect(shown.text).to.not.contain('Which days and times suit you?');
    expect(shown.isLinkShown()).to.equal(false);
    const asked = shown.worker.calls.length;
    await shown.worker.advance(10 * SLOW_POLL_MS);
    expect(shown.worker.calls).to.have.length(asked);
  });

  it('safe, and people will write: says so, the link is there', async () => {
    await shown.toBooking();
    await shown.worker.last('book').lead('safe', { outcome: 'will_contact' }, 202);
    expect(shown.text).to.contain('We will contact you to set the time.').and.not.contain('still trying');
    expect(shown.isLinkShown()).to.equal(true);
  });

  it('the network goes while the booking is sent: back again, the same request, one booking', async () => {
    await shown.toBooking();
    const { body } = shown.worker.last('book');
    shown.worker.isOnline = false;
    await shown.worker.last('book').fail();
    expect(shown.text).to.contain('You are offline. Nothing is lost.');
    expect(shown.spoken).to.equal('You are offline. Nothing is lost.');
    await shown.worker.comeOnline();
    expect(shown.worker.last('book').body).to.deep.equal(body);
    await shown.worker.last('book').lead('booked', { booking: BOOKING }, 201);
    expect(shown.names.filter((name) => name === 'submitted' || name === 'booked')).to.deep.equal([
      'submitted',
      'booked',
    ]);
  });

  it('a booking whose answer never came is read, never called failed', async () => {
    await shown.toBooking();
    await shown.worker.lose('book');
    expect(shown.text).to.contain('We are confirming your time.');
    expect(
      new Set(shown.worker.calls.filter(({ step }) => step === 'book').map(({ body }) => JSON.stringify(body))).size,
    ).to.equal(1);
    expect(shown.worker.last('read').body).to.include({ step: 'read' });
  });
});

describe('disqualified', () => {
  it('shows the owner’s words, lets the answers be changed once, and times never', async () => {
    await shown.worker.last('event').event();
    await shown.fill();
    await shown.press('See available times');
    await shown.worker.last('contact').lead('answers');
    await shown.worker
      .last('answers')
      .lead('disqualified', { disqualified: { message: 'We work with larger teams.', mayCorrect: true } });
    expect(shown.text).to.contain('We work with larger teams.');
    expect(sessionStorage.length).to.equal(0);
    expect(shown.names).to.include('disqualified').and.not.include('qualified');
    await expectAccessible(shown.element);
    await shown.press('Change my answers');
    await shown.choose('1-10');
    await shown.press('See available times');
    expect(shown.worker.last('answers').body).to.deep.include({ seq: 2, answers: { '1001': ['1-10'] } });
    await shown.worker.last('answers').lead('disqualified', { disqualified: { mayCorrect: false } });
    expect(() => shown.button('Change my answers')).to.throw();
  });

  it('asks the page before it leaves, and only for safe addresses', async () => {
    const asked: string[] = [];
    shown.element.addEventListener('iclosed:before-redirect', (event) => {
      asked.push(event.detail.url ?? '');
      event.preventDefault();
    });
    await shown.worker.last('event').event();
    await shown.fill();
    await shown.press('See available times');
    await shown.worker.last('contact').lead('answers');
    const disqualified = { redirect: 'https://acme.com/guide', delaySeconds: 3600, mayCorrect: false };
    await shown.worker.last('answers').lead('disqualified', { disqualified });
    await shown.press('Continue');
    expect(asked).to.deep.equal(['https://acme.com/guide']);
  });

  for (const [delaySeconds, names, what] of [
    [undefined, [], 'without a delay it stays until somebody presses'],
    [0, ['before-redirect'], 'a delay of nothing leaves at once'],
    [3, ['before-redirect'], 'a delay leaves after it'],
  ] as const) {
    it(what, async () => {
      const stay = (event: Event) => event.preventDefault();
      shown.element.addEventListener('iclosed:before-redirect', stay);
      await shown.worker.last('event').event();
      await shown.fill();
      await shown.press('See available times');
      await shown.worker.last('contact').lead('answers');
      const disqualified = { redirect: 'https://acme.com/guide', delaySeconds, mayCorrect: false };
      await shown.worker.last('answers').lead('disqualified', { disqualified });
      await shown.worker.advance(60_000);
      expect(shown.names.filter((name) => name === 'before-redirect')).to.deep.equal(names);
      expect(shown.button('Continue')).to.not.equal(undefined);
    });
  }

  it('javascript: as a redirect is not offered', async () => {
    await shown.worker.last('event').event();
    await shown.fill();
    await shown.press('See available times');
    await shown.worker.last('contact').lead('answers');
    await shown.worker
      .last('answers')
      .lead('disqualified', { disqualified: { redirect: 'javascript:alert(1)', mayCorrect: false } });
    expect(() => shown.button('Continue')).to.throw();
  });

  it('another event can be taken, with what was typed', async () => {
    await shown.worker.last('event').event();
    await shown.fill();
    await shown.press('See available times');
    await shown.worker.last('contact').lead('answers');
    await shown.worker
      .last('answers')
      .lead('disqualified', { disqualified: { offerEvent: 'acme/webinar', mayCorrect: false } });
    await shown.press('See another call');
    expect(shown.worker.last('event').url.searchParams.get('event')).to.equal('acme/webinar');
    await shown.worker.last('event').event({ id: 'acme/webinar' });
    expect(shown.field('Email').value).to.equal('jane@acme.com');
  });
});

describe('values that the Worker refuses', () => {
  it('the address, at its field; a correction goes to the same attempt', async () => {
    delete shown.worker.atHand.hints;
    await shown.worker.last('event').event();
    await shown.fill();
    await shown.press('See available times');
    await shown.worker.last('contact').lead('answers');
    await shown.worker.last('answers').problem('contact_refused', 422, { fields: { email: 'refused' } });
    expect(shown.text).to.contain('This was not accepted. Please check or use another.');
    await shown.worker.lastPart().arrive(hints);
    expect(shown.text).to.contain('This address was not accepted. Please check or use another.');
    expect(shown.focused).to.equal(shown.field('Email'));
    const { attempt } = shown.worker.calls[1]?.body ?? {};
    await shown.type('Email', 'jane@acme.org');
    await shown.press('See available times');
    expect(shown.worker.last('contact').body).to.include({ attempt, seq: 2 });
  });

  it('an answer, at its question', async () => {
    await shown.worker.last('event').event();
    await shown.fill();
    await shown.press('See available times');
    await shown.worker.last('contact').lead('answers');
    await shown.worker.last('answers').problem('answers_incomplete', 422, { fields: { '1001': 'required' } });
    expect(shown.text).to.contain('Please choose one.');
    expect(shown.field('Email').value).to.equal('jane@acme.com');
  });
});

describe('ticket and attempt', () => {
  it('an expired ticket is renewed without a word, and the step repeated with the same attempt', async () => {
    await shown.toBooking();
    const first = shown.worker.last('book').body;
    await shown.worker.last('book').problem('ticket_expired', 401);
    await shown.worker.last('event').event({}, { ticket: 'ticket-9' });
    expect(shown.worker.last('book').body).to.deep.equal({ ...first, ticket: 'ticket-9' });
  });

  it('a forgotten attempt is told again from memory, up to where it was', async () => {
    await shown.toBooking();
    await shown.worker.last('book').problem('attempt_unknown', 409);
    await shown.worker.last('contact').lead('answers');
    await shown.worker.last('answers').lead('times', { slots: page('2027-03', SLOTS) });
    expect(shown.worker.last('book').body).to.include({ startsAt: '2027-03-11T04:30Z' });
  });

  it('a conflict waits, reads and goes on', async () => {
    await shown.toBooking();
    await shown.worker.last('book').problem('attempt_conflict', 409);
    await shown.worker.advance(1_500);
    await shown.worker.last('read').lead('times');
    expect(shown.worker.last('book').body).to.include({ seq: 1 });
  });
});

describe('waiting', () => {
  it('throttled: a countdown, then by itself with the same request', async () => {
    await shown.toBooking();
    const { body } = shown.worker.last('book');
    await shown.worker.last('book').problem('throttled', 429, { retryAfterSeconds: 12 });
    expect(shown.text).to.contain('One moment… 12');
    expect(shown.spoken).to.equal('One moment… 12');
    await expectAccessible(shown.element);
    await shown.worker.advance(12_000);
    expect(shown.text).not.to.contain('One moment');
    expect(shown.worker.last('book').body).to.deep.equal(body);
  });

  it('old times are marked, and the visitor hears it', async () => {
    await shown.worker.last('event').event();
    await shown.fill();
    await shown.press('See available times');
    await shown.worker.last('contact').lead('answers');
    await shown.worker.last('answers').lead('times', { slots: page('2027-03', SLOTS, { stale: true }) });
    expect(shown.text).to.contain('These times are a few minutes old.');
    expect(shown.spoken).to.contain('These times are a few minutes old.');
    await expectAccessible(shown.element);
  });

  it('busy: the place is kept', async () => {
    await shown.toBooking();
    await shown.worker.last('book').problem('busy', 503, { retryAfterSeconds: 20 });
    expect(shown.text).to.contain('Busy right now. About 20 seconds; your place is kept.');
    await shown.worker.advance(20_000);
    expect(shown.worker.last('book').body).to.include({ seq: 1 });
  });

  it('offline: nothing is lost, and it goes on by itself', async () => {
    await shown.worker.last('event').event();
    await shown.fill();
    shown.worker.isOnline = false;
    await shown.press('See available times');
    expect(shown.text).to.contain('You are offline. Nothing is lost.');
    expect(shown.worker.steps()).to.deep.equal(['event']);
    await shown.worker.comeOnline();
    expect(shown.worker.last('contact').body).to.include({ step: 'contact' });
    expect(shown.text).not.to.contain('You are offline');
  });

  it('answers that take long are read until the times are there', async () => {
    await shown.worker.last('event').event();
    await shown.fill();
    await shown.press('See available times');
    await shown.worker.last('contact').lead('answers');
    await shown.worker.last('answers').lead('answers', { pending: { step: 'answers', retryAfterSeconds: 2 } }, 202);
    expect(shown.text).to.contain('Looking for free times…');
    await shown.worker.advance(PENDING_POLL_MS);
    await shown.worker.last('read').lead('times');
    await shown.worker.last('slots').lead('times', { slots: page('2027-03', SLOTS) });
    expect(shown.text).to.contain('Thursday, March 11');
  });

  it('iClosed away: the details are safe; if it comes back, the times are shown', async () => {
    await shown.worker.last('event').event();
    await shown.fill();
    await shown.press('See available times');
    await shown.worker.last('contact').lead('answers');
    const pending = { step: 'answers' as const, retryAfterSeconds: 2 };
    await shown.worker.last('answers').lead('safe', { outcome: 'will_contact', pending }, 202);
    expect(shown.text).to.contain('Your details are safe.').and.contain('We will contact you to set the time.');
    await expectAccessible(shown.element);
    await shown.worker.advance(10_000);
    await shown.worker.last('read').lead('times', { slots: page('2027-03', SLOTS) });
    expect(shown.text).to.contain('Pick a time');
  });

  it('no answer at all: a sentence, the link, and one press to try again with everything kept', async () => {
    await shown.worker.last('event').event();
    await shown.fill();
    await shown.press('See available times');
    await shown.worker.lose('contact');
    expect(shown.text).to.contain('Nothing is lost. Please try again in a moment.');
    expect(shown.isLinkShown()).to.equal(true);
    await expectAccessible(shown.element);
    await shown.press('Try again');
    expect(shown.worker.last('contact').body).to.include({ seq: 1 });
  });
});

describe('months', () => {
  it('an empty first month is passed over to the first free day', async () => {
    await shown.worker.last('event').event();
    await shown.fill();
    await shown.press('See available times');
    await shown.worker.last('contact').lead('answers');
    await shown.worker.last('answers').lead('times', { slots: page('2027-03', [], { nextMonth: '2027-04' }) });
    await shown.worker.last('slots').lead('times', { slots: page('2027-04', ['2027-04-06T04:30Z']) });
    expect(shown.text).to.contain('April 2027').and.contain('Tuesday, April 6');
  });

  it('an empty month that the visitor turned to offers the next free day', async () => {
    await shown.toTimes();
    await shown.press('Next month');
    await shown.worker.last('slots').lead('times', { slots: page('2027-04', [], { nextMonth: '2027-05' }) });
    await shown.worker.last('slots').lead('times', { slots: page('2027-05', ['2027-05-04T04:30Z']) });
    expect(shown.text).to.contain('No free times in April 2027.');
    await expectAccessible(shown.element);
    await shown.press('Next free day: Tue, May 4');
    expect(shown.text).to.contain('May 2027').and.contain('Tuesday, May 4');
  });

  it('a page turned twice shows only the month it stopped at', async () => {
    await shown.toTimes();
    await shown.press('Next month');
    const april = shown.worker.last('slots');
    await shown.press('Next month');
    expect(april.isAborted).to.equal(true);
    await shown.worker.last('slots').lead('times', { slots: page('2027-05', ['2027-05-04T04:30Z']) });
    expect(shown.text).to.contain('May 2027').and.contain('Tuesday, May 4');
  });

  it('no times at all: a sentence, a wish and the link, never an empty grid', async () => {
    await shown.toTimes([]);
    expect(shown.text).to.contain('All calls are booked right now.').and.contain('Which days and times suit you?');
    expect(shown.root.querySelector('table')).to.equal(null);
    expect(shown.isLinkShown()).to.equal(true);
    await expectAccessible(shown.element);
    // Other answers may lead to people who are free.
    await shown.press('Back');
    expect(shown.text).to.contain('How big is your company?');
  });

  it('what would suit is sent once, said to be there, and tried again where it failed', async () => {
    await shown.toTimes([]);
    expect(shown.field('Which days').ariaInvalid).to.equal(null);
    await shown.press('Send');
    expect(shown.field('Which days').ariaInvalid).to.equal('true');
    expect(shown.worker.steps()).not.to.include('wish');
    expect(shown.root.querySelector('#wish-fault')?.textContent).to.equal('Please fill this in.');
    expect(shown.focused).to.equal(shown.field('Which days'));
    await shown.type('Which days', ' Mondays before ten ');
    await shown.press('Send');
    expect(shown.worker.last('wish').body).to.include({ text: 'Mondays before ten', ticket: 'ticket-2', seq: 1 });
    await shown.press('One moment…');
    await shown.worker.last('wish').problem('not_supported', 501);
    expect(shown.text).to.contain('That did not work just now. Please try again in a moment.');
    expect(shown.focused).to.equal(shown.field('Which days'));
    await expectAccessible(shown.element);
    await shown.press('Send');
    expect(shown.worker.last('wish').body).to.include({ seq: 2 });
    await shown.worker.last('wish').lead('times', { slots: page('2027-03', []) });
    expect(shown.text).to.contain('Thank you, we have it.').and.not.contain('Which days');
    expect(shown.focused?.textContent).to.equal('Thank you, we have it.');
    expect(shown.worker.steps().filter((step) => step === 'wish')).to.have.length(2);
  });
});

describe('a reload in the middle', () => {
  it('at the times: reads with the stored attempt and newest ticket, goes on, repeats no event', async () => {
    await shown.toTimes();
    const { attempt } = shown.worker.calls[1]?.body ?? {};
    shown = await shown.reload();
    await shown.worker.last('event').event({}, { ticket: 'unused' });
    expect(shown.worker.last('read').body).to.include({ attempt, ticket: 'ticket-2' });
    const contact = { first_name: 'J•••', email: 'j•••@acme.com' };
    await shown.worker
      .last('read')
      .lead('times', { contact, answers: { '1001': ['11-50'] }, slots: page('2027-03', SLOTS) });
    expect(shown.text).to.contain('Pick a time');
    expect(shown.focused).to.equal(null);
    expect(shown.names).not.to.include('contact').and.not.include('answered').and.not.include('qualified');
    await shown.press('Back');
    expect(shown.text).to.contain('j•••@acme.com');
    expect(shown.field('11-50').checked).to.equal(true);
    await shown.press('See available times');
    expect(shown.worker.last('read').body).to.include({ attempt });
    await shown.press('10:00 AM');
    await shown.press('Book this time');
    expect(shown.worker.last('book').body).to.include({ attempt });
  });

  it('before the answers: the contact masked, the counters go on', async () => {
    await shown.worker.last('event').event();
    await shown.fill();
    await shown.press('See available times');
    await shown.worker.last('contact').lead('answers');
    shown = await shown.reload();
    await shown.worker.last('event').event();
    await shown.worker.last('read').lead('answers', { contact: { email: 'j•••@acme.com' } });
    expect(shown.text).to.contain('j•••@acme.com');
    await expectAccessible(shown.element);
    await shown.choose('11-50');
    await shown.press('See available times');
    expect(shown.worker.last('answers').body).to.include({ seq: 2 });
  });

  it('while the booking is being confirmed', async () => {
    await shown.toBooking();
    await shown.worker.last('book').lead('booking', { pending: { step: 'book', retryAfterSeconds: 2 } }, 202);
    shown = await shown.reload();
    await shown.worker.last('event').event();
    const booking = { startsAt: '2027-03-11T04:30Z', timeZone: 'Asia/Kolkata' };
    await shown.worker.last('read').lead('booking', { booking, pending: { step: 'book', retryAfterSeconds: 2 } });
    expect(shown.text).to.contain('We are confirming your time.');
    await shown.worker.advance(PENDING_POLL_MS);
    expect(shown.spoken).to.equal('');
    await shown.worker.last('read').lead('booked', { booking });
    expect(shown.spoken).to.equal('You’re booked.');
    expect(shown.focused).to.equal(null);
    expect(shown.names.filter((name) => name === 'booked')).to.have.length(1);
    expect(sessionStorage.length).to.equal(0);
  });

  it('when the Worker has forgotten: asks once more, everything else stays', async () => {
    await shown.toTimes();
    shown = await shown.reload();
    await shown.worker.last('event').event();
    await shown.worker.last('read').problem('attempt_unknown', 409);
    expect(shown.text).to.contain('Please confirm your details again.');
    await expectAccessible(shown.element);
  });

  it('stores ids, counters and answers, nothing of the contact and no guests', async () => {
    await shown.toTimes();
    const stored = sessionStorage.getItem('iclosed-booking');
    expect(sessionStorage.length).to.equal(1);
    expect(stored).to.contain('11-50');
    expect(stored).not.to.match(/jane|doe|acme\.com/i);
  });
});

describe('times first', () => {
  it('with the times in the first answer: the grid at once, nothing else is asked', async () => {
    shown.close();
    shown = await WidgetPage.open();
    await shown.worker.last('event').event({ flow: 'times-first' }, { slots: page('2027-03', SLOTS) });
    expect(shown.text).to.contain('Pick a time').and.contain('10:00 AM');
    expect(shown.worker.steps()).to.deep.equal(['event']);
    expect(shown.names).to.include('ready').and.include('slots-shown');
  });

  it('the page says so, and the answer is late: the month stands already, and takes its free days where it is', async () => {
    shown.close();
    shown = await WidgetPage.open({ flow: 'times-first' });
    await shown.worker.advance(BONES_AFTER_MS);
    expect(shown.text).to.contain('March 2027').and.contain('Looking for free times…');
    expect(shown.root.querySelectorAll('.day')).to.have.length(31);
    expect(shown.root.querySelectorAll('td .free')).to.have.length(0);
    expect(shown.isLinkShown()).to.equal(true);
    expect(shown.names).to.deep.equal([]);
    await expectAccessible(shown.element);
    await shown.press('Next month');
    await shown.press('Previous month');
    const grid = shown.root.querySelector('table');
    await shown.worker.last('event').event({ flow: 'times-first' }, { slots: page('2027-03', SLOTS) });
    expect(shown.root.querySelector('table')).to.equal(grid);
    expect(shown.root.querySelectorAll('td .free')).to.have.length(2);
    expect(shown.isLinkShown()).to.equal(false);
    expect(shown.names).to.deep.equal(['ready', 'view', 'slots-shown']);
  });

  it('nothing is free: where the owner is reached, the link, and nothing to wish for by somebody who is not known', async () => {
    shown.close();
    shown = await WidgetPage.open({ flow: 'times-first' });
    await shown.worker
      .last('event')
      .event({ support: ['hi@acme.com'] }, { slots: page('2027-03', [], { until: '2027-03-31T00:00Z' }) });
    expect(shown.text).to.contain('All calls are booked right now.').and.contain('hi@acme.com');
    expect(shown.text).to.not.contain('Which days and times suit you?');
    expect(shown.isLinkShown()).to.equal(true);
  });

  it('the page says so, but the event shows no times to strangers: the form', async () => {
    shown.close();
    shown = await WidgetPage.open({ flow: 'times-first' });
    await shown.worker.advance(BONES_AFTER_MS);
    await shown.worker.last('event').event({ openSlots: false });
    expect(shown.text).to.contain('Where can we reach you?').and.not.contain('Back');
  });

  beforeEach(async () => {
    shown.close();
    shown = await WidgetPage.open({ flow: 'times-first' });
    await shown.worker.last('event').event();
  });

  async function pickAndSend(): Promise<void> {
    await shown.worker.last('slots').answer(page('2027-03', SLOTS));
    await shown.press('10:00 AM');
    await shown.press('Continue');
    await shown.fill();
    await shown.press('Book 10:00 AM');
    await shown.worker.last('contact').lead('answers');
  }

  it('the picked time is still there: books without another press', async () => {
    expect(shown.worker.last('slots').url.search).to.equal('?event=acme%2Fdiscovery-call&month=2027-03');
    await pickAndSend();
    await shown.worker.last('answers').lead('times', { slots: page('2027-03', SLOTS) });
    expect(shown.worker.last('book').body).to.include({ startsAt: '2027-03-11T04:30Z' });
  });

  it('gone for the people who can help: the nearest of their own, with the reason', async () => {
    await pickAndSend();
    await shown.worker.last('answers').lead('times', { slots: page('2027-03', ['2027-03-12T09:00Z']) });
    expect(shown.text)
      .to.contain('10:00 AM is not available with the people who can help you.')
      .and.contain('Fri, Mar 12, 2:30 PM');
    expect(shown.worker.steps()).not.to.include('book');
  });

  it('disqualified: the time is never shown as held', async () => {
    await pickAndSend();
    await shown.worker.last('answers').lead('disqualified', { disqualified: { mayCorrect: false } });
    expect(shown.text).not.to.contain('10:00');
  });
});
