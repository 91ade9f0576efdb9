import { sessionConflict } from "../contract/errors.ts";
import type { SessionEvent } from "../contract/events.ts";
import type { Environment } from "../environment/environment.ts";
import type { GuardedStore } from "../environment/guarded-store.ts";
import type { Snapshot } from "../format/snapshot.ts";
import { forwardingIn } from "../format/stand-ins.ts";
import type { Identity } from "../policy/identity.ts";
import { RetryPolicy } from "./retry-policy.ts";

const MINUTE = 60_000;

/** What is under an id, for transports: they must tell an id that has just moved from one that is none. */
export type Found =
  | { readonly status: "live"; readonly snapshot: Snapshot }
  | { readonly status: "moved"; readonly movedAt: Date }
  | { readonly status: "unknown" };

/** A session that moved and has ended since is "unknown": nobody knows its new id any more. */
export async function lookup(
  { store }: Environment,
  identity: Identity,
  event: SessionEvent,
): Promise<Found> {
  const record = await store.fetch(identity.handle);
  const snapshot = record && store.read(record, identity);
  event.outcome = snapshot === undefined ? "miss" : "hit";
  if (snapshot !== undefined) return { status: "live", snapshot };
  const forwarding = forwardingIn(record);
  const isRecent = forwarding !== undefined && forwarding.movedAt > Date.now() - MINUTE;
  if (!isRecent || !(await isLive(store, forwarding.to))) return { status: "unknown" };
  return { status: "moved", movedAt: new Date(forwarding.movedAt) };
}

/**
 * Whether a session is under `handle`, or where that forwards to.
 *
 * @throws SESSION_CONFLICT if it has not been found after ten seconds.
 */
async function isLive(store: GuardedStore, handle: string): Promise<boolean> {
  const retries = new RetryPolicy(() => sessionConflict("The session keeps getting new ids."));
  // A circle, which only damage can make, leads to no session.
  const visited = new Set<string>();
  let at: string | undefined = handle;
  while (at !== undefined && !visited.has(at)) {
    retries.assertTimeLeft();
    visited.add(at);
    const record = await store.fetch(at);
    at = forwardingIn(record)?.to;
    if (at === undefined) return record !== undefined && store.read(record) !== undefined;
  }
  return false;
}
