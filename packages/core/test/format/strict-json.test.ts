import { runInNewContext } from "node:vm";
import { beforeEach, describe, expect, test } from "@jest/globals";
import type { Session, SessionManager } from "@sess/core";
import type { ReferenceStore } from "@sess/test-support";
import { expectCode } from "@sess/test-support";
import { loaded, saved, world } from "../support/sessions.ts";
import { untypedCall } from "../support/untyped-call.ts";

class Point {
  x = 1;
}
class List extends Array<number> {}

const cycle: { self?: unknown } = {};
cycle.self = cycle;
const ring: unknown[] = [{}];
ring[0] = { ring };

/** What JSON would alter, drop or fail on; the path within it, and a word of the message. */
const refused: readonly [what: string, value: unknown, path: string, word: string][] = [
  ["NaN", Number.NaN, "", "NaN"],
  ["an infinite number", Number.POSITIVE_INFINITY, "", "Infinity"],
  ["another infinite number", Number.NEGATIVE_INFINITY, "", "-Infinity"],
  ["a bigint", 1n, "", "bigint"],
  ["a function", () => {}, "", "function"],
  ["a class", Point, "", "function"],
  ["a symbol", Symbol("s"), "", "symbol"],
  ["a Date", new Date(), "", "Date"],
  ["a Map", new Map(), "", "Map"],
  ["a Set", new Set(), "", "Set"],
  ["a WeakMap", new WeakMap(), "", "WeakMap"],
  ["a RegExp", /x/, "", "RegExp"],
  ["an Error", new Error("x"), "", "Error"],
  ["a Promise", Promise.resolve(), "", "Promise"],
  ["a URL", new URL("http://localhost"), "", "URL"],
  ["a Buffer", Buffer.from("x"), "", "Buffer"],
  ["a typed array", new Uint8Array(1), "", "Uint8Array"],
  ["an ArrayBuffer", new ArrayBuffer(1), "", "ArrayBuffer"],
  ["a boxed text", Object("text"), "", "String"],
  ["a boxed number", Object(1), "", "Number"],
  ["an instance of a class", new Point(), "", "Point"],
  ["an object that inherits from another", Object.create({ inherited: 1 }), "", "is"],
  ["an array with a hole", Array(1), "[0]", "undefined"],
  ["an array that ends with a hole", Object.assign([1], { length: 2 }), "[1]", "undefined"],
  [
    "an array with a hole and a property",
    Object.assign(Array(1), { extra: 1 }),
    "[0]",
    "undefined",
  ],
  ["an array with undefined", [1, undefined], "[1]", "undefined"],
  ["an array with a property", Object.assign([1], { extra: 1 }), "", "properties"],
  ["an array with a symbol as key", Object.assign([1], { [Symbol("s")]: 1 }), "", "symbol"],
  ["an object with a symbol as key", { [Symbol("s")]: 1 }, "", "symbol"],
  ["an object with a hidden property", Object.defineProperty({}, "x", { value: 1 }), "", "has"],
  ["a subclass of Array", List.from([1]), "", ""],
  ["a toJSON method", { toJSON: () => 1 }, ".toJSON", "function"],
  [
    "an inherited toJSON method",
    Object.create(Object.assign(Object.create(null), { toJSON: () => 1 })),
    "",
    "is a class instance",
  ],
  ["a hidden toJSON method", Object.defineProperty({}, "toJSON", { value: () => 1 }), "", ""],
  ["a cycle", cycle, ".self", "part of itself"],
  ["a longer cycle", ring, "[0].ring", "part of itself"],
  ["a Date of another realm", runInNewContext("new Date()"), "", "Date"],
  ["an instance of another realm's class", runInNewContext("new (class Alien {})()"), "", "Alien"],
  ["an array of another realm with a hole", runInNewContext("[,]"), "[0]", "undefined"],
];

let store: ReferenceStore;
let sessions: SessionManager;
let session: Session;

beforeEach(async () => {
  ({ store, sessions } = world());
  session = await saved(sessions, { kept: { list: [] } });
  store.forget();
});

describe.each(refused)("%s is refused, and the message gives its path,", (_, value, path, word) => {
  function expectFault(error: Error, start: string): void {
    expect(error.message.slice(0, start.length + path.length + 1)).toBe(`${start}${path} `);
    expect(error.message).toContain(word);
  }

  test("by set()", async () => {
    expectFault(await expectCode(() => session.set("key", value), "VALUE_NOT_SERIALIZABLE"), "key");
    expect(session.has("key")).toBe(false);
  });

  test("by flash(), which queues nothing", async () => {
    const error = await expectCode(() => session.flash("info", value), "VALUE_NOT_SERIALIZABLE");
    expectFault(error, "info");
    expect(await session.takeFlash("info")).toEqual([]);
  });

  test("by save() after a change in place, which stores nothing", async () => {
    session.get("kept").list.push(value);
    expectFault(await expectCode(session.save(), "VALUE_NOT_SERIALIZABLE"), "kept.list[0]");
    expect(store.calls).toEqual([]);
  });

  test("at any depth", async () => {
    const nested = { items: [{ deep: [0, value] }] };
    const error = await expectCode(() => session.set("key", nested), "VALUE_NOT_SERIALIZABLE");
    expectFault(error, "key.items[0].deep[1]");
  });
});

test("undefined is refused as a value, as a message and in an array", async () => {
  await expectCode(() => session.set("key", undefined), "VALUE_NOT_SERIALIZABLE");
  await expectCode(() => session.flash("info", undefined), "VALUE_NOT_SERIALIZABLE");
  await expectCode(() => session.set("key", { list: [undefined] }), "VALUE_NOT_SERIALIZABLE");
});

test("the message begins with the path as it is written in code, and says what to do", async () => {
  const cart = [1, 2, { when: new Date() }];
  const error = await expectCode(() => session.set("cart", cart), "VALUE_NOT_SERIALIZABLE");
  expect(error.message).toMatch(/^cart\[2\]\.when is a Date\. .*codec/);
});

test("the message shows keys only, never a value", async () => {
  const value = { token: "hunter2", when: new Date() };
  const error = await expectCode(() => session.set("login", value), "VALUE_NOT_SERIALIZABLE");
  expect(error.message).not.toContain("hunter2");
});

describe("a value is stored unaltered:", () => {
  const shared = { x: 1 };
  const orphan: object = Object.assign(Object.create(null), { x: [1] });
  const carried: readonly [what: string, value: unknown, expected: unknown][] = [
    ["null", null, null],
    ["a boolean", false, false],
    ["an empty text", "", ""],
    ["a number", -1.5e-7, -1.5e-7],
    ["the largest number", Number.MAX_VALUE, Number.MAX_VALUE],
    ["half a character", "\ud800", "\ud800"],
    ["an empty object", {}, {}],
    ["an empty array", [], []],
    ["an object without a prototype", orphan, { x: [1] }],
    ["an object of another realm", runInNewContext("({ x: [1] })"), { x: [1] }],
    ["an array of another realm", runInNewContext("[{ x: 1 }]"), [{ x: 1 }]],
    [
      "one object in two places",
      { a: shared, b: [shared, shared] },
      { a: { x: 1 }, b: [{ x: 1 }, { x: 1 }] },
    ],
  ];

  test.each(carried)("%s", async (_, value, expected) => {
    session.set("key", value);
    await session.save();
    expect((await loaded(sessions, session.id)).get("key")).toEqual(expected);
  });

  test("except that a property that is undefined is left out", async () => {
    session.set("key", { there: 1, not: undefined });
    await session.save();
    expect(Object.keys((await loaded(sessions, session.id)).get("key"))).toEqual(["there"]);
  });
});

describe("a value", () => {
  test("of a thousand levels is stored", async () => {
    session.set("key", nested(1_000));
    await session.save();
    expect((await loaded(sessions, session.id)).get("key")).toEqual(nested(1_000));
  });

  test.each([2_000, 200_000])(
    "of %d levels is refused and does not overflow the stack",
    async (levels) => {
      const error = await expectCode(
        () => session.set("key", nested(levels)),
        "VALUE_NOT_SERIALIZABLE",
      );
      expect(error.message).toContain("nested");
    },
  );
});

test.each([1, null, undefined, Symbol("s"), {}])(
  "a key or kind that is not a string is refused: %p",
  async (key) => {
    await expectCode(() => untypedCall(session, "set", key, 1), "VALUE_NOT_SERIALIZABLE");
    await expectCode(() => untypedCall(session, "flash", key, 1), "VALUE_NOT_SERIALIZABLE");
  },
);

function nested(levels: number): unknown {
  let value: unknown = [];
  for (let level = 1; level < levels; level += 1) value = [value];
  return value;
}
