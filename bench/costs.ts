/**
 * What a stretch of the tape costs, and how it reads. Pure. A row is what Cloudflare bills as written: a key, a row of a table or an
 * alarm, put or deleted. A request to an object is a call of a stub or an alarm that rings.
 */
import type { Entry } from './counted/tape.ts';

export interface Cost {
  /** Requests that run the Worker; files such as `embed.js` do not. */
  workerRequests: number;
  /** Calls of stubs and alarms together. */
  objectRequests: number;
  alarms: number;
  rows: number;
  /** Time in which objects could not sleep, of all objects together. */
  objectMs: number;
  /** Calls to iClosed; free at Cloudflare. */
  iclosedCalls: number;
}

export function costOf(entries: readonly Entry[]): Cost {
  const cost: Cost = { workerRequests: 0, objectRequests: 0, alarms: 0, rows: 0, objectMs: 0, iclosedCalls: 0 };
  for (const entry of entries) {
    switch (entry.kind) {
      case 'request':
        cost.workerRequests += 1;
        break;
      case 'call':
        cost.objectRequests += 1;
        break;
      case 'alarm':
        cost.objectRequests += 1;
        cost.alarms += 1;
        break;
      case 'row':
        cost.rows += entry.rows;
        break;
      case 'awake':
        cost.objectMs += entry.ms;
        break;
      case 'upstream':
        cost.iclosedCalls += 1;
        break;
    }
  }
  return cost;
}

/** One line per thing that costs, with its number among its kind and the seconds since the first. */
export function linesOf(entries: readonly Entry[]): string[] {
  const firstAt = entries[0]?.at ?? 0;
  let [requests, calls, rows] = [0, 0, 0];
  return entries.flatMap((entry) => {
    const at = `${((entry.at - firstAt) / 1_000).toFixed(2).padStart(7)} s`;
    switch (entry.kind) {
      case 'request':
        return `${at}  request ${String((requests += 1)).padStart(2)}   ${entry.method} ${entry.path} ${entry.step ?? ''}`.trimEnd();
      case 'call':
        return `${at}   object ${String((calls += 1)).padStart(2)}     ${entry.from} → ${entry.to}.${entry.method}`;
      case 'alarm':
        return `${at}   object ${String((calls += 1)).padStart(2)}     alarm → ${entry.to}.alarm`;
      case 'row':
        return `${at}      row ${String((rows += entry.rows)).padStart(2)}       ${entry.in}: ${entry.what}`;
      case 'upstream':
        return `${at}                 ${entry.from} → iClosed ${entry.endpoint}`;
      case 'awake':
        return [];
    }
  });
}
