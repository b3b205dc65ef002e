/** The language: which one, loaded beside the event, late, missing, broken, changed on the way, and from right to left. */
import { PART_LIMIT_MS, PART_PAUSE_MS, WORDS_WAIT_MS } from '../../shared/limits.ts';
import * as ar from '../../widget/parts/texts-ar.ts';
import * as de from '../../widget/parts/texts-de.ts';
import * as fr from '../../widget/parts/texts-fr.ts';
import { BUILD } from '../../widget/parts.ts';
import { expect, expectAccessible } from './expect.ts';
import { ENDPOINT, page, settled, SLOTS } from './scripted-worker.ts';
import { WidgetPage } from './widget-page.ts';

let shown: WidgetPage;
beforeEach(() => sessionStorage.clear());
afterEach(() => {
  shown.close();
  document.documentElement.removeAttribute('lang');
});

const GERMAN = `${ENDPOINT}/v/${BUILD}/texts-de.js`;
const FORM = '[part~=heading]';

const asked = () => shown.worker.parts.map(({ url }) => url);
const card = () => shown.root.firstElementChild as HTMLElement;

async function open(locale: string | null, page?: string): Promise<void> {
  if (page) document.documentElement.lang = page;
  shown = await WidgetPage.open({ locale });
}

describe('which language', () => {
  const rows: [attribute: string | null, page: string | undefined, part: string | undefined][] = [
    ['de', undefined, 'de'],
    ['de-AT', 'fr', 'de'],
    ['en-GB', 'fr', undefined],
    [null, 'fr', 'fr'],
    [null, 'AR', 'ar'],
    [null, 'ja', undefined],
    [null, undefined, undefined],
    ['not a tag!', 'es-MX', 'es'],
  ];
  for (const [attribute, lang, part] of rows) {
    it(`attribute ${attribute}, page ${lang} ⇒ ${part ?? 'English'}`, async () => {
      await open(attribute, lang);
      expect(asked()).to.deep.equal(part ? [`${ENDPOINT}/v/${BUILD}/texts-${part}.js`] : []);
    });
  }

  it('of a section ⇒ the section’s, not the page’s', async () => {
    await open('en', 'fr');
    shown.host.lang = 'de';
    shown.element.removeAttribute('locale');
    await settled();
    expect(asked()).to.deep.equal([GERMAN]);
  });
});

describe('the first step', () => {
  it('is shown in the language, loaded beside the event', async () => {
    await open('de');
    expect(shown.worker.steps()).to.deep.equal(['event']);
    await shown.worker.last('event').event();
    expect(shown.root.querySelector(FORM)).to.equal(null);
    expect(shown.names).not.to.include('ready');
    await shown.worker.lastPart().arrive(de);
    expect(shown.text).to.contain('Wie erreichen wir Sie?').and.contain('Vorname').and.contain('30 Min.');
    expect(card().lang).to.equal('de');
    expect(card().dir).to.equal('ltr');
    await shown.press('Freie Termine ansehen');
    expect(shown.text).to.contain('Bitte füllen Sie dieses Feld aus.');
    await expectAccessible(shown.element);
  });

  it('waits no longer than is said, and goes on in English; the words come when nobody has typed', async () => {
    await open('de');
    await shown.worker.last('event').event();
    await shown.worker.advance(WORDS_WAIT_MS - 1);
    expect(shown.root.querySelector(FORM)).to.equal(null);
    await shown.worker.advance(1);
    expect(shown.text).to.contain('Where can we reach you?');
    expect(card().lang).to.equal('en');
    await shown.worker.lastPart().arrive(de);
    expect(shown.text).to.contain('Wie erreichen wir Sie?');
  });

  it('late words do not move what is being typed in: they wait for the next step', async () => {
    await open('de');
    await shown.worker.last('event').event();
    await shown.worker.advance(WORDS_WAIT_MS);
    const words = shown.worker.lastPart();
    await shown.fill();
    shown.field('Email').focus();
    const before = shown.text;
    await words.arrive(de);
    expect(shown.text).to.equal(before);
    expect(shown.focused).to.equal(shown.field('Email'));
    await shown.press('See available times');
    await shown.worker.last('contact').lead('answers');
    await shown.worker.last('answers').lead('times', { slots: page('2027-03', SLOTS) });
    expect(shown.text).to.contain('Wählen Sie einen Termin').and.contain('März 2027');
    expect(shown.spoken).to.equal('Schritt 2 von 2');
  });

  it('without the part: asked for twice, then a whole booking in English with the locale’s dates', async () => {
    await open('de');
    await shown.worker.lastPart().fail();
    await shown.worker.advance(PART_PAUSE_MS);
    await shown.worker.lastPart().fail();
    expect(asked().join()).to.match(new RegExp(`^${GERMAN},${GERMAN}[?]\\d+$`));
    await shown.toTimes();
    expect(shown.text).to.contain('Pick a time').and.contain('Donnerstag, 11. März').and.contain('10:00');
    expect(card().lang).to.equal('en');
    await expectAccessible(shown.element);
  });

  it('a part that never answers ⇒ given up, English', async () => {
    await open('de');
    await shown.worker.last('event').event();
    await shown.worker.advance(PART_LIMIT_MS + PART_PAUSE_MS + PART_LIMIT_MS);
    expect(asked()).to.have.length(2);
    expect(shown.text).to.contain('Where can we reach you?');
  });

  it('a part that throws ⇒ English', async () => {
    await open('de');
    const broken = () => {
      throw new RangeError('unsupported');
    };
    await shown.worker.lastPart().arrive({ ...de, speak: broken });
    await shown.worker.last('event').event();
    expect(shown.text).to.contain('Where can we reach you?');
  });

  it('the owner’s words for the language win', async () => {
    await open('de');
    await shown.worker.lastPart().arrive(de);
    await shown.worker.last('event').event({ texts: { de: { contactHeading: 'Wer sind Sie?' }, en: { next: 'Go' } } });
    expect(shown.text).to.contain('Wer sind Sie?').and.contain('Freie Termine ansehen');
  });
});

describe('a change on the way', () => {
  it('changes the words, and nothing is lost: values, faults, focus, step', async () => {
    await open('en-US');
    await shown.worker.last('event').event();
    await shown.type('First name', 'Jane');
    await shown.press('See available times');
    expect(shown.focused?.className).to.equal('notice faults');
    shown.element.setAttribute('locale', 'fr');
    await settled();
    expect(shown.text).to.contain('Where can we reach you?');
    await shown.worker.lastPart().arrive(fr);
    expect(shown.text).to.contain('Comment vous joindre').and.contain('Veuillez remplir ce champ.');
    expect(shown.field('Prénom').value).to.equal('Jane');
    expect(shown.focused?.className).to.equal('notice faults');
    expect(shown.focused?.textContent).to.contain('Veuillez vérifier ces champs');
    shown.element.setAttribute('locale', 'en-GB');
    await settled();
    expect(shown.text).to.contain('Where can we reach you?');
    expect(shown.field('First name').value).to.equal('Jane');
    expect(shown.worker.steps()).to.deep.equal(['event']);
  });

  it('an answer to an earlier wish is not spoken', async () => {
    await open('de');
    const german = shown.worker.lastPart();
    shown.element.setAttribute('locale', 'fr');
    await settled();
    await shown.worker.lastPart().arrive(fr);
    await german.arrive(de);
    await shown.worker.last('event').event();
    expect(shown.text).to.contain('Comment vous joindre');
  });
});

describe('from right to left', () => {
  beforeEach(async () => {
    await open('ar-EG');
    await shown.worker.lastPart().arrive(ar);
    await shown.worker.last('event').event();
  });

  it('the card turns, addresses stay', async () => {
    expect(card().dir).to.equal('rtl');
    const email = getComputedStyle(shown.field('البريد الإلكتروني'));
    expect([email.direction, email.textAlign]).to.deep.equal(['ltr', 'right']);
    expect(getComputedStyle(shown.field('الاسم الأول')).direction).to.equal('rtl');
    await expectAccessible(shown.element);
  });

  it('an arrow in the month leads where it points; digits are the locale’s, weeks begin on Saturday', async () => {
    for (const [label, text] of [
      ['الاسم الأول', 'Jane'],
      ['اسم العائلة', 'Doe'],
      ['البريد الإلكتروني', 'jane@acme.com'],
    ] as const) {
      await shown.type(label, text);
    }
    await shown.choose('11-50');
    await shown.press('عرض الأوقات المتاحة');
    await shown.worker.last('contact').lead('answers');
    await shown.worker.last('answers').lead('times', { slots: page('2027-03', SLOTS) });
    expect(shown.text).to.contain('مارس ٢٠٢٧');
    expect(shown.root.querySelector('th')?.textContent).to.equal('س');
    const day = shown.button(/^الخميس، ١١ مارس ٢٠٢٧، وقتان متاحان$/);
    expect(shown.text).to.contain('١٠:٠٠ ص');
    day.focus();
    day.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft', bubbles: true, composed: true }));
    await settled();
    expect((shown.focused as HTMLElement).dataset.day).to.equal('2027-03-12');
    await expectAccessible(shown.element);
  });

  it('and back in English it turns again', async () => {
    shown.element.setAttribute('locale', 'en-US');
    await settled();
    expect(card().dir).to.equal('ltr');
    expect(getComputedStyle(shown.field('Email')).textAlign).to.equal('start');
  });
});
