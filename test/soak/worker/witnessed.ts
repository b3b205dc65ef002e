/**
 * The real Worker with a witness: each call to iClosed says in a header which Lead sends it, and each record that a Lead stores
 * is said in the log, so that the stand-in's ledger can be read by attempts. Objects can be ended from outside in the middle of
 * anything. `SOAK_CONTROL` takes one protection away; nothing else differs from `worker/index.ts`.
 */
import { UPSTREAM_CALL_TIMEOUT_MS } from '../../../shared/limits.ts';
import type { Env as RealEnv } from '../../../worker/env.ts';
import worker, {
  EventObject as RealEvent,
  GateObject as RealGate,
  LeadObject as RealLead,
} from '../../../worker/index.ts';
import { EVICT_PATH } from './evict.ts';
import type { StoredLead } from '../../../worker/lead/keeper.ts';
import { nextDue } from '../../../worker/lead/machine.ts';

interface Env extends RealEnv {
  SOAK_CONTROL?: 'naive retry' | 'no write-ahead' | 'no outbox';
}

/** A call's host names its sender on the way from the Lead to `fetch`; the stand-in itself is 127.0.0.1 alone. */
const senders = new Map<string, string>();
let control: Env['SOAK_CONTROL'];

/** Ids of objects that are up. */
const living = new Set<string>();

export class GateObject extends RealGate {
  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    living.add(state.id.toString());
  }

  end(): void {
    endLife(this.ctx);
  }
}

export class EventObject extends RealEvent {
  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    living.add(state.id.toString());
  }

  end(): void {
    endLife(this.ctx);
  }
}

export class LeadObject extends RealLead {
  constructor(state: DurableObjectState, env: Env) {
    living.add(state.id.toString());
    control = env.SOAK_CONTROL;
    Object.defineProperty(state, 'storage', { value: witnessed(state.storage) });
    const apiUrl = new URL(env.ICLOSED_API_URL ?? '');
    apiUrl.hostname = hostOf(senders.size + 1);
    senders.set(apiUrl.host, state.id.toString());
    super(state, {
      ...env,
      ICLOSED_API_URL: apiUrl.origin,
      ...(control === 'no outbox' ? { GATE: deaf(env.GATE) } : {}),
    });
  }

  end(): void {
    endLife(this.ctx);
  }

  override alarm(): Promise<void> {
    return control === 'no outbox' ? Promise.resolve() : super.alarm();
  }
}

/** Whatever the object was waiting for never comes, and whoever waits for it hears an error. */
function endLife(state: DurableObjectState): void {
  living.delete(state.id.toString());
  state.abort('evicted');
}

export default {
  async fetch(request, env, context) {
    const url = new URL(request.url);
    if (url.pathname !== EVICT_PATH) return worker.fetch(request, env, context);
    const objects = env[url.searchParams.get('binding') as 'LEAD'] as DurableObjectNamespace<LeadObject>;
    const [id, name] = [url.searchParams.get('id'), url.searchParams.get('name')];
    const stub = id ? objects.get(objects.idFromString(id)) : objects.getByName(name ?? '');
    if (!living.has(stub.id.toString())) return Response.json(false);
    await stub.end().catch(() => undefined);
    return Response.json(true);
  },
} satisfies ExportedHandler<Env>;

function hostOf(number: number): string {
  return `127.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;
}

function witnessed(storage: DurableObjectStorage): Pick<DurableObjectStorage, 'getAlarm' | 'setAlarm' | 'deleteAll'> & {
  kv: Pick<DurableObjectStorage['kv'], 'get' | 'put'>;
} {
  return {
    getAlarm: () => storage.getAlarm(),
    setAlarm: (at) => storage.setAlarm(at),
    deleteAll: () => storage.deleteAll(),
    kv: {
      get: (key: string) => storage.kv.get(key),
      put: (key: string, stored: unknown) => {
        const { record } = stored as StoredLead;
        // Written only once the answer is here: what a Worker does that does not write ahead.
        if (control !== 'no write-ahead' || record.booking?.state !== 'SENT') storage.kv.put(key, stored);
        tell(record, storage.sync());
      },
    },
  };
}

/** The parts that `test/simulation/chronicle.ts` reads, and when the Lead goes on; said only of what is on disk. */
function tell(record: StoredLead['record'], onDisk: Promise<void>): void {
  const { leadId, contact, booking } = record;
  const told = {
    leadId,
    contact: { id: contact.id, seq: contact.seq, deliveredSeq: contact.deliveredSeq, refused: contact.refused },
    booking,
  };
  const line = JSON.stringify({ what: 'soak_stored', at: Date.now(), due: nextDue(record), record: told });
  onDisk.then(
    () => console.log(line),
    () => undefined,
  );
}

/** A gate that keeps no index of what is undelivered. */
function deaf(gates: Env['GATE']): Env['GATE'] {
  const nothing = () => Promise.resolve();
  const getByName = (...name: Parameters<Env['GATE']['getByName']>) => {
    const gate = gates.getByName(...name);
    type Gate = typeof gate;
    return {
      acquire: (...request: Parameters<Gate['acquire']>) => gate.acquire(...request),
      report: (...report: Parameters<Gate['report']>) => gate.report(...report),
      alert: (...alert: Parameters<Gate['alert']>) => gate.alert(...alert),
      park: nothing,
      unpark: nothing,
    };
  };
  return { getByName } as unknown as Env['GATE'];
}

const send = globalThis.fetch;
const SENDS = 4;

globalThis.fetch = async (input, init) => {
  const url = new URL(input instanceof Request ? input.url : input);
  const headers = new Headers(init?.headers);
  const sender = senders.get(url.host);
  if (sender) headers.set('x-soak-sender', sender);
  url.hostname = '127.0.0.1';
  headers.set('x-soak-at', String(Date.now()));
  const call = crypto.randomUUID();
  headers.set('x-soak-call', call);
  const once = () =>
    send(url, { ...init, headers }).catch((error: unknown) => {
      console.log(JSON.stringify({ what: 'soak_unheard', call }));
      throw error;
    });
  if (control !== 'naive retry' || url.pathname !== '/v1/eventCalls' || init?.method !== 'POST') return once();
  return insistently(() => send(url, { ...init, headers, signal: AbortSignal.timeout(UPSTREAM_CALL_TIMEOUT_MS) }));
};

/** Whoever hears nothing readable sends again. */
async function insistently(sendOnce: () => Promise<Response>): Promise<Response> {
  for (let sends = 1; ; sends += 1) {
    try {
      const response = await sendOnce();
      const text = await response.text();
      const isReadable = response.status < 500 && text.startsWith('{');
      if (isReadable || sends === SENDS) return new Response(text, response);
    } catch (error) {
      if (sends === SENDS) throw error;
    }
  }
}
