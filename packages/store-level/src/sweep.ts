import type { Engine } from "./engine.ts";
import { dueAt, EXPIRIES, handleOfExpiry } from "./keyspace.ts";
import type { Writer } from "./writer.ts";

/** Entries that one step settles: few enough not to hold up the event loop. */
const STEP = 128;

/** Entries that are counted at a time: keys only, which are cheap. */
const COUNTED = 1000;

/**
 * Removes what has expired and resolves to how many records that were. It walks the expiry index, so
 * it costs what is due and not what lives, and gives way between its steps.
 */
export async function sweep(engine: Engine, writer: Writer): Promise<number> {
  // Fixed at the start, and the walk only goes forward, so it comes to an end. What is found alive
  // moves to its minute, or stays where that has begun.
  const due = dueAt(Date.now());
  let removed = 0;
  for (let after = due.gt; ; ) {
    const entries = await engine.keys({ ...due, gt: after }, STEP);
    const last = entries.at(-1);
    if (last === undefined) break;
    removed += await writer.run(entries.map(handleOfExpiry), (draft) => draft.sweep(entries));
    after = last;
  }
  if (removed > 0 && (await fewerAreLeftThan(removed, engine))) await engine.compact();
  return removed;
}

async function fewerAreLeftThan(removed: number, engine: Engine): Promise<boolean> {
  let left = 0;
  for (let after = EXPIRIES.gt; left < removed; ) {
    const entries = await engine.keys({ ...EXPIRIES, gt: after }, COUNTED);
    const last = entries.at(-1);
    if (last === undefined) return true;
    left += entries.length;
    after = last;
  }
  return false;
}
