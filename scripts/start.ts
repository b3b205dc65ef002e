/**
 * `npm start`: the whole product on this machine. Builds the widget, starts the stand-in for iClosed (unless a key is given), the
 * real Worker in workerd and the example pages on another origin, prints one address, and ends all of it together. What stands
 * after `npm start --` goes to the stand-in, such as `--random --seed 7`.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildWidget } from './build.ts';
import { type Child, endChildren, onEnd, startNode } from './children.ts';
import { type PageFacts, type PageServer, servePages, writePages } from './example-pages.ts';
import { DEV_VARS, DIST, PROGRAMS, ROOT, WRANGLER_TOML } from './paths.ts';
import { freePort, isPortFree } from './ports.ts';
import {
  envFile,
  type Overrides,
  readDefaults,
  readDevVars,
  resolveSettings,
  varArguments,
  workerSettings,
} from './settings.ts';
import { isLoopback } from '../worker/config/links.ts';
import { addSigningKeys } from './signing-keys.ts';

const STANDIN_KEY = 'iclosed_standin_key_0123456789abcdef';
const START_LIMIT_MS = 60_000;
const QUIET = {
  WRANGLER_SEND_METRICS: 'false',
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  WRANGLER_HIDE_BANNER: 'true',
  CI: '1',
  NO_COLOR: '1',
};

let isUp = false;
let isEnding = false;
let pages: PageServer | undefined;
const scratch = mkdtempSync(path.join(tmpdir(), 'iclosed-start-'));

onEnd(end);
try {
  await start();
} catch (error) {
  if (!isEnding) {
    console.error(`\n${error instanceof Error ? error.message : String(error)}`);
    await end(1);
  }
}

async function start(): Promise<void> {
  const settings = resolveSettings(await readDefaults(), readDevVars(), process.env);
  if (!(await isPortFree(settings.port))) {
    throw new Error(`Port ${settings.port} is in use. End what runs there, or choose another: PORT=8790 npm start`);
  }
  const upstream = await chooseUpstream(settings);
  const otherPort = (await isPortFree(settings.port + 1)) ? settings.port + 1 : await freePort();
  const worker = `http://127.0.0.1:${settings.port}`;
  const other = `http://localhost:${otherPort}`;
  if (!settings.overridden.has('ALLOWED_ORIGINS')) settings.vars.ALLOWED_ORIGINS = JSON.stringify([other]);

  await buildWidget();
  if (!settings.secrets.SIGNING_KEYS) {
    settings.secrets.SIGNING_KEYS = addSigningKeys(DEV_VARS);
    say('Made SIGNING_KEYS and kept them in .dev.vars.');
  }
  if (upstream === 'standin') await startStandin(settings);
  const facts: PageFacts = { worker, other: worker, isLive: upstream === 'live', ...firstEvent(settings) };
  pages = await servePages(otherPort, () => facts);
  await writePages(DIST, { ...facts, worker: '', other });
  await startWorker(settings, worker, upstream === 'standin');

  say(`\n  Open        ${worker}/`);
  say(`  and there   ${other}/   (the same on another origin, as on a customer's website)`);
  if (!(await allowsOrigin(settings, other)))
    say(`  (${other} is not in your ALLOWED_ORIGINS, so the widget is refused there)`);
  if (upstream === 'standin') say('  Bookings go to a stand-in for iClosed on this machine. No account is needed.');
  if (upstream === 'loopback') say(`  Bookings go to ${settings.vars.ICLOSED_API_URL}.`);
  if (upstream === 'live') say('\n  LIVE: bookings here are real');
  say(`  Every state of the widget: ${worker}/states`);
  say('  Ctrl+C ends it. Below is what the Worker logs.\n');
  isUp = true;
}

/**
 * Which API answers: the stand-in without a key, else the one of ICLOSED_API_URL. The Worker's own code reads the settings, so
 * that a wrong one is a sentence here and not a broken page.
 */
async function chooseUpstream({ vars, secrets }: Overrides): Promise<'standin' | 'loopback' | 'live'> {
  const { settingsOf, keyFault } = await workerSettings();
  const { apiUrl } = settingsOf(vars);
  if (!secrets.ICLOSED_API_KEY) {
    say('No ICLOSED_API_KEY in the environment or .dev.vars: starting a stand-in for iClosed.');
    return 'standin';
  }
  const fault = keyFault(secrets.ICLOSED_API_KEY);
  if (fault) throw new Error(fault);
  return isLoopback(new URL(apiUrl).hostname) ? 'loopback' : 'live';
}

async function allowsOrigin({ vars }: Overrides, origin: string): Promise<boolean> {
  const { settingsOf } = await workerSettings();
  return settingsOf(vars).origins.has(origin);
}

async function startStandin(settings: Overrides): Promise<void> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const program = path.join(ROOT, 'test/standin/main.ts');
  const standin = startNode([program, '--port', String(port), ...process.argv.slice(2)], { cwd: ROOT });
  await untilAnswering(`${url}/__standin/state`, standin, 'The stand-in for iClosed', () => true);
  watch(standin, 'The stand-in for iClosed');
  settings.vars.ICLOSED_API_URL = url;
  settings.secrets.ICLOSED_API_KEY = STANDIN_KEY;
  delete settings.secrets.ICLOSED_API_KEY_NEXT;
}

/** `wrangler dev`. With the stand-in, which forgets everything, the objects start empty too. */
async function startWorker(settings: Overrides, worker: string, isForgetful: boolean): Promise<void> {
  const secretsFile = path.join(scratch, 'secrets.env');
  writeFileSync(secretsFile, envFile(settings.secrets), { mode: 0o600 });
  const args = [
    PROGRAMS.wrangler,
    'dev',
    `--config=${WRANGLER_TOML}`,
    `--env-file=${secretsFile}`,
    '--local',
    '--ip=127.0.0.1',
    `--port=${settings.port}`,
    '--inspector-port=0',
    '--show-interactive-dev-session=false',
    ...(isForgetful ? [`--persist-to=${path.join(scratch, 'state')}`] : []),
    ...varArguments(settings.vars),
  ];
  const onLine = (line: string) => {
    if (isUp && line.trim() !== '' && !isRequestLine(line)) console.log(line);
  };
  const wrangler = startNode(args, { cwd: ROOT, env: { ...process.env, ...QUIET }, onLine });
  await untilAnswering(`${worker}/healthz`, wrangler, 'The Worker', (response) => response.ok);
  watch(wrangler, 'The Worker');
}

function isRequestLine(line: string): boolean {
  return /^\[wrangler:info\] (GET|HEAD|POST|OPTIONS) /.test(line);
}

/** Polls until the address answers well, the child dies or the time is over. */
async function untilAnswering(url: string, child: Child, name: string, isWell: (response: Response) => boolean) {
  let hasEnded = false;
  void child.ended.then(() => {
    hasEnded = true;
  });
  const until = Date.now() + START_LIMIT_MS;
  while (!hasEnded && Date.now() < until) {
    try {
      const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(5_000) });
      await response.body?.cancel();
      if (isWell(response)) return;
    } catch {
      // not listening yet
    }
    await sleep(150);
  }
  const what = hasEnded ? 'did not start' : `did not answer within ${START_LIMIT_MS / 1000} seconds`;
  throw new Error(`${child.lastWords()}\n\n${name} ${what}; what it said stands above.`);
}

/** A child that dies later ends everything. */
function watch(child: Child, name: string): void {
  void child.ended.then(async () => {
    if (isEnding) return;
    console.error(`${child.lastWords()}\n\n${name} has ended; what it said stands above.`);
    await end(1);
  });
}

/** The pages show the first event that is configured here: a real account has no Acme. */
function firstEvent(settings: Overrides): { event?: string } {
  const file = JSON.parse(readFileSync(path.join(ROOT, 'events.json'), 'utf8')) as { events: EventNames };
  for (const events of [JSON.parse(settings.vars.EVENTS || '{}') as EventNames, file.events]) {
    for (const [name, { linkPrefix = name }] of Object.entries(events)) {
      if (!linkPrefix.includes('*')) return { event: linkPrefix };
    }
  }
  return {};
}

type EventNames = Record<string, { linkPrefix?: string }>;

async function end(code: number): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  await pages?.close();
  await endChildren();
  rmSync(scratch, { recursive: true, force: true });
  process.exit(code);
}

function say(line: string): void {
  console.log(line);
}
