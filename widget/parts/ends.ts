/**
 * Where a conversation rests: a booking on its way, booked, disqualified, safe, unclear, no time free; each with what happens next
 * and what can still be done. A part, loaded when the visitor presses "Book" or the Worker says such an end. Without it the heading
 * stands alone, with the time or the owner's own message.
 */
import type { TemplateResult } from 'lit/html.js';
import { REDIRECT_AFTER_MS, WISH_CHARACTERS } from '../../shared/limits.ts';
import type { Booking, ContactField, Disqualification } from '../../shared/protocol.ts';
import type { Conversation } from '../conversation.ts';
import type { IclosedBooking } from '../element.ts';
import { rangeText } from '../range.ts';
import type { dateText, momentText, zoneText } from '../time.ts';
import type { Scene } from '../views/scene.ts';
import { isOver } from './ends/calendar-links.ts';
import { addressLink, isManagePage, isSafeLink } from './ends/links.ts';
import { dress } from './ends/look.ts';
import { type ManageKit, type ManageView, manage, words as manageWords } from './ends/manage.ts';
import { type TellKit, teller } from './ends/tell.ts';
import { offsetText, usableZone } from './ends/zone.ts';

export const words = {
  confirmingMore: 'Usually under a minute; you may keep this page open.',
  unclearMore: 'If you do not hear from us within 15 minutes, please write to us. No need to book again.',
  bookedName: 'You’re booked, {name}.',
  fullLook: 'New times may be shown here:',
  fullMore: 'We will write to you first.',
  haveCall: 'You have a call on {time}.',
  hadCall: 'Your call was on {time}.',
  another: 'Book another call',
  otherTime: 'Your call is on {time}, not on {asked}.',
  goOn: 'Continue',
  disqualifiedMore: 'A call is not the right next step at the moment.',
  correct: 'Change my answers',
  otherEvent: 'See another call',
  safeMore: 'We will contact you to set the time.',
  wishLabel: 'Which days and times suit you?',
  wishSend: 'Send',
  wished: 'Thank you, we have it.',
  safeBooking: 'We are still trying to book {time} for you and will write to you.',
  ...manageWords,
};

const PERSONAL: readonly ContactField[] = ['name', 'first_name', 'last_name', 'email', 'phone'];

export interface EndsKit
  extends Omit<ManageKit, 'conversation' | 'isKept' | 'isFound' | 'stays' | 'tell' | 'world'>,
    TellKit {
  dateText: typeof dateText;
  momentText: typeof momentText;
  zoneText: typeof zoneText;
  root: ShadowRoot;
  /** The element's own, as it is now. */
  conversation(): Conversation | undefined;
}

/**
 * By attempt and page: what was said to being left for it, which pages are not to be left for it, and who was led there. Attempts whose
 * visitors have stayed to change the call. An element that is made anew asks nothing and leads nobody again.
 */
const allowed = new Map<string, boolean>();
const forbidden = new Set<string>();
const led = new Set<string>();
const stayed = new Set<string>();

/** An address may tell when the call is, which a move changes; the page is the same. */
function pageOf(attempt: string, address: string): string {
  const { origin, pathname } = new URL(address);
  return `${attempt} ${origin}${pathname}`;
}

export type EndsView = (scene: Scene) => TemplateResult;

export function ends(kit: EndsKit): EndsView {
  const { html, button, end, icon } = kit;
  dress(kit.root);
  /** What is left for another page, or was. */
  let planned: Conversation | Disqualification | undefined;
  let wished: { of: Conversation; seq: number; state: 'open' | 'empty' | 'sending' | 'sent' | 'failed' } | undefined;
  let managed: { of: Conversation; view: ManageView } | undefined;
  /** Whose booking was waited for here; any other booked call was found again. */
  let awaited: Conversation | undefined;

  const say = (scene: Scene, key: keyof typeof words, values = {}) => scene.say(key, values, words[key]);

  /** False when the page forbids it. What of the person goes along is not told to the page. */
  function isAllowed(address: string): boolean {
    const url = new URL(address);
    for (const field of PERSONAL) url.searchParams.delete(field);
    return kit.conversation()?.happened({ name: 'before-redirect', url: url.href }) ?? false;
  }

  function isAllowedOnce(attempt: string, address: string): boolean {
    const page = pageOf(attempt, address);
    const isAllowedNow = allowed.get(page) ?? isAllowed(address);
    allowed.set(page, isAllowedNow);
    return isAllowedNow;
  }

  const inSight = new IntersectionObserver((entries) => {
    if (!entries.at(-1)?.isIntersecting) return;
    inSight.disconnect();
    kit.draw();
  });

  /** False in a popup that was closed meanwhile: it is drawn again when it is opened. */
  function isSeen(): boolean {
    const { host } = kit.root;
    const isThere = host.isConnected && host.checkVisibility?.() !== false;
    if (!isThere) inSight.observe(host);
    return isThere;
  }

  /** Only once: whoever comes back stays. */
  function leave(attempt: string, url: string): void {
    if (!led.has(pageOf(attempt, url))) go(attempt, url);
  }

  function go(attempt: string, url: string): void {
    led.add(pageOf(attempt, url));
    location.assign(url);
  }

  /** The page hears of it first; its tags get a moment. */
  async function leaveBooked(of: Conversation, redirect: string | undefined): Promise<void> {
    if (planned === of || !isSafeLink(redirect) || !isSeen()) return;
    const { attempt } = of.state;
    planned = of;
    if (stayed.has(attempt)) return;
    if (!isAllowedOnce(attempt, redirect)) {
      forbidden.add(pageOf(attempt, redirect));
      return kit.draw();
    }
    await kit.world.sleep(REDIRECT_AFTER_MS);
    if (managed?.of === of && managed.view.isBusy()) stayed.add(attempt);
    if (!isSeen()) planned = undefined;
    else if (kit.conversation() === of && !stayed.has(attempt)) leave(attempt, redirect);
  }

  /** Where the owner says after how long; unless the visitor has gone back to his answers by then. */
  async function leaveDisqualified(reason: Disqualification): Promise<void> {
    const { redirect, delaySeconds } = reason;
    if (delaySeconds === undefined || planned === reason || !isSafeLink(redirect)) return;
    planned = reason;
    await kit.world.sleep(delaySeconds * 1_000);
    const now = kit.conversation()?.state;
    const isStill = now?.view === 'disqualified' && now.disqualified === reason;
    if (!isSeen()) planned = undefined;
    else if (isStill && isAllowedOnce(now.attempt, redirect)) leave(now.attempt, redirect);
  }

  function goOn(scene: Scene, redirect: string | undefined): unknown {
    if (!isSafeLink(redirect)) return '';
    const { attempt } = scene.state;
    const page = pageOf(attempt, redirect);
    if (forbidden.has(page)) return '';
    return button('cta', say(scene, 'goOn'), () => {
      // A press after a refusal is a new question.
      if (!allowed.get(page)) allowed.set(page, isAllowed(redirect));
      if (allowed.get(page)) go(attempt, redirect);
    });
  }

  /** Where the owner is reached, in plain sight, so that it can be noted down. */
  function support({ state }: Scene): TemplateResult | '' {
    const all = (state.event?.support ?? []).flatMap((address) => {
      const href = addressLink(address);
      return href ? html`<a class="text" dir="ltr" href=${href}>${address.replace(/^https?:\/\//, '')}</a>` : [];
    });
    return all.length > 0 ? html`<div class="row">${all}</div>` : '';
  }

  /** What would suit the visitor, for whoever will write to him. */
  function wish(scene: Scene): TemplateResult {
    const of = kit.conversation() as Conversation;
    if (wished?.of !== of) wished = { of, seq: 0, state: 'open' };
    if (wished.state === 'sent')
      return html`<p class="notice wished" part="notice" role="status" tabindex="-1">${say(scene, 'wished')}</p>`;
    const { state } = wished;
    const fault = state === 'failed' ? say(scene, 'tryAgain') : state === 'empty' ? scene.say('required') : '';
    return html`<div class="field wish">
      <label for="wish">${say(scene, 'wishLabel')}</label>
      <textarea class="input" part="input" id="wish" rows="2" maxlength=${WISH_CHARACTERS} aria-describedby="wish-fault" .ariaInvalid=${state === 'empty' ? 'true' : null}></textarea>
      ${fault ? html`<p class="fault" part="error" id="wish-fault" role="alert">${fault}</p>` : ''}
      ${button('cta', say(scene, state === 'sending' ? 'working' : 'wishSend'), () => void send(of))}
    </div>`;
  }

  async function send(of: Conversation): Promise<void> {
    const area = kit.root.querySelector<HTMLTextAreaElement>('#wish');
    const text = area?.value.trim();
    if (!wished || wished.state === 'sending') return;
    if (!text) {
      wished.state = 'empty';
      return kit.draw('#wish');
    }
    const mine = wished;
    mine.state = 'sending';
    mine.seq += 1;
    kit.draw();
    const result = await teller(kit, of)('wish', { text }, mine.seq);
    mine.state = result.ok ? 'sent' : 'failed';
    if (kit.conversation() === of) kit.draw(result.ok ? '.wished' : '#wish');
  }

  /** When, in the zone that it was booked in, with whom, where. */
  function card({ state, locale }: Scene, { startsAt, endsAt, timeZone, host }: Booking): TemplateResult {
    const { place, host: company } = state.event ?? {};
    const who = [...new Set([host, company])].filter(Boolean).join(', ');
    return html`<div class="summary boxed" part="details">
      <div translate="no">
        ${icon('calendar')}
        <span><b>${kit.dateText(startsAt, locale, timeZone)}</b><b>${rangeText(kit.timeText, startsAt, endsAt, locale, timeZone)}</b>
          <span class="mute block">${kit.zoneText(timeZone, startsAt, locale, 'long')} (${offsetText(timeZone, startsAt, locale)})</span></span>
      </div>
      ${who ? html`<div>${icon('person')}<span>${who}</span></div>` : ''}
      ${place ? html`<div>${icon('place')}<span>${place}</span></div>` : ''}
    </div>`;
  }

  function booked(scene: Scene, booking: Booking): TemplateResult {
    const { startsAt, askedStartsAt, redirect, timeZone, isCancelled, isRedirectAutomatic } = booking;
    const { values } = scene.state;
    const of = kit.conversation() as Conversation;
    const isFound = awaited !== of && !scene.state.sent.book;
    if (managed?.of !== of) {
      const isKept = () => kit.conversation() === of;
      const stays = () => void stayed.add(of.state.attempt);
      managed = { of, view: manage({ ...kit, conversation: of, tell: teller(kit, of), isKept, isFound, stays }) };
    }
    if (isRedirectAutomatic && !isCancelled) void leaveBooked(of, redirect);
    const name = (values.first_name ?? values.name)?.[0]?.trim().split(/\s/)[0];
    const time = (instant: string) => kit.momentText(instant, scene.locale, timeZone);
    const isPast = isOver(booking, scene.state);
    const found = isPast ? 'hadCall' : isFound && 'haveCall';
    const hello = name ? say(scene, 'bookedName', { name }) : scene.say('booked');
    const booked = found ? say(scene, found, { time: time(startsAt) }) : hello;
    const title = isCancelled ? scene.say('cancelled') : booked;
    // At `/manage` there is this one call.
    const isAlone = isManagePage(kit.endpoint);
    const other =
      !isCancelled && askedStartsAt && say(scene, 'otherTime', { time: time(startsAt), asked: time(askedStartsAt) });
    return managed.view.draw(scene, (more) =>
      end(icon(isCancelled ? 'calendar' : 'tick'), title, other ? html`<b role="alert">${other}</b>` : undefined, [
        card(scene, booking),
        isCancelled || isAlone ? '' : goOn(scene, redirect),
        html`<slot name="confirmed"></slot>`,
        more,
        (isFound || isCancelled) && !isAlone
          ? button('text', say(scene, 'another'), () => (kit.root.host as IclosedBooking).restart())
          : '',
      ]),
    );
  }

  function disqualified(scene: Scene, reason: Disqualification): TemplateResult {
    const { message, redirect, offerEvent, mayCorrect } = reason;
    void leaveDisqualified(reason);
    return end(icon('note'), scene.say('disqualified'), message ?? say(scene, 'disqualifiedMore'), [
      goOn(scene, redirect),
      offerEvent ? button('cta', say(scene, 'otherEvent'), () => kit.root.host.setAttribute('event', offerEvent)) : '',
      mayCorrect ? button('small', say(scene, 'correct'), () => scene.act({ type: 'correct' })) : '',
    ]);
  }

  return (scene) => {
    const { view, outcome, booking: told, pick, timeZone, disqualified: reason } = scene.state;
    const booking = told && { ...told, timeZone: usableZone(told.timeZone, timeZone) };
    if (view === 'booking' || view === 'unclear') awaited = kit.conversation();
    const wanted = booking ?? (pick ? { startsAt: pick, timeZone } : undefined);
    const time = wanted ? kit.momentText(wanted.startsAt, scene.locale, timeZone) : '';
    if (view === 'booked') return booked(scene, booking as Booking);
    if (view === 'disqualified') return disqualified(scene, reason as Disqualification);
    if (view === 'unclear')
      return end(icon('clock'), scene.say('unclear', { time }), say(scene, 'unclearMore'), support(scene));
    if (view === 'safe') {
      const willBook = outcome === 'will_book';
      const more = say(scene, willBook ? 'safeBooking' : 'safeMore', { time });
      return end(icon('tick'), scene.say('safe'), more, willBook ? '' : [wish(scene), support(scene)]);
    }
    if (view === 'times') {
      // To wish for a time a visitor must be known; before that the link stands below.
      const isKnown = scene.state.hasOwnTimes;
      const more = say(scene, isKnown ? 'fullMore' : 'fullLook');
      // Other answers may lead to people who are free.
      const back = isKnown ? button('quiet', [icon('back'), scene.say('back')], () => scene.act({ type: 'back' })) : '';
      return end(icon('calendar'), scene.say('full'), more, [isKnown ? wish(scene) : '', support(scene), back]);
    }
    const sign = html`<i class="spinner"></i>`;
    return end(sign, scene.say('confirming'), say(scene, 'confirmingMore'), wanted && card(scene, wanted));
  };
}
