import { beforeEach, describe, expect, test } from "@jest/globals";
import { loaded, saved, stored, type World, world } from "../support/sessions.ts";

let { sessions, elsewhere }: World = world();
beforeEach(() => {
  ({ sessions, elsewhere } = world());
});

async function two(values: Record<string, unknown> = { alias: "GoTamer" }, owner?: string) {
  const { id } = await saved(sessions, values, owner);
  return { id, one: await loaded(sessions, id), other: await loaded(elsewhere, id) };
}

describe("clear()", () => {
  test("wins over values that another saves before it is saved", async () => {
    const { id, one, other } = await two();
    one.clear();
    one.set("fresh", true);
    other.set("late", true);
    await other.save();
    await one.save();
    expect(await stored(sessions, id)).toEqual({ fresh: true });
  });

  test("spares what another saves afterwards", async () => {
    const { id, one, other } = await two();
    one.clear();
    await one.save();
    other.set("late", true);
    await other.save();
    expect(await stored(sessions, id)).toEqual({ late: true });
  });

  test("is applied by one save: the next save of the object spares what others saved", async () => {
    const { id, one, other } = await two();
    one.clear();
    await one.save();
    other.set("late", true);
    await other.save();
    one.set("later", true);
    await one.save();
    expect(await stored(sessions, id)).toEqual({ late: true, later: true });
  });

  test("leaves the owner, and the messages of both", async () => {
    const { id, one, other } = await two({ alias: "GoTamer" }, "ada");
    one.flash("notice", "mine");
    one.clear();
    other.flash("notice", "theirs");
    await other.save();
    await one.save();
    const again = await loaded(sessions, id);
    expect(again.owner).toBe("ada");
    expect(await again.takeFlash("notice")).toEqual(["theirs", "mine"]);
  });
});

describe("a value that get() returned", () => {
  test("is not taken for a change when another has saved a newer one", async () => {
    const { id, one, other } = await two({ cart: ["tea"] });
    one.get("cart");
    other.set("cart", ["milk"]);
    await other.save();
    one.set("theme", "dark");
    await one.save();
    one.set("language", "de");
    await one.save();
    expect(await stored(sessions, id)).toMatchObject({ cart: ["milk"] });
    expect(one.get("cart")).toEqual(["milk"]);
  });

  test("is replaced by the newer one on reload()", async () => {
    const { one, other } = await two({ cart: ["tea"] });
    one.get("cart");
    other.get("cart").push("milk");
    await other.save();
    await one.reload();
    expect(one.get("cart")).toEqual(["tea", "milk"]);
  });

  test("stays the same object if its stored text has not changed", async () => {
    const { id, one, other } = await two({ cart: ["tea"] });
    const cart: unknown = one.get("cart");
    other.set("theme", "dark");
    await other.save();
    await one.reload();
    one.get("cart").push("milk");
    await one.save();
    expect(one.get("cart")).toBe(cart);
    expect(await stored(sessions, id)).toMatchObject({ cart: ["tea", "milk"] });
  });
});
