import { tracedEnd } from "../diagnostics.ts";
import type { Environment } from "../environment.ts";
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
export async function revokeAll(env: Environment, owner: string, except?: string): Promise<number> {
  for (let total = 0; ; ) {
    const kept = await trail(env.records, except);
    const spare: Spare = (at, record) => kept.has(at) || record.owner !== owner;
    const { found, ended } = await pass(env, owner, spare);
    if (found + ended === 0) return total;
    total += ended;
  }
}

/** One that was found and not ended is gone or has moved on: that takes another look. */
async function pass({ records, diagnostics }: Environment, owner: string, spare: Spare) {
  const failures: unknown[] = [];
  const fail = (error: unknown) => failures.push(error);
  const ends: Promise<unknown>[] = [];
  let found = 0;
  const all = async () => {
    for await (const [handle, record] of records.list(owner)) {
      if (!parseSuccessor(record.data) && !spare(handle, record)) found += 1;
      const one = tracedEnd(diagnostics, handle, () => end(records, handle, spare));
      ends.push(one.catch(fail));
      if (ends.length % AT_ONCE === 0) await Promise.all(ends);
    }
  };
  await all().catch(fail);
  const results = await Promise.all(ends);
  if (failures.length > 0) throw failures[0];
  return { found, ended: results.filter((ended) => ended === true).length };
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
