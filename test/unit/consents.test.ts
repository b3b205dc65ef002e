/** Consents: from the configuration to what is asked, judged, and told to the owner. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PublicEvent } from '../../shared/protocol.ts';
import { LANGUAGES } from '../../widget/texts/languages.ts';
import { type EventConfig, readEventConfigs } from '../../worker/config/events.ts';
import { askedBy } from '../../worker/event/asked.ts';
import { checkConsents, consentNote } from '../../worker/lead/consents.ts';
import { takeStep } from '../../worker/lead/steps.ts';
import { contactRow, contactStep, description, inputOf, leadRecord, NOW } from './lead-records.ts';

const PRIVACY = 'https://acme.example/privacy';
const config: EventConfig = {
  consents: [
    {
      id: 'terms',
      text: { en: 'I accept the [terms].', de: 'Ich nehme die [AGB] an.' },
      required: true,
      link: PRIVACY,
    },
    { id: 'news', text: 'Write to me.' },
  ],
  legal: [{ text: '[Privacy]', link: PRIVACY }],
  texts: { de: { next: 'Weiter' } },
};
const asked = askedBy(config);
const event = { ...description.public, consents: asked.consents, texts: asked.texts } satisfies PublicEvent;

test('configuration ⇒ never ticked boxes, free unless said otherwise, texts by language beside the owner’s own', () => {
  assert.deepEqual(asked, {
    guests: [],
    consents: [
      { id: 'consent-terms', type: 'consent', label: 'I accept the [terms].', required: true, link: PRIVACY },
      { id: 'consent-news', type: 'consent', label: 'Write to me.', required: false },
    ],
    legal: [{ id: 'legal-1', label: '[Privacy]', link: PRIVACY }],
    texts: {
      en: { 'label-consent-terms': 'I accept the [terms].' },
      de: { 'label-consent-terms': 'Ich nehme die [AGB] an.', next: 'Weiter' },
    },
  });
});

test('guests ⇒ an optional field in every language of the widget, the number in its help', () => {
  const { guests, texts } = askedBy({ maxGuests: 3, texts: { de: { 'label-additional-guests': 'Begleitung' } } });
  assert.deepEqual(
    guests.map(({ id, type, required, max }) => [id, type, required, max]),
    [['additional-guests', 'guests', false, 3]],
  );
  assert.match(guests[0]?.help ?? '', /up to 3\.$/);
  assert.deepEqual(new Set(Object.keys(texts)), new Set(['en', ...LANGUAGES]));
  assert.equal(texts.de?.['label-additional-guests'], 'Begleitung');
  for (const own of Object.values(texts)) assert.match(own['help-additional-guests'] ?? '', /3/);
  assert.deepEqual(askedBy({ maxGuests: 0 }).guests, []);
});

const wrong: [object, RegExp][] = [
  [{ consents: [{ id: 'a b', text: 'x' }] }, /consents\.0\.id/],
  [{ consents: [{ id: 'a', text: '' }] }, /consents\.0\.text/],
  [{ consents: [{ id: 'a', text: {} }] }, /consents\.0\.text/],
  [{ consents: [{ id: 'a', text: 'x', link: PRIVACY }] }, /consents\.0\.text: must mark the words of its link/],
  [{ consents: [{ id: 'a', text: { en: '[x]', de: 'x' }, link: PRIVACY }] }, /must mark the words/],
  [{ consents: [{ id: 'a', text: '[x]', link: 'javascript:1' }] }, /must be an https address/],
  [
    {
      consents: [
        { id: 'a', text: 'x' },
        { id: 'a', text: 'y' },
      ],
    },
    /consents: must have ids that differ/,
  ],
  [{ consents: [{ id: 'a', text: 'x', ticked: true }] }, /consents\.0: .*ticked/],
  [{ legal: [{ text: 'Privacy', link: PRIVACY }] }, /legal\.0\.text: must mark/],
  [{ maxGuests: 11 }, /maxGuests/],
];
for (const [settings, sentence] of wrong) {
  test(`${JSON.stringify(settings)} ⇒ ${sentence.source}`, () =>
    assert.throws(() => readEventConfigs({ events: { 'a/b': settings } }, undefined), sentence));
}

const judged: [Record<string, string> | undefined, string[], object][] = [
  [undefined, [], { 'consent-terms': 'required' }],
  [{}, [], { 'consent-terms': 'required' }],
  [{ 'consent-terms': ' ' }, [], { 'consent-terms': 'required' }],
  [{ 'consent-news': 'Write to me.' }, ['Write to me.'], { 'consent-terms': 'required' }],
  [{ 'consent-terms': 'I accept the [terms].' }, ['I accept the [terms].'], {}],
  [{ 'consent-terms': 'Ich nehme die [AGB] an.' }, ['Ich nehme die [AGB] an.'], {}],
  [{ 'consent-terms': 'Old terms.' }, ['Old terms. (unknown)'], {}],
  [{ 'consent-terms': 'I accept the [terms].', other: 'x' }, ['I accept the [terms].'], {}],
];
for (const [given, texts, faults] of judged) {
  test(`${JSON.stringify(given)} ⇒ ${texts.join() || 'none'} ${JSON.stringify(faults)}`, () => {
    const result = checkConsents(event, given, [], NOW);
    assert.deepEqual(
      result.consents.map(({ text, isUnknown }) => text + (isUnknown ? ' (unknown)' : '')),
      texts,
    );
    assert.deepEqual(result.faults, faults);
  });
}

test('the note ⇒ time, id, text without brackets, link, and a text that nobody configured', () => {
  const given = { 'consent-terms': 'I accept the [terms].', 'consent-news': 'Send\n me all.' };
  const { consents } = checkConsents(event, given, [], NOW);
  assert.equal(
    consentNote(consents),
    [
      'Consent given in the booking form:',
      `2026-11-23T19:00Z terms: "I accept the terms." ${PRIVACY}`,
      '2026-11-23T19:00Z news: "Send me all." (not a text of the present configuration)',
    ].join('\n'),
  );
});

const withConsents = { description: { ...description, public: event } };
const step = (consents: Record<string, string> | undefined, seq = 1) =>
  inputOf(
    { step: 'contact', contact: { name: 'Ann Lee', email: 'ann@example.com' }, ...(consents ? { consents } : {}) },
    seq,
    withConsents,
  );
const TICKED = { 'consent-terms': 'I accept the [terms].' };

test('a contact without the required tick ⇒ refused at the box, no record; with it ⇒ kept with text and time', () => {
  assert.deepEqual(takeStep(undefined, step(undefined), NOW), {
    ok: false,
    code: 'invalid_fields',
    fields: { 'consent-terms': 'required' },
  });
  const taken = takeStep(undefined, step(TICKED), NOW);
  assert.deepEqual(taken.ok && taken.record?.contact.consents, [
    { id: 'consent-terms', text: 'I accept the [terms].', at: NOW, link: PRIVACY },
  ]);
  assert.ok(takeStep(undefined, contactStep(), NOW).ok, 'where none is asked');
});

test('the same attempt again ⇒ the same tick keeps its time; another text under the same number is another payload', () => {
  const at = NOW - 1_000;
  const consents = [{ id: 'consent-terms', text: 'I accept the [terms].', at, link: PRIVACY }];
  const record = leadRecord({ contact: contactRow({ consents }) });
  const again = takeStep(record, step(TICKED), NOW);
  assert.ok(again.ok && again.record === undefined);
  const more = takeStep(record, step({ ...TICKED, 'consent-news': 'Write to me.' }), NOW);
  assert.equal(!more.ok && more.code, 'attempt_settled');
  const next = takeStep(record, step({ ...TICKED, 'consent-news': 'Write to me.' }, 2), NOW);
  assert.deepEqual(next.ok && next.record?.contact.consents?.map((each) => each.at), [at, NOW]);
  const withdrawn = takeStep(record, step({}, 2), NOW);
  assert.equal(withdrawn.ok, false);
});
