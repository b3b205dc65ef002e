/** What every view is given: the state, words, the locale, and a way to act. Views know nothing else and decide nothing. */
import type { ManageView } from '../parts/manage.ts';
import type { Panel } from '../parts/zones.ts';
import type { Action, State } from '../state.ts';
import type { Say } from '../texts/say.ts';

export interface Scene {
  state: State;
  say: Say;
  /** For `Intl`; found out when a date is written, not before. */
  readonly locale: string;
  /** The page's clock, in milliseconds. */
  now: number;
  /** The panel to change zone and hours, once somebody wants it. */
  zones: Panel | 'loading' | 'missing' | undefined;
  /** Draws what a confirmed booking can still do, once that part is here. */
  manage: ManageView | undefined;
  act(action: Action): void;
  openZones(): void;
  /** The part that helps with the form. */
  openHints(): void;
  chooseZone(timeZone: string): void;
  typed(form: HTMLFormElement): void;
  submit(form: HTMLFormElement): void;
  /** Goes on to an address, after the page had its say. */
  leave(url: string): void;
  turnTo(event: string): void;
}
