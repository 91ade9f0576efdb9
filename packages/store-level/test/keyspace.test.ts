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
import { decodeRecord, encodeRecord } from "../src/record-text.ts";

const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"];
const handles = fc
  .string({ unit: fc.constantFrom(...letters), minLength: 43, maxLength: 43 })
  .map((text) => `~${text}`);
const owners = fc.oneof(
  fc.string({ unit: "binary", minLength: 1, maxLength: 60 }),
  fc.constantFrom("a", "a/", "a/~", "a0", "a%2F", "ab", "/", "%", "!", "é", "😀"),
);
const times = fc.oneof(
  fc.integer({ min: 0, max: 2 ** 42 }),
  fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER - 1 }),
);

function within(key: string, range: { gt: string; lt: string }): boolean {
  return key > range.gt && key < range.lt;
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

/** The start of its minute. */
function minuteOf(time: number): number {
  return time - (time % 60_000);
}

test("an entry is due from the very millisecond on in which its minute begins", () => {
  fc.assert(
    fc.property(handles, times, times, (handle, time, now) => {
      expect(within(expiryKey(time, handle), dueAt(now))).toBe(minuteOf(time) <= now);
      expect(within(expiryKey(now, handle), dueAt(now))).toBe(true);
      const minute = minuteOf(now);
      expect(within(expiryKey(now, handle), dueAt(minute))).toBe(true);
      expect(within(expiryKey(now, handle), dueAt(minute - 1))).toBe(false);
    }),
  );
});

test("entries sort by the minute, and in one minute a handle has one entry", () => {
  fc.assert(
    fc.property(handles, handles, times, times, (one, other, early, late) => {
      fc.pre(minuteOf(early) < minuteOf(late));
      expect(expiryKey(early, one) < expiryKey(late, other)).toBe(true);
      const last = Math.min(minuteOf(late) + 59_999, Number.MAX_SAFE_INTEGER);
      expect(expiryKey(late, one)).toBe(expiryKey(last, one));
    }),
  );
});

test("an entry never comes due later than a time that is no whole number or out of range", () => {
  for (const time of [-1, 0.5, 1e12 + 0.9, Number.MAX_SAFE_INTEGER, 1e300, Infinity]) {
    const [stamp = ""] = /\d{16}/.exec(expiryKey(time, "~")) ?? [];
    expect(Number(stamp)).toBeLessThanOrEqual(Math.max(time, 0));
  }
});

test("the entries of an owner are that owner's alone", () => {
  fc.assert(
    fc.property(handles, owners, owners, (handle, owner, other) => {
      expect(within(ownerKey(owner, handle), ownedBy(owner))).toBe(true);
      expect(within(ownerKey(other, handle), ownedBy(owner))).toBe(other === owner);
    }),
  );
});

test("a record's text leads back to the record", () => {
  const records = fc.record(
    {
      revision: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
      createdAt: times,
      expiresAt: times,
      owner: owners,
      data: fc.string({ unit: "binary" }),
    },
    { requiredKeys: ["revision", "createdAt", "expiresAt", "data"], noNullPrototype: true },
  );
  fc.assert(
    fc.property(handles, records, (handle, record) => {
      expect(decodeRecord(handle, encodeRecord(handle, record))).toStrictEqual(record);
    }),
  );
});
