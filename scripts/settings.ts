/**
 * Where a setting comes from on this machine: the environment, else `.dev.vars`, else `[vars]` of `wrangler.toml`. Also hands
 * settings to `wrangler dev`: variables as `--var` (JSON and colons survive), secrets by a file that others cannot read. What a
 * setting means and whether it is right is the Worker's business: `workerSettings()` loads its own reading.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { DEV_VARS, ROOT, WRANGLER_TOML } from './paths.ts';

/** Secrets that are also taken from the environment; in `.dev.vars` every other name counts as a secret. */
export const SECRET_NAMES = [
  'ICLOSED_API_KEY',
  'ICLOSED_API_KEY_NEXT',
  'SIGNING_KEYS',
  'ADMIN_TOKEN',
  'ALERT_WEBHOOK',
] as const;

/** Names in names out: what `wrangler.toml` says, before anybody overrides it. */
export interface Defaults {
  vars: Record<string, string>;
  port: number;
}

export interface Overrides extends Defaults {
  /** Names of variables that the environment or `.dev.vars` set. */
  overridden: ReadonlySet<string>;
  secrets: Record<string, string>;
}

type Names = Record<string, string | undefined>;

/** `[vars]` and `[dev] port` of `wrangler.toml`, read by wrangler itself. */
export async function readDefaults(): Promise<Defaults> {
  const { unstable_readConfig } = await import('wrangler'); // a second to load
  const config = unstable_readConfig({ config: WRANGLER_TOML });
  const vars: Record<string, string> = {};
  for (const [name, value] of Object.entries(config.vars)) {
    vars[name] = typeof value === 'string' ? value : JSON.stringify(value);
  }
  return { vars, port: config.dev.port ?? 8787 };
}

/** The names in `.dev.vars`; empty when there is no such file. */
export function readDevVars(file = DEV_VARS): Record<string, string> {
  try {
    return parseEnv(readFileSync(file, 'utf8')) as Record<string, string>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

/**
 * Environment over `.dev.vars` over `wrangler.toml`. A name that is set to nothing counts as set, so `ICLOSED_API_KEY= npm start`
 * starts the stand-in although `.dev.vars` has a key; only an empty `PORT` means the default.
 * @throws Error with a sentence when PORT is no port.
 */
export function resolveSettings(defaults: Defaults, devVars: Names, env: Names): Overrides {
  const vars = { ...defaults.vars };
  const overridden = new Set<string>();
  for (const name of Object.keys(vars)) {
    const value = env[name] ?? devVars[name];
    if (value === undefined) continue;
    vars[name] = value;
    overridden.add(name);
  }
  const secrets: Record<string, string> = {};
  for (const [name, value] of Object.entries(devVars)) {
    if (value !== undefined && name !== 'PORT' && !(name in vars)) secrets[name] = value;
  }
  for (const name of SECRET_NAMES) {
    const value = env[name];
    if (value !== undefined) secrets[name] = value;
  }
  return { vars, overridden, secrets, port: readPort(env.PORT || devVars.PORT, defaults.port) };
}

function readPort(value: string | undefined, otherwise: number): number {
  if (!value) return otherwise;
  const port = Number(value);
  if (!/^\d+$/.test(value) || port < 1 || port > 65_534)
    throw new Error(`PORT is "${value}"; write a number such as 8787.`);
  return port;
}

/** Arguments of `wrangler dev`; they win over everything that it reads itself. */
export function varArguments(vars: Record<string, string>): string[] {
  return Object.entries(vars).flatMap(([name, value]) => ['--var', `${name}:${value}`]);
}

/**
 * Text for `wrangler dev --env-file`, which reads dotenv and then expands `$NAME`.
 * @throws Error when a value holds a line break or all three kinds of quotes, which dotenv cannot say.
 */
export function envFile(secrets: Record<string, string>): string {
  const lines = Object.entries(secrets).map(([name, value]) => {
    const quote = ["'", '`', '"'].find((mark) => !value.includes(mark));
    if (!quote || /[\r\n]/.test(value)) throw new Error(`${name} has a line break or three kinds of quotes in it.`);
    return `${name}=${quote}${value.replaceAll('$', '\\$')}${quote}\n`;
  });
  return lines.join('');
}

/** The part of `worker/config/settings.ts` that scripts use. */
export interface WorkerSettings {
  /** @throws Error with a sentence that names the wrong setting. */
  settingsOf: (vars: Record<string, string>) => { apiUrl: string; origins: ReadonlySet<string> };
  keyFault: (key: string | undefined) => string | undefined;
}

/** What the Worker itself makes of its settings: the same code, the same sentences. */
export async function workerSettings(): Promise<WorkerSettings> {
  const { runnerImport } = await import('vite');
  const file = path.join(ROOT, 'worker/config/settings.ts');
  const loaded = await runnerImport<WorkerSettings>(file, { root: ROOT, configFile: false, logLevel: 'error' });
  return loaded.module;
}
