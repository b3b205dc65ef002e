/**
 * One deployment of the Worker in a workerd process of its own, with its objects on disk: started, killed as by `kill -9`, started
 * again on the same disk and address. Also evicts single objects. What the Worker logs is handed on line by line.
 *
 * Alarms survive: workerd keeps them in `metadata.sqlite` beside the objects, and one whose time came while the process was dead
 * rings a moment after the next start, without any request. So nothing here has to wake a Lead after a restart.
 */
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { channel } from 'node:diagnostics_channel';
import path from 'node:path';
import { Miniflare } from 'miniflare';
import { build } from 'vite';
import { unstable_readConfig } from 'wrangler';
import { ROOT, WRANGLER_TOML } from '../../scripts/paths.ts';
import { freePort } from '../../scripts/ports.ts';
import { EVICT_PATH } from './worker/evict.ts';

export type Control = 'naive retry' | 'no write-ahead' | 'no outbox';

export interface DeploymentOptions {
  /** Variables and secrets, over those of `wrangler.toml`. */
  vars: Record<string, string>;
  /** A protection that is taken away. */
  control?: Control;
  hears(line: string): void;
}

interface ObjectBinding {
  name: string;
  class_name: string;
}

interface RateLimitBinding {
  name: string;
  namespace_id: string;
  simple: { limit: number; period: number };
}

type Binding = 'LEAD' | 'EVENT' | 'GATE';

/** Every process that this one starts, by Node's own word. */
const children: ChildProcess[] = [];
channel('child_process').subscribe((message) => void children.push((message as { process: ChildProcess }).process));

export class Deployment {
  readonly url: string;
  /** How often a workerd was started. */
  starts = 1;
  readonly #port: number;
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'iclosed-soak-'));
  readonly #miniflare: Miniflare;
  #isBack: () => void = () => undefined;

  private constructor(port: number, contents: string, { vars, control, hears }: DeploymentOptions) {
    this.#port = port;
    this.url = `http://127.0.0.1:${port}`;
    const config = unstable_readConfig({ config: WRANGLER_TOML });
    this.#miniflare = new Miniflare({
      host: '127.0.0.1',
      port,
      cf: false,
      compatibilityDate: config.compatibility_date ?? '',
      modules: [{ type: 'ESModule', path: 'worker.js', contents }],
      bindings: { ...(config.vars as Record<string, string>), ...vars, ...(control ? { SOAK_CONTROL: control } : {}) },
      durableObjects: Object.fromEntries(
        config.durable_objects.bindings.map(({ name, class_name }: ObjectBinding) => [
          name,
          { className: class_name, useSQLite: true },
        ]),
      ),
      durableObjectsPersist: this.#folder,
      ratelimits: Object.fromEntries(config.ratelimits.map(({ name, ...limit }: RateLimitBinding) => [name, limit])),
      handleStructuredLogs: ({ message }: { message: string }) => hears(message),
      unsafeHandleRuntimeRestart: () => this.#isBack(),
    });
  }

  /** Starts with empty objects, on a free port. */
  static async start(options: DeploymentOptions): Promise<Deployment> {
    const deployment = new Deployment(await freePort(), await bundled(), options);
    await deployment.#miniflare.ready;
    return deployment;
  }

  /** Ends the process in the middle of whatever it does; Miniflare starts the next one, which finds what is on disk. */
  async restart(): Promise<void> {
    const back = new Promise<void>((resolve) => {
      this.#isBack = resolve;
    });
    this.#workerd.kill('SIGKILL');
    await back;
    this.starts += 1;
  }

  /**
   * Ends one object in the middle of whatever it does; its rows and its alarm stay. Miniflare's own eviction waits until nothing
   * is under way, which would be too kind. Says whether the object was up.
   */
  async evict(binding: Binding, object: { name: string } | { id: string }): Promise<boolean> {
    const query = new URLSearchParams({ binding, ...object });
    // A connection of its own: one from before a restart would be dead.
    const response = await fetch(`${this.url}${EVICT_PATH}?${query.toString()}`, { headers: { connection: 'close' } });
    return (await response.json()) === true;
  }

  async close(): Promise<void> {
    await this.#miniflare.dispose();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** The process that listens on our port. */
  get #workerd(): ChildProcess {
    const address = `=127.0.0.1:${this.#port}`;
    const found = children.findLast(
      ({ spawnargs, exitCode, signalCode }) =>
        exitCode === null && signalCode === null && spawnargs.some((each) => each.endsWith(address)),
    );
    if (!found) throw new Error('workerd is not running');
    return found;
  }
}

let bundle: Promise<string> | undefined;

/** The Worker with its witness as one module; made once. */
function bundled(): Promise<string> {
  bundle ??= build({
    configFile: false,
    root: ROOT,
    logLevel: 'error',
    publicDir: false,
    ssr: { noExternal: true, target: 'webworker' },
    build: {
      write: false,
      minify: false,
      ssr: path.join(ROOT, 'test/soak/worker/witnessed.ts'),
      rolldownOptions: { external: /^cloudflare:/ },
    },
  }).then((built) => {
    const output = 'output' in built ? built.output : [];
    const [chunk] = output;
    if (chunk?.type !== 'chunk' || output.length !== 1) throw new Error('the Worker must be one module');
    return chunk.code;
  });
  return bundle;
}
