/**
 * What an unsuccessful call means. iClosed answers errors in several shapes; all are read here and nowhere else. The text is
 * for deciding and for the owner, never for visitors.
 */
import { asRecord, asText } from './envelope.ts';
import { limitOfBody, limitOfHeaders, type NamedLimit } from './limit.ts';

export type FailureKind =
  | 'auth'
  | 'forbidden'
  | 'not_found'
  | 'validation'
  | 'rate_limited'
  | 'upstream'
  | 'network'
  | 'timeout'
  | 'unreadable';

export interface Failure {
  kind: FailureKind;
  status?: number;
  /** iClosed's own code, such as `INVALID_INVITEE_QUESTION_TYPE`, wherever it stood. */
  code?: string;
  text: string;
  /** Names of iClosed's fields that it complained of. */
  fields?: string[];
  retryAfterSeconds?: number;
  /** The limit that a 429 named. */
  limit?: NamedLimit;
  /** The call is known to have done nothing; only 401 and 429 say so. */
  certain: boolean;
}

/** Kinds for which the same request will fail again. */
export function isPermanent(failure: Failure): boolean {
  return failure.kind === 'validation' || failure.kind === 'forbidden' || failure.kind === 'not_found';
}

/** Reads an error answer of any documented or reported shape (reference, section 3). */
export function failureOfResponse(status: number, headers: Headers, body: unknown): Failure {
  const root = asRecord(body);
  const message = asRecord(root?.message);
  const details = asRecord(message?.details) ?? asRecord(root?.details);
  const fieldErrors = asRecord(details?.fieldErrors) ?? asRecord(root?.errors);
  const formErrors = Array.isArray(details?.formErrors) ? details.formErrors : [];
  const text =
    asText(root?.message) ??
    asText(root?.error) ??
    asText([...formErrors, ...Object.values(fieldErrors ?? {}).flat()].join(' ')) ??
    asText(message?.message) ??
    asText(root?.code) ??
    '';
  const code = [root?.code, root?.error, root?.message, message?.code, message?.message, ...formErrors, text].find(
    isCode,
  );
  const fields = fieldErrors && Object.keys(fieldErrors);
  const limit = limitOfBody(root) ?? limitOfHeaders(headers);
  return {
    kind: kindOf(status),
    status,
    ...(code === undefined ? {} : { code }),
    text,
    ...(fields?.length ? { fields } : {}),
    ...(status === 429 ? { retryAfterSeconds: retryAfter(headers, root), ...(limit ? { limit } : {}) } : {}),
    certain: status === 401 || status === 429,
  };
}

function kindOf(status: number): FailureKind {
  if (status === 401) return 'auth';
  if (status === 403) return 'forbidden';
  if (status === 404 || status === 410) return 'not_found';
  if (status === 429) return 'rate_limited';
  if (status >= 400 && status < 500 && status !== 408) return 'validation';
  return 'upstream';
}

function isCode(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/.test(value.trim());
}

/** Header first, then body, both in seconds; one second where neither says. */
function retryAfter(headers: Headers, root: Record<string, unknown> | undefined): number {
  const header = headers.get('retry-after') ?? headers.get('ratelimit-reset') ?? headers.get('x-ratelimit-reset');
  const seconds = Number(header ?? root?.retryAfter);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(Math.ceil(seconds), 600) : 1;
}
