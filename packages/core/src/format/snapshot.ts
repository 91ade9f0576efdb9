import type { SessionRecord } from "../contract/store.ts";
import { expiryOf, type Lifetime, type Policy } from "../lifetime.ts";
import { type Fields, NO_FIELDS } from "./fields.ts";

/** A session's stored state as it was last seen, decoded as far as its lines. */
export interface Snapshot {
  readonly record: SessionRecord;
  /** Of the attempt that saved it. */
  readonly nonce: string;
  /** The part of the lifetime that is its own. */
  readonly lifetime: Lifetime;
  readonly fields: Fields;
}

/** What a session that was never saved builds on: revision 0 counts as no record. */
export function blank(
  policy: Policy,
  createdAt: number,
  lifetime: Lifetime,
  now?: number,
): Snapshot {
  const expiresAt = expiryOf(policy, createdAt, lifetime, now);
  return {
    record: { revision: 0, createdAt, expiresAt, data: "" },
    nonce: "",
    lifetime,
    fields: NO_FIELDS,
  };
}
