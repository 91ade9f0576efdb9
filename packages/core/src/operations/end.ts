import type { Environment } from "../environment.ts";
import { SessionError } from "../errors.ts";
import { successorIn } from "../format/marker.ts";
import type { Records } from "../records.ts";
import type { SessionRecord } from "../store.ts";
import { Attempts } from "./attempts.ts";

/** Decides whether the session that was found is left alone. */
export type Spare = (handle: string, record: SessionRecord) => boolean;

/** Ends the session that `handle` leads to, as an event. Resolves to whether a live one was ended. */
export function end(
  env: Environment,
  handle: string,
  spare?: Spare,
  visited?: Set<string>,
): Promise<boolean> {
  return traced(env, handle, () => follow(env.records, handle, spare, visited));
}

/** `task` ends the session behind `handle` and resolves to whether a live one was ended. */
export function traced(
  { trace }: Environment,
  handle: string,
  task: () => Promise<boolean>,
): Promise<boolean> {
  return trace("delete", { handle }, async (event) => {
    const ended = await task();
    event.outcome = ended ? "hit" : "miss";
    return ended;
  });
}

/**
 * A session that changed its id left a marker, which is followed. Each handle in `visited` is left to
 * whoever shares it, so that the many that lead to one session cost one way to it.
 */
export async function follow(
  records: Records,
  handle: string,
  spare?: Spare,
  visited = new Set<string>(),
): Promise<boolean> {
  let found: string | boolean = handle;
  while (typeof found === "string") {
    if (visited.has(found)) return false;
    visited.add(found);
    found = await endAt(records, found, spare);
  }
  return found;
}

/**
 * Whether a session was ended under `handle`, or the handle that it has moved on to. Deletes only the
 * revision that was looked at, so that a session cannot move on between the look and the deletion.
 */
async function endAt(records: Records, handle: string, spare?: Spare): Promise<string | boolean> {
  for (const attempts = new Attempts(); ; await attempts.again()) {
    const record = await fetch(records, handle, spare);
    // An expired one is removed too: were the clock set back, it would live again.
    if (!record) return spare ? false : records.delete(handle);
    const next = successorIn(record);
    if (next) return next;
    if (spare?.(handle, record)) return false;
    if (await records.delete(handle, record.revision)) return true;
  }
}

/** A damaged record counts as none, and ends too, unless it would have to say whose it is. */
async function fetch(records: Records, handle: string, spare: Spare | undefined) {
  try {
    return await records.fetch(handle);
  } catch (error) {
    const isDamaged = error instanceof SessionError && error.code.endsWith("_CORRUPT");
    if (spare || !isDamaged) throw error;
    return undefined;
  }
}
