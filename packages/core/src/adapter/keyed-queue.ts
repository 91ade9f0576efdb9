/** Bounds the time that a task waits for those before it. */
export interface WaitLimit {
  /** Milliseconds. */
  readonly ms: number;
  /** The error that a task is rejected with when it has waited too long. */
  error(): Error;
}

/**
 * Runs the tasks for one key one after another, in the order in which they came; tasks for different keys
 * run side by side. A task that waits longer than the limit is rejected and never run.
 */
export class KeyedQueue {
  readonly #limit: WaitLimit | undefined;
  /** By key: settles when its last task and all before it have. */
  readonly #tails = new Map<string, Promise<unknown>>();

  constructor(limit?: WaitLimit) {
    this.#limit = limit;
  }

  /**
   * Runs `task` after the earlier ones for `key`. It must return a promise, not throw.
   *
   * @throws what `task` throws; the limit's error if it has waited too long.
   */
  run<Result>(key: string, task: () => Promise<Result>): Promise<Result> {
    const before = this.#tails.get(key);
    const result = before === undefined ? task() : this.#afterEarlier(before).then(task);
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

  #afterEarlier(before: Promise<unknown>): Promise<unknown> {
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
