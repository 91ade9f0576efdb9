import { crc32 } from "node:zlib";
import { SessionError, type SessionRecord } from "@sess/core";

// "checksum revision createdAt expiresAt owner\ndata". LevelDB verifies no checksum when it reads:
// a flipped bit on disk comes back as a different value. So each record carries its own, over its key
// too, since a damaged table can also hand out the value of a neighbour.

/** Digits of the checksum, in hexadecimal. */
const SUM_WIDTH = 8;

/** Where the revision begins, after the checksum and a space. */
const REVISION = SUM_WIDTH + 1;

/** The text under which `record` is stored for `handle`. */
export function encodeRecord(handle: string, record: SessionRecord): string {
  const owner = record.owner === undefined ? "" : encodeURIComponent(record.owner);
  const head = ` ${record.revision} ${record.createdAt} ${record.expiresAt} ${owner}\n`;
  // The data by itself, since joining it first would copy it once more.
  const sum = crc32(record.data, crc32(handle + head));
  return sum.toString(16).padStart(SUM_WIDTH, "0") + head + record.data;
}

/** Throws `RECORD_CORRUPT` where the text is not, to the bit, what was stored for `handle`. */
export function decodeRecord(handle: string, text: string): SessionRecord {
  const sum = Number.parseInt(text.slice(0, SUM_WIDTH), 16);
  if (sum !== crc32(text.slice(SUM_WIDTH), crc32(handle))) throw damaged(handle);
  return parseRecord(text);
}

/**
 * What the text says, true or not. For a damaged one only as a hint: of what to clear away when it
 * is deleted.
 */
export function parseRecord(text: string): SessionRecord {
  const revisionEnd = text.indexOf(" ", REVISION);
  const createdEnd = text.indexOf(" ", revisionEnd + 1);
  const expiresEnd = text.indexOf(" ", createdEnd + 1);
  const end = text.indexOf("\n", expiresEnd + 1);
  const revision = numberIn(text, REVISION, revisionEnd);
  const createdAt = numberIn(text, revisionEnd + 1, createdEnd);
  const expiresAt = numberIn(text, createdEnd + 1, expiresEnd);
  const data = text.slice(end + 1);
  if (end === expiresEnd + 1) return { revision, createdAt, expiresAt, data };
  const owner = decodeURIComponent(text.slice(expiresEnd + 1, end));
  return { revision, createdAt, expiresAt, owner, data };
}

/** Digit by digit, a fifth of what a substring and `Number` cost; that, where it is not all digits. */
function numberIn(text: string, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) return Number(text.slice(from, to));
    value = value * 10 + digit;
  }
  return value;
}

function damaged(handle: string): SessionError {
  return new SessionError(
    "RECORD_CORRUPT",
    `The record of ${handle} is damaged: it does not match its checksum. It stays where it is; delete it to end the session, or restore a backup.`,
  );
}
