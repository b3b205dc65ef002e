/**
 * Wrong settings and missing secrets: the owner finds a sentence in the log that names the setting and says what to write; a
 * visitor is told that booking is not available, in no word of the vendor and with no crash.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { PATHS } from '../../shared/protocol.ts';
import { type Stack, startStack } from '../stack.ts';
import { ask, assertProblem, DISCOVERY, UNPACED, Visitor } from './visitor.ts';

const VENDOR_WORDS = /api key|bearer|iclosed_|ICLOSED|SIGNING|invalid api|unauthorized/i;

/** One Worker for all: its configuration is changed and it is loaded anew, as by a deploy. */
let stack: Stack;
before(async () => {
  stack = await startStack({ standin: { settings: { limit: { enforced: false } } }, vars: { ICLOSED_RATE: UNPACED } });
});
after(() => stack.close());

interface Change {
  vars?: Record<string, string>;
  secrets?: Record<string, string>;
}

/** Loads the Worker with other settings, lets a visitor come, and takes everything back. */
async function having(change: Change, run: () => Promise<void>): Promise<string> {
  let restore: (() => Promise<void>) | undefined;
  stack.harness.clearLogs();
  await stack.update((options) => {
    restore = () => stack.update(() => options);
    return {
      ...options,
      workers: options.workers.map((worker) =>
        'config' in worker
          ? worker
          : {
              ...worker,
              vars: { ...worker.vars, ...change.vars },
              secrets: { ...worker.secrets, ...change.secrets },
            },
      ),
    };
  });
  try {
    await run();
    return stack.harness
      .getLogs()
      .map(({ message }) => String(message))
      .join('\n');
  } finally {
    await restore?.();
  }
}

describe('a wrong setting', () => {
  const cases: [string, Change, RegExp][] = [
    [
      'ALLOWED_ORIGINS is no JSON',
      { vars: { ALLOWED_ORIGINS: 'example.com' } },
      /ALLOWED_ORIGINS must be a JSON array/,
    ],
    [
      'ALLOWED_ORIGINS has a path',
      { vars: { ALLOWED_ORIGINS: '["https://example.com/shop"]' } },
      /ALLOWED_ORIGINS.*must end after the host/,
    ],
    ['ICLOSED_RATE is in words', { vars: { ICLOSED_RATE: 'fast' } }, /ICLOSED_RATE is .*20\/10s/],
    [
      'ICLOSED_API_URL is another company',
      { vars: { ICLOSED_API_URL: 'https://api.example.com' } },
      /ICLOSED_API_URL is .*public\.api\.iclosed\.io/,
    ],
    ['SLOT_TIME_ZONE is no zone', { vars: { SLOT_TIME_ZONE: 'Berlin' } }, /SLOT_TIME_ZONE is .*IANA/],
    ['EVENTS is no JSON', { vars: { EVENTS: '{acme' } }, /EVENTS is not JSON/],
    ['EVENTS has a word that is not known', { vars: { EVENTS: '{"acme/x":{"colour":"red"}}' } }, /EVENTS: acme\/x/],
    ['EVENTS has an alias without an event', { vars: { EVENTS: '{"sales":{}}' } }, /sales.*linkPrefix/],
    ['SIGNING_KEYS is missing', { secrets: { SIGNING_KEYS: '' } }, /SIGNING_KEYS must be a list/],
    ['SIGNING_KEYS is too short', { secrets: { SIGNING_KEYS: '1:YWJj' } }, /SIGNING_KEYS.*shorter than 32 bytes/],
  ];
  for (const [what, change, sentence] of cases) {
    test(`${what}: a sentence in the log, a problem for the visitor, no call`, async () => {
      const before = stack.standin.ledger.requests('GET /v1/events/detail').length;
      const log = await having(change, async () => {
        const reply = await new Visitor(stack).get(`${PATHS.event}?event=${DISCOVERY}`);
        assertProblem(reply, 'unavailable');
        assert.doesNotMatch(reply.text, VENDOR_WORDS);
        assert.equal((await ask(stack, PATHS.health)).status, 200, 'the Worker itself is up');
      });
      assert.match(log.replaceAll('\\"', '"'), sentence);
      const asked = stack.standin.ledger.requests('GET /v1/events/detail').length - before;
      assert.ok(asked <= (change.secrets ? 1 : 0), 'iClosed is not asked under wrong settings');
    });
  }
});

describe('the key', () => {
  const cases: [string, string, RegExp][] = [
    ['missing', '', /ICLOSED_API_KEY is missing/],
    ['with a hyphen', 'iclosed-standin', /begins with \\?"iclosed-/],
    ['of something else', 'sk_live_1', /must begin with \\?"iclosed_/],
    ['with a line break', 'iclosed_abc\ndef', /blank or a line break/],
  ];
  for (const [what, key, sentence] of cases) {
    test(`${what}: said once in the log, the visitor is told that booking is not available`, async () => {
      // An event that nobody has asked for: otherwise its description is still known.
      const event = `acme/${['email-only', 'name-only', 'phone-only', 'full'][cases.findIndex(([name]) => name === what)]}`;
      const before = stack.standin.ledger.entries.length;
      const log = await having({ secrets: { ICLOSED_API_KEY: key } }, async () => {
        for (let visit = 0; visit < 2; visit += 1) {
          const reply = await new Visitor(stack).get(`${PATHS.event}?event=${event}`);
          assertProblem(reply, 'unavailable');
          assert.doesNotMatch(reply.text, VENDOR_WORDS);
        }
      });
      assert.match(log, sentence);
      if (key) assert.ok(!log.includes(key.replace('\n', '\\n')), 'the key itself is not in the log');
      assert.equal(
        stack.standin.ledger.entries.length,
        before,
        'nothing is sent without a key that iClosed could take',
      );
    });
  }

  test('right again: everything works', async () => {
    const { event, ticket } = await new Visitor(stack).open();
    assert.equal(event.mode, 'book');
    assert.ok(ticket);
  });
});
