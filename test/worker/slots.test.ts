/**
 * Times: asked in UTC, merged from iClosed's short answers into whole months, offered and taken. The truth about what is open is
 * computed from the stand-in's own calendar.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { HORIZON_DAYS, SLOT_LEAD_TIME_MS } from '../../shared/limits.ts';
import type { SlotPage } from '../../shared/protocol.ts';
import { candidateHosts, openStarts } from '../standin/availability.ts';
import { defaultSettings } from '../standin/default-settings.ts';
import { eventByPrefix } from '../standin/events.ts';
import type { SettingsPatch } from '../standin/settings.ts';
import { emptyWorld, type World } from '../standin/world.ts';
import type { Stack } from '../stack.ts';
import { changeEvent, occupy } from './account.ts';
import {
  assertProblem,
  bodies,
  contactOf,
  DISCOVERY,
  monthFromNow,
  openPage,
  PLAIN_ANSWERS,
  person,
  pick,
  renewIsolate,
  startUnpaced,
  until,
  Visitor,
} from './visitor.ts';

const DAY_MS = 86_400_000;

let stack: Stack;
before(async () => {
  stack = await startUnpaced();
});
after(() => stack.close());

/** What is open in the span of the page as the account sees it, in the words of the protocol. */
function truth(of: Stack, prefix: string, page: SlotPage): string[] {
  const event = eventByPrefix(prefix);
  assert.ok(event);
  const world: World = emptyWorld(of.standin.model.settings, of.standin.model.state().seed);
  for (const call of of.standin.ledger.calls()) {
    const { contactId, eventId, linkPrefix, hostId, startsAt, durationMinutes, timeZone, cancelledAt } = call;
    if (cancelledAt !== null) continue;
    world.calls.add({ contactId, eventId, linkPrefix, hostId, startsAt, durationMinutes, timeZone }, 0);
  }
  const now = Date.now();
  const [from, to] = [Date.parse(page.from), Date.parse(page.to)];
  return openStarts(world, event, candidateHosts(event, []), from, to, now)
    .filter((start) => start >= now + SLOT_LEAD_TIME_MS && start <= now + HORIZON_DAYS * DAY_MS)
    .map((start) => `${new Date(start).toISOString().slice(0, 16)}Z`);
}

/** The page holds what is open: nothing is missing, nothing is made up. */
function assertTruth(page: SlotPage, prefix: string): void {
  const open = truth(stack, prefix, page);
  const missing = open.filter((each) => !page.slots.includes(each));
  const made = page.slots.filter((each) => !open.includes(each));
  const said = `${page.month}: ${missing.length} of ${open.length} missing, the first is ${missing[0]}`;
  assert.equal(missing.length, 0, said);
  assert.deepEqual(made, []);
  assert.equal(page.stale, undefined);
  assert.deepEqual(page.slots, [...new Set(page.slots)].sort(), 'in order, each once');
}

/** All months of the horizon. */
const months = () =>
  [0, 1, 2].map(monthFromNow).filter((month) => Date.parse(`${month}-01`) < Date.now() + HORIZON_DAYS * DAY_MS);

describe('a month of times', () => {
  // One event each, because an event's times are remembered.
  const variants: [string, NonNullable<SettingsPatch['availability']>][] = [
    [DISCOVERY, {}],
    ['acme/strategy-session', { windowDays: 3, pastListed: true, unsorted: true }],
    ['acme/phone-only', { windowDays: 31, emptyDaysListed: true, timeForm: 'object' }],
    ['acme/email-only', { emptyAnchor: 'any' }],
    ['acme/name-only', { emptyAnchor: 'never', timeForm: 'H:mm' }],
    ['acme/inactive', { timeForm: 'iso', appliedHostIds: false }],
    ['acme/full', { windowDays: 3, emptyAnchor: 'any' }],
  ];
  for (const [prefix, availability] of variants) {
    test(`holds exactly what is open, whatever iClosed's answers look like: ${JSON.stringify(availability)}`, async () => {
      stack.standin.model.change({ availability: { ...defaultSettings.availability, ...availability } });
      const restore = changeEvent(prefix, { isActive: true, isFull: false });
      try {
        for (const month of months()) assertTruth(await openPage(new Visitor(stack, { event: prefix }), month), prefix);
      } finally {
        restore();
        stack.standin.model.change({ availability: defaultSettings.availability });
      }
    });
  }

  test('is asked for in UTC, by day', () => {
    for (const { timeZone, currentDate } of bodies(stack, 'POST /v1/events/eventDates')) {
      assert.equal(timeZone, 'UTC');
      assert.match(String(currentDate), /^\d{4}-\d\d-\d\d$/);
    }
  });

  test('reaches a day over both ends, so that the month of every zone is whole', async () => {
    const month = monthFromNow(1);
    const page = await openPage(new Visitor(stack), month);
    assert.ok(Date.parse(page.from) <= Date.parse(`${month}-01T00:00Z`) - DAY_MS + 1 || page.from.startsWith(today()));
    const next = monthFromNow(2);
    const horizon = Date.now() + HORIZON_DAYS * DAY_MS;
    assert.ok(Date.parse(page.to) >= Math.min(Date.parse(`${next}-02T00:00Z`), horizon));
  });

  test('of two visitors at once costs iClosed one refresh', async () => {
    const own = await startUnpaced();
    try {
      const month = monthFromNow(1);
      await Promise.all(Array.from({ length: 20 }, () => openPage(new Visitor(own), month)));
      const anchors = bodies(own, 'POST /v1/events/eventDates').map(({ currentDate }) => currentDate);
      assert.equal(new Set(anchors).size, anchors.length, 'no day is asked for twice');
    } finally {
      await own.close();
    }
  });

  test('before this one and behind the horizon is empty and costs no call', async () => {
    const before = stack.standin.ledger.requests('POST /v1/events/eventDates').length;
    for (const month of [monthFromNow(-2), monthFromNow(14)]) {
      const page = await openPage(new Visitor(stack), month);
      assert.deepEqual(page.slots, []);
    }
    assert.equal(stack.standin.ledger.requests('POST /v1/events/eventDates').length, before);
  });

  test('of an event that opens in 24 days is found behind many empty days: `acme/far`', async () => {
    const visitor = new Visitor(stack, { event: 'acme/far' });
    for (const month of months()) {
      assertTruth(await openPage(visitor, month), 'acme/far');
    }
  });

  test('of an event without any time is empty, and the last page names no next month: `acme/full`', async () => {
    const own = await startUnpaced();
    after(() => own.close());
    const visitor = new Visitor(own, { event: 'acme/full' });
    let page = await openPage(visitor, monthFromNow(0));
    assert.deepEqual(page.slots, []);
    const seen = [page.month];
    while (page.nextMonth) {
      page = await openPage(visitor, page.nextMonth);
      assert.deepEqual(page.slots, []);
      assert.ok(!seen.includes(page.month), 'it goes on');
      seen.push(page.month);
    }
    assert.ok(Date.parse(`${seen.at(-1)}-01`) <= Date.parse(page.until));
  });
});

const today = () => new Date().toISOString().slice(0, 10);

describe('what was offered', () => {
  const invented = (): [string, string][] => {
    const later = new Date(Date.now() + 10 * DAY_MS).toISOString().slice(0, 11);
    return [
      ['an odd minute', `${later}09:07Z`],
      ['the past', '2020-01-06T10:00Z'],
      ['a time behind the horizon', `${new Date(Date.now() + 200 * DAY_MS).toISOString().slice(0, 11)}10:00Z`],
      ['the middle of every night', `${later}23:45Z`],
    ];
  };
  for (const [what] of invented()) {
    test(`${what} was not, and is refused without a call`, async () => {
      const visitor = new Visitor(stack);
      const contact = person();
      await visitor.toTimes(contact);
      const startsAt = invented().find(([name]) => name === what)?.[1] ?? '';
      assertProblem(await visitor.book(startsAt), 'slot_not_offered');
      assert.deepEqual(stack.standin.ledger.callsOf(contact.email ?? ''), []);
    });
  }

  test('to nobody yet cannot be booked, although it is open', async () => {
    const own = await startUnpaced();
    try {
      const page = await openPage(new Visitor(stack), monthFromNow(1));
      const startsAt = truth(own, DISCOVERY, page).at(-1) ?? '';
      const visitor = new Visitor(own);
      await visitor.open();
      await visitor.contact(person());
      await visitor.answers(PLAIN_ANSWERS);
      assertProblem(await visitor.book(startsAt), 'slot_not_offered');
      assert.equal(own.standin.ledger.requests('POST /v1/eventCalls').length, 0);
    } finally {
      await own.close();
    }
  });
});

describe('a time that somebody else took', () => {
  const statuses = [400, 404, 409, 410, 422, 200] as const;
  const shapes = ['text', 'code', 'validation'] as const;
  for (const slotTakenStatus of statuses) {
    for (const slotTakenBody of slotTakenStatus === 200 ? shapes.slice(0, 1) : shapes) {
      test(`${slotTakenStatus} with ${slotTakenBody} ⇒ slot_taken, nearest three, answers kept, a second time books`, async () => {
        stack.standin.model.change({ calls: { slotTakenStatus, slotTakenBody } });
        const visitor = new Visitor(stack);
        const contact = person();
        const wanted = pick(await visitor.toTimes(contact));
        assert.ok((await occupy(stack, DISCOVERY, wanted)) > 0);
        const refused = await visitor.book(wanted);
        assertProblem(refused, 'slot_taken');
        const { nearest = [], slots } = refused.body;
        assert.equal(nearest.length, 3);
        assert.ok(slots && !slots.slots.includes(wanted), refused.text.slice(0, 400));
        assert.deepEqual([...nearest].sort(), nearest);
        const distance = (each: string) => Math.abs(Date.parse(each) - Date.parse(wanted));
        const closest = [...slots.slots].sort((a, b) => distance(a) - distance(b)).slice(0, 3);
        const inOrder = (times: string[]) => times.map(distance).sort((a, b) => a - b);
        assert.deepEqual(inOrder(nearest), inOrder(closest));
        const kept = await visitor.read();
        assert.equal(kept.body.stage, 'times');
        assert.deepEqual(kept.body.answers, PLAIN_ANSWERS);
        const [again = ''] = nearest;
        const booked = await visitor.book(again);
        assert.equal(booked.status, 201, booked.text);
        const [call, ...others] = stack.standin.ledger.callsOf(contact.email ?? '');
        assert.equal(call?.startsAt, Date.parse(again));
        assert.deepEqual(others, []);
        const { id } = contactOf(stack, contact.email ?? '');
        const sends = stack.standin.ledger
          .requests('POST /v1/eventCalls')
          .filter(({ contactId, body }) => contactId === id || (body as { contactId?: number }).contactId === id);
        assert.equal(sends.length, 2, 'one try for each time');
      });
    }
  }

  test('is not shown to the next visitor', async () => {
    const visitor = new Visitor(stack);
    const wanted = pick(await visitor.toTimes());
    await occupy(stack, DISCOVERY, wanted);
    assertProblem(await visitor.book(wanted), 'slot_taken');
    assert.ok(!(await new Visitor(stack).toTimes()).includes(wanted));
  });
});

describe('the zone canary', () => {
  test('an account that ignores the zone: nothing is booked, and the event shows its link', async () => {
    const own = await startUnpaced({ standin: { settings: { availability: { zoneIgnored: true } } } });
    try {
      const visitor = new Visitor(own);
      const startsAt = pick(await visitor.toTimes());
      assertProblem(await visitor.book(startsAt), 'event_unavailable');
      assert.equal(own.standin.ledger.requests('POST /v1/eventCalls').length, 0);
      assert.equal((await visitor.slots(monthFromNow(1))).code, 'event_unavailable');
      await renewIsolate(own);
      const { event } = await new Visitor(own).open();
      assert.equal(event.mode, 'link');
    } finally {
      await own.close();
    }
  });

  test('an account that heeds it is asked in two far zones before the first booking, and not again', async () => {
    const own = await startUnpaced();
    try {
      const askedIn = () =>
        bodies(own, 'POST /v1/events/eventDates')
          .map(({ timeZone }) => timeZone)
          .filter((timeZone) => timeZone !== 'UTC');
      for (let visit = 0; visit < 2; visit += 1) {
        const visitor = new Visitor(own);
        const booked = await visitor.book(pick(await visitor.toTimes()));
        assert.equal(booked.status, 201, booked.text);
      }
      assert.equal(askedIn().length, 2);
      assert.equal(new Set(askedIn()).size, 2);
      const [first] = own.standin.ledger.requests('POST /v1/eventCalls');
      const canaries = own.standin.ledger.entries.filter(({ body }) =>
        askedIn().includes((body as { timeZone?: string })?.timeZone),
      );
      assert.ok(canaries.some(({ number }) => number < (first?.number ?? 0)));
    } finally {
      await own.close();
    }
  });

  test('a call booked for another start than was asked is shown as it is, and the event books no more', async () => {
    const own = await startUnpaced({ standin: { settings: { calls: { startShiftMinutes: 300 } } } });
    try {
      const visitor = new Visitor(own);
      const startsAt = pick(await visitor.toTimes());
      const booked = await visitor.book(startsAt);
      assert.equal(booked.status, 201, booked.text);
      assert.equal(booked.body.booking?.askedStartsAt, startsAt);
      assert.equal(Date.parse(booked.body.booking?.startsAt ?? ''), Date.parse(startsAt) + 300 * 60_000);
      const next = new Visitor(own);
      await next.open();
      await next.contact(person());
      await next.answers(PLAIN_ANSWERS);
      assertProblem(await next.slots(monthFromNow(1)), 'event_unavailable');
    } finally {
      await own.close();
    }
  });
});

describe('an event whose times come first', () => {
  const timesFirst = () => startUnpaced({ vars: { EVENTS: { [DISCOVERY]: { flow: 'times-first' } } } });

  test('brings this month along with its description; one whose form comes first does not', async () => {
    const own = await timesFirst();
    try {
      const described = await new Visitor(own).open();
      const page = await openPage(new Visitor(own), monthFromNow(0));
      assert.equal(described.slots?.month, monthFromNow(0));
      assert.deepEqual(described.slots?.slots, page.slots);
      assert.equal((await new Visitor(stack).open()).slots, undefined);
    } finally {
      await own.close();
    }
  });

  test('where iClosed is slow with them, the description does not wait, and they come when they are asked for', async () => {
    const own = await timesFirst();
    try {
      const delayMs = 4_500;
      own.standin.model.queueFault({ kind: 'slow', endpoint: 'POST /v1/events/eventDates', delayMs, times: 6 });
      const described = await new Visitor(own).open();
      const answeredAt = Date.now();
      const call = await until(() => own.standin.ledger.requests('POST /v1/events/eventDates')[0], 'the call');
      assert.ok(answeredAt < call.at + delayMs, 'it did not wait for iClosed’s answer');
      assert.equal(described.slots, undefined);
      const page = await openPage(new Visitor(own), monthFromNow(0));
      assert.equal(page.month, monthFromNow(0));
    } finally {
      await own.close();
    }
  });
});
