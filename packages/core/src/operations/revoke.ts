import { parseSuccessor } from "../format/marker.ts";
import type { Records } from "../records.ts";
import { end, type Spare } from "./end.ts";

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
  for (let total = 0; ; ) {
    const kept = await trail(records, except);
    const ended = await pass(
      records,
      owner,
      (at, record) => kept.has(at) || record.owner !== owner,
    );
    if (ended === 0) return total;
    total += ended;
  }
}

async function pass(records: Records, owner: string, spare: Spare): Promise<number> {
  const failures: unknown[] = [];
  const fail = (error: unknown) => {
    failures.push(error);
    return false;
  };
  const ends: Promise<boolean>[] = [];
  const all = async () => {
    for await (const [handle] of records.list(owner)) {
      ends.push(end(records, handle, spare).catch(fail));
      if (ends.length % AT_ONCE === 0) await Promise.all(ends);
    }
    return true;
  };
  await all().catch(fail);
  const ended = await Promise.all(ends);
  if (failures.length > 0) throw failures[0];
  return ended.filter(Boolean).length;
}

/** `handle` and every handle that it has moved on to. */
async function trail(records: Records, handle: string | undefined): Promise<Set<string>> {
  const seen = new Set<string>();
  for (let at = handle; at && !seen.has(at); ) {
    seen.add(at);
    const record = await records.fetch(at);
    at = record && parseSuccessor(record.data);
  }
  return seen;
}
