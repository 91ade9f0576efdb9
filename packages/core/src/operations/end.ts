import { trace } from "../contract/diagnostics.ts";
import { SessionError } from "../contract/errors.ts";
import type { Environment } from "../environment.ts";
import { successorIn } from "../format/successor.ts";
import type { Records } from "../records.ts";
import { newPace } from "./pace.ts";

/**
 * Ends the session that `handle` leads to; with `owner`, only if it is theirs. Resolves to whether a
 * live one was ended. A session that changed its id left a marker, which is followed. Each handle in
 * `visited` is left to whoever shares it, so that the many that lead to one session cost one way to it.
 */
export function end(
  { records }: Environment,
  handle: string,
  owner?: string,
  visited = new Set<string>(),
): Promise<boolean> {
  return trace("delete", { handle }, async (event) => {
    let found: string | boolean = handle;
    while (typeof found === "string") {
      const isOurs: boolean = !visited.has(found);
      visited.add(found);
      found = isOurs && (await endAt(records, found, owner));
    }
    event.outcome = found ? "hit" : "miss";
    return found;
  });
}

/**
 * Whether a session was ended under `handle`, or the handle that it has moved on to. Deletes only the
 * revision that was looked at, so that a session cannot move on between the look and the deletion.
 */
async function endAt(records: Records, handle: string, owner?: string): Promise<string | boolean> {
  for (const pace = newPace(); ; await pace.again()) {
    const record = await records.fetch(handle).catch((error: unknown) => {
      // A damaged record counts as none, and ends too, unless it would have to say whose it is.
      const isDamaged = error instanceof SessionError && error.code.endsWith("_CORRUPT");
      if (owner !== undefined || !isDamaged) throw error;
    });
    // An expired one is removed too: were the clock set back, it would live again.
    if (!record) return owner === undefined && records.delete(handle);
    const next = successorIn(record);
    if (next) return next;
    if (owner !== undefined && record.owner !== owner) return false;
    if (await records.delete(handle, record.revision)) return true;
  }
}
