import type { LifetimePolicy, OwnLifetime } from "../lifetime.ts";
import type { SessionRecord } from "../store.ts";
import { Fields } from "./fields.ts";
import type { Marker } from "./marker.ts";

/** A session's stored state as it was last seen, decoded as far as its lines. */
export interface Snapshot {
  readonly record: SessionRecord;
  /** The nonce of the attempt that saved it, and the part of the lifetime that is its own. */
  readonly marker: Pick<Marker, "nonce" | "lifetime">;
  readonly fields: Fields;
}

/** What a session that was never saved builds on: revision 0 counts as no record. */
export function blank(
  policy: LifetimePolicy,
  createdAt: number,
  lifetime: OwnLifetime,
  now?: number,
): Snapshot {
  const expiresAt = policy.expiryOf(createdAt, lifetime, now);
  return {
    record: { revision: 0, createdAt, expiresAt, data: "" },
    marker: { nonce: "", lifetime },
    fields: Fields.none,
  };
}
