import { beforeEach, describe, expect, test } from "@jest/globals";
import type { Session, SessionManager } from "@sess/core";
import type { ReferenceStore } from "@sess/test-support";
import { world } from "../support/sessions.ts";

let store: ReferenceStore;
let sessions: SessionManager;

beforeEach(() => {
  ({ store, sessions } = world());
});

describe("a new session that holds nothing is not stored", () => {
  const nothing: Record<string, (session: Session) => void> = {
    "as it was created": () => {},
    "when its value has been deleted": (session) => {
      session.set("alias", "GoTamer");
      session.delete("alias");
    },
    "when its value has been popped": (session) => {
      session.set("alias", "GoTamer");
      session.pop("alias");
    },
    "when it has been cleared": (session) => {
      session.set("alias", "GoTamer");
      session.clear();
    },
    "when its owner has been removed": (session) => {
      session.owner = "me";
      session.owner = undefined;
    },
  };

  test.each(Object.entries(nothing))("%s", async (_, change) => {
    const session = sessions.create();
    change(session);
    await session.save();
    await session.save();
    expect(session.isNew).toBe(true);
    expect(store.calls).toEqual([]);
  });

  test("when its only message has been taken", async () => {
    const session = sessions.create();
    session.flash("info", "hello");
    expect(await session.takeFlash("info")).toEqual(["hello"]);
    await session.save();
    expect(store.calls).toEqual([]);
  });
});

describe("a new session is stored if it holds", () => {
  const something: Record<string, (session: Session) => void> = {
    "a value": (session) => session.set("alias", "GoTamer"),
    "a value that is null": (session) => session.set("alias", null),
    "a message": (session) => session.flash("info", "hello"),
    "an owner": (session) => {
      session.owner = "me";
    },
  };

  test.each(Object.entries(something))("%s", async (_, change) => {
    const session = sessions.create();
    change(session);
    expect(session.isNew).toBe(true);
    await session.save();
    expect(session.isNew).toBe(false);
    expect(store.calls).toEqual(["save"]);
    expect(store.records.get(session.handle)?.revision).toBe(1);
    expect(await sessions.load(session.id)).toBeDefined();
  });
});

test("a stored session stays stored when it is emptied", async () => {
  const session = sessions.create();
  session.set("alias", "GoTamer");
  await session.save();
  session.clear();
  await session.save();
  const again = await sessions.load(session.id);
  expect(again?.keys()).toEqual([]);
});
