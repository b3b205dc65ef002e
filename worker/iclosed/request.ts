/**
 * One call to iClosed: closed list of methods and paths, bearer key, time-out, no redirects, a bounded body. Returns a result
 * and never throws; the caller holds the permit. The only file that writes to iClosed's address.
 */
import { UPSTREAM_BODY_BYTES } from '../../shared/limits.ts';
import { asRecord } from './envelope.ts';
import { type Failure, failureOfResponse } from './failure.ts';
import { limitOfHeaders, type NamedLimit } from './limit.ts';

/** Every method and path that this product ever uses; the lane of the gate has the same name. */
export const ENDPOINTS = [
  'GET /v1/events/detail',
  'GET /v1/fields/objects',
  'GET /v1/fields/contact-stage',
  'POST /v1/contacts',
  'PUT /v1/contacts',
  'POST /v1/contacts/notes',
  'POST /v1/fields/inviteeAnswers',
  'POST /v1/events/eventDates',
  'POST /v1/eventCalls',
  'GET /v1/eventCalls',
  'PUT /v1/eventCalls/reschedule',
  'PUT /v1/eventCalls/cancel',
] as const;
export type Endpoint = (typeof ENDPOINTS)[number];

export interface UpstreamCall {
  endpoint: Endpoint;
  query?: Record<string, string>;
  body?: unknown;
  timeoutMs: number;
}

export interface UpstreamAccess {
  /** Origin of the API, already judged by `settings.ts`. */
  apiUrl: string;
  /** `iclosed_…` */
  key: string;
}

/** `limit`: the account's, where the answer's header fields name it. */
export type Upstream<T> = { ok: true; value: T; limit?: NamedLimit } | { ok: false; failure: Failure };

/** @returns the parsed JSON body of a 2xx answer, else what is known of the failure. */
export async function callIclosed(access: UpstreamAccess, call: UpstreamCall): Promise<Upstream<unknown>> {
  const [method = 'GET', path = ''] = call.endpoint.split(' ');
  const url = new URL(path, access.apiUrl);
  for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value);
  const headers: Record<string, string> = { authorization: `Bearer ${access.key}`, accept: 'application/json' };
  if (call.body !== undefined) headers['content-type'] = 'application/json';
  let response: Response;
  let body: string;
  try {
    response = await fetch(url, {
      method,
      headers,
      body: call.body === undefined ? null : JSON.stringify(call.body),
      redirect: 'manual',
      signal: AbortSignal.timeout(call.timeoutMs),
    });
    body = await readBounded(response);
  } catch (error) {
    const timedOut = error instanceof Error && error.name === 'TimeoutError';
    return { ok: false, failure: { kind: timedOut ? 'timeout' : 'network', certain: false, text: '' } };
  }
  return readAnswer(response.status, response.headers, body);
}

/** What an answer means, once it is here. Any 2xx with a JSON object is one; iClosed's own documents differ about 200 and 201. */
export function readAnswer(status: number, headers: Headers, body: string): Upstream<unknown> {
  const parsed = parseJson(body);
  if (status < 200 || status > 299) return { ok: false, failure: failureOfResponse(status, headers, parsed) };
  if (asRecord(parsed) === undefined) {
    return { ok: false, failure: { kind: 'unreadable', status, certain: false, text: '' } };
  }
  const limit = limitOfHeaders(headers);
  return { ok: true, value: parsed, ...(limit ? { limit } : {}) };
}

async function readBounded(response: Response): Promise<string> {
  if (!response.body) return '';
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > UPSTREAM_BODY_BYTES) {
      await reader.cancel();
      return '';
    }
    text += decoder.decode(value, { stream: true });
  }
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
