import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Session } from "@sess/core";
import { expectCode } from "@sess/test-support";
import fc from "fast-check";
import { loaded, saved, type World, world } from "../support/sessions.ts";
import { HOUR, pass, startTime, stopTime } from "../support/time.ts";

let { store, faults, sessions, elsewhere }: World = world();
beforeEach(() => {
  stopTime();
  ({ store, faults, sessions, elsewhere } = world());
});
afterEach(() => startTime());

function flagsOf({ isNew, isDestroyed, hasUnsavedChanges, needsSave }: Session) {
  return { isNew, isDestroyed, hasUnsavedChanges, needsSave };
}

const UNCHANGED = { isNew: false, isDestroyed: false, hasUnsavedChanges: false, needsSave: false };
const CHANGED = { ...UNCHANGED, hasUnsavedChanges: true, needsSave: true };

const changes: Readonly<Record<string, (session: Session) => void>> = {
  "set()": (session) => session.set("views", 2),
  "a change in place": (session) => session.get("cart").push("milk"),
  "delete()": (session) => void session.delete("views"),
  "pop()": (session) => session.pop("views"),
  "clear()": (session) => session.clear(),
  "flash()": (session) => session.flash("notice", "Saved."),
  "an owner": (session) => {
    session.owner = "ada";
  },
};

describe("a stored session", () => {
  let session: Session;
  beforeEach(async () => {
    const { id } = await saved(sessions, { views: 1, cart: [] });
    session = await loaded(sessions, id);
  });

  test("has no unsaved changes as it was loaded, nor when a value is only read", () => {
    session.get("cart");
    expect(flagsOf(session)).toEqual(UNCHANGED);
  });

  test.each(Object.entries(changes))(
    "has unsaved changes after %s, until it is saved",
    async (_, change) => {
      change(session);
      expect(flagsOf(session)).toEqual(CHANGED);
      await session.save();
      expect(flagsOf(session)).toEqual(UNCHANGED);
    },
  );

  test("has none when a value is changed in place and back", () => {
    session.get("cart").push("milk");
    session.get("cart").pop();
    expect(flagsOf(session)).toEqual(UNCHANGED);
  });

  test("has them while the outcome of a save is unknown", async () => {
    session.set("views", 2);
    faults.inject({ effect: "reject-after", method: "save" });
    await expectCode(session.save(), "STORE_UNAVAILABLE");
    expect(flagsOf(session)).toEqual(CHANGED);
    await session.save();
    expect(flagsOf(session)).toEqual(UNCHANGED);
  });

  test("has them when an object was changed that newer values have replaced: save() must say so", async () => {
    const cart = session.get("cart");
    await elsewhere.update(session.id, (each) => each.set("cart", ["tea"]));
    await session.reload();
    cart.push("coffee");
    expect(flagsOf(session)).toEqual(CHANGED);
    await expectCode(session.save(), "SESSION_CONFLICT");
    expect(flagsOf(session)).toEqual(UNCHANGED);
  });

  test("needs a save without a change when it is due to be extended", async () => {
    await pass(3 * HOUR);
    expect(flagsOf(session)).toEqual({ ...UNCHANGED, needsSave: true });
    await session.save();
    expect(flagsOf(session)).toEqual(UNCHANGED);
  });

  test("needs none after destroy(), and shows that it was destroyed here", async () => {
    session.set("views", 2);
    await session.destroy();
    expect(flagsOf(session)).toEqual({ ...UNCHANGED, isDestroyed: true });
  });

  test("is not shown as destroyed when it was ended elsewhere: only the store knows", async () => {
    await elsewhere.destroy(session.id);
    expect(session.isDestroyed).toBe(false);
  });

  test("keeps what is unsaved through reload(), and saves it by regenerate() and update()", async () => {
    session.set("views", 2);
    await session.reload();
    expect(flagsOf(session)).toEqual(CHANGED);
    await session.regenerate();
    expect(flagsOf(session)).toEqual(UNCHANGED);
    session.set("views", 3);
    await session.update(() => {});
    expect(flagsOf(session)).toEqual(UNCHANGED);
  });
});

describe("a new session", () => {
  test("needs no save while it holds nothing", () => {
    const session = sessions.create();
    expect(flagsOf(session)).toEqual({ ...UNCHANGED, isNew: true });
    session.set("views", 1);
    session.delete("views");
    expect(session.needsSave).toBe(false);
  });

  test("needs one once it holds something", () => {
    const session = sessions.create();
    session.set("views", 1);
    expect(flagsOf(session)).toEqual({ ...CHANGED, isNew: true });
  });
});

test("needsSave is true exactly when save() asks the store for something", async () => {
  const step = fc.constantFrom(
    ...Object.keys(changes),
    "get",
    "save",
    "regenerate",
    "wait",
    "undo",
  );
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.array(step, { maxLength: 6 }), async (isNew, steps) => {
      const session = isNew ? sessions.create() : await saved(sessions, { views: 1, cart: [] });
      if (isNew) session.set("cart", []);
      for (const each of steps) {
        if (each === "get") session.get("cart");
        else if (each === "save") await session.save();
        else if (each === "regenerate") await session.regenerate();
        else if (each === "wait") await pass(HOUR);
        else if (each === "undo") session.get("cart")?.splice(0);
        else if (each !== "a change in place" || session.has("cart")) changes[each]?.(session);
      }
      const { needsSave } = session;
      store.counts();
      await session.save();
      expect({ needsSave, asked: Object.keys(store.counts()).length > 0 }).toEqual({
        needsSave,
        asked: needsSave,
      });
    }),
    { numRuns: 300 },
  );
});
