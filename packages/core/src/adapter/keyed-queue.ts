/** Bounds the time that one task can take from the others. */
export interface WaitLimit {
  /**
   * Milliseconds that a task waits for its turn before it is rejected, and that a task keeps the others
   * waiting: after that the next one begins beside it.
   */
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
  /** By key: resolves when the next task may begin. */
  readonly #tails = new Map<string, Promise<void>>();

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
    const turn = before === undefined ? undefined : this.#limited(before);
    const result = turn === undefined ? task() : turn.then(task);
    const forget = () => {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    };
    const tail: Promise<void> =
      this.#limit === undefined
        ? result.then(forget, forget)
        : endOf(result, turn, before, this.#limit.ms).then(forget);
    this.#tails.set(key, tail);
    return result;
  }

  /** Resolves when `before` does; rejects if that takes longer than the limit. */
  #limited(before: Promise<void>): Promise<void> {
    const limit = this.#limit;
    if (limit === undefined) return before;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(limit.error()), limit.ms);
      void before.then(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

/** Resolves when the task has settled, or has had the time that it may take from the others. */
async function endOf(
  result: Promise<unknown>,
  turn: Promise<void> | undefined,
  before: Promise<void> | undefined,
  ms: number,
): Promise<void> {
  const hasBegun = turn === undefined || (await turn.then(yes, no));
  // A task that gave up waiting does not let the next one in before its time.
  if (hasBegun) await inTime(result.then(noop, noop), ms);
  else await before;
}

/** Resolves when `settled` does, but after `ms` at the latest. */
function inTime(settled: Promise<void>, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    void settled.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function noop(): void {}

function yes(): boolean {
  return true;
}

function no(): boolean {
  return false;
}
