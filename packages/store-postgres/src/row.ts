import { SessionError, type SessionRecord } from "@sess/core";
import type { Values } from "./client.ts";

/** What makes a record, in the order in which `toRecord` takes it. */
export const FIELDS = "revision, created_at, expires_at, owner, data";

/** Behind them, where a statement asks for the key too. */
const KEY = 5;

/** The key of a row with all columns. */
export function keyOf(row: Values): string {
  return String(row[KEY]);
}

/** Throws `RECORD_CORRUPT` where the row of `handle` is none that was saved. */
export function toRecord(handle: string, row: Values): SessionRecord {
  const revision = Number(row[0]);
  const createdAt = Number(row[1]);
  const expiresAt = Number(row[2]);
  const owner = row[3];
  const data = row[4];
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
