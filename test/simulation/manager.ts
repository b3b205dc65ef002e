/**
 * One window in which a booked call is managed, on the confirmation or on `/manage`: looks, moves, cancels, as the widget plays it. Writes
 * down what was pressed and what was said of it; whether that was true, the judge decides.
 */
import { PENDING_POLL_MS } from '../../shared/limits.ts';
import { answerTo, type Fields, firstTimes, type Heard, isSilent, Line } from './line.ts';
import type { Visit, VisitorWorld } from './visitor.ts';

/** What somebody will want of the call, and how. */
export interface Wish {
  kind: 'move' | 'cancel';
  /** After the booking, or after the wish before it in the same window. */
  afterMs: number;
  /** Which of the offered times, from 0 to 1. */
  taste: number;
  pressesTwice: boolean;
  /** Reads the call before, as `/manage` does. */
  looksFirst: boolean;
  /** Does not wait for the answer. */
  leaves: boolean;
}

/** One press. */
export interface Press {
  attempt: string;
  /** Where the call was wanted; `cancelled` in place of an instant. */
  wanted: number | 'cancelled';
  pressedAt: number;
  /** Undefined: nothing was said. */
  told?: { at: number; what: 'done' | 'refused' | 'handed over'; code?: string };
}

const PICKS_AT_MOST = 3;
const AGAIN_AFTER_MS = 5_000;

export class Manager {
  readonly presses: Press[] = [];
  /** What the visitor meant to do and how it ended, in words. */
  readonly ends: string[] = [];
  readonly #world: VisitorWorld;
  readonly #attempt: string;
  readonly #line: Line;
  #ticket: { issuedAt: number };
  #seq = 0;

  /** @param attempt Of this window's page. @param issuedAt Second at which its manage ticket was signed. */
  constructor(world: VisitorWorld, visit: Visit, attempt: string, issuedAt: number) {
    this.#world = world;
    this.#attempt = attempt;
    this.#line = new Line(world, visit, attempt);
    this.#ticket = { issuedAt };
  }

  async run(wishes: readonly Wish[]): Promise<void> {
    for (const wish of wishes) {
      await this.#world.clock.sleep(wish.afterMs);
      let end = await this.#do(wish);
      // "Please try again in a moment."
      if (end === 'timeout' || end === 'unreachable') {
        await this.#world.clock.sleep(AGAIN_AFTER_MS);
        end = await this.#do(wish);
      }
      this.ends.push(end);
      // Left, or moved elsewhere meanwhile, with a ticket that is void.
      if (wish.leaves || end === 'booking_changed') return;
    }
  }

  #do(wish: Wish): Promise<string> {
    return wish.kind === 'move' ? this.#move(wish) : this.#cancel(wish);
  }

  async #cancel(wish: Wish): Promise<string> {
    if (wish.looksFirst) await this.#ask({ step: 'read', seq: 1 });
    return this.#press(wish, 'cancelled', { step: 'cancel' });
  }

  async #move(wish: Wish): Promise<string> {
    const looked = wish.looksFirst ? await this.#ask({ step: 'read', seq: 1 }) : undefined;
    if (looked && !looked.ok) return looked.code;
    const from = new Date(this.#world.clock.now() + wish.taste * 45 * 86_400_000);
    const page = await firstTimes((fields) => this.#ask(fields), from.toISOString().slice(0, 7));
    if (!('v' in page)) return page.code;
    let offered = page.slots;
    for (let picks = 1; picks <= PICKS_AT_MOST; picks += 1) {
      const startsAt = offered[Math.floor(wish.taste * offered.length)];
      if (startsAt === undefined) return 'no times';
      const end = await this.#press(wish, Date.parse(startsAt), {
        step: 'reschedule',
        startsAt,
        timeZone: 'Europe/Berlin',
      });
      if (end !== 'slot_taken' && end !== 'slot_not_offered') return end;
      offered = offered.filter((each) => each !== startsAt);
    }
    return 'every time was taken';
  }

  /** Sends a change and hears what became of it. */
  async #press(wish: Wish, wanted: Press['wanted'], said: { step: string; [field: string]: unknown }): Promise<string> {
    this.#seq += 1;
    const fields = { ...said, seq: this.#seq };
    const press: Press = { attempt: this.#attempt, wanted, pressedAt: this.#world.clock.now() };
    this.presses.push(press);
    const send = () => this.#ask(fields);
    if (wish.leaves) {
      void send();
      return 'left';
    }
    const heard = await this.#watch(await answerTo(send, wish.pressesTwice), send);
    const at = this.#world.clock.now();
    if (!heard.ok) {
      const isOver = !isSilent(heard) && heard.retryAfterSeconds === undefined;
      if (isOver) press.told = { at, what: 'refused', code: heard.code };
      return heard.code;
    }
    const { state } = heard;
    if (state.pending) return 'stopped watching';
    const isDone =
      state.stage === 'cancelled' ? wanted === 'cancelled' : Date.parse(state.booking?.startsAt ?? '') === wanted;
    const what = isDone ? 'done' : state.outcome === 'will_contact' ? 'handed over' : 'refused';
    press.told = { at, what };
    return what;
  }

  /** The same request again joins the change that is on its way, and is answered when a move has made the ticket void. */
  async #watch(first: Heard, send: () => Promise<Heard>): Promise<Heard> {
    const { clock, watchesMs } = this.#world;
    const until = clock.now() + watchesMs;
    let latest = first;
    while (latest.ok && latest.state.pending && clock.now() < until) {
      await clock.sleep(Math.max(latest.state.pending.retryAfterSeconds * 1_000, PENDING_POLL_MS));
      const heard = await send();
      if (heard.ok || !isSilent(heard)) latest = heard;
    }
    return latest;
  }

  /** Each answer may bring a newer ticket. */
  async #ask(fields: Fields): Promise<Heard> {
    const heard = await this.#line.ask(fields, this.#ticket);
    const issuedAt = 'manage' in heard ? heard.manage?.fromSeconds : undefined;
    if (issuedAt !== undefined) this.#ticket = { issuedAt };
    return heard;
  }
}
