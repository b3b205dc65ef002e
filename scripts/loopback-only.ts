/**
 * The guard of every test run: this process fetches from this machine only. `npm test` loads it into each test process
 * (`node --import`). Workers that run in wrangler's test harness fetch through this process, so it holds for them too.
 */
import { isLoopback } from '../worker/config/links.ts';

const original = globalThis.fetch;

/** Whether an address is on this machine. */
export function isLoopbackAddress(address: string): boolean {
  return URL.canParse(address) && isLoopback(new URL(address).hostname);
}

globalThis.fetch = async (input, init) => {
  const url = new URL(input instanceof Request ? input.url : input);
  if (!isLoopback(url.hostname))
    throw new Error(`Tests refuse to fetch from ${url.origin}: it is not on this machine.`);
  return original(input, init);
};
