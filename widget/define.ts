/** Registers the element once; a second script, or another copy on the page, changes nothing. */
import { ELEMENT_NAME } from '../shared/protocol.ts';
import { IclosedBooking } from './element.ts';
import { listen } from './triggers.ts';

/** @param origin Where the script came from, the Worker that elements speak to unless they name another. */
export function define(origin: string | undefined): void {
  if (customElements.get(ELEMENT_NAME)) return;
  IclosedBooking.origin = origin;
  customElements.define(ELEMENT_NAME, IclosedBooking);
  listen(() => IclosedBooking.world, origin);
}
