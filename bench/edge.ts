/**
 * What stands between browser and Worker in the bench. One server plays Cloudflare's edge: it compresses (brotli 4, as for
 * dynamic answers there) and passes `/api/` on to the Worker. The other is a customer's website on another origin with bare pages: ours by
 * the documented snippet, with and without the preload line, and the floor that nothing can beat: a script of the same compressed
 * size whose one data request of the same size puts an input on the page, or with times first a button for each free day.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { Server as SocketServer } from 'node:net';
import { brotliCompressSync, constants } from 'node:zlib';

export const PAGES = ['snippet', 'preload', 'floor'] as const;
export type Page = (typeof PAGES)[number];
/** The snippet without `crossorigin`: its script and its first request need a connection each. */
export const COLD_PAGES = [...PAGES, 'two-connections'] as const;
export type ColdPage = (typeof COLD_PAGES)[number];
/** With times first, beside other widgets. */
export const TIMES_PAGES = ['times', 'times-preload', 'times-floor', 'times-floor-preload'] as const;
export type TimesPage = (typeof TIMES_PAGES)[number];

export interface Bench {
  /** Address of a page on the website's origin. */
  address(page: ColdPage | TimesPage): string;
  close(): Promise<void>;
}

export interface BenchFacts {
  script: Buffer;
  /** The event's description as the Worker answers it; the floor's data request gets the same bytes. */
  description: Buffer;
  /** Path and query of the widget's first request, as the widget itself writes them. */
  preloadPath: string;
  /** The Worker's address. */
  worker: string;
}

export const EVENT = 'acme/discovery-call';
const FLOOR_DATA = '/floor.json';
const FLOOR_ASKS = `const place=document.getElementById('place');fetch(new URL('${FLOOR_DATA}',document.currentScript.src)).then(r=>r.json())`;
/** The least script that can be used, by its path. The month has no weekdays, no zone, no words and no style. */
const FLOORS = {
  '/floor.js': `${FLOOR_ASKS}.then(()=>{const i=document.createElement('input');i.oninput=()=>{i.dataset.seen=i.value};place.append(i);document.dispatchEvent(new Event('iclosed:ready'))});`,
  '/times-floor.js': `${FLOOR_ASKS}.then(({slots:{slots}})=>{const shown=document.createElement('p');for(const day of new Set(slots.map(slot=>slot.slice(0,10)))){const b=document.createElement('button');b.textContent=+day.slice(8);b.onclick=()=>{shown.textContent=b.textContent+' '+slots.filter(slot=>slot.startsWith(day)).map(slot=>slot.slice(11,16)).join(' ')};place.append(b)}place.append(shown)});`,
};
type Request = IncomingMessage | Http2ServerRequest;
type Response = ServerResponse | Http2ServerResponse;
export type Answer = (request: Request, response: Response) => void;
/** Puts something that answers on a port of this machine. */
export type Serve = (answer: Answer) => Promise<{ scheme: string; port: number; close(): Promise<void> }>;

const item = (more = '') =>
  `<iclosed-booking event="${EVENT}"${more} style="display:block;min-height:34rem"><a href="https://app.iclosed.io/e/${EVENT}">Book a call</a></iclosed-booking>`;

/** What the widget's first request is answered from that website. */
export async function descriptionFor(site: string, { worker, preloadPath }: BenchFacts): Promise<Buffer> {
  const answer = await fetch(worker + preloadPath, { headers: { origin: site } });
  return Buffer.from(await answer.arrayBuffer());
}

/** At hand, without TLS. */
const nearServers: Serve = async (answer) => {
  const server = createServer(answer);
  return { scheme: 'http', port: await listen(server), close: () => stop(server) };
};

/** Starts both servers. `facts` is read at each request: some facts are known only after a first visit. */
export async function startBench(facts: BenchFacts, serve = nearServers): Promise<Bench & { site: string }> {
  const floors = new Map(Object.entries(FLOORS).map(([path, code]) => [path, floorScript(code, facts.script)]));
  const edge = await serve((request, response) => {
    answerAsEdge(request, response, facts, floors).catch(() => response.destroy());
  });
  const edgeAddress = `${edge.scheme}://127.0.0.1:${edge.port}`;
  const website = await serve((request, response) => {
    const page = [...COLD_PAGES, ...TIMES_PAGES].find((name) => request.url === `/${name}`);
    if (page) send(response, 'text/html; charset=utf-8', Buffer.from(pageOf(page, edgeAddress, facts)));
    else response.end();
  });
  const site = `${website.scheme}://localhost:${website.port}`;
  return {
    site,
    address: (page) => `${site}/${page}`,
    close: async () => {
      await Promise.all([edge.close(), website.close()]);
    },
  };
}

function pageOf(page: ColdPage | TimesPage, edge: string, { preloadPath }: BenchFacts): string {
  const floor = page.includes('floor') ? `/${page.replace('-preload', '')}.js` : undefined;
  const preload = page.endsWith('preload')
    ? `<link rel="preload" as="fetch" crossorigin href="${edge}${floor ? FLOOR_DATA : preloadPath}">`
    : '';
  const shared = page === 'two-connections' ? '' : ' crossorigin';
  const body = floor
    ? `<script async crossorigin src="${edge}${floor}"></script><main id="place"></main>`
    : `<script async${shared} src="${edge}/embed.js"></script>${item(page.startsWith('times') ? ' flow="times-first"' : '')}`;
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Bench</title>${preload}<body><h1>Acme</h1>${body}<p>Content below.</p></body></html>`;
}

async function answerAsEdge(request: Request, response: Response, facts: BenchFacts, floors: Map<string, Buffer>) {
  if (request.url === '/embed.js') return send(response, 'text/javascript', facts.script);
  const floor = floors.get(request.url ?? '');
  if (floor) return send(response, 'text/javascript', floor);
  if (request.url === FLOOR_DATA) return send(response, 'application/json', facts.description);
  const headers = new Headers();
  for (const name of ['origin', 'content-type', 'sec-fetch-site']) {
    const value = request.headers[name];
    if (typeof value === 'string') headers.set(name, value);
  }
  const body = request.method === 'POST' ? { body: Buffer.concat(await request.toArray()) } : {};
  const answer = await fetch(facts.worker + request.url, { method: request.method ?? 'GET', headers, ...body });
  for (const [name, value] of answer.headers) {
    if (name.startsWith('access-control-') || name === 'vary' || name === 'cache-control')
      response.setHeader(name, value);
  }
  response.statusCode = answer.status;
  return send(response, answer.headers.get('content-type') ?? 'text/plain', Buffer.from(await answer.arrayBuffer()));
}

/** Incompressible padding in a comment, so that as many bytes travel as for ours; nothing in it has to be run. */
function floorScript(code: string, script: Buffer): Buffer {
  const wanted = compress(script).length;
  let made = Buffer.from(code);
  let noiseBytes = 0;
  for (let attempt = 0; attempt < 4; attempt += 1) {
    noiseBytes += wanted - compress(made).length;
    if (noiseBytes <= 0) break;
    made = Buffer.from(`${code}//${randomBytes(noiseBytes).toString('base64')}`);
  }
  return made;
}

function compress(bytes: Buffer): Buffer {
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } });
}

/** Answers in brotli 4. */
export function send(response: Response, type: string, bytes: Buffer): void {
  response.setHeader('content-type', type);
  response.setHeader('content-encoding', 'br');
  response.setHeader('timing-allow-origin', '*');
  if (!response.hasHeader('access-control-allow-origin')) response.setHeader('access-control-allow-origin', '*');
  response.end(compress(bytes));
}

/** Takes a free port of this machine. */
export function listen(server: SocketServer): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
}

export function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
