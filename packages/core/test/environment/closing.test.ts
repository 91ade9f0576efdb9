import { beforeEach, describe, expect, test } from "@jest/globals";
import { type Session, SessionManager } from "@sess/core";
import { bare, collect, expectCode, SpyStore } from "@sess/test-support";
import { INJECTED_ERROR } from "../support/faults.ts";
import { loaded, saved, stored, type World, world } from "../support/sessions.ts";

let { store, faults, sessions }: World = world();
beforeEach(() => {
  ({ store, faults, sessions } = world());
});

describe("close()", () => {
  test("closes the store", async () => {
    await sessions.close();
    expect(store.calls).toEqual(["close"]);
  });

  test("closes it once, however often and at once it is called", async () => {
    await Promise.all([sessions.close(), sessions.close()]);
    await sessions.close();
    expect(store.calls).toEqual(["close"]);
  });

  test("works with a store without close()", async () => {
    const plain = new SessionManager({ store: bare(store) });
    await plain.close();
    await expectCode(plain.load("a".repeat(43)), "STORE_CLOSED");
  });

  test("rejects if the store fails to close", async () => {
    faults.inject({ effect: "reject-before", method: "close", persistent: true });
    const error = await expectCode(sessions.close(), "STORE_UNAVAILABLE");
    expect(error.cause).toEqual(INJECTED_ERROR);
  });

  test("tries again at the next call if the store failed, and lets no other call through meanwhile", async () => {
    const fault = faults.inject({ effect: "reject-before", method: "close" });
    await expectCode(sessions.close(), "STORE_UNAVAILABLE");
    await expectCode(sessions.load("a".repeat(43)), "STORE_CLOSED");
    await sessions.close();
    await sessions.close();
    expect(fault.hits).toBe(1);
    expect(store.calls).toEqual(["close"]);
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
    ["list()", (_, manager) => collect(manager.list())],
    ["revoke()", ({ handle }, manager) => manager.revoke(handle)],
    ["revokeAll()", (_, manager) => manager.revokeAll("ada")],
    ["sweep()", (_, manager) => manager.sweep()],
    ["save() of a new session", (_, manager) => filled(manager).save()],
    ["save()", (session) => session.save()],
    ["reload()", (session) => session.reload()],
    ["takeFlash()", (session) => session.takeFlash("notice")],
    ["regenerate()", (session) => session.regenerate()],
    ["destroy()", (session) => session.destroy()],
  ];

  test.each(tasks)("%s rejects and does not ask the store", async (_, task) => {
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

  test("a save that has begun is carried out", async () => {
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

  test("what was asked for before it is carried out, also behind an earlier call on the object", async () => {
    const session = await saved(sessions, { views: 0 });
    const other = await loaded(sessions, session.id);
    store.around = async (_, apply) => {
      await new Promise((go) => setImmediate(go));
      return apply();
    };
    session.set("a", 1);
    const calls = [
      session.save(),
      session.takeFlash("notice"),
      session.update((inner) => inner.set("b", 1)),
      other.update((inner) => inner.set("c", 1)),
      sessions.update(session.id, (inner) => inner.set("d", 1)),
    ];
    session.set("e", 1);
    calls.push(session.save(), session.regenerate());
    const closed = sessions.close();
    const late = expectCode(session.save(), "STORE_CLOSED");
    await Promise.all([...calls, closed, late]);
    const reopened = world({ store: new SpyStore({ records: store.records }) }).sessions;
    const expected = { views: 0, a: 1, b: 1, c: 1, d: 1, e: 1 };
    expect(await stored(reopened, session.id)).toEqual(expected);
  });

  test("a loaded session can still be read", async () => {
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
