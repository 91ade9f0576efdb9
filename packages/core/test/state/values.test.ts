import { beforeEach, describe, expect, test } from "@jest/globals";
import type { Session, SessionManager } from "@sess/core";
import type { ReferenceStore } from "@sess/test-support";
import { loaded, saved, stored, world } from "../support/sessions.ts";

let store: ReferenceStore;
let sessions: SessionManager;
let session: Session;

beforeEach(async () => {
  ({ store, sessions } = world());
  const { id } = await saved(
    sessions,
    { alias: "GoTamer", nothing: null, no: false, zero: 0 },
    "me",
  );
  session = await loaded(sessions, id);
});

const now = () => stored(sessions, session.id);

test("get returns undefined for a missing key", () => {
  expect(session.get("other")).toBeUndefined();
});

test("has distinguishes a key that holds null, false or 0 from a missing one", () => {
  expect(["nothing", "no", "zero", "other"].map((key) => session.has(key))).toEqual([
    true,
    true,
    true,
    false,
  ]);
});

describe("delete", () => {
  test("returns whether there was a value", () => {
    expect(session.delete("alias")).toBe(true);
    expect(session.delete("alias")).toBe(false);
    expect(session.delete("other")).toBe(false);
  });

  test("applies to this object at once and to the store when it is saved", async () => {
    session.delete("alias");
    expect(session.get("alias")).toBeUndefined();
    expect(session.has("alias")).toBe(false);
    expect(session.keys()).not.toContain("alias");
    expect(await now()).toHaveProperty("alias");
    await session.save();
    expect(await now()).toEqual({ nothing: null, no: false, zero: 0 });
  });

  test("is no change if the key is missing", async () => {
    session.delete("other");
    session.pop("other");
    store.forget();
    await session.save();
    expect(store.calls).toEqual([]);
  });

  test("removes a value that was set and not saved", async () => {
    session.set("new", 1);
    expect(session.delete("new")).toBe(true);
    await session.save();
    expect(await now()).not.toHaveProperty("new");
  });
});

describe("pop", () => {
  test("returns the value and removes it", async () => {
    expect(session.pop("alias")).toBe("GoTamer");
    expect(session.pop("alias")).toBeUndefined();
    expect(session.has("alias")).toBe(false);
    await session.save();
    expect(await now()).not.toHaveProperty("alias");
  });

  test("removes it from this object only until it is saved", async () => {
    session.pop("alias");
    expect(await now()).toMatchObject({ alias: "GoTamer" });
  });

  test("returns a value that was set and not saved", () => {
    session.set("alias", "another");
    expect(session.pop("alias")).toBe("another");
  });
});

describe("keys", () => {
  test("are the stored ones with those set and without those deleted here", () => {
    session.set("new", 1);
    session.set("alias", "another");
    session.delete("no");
    expect(session.keys().sort()).toEqual(["alias", "new", "nothing", "zero"]);
  });

  test("do not include the kinds of messages or the owner", async () => {
    session.flash("info", "hello");
    await session.save();
    expect((await loaded(sessions, session.id)).keys()).not.toContain("info");
    expect(session.keys()).toHaveLength(4);
  });
});

describe("clear", () => {
  test("empties this object at once and the store when it is saved", async () => {
    session.clear();
    expect(session.keys()).toEqual([]);
    expect(session.get("alias")).toBeUndefined();
    expect(session.has("alias")).toBe(false);
    expect(session.delete("alias")).toBe(false);
    expect(await now()).toMatchObject({ alias: "GoTamer" });
    await session.save();
    expect(await now()).toEqual({});
  });

  test("leaves the messages and the owner", async () => {
    session.flash("info", "stored");
    await session.save();
    session.flash("info", "queued");
    session.clear();
    await session.save();
    const again = await loaded(sessions, session.id);
    expect(again.owner).toBe("me");
    expect(await again.takeFlash("info")).toEqual(["stored", "queued"]);
  });

  test("removes what was set before and keeps what is set afterwards", async () => {
    session.set("before", 1);
    session.clear();
    session.set("after", 2);
    expect(session.keys()).toEqual(["after"]);
    await session.save();
    expect(await now()).toEqual({ after: 2 });
    expect(session.get("after")).toBe(2);
  });

  test("is applied by one save: values of later saves join those of the first", async () => {
    session.clear();
    session.set("first", 1);
    await session.save();
    session.set("second", 2);
    await session.save();
    expect(session.keys().sort()).toEqual(["first", "second"]);
    expect(await now()).toEqual({ first: 1, second: 2 });
  });
});
