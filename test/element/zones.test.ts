/** The list of zones as visitors of other languages and of small screens meet it: what it finds, what Enter takes, where the focus goes. */
import { sendKeys, setViewport } from '@web/test-runner-commands';
import { PLACES_WAIT_MS } from '../../shared/limits.ts';
import * as arPlaces from '../../widget/parts/places-ar.ts';
import * as dePlaces from '../../widget/parts/places-de.ts';
import * as esPlaces from '../../widget/parts/places-es.ts';
import * as frPlaces from '../../widget/parts/places-fr.ts';
import * as ar from '../../widget/parts/texts-ar.ts';
import * as de from '../../widget/parts/texts-de.ts';
import * as es from '../../widget/parts/texts-es.ts';
import * as fr from '../../widget/parts/texts-fr.ts';
import * as zones from '../../widget/parts/zones.ts';
import { expect, expectAccessible } from './expect.ts';
import { page, pictured, settled, SLOTS } from './scripted-worker.ts';
import { WidgetPage } from './widget-page.ts';

let shown: WidgetPage;
beforeEach(() => sessionStorage.clear());
afterEach(() => {
  shown.close();
  dialog.remove();
});

const dialog = document.createElement('dialog');

const WORDS = { ar, de, es, fr };
const PLACES = { ar: arPlaces, de: dePlaces, es: esPlaces, fr: frPlaces };

async function open(language?: keyof typeof WORDS, locale?: string): Promise<void> {
  await openTimes(language, locale);
  if (language) shown.worker.atHand[`places-${language}`] = PLACES[language];
  await pressChange();
}

async function openTimes(language?: keyof typeof WORDS, locale: string = language ?? 'en-US'): Promise<void> {
  shown = await WidgetPage.open({ locale, flow: 'times-first' });
  if (language) await shown.worker.lastPart().arrive(WORDS[language]);
  shown.worker.atHand.zones = zones;
  await shown.worker.last('event').event({ flow: 'times-first' }, { slots: page('2027-03', SLOTS) });
}

const change = () => shown.root.querySelector('.change') as HTMLElement;
async function pressChange(): Promise<void> {
  change().click();
  await settled();
  await settled();
}

const search = () => shown.root.querySelector('[role=combobox]') as HTMLInputElement;
const options = () => [...shown.root.querySelectorAll('[role=option]')].map((each) => each.textContent ?? '');
const active = () => search().getAttribute('aria-activedescendant');
const zoneNow = () => shown.root.querySelector('#zone')?.textContent ?? '';

describe('what is looked for', () => {
  it('in German ⇒ found, and shown, in German', async () => {
    await open('de');
    await sendKeys({ type: 'Wien' });
    expect(options()).to.deep.equal(['Wien Österreich · Mitteleuropäische Normalzeit GMT+1']);
    await expectAccessible(shown.element);
    await sendKeys({ press: 'Enter' });
    await pictured();
    expect(zoneNow()).to.contain('Mitteleuropäische Normalzeit');
  });

  it('in Egypt ⇒ found in Arabic, the offset in Arabic digits too', async () => {
    await open('ar', 'ar-EG');
    await sendKeys({ type: 'الرياض' });
    expect(options().join()).to.contain('الرياض').and.contain('٣').and.not.match(/[0-9]/);
    search().value = '+٣';
    search().dispatchEvent(new InputEvent('input', { bubbles: true }));
    await settled();
    expect(options().length > 10).to.equal(true);
  });

  it('is not there as a whole ⇒ what is near it is listed, but Enter takes nothing before an arrow has', async () => {
    await open();
    await sendKeys({ type: 'Paris, Texas' });
    expect(options()[0]).to.contain('Paris');
    expect(active()).to.equal('');
    await expectAccessible(shown.element);
    await sendKeys({ press: 'Enter' });
    await pictured();
    expect(zoneNow()).to.contain('India Standard Time');
    await sendKeys({ press: 'ArrowDown' });
    await settled();
    expect(active()).to.equal('zone-0');
    await sendKeys({ press: 'Enter' });
    await pictured();
    expect(zoneNow()).to.contain('Central European Standard Time');
  });
});

describe('the names of places', () => {
  const asked = () => shown.worker.parts.map(({ url }) => url.replace(/^.*\//, ''));
  const first = () => options()[0] ?? '';

  beforeEach(async () => {
    await openTimes('de');
    expect(asked()).to.deep.equal(['texts-de.js']);
    await pressChange();
    expect(asked()).to.deep.equal(['texts-de.js', 'places-de.js']);
  });

  it('blocked ⇒ the list is there at once: countries in German, cities in English, not asked for again', async () => {
    expect(search() === null).to.equal(true);
    await shown.worker.lastPart().fail();
    await settled();
    expect(shown.focused).to.equal(search());
    await sendKeys({ type: 'Österreich' });
    expect(options()).to.deep.equal(['Vienna Österreich · Mitteleuropäische Normalzeit GMT+1']);
    await sendKeys({ press: 'Enter' });
    await pictured();
    expect(zoneNow()).to.contain('Mitteleuropäische Normalzeit');
    expect(asked()).to.have.length(2);
  });

  it('slow ⇒ waited for no longer than is said; what was not found is, as soon as they are there', async () => {
    await shown.worker.advance(PLACES_WAIT_MS - 1);
    expect(search() === null).to.equal(true);
    await shown.worker.advance(1);
    expect(shown.focused).to.equal(search());
    await sendKeys({ type: 'Wien' });
    expect(options()).to.deep.equal([]);
    expect(shown.text).to.contain('Nichts gefunden.');
    await shown.worker.lastPart().arrive(dePlaces);
    await settled();
    expect(options()).to.deep.equal(['Wien Österreich · Mitteleuropäische Normalzeit GMT+1']);
    expect(active()).to.equal('zone-0');
    expect(shown.focused).to.equal(search());
    expect(shown.text).not.to.contain('Nichts gefunden.');
  });

  it('late ⇒ what is found stays under the finger, and has its name with the next letter', async () => {
    await shown.worker.advance(PLACES_WAIT_MS);
    await sendKeys({ type: 'vien' });
    expect(first()).to.contain('Vienna');
    const before = options();
    await shown.worker.lastPart().arrive(dePlaces);
    await settled();
    expect(options()).to.deep.equal(before);
    await sendKeys({ type: 'n' });
    expect(first()).to.contain('Wien');
  });

  it('later than the list is closed ⇒ it stays closed, and has them when it is opened again', async () => {
    await shown.worker.advance(PLACES_WAIT_MS);
    await sendKeys({ type: 'Wien' });
    await sendKeys({ press: 'Escape' });
    await settled();
    await shown.worker.lastPart().arrive(dePlaces);
    await settled();
    expect(search() === null).to.equal(true);
    shown.worker.atHand['places-de'] = dePlaces;
    await pressChange();
    await sendKeys({ type: 'Wien' });
    expect(first()).to.contain('Wien');
  });
});

it('in English no names are asked for', async () => {
  await open();
  expect(shown.focused).to.equal(search());
  expect(shown.worker.parts).to.have.length(0);
});

it('a zone is chosen ⇒ the button gets the focus when it is described by the new one, not before', async () => {
  await open();
  const described: string[] = [];
  shown.root.addEventListener('focusin', ({ target }) => {
    const id = (target as Element).getAttribute('aria-describedby') ?? '';
    described.push(shown.root.getElementById(id)?.textContent ?? '');
  });
  await sendKeys({ type: 'new york' });
  await sendKeys({ press: 'Enter' });
  await pictured();
  expect(shown.focused).to.equal(change());
  expect(described).to.deep.equal(['Eastern Standard Time, 3:00 AM now']);
});

it('Escape on the button that opened the list closes the list, and no dialog around it', async () => {
  await open();
  document.body.append(dialog);
  dialog.append(shown.host);
  await settled();
  dialog.showModal();
  change().focus();
  await sendKeys({ press: 'Escape' });
  await settled();
  expect(search() === null).to.equal(true);
  expect(shown.focused).to.equal(change());
  expect(dialog.open).to.equal(true);
  await sendKeys({ press: 'Escape' });
  await settled();
  expect(dialog.open).to.equal(false);
});

describe('where the language writes months, days and zones small', () => {
  const lines: [keyof typeof WORDS, string[]][] = [
    ['fr', ['Mars 2027', 'Jeudi 11 mars', 'Heure', 'Jeudi 11 mars 2027']],
    ['es', ['Marzo de 2027', 'Jueves, 11 de marzo', 'Hora', 'Jueves, 11 de marzo de 2027']],
  ];
  for (const [language, wanted] of lines) {
    it(`${language} ⇒ at the beginning of a line they have a capital, ${wanted[0]}`, async () => {
      await open(language);
      (shown.root.querySelector('[part~=time]') as HTMLElement).click();
      await settled();
      const seen = ['.month', '#day', '#zone', '.confirm b'].map(
        (line) => (shown.root.querySelector(line) as HTMLElement).innerText,
      );
      for (const [index, text] of wanted.entries()) expect(seen[index]?.startsWith(text), seen[index]).to.equal(true);
    });
  }
});

describe('at a small height', () => {
  beforeEach(() => setViewport({ width: 390, height: 360 }));
  afterEach(() => setViewport({ width: 800, height: 600 }));

  it('what books does not cover the hours when they get the focus', async () => {
    await open();
    await shown.press('10:00 AM');
    const hours = shown.root.querySelector('.hours input') as HTMLElement;
    search().focus();
    // In the window, but under what sticks to its lower edge.
    scrollBy(0, hours.getBoundingClientRect().bottom - innerHeight + 20);
    await sendKeys({ press: 'Tab' });
    await pictured();
    expect(shown.focused).to.equal(hours);
    const bar = shown.root.querySelector('.confirm') as HTMLElement;
    expect(hours.getBoundingClientRect().bottom <= bar.getBoundingClientRect().top).to.equal(true);
  });
});
