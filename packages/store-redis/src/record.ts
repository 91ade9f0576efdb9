import { crc32 } from "node:zlib";
import type { SessionError, SessionRecord } from "@sess/core";
import { damagedRecord } from "@sess/core/adapter";
import { encodeOwner } from "./keyspace.ts";

// The text under a record's key: one line that is the envelope, and the record's data.
//
//   without owner:  "1" expiresAt            checksum size revision " " createdAt           "\n" data
//   with an owner:  "2" expiresAt namedUntil checksum size revision " " createdAt " " owner "\n" data
//
// `size` is how many bytes the whole text has, so that a script notices one that was cut.
// `namedUntil` is how long the owner's index is sure to name the session. A touch overwrites the times in
// place: so their width is fixed, and the checksum leaves them out. Numbers are to the base of 36, except
// for namedUntil, which the scripts compare. They (scripts.ts) rely on this form too.

const WITHOUT_OWNER = "1";
const WITH_OWNER = "2";

// As many digits as the largest safe integer has, to the base of 36 and of 10.
const TIME_WIDTH = 11;
/** Digits of `namedUntil`. */
export const NAMED_UNTIL_WIDTH = 16;
const CHECKSUM_WIDTH = 7;
const SIZE_WIDTH = 6;

/** A record as text, in two parts between which `namedUntil` belongs if there is an owner. */
export interface EncodedRecord {
  readonly start: string;
  readonly rest: string;
  /** As `encodeOwner` gives it. */
  readonly owner: string | undefined;
}

/** The text of a record. */
export function encodeRecord(handle: string, record: SessionRecord): EncodedRecord {
  const { revision, createdAt, expiresAt, data } = record;
  const owner = record.owner === undefined ? undefined : encodeOwner(record.owner);
  const named = owner === undefined ? "" : ` ${owner}`;
  const line = `${revision.toString(36)} ${createdAt.toString(36)}${named}\n`;
  const fixed = 1 + TIME_WIDTH + (owner === undefined ? 0 : NAMED_UNTIL_WIDTH) + CHECKSUM_WIDTH;
  const size = fixed + SIZE_WIDTH + line.length + Buffer.byteLength(data);
  const body = size.toString(36).padStart(SIZE_WIDTH, "0") + line + data;
  const form = owner === undefined ? WITHOUT_OWNER : WITH_OWNER;
  return { start: form + encodeTime(expiresAt), rest: checksumOf(handle, body) + body, owner };
}

/** @throws RECORD_CORRUPT if the text is not what was stored for `handle`. */
export function decodeRecord(handle: string, text: string): SessionRecord {
  const isOwned = text.startsWith(WITH_OWNER);
  const expiresAt = Number.parseInt(text.slice(1, 1 + TIME_WIDTH), 36);
  const checksumAt = 1 + TIME_WIDTH + (isOwned ? NAMED_UNTIL_WIDTH : 0);
  const body = text.slice(checksumAt + CHECKSUM_WIDTH);
  const isWhole =
    (isOwned || text.startsWith(WITHOUT_OWNER)) &&
    text.startsWith(encodeTime(expiresAt), 1) &&
    text.startsWith(checksumOf(handle, body), checksumAt);
  if (!isWhole) throw unreadable(handle);

  const lineEnd = body.indexOf("\n");
  const [revision = "", createdAt = "", owner] = body.slice(SIZE_WIDTH, lineEnd).split(" ");
  const record = {
    revision: Number.parseInt(revision, 36),
    createdAt: Number.parseInt(createdAt, 36),
    expiresAt,
    data: body.slice(lineEnd + 1),
  };
  return owner === undefined ? record : { ...record, owner: decodeURIComponent(owner) };
}

/** A time, in ms since the epoch, as a record's text has it. */
export function encodeTime(ms: number): string {
  return ms.toString(36).padStart(TIME_WIDTH, "0");
}

/** The error for what lies in the place of a record and is none of this handle. */
export function unreadable(handle: string, error?: unknown): SessionError {
  const why = "it is damaged, or something else uses the prefix of this store";
  return damagedRecord(handle, why, error);
}

/** Covers the handle, so that another session's record in this one's place is noticed. */
function checksumOf(handle: string, body: string): string {
  return crc32(body, crc32(handle)).toString(36).padStart(CHECKSUM_WIDTH, "0");
}
