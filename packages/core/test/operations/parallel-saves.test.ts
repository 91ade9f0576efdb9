import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { expectCode } from "@sess/test-support";
import { loaded, saved, stored, type World, world } from "../support/sessions.ts";
import { HOUR, pass, startTime, stopTime } from "../support/time.ts";

let { store, sessions, elsewhere }: World = world();
beforeEach(() => {
  ({ store, sessions, elsewhere } = world());
});

async function two(values: Record<string, unknown> = { alias: "GoTamer" }, owner?: string) {
  const { id } = await saved(sessions, values, owner);
  return { id, one: await loaded(sessions, id), other: await loaded(elsewhere, id) };
}

describe("when two requests save one session", () => {
  test("both win if they set different keys", async () => {
    const { id, one, other } = await two();
    one.set("theme", "dark");
    other.set("language", "de");
    await other.save();
    await one.save();
    const expected = { alias: "GoTamer", theme: "dark", language: "de" };
    expect(await stored(sessions, id)).toEqual(expected);
  });

  test("the later one wins if they set the same key", async () => {
    const { id, one, other } = await two();
    one.set("alias", "one");
    other.set("alias", "other");
    await one.save();
    await other.save();
    expect(await stored(sessions, id)).toEqual({ alias: "other" });
  });

  test("the later one wins if one deletes the key and the other sets it", async () => {
    const { id, one, other } = await two();
    one.set("alias", "one");
    other.delete("alias");
    await one.save();
    await other.save();
    expect(await stored(sessions, id)).toEqual({});
  });

  test("a change in place wins like a set", async () => {
    const { id, one, other } = await two({ cart: ["tea"] });
    one.get("cart").push("milk");
    other.set("cart", []);
    other.set("seen", true);
    await other.save();
    await one.save();
    expect(await stored(sessions, id)).toEqual({ cart: ["tea", "milk"], seen: true });
  });

  test("the one that is refused sees what the other saved", async () => {
    const { one, other } = await two();
    other.set("language", "de");
    await other.save();
    one.set("theme", "dark");
    await one.save();
    expect(one.get("language")).toBe("de");
  });

  test("the owner that one sets stays if the other does not change it", async () => {
    const { id, one, other } = await two();
    one.owner = "ada";
    await one.save();
    other.set("theme", "dark");
    await other.save();
    expect((await loaded(sessions, id)).owner).toBe("ada");
    expect(other.owner).toBe("ada");
  });

  test.each(["grace", undefined])("the later owner, %s, wins", async (owner) => {
    const { id, one, other } = await two({}, "nobody");
    one.owner = "ada";
    other.owner = owner;
    await one.save();
    await other.save();
    expect((await loaded(sessions, id)).owner).toBe(owner);
  });

  test("the messages of both are kept, in the order of their saves", async () => {
    const { id, one, other } = await two();
    one.flash("notice", "from one");
    other.flash("notice", "from the other");
    await other.save();
    await one.save();
    const messages = await (await loaded(sessions, id)).takeFlash("notice");
    expect(messages).toEqual(["from the other", "from one"]);
  });
});

test("64 requests that each set another key all win", async () => {
  const { id } = await saved(sessions);
  const keys = Array.from({ length: 64 }, (_, index) => `key ${index}`);
  await Promise.all(
    keys.map(async (key, index) => {
      const session = await loaded(index % 2 === 0 ? sessions : elsewhere, id);
      session.set(key, index);
      await session.save();
    }),
  );
  expect(Object.keys((await stored(sessions, id)) ?? {})).toEqual(
    expect.arrayContaining(["alias", ...keys]),
  );
});

describe("a session that has ended and whose handle holds another session's record", () => {
  beforeEach(stopTime);
  afterEach(startTime);

  test("neither takes from the other nor writes to it", async () => {
    const { id, one } = await two();
    const theirs = await saved(elsewhere, { alias: "another" });
    const record = store.records.get(theirs.handle);
    if (record === undefined) throw new Error("nothing was saved");
    await pass(HOUR);
    const createdAt = Date.now();
    store.records.set(one.handle, { ...record, createdAt, revision: 7 });
    one.set("theme", "dark");
    await expectCode(one.save(), "SESSION_DESTROYED");
    expect(await stored(sessions, id)).toEqual({ alias: "another" });
  });
});

test("a save that is refused three times gets through", async () => {
  const { id, one } = await two();
  one.set("theme", "dark");
  let attempt = 0;
  store.around = async (call, apply) => {
    if (call.method === "save" && ++attempt < 4) {
      const record = store.records.get(one.handle);
      if (record) store.records.set(one.handle, { ...record, revision: record.revision + 1 });
    }
    return apply();
  };
  await one.save();
  expect(attempt).toBe(4);
  store.forget();
  expect(await stored(sessions, id)).toEqual({ alias: "GoTamer", theme: "dark" });
});
