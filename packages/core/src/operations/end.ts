import { SessionError } from "../contract/errors.ts";
import type { Environment } from "../environment/environment.ts";
import type { GuardedStore } from "../environment/guarded-store.ts";
import { forwardedTo } from "../format/forwarding-record.ts";
import { RetryPolicy } from "./retry-policy.ts";

/** Whom a call to `end` concerns. */
export interface EndOptions {
  /** Ends the session only if it is this owner's. */
  readonly owner?: string | undefined;
  /**
   * Handles that others of the same call see to, and that this one leaves to them: many forwarding
   * records that lead to one session then cost one way to it.
   */
  readonly visited?: Set<string>;
}

/**
 * Ends the session that `handle` leads to and resolves to whether a live one was ended. A session that
 * has got a new id left a forwarding record, which is followed.
 */
export function end(
  { store, tracer }: Environment,
  handle: string,
  { owner, visited = new Set() }: EndOptions = {},
): Promise<boolean> {
  return tracer.trace("delete", { handle }, async (event) => {
    let isEnded = false;
    let next: string | undefined = handle;
    while (next !== undefined && !visited.has(next)) {
      visited.add(next);
      const found: Ended = await endAt(store, next, owner);
      isEnded = found.isEnded;
      next = found.movedTo;
    }
    event.outcome = isEnded ? "hit" : "miss";
    return isEnded;
  });
}

/** What came of ending what is under one handle. */
interface Ended {
  readonly isEnded: boolean;
  /** The handle that the session has moved to. */
  readonly movedTo?: string;
}

/**
 * Deletes only the revision that it has looked at, so that a session cannot move on between the look and
 * the deletion.
 */
async function endAt(
  store: GuardedStore,
  handle: string,
  owner: string | undefined,
): Promise<Ended> {
  for (const retries = new RetryPolicy(); ; await retries.nextAttempt()) {
    const record = await store.fetch(handle).catch((error: unknown) => {
      // A damaged record is ended like any other, unless it would have to say whose it is.
      if (owner !== undefined || !isDamage(error)) throw error;
      return undefined;
    });
    if (record === undefined) {
      // An expired record goes too: it would live again if the clock were set back.
      return { isEnded: owner === undefined && (await store.delete(handle)) };
    }
    const movedTo = forwardedTo(record);
    if (movedTo !== undefined) return { isEnded: false, movedTo };
    if (owner !== undefined && record.owner !== owner) return { isEnded: false };
    if (await store.delete(handle, record.revision)) return { isEnded: true };
  }
}

function isDamage(error: unknown): boolean {
  if (!(error instanceof SessionError)) return false;
  return error.code === "RECORD_CORRUPT" || error.code === "STORE_CORRUPT";
}
