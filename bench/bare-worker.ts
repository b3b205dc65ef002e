/**
 * The Worker as it is deployed (wrangler's own dry run makes the bundle) in one workerd process of its own, with nothing between it
 * and the stand-in: the tests' harness sends every call to iClosed through Node, which would be measured along. Still in front of it
 * and measured along is miniflare's entry Worker. For figures only; the tests use `test/stack.ts`.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { Miniflare } from 'miniflare';
import { unstable_getMiniflareWorkerOptions } from 'wrangler';
import { startNode } from '../scripts/children.ts';
import { PROGRAMS, ROOT, WRANGLER_TOML } from '../scripts/paths.ts';
import { SIGNING_KEYS, STANDIN_KEY } from '../test/stack.ts';

/** The kernel's clock of process times. */
const TICKS_PER_SECOND = 100;

export interface BareWorker {
  /** Without a slash at the end. */
  url: string;
  /** CPU that the workerd process has used so far, in milliseconds, in steps of ten. */
  cpuMs(): number;
  close(): Promise<void>;
}

/** @param vars laid over those of `wrangler.toml`. */
export async function startBareWorker(vars: Record<string, string>): Promise<BareWorker> {
  process.env.CLOUDFLARE_CF_FETCH_ENABLED = 'false';
  process.env.WRANGLER_SEND_METRICS = 'false';
  const folder = mkdtempSync(path.join(tmpdir(), 'iclosed-bench-'));
  const args = [PROGRAMS.wrangler, 'deploy', '--dry-run', `--outdir=${folder}`];
  const bundling = startNode(args, { cwd: ROOT });
  if ((await bundling.ended) !== 0) throw new Error(bundling.lastWords());
  const { workerOptions } = unstable_getMiniflareWorkerOptions(WRANGLER_TOML);
  const { bindings, compatibilityDate, compatibilityFlags, durableObjects, ratelimits } = workerOptions;
  const isOld = new Set(workerdChildren());
  const miniflare = new Miniflare({
    name: 'bare',
    modules: true,
    script: readFileSync(path.join(folder, 'index.js'), 'utf8'),
    compatibilityDate,
    compatibilityFlags,
    durableObjects,
    ratelimits,
    bindings: { ...bindings, ICLOSED_API_KEY: STANDIN_KEY, SIGNING_KEYS, ...vars },
    // Straight to the socket: by default a Worker of miniflare's stands in between.
    outboundService: { network: { allow: ['private', 'public'] } },
    durableObjectsPersist: path.join(folder, 'objects'),
    // What the Worker logs costs it time; reading it must not cost this process more than that.
    handleRuntimeStdio: (out: Readable, err: Readable) => {
      out.resume();
      err.resume();
    },
  });
  const url = (await miniflare.ready).href.replace(/\/$/, '');
  const [pid, ...others] = workerdChildren().filter((each) => !isOld.has(each));
  if (pid === undefined || others.length > 0) throw new Error('There is not one new workerd process.');
  return {
    url,
    cpuMs: () => cpuMsOf(pid),
    close: async () => {
      await miniflare.dispose();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Ids of the workerd processes that this process started. */
function workerdChildren(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const stat = statOf(pid);
      return stat !== undefined && stat.name.startsWith('workerd') && stat.fields[1] === String(process.pid);
    });
}

/** User and system time, fields 14 and 15 of `man 5 proc_pid_stat`. */
function cpuMsOf(pid: number): number {
  const stat = statOf(pid);
  if (!stat) throw new Error('workerd has ended');
  return ((Number(stat.fields[11]) + Number(stat.fields[12])) * 1_000) / TICKS_PER_SECOND;
}

/** The name may hold blanks; the fields begin behind it with the state, field 3. */
function statOf(pid: number): { name: string; fields: string[] } | undefined {
  try {
    const [, name = '', rest = ''] = /^\d+ \((.*)\) (.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return { name, fields: rest.trim().split(' ') };
  } catch {
    return undefined;
  }
}
