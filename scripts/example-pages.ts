/**
 * The pages of `examples/` as a browser gets them: the documented address of a Worker becomes this one's, and `WRITTEN_OTHER` the same
 * pages on the other origin. They are served from an origin of their own, as on a customer's website, and for `npm start` also copied beside
 * the built script, so that the Worker's origin shows them too. With them goes `/states`, every state of the widget.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { statesPage } from './states-page.ts';

const FOLDER = path.join(path.dirname(import.meta.dirname), 'examples');
const STATES = 'states.html';
const HTML = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' };
/** As the pages write them, and as every snippet of the documentation does. */
const WRITTEN_WORKER = 'https://book.example.com';
const WRITTEN_OTHER = 'https://www.example.com';
const WRITTEN_EVENT = 'acme/discovery-call';
const LIVE_BANNER = `<p role="note" style="all:revert;position:sticky;top:0;z-index:9;margin:0;padding:10px 16px;background:#b3261e;color:#fff;font:600 15px/1.4 system-ui,sans-serif;text-align:center">LIVE: bookings here are real</p>`;

export interface PageFacts {
  /** The Worker's address without a slash at the end; empty on the Worker's own origin. */
  worker: string;
  /** Address of the same page on the other origin. */
  other: string;
  /** Shown instead of `acme/discovery-call`. */
  event?: string;
  /** Bookings reach a real account: every page says so. */
  isLive?: boolean;
}

/** Puts what is so on this machine in place of what is written. */
export function fillPage(html: string, facts: PageFacts): string {
  let page = html.replaceAll(WRITTEN_WORKER, facts.worker).replaceAll(WRITTEN_OTHER, facts.other);
  if (facts.event) page = page.replaceAll(WRITTEN_EVENT, facts.event);
  if (facts.isLive) page = page.replace(/<body[^>]*>/, (body) => `${body}\n${LIVE_BANNER}`);
  return page;
}

/** File names of all example pages. */
export function examplePages(): string[] {
  return readdirSync(FOLDER).filter((name) => name.endsWith('.html'));
}

/** Copies the pages into a folder (the built `dist/`, never for a deploy). */
export async function writePages(folder: string, facts: PageFacts): Promise<void> {
  for (const name of examplePages()) {
    writeFileSync(path.join(folder, name), fillPage(readFileSync(path.join(FOLDER, name), 'utf8'), facts));
  }
  writeFileSync(path.join(folder, STATES), await statesPage(facts.worker));
}

export interface PageServer {
  /** `http://localhost:<port>`: another origin than `http://127.0.0.1:…`, whatever the port. */
  readonly origin: string;
  close(): Promise<void>;
}

/** Serves the pages on loopback. `facts` is asked at each request, since the Worker's address may come to be known later. */
export function servePages(port: number, facts: () => PageFacts): Promise<PageServer> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname === '/favicon.ico') {
      response.writeHead(204).end();
      return;
    }
    const name = pathname === '/' ? 'index.html' : pathname.slice(1).replace(/(\.html)?$/, '.html');
    if (name === STATES) {
      statesPage(facts().worker).then(
        (html) => response.writeHead(200, HTML).end(html),
        (error: Error) => response.writeHead(500, { 'content-type': 'text/plain' }).end(error.message),
      );
      return;
    }
    if (!examplePages().includes(name)) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('There is nothing here.\n');
      return;
    }
    response.writeHead(200, HTML);
    response.end(fillPage(readFileSync(path.join(FOLDER, name), 'utf8'), facts()));
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      const taken = typeof address === 'object' && address ? address.port : port;
      resolve({
        origin: `http://localhost:${taken}`,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      });
    });
  });
}
