/**
 * The running product for tests, pictures and the bench: stand-in for iClosed, the real Worker in workerd, and the example pages
 * on another origin, each on a free port, all in this process and forgotten at the end. Real keys never get in: secrets are ours,
 * those of `.dev.vars` are blanked, and an upstream that is not on this machine is refused. Needs a built `dist/`.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { existsSync } from 'node:fs';
import { createTestHarness, type TestHarness } from 'wrangler';
import { servePages, writePages } from '../scripts/example-pages.ts';
import { isLoopbackAddress } from '../scripts/loopback-only.ts';
import { DIST, ROOT, SCRIPT, WRANGLER_TOML } from '../scripts/paths.ts';
import { readDefaults, readDevVars } from '../scripts/settings.ts';
import { type Standin, type StandinOptions, startStandin } from './standin/server.ts';

export const STANDIN_KEY = 'iclosed_standin_key_0123456789abcdef';
/** Fixed, so that tickets of one run can be told from those of another key in tests. */
export const SIGNING_KEYS = `1:${Buffer.alloc(32, 7).toString('base64')}`;

export interface StackOptions {
  /** Handed to the stand-in: its switches and the seed of its randomness. */
  standin?: StandinOptions;
  /** Variables of `wrangler.toml`; objects are written as JSON. */
  vars?: Record<string, string | object> & { ICLOSED_API_URL?: string };
  secrets?: Record<string, string>;
  /** Origins that may show the widget beside the example pages' own. */
  origins?: string[];
  /** Another configuration than `wrangler.toml`: the bench counts with an entry of its own. */
  configPath?: string;
  /** Also puts the example pages into `dist/`, so that the Worker's own origin shows them. */
  hasOwnPages?: boolean;
}

export interface Stack {
  /** The Worker's address, without a slash at the end. */
  readonly worker: string;
  /** The example pages' address on another origin, without a slash at the end. */
  readonly site: string;
  readonly standin: Standin;
  /** Wrangler's handle: bindings, storage, eviction, logs. Its `update` is `update` here. */
  readonly harness: Omit<TestHarness, 'update'>;
  /** Loads the Worker anew with other options, as a deploy does; its address changes. */
  update: TestHarness['update'];
  close(): Promise<void>;
}

/**
 * Starts all three; takes about two seconds.
 * @throws Error with a sentence when `dist/` is not built or a variable points to another machine.
 */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const upstream = options.vars?.ICLOSED_API_URL;
  if (upstream !== undefined && !isLoopbackAddress(upstream)) {
    throw new Error(`Tests refuse the upstream ${upstream}: it is not on this machine.`);
  }
  if (!existsSync(SCRIPT)) throw new Error('dist/ is not built; run `npm run build` first.');
  process.env.CLOUDFLARE_CF_FETCH_ENABLED = 'false'; // wrangler would ask its maker for a sample request
  process.env.WRANGLER_SEND_METRICS = 'false';
  const standin = await startStandin(options.standin);
  let worker = '';
  const pages = await servePages(0, () => ({ worker, other: worker }));
  const vars: Record<string, string> = {
    ...(await readDefaults()).vars,
    ICLOSED_API_URL: standin.url,
    ALLOWED_ORIGINS: JSON.stringify([pages.origin, ...(options.origins ?? [])]),
    ...asText(options.vars ?? {}),
  };
  const harness = createTestHarness({
    root: ROOT,
    workers: [{ configPath: options.configPath ?? WRANGLER_TOML, vars, secrets: ownSecrets(vars, options.secrets) }],
  });
  const close = async () => {
    await harness.close();
    await pages.close();
    await standin.close();
  };
  try {
    await harness.listen();
    worker = await ownAddress(harness, standin);
    if (options.hasOwnPages) await writePages(DIST, { worker: '', other: pages.origin });
    const update: TestHarness['update'] = async (change) => {
      await harness.update(change);
      worker = await ownAddress(harness, standin);
    };
    return {
      get worker() {
        return worker;
      },
      site: pages.origin,
      standin,
      harness,
      update,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Where the Worker itself listens. `listen` names wrangler's proxy before it, which answers a script's request with "Network
 * connection lost" when it uses a connection just as the Worker closes it for being idle: on a busy machine that was a failed test.
 * Wrangler does not tell the address, but Node tells of every connection that it opens (channel `undici:client:beforeConnect`).
 */
async function ownAddress(harness: TestHarness, standin: Standin): Promise<string> {
  const others = [(await harness.listen()).url.port, new URL(standin.url).port];
  const ports: string[] = [];
  const note = (message: unknown) => ports.push((message as { connectParams: { port: string } }).connectParams.port);
  subscribe('undici:client:beforeConnect', note);
  await harness.getWorker().fetch('/healthz');
  unsubscribe('undici:client:beforeConnect', note);
  const own = ports.find((port) => !others.includes(port));
  if (own === undefined) throw new Error('The Worker answered over no new connection.');
  return `http://127.0.0.1:${own}`;
}

function asText(vars: Record<string, string | object>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(vars).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}

/** Ours, and an empty text for whatever else `.dev.vars` holds: wrangler would hand it to the Worker otherwise. */
function ownSecrets(vars: Record<string, string>, secrets: Record<string, string> = {}): Record<string, string> {
  const others = Object.keys(readDevVars()).filter((name) => !(name in vars));
  const blank = Object.fromEntries(others.map((name) => [name, '']));
  return { ...blank, ICLOSED_API_KEY: STANDIN_KEY, SIGNING_KEYS, ...secrets };
}
