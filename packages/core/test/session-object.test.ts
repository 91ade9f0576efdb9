import { runInNewContext } from "node:vm";
import { beforeEach, describe, expect, test } from "@jest/globals";
import type { Session, SessionManager } from "@sess/core";
import { expectCode } from "@sess/test-support";
import { loaded, saved, stored, world } from "./support/sessions.ts";
import { untypedCall } from "./support/untyped-call.ts";

let sessions: SessionManager;
let session: Session;

beforeEach(async () => {
  ({ sessions } = world());
  session = await saved(sessions);
});

/** Assigns as sloppy code does, where a refused assignment is otherwise dropped in silence. */
function assignSloppily(name: string, value: unknown): void {
  runInNewContext("session[name] = value", { session, name, value });
}

describe("a property that a session does not have is refused, as it would not be saved:", () => {
  test("in strict mode", async () => {
    const error = await expectCode(() => Object.assign(session, { user: 1 }), "NOT_SUPPORTED");
    expect(error.message).toBe(
      "A session has no property user of yours: it would not be saved. Use session.set(key, value).",
    );
  });

  test("in sloppy mode", async () => {
    await expectCode(() => assignSloppily("user", 1), "NOT_SUPPORTED");
    expect(Object.keys(session)).toEqual([]);
  });

  test("with a name that a client chose, which the message quotes and cuts", async () => {
    const name = `user\n\u001b[31m\u2028\u202e${"x".repeat(1_000)}`;
    const error = await expectCode(() => assignSloppily(name, 1), "NOT_SUPPORTED");
    expect(error.message.length).toBeLessThan(200);
    expect(error.message).not.toMatch(/[\p{C}\p{Zl}]/u);
  });

  test("on the object of an update(), too", async () => {
    await expectCode(
      session.update((inner) => void Object.assign(inner, { user: 1 })),
      "NOT_SUPPORTED",
    );
  });
});

test.each([
  "id",
  "handle",
  "isNew",
  "isDestroyed",
  "hasUnsavedChanges",
  "needsSave",
  "createdAt",
  "expiresAt",
  "lifetime",
  "hasOwnLifetime",
])("an assignment to %s, which is only read, is refused in sloppy mode, too", async (name) => {
  const before: unknown = Reflect.get(session, name);
  const error = await expectCode(() => assignSloppily(name, "mine"), "NOT_SUPPORTED");
  expect(error.message).toContain(`session.${name} is read-only.`);
  expect(Reflect.get(session, name)).toEqual(before);
});

test("a property that a session does not have reads as undefined: promises and loggers ask for some", () => {
  for (const name of ["then", "toJSON", "user"]) expect(Reflect.get(session, name)).toBeUndefined();
});

describe("a callback is refused instead of never being called, by", () => {
  test.each(["save", "destroy", "reload", "regenerate"])("session.%s()", async (method) => {
    session.set("alias", "another");
    const error = await expectCode(() => untypedCall(session, method, () => {}), "NOT_SUPPORTED");
    expect(error.message).toBe(
      `session.${method}() takes no callback: it returns a promise. Write "await session.${method}(…)".`,
    );
    expect(await stored(sessions, session.id)).toEqual({ alias: "GoTamer" });
  });

  test.each(["load", "open", "destroy"])("sessions.%s(id, callback)", async (method) => {
    for (const id of [session.id, "a".repeat(43), undefined]) {
      const error = await expectCode(
        () => untypedCall(sessions, method, id, () => {}),
        "NOT_SUPPORTED",
      );
      expect(error.message).toContain("takes no callback");
    }
    expect(await loaded(sessions, session.id)).toBeDefined();
  });

  test.each(["sweep", "close"])("sessions.%s(callback)", async (method) => {
    await expectCode(() => untypedCall(sessions, method, () => {}), "NOT_SUPPORTED");
    expect(await loaded(sessions, session.id)).toBeDefined();
  });
});

test("load() can be passed to map(), which adds an index", async () => {
  const [found] = await Promise.all(
    [session.id].map((...args) => untypedCall(sessions, "load", ...args)),
  );
  expect(found).toBeDefined();
});

test.each([undefined, "hello"])(
  "flash() without a message says what it takes: kind %p",
  async (kind) => {
    const error = await expectCode(
      () => untypedCall(session, "flash", kind),
      "VALUE_NOT_SERIALIZABLE",
    );
    expect(error.message).toBe(
      'flash() takes a kind and a message, such as flash("notice", "Saved."): the message is missing.',
    );
  },
);

test("set() without a value says how one is removed", async () => {
  const error = await expectCode(() => session.set("user", undefined), "VALUE_NOT_SERIALIZABLE");
  expect(error.message).toBe("user is undefined. To remove a value, use delete().");
});
