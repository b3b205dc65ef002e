/**
 * Runs parts and prints what they came to: each row as a block, all of them as a table for `docs/promises.md`. Ends the process, with
 * an error when a figure is missed or a control does not fail. The words behind the command name promises; `--short` takes the
 * sizes of the suite.
 */
import { type Figure, isKept, type Row, type Size } from './verdict.ts';

export interface Part {
  promises: readonly string[];
  measure(size: Size): Promise<Row[]>;
}

export async function report(parts: readonly Part[], words: readonly string[]): Promise<never> {
  const size = words.includes('--short') ? 'short' : 'full';
  const wanted = words.filter((word) => !word.startsWith('--'));
  const rows: Row[] = [];
  for (const { promises, measure } of parts) {
    if (wanted.length > 0 && !promises.some((promise) => wanted.includes(promise))) continue;
    const began = performance.now();
    const measured = await measure(size);
    for (const row of measured) console.log(block(row));
    console.log(`  (${((performance.now() - began) / 1_000).toFixed(1)} s)\n`);
    rows.push(...measured);
  }
  console.log(table(rows));
  const missed = rows.filter((row) => !isKept(row));
  console.log(`\n${rows.length - missed.length} of ${rows.length} kept`);
  process.exit(missed.length > 0 || rows.length === 0 ? 1 : 0);
}

function block(row: Row): string {
  const line = (name: string, figure: Figure | undefined) =>
    figure ? [`  ${figure.isMet ? '✓' : '✗'} ${name}: ${figure.wanted} → ${figure.measured}`] : [];
  return [
    `${row.promise} · ${row.what}`,
    ...line('figure', row.figure),
    ...line('opposite', row.opposite),
    ...line('control', row.control),
    ...(row.notes ?? []).map((note) => `      ${note}`),
  ].join('\n');
}

/** A table that can be pasted into `docs/promises.md`. */
function table(all: readonly Row[]): string {
  const cells = (figure: Figure | undefined) => (figure ? `${figure.wanted} | ${figure.measured}` : '– | –');
  return [
    '| promise | conditions | figure wanted | measured | opposite wanted | measured | control | measured | verdict |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...all.map(
      (row) =>
        `| ${row.promise} | ${row.what} | ${cells(row.figure)} | ${cells(row.opposite)} | ${cells(row.control)} | ${isKept(row) ? 'kept' : '**missed**'} |`,
    ),
  ].join('\n');
}
