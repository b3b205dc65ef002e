/** The good way from the form to the booking, by mouse and by keyboard, and what it says on the way. */
import { sendKeys } from '@web/test-runner-commands';
import { BONES_AFTER_MS } from '../../shared/limits.ts';
import { expect, expectAccessible } from './expect.ts';
import { EVENT, page, settled, SLOTS } from './scripted-worker.ts';
import { WidgetPage } from './widget-page.ts';

let shown: WidgetPage;
beforeEach(async () => {
  sessionStorage.clear();
  shown = await WidgetPage.open();
});
afterEach(() => shown.close());

const BOOKED = {
  booking: {
    bookingId: 'preview-1',
    startsAt: '2027-03-11T04:30Z',
    endsAt: '2027-03-11T05:00Z',
    timeZone: 'Asia/Kolkata',
    host: 'Zed Host',
  },
};

describe('a booking, form first', () => {
  it('asks for the event without any header, and shows a skeleton with the link when it takes long', async () => {
    await shown.worker.advance(BONES_AFTER_MS);
    const call = shown.worker.last('event');
    expect(call.url.href).to.equal('https://book.example.com/api/v1/event?event=acme%2Fdiscovery-call');
    expect(Object.keys(call.init)).to.deep.equal(['signal']);
    expect(shown.isLinkShown()).to.equal(true);
    await expectAccessible(shown.element);
  });

  it('shows contact and questions on one step, the link gone, the focus where it was', async () => {
    await shown.worker.last('event').event();
    expect(shown.text).to.contain('Where can we reach you?').and.contain('How big is your company?');
    expect(shown.isLinkShown()).to.equal(false);
    expect(shown.focused).to.equal(null);
    expect(shown.names.slice(0, 1)).to.deep.equal(['ready']);
    await expectAccessible(shown.element);
  });

  it('books: contact, answers, book, each once; the confirmation shows what came back', async () => {
    await shown.toTimes();
    expect(shown.text).to.contain('March 2027').and.contain('Thursday, March 11');
    await shown.press('10:00 AM');
    expect(shown.text)
      .to.contain('Thursday, March 11, 2027')
      .and.contain('10:00 – 10:30 AM')
      .and.contain('India Standard Time');
    await expectAccessible(shown.element);
    await shown.press('Book this time');
    const call = shown.worker.last('book');
    expect(call.body).to.include({
      startsAt: '2027-03-11T04:30Z',
      timeZone: 'Asia/Kolkata',
      ticket: 'ticket-2',
      seq: 1,
    });
    await call.lead('booked', BOOKED, 201);
    expect(shown.text).to.contain('You’re booked, Jane.').and.contain('10:00 – 10:30 AM').and.contain('Zed Host');
    expect(shown.worker.steps()).to.deep.equal(['event', 'contact', 'answers', 'book']);
    expect(shown.focused?.textContent).to.equal('You’re booked, Jane.');
    expect(sessionStorage.length).to.equal(0);
    await expectAccessible(shown.element);
  });

  it('sends once, however often the buttons are pressed', async () => {
    await shown.worker.last('event').event();
    await shown.fill();
    shown.button('See available times').click();
    shown.button('See available times').click();
    await settled();
    expect(shown.worker.steps()).to.deep.equal(['event', 'contact']);
    await shown.worker.last('contact').lead('answers');
    await shown.worker.last('answers').lead('times', { slots: page('2027-03', SLOTS) });
    await shown.press('10:00 AM');
    const book = shown.button('Book this time');
    book.click();
    book.click();
    await settled();
    expect(shown.worker.steps().filter((step) => step === 'book')).to.have.length(1);
  });

  it('fires each event at its moment, once, with ids and without personal data', async () => {
    await shown.toBooking();
    await shown.worker.last('book').lead('booked', BOOKED, 201);
    expect(shown.names.filter((name) => name !== 'view')).to.deep.equal([
      'ready',
      'contact',
      'answered',
      'qualified',
      'slots-shown',
      'slot-picked',
      'submitted',
      'booked',
    ]);
    // That it was seen is told whenever the browser says so.
    const booked = shown.heard.find(({ name }) => name === 'booked');
    expect(booked).to.include({
      name: 'booked',
      bookingId: 'preview-1',
      startsAt: '2027-03-11T04:30Z',
      event: EVENT.id,
    });
    expect(booked?.eventId).to.equal(`${booked?.attempt}.booked`);
    expect(JSON.stringify(shown.heard)).not.to.match(/jane|doe|acme\.com/i);
  });

  it('says what is missing at the field and goes to the first of them', async () => {
    await shown.worker.last('event').event();
    await shown.type('First name', 'Jane');
    await shown.type('Email', 'jane@acme');
    await shown.press('See available times');
    expect(shown.worker.steps()).to.deep.equal(['event']);
    expect(shown.focused?.textContent).to.contain('Please check these:').and.contain('Last name');
    const email = shown.field('Email');
    expect(email.getAttribute('aria-invalid')).to.equal('true');
    const fault = email.getAttribute('aria-describedby')?.split(' ')[0] ?? '';
    expect(shown.root.getElementById(fault)?.textContent).to.contain('like jane@acme.com');
    expect(shown.field('First name').value).to.equal('Jane');
    await expectAccessible(shown.element);
    await shown.type('Email', 'jane@acme.com');
    expect(shown.field('Email').hasAttribute('aria-invalid')).to.equal(false);
  });

  it('goes back without loss; the same answers are not sent again, a corrected address is, with the next number', async () => {
    await shown.toTimes();
    await shown.press('Back');
    expect(shown.field('Email').value).to.equal('jane@acme.com');
    await shown.press('See available times');
    expect(shown.worker.steps()).to.deep.equal(['event', 'contact', 'answers']);
    expect(shown.text).to.contain('Pick a time');
    await shown.press('Back');
    await shown.type('Email', 'jane@acme.org');
    await shown.press('See available times');
    expect(shown.worker.last('contact').body).to.deep.include({ seq: 2 });
    await shown.worker.last('contact').lead('times');
    expect(shown.text).to.contain('Pick a time');
  });

  it('shows one step per list of questions, and sends the contact when its step is left', async () => {
    const questions = [
      { id: 'a', type: 'text' as const, label: 'Your goal', required: true },
      { id: 'b', type: 'text' as const, label: 'Your budget', required: false },
    ];
    await shown.worker.last('event').event({ questions, steps: [['a'], ['b']] });
    await shown.type('First name', 'Jane');
    await shown.type('Last name', 'Doe');
    await shown.type('Email', 'jane@acme.com');
    await shown.press('Continue');
    expect(shown.worker.last('contact').body).to.have.nested.property('contact.email', 'jane@acme.com');
    expect(shown.text).to.contain('Your goal').and.not.contain('Your budget');
    expect(shown.focused?.textContent).to.equal('A few questions');
    await shown.worker.last('contact').lead('answers');
    await shown.type('Your goal', 'Growth');
    await shown.press('Continue');
    await shown.press('See available times');
    expect(shown.worker.last('answers').body).to.deep.include({ answers: { a: ['Growth'] } });
  });

  it('asks conditional questions only when their condition is met, and sends hidden ones', async () => {
    const questions = [
      ...EVENT.questions,
      {
        id: 'why',
        type: 'text' as const,
        label: 'Why so many?',
        required: true,
        showIf: { id: '1001', is: ['11-50'] },
      },
      { id: 'src', type: 'text' as const, label: 'Source', required: false, hidden: true },
    ];
    shown.element.prefill = { src: 'ad-7' };
    shown.element.setAttribute('event', 'acme/other');
    await settled();
    await shown.worker.last('event').event({ questions });
    await shown.fill();
    expect(shown.text).to.contain('Why so many?').and.not.contain('Source');
    await shown.choose('1-10');
    expect(shown.text).not.to.contain('Why so many?');
    await shown.press('See available times');
    await shown.worker.last('contact').lead('answers');
    expect(shown.worker.last('answers').body).to.deep.include({ answers: { '1001': ['1-10'], src: ['ad-7'] } });
  });
});

describe('a booking by keyboard alone', () => {
  it('fills, walks the month by arrows, books', async () => {
    await shown.worker.last('event').event();
    shown.field('First name').focus();
    for (const text of ['Jane', 'Doe', 'jane@acme.com', '']) {
      if (text) await sendKeys({ type: text });
      await sendKeys({ press: 'Tab' });
    }
    await sendKeys({ press: 'Space' });
    await sendKeys({ press: 'Enter' });
    await shown.worker.last('contact').lead('answers');
    await shown.worker.last('answers').lead('times', { slots: page('2027-03', SLOTS) });
    expect(shown.focused?.textContent).to.equal('Pick a time');
    await sendKeys({ press: 'Tab' });
    await sendKeys({ press: 'Tab' });
    await sendKeys({ press: 'Tab' });
    expect(shown.focused?.getAttribute('aria-label')).to.equal('Thursday, March 11, 2027, free times: 2');
    await sendKeys({ press: 'ArrowRight' });
    expect(shown.focused?.getAttribute('aria-label')).to.equal('Friday, March 12, 2027, free times: 1');
    await sendKeys({ press: 'Enter' });
    await sendKeys({ press: 'Tab' });
    await sendKeys({ press: 'Tab' });
    expect(shown.focused?.textContent?.trim()).to.equal('2:30 PM');
    await sendKeys({ press: 'Enter' });
    await sendKeys({ press: 'Tab' });
    await sendKeys({ press: 'Enter' });
    expect(shown.worker.last('book').body).to.include({ startsAt: '2027-03-12T09:00Z' });
  });

  it('PageDown turns the month, the ends hold, unavailable days say so', async () => {
    await shown.toTimes();
    const day = shown.button(/March 11/);
    day.focus();
    await sendKeys({ press: 'PageDown' });
    expect(shown.text).to.contain('April 2027');
    await shown.worker.last('slots').lead('times', { slots: page('2027-04', []) });
    expect(shown.focused?.getAttribute('aria-label')).to.equal('Sunday, April 11, 2027, no free times');
    expect(shown.focused?.getAttribute('aria-disabled')).to.equal('true');
    await sendKeys({ press: 'PageUp' });
    await sendKeys({ press: 'PageUp' });
    expect(shown.text).to.contain('March 2027');
    expect(shown.root.querySelectorAll('[data-day][tabindex="0"]')).to.have.length(1);
  });
});
