/** What changes under a visitor's hands: the network, the page's attributes, other answers, other hosts, the page itself. */
import { sendKeys } from '@web/test-runner-commands';
import { BONES_AFTER_MS } from '../../shared/limits.ts';
import type { Question } from '../../shared/protocol.ts';
import { expect } from './expect.ts';
import * as zones from '../../widget/parts/zones.ts';
import { EVENT, page, pictured, ScriptedWorker, SLOTS, settled } from './scripted-worker.ts';
import { WidgetPage } from './widget-page.ts';

let shown: WidgetPage;
beforeEach(async () => {
  sessionStorage.clear();
  shown = await WidgetPage.open();
});
afterEach(() => shown.close());

const BOOKING = { startsAt: SLOTS[1] as string, timeZone: 'Asia/Kolkata', mayCancel: true, manage: 'm' };
const WHY: Question = { id: 'why', type: 'text', label: 'Why now?', required: true };
const TWO_STEPS = { questions: [...EVENT.questions, WHY], steps: [['1001'], ['why']] };

async function contact(): Promise<void> {
  await shown.type('First name', 'Jane');
  await shown.type('Last name', 'Doe');
  await shown.type('Email', 'jane@acme.com');
  await shown.press('Continue');
  await shown.worker.last('contact').lead('answers');
}

/** Every try of the request that runs now fails. */
async function failAll(step: 'slots' | 'read'): Promise<void> {
  for (let tries = 0; tries < 4; tries += 1) {
    await shown.worker.last(step).problem('unavailable', 503);
    await shown.worker.advance(20_000);
  }
}

describe('steps of which nothing is asked', () => {
  const questions = [...EVENT.questions, { ...WHY, showIf: { id: '1001', is: ['1-10'] } }];
  const event = { questions, steps: [['1001'], ['why']] };
  const bar = () => shown.root.querySelector('[role=progressbar]')?.getAttribute('aria-label');

  it('are left out and not counted, and come when another answer asks for them', async () => {
    await shown.worker.last('event').event(event);
    expect(bar()).to.equal('Step 1 of 3');
    await contact();
    await shown.choose('1-10');
    expect(bar()).to.equal('Step 2 of 4');
    await shown.choose('11-50');
    expect(bar()).to.equal('Step 2 of 3');
    await shown.press('See available times');
    expect(shown.worker.last('answers').body).to.deep.include({ answers: { '1001': ['11-50'] } });
  });

  it('the answer is there ⇒ the step is', async () => {
    await shown.worker.last('event').event(event);
    await contact();
    await shown.choose('1-10');
    await shown.press('Continue');
    expect(shown.field('Why now?').type).to.equal('text');
    await shown.press('Back');
    expect(shown.field('1-10').checked).to.equal(true);
  });
});

describe('a reload', () => {
  it('brings back what was answered and not sent yet, at its step; a newer answer wins over the Worker’s', async () => {
    await shown.worker.last('event').event(TWO_STEPS);
    await contact();
    await shown.choose('11-50');
    await shown.press('Continue');
    await shown.type('Why now?', 'We grow.');
    shown = await shown.reload();
    await shown.worker.last('event').event(TWO_STEPS);
    const known = { contact: { email: 'j•••@acme.com' }, answers: { '1001': ['1-10'] } };
    await shown.worker.last('read').lead('answers', known);
    expect(shown.field('Why now?').value).to.equal('We grow.');
    await shown.press('Back');
    expect(shown.field('11-50').checked).to.equal(true);
  });

  it('what was changed after the answers were sent, and not sent again, is not what the Worker has', async () => {
    await shown.toTimes();
    await shown.press('Back');
    await shown.choose('1-10');
    shown = await shown.reload();
    await shown.worker.last('event').event();
    const known = { contact: { email: 'j•••@acme.com' }, answers: { '1001': ['11-50'] } };
    await shown.worker.last('read').lead('times', known);
    await shown.press('Back');
    expect(shown.field('1-10').checked).to.equal(true);
    await shown.press('See available times');
    expect(shown.worker.last('answers').body).to.deep.include({ answers: { '1001': ['1-10'] } });
  });

  it('and another, before the event could be had: the answers are still there', async () => {
    await shown.worker.last('event').event(TWO_STEPS);
    await contact();
    await shown.choose('11-50');
    shown = await shown.reload();
    await shown.worker.last('event').problem('busy', 503, { retryAfterSeconds: 5 });
    shown = await shown.reload();
    await shown.worker.last('event').event(TWO_STEPS);
    await shown.worker.last('read').lead('answers', { contact: { email: 'j•••@acme.com' } });
    expect(shown.field('11-50').checked).to.equal(true);
  });

  it('with another value for a hidden question: what the page says now counts', async () => {
    const hidden = { questions: [...EVENT.questions, { ...WHY, hidden: true as const }], steps: [['1001']] };
    shown = await shown.reload({ 'prefill-why': 'old' });
    await shown.worker.last('event').event(hidden);
    await contact();
    shown = await shown.reload({ 'prefill-why': 'new' });
    await shown.worker.last('event').event(hidden);
    await shown.worker.last('read').lead('answers', { contact: { email: 'j•••@acme.com' } });
    await shown.choose('11-50');
    await shown.press('See available times');
    expect(shown.worker.last('answers').body).to.deep.include({ answers: { '1001': ['11-50'], why: ['new'] } });
  });

  it('with a call that stands and an event that is only a link by now: the call is shown', async () => {
    await shown.worker.last('event').event(TWO_STEPS);
    await contact();
    shown = await shown.reload();
    await shown.worker.last('event').event({ mode: 'link' });
    const booking = { startsAt: SLOTS[1] as string, timeZone: 'Asia/Kolkata', mayCancel: true, manage: 'm' };
    await shown.worker.last('read').lead('booked', { booking });
    expect(shown.button('Cancel call').disabled).to.equal(false);
    expect(shown.isLinkShown()).to.equal(false);
  });

  it('of two elements for one event: each comes back to its own', async () => {
    const second = await shown.add();
    shown.element = second;
    await shown.worker.last('event').event(TWO_STEPS);
    await contact();
    const attempt = second.attempt;
    shown = await shown.reload();
    expect((await shown.add()).attempt).to.equal(attempt);
  });

  it('of two elements, one of which books: the other’s entry stays', async () => {
    await shown.worker.last('event').event(TWO_STEPS);
    await contact();
    const { attempt } = shown.element;
    shown.element = await shown.add();
    await shown.toBooking();
    await shown.worker.last('book').lead('booked', { booking: BOOKING });
    shown = await shown.reload();
    expect(shown.element.attempt).to.equal(attempt);
  });

  it('before anything was sent: the answers come back, nothing of the person was stored', async () => {
    await shown.worker.last('event').event();
    expect(sessionStorage.length).to.equal(0);
    await shown.type('Email', 'jane@acme.com');
    await shown.choose('11-50');
    expect(JSON.stringify(sessionStorage)).to.contain('11-50').and.not.contain('acme.com');
    shown = await shown.reload();
    await shown.worker.last('event').event();
    expect(shown.field('11-50').checked).to.equal(true);
    expect(shown.field('Email').value).to.equal('');
    expect(shown.worker.steps()).to.deep.equal(['event']);
    expect(shown.text).to.not.contain('confirm your details');
  });

  it('a picked time is picked anew: it may be another’s by then', async () => {
    await shown.toTimes();
    await shown.press('10:00 AM');
    expect(JSON.stringify(sessionStorage)).to.not.contain(SLOTS[1] as string);
  });

  it('finds no address and no number of extra questions', async () => {
    const more: Question[] = [
      { id: 'alt', type: 'email', label: 'Other address', required: false },
      { id: 'tel', type: 'phone', label: 'Other number', required: false },
    ];
    await shown.worker.last('event').event({ questions: [...EVENT.questions, ...more] });
    await shown.type('Other address', 'private@acme.com');
    await shown.type('Other number', '+4917612345678');
    await shown.choose('11-50');
    expect(JSON.stringify(sessionStorage))
      .to.contain('11-50')
      .and.not.match(/private|4917/);
  });

  it('after a copy has booked in place of the original: nothing is left of either', async () => {
    await shown.worker.last('event').event(TWO_STEPS);
    await contact();
    const original = shown.element;
    shown.element = await shown.add();
    await shown.worker.last('event').event();
    await shown.fill();
    original.remove();
    await settled();
    await shown.press('See available times');
    await shown.worker.last('contact').lead('answers');
    await shown.worker.last('answers').lead('times', { slots: page('2027-03', SLOTS) });
    await shown.press('10:00 AM');
    await shown.press('Book this time');
    await shown.worker
      .last('book')
      .lead('booked', { booking: { startsAt: SLOTS[1] as string, timeZone: 'Asia/Kolkata' } });
    expect(sessionStorage.length).to.equal(0);
  });
});

describe('an element that a tool or framework makes anew', () => {
  async function madeAnew(): Promise<void> {
    const copy = shown.element.cloneNode(true) as typeof shown.element;
    shown.element.remove();
    await settled();
    shown.host.append(copy);
    await settled();
    shown.element = copy;
  }

  it('has all that was typed, before anything was sent', async () => {
    await shown.worker.last('event').event();
    await shown.fill();
    const { attempt } = shown.element;
    await madeAnew();
    expect(shown.field('Email').value).to.equal('jane@acme.com');
    expect(shown.field('11-50').checked).to.equal(true);
    expect(shown.element.attempt).to.equal(attempt);
  });

  it('between the press and its answer: asked once more under the same number, and the page hears of it', async () => {
    await shown.worker.last('event').event(TWO_STEPS);
    await shown.type('First name', 'Jane');
    await shown.type('Last name', 'Doe');
    await shown.type('Email', 'jane@acme.com');
    await shown.press('Continue');
    const { body } = shown.worker.last('contact');
    await madeAnew();
    expect(shown.text).to.contain('A few questions');
    expect(shown.worker.last('contact').body).to.deep.equal(body);
    await shown.worker.last('contact').lead('answers');
    expect(shown.names).to.include('contact');
  });

  it('keeps the picked time, on its day', async () => {
    await shown.toTimes();
    await shown.press(/March 12/);
    await shown.press('2:30 PM');
    await madeAnew();
    expect(shown.button('2:30 PM').getAttribute('aria-pressed')).to.equal('true');
    await shown.press('Book this time');
    expect(shown.worker.last('book').body).to.include({ startsAt: SLOTS[2] });
  });

  it('keeps the time that was picked first, in its month', async () => {
    const event = { flow: 'times-first' } as const;
    const april = page('2027-04', ['2027-04-07T04:30Z']);
    await shown.worker.last('event').event(event, { slots: page('2027-03', SLOTS) });
    await shown.press('Next month');
    await shown.worker.last('slots').answer(april);
    await shown.press('10:00 AM');
    await madeAnew();
    expect(shown.text).to.contain('April 2027').and.contain('Wednesday, April 7, 2027');
    await shown.press('Continue');
    expect(shown.button('Book 10:00 AM').disabled).to.equal(false);
  });

  it('a month that fails then, and another try: nothing is booked', async () => {
    await shown.toTimes();
    await shown.press('10:00 AM');
    await shown.press('Next month');
    await madeAnew();
    await failAll('slots');
    await shown.press('Try again');
    await shown.worker.last('slots').lead('times', { slots: page('2027-03', SLOTS) });
    expect(shown.worker.steps()).to.not.include('book');
    expect(shown.button('Book this time').disabled).to.equal(false);
  });

  it('shows the call that was booked, and tells the page of it once', async () => {
    await shown.toBooking();
    await shown.worker.last('book').lead('booked', { booking: BOOKING });
    expect(sessionStorage.length).to.equal(0);
    await madeAnew();
    await shown.worker.last('event').event();
    await shown.worker.last('read').lead('booked', { booking: BOOKING, contact: { email: 'j•••@acme.com' } });
    expect(shown.text).to.contain('You have a call on Thu, Mar 11, 10:00 AM.');
    expect(shown.button('Cancel call').disabled).to.equal(false);
    expect(shown.names.filter((name) => name === 'booked')).to.have.length(1);
    expect(sessionStorage.length).to.equal(0);
    const { attempt } = shown.element;
    await shown.press('Book another call');
    await shown.worker.last('event').event();
    expect(shown.field('Email').value).to.equal('');
    expect(shown.element.attempt === attempt).to.equal(false);
  });

  it('is not led on once more, neither after a booking nor after disqualification', async () => {
    const urls: string[] = [];
    shown.host.addEventListener('iclosed:before-redirect', (event) => {
      event.preventDefault();
      urls.push((event as CustomEvent<{ url: string }>).detail.url);
    });
    const redirect = 'https://acme.com/next';
    const lead = { disqualified: { mayCorrect: true, redirect, delaySeconds: 1 } };
    await shown.worker.last('event').event();
    await shown.fill();
    await shown.press('See available times');
    await shown.worker.last('contact').lead('answers');
    await shown.worker.last('answers').lead('disqualified', lead);
    await shown.worker.advance(2_000);
    expect(urls).to.have.length(1);
    await madeAnew();
    await shown.worker.last('event').event();
    await shown.worker.last('read').lead('disqualified', lead);
    await shown.worker.advance(2_000);
    expect(urls).to.have.length(1);
    expect(shown.names.filter((name) => name === 'disqualified')).to.have.length(1);
    shown.element.restart();
    await settled();
    await shown.toBooking();
    await shown.worker.last('book').lead('booked', { booking: { ...BOOKING, redirect, isRedirectAutomatic: true } });
    expect(urls).to.have.length(2);
    await madeAnew();
    await shown.worker.last('event').event();
    await shown.worker.last('read').lead('booked', { booking: { ...BOOKING, redirect, isRedirectAutomatic: true } });
    expect(urls).to.have.length(2);
  });

  it('while the booking is confirmed: booked is booked, not found again', async () => {
    await shown.toBooking();
    await shown.worker.last('book').lead('booking', { booking: BOOKING }, 202);
    await madeAnew();
    await shown.worker.last('event').event();
    await shown.worker.last('read').lead('booking', { booking: BOOKING });
    await shown.worker.advance(2_100);
    await shown.worker.last('read').lead('booked', { booking: BOOKING });
    expect(shown.text).to.contain('You’re booked').and.not.contain('Book another call');
  });

  it('says for a hidden question what the page says now', async () => {
    const hidden = { questions: [...EVENT.questions, { ...WHY, hidden: true as const }] };
    shown = await shown.reload({ 'prefill-why': 'old' });
    await shown.worker.last('event').event(hidden);
    await shown.fill();
    shown.element.setAttribute('prefill-why', 'new');
    await madeAnew();
    await shown.press('See available times');
    await shown.worker.last('contact').lead('answers');
    expect(shown.worker.last('answers').body).to.deep.include({ answers: { '1001': ['11-50'], why: ['new'] } });
  });

  it('a hidden question of which the page says nothing any more keeps its answer, and the call is booked at once', async () => {
    const hidden = { questions: [...EVENT.questions, { ...WHY, hidden: true as const }] };
    const answers = { '1001': ['11-50'], why: ['old'] };
    shown = await shown.reload({ 'prefill-why': 'old' });
    await shown.worker.last('event').event(hidden);
    await shown.fill();
    await shown.press('See available times');
    await shown.worker.last('contact').lead('answers');
    await shown.worker.last('answers').lead('times', { slots: page('2027-03', SLOTS) });
    shown = await shown.reload();
    await shown.worker.last('event').event(hidden);
    await shown.worker
      .last('read')
      .lead('times', { answers, contact: { email: 'j•••@acme.com' }, slots: page('2027-03', SLOTS) });
    await shown.press('10:00 AM');
    await shown.press('Book this time');
    expect(shown.worker.last('book').body).to.include({ startsAt: SLOTS[1] });
  });

  it('begins anew after restart() of an element that is out of the page', async () => {
    await shown.worker.last('event').event();
    await shown.fill();
    const { element, host } = shown;
    element.remove();
    await settled();
    element.restart();
    host.append(element);
    await settled();
    await shown.worker.last('event').event();
    expect(shown.field('Email').value).to.equal('');
    expect(sessionStorage.length).to.equal(0);
  });

  it('begins anew after restart()', async () => {
    await shown.worker.last('event').event();
    await shown.fill();
    shown.element.restart();
    await settled();
    await madeAnew();
    await shown.worker.last('event').event();
    expect(shown.field('Email').value).to.equal('');
  });
});

it('another event and back: what was corrected meanwhile counts', async () => {
  await shown.worker.last('event').event();
  await shown.type('Email', 'jane@wrong.com');
  shown.element.setAttribute('event', 'acme/other');
  await settled();
  await shown.worker.last('event').event({ id: 'acme/other' });
  await shown.type('Email', 'jane@right.com');
  shown.element.setAttribute('event', 'acme/discovery-call');
  await settled();
  expect(shown.field('Email').value).to.equal('jane@right.com');
});

describe('another try', () => {
  const failBooking = async () => {
    await shown.toBooking();
    await shown.worker.last('book').problem('not_supported', 501);
    expect(shown.text).to.contain('That did not work just now.');
  };

  it('after another time was picked: none is left, that time is booked by its own button', async () => {
    await failBooking();
    await shown.press('9:30 AM');
    expect(() => shown.button('Try again')).to.throw();
    expect(shown.button('Book this time').disabled).to.equal(false);
  });

  it('repeats the booking that was asked for', async () => {
    await failBooking();
    await shown.press('Try again');
    expect(shown.worker.last('book').body).to.include({ startsAt: SLOTS[1] });
  });

  it('is not offered where a conflict cannot be looked into: the booking may be there', async () => {
    await shown.toBooking();
    await shown.worker.last('book').problem('attempt_conflict', 409);
    await shown.worker.advance(2_000);
    await failAll('read');
    expect(shown.text).to.contain('We are confirming your time.');
    expect(shown.isLinkShown()).to.equal(false);
  });
});

describe('the network', () => {
  it('away before anybody has acted, without any part: it is said all the same', async () => {
    shown.close();
    await settled();
    const worker = new ScriptedWorker();
    worker.isOnline = false;
    delete worker.atHand.hints;
    shown = await WidgetPage.open({}, undefined, worker);
    await shown.worker.advance(BONES_AFTER_MS);
    expect(shown.spoken).to.equal('You are offline. Nothing is lost.');
  });

  it('back after the visitor has turned to another month: no word of it stays', async () => {
    await shown.toTimes();
    shown.worker.isOnline = false;
    await shown.press('Next month');
    expect(shown.text).to.contain('You are offline.');
    await shown.press('Previous month');
    await shown.worker.comeOnline();
    expect(shown.text).to.not.contain('You are offline.');
  });

  it('away while the visitor turns from month to month: the page hears of it once', async () => {
    await shown.toTimes();
    shown.worker.isOnline = false;
    await shown.press('Next month');
    await shown.press('Next month');
    expect(shown.names.filter((name) => name === 'failed')).to.have.length(1);
    expect(shown.text).to.contain('You are offline.');
  });

  it('a month that could not be had ⇒ the next one is asked for all the same', async () => {
    await shown.toTimes();
    await shown.press('Next month');
    await failAll('slots');
    expect(shown.text).to.contain('That did not work just now.');
    const asked = shown.worker.calls.length;
    await shown.press('Next month');
    expect(shown.worker.calls).to.have.length(asked + 1);
    expect(shown.text).to.not.contain('That did not work just now.');
  });
});

describe('the page', () => {
  it('names the variant late ⇒ it reaches the contact', async () => {
    await shown.worker.last('event').event();
    shown.element.setAttribute('variant', 'b');
    await shown.fill();
    await shown.press('See available times');
    expect(shown.worker.last('contact').body).to.have.nested.property('page.variant', 'b');
  });
});

it('another event: the zone that the visitor has chosen stays', async () => {
  await shown.toTimes();
  shown.worker.atHand.zones = zones;
  await shown.press('Change: Time zone');
  const search = shown.root.querySelector('[role=combobox]') as HTMLInputElement;
  search.value = 'Tokyo';
  search.dispatchEvent(new InputEvent('input', { bubbles: true }));
  await settled();
  (shown.root.querySelector('[role=option]') as HTMLElement).click();
  await pictured();
  shown.element.setAttribute('event', 'acme/other');
  await settled();
  await shown.worker.last('event').event({ id: 'acme/other', flow: 'times-first' }, { slots: page('2027-03', SLOTS) });
  expect(shown.text).to.contain('Japan Standard Time').and.contain('1:30 PM');
  shown.element.setAttribute('event', 'acme/third');
  await settled();
  shown.element.setAttribute('time-zone', 'America/New_York');
  await shown.worker.last('event').event({ id: 'acme/third', flow: 'times-first' }, { slots: page('2027-03', SLOTS) });
  expect(shown.text).to.contain('Japan Standard Time');
});

it('a zone that the page changes while the booking is on its way makes no second one', async () => {
  await shown.toBooking();
  shown.element.setAttribute('time-zone', 'Europe/Berlin');
  await settled();
  expect(shown.worker.steps().filter((step) => step === 'book')).to.have.length(1);
  expect(shown.names.filter((name) => name === 'submitted')).to.have.length(1);
});

describe('other answers', () => {
  it('lead to people who do not have the picked time ⇒ said at once, not after the press', async () => {
    await shown.toTimes();
    await shown.press('10:00 AM');
    await shown.press('Back');
    await shown.choose('1-10');
    await shown.press('See available times');
    await shown.worker.last('answers').lead('times', { slots: page('2027-03', [SLOTS[0] as string]) });
    expect(shown.text).to.contain('10:00 AM is not available with the people who can help you.');
    expect(() => shown.button('Book this time')).to.throw();
  });
});

describe('what is half written', () => {
  const when = async (type: 'date' | 'number') => {
    await shown.worker.last('event').event({ questions: [{ id: 'when', type, label: 'When', required: true }] });
    shown.field('When').focus();
    return shown.field('When');
  };

  it('a number ⇒ is not wiped, and is no answer until it is one', async () => {
    const control = await when('number');
    await sendKeys({ type: '12e' });
    await shown.press('See available times');
    expect(shown.root.querySelector('#fault-when')?.textContent).to.contain('Please check this.');
    control.focus();
    await sendKeys({ type: '3' });
    expect(control.value).to.equal('12e3');
  });

  it('a decimal that is corrected ⇒ the caret stays where it is', async () => {
    const control = await when('number');
    for (const key of ['2', '.', '5', 'Backspace', '7', '5']) await sendKeys({ press: key });
    expect(control.value).to.equal('2.75');
  });

  it('a date ⇒ keeps its day and year while the month is written anew', async () => {
    const control = await when('date');
    await sendKeys({ type: '01312027' });
    expect(control.value).to.equal('2027-01-31');
    for (const key of ['ArrowLeft', 'ArrowLeft']) await sendKeys({ press: key });
    await sendKeys({ type: '02' });
    // There is no 31 February.
    expect(control.value).to.equal('');
    await sendKeys({ type: '15' });
    expect(control.value).to.equal('2027-02-15');
  });
});

it('after a second taken time the words are of that one', async () => {
  await shown.toBooking();
  const booking = { startsAt: SLOTS[1] as string, timeZone: 'Asia/Kolkata' };
  await shown.worker.last('book').lead('booking', { booking }, 202);
  await shown.worker.advance(2_100);
  await shown.worker.last('read').lead('times', { slots: page('2027-03', [SLOTS[0] as string, SLOTS[2] as string]) });
  await shown.press('9:30 AM');
  await shown.press('Book this time');
  await shown.worker.lose('book');
  expect(shown.text).to.contain('9:30').and.not.contain('10:00 AM');
});

it('"Change" at the known contact keeps the focus in the widget', async () => {
  await shown.worker.last('event').event(TWO_STEPS);
  await contact();
  shown = await shown.reload();
  await shown.worker.last('event').event(TWO_STEPS);
  await shown.worker.last('read').lead('answers', { contact: { email: 'j•••@acme.com' } });
  await shown.press('Back');
  shown.button('Change').focus();
  await shown.press('Change');
  expect(shown.focused?.className).to.equal('heading');
});

it('what a password manager has written without a word is still there after "Back" and forth', async () => {
  await shown.worker.last('event').event(TWO_STEPS);
  await contact();
  shown.field('1-10').checked = true;
  await shown.press('Back');
  await shown.press('Continue');
  expect(shown.field('1-10').checked).to.equal(true);
});

it('a phone number in the digits of Arabic is one', async () => {
  await shown.worker.last('event').event();
  await shown.fill();
  await shown.type('Phone', '+٩٧١ ٥٠ ١٢٣ ٤٥٦٧');
  await shown.press('See available times');
  expect(shown.worker.steps()).to.include('contact');
});

it('a late answer does not pull a visitor out of another field of the page', async () => {
  const other = document.createElement('input');
  shown.host.append(other);
  await shown.toBooking();
  other.focus();
  await shown.worker
    .last('book')
    .lead('booked', { booking: { startsAt: SLOTS[1] as string, timeZone: 'Asia/Kolkata' } });
  expect(document.activeElement).to.equal(other);
  expect(shown.spoken).to.equal('You’re booked, Jane.');
});

it('a page that has put the focus on what holds the widget does not keep it from the next step', async () => {
  shown.host.tabIndex = -1;
  shown.host.focus();
  await shown.worker.last('event').event(TWO_STEPS);
  await contact();
  expect(shown.focused?.textContent).to.equal('A few questions');
});

it('fits into a narrow grid', async () => {
  await shown.worker.last('event').event();
  Object.assign(shown.host.style, { display: 'grid', width: '250px' });
  expect(shown.element.getBoundingClientRect().width <= 250).to.equal(true);
});

it('a taken time is told to the page as a step that did not succeed', async () => {
  await shown.toBooking();
  await shown.worker.last('book').problem('slot_taken', 409, { nearest: [] });
  expect(shown.heardLast).to.deep.include({ name: 'failed', code: 'slot_taken' });
});

it('with content that is no link, such as that of the confirmation, there is one when nothing can be booked', async () => {
  shown.close();
  shown = await WidgetPage.open({}, '<p slot="confirmed">See you!</p>');
  await shown.worker.last('event').problem('event_unknown', 404);
  expect((shown.root.querySelector('.exit a') as HTMLElement).checkVisibility()).to.equal(true);
});

it('a popup that becomes inline has its widget in the page', async () => {
  shown.close();
  shown = await WidgetPage.open({ mode: 'popup' });
  expect(shown.worker.steps()).to.deep.equal([]);
  shown.element.setAttribute('mode', 'inline');
  await settled();
  await shown.worker.last('event').event();
  expect(shown.text).to.contain('Where can we reach you?');
});
