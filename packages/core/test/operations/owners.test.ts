import { beforeEach, describe, expect, test } from "@jest/globals";
import { SessionError, SessionManager } from "@sess/core";
import { bare, collect, expectCode, ReferenceStore } from "@sess/test-support";
import { loaded, saved, type World, world } from "../support/sessions.ts";
import { untypedCall } from "../support/untyped-call.ts";

let { store, sessions, elsewhere }: World = world();
beforeEach(() => {
  ({ store, sessions, elsewhere } = world());
});

const bad: [string, unknown][] = [
  ["empty", ""],
  ["text with NUL", "ad\0a"],
  ["an unpaired high surrogate", "ad\ud800a"],
  ["an unpaired low surrogate", "\udc00"],
  ["256 bytes", "a".repeat(256)],
  ["258 bytes in 86 characters", "€".repeat(86)],
  ["a number", 7],
  ["null", null],
  ["an object", { toString: () => "ada" }],
];
const good = ["a", "a".repeat(255), "€".repeat(85), "😀", "a/b:c!d%e", "__proto__", "ada\n", " "];

describe("an owner", () => {
  test.each(bad)("that is %s is refused, and the old one stays", async (_, owner) => {
    const session = await saved(sessions, {}, "ada");
    await expectCode(() => Object.assign(session, { owner }), "INVALID_OPTION");
    expect(session.owner).toBe("ada");
  });

  test.each(good)("may be %j", async (owner) => {
    const session = await saved(sessions, {}, owner);
    await saved(sessions, {}, "b");
    expect((await loaded(elsewhere, session.id)).owner).toBe(owner);
    expect(await collect(elsewhere.list(owner))).toMatchObject([{ owner, handle: session.handle }]);
    expect(await elsewhere.revokeAll(owner)).toBe(1);
  });

  test("can be removed", async () => {
    const session = await saved(sessions, { alias: "GoTamer" }, "ada");
    session.owner = undefined;
    await session.save();
    expect((await loaded(elsewhere, session.id)).owner).toBeUndefined();
    expect(store.records.get(session.handle)).not.toHaveProperty("owner");
    expect(await collect(sessions.list("ada"))).toEqual([]);
  });

  test("is enough for a new session to be stored", async () => {
    const session = await saved(sessions, {}, "ada");
    expect(session.isNew).toBe(false);
    expect(await collect(sessions.list("ada"))).toHaveLength(1);
  });
});

describe.each(bad.filter(([, owner]) => owner !== undefined))("an owner that is %s", (_, owner) => {
  const call = (method: string, ...args: unknown[]): Promise<unknown> =>
    Reflect.apply(Reflect.get(sessions, method), sessions, args);

  test("is refused by list(), revoke() and revokeAll() before the store sees it", async () => {
    const { handle } = await saved(sessions, {}, "ada");
    store.forget();
    await expectCode(() => call("list", owner), "INVALID_OPTION");
    await expectCode(() => call("revoke", handle, { owner }), "INVALID_OPTION");
    await expectCode(() => call("revokeAll", owner), "INVALID_OPTION");
    expect(store.calls).toEqual([]);
  });
});

describe("list()", () => {
  test("shows what a user needs to recognise and end a session, and no usable id", async () => {
    const session = await saved(sessions, { device: "phone", cart: ["tea"] }, "ada");
    const [summary] = await collect(sessions.list("ada"));
    expect(summary).toMatchObject({
      handle: session.handle,
      owner: "ada",
      createdAt: session.createdAt,
      expiresAt: session.expiresAt,
    });
    expect(summary?.get("device")).toBe("phone");
    expect(summary?.get("absent")).toBeUndefined();
    expect(await sessions.load(summary?.handle)).toBeUndefined();
  });

  test("returns copies of values", async () => {
    await saved(sessions, { cart: ["tea"] }, "ada");
    const [summary] = await collect(sessions.list("ada"));
    summary?.get("cart").push("milk");
    expect(summary?.get("cart")).toEqual(["tea"]);
  });

  test("shows the sessions of one owner, or all when none is given", async () => {
    const ada = [await saved(sessions, {}, "ada"), await saved(elsewhere, {}, "ada")];
    const others = [await saved(sessions, {}, "adam"), await saved(sessions)];
    const handles = async (owner?: string) =>
      (await collect(owner === undefined ? sessions.list() : sessions.list(owner)))
        .map(({ handle }) => handle)
        .sort();
    expect(await handles("ada")).toEqual(ada.map(({ handle }) => handle).sort());
    expect(await handles()).toEqual([...ada, ...others].map(({ handle }) => handle).sort());
    expect(await handles("nobody")).toEqual([]);
  });

  test("refuses an owner that is undefined: a visitor's list must not show everybody", async () => {
    await saved(sessions, {}, "ada");
    store.forget();
    const visitor = sessions.create();
    const error = await expectCode(
      () => untypedCall(sessions, "list", visitor.owner),
      "INVALID_OPTION",
    );
    expect(error.message).toContain("owner");
    expect(store.calls).toEqual([]);
  });

  test("passes over a damaged record and rejects after all others", async () => {
    const sound = [await saved(sessions), await saved(sessions), await saved(sessions)];
    const [, damaged] = sound;
    spoil(damaged?.handle);
    const shown: string[] = [];
    const reading = (async () => {
      for await (const { handle } of sessions.list()) shown.push(handle);
    })();
    await expectCode(reading, "RECORD_CORRUPT");
    expect(shown).toEqual([sound[0]?.handle, sound[2]?.handle]);
  });
});

describe("revoke()", () => {
  test("ends one session and says whether there was one", async () => {
    const session = await saved(sessions);
    const other = await saved(sessions);
    expect(await elsewhere.revoke(session.handle)).toBe(true);
    expect(await elsewhere.revoke(session.handle)).toBe(false);
    expect(await sessions.load(session.id)).toBeUndefined();
    expect(await sessions.load(other.id)).toBeDefined();
  });

  test("ends a session only if it belongs to the given owner", async () => {
    const session = await saved(sessions, {}, "ada");
    const nobodys = await saved(sessions);
    expect(await sessions.revoke(session.handle, { owner: "eve" })).toBe(false);
    expect(await sessions.revoke(nobodys.handle, { owner: "eve" })).toBe(false);
    expect(await sessions.load(session.id)).toBeDefined();
    expect(await sessions.revoke(session.handle, { owner: "ada" })).toBe(true);
    expect(await sessions.load(session.id)).toBeUndefined();
  });

  test("goes by the newest owner of a session that has got a new id and another owner", async () => {
    const session = await saved(sessions, {}, "ada");
    const { handle } = session;
    session.owner = "grace";
    await session.regenerate();
    expect(await sessions.revoke(handle, { owner: "ada" })).toBe(false);
    expect(await sessions.load(session.id)).toBeDefined();
    expect(await sessions.revoke(handle, { owner: "grace" })).toBe(true);
    expect(await sessions.load(session.id)).toBeUndefined();
  });

  test("ends a damaged session", async () => {
    const { handle } = await saved(sessions);
    spoil(handle);
    expect(await sessions.revoke(handle)).toBe(true);
    expect(store.records.size).toBe(0);
  });

  test("ends a session that the store cannot read, unless an owner is given", async () => {
    const { handle } = await saved(sessions, {}, "ada");
    const corrupt = new SessionError("RECORD_CORRUPT", "The record is damaged.");
    store.around = ({ method }, apply) => (method === "load" ? Promise.reject(corrupt) : apply());
    await expectCode(sessions.revoke(handle, { owner: "ada" }), "RECORD_CORRUPT");
    expect(store.records.size).toBe(1);
    expect(await sessions.revoke(handle)).toBe(true);
    expect(store.records.size).toBe(0);
    expect(await sessions.revoke(handle)).toBe(false);
  });

  test.each([
    ["an id", "a".repeat(43)],
    ["too short", `~${"a".repeat(42)}`],
    ["too long", `~${"a".repeat(44)}`],
    ["of another alphabet", `~${"a".repeat(42)}/`],
    ["with a line feed", `~${"a".repeat(43)}\n`],
    ["empty", ""],
    ["missing", undefined],
  ])("finds nothing for a handle that is %s and does not ask the store", async (_, handle) => {
    const revoke: unknown = Reflect.apply(sessions.revoke, sessions, [handle]);
    expect(await revoke).toBe(false);
    expect(store.calls).toEqual([]);
  });
});

describe("with a store without list()", () => {
  const plain = new SessionManager({ store: bare(new ReferenceStore()) });

  test("list() and revokeAll() reject", async () => {
    await saved(plain, {}, "ada");
    await expectCode(collect(plain.list()), "NOT_SUPPORTED");
    await expectCode(plain.revokeAll("ada"), "NOT_SUPPORTED");
  });

  test("revoke() works", async () => {
    const session = await saved(plain, {}, "ada");
    expect(await plain.revoke(session.handle, { owner: "ada" })).toBe(true);
  });
});

function spoil(handle = ""): void {
  const record = store.records.get(handle);
  if (record === undefined) throw new Error("nothing was saved");
  store.records.set(handle, { ...record, data: `?${record.data}` });
}
