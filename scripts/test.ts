/**
 * `npm test`: every part in order, also after one has failed, and the one that mostly waits beside those before it; then a table and
 * one closing line that adds them up. A part that ran no test has failed. `npm test -- unit e2e` runs only those parts. Real keys
 * are taken out of the environment first.
 */
import { mkdirSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import path from 'node:path';
import { buildWidget } from './build.ts';
import { type Child, endChildren, onEnd, startNode } from './children.ts';
import { findOrInstallBrowser } from './chromium.ts';
import { type Counts, readCounts } from './counts-reporter.ts';
import { cleanEnvironment } from './environment.ts';
import { DIST, PROGRAMS, ROOT, SCRIPT } from './paths.ts';
import { readDefaults } from './settings.ts';
import { BROTLI_BYTES_AT_MOST, sizeOfFile } from './size.ts';

interface Outcome extends Counts {
  /** Said in the table beside the counts. */
  note?: string;
}

interface Part {
  name: string;
  run(): Promise<Outcome>;
  /** Hardly works, but waits for clocks and the network: begins at once, beside the parts before it, which give way to it. */
  isWaiting?: true;
}

interface Result {
  outcome: Outcome;
  seconds: string;
}

const TEST_LIMIT_MS = 120_000;
const PART_LIMIT_MS = 15 * 60_000;
/** Most of them wait for the network, a clock or a browser; the Worker's hardly work. */
const FILES_AT_A_TIME = 3;
const WORKER_FILES_AT_A_TIME = 4;
const PASSED: Outcome = { passed: 1, failed: 0, skipped: 0 };
const FAILED: Outcome = { passed: 0, failed: 1, skipped: 0 };

const environment = cleanEnvironment(process.env, Object.keys((await readDefaults()).vars));
let isUnfit: Error | undefined;
/** Waiting parts that go on beside the others; what is started meanwhile gives way to them. */
const begun = new Map<Part, Promise<Result>>();

const parts: Part[] = [
  {
    name: 'types',
    run: () => all(['widget', 'worker', 'test'].map((folder) => () => check(PROGRAMS.tsc, '-p', folder))),
  },
  { name: 'format', run: () => check(PROGRAMS.biome, 'format') },
  { name: 'lint', run: () => check(PROGRAMS.oxlint, '--type-aware', '--deny-warnings') },
  { name: 'unit', run: () => nodeTests('test/unit/*.test.ts') },
  { name: 'unit in New York', run: () => nodeTests('test/unit/widget-*.test.ts', { timeZone: 'America/New_York' }) },
  { name: 'unit in Sydney', run: () => nodeTests('test/unit/widget-*.test.ts', { timeZone: 'Australia/Sydney' }) },
  { name: 'element', run: () => elementTests('UTC') },
  { name: 'element in New York', run: () => elementTests('America/New_York') },
  { name: 'element in Sydney', run: () => elementTests('Australia/Sydney') },
  { name: 'sockets', run: () => nodeTests('test/soak/*.test.ts', { limitMs: PART_LIMIT_MS }), isWaiting: true },
  { name: 'build', run: buildAndWeigh },
  { name: 'worker', run: () => nodeTests('test/worker/*.test.ts', { atATime: WORKER_FILES_AT_A_TIME }) },
  { name: 'e2e', run: () => withBrowser(() => nodeTests('test/e2e/*.test.ts')) },
];

onEnd(async (code) => {
  await endChildren();
  process.exit(code);
});
await main(process.argv.slice(2));

async function main(wanted: string[]): Promise<void> {
  const unknown = wanted.filter((name) => !parts.some((part) => isPartOf(part, name)));
  if (unknown.length > 0) {
    console.error(
      `There is no part "${unknown.join('", "')}"; the parts are ${parts.map(({ name }) => name).join(', ')}.`,
    );
    process.exit(2);
  }
  mkdirSync(DIST, { recursive: true }); // wrangler wants the folder even where nothing is built yet
  const chosen = parts.filter((part) => wanted.length === 0 || wanted.some((name) => isPartOf(part, name)));
  const table: string[] = [];
  let passed = 0;
  let failed = 0;
  for (const part of chosen) if (part.isWaiting) begun.set(part, runPart(part));
  for (const part of chosen) {
    const { outcome, seconds } = await (begun.get(part) ?? runPart(part));
    begun.delete(part);
    passed += outcome.passed;
    failed += outcome.failed;
    table.push(row(part.name, outcome, seconds));
  }
  console.log(`\n${table.join('\n')}\n`);
  console.log(`${passed} passed, ${failed} failed`);
  await endChildren();
  process.exit(failed > 0 ? 1 : 0);
}

/** `unit` also means its runs in other zones. */
function isPartOf(part: Part, name: string): boolean {
  return part.name === name || part.name.startsWith(`${name} `);
}

async function runPart(part: Part): Promise<Result> {
  console.log(`— ${part.name}`);
  const began = performance.now();
  const outcome = await outcomeOf(part);
  return { outcome, seconds: ((performance.now() - began) / 1000).toFixed(1) };
}

async function outcomeOf(part: Part): Promise<Outcome> {
  try {
    const outcome = await part.run();
    if (outcome.passed + outcome.failed > 0) return outcome;
    return { ...FAILED, note: 'ran no test' };
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return { ...FAILED, note: 'could not run' };
  }
}

function row(name: string, { passed, failed, skipped, note }: Outcome, seconds: string): string {
  const counts = `${String(passed).padStart(6)} passed ${String(failed).padStart(4)} failed`;
  const rest = [skipped > 0 ? `${skipped} skipped` : '', note ?? ''].filter(Boolean).join(', ');
  return `${failed > 0 ? '✗' : '✓'} ${name.padEnd(18)}${counts} ${seconds.padStart(7)} s   ${rest}`.trimEnd();
}

/** One program whose exit code is the result; its output is shown when it is not 0. */
async function check(program: string, ...args: string[]): Promise<Outcome> {
  const run = await output([program, ...args]);
  if (run.code === 0) return PASSED;
  console.error(run.text);
  return FAILED;
}

/** Several checks that count as one. */
async function all(checks: (() => Promise<Outcome>)[]): Promise<Outcome> {
  let outcome = PASSED;
  for (const run of checks) if ((await run()).failed > 0) outcome = FAILED;
  return outcome;
}

/** @param run How many files at a time, how long a test may take, and where the machine is said to be. */
async function nodeTests(
  files: string,
  { atATime = FILES_AT_A_TIME, limitMs = TEST_LIMIT_MS, timeZone = 'UTC' } = {},
): Promise<Outcome> {
  const run = await output(
    [
      '--import=./scripts/loopback-only.ts',
      '--test',
      `--test-concurrency=${atATime}`,
      `--test-timeout=${limitMs}`,
      '--test-reporter=./scripts/counts-reporter.ts',
      files,
    ],
    { TZ: timeZone },
    (line) => {
      if (!line.startsWith('#counts')) console.log(line);
    },
  );
  const counts = readCounts(run.text);
  if (!counts) return { ...FAILED, note: 'ended before its end' };
  if (run.code !== 0 && counts.failed === 0 && counts.passed > 0)
    return { ...counts, failed: 1, note: `exit ${run.code}` };
  return counts;
}

/**
 * The runner's own summary is read: the last `N passed, N failed` that it prints.
 * @param timeZone Of the browser's machine.
 */
async function elementTests(timeZone: string): Promise<Outcome> {
  return withBrowser(async () => {
    const run = await output([PROGRAMS.wtr], { TZ: timeZone });
    const [passed = 0, failed = 0, skipped = 0] = lastCounts(run.text);
    if (run.code !== 0 || failed > 0) console.error(run.text);
    if (run.code !== 0 && failed === 0) return { passed, failed: 1, skipped, note: `exit ${run.code}` };
    return { passed, failed, skipped };
  });
}

function lastCounts(text: string): number[] {
  const last = [...text.matchAll(/(\d+) passed, (\d+) failed(?:, (\d+) skipped)?/g)].at(-1);
  return (last ?? []).slice(1).map((digits) => Number(digits ?? 0));
}

async function buildAndWeigh(): Promise<Outcome> {
  await buildWidget();
  const { brotliBytes } = sizeOfFile(SCRIPT);
  const note = `embed.js is ${brotliBytes} bytes in brotli 11, at most ${BROTLI_BYTES_AT_MOST}`;
  const isSmall = brotliBytes <= BROTLI_BYTES_AT_MOST;
  return { passed: isSmall ? 2 : 1, failed: isSmall ? 0 : 1, skipped: 0, note };
}

/** Finds (or installs) the browser once and tells its path to whatever runs. */
async function withBrowser(run: () => Promise<Outcome>): Promise<Outcome> {
  if (isUnfit) throw isUnfit;
  try {
    environment.CHROME_PATH ??= findOrInstallBrowser();
  } catch (error) {
    isUnfit = error as Error;
    throw error;
  }
  return run();
}

async function output(
  args: string[],
  more: Record<string, string> = {},
  onLine?: (line: string) => void,
): Promise<{ code: number | null; text: string }> {
  const lines: string[] = [];
  const child: Child = startNode(args, {
    cwd: ROOT,
    env: { ...environment, ...more },
    onLine: (line) => {
      lines.push(line);
      onLine?.(line);
    },
  });
  if (begun.size > 0 && child.process.pid) setPriority(child.process.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  const limit = setTimeout(() => {
    console.error(
      `Ended after ${PART_LIMIT_MS / 60_000} minutes: ${path.basename(args[0] ?? '')} ${args.slice(1).join(' ')}`,
    );
    child.process.kill('SIGKILL');
  }, PART_LIMIT_MS);
  const code = await child.ended;
  clearTimeout(limit);
  return { code, text: lines.join('\n') };
}
