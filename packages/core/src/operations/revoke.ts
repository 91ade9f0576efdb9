import type { Environment } from "../environment.ts";
import { successorIn } from "../format/marker.ts";
import type { Records } from "../records.ts";
import type { SessionRecord } from "../store.ts";
import { Attempts } from "./attempts.ts";
import { end, type Spare } from "./end.ts";

/** How many sessions are ended at once: a store with group commit writes them together. */
const AT_ONCE = 64;

/** Ends the session behind `handle`; with `owner`, only if it is theirs. */
export function revoke(env: Environment, handle: string, owner?: string): Promise<boolean> {
  const isTheirs: Spare = (_, record) => record.owner !== owner;
  return end(env, handle, owner === undefined ? undefined : isTheirs);
}

/**
 * Ends all sessions of `owner` but the one that `except` leads to. Repeats until a pass finds none,
 * so that a session that changed its id meanwhile is ended too. Ends all it can before it rejects.
 */
export async function revokeAll(env: Environment, owner: string, except?: string): Promise<number> {
  const attempts = new Attempts();
  for (let total = 0; ; ) {
    const { ended, missed, failure } = await pass(env, owner, except);
    total += ended;
    if (ended > 0) continue;
    if (missed > 0) await attempts.again();
    else if (failure) throw failure;
    else return total;
  }
}

/** One look at all sessions of an owner. */
interface Pass {
  readonly ended: number;
  /** Listed and not there any more: ended by another, or gone on without leaving a marker. */
  readonly missed: number;
  /** The first. */
  readonly failure: unknown;
}

async function pass(env: Environment, owner: string, except: string | undefined): Promise<Pass> {
  let ended = 0;
  let missed = 0;
  let failure: unknown;
  const fail = (error: unknown) => {
    failure ??= error;
  };
  const kept = new Set<string>();
  const visited = new Set<string>();
  await trail(env.records, except, kept).catch(fail);
  const spare: Spare = (at, record) => kept.has(at) || record.owner !== owner;

  const endOne = async (handle: string, record: SessionRecord) => {
    if (kept.has(handle)) return;
    if (await end(env, handle, spare, visited)) ended += 1;
    else if (!successorIn(record) && !spare(handle, record)) missed += 1;
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
  return { ended, missed, failure };
}

/** Gathers `handle` and every handle that it has moved on to. */
async function trail(records: Records, handle: string | undefined, seen: Set<string>) {
  for (let at = handle; at && !seen.has(at); ) {
    seen.add(at);
    at = successorIn(await records.fetch(at));
  }
}
