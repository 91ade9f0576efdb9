import { beforeEach, describe, expect, test } from "@jest/globals";
import { SessionManager } from "@sess/core";
import { expectCode } from "../support/expect-code.ts";
import { loaded, saved, stored } from "../support/sessions.ts";
import { SpyStore } from "../support/spy.ts";

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
  test("refuses a value at once and keeps what was there", async () => {
    const one = await session();
    await expectCode(() => one.set("cart", [new Date()]), "VALUE_NOT_SERIALIZABLE");
    expect(one.get("cart")).toEqual([1]);
    await one.save();
    expect(store.counts()).toEqual({});
  });

  test("keeps the reference: what it holds when saved is saved", async () => {
    const one = await session();
    const cart = ["before"];
    one.set("cart", cart);
    expect(one.get("cart")).toBe(cart);
    cart.push("after");
    await one.save();
    expect(await stored(sessions, one.id)).toMatchObject({ cart: ["before", "after"] });
  });

  test("keeps the reference beyond the save", async () => {
    const one = await session();
    const cart = ["before"];
    one.set("cart", cart);
    await one.save();
    expect(one.get("cart")).toBe(cart);
    cart.push("after");
    await one.save();
    expect(await stored(sessions, one.id)).toMatchObject({ cart: ["before", "after"] });
  });

  test("checks again at save what was changed since, and then saves nothing", async () => {
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

  test("of the value that is there is a change too, so that the later save wins", async () => {
    const first = await session({ plan: "free" });
    const second = await loaded(sessions, first.id);
    second.set("plan", "paid");
    await second.save();
    first.set("plan", "free");
    await first.save();
    expect(await stored(sessions, first.id)).toEqual({ plan: "free" });
  });

  test("counts the newest of several values", async () => {
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
