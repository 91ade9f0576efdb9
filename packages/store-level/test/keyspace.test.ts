import { expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  dueAt,
  expiryKey,
  handleOfExpiry,
  handleOfOwner,
  handleOfRecord,
  ownedBy,
  ownerKey,
  recordKey,
} from "../src/keyspace.ts";
import { handles, owners, times } from "./support/arbitraries.ts";

function isWithin(key: string, range: { gt: string; lt: string }): boolean {
  return key > range.gt && key < range.lt;
}

/** The start of its minute. */
function minuteOf(time: number): number {
  return time - (time % 60_000);
}

test("every key is ASCII and leads back to its handle", () => {
  fc.assert(
    fc.property(handles, owners, times, (handle, owner, time) => {
      const keys = [recordKey(handle), expiryKey(time, handle), ownerKey(owner, handle)];
      for (const key of keys) expect(key).toMatch(/^[ -~]+$/);
      expect(handleOfRecord(recordKey(handle))).toBe(handle);
      expect(handleOfExpiry(expiryKey(time, handle))).toBe(handle);
      expect(handleOfOwner(ownerKey(owner, handle))).toBe(handle);
    }),
  );
});

test("an expiry entry is due from the very millisecond in which its minute begins", () => {
  fc.assert(
    fc.property(handles, times, times, (handle, time, now) => {
      expect(isWithin(expiryKey(time, handle), dueAt(now))).toBe(minuteOf(time) <= now);
      expect(isWithin(expiryKey(now, handle), dueAt(now))).toBe(true);
      const minute = minuteOf(now);
      expect(isWithin(expiryKey(now, handle), dueAt(minute))).toBe(true);
      expect(isWithin(expiryKey(now, handle), dueAt(minute - 1))).toBe(false);
    }),
  );
});

test("expiry entries sort by the minute, and a handle has one entry in a minute", () => {
  fc.assert(
    fc.property(handles, handles, times, times, (one, other, early, late) => {
      fc.pre(minuteOf(early) < minuteOf(late));
      expect(expiryKey(early, one) < expiryKey(late, other)).toBe(true);
      const last = Math.min(minuteOf(late) + 59_999, Number.MAX_SAFE_INTEGER);
      expect(expiryKey(late, one)).toBe(expiryKey(last, one));
    }),
  );
});

test("an entry never comes due after a time that is not a whole number or out of range", () => {
  for (const time of [-1, 0.5, 1e12 + 0.9, Number.MAX_SAFE_INTEGER, 1e300, Infinity]) {
    const [stamp = ""] = /\d{16}/.exec(expiryKey(time, "~")) ?? [];
    expect(Number(stamp)).toBeLessThanOrEqual(Math.max(time, 0));
  }
});

test("the entries of an owner are that owner's alone", () => {
  fc.assert(
    fc.property(handles, owners, owners, (handle, owner, other) => {
      expect(isWithin(ownerKey(owner, handle), ownedBy(owner))).toBe(true);
      expect(isWithin(ownerKey(other, handle), ownedBy(owner))).toBe(other === owner);
    }),
  );
});
