/** events.json and EVENTS: what a tag's `event` names, and the sentence that each mistake becomes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EventConfigs, readEventConfigs, resolveEvent } from '../../worker/config/events.ts';

const configs: EventConfigs = {
  'acme/discovery-call': { name: 'Discovery' },
  demo: { linkPrefix: 'acme/demo-call', name: 'Demo' },
  'beta/*': { name: 'Any' },
};

const resolved: [string, { id: string; name?: string } | undefined][] = [
  ['acme/discovery-call', { id: 'acme/discovery-call', name: 'Discovery' }],
  [' acme/discovery-call ', { id: 'acme/discovery-call', name: 'Discovery' }],
  ['/acme/discovery-call/', { id: 'acme/discovery-call', name: 'Discovery' }],
  ['https://app.iclosed.io/e/acme/discovery-call', { id: 'acme/discovery-call', name: 'Discovery' }],
  ['https://app.iclosed.io/e/acme/discovery-call?utm_source=x#y', { id: 'acme/discovery-call', name: 'Discovery' }],
  ['https://app.iclosed.io/e/acme/discovery-call/', { id: 'acme/discovery-call', name: 'Discovery' }],
  ['demo', { id: 'acme/demo-call', name: 'Demo' }],
  ['acme/demo-call', { id: 'acme/demo-call', name: 'Demo' }],
  ['beta/anything', { id: 'beta/anything', name: 'Any' }],
  ['acme/other', undefined],
  ['Acme/discovery-call', undefined],
  ['discovery-call', undefined],
  ['beta', undefined],
  ['beta/', undefined],
  ['beta/*', undefined],
  ['beta/a/b', undefined],
  ['beta/a b', undefined],
  ['beta/a?b', undefined],
  ['beta/a#b', undefined],
  ['gamma/anything', undefined],
  ['', undefined],
  ['/', undefined],
  ['__proto__', undefined],
  ['constructor', undefined],
  ['toString/x', undefined],
  ['https://evil.com/acme/discovery-call', undefined],
];
for (const [named, expected] of resolved) {
  test(`event ${JSON.stringify(named)} ⇒ ${expected?.id ?? 'unknown'}`, () => {
    const found = resolveEvent(configs, named);
    assert.deepEqual(found && { id: found.id, name: found.config.name }, expected);
  });
}

test('EVENTS lies over events.json, field by field', () => {
  const file = { events: { 'a/b': { name: 'File', host: 'Ann' }, 'a/c': {} } };
  assert.deepEqual(readEventConfigs(file, '{"a/b":{"name":"Variable"},"x/y":{}}'), {
    'a/b': { name: 'Variable', host: 'Ann' },
    'a/c': {},
    'x/y': {},
  });
  assert.deepEqual(readEventConfigs(file, undefined), file.events);
  assert.deepEqual(readEventConfigs(file, ' '), file.events);
});

const LINK = 'must be an https address without user name and password';
const ADDRESS = 'must be an e-mail address, a phone number that begins with +, or an https address';
const wrong: [unknown, string | undefined, RegExp | string][] = [
  [[], undefined, /^(Setup)?Error: events\.json: the whole: /],
  [{}, undefined, /^(Setup)?Error: events\.json: events: /],
  [{ events: {}, evnets: {} }, undefined, /events\.json: the whole: .*evnets/],
  [{ events: { 'a/b': { naem: 'x' } } }, undefined, /events\.json: events\.a\/b: .*naem/],
  [{ events: { 'a/b': { redirect: 'http://x.com' } } }, undefined, `events.json: events.a/b.redirect: ${LINK}`],
  [{ events: { 'a/b': { redirect: 'javascript:1' } } }, undefined, `events.json: events.a/b.redirect: ${LINK}`],
  [{ events: { 'a/b': { logo: 'https://u:p@x.com/l.png' } } }, undefined, `events.json: events.a/b.logo: ${LINK}`],
  [
    { events: { 'a/b': { disqualified: [{ redirect: '//x.com' }] } } },
    undefined,
    `events.json: events.a/b.disqualified.0.redirect: ${LINK}`,
  ],
  [{ events: { 'a/b': { support: ['call us'] } } }, undefined, `events.json: events.a/b.support.0: ${ADDRESS}`],
  [{ events: { 'a/b': { support: ['javascript:1'] } } }, undefined, `events.json: events.a/b.support.0: ${ADDRESS}`],
  [{ events: { 'a/b': { horizonDays: 0 } } }, undefined, /events\.a\/b\.horizonDays: /],
  [{ events: {} }, '{', /^(Setup)?Error: EVENTS is not JSON: /],
  [{ events: {} }, '[]', /^(Setup)?Error: EVENTS: the whole: /],
  [{ events: {} }, '{"a/b":{"flow":"x"}}', /^(Setup)?Error: EVENTS: a\/b\.flow: /],
  [{ events: {} }, '{"a/b":{"questions":[{"identifer":"x"}]}}', /^(Setup)?Error: EVENTS: a\/b\.questions\.0/],
  [
    { events: { 'a b': {} } },
    undefined,
    'events.json: "a b" is no event; write "account/event-name", "account/*" or a short alias',
  ],
  [
    { events: {} },
    '{"a/b/c":{}}',
    'EVENTS: "a/b/c" is no event; write "account/event-name", "account/*" or a short alias',
  ],
  [{ events: { demo: {} } }, undefined, 'events.json: the alias "demo" needs "linkPrefix": "account/event-name"'],
  [
    { events: { 'acme/call': {}, demo: { linkPrefix: 'acme/call' } } },
    undefined,
    'events.json: "acme/call" and "demo" are both the event "acme/call"; put their settings under one',
  ],
  [{ events: { demo: { linkPrefix: 'demo' } } }, undefined, /events\.demo\.linkPrefix: /],
];
for (const [file, variable, sentence] of wrong) {
  test(`${JSON.stringify(file)} with EVENTS=${variable} ⇒ a sentence`, () => {
    assert.throws(
      () => readEventConfigs(file, variable),
      typeof sentence === 'string' ? { message: sentence } : sentence,
    );
  });
}
