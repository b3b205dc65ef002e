/** Consents, conditional and hidden questions, guests, the list of faults, the hint at a mistyped address, a contact sent ahead. */
import { sendKeys } from '@web/test-runner-commands';
import { EARLY_CONTACT_MS } from '../../shared/limits.ts';
import type { PublicEvent, Question } from '../../shared/protocol.ts';
import * as hints from '../../widget/parts/hints.ts';
import { expect, expectAccessible } from './expect.ts';
import { EVENT, page, settled, SLOTS } from './scripted-worker.ts';
import { WidgetPage } from './widget-page.ts';

let shown: WidgetPage;
beforeEach(async () => {
  sessionStorage.clear();
  shown = await WidgetPage.open();
});
afterEach(() => {
  shown.close();
  history.replaceState(null, '', location.pathname);
});

const TERMS = 'I accept the [privacy notice] of Acme.';
const CONSENTS: PublicEvent['consents'] = [
  { id: 'consent-terms', type: 'consent', label: TERMS, required: true, link: 'https://acme.example/privacy' },
  { id: 'consent-news', type: 'consent', label: 'You may write to me.', required: false },
];
const LEGAL = [{ id: 'legal-1', label: '[Terms]', link: 'https://acme.example/terms' }];

/** The part comes when the focus enters. */
async function withHints(): Promise<void> {
  shown.field('First name').focus();
  await settled();
  await shown.worker.lastPart().arrive(hints);
}
const contactOf = () => shown.worker.last('contact').body as { consents?: object };

describe('consents', () => {
  beforeEach(() => {
    return shown.worker.last('event').event({ consents: CONSENTS, legal: LEGAL });
  });

  it('are boxes that nobody has ticked, with their link, and links to the terms below', async () => {
    const terms = shown.field('I accept');
    expect(terms.checked).to.equal(false);
    expect(terms.required).to.equal(true);
    expect(shown.text)
      .to.contain('I accept the privacy notice of Acme.')
      .and.contain('You may write to me. (optional)');
    const links = [...shown.root.querySelectorAll('form a')].map((each) => [
      each.textContent,
      each.getAttribute('href'),
    ]);
    expect(links).to.deep.equal([
      ['privacy notice', 'https://acme.example/privacy'],
      ['Terms', 'https://acme.example/terms'],
    ]);
    await expectAccessible(shown.element);
  });

  it('a required one that is unticked before anything was sent keeps the contact in the browser', async () => {
    await shown.fill();
    await shown.choose('I accept');
    shown.worker.isOnline = false;
    await shown.press('See available times');
    await shown.choose('I accept');
    await shown.worker.comeOnline();
    expect(shown.worker.steps()).to.deep.equal(['event']);
    await shown.press('See available times');
    expect(shown.worker.steps()).to.deep.equal(['event']);
    expect(shown.focused).to.equal(shown.field('I accept'));
  });

  for (const [what, field, change] of [
    ['what was unticked since', 'I accept', () => shown.choose('I accept')],
    ['an address that is wrong by now', 'Email', () => shown.type('Email', 'jane@')],
  ] as const) {
    it(`another try after a failure does not send ${what}`, async () => {
      await shown.fill();
      await shown.choose('I accept');
      await shown.press('See available times');
      await shown.worker.last('contact').problem('not_supported', 501);
      await change();
      const { length } = shown.worker.calls;
      await shown.press('Try again');
      expect(shown.worker.calls).to.have.length(length);
      expect(shown.focused).to.equal(shown.field(field));
    });
  }

  it('a required one not ticked keeps the contact in the browser, and says so at the box', async () => {
    await shown.fill();
    await shown.press('See available times');
    expect(shown.worker.steps()).to.deep.equal(['event']);
    const terms = shown.field('I accept');
    expect(shown.focused).to.equal(terms);
    expect(terms.getAttribute('aria-invalid')).to.equal('true');
    expect(shown.text).to.contain('Please tick this to go on.');
    await expectAccessible(shown.element);
    await shown.choose('I accept');
    expect(shown.text).not.to.contain('Please tick this');
    await shown.press('See available times');
    expect(contactOf().consents).to.deep.equal({ 'consent-terms': TERMS });
  });

  it('are no answers; a tick taken back is said again with the next number', async () => {
    await shown.fill();
    await shown.choose('I accept');
    await shown.choose('You may write');
    await shown.press('See available times');
    expect(Object.keys(contactOf().consents ?? {})).to.deep.equal(['consent-terms', 'consent-news']);
    await shown.worker.last('contact').lead('answers');
    expect(shown.worker.last('answers').body).to.deep.include({ answers: { '1001': ['11-50'] } });
    await shown.worker.last('answers').lead('times', { slots: page('2027-03', SLOTS) });
    await shown.press('Back');
    expect(shown.field('You may write').checked).to.equal(true);
    await shown.choose('You may write');
    await shown.press('See available times');
    expect(shown.worker.last('contact').body).to.deep.include({ seq: 2, consents: { 'consent-terms': TERMS } });
  });

  it('the Worker refuses one ⇒ back at its box', async () => {
    await shown.fill();
    await shown.choose('I accept');
    await shown.press('See available times');
    await shown.worker.last('contact').problem('invalid_fields', 422, { fields: { 'consent-terms': 'required' } });
    expect(shown.focused).to.equal(shown.field('I accept'));
    expect(shown.text).to.contain('Please tick this to go on.');
  });
});

it('a text is what the Worker will make of it, as soon as it is left', async () => {
  const site: Question = { id: 'site', type: 'url', label: 'Your website', required: true };
  await shown.worker.last('event').event({ questions: [site] });
  shown.field('Your website').focus();
  await settled();
  for (const [typed, stands] of [
    ['acme.com/about', 'https://acme.com/about'],
    ['http://acme.com', 'http://acme.com'],
    ['none yet', 'none yet'],
    ['Rene\u0301e\tDoe', 'Ren\u00e9e Doe'],
  ] as const) {
    await shown.type('Your website', typed);
    shown.field('Your website').dispatchEvent(new Event('change', { bubbles: true }));
    expect(shown.field('Your website').value).to.equal(stands);
  }
});

describe('conditional questions', () => {
  const options = [{ value: 'A' }, { value: 'B' }];
  const single = (id: string, label: string, more: Partial<Question> = {}): Question => {
    return { id, type: 'single', label, required: true, options, ...more };
  };

  it('follow live through a chain; what hangs on a vanished answer vanishes and is not sent', async () => {
    const questions = [
      single('one', 'First?'),
      single('two', 'Second?', { showIf: { id: 'one', is: ['A'] } }),
      { id: 'three', type: 'text' as const, label: 'Third?', required: true, showIf: { id: 'two', is: ['B'] } },
    ];
    await shown.worker.last('event').event({ questions });
    await shown.type('First name', 'Jane');
    await shown.type('Last name', 'Doe');
    await shown.type('Email', 'jane@acme.com');
    const choose = async (group: string, value: string) => {
      shown.root.querySelector<HTMLInputElement>(`input[name=${group}][value=${value}]`)?.click();
      await settled();
    };
    await choose('one', 'A');
    await choose('two', 'B');
    await shown.type('Third?', 'Because');
    await choose('one', 'B');
    expect(shown.text).not.to.contain('Second?').and.not.to.contain('Third?');
    await choose('one', 'A');
    expect(shown.field('Third?').value).to.equal('Because');
    await choose('one', 'B');
    await shown.press('See available times');
    await shown.worker.last('contact').lead('answers');
    expect(shown.worker.last('answers').body).to.deep.include({ answers: { one: ['B'] } });
  });

  it('across steps, and a step that is left and entered again shows what was chosen', async () => {
    const questions = [
      single('one', 'First?'),
      single('two', 'Second?'),
      single('last', 'Last?', { showIf: { id: 'one', is: ['B'] } }),
    ];
    await shown.worker.last('event').event({ questions, steps: [['one'], ['two', 'last']] });
    await shown.type('First name', 'Jane');
    await shown.type('Last name', 'Doe');
    await shown.type('Email', 'jane@acme.com');
    await shown.press('Continue');
    await shown.worker.last('contact').lead('answers');
    const chosen = () =>
      [...shown.root.querySelectorAll<HTMLInputElement>('input:checked')].map((each) => each.name + each.value);
    await shown.choose('B');
    await shown.press('Continue');
    expect(shown.text).to.contain('Last?');
    await shown.choose('A');
    expect(chosen()).to.deep.equal(['twoA']);
    await shown.press('Back');
    expect(chosen()).to.deep.equal(['oneB']);
    await shown.choose('A');
    await shown.press('Continue');
    expect(chosen()).to.deep.equal(['twoA']);
    expect(shown.text).not.to.contain('Last?');
  });
});

describe('hidden questions', () => {
  const source: Question = { id: 'source', type: 'text', label: 'Source', required: true, hidden: true };
  const open = async (address: string, attributes: Record<string, string> = {}) => {
    shown.close();
    sessionStorage.clear();
    history.replaceState(null, '', address);
    shown = await WidgetPage.open(attributes);
    await shown.worker.last('event').event({ questions: [...EVENT.questions, source] });
    await shown.fill();
    await shown.press('See available times');
    await shown.worker.last('contact').lead('answers');
    return (shown.worker.last('answers').body as { answers: object }).answers;
  };

  it('take the page’s address, and an attribute before it', async () => {
    expect(await open('?source=ad-7&1001=nonsense')).to.deep.include({ source: ['ad-7'] });
    expect(shown.text).not.to.contain('Source');
    expect(await open('?source=ad-7', { 'prefill-source': 'partner' })).to.deep.include({ source: ['partner'] });
  });

  it('missing although required ⇒ a calm sentence beside the link, no dead end', async () => {
    expect(await open('?')).not.to.have.property('source');
    await shown.worker.last('answers').problem('answers_incomplete', 422, { fields: { source: 'required' } });
    expect(shown.text).to.contain('That did not work just now.');
    expect(shown.isLinkShown()).to.equal(true);
  });

  it('are kept over a reload', async () => {
    await open('?source=ad-7');
    shown.close();
    shown = await WidgetPage.open();
    await shown.worker.last('event').event({ questions: [...EVENT.questions, source] });
    await shown.worker.last('read').lead('answers', { contact: { email: 'j•••@acme.com' } });
    await shown.choose('11-50');
    await shown.press('See available times');
    expect((shown.worker.last('answers').body as { answers: object }).answers).to.deep.include({ source: ['ad-7'] });
  });
});

describe('guests', () => {
  const guests: Question = {
    id: 'additional-guests',
    type: 'guests',
    label: 'Guests',
    help: 'One address per line.',
    required: false,
    max: 2,
  };

  it('are one optional field of several lines; refused at the booking ⇒ said there, the time stays chosen', async () => {
    delete shown.worker.atHand.hints;
    await shown.worker.last('event').event({ questions: [...EVENT.questions, guests] });
    await withHints();
    const field = shown.field('Guests') as unknown as HTMLTextAreaElement;
    expect(field.tagName).to.equal('TEXTAREA');
    expect(field.inputMode).to.equal('email');
    await shown.fill();
    await shown.type('Guests', 'bo@acme.example\ncy@acme.example');
    await shown.press('See available times');
    await shown.worker.last('contact').lead('answers');
    await shown.worker.last('answers').lead('times', { slots: page('2027-03', SLOTS) });
    await shown.press('10:00 AM');
    await shown.press('Book this time');
    await shown.worker.last('book').problem('invalid_fields', 422, { fields: { 'additional-guests': 'refused' } });
    expect(shown.focused).to.equal(shown.field('Guests'));
    expect(shown.text).to.contain('This was not accepted.');
    await shown.type('Guests', '');
    await shown.press('See available times');
    await shown.worker.last('answers').lead('times', { slots: page('2027-03', SLOTS) });
    expect(shown.button('10:00 AM').getAttribute('aria-pressed')).to.equal('true');
  });
});

describe('help with the form', () => {
  beforeEach(() => {
    delete shown.worker.atHand.hints;
    return shown.worker.last('event').event({}, { country: 'IN' });
  });

  it('nothing is loaded before the visitor is in the form, and then once', async () => {
    expect(shown.worker.parts).to.have.length(0);
    await withHints();
    shown.field('Email').focus();
    await settled();
    expect(shown.worker.parts.map(({ url }) => url.split('/').pop())).to.deep.equal(['hints.js']);
  });

  it('several faults ⇒ a list that takes the focus and leads to each field; one fault ⇒ none', async () => {
    await withHints();
    await shown.press('See available times');
    const list = shown.root.querySelector('.faults');
    expect(shown.focused).to.equal(list);
    expect(list?.textContent).to.contain('Please check these:').and.contain('First name: Please fill this in.');
    expect(list?.textContent).to.contain('How big is your company? Please choose one.');
    await expectAccessible(shown.element);
    await shown.press('Email: Please fill this in.');
    expect(shown.focused).to.equal(shown.field('Email'));
    await shown.type('First name', 'Jane');
    expect(shown.root.querySelector('.faults')?.textContent).not.to.contain('First name');
    await shown.type('Last name', 'Doe');
    await shown.type('Email', 'jane@acme.com');
    expect(shown.root.querySelector('.faults')).to.equal(null);
    await shown.press('See available times');
    expect(shown.focused).to.equal(shown.field('1-10'));
    expect(shown.root.querySelector('.faults')).to.equal(null);
  });

  it('the list comes late ⇒ it takes the focus where the visitor has not moved on, else not', async () => {
    await shown.press('See available times');
    expect(shown.focused).to.equal(shown.field('First name'));
    await shown.worker.lastPart().arrive(hints);
    expect(shown.focused?.className).to.equal('notice faults');
    shown.close();
    shown = await WidgetPage.open();
    delete shown.worker.atHand.hints;
    await shown.worker.last('event').event();
    await shown.press('See available times');
    shown.field('Email').focus();
    await shown.worker.lastPart().arrive(hints);
    expect(shown.focused).to.equal(shown.field('Email'));
    expect(shown.root.querySelector('.faults')).not.to.equal(null);
  });

  it('without the part every fault still stands at its field', async () => {
    await shown.press('See available times');
    await shown.worker.lastPart().fail();
    expect(shown.focused).to.equal(shown.field('First name'));
    expect(shown.root.querySelectorAll('.fault')).to.have.length(4);
  });

  it('a mistyped mail domain ⇒ one press mends it, once the field was left', async () => {
    await withHints();
    await shown.type('First name', 'Jane');
    await shown.type('Last name', 'Doe');
    shown.field('Email').focus();
    await shown.type('Email', 'jane@gmial.com');
    expect(shown.text).not.to.contain('Did you mean');
    await sendKeys({ press: 'Tab' });
    expect(shown.text).to.contain('Did you mean jane@gmail.com?');
    await expectAccessible(shown.element);
    await shown.press('Did you mean jane@gmail.com?');
    expect(shown.focused).to.equal(shown.field('Email'));
    expect(shown.field('Email').value).to.equal('jane@gmail.com');
    expect(shown.text).not.to.contain('Did you mean');
    await shown.choose('11-50');
    await shown.press('See available times');
    expect(shown.worker.last('contact').body).to.have.nested.property('contact.email', 'jane@gmail.com');
  });

  it('what nobody sees in a pasted address ⇒ taken out at once, in what is sent too; while it is typed nothing moves', async () => {
    await withHints();
    await shown.fill();
    const mail = shown.field('Email');
    const say = async (value: string, inputType: string) => {
      mail.value = value;
      mail.dispatchEvent(new InputEvent('input', { inputType, bubbles: true, composed: true }));
      await settled();
    };
    mail.focus();
    await say('vera@acme.com\u00a0', 'insertText');
    expect(mail.value).to.equal('vera@acme.com\u00a0');
    await sendKeys({ press: 'Tab' });
    expect(mail.value).to.equal('vera@acme.com');
    for (const pasted of ['\ufeffvera@acme.com', '\u200evera@acme.com', 've\u200bra@acme.com\u00a0\u202c']) {
      await say(pasted, 'insertFromPaste');
      expect(mail.value).to.equal('vera@acme.com');
    }
    await say('vera vera@acme.com', 'insertFromPaste');
    expect(mail.validity.valid).to.equal(false);
    await say('\u200evera@acme.com', 'insertFromPaste');
    await shown.press('See available times');
    expect(shown.text).not.to.contain('Please enter');
    expect(shown.worker.last('contact').body).to.have.nested.property('contact.email', 'vera@acme.com');
  });

  it('keyboards: the number of the visitor’s country begins, the last line is named as the end', async () => {
    await withHints();
    expect(shown.field('Phone').placeholder).to.equal('+91 …');
    expect(shown.field('Phone').enterKeyHint).to.equal('go');
    expect(shown.field('Email').enterKeyHint).to.equal('next');
    expect(shown.field('Email').spellcheck).to.equal(false);
  });
});

describe('a contact sent ahead', () => {
  const open = async (event: Partial<PublicEvent> = {}) => {
    await shown.worker.last('event').event({ earlyContact: 'blur', ...event });
    shown.root.querySelector('input')?.focus();
    await settled();
  };
  const fillContact = async () => {
    await shown.type('First name', 'Jane');
    await shown.type('Last name', 'Doe');
    await shown.type('Email', 'jane@acme.com');
  };
  /** The focus goes on to the question, and its owner thinks. */
  const leave = async () => {
    shown.root.querySelector<HTMLInputElement>('[type=radio]')?.focus();
    await shown.worker.advance(EARLY_CONTACT_MS);
  };

  it('complete and left ⇒ sent without a word, and not again with the step', async () => {
    await open();
    await fillContact();
    const { text, spoken } = shown;
    shown.field('11-50').focus();
    await shown.worker.advance(EARLY_CONTACT_MS - 1);
    expect(shown.worker.steps()).to.deep.equal(['event']);
    await shown.worker.advance(1);
    const { contact } = shown.worker.last('contact').body as { contact?: object };
    expect(contact).to.deep.equal({ first_name: 'Jane', last_name: 'Doe', email: 'jane@acme.com' });
    expect(shown.names).not.to.contain('contact');
    await shown.worker.last('contact').lead('answers');
    expect(shown.names).to.contain('contact');
    expect(shown.text).to.equal(text);
    expect(shown.spoken).to.equal(spoken);
    expect(shown.focused).to.equal(shown.field('11-50'));
    await shown.choose('11-50');
    await leave();
    await shown.press('See available times');
    expect(shown.worker.steps()).to.deep.equal(['event', 'contact', 'answers']);
    expect(shown.names.filter((name) => name === 'contact')).to.have.length(1);
  });

  it('where the owner did not ask for it: nothing before the step', async () => {
    await open({ earlyContact: undefined });
    await fillContact();
    await leave();
    expect(shown.worker.steps()).to.deep.equal(['event']);
  });

  it('incomplete, wrong, or with the focus still in it ⇒ nothing', async () => {
    await open();
    await shown.type('First name', 'Jane');
    await shown.type('Email', 'jane@acme.com');
    await leave();
    await shown.type('Last name', 'Doe');
    await shown.type('Email', 'jane@acme');
    await leave();
    await shown.type('Email', 'jane@acme.com');
    shown.field('Phone').focus();
    await shown.worker.advance(2 * EARLY_CONTACT_MS);
    expect(shown.worker.steps()).to.deep.equal(['event']);
    await leave();
    expect(shown.worker.steps()).to.deep.equal(['event', 'contact']);
  });

  it('no address by which anybody could be reached ⇒ nothing', async () => {
    await open({
      contact: [
        { type: 'name', required: true },
        { type: 'email', required: false },
      ],
    });
    await shown.type('Name', 'Jane Doe');
    await leave();
    expect(shown.worker.steps()).to.deep.equal(['event']);
  });

  it('a required consent comes first; its tick is enough, another one may stay open', async () => {
    await open({ consents: CONSENTS });
    await fillContact();
    await leave();
    expect(shown.worker.steps()).to.deep.equal(['event']);
    await shown.choose('I accept');
    await shown.worker.advance(EARLY_CONTACT_MS);
    expect((shown.worker.last('contact').body as { consents?: object }).consents).to.deep.equal({
      'consent-terms': TERMS,
    });
  });

  it('a correction goes after it with the next number', async () => {
    await open();
    await fillContact();
    await leave();
    await shown.worker.last('contact').lead('answers');
    shown.field('Email').focus();
    await shown.type('Email', 'jane@acme.example');
    await leave();
    expect(shown.worker.last('contact').body).to.deep.include({ seq: 2 });
    expect(shown.worker.steps()).to.deep.equal(['event', 'contact', 'contact']);
  });

  for (const [code, status, more] of [
    ['invalid_fields', 422, { fields: { email: 'refused' } }],
    ['origin_not_allowed', 403, {}],
    ['unavailable', 501, {}],
  ] as const) {
    it(`${code} ⇒ not a word while the visitor goes on; told when the step is sent`, async () => {
      await open();
      await fillContact();
      const before = shown.text;
      await leave();
      await shown.worker.last('contact').problem(code, status, more);
      expect(shown.text).to.equal(before);
      expect(shown.focused).to.equal(shown.field('1-10'));
      expect(shown.names).not.to.contain('failed');
      await shown.choose('11-50');
      await shown.worker.advance(EARLY_CONTACT_MS);
      expect(shown.worker.steps()).to.deep.equal(['event', 'contact']);
      await shown.press('See available times');
      expect(shown.worker.last('contact').body).to.deep.include({ seq: 1 });
      await shown.worker.last('contact').problem(code, status, more);
      expect(shown.text).not.to.equal(before);
    });
  }

  it('waits its turn unseen; being offline is said', async () => {
    await open();
    await fillContact();
    await leave();
    await shown.worker.last('contact').problem('busy', 503, { retryAfterSeconds: 20 });
    expect(shown.text).not.to.contain('Busy right now');
    shown.worker.isOnline = false;
    await shown.worker.advance(30_000);
    expect(shown.text).to.contain('You are offline. Nothing is lost.');
    await shown.worker.comeOnline();
    await shown.worker.last('contact').lead('answers');
    expect(shown.text).not.to.contain('You are offline');
  });

  it('pressed while it is on its way ⇒ the same request, then the answers', async () => {
    await open();
    await fillContact();
    await leave();
    await shown.choose('11-50');
    await shown.press('See available times');
    expect(shown.worker.steps()).to.deep.equal(['event', 'contact']);
    await shown.worker.last('contact').lead('answers');
    expect(shown.worker.steps()).to.deep.equal(['event', 'contact', 'answers']);
  });

  it('faults at other fields stay where they are', async () => {
    await open();
    await shown.press('See available times');
    await fillContact();
    await leave();
    await shown.worker.last('contact').lead('answers');
    expect(shown.text).to.contain('Please choose one.');
  });
});
