import { beforeEach, describe, expect, test } from "@jest/globals";
import type { Session } from "@sess/core";
import type { FaultEffect } from "@sess/core/conformance";
import { expectCode } from "@sess/test-support";
import { FAULTS, retried } from "../support/faults.ts";
import { loaded, saved, stored, type World, world } from "../support/sessions.ts";

let here: World = world();
let { store, faults, sessions, elsewhere } = here;
beforeEach(() => {
  here = world();
  ({ store, faults, sessions, elsewhere } = here);
});

async function messages(id: string, kind = "notice"): Promise<unknown[]> {
  return (await loaded(elsewhere, id)).takeFlash(kind);
}

async function withMessages(...texts: string[]): Promise<Session> {
  const session = await saved(sessions);
  for (const text of texts) session.flash("notice", text);
  await session.save();
  return session;
}

describe.each(FAULTS)("when a save %s,", (_, effect) => {
  test("saving again applies it once", async () => {
    const session = await saved(sessions);
    const { revision } = store.records.get(session.handle) ?? { revision: 0 };
    session.flash("notice", "once");
    session.set("cart", ["tea"]);
    await retried(here, effect, () => session.save());
    expect(await stored(elsewhere, session.id)).toEqual({ alias: "GoTamer", cart: ["tea"] });
    expect(store.records.get(session.handle)?.revision).toBe(revision + 1);
    expect(await messages(session.id)).toEqual(["once"]);
    store.forget();
    await session.save();
    expect(store.calls).toEqual([]);
  });

  test("what changes after the retry is saved over it", async () => {
    const session = await saved(sessions, { cart: ["tea"] });
    session.set("alias", "first");
    session.flash("notice", "first");
    session.get("cart").push("milk");
    session.owner = "ada";
    await retried(here, effect, () => session.save());
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

  test("what changes before the retry is saved once, too", async () => {
    const session = await saved(sessions);
    session.set("alias", "first");
    session.flash("notice", "first");
    const more = () => {
      session.set("alias", "second");
      session.flash("notice", "second");
    };
    await retried(here, effect, () => session.save(), more);
    if (effect === "duplicate-second") more();
    await session.save();
    expect(await stored(elsewhere, session.id)).toEqual({ alias: "second" });
    expect(await messages(session.id)).toEqual(["first", "second"]);
  });

  test("a retried clear() spares what another saves afterwards", async () => {
    const session = await saved(sessions);
    session.clear();
    await retried(here, effect, () => session.save());
    const other = await loaded(elsewhere, session.id);
    other.set("theirs", true);
    await other.save();
    session.set("mine", true);
    await session.save();
    expect(await stored(elsewhere, session.id)).toEqual({ theirs: true, mine: true });
  });

  test("the takeFlash() that succeeds returns each message once", async () => {
    const session = await withMessages("one", "two");
    session.flash("notice", "unsaved");
    const taken = await retried(here, effect, () => session.takeFlash("notice"));
    expect(taken).toEqual(["one", "two", "unsaved"]);
    expect(await session.takeFlash("notice")).toEqual([]);
    await session.save();
    expect(await messages(session.id)).toEqual([]);
  });

  test("messages of a failed takeFlash() last until they are read, once", async () => {
    const session = await withMessages("one", "two");
    faults.inject({ effect, method: "save" });
    const taken = await session.takeFlash("notice").catch(() => []);
    session.set("other", true);
    await session.save();
    expect([...taken, ...(await messages(session.id))]).toEqual(["one", "two"]);
  });

  test("reload() finds out what happened; nothing is lost or doubled", async () => {
    const session = await saved(sessions);
    session.set("alias", "new");
    session.flash("notice", "once");
    faults.inject({ effect, method: "save" });
    await session.save().catch(() => {});
    await session.reload();
    expect(session.get("alias")).toBe("new");
    await session.save();
    expect(await stored(elsewhere, session.id)).toEqual({ alias: "new" });
    expect(await messages(session.id)).toEqual(["once"]);
  });
});

describe.each(FAULTS)("when the store's call %s,", (_, effect) => {
  test("a touch can be tried again", async () => {
    const { id } = await saved(sessions);
    const options = { store: faults, touchAfter: 0, idleTimeout: 7_200_000 };
    const session = await loaded(world(options).sessions, id);
    const fault = faults.inject({ effect, method: "touch" });
    await session.save().catch(() => {});
    expect(fault.hits).toBe(1);
    await session.save();
    const { expiresAt = 0 } = store.records.get(session.handle) ?? {};
    expect(expiresAt).toBeLessThanOrEqual(Date.now() + 7_200_000);
    expect(session.expiresAt.getTime()).toBe(expiresAt);
  });

  test("a second destroy() ends the session", async () => {
    const session = await saved(sessions);
    faults.inject({ effect, method: "delete" });
    await session.destroy().catch(() => {});
    await session.destroy();
    expect(store.records.size).toBe(0);
    await expectCode(session.save(), "SESSION_DESTROYED");
  });
});

test("update() adds one, not two, when its save acts twice", async () => {
  const { id } = await saved(sessions, { views: 0 });
  faults.inject({ effect: "duplicate-second", method: "save" });
  let runs = 0;
  const session = await sessions.update(id, (fresh) => {
    runs += 1;
    fresh.set("views", fresh.get("views") + 1);
  });
  expect({ runs, views: session?.get("views") }).toEqual({ runs: 1, views: 1 });
  expect(await stored(elsewhere, id)).toEqual({ views: 1 });
});

describe("when another saves after a save of unknown outcome,", () => {
  test("the retry saves our changes over theirs", async () => {
    const session = await saved(sessions);
    session.set("mine", true);
    faults.inject({ effect: "reject-after", method: "save" });
    await expectCode(session.save(), "STORE_UNAVAILABLE");
    const other = await loaded(elsewhere, session.id);
    other.set("theirs", true);
    await other.save();
    await session.save();
    const expected = { alias: "GoTamer", mine: true, theirs: true };
    expect(await stored(elsewhere, session.id)).toEqual(expected);
  });

  test("a takeFlash() that they overtook leaves nothing to write", async () => {
    const session = await withMessages("hello");
    faults.inject({ effect: "reject-before", method: "save" });
    await expectCode(session.takeFlash("notice"), "STORE_UNAVAILABLE");
    expect(await messages(session.id)).toEqual(["hello"]);
    await session.reload();
    store.forget();
    await session.save();
    expect(await session.takeFlash("notice")).toEqual([]);
    expect(store.calls).toEqual([]);
  });

  test("a session that they ended is not brought back", async () => {
    const session = await saved(sessions);
    session.set("mine", true);
    faults.inject({ effect: "reject-after", method: "save" });
    await expectCode(session.save(), "STORE_UNAVAILABLE");
    await elsewhere.destroy(session.id);
    await expectCode(session.save(), "SESSION_DESTROYED");
    expect(store.records.size).toBe(0);
  });
});

describe("however often a save is rejected,", () => {
  /** More often than any list of attempts is long. */
  const MANY = 200;

  test.each(["reject-after", "reject-early"] as const)(
    "(%s first) saving again stores a new session once",
    async (effect) => {
      const session = sessions.create();
      session.set("alias", "GoTamer");
      session.flash("notice", "once");
      faults.inject({ effect, method: "save" });
      faults.inject({ effect: "reject-before", method: "save", call: 2, persistent: true });
      for (let round = 0; round < MANY; round += 1) {
        await expectCode(session.save(), "STORE_UNAVAILABLE");
        session.set("round", round);
      }
      await faults.heal();
      await session.save();
      expect(await stored(elsewhere, session.id)).toEqual({ alias: "GoTamer", round: MANY - 1 });
      expect(await messages(session.id)).toEqual(["once"]);
    },
  );

  test("saving again shows a flash message once, and later ones too", async () => {
    const session = await saved(sessions);
    session.flash("notice", "first");
    faults.inject({ effect: "reject-after", method: "save" });
    faults.inject({ effect: "reject-before", method: "save", call: 2, persistent: true });
    for (let round = 0; round < MANY; round += 1) {
      await expectCode(session.save(), "STORE_UNAVAILABLE");
    }
    session.flash("notice", "second");
    await faults.heal();
    await session.save();
    expect(await messages(session.id)).toEqual(["first", "second"]);
  });
});

describe("a takeFlash() of unknown outcome that others have saved over", () => {
  /** Messages that a rejected takeFlash() may have removed, and a save of another request on top. */
  async function overtaken(effect: FaultEffect): Promise<Session> {
    const session = await withMessages("one", "one", "two");
    faults.inject({ effect, method: "save" });
    await expectCode(session.takeFlash("notice"), "STORE_UNAVAILABLE");
    for (const key of ["a", "b"]) {
      const other = await loaded(elsewhere, session.id);
      other.set(key, true);
      await other.save();
    }
    return session;
  }

  test.each(["reject-before", "reject-after"] as const)(
    "(%s) loses no message: the next one returns them",
    async (effect) => {
      const session = await overtaken(effect);
      expect(await session.takeFlash("notice")).toEqual(["one", "one", "two"]);
      expect(await session.takeFlash("notice")).toEqual([]);
      await session.save();
      expect(await messages(session.id)).toEqual([]);
    },
  );

  test.each(["reject-before", "reject-after"] as const)(
    "(%s) loses no message: a save leaves them to the next reader",
    async (effect) => {
      const session = await overtaken(effect);
      session.set("mine", true);
      await session.save();
      expect((await messages(session.id)).sort()).toEqual(["one", "one", "two"]);
    },
  );

  test("shows none again that another reader took in its place", async () => {
    const session = await withMessages("one");
    faults.inject({ effect: "reject-before", method: "save" });
    await expectCode(session.takeFlash("notice"), "STORE_UNAVAILABLE");
    expect(await messages(session.id)).toEqual(["one"]);
    expect(await session.takeFlash("notice")).toEqual([]);
  });
});
