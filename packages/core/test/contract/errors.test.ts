import { inspect } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { SessionError } from "@sess/core";
import { otherCopy } from "../support/other-copy.ts";

test("an instance of a store's subclass is a SessionError, but no other SessionError is one of that subclass", () => {
  class EngineFault extends SessionError {}
  const fault = new EngineFault("STORE_UNAVAILABLE", "Down.");
  expect(fault instanceof SessionError && fault instanceof EngineFault).toBe(true);
  expect(new SessionError("STORE_UNAVAILABLE", "Down.") instanceof EngineFault).toBe(false);
});

describe("a SessionError", () => {
  test("is an Error with a code, a name, a message and a stack", () => {
    const error = new SessionError("RECORD_CORRUPT", "It is broken.");
    expect(error).toBeInstanceOf(Error);
    expect(error.code).toBe("RECORD_CORRUPT");
    expect(error.name).toBe("SessionError");
    expect(String(error)).toBe("SessionError: It is broken.");
    expect(error.stack).toContain("errors.test");
    expect(inspect(error)).toContain("RECORD_CORRUPT");
  });

  test("keeps its cause, and has none if none is given", () => {
    const cause = new Error("below");
    expect(new SessionError("STORE_LOCKED", "Locked.", { cause }).cause).toBe(cause);
    expect("cause" in new SessionError("STORE_LOCKED", "Locked.")).toBe(false);
  });

  test("is recognised by every copy of the module", () => {
    const other = otherCopy();
    expect(other.SessionError).not.toBe(SessionError);
    expect(new other.SessionError("STORE_LOCKED", "Locked.") instanceof SessionError).toBe(true);
    expect(new SessionError("STORE_LOCKED", "Locked.") instanceof other.SessionError).toBe(true);
  });

  test.each([
    null,
    undefined,
    "SessionError",
    1,
    {},
    new Error("x"),
    { code: "STORE_LOCKED", name: "SessionError" },
  ])("is never recognised in %p", (value) => {
    expect(value instanceof SessionError).toBe(false);
  });

  test.each([
    ["SESSION_DESTROYED", 401],
    ["CROSS_ORIGIN", 403],
    ["DATA_TOO_LARGE", 413],
    ["SESSION_CONFLICT", 503],
    ["STORE_UNAVAILABLE", 503],
    ["STORE_CLOSED", 503],
    ["INVALID_OPTION", 500],
    ["VALUE_NOT_SERIALIZABLE", 500],
    ["RECORD_CORRUPT", 500],
    ["STORE_LOCKED", 500],
    ["STORE_CORRUPT", 500],
    ["NOT_SUPPORTED", 500],
  ] as const)("of code %s has the HTTP status %d, under both of its names", (code, status) => {
    class EngineFault extends SessionError {}
    for (const error of [
      new SessionError(code, "It failed."),
      new EngineFault(code, "It failed."),
    ]) {
      expect(error.status).toBe(status);
      expect(error.statusCode).toBe(status);
    }
  });

  test("takes the assignment of its status, which Koa makes, and keeps its own", () => {
    const error = new SessionError("STORE_UNAVAILABLE", "Down.");
    error.status = 500;
    expect(error.status).toBe(503);
  });

  test("has no enumerable property but its code", () => {
    expect(Object.keys(new SessionError("STORE_LOCKED", "Locked."))).toEqual(["code"]);
  });
});
