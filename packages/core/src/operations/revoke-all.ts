import type { SessionRecord } from "../contract/store.ts";
import type { Environment } from "../environment.ts";
import { successorIn } from "../format/successor.ts";
import type { Records } from "../records.ts";
import { end } from "./end.ts";
import { newPace, type Pace } from "./pace.ts";

/** How many sessions are ended at once: a store with group commit writes them together. */
const AT_ONCE = 64;

/**
 * Ends all sessions of `owner` but the one that `except` leads to. Repeats until a pass finds none,
 * so that a session that changed its id meanwhile is ended too. Ends all it can before it rejects.
 */
export async function revokeAll(env: Environment, owner: string, except?: string): Promise<number> {
  const pace = newPace();
  let total = 0;
  for (;;) {
    const ended = await pass(env, pace, owner, except);
    if (ended === undefined) return total;
    total += ended;
  }
}

/** One look at all sessions of an owner. How many it ended; undefined where none was left to end. */
async function pass(env: Environment, pace: Pace, owner: string, except?: string) {
  let ended = 0;
  /** Listed and not there any more: ended by another, or gone on without leaving a marker. */
  let missed = 0;
  /** The first. */
  let failure: unknown;
  const fail = (error: unknown) => {
    failure ??= error;
  };
  const kept = new Set(except ? [except] : []);
  await follow(env.records, kept).catch(fail);
  const visited = new Set(kept);

  const endOne = async (handle: string, record: SessionRecord) => {
    if (kept.has(handle)) return;
    if (await end(env, handle, owner, visited)) ended += 1;
    else if (!successorIn(record) && record.owner === owner) missed += 1;
  };
  const ends: Promise<void>[] = [];
  try {
    for await (const [handle, record] of env.records.list(owner)) {
      ends.push(endOne(handle, record).catch(fail));
      if (ends.length === AT_ONCE) await Promise.all(ends.splice(0));
    }
  } catch (error) {
    fail(error);
  }
  await Promise.all(ends);
  if (ended > 0) return ended;
  if (missed > 0) {
    await pace.again();
    return 0;
  }
  if (failure) throw failure;
  return undefined;
}

/** Adds every handle that those in `handles` have moved on to. A set goes through what is added, too. */
async function follow(records: Records, handles: Set<string>): Promise<void> {
  for (const handle of handles) {
    const next = successorIn(await records.fetch(handle));
    if (next) handles.add(next);
  }
}
