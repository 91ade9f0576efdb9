import { conflict, PATIENCE } from "./attempts.ts";

/** Tasks for one key go one after another, within the time that a call may take. */
export class Turns {
  readonly #lines = new Map<string, Promise<void>>();

  /** Rejects with SESSION_CONFLICT, and never runs `task`, when its turn does not come in time. */
  async run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const before = this.#lines.get(key);
    const turn = before ? inTime(before).then(task) : task();
    // Whoever gave up waiting does not let the next one in before its time.
    const line = Promise.allSettled([before, turn]).then(() => {
      if (this.#lines.get(key) === line) this.#lines.delete(key);
    });
    this.#lines.set(key, line);
    return turn;
  }
}

function inTime(before: Promise<unknown>): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(conflict()), PATIENCE);
    void before.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
