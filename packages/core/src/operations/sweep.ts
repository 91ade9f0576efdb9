import type { Environment } from "../environment/environment.ts";

/** Removes expired records and resolves to how many. */
export function sweep({ store, tracer }: Environment): Promise<number> {
  return tracer.trace("sweep", {}, async (event) => {
    const removed = await store.sweep();
    event.removed = removed;
    return removed;
  });
}
