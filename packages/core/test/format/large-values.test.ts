import { describe, expect, test } from "@jest/globals";
import { SessionManager } from "@sess/core";
import { expectCode, ReferenceStore } from "@sess/test-support";
import fc from "fast-check";
import { jsonFault } from "../../src/format/strict-json.ts";
import { saved } from "../support/sessions.ts";

const MAX_BYTES = 1_000;

/** An array of `length` zeros that counts how many of them are read. */
function counted(length: number): { value: unknown; reads: () => number } {
  let reads = 0;
  const value: unknown = new Proxy(Array(length).fill(0), {
    get(target, name) {
      if (typeof name === "string" && /^\d+$/.test(name)) reads += 1;
      return Reflect.get(target, name);
    },
  });
  return { value, reads: () => reads };
}

/** 2 to the power of `levels` objects as JSON, few in memory. */
function doubled(levels: number): unknown {
  let value: unknown = {};
  for (let level = 0; level < levels; level += 1) value = { a: value, b: value };
  return value;
}

describe("a value larger than a session may be", () => {
  const manager = () =>
    new SessionManager({ store: new ReferenceStore(), maxBytes: MAX_BYTES, sweepInterval: 0 });

  test("is read no further than to maxBytes, and refused when it is saved", async () => {
    const session = await saved(manager());
    const { value, reads } = counted(1_000_000);
    session.set("list", value);
    expect(reads()).toBeLessThanOrEqual(MAX_BYTES / 2);
    const error = await expectCode(session.save(), "DATA_TOO_LARGE");
    expect(reads()).toBeLessThanOrEqual(MAX_BYTES);
    expect(error.message).toBe(
      "list takes more than 1000 bytes, the manager's maxBytes for one session. Keep large values elsewhere, or raise maxBytes.",
    );
  });

  test("is refused by flash() at once", async () => {
    const session = await saved(manager());
    const { value, reads } = counted(1_000_000);
    await expectCode(() => session.flash("list", value), "DATA_TOO_LARGE");
    expect(reads()).toBeLessThanOrEqual(MAX_BYTES);
  });

  test("is refused although it is small in memory: one object in many places counts in each", async () => {
    const session = await saved(manager());
    session.set("tree", doubled(200));
    await expectCode(session.save(), "DATA_TOO_LARGE");
    await expectCode(session.regenerate(), "DATA_TOO_LARGE");
    await expectCode(
      session.update((each) => each.set("tree", doubled(200))),
      "DATA_TOO_LARGE",
    );
    await expectCode(() => session.flash("tree", doubled(200)), "DATA_TOO_LARGE");
  });

  test("can be made smaller before it is saved, and is checked then", async () => {
    const session = await saved(manager());
    const list: unknown[] = [...Array(MAX_BYTES).fill(0), new Date()];
    session.set("list", list);
    list.splice(0, MAX_BYTES);
    await expectCode(session.save(), "VALUE_NOT_SERIALIZABLE");
    list.length = 0;
    await session.save();
    expect(session.get("list")).toEqual([]);
  });
});

test("a value that fits is never taken for too large", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const bytes = Buffer.byteLength(JSON.stringify(value));
      expect(jsonFault(value, bytes)).toBeUndefined();
    }),
  );
});
