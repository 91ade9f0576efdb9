/** Bounds the time that a task waits for its turn. */
export interface WaitLimit {
  readonly ms: number;
  /** The error that a task is rejected with when its turn does not come in time. */
  error(): Error;
}

/**
 * Runs the tasks for one key one after another, in the order in which they came; tasks for different keys
 * run side by side. A task whose turn does not come within the limit is rejected and never run.
 */
export class KeyedQueue {
  readonly #limit: WaitLimit | undefined;
  /** The last task of each key, and all those before it. */
  readonly #tails = new Map<string, Promise<unknown>>();

  constructor(limit?: WaitLimit) {
    this.#limit = limit;
  }

  run<Result>(key: string, task: () => Promise<Result>): Promise<Result> {
    const before = this.#tails.get(key);
    const result = before === undefined ? task() : this.#turn(before).then(task);
    const forget = () => {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    };
    // A task that gave up waiting must not let the next one in before its time.
    const mayGiveUp = before !== undefined && this.#limit !== undefined;
    const tail: Promise<unknown> = mayGiveUp
      ? Promise.allSettled([before, result]).then(forget)
      : result.then(forget, forget);
    this.#tails.set(key, tail);
    return result;
  }

  #turn(before: Promise<unknown>): Promise<unknown> {
    const limit = this.#limit;
    if (limit === undefined) return before;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(limit.error()), limit.ms);
      void before.then(() => {
        clearTimeout(timer);
        resolve(undefined);
      });
    });
  }
}
