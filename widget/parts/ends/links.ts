/** https anywhere, http only on the visitor's own machine, no credentials: an address that the widget may open. */
export function isSafeLink(address: string | undefined): address is string {
  if (!address || !/^https?:/i.test(address) || !URL.canParse(address)) return false;
  const { protocol, hostname, username, password } = new URL(address);
  if (username || password) return false;
  return protocol === 'https:' || /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname);
}
