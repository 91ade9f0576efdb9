import { conflict, PATIENCE } from "./pace.ts";

/**
 * Tasks for one key go one after another, within the time that a call may take: rejects with
 * SESSION_CONFLICT, and never runs `task`, when its turn does not come in time.
 */
export type TakeTurns = <T>(key: string, task: () => Promise<T>) => Promise<T>;

export function turns(): TakeTurns {
  const lines = new Map<string, Promise<void>>();
  return async (key, task) => {
    const before = lines.get(key);
    const turn = before ? inTime(before).then(task) : task();
    // Whoever gave up waiting does not let the next one in before its time.
    const line = Promise.allSettled([before, turn]).then(() => {
      if (lines.get(key) === line) lines.delete(key);
    });
    lines.set(key, line);
    return turn;
  };
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
