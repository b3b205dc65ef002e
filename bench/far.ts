/**
 * A server far away: TLS and HTTP/2 as at Cloudflare's edge, behind a proxy that delays every byte by half a round trip each way, lets all
 * connections of a visit share one slow line, and makes a new connection wait the round trip of its TCP handshake, which loopback has for
 * free. Unlike the browser's own throttle it delays handshakes and the questions of CORS as well. Names are looked up for free.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createSecureServer, type SecureServerOptions } from 'node:http2';
import { connect, createServer, type Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type Answer, listen, type Serve } from './edge.ts';
import { BYTES_PER_SECOND, LATENCY_MS } from './visit.ts';

/** @throws Error when there is no `openssl`, which makes the certificate of a day. */
export function farServers(): Serve {
  const identity = selfSigned();
  const line = { freeAt: 0 };
  return async (answer: Answer) => {
    const sockets = new Set<Socket>();
    const server = createSecureServer({ ...identity, allowHTTP1: true }, answer);
    const port = await listen(server);
    const proxy = createServer((near) => {
      const far = connect(port, '127.0.0.1');
      for (const socket of [near, far]) {
        sockets.add(socket);
        socket.on('error', () => {}).on('close', () => sockets.delete(socket));
      }
      const openAt = performance.now() + LATENCY_MS;
      carry(near, far, () => Math.max(performance.now(), openAt));
      carry(far, near, (bytes) => {
        line.freeAt = Math.max(performance.now(), line.freeAt) + (bytes / BYTES_PER_SECOND) * 1_000;
        return line.freeAt;
      });
    });
    return {
      scheme: 'https',
      port: await listen(proxy),
      close: async () => {
        proxy.close();
        server.close();
        for (const socket of sockets) socket.destroy();
      },
    };
  };
}

/** One after the other, each half a round trip after it leaves. */
function carry(from: Socket, to: Socket, leavesAt: (bytes: number) => number): void {
  let before = Promise.resolve();
  const later = (bytes: number, run: () => void) => {
    const arrivesAt = leavesAt(bytes) + LATENCY_MS / 2;
    before = before.then(() => setTimeout(Math.max(0, arrivesAt - performance.now()))).then(run);
  };
  from.on('data', (chunk: Buffer) => later(chunk.length, () => to.write(chunk)));
  from.on('end', () => later(0, () => to.end()));
}

function selfSigned(): SecureServerOptions {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bench-'));
  try {
    const words =
      'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=localhost -keyout key -out cert';
    const made = spawnSync('openssl', words.split(' '), { cwd: folder, encoding: 'utf8' });
    if (made.status !== 0) throw new Error(`openssl made no certificate: ${made.error?.message ?? made.stderr}`);
    return { key: readFileSync(path.join(folder, 'key')), cert: readFileSync(path.join(folder, 'cert')) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
