import type { Environment } from "../environment.ts";
import { parseSuccessor } from "../format/marker.ts";
import type { Records } from "../records.ts";
import type { SessionRecord } from "../store.ts";
import { Attempts } from "./attempts.ts";
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
  const attempts = new Attempts();
  for (let total = 0; ; ) {
    const { ended, missed, failures } = await pass(env, owner, except);
    total += ended;
    if (ended > 0) continue;
    if (missed > 0) {
      await attempts.again();
      continue;
    }
    if (failures.length > 0) throw failures[0];
    return total;
  }
}

/** One look at all sessions of an owner. */
interface Pass {
  ended: number;
  /** Listed and not there any more: ended by another, or gone on without leaving a marker. */
  missed: number;
  readonly failures: unknown[];
}

async function pass(
  { records, diagnostics }: Environment,
  owner: string,
  except: string | undefined,
): Promise<Pass> {
  const result: Pass = { ended: 0, missed: 0, failures: [] };
  const fail = (error: unknown) => void result.failures.push(error);
  const kept = new Set<string>();
  await trail(records, except, kept).catch(fail);
  const spare: Spare = (at, record) => kept.has(at) || record.owner !== owner;

  const endOne = async (handle: string, record: SessionRecord) => {
    if (kept.has(handle)) return;
    if (await diagnostics.delete(handle, () => end(records, handle, spare))) result.ended += 1;
    else if (!parseSuccessor(record.data) && !spare(handle, record)) result.missed += 1;
  };
  const endAll = async () => {
    const ends: Promise<void>[] = [];
    try {
      for await (const [handle, record] of records.list(owner)) {
        ends.push(endOne(handle, record).catch(fail));
        if (ends.length === AT_ONCE) await Promise.all(ends.splice(0));
      }
    } finally {
      await Promise.all(ends);
    }
  };
  await endAll().catch(fail);
  return result;
}

/** Gathers `handle` and every handle that it has moved on to. */
async function trail(records: Records, handle: string | undefined, seen: Set<string>) {
  for (let at = handle; at && !seen.has(at); ) {
    seen.add(at);
    const record = await records.fetch(at);
    at = record && parseSuccessor(record.data);
  }
}
