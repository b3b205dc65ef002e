/**
 * Whatever opens a popup: anything with `data-iclosed-open`, an element in `mode="popup"` or `floating` with its own link, its `open()`,
 * and the document event `iclosed:open`. Listens on the document, once per page, so that triggers may come later. The Worker hears
 * nothing before somebody points at a trigger, touches it, reaches it by keyboard or presses it; the rest is `parts/popup.ts`.
 */
import { FALLBACK_AFTER_MS } from '../shared/limits.ts';
import { ELEMENT_NAME, EVENT_PREFIX, ICLOSED_LINK_BASE } from '../shared/protocol.ts';
import type { World } from './client.ts';
import { eventIdOf, trackingOf, withTracking } from './page.ts';
import { loadPart, type PartName, type Parts } from './parts.ts';
import { hasWords } from './texts/languages.ts';

/** Asks for a popup to be opened: on the document with `detail.event`, or on an element. */
export const OPEN = `${EVENT_PREFIX}open`;
/** What stands in an open popup is no trigger: its dialog is found first, and names no event. */
const TRIGGERS = `dialog,[data-iclosed-open],${ELEMENT_NAME}[mode=popup],${ELEMENT_NAME}[mode=floating]`;

/**
 * Where the part does not come in time, a press follows the trigger's own address, as it does without any script. With Ctrl, Shift and
 * their like a press is the browser's.
 * @param origin Where the script came from.
 */
export function listen(worldNow: () => World, origin: string | undefined): void {
  for (const type of ['pointerover', 'focusin', 'click', OPEN]) {
    const hear = async (event: CustomEvent<{ event?: string } | number> & MouseEvent) => {
      const path = event.composedPath() as HTMLAnchorElement[];
      const trigger = path.find((node) => node.matches?.(TRIGGERS));
      const said = event.detail as { event?: string } | undefined;
      const name = trigger ? (trigger.dataset.iclosedOpen ?? trigger.getAttribute('event')) : said?.event;
      if (!name || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const isPress = type === 'click' || type === OPEN;
      if (isPress) event.preventDefault();
      const world = worldNow();
      const endpoint = origin ?? document.querySelector('[endpoint]')?.getAttribute('endpoint') ?? '';
      const load = <Name extends PartName>(part: Name) => loadPart(world, part, endpoint);
      const part = await Promise.race([load('popup'), world.sleep(FALLBACK_AFTER_MS)]);
      if (part) (part as Parts['popup']).hear({ hasWords, load }, name, path, trigger, isPress);
      else if (isPress) {
        const event = document.getElementById(name)?.getAttribute('event') ?? name;
        const href = path.find((node) => node.href?.at)?.href ?? ICLOSED_LINK_BASE + (eventIdOf(event) ?? '');
        location.assign(withTracking(href, trackingOf(location.href)));
      }
    };
    document.addEventListener(type, hear as unknown as EventListener, true);
  }
}
