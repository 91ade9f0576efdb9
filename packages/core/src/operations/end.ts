import { SessionError } from "../errors.ts";
import { parseSuccessor } from "../format/marker.ts";
import type { Records } from "../records.ts";
import type { SessionRecord } from "../store.ts";
import { Attempts } from "./attempts.ts";

/** Decides whether the session that was found is left alone. */
export type Spare = (handle: string, record: SessionRecord) => boolean;

/**
 * Ends the session that `handle` leads to: a session that changed its id left a marker, which is
 * followed. Deletes only the revision that was looked at, so that a session cannot move on between
 * the look and the deletion. Resolves to whether a live session was ended.
 */
export async function end(records: Records, handle: string, spare?: Spare): Promise<boolean> {
  const attempts = new Attempts();
  for (let at = handle; ; await attempts.again()) {
    const record = await fetch(records, at, spare === undefined);
    if (record === "removed") return true;
    // An expired one is removed too: were the clock set back, it would live again.
    if (record === undefined) return spare ? false : records.delete(at);
    const next = parseSuccessor(record.data);
    if (next !== undefined) at = next;
    else if (spare?.(at, record)) return false;
    else if (await records.delete(at, record.revision)) return true;
  }
}

/** A damaged record ends too, unless it would have to say whose it is. */
async function fetch(records: Records, handle: string, removeDamaged: boolean) {
  try {
    return await records.fetch(handle);
  } catch (error) {
    const isDamaged = error instanceof SessionError && error.code.endsWith("_CORRUPT");
    if (!isDamaged || !removeDamaged) throw error;
    return (await records.delete(handle)) ? "removed" : undefined;
  }
}
