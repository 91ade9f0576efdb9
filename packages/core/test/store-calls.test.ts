import { beforeEach, describe, expect, test } from "@jest/globals";
import { type Session, SessionManager } from "@sess/core";
import { bare, collect, SpyStore } from "@sess/test-support";
import { between } from "./support/interference.ts";
import { loaded, saved } from "./support/sessions.ts";

let store: SpyStore;
let sessions: SessionManager;
/** The id of a stored session of which there is no object. */
let id: string;

beforeEach(async () => {
  store = new SpyStore();
  sessions = new SessionManager({ store });
  const session = await saved(sessions, { alias: "GoTamer", cart: [1] }, "me");
  session.flash("info", "hello");
  await session.save();
  id = session.id;
  store.counts();
});

/** The calls of the store in one access, from load to save. */
async function access(use: (session: Session) => unknown) {
  const session = await loaded(sessions, id);
  await use(session);
  await session.save();
  return store.counts();
}

describe("an access costs the store", () => {
  test("one load if it only reads", async () => {
    const reads = await access((session) => {
      session.get("alias");
      session.get("cart");
      session.has("alias");
      session.keys();
    });
    expect(reads).toEqual({ load: 1 });
  });

  const changes: Record<string, (session: Session) => unknown> = {
    "sets a value": (session) => session.set("alias", "another"),
    "changes a value in place": (session) => session.get("cart").push(2),
    "deletes a value": (session) => session.delete("alias"),
    "clears the session": (session) => session.clear(),
    "flashes a message": (session) => session.flash("info", "again"),
    "changes the owner": (session) => {
      session.owner = "you";
    },
    "changes everything": (session) => {
      session.clear();
      for (let key = 0; key < 20; key += 1) session.set(`key ${key}`, key);
      session.owner = undefined;
      session.flash("info", "again");
    },
  };

  test.each(Object.entries(changes))("one load and one save if it %s", async (_, change) => {
    expect(await access(change)).toEqual({ load: 1, save: 1 });
  });

  test("no second save if nothing has changed since the first", async () => {
    const session = await loaded(sessions, id);
    session.set("alias", "another");
    session.get("cart").push(2);
    await session.save();
    store.counts();
    await session.save();
    expect(store.counts()).toEqual({});
  });

  test("one more load and save if another has saved in between", async () => {
    const session = await loaded(sessions, id);
    await sessions.update(id, (other) => other.set("views", 1));
    store.counts();
    session.set("alias", "another");
    await session.save();
    expect(store.counts()).toEqual({ save: 2, load: 1 });
  });
});

describe("the store is not asked", () => {
  test("when a session is created, and when one that was never saved is reloaded, regenerated or destroyed", async () => {
    const session = sessions.create();
    session.set("alias", "GoTamer");
    await session.reload();
    await session.regenerate();
    expect(await session.takeFlash("info")).toEqual([]);
    await session.destroy();
    await session.destroy();
    expect(store.counts()).toEqual({});
  });

  test("when messages are taken of a kind that has none", async () => {
    const session = await loaded(sessions, id);
    store.counts();
    expect(await session.takeFlash("error")).toEqual([]);
    expect(await session.takeFlash("inf")).toEqual([]);
    expect(store.counts()).toEqual({});
  });

  test("when messages are taken that were never saved", async () => {
    const session = await loaded(sessions, id);
    session.flash("error", "oops");
    store.counts();
    expect(await session.takeFlash("error")).toEqual(["oops"]);
    expect(store.counts()).toEqual({});
  });

  test("when a value cannot be stored or the session is too large", async () => {
    const narrow = new SessionManager({ store, maxBytes: 100 });
    const session = await loaded(sessions, id);
    const large = narrow.create();
    large.set("text", "x".repeat(200));
    store.counts();
    expect(() => session.set("when", new Date())).toThrow("when is a Date");
    await expect(large.save()).rejects.toMatchObject({ code: "DATA_TOO_LARGE" });
    expect(store.counts()).toEqual({});
  });
});

describe("each operation costs the store", () => {
  const costs: Record<string, [cost: object, task: () => Promise<unknown>]> = {
    "the first save": [{ save: 1 }, () => saved(sessions)],
    "open of an unknown id": [{ load: 1 }, () => sessions.open("A".repeat(43))],
    "open of a known id": [{ load: 1 }, () => sessions.open(id)],
    update: [{ load: 1, save: 1 }, () => sessions.update(id, (session) => session.set("views", 1))],
    "update without a change": [{ load: 1 }, () => sessions.update(id, () => {})],
    "update that takes messages": [
      { load: 1, save: 1 },
      () => sessions.update(id, async (session) => void (await session.takeFlash("info"))),
    ],
    "destroy by id": [{ load: 1, delete: 1 }, () => sessions.destroy(id)],
    "destroy of an unknown id": [{ load: 1, delete: 1 }, () => sessions.destroy("A".repeat(43))],
    "list of an owner": [{ list: 1 }, () => collect(sessions.list("me"))],
    sweep: [{ sweep: 1 }, () => sessions.sweep()],
    close: [{ close: 1 }, () => Promise.all([sessions.close(), sessions.close()])],
  };

  test.each(Object.entries(costs))("for %s", async (_, [cost, task]) => {
    await task();
    expect(store.counts()).toEqual(cost);
  });

  const onOne: Record<string, [cost: object, task: (session: Session) => Promise<unknown>]> = {
    takeFlash: [{ save: 1 }, (session) => session.takeFlash("info")],
    reload: [{ load: 1 }, (session) => session.reload()],
    regenerate: [{ save: 2 }, (session) => session.regenerate()],
    "destroy on an object": [{ load: 1, delete: 1 }, (session) => session.destroy()],
    "a second destroy": [
      { load: 1, delete: 1 },
      (session) => session.destroy().then(() => session.destroy()),
    ],
    revoke: [{ load: 1, delete: 1 }, ({ handle }) => sessions.revoke(handle)],
    "revoke with another owner": [
      { load: 1 },
      ({ handle }) => sessions.revoke(handle, { owner: "you" }),
    ],
  };

  test.each(Object.entries(onOne))("for %s", async (_, [cost, task]) => {
    const session = await loaded(sessions, id);
    store.counts();
    await task(session);
    expect(store.counts()).toEqual(cost);
  });

  test("one more save for an update that was refused", async () => {
    store.around = between("save", () => interfere());
    await sessions.update(id, (session) => session.set("views", 2));
    expect(store.counts()).toMatchObject({ save: 3 });
  });

  test("nothing for a sweep in a store without sweep()", async () => {
    expect(await new SessionManager({ store: bare(store) }).sweep()).toBe(0);
    expect(store.counts()).toEqual({});
  });
});

/** Saves the session with another object. */
async function interfere(): Promise<void> {
  const other = await loaded(sessions, id);
  other.set("alias", "another");
  await other.save();
}
