import { crc32 } from "node:zlib";
import { SessionError, type SessionRecord } from "@sess/core";
import { decodeOwner, encodeOwner } from "./keyspace.ts";

// "1", expiresAt, checksum, then "revision createdAt\ndata"; with an owner "2", expiresAt, until,
// checksum, then "revision createdAt owner\ndata". Numbers to the base of 36. Times have a fixed
// width, so that a touch overwrites them in place; for the same reason the checksum leaves them out.
// The scripts rely on this form. `until` is how long the owner's index vouches for naming the session.

/** As many digits as the largest safe integer has to the base of 36. */
const TIME_WIDTH = 11;
const SUM_WIDTH = 7;

/** A record as the script that saves it takes it: what lies between the parts may be kept. */
export interface RecordParts {
  /** Its form and `expiresAt`. */
  readonly head: string;
  /** All from the checksum on. */
  readonly rest: string;
  /** As it stands in the record, empty where there is none. */
  readonly owner: string;
}

export function encodeRecord(handle: string, record: SessionRecord): RecordParts {
  const { revision, createdAt, expiresAt, data } = record;
  const owner = record.owner === undefined ? "" : encodeOwner(record.owner);
  const named = owner === "" ? "" : ` ${owner}`;
  const body = `${encodeRevision(revision)} ${createdAt.toString(36)}${named}\n${data}`;
  return {
    head: (owner === "" ? "1" : "2") + encodeTime(expiresAt),
    rest: sumOf(handle, body) + body,
    owner,
  };
}

export function encodeTime(time: number): string {
  return time.toString(36).padStart(TIME_WIDTH, "0");
}

export function encodeRevision(revision: number): string {
  return revision.toString(36);
}

/** Throws `RECORD_CORRUPT` where the text is not what was stored for `handle`. */
export function decodeRecord(handle: string, text: string): SessionRecord {
  const expiresAt = Number.parseInt(text.slice(1, 1 + TIME_WIDTH), 36);
  const sumAt = 1 + TIME_WIDTH * (text.startsWith("2") ? 2 : 1);
  const body = text.slice(sumAt + SUM_WIDTH);
  const isWhole =
    (text.startsWith("1") || text.startsWith("2")) &&
    text.startsWith(encodeTime(expiresAt), 1) &&
    text.startsWith(sumOf(handle, body), sumAt);
  if (!isWhole) throw damaged(handle);
  const end = body.indexOf("\n");
  const [revision = "", createdAt = "", owner] = body.slice(0, end).split(" ");
  const record = {
    revision: Number.parseInt(revision, 36),
    createdAt: Number.parseInt(createdAt, 36),
    expiresAt,
    data: body.slice(end + 1),
  };
  return owner === undefined ? record : { ...record, owner: decodeOwner(owner) };
}

/** Over the handle too: the record of another session in its place is no record of this one. */
function sumOf(handle: string, body: string): string {
  return crc32(body, crc32(handle)).toString(36).padStart(SUM_WIDTH, "0");
}

export function damaged(handle: string, cause?: unknown): SessionError {
  return new SessionError(
    "RECORD_CORRUPT",
    `The record of ${handle} cannot be read: it is damaged, or no session's. It stays where it is; delete it to end the session, or restore a backup. Is the prefix used by something else too?`,
    cause === undefined ? undefined : { cause },
  );
}
