import { beforeEach, describe, expect, test } from "@jest/globals";
import type { Session } from "@sess/core";
import { SessionManager } from "@sess/core";
import { expectCode } from "../support/expect-code.ts";
import { EngineError, faulty } from "../support/faults.ts";
import { bare } from "../support/reference-store.ts";
import { all, loaded, saved, type World, world } from "../support/sessions.ts";

let { store, sessions }: World = world();
beforeEach(() => {
  ({ store, sessions } = world());
});

describe("close()", () => {
  test("closes the store", async () => {
    await sessions.close();
    expect(store.calls).toEqual(["close"]);
  });

  test("can be called again, also at the same time, and closes it once", async () => {
    await Promise.all([sessions.close(), sessions.close()]);
    await sessions.close();
    expect(store.calls).toEqual(["close"]);
  });

  test("does without a close() of the store", async () => {
    const plain = new SessionManager({ store: bare(store) });
    await plain.close();
    await expectCode(plain.load("a".repeat(43)), "STORE_CLOSED");
  });

  test("rejects with the store's failure", async () => {
    store.around = faulty("rejects before applying", ({ verb }) => verb === "close");
    const error = await expectCode(sessions.close(), "STORE_UNAVAILABLE");
    expect(error.cause).toBeInstanceOf(EngineError);
  });

  test("closes it at the next call where that failed, and lets nothing else through before", async () => {
    store.around = faulty(
      "rejects before applying",
      ({ verb, count }) => verb === "close" && count === 1,
    );
    await expectCode(sessions.close(), "STORE_UNAVAILABLE");
    await expectCode(sessions.load("a".repeat(43)), "STORE_CLOSED");
    await sessions.close();
    await sessions.close();
    expect(store.calls).toEqual(["close", "close"]);
  });

  test("is what `await using` calls", async () => {
    {
      await using manager = new SessionManager({ store });
      await saved(manager);
      store.forget();
    }
    expect(store.calls).toEqual(["close"]);
  });
});

describe("after close()", () => {
  type Task = (session: Session, manager: SessionManager) => unknown;
  const tasks: [string, Task][] = [
    ["load()", ({ id }, manager) => manager.load(id)],
    ["open()", ({ id }, manager) => manager.open(id)],
    ["update()", ({ id }, manager) => manager.update(id, () => {})],
    ["destroy() by id", ({ id }, manager) => manager.destroy(id)],
    ["list()", (_, manager) => all(manager.list())],
    ["revoke()", ({ handle }, manager) => manager.revoke(handle)],
    ["revokeAll()", (_, manager) => manager.revokeAll("ada")],
    ["sweep()", (_, manager) => manager.sweep()],
    ["a new session's save()", (_, manager) => filled(manager).save()],
    ["save()", (session) => session.save()],
    ["reload()", (session) => session.reload()],
    ["takeFlash()", (session) => session.takeFlash("notice")],
    ["regenerate()", (session) => session.regenerate()],
    ["destroy()", (session) => session.destroy()],
  ];

  test.each(tasks)("%s rejects, and the store is not asked", async (_, task) => {
    const first = await saved(sessions, { alias: "GoTamer" }, "ada");
    first.flash("notice", "hello");
    await first.save();
    const session = await loaded(sessions, first.id);
    session.set("a", 1);
    await sessions.close();
    store.forget();
    await expectCode(() => task(session, sessions), "STORE_CLOSED");
    expect(store.calls).toEqual([]);
  });

  test("what was begun before is carried out", async () => {
    const session = await saved(sessions);
    store.around = async (_, apply) => {
      await new Promise((go) => setImmediate(go));
      return apply();
    };
    session.set("a", 1);
    const save = session.save();
    await Promise.resolve();
    await sessions.close();
    await save;
    expect(store.records.get(session.handle)?.revision).toBe(2);
  });

  test("what was loaded can still be read", async () => {
    const session = await saved(sessions);
    await sessions.close();
    expect(session.get("alias")).toBe("GoTamer");
  });
});

function filled(manager: SessionManager): Session {
  const session = manager.create();
  session.set("alias", "GoTamer");
  return session;
}
