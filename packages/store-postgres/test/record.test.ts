import { describe, expect, test } from "@jest/globals";
import { recordOf } from "../src/record.ts";

const HANDLE = "~a";
const LATEST = 8_640_000_000_000_000;
const record = { revision: 2, createdAt: 3, expiresAt: 8_000_000_000_000, data: "data" };

test("a row is read with an owner or without", () => {
  const numbers = ["2", "3", "8000000000000"];
  expect(recordOf([HANDLE, ...numbers, null, "data"])).toStrictEqual(record);
  const owned = { ...record, owner: "ada" };
  expect(recordOf([HANDLE, ...numbers, "ada", "data"])).toStrictEqual(owned);
});

test("times reach from the epoch to the last day of a Date", () => {
  const found = recordOf([HANDLE, "1", "0", String(LATEST), null, ""]);
  expect(found).toStrictEqual({ revision: 1, createdAt: 0, expiresAt: LATEST, data: "" });
});

describe("a row is damaged", () => {
  test.each([
    ["a revision of 0", ["0", "1", "1", null, "data"]],
    ["a revision that is no number", ["x", "1", "1", null, "data"]],
    ["a revision that is missing", [null, "1", "1", null, "data"]],
    ["a revision above the safe integers", ["9007199254740993", "1", "1", null, "data"]],
    ["a time that is not whole", ["1", "1.5", "1", null, "data"]],
    ["a time before the epoch", ["1", "-1", "1", null, "data"]],
    ["a time that no Date reaches", ["1", "1", String(LATEST + 1), null, "data"]],
    ["an expiry that is missing", ["1", "1", null, null, "data"]],
    ["an empty owner", ["1", "1", "1", "", "data"]],
    ["no data", ["1", "1", "1", null, null]],
  ])("if it has %s", (_, columns) => {
    expect(recordOf([HANDLE, ...columns])).toMatchObject({
      code: "RECORD_CORRUPT",
      message: expect.stringMatching(new RegExp(`The record of ${HANDLE} cannot be read: .*its`)),
    });
  });
});
