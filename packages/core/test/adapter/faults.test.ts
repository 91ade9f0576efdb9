import { describe, expect, test } from "@jest/globals";
import { SessionError } from "@sess/core";
import { causeOf, engineCode, FaultTable } from "@sess/core/adapter";

class EngineError extends Error {
  override readonly name = "EngineError";
}

function engineError(code: unknown, message = "it failed", cause?: unknown): Error {
  const error = new EngineError(message, cause === undefined ? undefined : { cause });
  return Object.assign(error, { code });
}

function fail(): never {
  throw new Error("s3cret");
}

const table = new FaultTable({
  engine: "Toy",
  faults: [
    { codes: ["FULL"], advice: "Make room." },
    { codes: ["BAD"], code: "STORE_CORRUPT", advice: "Restore a backup." },
    { codes: ["08*"], isOutcomeUnknown: true, advice: "Look at the network." },
    { text: /read-only/, isOutcomeUnknown: false, advice: "Connect to the primary." },
    { codes: ["FULL"], advice: "Never reached." },
  ],
  isRefusal: (error) => error instanceof EngineError,
});

describe("a fault table", () => {
  test("gives the code and the advice of the first row that fits", () => {
    expect(table.find(engineError("FULL"))?.advice).toBe("Make room.");
    const error = table.readError(engineError("BAD"));
    expect(error).toBeInstanceOf(SessionError);
    expect(error.code).toBe("STORE_CORRUPT");
    expect(error.message).toBe("Cannot read from Toy. Restore a backup.");
  });

  test.each([
    ["FULL", "FULL", true],
    ["a code that begins with FULL", "FULLER", false],
    ["08006", "08006", true],
    ["08", "08", true],
    ["1080", "1080", false],
    ["a number", 8, false],
  ])("matches codes whole, or by their beginning if the row ends in *: %s", (_, code, isKnown) => {
    expect(table.find(engineError(code)) !== undefined).toBe(isKnown);
  });

  test("looks for codes and texts in causes, too, to a depth of three", () => {
    const nest = (levels: number): Error =>
      levels === 0 ? engineError("FULL") : new Error("wrapped", { cause: nest(levels - 1) });
    expect(table.find(nest(3))?.advice).toBe("Make room.");
    expect(table.find(nest(4))).toBeUndefined();
    const text = new Error("wrapped", { cause: new Error("it is read-only") });
    expect(table.find(text)?.advice).toBe("Connect to the primary.");
  });

  test("matches texts in what textOf returns", () => {
    const options = {
      engine: "Toy",
      faults: [{ text: /^x$/, advice: "x." }],
      isRefusal: () => true,
    };
    const own = new FaultTable({ ...options, textOf: () => "x" });
    expect(own.find(new Error("anything"))?.advice).toBe("x.");
    expect(new FaultTable(options).find(new Error("anything"))).toBeUndefined();
  });

  test("takes an unknown error for STORE_UNAVAILABLE and points to the cause", () => {
    const error = table.readError(engineError("ODD"));
    expect(error.code).toBe("STORE_UNAVAILABLE");
    expect(error.message).toBe("Cannot read from Toy. Toy reports a fault: see the cause.");
    expect(error.cause).toEqual(new EngineError("it failed"));
  });

  test.each([
    ["Nothing was written", "a refusal by the engine", engineError("FULL")],
    [
      "unknown outcome",
      "an error that is no refusal",
      Object.assign(new Error(), { code: "FULL" }),
    ],
    ["unknown outcome", "a row that says so", engineError("08006")],
    ["Nothing was written", "a row that rules it out", new Error("it is read-only")],
    ["unknown outcome", "an error that is no Error", undefined],
  ])("says of a write: %s, after %s", (words, _, error) => {
    expect(table.writeError(error).message).toContain(words);
  });

  test("says of another call what it is told", () => {
    const { message } = table.errorOf("The database cannot be opened.", engineError("FULL"));
    expect(message).toBe("The database cannot be opened. Make room.");
  });

  test("passes a SessionError on as it is", () => {
    const own = new SessionError("STORE_LOCKED", "Locked.");
    expect(table.readError(own)).toBe(own);
    expect(table.writeError(own)).toBe(own);
    expect(table.errorOf("It failed.", own)).toBe(own);
  });
});

describe("causeOf()", () => {
  test("copies name, message, code and stack, and nothing else", () => {
    const error = Object.assign(engineError("23505"), { detail: "s3cret", parameters: ["s3cret"] });
    const cause = causeOf(error);
    expect(cause).not.toBe(error);
    expect(cause).toBeInstanceOf(Error);
    const { name, message, stack } = error;
    expect(cause).toMatchObject({ name, message, stack, code: "23505" });
    expect(Object.getOwnPropertyNames(cause).sort()).toEqual(["code", "message", "name", "stack"]);
  });

  test("copies a SQLSTATE beside the driver's own code", () => {
    const error = Object.assign(engineError("ER_DUP_ENTRY"), { sqlState: "23000", sql: "s3cret" });
    expect(causeOf(error)).toMatchObject({ code: "ER_DUP_ENTRY", sqlState: "23000" });
    expect(causeOf(error)).not.toHaveProperty("sql");
  });

  test.each([
    ["a getter", Object.defineProperty(new Error("x"), "code", { get: fail })],
    ["a trap of a proxy", new Proxy(new Error("x"), { get: fail })],
    ["its cause", new Error("x", { cause: new Proxy(new Error("x"), { get: fail }) })],
  ])("makes an Error of what cannot be read, because %s throws", (_, error) => {
    expect(causeOf(error)).toEqual(new Error("unknown error"));
  });

  test("copies causes in the same way, to a depth of three", () => {
    let error: unknown = Object.assign(new Error("deepest"), { rows: "s3cret" });
    for (let depth = 4; depth > 0; depth -= 1) error = new Error(`at ${depth}`, { cause: error });
    const messages: string[] = [];
    for (let at: unknown = causeOf(error); at instanceof Error; at = at.cause) {
      expect(at).not.toHaveProperty("rows");
      messages.push(at.message);
    }
    expect(messages).toEqual(["at 1", "at 2", "at 3", "at 4"]);
  });

  test("ends although an error is its own cause", () => {
    const error: Error & { cause?: unknown } = new Error("round");
    error.cause = error;
    expect(causeOf(error).message).toBe("round");
  });

  test.each([
    ["a text", "a text"],
    [undefined, "unknown error"],
    [null, "unknown error"],
    [7, "unknown error"],
    [{ message: 7, code: {}, stack: 1 }, "unknown error"],
    [{ message: "plain" }, "plain"],
    [new Error(), "unknown error"],
    [new (class TimeoutError extends Error {})(), "TimeoutError"],
  ])("makes an Error of %p", (thrown, message) => {
    const cause = causeOf(thrown);
    expect(cause).toEqual(new Error(message));
    expect(cause).not.toHaveProperty("code");
    expect(typeof cause.stack).toBe("string");
  });
});

test.each([
  [engineError("ECONNREFUSED"), "ECONNREFUSED"],
  [engineError(7), undefined],
  [engineError(""), undefined],
  [new Error("none"), undefined],
  [null, undefined],
  ["ECONNREFUSED", undefined],
])("the engine's code of %p is %p", (error, code) => {
  expect(engineCode(error)).toBe(code);
});
