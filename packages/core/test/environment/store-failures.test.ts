import { beforeEach, describe, expect, jest, test } from "@jest/globals";
import { type Session, SessionManager } from "@sess/core";
import { expectCode } from "../support/expect-code.ts";
import { faulty } from "../support/faults.ts";
import { otherCopy } from "../support/other-copy.ts";
import { ReferenceStore, type Verb } from "../support/reference-store.ts";
import { all, loaded, saved } from "../support/sessions.ts";

describe("a store that fails", () => {
  let store: ReferenceStore;
  let sessions: SessionManager;
  let session: Session;
  const cause = Object.assign(new Error("ECONNRESET"), { code: "ECONNRESET" });

  beforeEach(async () => {
    store = new ReferenceStore();
    sessions = new SessionManager({ store, sweepInterval: 0, touchAfter: 0 });
    session = await saved(sessions, { alias: "GoTamer" }, "me");
  });

  const reading: readonly [verb: Verb, task: () => Promise<unknown>][] = [
    ["load", () => sessions.load(session.id)],
    ["load", () => sessions.open(session.id)],
    ["load", () => session.reload()],
    ["load", () => sessions.update(session.id, () => {})],
    ["list", () => all(sessions.list())],
    ["list", () => sessions.revokeAll("me")],
    ["sweep", () => sessions.sweep()],
    ["close", () => sessions.close()],
  ];
  const writing: readonly [verb: Verb, task: () => Promise<unknown>][] = [
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

  /** Runs `task` a second from now, when an unchanged session is due to be extended. */
  async function later<T>(task: () => Promise<T>): Promise<T> {
    const clock = jest.spyOn(Date, "now").mockReturnValue(Date.now() + 1_000);
    try {
      return await task();
    } finally {
      clock.mockRestore();
    }
  }

  function breaks(verb: Verb): void {
    store.around = async (call, apply) => {
      if (call.verb === verb) throw cause;
      return apply();
    };
  }

  test.each(reading)(
    "to %s is STORE_UNAVAILABLE with the cause, in call %#",
    async (verb, task) => {
      breaks(verb);
      const error = await expectCode(task, "STORE_UNAVAILABLE");
      expect(error.cause).toBe(cause);
      expect(error.message).toContain(verb);
    },
  );

  test.each(writing)(
    "to %s is so too, and says that the outcome is unknown, in call %#",
    async (verb, task) => {
      breaks(verb);
      const error = await expectCode(task, "STORE_UNAVAILABLE");
      expect(error.cause).toBe(cause);
      expect(error.message).toContain(verb);
      expect(error.message).toContain("unknown");
    },
  );

  test.each(["a text", undefined, { code: 1 }])(
    "with %p instead of an Error is the same",
    async (thrown) => {
      store.around = () => Promise.reject(thrown);
      const error = await expectCode(sessions.load(session.id), "STORE_UNAVAILABLE");
      expect(error).toHaveProperty("cause", thrown);
    },
  );

  test("before it returns a promise is the same", async () => {
    store.around = () => {
      throw cause;
    };
    for (const task of [
      () => sessions.load(session.id),
      () => changed().save(),
      () => session.destroy(),
    ])
      expect((await expectCode(task, "STORE_UNAVAILABLE")).cause).toBe(cause);
  });

  test("with a SessionError of its own, also another copy's, is passed on as it is", async () => {
    const own = new (otherCopy().SessionError)("STORE_LOCKED", "Locked by another process.");
    store.around = () => Promise.reject(own);
    await expect(sessions.load(session.id)).rejects.toBe(own);
    await expect(changed().save()).rejects.toBe(own);
  });

  test("is not taken for a missing session, nor for one that can go on with what it had", async () => {
    store.around = faulty("rejects before applying", () => true);
    await expectCode(sessions.open(session.id), "STORE_UNAVAILABLE");
    await expectCode(sessions.load(session.id), "STORE_UNAVAILABLE");
    store.forget();
    expect((await loaded(sessions, session.id)).get("alias")).toBe("GoTamer");
  });
});
