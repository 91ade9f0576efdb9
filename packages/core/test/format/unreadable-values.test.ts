import { runInNewContext } from "node:vm";
import { beforeEach, describe, expect, test } from "@jest/globals";
import type { Session, SessionManager } from "@sess/core";
import { expectCode } from "@sess/test-support";
import { saved, stored, world } from "../support/sessions.ts";

let sessions: SessionManager;
let session: Session;

beforeEach(async () => {
  ({ sessions } = world());
  session = await saved(sessions, { list: [] });
});

function fail(): never {
  throw new TypeError("hunter2");
}

function revoked(target: object): unknown {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

/** Each throws in another place when it is read. */
const unreadable: Readonly<Record<string, () => unknown>> = {
  "a revoked proxy of an object": () => revoked({}),
  "a revoked proxy of an array": () => revoked([]),
  "an object with a getter that throws": () =>
    Object.defineProperty({}, "x", { enumerable: true, get: fail }),
  "an array with a getter that throws": () => Object.defineProperty([1], "0", { get: fail }),
  "an inherited toJSON getter that throws": () =>
    Object.setPrototypeOf({}, Object.defineProperty(Object.create(null), "toJSON", { get: fail })),
  "a class name that throws": () =>
    Object.create(Object.defineProperty({}, "constructor", { get: fail })),
  ...Object.fromEntries(
    ["get", "has", "ownKeys", "getPrototypeOf", "getOwnPropertyDescriptor"].map((trap) => [
      `a proxy whose trap ${trap} throws`,
      () => new Proxy(trap === "getOwnPropertyDescriptor" ? { x: 1 } : [1], { [trap]: fail }),
    ]),
  ),
};

describe.each(Object.entries(unreadable))(
  "%s is VALUE_NOT_SERIALIZABLE, and nothing is saved, for",
  (_, make) => {
    async function expectRefusal(task: () => unknown): Promise<void> {
      const error = await expectCode(task, "VALUE_NOT_SERIALIZABLE");
      expect(error.message).not.toContain("hunter2");
      expect(error.cause).toBeUndefined();
      expect(await stored(sessions, session.id)).toEqual({ list: [] });
    }

    test("set()", () => expectRefusal(() => session.set("key", make())));
    test("set(), nested", () => expectRefusal(() => session.set("key", { deep: [make()] })));
    test("flash()", () => expectRefusal(() => session.flash("info", make())));

    test.each(["save", "regenerate"] as const)("%s() after a change in place", async (method) => {
      session.get("list").push(make());
      await expectRefusal(() => session[method]());
    });

    test("session.update()", () =>
      expectRefusal(() => session.update((each) => void each.get("list").push(make()))));

    test("sessions.update()", () =>
      expectRefusal(() =>
        sessions.update(session.id, (each) => void each.get("list").push(make())),
      ));

    test("save() of a value that became so since set()", async () => {
      const value: unknown[] = [];
      session.set("key", value);
      value.push(make());
      await expectRefusal(() => session.save());
    });

    test("what asks whether there are unsaved changes, which says that there are", () => {
      session.get("list").push(make());
      expect(session.hasUnsavedChanges).toBe(true);
      expect(session.needsSave).toBe(true);
    });
  },
);

test("the message says where the value is that cannot be read", async () => {
  const value = { items: [{ deep: revoked({}) }] };
  const error = await expectCode(() => session.set("key", value), "VALUE_NOT_SERIALIZABLE");
  expect(error.message).toMatch(
    /^key\.items\[0\]\.deep cannot be read: a getter or proxy throws\. /,
  );
});

class Cut {
  x = 1;
}
Object.setPrototypeOf(Cut.prototype, null);

class Shape {
  x = 1;
}

/** Objects whose prototype chain looks like that of a bare object or array. */
const disguised: Readonly<Record<string, unknown>> = {
  "an instance of a class whose chain has been cut short": new Cut(),
  "an array with the prototype of a class": Object.setPrototypeOf([1], Shape.prototype),
  "an array with the prototype of an object": Object.setPrototypeOf([1], Object.prototype),
  "an array without a prototype": Object.setPrototypeOf([1], null),
  ...Object.fromEntries(
    [
      new Map([["a", 1]]),
      new Set([1]),
      new Date(),
      /x/,
      new WeakMap(),
      new WeakSet(),
      new Uint8Array(1),
      new ArrayBuffer(1),
      new SharedArrayBuffer(1),
      new DataView(new ArrayBuffer(1)),
      Promise.resolve(),
      Object(1),
      Object("text"),
      Object(1n),
      Object(Symbol("s")),
      new Error("x"),
      runInNewContext("new Map([[1, 2]])"),
      runInNewContext("new Date()"),
    ].flatMap((value: object, index) => {
      const name = `${value.constructor.name} (${index})`;
      return [[`${name} without a prototype`, Object.setPrototypeOf(value, null)]];
    }),
  ),
};

test.each(Object.entries(disguised))(
  "%s is refused: JSON would store less than it holds",
  async (_, value) => {
    await expectCode(() => session.set("key", value), "VALUE_NOT_SERIALIZABLE");
    await expectCode(() => session.flash("info", { deep: value }), "VALUE_NOT_SERIALIZABLE");
  },
);

test.each([
  ["a Map", () => new Map([["a", 1]])],
  ["a Date", () => new Date()],
  ["a Set of another realm", (): object => runInNewContext("new Set([1])")],
])("%s with the prototype of a bare object is refused", async (_, make) => {
  const value: unknown = Object.setPrototypeOf(make(), Object.prototype);
  await expectCode(() => session.set("key", value), "VALUE_NOT_SERIALIZABLE");
});

test("what JSON.rawJSON made is refused: it would be read as another number", async () => {
  if (!("rawJSON" in JSON && typeof JSON.rawJSON === "function")) return;
  const raw: unknown = JSON.rawJSON("12345678901234567890");
  await expectCode(() => session.set("key", raw), "VALUE_NOT_SERIALIZABLE");
});

describe("a message quotes and cuts what a client may have chosen:", () => {
  const hostile = `a\r\n\u001b[2J\u009b\u0085\u2028\u202e${"x".repeat(53_000)}`;

  function expectTame(message: string): void {
    expect(message.length).toBeLessThan(400);
    expect(message).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
  }

  test("a key", async () => {
    expectTame(
      (await expectCode(() => session.set(hostile, 1n), "VALUE_NOT_SERIALIZABLE")).message,
    );
  });

  test("a kind", async () => {
    expectTame(
      (await expectCode(() => session.flash(hostile, 1n), "VALUE_NOT_SERIALIZABLE")).message,
    );
  });

  test("the keys within a value, at any depth", async () => {
    let value: unknown = 1n;
    for (let level = 0; level < 900; level += 1) value = { [hostile.slice(0, 100)]: value };
    expectTame(
      (await expectCode(() => session.set("form", value), "VALUE_NOT_SERIALIZABLE")).message,
    );
    const error = await expectCode(
      () => session.set("form", { [hostile]: 1n }),
      "VALUE_NOT_SERIALIZABLE",
    );
    expectTame(error.message);
    expect(error.message).toMatch(/^form\["a\\r\\n/);
  });

  test("the name of a class", async () => {
    const value: unknown = Object.create({ constructor: { name: hostile } });
    expectTame(
      (await expectCode(() => session.set("key", value), "VALUE_NOT_SERIALIZABLE")).message,
    );
  });

  test("the name of an option", async () => {
    const calling = () => Reflect.apply(sessions.create, sessions, [{ "a\u2028\u009b": 1 }]);
    expectTame((await expectCode(calling, "INVALID_OPTION")).message);
  });
});
