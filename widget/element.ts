/**
 * The element: wires attributes, conversation, views, focus, announcements and events. Decides nothing about the sequence (that is
 * `state.ts` and `ask.ts`) and draws nothing itself (that is `views/`). Lit's templates on a plain custom element: the reactive base
 * class would cost every visitor 2.6 kB to watch eight attributes. Registered by `define.ts`.
 */
import { html, render, type TemplateResult } from 'lit/html.js';
import { AWAY_MS, BONES_AFTER_MS, NEAR_PX, WORDS_WAIT_MS } from '../shared/limits.ts';
import { type ELEMENT_NAME, type EventDetail, ICLOSED_LINK_BASE, type Tracking } from '../shared/protocol.ts';
import { complain, localeOf, oneOf, timeZoneOf } from './attributes.ts';
import { browserWorld, send } from './client.ts';
import { Conversation } from './conversation.ts';
import { BookingEvent, eventId } from './events.ts';
import { type Happening, isUsable } from './happenings.ts';
import { isFull, monthTimes, shownMonth } from './months.ts';
import { eventIdOf, trackingOf, withoutQuery, withTracking } from './page.ts';
import { loadPart, type PartName, type Parts } from './parts.ts';
import type { EndsView } from './parts/ends.ts';
import { createSession } from './session.ts';
import { type Action, type Failure, next, type State } from './state.ts';
import { styles } from './styles/index.ts';
import type { TextKey } from './texts/en.ts';
import { hasWords } from './texts/languages.ts';
import { ENGLISH } from './texts/say.ts';
import type { Tongue } from './texts/tongue.ts';
import { dateText, englishLocale, momentText, monthText, timeText, visitorZone, withHours, zoneText } from './time.ts';
import { OPEN } from './triggers.ts';
import { button } from './views/button.ts';
import { faultsIn, valuesIn } from './views/check.ts';
import { end, ended, mayBook, stopped } from './views/ends.ts';
import { form } from './views/form.ts';
import { aside, noticeText, notices, progress, stepOf, waitText } from './views/frame.ts';
import { icon } from './views/icons.ts';
import type { Scene } from './views/scene.ts';
import { skeleton } from './views/skeleton.ts';
import { times } from './views/times.ts';

const ATTRIBUTES = ['event', 'endpoint', 'flow', 'mode', 'locale', 'time-zone', 'theme', 'variant'] as const;

/**
 * Books a qualified sales call with iClosed, in the page, through your Worker.
 *
 * @tagname iclosed-booking
 * @attr {string} event - `account/event-name`, the event's full iClosed address, or an alias of your configuration. Required.
 * @attr {string} endpoint - Origin of the Worker; by default that of the script. A wrong one does not fall back to it: your link is shown.
 * @attr {"form-first"|"times-first"} flow - Which comes first; by default as configured for the event. `times-first` does nothing where the event has `"openSlots": false`.
 * @attr {"inline"|"popup"|"floating"} mode - In its place; over the page when its link or a trigger is pressed; the same with the link as a button in the corner. Default `inline`. Put it outside of what is transformed, whose corner it would be. That button has the colour `--iclosed-accent`, never `brand.accent`: of the event nothing is known before somebody means to open it.
 * @attr {string} locale - Language tag of words, dates and numbers, like `de` or `en-GB`. Default: the page's `lang`, else the browser's.
 * @attr {string} time-zone - IANA zone in which times are shown first. Default: the visitor's. A `timeZone` of the event's configuration is stronger and locks the zone.
 * @attr {"auto"|"light"|"dark"} theme - Default: `brand.theme` of the event's configuration, else `auto`: as the page's own `color-scheme`.
 * @attr {string} variant - Name of your A/B variant, up to 100 characters; reaches the contact and every event. Of a longer one events carry all, the contact nothing.
 * @attr {string} prefill-* - `prefill-email`, `prefill-first-name`, `prefill-<question id>`: fills a field that the event asks for, hidden ones too, when the widget begins.
 *
 * @slot confirmed - Yours, shown under the confirmation.
 * @slot - Your fallback: a link to the event's page. Seen until the first step is usable, and wherever booking cannot go on.
 *
 * @fires {BookingEvent} iclosed:ready - The first step can be used.
 * @fires {BookingEvent} iclosed:view - It was seen. Once per attempt.
 * @fires {BookingEvent} iclosed:contact - The Worker has the contact.
 * @fires {BookingEvent} iclosed:answered - The answers were accepted.
 * @fires {BookingEvent} iclosed:qualified - The visitor may choose a time. Once per attempt.
 * @fires {BookingEvent} iclosed:disqualified - The answers led elsewhere.
 * @fires {BookingEvent} iclosed:slots-shown - Free times are on the screen.
 * @fires {BookingEvent} iclosed:slot-picked - The visitor picked a time.
 * @fires {BookingEvent} iclosed:submitted - The booking was sent.
 * @fires {BookingEvent} iclosed:pending - The booking is being confirmed.
 * @fires {BookingEvent} iclosed:booked - iClosed has the call. Once per attempt.
 * @fires {BookingEvent} iclosed:rescheduled - The visitor has moved the call.
 * @fires {BookingEvent} iclosed:cancelled - The visitor has cancelled the call.
 * @fires {BookingEvent} iclosed:failed - Something did not work; `detail.code` says what.
 * @fires {BookingEvent} iclosed:before-redirect - The page is about to be left for `detail.url`; cancelable.
 *
 * @csspart card - The whole card.
 * @csspart details - What was booked, on the confirmation.
 * @csspart summary - The panel with host, title and facts.
 * @csspart title - The event's name.
 * @csspart progress - The bar of steps.
 * @csspart step - One of them.
 * @csspart heading - Heading of a step.
 * @csspart input - A text field or list.
 * @csspart option - A tile of a choice.
 * @csspart checkbox - The box or circle in it.
 * @csspart error - What is wrong at a field.
 * @csspart notice - A notice above a step.
 * @csspart button - Any button but days and times.
 * @csspart primary-button - The one obvious next step.
 * @csspart month - The month's name above the calendar.
 * @csspart weekday - A weekday's name.
 * @csspart day - A day.
 * @csspart free-day - A day with free times.
 * @csspart chosen-day - The day that is chosen.
 * @csspart time - A time.
 * @csspart zone-button - What opens the list of time zones.
 * @csspart link - The way to the event's own page, where the page has no link of its own.
 * @csspart dialog - The popup, with the veil over the page.
 * @csspart close-button - What closes it.
 *
 * @cssprop [--iclosed-accent=oklch(53% 0.2 264)] - One colour from which all shades derive, with contrast kept.
 * @cssprop [--iclosed-radius=11px] - Roundness of fields and buttons; the card is rounder.
 * @cssprop [--iclosed-density=1] - 0.85 is tighter, 1.15 airier.
 * @cssprop [--iclosed-font=inherit] - Font family.
 * @cssprop [--iclosed-font-size=max(16px, 1rem)] - Size of the text; all sizes follow.
 * @cssprop [--iclosed-paper] - Background of the card.
 * @cssprop [--iclosed-ink] - Colour of the text.
 * @cssprop [--iclosed-shadow] - Shadow of the card; `none` for a flat one.
 * @cssprop [--iclosed-border] - Border of the card.
 * @cssprop [--iclosed-backdrop=#0b132bb3] - The veil over the page behind a popup.
 * @cssprop [--iclosed-width=56em] - Greatest width of the card.
 */
export class IclosedBooking extends HTMLElement {
  static observedAttributes = ATTRIBUTES;
  /** Where the script came from; the `endpoint` attribute wins. */
  static origin: string | undefined;
  /** Network, clock and chance; tests put their own here. */
  static world = browserWorld();
  /** What survives a reload or the element; tests put their own here. */
  static session = createSession(() => sessionStorage);

  /**
   * Values by field name or question id, set before the widget begins; stronger than the `prefill-*` attributes, and these than the
   * page's address.
   */
  prefill: Record<string, string> | undefined;

  readonly #tracking: Tracking = trackingOf(location.href);
  #conversation: Conversation | undefined;
  #isStale = true;
  /** Was on the screen or near it: from then on the Worker is asked. */
  #isAwake = false;
  #willDraw = false;
  /** The Worker lets the visitor wait, or somebody has opened or restarted it: from then on the wait has a picture. */
  #isLate = false;
  /** When the page was hidden last. */
  #leftAt = Infinity;
  #isVisible = false;
  #hasActed = false;
  #zones: Scene['zones'];
  /** The language tag that was asked for last, and its arrival. */
  #asked = '';
  #learning: Promise<unknown> | undefined;
  /** What has been learnt, and what is spoken. */
  #learnt = ENGLISH;
  #tongue = ENGLISH;
  /** Null while it is loaded, and where it could not be. */
  #hints: Parts['hints'] | null | undefined;
  #ends: EndsView | null | undefined;
  #said = '';
  #mustSpeak = false;
  /** What gets the focus after drawing. */
  #focus: string | undefined;
  #second: ReturnType<typeof setTimeout> | undefined;
  readonly #visibility = observer((isSeen) => {
    this.#isVisible = isSeen;
    this.#seen();
  });
  readonly #nearness = observer((isSeen) => isSeen && this.#wake(), `${NEAR_PX}px`);
  #wake(): void {
    this.#nearness.disconnect();
    if (this.#popup) return;
    this.#isAwake = true;
    if (this.#isStale) this.#start();
    this.#conversation?.open();
    void IclosedBooking.world.sleep(BONES_AFTER_MS).then(() => {
      this.#isLate = true;
      this.#draw();
    });
  }

  /** Another tab, a locked phone, the way back by the browser's cache: all of them hide the page and show it again. */
  readonly #returned = () => {
    const now = IclosedBooking.world.now();
    if (document.hidden) this.#leftAt = now;
    else if (now - this.#leftAt > AWAY_MS) this.#conversation?.act({ type: 'returned' });
  };

  connectedCallback(): void {
    this.#visibility.observe(this);
    addEventListener('visibilitychange', this.#returned);
    // A task of its own, after the attributes that a script sets next.
    void IclosedBooking.world.rest().then(() => {
      if (!this.isConnected) return;
      if (this.#isAwake || isNear(this)) this.#wake();
      else this.#nearness.observe(this);
      this.#draw();
    });
  }

  /** A move in the page disconnects and connects again at once; only an element that stays away lets go. */
  disconnectedCallback(): void {
    this.#visibility.disconnect();
    this.#nearness.disconnect();
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.#conversation?.close();
      removeEventListener('visibilitychange', this.#returned);
    });
  }

  /** Opens the popup; an inline widget begins, wherever it stands. */
  open(): void {
    this.#isLate = true;
    this.#wake();
    this.dispatchEvent(new Event(OPEN, { composed: true }));
  }

  /** Closes the popup; everything in it stays. */
  close(): void {
    this.shadowRoot?.querySelector('dialog')?.close();
  }

  /** A new attempt from the first step; what is in flight is not undone. */
  restart(): void {
    this.#conversation?.forget();
    this.#begin();
  }

  /** From what the session holds, or from nothing. */
  #begin(): void {
    this.#conversation?.close();
    this.#conversation = undefined;
    this.#isStale = this.#isAwake = this.#isLate = true;
    this.#draw();
  }

  /** The current attempt's id. */
  get attempt(): string | undefined {
    return this.#conversation?.state.attempt;
  }

  attributeChangedCallback(name: (typeof ATTRIBUTES)[number], before: string | null, value: string | null): void {
    if (before === value) return;
    if (name === 'event' || name === 'endpoint' || (name === 'flow' && !this.#hasActed)) this.#isStale = true;
    if (name === 'locale') localeOf(value);
    if (name === 'time-zone') this.#showIn(value);
    if (!this.shadowRoot) return;
    this.#draw();
    // A popup's widget goes first, so that the page's finds what was done in it.
    if (name === 'mode') void IclosedBooking.world.rest().then(() => this.#wake());
  }

  /** Once per turn, whatever has changed in it. */
  #draw(): void {
    if (this.#willDraw) return;
    this.#willDraw = true;
    // Until the card stands each picture has a task of its own, apart from the answer that it shows; the page's own link is in view.
    void (this.shadowRoot?.querySelector('.card') ? Promise.resolve() : IclosedBooking.world.rest())
      .then(() => {
        this.#willDraw = false;
        if (!this.isConnected) return;
        if (!this.shadowRoot) this.attachShadow({ mode: 'open' }).adoptedStyleSheets = styles();
        const root = this.shadowRoot as ShadowRoot;
        const popup = this.#popup;
        if (this.#isStale && !popup) this.#start();
        if (this.#isAwake) void this.#learn();
        // An answer that comes soon is the first picture; until then, and as long as nobody is near, the page's own link stays.
        const isEarly = this.firstElementChild && !this.#isLate && this.#conversation?.state.view === 'loading';
        if (popup) {
          // The popup's widget goes on with what was done here.
          this.#conversation?.close();
          this.#isStale = true;
          this.#isAwake = false;
        }
        this.#markLinks();
        if (popup || isEarly) {
          return render(
            html`<span class=${popup === 'floating' ? 'root big floating' : ''}><slot></slot></span>`,
            root,
          );
        }
        const scene = this.#scene();
        if (scene && needsEnds(scene.state)) void this.#openEnds();
        render(this.#picture(scene), root);
        this.#tongue.dress?.(root);
        // The owner's, below whatever the page says; set by script, so that a strict CSP allows it.
        const { accent = '', radius = '' } = scene?.state.event?.brand ?? {};
        const { style } = root.firstElementChild as HTMLElement;
        style.setProperty('--brand-accent', accent);
        style.setProperty('--brand-radius', radius);
        if (this.#focus) {
          // Nobody is torn out of another field of the page: he hears of it instead.
          const { activeElement } = this.getRootNode() as Document;
          if (activeElement?.contains(this) ?? true) root.querySelector<HTMLElement>(this.#focus)?.focus();
          else this.#mustSpeak = true;
        }
        this.#focus = undefined;
        if (scene) this.#hints?.drawn(root, scene, IclosedBooking.world, momentText);
        if (this.#mustSpeak) {
          // Where nobody has touched the widget since the page was loaded, the focus is not moved, so what has changed is said.
          this.#mustSpeak = false;
          this.#said = root.querySelector('.heading')?.textContent ?? '';
          this.#draw();
        }
        clearTimeout(this.#second);
        if (scene?.state.wait?.until) this.#second = setTimeout(() => this.#draw(), 1_000);
      })
      .catch((error) => {
        // Whatever a page has made of the platform: its own link is the way out.
        this.shadowRoot?.replaceChildren(document.createElement('slot'));
        throw error;
      });
  }

  // --- the conversation ---

  #start(): void {
    const before = this.#conversation;
    before?.close();
    this.#isStale = false;
    this.#conversation = this.#zones = undefined;
    const event = eventIdOf(this.getAttribute('event'));
    const endpoint = this.#endpoint;
    if (!event) complain('event', this.getAttribute('event'), 'account/event-name');
    if (!endpoint) complain('endpoint', this.getAttribute('endpoint'), 'https://book.example.com');
    if (!event || !endpoint) return;
    const page = () => ({
      url: withoutQuery(location.href),
      referrer: withoutQuery(document.referrer),
      variant: this.getAttribute('variant') ?? undefined,
      tracking: this.#tracking,
      locale: navigator.language,
    });
    const setting = {
      endpoint,
      scriptOrigin: IclosedBooking.origin,
      event,
      page,
      flow: oneOf(this, 'flow', 'form-first', 'times-first'),
      timeZone: timeZoneOf(this.getAttribute('time-zone')),
      attempt: randomId(),
      prefill: this.#prefill(),
      values: this.#isAwake ? before?.state.values : undefined,
    };
    this.#conversation = new Conversation(setting, IclosedBooking.world, IclosedBooking.session, {
      learn: () => this.#learn(),
      onFree: async () => {
        // What is put in the other's place goes first.
        await IclosedBooking.world.rest();
        await IclosedBooking.world.rest();
        if (IclosedBooking.session.isHeld(event)) return;
        if (IclosedBooking.session.read(event)) return this.#begin();
        this.#conversation?.close();
        this.#conversation?.open();
      },
      onChange: (state, last, action) => this.#changed(state, last, action),
      onHappening: (happening, count) => this.#fire(happening, count),
    });
    if (before?.chosenZone) this.#conversation.chooseZone(before.chosenZone);
    // What another element has left can be used at once.
    if (isUsable(this.#conversation.state.view)) this.#conversation.happened({ name: 'ready' });
    if (this.#isAwake) this.#conversation.open();
  }

  /** The mode, unless it is inline. */
  get #popup(): string | undefined {
    const mode = oneOf(this, 'mode', 'inline', 'popup', 'floating');
    return mode === 'inline' ? undefined : mode;
  }

  get #endpoint(): string | undefined {
    const address = this.getAttribute('endpoint') ?? IclosedBooking.origin ?? '';
    return URL.canParse(address) ? new URL(address).origin : undefined;
  }

  #prefill(): Record<string, string> {
    const given: Record<string, string> = Object.fromEntries(new URLSearchParams(location.search));
    for (const { name, value } of this.attributes) {
      if (name.startsWith('prefill-')) given[name.slice('prefill-'.length)] = value;
    }
    return { ...given, ...this.prefill };
  }

  #changed(state: State, before: State, action: Action): void {
    if (this.#hasActed) this.#focus = focusAfter(state, before, action) ?? this.#focus;
    else this.#mustSpeak = state.view !== before.view && before.view !== 'loading' && !before.isResuming;
    if (state.view !== before.view || state.step !== before.step) this.#tongue = this.#learnt;
    if (state.view === 'stopped' && before.view !== 'stopped') explain(state.code ?? 'timeout', this.#endpoint);
    this.#announce(before);
    if (action.type !== 'peek') this.#draw();
  }

  #announce(before: State | undefined, scene = this.#scene()): void {
    const knowing = { monthText, monthTimes, noticeText, shownMonth, stepOf };
    const wait = scene?.state.wait;
    const over = before?.wait && !wait ? '' : this.#said;
    if (wait && wait.code !== before?.wait?.code) this.#said = waitText(scene);
    else this.#said = (scene && before && this.#hints?.announcement(knowing, scene, before)) ?? over;
  }

  /** The page's wish; the visitor's own choice and the owner's lock are stronger. */
  #showIn(value: string | null): void {
    const conversation = this.#conversation;
    if (!conversation || conversation.chosenZone) return;
    conversation.act({ type: 'zone', timeZone: timeZoneOf(value) ?? visitorZone() });
  }

  // --- what the page hears ---

  #fire({ name, ...more }: Happening, count: number): boolean {
    const { attempt, event } = (this.#conversation as Conversation).state;
    const detail: EventDetail = {
      v: 1,
      name,
      eventId: eventId(attempt, name, count),
      attempt,
      event: event?.id ?? eventIdOf(this.getAttribute('event')) ?? '',
      variant: this.getAttribute('variant') ?? undefined,
      tracking: this.#tracking,
      at: new Date(IclosedBooking.world.now()).toISOString(),
      ...more,
    };
    const isAllowed = this.dispatchEvent(new BookingEvent(detail));
    if (name === 'ready') this.#seen();
    return isAllowed;
  }

  #seen(): void {
    const conversation = this.#conversation;
    if (this.#isVisible && conversation && isUsable(conversation.state.view)) conversation.happened({ name: 'view' });
  }

  // --- what the visitor does ---

  #act(action: Action): void {
    this.#hasActed ||= action.type !== 'peek';
    if (this.#hasActed) void this.#loadHints();
    if (action.type === 'cursor' || action.type === 'day') this.#focus = `[data-day="${action.day}"]`;
    if (action.type === 'retry' || action.type === 'change') this.#focus = '.heading';
    const form = this.shadowRoot?.querySelector('form');
    // What stands in the form may be another thing by now, also where something has filled it without a word.
    if (form && action.type === 'retry') return this.#submit(form);
    if (form && action.type === 'back') this.#typed(form);
    this.#conversation?.act(action);
  }

  #submit(element: HTMLFormElement): void {
    this.#typed(element);
    this.#act({ type: 'submit', faults: faultsIn(element) });
  }

  #typed(element: HTMLFormElement): void {
    this.#act({ type: 'typed', values: valuesIn(element) });
  }

  /** Somebody acts, or is in the form. What changes until the part is here is said then; without it, each fault still stands at its field. */
  async #loadHints(): Promise<void> {
    if (this.#hints !== undefined) return;
    const before = this.#conversation?.state;
    this.#hints = null;
    this.#hints = (await this.#load('hints')) ?? null;
    this.#announce(before);
    this.#draw();
  }

  async #openZones(): Promise<void> {
    if (this.#zones === 'loading') return;
    this.#zones = 'loading';
    this.#say('loading');
    const root = this.shadowRoot as ShadowRoot;
    const pressed = root.activeElement;
    const part = await this.#load('zones');
    const draw = (zones: Scene['zones'], focus?: string) => {
      this.#zones = zones;
      this.#focus = focus;
      this.#draw();
    };
    const panel = await part?.openPanel({ html }, this.#scene() as Scene, IclosedBooking.world, root, draw);
    draw(panel ?? 'missing', root.activeElement === pressed ? '.zones' : undefined);
    this.#say(panel ? undefined : 'failed');
  }

  // --- the language ---

  /**
   * Loads the language that is wanted, the attribute's, the page's or the browser's, once. The first words never move what a visitor types in: coming late, they wait for the next
   * step. Without them it goes on as it speaks now.
   */
  #learn(): Promise<unknown> | undefined {
    const page = this.closest<HTMLElement>('[lang]')?.lang;
    const tag = localeOf(this.getAttribute('locale')) ?? (page || navigator.language);
    if (tag === this.#asked) return this.#learning;
    const language = tag.slice(0, 2).toLowerCase();
    const mayWait = !this.#asked;
    const speak = (tongue: Tongue) => {
      this.#learnt = tongue;
      if (mayWait && this.#hasActed) return;
      this.#tongue = tongue;
      this.#draw();
    };
    this.#asked = tag;
    this.#learning = undefined;
    if (hasWords(language)) {
      const words = this.#load(`texts-${language}`).then((part) => {
        if (part && tag === this.#asked) speak(part.speak(tag, navigator.language));
      });
      this.#learning = Promise.race([words.catch(() => {}), IclosedBooking.world.sleep(WORDS_WAIT_MS)]);
    } else if (!mayWait) speak(ENGLISH);
    return this.#learning;
  }

  #load<Name extends PartName>(name: Name): Promise<Parts[Name] | undefined> {
    const { world, origin } = IclosedBooking;
    return loadPart(world, name, this.#endpoint as string, origin);
  }

  async #openEnds(): Promise<void> {
    if (this.#ends !== undefined) return;
    this.#ends = null;
    const part = await this.#load('ends');
    const { world } = IclosedBooking;
    const draw = (focus?: string) => {
      this.#focus = focus ?? this.#focus;
      // What has the focus speaks for itself.
      if (focus) this.#said = '';
      this.#draw();
    };
    const conversation = () => this.#conversation;
    this.#ends = part?.ends({
      html,
      endpoint: this.#endpoint as string,
      root: this.shadowRoot as ShadowRoot,
      button,
      end,
      icon,
      dateText,
      momentText,
      timeText,
      zoneText,
      monthTimes,
      isFull,
      next,
      times,
      send,
      world,
      draw,
      announce: (before: State, scene: Scene) => this.#announce(before, scene),
      conversation,
    });
    draw();
  }

  #say(key: TextKey | undefined): void {
    this.#said = key ? (this.#scene() as Scene).say(key) : '';
    this.#draw();
  }

  #linkClicked(event: Event): void {
    // The page may have put in another one since.
    this.#markLinks();
    if ((event.target as Element).closest('a')) this.#conversation?.withdraw();
  }

  /** The page's own links get the page's attribution, so that a visitor who takes them is not lost to the ads. */
  #markLinks(): void {
    for (const link of this.querySelectorAll('a')) {
      const marked = link.href && withTracking(link.href, this.#tracking);
      if (marked && marked !== link.href) link.href = marked;
    }
  }

  // --- the picture ---

  #scene(): Scene | undefined {
    const conversation = this.#conversation;
    if (!conversation) return undefined;
    const { state } = conversation;
    const given = this.getAttribute('locale');
    const tag = this.#asked;
    const tongue = this.#tongue;
    return {
      state,
      say: tongue.speaker(state.event),
      get locale() {
        return withHours(
          tongue.locale ?? localeOf(given) ?? englishLocale(`${tag} ${navigator.language}`),
          state.hourCycle,
        );
      },
      now: IclosedBooking.world.now(),
      zones: this.#zones,
      faultWords: this.#hints?.words,
      rangeText: this.#hints?.timesText,
      byKey: this.#hints && this.#hints.turnByKey,
      ends: this.#ends,
      act: (action) => this.#act(action),
      openZones: () => void this.#openZones(),
      openHints: () => void this.#loadHints(),
      chooseZone: (timeZone) => conversation.chooseZone(timeZone),
      submit: (element) => this.#submit(element),
      typed: (element) => this.#typed(element),
    };
  }

  #picture(scene: Scene | undefined): TemplateResult {
    const { view, notice, event } = scene?.state ?? { view: 'stopped' };
    const theme = oneOf(this, 'theme', 'auto', 'light', 'dark') ?? event?.brand?.theme ?? 'auto';
    // White space between the tags would count as content of the slot, so that a slot of no name would show no link.
    const isEnd = view === 'stopped' || (scene && isFull(scene.state));
    // Who is known says here what would suit; the link is beside that.
    const isLast = isEnd && !scene?.state.hasOwnTimes;
    const isOpen =
      (!scene || mayBook(scene.state)) && (isEnd || view === 'loading' || view === 'safe' || notice?.kind === 'failed');
    const link = event?.link ?? ICLOSED_LINK_BASE + (eventIdOf(this.getAttribute('event')) ?? '');
    const say = this.#tongue.speaker(event);
    return html`<div class=${`root ${theme}`} lang=${this.#tongue.lang} dir=${this.#tongue.dir}>
      <div class="card" part="card">
        ${scene ? aside(scene) : ''}
        <div class="main">
          ${scene ? [progress(scene), notices(scene), body(scene)] : end(icon('calendar'), say('stopped'))}
          <div class=${`exit ${isOpen ? '' : 'closed'} ${isLast ? 'big' : ''}`} @click=${(event: Event) => this.#linkClicked(event)}>
            <slot name=${this.querySelector('a') ? '' : 'none'}><a class=${isLast ? 'cta' : 'text'} part="link" href=${withTracking(link, this.#tracking)}>${say('link')}</a></slot>
          </div>
        </div>
      </div>
      <div class="spoken" role="status">${this.#said}</div>
    </div>`;
  }
}

function body(scene: Scene): TemplateResult {
  const { view, flow, timeZone } = scene.state;
  switch (view) {
    case 'loading':
      // The page says that times come first: the month is drawn at once, its free days come with the answer.
      return flow === 'times-first' && timeZone ? times(scene) : skeleton(scene);
    case 'stopped':
      return stopped(scene);
    case 'form':
      return form(scene);
    case 'times':
      return times(scene);
    default:
      return ended(scene);
  }
}

/** A booking on its way, so that the part is here with the answer, and every end. */
function needsEnds(state: State): boolean {
  const { view, goal } = state;
  return goal === 'book' || (isUsable(view) && view !== 'form' && (view !== 'times' || isFull(state)));
}

/** What deserves the focus after a change: a notice, the faults, or the heading of a new step. */
function focusAfter(state: State, before: State, action: Action): string | undefined {
  if (state.notice && state.notice !== before.notice) return '.notice[tabindex]';
  const hasFaults = Object.keys(state.faults).length > 0 && action.type !== 'typed';
  if (hasFaults && state.faults !== before.faults) return '.field:has(.fault) [name]';
  // What is loading has no heading.
  const isNew = state.view !== before.view || state.step !== before.step || (isFull(state) && !isFull(before));
  return isNew ? '.heading,.flow[tabindex]' : undefined;
}

function observer(onChange: (isSeen: boolean) => void, rootMargin?: string): IntersectionObserver {
  const change = (entries: IntersectionObserverEntry[]) => onChange(entries.at(-1)?.isIntersecting === true);
  return new IntersectionObserver(change, { rootMargin });
}

/** On the screen, or less than a thumb's flick away. Not what has no box, such as a closed tab's content. */
function isNear(element: Element): boolean {
  const { top, bottom } = element.getBoundingClientRect();
  return element.getClientRects().length > 0 && top < innerHeight + NEAR_PX && bottom > -NEAR_PX;
}

/** A random UUID, from the name of an empty blob: `crypto.randomUUID` is missing on pages without https. */
function randomId(): string {
  const blob = URL.createObjectURL(new Blob());
  URL.revokeObjectURL(blob);
  return blob.slice(-36);
}

/** For whoever installs the widget; visitors see the calm sentence. */
function explain(code: Failure, endpoint: string | undefined): void {
  const line = `\nALLOWED_ORIGINS = '["${origin}"]'`;
  console.error(`<iclosed-booking>: ${code} at ${endpoint}${code === 'origin_not_allowed' ? line : ''}`);
}

declare global {
  interface HTMLElementTagNameMap {
    [ELEMENT_NAME]: IclosedBooking;
  }
}
