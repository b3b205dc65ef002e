/**
 * Copies that isolates of one place share, in a named cache of the Cache API: a new isolate then need not ask an object that a crowd
 * is asking. Its keys are made here and of no address that anybody can request, and a named cache is no part of the one that answers
 * requests. The API does nothing on `workers.dev`; whatever goes wrong here only costs a question to the object.
 */
import type { Copy, SharedCopies } from './copies.ts';

const CACHE = 'public-copies-v1';
/** A reserved top-level domain: no request ever goes there. */
const NOWHERE = 'https://copies.invalid';

/**
 * @param kind of copy, part of its key.
 * @param configuration what the copies depend on beside their key; with another one they are not found.
 */
export function sharedCopies<T>(kind: string, configuration: () => Promise<string>): SharedCopies<T> {
  const addressOf = async (key: string) => `${NOWHERE}/${await configuration()}/${kind}/${encodeURIComponent(key)}`;
  return {
    async find(key) {
      try {
        const cache = await caches.open(CACHE);
        const found = await cache.match(await addressOf(key));
        return found && ((await found.json()) as Copy<T>);
      } catch {
        return undefined;
      }
    },
    async keep(key, copy, keptMs) {
      try {
        const cache = await caches.open(CACHE);
        const headers = { 'cache-control': `max-age=${Math.ceil(keptMs / 1_000)}`, 'content-type': 'application/json' };
        await cache.put(await addressOf(key), new Response(JSON.stringify(copy), { headers }));
      } catch {
        // The next isolate asks the object.
      }
    },
    async drop(key) {
      try {
        const cache = await caches.open(CACHE);
        await cache.delete(await addressOf(key));
      } catch {
        // It grows old by itself.
      }
    },
  };
}

/** A text that differs where the value does, and says nothing of it. */
export async function fingerprint(value: unknown): Promise<string> {
  const text = new TextEncoder().encode(JSON.stringify(value));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', text));
  return Array.from(digest.slice(0, 12), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
