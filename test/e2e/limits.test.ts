/**
 * The two limits that a visitor can meet: our own throttle and iClosed's. Both are told as a pause with seconds, never as an error,
 * and it goes on by itself.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { TICKET_REQUESTS, THROTTLE_SECONDS } from '../../shared/limits.ts';
import { PATHS } from '../../shared/protocol.ts';
import { until } from '../worker/visitor.ts';
import { type Ground, startGround } from './ground.ts';
import { landing, tag } from './site.ts';
import { person, plain, type Visitor } from './visitor.ts';

const INTRO = 'acme/email-only';
const VISITORS = 5;
const PACE = { points: 3, windowSeconds: 10 };

let ours: Ground;
let theirs: Ground;
before(async () => {
  ours = await startGround();
  theirs = await startGround({
    standin: { settings: { limit: { ...PACE, enforced: true }, availability: { windowDays: 30 } } },
    vars: {
      ICLOSED_RATE: `${PACE.points}/${PACE.windowSeconds}s`,
      EVENTS: { [INTRO]: { questions: [], horizonDays: 14 } },
    },
  });
});
after(async () => {
  await ours.close();
  await theirs.close();
});

/** Uses up what this visitor's ticket may ask in the present window, as a page gone wild would; within one window of the clock. */
async function useUpTicket({ stack, site }: Ground, sent: string): Promise<void> {
  const { v, event, ticket, attempt } = JSON.parse(sent) as Record<string, unknown>;
  const body = JSON.stringify({ v, event, ticket, attempt, step: 'read', seq: 1 });
  const headers = { origin: site.origin, 'content-type': 'application/json' };
  const windowMs = THROTTLE_SECONDS * 1_000;
  await until(() => Date.now() % windowMs < windowMs / 4, 'a fresh window', 2 * windowMs);
  const asked = Array.from({ length: TICKET_REQUESTS + 1 }, () =>
    fetch(stack.worker + PATHS.lead, { method: 'POST', headers, body }).then(({ status }) => status),
  );
  assert.ok((await Promise.all(asked)).includes(429));
}

describe('a visitor who meets a limit', { concurrency: true }, () => {
  test('our own: sees the seconds count down, no error, and it goes on by itself', async () => {
    const visitor = await ours.enter();
    const who = person();
    await visitor.open(ours.site.put('/', landing()));
    const first = visitor.page.waitForRequest((request) => (request.postData() ?? '').includes('"step":"contact"'));
    await visitor.toTimes(who);
    await visitor.pick();
    await useUpTicket(ours, (await first).postData() ?? '');
    await visitor.confirm();
    const notice = visitor.widget
      .getByText(/^One moment… \d+$/)
      .filter({ visible: true })
      .first();
    const seconds = async () => Number(/\d+/.exec(await notice.innerText())?.[0]);
    await notice.waitFor();
    const start = await seconds();
    assert.ok(start >= 1 && start <= THROTTLE_SECONDS * 1.25 + 1, `${start} s`);
    await until(async () => (await seconds()) < start, 'it counts down');
    await visitor.sees(/You’re booked/);
    assert.equal(ours.account(who.email).calls.length, 1);
    assert.ok(!visitor.names().includes('failed'));
    await visitor.context.close();
  });

  test(`iClosed’s, ${PACE.points} in ${PACE.windowSeconds} s: of ${VISITORS} all are booked and no call was one too many`, async () => {
    const address = theirs.site.put('/', landing(tag(`event="${INTRO}"`)));
    const busy: string[] = [];
    const book = async (visitor: Visitor) => {
      visitor.context.setDefaultTimeout(100_000);
      const who = person();
      await visitor.open(address);
      await visitor.field('Email').fill(who.email);
      const waiting = visitor.widget
        .getByText(/^Busy right now\./)
        .filter({ visible: true })
        .first();
      void waiting.innerText().then(
        (text) => busy.push(plain(text)),
        () => {},
      );
      await visitor.submit();
      await visitor.pick();
      await visitor.confirm();
      await visitor.sees(/You’re booked/);
      return { who, names: visitor.names() };
    };
    const visitors = await Promise.all(Array.from({ length: VISITORS }, () => theirs.enter()));
    const ended = await Promise.all(visitors.map(book));
    const { ledger } = theirs.stack.standin;
    assert.deepEqual(ledger.overLimit(), []);
    assert.deepEqual(
      ledger.entries.filter(({ status }) => status === 429).map(({ endpoint }) => endpoint),
      [],
    );
    for (const { who, names } of ended) {
      assert.equal(theirs.account(who.email).calls.length, 1);
      assert.ok(!names.includes('failed'), names.join(' '));
    }
    assert.notEqual(busy.length, 0, 'somebody had to wait and was told so');
    for (const words of busy) assert.match(words, /^Busy right now\. About \d+ seconds; your place is kept\.$/);
    await Promise.all(visitors.map((visitor) => visitor.context.close()));
  });
});
