import type { Lifetime } from "../contract/lifetime.ts";
import type { SessionRecord } from "../contract/store.ts";
import type { SessionTimes } from "../policy/lifetime-policy.ts";
import type { Fields } from "./fields-format.ts";
import { NO_FIELDS } from "./fields-format.ts";

/** A session's stored state as it was last seen, decoded as far as its lines. */
export interface Snapshot {
  readonly record: SessionRecord;
  /** Of the attempt that saved it. */
  readonly nonce: string;
  /** The part of the lifetime that is the session's own. */
  readonly ownLifetime: Lifetime;
  readonly fields: Fields;
}

/** What a session that was never saved builds on: revision 0 counts as no record. */
export function unsavedSnapshot(times: SessionTimes): Snapshot {
  const { createdAt, expiresAt, ownLifetime } = times;
  return {
    record: { revision: 0, createdAt, expiresAt, data: "" },
    nonce: "",
    ownLifetime,
    fields: NO_FIELDS,
  };
}

/** The times that decide how long the session lives. */
export function timesOf({ record, ownLifetime }: Snapshot): SessionTimes {
  return { createdAt: record.createdAt, expiresAt: record.expiresAt, ownLifetime };
}
