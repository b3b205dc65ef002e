/**
 * What the page around the element tells: where the script came from, which event is meant, where the visitor came from. Reads
 * only what it is given; keeps no personal data and nothing of a query but the attribution keys of the protocol.
 */
import { PATHS, TRACKING_KEYS, type Tracking } from '../shared/protocol.ts';

/**
 * The Worker's origin, from the script that is running or else the last one on the page whose path ends in `/embed.js`;
 * undefined when an optimiser has merged it into another file.
 */
export function scriptOrigin(page: Document): string | undefined {
  const running = page.currentScript as HTMLScriptElement | null;
  const all = [...page.querySelectorAll<HTMLScriptElement>('script[src]')].reverse();
  for (const script of [running, ...all]) {
    const address = script?.src && new URL(script.src, page.baseURI);
    if (address && address.pathname.endsWith(PATHS.script)) return address.origin;
  }
  return undefined;
}

/** `account/event-name` or an alias, from either of them or from the event's full address; undefined when it is none. */
export function eventIdOf(attribute: string | null): string | undefined {
  return /^(?:https?:\/\/[^/]+\/e\/)?([\w.~%-]+(\/[\w.~%-]+)?)\/?([?#].*)?$/i.exec(attribute?.trim() ?? '')?.[1];
}

export function trackingOf(address: string): Tracking {
  const { searchParams } = new URL(address);
  const tracking: Tracking = {};
  for (const key of TRACKING_KEYS) {
    const value = searchParams.get(key);
    if (value) tracking[key] = value;
  }
  return tracking;
}

/** Origin and path only: queries may hold anything. */
export function withoutQuery(address: string): string | undefined {
  const url = urlOf(address);
  return url && url.origin + url.pathname;
}

/** The same address with attribution added; keys that it has already stay as they are. Others than http(s) are left alone. */
export function withTracking(address: string, tracking: Tracking): string {
  const url = urlOf(address);
  if (!url) return address;
  for (const [key, value] of Object.entries(tracking)) if (!url.searchParams.has(key)) url.searchParams.set(key, value);
  return url.href;
}

/** Undefined for anything but an http(s) address. */
function urlOf(address: string | undefined): URL | undefined {
  return address && /^https?:/i.test(address) && URL.canParse(address) ? new URL(address) : undefined;
}
