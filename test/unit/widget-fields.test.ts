/** Forms, addresses and storage: the small kernels around the conversation. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Consent, PublicEvent, Question } from '../../shared/protocol.ts';
import {
  answersOf,
  consentsOf,
  contactOf,
  type Faults,
  type FormStep,
  formSteps,
  missingIn,
  prefilled,
  stepWith,
  type Values,
} from '../../widget/fields.ts';
import { eventIdOf, scriptOrigin, trackingOf, withoutQuery, withTracking } from '../../widget/page.ts';
import { addressLink, isSafeLink } from '../../widget/parts/ends/links.ts';
import { createSession } from '../../widget/session.ts';

const EVENT = {
  contact: [
    { type: 'name', required: true },
    { type: 'email', required: true },
  ],
  questions: [
    {
      id: 'size',
      type: 'single',
      label: 'Size',
      required: true,
      options: [{ value: 'S', label: 'Small' }, { value: 'L' }],
    },
    { id: 'why', type: 'text', label: 'Why', required: true, showIf: { id: 'size', is: ['L'] } },
    { id: 'Source', type: 'text', label: 'Source', required: false, hidden: true },
  ],
} as unknown as PublicEvent;

const TERMS: Consent = { id: 'consent-terms', type: 'consent', label: 'I agree.', required: true };
const NEWS: Consent = { id: 'consent-news', type: 'consent', label: 'Write to me.', required: false };

describe('steps of the form', () => {
  const cases: [string[][] | undefined, string][] = [
    [undefined, 'contact+size,why'],
    [[], 'contact+size,why'],
    [[['size'], ['why', 'Source']], 'contact | size | why'],
    [[['size']], 'contact | size,why'],
    [[['Source'], ['size'], ['nobody']], 'contact | size | why'],
    [[['size', 'why'], ['Source']], 'contact | size,why'],
    [[[], ['why', 'size']], 'contact | size,why'],
  ];
  for (const [steps, shown] of cases) {
    test(`${JSON.stringify(steps)} ⇒ ${shown}`, () => {
      const event = { ...EVENT, ...(steps ? { steps } : {}) };
      const words = formSteps({ event, values: { size: ['L'] } }).map(({ contact, questions }) =>
        [contact.length > 0 ? 'contact' : '', questions.map(({ id }) => id).join()].filter(Boolean).join('+'),
      );
      assert.equal(words.join(' | '), shown);
    });
  }
});

test('values ⇒ contact trimmed, answers in the order of the questions, unmet conditions left out, hidden ones in', () => {
  const values = { email: [' a@b.co '], name: ['  '], Source: ['ad'], why: ['x'], size: ['S'] };
  assert.deepEqual(contactOf(EVENT, values), { email: 'a@b.co' });
  assert.equal(JSON.stringify(answersOf(EVENT, values)), '{"size":["S"],"Source":["ad"]}');
  assert.equal(
    JSON.stringify(answersOf(EVENT, { ...values, size: ['L'] })),
    '{"size":["L"],"why":["x"],"Source":["ad"]}',
  );
});

test('required and empty ⇒ missing, only where it is shown', () => {
  const missing = (values: Values) => missingIn(formSteps({ event: EVENT, values })[0] as FormStep, values);
  assert.deepEqual(missing({ name: [' '], size: ['S'] }), { name: 'required', email: 'required' });
  assert.deepEqual(missing({ name: ['J'], email: ['a'], size: ['L'] }), { why: 'required' });
});

describe('conditions that hang on conditions', () => {
  const chain = {
    ...EVENT,
    questions: [
      ...EVENT.questions,
      { id: 'how', type: 'text', label: 'How', required: true, showIf: { id: 'why', is: ['x'] } },
    ],
  } as PublicEvent;
  const how = chain.questions.at(-1);
  const cases: [Values, string[], boolean][] = [
    [{ size: ['L'], why: ['x'] }, ['size', 'why'], true],
    [{ size: ['L'], why: [' x '], how: ['so'] }, ['size', 'why', 'how'], true],
    [{ size: ['L'], why: ['y'], how: ['so'] }, ['size', 'why'], false],
    [{ size: ['S'], why: ['x'], how: ['so'] }, ['size'], false],
    [{ why: ['x'], how: ['so'] }, [], false],
  ];
  for (const [values, counted, isThere] of cases) {
    test(`${JSON.stringify(values)} ⇒ ${counted.join() || 'nothing'} counts, the last is ${isThere ? '' : 'not '}shown`, () => {
      const answers = answersOf(chain, values);
      assert.deepEqual(Object.keys(answers), counted);
      assert.equal(formSteps({ event: chain, values })[0]?.questions.includes(how as Question), isThere);
    });
  }
});

describe('consents', () => {
  const event = { ...EVENT, consents: [TERMS, NEWS] };

  test('on the first step, at its end, alone or before the questions; not with a contact that is known', () => {
    const ids = (masked?: object, steps?: string[][]) =>
      formSteps({ event: { ...event, ...(steps ? { steps } : {}) }, values: { size: ['L'] }, masked }).map(
        ({ questions }) => questions.map(({ id }) => id).join(),
      );
    assert.deepEqual(ids(), ['size,why,consent-terms,consent-news']);
    assert.deepEqual(ids(undefined, [['size', 'why', 'Source']]), ['consent-terms,consent-news', 'size,why']);
    assert.deepEqual(ids({ email: 'j•••' }, [['size', 'why', 'Source']]), ['', 'size,why']);
  });

  test('a required one not ticked ⇒ missing; a free one not', () => {
    const [step] = formSteps({ event: { ...event, steps: [['size']] }, values: {} });
    assert.deepEqual(step && missingIn(step, { name: ['J'], email: ['a'] }), { 'consent-terms': 'required' });
    const ticked = { name: ['J'], email: ['a'], 'consent-terms': ['I agree.'] };
    assert.deepEqual(step && missingIn(step, ticked), {});
  });

  test('what is sent ⇒ the texts of the ticked ones, and nothing where none are asked', () => {
    const values = { 'consent-terms': ['I agree.'], 'consent-news': [] };
    assert.equal(JSON.stringify(consentsOf(event, values)), '{"consent-terms":"I agree."}');
    assert.equal(consentsOf(EVENT, values), undefined);
  });
});

test('a fault leads to its step', () => {
  const event = { ...EVENT, steps: [['size'], ['why']] };
  const stepOf = (faults: Faults, values: Values = { size: ['L'] }, asked = event) =>
    stepWith({ event: asked, values }, faults);
  assert.equal(stepOf({ email: 'invalid' }), 0);
  assert.equal(stepOf({ why: 'required' }), 2);
  assert.equal(stepOf({ why: 'required' }, {}), -1, 'one that is not asked');
  assert.equal(stepOf({ nowhere: 'required' }), -1);
  assert.equal(stepOf({ Source: 'required' }), -1, 'a hidden one');
  assert.equal(stepOf({ 'consent-terms': 'required' }, {}, { ...event, consents: [TERMS] } as typeof event), 0);
});

test('prefill ⇒ names without case and with hyphens; a choice takes only what it offers', () => {
  const given = { NAME: 'Jane', source: 'ad', size: 'XXL', unknown: 'x' };
  assert.deepEqual(prefilled(EVENT, given), { name: ['Jane'], Source: ['ad'] });
  assert.deepEqual(prefilled(EVENT, { size: 'L' }), { size: ['L'] });
});

describe('which event an attribute names', () => {
  const cases: [string, string | undefined][] = [
    ['acme/discovery-call', 'acme/discovery-call'],
    [' demo ', 'demo'],
    ['https://app.iclosed.io/e/acme/discovery-call', 'acme/discovery-call'],
    ['https://app.iclosed.io/e/acme/discovery-call/?utm_source=x#y', 'acme/discovery-call'],
    ['https://acme.com/elsewhere', undefined],
    ['a/b/c', undefined],
    ['<script>', undefined],
    ['', undefined],
  ];
  for (const [attribute, id] of cases) test(`${attribute} ⇒ ${id}`, () => assert.equal(eventIdOf(attribute), id));
});

describe('addresses', () => {
  const safe: [string | undefined, boolean][] = [
    ['https://acme.com/thanks', true],
    ['http://localhost:8788/x', true],
    ['http://127.0.0.1/x', true],
    ['http://acme.com', false],
    ['http://localhost.acme.com', false],
    ['https://user:pass@acme.com', false],
    ['javascript:alert(1)', false],
    [' javascript:alert(1)', false],
    ['data:text/html,x', false],
    ['//acme.com', false],
    ['/x', false],
    [undefined, false],
  ];
  for (const [address, is] of safe)
    test(`${address} ⇒ ${is ? 'opened' : 'not opened'}`, () => assert.equal(isSafeLink(address), is));

  for (const [address, link] of [
    ['hello@acme.com', 'mailto:hello@acme.com'],
    ['+1 (415) 555-0100', 'tel:+14155550100'],
    ['https://acme.com/contact', 'https://acme.com/contact'],
    ['javascript:alert(1)//@acme.com', undefined],
    ['hello@acme.com?bcc=eve@evil.com', undefined],
    ['data:text/html,x', undefined],
    ['call us', undefined],
  ] as const) {
    test(`owner’s address ${address} ⇒ ${link ?? 'not shown'}`, () => assert.equal(addressLink(address), link));
  }

  test('attribution is added, never replaced; personal data stays behind', () => {
    const tracking = trackingOf('https://acme.com/?utm_source=ads&gclid=g1&email=jane@acme.com&utm_medium=');
    assert.deepEqual(tracking, { utm_source: 'ads', gclid: 'g1' });
    assert.equal(
      withTracking('https://app.iclosed.io/e/a/b?utm_source=own', tracking),
      'https://app.iclosed.io/e/a/b?utm_source=own&gclid=g1',
    );
    assert.equal(withTracking('mailto:a@b.co', tracking), 'mailto:a@b.co');
    assert.equal(withoutQuery('https://acme.com/p?email=x#y'), 'https://acme.com/p');
    assert.equal(withoutQuery(''), undefined);
  });

  const scripts: [string | undefined, string[], string | undefined][] = [
    ['https://w.dev/embed.js', [], 'https://w.dev'],
    ['https://w.dev/v/0a1b2c3d/embed.js', [], 'https://w.dev'],
    ['https://acme.com/cache/all.js', ['https://w.dev/embed.js'], 'https://w.dev'],
    [undefined, ['https://acme.com/app.js', 'https://w.dev/embed.js?ver=2'], 'https://w.dev'],
    ['https://acme.com/cache/all.js', [], undefined],
  ];
  for (const [running, others, origin] of scripts) {
    test(`running ${running}, on the page ${others.join() || 'none'} ⇒ ${origin}`, () => {
      const page = {
        currentScript: running ? { src: running } : null,
        querySelectorAll: () => others.map((src) => ({ src })),
        baseURI: 'https://acme.com/',
      };
      assert.equal(scriptOrigin(page as unknown as Document), origin);
    });
  }

  test('a page without an address of its own (data:), as a module ⇒ found all the same', () => {
    const script = { src: 'https://book.example.com/embed.js' };
    const page = { currentScript: null, querySelectorAll: () => [script], baseURI: 'data:text/html,page' };
    assert.equal(scriptOrigin(page as unknown as Document), 'https://book.example.com');
  });
});

describe('session', () => {
  const SAVED = { attempt: 'a', seq: { contact: 1 }, fired: {} };

  function memory() {
    const held = new Map<string, string>();
    const storage = {
      getItem: (key: string) => held.get(key) ?? null,
      setItem: (key: string, value: string) => void held.set(key, value),
      removeItem: (key: string) => void held.delete(key),
    };
    return { held, storage, session: createSession(() => storage) };
  }

  test('several events ⇒ one entry; the last to go takes it along', () => {
    const { held, storage, session } = memory();
    session.write('a/b', SAVED, SAVED);
    session.write('a/c', SAVED, SAVED);
    assert.equal(held.size, 1);
    assert.deepEqual(createSession(() => storage).read('a/b'), SAVED);
    session.write('a/b');
    session.write('a/c');
    assert.equal(held.size, 0);
  });

  test('two elements of one event ⇒ a key each, in the order in which they come; a key given back is free again', () => {
    const { session } = memory();
    const claim = () => session.claim('a/b', () => undefined);
    assert.deepEqual([claim(), claim()], ['a/b', 'a/b ']);
    session.release('a/b');
    assert.deepEqual([session.isHeld('a/b'), session.isHeld('a/b ')], [false, true]);
    assert.equal(claim(), 'a/b');
  });

  for (const [name, first, second, times] of [
    ['the first goes and leaves something ⇒ the second, with nothing, is told', SAVED, undefined, 1],
    ['the first goes with nothing ⇒ the second is told, and can take its key', undefined, undefined, 1],
    ['both have something ⇒ each keeps its own', SAVED, SAVED, 0],
  ] as const) {
    test(name, () => {
      const { session } = memory();
      let told = 0;
      session.claim('a/b', assert.fail);
      session.claim('a/b', () => (told += 1));
      session.write('a/b', first);
      session.write('a/b ', second);
      session.release('a/b');
      assert.equal(told, times);
    });
  }

  test('the page remembers more than a reload finds, until it is told to forget', () => {
    const { held, storage, session } = memory();
    session.write('a/b', { ...SAVED, attempt: 'all' }, SAVED);
    assert.equal(session.read('a/b')?.attempt, 'all');
    assert.equal(createSession(() => storage).read('a/b')?.attempt, 'a');
    session.write('a/b', SAVED);
    assert.deepEqual([held.size, session.read('a/b')], [0, SAVED]);
    session.write('a/b');
    assert.equal(session.read('a/b'), undefined);
  });

  for (const entry of ['no json', 'null', '{}']) {
    test(`an entry ${entry} ⇒ nothing, no error`, () => {
      const { held, session } = memory();
      held.set('iclosed-booking', entry);
      assert.equal(session.read('a/b'), undefined);
    });
  }

  test('storage that throws ⇒ nothing for a reload, no error', () => {
    const session = createSession(() => {
      throw new DOMException('denied', 'SecurityError');
    });
    session.write('a/b', SAVED, SAVED);
    assert.deepEqual(session.read('a/b'), SAVED);
    session.write('a/b');
    assert.equal(session.read('a/b'), undefined);
  });
});
