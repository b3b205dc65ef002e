/**
 * The stand-in on a loopback socket: turns http into model calls and replies into bytes, real resets, silence and answers that
 * break off. Used by `main.ts`, by tests in workerd and by anything that wants an iClosed without an account.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerControl, controlPrefix } from './control.ts';
import type { Ledger } from './ledger.ts';
import { StandinModel } from './model.ts';
import { type Reply, toStandinRequest } from './request.ts';
import type { SettingsPatch } from './settings.ts';

export interface StandinOptions {
  /** 0 or missing: any free port. */
  port?: number;
  settings?: SettingsPatch;
  seed?: number;
  /** The system's clock unless told. */
  now?: () => number;
}

export interface Standin {
  /** Such as `http://127.0.0.1:8799`, without a slash at the end. */
  url: string;
  model: StandinModel;
  /** The current ledger; a new one after a reset. */
  readonly ledger: Ledger;
  /** Ends every connection, hanging ones included. */
  close(): Promise<void>;
}

const maxBodyBytes = 1_000_000;

/** Starts on 127.0.0.1 and resolves once it listens. */
export async function startStandin(options: StandinOptions = {}): Promise<Standin> {
  const { port = 0, settings, seed, now = Date.now } = options;
  const model = new StandinModel({ now, ...(settings && { settings }), ...(seed !== undefined && { seed }) });
  const server = createServer((incoming, outgoing) => {
    serve(model, incoming, outgoing).catch((problem: unknown) => {
      // A fault of the stand-in itself must not look like one of iClosed; a caller that dies while it speaks is none.
      if (!incoming.readableAborted) console.error('stand-in:', problem);
      outgoing.destroy();
    });
  });
  server.keepAliveTimeout = 30_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: listening } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${listening}`,
    model,
    get ledger() {
      return model.ledger;
    },
    close: () => closeServer(server),
  };
}

async function serve(model: StandinModel, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const body = await readBody(incoming);
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)] as const);
  const request = toStandinRequest(
    incoming.method ?? 'GET',
    `http://standin.invalid${incoming.url ?? '/'}`,
    headers,
    body,
  );
  if (request.path.startsWith(controlPrefix)) {
    const { status, body: answer } = answerControl(model, request);
    outgoing.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(answer));
    return;
  }
  const reply = model.handle(request);
  if (reply.wire.delayMs <= 0) put(reply, outgoing);
  else {
    const timer = setTimeout(() => put(reply, outgoing), reply.wire.delayMs);
    outgoing.once('close', () => clearTimeout(timer));
  }
}

function put(reply: Reply, outgoing: ServerResponse): void {
  switch (reply.wire.kind) {
    case 'answer': {
      const length = { 'content-length': String(Buffer.byteLength(reply.body)) };
      outgoing.writeHead(reply.status, { ...reply.headers, ...length }).end(reply.body);
      return;
    }
    case 'half': {
      const bytes = Buffer.from(reply.body);
      outgoing.writeHead(reply.status, { ...reply.headers, 'content-length': String(bytes.length) });
      outgoing.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => outgoing.socket?.resetAndDestroy());
      return;
    }
    case 'reset':
      outgoing.socket?.resetAndDestroy();
      return;
    case 'hang':
      // Nothing is sent; the caller's time-out or `close` ends it.
      return;
  }
}

async function readBody(incoming: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes) throw new RangeError('body over 1 MB');
    chunks.push(chunk);
  }
  return size === 0 ? null : Buffer.concat(chunks).toString('utf8');
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
