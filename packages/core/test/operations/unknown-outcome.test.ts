import { beforeEach, describe, expect, test } from "@jest/globals";
import type { Session } from "@sess/core";
import { expectCode } from "../support/expect-code.ts";
import { EngineError, FAULTS, type Fault, faulty, first } from "../support/faults.ts";
import { loaded, saved, stored, type World, world } from "../support/sessions.ts";

let { store, sessions, elsewhere }: World = world();
beforeEach(() => {
  ({ store, sessions, elsewhere } = world());
});

/** Does `task` while the first call of `verb` meets `fault`, and again where that made it fail. */
async function twice<T>(fault: Fault, task: () => Promise<T>, meanwhile = () => {}): Promise<T> {
  store.around = faulty(fault, first("save"));
  try {
    if (fault === "applies twice") return await task();
    const error = await expectCode(task(), "STORE_UNAVAILABLE");
    expect(error.cause).toBeInstanceOf(EngineError);
    expect(error.message).toContain("unknown");
  } finally {
    store.forget();
  }
  meanwhile();
  return task();
}

async function messages(id: string, kind = "notice"): Promise<unknown[]> {
  return (await loaded(elsewhere, id)).takeFlash(kind);
}

async function withMessages(...texts: string[]): Promise<Session> {
  const session = await saved(sessions);
  for (const text of texts) session.flash("notice", text);
  await session.save();
  store.forget();
  return session;
}

describe.each(FAULTS)("where the store %s,", (fault) => {
  test("saving again applies a save once", async () => {
    const session = await saved(sessions);
    const { revision } = store.records.get(session.handle) ?? { revision: 0 };
    session.flash("notice", "once");
    session.set("cart", ["tea"]);
    await twice(fault, () => session.save());
    expect(await stored(elsewhere, session.id)).toEqual({ alias: "GoTamer", cart: ["tea"] });
    expect(store.records.get(session.handle)?.revision).toBe(revision + 1);
    expect(await messages(session.id)).toEqual(["once"]);
    store.forget();
    await session.save();
    expect(store.calls).toEqual([]);
  });

  test("what changed since the failure is saved with it", async () => {
    const session = await saved(sessions, { cart: ["tea"] });
    session.set("alias", "first");
    session.flash("notice", "first");
    session.get("cart").push("milk");
    session.owner = "ada";
    await twice(fault, () => session.save());
    session.set("alias", "second");
    session.flash("notice", "second");
    session.get("cart").push("sugar");
    session.owner = "grace";
    await session.save();
    const expected = { alias: "second", cart: ["tea", "milk", "sugar"] };
    expect(await stored(elsewhere, session.id)).toEqual(expected);
    expect((await loaded(elsewhere, session.id)).owner).toBe("grace");
    expect(await messages(session.id)).toEqual(["first", "second"]);
  });

  test("what changed between the failure and the next save is saved once, too", async () => {
    const session = await saved(sessions);
    session.set("alias", "first");
    session.flash("notice", "first");
    const more = () => {
      session.set("alias", "second");
      session.flash("notice", "second");
    };
    await twice(fault, () => session.save(), more);
    if (fault === "applies twice") more();
    await session.save();
    expect(await stored(elsewhere, session.id)).toEqual({ alias: "second" });
    expect(await messages(session.id)).toEqual(["first", "second"]);
  });

  test("a clear() is not applied again over what another saved afterwards", async () => {
    const session = await saved(sessions);
    session.clear();
    await twice(fault, () => session.save());
    const other = await loaded(elsewhere, session.id);
    other.set("theirs", true);
    await other.save();
    session.set("mine", true);
    await session.save();
    expect(await stored(elsewhere, session.id)).toEqual({ theirs: true, mine: true });
  });

  test("messages are handed out once, by the takeFlash() that succeeds", async () => {
    const session = await withMessages("one", "two");
    session.flash("notice", "unsaved");
    const taken = await twice(fault, () => session.takeFlash("notice"));
    expect(taken).toEqual(["one", "two", "unsaved"]);
    expect(await session.takeFlash("notice")).toEqual([]);
    await session.save();
    expect(await messages(session.id)).toEqual([]);
  });

  test("messages of a failed takeFlash() last until they are read, once", async () => {
    const session = await withMessages("one", "two");
    store.around = faulty(fault, first("save"));
    const taken = await session.takeFlash("notice").catch(() => []);
    store.forget();
    session.set("other", true);
    await session.save();
    expect([...taken, ...(await messages(session.id))]).toEqual(["one", "two"]);
  });

  test("reload() finds out what happened, and nothing is lost or doubled", async () => {
    const session = await saved(sessions);
    session.set("alias", "new");
    session.flash("notice", "once");
    store.around = faulty(fault, first("save"));
    await session.save().catch(() => {});
    store.forget();
    await session.reload();
    expect(session.get("alias")).toBe("new");
    await session.save();
    expect(await stored(elsewhere, session.id)).toEqual({ alias: "new" });
    expect(await messages(session.id)).toEqual(["once"]);
  });

  test("extending again extends", async () => {
    const { id } = await saved(sessions);
    const session = await loaded(
      world({ store, touchAfter: 0, idleTimeout: 7_200_000 }).sessions,
      id,
    );
    store.around = faulty(fault, first("touch"));
    await session.save().catch(() => {});
    store.forget();
    await session.save();
    const { expiresAt = 0 } = store.records.get(session.handle) ?? {};
    expect(expiresAt).toBeLessThanOrEqual(Date.now() + 7_200_000);
    expect(session.expiresAt.getTime()).toBe(expiresAt);
  });

  test("destroy() done again ends the session", async () => {
    const session = await saved(sessions);
    store.around = faulty(fault, first("delete"));
    await session.destroy().catch(() => {});
    store.forget();
    await session.destroy();
    expect(store.records.size).toBe(0);
    await expectCode(session.save(), "SESSION_DESTROYED");
  });
});

describe("a client that sends a save twice", () => {
  test("makes update() add one, not two", async () => {
    const { id } = await saved(sessions, { views: 0 });
    store.around = faulty("applies twice", first("save"));
    let runs = 0;
    const session = await sessions.update(id, (fresh) => {
      runs += 1;
      fresh.set("views", fresh.get("views") + 1);
    });
    expect({ runs, views: session?.get("views") }).toEqual({ runs: 1, views: 1 });
    expect(await stored(elsewhere, id)).toEqual({ views: 1 });
  });
});

describe("after an unknown outcome, where another has saved in between,", () => {
  test("the changes are saved over theirs", async () => {
    const session = await saved(sessions);
    session.set("mine", true);
    store.around = faulty("applies, then rejects", first("save"));
    await expectCode(session.save(), "STORE_UNAVAILABLE");
    store.forget();
    const other = await loaded(elsewhere, session.id);
    other.set("theirs", true);
    await other.save();
    await session.save();
    const expected = { alias: "GoTamer", mine: true, theirs: true };
    expect(await stored(elsewhere, session.id)).toEqual(expected);
  });

  test("nothing is left to write of a takeFlash() that they overtook", async () => {
    const session = await withMessages("hello");
    store.around = faulty("rejects before applying", first("save"));
    await expectCode(session.takeFlash("notice"), "STORE_UNAVAILABLE");
    store.forget();
    expect(await messages(session.id)).toEqual(["hello"]);
    await session.reload();
    store.forget();
    await session.save();
    expect(await session.takeFlash("notice")).toEqual([]);
    expect(store.calls).toEqual([]);
  });

  test("a session that was ended is not brought back", async () => {
    const session = await saved(sessions);
    session.set("mine", true);
    store.around = faulty("applies, then rejects", first("save"));
    await expectCode(session.save(), "STORE_UNAVAILABLE");
    store.forget();
    await elsewhere.destroy(session.id);
    await expectCode(session.save(), "SESSION_DESTROYED");
    expect(store.records.size).toBe(0);
  });
});
