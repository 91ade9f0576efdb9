import { describe, expect, test } from "@jest/globals";
import { SessionError } from "@sess/core";
import { DamageReport, damagedRecord } from "@sess/core/adapter";
import { expectCode, handle, rejection } from "@sess/test-support";

test("the error for a damaged record names its handle, the reason and what to do", () => {
  const error = damagedRecord(handle(1), "it is not JSON");
  expect(error.code).toBe("RECORD_CORRUPT");
  expect(error.message).toContain(`The record of ${handle(1)} cannot be read: it is not JSON.`);
  expect(error.message).toContain("delete it");
  expect("cause" in error).toBe(false);
});

test("the error for a damaged record shows no more of the engine's error than is safe", () => {
  const engineError = Object.assign(new Error("bad block"), { row: "s3cret" });
  const { cause } = damagedRecord(handle(1), "its block is bad", engineError);
  expect(cause).toEqual(new Error("bad block"));
  expect(cause).not.toHaveProperty("row");
});

describe("the damage report of a list", () => {
  test("throws nothing if no record was damaged", () => {
    expect(() => new DamageReport().throwIfAny()).not.toThrow();
  });

  test.each([
    [1, "1 damaged record was skipped"],
    [3, "3 damaged records were skipped"],
  ])("tells of %i and has the first as cause", async (count, words) => {
    const report = new DamageReport();
    for (let number = 1; number <= count; number += 1) {
      report.add(damagedRecord(handle(number), "it is not JSON"));
    }
    const error = await expectCode(() => report.throwIfAny(), "RECORD_CORRUPT");
    expect(error.message).toContain(words);
    expect(String(error.cause)).toContain(handle(1));
  });

  test.each([new Error("engine"), new SessionError("STORE_UNAVAILABLE", "Down."), undefined])(
    "passes on %p, which tells of no damaged record",
    async (error) => {
      const report = new DamageReport();
      expect(await rejection(() => report.add(error))).toBe(error);
      expect(() => report.throwIfAny()).not.toThrow();
    },
  );
});
