/**
 * Links from iClosed or from configuration that a visitor may be sent to: https only (http on loopback), no credentials;
 * a missing scheme is added, because iClosed's own example comes without one. Anything else is undefined.
 */
export function safeLink(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (!text || text.length > 2_000 || /[\s\\<>"\p{Cc}]/u.test(text)) return undefined;
  const hasScheme = /^[a-z][a-z0-9+.-]*:/i.test(text) && !/^[a-z0-9.-]+:\d+(\/|$)/i.test(text);
  if (text.startsWith('/') || (hasScheme && !/^https?:\/\//i.test(text))) return undefined;
  let url: URL;
  try {
    url = new URL(hasScheme ? text : `https://${text}`);
  } catch {
    return undefined;
  }
  if (url.username || url.password) return undefined;
  const loopback = isLoopback(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) return undefined;
  if (!loopback && !url.hostname.replace(/\.$/, '').includes('.')) return undefined;
  return url.href;
}

/** True for `localhost`, 127.0.0.0/8 and [::1]. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
