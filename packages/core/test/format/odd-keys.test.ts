import { describe, expect, test } from "@jest/globals";
import { SessionManager } from "@sess/core";
import { SpyStore } from "@sess/test-support";
import { loaded, saved, stored } from "../support/sessions.ts";

/** Names with a meaning to objects, promises, sessions or the data format. */
const LOADED_NAMES = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "valueOf",
  "hasOwnProperty",
  "toJSON",
  "then",
  "get",
  "save",
  "destroy",
  "id",
  "",
  "0",
  "!",
  '!"info"',
  "\n",
  "\t",
  "\0",
  "\ud800",
  "🍪",
];

describe("a key with a meaning elsewhere", () => {
  const sessions = new SessionManager({ store: new SpyStore(), sweepInterval: 0 });

  test.each(LOADED_NAMES)("is an ordinary key: %j", async (name) => {
    const session = sessions.create();
    expect(session.get(name)).toBeUndefined();
    expect(session.has(name)).toBe(false);
    expect(session.delete(name)).toBe(false);
    session.set(name, { polluted: true });
    await session.save();
    const again = await loaded(sessions, session.id);
    expect(again.get(name)).toEqual({ polluted: true });
    expect(again.keys()).toEqual([name]);
    expect(Reflect.get({}, "polluted")).toBeUndefined();
    expect(again.pop(name)).toEqual({ polluted: true });
    await again.save();
    expect(await stored(sessions, session.id)).toEqual({});
  });

  test("is an ordinary property of a value: __proto__ changes no prototype", async () => {
    const hostile: unknown = JSON.parse(
      '{"__proto__":{"polluted":true},"constructor":1,"toString":2}',
    );
    const { id } = await saved(sessions, { hostile });
    const again = (await loaded(sessions, id)).get("hostile");
    expect(Object.getOwnPropertyNames(again)).toEqual(["__proto__", "constructor", "toString"]);
    expect(Object.getPrototypeOf(again)).toBe(Object.prototype);
    expect(again.polluted).toBeUndefined();
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });

  test("leaves the methods of the session alone, and the session can be awaited", async () => {
    const values = Object.fromEntries(LOADED_NAMES.map((name) => [name, "nope"]));
    const { id } = await saved(sessions, values);
    const session = await loaded(sessions, id);
    expect(await Promise.resolve(session)).toBe(session);
    expect(session.id).toBe(id);
    session.set("views", 1);
    await session.save();
    await session.destroy();
    expect(await sessions.load(id)).toBeUndefined();
  });
});

test("after a save, get() returns the value as it is stored", async () => {
  const sessions = new SessionManager({ store: new SpyStore() });
  const session = sessions.create();
  session.set("zero", -0);
  expect(session.get("zero")).toBe(-0);
  await session.save();
  expect(session.get("zero")).toBe(0);
});
