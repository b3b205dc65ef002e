/**
 * `npm run deploy`: builds from nothing, checks the settings with the Worker's own reading, brings the last builds along, and
 * hands over to `wrangler deploy`. `-- --dry-run` does all of it but the upload, and needs neither account nor network; other
 * arguments go to wrangler.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildWidget } from './build.ts';
import { BUILDS_KEPT, keepBuilds, keptBuilds, restoreBuilds } from './builds.ts';
import { DIST, PROGRAMS, ROOT, SCRIPT, WRANGLER_TOML } from './paths.ts';
import { envFile, readDefaults, workerSettings } from './settings.ts';
import { makeSigningKeys } from './signing-keys.ts';
import { sizeOfFile } from './size.ts';

const STORE = path.join(ROOT, '.builds');
const args = process.argv.slice(2);
const isDryRun = args.includes('--dry-run');

try {
  await deploy();
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}

async function deploy(): Promise<void> {
  const { vars } = await readDefaults();
  const { settingsOf } = await workerSettings();
  const { origins } = settingsOf(vars);
  if (![...origins].some((origin) => origin.startsWith('https:'))) {
    console.log(
      'ALLOWED_ORIGINS in wrangler.toml names no website yet: only pages of the Worker itself may show the widget.',
    );
  }

  await buildWidget(); // empties dist/, so no example page is deployed
  const { brotliBytes } = sizeOfFile(SCRIPT);
  const built = readdirSync(path.join(DIST, 'v'));
  const restored = restoreBuilds(STORE, DIST);
  console.log(`Build ${built.join(', ')}: embed.js has ${brotliBytes} bytes in brotli.`);
  console.log(
    restored.length > 0
      ? `Older builds that stay reachable (from .builds/, at most ${BUILDS_KEPT} in all): ${restored.join(', ')}`
      : 'No older build in .builds/: after the upload only this build is reachable. Deploy from one machine, or copy .builds/ along.',
  );

  const secrets = isDryRun ? undefined : missingSecrets();
  const code = wrangler(['deploy', ...(secrets ? [`--secrets-file=${secrets.file}`] : []), ...args]);
  if (secrets) rmSync(path.dirname(secrets.file), { recursive: true });
  if (code !== 0) throw new Error('wrangler did not succeed; what it said stands above.');
  if (isDryRun) return;
  keepBuilds(STORE, DIST, built, new Date());
  console.log(`Kept in .builds/ for the next deploy: ${keptBuilds(STORE).join(', ')}`);
  if (secrets?.needsKey) console.log('One thing is left: npx wrangler secret put ICLOSED_API_KEY');
}

/** SIGNING_KEYS are made once, at the first deploy, and known only to Cloudflare then. */
function missingSecrets(): { file: string; needsKey: boolean } | undefined {
  const list = spawnSync(
    process.execPath,
    [PROGRAMS.wrangler, 'secret', 'list', '--config', WRANGLER_TOML, '--format=json'],
    {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['inherit', 'pipe', 'pipe'],
    },
  );
  const isFirst = /\b10007\b|does not exist/.test(list.stderr + list.stdout); // no such Worker yet
  if (list.status !== 0 && !isFirst) throw new Error(`${list.stderr}\nThe Worker's secrets could not be listed.`);
  const names = isFirst ? [] : (JSON.parse(list.stdout) as { name: string }[]).map(({ name }) => name);
  const needsKey = !names.includes('ICLOSED_API_KEY');
  if (names.includes('SIGNING_KEYS')) {
    if (needsKey) throw new Error('The Worker has no API key. Run: npx wrangler secret put ICLOSED_API_KEY');
    return undefined;
  }
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'iclosed-deploy-')), 'secrets.env');
  writeFileSync(file, envFile({ SIGNING_KEYS: makeSigningKeys() }), { mode: 0o600 });
  return { file, needsKey };
}

function wrangler(words: string[]): number | null {
  const env = { ...process.env, WRANGLER_SEND_METRICS: 'false', WRANGLER_HIDE_BANNER: 'true' };
  return spawnSync(process.execPath, [PROGRAMS.wrangler, ...words, '--config', WRANGLER_TOML], {
    cwd: ROOT,
    env,
    stdio: 'inherit',
  }).status;
}
