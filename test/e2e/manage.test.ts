/**
 * After the booking, by keyboard alone: another time, then a cancel, on the confirmation and at `/manage`; the calendar links and the
 * file; and a link that is older than a move. The judge is iClosed's account.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { LeadState } from '../../shared/protocol.ts';
import { until } from '../worker/visitor.ts';
import { NARROW, scenesOf, WIDE } from './ground.ts';
import { landing, TAG } from './site.ts';
import { person, type Visitor } from './visitor.ts';

const scene = scenesOf({ standin: { settings: { availability: { multiBooking: true } } } });

async function books(visitor: Visitor, address: string, given = person()): Promise<string> {
  await visitor.open(address);
  await visitor.toTimes(given);
  await visitor.pick();
  await visitor.confirm();
  await visitor.confirmed();
  await visitor.button('Change time').waitFor();
  return given.email;
}

/** Tab until that button has the focus, then Enter. */
async function reaches(visitor: Visitor, name: string | RegExp): Promise<void> {
  const { keyboard } = visitor.page;
  const wanted = visitor.button(name).first();
  await wanted.waitFor();
  const isThere = () => wanted.evaluate((element) => (element.getRootNode() as ShadowRoot).activeElement === element);
  for (let presses = 0; !(await isThere()); presses += 1) {
    assert.ok(presses < 40, `${name} is reached by Tab`);
    await keyboard.press('Tab');
  }
  await keyboard.press('Enter');
}

/** The newest of them; the answer is read a moment after the page has it. */
function heard(tickets: readonly string[]): Promise<string> {
  return until(() => tickets.at(-1), 'a manage ticket');
}

/** Notes every manage ticket that the page was told. */
async function listens(visitor: Visitor): Promise<string[]> {
  const tickets: string[] = [];
  visitor.page.on('response', async (response) => {
    if (!response.url().endsWith('/api/v1/lead')) return;
    const text = await response.text().catch(() => '');
    const ticket = /"manage":"([\w-]{100})"/.exec(text)?.[1];
    if (ticket) tickets.push(ticket);
  });
  return tickets;
}

scene(
  'moves the call and cancels it with the keyboard alone, each once, and the page hears of both',
  async (visitor, { site, stack }) => {
    const email = await books(visitor, site.put('/manage-here', landing(TAG)));
    const ground = { ledger: stack.standin.ledger };
    const before = ground.ledger.callsOf(email)[0]?.startsAt;
    await reaches(visitor, 'Change time');
    await visitor.sees(/Pick another time/);
    await reaches(visitor, /free times: [1-9]/);
    await reaches(visitor, /^\d{1,2}:\d\d\s[AP]M$/);
    await reaches(visitor, 'Move to this time');
    await visitor.reads('Your call was moved.');
    const [moved, ...others] = ground.ledger.callsOf(email);
    assert.equal(others.length, 0);
    assert.notEqual(moved?.startsAt, before);

    await reaches(visitor, 'Cancel call');
    await visitor.reads('Cancel this call?');
    await reaches(visitor, 'Yes, cancel it');
    await visitor.sees(/Your call is cancelled/);
    assert.equal(ground.ledger.callsOf(email).length, 0, 'no live call is left');
    const sent = (endpoint: string) =>
      ground.ledger.requests(endpoint).filter(({ body }) => (body as { id?: number }).id === moved?.id).length;
    assert.equal(sent('PUT /v1/eventCalls/reschedule'), 1);
    assert.equal(sent('PUT /v1/eventCalls/cancel'), 1);
    assert.deepEqual(visitor.names().slice(-2), ['rescheduled', 'cancelled']);
  },
  WIDE,
);

scene(
  'finds the call again at /manage, read fresh; a link from before a move says so and changes nothing',
  async (visitor, { site, stack }) => {
    const tickets = await listens(visitor);
    const email = await books(visitor, site.put('/manage-there', landing(TAG)));
    const first = await heard(tickets);
    const at = (ticket: string) => `${stack.worker}/manage#acme/discovery-call/${ticket}`;
    await visitor.page.goto(at(first));
    await visitor.sees(/You have a call on .*\d:\d\d/);
    await visitor.button('Change time').click();
    await visitor.freeDays().first().click();
    await visitor.times().first().click();
    const moving = visitor.page.waitForResponse(
      (response) => response.ok() && Boolean(response.request().postData()?.includes('"step":"reschedule"')),
    );
    await visitor.button('Move to this time').click();
    const { booking } = (await (await moving).json()) as LeadState;
    const second = booking?.manage ?? '';
    await visitor.reads('Your call was moved.');
    assert.notEqual(second, first);

    await visitor.page.goto('about:blank');
    await visitor.page.goto(at(first));
    await visitor.reads('This call was changed meanwhile. This is how it stands now.');
    assert.equal(await visitor.button('Cancel call').count(), 0);
    await visitor.page.goto('about:blank');
    await visitor.page.goto(at(second));
    await visitor.button('Cancel call').click();
    await visitor.button('Yes, cancel it').click();
    await visitor.sees(/Your call is cancelled/);
    assert.equal(stack.standin.ledger.callsOf(email).length, 0);

    await visitor.page.goto('about:blank');
    await visitor.page.goto(at('A'.repeat(100)));
    await visitor.page.getByText('This link is not valid any more.').waitFor();
  },
  NARROW,
);

scene('offers Google, Outlook and a file; no ticket stands in an address', async (visitor, { site }) => {
  await books(visitor, site.put('/calendars', landing(TAG)));
  for (const [name, host] of [
    ['Google', 'calendar.google.com'],
    ['Outlook', 'outlook.live.com'],
  ] as const) {
    const address = await visitor.widget.getByRole('link', { name }).getAttribute('href');
    assert.equal(new URL(address ?? '').host, host);
    assert.ok(!/[\w-]{100}/.test(address ?? ''));
  }
  const downloading = visitor.page.waitForEvent('download');
  await visitor.button('Calendar file (.ics)').click();
  const file = await downloading;
  assert.equal(file.suggestedFilename(), 'call.ics');
  const text = await readFile(await file.path(), 'utf8');
  assert.match(text, /^BEGIN:VCALENDAR\r\n/);
  assert.match(text, /\r\nSUMMARY:/);
  assert.ok(
    visitor.fetched.every((url) => !/[\w-]{100}/.test(url)),
    'no ticket in an address',
  );
});

const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Instagram 380.0.0.0.1';

for (const where of ['the confirmation', '/manage']) {
  scene(
    `in an app of an iPhone the file comes as the answer to a form: ${where}`,
    async (visitor, { site, stack }) => {
      const tickets = await listens(visitor);
      await books(visitor, site.put('/calendars-app', landing(TAG)));
      if (where === '/manage') {
        await visitor.page.goto(`${stack.worker}/manage#acme/discovery-call/${await heard(tickets)}`);
        await visitor.sees(/You have a call on/);
      }
      const answering = visitor.page.waitForResponse((response) => response.url() === `${stack.worker}/call.ics`);
      await visitor.button('Calendar file (.ics)').click();
      const answer = await answering;
      assert.equal(answer.status(), 200);
      assert.equal(answer.headers()['content-type'], 'text/calendar; charset=utf-8');
      await visitor.sees(/You’re booked|You have a call on/);
    },
    { ...NARROW, userAgent: IPHONE, isMobile: true, hasTouch: true },
  );
}

scene(
  '/manage speaks the browser’s language, and works where nothing may be stored',
  async (visitor, { site, stack }) => {
    const tickets = await listens(visitor);
    await visitor.page.addInitScript(() => {
      Object.defineProperty(window, 'sessionStorage', {
        configurable: true,
        get: () => {
          throw new DOMException('no storage', 'SecurityError');
        },
      });
    });
    await books(visitor, site.put('/manage-english', landing(TAG)));
    await visitor.page.goto(`${stack.worker}/manage#acme/discovery-call/${await heard(tickets)}`);
    await visitor.sees(/Sie haben einen Termin: /);
    await visitor.button('Termin absagen').waitFor();
    await visitor.page.goto('about:blank');
    await visitor.page.goto(`${stack.worker}/manage#acme/discovery-call/${'A'.repeat(100)}`);
    await visitor.page.getByText('Dieser Link ist nicht mehr gültig.').waitFor();
  },
  { ...NARROW, locale: 'de-DE' },
);

scene(
  'a move whose answer a reload at /manage has lost ⇒ the page has the next ticket, and the call is cancelled with it',
  async (visitor, { site, stack }) => {
    const tickets = await listens(visitor);
    const email = await books(visitor, site.put('/manage-lost', landing(TAG)));
    const { page } = visitor;
    const before = stack.standin.ledger.callsOf(email)[0]?.startsAt;
    const first = await heard(tickets);
    await page.goto(`${stack.worker}/manage#acme/discovery-call/${first}`);
    const kept = () => page.evaluate(() => sessionStorage.getItem('iclosed-manage'));
    await visitor.button('Change time').click();
    await visitor.freeDays().first().click();
    await visitor.times().first().click();
    const isMove = (text: string | null) => text?.includes('"step":"reschedule"') === true;
    let lost: (() => void) | undefined;
    const isDone = new Promise<void>((done) => (lost = done));
    await page.route('**/api/v1/lead', async (route) => {
      if (!lost || !isMove(route.request().postData())) return route.continue();
      // The Worker has it; the page never hears of that.
      await route.fetch();
      lost();
      lost = undefined;
    });
    await visitor.button('Move to this time').click();
    await isDone;
    const moved = stack.standin.ledger.callsOf(email)[0]?.startsAt;
    assert.notEqual(moved, before);
    assert.ok(isMove(await kept()));

    await page.reload();
    await visitor.sees(/You have a call on .*\d:\d\d/);
    await visitor.button('Change time').waitFor();
    assert.ok(!page.url().includes(first), 'the address holds the ticket that is good');
    assert.equal(stack.standin.ledger.callsOf(email)[0]?.startsAt, moved, 'moved once');
    await page.reload();
    await visitor.button('Cancel call').waitFor();
    assert.equal(await kept(), null);
    await visitor.button('Cancel call').click();
    await visitor.button('Yes, cancel it').click();
    await visitor.sees(/Your call is cancelled/);
    assert.equal(stack.standin.ledger.callsOf(email).length, 0);
    assert.deepEqual(await page.evaluate(() => [sessionStorage.length, localStorage.length]), [0, 0]);
  },
  WIDE,
);

scene(
  'a move that is answered while /manage is loaded anew ⇒ the new page, which asked for the old ticket, has the next all the same',
  async (visitor, { site, stack }) => {
    const tickets = await listens(visitor);
    const email = await books(visitor, site.put('/manage-overtaken', landing(TAG)));
    const { page } = visitor;
    const first = await heard(tickets);
    await page.goto(`${stack.worker}/manage#acme/discovery-call/${first}`);
    await visitor.button('Change time').click();
    await visitor.freeDays().first().click();
    await visitor.times().first().click();
    let answer = () => {};
    const isAnswered = new Promise<void>((resolve) => (answer = resolve));
    await page.route('**/api/v1/lead', async (route) => {
      if (route.request().postData()?.includes('"step":"reschedule"')) await isAnswered;
      await route.continue();
    });
    // The old page goes on until the new one is there, and says here when it has the answer.
    let load = () => {};
    const isRenewed = new Promise<void>((resolve) => (load = resolve));
    await page.exposeFunction('renewed', load);
    await page.evaluate(() => {
      const replace = history.replaceState.bind(history);
      history.replaceState = (...given) => {
        replace(...given);
        (window as unknown as { renewed(): void }).renewed();
      };
    });
    await page.route('**/manage', async (route) => {
      answer();
      await isRenewed;
      await route.continue();
    });
    await visitor.button('Move to this time').click();
    await page.reload();
    await visitor.button('Cancel call').waitFor();
    const moved = stack.standin.ledger.callsOf(email)[0]?.startsAt;
    assert.ok(!page.url().includes(first), 'the address holds the ticket that is good');
    await page.unroute('**/manage');
    await page.reload();
    await visitor.button('Cancel call').waitFor();
    assert.equal(await page.evaluate(() => sessionStorage.getItem('iclosed-manage')), null);
    assert.equal(stack.standin.ledger.callsOf(email)[0]?.startsAt, moved, 'moved once');
    await visitor.button('Cancel call').click();
    await visitor.button('Yes, cancel it').click();
    await visitor.sees(/Your call is cancelled/);
  },
  WIDE,
);

scene(
  '/manage with nothing to show ⇒ says so within four seconds and can be tried again; what comes late is shown all the same',
  async (visitor, { site, stack }) => {
    const tickets = await listens(visitor);
    await books(visitor, site.put('/manage-late', landing(TAG)));
    const { page } = visitor;
    const address = `${stack.worker}/manage#acme/discovery-call/${await heard(tickets)}`;
    const failed = page.getByRole('alert').getByText('That did not work just now.');
    let answer = () => {};
    const isAnswered = new Promise<void>((resolve) => (answer = resolve));
    await page.route('**/api/v1/lead', async (route) => {
      await isAnswered;
      await route.continue();
    });
    await page.goto(address);
    await failed.waitFor({ timeout: 4_000 });
    await page.getByRole('button', { name: 'Try again' }).waitFor();
    answer();
    await visitor.sees(/You have a call on .*\d:\d\d/);
    assert.equal(await failed.count(), 0);

    await page.route('**/embed.js', (route) => route.abort());
    await page.reload();
    await failed.waitFor({ timeout: 4_000 });
    await page.unroute('**/embed.js');
    await page.getByRole('button', { name: 'Try again' }).click();
    await visitor.sees(/You have a call on .*\d:\d\d/);
    assert.equal(await failed.count(), 0);
  },
  NARROW,
);

for (const [what, pattern, free] of [
  ['event', '**/api/v1/event*', 0],
  ['widget’s own read', '**/api/v1/lead', 1],
] as const) {
  scene(
    `/manage whose ${what} does not come ⇒ one sentence and one way on within four seconds, until the call is there`,
    async (visitor, { site, stack }) => {
      const tickets = await listens(visitor);
      await books(visitor, site.put('/manage-stuck', landing(TAG)));
      const { page } = visitor;
      let answer = () => {};
      const isAnswered = new Promise<void>((resolve) => (answer = resolve));
      let asked = 0;
      await page.route(pattern, async (route) => {
        asked += 1;
        if (asked > free) await isAnswered;
        await route.continue();
      });
      await page.goto(`${stack.worker}/manage#acme/discovery-call/${await heard(tickets)}`);
      const failed = page.getByRole('alert').getByText('That did not work just now.');
      await failed.waitFor({ timeout: 4_000 });
      await visitor.hears('failed');
      assert.deepEqual(await page.getByRole('button').allInnerTexts(), ['Try again']);
      assert.equal(await page.getByText('not available').isVisible(), false);
      answer();
      await visitor.sees(/You have a call on .*\d:\d\d/);
      await visitor.button('Cancel call').waitFor();
      assert.equal(await failed.count(), 0);
    },
    NARROW,
  );
}

for (const fragment of ['', '#acme/discovery-call', '#%', `#acme/100%/${'A'.repeat(100)}`]) {
  scene(`/manage${fragment.slice(0, 30)} ⇒ not complete, and spoken`, async ({ page }, { stack }) => {
    await page.goto(`${stack.worker}/manage${fragment}`);
    await page.getByRole('alert').getByText('This link is not complete.').waitFor();
  });
}

scene(
  '/manage without JavaScript ⇒ says so in every language, each marked as what it is',
  async ({ page }, { stack }) => {
    await page.goto(`${stack.worker}/manage`);
    const said = page.locator('noscript p');
    const languages = await said.evaluateAll((all) => all.map((each) => each.getAttribute('lang')));
    assert.deepEqual(languages, [null, 'es', 'fr', 'de', 'it', 'nl', 'pt', 'ar']);
    for (const text of await said.allInnerTexts()) assert.ok(text.includes('JavaScript'), text);
  },
  { ...NARROW, javaScriptEnabled: false },
);
