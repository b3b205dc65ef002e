/** What every bench says of its figures: the machine that they are from, and their middle. */
import os from 'node:os';

export function machine(): string {
  const processors = `${os.cpus().length} × ${os.cpus()[0]?.model ?? 'CPU'}`;
  const load = os.loadavg()[0]?.toFixed(1);
  return `${processors}, ${os.type()} ${os.release()}, Node ${process.versions.node}, load ${load}`;
}

/** Of an even number of figures the mean of the two in the middle; 0 of none. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
