import { beforeEach, describe, expect, test } from "@jest/globals";
import type { Session } from "@sess/core";
import { expectCode } from "@sess/test-support";
import { between } from "../support/interference.ts";
import { saved, stored, type World, world } from "../support/sessions.ts";

let { store, sessions, elsewhere }: World = world();
beforeEach(() => {
  ({ store, sessions, elsewhere } = world());
});

/** A session object and its cart as it was handed out, before another request changed the cart. */
async function scene(): Promise<{ session: Session; cart: string[] }> {
  const session = await saved(sessions, { cart: ["tea"] });
  session.flash("notice", "hello");
  await session.save();
  const cart: string[] = session.get("cart");
  await elsewhere.update(session.id, (other) => other.get("cart").push("milk"));
  return { session, cart };
}

const REFRESHES: readonly [string, (session: Session) => Promise<unknown>][] = [
  ["takeFlash()", (session) => session.takeFlash("notice")],
  [
    "a save() that was overtaken",
    (session) => {
      session.set("mine", true);
      return session.save();
    },
  ],
  ["reload()", (session) => session.reload()],
];

const SAVES: readonly [string, (session: Session) => Promise<unknown>][] = [
  ["save()", (session) => session.save()],
  ["regenerate()", (session) => session.regenerate()],
  ["update()", (session) => session.update((inner) => inner.set("x", 1))],
];

const CASES = REFRESHES.flatMap(([refreshName, refresh]) =>
  SAVES.map(([saveName, save]) => [saveName, refreshName, save, refresh] as const),
);

describe("an object that was handed out, and then replaced by a newer stored value,", () => {
  test.each(CASES)(
    "and is changed, makes %s after %s reject once, and write nothing",
    async (_, __, save, refresh) => {
      const { session, cart } = await scene();
      await refresh(session);
      cart.push("coffee");
      expect(session.hasUnsavedChanges).toBe(true);
      const before = new Map(store.records);
      const error = await expectCode(save(session), "SESSION_CONFLICT");
      expect(error.message).toContain("under cart was changed");
      expect(store.records).toEqual(before);
      await save(session);
      expect((await stored(elsewhere, session.id))?.["cart"]).toEqual(["tea", "milk"]);
    },
  );

  test.each([
    ["set", (session: Session) => session.set("cart", [])],
    ["deleted", (session: Session) => session.delete("cart")],
    ["cleared", (session: Session) => session.clear()],
  ] as const)("no longer matters once its key is %s", async (_, change) => {
    const { session, cart } = await scene();
    await session.reload();
    cart.push("coffee");
    change(session);
    await session.save();
    expect((await stored(elsewhere, session.id))?.["cart"] ?? []).toEqual([]);
  });

  test("and is not changed, stands in nobody's way", async () => {
    const { session } = await scene();
    await session.reload();
    session.get("cart").push("coffee");
    await session.save();
    expect(await stored(elsewhere, session.id)).toEqual({ cart: ["tea", "milk", "coffee"] });
  });

  test("is told from one that is changed before it is replaced: that is saved", async () => {
    const { session, cart } = await scene();
    cart.push("coffee");
    await session.reload();
    await session.save();
    expect(await stored(elsewhere, session.id)).toEqual({ cart: ["tea", "coffee"] });
  });

  test("is watched also if the stored value goes", async () => {
    const session = await saved(sessions, { cart: ["tea"] });
    const cart: string[] = session.get("cart");
    await elsewhere.update(session.id, (other) => void other.delete("cart"));
    await session.reload();
    cart.push("coffee");
    await expectCode(session.save(), "SESSION_CONFLICT");
  });

  test("while a save is under way, too", async () => {
    const { session, cart } = await scene();
    session.set("mine", true);
    store.around = between("load", () => store.forget());
    const save = session.save();
    await save;
    cart.push("coffee");
    await expectCode(session.save(), "SESSION_CONFLICT");
  });
});
