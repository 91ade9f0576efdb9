/**
 * Runs the tasks for one key one after another, in the order in which they came; tasks for different keys
 * run side by side.
 */
export class KeyedQueue {
  /** By key: resolves when the last task has settled. */
  readonly #tails = new Map<string, Promise<void>>();

  /**
   * Runs `task` after the earlier ones for `key`. It must return a promise, not throw.
   *
   * @throws what `task` throws.
   */
  run<Result>(key: string, task: () => Promise<Result>): Promise<Result> {
    const before = this.#tails.get(key);
    const result = before === undefined ? task() : before.then(task);
    const forget = () => {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    };
    const tail = result.then(forget, forget);
    this.#tails.set(key, tail);
    return result;
  }
}
