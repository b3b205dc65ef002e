/**
 * Programs that a script starts beside itself: their last words are kept for the moment when one dies, and all of them are ended
 * by their own process id when the script ends.
 */
import { type ChildProcess, spawn } from 'node:child_process';

const LAST_LINES = 40;
const GRACE_MS = 4_000;
const PARENT_CHECK_MS = 500;
const running = new Set<ChildProcess>();

export interface Child {
  readonly process: ChildProcess;
  /** Settles with the exit code (null when ended by a signal). */
  readonly ended: Promise<number | null>;
  /** The last lines that it printed. */
  lastWords(): string;
}

/** Starts `node <args>` on the Node that runs this script. `onLine` hears each line that it prints. */
export function startNode(
  args: string[],
  options: { cwd: string; env?: NodeJS.ProcessEnv; onLine?: (line: string) => void },
): Child {
  const child = spawn(process.execPath, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream.setEncoding('utf8').on('data', (text: string) => {
      const parts = (rest + text).split('\n');
      rest = parts.pop() ?? '';
      for (const line of parts) {
        lines.push(line);
        if (lines.length > LAST_LINES) lines.shift();
        options.onLine?.(line);
      }
    });
  }
  const ended = new Promise<number | null>((resolve) => {
    child.once('error', (error) => {
      lines.push(error.message);
      running.delete(child);
      resolve(1);
    });
    child.once('close', (code) => {
      running.delete(child);
      resolve(code);
    });
  });
  return { process: child, ended, lastWords: () => lines.join('\n').trim() };
}

/** Asks every child to end, then makes it. */
export async function endChildren(): Promise<void> {
  await Promise.all(
    [...running].map(async (child) => {
      const closed = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
      await closed;
      clearTimeout(force);
    }),
  );
}

/**
 * Hears of every way in which somebody ends this script: Ctrl+C, a signal, a closed terminal, and the death of npm, whose shell
 * keeps npm's signals to itself.
 */
export function onEnd(end: (code: number) => Promise<void>): void {
  process.once('SIGINT', () => void end(130));
  process.once('SIGTERM', () => void end(143));
  process.once('SIGHUP', () => void end(129));
  process.once('exit', signalChildren);
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) void end(143);
  }, PARENT_CHECK_MS).unref();
}

/** The last resort of a process that ends without waiting: one signal to each child. */
function signalChildren(): void {
  for (const child of running) child.kill('SIGTERM');
}
