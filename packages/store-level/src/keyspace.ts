import type { Range } from "./database.ts";

// Every key is ASCII: LevelDB then sorts by code unit, and classic-level's getSync, which cuts a key
// in the middle of a character of several bytes and answers for another one, is never asked for any.

/** Where the record of a session lies. */
export function recordKey(handle: string): string {
  return `r${handle}`;
}

/** Of a record's key, or of no other. */
export function handleOfRecord(key: string): string {
  return key.slice(1);
}

/**
 * An entry that says: look at this record at that time, it may have expired. By the minute, so that the
 * entry of a session that is extended with each of a page's requests stays what it is.
 */
export function expiryKey(expiresAt: number, handle: string): string {
  return `x${sortable(Math.floor(expiresAt / MINUTE) * MINUTE)}${handle}`;
}

export function handleOfExpiry(key: string): string {
  return key.slice(1 + TIME_WIDTH);
}

/** An entry that says: this session is that owner's. */
export function ownerKey(owner: string, handle: string): string {
  return `o${encodeURIComponent(owner)}/${handle}`;
}

export function handleOfOwner(key: string): string {
  return key.slice(key.indexOf("/") + 1);
}

/** All records. */
export const RECORDS: Range = { gt: "r", lt: "s" };

/** All expiry entries, the next due first. */
export const EXPIRIES: Range = { gt: "x", lt: "y" };

/** All that the store writes. */
export const EVERYTHING: Range = { gt: "o", lt: "y" };

/** The expiry entries that are due at `now`. */
export function dueAt(now: number): Range {
  return { gt: EXPIRIES.gt, lt: `x${sortable(now + 1)}` };
}

/** The entries of one owner. The slash ends the name, which has none of its own once encoded. */
export function ownedBy(owner: string): Range {
  const name = `o${encodeURIComponent(owner)}`;
  return { gt: `${name}/`, lt: `${name}0` };
}

/** In ms. */
const MINUTE = 60_000;

/** As many digits as the largest safe integer has. */
const TIME_WIDTH = 16;

/** Rounded down, since an entry must never come due later than its record. */
function sortable(time: number): string {
  const whole = Math.min(Math.max(Math.floor(time), 0), Number.MAX_SAFE_INTEGER);
  return String(whole).padStart(TIME_WIDTH, "0");
}
