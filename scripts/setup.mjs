/**
 * `pretest` and `prestart`: installs what the lock file says, once. A stamp in `node_modules` holds the lock file's hash; while
 * they agree this does nothing. `--stamp` (from `postinstall`) writes it, so that `npm install` by hand counts too.
 * Runs on the user's own Node, so it is plain JavaScript for Node 20.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const root = new URL('../', import.meta.url);
const stamp = new URL('node_modules/.setup-stamp', root);
const lock = createHash('sha256')
  .update(readFileSync(new URL('package-lock.json', root)))
  .digest('hex');

if (process.argv.includes('--stamp')) writeFileSync(stamp, lock);
else if (readStamp() !== lock) install();

function readStamp() {
  try {
    return readFileSync(stamp, 'utf8');
  } catch {
    return undefined; // nothing installed yet, or an installation that did not end
  }
}

function install() {
  console.log('Installing what package-lock.json says (once, about a minute) …');
  const npm = process.env.npm_execpath; // set by npm itself
  // NODE_ENV=production would leave the tools out
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error', '--include=dev'];
  const run = npm
    ? spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: 'inherit' })
    : spawnSync('npm', args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  if (run.status !== 0) {
    console.error('`npm ci` did not succeed; what it said stands above.');
    process.exit(run.status || 1);
  }
}
