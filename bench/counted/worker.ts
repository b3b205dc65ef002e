/**
 * The Worker's entry for counting: the production app and objects with counters around them, and one side route that hands out
 * the tape. Nothing in `worker/` knows of it, and it is never deployed.
 */
import { LeadObject as Lead } from '../../worker/lead/object.ts';
import { EventObject as Event } from '../../worker/event/object.ts';
import { GateObject as Gate } from '../../worker/gate/object.ts';
import worker from '../../worker/index.ts';
import type { Env } from '../../worker/env.ts';
import { counted, countedEnv, countTimers, countUpstream } from './counting.ts';
import { entriesFrom, note } from './tape.ts';

countTimers();
countUpstream();

export const LeadObject = counted(Lead, 'Lead');
export const EventObject = counted(Event, 'Event');
export const GateObject = counted(Gate, 'Gate');

/** One per isolate, as the platform hands out one `env`: what the Worker remembers, it remembers by it. */
let countedOnce: Env | undefined;

export default {
  async fetch(request, env, context) {
    const { pathname, search, searchParams } = new URL(request.url);
    if (pathname === '/counted') return Response.json(entriesFrom(Number(searchParams.get('from') ?? 0)));
    const { method } = request;
    const body = method === 'POST' ? await request.clone().text() : '';
    const step = /"step":"(\w+)"/.exec(body)?.[1];
    note({ kind: 'request', method, path: pathname + search, ...(step ? { step } : {}) });
    countedOnce ??= countedEnv(env, 'Worker');
    return worker.fetch(request, countedOnce, context);
  },
} satisfies ExportedHandler<Env>;
