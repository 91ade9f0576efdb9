import { SessionError, type SessionRecord } from "@sess/core";
import type { Row } from "./client.ts";

/** Throws `RECORD_CORRUPT` where the row of `handle` is none that was saved. */
export function toRecord(handle: string, row: Row): SessionRecord {
  const revision = Number(row["revision"]);
  const createdAt = Number(row["created_at"]);
  const expiresAt = Number(row["expires_at"]);
  const { owner, data } = row;
  if (revision < 1 || ![revision, createdAt, expiresAt].every(Number.isSafeInteger)) {
    throw damagedRow(handle);
  }
  if (typeof data !== "string") throw damagedRow(handle);
  if (owner === null) return { revision, createdAt, expiresAt, data };
  if (typeof owner !== "string" || owner === "") throw damagedRow(handle);
  return { revision, createdAt, expiresAt, owner, data };
}

/** `cause`: what the engine said, where it was the engine that could not read it. */
export function damagedRow(handle: string, cause?: unknown): SessionError {
  return new SessionError(
    "RECORD_CORRUPT",
    `The row of ${handle} is damaged. It stays where it is; delete it to end the session, or restore a backup.`,
    ...(cause === undefined ? [] : [{ cause }]),
  );
}
