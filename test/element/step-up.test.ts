/** What a crowded address is asked for: proof of work, done while the visitor types, sent with each step until a new ticket comes. */
import { expect } from './expect.ts';
import type { Wait } from '../../widget/state.ts';
import { NOW, settled } from './scripted-worker.ts';
import { WidgetPage } from './widget-page.ts';

let shown: WidgetPage;
beforeEach(() => sessionStorage.clear());
afterEach(() => shown.close());

const work = (bits: number) => ({ kind: 'work', bits }) as const;

/** The part, whose work is done by hand. */
class Solver {
  readonly asked: { ticket: string; bits: number; isWanted(): boolean; onWait?(wait: Wait): void }[] = [];
  #solved: (nonce: string) => void = () => undefined;
  #proofs: Record<string, Promise<string>> = {};

  readonly part = {
    prove: (ticket: string, bits: number, _turns: unknown, isWanted: () => boolean, onWait?: (wait: Wait) => void) => {
      return (this.#proofs[ticket + bits] ??= new Promise<string>((resolve) => {
        this.asked.push({ ticket, bits, isWanted, onWait });
        this.#solved = resolve;
      }));
    },
  };

  async solves(nonce: string): Promise<void> {
    this.#solved(nonce);
    await settled();
  }
}

/** The page with its first step, where the Worker asks for proof. */
async function openAsked(bits = 19): Promise<Solver> {
  shown = await WidgetPage.open();
  await shown.worker.last('event').event({}, { ticket: 'unproven', stepUp: work(bits) });
  return new Solver();
}

it('nothing is loaded for a page view; the first letter begins the work, and the step carries the proof', async () => {
  const solver = await openAsked();
  expect(shown.worker.parts).to.have.length(0);
  await shown.fill();
  expect(shown.worker.lastPart().url).to.match(/\/work\.js$/);
  await shown.worker.lastPart().arrive(solver.part);
  expect(solver.asked.map(({ ticket, bits }) => [ticket, bits])).to.deep.equal([['unproven', 19]]);
  await solver.solves('nonce-1');
  await shown.press('See available times');
  expect(shown.worker.last('contact').body).to.include({ ticket: 'unproven', proof: 'nonce-1', seq: 1 });
  await shown.worker.last('contact').lead('answers');
  expect(shown.worker.last('answers').body).to.include({ ticket: 'ticket-2' });
  expect(shown.worker.last('answers').body).not.to.have.property('proof');
  expect(solver.asked).to.have.length(1);
});

it('pressed before it is solved: the step waits for the proof and is sent once', async () => {
  const solver = await openAsked();
  await shown.fill();
  await shown.press('See available times');
  await shown.worker.lastPart().arrive(solver.part);
  expect(shown.worker.steps()).to.deep.equal(['event']);
  await solver.solves('nonce-1');
  expect(shown.worker.steps()).to.deep.equal(['event', 'contact']);
  expect(shown.worker.last('contact').body).to.include({ proof: 'nonce-1' });
});

it('a dearer proof is asked for: said as waiting, solved, and the same step sent again', async () => {
  const solver = await openAsked();
  await shown.fill();
  await shown.worker.lastPart().arrive(solver.part);
  await solver.solves('cheap');
  await shown.press('See available times');
  await shown.worker.last('contact').problem('proof_required', 403, { stepUp: work(24) });
  solver.asked[1]?.onWait?.({ code: 'busy', until: Date.parse(NOW) + 42_000 });
  await settled();
  expect(shown.text).to.contain('Busy right now. About 42 seconds; your place is kept.');
  expect(solver.asked.map(({ bits }) => bits)).to.deep.equal([19, 24]);
  await solver.solves('dear');
  expect(shown.worker.last('contact').body).to.include({ proof: 'dear', seq: 1 });
  await shown.worker.last('contact').lead('answers');
  expect(shown.text).not.to.contain('Busy right now');
});

it('the ticket that comes with a problem is used, without a second proof', async () => {
  const solver = await openAsked();
  await shown.fill();
  await shown.worker.lastPart().arrive(solver.part);
  await solver.solves('nonce-1');
  await shown.press('See available times');
  await shown.worker.last('contact').problem('invalid_fields', 422, { fields: { email: 'invalid' }, ticket: 'proven' });
  await shown.type('Email', 'vera@example.org');
  await shown.press('See available times');
  expect(shown.worker.last('contact').body).to.include({ ticket: 'proven', seq: 2 });
  expect(shown.worker.last('contact').body).not.to.have.property('proof');
});

it('the part did not come while the visitor typed ⇒ asked for again with the step, which waits for the proof', async () => {
  const solver = await openAsked();
  await shown.type('First name', 'Vera');
  await shown.worker.lastPart().fail();
  await shown.worker.advance(2_000);
  await shown.worker.lastPart().fail();
  await shown.fill();
  await shown.press('See available times');
  await shown.worker.lastPart().arrive(solver.part);
  await solver.solves('nonce-1');
  expect(shown.worker.steps()).to.deep.equal(['event', 'contact']);
  expect(shown.worker.last('contact').body).to.include({ proof: 'nonce-1' });
});

it('the part does not come, or the Worker asks for what is not known: the link, nothing endless', async () => {
  await openAsked();
  await shown.fill();
  await shown.press('See available times');
  await shown.worker.lastPart().fail();
  await shown.worker.advance(2_000);
  await shown.worker.lastPart().fail();
  expect(shown.worker.last('contact').body).not.to.have.property('proof');
  await shown.worker.last('contact').problem('proof_required', 403, { stepUp: { kind: 'riddle' } });
  expect(shown.isLinkShown()).to.equal(true);
  expect(shown.worker.steps()).to.deep.equal(['event', 'contact']);
});

it('an element that is taken away stops the work', async () => {
  const solver = await openAsked();
  await shown.fill();
  await shown.worker.lastPart().arrive(solver.part);
  shown.close();
  await settled();
  expect(solver.asked[0]?.isWanted()).to.equal(false);
});

it('after a reload the price of the ticket is still known', async () => {
  const solver = await openAsked();
  await shown.fill();
  await shown.worker.lastPart().arrive(solver.part);
  await solver.solves('nonce-1');
  await shown.press('See available times');
  shown.close();
  await settled();
  shown = await WidgetPage.open();
  await shown.worker.last('event').event({}, { ticket: 'another' });
  const next = new Solver();
  await shown.worker.lastPart().arrive(next.part);
  expect(next.asked.at(-1)).to.include({ ticket: 'unproven', bits: 19 });
  await next.solves('nonce-2');
  expect(shown.worker.last('read').body).to.include({ ticket: 'unproven', proof: 'nonce-2' });
});
