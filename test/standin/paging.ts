/**
 * iClosed's paging: `page` counts from zero, `limit` is 20 unless told and at most 100; `offset` is accepted and ignored.
 */
import type { FieldReader } from './field-reader.ts';

/** The asked page; cuts a list to it. */
export interface Page {
  of<T>(rows: readonly T[]): T[];
}

/** Reads `page` and `limit`; complaints go to the reader. */
export function pageOf(fields: FieldReader): Page {
  const limit = fields.integer('limit') ?? 20;
  const page = fields.integer('page') ?? 0;
  if (limit < 1 || limit > 100) fields.complain('limit', 'Number must be between 1 and 100');
  return { of: (rows) => rows.slice(page * limit, (page + 1) * limit) };
}
