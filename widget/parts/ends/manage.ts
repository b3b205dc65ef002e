/**
 * What a confirmed booking can still do: calendar links and file, the link to the call, another time, a cancel. Belongs to the part
 * `ends`.
 */
import type { TemplateResult } from 'lit/html.js';
import {
  AWAY_MS,
  CONFIRMING_AT_MOST_MS,
  JOIN_LOOK_MS,
  JOIN_LOOKS_AT_MOST,
  PENDING_POLL_MS,
  WIDGET_REQUEST_LIMIT_MS,
} from '../../../shared/limits.ts';
import type { Booking, LeadState } from '../../../shared/protocol.ts';
import type { Result, World } from '../../client.ts';
import type { Ask } from '../../ask.ts';
import type { Conversation } from '../../conversation.ts';
import type { Kit } from '../../parts.ts';
import type { Action, Failure, State } from '../../state.ts';
import type { Say } from '../../texts/say.ts';
import type { timeText } from '../../time.ts';
import type { button as plainButton } from '../../views/button.ts';
import type { end } from '../../views/ends.ts';
import type { icon } from '../../views/icons.ts';
import type { Scene } from '../../views/scene.ts';
import { ageText } from '../../age.ts';
import { NO_DOWNLOADS, post, save } from './calendar-file.ts';
import { googleLink, isOver, outlookLink } from './calendar-links.ts';
import { isManagePage } from './links.ts';
import {
  type Begun,
  type Change,
  happeningOf,
  isChange,
  isDone,
  isLost,
  isOpen,
  type Outcome,
  whatIs,
} from './outcome.ts';
import type { Tell } from './tell.ts';
import { usableZone } from './zone.ts';

export const words = {
  addToCalendar: 'Add to your calendar',
  calendarFile: 'Calendar file (.ics)',
  join: 'Join the call',
  mailed: 'You will get an email with the details.',
  changeTime: 'Change time',
  cancelCall: 'Cancel call',
  cancelHeading: 'Cancel this call?',
  cancelYes: 'Yes, cancel it',
  cancelNo: 'Keep it',
  moveHeading: 'Pick another time',
  moveHere: 'Move to this time',
  moveFull: 'No other time is free right now.',
  moveFullMore: 'Your call stays as it is.',
  moved: 'Your call was moved.',
  working: 'One moment…',
  changed: 'This call was changed meanwhile. This is how it stands now.',
  fixed: 'This call cannot be changed here any more.',
  unsure: 'It is not clear yet whether that worked. We will write to you.',
  tryAgain: 'That did not work just now. Please try again in a moment.',
};
type Word = keyof typeof words;

/** No other try changes them. */
const OVER: ReadonlySet<Failure> = new Set([
  'already_booked',
  'attempt_unknown',
  'booking_fixed',
  'event_unavailable',
  'event_unknown',
  'ticket_expired',
  'ticket_invalid',
]);
/** Some minutes: by then the owner has written. */
const DOUBT_LOOKS_AT_MOST = 12;
export interface ManageKit extends Kit {
  /** Draws anew and moves the focus there. */
  draw(focus?: string): void;
  /** Says to a screen reader what is new since that state. */
  announce(before: State, scene: Scene): void;
  /** The Worker's origin. */
  endpoint: string;
  conversation: Pick<Conversation, 'act' | 'happened' | 'state'>;
  tell: Tell;
  root: ShadowRoot;
  /** False once the element has turned to another attempt or event. */
  isKept(): boolean;
  /** The call was booked before this element was made, or elsewhere: a change of it may be under way. */
  isFound: boolean;
  /** The visitor changes the call, so nobody leads him away from it. */
  stays(): void;
  world: Pick<World, 'sleep' | 'now' | 'timeout'>;
  monthTimes(state: State): object | undefined;
  isFull(state: State): boolean;
  button: typeof plainButton;
  end: typeof end;
  icon: typeof icon;
  next(state: State, action: Action, at: number): State;
  times(scene: Scene): TemplateResult;
  timeText: typeof timeText;
}

export interface ManageView {
  /** Draws a booked or cancelled call; `plain` is the confirmation, which takes what stands below it. */
  draw(scene: Scene, plain: (more: unknown) => TemplateResult): TemplateResult;
  /** The visitor is moving or cancelling the call. */
  isBusy(): boolean;
}

/**
 * What this page knows of an attempt's changes. An element that was removed, made anew or became a popup may get the answer, but it is
 * the view in the page that settles it, once.
 */
interface Known {
  /** By any element of this page. */
  begun?: Begun;
  /** The view that was drawn last. */
  shownBy?: { heed(): void; isKept(): boolean };
  /** What the page has heard last. */
  heard?: string;
  /** What may be done though nobody could say so. */
  doubtful?: Begun;
}
const knownOf = new Map<string, Known>();

/** Counts the changes that this page has asked for: an element that is made anew goes on with the attempt, and a number is used once. */
let seq = 0;

export function manage(kit: ManageKit): ManageView {
  const { html, conversation, tell, world } = kit;
  const { attempt } = conversation.state;
  const known = knownOf.get(attempt) ?? {};
  knownOf.set(attempt, known);
  const self = { heed, isKept: () => kit.isKept() };
  let moving: State | undefined;
  let isAsking = false;
  /** The change that is under way was begun before. */
  let isFollowing = false;
  /** The month that is on its way. */
  let asking: string | undefined;
  let working: Change | undefined;
  /** The calendar file is on its way, which hinders nothing else. */
  let isFetching = false;
  let said: string | undefined;
  let isBegun = false;
  /** When the page was hidden last. */
  let leftAt = Infinity;
  /** The visitor has chosen another zone for the move than that of the call. */
  let hasOwnZone = false;
  let scene!: Scene;

  const text = (key: Word) => scene.say(key, {}, words[key]);
  const button = (key: Word, kind: string, press: () => void) =>
    html`<button type="button" class=${kind} part="button" aria-disabled=${working !== undefined} @click=${() => working ?? press()}>${text(key)}</button>`;

  /** In the page, and nobody else goes on with the attempt. */
  function isCurrent(): boolean {
    return kit.isKept() && kit.root.host.isConnected && known.shownBy === self;
  }

  /** Nobody wants to know any more what becomes of it. */
  function isLeft(): boolean {
    return known.shownBy?.isKept() === false;
  }

  /** What the Worker says by itself is no act of the visitor. */
  function take(state: LeadState): void {
    conversation.act({ type: 'lead', step: 'read', state });
  }

  /** Of a call that is looked at the Worker does not say that it leads on by itself; a widget that nobody has seen yet still does. */
  function renew(state: LeadState): void {
    const { isRedirectAutomatic } = scene.state.booking ?? {};
    take(state.booking ? { ...state, booking: { isRedirectAutomatic, ...state.booking } } : state);
  }

  async function ask(step: Change, wanted: Begun['wanted']): Promise<void> {
    kit.stays();
    working = step;
    said = undefined;
    seq += 1;
    kit.draw();
    const number = seq;
    const { startsAt: before } = scene.state.booking as Booking;
    const change: Begun = { step, wanted, before };
    known.begun = change;
    const result = await joined(step, wanted, number);
    const outcome = isLost(result) ? await lookedUp(change, number, result.code) : whatIs(result);
    outcome.lead &&= await ticketed(outcome.lead);
    // What was changed meanwhile may be what nobody could say before.
    if (outcome.code === 'booking_changed' && outcome.lead && (await clear(outcome.lead, change))) return;
    conclude(change, outcome);
  }

  function conclude(change: Begun, outcome: Outcome): void {
    change.outcome = outcome;
    known.shownBy?.heed();
  }

  /** Settles what is over; otherwise whoever is drawn next does. */
  function heed(): void {
    const change = known.begun;
    if (!change?.outcome || !isCurrent()) return;
    known.begun = undefined;
    known.doubtful = undefined;
    settle(change.step, change.outcome);
    if (change.outcome.isUnsure) void doubt(change);
  }

  /** The same request again joins the first, so it is asked until it is over, or takes too long to make anybody watch. */
  async function joined(step: Change, wanted: object, number: number): Promise<Result<LeadState>> {
    const until = world.now() + CONFIRMING_AT_MOST_MS;
    let result = await tell(step, wanted, number);
    while (result.ok && result.body.pending && world.now() < until && !isLeft()) {
      await world.sleep(PENDING_POLL_MS);
      result = await tell(step, wanted, number);
    }
    return result;
  }

  /** No answer came, though it may be done: what the call itself says is the answer. */
  async function lookedUp({ step, wanted, before }: Begun, number: number, code: Failure): Promise<Outcome> {
    const lead = await read(world.timeout(WIDGET_REQUEST_LIMIT_MS));
    const { booking } = lead ?? {};
    if (!lead || !booking) return { code, isUnsure: true };
    const isMoved = !booking.isCancelled && booking.startsAt === wanted.startsAt;
    if (step === 'cancel' && booking.isCancelled) return { lead, isUnsure: false };
    if (isMoved || lead.pending) {
      // Asked again it is not done again: it goes on being waited for, and after a move there is a new ticket.
      const again = await joined(step, wanted, number);
      if (isMoved && !again.ok) return { lead, isUnsure: false };
      return isLost(again) ? { code, lead, isUnsure: true } : whatIs(again);
    }
    if (lead.outcome) return { lead, isUnsure: true };
    const isOther = booking.isCancelled || booking.startsAt !== before;
    return isOther ? { code: 'booking_changed', lead, isUnsure: false } : { code, isUnsure: false };
  }

  /** Shows what has become of a change and tells the page. */
  function settle(step: Change, { code, lead, slots, isUnsure, isSeen }: Outcome): void {
    const focus = isFollowing || (isSeen && !moving && !working && !isAsking) ? undefined : '.manage-said, .heading';
    working = undefined;
    isFollowing = false;
    const isGone = moving && (code === 'slot_taken' || code === 'slot_not_offered');
    const time = isGone && moving?.pick ? kit.timeText(moving.pick, scene.locale, moving.timeZone) : '';
    if (moving && isGone) {
      moving = { ...withoutPick(moving), goal: undefined };
      if (slots) turn({ type: 'slots', page: slots });
      // A month that failed meanwhile is asked for anew.
      else if (moving.month) turn({ type: 'month', month: moving.month });
    } else if (!code || lead || isUnsure) moving = undefined;
    else if (moving) moving = { ...moving, goal: undefined };
    isAsking = false;
    said = isGone ? scene.say('taken', { time }) : saidOf(step, code, isUnsure);
    if (code) conversation.happened({ name: 'failed', code });
    if (lead) take(lead);
    if (lead && !code && !isUnsure && !(isSeen && known.heard === happeningOf(step, lead))) tellDone(step, lead);
    kit.draw(focus);
  }

  function tellDone(step: Change, { booking }: LeadState): void {
    if (!booking) return;
    const { startsAt, bookingId } = booking;
    known.heard = happeningOf(step, { booking });
    conversation.happened({ name: step === 'cancel' ? 'cancelled' : 'rescheduled', startsAt, bookingId });
  }

  // --- a change that was under way before ---

  /** How the call stands, also where the ticket is void, as after a move. */
  async function read(limit?: AbortSignal): Promise<LeadState | undefined> {
    const result = await tell('read', {}, 1, limit);
    return result.ok ? result.body : result.problem?.lead;
  }

  /** A move makes tickets void, here or elsewhere; the visit's own, where the page has one, leads to the next. */
  async function ticketed(lead: LeadState): Promise<LeadState> {
    const { manage: ticket, isCancelled } = lead.booking ?? {};
    if (!lead.booking || ticket || isCancelled || isManagePage(kit.endpoint)) return lead;
    const result = await tell('read', {}, 1, world.timeout(WIDGET_REQUEST_LIMIT_MS), true);
    return result.ok && result.body.booking ? result.body : lead;
  }

  /** Nobody could say what became of it: the call is looked at now and then until it says so. */
  async function doubt(change: Begun): Promise<void> {
    known.doubtful = change;
    const isOver = () => known.doubtful !== change || isLeft();
    const isBusy = () => known.begun !== undefined || moving !== undefined;
    for (let look = 0; look < DOUBT_LOOKS_AT_MOST && !isOver(); look += 1) {
      await world.sleep(JOIN_LOOK_MS * 3 ** Math.min(look, 2));
      if (isOver() || isBusy()) continue;
      const lead = await read();
      if (!lead || isOpen(lead) || (await clear(lead))) continue;
      const told = await ticketed(lead);
      if (isOver() || isBusy() || !isCurrent()) continue;
      // It was not done.
      known.doubtful = undefined;
      const isAsBefore = !lead.booking?.isCancelled && lead.booking?.startsAt === change.before;
      show(told, isAsBefore ? 'tryAgain' : 'changed', isAsking);
    }
  }

  /** What was doubtful is done, as the call says: shown and told as if it had been answered. @param mine What is under way here. */
  async function clear(lead: LeadState, mine?: Begun): Promise<boolean> {
    const change = known.doubtful;
    if (!change || isOpen(lead) || !isDone(change, lead)) return false;
    const told = await ticketed(lead);
    if (known.doubtful !== change || known.begun !== mine) return false;
    const { outcome: _, ...again } = change;
    known.begun = again;
    conclude(again, { lead: told, isUnsure: false, isSeen: true });
    return true;
  }

  /** Moved or cancelled elsewhere. */
  function isOther({ booking }: LeadState): boolean {
    const shown = scene.state.booking;
    if (!booking) return false;
    return booking.startsAt !== shown?.startsAt || booking.isCancelled !== shown.isCancelled;
  }

  /**
   * What a look has found, unless the visitor has begun to change the call meanwhile.
   * @param isAsked The visitor waits for it.
   */
  async function found(lead: LeadState, isAsked = isAsking): Promise<void> {
    if (working || moving || (await clear(lead))) return;
    const isVoid = lead.booking !== undefined && !lead.booking.manage && !isManagePage(kit.endpoint);
    const told = await ticketed(lead);
    if (!isCurrent() || working || moving) return;
    const isCancelled = told.booking?.isCancelled && !scene.state.booking?.isCancelled;
    // What had the focus may go.
    const isAwaited = isAsked || kit.root.activeElement !== null;
    if (isVoid || isCancelled || (isAsked && isOther(told))) show(told, 'changed', isAwaited);
    else renew(told);
  }

  /** How the call stands now, with a word, which takes the focus where the visitor waits for it; a question of before is none any more. */
  function show(told: LeadState, word: Word, isAwaited: boolean): void {
    said = text(word);
    isAsking = false;
    renew(told);
    if (isAwaited) kit.draw('.manage-said');
  }

  /** Another element of this page, or the page before a reload, may have begun to change the call: its end is waited for. */
  async function follow(): Promise<void> {
    const { booking, pending } = scene.state;
    const change = known.begun;
    if (change) return attend(change.step);
    working = undefined;
    isFollowing = false;
    if (isChange(pending)) return watch(pending, booking as Booking);
    // At `/manage` the call has just been read.
    if (isManagePage(kit.endpoint)) return;
    const lead = await read();
    if (!lead || working || !isCurrent() || scene.state.booking !== booking) return;
    const step = lead.pending?.step;
    if (isChange(step)) return watch(step, booking as Booking);
    void found(lead);
  }

  /** Nothing else can be begun until it is settled. */
  function attend(step: Change): void {
    kit.stays();
    working = step;
    isFollowing = true;
    isAsking = false;
    moving = undefined;
    kit.draw();
    void Promise.resolve().then(heed);
  }

  async function watch(step: Change, before: Booking): Promise<void> {
    const until = world.now() + CONFIRMING_AT_MOST_MS;
    const change: Begun = { step, wanted: {}, before: before.startsAt };
    known.begun = change;
    attend(step);
    let lead: LeadState | undefined;
    do {
      await world.sleep(PENDING_POLL_MS);
      lead = await read();
      if (isLeft()) return;
    } while ((!lead || lead.pending) && world.now() < until);
    const isUnsure = !lead || isOpen(lead);
    const code = isUnsure || isDone(change, lead as LeadState) ? undefined : 'unavailable';
    lead &&= await ticketed(lead);
    conclude(change, { code, lead, isUnsure, isSeen: true });
  }

  /** At `/manage` the address holds a ticket: after a move only the newest is of use, and a reload must find it. */
  function renewAddress(ticket: string | undefined): void {
    const hash = location.hash.replace(/[\w-]{100}$/, ticket ?? '$&');
    if (isManagePage(kit.endpoint) && hash !== location.hash) history.replaceState(history.state, '', hash);
  }

  function saidOf(step: string, code: Failure | undefined, isUnsure: boolean): string | undefined {
    if (isUnsure) return text('unsure');
    if (code === undefined) return step === 'reschedule' ? text('moved') : undefined;
    return text(code === 'booking_changed' ? 'changed' : OVER.has(code) ? 'fixed' : 'tryAgain');
  }

  // --- another time ---

  function turn(action: Action): void {
    // The clock is the visitor's everywhere.
    if (action.type === 'hours') return scene.act(action);
    if (!moving || (working && action.type !== 'slots')) return;
    if (action.type !== 'slots' && action.type !== 'peek') said = undefined;
    if (action.type === 'confirm') {
      if (!moving.pick) return;
      const wanted = { startsAt: moving.pick, timeZone: moving.timeZone };
      const before = moving;
      moving = { ...moving, goal: 'book' };
      void ask('reschedule', wanted);
      return kit.announce(before, movingScene(moving));
    }
    const before = moving;
    moving = action.type === 'back' ? undefined : kit.next(moving, action, scene.now);
    const focus = action.type === 'cursor' || action.type === 'day' ? `[data-day="${action.day}"]` : undefined;
    // Where nothing is free there is another picture, with a heading of its own.
    const isNew = !moving || (kit.isFull(moving) && !kit.isFull(before));
    kit.draw(isNew ? '.heading' : focus);
    if (moving) kit.announce(before, movingScene(moving));
    const asked = moving?.ask;
    if (asked?.step === 'slots' && asked.id !== asking) {
      asking = asked.id;
      void loadMonth(asked);
    }
  }

  async function loadMonth({ id, payload }: Ask): Promise<void> {
    const result = await tell('slots', JSON.parse(payload ?? '{}') as object, 1);
    const isWanted = asking === id;
    if (isWanted) asking = undefined;
    if (!kit.isKept()) return;
    const { lead: told } = result.ok ? {} : (result.problem ?? {});
    if (told && moving && (await clear(told))) return;
    const lead = told && (await ticketed(told));
    const page = result.ok ? result.body.slots : undefined;
    if (moving && page) return turn({ type: 'slots', page });
    if (!moving || result.ok || !isCurrent()) return;
    if (!lead && (working || !isWanted || kit.monthTimes(moving))) {
      moving = withoutAsk(moving);
      return;
    }
    // The month that was left is there still.
    const [known] = Object.keys(moving.pages);
    if (!lead && known) moving = { ...withoutAsk(moving), month: moving.day?.slice(0, 7) ?? known };
    else moving = undefined;
    said = saidOf('slots', result.code, false);
    if (lead) take(lead);
    kit.draw('.manage-said');
  }

  function pickAnother(): void {
    said = undefined;
    // Left open at another calendar.
    if (typeof scene.zones === 'object') scene.zones.close();
    const { event, at, attempt, clockAheadMs, flow, timeZone, ticket } = scene.state;
    const empty = {
      step: 0,
      values: {},
      faults: {},
      sent: {},
      seq: {},
      accepted: {},
      readings: 0,
      quarrels: 0,
      pages: {},
    };
    const isNew = { isResuming: false, hasOwnTimes: true, hasPaged: false, view: 'times' as const };
    moving = { ...empty, ...isNew, event, at, attempt, clockAheadMs, flow, timeZone, ticket };
    const wanted = hasOwnZone ? timeZone : (scene.state.booking?.timeZone ?? timeZone);
    const zone = { type: 'zone', timeZone: usableZone(wanted, timeZone) } as const;
    // Of the whole widget, so that the list of zones says which one it is and any other can be chosen.
    scene.act(zone);
    turn(zone);
    kit.draw('.heading');
  }

  function movingScene(state: State): Scene {
    const own: Partial<Record<string, Word>> = {
      timesHeading: 'moveHeading',
      book: 'moveHere',
      booking: 'working',
    };
    const say: Say = (key, ...more) => (own[key] ? text(own[key]) : scene.say(key, ...more));
    return { ...scene, state, say, act: turn };
  }

  function none(): TemplateResult {
    const back = kit.button('small', scene.say('back'), () => turn({ type: 'back' }));
    return kit.end(kit.icon('calendar'), text('moveFull'), text('moveFullMore'), back);
  }

  // --- calendars ---

  async function download(): Promise<void> {
    if (isFetching) return;
    isFetching = true;
    kit.stays();
    said = undefined;
    kit.draw();
    const result = await tell('calendar', {}, 1, world.timeout(WIDGET_REQUEST_LIMIT_MS));
    isFetching = false;
    // Whoever does something else by now has no use for it.
    if (!isCurrent() || moving || working) return kit.draw();
    const lead = result.ok ? result.body : result.problem?.lead;
    // The call may stand otherwise by now: a file of it would be as strange as none.
    if (lead && isOther(lead)) return void found(lead, true);
    if (!result.ok) said = text('tryAgain');
    else if (result.body.calendar) hand(result.body.calendar.text);
    kit.draw();
  }

  /** Saved, or where that does nothing asked for by a form, which the page's policy may forbid. */
  function hand(file: string): void {
    if (!NO_DOWNLOADS.test(navigator.userAgent)) return save(file, world);
    const { attempt, booking, event } = scene.state;
    const request = { v: 1, step: 'calendar', event: event?.id, ticket: booking?.manage, attempt, seq: 1 };
    post(kit.endpoint, request, world, () => {
      said = text('tryAgain');
      kit.draw('.manage-said');
    });
  }

  function calendars(booking: Booking): TemplateResult {
    const link = (address: string, name: string) =>
      html`<a class="small" part="button" href=${address} target="_blank" rel="noopener noreferrer">${name}</a>`;
    const { event } = scene.state;
    return html`<div role="group" aria-label=${text('addToCalendar')}>
      <p class="mute">${text('addToCalendar')}</p>
      <div class="row">
        ${link(googleLink(booking, event?.name ?? '', event?.place, event?.durationMinutes), 'Google')}
        ${link(outlookLink(booking, event?.name ?? '', event?.place, event?.durationMinutes), 'Outlook')}
        ${booking.manage ? button(isFetching ? 'working' : 'calendarFile', 'small', () => void download()) : ''}
      </div>
    </div>`;
  }

  // --- the picture ---

  /** The link to the call comes a moment after the booking; asked for only while the page is open. */
  async function lookForLink(): Promise<void> {
    for (let look = 0; look < JOIN_LOOKS_AT_MOST; ) {
      await world.sleep(JOIN_LOOK_MS * 3 ** look);
      const { booking, view } = scene.state;
      if (!kit.isKept() || view !== 'booked' || !booking?.manage || booking.joinLink || booking.isCancelled) return;
      // Nothing moves under a finger that is about to say yes or no.
      if (working || moving || isAsking || !isCurrent()) continue;
      const lead = await read();
      if (isAsking && !lead?.booking?.isCancelled) continue;
      look += 1;
      // What was asked before a change says nothing about after it.
      if (lead && isCurrent() && scene.state.booking === booking) void found(lead);
    }
  }

  /** The visitor was long away from the times of a move: they are read anew, as those of a booking are. */
  function returned(): void {
    const now = world.now();
    if (!kit.isKept()) removeEventListener('visibilitychange', returned);
    else if (document.hidden) leftAt = now;
    else if (now - leftAt > AWAY_MS && isCurrent()) turn({ type: 'returned' });
  }

  function begin(): void {
    isBegun = true;
    addEventListener('visibilitychange', returned);
    if (kit.isFound) void follow();
    void lookForLink();
  }

  function note(words: string | undefined): unknown {
    return words ? html`<p class="notice manage-said" part="notice" role="alert" tabindex="-1">${words}</p>` : '';
  }

  function more(booking: Booking): unknown {
    const { isCancelled, isMailed, joinLink, mayMove, mayCancel, redirect, manage: ticket } = booking;
    const isPast = isCancelled || isOver(booking, scene.state);
    // One next step: where the owner has another page for afterwards, that is it.
    const kind = redirect && !isManagePage(kit.endpoint) ? 'small' : 'cta';
    const part = kind === 'cta' ? 'button primary-button' : 'button';
    return [
      note(said ?? (isFollowing ? text('working') : !isCancelled && !ticket ? text('changed') : undefined)),
      isPast || !joinLink
        ? ''
        : html`<a class=${kind} part=${part} href=${joinLink} target="_blank" rel="noopener noreferrer">${text('join')}</a>`,
      isMailed && !isPast ? html`<p class="mute">${text('mailed')}</p>` : '',
      isPast ? '' : calendars(booking),
      ticket && isAsking && !isCancelled
        ? html`<div class="confirm" role="group" aria-labelledby="cancel-heading">
            <h3 id="cancel-heading" class="manage-ask" tabindex="-1">${text('cancelHeading')}</h3>
            <div class="row">
              ${button(working ? 'working' : 'cancelYes', 'small', () => void ask('cancel', {}))}
              ${button('cancelNo', 'small', () => {
                isAsking = false;
                kit.draw('.manage-cancel');
              })}
            </div>
          </div>`
        : html`<div class="row">
            ${ticket && mayMove && !isCancelled ? button('changeTime', 'quiet manage-move', pickAnother) : ''}
            ${
              ticket && mayCancel && !isCancelled
                ? button('cancelCall', 'quiet manage-cancel', () => {
                    isAsking = true;
                    said = undefined;
                    kit.draw('.manage-ask');
                  })
                : ''
            }
          </div>`,
    ];
  }

  return {
    draw(shown, plain) {
      // The list of zones speaks to the whole widget.
      const { timeZone } = shown.state;
      const hasChanged = scene !== undefined && scene.state.timeZone !== timeZone;
      scene = shown;
      renewAddress(shown.state.booking?.manage);
      if (moving && hasChanged) {
        moving = kit.next(moving, { type: 'zone', timeZone }, shown.now);
        hasOwnZone = true;
      }
      const isOther = known.shownBy !== self;
      known.shownBy = self;
      if (!isBegun) begin();
      else if (isOther) void follow();
      else if (known.begun?.outcome) void Promise.resolve().then(heed);
      if (moving) {
        const own = movingScene(moving);
        const age = ageText(own);
        return html`${note(said)}${kit.isFull(moving) ? none() : kit.times(own)}${age ? html`<p class="mute">${age}</p>` : ''}`;
      }
      return plain(more(shown.state.booking as Booking));
    },
    isBusy: () => moving !== undefined || isAsking,
  };
}

function withoutAsk(state: State): State {
  return { ...state, peek: undefined, ask: undefined };
}

/** A time that was taken is not offered again, also where nobody could say what else is free. */
function withoutPick({ pick, ...state }: State): State {
  const pages = Object.entries(state.pages).map(([month, page]) => {
    return [month, { ...page, slots: page.slots.filter((slot) => slot !== pick) }];
  });
  return { ...state, pages: Object.fromEntries(pages) as State['pages'] };
}
