import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { type Session, SessionError } from "@sess/core";
import { collect, expectCode } from "@sess/test-support";
import { between } from "../support/interference.ts";
import { loaded, saved, type World, world } from "../support/sessions.ts";
import { HOUR, pass, startTime, stopTime } from "../support/time.ts";

let { store, sessions, elsewhere }: World = world();
beforeEach(() => {
  stopTime();
  ({ store, sessions, elsewhere } = world());
});
afterEach(startTime);

/** The object of a request that is not done yet and has an unsaved change. */
async function late(): Promise<Session> {
  const { id } = await saved(sessions, { alias: "GoTamer" }, "ada");
  const session = await loaded(sessions, id);
  session.flash("notice", "hello");
  await session.save();
  session.set("late", true);
  return session;
}

describe("after destroy(), the object", () => {
  const changes: [string, (session: Session) => unknown][] = [
    ["set()", (session) => session.set("a", 1)],
    ["delete()", (session) => session.delete("alias")],
    ["clear()", (session) => session.clear()],
    ["pop()", (session) => session.pop("alias")],
    ["flash()", (session) => session.flash("notice", "hello")],
    ["owner =", (session) => Object.assign(session, { owner: "ada" })],
    ["save()", (session) => session.save()],
    ["reload()", (session) => session.reload()],
    ["regenerate()", (session) => session.regenerate()],
    ["takeFlash()", (session) => session.takeFlash("notice")],
  ];

  test.each(changes)("refuses %s", async (_, change) => {
    const session = await late();
    await session.destroy();
    store.forget();
    await expectCode(() => change(session), "SESSION_DESTROYED");
    expect(store.calls).toEqual([]);
    expect(store.records.size).toBe(0);
  });

  test("is empty, so that the rest of the request sees nothing of it", async () => {
    const session = await late();
    await session.destroy();
    expect(session.keys()).toEqual([]);
    expect([session.get("alias"), session.has("late"), session.owner]).toEqual([
      undefined,
      false,
      undefined,
    ]);
  });

  test("can be destroyed again without asking the store", async () => {
    const session = await late();
    await session.destroy();
    store.forget();
    await session.destroy();
    expect(store.calls).toEqual([]);
  });
});

describe("destroy()", () => {
  test("does not ask the store about a session that was never saved", async () => {
    const session = sessions.create();
    session.set("alias", "GoTamer");
    await session.destroy();
    expect(store.calls).toEqual([]);
    await expectCode(session.save(), "SESSION_DESTROYED");
  });

  test("leaves no record behind", async () => {
    const session = await late();
    await session.destroy();
    expect(store.records.size).toBe(0);
  });

  test("ends a session whose record the store cannot read", async () => {
    const { id } = await late();
    store.around = async ({ method }, apply) => {
      if (method === "load") throw new SessionError("RECORD_CORRUPT", "its checksum is wrong");
      return apply();
    };
    await elsewhere.destroy(id);
    expect(store.records.size).toBe(0);
  });

  test("also removes an expired record, so that setting the clock back does not revive it", async () => {
    const { id } = await late();
    const now = Date.now();
    jest.setSystemTime(now + 48 * HOUR);
    await elsewhere.destroy(id);
    jest.setSystemTime(now);
    expect(await sessions.load(id)).toBeUndefined();
  });

  test("ends a session that another saves at that moment", async () => {
    const session = await late();
    store.around = between("delete", async () => {
      store.forget();
      const other = await loaded(elsewhere, session.id);
      other.set("theirs", true);
      await other.save();
    });
    await session.destroy();
    expect(store.records.size).toBe(0);
  });

  test("ends a session that another regenerates at that moment", async () => {
    const session = await late();
    const other = await loaded(elsewhere, session.id);
    store.around = between("delete", async () => {
      store.forget();
      await other.regenerate();
    });
    const ended = session.destroy();
    await pass(100);
    await ended;
    expect(await sessions.load(other.id)).toBeUndefined();
    expect(await collect(sessions.list())).toEqual([]);
  });

  test.each<[string, (old: Session) => Promise<unknown>]>([
    ["of an object with the oldest id", (old) => old.destroy()],
    ["of the oldest id", (old) => elsewhere.destroy(old.id)],
    ["of the oldest handle", (old) => elsewhere.revoke(old.handle)],
  ])("%s ends a session that has got three new ids", async (_, end) => {
    const session = await late();
    const old = await loaded(elsewhere, session.id);
    for (let hop = 0; hop < 3; hop += 1) await session.regenerate();
    const ended = end(old);
    await pass(1_000);
    await ended;
    expect(await sessions.load(session.id)).toBeUndefined();
    expect(await collect(sessions.list())).toEqual([]);
  });

  test.each(["", "x", "../../etc/passwd", null, undefined])("ignores %p as an id", async (id) => {
    await sessions.destroy(id);
    expect(store.calls).toEqual([]);
  });
});
