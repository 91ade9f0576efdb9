import { expect, test } from "@jest/globals";
import { isHandle, isObject } from "@sess/core/adapter";
import { handle } from "@sess/test-support";
import { hostileForms } from "../support/hostile.ts";

test("a handle is a tilde and 43 characters of the base64url alphabet", () => {
  expect(isHandle(handle(7))).toBe(true);
  expect(isHandle(`~${"aZ0-_".padEnd(43, "x")}`)).toBe(true);
  for (const form of [...hostileForms(handle(7)), "x".repeat(43)])
    expect(isHandle(form)).toBe(false);
});

test("an object is what has properties, a function included", () => {
  for (const value of [{}, [], () => {}, new Date(), Object.create(null)]) {
    expect(isObject(value)).toBe(true);
  }
  for (const value of [null, undefined, "text", 1, 1n, true, Symbol("s")]) {
    expect(isObject(value)).toBe(false);
  }
});
