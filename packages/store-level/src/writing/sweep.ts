import type { Engine } from "../engine/engine.ts";
import { dueAt, EXPIRIES, handleOfExpiry } from "../keyspace.ts";
import type { Writer } from "./writer.ts";

/** Entries that one step settles: few enough not to hold up the event loop. */
const STEP = 128;

/** Entries that are counted at a time. Keys alone are cheap. */
const COUNTED = 1_000;

/**
 * Removes expired records and resolves to how many. It walks the expiry index, so it costs what is due
 * and not what is live, and lets other work in between its steps.
 */
export async function sweep(engine: Engine, writer: Writer): Promise<number> {
  // Fixed at the start, and the walk only goes forward, so it comes to an end. What is found to be live
  // moves to its minute, or stays if that has begun.
  const due = dueAt(Date.now());
  let removed = 0;
  for await (const entries of engine.keyPages(due, STEP)) {
    removed += await writer.enqueue(entries.map(handleOfExpiry), (draft) => draft.sweep(entries));
  }
  if (removed > 0 && (await areFewerLeft(engine, removed))) await engine.compact();
  return removed;
}

/** Whether fewer records are left than `count`. */
async function areFewerLeft(engine: Engine, count: number): Promise<boolean> {
  let left = 0;
  for await (const entries of engine.keyPages(EXPIRIES, COUNTED)) {
    left += entries.length;
    if (left >= count) return false;
  }
  return true;
}
