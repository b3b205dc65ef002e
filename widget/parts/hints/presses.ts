/**
 * The second half of a double press meets what the first one has brought: the button that books, an answer of the next step, what lay
 * below a list that is closed. It is nobody's wish, so nothing follows from it. Belongs to the part `hints`.
 */
import type { Scene } from '../../views/scene.ts';

/** As long as systems wait for the second press of two, and as far as a finger misses the place of the first. */
const DOUBLE_PRESS_MS = 500;
const DOUBLE_PRESS_PX = 40;
/** What is pressed as one. */
const PRESSABLE = 'button,[role=option],label,a';

interface Picture {
  /** What the widget shows, and since when, by the clock of events. */
  shown: string;
  since: number;
  /** Where it was pressed last, when, and what. */
  x: number;
  y: number;
  at: number;
  pressed?: Element | null;
}
const pictures = new WeakMap<ShadowRoot, Picture>();

/** Called after each drawing of the widget. */
export function guardPresses(root: ShadowRoot, { state: { view, step, pick } }: Scene): void {
  // At an end the headings tell what the visitor is asked.
  const headings = [...root.querySelectorAll('.end .heading, .manage-ask')].map(({ textContent }) => textContent);
  const shown = [view, step, pick, ...headings].join();
  const known = pictures.get(root);
  if (known?.shown === shown) return;
  if (known) {
    known.shown = shown;
    known.since = performance.now();
    return;
  }
  const picture: Picture = { shown, since: Number.NEGATIVE_INFINITY, x: 0, y: 0, at: 0 };
  pictures.set(root, picture);
  /** Something else lies by now where the first press was. */
  const hasMoved = ({ x, y, pressed }: Picture) =>
    pressed && root.elementFromPoint(x, y)?.closest(PRESSABLE) !== pressed;
  const isSecond = ({ detail, pointerType, timeStamp, clientX, clientY }: PointerEvent) => {
    const since = hasMoved(picture) ? Math.max(picture.at, picture.since) : picture.since;
    const isSoon = timeStamp - since < DOUBLE_PRESS_MS;
    const isThere = Math.hypot(clientX - picture.x, clientY - picture.y) < DOUBLE_PRESS_PX;
    // Keys have no second press, and a mouse counts; what does not say that it is a mouse may be a finger.
    return isSoon && isThere && (pointerType === 'mouse' ? detail > 1 : detail > 0);
  };
  const pressed = (event: PointerEvent) => {
    // A label hands its press on to its box: that is the same one.
    if (!event.isTrusted || event.timeStamp === picture.at) return;
    if (isSecond(event)) {
      event.preventDefault();
      event.stopPropagation();
    }
    const [target] = event.composedPath() as [Element];
    const { clientX: x, clientY: y, timeStamp: at } = event;
    Object.assign(picture, { x, y, at, pressed: target.closest(PRESSABLE) });
  };
  root.addEventListener('click', pressed as (event: Event) => void, { capture: true });
}
