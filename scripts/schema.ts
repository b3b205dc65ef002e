/**
 * Writes `docs/events.schema.json`, the editor help for `events.json`, from the schema that the Worker checks with. A test
 * fails when the file in the tree is not what this writes.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { EventsFile } from '../worker/config/events.ts';

/** The schema as it stands in the file. */
export function eventsSchemaText(): string {
  const schema = z.toJSONSchema(EventsFile, { io: 'input' });
  return `${JSON.stringify({ ...schema, title: 'events.json of the booking widget' }, null, 2)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(new URL('../docs/events.schema.json', import.meta.url), eventsSchemaText());
}
