import type { Environment } from "../environment.ts";

/** Removes expired records; how many. */
export function sweep({ trace, records }: Environment): Promise<number> {
  return trace("sweep", {}, async (event) => {
    const removed = await records.sweep();
    event.removed = removed;
    return removed;
  });
}
