/** The part of Node's module that the counters use; the runtime has it with the flag `nodejs_als`. */
declare module 'node:async_hooks' {
  export class AsyncLocalStorage<T> {
    run<R>(store: T, work: () => R): R;
    getStore(): T | undefined;
  }
}
