import type { SessionError, SessionRecord } from "@sess/core";
import { damagedRecord } from "@sess/core/adapter";
import type { Row } from "./answers.ts";

/** What `recordOf` reads, as text: what a client makes of other types is for its settings to say. */
export const RECORD = ["handle", "revision", "created_at", "expires_at", "owner", "data"];

/** ms since the epoch: as far as a `Date` reaches. */
const LATEST = 8_640_000_000_000_000;

/** The handle in a row of `RECORD`, or in one of handles alone. */
export function handleOf([handle]: Row): string {
  return handle ?? "";
}

/** The record in a row, or RECORD_CORRUPT if none like it was ever saved. */
export function recordOf(row: Row): SessionRecord | SessionError {
  const [, revision, createdAt, expiresAt, owner, data] = row;
  const damaged = (why: string) => damagedRecord(handleOf(row), why);
  const numbers = [revision, createdAt, expiresAt].map((text) =>
    text ? Number(text) : Number.NaN,
  );
  const [revisionNumber = 0, created = 0, expires = 0] = numbers;
  if (revisionNumber < 1 || !Number.isSafeInteger(revisionNumber)) {
    return damaged("its revision is out of range");
  }
  if (!isTime(created) || !isTime(expires)) return damaged("one of its times is out of range");
  if (typeof data !== "string") return damaged("its data is missing");
  const record = { revision: revisionNumber, createdAt: created, expiresAt: expires, data };
  if (owner === null) return record;
  if (!owner) return damaged("its owner is empty");
  return { ...record, owner };
}

function isTime(ms: number): boolean {
  return Number.isSafeInteger(ms) && ms >= 0 && ms <= LATEST;
}
