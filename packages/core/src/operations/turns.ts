import { conflict, PATIENCE } from "./attempts.ts";
import { Queue } from "./queue.ts";

/** Tasks for one key go one after another, within the time that a call may take. */
export class Turns {
  readonly #lines = new Map<string, { readonly queue: Queue; length: number }>();

  /** Rejects with SESSION_CONFLICT, and never runs `task`, when its turn does not come in time. */
  async run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const line = this.#lines.get(key) ?? { queue: new Queue(), length: 0 };
    this.#lines.set(key, line);
    line.length += 1;
    try {
      return await (line.length === 1 ? line.queue.run(task) : inTime(line.queue, task));
    } finally {
      line.length -= 1;
      if (line.length === 0) this.#lines.delete(key);
    }
  }
}

function inTime<T>(queue: Queue, task: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      reject(conflict());
    }, PATIENCE);
    const turn = queue.run(async () => {
      clearTimeout(timer);
      if (!late) resolve(await task());
    });
    turn.catch(reject);
  });
}
