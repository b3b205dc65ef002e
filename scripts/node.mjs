/**
 * Root `postinstall`: brings the Node that the tools need. Does nothing on Node 22.19 or newer. On an older one it installs the
 * copy that `tools/node/package-lock.json` locks and links it into `node_modules/.bin`, where npm finds it before the machine's.
 * Runs on the user's own Node, so it is plain JavaScript for Node 20.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const home = path.join(root, 'tools', 'node');
const isWindows = process.platform === 'win32';
const packageName = `node-${isWindows ? 'win' : process.platform}-${process.arch}`;
const installed = path.join(home, 'node_modules', packageName);
const program = path.join(installed, 'bin', isWindows ? 'node.exe' : 'node');

// `npm ci` inside `npm test` already runs on our copy: it must be linked again, since npm ci empties node_modules.
const runsOnOurs = realpathSync(process.execPath).startsWith(home + path.sep);
if (runsOnOurs || isTooOld(process.versions.node)) {
  const wanted = lockedVersion();
  if (!wanted) stop(`There is no Node ${process.platform}-${process.arch} to install here`);
  if (installedVersion() !== wanted) install(wanted);
  link();
}

function isTooOld(version) {
  const [major, minor] = version.split('.').map(Number);
  return major < 22 || (major === 22 && minor < 19);
}

function lockedVersion() {
  const lock = JSON.parse(readFileSync(path.join(home, 'package-lock.json'), 'utf8'));
  return lock.packages[`node_modules/${packageName}`]?.version;
}

function installedVersion() {
  try {
    return JSON.parse(readFileSync(path.join(installed, 'package.json'), 'utf8')).version;
  } catch {
    return undefined;
  }
}

function install(version) {
  console.log(
    `The tools need Node 22.19 or newer, this is ${process.version}: installing Node ${version} in tools/node …`,
  );
  const npm = process.env.npm_execpath; // set by npm itself
  const args = ['ci', '--prefix', home, '--no-audit', '--no-fund', '--loglevel=error', '--include=optional'];
  const options = { cwd: home, stdio: 'inherit', env: { ...process.env, npm_config_local_prefix: undefined } };
  const run = npm
    ? spawnSync(process.execPath, [npm, ...args], options)
    : spawnSync('npm', args, { ...options, shell: isWindows });
  if (run.status !== 0 || installedVersion() !== version) stop('Could not install Node in tools/node');
}

function link() {
  const bin = path.join(root, 'node_modules', '.bin');
  mkdirSync(bin, { recursive: true });
  if (isWindows) {
    writeFileSync(path.join(bin, 'node.cmd'), `@"${program}" %*\r\n`);
    return;
  }
  const name = path.join(bin, 'node');
  rmSync(name, { force: true });
  symlinkSync(path.relative(bin, program), name);
}

function stop(what) {
  console.error(`${what}. Please use Node 22.19 or newer (this is ${process.version}).`);
  process.exit(1);
}
