/**
 * The variables of `wrangler.toml`, read once per isolate. Each wrong one is a sentence that names it and says what to write;
 * the Worker answers `unavailable` to visitors and the sentence goes to the log.
 */
import eventsFile from '../../events.json' with { type: 'json' };
import { SetupError } from '../problem.ts';
import { type EventConfigs, readEventConfigs } from './events.ts';
import { isLoopback } from './links.ts';

export interface Rate {
  /** Calls that iClosed allows per endpoint in any `windowSeconds`. */
  points: number;
  windowSeconds: number;
}

export interface Settings {
  /** Origins as browsers write them; the Worker's own is added where a request is judged. */
  origins: ReadonlySet<string>;
  events: EventConfigs;
  apiUrl: string;
  rate: Rate;
  /** The part of the account's limit that is ours. */
  share: number;
  slotTimeZone: string;
  /** When the API key expires, in milliseconds; undefined where nobody said. */
  keyExpiresAt?: number;
}

/** The variables, as the runtime, a script or a test hands them over. */
export interface SettingsSource {
  ALLOWED_ORIGINS?: string;
  EVENTS?: string;
  ICLOSED_API_URL?: string;
  ICLOSED_RATE?: string;
  ICLOSED_RATE_SHARE?: string;
  ICLOSED_API_KEY_EXPIRES?: string;
  SLOT_TIME_ZONE?: string;
}

const remembered = new WeakMap<object, Settings>();

/** @throws SetupError with the sentence. */
export function settingsOf(env: SettingsSource): Settings {
  let settings = remembered.get(env);
  if (!settings) {
    settings = {
      origins: parseOrigins(env.ALLOWED_ORIGINS),
      events: readEventConfigs(eventsFile, env.EVENTS),
      apiUrl: parseApiUrl(env.ICLOSED_API_URL),
      rate: parseRate(env.ICLOSED_RATE),
      share: parseShare(env.ICLOSED_RATE_SHARE),
      ...parseExpiry(env.ICLOSED_API_KEY_EXPIRES),
      slotTimeZone: parseTimeZone(env.SLOT_TIME_ZONE),
    };
    remembered.set(env, settings);
  }
  return settings;
}

/** `["example.com", "https://shop.example.org"]`; a bare host means https with and without `www.`. */
export function parseOrigins(value: string | readonly unknown[] | undefined): ReadonlySet<string> {
  const advice = 'ALLOWED_ORIGINS must be a JSON array such as ["example.com", "https://shop.example.org"]';
  // Written in wrangler.toml without the quotes around it, the variable arrives as the array itself.
  let list: unknown = value;
  try {
    if (typeof value !== 'object') list = JSON.parse(value?.trim() || '[]');
  } catch {
    throw new SetupError(`${advice}; it is not JSON.`);
  }
  if (!Array.isArray(list)) throw new SetupError(`${advice}; it is no array.`);
  const origins = new Set<string>();
  for (const entry of list) {
    if (typeof entry !== 'string') throw new SetupError(`${advice}; ${JSON.stringify(entry)} is no text.`);
    for (const origin of originsOf(entry.trim())) origins.add(origin);
  }
  return origins;
}

function originsOf(entry: string): string[] {
  const bare = !entry.includes('://');
  let url: URL;
  try {
    url = new URL(bare ? `https://${entry}` : entry);
  } catch {
    throw new SetupError(`ALLOWED_ORIGINS: "${entry}" is no website; write "example.com" or "https://example.com".`);
  }
  if (url.pathname !== '/' || url.search || url.hash || url.username || url.password || entry.endsWith('/')) {
    throw new SetupError(`ALLOWED_ORIGINS: "${entry}" must end after the host; write "${url.origin}".`);
  }
  if (entry.includes('*')) {
    throw new SetupError(
      `ALLOWED_ORIGINS: "${entry}" has a "*"; write each website, such as "https://shop.example.org".`,
    );
  }
  if (url.protocol !== 'https:' && !isLoopback(url.hostname)) {
    throw new SetupError(`ALLOWED_ORIGINS: "${entry}" must be https; write "https://${url.host}".`);
  }
  if (!bare) return [url.origin];
  const apex = url.host.replace(/^www\./, '');
  return [`https://${apex}`, `https://www.${apex}`];
}

/** `https`, `public.api.iclosed.io` or another host of iClosed's API, or loopback. */
export function parseApiUrl(value: string | undefined): string {
  const text = value?.trim() || 'https://public.api.iclosed.io';
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isIclosed = url?.protocol === 'https:' && url.hostname.endsWith('.api.iclosed.io');
  const isLocal = url !== undefined && /^https?:$/.test(url.protocol) && isLoopback(url.hostname);
  if (!url || (!isIclosed && !isLocal) || url.username || url.search || url.hash) {
    throw new SetupError(
      `ICLOSED_API_URL is "${text}"; write "https://public.api.iclosed.io" (or an address on loopback).`,
    );
  }
  return url.origin;
}

/** `"20/10s"`: calls per endpoint and window. */
export function parseRate(value: string | undefined): Rate {
  const match = /^(\d{1,5})\/(\d{1,4})s$/.exec(value?.trim() || '20/10s');
  const rate = { points: Number(match?.[1]), windowSeconds: Number(match?.[2]) };
  if (!match || rate.points < 2 || rate.windowSeconds < 1) {
    throw new SetupError(`ICLOSED_RATE is "${value}"; write calls per seconds, such as "20/10s".`);
  }
  return rate;
}

/** `"0.5"`: half of the account's limit is left to other programs. */
export function parseShare(value: string | undefined): number {
  const share = Number(value?.trim() || '1');
  if (share > 0 && share <= 1) return share;
  throw new SetupError(`ICLOSED_RATE_SHARE is "${value}"; write a number above 0 and at most 1, such as "0.5".`);
}

function parseExpiry(value: string | undefined): { keyExpiresAt?: number } {
  const day = value?.trim();
  if (!day) return {};
  const keyExpiresAt = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  if (!Number.isNaN(keyExpiresAt)) return { keyExpiresAt };
  throw new SetupError(`ICLOSED_API_KEY_EXPIRES is "${value}"; write a day such as "2027-06-30".`);
}

function parseTimeZone(value: string | undefined): string {
  const zone = value?.trim() || 'UTC';
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return zone;
  } catch {
    throw new SetupError(`SLOT_TIME_ZONE is "${zone}"; write an IANA zone such as "UTC" or "America/New_York".`);
  }
}

/**
 * What is wrong with the API key as text, or undefined. Whether iClosed takes it only iClosed knows.
 */
export function keyFault(key: string | undefined): string | undefined {
  if (!key) return 'ICLOSED_API_KEY is missing. Create a key in iClosed under Settings → Developer.';
  if (key !== key.trim() || /\s/.test(key)) return 'ICLOSED_API_KEY has a blank or a line break in it. Paste it again.';
  if (key.startsWith('iclosed-')) return 'ICLOSED_API_KEY begins with "iclosed-"; it must begin with "iclosed_".';
  if (!/^iclosed_[\x21-\x7e]+$/.test(key)) return 'ICLOSED_API_KEY must begin with "iclosed_".';
  return undefined;
}
