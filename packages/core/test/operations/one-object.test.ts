import { beforeEach, describe, expect, test } from "@jest/globals";
import type { Session } from "@sess/core";
import { expectCode } from "@sess/test-support";
import { INJECTED_ERROR } from "../support/faults.ts";
import { between } from "../support/interference.ts";
import { loaded, saved, stored, type World, world } from "../support/sessions.ts";

let { store, faults, sessions }: World = world();
beforeEach(() => {
  ({ store, faults, sessions } = world());
});

/** From now on counts the store's calls under way. Returns a function for the most at once. */
function watch(): () => number {
  let inside = 0;
  let most = 0;
  store.around = async (_, apply) => {
    inside += 1;
    most = Math.max(most, inside);
    await new Promise((go) => setImmediate(go));
    const result = await apply();
    inside -= 1;
    return result;
  };
  return () => most;
}

/** Saves, and runs `task` just before the record reaches the store. */
async function during(session: Session, task: () => void): Promise<void> {
  store.around = between("save", task);
  await session.save();
  store.forget();
}

describe("calls on one session object", () => {
  test("run one after another", async () => {
    const session = await saved(sessions);
    const most = watch();
    session.flash("notice", "one");
    session.set("a", 1);
    const first = session.save();
    session.set("b", 2);
    const [, , , messages] = await Promise.all([
      first,
      session.save(),
      session.reload(),
      session.takeFlash("notice"),
      session.regenerate(),
    ]);
    expect(messages).toEqual(["one"]);
    expect(most()).toBe(1);
    expect(await stored(sessions, session.id)).toEqual({ alias: "GoTamer", a: 1, b: 2 });
  });

  test("go on after one that fails", async () => {
    const session = await saved(sessions);
    session.set("a", 1);
    faults.inject({ effect: "reject-before", method: "save" });
    const failed = session.save();
    const next = session.save();
    expect((await expectCode(failed, "STORE_UNAVAILABLE")).cause).toEqual(INJECTED_ERROR);
    await next;
    expect(await stored(sessions, session.id)).toEqual({ alias: "GoTamer", a: 1 });
  });

  test("reject after a destroy()", async () => {
    const session = await saved(sessions);
    session.set("a", 1);
    const outcomes = [session.save(), session.destroy(), session.save()];
    await outcomes[0];
    await outcomes[1];
    await expectCode(Promise.all(outcomes), "SESSION_DESTROYED");
    expect(store.records.size).toBe(0);
  });
});

describe("a change while a save is under way is not lost:", () => {
  const changes: [string, (session: Session) => void, Record<string, unknown>][] = [
    ["another key", (session) => session.set("late", 1), { alias: "new", cart: ["tea"], late: 1 }],
    ["the same key", (session) => session.set("alias", "late"), { alias: "late", cart: ["tea"] }],
    ["the same key, deleted", (session) => session.delete("alias"), { cart: ["tea"] }],
    [
      "the value, in place",
      (session) => session.get("cart").push("x"),
      { alias: "new", cart: ["tea", "x"] },
    ],
    ["all keys, cleared", (session) => session.clear(), {}],
  ];

  test.each(changes)("%s", async (_, change, expected) => {
    const session = await saved(sessions);
    session.set("alias", "new");
    session.set("cart", ["tea"]);
    await during(session, () => change(session));
    await session.save();
    expect(await stored(sessions, session.id)).toEqual(expected);
    const again = await loaded(sessions, session.id);
    expect(session.keys().sort()).toEqual(again.keys().sort());
  });

  test("a second clear()", async () => {
    const session = await saved(sessions);
    session.clear();
    session.set("a", 1);
    await during(session, () => session.clear());
    await session.save();
    expect(await stored(sessions, session.id)).toEqual({});
  });

  test("the owner", async () => {
    const session = await saved(sessions);
    session.owner = "ada";
    await during(session, () => {
      session.owner = "grace";
    });
    await session.save();
    expect((await loaded(sessions, session.id)).owner).toBe("grace");
  });

  test("the owner, removed", async () => {
    const session = await saved(sessions);
    session.owner = "ada";
    await during(session, () => {
      session.owner = undefined;
    });
    await session.save();
    expect((await loaded(sessions, session.id)).owner).toBeUndefined();
  });

  test("a message, and no message is saved twice", async () => {
    const session = await saved(sessions);
    session.flash("notice", "early");
    await during(session, () => session.flash("notice", "late"));
    await session.save();
    const again = await loaded(sessions, session.id);
    expect(await again.takeFlash("notice")).toEqual(["early", "late"]);
  });

  test("also when that save is refused", async () => {
    const session = await saved(sessions);
    const other = await loaded(sessions, session.id);
    session.set("alias", "new");
    other.set("theme", "dark");
    await other.save();
    await during(session, () => session.set("late", 1));
    await session.save();
    const expected = { alias: "new", theme: "dark", late: 1 };
    expect(await stored(sessions, session.id)).toEqual(expected);
  });
});
