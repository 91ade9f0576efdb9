import { beforeEach, describe, expect, jest, test } from "@jest/globals";
import { type Session, SessionManager } from "@sess/core";
import { FaultyStore, type StoreMethod } from "@sess/core/conformance";
import { collect, expectCode, ReferenceStore } from "@sess/test-support";

import { otherCopy } from "../support/other-copy.ts";
import { loaded, saved } from "../support/sessions.ts";

describe("a store that fails", () => {
  let store: ReferenceStore;
  let faults: FaultyStore;
  let sessions: SessionManager;
  let session: Session;
  const cause = Object.assign(new Error("ECONNRESET"), { code: "ECONNRESET" });

  beforeEach(async () => {
    store = new ReferenceStore();
    faults = new FaultyStore(store);
    sessions = new SessionManager({ store: faults, sweepInterval: 0, touchAfter: 0 });
    session = await saved(sessions, { alias: "GoTamer" }, "me");
  });

  const reading: readonly [method: StoreMethod, task: () => Promise<unknown>][] = [
    ["load", () => sessions.load(session.id)],
    ["load", () => sessions.open(session.id)],
    ["load", () => session.reload()],
    ["load", () => sessions.update(session.id, () => {})],
    ["list", () => collect(sessions.list())],
    ["list", () => sessions.revokeAll("me")],
    ["sweep", () => sessions.sweep()],
    ["close", () => sessions.close()],
  ];
  const writing: readonly [method: StoreMethod, task: () => Promise<unknown>][] = [
    ["save", () => changed().save()],
    ["save", () => session.regenerate()],
    ["save", () => sessions.update(session.id, (each) => each.set("views", 1))],
    ["delete", () => session.destroy()],
    ["delete", () => sessions.destroy(session.id)],
    ["delete", () => sessions.revoke(session.handle)],
    ["touch", () => later(() => session.save())],
  ];

  function changed(): Session {
    session.set("alias", "another");
    return session;
  }

  /** Runs `task` a second later, when an unchanged session is due to be extended. */
  async function later<T>(task: () => Promise<T>): Promise<T> {
    const clock = jest.spyOn(Date, "now").mockReturnValue(Date.now() + 1_000);
    try {
      return await task();
    } finally {
      clock.mockRestore();
    }
  }

  function breaks(method: StoreMethod): void {
    store.around = async (call, apply) => {
      if (call.method === method) throw cause;
      return apply();
    };
  }

  test.each(reading)(
    "to %s makes the call reject with its error as cause (%#)",
    async (method, task) => {
      breaks(method);
      const error = await expectCode(task, "STORE_UNAVAILABLE");
      expect(error.cause).toEqual(cause);
      expect(error.cause).toHaveProperty("code", "ECONNRESET");
      expect(error.message).toContain(method);
    },
  );

  test.each(writing)(
    "to %s does so, too, and the message says that the outcome is unknown (%#)",
    async (method, task) => {
      breaks(method);
      const error = await expectCode(task, "STORE_UNAVAILABLE");
      expect(error.cause).toEqual(cause);
      expect(error.cause).toHaveProperty("code", "ECONNRESET");
      expect(error.message).toContain(method);
      expect(error.message).toContain("unknown");
    },
  );

  test.each([
    ["a text", "a text"],
    [undefined, "unknown error"],
    [{ code: 1 }, "unknown error"],
  ])("with %p, which is no Error, gets an Error as cause", async (thrown, message) => {
    store.around = () => Promise.reject(thrown);
    const error = await expectCode(sessions.load(session.id), "STORE_UNAVAILABLE");
    expect(error.cause).toEqual(new Error(message));
  });

  test("has nothing but name, message, code and stack of its error shown", async () => {
    const sent = Object.assign(new Error("refused"), { parameters: ["s3cret"] });
    store.around = () => Promise.reject(sent);
    const error = await expectCode(sessions.load(session.id), "STORE_UNAVAILABLE");
    expect(error.cause).toHaveProperty("stack", sent.stack);
    expect(error.cause).not.toHaveProperty("parameters");
  });

  test("before it returns a promise does so, too", async () => {
    store.around = () => {
      throw cause;
    };
    for (const task of [
      () => sessions.load(session.id),
      () => changed().save(),
      () => session.destroy(),
    ])
      expect((await expectCode(task, "STORE_UNAVAILABLE")).cause).toEqual(cause);
  });

  test("with a SessionError, even one of another copy of core, has it passed on as it is", async () => {
    const own = new (otherCopy().SessionError)("STORE_LOCKED", "Locked by another process.");
    store.around = () => Promise.reject(own);
    await expect(sessions.load(session.id)).rejects.toBe(own);
    await expect(changed().save()).rejects.toBe(own);
  });

  test("is not taken for a missing session", async () => {
    faults.inject({ effect: "reject-before", persistent: true });
    await expectCode(sessions.open(session.id), "STORE_UNAVAILABLE");
    await expectCode(sessions.load(session.id), "STORE_UNAVAILABLE");
    await faults.heal();
    expect((await loaded(sessions, session.id)).get("alias")).toBe("GoTamer");
  });
});
