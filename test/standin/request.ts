/**
 * What comes into the stand-in and what goes out, without any http: a request as plain data, and a reply that also says
 * what happens on the wire (reset, hang, half a body). The HTTP server and a virtual-time simulation both translate from here.
 */

/** One call as it arrives; header names are in lower case. */
export interface StandinRequest {
  method: string;
  path: string;
  query: Record<string, string>;
  headers: Record<string, string>;
  /** The raw text; null where there is none. */
  body: string | null;
}

/**
 * What the caller experiences.
 * - `answer`: status, headers and body, after `delayMs`
 * - `reset`: the connection is reset without a byte
 * - `hang`: nothing ever comes
 * - `half`: status and headers, then about half of `body`, then the connection is reset
 */
export interface Wire {
  kind: 'answer' | 'reset' | 'hang' | 'half';
  delayMs: number;
}

export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string;
  wire: Wire;
}

/** Builds a request from the parts of a `fetch`; for simulations and tests. */
export function toStandinRequest(
  method: string,
  url: string,
  headers: Iterable<readonly [string, string]> = [],
  body: string | null = null,
): StandinRequest {
  const { pathname, searchParams } = new URL(url, 'http://standin.invalid');
  const lowerCased: Record<string, string> = {};
  for (const [name, value] of headers) lowerCased[name.toLowerCase()] = value;
  return {
    method: method.toUpperCase(),
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers: lowerCased,
    body,
  };
}

/** The endpoint's name in limits, faults and ledger, such as `POST /v1/eventCalls`. */
export function endpointOf(request: StandinRequest): string {
  return `${request.method} ${request.path}`;
}
