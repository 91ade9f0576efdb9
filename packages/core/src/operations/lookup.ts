import type { SessionEvent } from "../contract/events.ts";
import type { Environment } from "../environment/environment.ts";
import type { Snapshot } from "../format/snapshot.ts";
import { forwardingIn } from "../format/stand-ins.ts";
import type { Identity } from "../policy/identity.ts";

const MINUTE = 60_000;

/** What is under an id, for transports: they must tell an id that has just moved from one that is none. */
export type Found =
  | { readonly status: "live"; readonly snapshot: Snapshot }
  | { readonly status: "moved"; readonly movedAt: Date }
  | { readonly status: "unknown" };

export async function lookup(
  { store }: Environment,
  identity: Identity,
  event: SessionEvent,
): Promise<Found> {
  const record = await store.fetch(identity.handle);
  const snapshot = record && store.read(record, identity);
  event.outcome = snapshot === undefined ? "miss" : "hit";
  if (snapshot !== undefined) return { status: "live", snapshot };
  const movedAt = forwardingIn(record)?.movedAt;
  if (movedAt === undefined || movedAt <= Date.now() - MINUTE) return { status: "unknown" };
  return { status: "moved", movedAt: new Date(movedAt) };
}
