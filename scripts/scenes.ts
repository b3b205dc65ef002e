/** Every state of the widget that a picture is wanted of, and how a visitor gets there. */
import type { Browser, BrowserContextOptions } from 'playwright-core';
import type { Stack } from '../test/stack.ts';
import { JANE, type Person, Visitor } from './visitor.ts';

export interface Stage {
  visitor: Visitor;
  stack: Stack;
  /** Address of the page with the widget. */
  address: string;
  /** Another visitor, in a browser of his own. */
  another(): Promise<Visitor>;
}

export interface Scene {
  name: string;
  play(stage: Stage): Promise<void>;
}

const CALL = 'POST /v1/eventCalls';
let people = 0;

export const scenes: Scene[] = [
  {
    name: 'loading',
    async play({ visitor, address }) {
      await visitor.page.route('**/api/v1/event?*', () => {}); // never answered
      await visitor.page.goto(address, { waitUntil: 'commit' });
      await visitor.page.waitForFunction(() => customElements.get('iclosed-booking'));
      await visitor.page.waitForTimeout(800);
    },
  },
  { name: 'contact', play: ({ visitor, address }) => visitor.open(address) },
  {
    name: 'contact with faults',
    async play({ visitor, address }) {
      await visitor.open(address);
      await visitor.fillContact({ ...JANE, email: 'jane@acme', lastName: '' });
      await visitor.submitForm();
      await visitor.sees(/reach you/);
    },
  },
  {
    name: 'contact filled',
    async play({ visitor, address }) {
      await visitor.open(address);
      await visitor.fillContact();
    },
  },
  {
    name: 'questions',
    async play({ visitor, address }) {
      await visitor.open(address);
      await visitor.fillForm();
    },
  },
  {
    name: 'times',
    async play(stage) {
      await toTimes(stage);
      await stage.visitor
        .button(/, free times: \d+$/)
        .first()
        .waitFor();
    },
  },
  {
    name: 'time picked',
    async play(stage) {
      await toTimes(stage);
      await stage.visitor.pickFirstTime();
    },
  },
  {
    name: 'time just taken',
    async play(stage) {
      await toTimes(stage);
      await stage.visitor.pickFirstTime();
      await bookBy(await stage.another(), stage.address);
      await stage.visitor.book();
      await stage.visitor.widget
        .getByText(/was just taken|is not available/)
        .first()
        .waitFor();
    },
  },
  {
    name: 'confirming',
    async play(stage) {
      stage.stack.standin.model.queueFault({ kind: 'late_commit', endpoint: CALL, delayMs: 60_000 });
      await toTimes(stage);
      await stage.visitor.pickFirstTime();
      await stage.visitor.book();
      await stage.visitor.sees(/confirming/);
    },
  },
  {
    name: 'booked',
    async play(stage) {
      await toTimes(stage);
      await stage.visitor.pickFirstTime();
      await stage.visitor.book();
      await stage.visitor.sees(/booked/);
    },
  },
  {
    name: 'disqualified',
    async play({ visitor, address }) {
      await visitor.open(address);
      await visitor.fillForm({ ...JANE, monthlyRevenue: 'Under $5k' });
      await visitor.submitForm();
      await visitor.sees(/Thank you/);
    },
  },
  {
    name: 'worker gone',
    async play({ visitor, address }) {
      await visitor.page.route('**/api/**', (route) => route.abort());
      await visitor.page.goto(address);
      await visitor.page.waitForTimeout(4_500);
    },
  },
];

async function toTimes({ visitor, address }: Stage): Promise<void> {
  await visitor.open(address);
  await visitor.fillForm(someoneNew());
  await visitor.submitForm();
  await visitor.sees('Pick a time');
}

/** Jane with an address and a number that nobody had before: one person books once. */
function someoneNew(): Person {
  people += 1;
  return { ...JANE, email: `jane.doe.${people}@acme-client.example`, phone: `+1 415 555 ${2000 + people}` };
}

async function bookBy(visitor: Visitor, address: string): Promise<void> {
  await visitor.open(address);
  await visitor.fillForm({
    ...JANE,
    firstName: 'Rita',
    email: 'rita.rival@acme-client.example',
    phone: '+1 415 555 2672',
  });
  await visitor.submitForm();
  await visitor.pickFirstTime();
  await visitor.book();
  await visitor.sees(/booked/);
}

/** Plays one scene in a fresh browser context and hands the visitor over; everything is closed afterwards. */
export async function onStage<T>(
  browser: Browser,
  stack: Stack,
  scene: Scene,
  options: BrowserContextOptions,
  then: (visitor: Visitor) => Promise<T>,
): Promise<T> {
  const address = `${stack.site}/`;
  const contexts = [await browser.newContext(options)];
  const newVisitor = async (context = contexts[0]) =>
    new Visitor(await (context as NonNullable<typeof context>).newPage());
  try {
    const visitor = await newVisitor();
    const another = async () => {
      const context = await browser.newContext(options);
      contexts.push(context);
      return newVisitor(context);
    };
    await scene.play({ visitor, stack, address, another });
    return await then(visitor);
  } finally {
    for (const context of contexts) await context.close();
  }
}
