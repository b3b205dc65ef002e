/**
 * Reporter for `node --test`: says nothing about what passes, everything about what fails, and ends with one line of counts that
 * `npm test` adds up.
 */
import type { TestEvent } from 'node:test/reporters';
import { inspect } from 'node:util';

const MARK = '#counts ';

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** The counts in a reporter's output; undefined when the run never came to its end. */
export function readCounts(output: string): Counts | undefined {
  const at = output.lastIndexOf(MARK);
  return at < 0 ? undefined : (JSON.parse(output.slice(at + MARK.length).split('\n')[0] ?? '') as Counts);
}

export default async function* countsReporter(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const event of events) {
    if (event.type === 'test:fail' && event.data.details.type !== 'suite' && !event.data.todo) {
      const { error } = event.data.details;
      const place = event.data.file ? ` (${event.data.file}:${event.data.line})` : '';
      yield `✗ ${event.data.name}${place}\n${inspect(error.cause ?? error).replace(/^/gm, '    ')}\n\n`;
    }
    if (event.type === 'test:stderr' || event.type === 'test:stdout') yield event.data.message;
    if (event.type === 'test:summary' && event.data.file === undefined) {
      const { tests, passed, skipped, todo } = event.data.counts;
      const counts: Counts = { passed, failed: tests - passed - skipped - todo, skipped: skipped + todo };
      yield `${MARK}${JSON.stringify(counts)}\n`;
    }
  }
}
