import type { PATHS } from '../../../shared/protocol.ts';

/** True at the Worker's own page for one call, whose address ends in the ticket. */
export function isManagePage(endpoint: string): boolean {
  return location.origin === endpoint && location.pathname === ('/manage' satisfies typeof PATHS.manage);
}

/** Where an address of the owner's leads when it is pressed; undefined for what is none. */
export function addressLink(address: string): string | undefined {
  if (/^[^\s@:?]+@[^\s@:?]+$/.test(address)) return `mailto:${address}`;
  if (address.startsWith('+')) return `tel:${address.replace(/[^+\d]/g, '')}`;
  return isSafeLink(address) ? address : undefined;
}

/** https anywhere, http only on the visitor's own machine, no credentials: an address that the widget may open. */
export function isSafeLink(address: string | undefined): address is string {
  if (!address || !/^https?:/i.test(address) || !URL.canParse(address)) return false;
  const { protocol, hostname, username, password } = new URL(address);
  if (username || password) return false;
  return protocol === 'https:' || /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname);
}
