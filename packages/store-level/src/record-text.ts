import { crc32 } from "node:zlib";
import { SessionError, type SessionRecord } from "@sess/core";

// "checksum revision createdAt expiresAt owner\ndata". LevelDB verifies no checksum when it reads:
// a flipped bit on disk comes back as a different value. So each record carries its own, over its key
// too, since a damaged table can also hand out the value of a neighbour.

/** Digits of the checksum, in hexadecimal. */
const SUM_WIDTH = 8;

/** The text under which `record` is stored for `handle`. */
export function encodeRecord(handle: string, record: SessionRecord): string {
  const owner = record.owner === undefined ? "" : encodeURIComponent(record.owner);
  const head = ` ${record.revision} ${record.createdAt} ${record.expiresAt} ${owner}\n`;
  // In three steps, since joining them first would copy the data once more.
  const sum = crc32(record.data, crc32(head, crc32(handle)));
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
  const end = text.indexOf("\n");
  const [, revision, createdAt, expiresAt, owner] = text.slice(0, end).split(" ");
  const record = {
    revision: Number(revision),
    createdAt: Number(createdAt),
    expiresAt: Number(expiresAt),
    data: text.slice(end + 1),
  };
  return owner ? { ...record, owner: decodeURIComponent(owner) } : record;
}

function damaged(handle: string): SessionError {
  return new SessionError(
    "RECORD_CORRUPT",
    `The record of ${handle} is damaged: it does not match its checksum. It stays where it is; delete it to end the session, or restore a backup.`,
  );
}
