/**
 * Every state that a visitor can meet, and how the element gets there: what the scripted Worker answers and what the visitor
 * does. The page `/states`, the contact sheet and the tests of looks and accessibility walk this one list. `rows.ts` says which of
 * them are the rows of "What the visitor sees".
 */
import type { Booking, Consent, LeadState, Question } from '../shared/protocol.ts';
import {
  call,
  EVENT,
  eventAnswer,
  freeTimes,
  lead,
  ownTimes,
  problem,
  type Script,
  type Seen,
  slotPage,
  WELL,
} from './answers.ts';
import type { StillBrowser } from './browser.ts';
import { ANSWERS, type Guest, JANE } from './guest.ts';

export interface StateSetup {
  title: string;
  /** The words that must be there in English when the state is reached. */
  shows: RegExp;
  /** In which answers it differs from a booking that goes well. */
  script?: Script;
  play?(guest: Guest, browser: StillBrowser): Promise<void>;
  /** Beside `event`, `endpoint`, `locale` and `time-zone`; null leaves one out. */
  attributes?: Readonly<Record<string, string | null>>;
  /** In place of the owner's link. */
  content?: string;
  /** Takes the whole page, as a popup does; among others it stands in a frame of its own. */
  isAlone?: true;
}

const oneStep = { steps: [] };
const timesFirst = eventAnswer({ flow: 'times-first' });
const NO_TIMES = slotPage('2027-03', [], { until: '2027-03-20T00:00Z' });
const empty = { slots: slotPage('2027-03', []) };
const book = (guest: Guest) => guest.book();
const sendForm = (guest: Guest) => guest.sendForm();
/** Deaf to `read`, so that a booking under way stays under way. */
const pending = (seen: Seen) =>
  lead('booking', { booking: call(seen), pending: { step: 'book', retryAfterSeconds: 5 } }, 202)(seen);

const KINDS: Question[] = [
  { id: 'text', type: 'text', label: 'Your company', required: true },
  { id: 'long', type: 'long_text', label: 'Your goal', required: false, help: 'One or two sentences are enough.' },
  { id: 'number', type: 'number', label: 'People in your team', required: false },
  { id: 'date', type: 'date', label: 'When do you want to start?', required: false },
  { id: 'url', type: 'url', label: 'Your website', required: false },
  {
    id: 'many',
    type: 'multiple',
    label: 'What have you tried?',
    required: false,
    options: [{ value: 'Ads' }, { value: 'Search' }, { value: 'Events' }],
  },
  {
    id: 'stars',
    type: 'rating',
    label: 'How happy are you with it?',
    required: false,
    options: ['1', '2', '3', '4', '5'].map((value) => ({ value })),
  },
  { id: 'agree', type: 'checkbox', label: 'Send me the guide as well', required: false },
  {
    id: 'additional-guests',
    type: 'guests',
    label: 'Who else should be invited?',
    help: 'One address per line.',
    required: false,
    max: 2,
  },
];

const CONSENT: Consent = {
  id: 'terms',
  type: 'consent',
  label: 'I have read the [privacy notice].',
  required: true,
  link: 'https://acme.example/privacy',
};

const SUPPORT = ['hello@acme.example', '+1 415 555 0100', 'https://acme.example/contact'];
const LEGAL = [{ id: 'legal-1', label: '[Terms of use]', link: 'https://acme.example/terms' }];

/** How a call stands. */
const booked = (seen: Seen, more: Partial<Booking> = {}): LeadState => ({
  v: 1,
  attempt: seen.body?.attempt ?? '',
  stage: 'booked',
  booking: call(seen, more),
});

/** Booked, and found again by the same tag. */
const bookAndComeBack = async (guest: Guest) => {
  await guest.book();
  await guest.until(/You’re booked/);
  await guest.makeAnew();
};

/** Booked, and then a cancel. */
const tryToCancel = async (guest: Guest) => {
  await guest.book();
  await guest.press('.manage-cancel');
  await guest.press('.confirm .small');
};

/** Booked, and then the way to another time. */
const toMove = async (guest: Guest) => {
  await guest.book();
  await guest.press('.manage-move');
};

const move = async (guest: Guest) => {
  await toMove(guest);
  await guest.pick();
  await guest.press('[part~=primary-button]');
};

export const states = {
  // --- the form ---
  loading: { title: 'Loading', shows: /Loading…/, script: { event: 'never' } },
  contact: { title: 'Form: contact', shows: /Where can we reach you/ },
  'contact-faults': {
    title: 'Form: contact with faults',
    shows: /Please fill this in.*whole address/,
    play: async (guest) => {
      await guest.fill({ ...JANE, last_name: '', email: 'jane@acme' });
      await guest.submit();
    },
  },
  'consent-missing': {
    title: 'Form: a consent that is required is not ticked',
    shows: /Please tick this to go on/,
    script: { event: eventAnswer({ consents: [CONSENT], legal: LEGAL }) },
    play: (guest) => guest.sendContact(),
  },
  'contact-refused': {
    title: 'Form: the address is refused by iClosed',
    shows: /This address was not accepted/,
    script: { answers: problem('contact_refused', { fields: { email: 'refused' } }) },
    play: sendForm,
  },
  questions: { title: 'Form: questions', shows: /A few questions/, play: (guest) => guest.toQuestions() },
  'questions-faults': {
    title: 'Form: questions with faults',
    shows: /Please choose one/,
    play: async (guest) => {
      await guest.toQuestions();
      await guest.submit();
    },
  },
  'one-step': { title: 'Form: one step', shows: /Where can we reach you/, script: { event: eventAnswer(oneStep) } },
  kinds: {
    title: 'Form: every kind of question',
    shows: /Your company/,
    script: { event: eventAnswer({ questions: KINDS, contact: [{ type: 'name', required: true }], ...oneStep }) },
  },
  'form-sent': { title: 'Form: sent', shows: /Looking for free times/, script: { answers: 'never' }, play: sendForm },
  masked: {
    title: 'Form: after a reload',
    shows: /j•••@acme\.com/,
    script: {
      event: eventAnswer(oneStep),
      answers: 'never',
      read: lead('answers', { contact: { first_name: 'Jane', email: 'j•••@acme.com' }, answers: { size: ['11-50'] } }),
    },
    play: async (guest) => {
      await guest.fill({ ...JANE, ...ANSWERS });
      await guest.submit();
      await guest.until(/Looking/);
      await guest.reload();
    },
  },
  'confirm-again': {
    title: 'Form: the ticket has expired and nothing is known any more',
    shows: /Please confirm your details again/,
    script: { read: problem('attempt_unknown') },
    play: async (guest) => {
      await guest.toQuestions();
      await guest.reload();
    },
  },
  // --- waiting ---
  busy: {
    title: 'Waiting for our turn',
    shows: /Busy right now\. About \d+ seconds/,
    script: { answers: problem('busy', { retryAfterSeconds: 20 }) },
    play: sendForm,
  },
  throttled: {
    title: 'Own throttle',
    shows: /One moment… \d+/,
    script: { answers: problem('throttled', { retryAfterSeconds: 12 }) },
    play: sendForm,
  },
  offline: {
    title: 'Offline',
    shows: /You are offline\. Nothing is lost/,
    play: async (guest, browser) => {
      await guest.toQuestions();
      await guest.fill(ANSWERS);
      browser.goOffline();
      await guest.submit();
    },
  },
  failed: {
    title: 'A step did not succeed',
    shows: /That did not work just now/,
    script: { answers: problem('not_supported') },
    play: sendForm,
  },
  // --- times ---
  'times-looking': {
    title: 'Times: looking',
    shows: /Pick a time.*Looking for free times/,
    script: { answers: lead('times'), slots: 'never' },
    play: sendForm,
  },
  times: { title: 'Times', shows: /Pick a time.*Morning/, play: sendForm },
  picked: {
    title: 'Times: picked',
    shows: /11:00 – 11:30 AM.*Book this time/,
    play: async (guest) => {
      await guest.sendForm();
      await guest.pick();
    },
  },
  'times-first-loading': {
    title: 'Times first: loading',
    shows: /Pick a time.*Looking for free times/,
    attributes: { flow: 'times-first' },
    script: { event: 'never' },
  },
  'times-first': { title: 'Times first', shows: /Pick a time/, script: { event: timesFirst } },
  'times-first-form': {
    title: 'Times first: the form with the time in hand',
    shows: /Where can we reach you/,
    script: { event: timesFirst },
    play: async (guest) => {
      await guest.pick();
      await guest.press('[part~=primary-button]');
    },
  },
  'times-stale': {
    title: 'Times: a few minutes old',
    shows: /These times are a few minutes old/,
    script: { answers: lead('times', { slots: slotPage('2027-03', undefined, { stale: true }) }) },
    play: sendForm,
  },
  'month-empty': {
    title: 'Times: none this month',
    shows: /No free times in April.*Next free day: /,
    script: {
      slots: (seen) => {
        const slots = slotPage(seen.month, seen.month === '2027-04' ? [] : undefined, { nextMonth: '2027-05' });
        return lead('times', { slots })(seen);
      },
    },
    play: async (guest) => {
      await guest.sendForm();
      await guest.press('.turn', 1);
    },
  },
  taken: {
    title: 'Times: just taken',
    shows: /was just taken\. Your answers are safe.*Nearest times/,
    script: {
      book: ({ body }) => {
        const wanted = body && 'startsAt' in body ? body.startsAt : '';
        const slots = freeTimes('2027-03').filter((slot) => slot !== wanted);
        return problem('slot_taken', { slots: slotPage('2027-03', slots), nearest: slots.slice(0, 3) });
      },
    },
    play: book,
  },
  gone: {
    title: 'Times first: not with the people who can help',
    shows: /is not available with the people who can help you/,
    script: { event: timesFirst, answers: ownTimes(freeTimes('2027-03').slice(4)) },
    play: async (guest) => {
      await guest.pick();
      await guest.press('[part~=primary-button]');
      await guest.sendForm();
    },
  },
  'zone-list': {
    title: 'Times: another zone',
    shows: /Time zone/,
    play: async (guest) => {
      await guest.sendForm();
      await guest.press('.calendar .text');
      await guest.until('.zones');
    },
  },
  'part-missing': {
    title: 'Times: a part of the widget does not load',
    shows: /That did not work just now/,
    // A port on which browsers speak to nobody.
    attributes: { endpoint: 'http://127.0.0.1:9' },
    play: async (guest, browser) => {
      await guest.sendForm();
      browser.hurry();
      await guest.press('.calendar .text');
    },
  },
  // --- no times ---
  full: {
    title: 'No times at all',
    shows: /All calls are booked right now/,
    script: { event: timesFirst, open: { status: 200, body: slotPage('2027-03', []) } },
  },
  'full-own': {
    title: 'No times with the people who can help, or the person is blocked',
    shows: /All calls are booked right now\..*We will write to you first.*\+1 415 555 0100/,
    script: { event: eventAnswer({ support: SUPPORT }), answers: lead('times', empty) },
    play: sendForm,
  },
  // --- the booking ---
  booking: { title: 'Booking', shows: /Booking…/, script: { book: 'never' }, play: book },
  confirming: {
    title: 'The booking is not clear yet',
    shows: /We are confirming your time\..*Usually under a minute/,
    script: { book: pending },
    play: book,
  },
  unclear: {
    title: 'The booking is still unclear',
    shows: /We have your request for .*hello@acme\.example/,
    script: { event: eventAnswer({ support: SUPPORT }), book: pending, read: problem('attempt_unknown') },
    play: async (guest, browser) => {
      await guest.sendForm();
      await guest.pick();
      browser.hurry();
      await guest.press('[part~=primary-button]');
    },
  },
  booked: { title: 'Booked', shows: /You’re booked, Jane/, play: book },
  'booked-on': {
    title: 'Booked, with the owner’s next page',
    shows: /You’re booked.*Continue/,
    script: {
      book: (seen) => lead('booked', { booking: call(seen, { redirect: 'https://acme.example/thanks' }) })(seen),
    },
    play: book,
  },
  'booked-other': {
    title: 'Booked, but another time than asked',
    shows: /Your call is on .*, not on /,
    script: {
      book: (seen) =>
        lead('booked', { booking: call({ ...seen, body: undefined }, { askedStartsAt: call(seen).startsAt }) })(seen),
    },
    play: book,
  },
  'booked-more': {
    title: 'Booked, with the link to the call and an e-mail',
    shows: /Join the call.*You will get an email/,
    script: {
      book: (seen) =>
        lead('booked', { booking: call(seen, { joinLink: 'https://meet.example.com/abc', isMailed: true }) })(seen),
    },
    play: book,
  },
  'booked-bare': {
    title: 'Booked, and the part with all the rest does not load',
    shows: /You’re booked\..*·/,
    attributes: { endpoint: 'http://127.0.0.1:9' },
    play: async (guest, browser) => {
      await guest.book();
      browser.hurry();
    },
  },
  moving: { title: 'Booked: another time', shows: /Pick another time/, play: toMove },
  'moving-taken': {
    title: 'Booked: the other time was just taken',
    shows: /was just taken.*Pick another time/,
    script: { reschedule: problem('slot_taken', { slots: slotPage('2027-03') }) },
    play: move,
  },
  'moving-failed': {
    title: 'Booked: moving it did not work',
    shows: /That did not work just now.*Pick another time/,
    script: { reschedule: problem('not_supported') },
    play: move,
  },
  'moving-full': {
    title: 'Booked: there is no other time',
    shows: /No other time is free right now.*Your call stays as it is/,
    script: { slots: (seen) => ({ status: 200, body: { ...booked(seen), slots: NO_TIMES } }) },
    play: toMove,
  },
  moved: {
    title: 'Booked: moved',
    shows: /Your call was moved/,
    script: { reschedule: (seen) => lead('booked', { booking: call(seen) })(seen) },
    play: move,
  },
  'moved-unsure': {
    title: 'Booked: it is not clear whether moving it worked',
    shows: /It is not clear yet whether that worked/,
    script: { reschedule: (seen) => lead('booked', { booking: call(seen), outcome: 'will_contact' })(seen) },
    play: move,
  },
  'cancel-asked': {
    title: 'Booked: cancel it?',
    shows: /Cancel this call\?.*Keep it/,
    play: async (guest) => {
      await guest.book();
      await guest.press('.manage-cancel');
    },
  },
  cancelled: {
    title: 'Cancelled',
    shows: /Your call is cancelled/,
    script: {
      cancel: (seen) =>
        lead('cancelled', { booking: call(seen, { isCancelled: true, mayMove: false, mayCancel: false }) })(seen),
    },
    play: tryToCancel,
  },
  'changed-elsewhere': {
    title: 'Booked: the call was changed elsewhere meanwhile',
    shows: /This call was changed meanwhile/,
    script: { cancel: (seen) => problem('booking_changed', { lead: booked(seen) }) },
    play: tryToCancel,
  },
  'not-movable': {
    title: 'Booked: the call cannot be changed any more',
    shows: /This call cannot be changed here any more/,
    script: {
      cancel: (seen) => problem('booking_fixed', { lead: booked(seen, { mayMove: false, mayCancel: false }) }),
    },
    play: tryToCancel,
  },
  'found-again': {
    title: 'Booked before: the call is found again',
    shows: /You have a call on .*Book another call/,
    script: { read: (seen) => ({ status: 200, body: booked(seen) }) },
    play: bookAndComeBack,
  },
  'call-over': {
    title: 'Booked before: the call is over',
    shows: /Your call was on .*Book another call/,
    script: {
      read: (seen) => {
        const past = { startsAt: '2027-03-08T16:00Z', endsAt: '2027-03-08T16:30Z', mayMove: false, mayCancel: false };
        return { status: 200, body: booked(seen, past) };
      },
    },
    play: bookAndComeBack,
  },
  'already-booked': {
    title: 'There is a call already, of another attempt',
    shows: /You have a call already/,
    script: { book: problem('already_booked') },
    play: book,
  },
  // --- elsewhere ---
  disqualified: {
    title: 'Disqualified',
    shows: /Thank you for your answers.*Change my answers/,
    script: { answers: lead('disqualified', { disqualified: { mayCorrect: true } }) },
    play: sendForm,
  },
  'disqualified-offer': {
    title: 'Disqualified, with the owner’s words and another event',
    shows: /Our group session fits you better.*See another call/,
    script: {
      answers: lead('disqualified', {
        disqualified: {
          message: 'Our group session fits you better at this size.',
          offerEvent: 'acme/group-session',
          mayCorrect: false,
        },
      }),
    },
    play: sendForm,
  },
  safe: {
    title: 'iClosed is away, before a booking',
    shows: /Your details are safe.*We will contact you/,
    script: { answers: lead('safe', { outcome: 'will_contact' }) },
    play: sendForm,
  },
  'safe-booking': {
    title: 'iClosed is away, with a time that is still tried',
    shows: /We are still trying to book /,
    script: { book: (seen) => lead('safe', { outcome: 'will_book', booking: call(seen) })(seen) },
    play: book,
  },
  vanished: {
    title: 'The event has vanished on the way',
    shows: /This calendar is not available/,
    script: { answers: problem('event_unknown') },
    play: sendForm,
  },
  inactive: {
    title: 'The event is inactive',
    shows: /This calendar is not available/,
    script: { event: eventAnswer({ mode: 'link' }) },
  },
  unknown: {
    title: 'The event is unknown',
    shows: /This calendar is not available/,
    script: { event: problem('event_unknown') },
    content: '',
  },
  'no-event': { title: 'No event is named', shows: /This calendar is not available/, attributes: { event: null } },
  'origin-refused': {
    title: 'The origin is not allowed',
    shows: /This calendar is not available/,
    script: { event: eventAnswer({}, { ticket: undefined }) },
  },
  'check-failed': {
    title: 'A robot check that this widget does not know',
    shows: /This calendar is not available/,
    script: { contact: problem('proof_required') },
    play: (guest) => guest.sendContact(),
  },
  'worker-gone': {
    title: 'The Worker is gone',
    shows: /This calendar is not available/,
    script: { event: 'never' },
    play: async (_, browser) => browser.hurry(),
  },
  // --- over the page ---
  corner: {
    title: 'A button in the corner of the page',
    shows: /Book a call/,
    attributes: { mode: 'floating' },
    isAlone: true,
  },
  popup: {
    title: 'Popup: the form',
    shows: /Close.*Where can we reach you/,
    attributes: { mode: 'popup' },
    isAlone: true,
    play: (guest) => guest.open(),
  },
  'popup-times': {
    title: 'Popup: a time is picked',
    shows: /Close.*Book this time/,
    attributes: { mode: 'popup' },
    isAlone: true,
    play: async (guest) => {
      await guest.open();
      await guest.sendForm();
      await guest.pick();
    },
  },
  // --- looks ---
  brand: {
    title: 'An owner’s colour, roundness and long words',
    shows: /Strategiegespräch/,
    script: {
      event: eventAnswer({
        name: 'Strategiegespräch zur Kundengewinnung für Softwareunternehmen',
        host: 'Donaudampfschifffahrtsgesellschaft',
        brand: { accent: '#f2b705', radius: '2px' },
        questions: EVENT.questions,
      }),
    },
    play: sendForm,
  },
} satisfies Record<string, StateSetup>;

export type StateName = keyof typeof states;
export const STATE_NAMES = Object.keys(states) as StateName[];

export function setupOf(name: StateName): StateSetup {
  return states[name];
}

/** The event that the element of a state names. */
export function eventOf(name: StateName): string {
  return `states/${name}`;
}

export function scriptsByEvent(): Record<string, Script> {
  return Object.fromEntries(STATE_NAMES.map((name) => [eventOf(name), { ...WELL, ...setupOf(name).script }]));
}
