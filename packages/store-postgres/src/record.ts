import type { SessionError, SessionRecord } from "@sess/core";
import { damagedRecord } from "@sess/core/adapter";
import type { Row } from "./client.ts";

/** The columns of the rows that `handleOf` and `recordOf` read. */
export const COLUMNS = "handle, revision, created_at, expires_at, owner, data";

export function handleOf([handle]: Row): string {
  return String(handle);
}

/**
 * The record in a row, or RECORD_CORRUPT if none like it was ever saved. Clients hand out numbers of 64
 * bits as text, number or bigint.
 */
export function recordOf(row: Row): SessionRecord | SessionError {
  const [handle, revisionColumn, createdAtColumn, expiresAtColumn, owner, data] = row;
  const damaged = (why: string) => damagedRecord(String(handle), why);
  const revision = Number(revisionColumn);
  const createdAt = Number(createdAtColumn);
  const expiresAt = Number(expiresAtColumn);
  if (revision < 1 || ![revision, createdAt, expiresAt].every(Number.isSafeInteger)) {
    return damaged("its revision or one of its times is out of range");
  }
  if (typeof data !== "string") return damaged("its data is not text");
  if (owner === null) return { revision, createdAt, expiresAt, data };
  if (typeof owner !== "string" || owner === "") return damaged("its owner is not text");
  return { revision, createdAt, expiresAt, owner, data };
}
