/**
 * The widget's English words, the ones compiled in. Keys are part of the contract: an owner may word any of them anew per language
 * (`texts` in `events.json`). `{…}` is filled in. Calm, short, no blame, never a vendor's error text. The other
 * languages are parts (`parts/texts-<language>.ts`), complete by compilation; what only a part says stands in that part (`words`).
 */
export const en = {
  // the form
  contactHeading: 'Where can we reach you?',
  questionsHeading: 'A few questions',
  confirmHeading: 'Please confirm your details again.',
  name: 'Name',
  first_name: 'First name',
  last_name: 'Last name',
  email: 'Email',
  phone: 'Phone',
  optional: 'optional',
  choose: 'Choose…',
  change: 'Change',
  next: 'Continue',
  toTimes: 'See available times',
  book: 'Book this time',
  bookNow: 'Book {time}',
  back: 'Back',
  // faults at a field
  required: 'Please fill this in.',
  invalid: 'Please check this.',
  too_long: 'Please shorten this a little.',
  not_an_option: 'Please choose one.',
  refused: 'This was not accepted. Please check or use another.',
  // the times
  timesHeading: 'Pick a time',
  previousMonth: 'Previous month',
  nextMonth: 'Next month',
  today: 'today',
  dayFull: '{day}, no free times',
  dayFree: '{day}, free times: {count}',
  morning: 'Morning',
  afternoon: 'Afternoon',
  evening: 'Evening',
  timeZone: 'Time zone',
  hours24: '24-hour clock',
  zoneNow: '{zone}, {time} now',
  looking: 'Looking for free times…',
  monthEmpty: 'No free times in {month}.',
  nextFree: 'Next free day: {day}',
  full: 'All calls are booked right now.',
  taken: '{time} was just taken.',
  gone: '{time} is not available with the people who can help you.',
  answersSafe: 'Your answers are safe.',
  // waiting
  loading: 'Loading…',
  booking: 'Booking…',
  throttled: 'One moment… {seconds}',
  busy: 'Busy right now. About {seconds} seconds; your place is kept.',
  offline: 'You are offline. Nothing is lost.',
  confirming: 'We are confirming your time.',
  unclear: 'We have your request for {time}.',
  // the ends
  cancelled: 'Your call is cancelled.',
  booked: 'You’re booked.',
  disqualified: 'Thank you for your answers.',
  safe: 'Your details are safe.',
  alreadyBooked: 'You have a call already.',
  stopped: 'This calendar is not available at the moment.',
  stoppedMore: 'You can still book here:',
  failed: 'That did not work just now.',
  failedMore: 'Nothing is lost. Please try again in a moment.',
  retry: 'Try again',
  link: 'Open the booking page',
  // facts and progress
  minutes: '{count} min',
  progress: 'Step {step} of {steps}',
};

export type Texts = typeof en;
export type TextKey = keyof Texts;
