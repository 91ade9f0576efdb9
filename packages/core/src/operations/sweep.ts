import { trace } from "../contract/diagnostics.ts";
import type { Records } from "../records.ts";

/** Removes expired records; how many. */
export function sweep(records: Records): Promise<number> {
  return trace("sweep", {}, async (event) => {
    const removed = await records.sweep();
    event.removed = removed;
    return removed;
  });
}
