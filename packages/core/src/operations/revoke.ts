import { parseSuccessor } from "../format/marker.ts";
import type { Records } from "../records.ts";
import { end } from "./end.ts";

/** How many sessions are ended at once: a store with group commit writes them together. */
const AT_ONCE = 64;

/** Ends the session behind `handle`; with `owner`, only if it is theirs. */
export function revoke(records: Records, handle: string, owner?: string): Promise<boolean> {
  if (owner === undefined) return end(records, handle);
  return end(records, handle, (_, record) => record.owner !== owner);
}

/**
 * Ends all sessions of `owner` but the one that `except` leads to. Repeats until a pass finds none,
 * so that a session that changed its id meanwhile is ended too. Ends all it can before it rejects.
 */
export async function revokeAll(records: Records, owner: string, except?: string): Promise<number> {
  const failures: unknown[] = [];
  let total = 0;
  for (;;) {
    const kept = except === undefined ? new Set<string>() : await trail(records, except);
    const ended = await pass(records, owner, kept, failures);
    total += ended;
    if (failures.length > 0) throw failures[0];
    if (ended === 0) return total;
  }
}

async function pass(
  records: Records,
  owner: string,
  kept: ReadonlySet<string>,
  failures: unknown[],
): Promise<number> {
  let ended = 0;
  const waiting = new Set<Promise<void>>();
  const endOne = async (handle: string) => {
    try {
      const spared = await end(
        records,
        handle,
        (at, record) => kept.has(at) || record.owner !== owner,
      );
      if (spared) ended += 1;
    } catch (error) {
      failures.push(error);
    }
  };
  try {
    for await (const [handle] of records.list(owner)) {
      if (kept.has(handle)) continue;
      const one: Promise<void> = endOne(handle).finally(() => waiting.delete(one));
      waiting.add(one);
      if (waiting.size >= AT_ONCE) await Promise.race(waiting);
    }
  } catch (error) {
    failures.push(error);
  }
  await Promise.all(waiting);
  return ended;
}

/** `handle` and every handle that it has moved on to. */
async function trail(records: Records, handle: string): Promise<Set<string>> {
  const seen = new Set<string>();
  for (let at: string | undefined = handle; at !== undefined && !seen.has(at); ) {
    seen.add(at);
    const record = await records.fetch(at);
    at = record && parseSuccessor(record.data);
  }
  return seen;
}
