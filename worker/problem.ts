/**
 * The one way in which the Worker says no. Stations throw a `Problem`; `app.ts` answers it once, as RFC 9457. `cause` is for
 * the log and never travels.
 */
import { PROBLEMS, type FieldFault, type ProblemCode, type ProblemDocument } from '../shared/problems.ts';

export interface ProblemDetails {
  retryAfterSeconds?: number;
  fields?: Record<string, FieldFault>;
  /** Further members of the document, such as fresh times beside `slot_taken`. */
  extra?: Record<string, unknown>;
  cause?: unknown;
}

/** A wrong setting, as a sentence for the owner; visitors are told that booking is unavailable. */
export class SetupError extends Error {}

export class Problem extends Error {
  readonly code: ProblemCode;
  readonly details: ProblemDetails;

  constructor(code: ProblemCode, details: ProblemDetails = {}) {
    super(PROBLEMS[code].title, { cause: details.cause });
    this.code = code;
    this.details = details;
  }
}

/** The problem as it travels. `Retry-After` stands in the header and in the body. */
export function problemResponse(problem: Problem, requestId: string): Response {
  const { status, title } = PROBLEMS[problem.code];
  const { retryAfterSeconds, fields, extra } = problem.details;
  const body: ProblemDocument = {
    type: 'about:blank',
    title,
    status,
    code: problem.code,
    requestId,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    ...(fields === undefined ? {} : { fields }),
    ...extra,
  };
  const headers = new Headers({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' });
  if (retryAfterSeconds !== undefined) headers.set('retry-after', String(retryAfterSeconds));
  return new Response(JSON.stringify(body), { status, headers });
}
