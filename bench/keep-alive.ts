/**
 * The bench's HTTP client: one socket per address, kept open, and the time of each exchange from the first byte sent to the last
 * byte read. The same for the Worker and for the stand-in, so that what it costs itself is on both sides.
 */
import { Agent, request } from 'node:http';

export interface Exchange {
  status: number;
  text: string;
  ms: number;
}

export class KeepAliveClient {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #origin: string;

  constructor(origin: string) {
    this.#origin = origin;
  }

  send(method: string, path: string, headers: Record<string, string>, body?: string): Promise<Exchange> {
    return new Promise((resolve, reject) => {
      const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
      const began = performance.now();
      const options = { method, agent: this.#agent, headers: { ...headers, ...length } };
      const sending = request(this.#origin + path, options, (answer) => {
        answer.toArray().then((chunks: Buffer[]) => {
          const ms = performance.now() - began;
          resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString(), ms });
        }, reject);
      });
      sending.once('error', reject);
      sending.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
