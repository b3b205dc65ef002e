/** What every view is given: the state, words, the locale, and a way to act. Views know nothing else and decide nothing. */
import type { EndsView } from '../parts/ends.ts';
import type { turnByKey } from '../parts/hints/grid.ts';
import type { timesText } from '../parts/hints.ts';
import type { Panel } from '../parts/zones.ts';
import type { Action, State } from '../state.ts';
import type { PartTexts } from '../texts/part-texts.ts';
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
  /** By fault and kind of field, once somebody acts. */
  faultWords: Partial<PartTexts> | undefined;
  /** Keys of the grid, once somebody is in it; null while or where they cannot be had: then every free day is a stop of Tab. */
  byKey: typeof turnByKey | null | undefined;
  /** A time with its end, once somebody acts. */
  rangeText: typeof timesText | undefined;
  /** Draws a booking on its way and every end, once that part is here. */
  ends: EndsView | null | undefined;
  act(action: Action): void;
  openZones(): void;
  /** The part that helps whoever acts. */
  openHints(): void;
  chooseZone(timeZone: string): void;
  typed(form: HTMLFormElement): void;
  submit(form: HTMLFormElement): void;
}
