import { isDamage, writeSuppressed } from "../contract/errors.ts";
import type { SessionRecord } from "../contract/store.ts";
import type { Environment } from "../environment/environment.ts";
import type { GuardedStore } from "../environment/guarded-store.ts";
import { isSameRecord } from "../format/snapshot.ts";
import { ENDED_MARK, forwardingIn, isEndedMark, rootOf } from "../format/stand-ins.ts";
import { RetryPolicy } from "./retry-policy.ts";

/** Whom a call to `end` concerns. */
export interface EndOptions {
  /** Ends the session only if it is this owner's. */
  readonly owner?: string | undefined;
  /** Spares the session with this root: the handle of its first id. */
  readonly spare?: string | undefined;
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
  options: EndOptions = {},
): Promise<boolean> {
  const { visited = new Set() } = options;
  return tracer.trace("delete", { handle }, async (event) => {
    const retries = new RetryPolicy();
    let isEnded = false;
    let next: string | undefined = handle;
    while (next !== undefined && !visited.has(next)) {
      visited.add(next);
      const found: Ended = await endAt(store, next, options, retries);
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
  { owner, spare }: EndOptions,
  retries: RetryPolicy,
): Promise<Ended> {
  for (;;) {
    const record = await store.fetch(handle).catch((error: unknown) => {
      // A damaged record is ended like any other, unless it would have to say whose it is.
      if (owner !== undefined || !isDamage(error)) throw error;
      return undefined;
    });
    if (record === undefined) {
      // An expired record goes too: it would live again if the clock were set back.
      return { isEnded: owner === undefined && (await store.delete(handle)) };
    }
    const movedTo = forwardingIn(record)?.to;
    if (movedTo !== undefined) return { isEnded: false, movedTo };
    if (isEndedMark(record)) return { isEnded: false };
    if (owner !== undefined && record.owner !== owner) return { isEnded: false };
    if (spare !== undefined && rootOf(handle, record) === spare) return { isEnded: false };
    if (await store.delete(handle, record.revision)) return { isEnded: true };
    await retries.nextAttempt();
  }
}

/**
 * Ends a session whose first save is in doubt, by an ended mark in its place: an attempt that is still on
 * its way would find nothing there, and the session would live.
 */
export async function endDoubtful(
  env: Environment,
  handle: string,
  firstSave: SessionRecord,
): Promise<void> {
  const { createdAt, expiresAt } = firstSave;
  const retries = new RetryPolicy();
  let revision = 1;
  for (;;) {
    const mark = { revision, createdAt, expiresAt, data: ENDED_MARK };
    if (await env.store.save(handle, mark, { durable: true })) return;
    const found = await env.store.fetch(handle);
    if (found === undefined) {
      // Expired, so nothing that is still on its way can be taken either.
      if (expiresAt <= Date.now()) return;
      if (retries.attempts > 1) throw writeSuppressed();
      revision = 1;
    } else if (!isEndedMark(found) && isSameSession(found, firstSave)) {
      if (forwardingIn(found) !== undefined) {
        await end(env, handle);
        return;
      }
      revision = found.revision + 1;
    } else {
      // Never over another's record.
      return;
    }
    await retries.nextAttempt();
  }
}

/** Whether `found` is what `firstSave` has stored, or what others have saved over it since. */
function isSameSession(found: SessionRecord, firstSave: SessionRecord): boolean {
  if (found.revision === firstSave.revision) return isSameRecord(found, firstSave);
  return found.createdAt === firstSave.createdAt;
}
