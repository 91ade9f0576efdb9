import { beforeEach, describe, expect, test } from "@jest/globals";
import type { Session } from "@sess/core";
import { expectCode } from "@sess/test-support";
import { between, shuffled } from "../support/interference.ts";
import { loaded, saved, stored, type World, world } from "../support/sessions.ts";

let { store, faults, sessions, elsewhere }: World = world();
beforeEach(() => {
  ({ store, faults, sessions, elsewhere } = world());
});

async function withMessages(...messages: unknown[]): Promise<Session> {
  const session = await saved(sessions);
  for (const message of messages) session.flash("notice", message);
  await session.save();
  store.forget();
  return session;
}

async function read(id: string, kind = "notice"): Promise<unknown[]> {
  return (await loaded(elsewhere, id)).takeFlash(kind);
}

describe("a flash message", () => {
  test("lasts until it is read, through any number of accesses", async () => {
    const { id } = await withMessages({ text: "saved", at: [1, 2] });
    for (let access = 0; access < 5; access += 1) {
      const session = await loaded(sessions, id);
      session.set("access", access);
      await session.save();
    }
    expect(await read(id)).toEqual([{ text: "saved", at: [1, 2] }]);
  });

  test("is read once", async () => {
    const { id } = await withMessages("hello");
    const reader = await loaded(sessions, id);
    expect(await reader.takeFlash("notice")).toEqual(["hello"]);
    expect(await reader.takeFlash("notice")).toEqual([]);
    expect(await read(id)).toEqual([]);
  });

  test("is removed in the store before takeFlash() returns it, without a save()", async () => {
    const session = await withMessages("hello");
    await session.takeFlash("notice");
    expect(store.calls).toEqual(["save"]);
    expect(store.records.get(session.handle)?.data).not.toContain("hello");
  });

  test("comes with the others of its kind, oldest first and unsaved ones last", async () => {
    const session = await withMessages("one", "two");
    session.flash("notice", "three");
    session.flash("error", "another kind");
    expect(await session.takeFlash("notice")).toEqual(["one", "two", "three"]);
    await session.save();
    expect(await read(session.id)).toEqual([]);
    expect(await read(session.id, "error")).toEqual(["another kind"]);
  });

  test.each(["notice", "__proto__", "constructor", "a\tb\nc", "", "!", '"'])(
    "may be of any kind, such as %p",
    async (kind) => {
      const session = await saved(sessions);
      session.flash(kind, "hello");
      await session.save();
      expect(await read(session.id, `${kind}x`)).toEqual([]);
      expect(await read(session.id, kind)).toEqual(["hello"]);
    },
  );

  test("is independent of a value of the same name", async () => {
    const session = await withMessages("hello");
    session.set("notice", "value");
    await session.save();
    expect(await session.takeFlash("notice")).toEqual(["hello"]);
    expect(await stored(sessions, session.id)).toEqual({ alias: "GoTamer", notice: "value" });
  });

  test("survives regenerate() and clear()", async () => {
    const session = await withMessages("stored");
    session.clear();
    session.flash("notice", "unsaved");
    await session.regenerate();
    expect(await read(session.id)).toEqual(["stored", "unsaved"]);
  });

  test("survives a saved clear()", async () => {
    const session = await withMessages("stored");
    session.clear();
    await session.save();
    expect(await read(session.id)).toEqual(["stored"]);
  });
});

describe("among parallel readers", () => {
  test.each([1, 2, 3, 4])("each message goes to exactly one (seed %i)", async (seed) => {
    const { id } = await withMessages("one", "two", "three");
    const readers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => loaded(index % 2 ? sessions : elsewhere, id)),
    );
    store.around = shuffled(seed);
    const taken = await Promise.all(readers.map((reader) => reader.takeFlash("notice")));
    expect(taken.flat()).toEqual(["one", "two", "three"]);
  });

  test.each([1, 2, 3, 4])("no message that is queued meanwhile is lost (seed %i)", async (seed) => {
    const { id } = await withMessages();
    store.around = shuffled(seed);
    const wanted = Array.from({ length: 20 }, (_, index) => index);
    const taken = await Promise.all(
      wanted.map(async (index) => {
        const session = await loaded(index % 2 ? sessions : elsewhere, id);
        session.flash("notice", index);
        await session.save();
        return (await loaded(elsewhere, id)).takeFlash("notice");
      }),
    );
    const all = [...taken.flat(), ...(await read(id))].map(Number);
    expect(all.sort((a, b) => a - b)).toEqual(wanted);
  });

  test("the second one gets what was queued after the first", async () => {
    const session = await withMessages("first");
    store.around = between("save", async () => {
      store.forget();
      await read(session.id);
      const other = await loaded(elsewhere, session.id);
      other.flash("notice", "second");
      await other.save();
    });
    expect(await session.takeFlash("notice")).toEqual(["second"]);
  });
});

describe("takeFlash()", () => {
  test("leaves other unsaved changes unsaved", async () => {
    const session = await withMessages("hello");
    session.set("draft", true);
    session.owner = "ada";
    session.flash("error", "unsaved");
    session.delete("alias");
    await session.takeFlash("notice");
    expect(await stored(sessions, session.id)).toEqual({ alias: "GoTamer" });
    expect((await loaded(sessions, session.id)).owner).toBeUndefined();
    expect(await read(session.id, "error")).toEqual([]);
    await session.save();
    expect(await stored(sessions, session.id)).toEqual({ draft: true });
    expect(await read(session.id, "error")).toEqual(["unsaved"]);
  });

  test("does not ask the store when there is no message", async () => {
    const session = await withMessages("hello");
    expect(await session.takeFlash("error")).toEqual([]);
    expect(store.calls).toEqual([]);
  });

  test("does not ask the store for messages that were never saved", async () => {
    const session = await withMessages();
    session.flash("notice", "unsaved");
    expect(await session.takeFlash("notice")).toEqual(["unsaved"]);
    expect(store.calls).toEqual([]);
  });

  test("does not ask the store for a new session", async () => {
    const session = sessions.create();
    session.flash("notice", "hello");
    expect(await session.takeFlash("notice")).toEqual(["hello"]);
    expect(await session.takeFlash("notice")).toEqual([]);
    expect(store.calls).toEqual([]);
    expect(session.isNew).toBe(true);
  });

  test("keeps this object's unsaved messages when the store fails", async () => {
    const session = await withMessages("stored");
    session.flash("notice", "unsaved");
    faults.inject({ effect: "reject-before", method: "save" });
    await expectCode(session.takeFlash("notice"), "STORE_UNAVAILABLE");
    expect(await session.takeFlash("notice")).toEqual(["stored", "unsaved"]);
  });

  test("leaves a message that cannot be decoded, and the others with it", async () => {
    const { id, handle } = await withMessages("fine", "broken");
    const record = store.records.get(handle);
    if (record === undefined) throw new Error("nothing was saved");
    const damaged = { ...record, data: record.data.replace('"broken"', '"broken!') };
    store.records.set(handle, damaged);
    await expectCode(read(id), "RECORD_CORRUPT");
    expect(store.records.get(handle)).toEqual(damaged);
    store.records.set(handle, record);
    expect(await read(id)).toEqual(["fine", "broken"]);
  });

  test("rejects if the session has ended and had messages", async () => {
    const session = await withMessages("hello");
    await elsewhere.destroy(session.id);
    await expectCode(session.takeFlash("notice"), "SESSION_DESTROYED");
    expect(store.records.size).toBe(0);
  });
});
