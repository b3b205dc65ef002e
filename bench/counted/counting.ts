/**
 * Puts counters around what the platform hands to the Worker's code: bindings that lead to objects, an object's storage, timers
 * and `waitUntil`. The code in between is the production code, and knows nothing of it.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Env } from '../../worker/env.ts';
import { note, type Place, Wakefulness } from './tape.ts';

/** The object whose code is running; unset in the Worker itself. */
const running = new AsyncLocalStorage<Wakefulness>();

type Methods = Record<string, (...given: unknown[]) => unknown>;
type ObjectClass = new (state: DurableObjectState, env: Env) => Rpc.DurableObjectBranded;

/** The bindings as `from` sees them: every method that is called on a stub is noted. */
export function countedEnv(env: Env, from: Place): Env {
  return {
    ...env,
    LEAD: countedNamespace(env.LEAD, from, 'Lead'),
    EVENT: countedNamespace(env.EVENT, from, 'Event'),
    GATE: countedNamespace(env.GATE, from, 'Gate'),
  };
}

function countedNamespace<T extends object>(namespace: T, from: Place, to: Place): T {
  return new Proxy(namespace, {
    get(target, name) {
      const method = (target as Methods)[String(name)];
      if (typeof method !== 'function') return method;
      const makesStub = name === 'get' || name === 'getByName';
      return (...given: unknown[]) => {
        const made = method.apply(target, given);
        return makesStub ? countedStub(made as object, from, to) : made;
      };
    },
  });
}

/** A method of a stub is looked up and called in one expression: taken apart, a stub takes it for a property of the object. */
function countedStub(stub: object, from: Place, to: Place): object {
  return new Proxy(stub, {
    get(target, name) {
      const method = String(name);
      return (...given: unknown[]) => {
        note({ kind: 'call', from, to, method });
        return (target as Methods)[method]?.(...given);
      };
    },
  });
}

/** The same class of objects with counters around its methods, its storage and its bindings. */
export function counted<T extends ObjectClass>(original: T, place: Place): T {
  const Base = original as ObjectClass;
  const wakefulness = new WeakMap<object, Wakefulness>();
  class Counted extends Base {
    constructor(state: DurableObjectState, env: Env) {
      const awake = new Wakefulness(place);
      countStorage(state.storage, place);
      countWaitUntil(state, awake);
      super(state, countedEnv(env, place));
      wakefulness.set(this, awake);
    }
  }
  for (const name of Object.getOwnPropertyNames(original.prototype)) {
    const method = (original.prototype as Methods)[name];
    if (name === 'constructor' || typeof method !== 'function') continue;
    Object.defineProperty(Counted.prototype, name, {
      configurable: true,
      value(this: object, ...given: unknown[]) {
        const awake = wakefulness.get(this) as Wakefulness;
        if (name === 'alarm') note({ kind: 'alarm', to: place });
        return awake.during(() => running.run(awake, () => method.apply(this, given)));
      },
    });
  }
  return Counted as T;
}

function countStorage(storage: DurableObjectStorage, place: Place): void {
  const row = (what: string, rows: number) => {
    if (rows > 0) note({ kind: 'row', in: place, what, rows });
  };
  const { kv, sql } = storage;
  shadow(kv, 'put', (put) => (...given) => {
    row(`put ${String(given[0])}`, 1);
    return put(...given);
  });
  shadow(kv, 'delete', (remove) => (...given) => {
    const existed = remove(...given);
    row(`delete ${String(given[0])}`, existed ? 1 : 0);
    return existed;
  });
  shadow(sql, 'exec', (exec) => (...given) => {
    const cursor = exec(...given) as SqlStorageCursor<Record<string, SqlStorageValue>>;
    const statement = String(given[0]).replace(/\s+/g, ' ');
    // The local runtime keeps the objects' names in a table of its own.
    if (!statement.includes('__miniflare_'))
      row(
        statement
          .split(' ', 6)
          .join(' ')
          .replace(/ \(.*$/, ''),
        cursor.rowsWritten,
      );
    return cursor;
  });
  shadow(storage, 'setAlarm', (setAlarm) => (...given) => {
    row('set alarm', 1);
    return setAlarm(...given);
  });
  shadow(storage, 'deleteAlarm', (deleteAlarm) => (...given) => {
    row('delete alarm', 1);
    return deleteAlarm(...given);
  });
  shadow(storage, 'deleteAll', (deleteAll) => (...given) => {
    row('delete all', [...kv.list()].length);
    return deleteAll(...given);
  });
}

function countWaitUntil(state: DurableObjectState, awake: Wakefulness): void {
  shadow(state, 'waitUntil', (waitUntil) => (...given) => {
    const end = awake.begin();
    void Promise.resolve(given[0])
      .catch(() => undefined)
      .finally(end);
    return waitUntil(...given);
  });
}

/** An own method in front of the platform's. */
function shadow(owner: object, name: string, around: (method: Methods[string]) => Methods[string]): void {
  const method = (owner as Methods)[name];
  if (!method) throw new Error(`the platform has no ${name}`);
  Object.defineProperty(owner, name, { configurable: true, value: around(method.bind(owner)) });
}

/** A timer keeps its object in memory until it has run or is called off. */
export function countTimers(): void {
  const { setTimeout: set, clearTimeout: clear } = globalThis;
  const pending = new Map<unknown, () => void>();
  const end = (timer: unknown) => {
    pending.get(timer)?.();
    pending.delete(timer);
  };
  const counting = (callBack: () => void, delayMs?: number) => {
    const stop = running.getStore()?.begin();
    const timer = set(() => {
      end(timer);
      callBack();
    }, delayMs);
    if (stop) pending.set(timer, stop);
    return timer;
  };
  Object.assign(globalThis, {
    setTimeout: counting,
    clearTimeout: (timer: number) => {
      end(timer);
      clear(timer);
    },
  });
}

/** Calls to iClosed, by the object that makes them. */
export function countUpstream(): void {
  const original = globalThis.fetch;
  const counting: typeof fetch = (input, init) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    const endpoint = `${init?.method ?? 'GET'} ${pathname}`;
    note({ kind: 'upstream', from: running.getStore()?.place ?? 'Worker', endpoint });
    return original(input, init);
  };
  Object.assign(globalThis, { fetch: counting });
}
