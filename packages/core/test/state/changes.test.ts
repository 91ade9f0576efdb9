import { beforeEach, describe, expect, test } from "@jest/globals";
import { SessionManager } from "@sess/core";
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

describe("set", () => {
  test("refuses a value at once and keeps the old one", async () => {
    const one = await session();
    await expectCode(() => one.set("cart", [new Date()]), "VALUE_NOT_SERIALIZABLE");
    expect(one.get("cart")).toEqual([1]);
    await one.save();
    expect(store.counts()).toEqual({});
  });

  test("keeps the reference: the value is saved as it is by then", async () => {
    const one = await session();
    const cart = ["before"];
    one.set("cart", cart);
    expect(one.get("cart")).toBe(cart);
    cart.push("after");
    await one.save();
    expect(await stored(sessions, one.id)).toMatchObject({ cart: ["before", "after"] });
  });

  test("keeps the reference after the save, too", async () => {
    const one = await session();
    const cart = ["before"];
    one.set("cart", cart);
    await one.save();
    expect(one.get("cart")).toBe(cart);
    cart.push("after");
    await one.save();
    expect(await stored(sessions, one.id)).toMatchObject({ cart: ["before", "after"] });
  });

  test("has its value checked again at save if it changed, and a bad one prevents the save", async () => {
    const one = await session();
    const cart: unknown[] = [];
    one.set("cart", cart);
    one.set("n", 2);
    cart.push({ when: new Date() });
    const error = await expectCode(one.save(), "VALUE_NOT_SERIALIZABLE");
    expect(error.message).toContain("cart[0].when is a Date");
    expect(store.counts()).toEqual({});
    cart.pop();
    await one.save();
    expect(await stored(sessions, one.id)).toEqual({ cart: [], tags: { a: 1 }, n: 2 });
  });

  test("is a change even if the value is the same, so that the later save wins", async () => {
    const first = await session({ plan: "free" });
    const second = await loaded(sessions, first.id);
    second.set("plan", "paid");
    await second.save();
    first.set("plan", "free");
    await first.save();
    expect(await stored(sessions, first.id)).toEqual({ plan: "free" });
  });

  test("may be called repeatedly: the last value counts", async () => {
    const one = await session();
    one.set("n", 2);
    one.delete("n");
    one.set("n", 3);
    await one.save();
    expect(await stored(sessions, one.id)).toMatchObject({ n: 3 });
  });

  test("during a save belongs to the next one", async () => {
    const one = await session();
    one.set("n", 2);
    const saving = one.save();
    one.set("n", 3);
    one.set("new", true);
    await saving;
    expect(await stored(sessions, one.id)).toEqual({ cart: [1], tags: { a: 1 }, n: 2 });
    await one.save();
    expect(await stored(sessions, one.id)).toMatchObject({ n: 3, new: true });
  });
});
