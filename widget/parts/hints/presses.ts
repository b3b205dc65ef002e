/**
 * The second half of a double press meets what the first one has brought: the button that books, an answer of the next step. It is
 * nobody's wish, so nothing follows from it. Belongs to the part `hints`.
 */
import type { Scene } from '../../views/scene.ts';

/** As long as systems wait for the second press of two. */
const DOUBLE_PRESS_MS = 500;

/** What each widget shows, and since when, by the clock of events. */
const pictures = new WeakMap<ShadowRoot, { shown: string; since: number }>();

/** Called after each drawing of the widget. */
export function guardPresses(root: ShadowRoot, { state: { view, step, pick } }: Scene): void {
  const shown = [view, step, pick].join();
  const known = pictures.get(root);
  if (known?.shown === shown) return;
  pictures.set(root, { shown, since: known ? performance.now() : Number.NEGATIVE_INFINITY });
  if (known) return;
  const isSecond = ({ detail, pointerType, timeStamp }: PointerEvent) => {
    // Keys have no second press, and a mouse counts; what does not say that it is a mouse may be a finger.
    const mayBe = pointerType === 'mouse' ? detail > 1 : detail > 0;
    return mayBe && timeStamp - (pictures.get(root)?.since ?? 0) < DOUBLE_PRESS_MS;
  };
  const stop = (event: Event) => {
    if (!event.isTrusted || !isSecond(event as PointerEvent)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  root.addEventListener('click', stop, { capture: true });
}
