import { describe, expect, test } from "@jest/globals";
import { recordOf } from "../src/record.ts";

const HANDLE = "~a";
const record = { revision: 2, createdAt: 3, expiresAt: 8_000_000_000_000, data: "data" };

describe("a row is read", () => {
  test.each([
    ["text", ["2", "3", "8000000000000"]],
    ["numbers", [2, 3, 8_000_000_000_000]],
    ["bigints", [2n, 3n, 8_000_000_000_000n]],
  ])("whether its numbers come as %s", (_, numbers) => {
    expect(recordOf([HANDLE, ...numbers, null, "data"])).toStrictEqual(record);
    expect(recordOf([HANDLE, ...numbers, "ada", "data"])).toStrictEqual({
      ...record,
      owner: "ada",
    });
  });
});

describe("a row is damaged", () => {
  test.each([
    ["a revision of 0", [0, 1, 1, null, "data"]],
    ["a revision that is no number", ["x", 1, 1, null, "data"]],
    ["a revision above the safe integers", ["9007199254740993", 1, 1, null, "data"]],
    ["a time that is not whole", [1, 1.5, 1, null, "data"]],
    ["an expiry that is missing", [1, 1, undefined, null, "data"]],
    ["an empty owner", [1, 1, 1, "", "data"]],
    ["an owner that is no text", [1, 1, 1, 7, "data"]],
    ["data that is no text", [1, 1, 1, null, null]],
  ])("if it has %s", (_, columns) => {
    expect(recordOf([HANDLE, ...columns])).toMatchObject({
      code: "RECORD_CORRUPT",
      message: expect.stringContaining(`The record of ${HANDLE} cannot be read: its`),
    });
  });
});
