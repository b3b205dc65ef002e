/** A quiet start: the Worker is asked when the element is on the screen or near it, and `Intl` only when times are. */
import { emulateMedia } from '@web/test-runner-commands';
import { NEAR_PX, FALLBACK_AFTER_MS } from '../../shared/limits.ts';
import { IclosedBooking } from '../../widget/element.ts';
import { createSession } from '../../widget/session.ts';
import { expect } from './expect.ts';
import { settled } from './scripted-worker.ts';
import { WidgetPage } from './widget-page.ts';

let shown: WidgetPage;
const above = document.createElement('div');
beforeEach(() => {
  sessionStorage.clear();
  document.body.prepend(above);
  above.style.height = '0';
});
afterEach(() => {
  shown.close();
  above.remove();
  scrollTo(0, 0);
});

/** Two pictures later: by then an observer has spoken. */
async function pictures(): Promise<void> {
  for (let count = 0; count < 2; count++) await new Promise((resolve) => requestAnimationFrame(resolve));
  await settled();
}

async function openBelow(distancePx: number): Promise<void> {
  above.style.height = `${innerHeight + distancePx}px`;
  shown = await WidgetPage.open();
  await pictures();
}

describe('below the fold', () => {
  it('asks and draws nothing, shows the link, and never gives up', async () => {
    await openBelow(NEAR_PX * 2);
    await shown.worker.advance(FALLBACK_AFTER_MS * 10);
    expect(shown.worker.steps()).to.deep.equal([]);
    expect(shown.isLinkShown()).to.equal(true);
    expect(shown.root.querySelector('.card')).to.equal(null);
    expect(shown.names).to.deep.equal([]);
  });

  it('near the screen ⇒ asks at once', async () => {
    await openBelow(NEAR_PX / 2);
    expect(shown.worker.steps()).to.deep.equal(['event']);
  });

  it('scrolled near ⇒ asks once, also when it is scrolled away and back', async () => {
    await openBelow(NEAR_PX * 2);
    for (const top of [NEAR_PX * 1.5, 0, NEAR_PX * 1.5]) {
      scrollTo(0, top);
      await pictures();
    }
    expect(shown.worker.steps()).to.deep.equal(['event']);
    await shown.worker.last('event').event();
    expect(shown.names).to.include('ready');
  });

  it('seen only when it is on the screen', async () => {
    await openBelow(NEAR_PX / 2);
    await shown.worker.last('event').event();
    expect(shown.names).to.deep.equal(['ready']);
    shown.element.scrollIntoView();
    await pictures();
    expect(shown.names).to.deep.equal(['ready', 'view']);
  });

  it('printed ⇒ the page’s own link is on the paper, and nothing is asked', async () => {
    await openBelow(NEAR_PX * 2);
    await emulateMedia({ media: 'print' });
    expect(shown.isLinkShown()).to.equal(true);
    await emulateMedia({ media: 'screen' });
    expect(shown.worker.steps()).to.deep.equal([]);
  });

  it('restart() ⇒ asks', async () => {
    await openBelow(NEAR_PX * 2);
    shown.element.restart();
    await settled();
    expect(shown.worker.steps()).to.deep.equal(['event']);
  });
});

it('in a closed tab ⇒ asks when the tab is opened', async () => {
  shown = new WidgetPage();
  IclosedBooking.world = shown.worker.world;
  shown.host.style.display = 'none';
  document.body.append(shown.host);
  shown.element = await shown.add();
  await pictures();
  expect(shown.worker.steps()).to.deep.equal([]);
  shown.host.style.display = '';
  await pictures();
  expect(shown.worker.steps()).to.deep.equal(['event']);
});

it('form first ⇒ no zone and no date is asked of the platform before the form is there', async () => {
  const { DateTimeFormat } = Intl;
  let made = 0;
  Intl.DateTimeFormat = new Proxy(DateTimeFormat, {
    construct: (target, given: ConstructorParameters<typeof DateTimeFormat>) => {
      made += 1;
      return new target(...given);
    },
  });
  try {
    shown = await WidgetPage.open({ 'time-zone': null });
    await shown.worker.last('event').event();
    expect(shown.text).to.contain('Where can we reach you?');
    expect(made).to.equal(0);
    await shown.fill();
    await shown.press('See available times');
    await shown.worker.last('contact').lead('answers');
    await shown.worker.last('answers').lead('times');
    expect(made > 0).to.equal(true);
  } finally {
    Intl.DateTimeFormat = DateTimeFormat;
  }
});

it('times first ⇒ the platform’s tables are loaded in two tasks, a collator’s first', async () => {
  const log: string[] = [];
  const { Collator } = Intl;
  const note = new Proxy(Collator, {
    construct: (target, given: ConstructorParameters<typeof Collator>) => {
      log.push('collator');
      return new target(...given);
    },
  });
  shown = new WidgetPage();
  IclosedBooking.session = createSession(() => sessionStorage);
  const { world } = shown.worker;
  const told = <Value>(name: string, value: Value) => {
    log.push(name);
    return value;
  };
  IclosedBooking.world = {
    ...world,
    rest: () => told('task', world.rest()),
    timeZone: () => told('zone', world.timeZone()),
  };
  Intl.Collator = note;
  try {
    document.body.append(shown.host);
    shown.element = await shown.add({ 'time-zone': null, flow: 'times-first' });
    await pictures();
    await shown.worker.last('event').event();
    expect(log.join(' ')).to.match(/task collator( task)+ zone/);
  } finally {
    Intl.Collator = Collator;
  }
});

describe('restart()', () => {
  it('begins a new attempt from the first step, with nothing of the old one', async () => {
    shown = await WidgetPage.open();
    await shown.toTimes();
    const { attempt } = shown.element;
    expect(shown.worker.last('answers').body).to.include({ attempt });
    shown.element.restart();
    await settled();
    await shown.worker.last('event').event();
    expect(shown.field('Email').value).to.equal('');
    expect(shown.element.attempt === attempt).to.equal(false);
    expect(sessionStorage.length).to.equal(0);
    await shown.fill();
    await shown.press('See available times');
    expect(shown.worker.last('contact').body).to.include({ attempt: shown.element.attempt, seq: 1 });
  });
});
