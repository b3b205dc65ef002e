/**
 * The script of `/states`: puts one element per state on the page and plays each to its state, one after the other. The
 * address says how they look: `?width=390&theme=dark&language=ar&only=booked`. When all are played, `data-states` of the page's root is
 * `ready`; a state that was not reached says so in its place and is counted in `data-missed`. What takes the whole page is played
 * in a frame, unless it is the only one that is asked for.
 */
import { TIME_ZONE } from './answers.ts';
import { StillBrowser } from './browser.ts';
import { Guest, wake } from './guest.ts';
import { rowsOf } from './rows.ts';
import { eventOf, scriptsByEvent, setupOf, STATE_NAMES, type StateName } from './states.ts';

const page = document.documentElement;
const wish = new URLSearchParams(location.search);
const main = document.querySelector('main') as HTMLElement;
const browser = new StillBrowser(scriptsByEvent());
/** Where the parts of the script are; the page may stand on another origin. */
const endpoint = (document.currentScript as HTMLScriptElement).dataset.worker || location.origin;

sessionStorage.clear(); // each state begins as a new visitor
browser.install();
dress();
void playAll();

/** The switches show what the address says, and the page looks like it. */
function dress(): void {
  for (const control of document.querySelectorAll('select')) {
    control.value = wish.get(control.name) ?? control.options[0]?.value ?? '';
    control.addEventListener('change', () => control.form?.requestSubmit());
  }
  page.dataset.theme = wish.get('theme') ?? 'auto';
  page.classList.toggle('framed', window !== window.parent);
  main.style.setProperty('--stage', `${Number(wish.get('width')) || 1100}px`);
}

async function playAll(): Promise<void> {
  const only = wish.get('only')?.split(',');
  const wanted = STATE_NAMES.filter((name) => !only || only.includes(name));
  let missed = 0;
  for (const name of wanted) {
    const isFramed = setupOf(name).isAlone && wanted.length > 1;
    if (!(await (isFramed ? frameOne(name) : playOne(name)))) missed += 1;
  }
  speak(wish.get('language') ?? 'en');
  (document.activeElement as HTMLElement | null)?.blur();
  scrollTo(0, 0);
  page.dataset.missed = String(missed);
  page.dataset.states = 'ready';
}

/** The same page once more, with this state alone. */
async function frameOne(name: StateName): Promise<boolean> {
  const frame = Object.assign(document.createElement('iframe'), { title: setupOf(name).title });
  const address = new URL(location.href);
  address.searchParams.set('only', name);
  frame.src = address.href;
  const section = sectionOf(name);
  section.append(frame);
  for (;;) {
    // A document that has only just begun has no element yet.
    const root = frame.contentDocument?.documentElement as HTMLElement | null | undefined;
    const { states, missed } = root?.dataset ?? {};
    if (states) return missed === '0';
    await browser.turn();
  }
}

async function playOne(name: StateName): Promise<boolean> {
  const { shows, play, attributes, content } = setupOf(name);
  const stage = Object.assign(document.createElement('div'), { className: 'stage' });
  const element = document.createElement('iclosed-booking');
  const all = { event: eventOf(name), endpoint, locale: 'en-US', 'time-zone': TIME_ZONE, ...attributes };
  for (const [key, value] of Object.entries(all)) if (value !== null) element.setAttribute(key, value);
  element.innerHTML = content ?? '<a href="https://app.iclosed.io/e/acme/discovery-call">Book a call</a>';
  stage.append(element);
  const section = sectionOf(name);
  section.append(stage);
  const guest = new Guest(element);
  wake(element);
  try {
    await play?.(guest, browser);
    await guest.until(shows);
    return true;
  } catch (error) {
    section.append(text('pre', `Not reached: ${String(error)}`));
    return false;
  } finally {
    browser.calm();
  }
}

function sectionOf(name: StateName): HTMLElement {
  const section = Object.assign(document.createElement('section'), { id: name });
  section.append(text('h2', setupOf(name).title), ...rowsOf(name).map((row) => text('p', `When: ${row}`)));
  main.append(section);
  return section;
}

/** In the language of the page, once every state is there. */
function speak(language: string): void {
  page.lang = language;
  page.dir = language === 'ar' ? 'rtl' : 'ltr';
  if (language === 'en') return;
  for (const element of document.querySelectorAll('iclosed-booking')) element.setAttribute('locale', language);
}

function text(tag: string, words: string): HTMLElement {
  return Object.assign(document.createElement(tag), { textContent: words });
}
