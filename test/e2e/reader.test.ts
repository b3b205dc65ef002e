/** A whole booking by somebody who listens: what is spoken on the way, in this order. Between these phrases more may be said. */
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { NARROW, scenesOf } from './ground.ts';
import { Reader } from './reader.ts';
import { landing } from './site.ts';
import { openStates } from './states.ts';
import { person } from './visitor.ts';

const scene = scenesOf();

const SPOKEN = [
  'heading, Discovery call, level 2',
  /^progressbar, Step 1 of 3/,
  'heading, Where can we reach you?, level 2',
  /^textbox, First name, required/,
  /^textbox, Last name, required/,
  /^textbox, Email, required/,
  /^textbox, Phone/,
  /^button, Continue/,
  /^progressbar, Step 2 of 3/,
  'heading, A few questions, level 2',
  /^radiogroup, .+/,
  /^radio, 11-50, .*not checked/,
  /^combobox, .*revenue/,
  /^button, See available times/,
  'heading, Pick a time, level 2',
  /^heading, \w+ \d{4}, level 3/,
  /^grid, \w+ \d{4}/,
  /^button, \w+day, \w+ \d+, \d{4}, free times: \d+/,
  /^heading, \w+day, \w+ \d+, level 3/,
  /^button, \d+:\d\d\s[AP]M, not pressed/,
  /^button, Book this time/,
  /^heading, You’re booked, Vera\., level 2/,
];

/** Moving and cancelling, from the confirmation on. */
const SPOKEN_AFTERWARDS = [
  /^heading, You’re booked, Vera\., level 2/,
  'group, Add to your calendar',
  /^link, Google/,
  /^link, Outlook/,
  /^button, Calendar file/,
  /^button, Change time/,
  'heading, Pick another time, level 2',
  /^grid, \w+ \d{4}/,
  /^button, \w+day, .*, free times: \d+/,
  /^button, \d+:\d\d\s[AP]M, not pressed/,
  /^button, Move to this time/,
  /^heading, You’re booked, Vera\., level 2/,
  /^alert/,
  /^button, Cancel call/,
  /^group, Cancel this call\?/,
  /^button, Yes, cancel it/,
  /^heading, Your call is cancelled\., level 2/,
];

/** A time that was picked, said with the button that now stands there. */
const PICKED = /^\w+day, \w+ \d+, \d{4}, \d+:\d\d\s[AP]M\. /;

/** The first phrase that was not spoken after those before it; undefined when all were. */
function missingIn(log: readonly string[], wanted: readonly (string | RegExp)[]): string | RegExp | undefined {
  let at = 0;
  return wanted.find((each) => {
    const found = log.findIndex((phrase, index) => {
      return index >= at && (typeof each === 'string' ? phrase === each : each.test(phrase));
    });
    at = found + 1;
    return found < 0;
  });
}

describe('by a screen reader', () => {
  scene(
    'a whole booking can be heard and made',
    async (visitor, ground) => {
      const who = person({ firstName: 'Vera' });
      const reader = Reader.on(visitor, ground);
      await visitor.open(ground.site.put('/', landing()));
      await reader.start();
      await reader.type(/^textbox, First name/, who.firstName);
      await reader.type(/^textbox, Last name/, who.lastName);
      await reader.type(/^textbox, Email/, who.email);
      await reader.type(/^textbox, Phone/, who.phone);
      await reader.press(/^button, Continue/);
      await visitor.isTakenTo(/^A few questions$/);
      await reader.stop();

      await reader.start();
      await reader.press(/^radio, 11-50/, 'Space');
      await reader.type(/^combobox, .*revenue/, '$5k');
      await reader.press(/^button, See available times/);
      await visitor.isTakenTo(/^Pick a time$/);
      await visitor.freeDays().first().waitFor();
      await reader.stop();

      await reader.start();
      await reader.press(/^button, .*, free times: \d+/);
      await reader.press(/^button, \d+:\d\d\s[AP]M, not pressed/);
      await reader.press(/^button, Book this time/);
      await visitor.isTakenTo(/^You’re booked/);
      await reader.stop();

      await reader.start();
      await reader.moveTo(/^heading, You’re booked/);
      await reader.stop();
      assert.equal(missingIn(reader.log, SPOKEN), undefined, reader.log.join('\n'));
      const [picked, ...others] = reader.announced.filter((phrase) => PICKED.test(phrase));
      assert.match(picked ?? '', /\. Book this time$/);
      assert.deepEqual(others, []);
      assert.deepEqual(
        reader.announced.map((phrase) => (phrase === picked ? 'the time' : phrase)),
        ['Step 2 of 3', 'Looking for free times…', 'Step 3 of 3', 'the time', 'Booking…'],
      );
      assert.equal(ground.account(who.email).calls.length, 1);
    },
    NARROW,
  );

  scene(
    'a booked call can be moved and cancelled by ear',
    async (visitor, ground) => {
      const who = person({ firstName: 'Vera' });
      const reader = Reader.on(visitor, ground);
      await visitor.open(ground.site.put('/', landing()));
      await visitor.toTimes(who);
      await visitor.pick();
      await visitor.confirm();
      await visitor.button('Change time').waitFor();

      await reader.start();
      await reader.press(/^button, Change time/);
      await visitor.isTakenTo(/^Pick another time$/);
      await visitor.freeDays().first().waitFor();
      await reader.stop();

      await reader.start();
      await reader.press(/^button, .*, free times: [1-9]/);
      await reader.press(/^button, \d+:\d\d\s[AP]M, not pressed/);
      await reader.press(/^button, Move to this time/);
      await visitor.reads('Your call was moved.');
      await visitor.isTakenTo(/^You’re booked/);
      await reader.stop();

      await reader.start();
      await reader.press(/^button, Cancel call/);
      await visitor.isTakenTo(/^Cancel this call/);
      await reader.stop();
      await reader.start();
      await reader.press(/^button, Yes, cancel it/);
      await visitor.isTakenTo(/^Your call is cancelled/);
      await reader.stop();

      await reader.start();
      await reader.moveTo(/^heading, Your call is cancelled/);
      await reader.stop();
      assert.equal(missingIn(reader.log, SPOKEN_AFTERWARDS), undefined, reader.log.join('\n'));
      assert.deepEqual(ground.account(who.email).calls, []);
    },
    NARROW,
  );

  scene(
    'faults are spoken with their fields',
    async (visitor, ground) => {
      const reader = Reader.on(visitor, ground);
      await visitor.open(ground.site.put('/', landing()));
      await visitor.button('Continue').click();
      await visitor.isTakenTo(/^Please check these/);
      await reader.start();
      await reader.moveTo(/^button, First name: Please fill this in\./);
      await reader.moveTo(/^textbox, First name, Please fill this in\., invalid, required$/);
      await reader.stop();
    },
    NARROW,
  );

  scene(
    'and a name that nobody hears is noticed (the check works)',
    async (visitor, ground) => {
      const reader = Reader.on(visitor, ground);
      await visitor.open(ground.site.put('/', landing()));
      await visitor.field('Email').evaluate((input) => input.removeAttribute('id'));
      await reader.start();
      await reader.moveTo(/^button, Continue/);
      await reader.stop();
      assert.deepEqual(missingIn(reader.log, SPOKEN), /^textbox, Email, required/);
    },
    NARROW,
  );
});

describe('the month as a grid, by the keys of the ARIA Authoring Practices', () => {
  scene(
    'arrows, Home, End, Page Up, Page Down',
    async (visitor, ground) => {
      await openStates(visitor, ground, { only: ['times'] });
      await visitor.button(/^Thursday, March 11/).focus();
      for (const [key, name] of [
        ['ArrowRight', /^Friday, March 12/],
        ['ArrowLeft', /^Thursday, March 11/],
        ['ArrowDown', /^Thursday, March 18/],
        ['ArrowUp', /^Thursday, March 11/],
        ['Home', /^Sunday, March 7/],
        ['End', /^Saturday, March 13/],
        ['PageDown', /^Tuesday, April 13/],
        ['PageUp', /^Saturday, March 13/],
      ] as const) {
        await visitor.page.keyboard.press(key);
        await visitor.isTakenTo(name);
      }
      assert.equal(
        await visitor.widget.locator('[role=grid] [tabindex="0"]').count(),
        1,
        'one day is in the order of Tab',
      );
    },
    NARROW,
  );
});
