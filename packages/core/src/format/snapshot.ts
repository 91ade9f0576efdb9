import type { Lifetime } from "../contract/lifetime.ts";
import type { SessionRecord } from "../contract/store.ts";
import type { SessionTimes } from "../policy/lifetime-policy.ts";
import { type Fields, NO_FIELDS } from "./fields-format.ts";

/** A session's stored state as it was last seen, decoded as far as its lines. */
export interface Snapshot {
  /** Revision 0 for a session that was never saved. */
  readonly record: SessionRecord;
  /** The part of the lifetime that is the session's own. */
  readonly ownLifetime: Lifetime;
  /** The handle of the session's first id; undefined if it still has that. */
  readonly root: string | undefined;
  readonly fields: Fields;
}

/** What a session that was never saved builds on: revision 0 counts as no record. */
export function unsavedSnapshot({ createdAt, expiresAt, ownLifetime }: SessionTimes): Snapshot {
  return {
    record: { revision: 0, createdAt, expiresAt, data: "" },
    ownLifetime,
    root: undefined,
    fields: NO_FIELDS,
  };
}

/** The times that decide how long the session lives. */
export function timesOf({ record, ownLifetime }: Snapshot): SessionTimes {
  return { createdAt: record.createdAt, expiresAt: record.expiresAt, ownLifetime };
}

/** Whether two records are the same but for their expiry, which a touch moves. */
export function isSameRecord(one: SessionRecord, other: SessionRecord): boolean {
  return one.revision === other.revision && one.data === other.data;
}
