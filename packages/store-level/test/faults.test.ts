import { describe, expect, test } from "@jest/globals";
import { SessionError } from "@sess/core";
import { isDamage, openError, readError, writeError } from "../src/faults.ts";

function fault(code: string, message = code, cause?: Error): Error {
  return Object.assign(new Error(message, { cause }), { code });
}

const closed = fault("LEVEL_DATABASE_NOT_OPEN", "Database is not open");

test("a failed write has an unknown outcome, whatever it failed with", () => {
  for (const error of [
    new Error("anything"),
    fault("LEVEL_IO_ERROR", "IO error: 000003.log: No space left on device"),
    fault("LEVEL_CORRUPTION", "Corruption: bad block"),
  ]) {
    expect(writeError(error).message).toMatch(/^A write to LevelDB failed with unknown outcome/);
  }
});

test("a write to a closed database wrote nothing", () => {
  expect(writeError(closed)).toMatchObject({
    code: "STORE_CLOSED",
    message: "Nothing was written to LevelDB. The database has been closed. Open it again.",
  });
});

test.each([
  ["LEVEL_LOCKED", "", "STORE_LOCKED", /Another process has it open/],
  ["LEVEL_IO_ERROR", "IO error: 1.log: Disk quota exceeded", "STORE_UNAVAILABLE", /disk is full/],
  ["LEVEL_IO_ERROR", "IO error: 1.log: Read-only file system", "STORE_UNAVAILABLE", /read-only/],
  ["LEVEL_IO_ERROR", "IO error: LOCK: Permission denied", "STORE_UNAVAILABLE", /may not use it/],
  ["LEVEL_IO_ERROR", "IO error: x: Too many open files in system", "STORE_UNAVAILABLE", /ulimit/],
  ["LEVEL_IO_ERROR", "IO error: 1.log: Input/output error", "STORE_UNAVAILABLE", /disk fails/],
  ["LEVEL_IO_ERROR", "IO error: 5.ldb: No such file or directory", "STORE_CORRUPT", /backup/],
  ["LEVEL_IO_ERROR", "IO error: 5.ldb: Invalid argument", "STORE_CORRUPT", /backup/],
  ["LEVEL_INVALID_ARGUMENT", "x (create_if_missing is false)", "STORE_CORRUPT", /backup/],
  ["LEVEL_IO_ERROR", "IO error: something else", "STORE_UNAVAILABLE", /the file LOG/],
  ["ENOSPC", "", "STORE_UNAVAILABLE", /disk is full/],
  ["ENOENT", "", "STORE_UNAVAILABLE", /dangling/],
  ["ESTRANGE", "", "STORE_UNAVAILABLE", /see the cause/],
])("%s %p is %s", (code, message, expected, advice) => {
  const error = readError(fault(code, message));
  expect(error).toMatchObject({ code: expected, cause: { code } });
  expect(error.message).toMatch(/^Cannot read from LevelDB\./);
  expect(error.message).toMatch(advice);
});

describe("a failed open", () => {
  test("is told by the error that it wraps", () => {
    const why = fault("LEVEL_CORRUPTION", "Corruption: no meta-nextfile entry in descriptor");
    const error = openError(
      "/srv/sessions",
      fault("LEVEL_DATABASE_NOT_OPEN", "Database failed to open", why),
    );
    expect(error).toMatchObject({ code: "STORE_CORRUPT", cause: { code: "LEVEL_CORRUPTION" } });
    expect(error.message).toMatch(/^Cannot open the sessions in \/srv\/sessions\. .*Restore/);
  });

  test("that wraps a fault nobody knows is STORE_UNAVAILABLE, not a closed database", () => {
    const wrapped = fault("LEVEL_DATABASE_NOT_OPEN", "Database failed to open", new Error("odd"));
    expect(openError("/srv/sessions", wrapped)).toMatchObject({ code: "STORE_UNAVAILABLE" });
  });
});

test("an error of the store's own stays what it is", () => {
  const own = new SessionError("STORE_LOCKED", "locked", { cause: closed });
  expect([readError(own), writeError(own), openError("/", own)]).toEqual([own, own, own]);
  expect(readError(own)).toBe(own);
});

test("the cause shows what happened and nothing that was written", () => {
  const changes = [{ type: "put", key: "r~1", value: "secret" }];
  const error = Object.assign(fault("LEVEL_IO_ERROR", "IO error: x"), { changes });
  const { cause } = writeError(error);
  expect(cause).toMatchObject({ message: "IO error: x", code: "LEVEL_IO_ERROR" });
  expect(cause).not.toHaveProperty("changes");
});

test("damage is of one record or of its place on the disk", () => {
  expect(isDamage(new SessionError("RECORD_CORRUPT", ""))).toBe(true);
  expect(isDamage(new SessionError("STORE_CORRUPT", ""))).toBe(true);
  expect(isDamage(new SessionError("STORE_UNAVAILABLE", ""))).toBe(false);
  expect(isDamage(new Error("anything"))).toBe(false);
});
