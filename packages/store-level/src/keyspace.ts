import type { Range } from "./client.ts";

// What lies in the database:
//
//   r<handle>          the record
//   x<time><handle>    look at this record at that time, it may have expired
//   o<owner>/<handle>  this session is that owner's
//
// Every key is ASCII. LevelDB then sorts by code unit; and classic-level's getSync, which cuts a key in
// the middle of a character of several bytes and answers for another key, never gets one.

export function recordKey(handle: string): string {
  return `r${handle}`;
}

export function handleOfRecord(key: string): string {
  return key.slice(1);
}

/**
 * By the minute, so that the entry of a session that each of a page's requests extends stays what it is.
 */
export function expiryKey(expiresAt: number, handle: string): string {
  return `x${sortable(Math.floor(expiresAt / MINUTE) * MINUTE)}${handle}`;
}

export function handleOfExpiry(key: string): string {
  return key.slice(1 + TIME_WIDTH);
}

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

/** The entries of one owner. A slash ends the name, which has none of its own once it is encoded. */
export function ownedBy(owner: string): Range {
  const name = `o${encodeURIComponent(owner)}`;
  // "0" is the character after the slash.
  return { gt: `${name}/`, lt: `${name}0` };
}

/** In ms. */
const MINUTE = 60_000;

/** As many digits as the largest safe integer has. */
const TIME_WIDTH = 16;

/** Rounded down, because an entry must never come due later than its record expires. */
function sortable(time: number): string {
  const whole = Math.min(Math.max(Math.floor(time), 0), Number.MAX_SAFE_INTEGER);
  return String(whole).padStart(TIME_WIDTH, "0");
}
