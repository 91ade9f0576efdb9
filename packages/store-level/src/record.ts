import { crc32 } from "node:zlib";
import type { SessionRecord } from "@sess/core";
import { damagedRecord } from "@sess/core/adapter";

// "checksum revision createdAt expiresAt owner\ndata". LevelDB verifies no checksum when it reads: a bit
// that flips on the disk comes back as another value. So each record carries a checksum of its own, over
// its handle too, since a damaged table can also return a neighbour's value.

/** Hexadecimal digits of a checksum. */
const CHECKSUM_WIDTH = 8;

/** Where the revision begins, after the checksum and a space. */
const REVISION_START = CHECKSUM_WIDTH + 1;

const DIGIT_ZERO = 48;

/** The text under which `record` is stored for `handle`. */
export function encodeRecord(handle: string, record: SessionRecord): string {
  const owner = record.owner === undefined ? "" : encodeURIComponent(record.owner);
  const fields = ` ${record.revision} ${record.createdAt} ${record.expiresAt} ${owner}\n`;
  // Apart from the data, because joining them first would copy it once more.
  const checksum = crc32(record.data, crc32(handle + fields));
  return checksum.toString(16).padStart(CHECKSUM_WIDTH, "0") + fields + record.data;
}

/** @throws RECORD_CORRUPT if the text is not, to the bit, what was stored for `handle`. */
export function decodeRecord(handle: string, text: string): SessionRecord {
  const checksum = Number.parseInt(text.slice(0, CHECKSUM_WIDTH), 16);
  if (checksum !== crc32(text.slice(CHECKSUM_WIDTH), crc32(handle))) {
    throw damagedRecord(handle, "it does not match its checksum");
  }
  return parseRecord(text);
}

/**
 * What the text says, whether true or not. Of a damaged record it is only a hint at what to clear away
 * when the record is deleted.
 */
export function parseRecord(text: string): SessionRecord {
  const revisionEnd = text.indexOf(" ", REVISION_START);
  const createdAtEnd = text.indexOf(" ", revisionEnd + 1);
  const expiresAtEnd = text.indexOf(" ", createdAtEnd + 1);
  const ownerEnd = text.indexOf("\n", expiresAtEnd + 1);
  const revision = numberIn(text, REVISION_START, revisionEnd);
  const createdAt = numberIn(text, revisionEnd + 1, createdAtEnd);
  const expiresAt = numberIn(text, createdAtEnd + 1, expiresAtEnd);
  const data = text.slice(ownerEnd + 1);
  if (ownerEnd === expiresAtEnd + 1) return { revision, createdAt, expiresAt, data };
  const owner = decodeURIComponent(text.slice(expiresAtEnd + 1, ownerEnd));
  return { revision, createdAt, expiresAt, owner, data };
}

/** When a damaged record says that it expires, in ms since the epoch; undefined if that cannot be read. */
export function readableExpiry(text: string): number | undefined {
  const [, expiresAt] = /^.{8} \d+ \d+ (\d+) .*\n/.exec(text) ?? [];
  return expiresAt === undefined ? undefined : Number(expiresAt);
}

/** Digit by digit, at a fifth of the cost of a substring and `Number`, unless there is more than digits. */
function numberIn(text: string, start: number, end: number): number {
  let value = 0;
  for (let index = start; index < end; index += 1) {
    const digit = text.charCodeAt(index) - DIGIT_ZERO;
    if (!(digit >= 0 && digit <= 9)) return Number(text.slice(start, end));
    value = value * 10 + digit;
  }
  return value;
}
