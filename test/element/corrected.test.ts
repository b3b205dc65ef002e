/** What is corrected while something that was said before is still on its way: the newest counts, and nothing goes without a press. */
import { AWAY_MS, PENDING_POLL_MS } from '../../shared/limits.ts';
import { expect } from './expect.ts';
import { page, SLOTS } from './scripted-worker.ts';
import { BOOKING, WidgetPage } from './widget-page.ts';

let shown: WidgetPage;
beforeEach(async () => {
  sessionStorage.clear();
  shown = await WidgetPage.open();
});
afterEach(() => shown.close());

const CONFLICT_PAUSE_MS = 1_500;
const OLD = { '1001': ['11-50'] };
const PENDING = { pending: { step: 'answers' as const, retryAfterSeconds: 2 } };
const DISQUALIFIED = { disqualified: { message: 'Not yet.', mayCorrect: true } };

/** The first answers are sent. */
async function answer(event = {}): Promise<void> {
  await shown.worker.last('event').event(event);
  await shown.fill();
  await shown.press('See available times');
  await shown.worker.last('contact').lead('answers');
}

async function disqualify(): Promise<void> {
  await answer();
  await shown.worker.last('answers').lead('disqualified', DISQUALIFIED);
  await shown.press('Change my answers');
}

function expectAnswers(size: string): void {
  expect(shown.worker.steps().at(-1)).to.equal('answers');
  expect(shown.worker.last('answers').body).to.deep.include({ answers: { '1001': [size] } });
}

describe('after disqualification', () => {
  it('contact and answers together ⇒ both are sent', async () => {
    await disqualify();
    await shown.type('Email', 'jane@acme.org');
    await shown.choose('1-10');
    await shown.press('See available times');
    await shown.worker.last('contact').lead('disqualified', DISQUALIFIED);
    expectAnswers('1-10');
    await shown.worker.last('answers').lead('times', { slots: page('2027-03', SLOTS) });
    expect(shown.text).to.contain('Pick a time');
    expect(shown.names.filter((name) => name === 'disqualified')).to.have.length(1);
  });

  it('nothing after all ⇒ the same answers are asked again, and nothing is called failed', async () => {
    await disqualify();
    await shown.press('See available times');
    expectAnswers('11-50');
    expect(shown.text).to.not.contain('did not work');
    await shown.worker.last('answers').lead('disqualified', DISQUALIFIED);
    expect(shown.text).to.contain('Not yet.');
  });

  it('the contact of a form with steps ⇒ the next step, not the end once more', async () => {
    await shown.worker.last('event').event({ steps: [['1001']] });
    await shown.type('First name', 'Jane');
    await shown.type('Last name', 'Doe');
    await shown.type('Email', 'jane@acme.com');
    await shown.press('Continue');
    await shown.worker.last('contact').lead('answers');
    await shown.choose('11-50');
    await shown.press('See available times');
    await shown.worker.last('answers').lead('disqualified', DISQUALIFIED);
    await shown.press('Change my answers');
    await shown.press('Back');
    await shown.type('Email', 'jane@acme.org');
    await shown.press('Continue');
    await shown.worker.last('contact').lead('disqualified', DISQUALIFIED);
    expect(shown.text).to.contain('How big is your company?');
  });

  it('a second correction while the first is on its way ⇒ the second is sent again once the first is through', async () => {
    await disqualify();
    await shown.choose('1-10');
    await shown.press('See available times');
    await shown.choose('11-50');
    await shown.press('See available times');
    await shown.worker.last('answers').problem('disqualified', 403);
    await shown.worker.advance(CONFLICT_PAUSE_MS);
    await shown.worker.last('read').lead('answers', { ...PENDING, answers: { '1001': ['1-10'] } });
    await shown.worker.advance(PENDING_POLL_MS);
    await shown.worker.last('read').lead('times', { answers: { '1001': ['1-10'] } });
    expectAnswers('11-50');
  });
});

describe('a booking that waits for its turn', () => {
  beforeEach(async () => {
    await shown.toBooking();
    await shown.worker.last('book').problem('busy', 503, { retryAfterSeconds: 2 });
    await shown.press('Back');
  });

  it('then other answers, and the same time again ⇒ is pressed anew, under the next number', async () => {
    await shown.choose('1-10');
    await shown.press('See available times');
    await shown.worker.last('answers').lead('times', { slots: page('2027-03', SLOTS) });
    await shown.press('Book this time');
    expect(shown.worker.last('book').body).to.include({ seq: 2, startsAt: SLOTS[1] });
  });

  it('then another contact, and the same time again ⇒ so too', async () => {
    await shown.type('Email', 'jane@acme.org');
    await shown.press('See available times');
    await shown.worker.last('contact').lead('times', { answers: OLD });
    await shown.press('Book this time');
    expect(shown.worker.last('book').body).to.include({ seq: 2, startsAt: SLOTS[1] });
  });

  it('then nothing else ⇒ is called off all the same, and pressed anew', async () => {
    expect(shown.worker.last('withdraw').body).to.include({ waiting: 1 });
    await shown.press('See available times');
    await shown.press('Book this time');
    expect(shown.worker.last('book').body).to.include({ seq: 2, startsAt: SLOTS[1] });
  });
});

describe('a booking that may have arrived', () => {
  /** It has left, and no answer comes; then the widget waits. */
  async function toWait(how: 'the network is gone' | 'it is throttled'): Promise<void> {
    await shown.toBooking();
    shown.worker.isOnline = how === 'it is throttled';
    await shown.worker.last('book').fail();
    if (how === 'the network is gone') return;
    await shown.worker.advance(1_000);
    await shown.worker.last('book').problem('throttled', 429, { retryAfterSeconds: 10 });
  }

  for (const how of ['the network is gone', 'it is throttled'] as const) {
    it(`and ${how} ⇒ is not halted: what became of it is told`, async () => {
      await toWait(how);
      await shown.press('Back');
      expect(shown.text).to.contain('Pick a time');
      await shown.worker.comeOnline();
      await shown.worker.advance(13_000);
      expect(shown.worker.last('book').body).to.include({ seq: 1, startsAt: SLOTS[1] });
      await shown.worker.last('book').lead('booked', { booking: BOOKING }, 201);
      expect(shown.text).to.contain('You’re booked');
    });
  }

  it('not yet, since there was no network before ⇒ is halted', async () => {
    await shown.toTimes();
    await shown.press('10:00 AM');
    shown.worker.isOnline = false;
    await shown.press('Book this time');
    await shown.press('Back');
    await shown.worker.comeOnline();
    await shown.worker.advance(13_000);
    expect(shown.worker.steps()).to.not.include('book');
    expect(shown.text).to.contain('Where can we reach you?');
  });
});

describe('answers that are taken late', () => {
  beforeEach(async () => {
    await answer();
    await shown.worker.last('answers').lead('answers', { ...PENDING, answers: OLD }, 202);
    await shown.choose('1-10');
    await shown.press('See available times');
  });

  it('and what becomes of them cannot be read ⇒ no endless wait: said, with another try and the link', async () => {
    await shown.worker.last('answers').problem('attempt_conflict', 409);
    await shown.worker.advance(CONFLICT_PAUSE_MS);
    await shown.worker.lose('read');
    expect(shown.text).to.contain('did not work');
    expect(shown.isLinkShown()).to.equal(true);
    await shown.press('Try again');
    expectAnswers('1-10');
  });

  it('others, throttled, then the contact too ⇒ the others are sent before times are shown', async () => {
    await shown.worker.last('answers').problem('throttled', 429, { retryAfterSeconds: 10 });
    await shown.type('Email', 'jane@acme.org');
    await shown.press('See available times');
    await shown.worker.last('contact').lead('times', { answers: OLD });
    expectAnswers('1-10');
  });

  it('others, lost, then the contact too, while the old are still pending ⇒ the others are sent', async () => {
    await shown.worker.lose('answers');
    await shown.type('Email', 'jane@acme.org');
    await shown.press('See available times');
    await shown.worker.last('contact').lead('answers', { ...PENDING, answers: OLD });
    expectAnswers('1-10');
  });
});

it('the contact, answered with “safe”, which is of the old answers ⇒ the new ones are sent', async () => {
  await answer();
  await shown.worker.last('answers').lead('answers', { ...PENDING, answers: OLD }, 202);
  await shown.type('Email', 'jane@acme.org');
  await shown.choose('1-10');
  await shown.press('See available times');
  await shown.worker.last('contact').lead('safe', { answers: OLD, outcome: 'will_contact' });
  expectAnswers('1-10');
});

it('a duplicated tab has sent other answers under the same number ⇒ those of this one are sent again', async () => {
  await shown.toTimes();
  await shown.press('Back');
  await shown.choose('1-10');
  await shown.press('See available times');
  await shown.worker.last('answers').problem('attempt_conflict', 409, { retryAfterSeconds: 2 });
  await shown.worker.advance(CONFLICT_PAUSE_MS);
  await shown.worker.last('read').lead('answers', { ...PENDING, answers: { '1001': ['51-200'] } });
  await shown.worker.advance(PENDING_POLL_MS);
  await shown.worker.last('read').lead('times', { answers: { '1001': ['51-200'] } });
  expectAnswers('1-10');
  expect(shown.worker.last('answers').body).to.include({ seq: 3 });
});

it('"Change" at the known contact while the answers are on their way ⇒ nothing is sent before it is pressed', async () => {
  await answer();
  shown = await shown.reload();
  await shown.worker.last('event').event();
  await shown.worker.last('read').lead('answers', { contact: { email: 'j•••@acme.com' } });
  await shown.press('See available times');
  await shown.press('Change');
  expect(shown.field('Email').value).to.equal('');
  expect(shown.worker.steps()).to.not.include('contact');
  await shown.worker.advance(60_000);
  expect(shown.worker.steps()).to.not.include('contact');
});

describe('times first', () => {
  /** Pressed, and the answers are on their way. */
  async function press(): Promise<void> {
    shown.close();
    sessionStorage.clear();
    shown = await WidgetPage.open({ flow: 'times-first' });
    await shown.worker.last('event').event({ flow: 'times-first' }, { slots: page('2027-03', SLOTS) });
    await shown.press('10:00 AM');
    await shown.press('Continue');
    await shown.fill();
    await shown.press(/Book/);
    await shown.worker.last('contact').lead('answers');
  }
  const qualify = () => shown.worker.last('answers').lead('times', { answers: OLD, slots: page('2027-03', SLOTS) });
  const correct = () => shown.type('Email', 'jane@acme.org');
  const steps = (name: string) => shown.worker.steps().filter((step) => step === name);

  /** Nothing has gone by itself; the next press sends what stands in the form. */
  async function expectPress(booksBefore: number): Promise<void> {
    await shown.worker.advance(30_000);
    expect(steps('book')).to.have.length(booksBefore);
    await shown.press(/Book/);
    expect(JSON.stringify(shown.worker.last('contact').body)).to.contain('jane@acme.org');
  }

  it('the contact, while the picked time is looked for ⇒ nothing is booked before another press', async () => {
    await press();
    await shown.worker.last('answers').lead('times', { answers: OLD });
    await shown.worker.last('slots').problem('throttled', 429, { retryAfterSeconds: 10 });
    await correct();
    await expectPress(0);
  });

  it('the same after a booking that failed', async () => {
    await press();
    await qualify();
    await shown.worker.last('book').problem('not_supported', 501);
    await shown.choose('1-10');
    await shown.press(/Book/);
    await shown.worker.last('answers').lead('times', { answers: { '1001': ['1-10'] } });
    await shown.worker.last('slots').problem('throttled', 429, { retryAfterSeconds: 10 });
    await correct();
    await expectPress(1);
  });

  it('the contact, while the booking must wait ⇒ it is not sent again by itself', async () => {
    await press();
    await qualify();
    await shown.worker.last('book').problem('throttled', 429, { retryAfterSeconds: 10 });
    await correct();
    await expectPress(1);
  });

  it('the contact, while a booking is on its way that never arrives ⇒ it is not sent again by itself', async () => {
    await press();
    await qualify();
    await correct();
    await shown.worker.lose('book');
    const sent = steps('book').length;
    await shown.worker.last('read').lead('times', { answers: OLD });
    await shown.worker.advance(30_000);
    expect(steps('book')).to.have.length(sent);
    await shown.press('Book this time');
    expect(shown.field('Email').value).to.equal('jane@acme.org');
  });

  it('the contact, while a booking is on its way whose ticket has expired ⇒ the old one is not said again', async () => {
    await press();
    await qualify();
    await correct();
    await shown.worker.last('book').problem('ticket_expired', 401);
    await shown.worker.last('event').event({ flow: 'times-first' }, { ticket: 'ticket-9' });
    await expectPress(1);
    expect(steps('contact')).to.have.length(2);
  });

  it('“Change” at the known contact, while the picked time is looked for ⇒ the fields, and nothing is sent', async () => {
    await press();
    shown = await shown.reload({ flow: 'times-first' });
    await shown.worker.last('event').event({ flow: 'times-first' }, { slots: page('2027-03', SLOTS) });
    await shown.worker.last('read').lead('answers', { contact: { email: 'j•••@acme.com' } });
    await shown.press('Back');
    await shown.worker.last('slots').answer(page('2027-03', SLOTS));
    await shown.press('10:00 AM');
    await shown.press('Continue');
    await shown.press(/Book/);
    await shown.worker.last('answers').lead('times', { answers: OLD });
    await shown.worker.last('slots').problem('throttled', 429, { retryAfterSeconds: 10 });
    await shown.press('Change');
    expect(shown.field('Email').value).to.equal('');
    await shown.worker.advance(13_000);
    expect(steps('book')).to.have.length(0);
  });

  it('a month that was read before, after a long time away ⇒ read anew, without a word of failing', async () => {
    shown.close();
    shown = await WidgetPage.open({ flow: 'times-first' });
    await shown.worker.last('event').event({ flow: 'times-first' }, { slots: page('2027-03', SLOTS) });
    await shown.press('Next month');
    await shown.worker.last('slots').answer(page('2027-04', ['2027-04-02T09:00Z']));
    await shown.leave(AWAY_MS + 1);
    expect(shown.text).to.not.contain('did not work');
    await shown.worker.last('slots').answer(page('2027-04', ['2027-04-03T09:00Z']));
    expect(shown.text).to.contain('April 3');
  });
});
