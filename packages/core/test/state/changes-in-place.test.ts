import { beforeEach, describe, expect, test } from "@jest/globals";
import { type Session, SessionManager } from "@sess/core";
import { expectCode, SpyStore } from "@sess/test-support";
import { loaded, saved, stored } from "../support/sessions.ts";

let store: SpyStore;
let sessions: SessionManager;

beforeEach(() => {
  store = new SpyStore();
  sessions = new SessionManager({ store });
});

/** A stored session that this object has loaded. */
async function session(values: Record<string, unknown> = { cart: [1], tags: { a: 1 }, n: 1 }) {
  const { id } = await saved(sessions, values);
  const found = await loaded(sessions, id);
  store.counts();
  return found;
}

describe("a value changed in place", () => {
  test("is noticed when the session is saved", async () => {
    const one = await session();
    one.get("cart").push(2);
    one.get("tags").b = { deep: [] };
    one.get("tags").b.deep.push("deeper");
    await one.save();
    expect(store.counts()).toEqual({ save: 1 });
    expect(await stored(sessions, one.id)).toEqual({
      cart: [1, 2],
      tags: { a: 1, b: { deep: ["deeper"] } },
      n: 1,
    });
  });

  test("is noticed each time, without another get()", async () => {
    const one = await session();
    const cart = one.get("cart");
    for (const item of [2, 3, 4]) {
      cart.push(item);
      await one.save();
    }
    expect(await stored(sessions, one.id)).toMatchObject({ cart: [1, 2, 3, 4] });
  });

  test("is one and the same object at each get()", async () => {
    const one = await session();
    expect(one.get("cart")).toBe(one.get("cart"));
    expect(one.get("cart")).not.toBe((await loaded(sessions, one.id)).get("cart"));
  });

  test("is no change if it was changed back", async () => {
    const one = await session();
    one.get("cart").push(2);
    one.get("cart").pop();
    await one.save();
    expect(store.counts()).toEqual({});
  });

  test("prevents the save if it can no longer be stored", async () => {
    const one = await session();
    one.get("cart").push({ when: new Date() });
    one.set("n", 2);
    const error = await expectCode(one.save(), "VALUE_NOT_SERIALIZABLE");
    expect(error.message).toContain("cart[1].when is a Date");
    expect(store.counts()).toEqual({});
  });

  test("gives way to a value that is set afterwards", async () => {
    const one = await session();
    one.get("cart").push(2);
    one.set("cart", "replaced");
    await one.save();
    expect(await stored(sessions, one.id)).toMatchObject({ cart: "replaced" });
  });

  test("is not saved if its key was deleted, popped or cleared", async () => {
    const one = await session();
    const [cart, tags] = [one.get("cart"), one.get("tags")];
    one.delete("cart");
    expect(one.pop("tags")).toBe(tags);
    cart.push(2);
    tags.b = 2;
    await one.save();
    expect(await stored(sessions, one.id)).toEqual({ n: 1 });
  });

  test("wins over what another has saved for its key, as the later save", async () => {
    const one = await session();
    const other = await loaded(sessions, one.id);
    one.get("cart").push("mine");
    other.set("cart", "theirs");
    await other.save();
    await one.reload();
    expect(one.get("cart")).toEqual([1, "mine"]);
    await one.save();
    expect(await stored(sessions, one.id)).toMatchObject({ cart: [1, "mine"] });
  });

  test("survives a reload(), next to the changes of others", async () => {
    const one = await session();
    const other = await loaded(sessions, one.id);
    one.get("cart").push(2);
    other.set("n", 2);
    await other.save();
    await one.reload();
    expect(one.get("cart")).toEqual([1, 2]);
    await one.save();
    expect(await stored(sessions, one.id)).toEqual({ cart: [1, 2], tags: { a: 1 }, n: 2 });
  });
});

describe("a value that get() returned and that another has replaced", () => {
  const refreshes: Record<string, (one: Session) => Promise<void>> = {
    "after a reload": (one) => one.reload(),
    "after a save that was refused at first": (one) => {
      one.set("n", 2);
      return one.save();
    },
  };

  test.each(Object.entries(refreshes))(
    "is refused, not lost, if it changes %s",
    async (_, refresh) => {
      const one = await session();
      const stale = one.get("cart");
      const other = await loaded(sessions, one.id);
      other.get("cart").push("newer");
      await other.save();
      await refresh(one);
      expect(one.get("cart")).toEqual([1, "newer"]);
      expect(one.get("cart")).not.toBe(stale);
      stale.push("late");
      const before = new Map(store.records);
      const error = await expectCode(one.save(), "SESSION_CONFLICT");
      expect(error.message).toContain("cart");
      expect(store.records).toEqual(before);
      await one.save();
      expect(await stored(sessions, one.id)).toMatchObject({ cart: [1, "newer"] });
    },
  );

  test("is refused, not lost, if it changes after another has deleted it", async () => {
    const one = await session();
    const stale = one.get("cart");
    const other = await loaded(sessions, one.id);
    other.delete("cart");
    await other.save();
    await one.reload();
    expect(one.get("cart")).toBeUndefined();
    stale.push("late");
    await expectCode(one.save(), "SESSION_CONFLICT");
    await one.save();
    expect(await stored(sessions, one.id)).toEqual({ tags: { a: 1 }, n: 1 });
  });

  test("stays the same object if nobody has changed it", async () => {
    const one = await session();
    const cart = one.get("cart");
    await one.reload();
    expect(one.get("cart")).toBe(cart);
  });
});
