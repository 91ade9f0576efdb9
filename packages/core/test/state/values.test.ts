import { beforeEach, describe, expect, test } from "@jest/globals";
import type { Session, SessionManager } from "@sess/core";
import type { ReferenceStore } from "../support/reference-store.ts";
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

test("get is undefined for a key that is not there", () => {
  expect(session.get("other")).toBeUndefined();
});

test("has tells a key that holds null, false or 0 from one that is not there", () => {
  expect(["nothing", "no", "zero", "other"].map((key) => session.has(key))).toEqual([
    true,
    true,
    true,
    false,
  ]);
});

describe("delete", () => {
  test("tells whether there was a value, once", () => {
    expect(session.delete("alias")).toBe(true);
    expect(session.delete("alias")).toBe(false);
    expect(session.delete("other")).toBe(false);
  });

  test("holds in this object at once, in the store when saved", async () => {
    session.delete("alias");
    expect(session.get("alias")).toBeUndefined();
    expect(session.has("alias")).toBe(false);
    expect(session.keys()).not.toContain("alias");
    expect(await now()).toHaveProperty("alias");
    await session.save();
    expect(await now()).toEqual({ nothing: null, no: false, zero: 0 });
  });

  test("of what is not there is no change", async () => {
    session.delete("other");
    session.pop("other");
    store.forget();
    await session.save();
    expect(store.calls).toEqual([]);
  });

  test("takes back a value that was set and not saved", async () => {
    session.set("new", 1);
    expect(session.delete("new")).toBe(true);
    await session.save();
    expect(await now()).not.toHaveProperty("new");
  });
});

describe("pop", () => {
  test("returns the value and removes it, once", async () => {
    expect(session.pop("alias")).toBe("GoTamer");
    expect(session.pop("alias")).toBeUndefined();
    expect(session.has("alias")).toBe(false);
    await session.save();
    expect(await now()).not.toHaveProperty("alias");
  });

  test("removes it from this object only, until saved", async () => {
    session.pop("alias");
    expect(await now()).toMatchObject({ alias: "GoTamer" });
  });

  test("returns what was set and not saved", () => {
    session.set("alias", "another");
    expect(session.pop("alias")).toBe("another");
  });
});

describe("keys", () => {
  test("are the stored ones, with those set and without those deleted here", () => {
    session.set("new", 1);
    session.set("alias", "another");
    session.delete("no");
    expect(session.keys().sort()).toEqual(["alias", "new", "nothing", "zero"]);
  });

  test("of flash messages and the owner are none", async () => {
    session.flash("info", "hello");
    await session.save();
    expect((await loaded(sessions, session.id)).keys()).not.toContain("info");
    expect(session.keys()).toHaveLength(4);
  });
});

describe("clear", () => {
  test("empties this object at once, the store when saved", async () => {
    session.clear();
    expect(session.keys()).toEqual([]);
    expect(session.get("alias")).toBeUndefined();
    expect(session.has("alias")).toBe(false);
    expect(session.delete("alias")).toBe(false);
    expect(await now()).toMatchObject({ alias: "GoTamer" });
    await session.save();
    expect(await now()).toEqual({});
  });

  test("leaves messages and the owner", async () => {
    session.flash("info", "stored");
    await session.save();
    session.flash("info", "queued");
    session.clear();
    await session.save();
    const again = await loaded(sessions, session.id);
    expect(again.owner).toBe("me");
    expect(await again.takeFlash("info")).toEqual(["stored", "queued"]);
  });

  test("drops what was set before it and keeps what is set after it", async () => {
    session.set("before", 1);
    session.clear();
    session.set("after", 2);
    expect(session.keys()).toEqual(["after"]);
    await session.save();
    expect(await now()).toEqual({ after: 2 });
    expect(session.get("after")).toBe(2);
  });

  test("is over when it was saved: later values come beside the saved ones", async () => {
    session.clear();
    session.set("first", 1);
    await session.save();
    session.set("second", 2);
    await session.save();
    expect(session.keys().sort()).toEqual(["first", "second"]);
    expect(await now()).toEqual({ first: 1, second: 2 });
  });
});
