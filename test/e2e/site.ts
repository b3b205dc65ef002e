/**
 * A customer's website: pages that the tests write, on an origin of their own beside the Worker's. `{{WORKER}}` in a page becomes
 * the Worker's address when it is served.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export const EVENT = 'acme/discovery-call';
export const LINK = `https://app.iclosed.io/e/${EVENT}`;
/** The page's address as an advertisement makes it; `secret` is no attribution and must go nowhere. */
export const CAMPAIGN = 'utm_source=newsletter&utm_campaign=spring+sale&gclid=click-1a2b&fbclid=fb-3c4d&secret=hush';
/** What is kept of it, in this order. */
export const ATTRIBUTION = {
  utm_source: 'newsletter',
  utm_campaign: 'spring sale',
  gclid: 'click-1a2b',
  fbclid: 'fb-3c4d',
} as const;

export const SCRIPT = '<script async crossorigin src="{{WORKER}}/embed.js"></script>';
/** The documented snippet without its script. */
export const TAG = tag('', `\n  <a href="${LINK}">Book a call</a>\n`);

/** The element with more attributes and other content. */
export function tag(attributes = '', content = ''): string {
  const event = /(^|\s)event=/.test(attributes) ? '' : ` event="${EVENT}"`;
  return `<iclosed-booking${event} ${attributes} style="display:block;min-height:34rem">${content}</iclosed-booking>`;
}

/** A whole page, sound in itself, with the widget between a heading and more text. */
export function landing(body = TAG, head = SCRIPT): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Acme</title>
<meta name="color-scheme" content="light dark">${head}</head>
<body><main><h1>Talk to us</h1>${body}<p>Content below the widget.</p></main></body>
</html>`;
}

export interface Site {
  /** `http://localhost:<port>`, without a slash at the end. */
  readonly origin: string;
  /** Where `{{WORKER}}` points. */
  worker: string;
  /** Puts a page there and returns its address; headers may hold `{{WORKER}}` too. */
  put(path: string, html: string, headers?: Record<string, string>): string;
  close(): Promise<void>;
}

export async function startSite(): Promise<Site> {
  const pages = new Map<string, { html: string; headers: Record<string, string> }>();
  const server = createServer((request, response) => {
    const page = pages.get(new URL(request.url ?? '/', 'http://localhost').pathname);
    if (!page) {
      response.writeHead(request.url === '/favicon.ico' ? 204 : 404).end();
      return;
    }
    const filled = (text: string) => text.replaceAll('{{WORKER}}', site.worker);
    const headers = Object.entries(page.headers).map(([name, value]) => [name, filled(value)]);
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...Object.fromEntries(headers) });
    response.end(filled(page.html));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  const site: Site = {
    origin,
    worker: '',
    put(path, html, headers = {}) {
      pages.set(path, { html, headers });
      return origin + path;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return site;
}
