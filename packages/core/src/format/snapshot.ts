import type { Lifetime } from "../lifetime.ts";
import type { SessionRecord } from "../store.ts";
import { Fields } from "./fields.ts";

/** A session's stored state as it was last seen, decoded as far as its lines. */
export interface Snapshot {
  readonly record: SessionRecord;
  /** Of the attempt that saved it. */
  readonly nonce: string;
  /** The part of the lifetime that is the session's own. */
  readonly lifetime: Lifetime;
  readonly fields: Fields;
}

/** What a session that was never saved builds on: revision 0 counts as no record. */
export function blank(createdAt: number, expiresAt: number, lifetime: Lifetime): Snapshot {
  return {
    record: { revision: 0, createdAt, expiresAt, data: "" },
    nonce: "",
    lifetime,
    fields: Fields.none,
  };
}
