/**
 * Whose request it is, as far as throttles and budgets ask: the address that the edge tells, and the keys under which it counts.
 */
import { NETWORK_BUDGETS_AT_MOST } from '../shared/limits.ts';

/**
 * The visitor's address, as the edge tells it. `CF-Connecting-IP` is set by Cloudflare and cannot be forged there; forwarding
 * headers of the request itself are never read.
 */
export function addressOf(request: Request): string | undefined {
  return request.headers.get('cf-connecting-ip') ?? undefined;
}

/** One household or office is one key: an IPv6 network of 64 bits counts as one address. */
export function throttleKey(address: string): string {
  const groups = groupsOf(address);
  return groups ? `${groups.slice(0, 4).join(':')}::/64` : address;
}

/**
 * The key of what is counted by the minute. An IPv6 network of 64 bits is one key here too, but those inside one of 48 share a
 * few: whoever owns a /48 has 65,536 of them.
 */
export function budgetKey(address: string): string {
  const groups = groupsOf(address);
  if (!groups) return address;
  return `${groups.slice(0, 3).join(':')}::/48 ${Number.parseInt(groups[3] ?? '0', 16) % NETWORK_BUDGETS_AT_MOST}`;
}

/** The eight groups of an IPv6 address in one spelling; undefined for IPv4. */
function groupsOf(address: string): string[] | undefined {
  if (!address.includes(':')) return undefined;
  const [head = '', tail] = address.toLowerCase().split('::');
  const front = head ? head.split(':') : [];
  const back = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - front.length - back.length);
  const groups = [...front, ...Array.from({ length: zeros }, () => '0'), ...back];
  return groups.map((group) => group.replace(/^0+(?=.)/, ''));
}
